/**
 * Enums that may have more values on the other side.
 *
 * @module
 */

/** A value of `Known`, or a number that the other side has a name for and this one does not. */
export type Open<Known extends number> = Known | (number & Record<never, never>);
