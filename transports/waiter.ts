/**
 * The promise that a transport's `read` or `write` hands out when it has to wait.
 *
 * @module
 */

/** At most one promise at a time, settled from elsewhere. Settling when nobody waits does nothing. */
export class Waiter<T> {
  #resolve: ((value: T) => void) | null = null;
  #reject: ((reason: Error) => void) | null = null;
  // Made once, so that waiting costs a promise and nothing else.
  readonly #executor = (
    resolve: (value: T) => void,
    reject: (reason: Error) => void,
  ): void => {
    this.#resolve = resolve;
    this.#reject = reject;
  };

  /** Whether somebody waits. */
  get waiting(): boolean {
    return this.#resolve !== null;
  }

  /** Starts to wait. */
  wait(): Promise<T> {
    return new Promise(this.#executor);
  }

  /** Ends the wait: an error rejects. */
  settle(outcome: T | Error): void {
    const resolve = this.#resolve, reject = this.#reject;
    this.#resolve = this.#reject = null;
    if (outcome instanceof Error) reject?.(outcome);
    else resolve?.(outcome);
  }
}

/** What a `write` rejects with after `close`. */
export function closedHere(): Error {
  return new Error("Cannot write: the transport was closed");
}

/** What a `write` rejects with when nobody reads any more. */
export function otherSideGone(detail = ""): Error {
  return new Error(`Cannot write: the other side is gone${detail}`);
}
