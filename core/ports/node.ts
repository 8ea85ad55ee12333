/**
 * The ports of one process or worker, and the protocol between ports.
 *
 * Everything happens within a call: an event goes in, and what it causes is in the output of links and
 * in the sinks of ports when the call returns. Nothing here waits, and nothing here knows of sockets.
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
import { LimitError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { Name, type NameSource } from "../names.ts";
import { Encoder } from "../wire/encoder.ts";
import {
  BYPASS_NEXT,
  checkEvent,
  CLOSED_LOST,
  DESCRIPTOR_BYTES,
  DESCRIPTOR_FIRST,
  DESCRIPTOR_HAS_NEXT,
  DESCRIPTOR_NEXT,
  EventType,
  FORWARD_HEAD_BYTES,
  FROM,
  readSeq,
  SWITCH_FIRST,
  SWITCH_PREV,
  TO,
} from "../wire/event.ts";
import { padded } from "../wire/frame.ts";
import {
  checkNodeFrame,
  isNodeFrame,
  NODE,
  NODE_FRAME_BYTES,
  NodeFrameType,
} from "../wire/node_frame.ts";
import { Arrival } from "./arrival.ts";
import { Broker } from "./broker.ts";
import { contain, refusal } from "./containment.ts";
import { forward } from "./forward.ts";
import type { Link, Neighbor } from "./link.ts";
import { Membership } from "./membership.ts";
import { Neighbors } from "./neighbors.ts";
import { ParkedEvents } from "./parked_events.ts";
import { type EndReason, NO_PORTS, Port, PortState } from "./port.ts";
import { PortTable } from "./port_table.ts";
import {
  finishMessage,
  sendAccepted,
  sendBypass,
  sendClosed,
  sendHello,
  sendSkip,
  sendStillborn,
  sendSwitch,
  writeDescriptor,
} from "./send.ts";

/** What a node's `accept` found: the rule a neighbor broke, or `null`. */
export type Violation = string | null;

/** The ports of one process or worker. */
export class Node {
  /** This node as others know it. */
  readonly self: Neighbor;
  /** The ports here. */
  readonly ports: PortTable = new PortTable();
  /** What it has to do with those that it brought into the network. */
  readonly broker: Broker;
  /** What it has to do with the one that brought it in. */
  readonly membership: Membership;
  /** Events turned away as stale, for tests and statistics. */
  staleEvents = 0;
  readonly #names: NameSource;
  readonly #neighbors: Neighbors;
  readonly #loopback: Link;
  /** Where messages go whose route has ended: encoded, so that arguments are checked, then dropped. */
  readonly #nowhere: Encoder;
  /** Endpoints attached to messages in the loopback link, in order. */
  readonly #inTransit: Port[][] = [];
  readonly #local: Arrival;
  readonly #dying: Port[] = [];
  #draining = false;

