import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { runSchedule, World } from "./world.ts";

const SCHEDULES = 750, STEPS = 200;

function runMany(kills: boolean): { messages: number; lost: number } {
  let messages = 0, lost = 0;
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    try {
      const world = runSchedule({ seed, kills }, STEPS);
      messages += world.messagesRead;
      lost += world.kills;
    } catch (error) {
      throw new Error(`seed ${seed}, kills ${kills}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
  return { messages, lost };
}

Deno.test("World keeps every promise when all links live", () => {
  const { messages, lost } = runMany(false);
  assert(messages > SCHEDULES * 10, `only ${messages} messages were read`);
  assertEquals(lost, 0);
});

Deno.test("World tells everybody who waits when links are lost", () => {
  const { messages, lost } = runMany(true);
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
