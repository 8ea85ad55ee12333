/**
 * How a receiver sends events.
 *
 * @module
 */
import type { Encoder } from "../wire/encoder.ts";

/** What sends them. */
export interface EventSender {
  /** Opens a message. */
  begin(event: number): Encoder;
  /** Sends it. Where the other end is gone it is dropped. */
  send(encoder: Encoder, maxBytes?: number): void;
}

/** The base of generated emitters. All that is not an event starts with `$`. */
export abstract class EmitterBase {
  readonly #sender: EventSender;

  /** Sends by `sender`. */
  constructor(sender: EventSender) {
    this.#sender = sender;
  }

  /** Opens a message. */
  protected $begin(event: number): Encoder {
    return this.#sender.begin(event);
  }

  /** Sends it. */
  protected $send(encoder: Encoder, maxBytes?: number): void {
    this.#sender.send(encoder, maxBytes);
  }
}
