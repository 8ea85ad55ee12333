/**
 * Bytes that come with a message or in a shared buffer, for `std.BigBuffer`.
 *
 * @module
 */
import type { BigBuffer } from "./std.magen.ts";

/** Options of {@linkcode takeBytes}. */
export interface TakeBytesOptions {
  /** The most bytes to take. Default: as many as a shared buffer can have, which is 1 GiB. */
  readonly maxBytes?: number;
  /** Gives up when it fires. */
  readonly signal?: AbortSignal;
}

/**
 * The bytes of `buffer`, wherever they are, for the caller alone: those of a shared buffer are copied, since
 * others may still write to it. The buffer is consumed, whether or not this rejects: a shared one is closed.
 *
 * @throws {RangeError} if there are more than `maxBytes`
 * @throws {SharedBufferError} `unavailable`, if there is no way to get the memory to this process
 * @throws the reason of `signal`, when it fires first
 */
export async function takeBytes(
  buffer: BigBuffer,
  { maxBytes = Infinity, signal }: TakeBytesOptions = {},
): Promise<Uint8Array> {
  if (buffer.kind === "bytes") {
    checkSize(buffer.value.length, maxBytes);
    return buffer.value;
  }
  using shared = buffer.value;
  checkSize(shared.size, maxBytes);
  using mapping = await shared.map(0, shared.size, signal && { signal });
  const bytes = new Uint8Array(mapping.length);
  mapping.readAt(0, bytes);
  return bytes;
}

function checkSize(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new RangeError(
    `Cannot take bytes: there may be at most ${maxBytes}: received ${bytes}`,
  );
}
