/**
 * One process or worker in a network: its links, its ports, and what people do with those.
 *
 * Everything happens within a call: an event goes in, and what it causes is in the output of links and
 * in the sinks of ports when the call returns. Nothing here waits, and nothing here knows of sockets.
 *
 * @module
 */
import { LimitError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { Name, type NameSource } from "../names.ts";
import type { Encoder } from "../wire/encoder.ts";
import {
  checkEvent,
  DESCRIPTOR_BYTES,
  FORWARD_HEAD_BYTES,
  MESSAGE_OVERHEAD_BYTES,
} from "../wire/event.ts";
import { padded } from "../wire/frame.ts";
import {
  checkNodeFrame,
  IntroduceAs,
  isNodeFrame,
  LOST_PAIR,
  NODE,
  NODE_FRAME_BYTES,
  NodeFrameType,
  readMember,
  writeIntroduce,
  writeNodeFrame,
} from "../wire/node_frame.ts";
import type { Arrival } from "./arrival.ts";
import { Broker, tell } from "./broker.ts";
import { fuseRefusal, refusal } from "./containment.ts";
import { lend } from "./credit.ts";
import type { Link, Neighbor, Role } from "./link.ts";
import { Members } from "./members.ts";
import { Membership } from "./membership.ts";
import type { QueuedMessage } from "./message_queue.ts";
import { Neighbors } from "./neighbors.ts";
import { NO_PORTS, type Port, PortState } from "./port.ts";
import type { PortTable } from "./port_table.ts";
import { Router, type Violation } from "./router.ts";
import { finishMessage, writeDescriptor } from "./send.ts";

/** Nodes above that a member may have to do with at the same time. */
const MAX_ABOVE = 8192;

/** A node. */
export class Node {
  /** This node as others know it. */
  readonly self: Neighbor;
  /** The ports here. */
  readonly ports: PortTable;
  /** What it has to do with those that it brought into the network. */
  readonly broker: Broker;
  /** What it has to do with the one that brought it in. */
  readonly membership: Membership;
  readonly #neighbors: Neighbors;
  readonly #members: Members;
  readonly #router: Router;
  /** Told once the network knows of a member that has joined here, by its name. */
  readonly #adopting: Map<string, () => void> = new Map();

  /** Where names come from that nobody else has. */
  readonly names: NameSource;

  /** Makes a node without links. `limits` are those of messages that stay here. */
  constructor(names: NameSource, limits: Limits) {
    this.names = names;
    this.#neighbors = new Neighbors(names.next(), limits);
    this.#router = new Router(names, this.#neighbors);
    this.#members = new Members(this.#neighbors);
    this.broker = new Broker(this.#members, names);
    this.membership = new Membership(this.#neighbors, this);
    this.#neighbors.introduce = (name, namer) => {
      const way = this.#members.get(name);
      if (way === null) return this.membership.introduce(name, namer);
      return this.#linkTo(way)?.neighbor ?? null;
    };
    this.self = this.#neighbors.self;
    this.ports = this.#router.ports;
    this.#router.blame = (neighbor, rule) => this.#blame(neighbor, rule);
  }

  /** Events turned away as stale, for tests and statistics. */
  get staleEvents(): number {
    return this.#router.staleEvents;
  }

  // ------------------------------------------------------------------ links

  /** Adds a link to the node `name`; see {@linkcode Neighbors.add}. */
  connect(...args: Parameters<Neighbors["add"]>): Link | null {
    const link = this.#neighbors.add(...args);
    if (link?.role === "broker") this.membership.join(link);
    return link;
  }

  /** Whether this node brought others in. Then it takes no broker any more: they have not heard of it. */
  get hasMembers(): boolean {
    return this.#members.all().length > 0;
  }

  /**
   * Makes a new member known above this node, and calls `done` once it is. Whoever hears of the member
   * before that, and asks, would be told that there is none.
   */
  announce(link: Link, done: () => void): void {
    if (!this.membership.connected) return done();
    this.#adopting.set(link.neighbor.key, done);
    this.membership.announce(link);
  }

  /** All links there are. */
  links(): Link[] {
    return this.#neighbors.links();
  }

  /** The link has ended: every route over it is lost. What arrived stays readable. */
  disconnect(link: Link, reason: string, violation: string | null = null): void {
    const lost = link.neighbor;
    if (lost.link !== link) return; // Benign: told twice.
    link.ended(violation);
    lost.lostReason = reason;
    this.#router.lose(lost);
    if (link.role === "member") this.#left(link);
    for (const other of this.membership.lost(link)) {
      this.disconnect(other, "whoever connected the two has ended");
    }
    if (link.role !== "broker") return;
    // What the members below had to do with those above is lost too, and nobody else will tell them.
    for (const member of this.#members.all()) {
      for (const name of member.above.values()) tell(member, 0, name);
      member.above.clear();
    }
    // And nobody is left to wait for.
    for (const [key, done] of this.#adopting) {
      this.#adopting.delete(key);
      done();
    }
  }

  /** A member is gone, and with it those below. */
  #left(link: Link): void {
    const { name } = link.neighbor;
    this.broker.lost(link);
    this.membership.retract(name);
    this.#adopting.delete(link.neighbor.key);
    for (const below of this.#members.below(link)) this.#gone(below);
  }

  /** A member further down is gone. */
  #gone(way: Link): void {
    const { name } = way.neighbor;
    this.#members.forget(way);
    this.broker.lost(way);
    this.membership.retract(name);
    const link = this.#neighbors.get(name)?.link;
    if (link) this.disconnect(link, "it has ended");
  }

  /** A link for events to a member further down. */
  #linkTo(way: Link): Link | null {
    const link = this.membership.link(way);
    if (link === null) return null;
    writeIntroduce(way.events(), this.self.name, {
      as: IntroduceAs.Relayed,
      maxFrameBytes: link.output.maxFrameBytes,
      maxPipesPerMessage: link.maxPipesPerMessage,
      hostToken: this.self.name,
      guestToken: this.self.name,
      means: new Uint8Array(0),
    });
    way.touch();
    return link;
  }

  /** Whether messages wait here until the neighbor accepts an endpoint, or grants credit. */
  holdsBack(link: Link): boolean {
    return this.ports.all().some((port) =>
      port.state === PortState.Moving
        ? port.to === link.neighbor && port.readable
        : port.nextNode === link.neighbor &&
          (port.unsent !== null || (port.state !== PortState.Open && port.readable))
    );
  }

  // ------------------------------------------------------------------ ends

  /** Makes a pipe with both ends here. */
  createPipe(): [Port, Port] {
    const one = this.#router.intake.add(), two = this.#router.intake.add();
    for (const [port, peer] of [[one, two], [two, one]] as const) {
      port.setNext(this.self, peer.name);
      port.setPrev(this.self, peer.name);
    }
    return [one, two];
  }

  /** Closes an open port. What is unread in it is dropped, with everything attached, at any depth. */
  close(port: Port): void {
    if (port.state !== PortState.Open) return; // Benign: it is gone already.
    this.#router.drop([port]);
    this.#router.settle();
  }

  /** As {@linkcode close}, from within a sink: it takes effect once the event is handled. */
  drop(port: Port): void {
    this.#router.drop([port]);
  }

  /**
   * Gives up on the other end of an open port, as if it was closed, also from within a sink. What is unread
   * is dropped, with everything attached. It takes effect once the event is handled, or with
   * {@linkcode settle}.
   */
  sever(port: Port): void {
    this.#router.sever(port);
  }

  /** Does what was left for when no event is handled. */
  settle(): void {
    this.#router.settle();
  }

  /** Why `one` and `other` cannot be fused; see {@linkcode fuseRefusal}. */
  fuseRefusal(one: Port, other: Port): string | null {
    return fuseRefusal(this.self, one, other);
  }

  /**
   * Joins two pipes into one: who is at the other end of `one` talks to who is at the other end of
   * `other` from here on, with all that was written to either. Takes both from their holders. Only if
   * {@linkcode fuseRefusal} has nothing against it.
   */
  fuse(one: Port, other: Port): void {
    this.#router.fusion.fuse(one, other);
    this.#router.settle();
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

  /** What was written to `port` and waits here for credit, or for an endpoint to arrive. */
  bufferedBytes(port: Port): number {
    return this.ports.holding(port).reduce(
      (sum, { state, queue, unsent }) =>
        sum + (state === PortState.Open ? unsent! : queue!).cost,
      0,
    );
  }

  /** Takes the first message out of the queue of an open port. The peer may send more then. */
  take(port: Port): QueuedMessage | null {
    const entry = port.queue?.shift() ?? null;
    if (entry !== null) lend(port);
    return entry;
  }

  /** What `port` sends is a stream: its messages may be joined while they wait. */
  streamOut(port: Port): void {
    port.streams = "out";
  }

  /**
   * What `port` takes is a stream, of which `bytes` may be unread at any time: as far as its link can afford
   * it, there is credit for that much, also when nobody reads.
   */
  streamIn(port: Port, bytes: number): void {
    port.streams = "in";
    port.window = Math.max(port.window, bytes);
    lend(port);
  }

  /** Why `port` cannot be attached to a message on `carrier`; see {@linkcode refusal}. */
  refusal(carrier: Port, port: Port): string | null {
    return refusal(this.self, carrier, port);
  }

  /**
   * Completes the message open in `out` and sends it on `port`, with the ports among its handles, which
   * are gone from their holder afterwards. Returns false when the route has ended: then the message is
   * dropped and what is attached to it closed. `reply` charges it to what the neighbor made us write;
   * `flags` are those of its event.
   */
  commit(port: Port, out: Encoder, reply: boolean, flags = 0): boolean {
    const ports = out.handles as Port[];
    if (port.state !== PortState.Open || port.out !== out || port.nextNode === null) {
      // The route has ended, or a getter among the arguments closed the port or sent it away.
      for (const attached of ports) {
        attached.sink?.left();
        attached.holder = attached.sink = null;
      }
      this.#router.drop(ports);
      out.cancel(null);
      this.#router.settle();
      return false;
    }
    const neighbor = port.nextNode, link = neighbor.link!;
    const way = this.ports.wayOf(port);
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
      for (const attached of ports) attached.sink?.left();
      if (neighbor.self) this.#router.loopback.attach(out, ports.slice(), null, flags);
    }
    if (!neighbor.self) {
      const cost = out.at - out.start - FORWARD_HEAD_BYTES + MESSAGE_OVERHEAD_BYTES;
      if (port.unsent !== null || port.spent + cost > port.granted) {
        this.#router.outflow.keep(port, out, flags, reply);
        this.#router.settle();
        return true;
      }
      port.spent += cost;
      if (ports.length > 0) this.#router.outflow.depart(ports, neighbor);
    }
    finishMessage(port, link, out, ports, flags);
    // What stays here never waits to be written.
    if (reply && !neighbor.self) link.unsentReplyBytes += size;
    if (neighbor.self) this.#router.settle();
    return true;
  }

  /** Moves held ports over a link outside of any message: how an invitation hands its pipes over. */
  handOver(port: Port, link: Link, out: Encoder): void {
    this.#router.outflow.depart([port], link.neighbor);
    writeDescriptor(port, link.neighbor, out);
  }

  /** Makes the port that a descriptor announces. The caller checks how many there are. */
  takeOver(link: Link, view: DataView, at: number): Port {
    const port = this.#router.intake.receive(link, view, at);
    this.#router.settle();
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
      : checkEvent(view, start, end) ?? this.#router.handle(event);
    this.#router.settle();
    return rule ?? link.excess; // Hostile.
  }

  #aboutNode(event: Arrival): Violation {
    const link = event.neighbor.link!;
    return link.role === "member"
      ? this.#fromBelow(link, event)
      : this.#fromAbove(link, event);
  }

  #fromBelow(link: Link, event: Arrival): Violation {
    const name = event.name(NODE);
    switch (event.type) {
      case NodeFrameType.Member: {
        const rule = this.#members.adopt(name, readMember(event.view, event.start), link);
        if (rule !== null) return rule;
        const below = this.#members.get(name)!;
        this.announce(below, () => adopted(link, name));
        return null;
      }
      case NodeFrameType.Gone: {
        const below = this.#members.get(name);
        if (below?.carrier === link) this.#gone(below);
        return null; // Otherwise stale: it is known already.
      }
      case NodeFrameType.Passed: {
        const below = this.#members.get(name);
        if (below === null) return null; // Stale: it is gone.
        if (below.carrier !== link) return "member-not-below"; // Hostile.
        const { bytes, view, end } = event, start = event.start + NODE_FRAME_BYTES;
        const broken = checkPassed(view, start, end, "member");
        if (broken !== null) return broken; // Hostile: it passes nothing on unchecked.
        const passed = below.arrival.set(bytes, view, start, end, NO_PORTS);
        const rule = this.#fromMember(below, passed);
        // Hostile is the member, not the one above it, which cannot know.
        if (rule !== null) this.#gone(below);
        return null;
      }
      default:
        return this.#fromMember(link, event);
    }
  }

  /** What a member says, wherever below it is. */
  #fromMember(member: Link, event: Arrival): Violation {
    const name = event.name(NODE);
    if (this.self.name.equals(name)) return this.#toSelf(member, event);
    if (this.#members.get(name) === null && this.membership.connected) {
      if (event.type === NodeFrameType.Drop) member.above.delete(name.toString());
      else if (event.type === NodeFrameType.Ask) {
        if (member.above.size >= MAX_ABOVE) return "too-many-asked"; // Hostile.
        member.above.set(name.toString(), name);
      }
      return this.membership.passUp(member.neighbor.name, event);
    }
    return this.broker.accept(event);
  }

  /** What a member says about this node. */
  #toSelf(member: Link, event: Arrival): Violation {
    if (member.carrier === null) {
      // Hostile: the two have had each other from the start.
      return event.type === NodeFrameType.Ask ? "asked-for-known" : "not-introduced";
    }
    const { name } = member.neighbor, link = this.#neighbors.get(name)?.link ?? null;
    switch (event.type) {
      case NodeFrameType.Ask:
        // Benign: both named the other at the same time.
        if (link === null && this.#linkTo(member) === null) {
          tell(member, LOST_PAIR, this.self.name);
        }
        return null;
      case NodeFrameType.Relayed:
        this.#relayed(this.membership.relayedFrom(name, true), event);
        return null;
      case NodeFrameType.Drop:
        if (link !== null) this.disconnect(link, "the two were cut off from each other");
        return null;
      default:
        return "not-introduced"; // Hostile.
    }
  }

  #fromAbove(link: Link, event: Arrival): Violation {
    const name = event.name(NODE);
    switch (event.type) {
      case NodeFrameType.Relayed:
        this.#relayed(this.membership.relayedFrom(name, false), event);
        return null;
      case NodeFrameType.Passed: {
        const below = this.#members.get(name);
        if (below === null) return null; // Stale: it is gone.
        const { bytes, view, end } = event, start = event.start + NODE_FRAME_BYTES;
        return checkPassed(view, start, end, link.role) ??
          this.#passDown(below, bytes, start, end);
      }
      case NodeFrameType.Adopted: {
        const done = this.#adopting.get(name.toString());
        this.#adopting.delete(name.toString());
        done?.(); // Otherwise stale: it is gone.
        return null;
      }
      default:
        return this.membership.accept(event);
    }
  }

  #passDown(below: Link, bytes: Uint8Array, start: number, end: number): Violation {
    if (end - start > below.output.maxFrameBytes) return "relayed-too-long"; // Hostile.
    const out = below.events();
    out.need(padded(end - start));
    out.bytes.set(bytes.subarray(start, end), out.at);
    out.at += end - start;
    out.pad();
    out.start = out.at;
    below.touch();
    const view = new DataView(bytes.buffer, bytes.byteOffset), type = bytes[start + 4];
    const name = Name.read(view, start + NODE), carrier = below.carrier ?? below;
    if (type === NodeFrameType.Introduce) below.above.set(name.toString(), name);
    if (type === NodeFrameType.Lost) below.above.delete(name.toString());
    carrier.charge(below.passed, end - start);
    if (carrier.chargedBytes > carrier.limits.maxUnreadBytes) {
      // Stale: the member does not read. Whoever sends it more is parted from it.
      below.above.delete(name.toString());
      tell(below, LOST_PAIR, name);
      this.membership.dropFor(below.neighbor.name, name);
    }
    return null;
  }

  /** An event of another member. What it breaks is its own doing, not that of who passed it on. */
  #relayed(link: Link | null, event: Arrival): void {
    if (link === null) return; // Stale: the two have been parted.
    const { bytes, view, end } = event, start = event.start + NODE_FRAME_BYTES;
    const rule = checkEvent(view, start, end) ??
      this.#router.handle(link.arrival.set(bytes, view, start, end, NO_PORTS));
    this.#router.settle();
    const broken = rule ?? link.excess;
    if (broken !== null) this.#expel(link, broken);
  }

  /** Whoever is at the other end of a link without a transport broke a rule. */
  #expel(link: Link, rule: string): void {
    const way = this.#members.get(link.neighbor.name);
    if (way === null) this.membership.giveUp(link);
    else tell(way, LOST_PAIR, this.self.name);
    this.disconnect(link, `it was given up for breaking the rule '${rule}'`);
  }

  /** A neighbor broke a rule, and it is not the one whose frame is being handled. */
  #blame({ link }: Neighbor, rule: string): void {
    if (link === null) return; // Benign: it is gone already.
    if (link.carrier !== null) return this.#expel(link, rule);
    this.disconnect(link, `the link was dropped for breaking the rule '${rule}'`, rule);
  }
}

/** Checks a frame that was passed on for a member further down. */
function checkPassed(view: DataView, start: number, end: number, from: Role): Violation {
  const type = view.getUint8(start + 4);
  if (!isNodeFrame(type) || type >= NodeFrameType.Member) return "passed-frame"; // Hostile.
  return checkNodeFrame(view, start, end, from);
}

function adopted(link: Link, name: Name): void {
  if (link.neighbor.link !== link) return; // It has gone meanwhile.
  writeNodeFrame(link.events(), NodeFrameType.Adopted, 0, name);
  link.touch();
}
