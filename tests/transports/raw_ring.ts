/**
 * The shared memory of a ring as a foreign hand reaches it.
 *
 * @module
 */

/** Words of one side. */
export const WORDS = { tail: 0, head: 1, state: 2, waits: 3, bell: 4 } as const;
const SIDE_WORDS = 16;

/** Writes a word of one side. */
export function setWord(
  shared: SharedArrayBuffer,
  side: 0 | 1,
  word: keyof typeof WORDS,
  value: number,
): void {
  Atomics.store(new Int32Array(shared), side * SIDE_WORDS + WORDS[word], value);
}

/** Reads a word of one side. */
export function word(
  shared: SharedArrayBuffer,
  side: 0 | 1,
  word: keyof typeof WORDS,
): number {
  return Atomics.load(new Int32Array(shared), side * SIDE_WORDS + WORDS[word]);
}

/** Wakes a side, whatever it waits for. */
export function ring(shared: SharedArrayBuffer, side: 0 | 1): void {
  const words = new Int32Array(shared), bell = side * SIDE_WORDS + WORDS.bell;
  Atomics.add(words, bell, 1);
  Atomics.notify(words, bell);
}

/** Ends what a side writes, and wakes the other. */
export function endWrites(shared: SharedArrayBuffer, side: 0 | 1): void {
  setWord(shared, side, "state", 1);
  ring(shared, side === 0 ? 1 : 0);
}