  /** Makes a node without links. `limits` are those of messages that stay here. */
  constructor(names: NameSource, limits: Limits) {
    this.#names = names;
    this.#neighbors = new Neighbors(names.next(), limits);
    this.broker = new Broker(this.#neighbors, names);
    this.membership = new Membership(this.#neighbors, this);
    this.self = this.#neighbors.self;
    this.#loopback = this.self.link!;
    this.#local = new Arrival(this.self);
    this.#nowhere = new Encoder(limits.maxFrameBytes);
    // A getter among the arguments of a local message may have closed something, and then the message
    // came to nothing.
    this.#loopback.output.onCancel = () => this.#settle();
  }

  // ------------------------------------------------------------------ links

  /** Adds a link to the node `name`; see {@linkcode Neighbors.add}. */
  connect(...args: Parameters<Neighbors["add"]>): Link | null {
    const link = this.#neighbors.add(...args);
    if (link?.role === "broker") this.membership.join(link);
    return link;
  }

  /** All links there are. */
  links(): Link[] {
    return this.#neighbors.links();
  }

  /** The link has ended: every route over it is lost. What arrived stays readable. */
  disconnect(link: Link, reason: string): void {
    const lost = link.neighbor;
    if (lost.link !== link) return; // Benign: told twice.
    link.ended();
    lost.lostReason = reason;
    for (const port of this.ports.all()) {
      if (port.state === PortState.Gone) continue;
      for (const event of port.parked?.takeFrom(lost) ?? []) this.#discard(event);
      if (port.state === PortState.Moving && port.to === lost) {
        sendClosed(port, "lost");
        this.#cease(port);
        continue;
      }
      if (port.nextNode === lost) {
        if (port.state === PortState.Proxy) {
          this.#cease(port);
          continue;
        }
        port.endNext();
      }
      if (port.prevNode === lost || port.via === lost) {
        port.detail = reason;
        this.#inHopEnded(port, "lost");
      }
    }
    this.#settle();
    this.broker.lost(link);
    for (const other of this.membership.lost(link)) {
      this.disconnect(other, "whoever connected the two has ended");
    }
  }

  /** Whether messages wait here for the neighbor to accept the endpoint they are queued in. */
  holdsBack(link: Link): boolean {
    return this.ports.all().some((port) => port.to === link.neighbor && port.readable);
  }

  // ------------------------------------------------------------------ ends

  /** Makes a pipe with both ends here. */
  createPipe(): [Port, Port] {
    const one = this.#add(), two = this.#add();
    for (const [port, peer] of [[one, two], [two, one]] as const) {
      port.setNext(this.self, peer.name);
      port.prevNode = this.self;
      port.prevPort = peer.name;
    }
    return [one, two];
  }

  /** Closes an open port. What is unread in it is dropped, with everything attached, at any depth. */
  close(port: Port): void {
    if (port.state !== PortState.Open) return; // Benign: it is gone already.
    this.#dying.push(port);
    this.#settle();
  }

  #add(): Port {
    const port = new Port(this.#names.next(), this.#nowhere);
    this.ports.add(port);
    return port;
  }

  /** Forgets a port; what it holds is dropped. */
  #cease(port: Port): void {
    if (port.state === PortState.Gone) return;
    port.state = PortState.Gone;
    port.endNext();
    this.ports.remove(port);
    if (port.source !== null) port.source.pipes--;
    const queue = port.queue;
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
    for (const event of parked.takeAll()) this.#discard(event);
  }

  /** Closes what is waiting to be closed, and handles events between ports of this node. */
  #settle(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      this.#drain();
    } finally {
      this.#draining = false;
    }
  }

  #drain(): void {
    const { output } = this.#loopback;
    let at = 0;
    for (;;) {
      const port = this.#dying.pop();
      if (port !== undefined) {
        if (port.state === PortState.Open) {
          sendClosed(port, "closed");
          this.#cease(port);
        }
        continue;
      }
      if (output.open) return;
      if (at === output.at) {
        if (this.#loopback.appendSide()) continue;
        break;
      }
      // The buffer may be replaced while the event is handled; the frame stays where it was.
      const { bytes, view } = output;
      const length = view.getUint32(at, true);
      const ports = view.getUint16(at + 6, true) > 0
        ? this.#inTransit.shift()!
        : NO_PORTS;
      const rule = this.#handle(this.#local.set(bytes, view, at, at + length, ports));
      if (rule !== null) throw new Error(`This node broke its own rule: ${rule}`);
      at += padded(length);
    }
    output.rewind();
  }

  // ------------------------------------------------------------------ sending

  /** Opens a message of wire 1 on `port`. Encode into what this returns, then commit or cancel it. */
  beginMessage(port: Port, method: number, flags: number): Encoder {
    const out = port.out;
    out.beginMessage(FORWARD_HEAD_BYTES, method, flags);
    return out;
  }

  /** Opens a message of plain bytes on `port`. */
  beginBytes(port: Port): Encoder {
    const out = port.out;
    out.begin(FORWARD_HEAD_BYTES);
    return out;
  }

  /** Why `port` cannot be attached to a message on `carrier`; see {@linkcode refusal}. */
  refusal(carrier: Port, port: Port): string | null {
    return refusal(this.self, carrier, port);
  }

  /**
   * Completes the message open in `out` and sends it on `port`, with the ports among its handles, which
   * are gone from their holder afterwards. Returns false when the route has ended: then the message is
   * dropped and what is attached to it closed. `reply` charges it to what the neighbor made us write.
   */
  commit(port: Port, out: Encoder, reply: boolean): boolean {
    const ports = out.handles as Port[];
    if (port.state !== PortState.Open || port.out !== out || port.nextNode === null) {
      // The route has ended, or a getter among the arguments closed the port or sent it away.
      for (const attached of ports) {
        attached.sink?.queued();
        attached.holder = attached.sink = null;
        this.#dying.push(attached);
      }
      out.cancel(null);
      this.#settle();
      return false;
    }
    const neighbor = port.nextNode, link = neighbor.link!;
    const way = neighbor.self ? this.ports.wayOut(port) ?? link : link;
    const descriptors = way.neighbor.self ? 0 : ports.length * DESCRIPTOR_BYTES;
    const size = out.at - out.start + descriptors, { maxFrameBytes } = way.output;
    if (size > maxFrameBytes) {
      throw out.cancel(new LimitError("maxFrameBytes", maxFrameBytes, size));
    }
    if (ports.length > way.maxPipesPerMessage) {
      const max = way.maxPipesPerMessage;
      throw out.cancel(new LimitError("maxPipesPerMessage", max, ports.length));
    }
    if (ports.length > 0) {
      for (const attached of ports) attached.sink?.queued(); // Whoever waits for messages learns of it.
      if (neighbor.self) this.#inTransit.push(ports.slice());
    }
    finishMessage(port, link, out, ports, 0);
    // What stays here never waits to be written.
    if (reply && !neighbor.self) link.unsentReplyBytes += size;
    if (neighbor.self) this.#settle();
    return true;
  }

  /** Moves held ports over a link outside of any message: how an invitation hands its pipes over. */
  handOver(port: Port, link: Link, out: Encoder): void {
    writeDescriptor(port, link.neighbor, out);
  }

  /** Makes the port that a descriptor announces. The caller checks how many there are. */
  takeOver(link: Link, view: DataView, at: number): Port {
    const port = this.#receive(link, view, at);
    this.#settle();
    return port;
  }

  #receive(link: Link, view: DataView, at: number): Port {
    const port = this.#add();
    const neighbor = link.neighbor;
    port.source = port.guide = link;
    link.pipes++;
    port.prevNode = neighbor;
    port.prevPort = Name.read(view, at);
    port.inSeq = readSeq(view, at + DESCRIPTOR_FIRST);
    if (view.getUint32(at + DESCRIPTOR_HAS_NEXT, true) === 1) {
      const next = this.#neighbors.resolve(view, at + DESCRIPTOR_NEXT, neighbor);
      if (next.link === null) port.detail = next.lostReason;
      port.setNext(next, Name.read(view, at + DESCRIPTOR_NEXT + 16));
    }
    sendAccepted(port.name, neighbor, port.prevPort);
    link.noteAnswerOver(port.nextNode?.link);
    sendHello(port);
    return port;
  }

  // ------------------------------------------------------------------ receiving

  /**
   * Handles the frame from `start` to `end` that came over `link`. Returns the rule it breaks: then the
   * link is to be dropped. Borrows the bytes for the call.
   */
  accept(
    link: Link,
    bytes: Uint8Array<ArrayBuffer>,
    view: DataView<ArrayBuffer>,
    start: number,
    end: number,
  ): Violation {
    if (link.neighbor.link !== link) return null; // Stale: it was dropped within this turn.
    const event = link.arrival.set(bytes, view, start, end, NO_PORTS);
    const rule = isNodeFrame(event.type)
      ? checkNodeFrame(view, start, end, link.role) ?? this.#aboutNode(event)
      : checkEvent(view, start, end) ?? this.#handle(event);
    this.#settle();
    return rule ?? link.excess; // Hostile.
  }

  #aboutNode(event: Arrival): Violation {
    if (event.neighbor.link!.role === "member") return this.broker.accept(event);
    if (event.type !== NodeFrameType.Relayed) return this.membership.accept(event);
    const link = this.membership.relayedFrom(event.name(NODE));
    if (link === null) return null; // Stale: the two have been parted.
    const { bytes, view, end } = event, start = event.start + NODE_FRAME_BYTES;
    const rule = checkEvent(view, start, end) ??
      this.#handle(link.arrival.set(bytes, view, start, end, NO_PORTS));
    this.#settle();
    const broken = rule ?? link.excess;
    // Hostile is the node it came from, not the broker.
    if (broken !== null) this.membership.expel(link, broken);
    return null;
  }

  #handle(event: Arrival): Violation {
    const port = this.ports.find(event.view, event.start + TO);
    if (event.type === EventType.Accepted) return this.#accepted(port, event);
    if (event.type === EventType.Bypass) return this.#bypass(port, event);
    if (port === null || port.prevNode === null) {
      // Stale: our end and the neighbor's event crossed. Guessing a name looks the same from here,
      // which is why names have 128 random bits and this answer has none.
      this.#discard(event);
      return null;
    }
    const seq = event.seq;
    if (
      port.prevNode !== event.neighbor || !event.isFrom(port.prevPort!) ||
      seq > port.inSeq
    ) {
      const parked = port.parked ??= new ParkedEvents();
      if (parked.isFullFor(event)) {
        this.#discard(event); // Stale.
        return null;
      }
      const payer = event.neighbor.self
        ? this.ports.get(event.name(FROM))?.guide ?? null
        : event.neighbor.link;
      // Hostile: the names and numbers of an honest port are its own and never repeat.
      return parked.add(event, payer) ? null : "number-repeated";
    }
    if (seq < port.inSeq) {
      // Stale, never hostile: a third node can name a wrong first number.
      this.#discard(event);
      return null;
    }
    let rule = this.#next(port, event);
    while (rule === null && port.parked !== null && port.prevNode !== null) {
      const parked = port.parked.take(port.prevNode, port.prevPort!, port.inSeq);
      // Looking for what is parked would cost each message that comes after.
      if (port.parked.isEmpty) port.parked = null;
      if (parked === null) break;
      rule = this.#next(port, parked);
    }
    return rule;
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
      case EventType.Switch:
        this.#setPrev(port, event);
        return null;
      case EventType.Skip:
        if (port.state !== PortState.Proxy) return "skip-not-asked"; // Hostile.
        // A proxy has both its hops: without one it has ceased.
        sendSwitch(port, port.prevNode!.name, port.prevPort!, port.inSeq);
        this.#cease(port);
        return null;
      default: // Closed
        this.#inHopEnded(port, event.flags === CLOSED_LOST ? "lost" : "closed");
        return null;
    }
  }

  #message(port: Port, event: Arrival): Violation {
    const { neighbor, bytes, view, start, end, count } = event;
    const from = start + FORWARD_HEAD_BYTES;
    let to = end, ports = event.ports;
    if (count > 0 && !neighbor.self) {
      const link = neighbor.link!, limits = link.limits;
      if (count > limits.maxPipesPerMessage) return "too-many-pipes-in-message"; // Hostile.
      if (link.pipes + count > limits.maxPipes) return "too-many-pipes"; // Hostile.
      to -= count * DESCRIPTOR_BYTES;
      ports = [];
      for (let at = to; at < end; at += DESCRIPTOR_BYTES) {
        ports.push(this.#receive(link, view, at));
      }
    }
    const link = neighbor.self ? null : neighbor.link;
    if (port.state === PortState.Open) {
      const sink = port.sink;
      if (sink !== null && link !== null && !port.readable) {
        if (sink.deliver(bytes, view, from, to, ports)) return null;
      }
      port.messages.push(bytes, from, to, ports, event.flags, link);
      if (ports.length > 0 && contain(port, ports)) this.#dying.push(...ports);
      sink?.queued();
    } else if (port.state === PortState.Moving) {
      port.messages.push(bytes, from, to, ports, event.flags, link);
    } else {
      this.#passOn(port, bytes, from, to, ports, event.flags, link);
      this.#ask(port);
    }
    return null;
  }

  /** Sends a message that a proxy received on, or ends the route. */
  #passOn(
    port: Port,
    bytes: Uint8Array<ArrayBuffer>,
    from: number,
    to: number,
    ports: Port[],
    hops: number,
    source: Link | null,
  ): void {
    if (forward(port, bytes, from, to, ports, hops, source)) {
      if (port.nextNode!.self && ports.length > 0) this.#inTransit.push(ports);
      return;
    }
    this.#dying.push(...ports);
    if (port.nextNode === null) return; // Stale: the route ahead is gone.
    sendClosed(port, "lost");
    this.#cease(port);
  }

  /** A proxy asks the port before it to send past it, once for each such port. */
  #ask(port: Port): void {
    if (port.state !== PortState.Proxy || !port.confirmed || port.asked) return;
    if (port.prevNode === null || port.nextNode === null) return;
    port.asked = true;
    sendBypass(port);
  }

  #setPrev(port: Port, event: Arrival): void {
    const prev = this.#neighbors.resolve(
      event.view,
      event.start + SWITCH_PREV,
      event.neighbor,
    );
    port.prevNode = prev;
    port.prevPort = event.name(SWITCH_PREV + 16);
    port.inSeq = readSeq(event.view, event.start + SWITCH_FIRST);
    port.confirmed = false;
    port.via = event.neighbor.self ? null : event.neighbor;
    port.asked = false;
    if (prev.link === null) {
      port.detail = prev.lostReason;
      this.#inHopEnded(port, "lost");
      return;
    }
    if (
      prev.self && this.ports.get(port.prevPort) === null &&
      !port.parked?.has(prev, port.prevPort)
    ) {
      // It was refused here, or has never been: nothing will come of it.
      this.#inHopEnded(port, "closed");
      return;
    }
    for (const event of port.parked?.takeBelow(prev, port.prevPort, port.inSeq) ?? []) {
      this.#discard(event); // Stale.
    }
  }

  /** Nothing more arrives: the other end was closed, or the route is lost. */
  #inHopEnded(port: Port, reason: EndReason): void {
    port.prevNode = port.prevPort = port.via = null;
    port.reason = reason;
    this.#dropParked(port);
    if (port.state === PortState.Open) {
      sendClosed(port, reason);
      port.sink?.ended();
    } else if (port.state === PortState.Proxy) {
      sendClosed(port, reason);
      this.#cease(port);
    }
    // A moving port passes the end on behind its queue, once the destination has answered.
  }

  #accepted(port: Port | null, event: Arrival): Violation {
    if (port === null) return null; // Stale: the port is gone.
    if (port.state !== PortState.Moving) return "accepted-not-moving"; // Hostile.
    const neighbor = event.neighbor;
    if (port.to !== neighbor) return "accepted-not-sent-there"; // Hostile.
    const name = event.name(FROM);
    // The number is used up also when there is nobody to tell.
    sendSwitch(port, neighbor.name, name, 0);
    port.setNext(neighbor, name);
    port.state = PortState.Proxy;
    port.to = null;
    const queue = port.queue;
    if (queue !== null) {
      for (let entry = queue.peek(); entry !== null; entry = queue.peek()) {
        const { bytes, start, end, ports, hops, link } = entry;
        this.#passOn(port, bytes, start, end, ports, hops, link);
        queue.shift();
      }
    }
    neighbor.link!.accepted();
    if ((port.state as number) === PortState.Gone) return null;
    if (port.prevNode === null) {
      sendClosed(port, port.reason);
      this.#cease(port);
    } else this.#ask(port);
    return null;
  }

  #bypass(port: Port | null, event: Arrival): Violation {
    // Stale: the port is gone, or has already been told to send elsewhere.
    if (port === null || port.nextNode !== event.neighbor) return null;
    if (!event.isFrom(port.nextPort!)) return null;
    // Benign: two adjacent proxies would skip each other. The asker asks again, whoever follows us.
    if (port.state !== PortState.Open) return null;
    const node = this.#neighbors.resolve(
      event.view,
      event.start + BYPASS_NEXT,
      event.neighbor,
    );
    sendSkip(port);
    port.guide = event.neighbor.link;
    port.setNext(node, event.name(BYPASS_NEXT + 16));
    sendHello(port);
    return null;
  }

  /** Turns an event away. Endpoints attached to it are refused, as if accepted and closed at once. */
  #discard(event: Arrival): void {
    const { neighbor, view, end } = event;
    this.staleEvents++;
    this.#dying.push(...event.ports);
    if (neighbor.self || event.type !== EventType.Message) return;
    for (
      let at = end - event.count * DESCRIPTOR_BYTES;
      at < end;
      at += DESCRIPTOR_BYTES
    ) {
      const name = this.#names.next();
      sendAccepted(name, neighbor, Name.read(view, at));
      if (view.getUint32(at + DESCRIPTOR_HAS_NEXT, true) === 0) continue;
      const link = this.#neighbors.resolve(view, at + DESCRIPTOR_NEXT, neighbor).link;
      // One that would have been here is missed once it is named: see `#setPrev`.
      if (link !== null && !link.neighbor.self) {
        neighbor.link?.noteAnswerOver(link);
        sendStillborn(
          name,
          link,
          Name.read(view, at + DESCRIPTOR_NEXT + 16),
        );
      }
    }
  }
}
