/**
 * Streams of bytes that follow from a seed, so that whoever reads one can tell what is missing,
 * doubled or out of place.
 *
 * @module
 */
import type { Transport } from "../../core/transport.ts";

/** What one side writes, or reads. */
export interface Flow {
  readonly seed: number;
  readonly totalBytes: number;
  /** Bytes offered to one write, or asked of one read. */
  readonly stepBytes: number;
}

/** The byte of a stream at a position. */
export function byteAt(seed: number, position: number): number {
  return Math.imul(position ^ (position >>> 8) ^ seed, 0x9e3779b1) >>> 24;
}

/** Bytes of a stream. */
export function piece(
  seed: number,
  position: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = byteAt(seed, position + i);
  return bytes;
}

/** Throws unless `bytes` are those of the stream from `position` on. */
export function checkPiece(seed: number, position: number, bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) {
    const expected = byteAt(seed, position + i);
    if (bytes[i] !== expected) {
      throw new Error(`byte ${position + i} is ${bytes[i]} instead of ${expected}`);
    }
  }
}

/** Writes all of `bytes`. */
export async function writeAll(
  transport: Transport,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const count = await transport.write(bytes.subarray(at));
    if (!(count > 0 && count <= bytes.length - at)) {
      throw new Error(`a write of ${bytes.length - at} took ${count}`);
    }
    at += count;
  }
}

/** Writes a whole flow; tells after each write how much is written. */
export async function pour(
  transport: Transport,
  { seed, totalBytes, stepBytes }: Flow,
  progress: (position: number) => void = () => {},
): Promise<void> {
  for (let at = 0; at < totalBytes;) {
    const bytes = piece(seed, at, Math.min(stepBytes, totalBytes - at));
    for (let done = 0; done < bytes.length;) {
      const count = await transport.write(bytes.subarray(done));
      if (!(count > 0 && count <= bytes.length - done)) {
        throw new Error(`a write of ${bytes.length - done} took ${count}`);
      }
      // Borrowed until here only.
      bytes.fill(0xee, done, done + count);
      done += count;
      at += count;
      progress(at);
    }
  }
}

/** Reads a whole flow and checks every byte. */
export async function drain(
  transport: Transport,
  { seed, totalBytes, stepBytes }: Flow,
): Promise<void> {
  const into = new Uint8Array(stepBytes);
  for (let at = 0; at < totalBytes;) {
    const count = await transport.read(into);
    if (count === null) throw new Error(`the stream ended after ${at} bytes`);
    if (!(count > 0 && count <= stepBytes)) {
      throw new Error(`a read of ${stepBytes} gave ${count}`);
    }
    checkPiece(seed, at, into.subarray(0, count));
    at += count;
  }
}

/** Reads until the stream ends and returns how much came, checked. */
export async function drainToEnd(transport: Transport, seed: number): Promise<number> {
  const into = new Uint8Array(10_000);
  for (let at = 0;;) {
    const count = await transport.read(into);
    if (count === null) return at;
    checkPiece(seed, at, into.subarray(0, count));
    at += count;
  }
}
