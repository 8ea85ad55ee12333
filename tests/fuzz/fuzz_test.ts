import { assert, assertEquals } from "@std/assert";
import { Random } from "../sim/random.ts";
import { run } from "./campaign.ts";
import { Mutator } from "./mutator.ts";
import { TARGETS } from "./targets/all.ts";

/** Inputs for each target, and rules that they have to meet at least. */
const GOALS: Record<string, [execs: number, rules: number]> = {
  frame: [20_000, 3],
  event: [20_000, 8],
  "node-frame": [8_000, 12],
  value: [12_000, 12],
  handshake: [20_000, 10],
  message: [8_000, 10],
  kept: [20_000, 20],
  world: [600, 4],
  lexer: [20_000, 2],
  parser: [20_000, 7],
  checker: [10_000, 25],
  codec: [20_000, 20],
};

for (const target of TARGETS) {
  Deno.test(`run of the target ${target.name} finds nothing, and meets its rules`, () => {
    const [execs, rules] = GOALS[target.name]!;
    const tally = run(target, { seed: 1, execs });
    assert(tally.execs >= execs);
    assert(tally.rules.size >= rules, `only ${[...tally.rules.keys()].join(", ")}`);
    assert(tally.rules.get("taken")! > execs / 10, "too few inputs are nearly right");
  });

  Deno.test(`run of the target ${target.name} goes the same way again from a seed`, () => {
    const [one, two] = [1, 2].map(() => run(target, { seed: 7, execs: 1, round: 3 }));
    assertEquals(one!.rules, two!.rules);
    assertEquals(one!.execs, two!.execs);
  });
}

Deno.test("Mutator.mutate leaves what it is given as it was", () => {
  const mutator = new Mutator(new Random(1)), bytes = new Uint8Array(48).fill(7);
  let changed = 0;
  for (let i = 0; i < 500; i++) {
    const result = mutator.mutate(bytes, [new Uint8Array(9)], [new Uint8Array(16)]);
    if (result.length !== 48 || result.some((byte) => byte !== 7)) changed++;
  }
  assert(bytes.every((byte) => byte === 7));
  assert(changed > 450, `only ${changed} of 500 were changed`);
});
