import { assertEquals, assertThrows } from "@std/assert";
import { Instant } from "../../../core/std/time.ts";
import { Duration } from "../../../core/std/time_delta.ts";

const MAX = 2n ** 63n - 1n, MIN = -(2n ** 63n);

function instant(nanoseconds: bigint): Temporal.Instant {
  return new Temporal.Instant(nanoseconds);
}

function duration(nanoseconds: bigint): string {
  return Duration.fromWire({ nanoseconds }).toString();
}

Deno.test("Instant gives back every nanosecond that 64 bits hold", () => {
  for (const nanoseconds of [0n, 1n, -1n, 1_234_567_890_123_456_789n, MIN, MAX]) {
    assertEquals(Instant.toWire(instant(nanoseconds)), { nanoseconds });
    assertEquals(Instant.fromWire({ nanoseconds }).epochNanoseconds, nanoseconds);
  }
});

Deno.test("Instant refuses a moment that 64 bits do not hold", () => {
  for (const nanoseconds of [MAX + 1n, MIN - 1n, 86_400n * 10n ** 17n]) {
    assertThrows(
      () => Instant.toWire(instant(nanoseconds)),
      RangeError,
      `A time must be within 292 years of 1970: received ${instant(nanoseconds)}`,
    );
  }
});

Deno.test("Instant refuses what is not a Temporal.Instant", () => {
  for (
    const value of [new Date(0), 0, "1970-01-01T00:00Z", null, { epochNanoseconds: 0n }]
  ) {
    assertThrows(
      () => Instant.toWire(value as unknown as Temporal.Instant),
      TypeError,
      "A time must be a Temporal.Instant",
    );
  }
});

Deno.test("Duration counts all units up to days exactly", () => {
  const sent = Temporal.Duration.from({
    days: 1,
    hours: 1,
    minutes: 1,
    seconds: 1,
    milliseconds: 1,
    microseconds: 1,
    nanoseconds: 1,
  });
  const nanoseconds = 90_061_001_001_001n;
  assertEquals(Duration.toWire(sent), { nanoseconds });
  assertEquals(Duration.toWire(sent.negated()), { nanoseconds: -nanoseconds });
});

Deno.test("Duration keeps nanoseconds of a part that a double cannot add up", () => {
  const sent = Temporal.Duration.from({ seconds: 9_007_199_254, nanoseconds: 740_993 });
  assertEquals(Duration.toWire(sent).nanoseconds, 9_007_199_254_000_740_993n);
});

Deno.test("Duration gives hours and what is below them, each less than one of the next", () => {
  assertEquals(duration(0n), "PT0S");
  assertEquals(duration(90_061_001_001_001n), "PT25H1M1.001001001S");
  assertEquals(duration(-90_061_001_001_001n), "-PT25H1M1.001001001S");
  assertEquals(duration(3_599_999_999_999n), "PT59M59.999999999S");
});

Deno.test("Duration gives back whatever 64 bits hold", () => {
  for (const nanoseconds of [MIN, MAX, -1n, 1n, 59_999_999_999n, -3_600_000_000_000n]) {
    assertEquals(Duration.toWire(Duration.fromWire({ nanoseconds })), { nanoseconds });
  }
});

Deno.test("Duration refuses units whose length depends on the calendar", () => {
  for (const unit of ["years", "months", "weeks"] as const) {
    assertThrows(
      () => Duration.toWire(Temporal.Duration.from({ [unit]: 1 })),
      RangeError,
      `A length of time must have no ${unit}`,
    );
  }
});

Deno.test("Duration refuses a length that 64 bits do not hold", () => {
  const longest = Duration.fromWire({ nanoseconds: MAX });
  assertThrows(
    () => Duration.toWire(longest.add({ nanoseconds: 1 })),
    RangeError,
    "A length of time must be below 292 years: received PT2562047H",
  );
});

Deno.test("Duration refuses what is not a Temporal.Duration", () => {
  for (const value of ["PT1S", 1, undefined, { seconds: 1 }]) {
    assertThrows(
      () => Duration.toWire(value as unknown as Temporal.Duration),
      TypeError,
      "A length of time must be a Temporal.Duration",
    );
  }
});
