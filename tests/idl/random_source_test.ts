import { assert, assertEquals } from "@std/assert";
import { compile, printDiagnostics } from "../../idl/mod.ts";
import {
  CORRECT_SOURCES,
  randomizer,
  randomWords,
  withMistakes,
} from "./random_source.ts";

/** Compiles a source and returns whether there is output. */
async function compiles(source: string): Promise<boolean> {
  const result = await compile(source, { path: "a.magen" });
  const hasErrors = result.diagnostics.some(({ severity }) => severity === "error");
  assertEquals(result.output === undefined, hasErrors, source);
  printDiagnostics(source, result);
  return !hasErrors;
}

Deno.test("any source gives findings or output, and never an exception", async () => {
  let compiled = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const random = randomizer(seed);
    const words = randomWords(random, 40);
    const kind = ["interface", "interface", "struct", "union", "enum"][random(5)]!;
    if (await compiles(`${kind} First { ${words} }`)) compiled++;
  }
  assert(compiled > 20);
});

Deno.test("correct sources compile, and with mistakes they give findings", async () => {
  for (const source of CORRECT_SOURCES) assert(await compiles(source), source);
  let wrong = 0;
  for (let seed = 1; seed <= 500; seed++) {
    const random = randomizer(seed);
    const source = CORRECT_SOURCES[random(CORRECT_SOURCES.length)]!;
    if (!await compiles(withMistakes(source, random, 3))) wrong++;
  }
  assert(wrong > 200);
});
