/**
 * A number that stands for the state of a small world: two states with the same one go on alike.
 *
 * Names are counted, not random, so that they can be told from other words wherever they lie. Each is
 * replaced by its place: ports by the order in which their node made them, what is gone by the order
 * in which it is come across.
 *
 * @module
 */
import type { Environment } from "../../core/environment.ts";
import { Name } from "../../core/names.ts";

const NAME_MARK = 0x6d616765, NAME_BITS = 0x4000_0000;
const BATCH_NAMES = 256;
const batches: Int32Array<ArrayBuffer>[] = [];

/** An environment whose names are counted: no two nodes of a world may have the same `index`. */
export function countingEnvironment(index: number): Environment {
  let filled = 0;
  return {
    fillRandom: (words) => {
      if (filled++ === 0) return words.set(batches[index] ??= batch(index, 0));
      words.set(batch(index, filled - 1));
    },
    now: () => 0,
    nextTurn: () => Promise.resolve(),
    after: () => () => {},
  };
}

function batch(index: number, number: number): Int32Array<ArrayBuffer> {
  const words = new Int32Array(BATCH_NAMES * 4).fill(NAME_MARK);
  for (let i = 0; i < BATCH_NAMES; i++) {
    words[i * 4] = NAME_BITS | index << 20 | (number * BATCH_NAMES + i);
  }
  return words;
}

const MOST_NAMES = 64;
const names: Name[][] = [];

/** The names that the node of that index gives. A small world needs no more than the first few. */
export function namesOf(index: number): readonly Name[] {
  return names[index] ??= Array.from(
    { length: MOST_NAMES },
    (_, i) => new Name(NAME_BITS | index << 20 | i, NAME_MARK, NAME_MARK, NAME_MARK),
  );
}

/** Gathers all that a state is made of. */
export class Fingerprint {
  #one = 0x811c9dc5;
  #two = 0x2545f491;
  readonly #names: Map<number, number> = new Map();

  /** What was gathered, as one number of 53 bits. */
  get value(): number {
    return (this.#one >>> 0) * 0x20_0000 + (this.#two >>> 11);
  }

  /** Adds a word. */
  add(word: number): void {
    this.#one = Math.imul(this.#one ^ word, 0x01000193);
    this.#one ^= this.#one >>> 15;
    let two = Math.imul(this.#two + word | 0, 0x5bd1e995);
    two ^= two >>> 13;
    this.#two = Math.imul(two, 0xc2b2ae35) ^ this.#two >>> 16;
  }

  /** Adds a name, or that there is none. */
  name(name: Name | null): void {
    this.#name(name === null ? 0 : name.a);
  }

  #name(word: number): void {
    let place = this.#names.get(word);
    if (place === undefined) this.#names.set(word, place = this.#names.size);
    this.add(place);
  }

  /** Adds a text. */
  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
    this.add(-1);
  }

  /** Adds bytes, in which names begin at multiples of four. */
  bytes(bytes: Uint8Array, start: number, end: number): void {
    this.add(end - start);
    // Most of a large message is nothing: what there is has its place.
    for (let at = start; at < end; at += 4) {
      const word = wordAt(bytes, at);
      if (word === 0) continue;
      this.add(at - start);
      if ((word & 0xf000_0000) === NAME_BITS && wordAt(bytes, at + 4) === NAME_MARK) {
        this.#name(word);
        at += 12;
      } else this.add(word);
    }
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
}
