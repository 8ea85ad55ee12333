/**
 * How one end of a message pipe learns how much the other end has read.
 *
 * Whoever wants to know asks once, as part of the stream of its messages; from that point on the other end
 * counts what it reads and tells so every few messages. A question has a number, so that an answer to an
 * earlier one, or to an earlier holder of the endpoint, is not taken for an answer to this one.
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
  #isCounting = false;
  #readThere = 0;
  /** What the other end asked. */
  #id = 0;
  #interval = 0;
  #readHere = 0;
  #told = 0;

  /** Whether neither end has ever asked. */
  get isPlain(): boolean {
    return this.#asked === 0 && this.#interval === 0;
  }

  /** How many were written since this end asked, and are not known to be read. */
  get unread(): number {
    return this.#isCounting ? this.written - this.#readThere : 0;
  }

  // ------------------------------------------------------------------ who asks

  /** Asks to be told after every `interval` messages; 0 to be told no more. */
  ask(interval: number): Control {
    this.#asked = (this.#asked + 1) >>> 0;
    this.#isCounting = interval > 0;
    this.written = this.#readThere = 0;
    return { id: this.#asked, amount: interval };
  }

  /** The other end tells. Returns the rule it breaks. */
  told({ id, amount }: Control): string | null {
    // Stale: it had not heard of the last question yet, or of who holds this end now.
    if (id !== this.#asked || !this.#isCounting) return null;
    if (amount < this.#readThere || amount > this.written) return "read-count";
    this.#readThere = amount;
    return null;
  }

  // ------------------------------------------------------------------ who is asked

  /** The other end asks. */
  asked({ id, amount }: Control): void {
    this.#id = id;
    this.#interval = amount;
    this.#readHere = this.#told = 0;
  }

  /** A message was read. Returns whether the other end is to be told. */
  noteRead(): boolean {
    return ++this.#readHere - this.#told >= this.#interval && this.#interval > 0;
  }

  /** What to tell. */
  tell(): Control {
    this.#told = this.#readHere;
    return { id: this.#id, amount: this.#readHere };
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

  /** Reads it again. Any numbers will do: they are only counted with. */
  static receive(view: DataView, at: number): ReadReceipts {
    const receipts = new ReadReceipts();
    receipts.#interval = view.getUint32(at + 4, true);
    receipts.#id = view.getUint32(at + 8, true);
    receipts.#asked = view.getUint32(at + 12, true);
    receipts.#readHere = readSeq(view, at + 16);
    receipts.#told = readSeq(view, at + 24);
    return receipts;
  }
}
