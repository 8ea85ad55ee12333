/**
 * A socket that a process reads, and nothing else: what streams are measured beside.
 *
 * @module
 */
import { BareProcess } from "./bare_process.ts";

const FLOOR_CHILD = new URL("./floor_stream_child.ts", import.meta.url);
/** Bytes of a write. */
export const CHUNK_BYTES: number = 64 * 1024;

const chunk = new Uint8Array(CHUNK_BYTES).fill(0x5a);

/** A stream of `bytes` bytes, as fast as it is read. */
export function source(bytes: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      left -= CHUNK_BYTES;
      controller.enqueue(chunk);
    },
  }, { highWaterMark: 0 });
}

/** A socket that a child reads, and nothing else. */
export class FloorStreams implements AsyncDisposable {
  readonly #process: BareProcess;

  private constructor(process: BareProcess) {
    this.#process = process;
  }

  static async start(): Promise<FloorStreams> {
    return new FloorStreams(await BareProcess.start(FLOOR_CHILD));
  }

  async write(bytes: number): Promise<void> {
    const { conn } = this.#process;
    await this.#begin(bytes);
    for (let sent = 0; sent < bytes; sent += CHUNK_BYTES) {
      for (let at = 0; at < CHUNK_BYTES;) at += await conn.write(chunk.subarray(at));
    }
    await conn.read(new Uint8Array(1));
  }

  async pipeTo(bytes: number): Promise<void> {
    const { conn } = this.#process;
    await this.#begin(bytes);
    await source(bytes).pipeTo(conn.writable, { preventClose: true });
    await conn.read(new Uint8Array(1));
  }

  async #begin(bytes: number): Promise<void> {
    const head = new DataView(new ArrayBuffer(8));
    head.setFloat64(0, bytes);
    await this.#process.conn.write(new Uint8Array(head.buffer));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }
}
