/**
 * The rights of whoever has a handle on a file, at the numbers of their bits.
 *
 * @module
 */
import type { FileRight } from "./open_handles.ts";

/** The rights. */
export const RIGHTS: readonly FileRight[] = [
  "read",
  "write",
  "seek",
  "stat",
  "sync",
  "truncate",
];
/** All of them. */
export const ALL_RIGHTS: number = 2 ** RIGHTS.length - 1;

/** The bits of some. */
export function rightBits(...rights: readonly FileRight[]): number {
  return rights.reduce((sum, right) => sum | 1 << RIGHTS.indexOf(right), 0);
}
