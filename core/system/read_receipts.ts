/**
 * How one end of a message pipe learns how much the other end has read.
 *
 * Whoever wants to know asks once, as part of the stream of its messages; from that point on the other end
 * counts what it reads and tells so every few messages. A question has a number, so that an answer to an
 * earlier one, to an earlier holder of the endpoint, or to whoever had the endpoint that it was fused with,
 * is not taken for an answer to this one.
 *
 * Source: the read acknowledgements of Chromium's ports (`UserMessageReadAckEvent`).
 *
 * @module
 */
import { readSeq, writeSeq } from "../wire/event.ts";
import type { Control } from "../wire/trailer.ts";

/** Both sides of it, at one end. */
export class ReadReceipts {
  /** Messages written since this end asked. */
  written = 0;
  #asked = 0;
  #readThere = 0;
  /** Whether this end has asked, and not that it be told no more. */
  isAsking = false;
  /** What the other end asked. */
  #id = 0;
  #interval = 0;
  #readHere = 0;
  #told = 0;

  /** Whether the next holder has nothing to know. */
  get isPlain(): boolean {
    return this.#asked === 0 && this.#interval === 0;
  }

  /** How many were written since this end asked, and are not known to be read. */
  get unread(): number {
    return this.isAsking ? this.written - this.#readThere : 0;
  }

  // ------------------------------------------------------------------ who asks

  /**
   * Asks to be told after every `interval` messages; 0 to be told no more. Asking again goes on counting.
   * `first` is the number of the first question of this endpoint, which no other one is to have.
   */
  ask(interval: number, first: number): Control {
    if (!this.isAsking) {
      this.#asked = (this.#asked === 0 ? first : this.#asked + 1) >>> 0 || 1;
      this.written = this.#readThere = 0;
    }
    this.isAsking = interval > 0;
    return { id: this.#asked, interval, count: 0 };
  }

  /** The other end tells. Returns the rule it breaks. */
  told({ id, count }: Control): string | null {
    // Stale: it had not heard of the last question yet, or of who holds this end now.
    if (id !== this.#asked || !this.isAsking) return null;
    if (count < this.#readThere || count > this.written) return "read-count";
    this.#readThere = count;
    return null;
  }

  // ------------------------------------------------------------------ who is asked

  /** The other end asks. */
  asked({ id, interval, count }: Control): void {
    if (id !== this.#id) this.#readHere = this.#told = count;
    this.#id = id;
    this.#interval = interval;
  }

  /** Whether the other end wants to be told. */
  get isAsked(): boolean {
    return this.#interval > 0;
  }

  /** Whether it is to be told now. */
  get isDue(): boolean {
    return this.isAsked && this.#readHere - this.#told >= this.#interval;
  }

  /** A message was read. */
  noteRead(): void {
    this.#readHere++;
  }

  /** What to tell. */
  tell(): Control {
    this.#told = this.#readHere;
    return { id: this.#id, interval: 0, count: this.#readHere };
  }

  /** The question, for somebody else to answer from here on; `null` when there is none. */
  get question(): Control | null {
    if (!this.isAsked) return null;
    return { id: this.#id, interval: this.#interval, count: this.#readHere };
  }

  // ------------------------------------------------------------------ on the way

  /** Writes what the next holder has to know. What this one asked for itself is forgotten. */
  describe(view: DataView, at: number): void {
    view.setUint32(at + 4, this.#interval, true);
    view.setUint32(at + 8, this.#id, true);
    view.setUint32(at + 12, this.#asked, true);
    writeSeq(view, at + 16, this.#readHere);
    writeSeq(view, at + 24, this.#told);
  }

  /** Reads it again. Returns the rule that is broken, if it makes no sense. */
  static receive(view: DataView, at: number): ReadReceipts | string {
    const receipts = new ReadReceipts();
    receipts.#interval = view.getUint32(at + 4, true);
    receipts.#id = view.getUint32(at + 8, true);
    receipts.#asked = view.getUint32(at + 12, true);
    receipts.#readHere = readSeq(view, at + 16);
    receipts.#told = readSeq(view, at + 24);
    if (view.getUint32(at, true) >>> 8 !== 0) return "handle-reserved";
    const isExact = receipts.#readHere <= Number.MAX_SAFE_INTEGER;
    return isExact && receipts.#told <= receipts.#readHere ? receipts : "handle-receipts";
  }
}
