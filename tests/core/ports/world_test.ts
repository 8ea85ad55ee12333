import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { runSchedule, World, type WorldOptions } from "./world.ts";

const SCHEDULES = 750, STEPS = 200;

function runMany(options: Omit<WorldOptions, "seed">, schedules = SCHEDULES) {
  let messages = 0, lost = 0, met = 0;
  for (let seed = 1; seed <= schedules; seed++) {
    try {
      const world = runSchedule({ seed, ...options }, STEPS);
      messages += world.messagesRead;
      lost += world.kills;
      met += world.met;
    } catch (error) {
      const how = Object.entries(options).join(" ");
      throw new Error(`seed ${seed}, ${how}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
  return { messages, lost, met };
}

Deno.test("World keeps every promise when all links live", () => {
  const { messages, lost } = runMany({ kills: false });
  assert(messages > SCHEDULES * 10, `only ${messages} messages were read`);
  assertEquals(lost, 0);
});

Deno.test("World tells everybody who waits when links are lost", () => {
  const { messages, lost } = runMany({ kills: true });
  assert(messages > SCHEDULES * 5, `only ${messages} messages were read`);
  assert(lost > SCHEDULES / 4, `only ${lost} links were lost`);
});

Deno.test("World runs the same way again when the seed is the same", () => {
  for (const kills of [false, true]) {
    for (let seed = 1; seed <= 20; seed++) {
      const once = runSchedule({ seed, kills }, STEPS);
      const again = runSchedule({ seed, kills }, STEPS);
      assertEquals(once.traceHash, again.traceHash);
      const other = new World({ seed: seed + 1000, kills });
      other.run(STEPS);
      assertNotEquals(once.traceHash, other.traceHash);
    }
  }
});

for (const star of ["relayed", "direct", "either"] as const) {
  for (const kills of [false, true]) {
    const name = `World of introductions, ${star}${kills ? ", with losses" : ""}`;
    Deno.test(`${name}, keeps every promise`, () => {
      const { messages, lost, met } = runMany({ star, kills }, SCHEDULES / 3);
      assert(messages > SCHEDULES, `only ${messages} messages were read`);
      assertEquals(lost > 0, kills);
      if (star === "relayed") assertEquals(met, 0);
      else assert(met > SCHEDULES / 30, `only ${met} links were made`);
    });
  }
}
