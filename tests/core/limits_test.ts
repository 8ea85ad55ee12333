import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { LIMITS, type Limits, resolveLimits } from "../../core/limits.ts";

Deno.test("LIMITS cannot be changed, and each preset allows more than the one before", () => {
  const { tiny, child, trusted } = LIMITS;
  for (const preset of [tiny, child, trusted]) assert(Object.isFrozen(preset));
  for (const key of Object.keys(tiny) as (keyof Limits)[]) {
    assert(tiny[key] < child[key] && child[key] < trusted[key], key);
  }
});

Deno.test("resolveLimits fills in what is not given", () => {
  assertStrictEquals(resolveLimits(undefined, LIMITS.child), LIMITS.child);
  assertEquals(resolveLimits({}, LIMITS.child), LIMITS.child);
  const given = { maxPipes: 7, maxFrameBytes: undefined } as unknown as Partial<Limits>;
  assertEquals(resolveLimits(given, LIMITS.child), { ...LIMITS.child, maxPipes: 7 });
});

Deno.test("resolveLimits refuses what makes no sense, naming limit and value", () => {
  const ceilings: Limits = {
    maxFrameBytes: 2 ** 28,
    maxPipesPerMessage: 1024,
    maxPipes: 2 ** 20,
    maxUnreadBytes: 2 ** 30,
    maxUnsentReplyBytes: 2 ** 30,
    maxCallsUnderWay: 1_048_576,
  };
  for (const [name, ceiling] of Object.entries(ceilings)) {
    for (const value of [0, -1, 1.5, NaN, Infinity, ceiling + 1, "5"]) {
      assertThrows(
        () => resolveLimits({ [name]: value }, LIMITS.trusted),
        RangeError,
        `Limit '${name}' must be a whole number from 1 to ${ceiling}: received ${value}`,
      );
    }
  }
  assertEquals(resolveLimits(ceilings, LIMITS.tiny), ceilings);
  assertThrows(
    () => resolveLimits({ maxPort: 1 } as Partial<Limits>, LIMITS.tiny),
    TypeError,
    "Unknown limit 'maxPort'",
  );
});

Deno.test("resolveLimits keeps frames large enough to talk and small enough to be read", () => {
  const resolve = (given: Partial<Limits>) => resolveLimits(given, LIMITS.tiny);
  assertThrows(() => resolve({ maxFrameBytes: 1023 }), RangeError, "at least 1024");
  assertEquals(resolve({ maxFrameBytes: 1024 }).maxFrameBytes, 1024);
  const { maxUnreadBytes } = LIMITS.tiny;
  assertEquals(resolve({ maxFrameBytes: maxUnreadBytes }).maxFrameBytes, maxUnreadBytes);
  assertThrows(
    () => resolve({ maxFrameBytes: maxUnreadBytes + 1 }),
    RangeError,
    "must not be above 'maxUnreadBytes'",
  );
});
