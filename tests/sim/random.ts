/**
 * Randomness that a seed decides.
 *
 * @module
 */
import type { Environment } from "../../core/environment.ts";

/** A small generator of pseudo-random numbers. */
export class Random {
  #state: number;

  /** Starts from a seed. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 32 bits. */
  next(): number {
    let t = this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number {
    return this.next() % below;
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of `items`. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** An environment whose randomness comes from a seed and whose clock stands still. */
export function seededEnvironment(seed: number): Environment {
  const random = new Random(seed);
  return {
    fillRandom: (words) => {
      for (let i = 0; i < words.length; i++) words[i] = random.next() | 0;
    },
    now: () => 0,
    nextTurn: () => Promise.resolve(),
    after: () => () => {},
  };
}
