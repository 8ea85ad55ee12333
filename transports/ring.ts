/**
 * A transport over memory that two threads of a process share: two rings, one for each direction.
 *
 * ```text
 *  side 0: tail head state waits bell | side 1: the same | ring that 0 writes | ring that 1 writes
 * ```
 *
 * A side writes its own tail (bytes written), head (bytes read), state and waits, and rings the bell of
 * the other. Before it sleeps it says in `waits` what for; nobody rings a bell that nobody listens to.
 *
 * TRUST: the other side can write anything anywhere at any time. So a side never reads back what it
 * alone decides, takes an index of the other only if it lies within the ring, copies bytes once, and
 * looks again only a few times before it gives the ring up. What a hostile side gets is its own garbage.
 *
 * A side that dies is silent: whoever learns of it calls `fail`. A wait does not keep a program alive.
 *
 * @module
 */
import type { Transport } from "../core/transport.ts";
import { closedHere, otherSideGone, Waiter } from "./waiter.ts";

/** Words of one side, from its first. Sides are a cache line apart. */
const TAIL = 0, HEAD = 1, STATE = 2, WAITS = 3, BELL = 4, SIDE_WORDS = 16;
const HEADER_BYTES = 2 * SIDE_WORDS * 4;
/** Bits of a state. */
const ENDED = 1, GONE = 2;
/** Bits of what a side waits for. */
const DATA = 1, ROOM = 2;
/** An honest side rings once or twice while this one goes to sleep. */
const MAX_LOOKS = 16;

/** Memory for one transport, for both sides. Used once. */
export function createRing(ringBytes: number = 512 * 1024): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + 2 * ringBytes);
}

/** One end of a ring. */
export class RingTransport implements Transport {
  readonly #words: Int32Array<SharedArrayBuffer>;
  /** First word of this side, and of the other. */
  readonly #mine: number;
  readonly #theirs: number;
  readonly #size: number;
  readonly #in: Uint8Array<SharedArrayBuffer>;
  readonly #out: Uint8Array<SharedArrayBuffer>;
  /** Bytes written and read in all, as 32 bits. */
  #tail = 0;
  #head = 0;
  #closed = false;
  /** The other side broke the ring: nothing in it counts any more. */
  #broken: Error | null = null;
  /** The other side is dead: what it left is still read. */
  #failure: Error | null = null;
  #into: Uint8Array<ArrayBuffer> | null = null;
  #from: Uint8Array<ArrayBuffer> | null = null;
  readonly #reading = new Waiter<number | null>();
  readonly #writing = new Waiter<number>();
  /** Whether a wait for this side's bell is under way. */
  #listening = false;

  /** Takes one side of fresh memory. */
  constructor(shared: SharedArrayBuffer, side: 0 | 1) {
    const size = (shared.byteLength - HEADER_BYTES) >> 1;
    // TRUST: who sent the memory may keep it. It must not be able to give it another size.
    if (
      !(shared instanceof SharedArrayBuffer) || shared.growable || size < 8 ||
      (size & (size - 1)) !== 0 || shared.byteLength !== HEADER_BYTES + 2 * size
    ) {
      throw new TypeError("Cannot use memory as a ring: its size makes no sense");
    }
    this.#size = size;
    this.#words = new Int32Array(shared, 0, 2 * SIDE_WORDS);
    this.#mine = side * SIDE_WORDS;
    this.#theirs = SIDE_WORDS - this.#mine;
    this.#out = new Uint8Array(shared, HEADER_BYTES + side * size, size);
    this.#in = new Uint8Array(shared, HEADER_BYTES + (1 - side) * size, size);
  }

