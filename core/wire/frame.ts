/**
 * The unit on a transport, and how a stream of bytes is cut into them.
 *
 * ```text
 *  0        4      5       6        8
 *  +--------+------+-------+--------+------------------+---------+
 *  | length | type | flags | count  | the event        | zeros   |
 *  +--------+------+-------+--------+------------------+---------+
 * ```
 *
 * `length` counts from its own first byte to the end of the event. The next frame starts at the next
 * multiple of 8, so that words stay aligned wherever frames are copied.
 *
 * @module
 */

/** Bytes of the head that all frames share. */
export const FRAME_HEAD_BYTES = 8;

const CHUNK_BYTES = 256 * 1024;
const MIN_READ_BYTES = 64 * 1024;

/**
 * Cuts what is read into frames, in place. Ask for `space`, read into it, tell `filled` how much came,
 * then take frames with `next` until there are none.
 */
export class FrameReader {
  /** The buffer that the current frame lies in. */
  bytes: Uint8Array<ArrayBuffer>;
  /** A view of the same buffer. */
  view: DataView<ArrayBuffer>;
  /** Where the current frame starts. */
  start = 0;
  /** Where it ends, padding not included. */
  end = 0;
  /** What broke the stream for good, once something has. */
  violation: string | null = null;
  #next = 0;
  #filled = 0;
  /** Longer frames are violations. May be raised between frames. */
  maxFrameBytes: number;
  readonly #chunkBytes: number;

  /** Makes a reader that refuses frames above `maxFrameBytes`. */
  constructor(maxFrameBytes: number, chunkBytes: number = CHUNK_BYTES) {
    this.maxFrameBytes = maxFrameBytes;
    this.#chunkBytes = chunkBytes;
    this.bytes = new Uint8Array(chunkBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Bytes read and not yet taken as a frame: above zero at the end of the stream, a frame was cut. */
  get pending(): number {
    return this.#filled - this.#next;
  }

  /** Where the next bytes of the stream go. Moves the rest of a cut frame; frames taken are gone. */
  space(): Uint8Array<ArrayBuffer> {
    const rest = this.#filled - this.#next;
    let size = this.#chunkBytes;
    if (rest >= 4) {
      // The length was checked by `next`. A frame that does not fit gets one buffer that it fits.
      const frame = padded(this.view.getUint32(this.#next, true));
      while (size < frame) size *= 2;
    }
    if (size > this.bytes.length || (size < this.bytes.length && rest <= size)) {
      const bytes = new Uint8Array(size);
      bytes.set(this.bytes.subarray(this.#next, this.#filled));
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer);
      this.#filled = rest;
      this.#next = 0;
    } else if (rest === 0) {
      this.#next = this.#filled = 0;
    } else if (this.#next > 0 && this.#tooLittleRoom()) {
      this.bytes.copyWithin(0, this.#next, this.#filled);
      this.#filled = rest;
      this.#next = 0;
    }
    return this.bytes.subarray(this.#filled);
  }

  #tooLittleRoom(): boolean {
    const room = this.bytes.length - this.#filled;
    if (room < Math.min(MIN_READ_BYTES, this.bytes.length >> 1)) return true;
    const rest = this.#filled - this.#next;
    return rest >= 4 && this.#next + padded(this.view.getUint32(this.#next, true)) >
        this.bytes.length;
  }

  /** Tells how many bytes were read into `space`. */
  filled(count: number): void {
    this.#filled += count;
  }

  /** Moves to the next whole frame. False when more bytes are needed, or after a violation. */
  next(): boolean {
    if (this.violation !== null) return false;
    const start = this.#next, have = this.#filled - start;
    if (have < 4) return false;
    const length = this.view.getUint32(start, true);
    if (length < FRAME_HEAD_BYTES) return this.#violate("frame-too-short");
    if (length > this.maxFrameBytes) return this.#violate("frame-too-long");
    if (have < padded(length)) return false;
    this.start = start;
    this.end = start + length;
    this.#next = start + padded(length);
    return true;
  }

  #violate(rule: string): false {
    this.violation = rule;
    return false;
  }
}

/** The place a frame of this length takes up. */
export function padded(length: number): number {
  return (length + 7) & ~7;
}

/** Calls `visit` with the place of every frame in `bytes`, which holds whole ones. */
export function forEachFrame(
  bytes: Uint8Array<ArrayBuffer>,
  visit: (start: number, end: number) => void,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at, true);
    visit(at, at + length);
    at += padded(length);
  }
}
