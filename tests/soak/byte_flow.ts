/**
 * Bytes that either side makes up for itself, word by word, and a hash of them: what takes part in it can
 * go on in another process from three numbers.
 *
 * @module
 */

/** A flow of bytes, at some point of it. */
export class ByteFlow {
  /** How many bytes have gone by. */
  position: number;
  /** What they come to. */
  hash: number;
  #word: number;

  /** Starts, or goes on where another one was. */
  constructor(position = 0, hash = 0x811c9dc5, word = 0x2545f491) {
    this.position = position;
    this.hash = hash;
    this.#word = word;
  }

  /** Goes on from `view`. */
  static read(view: DataView, at: number): ByteFlow {
    return new ByteFlow(
      view.getFloat64(at),
      view.getInt32(at + 8),
      view.getInt32(at + 12),
    );
  }

  /** Tells where it is, in 16 bytes. */
  write(view: DataView, at: number): void {
    view.setFloat64(at, this.position);
    view.setInt32(at + 8, this.hash);
    view.setInt32(at + 12, this.#word);
  }

  #next(): number {
    let word = this.#word;
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return this.#word = word;
  }

  #count(bytes: Uint8Array): void {
    const { length } = bytes;
    let hash = this.hash;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    this.hash = hash;
    this.position += length;
  }

  /** Fills `bytes`, a whole number of words, with what comes next. Nothing is counted before it is taken. */
  fill(bytes: Uint8Array<ArrayBuffer>): void {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    for (let i = 0; i < words.length; i++) words[i] = this.#next();
  }

  /** Counts bytes that were taken. */
  took(bytes: Uint8Array): void {
    this.#count(bytes);
  }

  /** Counts bytes that came. Throws when one is not what comes next. */
  expect(bytes: Uint8Array<ArrayBuffer>, scratch: Uint8Array<ArrayBuffer>): void {
    const expected = scratch.subarray(0, bytes.length);
    this.fill(expected);
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] !== expected[i]) {
        throw new Error(
          `byte ${this.position + i} is ${bytes[i]} instead of ${expected[i]}`,
        );
      }
    }
    this.#count(bytes);
  }
}
