/**
 * Who is told of a message that made no sense.
 *
 * @module
 */
import type { BadMessageError } from "../errors.ts";
import type { Neighbor } from "../ports/link.ts";

/** A message broke a rule of its payload. It came over the link to `neighbor`, or from this node. */
export function reportBadMessage(
  _neighbor: Neighbor | null,
  _error: BadMessageError,
): void {
}
