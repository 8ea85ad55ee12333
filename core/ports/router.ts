/**
 * The protocol between ports: what each event does to the port it is for.
 *
 * Order is kept by the hop. Each arrow of the ring, from one port to the next, is a numbered stream of
 * forward events that ends with exactly one terminator: Switch, Skip or Closed. An event that is not
 * next in its stream, or comes from a port that is not `prev`, is parked until it is.
 *
 * Each early return says what kind of event it turns away: *hostile* (no honest peer can cause it:
 * drop the link), *stale* (an honest race can) or *benign* (expected).
 *
 * @module
 */
import type { NameSource } from "../names.ts";
import { Encoder } from "../wire/encoder.ts";
import {
  BYPASS_NEXT,
  BYPASS_PROBING,
  CLOSED_LOST,
  DESCRIPTOR_BYTES,
  EventType,
  FORWARD_HEAD_BYTES,
  FROM,
  GRANT_TOTAL,
  MESSAGE_OVERHEAD_BYTES,
  NEED_CARRIES,
  NEED_TOTAL,
  NOBODY_READS,
  readSeq,
  SWITCH_FIRST,
  SWITCH_PREV,
  TO,
} from "../wire/event.ts";
import type { Arrival } from "./arrival.ts";
import { cut, isBorder } from "./border.ts";
import { contain } from "./containment.ts";
import { lend, noteNeed } from "./credit.ts";
import { Fusion } from "./fusion.ts";
import { Intake } from "./intake.ts";
import type { Neighbor } from "./link.ts";
import { flagsOf, Loopback } from "./loopback.ts";
import type { MessageQueue } from "./message_queue.ts";
import type { Neighbors } from "./neighbors.ts";
import { Outflow } from "./outflow.ts";
import { ParkedEvents } from "./parked_events.ts";
import { type EndReason, type Port, PortState } from "./port.ts";
import { PortTable } from "./port_table.ts";
import {
  sendBypass,
  sendClosed,
  sendGrant,
  sendHello,
  sendProbe,
  sendSkip,
  sendSwitch,
} from "./send.ts";

/** What handling a frame found: the rule a neighbor broke, or `null`. */
export type Violation = string | null;

/** The ports of a node, and what happens to them. */
export class Router {
  /** The ports. */
  readonly ports: PortTable = new PortTable();
  /** Told of a neighbor that broke a rule when it is not the one whose event is being handled. */
  blame: (neighbor: Neighbor, rule: string) => void = () => {};
  /** Events turned away as stale, for tests and statistics. */
  staleEvents = 0;
  /** Events between ports here. */
  readonly loopback: Loopback;
  /** How endpoints come with messages. */
  readonly intake: Intake;
  /** How messages leave. */
  readonly outflow: Outflow;
  /** How routes become one. */
  readonly fusion: Fusion;
  readonly #neighbors: Neighbors;
  readonly #dying: Port[] = [];
  readonly #severed: Port[] = [];
  #draining = false;

  /** Makes a router without ports. */
  constructor(names: NameSource, neighbors: Neighbors) {
    this.#neighbors = neighbors;
    const link = neighbors.self.link!, nowhere = new Encoder(link.output.maxFrameBytes);
    this.loopback = new Loopback(link);
    this.intake = new Intake(this.ports, names, neighbors, nowhere);
    this.outflow = new Outflow(this.ports, this.loopback, {
      cease: (port) => this.#cease(port),
      drop: (ports) => this.drop(ports),
      cut: (port, to) => cut(port, to, this.intake.add(), neighbors.self, this.outflow),
    });
    this.fusion = new Fusion(neighbors.self, this.outflow, {
      cease: (port) => this.#cease(port),
      becomeProxy: (port) => this.#becomeProxy(port),
      ask: (port) => this.#ask(port),
    });
    // A getter among the arguments of a local message may have closed something, and then the message
    // came to nothing.
    link.output.onCancel = () => this.settle();
  }

  /** Drops open ports, with what is unread in them, at any depth. Follow with {@linkcode settle}. */
  drop(ports: readonly Port[]): void {
    this.#dying.push(...ports);
  }

  /** Ends both hops of an open port, as if the other end was closed; what is unread is dropped. */
  sever(port: Port): void {
    this.#severed.push(port);
  }

