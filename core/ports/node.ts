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
import type { NameSource } from "../names.ts";
import type { Encoder } from "../wire/encoder.ts";
import { checkEvent, DESCRIPTOR_BYTES, FORWARD_HEAD_BYTES } from "../wire/event.ts";
import {
  checkNodeFrame,
  isNodeFrame,
  NODE,
  NODE_FRAME_BYTES,
  NodeFrameType,
} from "../wire/node_frame.ts";
import type { Arrival } from "./arrival.ts";
import { Broker } from "./broker.ts";
import { fuseRefusal, refusal } from "./containment.ts";
import type { Link, Neighbor } from "./link.ts";
import { Membership } from "./membership.ts";
import { Neighbors } from "./neighbors.ts";
import { NO_PORTS, type Port, PortState } from "./port.ts";
import type { PortTable } from "./port_table.ts";
import { Router, type Violation } from "./router.ts";
import { finishMessage, writeDescriptor } from "./send.ts";

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
  readonly #router: Router;

  /** Makes a node without links. `limits` are those of messages that stay here. */
  constructor(names: NameSource, limits: Limits) {
    this.#neighbors = new Neighbors(names.next(), limits);
    this.#router = new Router(names, this.#neighbors);
    this.broker = new Broker(this.#neighbors, names);
    this.membership = new Membership(this.#neighbors, this);
    this.self = this.#neighbors.self;
    this.ports = this.#router.ports;
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
    this.#router.lose(lost);
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
    const one = this.#router.add(), two = this.#router.add();
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
    this.#router.drop([port]);
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
    this.#router.fuse(one, other);
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
      }
      this.#router.drop(ports);
      out.cancel(null);
      this.#router.settle();
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
      if (neighbor.self) this.#router.inTransit.push(ports.slice());
    }
    finishMessage(port, link, out, ports, 0);
    // What stays here never waits to be written.
    if (reply && !neighbor.self) link.unsentReplyBytes += size;
    if (neighbor.self) this.#router.settle();
    return true;
  }

  /** Moves held ports over a link outside of any message: how an invitation hands its pipes over. */
  handOver(port: Port, link: Link, out: Encoder): void {
    writeDescriptor(port, link.neighbor, out);
  }

  /** Makes the port that a descriptor announces. The caller checks how many there are. */
  takeOver(link: Link, view: DataView, at: number): Port {
    const port = this.#router.receive(link, view, at);
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
    if (event.neighbor.link!.role === "member") return this.broker.accept(event);
    if (event.type !== NodeFrameType.Relayed) return this.membership.accept(event);
    const link = this.membership.relayedFrom(event.name(NODE));
    if (link === null) return null; // Stale: the two have been parted.
    const { bytes, view, end } = event, start = event.start + NODE_FRAME_BYTES;
    const rule = checkEvent(view, start, end) ??
      this.#router.handle(link.arrival.set(bytes, view, start, end, NO_PORTS));
    this.#router.settle();
    const broken = rule ?? link.excess;
    // Hostile is the node it came from, not the broker.
    if (broken !== null) this.membership.expel(link, broken);
    return null;
  }
}
