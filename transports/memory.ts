/**
 * A transport between two nodes of one isolate.
 *
 * @module
 */
import type { Transport } from "../core/transport.ts";
import { closedHere, otherSideGone, Waiter } from "./waiter.ts";

/** How a transport moves bytes. */
export interface MemoryOptions {
  /** Bytes that one write takes at most. Default: as many as there is room for. */
  readonly writeBytes?: number;
  /** Bytes that are under way at most; more wait, as in a full socket. Default 256 KiB. */
  readonly roomBytes?: number;
}

/** Bytes that a lane starts with once somebody writes what nobody waits for. */
const FIRST_BYTES = 4096;

/** One direction: what was written and not read yet, in a circle that grows to its room. */
export class Lane {
  /** What one write takes at most: never more than the room, even when somebody waits for it. */
  readonly #writeBytes: number;
  readonly #roomBytes: number;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #start = 0;
  #length = 0;
  #ended = false;
  /** Why nothing can be written any more. */
  #refusal: Error | null = null;
  /** What a waiting read fills. Then nothing is queued. */
  #into: Uint8Array<ArrayBuffer> | null = null;
  /** What a waiting write holds. Then there is no room. */
  #from: Uint8Array<ArrayBuffer> | null = null;
  readonly #reading = new Waiter<number | null>();
  readonly #writing = new Waiter<number>();

  /** Makes an empty one. */
  constructor(options: MemoryOptions = {}) {
    this.#roomBytes = options.roomBytes ?? 256 * 1024;
    this.#writeBytes = Math.min(options.writeBytes ?? Infinity, this.#roomBytes);
  }

  /** See {@linkcode Transport.read}. */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    if (this.#length > 0) {
      const count = this.#take(into);
      if (this.#from !== null) {
        this.#writing.settle(this.#put(this.#from));
        this.#from = null;
      }
      return Promise.resolve(count);
    }
    if (this.#ended) return Promise.resolve(null);
    this.#into = into;
    return this.#reading.wait();
  }

  /** See {@linkcode Transport.write}. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    if (this.#refusal !== null) return Promise.reject(this.#refusal);
    if (this.#into !== null) {
      const count = Math.min(bytes.length, this.#into.length, this.#writeBytes);
      this.#into.set(bytes.subarray(0, count));
      this.#into = null;
      this.#reading.settle(count);
      return Promise.resolve(count);
    }
    if (this.#length < this.#roomBytes) return Promise.resolve(this.#put(bytes));
    this.#from = bytes;
    return this.#writing.wait();
  }

  /** The writer is done. What it wrote is still there to read. */
  end(): void {
    if (this.#ended) return;
    this.#refuse(closedHere());
    this.#ended = true;
    this.#into = null;
    this.#reading.settle(null);
  }

  /** The reader is gone, and with it what it did not read. */
  abandon(): void {
    this.#refuse(otherSideGone());
    this.#ended = true;
    this.#length = 0;
    this.#bytes = new Uint8Array(0);
    this.#into = null;
    this.#reading.settle(null);
  }

  #refuse(why: Error): void {
    this.#refusal ??= why;
    this.#from = null;
    this.#writing.settle(this.#refusal);
  }

  #put(bytes: Uint8Array<ArrayBuffer>): number {
    const count = Math.min(
      bytes.length,
      this.#writeBytes,
      this.#roomBytes - this.#length,
    );
    if (this.#length + count > this.#bytes.length) this.#grow(this.#length + count);
    const at = (this.#start + this.#length) % this.#bytes.length;
    const first = Math.min(count, this.#bytes.length - at);
    this.#bytes.set(bytes.subarray(0, first), at);
    if (first < count) this.#bytes.set(bytes.subarray(first, count));
    this.#length += count;
    return count;
  }

  #take(into: Uint8Array<ArrayBuffer>): number {
    const count = Math.min(into.length, this.#length);
    const first = Math.min(count, this.#bytes.length - this.#start);
    into.set(this.#bytes.subarray(this.#start, this.#start + first));
    if (first < count) into.set(this.#bytes.subarray(0, count - first), first);
    this.#length -= count;
    this.#start = (this.#start + count) % this.#bytes.length;
    return count;
  }

  #grow(needed: number): void {
    let size = Math.max(FIRST_BYTES, this.#bytes.length);
    while (size < needed) size *= 2;
    const bytes = new Uint8Array(size), length = this.#length;
    this.#take(bytes);
    this.#bytes = bytes;
    this.#start = 0;
    this.#length = length;
  }
}

/** One end. */
export class MemoryTransport implements Transport {
  readonly #in: Lane;
  readonly #out: Lane;

  /** Reads from one lane and writes to another. */
  constructor(input: Lane, output: Lane) {
    this.#in = input;
    this.#out = output;
  }

  /** See {@linkcode Transport.read}. */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    return this.#in.read(into);
  }

  /** See {@linkcode Transport.write}. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    return this.#out.write(bytes);
  }

  /** See {@linkcode Transport.close}. */
  close(): void {
    this.#out.end();
    this.#in.abandon();
  }
}

/** Both ends of a transport. */
export function memoryTransports(
  options: MemoryOptions = {},
): [MemoryTransport, MemoryTransport] {
  const there = new Lane(options), back = new Lane(options);
  return [new MemoryTransport(back, there), new MemoryTransport(there, back)];
}
