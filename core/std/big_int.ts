/**
 * Integers of any size, for `std.BigInt`.
 *
 * @module
 */
import type { TypeMap } from "../bindings/type_map.ts";

/** An integer of any size. */
export type BigInteger = bigint;

/** The most bytes that an integer may have. */
export const MAX_BIG_INT_BYTES: number = 8192;

/** An integer as it is sent. */
export interface BigIntegerWire {
  /** Whether it is below zero. */
  readonly negative: boolean;
  /** How far from zero it is, the lowest byte first and no zero last. */
  readonly magnitude: Uint8Array;
}

/** Integers as a sign and bytes. */
export const BigInteger: TypeMap<BigInteger, BigIntegerWire> = {
  toWire(value) {
    if (typeof value !== "bigint") throw new TypeError("A big integer must be a bigint");
    if (value === 0n) return { negative: false, magnitude: new Uint8Array(0) };
    const negative = value < 0n;
    const digits = (negative ? -value : value).toString(16);
    const hex = digits.padStart(digits.length + digits.length % 2, "0");
    if (hex.length > 2 * MAX_BIG_INT_BYTES) {
      throw new RangeError(
        `A big integer must have at most ${MAX_BIG_INT_BYTES} bytes: received ${
          hex.length / 2
        }`,
      );
    }
    return { negative, magnitude: Uint8Array.fromHex(hex).reverse() };
  },
  fromWire({ negative, magnitude }) {
    if (magnitude.length === 0) {
      if (negative) throw new RangeError("A big integer must not be a negative zero");
      return 0n;
    }
    if (magnitude.at(-1) === 0) {
      throw new RangeError("A big integer must not have a leading zero byte");
    }
    const value = BigInt(`0x${magnitude.toReversed().toHex()}`);
    return negative ? -value : value;
  },
};
