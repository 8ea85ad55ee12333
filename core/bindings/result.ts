/**
 * What a method with `=> result<T, E>` answers.
 *
 * @module
 */

/** One thing or the other: look at `ok`. */
export type Result<T, E> =
  | {
    /** It went well. */
    readonly ok: true;
    /** What came of it. */
    readonly value: T;
  }
  | {
    /** It did not. */
    readonly ok: false;
    /** What went wrong. */
    readonly error: E;
  };

/**
 * Thrown by the implementation of a method with `=> result<T, E>`, it answers that what went wrong is
 * `error`: the same as to return `{ ok: false, error }`. Anywhere else it is an error like all others.
 *
 * ```ts
 * import { Fail } from "@mage/ipc";
 *
 * const sizes = new Map([["a", 1]]);
 * function size(name: string): number {
 *   return sizes.get(name) ?? (() => { throw new Fail("no such file"); })();
 * }
 * console.log(size("a"));
 * ```
 */
export class Fail<E = unknown> extends Error {
  /** What the caller gets. */
  readonly error: E;
  /** Makes one. */
  constructor(error: E) {
    super("The method answers with an error");
    this.name = "Fail";
    this.error = error;
  }
}
