/**
 * Lengths of time, for `std.TimeDelta`.
 *
 * @module
 */
import type { TypeMap } from "../bindings/type_map.ts";

/** A length of time. */
export type Duration = Temporal.Duration;

const MIN = -(2n ** 63n), MAX = 2n ** 63n - 1n;

/**
 * Lengths of time as nanoseconds. What arrives is in hours and smaller units, each less than one of the next
 * larger: `P1DT90S` arrives as `PT24H1M30S`.
 */
export const Duration: TypeMap<Duration, { readonly nanoseconds: bigint }> = {
  toWire(value) {
    if (!(value instanceof Temporal.Duration)) {
      throw new TypeError("A length of time must be a Temporal.Duration");
    }
    for (const unit of ["years", "months", "weeks"] as const) {
      if (value[unit] !== 0) {
        throw new RangeError(
          `A length of time must have no ${unit}, since how long these are depends on the calendar: received ${value.toString()}`,
        );
      }
    }
    const nanoseconds = nanosecondsOf(value);
    if (nanoseconds < MIN || nanoseconds > MAX) {
      throw new RangeError(
        `A length of time must be below 292 years: received ${value.toString()}`,
      );
    }
    return { nanoseconds };
  },
  fromWire({ nanoseconds }) {
    let rest = nanoseconds;
    const next = (size: bigint): number => {
      const part = rest % size;
      rest /= size;
      return Number(part);
    };
    const ns = next(1000n), us = next(1000n), ms = next(1000n);
    const seconds = next(60n), minutes = next(60n);
    return new Temporal.Duration(0, 0, 0, 0, Number(rest), minutes, seconds, ms, us, ns);
  },
};

function nanosecondsOf(value: Temporal.Duration): bigint {
  const parts: readonly [number, bigint][] = [
    [value.days, 24n],
    [value.hours, 60n],
    [value.minutes, 60n],
    [value.seconds, 1000n],
    [value.milliseconds, 1000n],
    [value.microseconds, 1000n],
    [value.nanoseconds, 1n],
  ];
  // Parts are whole numbers, and may be larger than what is exact once they are multiplied.
  return parts.reduce((sum, [part, size]) => (sum + BigInt(part)) * size, 0n);
}
