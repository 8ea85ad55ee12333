import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { type Campaign, missing, OtherCodeError, run } from "./campaign.ts";
import { readRecord } from "./record.ts";

const CAMPAIGN: Campaign = {
  kinds: ["mesh", "tree-hostile-kills"],
  schedules: 9,
  steps: 40,
  seed: 1,
  jobs: 2,
};

/** Calls `use` with the path of a file that is not there yet. */
async function withFile(use: (path: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await use(`${folder}/record.jsonl`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("missing leaves out the seeds that the same kind played with as many steps", () => {
  const part = (first: number, count: number, kind = "mesh", steps = 4) => ({
    kind,
    steps,
    first,
    count,
  });
  const done = [
    part(25, 50),
    part(4, 2),
    part(5, 3),
    part(1, 9, "tree"),
    part(1, 9, "mesh", 5),
  ];
  assertEquals(missing([part(1, 30)], done), [part(1, 3), part(8, 17)]);
  assertEquals(missing([part(26, 30)], done), []);
  assertEquals(missing([part(1, 0)], []), []);
});

Deno.test("run comes to the same figures in one go and after it was interrupted", async () => {
  const whole = `${await run(CAMPAIGN)}`;
  await withFile(async (file) => {
    const campaign = { ...CAMPAIGN, file };
    await run({ ...campaign, schedules: 4 });
    assertNotEquals(`${await run({ ...campaign, schedules: 1 })}`, whole);
    assertEquals(`${await run(campaign)}`, whole);
    const text = Deno.readTextFileSync(file);
    assertEquals(text.trimEnd().split("\n").length, 4);
    // Killed while it wrote.
    Deno.writeTextFileSync(file, text.slice(0, -20));
    let played = 0;
    const progress = (_: unknown, now: number) => void (played = now);
    assertEquals(`${await run({ ...campaign, progress })}`, whole);
    assertEquals(played, readRecord(file).at(-1)!.part.count);
    assertEquals(`${await run(campaign)}`, whole);
  });
});

Deno.test("run counts what other code played only when it is told to", async () => {
  await withFile(async (file) => {
    const campaign = { ...CAMPAIGN, file }, whole = `${await run(campaign)}`;
    const text = Deno.readTextFileSync(file);
    Deno.writeTextFileSync(file, text.replace(/"code":"\w+"/, `"code":"other"`));
    await assertRejects(() => run(campaign), OtherCodeError, "other code");
    assertEquals(`${await run({ ...campaign, anyCode: true })}`, whole);
  });
});
