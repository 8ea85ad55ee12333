import { assert, assertEquals } from "@std/assert";
import { covers, EQUIVALENT, isNoticeable } from "./equivalent.ts";
import { findMutations } from "./mutation.ts";

const root = new URL("../..", import.meta.url).pathname;

Deno.test("EQUIVALENT has no entry that finds nothing, or more than one place", async () => {
  for (const entry of EQUIVALENT) {
    const source = await Deno.readTextFile(`${root}/${entry.file}`);
    assertEquals(source.split(entry.code).length - 1, 1, entry.code);
    const found = findMutations(root, [entry.file])
      .filter((mutation) => covers(entry, mutation, source));
    assert(found.length > 0, entry.code);
    for (const kind of entry.kinds ?? []) {
      assert(found.some((mutation) => mutation.kind === kind), `${kind}: ${entry.code}`);
    }
    assert(found.every((mutation) => !isNoticeable(mutation, source)));
  }
});

Deno.test("isNoticeable is false for what an entry names, and for nothing beside it", async () => {
  const file = "core/ports/message_queue.ts";
  const source = await Deno.readTextFile(`${root}/${file}`);
  const hidden = findMutations(root, [file])
    .filter((mutation) => !isNoticeable(mutation, source));
  const near = hidden.filter(({ from }) => from.includes("length <= 64"));
  assertEquals(near.map(({ kind }) => kind), [
    "condition negated",
    "condition dropped",
    "check dropped",
  ]);
  assert(!hidden.some(({ from }) => from.includes("this.length++")));
});