  /** Forgets a port; what it holds is dropped. */
  #cease(port: Port): void {
    if (port.state === PortState.Gone) return;
    const { queue, prevNode } = port;
    if (prevNode !== null && port.wanted > port.lent) {
      sendGrant(port.name, prevNode, port.prevPort!, NOBODY_READS);
    }
    port.endNext();
    port.state = PortState.Gone;
    port.sent();
    port.endPrev();
    this.ports.remove(port);
    if (port.source !== null) port.source.pipes--;
    if (port.border !== null) port.border.borders--;
    if (queue !== null) {
      for (let entry = queue.shift(); entry !== null; entry = queue.shift()) {
        this.#dying.push(...entry.ports);
      }
    }
    this.#dropParked(port);
  }

  #dropParked(port: Port): void {
    const parked = port.parked;
    if (parked === null) return;
    port.parked = null;
    for (const event of parked.takeAll()) this.#turnAway(event);
  }

  /** Discards an event that will never be taken: who waits for credit is told that nobody reads. */
  #turnAway(event: Arrival): void {
    if (event.type === EventType.Need) {
      sendGrant(event.name(TO), event.neighbor, event.name(FROM), NOBODY_READS);
    }
    this.#discard(event);
  }

  /** Closes what is waiting to be closed, and handles events between ports of this node. */
  settle(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      this.#drain();
    } finally {
      this.#draining = false;
    }
  }

  #drain(): void {
    for (;;) {
      const severed = this.#severed.pop();
      if (severed !== undefined) {
        this.#endBoth(severed);
        continue;
      }
      const port = this.#dying.pop();
      if (port !== undefined) {
        if (port.state === PortState.Open) {
          this.outflow.retire(port, port.unsent, "closed");
        }
        continue;
      }
      if (this.loopback.busy) return;
      const event = this.loopback.take();
      if (event === null) return;
      const rule = this.handle(event);
      if (rule !== null) throw new Error(`This node broke its own rule: ${rule}`);
    }
  }

  #endBoth(severed: Port): void {
    const { queue } = severed;
    if (severed.state !== PortState.Open) return; // Benign: its holder was done with it sooner.
    for (let entry = queue?.shift(); entry; entry = queue?.shift()) {
      this.#dying.push(...entry.ports);
    }
    if (severed.prevNode !== null) this.#inHopEnded(severed, "closed");
  }

  /** A node is lost: every route over it is. What arrived stays readable. */
  lose(lost: Neighbor): void {
    const reason = lost.lostReason;
    for (const port of this.ports.all()) {
      if (port.state === PortState.Gone) continue;
      for (const event of port.parked?.takeFrom(lost) ?? []) this.#discard(event);
      if (port.state === PortState.Moving && port.to === lost) {
        if (port.tail === null) sendClosed(port, "lost");
        else this.outflow.end(port.tail, "lost");
        this.#cease(port);
        continue;
      }
      if (port.nextNode === lost) {
        if (port.state === PortState.Proxy || port.state === PortState.Draining) {
          this.#cease(port);
          continue;
        }
        port.endNext();
        this.outflow.flush(port);
        port.sink?.rerouted();
      }
      if (port.prevNode === lost || port.via === lost) {
        port.detail = reason;
        this.#inHopEnded(port, "lost");
      }
    }
    this.settle();
  }

  /** Handles an event whose layout is right. Follow with {@linkcode settle}. */
  handle(event: Arrival): Violation {
    const port = this.ports.find(event.view, event.start + TO);
    if (event.type === EventType.Accepted) return this.#accepted(port, event);
    if (event.type === EventType.Bypass) return this.#bypass(port, event);
    if (event.type === EventType.Grant) return this.#granted(event);
    if (port === null || port.prevNode === null) {
      // Stale: our end and the neighbor's event crossed. Guessing a name looks the same from here,
      // which is why names have 128 random bits and this answer tells nothing.
      this.#turnAway(event);
      return null;
    }
    const seq = event.seq;
    if (
      port.prevNode !== event.neighbor || !event.isFrom(port.prevPort!) ||
      seq > port.inSeq
    ) {
      return this.#park(port, event);
    }
    if (seq < port.inSeq) {
      // Stale, never hostile: a third node can name a wrong first number.
      this.#turnAway(event);
      return null;
    }
    let rule = this.#next(port, event);
    while (rule === null && port.parked !== null && port.prevNode !== null) {
      const parked = port.parked.take(port.prevNode, port.prevPort!, port.inSeq);
      // Looking for what is parked would cost each message that comes after.
      if (port.parked.isEmpty) port.parked = null;
      if (parked === null) break;
      rule = this.#next(port, parked);
      if (rule !== null) this.drop(parked.ports);
      if (rule !== null && parked.neighbor !== event.neighbor) {
        // Hostile is who sent what was parked, not who made its turn come.
        this.blame(parked.neighbor, rule);
        return null;
      }
    }
    return rule;
  }

  /** Keeps an event whose turn has not come. */
  #park(port: Port, event: Arrival): Violation {
    const { neighbor } = event, parked = port.parked ??= new ParkedEvents();
    // Hostile: the names and numbers of an honest port are its own and never repeat.
    if (parked.hasNumber(event)) return "number-repeated";
    const from = event.name(FROM),
      isPrev = neighbor === port.prevNode &&
        from.equals(port.prevPort!);
    const payer = neighbor.self ? this.ports.get(from)?.guide ?? null : neighbor.link;
    const rule = this.intake.excess(event);
    if (rule !== null) return rule; // Hostile.
    const copy = parked.add(event, payer);
    if (copy === null) this.#turnAway(event); // Stale.
    else if (event.count > 0) {
      if (!neighbor.self) this.intake.admit(copy);
      // What is parked holds its endpoints like what is queued.
      if (contain(port, copy.ports)) this.#dying.push(...copy.ports);
    }
    // Nobody will read what came over a route that is lost: endpoints must not wait for it here, should
    // this port never be told to listen there.
    const isLost = event.type === EventType.Closed && event.flags === CLOSED_LOST;
    if (copy === null || (isLost && !isPrev)) {
      for (const each of parked.breakHop(neighbor, from)) this.#turnAway(each);
      if (copy === null && isPrev) this.#inHopEnded(port, "lost");
    }
    return null;
  }

  /** Handles the forward event whose turn it is. */
  #next(port: Port, event: Arrival): Violation {
    port.inSeq++;
    port.confirmed = true;
    port.via = null;
    switch (event.type) {
      case EventType.Message:
        return this.#message(port, event);
      case EventType.Hello:
        this.#ask(port);
        return null;
      case EventType.Probe:
        this.fusion.probe(port, event);
        return null;
      case EventType.Need:
        noteNeed(
          port,
          readSeq(event.view, event.start + NEED_TOTAL),
          event.flags === NEED_CARRIES,
        );
        lend(port);
        if (port.state === PortState.Proxy) this.outflow.flush(port);
        this.#ask(port);
        return null;
      case EventType.Switch:
        this.#setPrev(port, event);
        return null;
      case EventType.Skip:
        // Hostile. A proxy on the border never asks.
        if (port.state !== PortState.Proxy || isBorder(port)) return "skip-not-asked";
        this.#skipped(port);
        return null;
      default: // Closed
        this.#inHopEnded(port, event.flags === CLOSED_LOST ? "lost" : "closed");
        return null;
    }
  }

  #message(port: Port, event: Arrival): Violation {
    const { neighbor, bytes, view, start, end, count } = event, { self } = neighbor;
    const from = start + FORWARD_HEAD_BYTES, link = self ? event.source : neighbor.link;
    let to = end;
    if (!self) {
      to -= count * DESCRIPTOR_BYTES;
      const cost = to - from + MESSAGE_OVERHEAD_BYTES;
      if (cost > port.room) return "credit-overdrawn"; // Hostile.
      port.room -= cost;
      link!.lent -= cost;
      link!.freed();
      if (link!.overflowsWith(cost)) {
        // Stale: an honest neighbor can be told to open hop after hop.
        this.#discard(event);
        this.#inHopEnded(port, "lost");
        return null;
      }
      if (count > 0 && !event.admitted) {
        const rule = this.intake.excess(event);
        if (rule !== null) return rule; // Hostile.
        this.intake.admit(event);
      }
    }
    const { ports } = event;
    const flags = flagsOf(event);
    if (port.state === PortState.Open) {
      const sink = port.sink;
      if (sink !== null && !self && !port.readable) {
        if (sink.deliver(bytes, view, from, to, ports, flags)) {
          if (port.room <= port.window / 2) lend(port);
          return null;
        }
      }
      const joined = port.streams === null ? 0 : port.joined("in", link);
      port.messages.push(bytes, from, to, ports, flags, link, false, joined);
      if (ports.length > 0 && contain(port, ports)) this.#dying.push(...ports);
      sink?.queued();
    } else if (port.state === PortState.Moving) {
      port.messages.push(bytes, from, to, ports, flags, link);
    } else {
      this.outflow.pass(port, bytes, from, to, ports, flags, link);
      this.#ask(port);
    }
    for (const attached of ports) lend(attached);
    if (!self && port.room <= port.window / 2) lend(port);
    return null;
  }

  /** The port before a proxy sends past it: the port behind is to listen to that one. */
  #skipped(port: Port): void {
    // A proxy has both its hops: without one it has ceased.
    const node = port.prevNode!.name, name = port.prevPort!;
    port.endPrev();
    this.outflow.retire(port, waitingIn(port), { node, port: name, first: port.inSeq });
  }

  /** A proxy asks the port before it to send past it, once for each such port. */
  #ask(port: Port): void {
    if (port.state !== PortState.Proxy || !port.confirmed || port.asked) return;
    if (isBorder(port)) return void this.#bypass(port, port.declined);
    port.asked = true;
    sendBypass(port);
  }

  #setPrev(port: Port, event: Arrival): void {
    const prev = this.#neighbors.resolve(
      event.view,
      event.start + SWITCH_PREV,
      event.neighbor,
    );
    port.setPrev(prev, event.name(SWITCH_PREV + 16));
    port.inSeq = readSeq(event.view, event.start + SWITCH_FIRST);
    port.confirmed = false;
    port.via = event.neighbor.self ? null : event.neighbor;
    port.asked = false;
    if (prev.link === null || port.parked?.isBroken(prev, port.prevPort!)) {
      port.detail = prev.lostReason;
      this.#inHopEnded(port, "lost");
      return;
    }
    if (
      prev.self && this.ports.get(port.prevPort!) === null &&
      !port.parked?.has(prev, port.prevPort!) && !this.loopback.holds(port.prevPort!)
    ) {
      // It was refused here, or has never been: nothing will come of it.
      this.#inHopEnded(port, "closed");
      return;
    }
    for (const event of port.parked?.takeBelow(prev, port.prevPort!, port.inSeq) ?? []) {
      this.#turnAway(event); // Stale.
    }
  }

  /** Nothing more arrives: the other end was closed, or the route is lost. */
  #inHopEnded(port: Port, reason: EndReason): void {
    port.endPrev();
    port.reason = reason;
    this.#dropParked(port);
    if (port.state === PortState.Open) {
      sendClosed(port, reason);
      // What is unsent has no reader.
      this.outflow.flush(port);
      port.sink?.ended();
    } else if (port.state === PortState.Proxy) {
      this.outflow.retire(port, waitingIn(port), reason);
    }
    // A moving port passes the end on behind its queue, once the destination has answered.
  }

  #accepted(port: Port | null, event: Arrival): Violation {
    if (port === null) return null; // Stale: the port is gone.
    if (port.state !== PortState.Moving) return "accepted-not-moving"; // Hostile.
    const neighbor = event.neighbor;
    if (port.to !== neighbor) return "accepted-not-sent-there"; // Hostile.
    const name = event.name(FROM);
    const { tail } = port;
    // The number is used up also when there is nobody to tell.
    if (tail === null) sendSwitch(port, neighbor.name, name, 0);
    else this.outflow.end(tail, { node: neighbor.name, port: name, first: 0 });
    port.setNext(neighbor, name);
    this.#becomeProxy(port);
    neighbor.link!.moving();
    return null;
  }

  #granted(event: Arrival): Violation {
    const { neighbor, view, start } = event, total = readSeq(view, start + GRANT_TOTAL);
    // Stale where there is none: it has been told to send elsewhere.
    for (const port of this.ports.sending(view, start + TO, neighbor)) {
      if (event.isFrom(port.nextPort!)) this.outflow.granted(port, total);
    }
    neighbor.link!.moving();
    return null;
  }

  /** From here on the port passes on what comes, what waits in it first. */
  #becomeProxy(port: Port): void {
    const { probes } = port;
    port.state = PortState.Proxy;
    this.outflow.flush(port);
    if ((port.state as number) === PortState.Gone) return;
    if (port.prevNode === null) {
      this.outflow.retire(port, waitingIn(port), port.reason);
      return;
    }
    port.probes = null;
    for (const origin of probes ?? []) sendProbe(port, origin);
    this.#ask(port);
  }

  #bypass(port: Port | null, event: Arrival | null): Violation {
    // Stale: the port is gone, or has already been told to send elsewhere.
    if (port === null || port.nextNode !== event?.neighbor) return null;
    if (!event.isFrom(port.nextPort!)) return null;
    if (port.state !== PortState.Open && !isBorder(port)) {
      // Benign: two adjacent proxies would skip each other. The asker asks again, whoever follows us,
      // unless it turns out that we stay.
      if (port.state === PortState.Proxy) port.declined = event.copy();
      return null;
    }
    const node = this.#neighbors.resolve(
      event.view,
      event.start + BYPASS_NEXT,
      event.neighbor,
    );
    port.declined = null;
    sendSkip(port);
    port.guide = event.neighbor.link;
    port.setNext(node, event.name(BYPASS_NEXT + 16));
    port.sink?.rerouted();
    // As when its next is lost.
    if (node.link === null && port.state === PortState.Proxy) this.#cease(port);
    sendHello(port);
    this.outflow.flush(port);
    // Whoever is skipped gets no answer to its probe.
    if (port.state === PortState.Proxy && event.flags === BYPASS_PROBING) {
      port.probing = true;
      sendProbe(port, port.name);
    }
    this.#ask(port);
    return null;
  }

  /** Turns an event away. Endpoints attached to it are refused, as if accepted and closed at once. */
  #discard(event: Arrival): void {
    this.staleEvents++;
    this.#dying.push(...event.ports);
    if (event.type === EventType.Message) this.intake.refuse(event);
  }
}

/** What waits in a proxy. */
function waitingIn(port: Port): MessageQueue | null {
  return port.readable ? port.queue : null;
}
