/**
 * Two routes made into one: each of the two ports where they meet becomes a proxy on the other's out-hop.
 *
 * Fusing can make a ring of nothing but proxies, in which messages would go round for ever. So each asks
 * ahead whether there is an end, and ends the ring if its question comes back.
 *
 * @module
 */
import type { Name } from "../names.ts";
import { PROBE_ORIGIN } from "../wire/event.ts";
import type { Arrival } from "./arrival.ts";
import type { Link, Neighbor } from "./link.ts";
import type { Outflow } from "./outflow.ts";
import { type Port, PortState } from "./port.ts";
import { sendClosed, sendHello, sendProbe } from "./send.ts";

/** Probes that wait in a port on its way. */
const MAX_PROBES = 64;

/** What fusing leaves to the router. */
export interface Proxies {
  /** Forgets a port. */
  cease(port: Port): void;
  /** Has a port pass on what comes from here on. */
  becomeProxy(port: Port): void;
  /** Has a proxy ask to be skipped. */
  ask(port: Port): void;
}

/** Fuses routes, and finds the rings that this makes. */
export class Fusion {
  readonly #self: Neighbor;
  readonly #outflow: Outflow;
  readonly #proxies: Proxies;

  /** Makes one for the ports of a node. */
  constructor(self: Neighbor, outflow: Outflow, proxies: Proxies) {
    this.#self = self;
    this.#outflow = outflow;
    this.#proxies = proxies;
  }

  /** See {@linkcode Node.fuse}. */
  fuse(one: Port, other: Port): void {
    const { nextNode, nextPort, guide } = one, { name } = this.#self;
    // Before either hop ends: the numbers that this may take come first.
    const tail = this.#outflow.detach(one), otherTail = this.#outflow.detach(other);
    // Who sends behind what waits asks ahead of it: in a ring without an end nobody would ever read that.
    if (tail.queue !== null) sendProbe(tail, other.name);
    if (otherTail.queue !== null) sendProbe(otherTail, one.name);
    this.#outflow.end(tail, { node: name, port: other.name, first: other.outSeq });
    this.#outflow.end(otherTail, { node: name, port: one.name, first: one.outSeq });
    this.#turn(one, other.nextNode, other.nextPort, other.guide);
    this.#turn(other, nextNode, nextPort, guide);
  }

  #turn(port: Port, node: Neighbor | null, name: Name | null, guide: Link | null): void {
    port.sink?.left();
    port.holder = port.sink = null;
    if (node === null) return this.#proxies.cease(port);
    port.setNext(node, name!);
    port.guide = guide;
    sendHello(port);
    // Behind what waits: where both routes lead back to each other, there is nobody to read it.
    (port.probes ??= []).push(port.name);
    port.probing = true;
    this.#proxies.becomeProxy(port);
  }

  /** Passes the question on, or ends the ring that it has come back from. */
  probe(port: Port, event: Arrival): void {
    if (port.state === PortState.Open) return; // Benign: the ring has an end.
    const origin = event.name(PROBE_ORIGIN);
    if (port.state === PortState.Moving) {
      const probes = port.probes ??= [];
      // Stale past that: nobody honest fuses so many while an endpoint is on its way.
      if (probes.length < MAX_PROBES) probes.push(origin);
      return;
    }
    if (origin.equals(port.name)) {
      sendClosed(port, "closed");
      this.#proxies.cease(port);
      return;
    }
    sendProbe(port, origin);
    event.neighbor.link?.noteAnswerOver(port.nextNode?.link);
    this.#proxies.ask(port);
  }
}
