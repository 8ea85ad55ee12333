/**
 * The link of a node to itself: events between two of its ports, and what their messages have beside
 * their bytes.
 *
 * @module
 */
import type { Name } from "../names.ts";
import type { Encoder } from "../wire/encoder.ts";
import { FROM } from "../wire/event.ts";
import { padded } from "../wire/frame.ts";
import { Arrival } from "./arrival.ts";
import type { Link } from "./link.ts";
import { NO_PORTS, type Port } from "./port.ts";

/** Flag of a message between ports here that came from another node. */
const FOREIGN = 0x80;

/** What a message has beside its bytes. */
interface Attachment {
  /** The endpoints attached to it. */
  readonly ports: Port[];
  /** The link it came over in the first place, which pays for it. */
  readonly source: Link | null;
}

/** Events are written to its link like to any other, and taken out again before the node returns. */
export class Loopback {
  readonly #link: Link;
  readonly #event: Arrival;
  readonly #attachments: Attachment[] = [];
  /** Of messages that were put aside while another one was encoded: they come behind it. */
  readonly #aside: Attachment[] = [];
  /** Where the event lies that is taken next. */
  #at = 0;

  /** Makes the loopback of the node that `link` leads to. */
  constructor(link: Link) {
    this.#link = link;
    this.#event = new Arrival(link.neighbor);
    link.onSideAppended = () => this.#attachments.push(...this.#aside.splice(0));
  }

  /** Whether a message is being encoded: then nothing is taken out. */
  get busy(): boolean {
    return this.#link.output.open;
  }

  /** Puts in what belongs to the message open in `out`. Returns the flags it is to have. */
  attach(out: Encoder, ports: Port[], source: Link | null, flags: number): number {
    if (ports.length > 0 || source !== null) {
      const to = out === this.#link.output ? this.#attachments : this.#aside;
      to.push({ ports, source });
    }
    return source === null ? flags : flags | FOREIGN;
  }

  /** Takes the next event out. It lies where it was written until the one after it is taken. */
  take(): Arrival | null {
    const { output } = this.#link;
    if (this.#at === output.at && !this.#link.appendSide()) {
      this.#at = 0;
      output.rewind();
      return null;
    }
    // The buffer may be replaced while the event is handled; the frame stays where it was.
    const { bytes, view } = output, at = this.#at, length = view.getUint32(at, true);
    this.#at = at + padded(length);
    const event = this.#event.set(bytes, view, at, at + length, NO_PORTS);
    event.source = null;
    if (event.count > 0 || (event.flags & FOREIGN) !== 0) {
      const { ports, source } = this.#attachments.shift()!;
      event.ports = ports;
      event.source = source;
    }
    return event;
  }

  /** Whether an event from that port waits to be taken out: the port itself may have ceased. */
  holds(from: Name): boolean {
    this.#link.appendSide();
    const { view, start } = this.#link.output;
    for (let at = this.#at; at < start; at += padded(view.getUint32(at, true))) {
      if (from.matches(view, at + FROM)) return true;
    }
    return false;
  }
}

/** The flags of a message, as they are on the wire. */
export function flagsOf({ flags }: Arrival): number {
  return flags & ~FOREIGN;
}
