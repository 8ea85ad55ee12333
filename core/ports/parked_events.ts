/**
 * Forward events that came before their turn: with a gap before them, or from a port that the receiver
 * has not yet been told to listen to.
 *
 * Each is charged to the link it came over like an unread message, so a neighbor that parks without
 * end loses its link.
 *
 * @module
 */
import type { Name } from "../names.ts";
import { FROM } from "../wire/event.ts";
import type { Arrival } from "./arrival.ts";
import type { Link, Neighbor } from "./link.ts";
import { MESSAGE_OVERHEAD_BYTES } from "./message_queue.ts";

/**
 * Senders whose events one port parks. An honest pipe has one for each move of its other end that it has
 * not been told of. A neighbor can have many more made up, on other links too, by attaching endpoints
 * that name this port as their other end to messages that are refused.
 */
const MAX_SENDERS = 1024;

/** The parked events of one port, by sender (node and port), then by number. */
export class ParkedEvents {
  readonly #senders: Map<string, Map<number, Arrival>> = new Map();

  /** Whether the event is from one sender too many. */
  isFullFor(event: Arrival): boolean {
    return this.#senders.size >= MAX_SENDERS &&
      !this.#senders.has(senderKey(event.neighbor, event.name(FROM)));
  }

  /** Whether nothing is parked. */
  get isEmpty(): boolean {
    return this.#senders.size === 0;
  }

  /** Parks a copy. False when the same number of the same sender is parked already. */
  add(event: Arrival): boolean {
    const key = senderKey(event.neighbor, event.name(FROM));
    let events = this.#senders.get(key);
    if (events === undefined) this.#senders.set(key, events = new Map());
    if (events.has(event.seq)) return false;
    const copy = event.copy();
    events.set(event.seq, copy);
    charge(copy, 1);
    return true;
  }

  /** Takes out the event that `port` of `neighbor` numbered `seq`. */
  take(neighbor: Neighbor, port: Name, seq: number): Arrival | null {
    const key = senderKey(neighbor, port);
    const events = this.#senders.get(key);
    const event = events?.get(seq);
    if (event === undefined) return null;
    events!.delete(seq);
    if (events!.size === 0) this.#senders.delete(key);
    charge(event, -1);
    return event;
  }

  /** Takes out what `port` of `neighbor` numbered below `first`. */
  takeBelow(neighbor: Neighbor, port: Name, first: number): Arrival[] {
    const taken: Arrival[] = [];
    for (const seq of this.#senders.get(senderKey(neighbor, port))?.keys() ?? []) {
      if (seq < first) taken.push(this.take(neighbor, port, seq)!);
    }
    return taken;
  }

  /** Takes out what `neighbor` sent over `link`, which has ended. */
  takeFrom(neighbor: Neighbor, link: Link): Arrival[] {
    const taken: Arrival[] = [];
    for (const [key, events] of this.#senders) {
      if (!key.startsWith(neighbor.key)) continue;
      taken.push(...events.values());
      this.#senders.delete(key);
    }
    for (const event of taken) charge(event, -1, link);
    return taken;
  }

  /** Takes out everything. */
  takeAll(): Arrival[] {
    const taken: Arrival[] = [];
    for (const events of this.#senders.values()) taken.push(...events.values());
    this.#senders.clear();
    for (const event of taken) charge(event, -1);
    return taken;
  }
}

function charge(event: Arrival, sign: 1 | -1, link = event.neighbor.link): void {
  if (event.neighbor.self || link === null) return;
  link.unreadBytes += sign * (event.bytes.length + MESSAGE_OVERHEAD_BYTES);
}

function senderKey(node: Neighbor, port: Name): string {
  return `${node.key}${port}`;
}
