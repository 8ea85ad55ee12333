/**
 * Moments, for `std.Time`.
 *
 * @module
 */
import type { TypeMap } from "../bindings/type_map.ts";

/** A moment. */
export type Instant = Temporal.Instant;

/** What 64 bits of nanoseconds reach to: less than what Temporal does. */
const MIN = -(2n ** 63n), MAX = 2n ** 63n - 1n;

/** Moments as nanoseconds since 1970. */
export const Instant: TypeMap<Instant, { readonly nanoseconds: bigint }> = {
  toWire(value) {
    if (!(value instanceof Temporal.Instant)) {
      throw new TypeError("A time must be a Temporal.Instant");
    }
    const nanoseconds = value.epochNanoseconds;
    if (nanoseconds < MIN || nanoseconds > MAX) {
      throw new RangeError(
        `A time must be within 292 years of 1970: received ${value.toString()}`,
      );
    }
    return { nanoseconds };
  },
  fromWire: ({ nanoseconds }) => new Temporal.Instant(nanoseconds),
};
