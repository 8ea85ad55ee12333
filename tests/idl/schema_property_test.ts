import { assert, assertEquals } from "@std/assert";
import { Random } from "../sim/random.ts";
import { evolve, randomSchema } from "./random/random_schema.ts";
import { definitionsOf, type Slot } from "./random/schema.ts";
import { sourcesOf } from "./random/source.ts";
import { playSeed } from "./random/trial.ts";
import { difference } from "./random/difference.ts";
import { ValueMaker } from "./random/values.ts";
import { loosen, seen } from "./random/views.ts";

const SEEDS = 40, BATCH = 10, ROUNDS = 4;

for (let first = 1; first <= SEEDS; first += BATCH) {
  const last = first + BATCH - 1;
  Deno.test(`random schemas ${first} to ${last} carry their values, also between versions`, async () => {
    for (let seed = first; seed <= last; seed++) {
      try {
        assert(await playSeed(seed, ROUNDS) > 0);
      } catch (error) {
        const command = `deno task schemas --seed ${seed} --seeds 1 --rounds ${ROUNDS}`;
        throw new Error(`${command}\n${(error as Error).message}`, { cause: error });
      }
    }
  });
}

Deno.test("randomSchema and evolve go the same way again from a seed", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const [one, two] = [1, 2].map(() => randomSchema(seed));
    assertEquals(sourcesOf(one!), sourcesOf(two!));
    assertEquals(sourcesOf(evolve(one!, 3)), sourcesOf(evolve(two!, 3)));
    // It works on a copy.
    assertEquals(sourcesOf(one!), sourcesOf(two!));
  }
});

Deno.test("random schemas use all of what they are made of", () => {
  const text = Array.from(
    { length: 60 },
    (_, seed) => [...sourcesOf(randomSchema(seed)).values()].join("\n"),
  ).join("\n");
  const parts = [
    ...[
      "struct ",
      "union ",
      "enum ",
      "bits ",
      "alias ",
      "interface ",
      "event ",
      "import ",
    ],
    ...[
      "map<bool,",
      "map<string,",
      "array<array<",
      "bytes?",
      "MessagePipe",
      "= -",
      "array<uint8",
    ],
    ...[
      "[Extensible] enum",
      "[Extensible] union",
      "[Extensible] bits",
      "[Default]",
      "base.lib.",
    ],
    ...[
      "MinVersion=",
      "JsNumber",
      "Min=",
      "MaxLength=",
      "Pattern=",
      "result<",
      "stream<",
      "=> (",
    ],
    ...["__proto__", "constructor", "then", ".Kind", "uint64 ", "double ", "float? "],
  ];
  assertEquals(parts.filter((part) => !text.includes(part)), []);
});

Deno.test("difference finds whatever is not the same to the last bit", () => {
  const same: readonly (() => unknown)[] = [
    () => NaN,
    () => -0,
    () => 5n,
    () => "a",
    () => undefined,
    () => ({ a: 1, b: [new Map([[1n, new Uint8Array([1])]])] }),
    () => [new Float32Array([NaN, -0])],
  ];
  same.forEach((one, i) =>
    same.forEach((two, k) => assertEquals(difference(one(), two()) === null, i === k))
  );
  assertEquals(difference({ a: undefined }, {}), null);
  const unlike: readonly (readonly [unknown, unknown])[] = [
    [0, -0],
    [1, 1n],
    [[1], new Uint8Array([1])],
    [new Int8Array(1), new Uint8Array(1)],
    [new Map([[1, 2], [3, 4]]), new Map([[3, 4], [1, 2]])],
    [{ a: null }, {}],
    [{ __proto__: null }, {}],
    [new Float64Array([0]), new Float64Array([-0])],
  ];
  for (const [one, two] of unlike) assert(difference(one, two) !== null);
});

Deno.test("seen is the value itself for whoever has the same schema", () => {
  let values = 0;
  for (let seed = 1; seed <= 25; seed++) {
    const schema = randomSchema(seed), random = new Random(seed);
    const maker = new ValueMaker(random, () => ({}));
    const newer = definitionsOf(evolve(schema, seed));
    for (const definition of definitionsOf(schema).values()) {
      if (definition.kind === "interface") continue;
      const slot: Slot = { shape: { kind: "defined", to: definition }, optional: false };
      const there = newer.get(definition.name) as typeof definition;
      const later: Slot = { shape: { kind: "defined", to: there }, optional: false };
      for (let i = 0; i < 3; i++, values++) {
        const value = maker.value(slot);
        assertEquals(difference(seen(value, slot, slot), value, (a, b) => a === b), null);
        // There and back again, nothing is lost.
        const back = seen(seen(value, slot, later), later, slot);
        assertEquals(difference(back, value, (a, b) => a === b), null);
        loosen(value, slot, random);
      }
    }
  }
  assert(values > 300);
});
