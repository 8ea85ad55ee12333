/**
 * What the floor runs on where there is no `Deno.Conn`: each as bare as it can be. Nothing is checked,
 * and only one read and one write is ever under way.
 *
 * @module
 */
import { Socket, type SocketConstructorOpts } from "node:net";
import type { FloorStream } from "./floor.ts";

const RING_BYTES = 256 * 1024;
const HEAD_WORDS = 16;

/** Memory for {@linkcode RingStream}, for both sides. */
export function floorRing(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD_WORDS * 4 + 2 * RING_BYTES);
}

/** One side of two rings in shared memory. Words: bytes written and read, of each ring. */
export class RingStream implements FloorStream {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #in: Uint8Array<SharedArrayBuffer>;
  readonly #out: Uint8Array<SharedArrayBuffer>;
  readonly #inWord: number;
  readonly #outWord: number;
  #read = 0;
  #written = 0;

  /** Takes a side. */
  constructor(shared: SharedArrayBuffer, side: 0 | 1) {
    this.#words = new Int32Array(shared, 0, HEAD_WORDS);
    const ring = (i: number) =>
      new Uint8Array(shared, HEAD_WORDS * 4 + i * RING_BYTES, RING_BYTES);
    this.#out = ring(side);
    this.#in = ring(1 - side);
    this.#outWord = side * 2;
    this.#inWord = 2 - side * 2;
  }

  /** See {@linkcode FloorStream.read}. */
  async read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    for (;;) {
      const written = Atomics.load(this.#words, this.#inWord);
      const there = (written - this.#read) | 0, at = this.#read & (RING_BYTES - 1);
      const count = Math.min(there, into.length, RING_BYTES - at);
      if (count > 0) {
        into.set(this.#in.subarray(at, at + count));
        this.#read = (this.#read + count) | 0;
        Atomics.store(this.#words, this.#inWord + 1, this.#read);
        Atomics.notify(this.#words, this.#inWord + 1);
        return count;
      }
      const wait = Atomics.waitAsync(this.#words, this.#inWord, written);
      if (wait.async) await wait.value;
    }
  }

  /** See {@linkcode FloorStream.write}. */
  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    for (;;) {
      const read = Atomics.load(this.#words, this.#outWord + 1);
      const room = RING_BYTES - ((this.#written - read) | 0);
      const at = this.#written & (RING_BYTES - 1);
      const count = Math.min(room, bytes.length, RING_BYTES - at);
      if (count > 0) {
        this.#out.set(bytes.subarray(0, count), at);
        this.#written = (this.#written + count) | 0;
        Atomics.store(this.#words, this.#outWord, this.#written);
        Atomics.notify(this.#words, this.#outWord);
        return count;
      }
      const wait = Atomics.waitAsync(this.#words, this.#outWord + 1, read);
      if (wait.async) await wait.value;
    }
  }
}

/** What has come and was not read, and who waits for it. */
class Inbox {
  readonly #chunks: Uint8Array[] = [];
  #into: Uint8Array<ArrayBuffer> | null = null;
  #resolve: (count: number) => void = () => {};

  /** Takes what came: straight to where it is wanted, or as a copy if it is only `lent`. */
  push(chunk: Uint8Array, lent: boolean): void {
    const into = this.#into;
    if (into === null) {
      this.#chunks.push(lent ? chunk.slice() : chunk);
      return;
    }
    this.#into = null;
    const count = Math.min(chunk.length, into.length);
    into.set(chunk.subarray(0, count));
    if (count < chunk.length) this.push(chunk.subarray(count), lent);
    this.#resolve(count);
  }

  read(into: Uint8Array<ArrayBuffer>): Promise<number> {
    const chunk = this.#chunks[0];
    if (chunk === undefined) {
      this.#into = into;
      return new Promise((resolve) => this.#resolve = resolve);
    }
    const count = Math.min(chunk.length, into.length);
    into.set(chunk.subarray(0, count));
    if (count === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(count);
    return Promise.resolve(count);
  }
}

/** A port, without any bound on what is under way. */
export class PortStream implements FloorStream {
  readonly #port: MessagePort;
  readonly #inbox = new Inbox();

  /** Takes a port over. */
  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }) => this.#inbox.push(data, false);
  }

  /** See {@linkcode FloorStream.read}. */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    return this.#inbox.read(into);
  }

  /** See {@linkcode FloorStream.write}. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    // A part of a buffer would be cloned with all of the buffer.
    const copy = bytes.slice();
    if (copy.length < 16_384) this.#port.postMessage(copy);
    else this.#port.postMessage(copy, [copy.buffer]);
    return Promise.resolve(bytes.length);
  }
}

/** A socket of `node:net`, by its descriptor or taken over from another one. */
export class SocketStream implements FloorStream {
  readonly #socket: Socket;
  readonly #inbox = new Inbox();

  /** Takes a socket over. */
  constructor(from: number | Socket) {
    const buffer = new Uint8Array(128 * 1024);
    const origin = typeof from === "number"
      ? { fd: from }
      : { handle: (from as unknown as { _handle: unknown })._handle };
    const callback = (count: number) => {
      this.#inbox.push(buffer.subarray(0, count), true);
      return true;
    };
    this.#socket = new Socket(
      { ...origin, onread: { buffer, callback } } as SocketConstructorOpts,
    );
  }

  /** See {@linkcode FloorStream.read}. */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    return this.#inbox.read(into);
  }

  /** See {@linkcode FloorStream.write}. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    return new Promise((resolve) => {
      this.#socket.write(bytes, () => resolve(bytes.length));
    });
  }

  /** Ends it. */
  close(): void {
    this.#socket.destroy();
  }
}
