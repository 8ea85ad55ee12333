/**
 * The first byte of the means of a meeting: what kind of means they are, so that nobody takes them for
 * another kind.
 *
 * @module
 */

/** The kinds. */
export const MEANS = {
  /** Then comes the path of a socket. */
  path: 1,
  /** Then comes the number of a descriptor. */
  descriptor: 2,
  /** Then comes the number of a stream between two threads, as four bytes. */
  stream: 3,
} as const;
