/**
 * What a call of the System API came to, under Mojo's names.
 *
 * @module
 */

/**
 * The result codes of Mojo, each at its number: `RESULTS[3]` is `"INVALID_ARGUMENT"`.
 *
 * What a caller has to expect, such as `SHOULD_WAIT`, is returned. What only a mistake can cause is thrown,
 * as a `MisuseError` that carries the code.
 *
 * Source: mojo/public/c/system/types.h.
 */
export const RESULTS = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "BUSY",
  "SHOULD_WAIT",
] as const;

/** One of {@linkcode RESULTS}. */
export type Result = typeof RESULTS[number];
