/**
 * Things that are done one after the other.
 *
 * @module
 */

/** One after the other, as they came. */
export class Turns {
  #last: Promise<unknown> | null = null;

  /** Whether something is under way. */
  get isBusy(): boolean {
    return this.#last !== null;
  }

  /** Does `work` once all before it is done. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const turn = before === null ? work() : before.then(work);
    const settled = this.#last = turn.then(() => {}, () => {});
    try {
      return await turn;
    } finally {
      if (this.#last === settled) this.#last = null;
    }
  }
}
