import { assert, assertEquals } from "@std/assert";
import { compile, printDiagnostics } from "../../idl/mod.ts";
import { DiagnosticList } from "../../idl/diagnostic.ts";
import { tokenize } from "../../idl/lexer.ts";
import { sourceOf } from "../../idl/token.ts";

const PIECES = [
  ..."interface A B M N int string array map struct event void unsigned long const x y"
    .split(" "),
  ..."{ } ( ) [ ] < > , ; : = => -> ? ?? @ . & %".split(" "),
  ...'12 "s" // /* */ /**/ é $ \u0000 \uD800'.split(" "),
  "\n",
  "\r\n",
  "interface A {\n",
  "M(int a);\n",
  ") => (",
  "array<",
];

/** Repeatable numbers from 0 to `below`. */
function randomizer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

Deno.test("any source gives findings or output, and never an exception", async () => {
  let compiled = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const random = randomizer(seed);
    const pieces = Array.from(
      { length: random(40) },
      () => PIECES[random(PIECES.length)]!,
    );
    const source = `interface First { ${pieces.join(random(2) === 0 ? " " : "")} }`;
    const result = await compile(source, { path: "a.magen" });
    const hasErrors = result.diagnostics.some(({ severity }) => severity === "error");
    assertEquals(result.output === undefined, hasErrors, source);
    if (!hasErrors) compiled++;
    printDiagnostics(source, result);
    assertEquals(sourceOf(tokenize(source, new DiagnosticList())), source);
  }
  assert(compiled > 20);
});
