/**
 * Numbers as a source spells them.
 *
 * @module
 */

/** No number that fits anywhere is spelled longer. */
const MAX_INTEGER_UNITS = 80;

/** Stands for whole numbers that are too long to look at: out of every range. */
const HUGE = 1n << 200n;

/** The whole number that `text` spells; undefined when it spells one with a fraction or an exponent. */
export function integerOf(text: string): bigint | undefined {
  const [, sign, digits] = /^([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  // LIMIT: reading digits takes more than linear time.
  const magnitude = digits.length > MAX_INTEGER_UNITS ? HUGE : BigInt(digits);
  return sign === "-" ? -magnitude : magnitude;
}

/** The number that `text` spells, with or without a fraction. May be an infinity when it is too large. */
export function floatOf(text: string): number {
  const integer = integerOf(text);
  if (integer === undefined) return Number(text);
  // A zero keeps its sign.
  return integer === 0n && text.startsWith("-") ? -0 : Number(integer);
}

/** The bounds of a range, for a message. */
export function rangeText(min: bigint, max: bigint): string {
  return `${min} to ${max}`;
}
