/**
 * What a world throws when a promise is not kept.
 *
 * @module
 */

/** A promise that was not kept. */
export class Broken extends Error {
  override readonly name = "Broken";
  /** Which promise: the same for the same kind of mistake. */
  readonly rule: string;

  /** Makes one for people to read. */
  constructor(rule: string, message: string) {
    super(`${rule}: ${message}`);
    this.rule = rule;
  }
}

/** Throws unless `condition` is true. A function makes its message only then. */
export function check(
  condition: boolean,
  rule: string,
  message: string | (() => string),
): asserts condition {
  if (!condition) {
    throw new Broken(rule, typeof message === "string" ? message : message());
  }
}
