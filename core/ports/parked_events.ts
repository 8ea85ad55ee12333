/**
 * Forward events that came before their turn: with a gap before them, or from a port that the receiver
 * has not yet been told to listen to.
 *
 * Each is charged to the link it came over, or, when a port of this node sent it, to the link over which
 * that port was told to send here. A hop that takes too much is *broken*: what it parked is dropped, and
 * should it ever be its turn, the route is lost. No link is, because an honest neighbor may have been
 * told to send here by somebody who is not.
 *
 * @module
 */
import type { Name } from "../names.ts";
import { FROM, MESSAGE_OVERHEAD_BYTES } from "../wire/event.ts";
import type { Arrival } from "./arrival.ts";
import { type Link, mostHeld, type Neighbor } from "./link.ts";

/**
 * Senders of one neighbor whose events one port parks. An honest pipe has one for each move of its other
 * end that it has not been told of. A hostile one makes up as many as it likes, by attaching endpoints
 * that name this port as their other end.
 */
const MAX_SENDERS = 1024;

/** What one port sent, by number; `null` when the hop is broken. */
type Hop = Map<number, Arrival> | null;

/** The parked events of one port, by sending node, then by sending port. */
export class ParkedEvents {
  readonly #neighbors: Map<Neighbor, Map<string, Hop>> = new Map();
  /** Neighbors with more senders than are kept apart: any that is not known here is taken for broken. */
  readonly #crowded: Set<Neighbor> = new Set();

  /** Whether nothing is parked. */
  get isEmpty(): boolean {
    return this.#neighbors.size === 0 && this.#crowded.size === 0;
  }

  /** Whether an event of `port` of `neighbor` is parked. */
  has(neighbor: Neighbor, port: Name): boolean {
    return (this.#hop(neighbor, port)?.size ?? 0) > 0;
  }

  /** Whether what `port` of `neighbor` parked was dropped, or will be. */
  isBroken(neighbor: Neighbor, port: Name): boolean {
    const hop = this.#hop(neighbor, port);
    return hop === null || (hop === undefined && this.#crowded.has(neighbor));
  }

  #hop(neighbor: Neighbor, port: Name): Hop | undefined {
    return this.#neighbors.get(neighbor)?.get(port.toString());
  }

  /**
   * Parks a copy, charged to `payer`, or to who pays for the sender already, and returns it. `null` when
   * the hop is broken, if only now. Throws nothing away: see {@linkcode breakHop}.
   */
  add(event: Arrival, payer: Link | null): Arrival | null {
    const { neighbor, seq } = event, from = event.name(FROM);
    if (this.isBroken(neighbor, from)) return null;
    let hops = this.#neighbors.get(neighbor);
    if (hops === undefined) this.#neighbors.set(neighbor, hops = new Map());
    const key = from.toString();
    let events = hops.get(key) ?? undefined;
    if (events === undefined) {
      if (hops.size >= MAX_SENDERS) {
        this.#crowded.add(neighbor);
        return null;
      }
      hops.set(key, events = new Map());
    }
    payer ??= events.values().next().value?.payer ?? null;
    if (payer !== null && payer.parkedBytes + costOf(event) > mostHeld(payer.limits)) {
      return null;
    }
    const copy = event.copy();
    copy.payer = payer;
    events.set(seq, copy);
    charge(copy, 1);
    return copy;
  }

  /** Whether the event that the same sender gave the same number is parked. */
  hasNumber(event: Arrival): boolean {
    return this.#hop(event.neighbor, event.name(FROM))?.has(event.seq) ?? false;
  }

  /** Takes out all that `port` of `neighbor` sent, and nothing of it is parked from here on. */
  breakHop(neighbor: Neighbor, port: Name): Arrival[] {
    const hops = this.#neighbors.get(neighbor),
      key = port.toString(),
      hop = hops?.get(key);
    const taken = [...hop?.values() ?? []];
    for (const event of taken) charge(event, -1);
    if (hop !== undefined) hops!.set(key, null);
    return taken;
  }

  /** Takes out the event that `port` of `neighbor` numbered `seq`. */
  take(neighbor: Neighbor, port: Name, seq: number): Arrival | null {
    const hops = this.#neighbors.get(neighbor), key = port.toString();
    const events = hops?.get(key), event = events?.get(seq);
    if (event === undefined) return null;
    events!.delete(seq);
    if (events!.size === 0) hops!.delete(key);
    if (hops!.size === 0) this.#neighbors.delete(neighbor);
    charge(event, -1);
    return event;
  }

  /** Takes out what `port` of `neighbor` numbered below `first`. */
  takeBelow(neighbor: Neighbor, port: Name, first: number): Arrival[] {
    const taken: Arrival[] = [];
    for (const seq of this.#hop(neighbor, port)?.keys() ?? []) {
      if (seq < first) taken.push(this.take(neighbor, port, seq)!);
    }
    return taken;
  }

  /** Takes out what `neighbor` sent. */
  takeFrom(neighbor: Neighbor): Arrival[] {
    const taken: Arrival[] = [];
    for (const events of this.#neighbors.get(neighbor)?.values() ?? []) {
      for (const event of events?.values() ?? []) {
        charge(event, -1);
        taken.push(event);
      }
    }
    this.#neighbors.delete(neighbor);
    this.#crowded.delete(neighbor);
    return taken;
  }

  /** Takes out everything. */
  takeAll(): Arrival[] {
    const taken = [...this.#neighbors.keys()].flatMap((neighbor) =>
      this.takeFrom(neighbor)
    );
    this.#crowded.clear();
    return taken;
  }

  /** Everything, as it lies. */
  all(): Arrival[] {
    return [...this.#neighbors.values()].flatMap((hops) =>
      [...hops.values()].flatMap((events) => [...events?.values() ?? []])
    );
  }
}

function costOf(event: Arrival): number {
  return event.end - event.start + MESSAGE_OVERHEAD_BYTES;
}

function charge(event: Arrival, sign: 1 | -1): void {
  if (event.payer !== null) event.payer.parkedBytes += sign * costOf(event);
}
