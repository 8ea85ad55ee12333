/**
 * Forward events that came before their turn: with a gap before them, or from a port that the receiver
 * has not yet been told to listen to.
 *
 * Each is charged like an unread message, to the link it came over, or, when a port of this node sent
 * it, to the link over which that port was told to send here. So a neighbor that parks without end
 * loses its link.
 *
 * @module
 */
import type { Name } from "../names.ts";
import { FROM, MESSAGE_OVERHEAD_BYTES } from "../wire/event.ts";
import type { Arrival } from "./arrival.ts";
import type { Link, Neighbor } from "./link.ts";

/**
 * Senders of one neighbor whose events one port parks. An honest pipe has one for each move of its other
 * end that it has not been told of. A hostile one makes up as many as it likes, by attaching endpoints
 * that name this port as their other end.
 */
const MAX_SENDERS = 1024;

/** The events of one sending port, by number. */
type Events = Map<number, Arrival>;

/** The parked events of one port, by sending node, then by sending port. */
export class ParkedEvents {
  readonly #neighbors: Map<Neighbor, Map<string, Events>> = new Map();

  /** Whether nothing is parked. */
  get isEmpty(): boolean {
    return this.#neighbors.size === 0;
  }

  /** Whether the event is from one sender too many. */
  isFullFor(event: Arrival): boolean {
    const senders = this.#neighbors.get(event.neighbor);
    return senders !== undefined && senders.size >= MAX_SENDERS &&
      !senders.has(event.name(FROM).toString());
  }

  /** Whether an event of `port` of `neighbor` is parked. */
  has(neighbor: Neighbor, port: Name): boolean {
    return this.#neighbors.get(neighbor)?.has(port.toString()) ?? false;
  }

  /**
   * Parks a copy, charged to `payer`, or to who pays for the sender already. False when the same number of
   * the same sender is parked.
   */
  add(event: Arrival, payer: Link | null): boolean {
    const { neighbor, seq } = event, key = event.name(FROM).toString();
    let senders = this.#neighbors.get(neighbor);
    if (senders === undefined) this.#neighbors.set(neighbor, senders = new Map());
    let events = senders.get(key);
    if (events === undefined) senders.set(key, events = new Map());
    if (events.has(seq)) return false;
    const copy = event.copy();
    copy.payer = payer ?? events.values().next().value?.payer ?? null;
    events.set(seq, copy);
    charge(copy, 1);
    return true;
  }

  /** Takes out the event that `port` of `neighbor` numbered `seq`. */
  take(neighbor: Neighbor, port: Name, seq: number): Arrival | null {
    const senders = this.#neighbors.get(neighbor), key = port.toString();
    const events = senders?.get(key), event = events?.get(seq);
    if (event === undefined) return null;
    events!.delete(seq);
    if (events!.size === 0) senders!.delete(key);
    if (senders!.size === 0) this.#neighbors.delete(neighbor);
    charge(event, -1);
    return event;
  }

  /** Takes out what `port` of `neighbor` numbered below `first`. */
  takeBelow(neighbor: Neighbor, port: Name, first: number): Arrival[] {
    const taken: Arrival[] = [];
    for (const seq of this.#neighbors.get(neighbor)?.get(port.toString())?.keys() ?? []) {
      if (seq < first) taken.push(this.take(neighbor, port, seq)!);
    }
    return taken;
  }

  /** Takes out what `neighbor` sent. */
  takeFrom(neighbor: Neighbor): Arrival[] {
    const taken: Arrival[] = [];
    for (const events of this.#neighbors.get(neighbor)?.values() ?? []) {
      for (const event of events.values()) {
        charge(event, -1);
        taken.push(event);
      }
    }
    this.#neighbors.delete(neighbor);
    return taken;
  }

  /** Takes out everything. */
  takeAll(): Arrival[] {
    return [...this.#neighbors.keys()].flatMap((neighbor) => this.takeFrom(neighbor));
  }
}

function charge(event: Arrival, sign: 1 | -1): void {
  if (event.payer === null) return;
  event.payer.parkedBytes += sign * (event.bytes.length + MESSAGE_OVERHEAD_BYTES);
}