  /** See {@linkcode Transport.read}. */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    this.#into = into;
    const reading = this.#reading.wait();
    this.#advance();
    return reading;
  }

  /** See {@linkcode Transport.write}. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    this.#from = bytes;
    const writing = this.#writing.wait();
    this.#advance();
    return writing;
  }

  /** See {@linkcode Transport.close}. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    Atomics.store(this.#words, this.#mine + STATE, ENDED | GONE);
    this.#ring(DATA | ROOM);
    // Ends this side's own wait.
    if (this.#listening) Atomics.notify(this.#words, this.#mine + BELL);
    this.#advance();
  }

  /**
   * The other side is dead. Reading gives what it left, then rejects with `reason`, unless it had
   * ended in good order. Writing rejects from now on.
   */
  fail(reason: string): void {
    this.#failure ??= new Error(reason);
    this.#advance();
  }

  /** Does what can be done for a read and a write under way, and sleeps if that is not all. */
  #advance(): void {
    for (let looks = 0; looks < MAX_LOOKS; looks++) {
      const bell = Atomics.load(this.#words, this.#mine + BELL);
      this.#look();
      if (this.#into === null && this.#from === null) return;
      const waits = (this.#into === null ? 0 : DATA) | (this.#from === null ? 0 : ROOM);
      Atomics.store(this.#words, this.#mine + WAITS, waits);
      // ORDER: once more after saying so. What came before the other side could see it rang no bell.
      this.#look();
      if ((this.#into === null && this.#from === null) || this.#listening) return;
      const wait = Atomics.waitAsync(this.#words, this.#mine + BELL, bell);
      if (wait.async) {
        this.#listening = true;
        wait.value.then(this.#wake);
        return;
      }
    }
    this.#break("rings without end");
  }

  readonly #wake = (): void => {
    this.#listening = false;
    this.#advance();
  };

  #look(): void {
    if (this.#into !== null) {
      const outcome = this.#take(this.#into);
      if (outcome !== undefined) {
        this.#into = null;
        this.#reading.settle(outcome);
      }
    }
    if (this.#from !== null) {
      const outcome = this.#put(this.#from);
      if (outcome !== undefined) {
        this.#from = null;
        this.#writing.settle(outcome);
      }
    }
  }

  /** Reads; `undefined` when there is nothing yet. */
  #take(into: Uint8Array<ArrayBuffer>): number | null | Error | undefined {
    if (this.#closed) return null;
    if (this.#broken !== null) return this.#broken;
    // ORDER: the state before the tail, or what was written just before the end would be missed.
    const ended = (Atomics.load(this.#words, this.#theirs + STATE) & ENDED) !== 0;
    const unread = (Atomics.load(this.#words, this.#theirs + TAIL) - this.#head) >>> 0;
    if (unread > this.#size) return this.#break("wrote more than there is room for");
    if (unread === 0) return ended ? null : this.#failure ?? undefined;
    const count = wholeWords(this.#head, Math.min(unread, into.length), unread);
    const at = this.#head & (this.#size - 1), first = Math.min(count, this.#size - at);
    into.set(this.#in.subarray(at, at + first));
    if (first < count) into.set(this.#in.subarray(0, count - first), first);
    this.#head = (this.#head + count) | 0;
    Atomics.store(this.#words, this.#mine + HEAD, this.#head);
    this.#ring(ROOM);
    return count;
  }

  /** Writes; `undefined` when there is no room yet. */
  #put(bytes: Uint8Array<ArrayBuffer>): number | Error | undefined {
    if (this.#closed) return closedHere();
    if (this.#broken !== null) return this.#broken;
    if (this.#failure !== null) return otherSideGone(` (${this.#failure.message})`);
    if ((Atomics.load(this.#words, this.#theirs + STATE) & GONE) !== 0) {
      return otherSideGone();
    }
    const unread = (this.#tail - Atomics.load(this.#words, this.#theirs + HEAD)) >>> 0;
    if (unread > this.#size) return this.#break("read more than was written");
    if (unread === this.#size) return undefined;
    const room = this.#size - unread;
    const count = wholeWords(this.#tail, Math.min(room, bytes.length), bytes.length);
    const at = this.#tail & (this.#size - 1), first = Math.min(count, this.#size - at);
    this.#out.set(bytes.subarray(0, first), at);
    if (first < count) this.#out.set(bytes.subarray(first, count));
    this.#tail = (this.#tail + count) | 0;
    Atomics.store(this.#words, this.#mine + TAIL, this.#tail);
    this.#ring(DATA);
    return count;
  }

  /** Wakes the other side if it waits for `what`. */
  #ring(what: number): void {
    if ((Atomics.load(this.#words, this.#theirs + WAITS) & what) === 0) return;
    // ORDER: silence first. What the other side asks for after the bell is asked for anew.
    Atomics.store(this.#words, this.#theirs + WAITS, 0);
    Atomics.add(this.#words, this.#theirs + BELL, 1);
    Atomics.notify(this.#words, this.#theirs + BELL, 1);
  }

  #break(what: string): Error {
    const broken = new Error(`the other side broke the ring: it ${what}`);
    this.#broken = broken;
    this.#into = this.#from = null;
    this.#reading.settle(broken);
    this.#writing.settle(broken);
    return broken;
  }
}

/**
 * How many of `count` bytes to move from position `at`, when there are `all`: up to a word boundary, if
 * that leaves any. Copies from and to shared memory go byte by byte once they start within a word.
 */
function wholeWords(at: number, count: number, all: number): number {
  const past = (at + count) & 7;
  return count < all && count > past ? count - past : count;
}
