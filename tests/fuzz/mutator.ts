/**
 * Changes valid bytes into bytes that are nearly valid.
 *
 * @module
 */
import type { Random } from "../sim/random.ts";

/** Integers at which checks begin to hold, or cease to. */
const EDGES = [
  0,
  1,
  2,
  7,
  8,
  9,
  47,
  48,
  63,
  64,
  255,
  256,
  1023,
  1024,
  0xffff,
  0x1_0000,
  0xf_ffff,
  0x10_0000,
  0x7fff_ffff,
  0x8000_0000,
  0xffff_ffff,
];

/** Makes changes that a seed decides. */
export class Mutator {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A changed copy. `others` are spliced in; words of `dictionary` are written over. */
  mutate(
    bytes: Uint8Array<ArrayBuffer>,
    others: readonly Uint8Array[] = [],
    dictionary: readonly Uint8Array[] = [],
  ): Uint8Array<ArrayBuffer> {
    const random = this.#random;
    let result = bytes.slice();
    do {
      if (result.length === 0) return result;
      const at = random.below(result.length);
      switch (random.below(10)) {
        case 0:
        case 1:
          result[at]! ^= 1 << random.below(8);
          break;
        case 2:
          result[at] = random.next();
          break;
        case 3:
        case 4:
        case 5:
          this.#overwrite(result, at);
          break;
        case 6:
          result = result.slice(0, at);
          break;
        case 7:
          if (others.length > 0) result = this.#splice(result, at, random.pick(others));
          break;
        default:
          if (dictionary.length > 0) {
            const word = random.pick(dictionary), to = at & ~7;
            result.set(word.subarray(0, result.length - to), to);
          } else this.#overwrite(result, at);
      }
    } while (random.oneIn(3));
    return result;
  }

  /** Writes an edge, or one next to what is there, where an integer may lie. */
  #overwrite(bytes: Uint8Array<ArrayBuffer>, at: number): void {
    const random = this.#random, view = new DataView(bytes.buffer);
    const size = random.pick([1, 2, 4, 4]), to = at & -size;
    if (to + size > bytes.length) return;
    const value = random.oneIn(3) ? null : random.pick(EDGES);
    const step = random.oneIn(2) ? 1 : -1;
    if (size === 1) view.setUint8(to, value ?? view.getUint8(to) + step);
    else if (size === 2) {
      view.setUint16(to, value ?? view.getUint16(to, true) + step, true);
    } else view.setUint32(to, value ?? view.getUint32(to, true) + step, true);
  }

  #splice(
    bytes: Uint8Array<ArrayBuffer>,
    at: number,
    other: Uint8Array,
  ): Uint8Array<ArrayBuffer> {
    const from = this.#random.below(other.length + 1);
    const result = new Uint8Array(at + other.length - from);
    result.set(bytes.subarray(0, at));
    result.set(other.subarray(from), at);
    return result;
  }
}
