import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DiagnosticList } from "../../idl/diagnostic.ts";
import { tokenize } from "../../idl/syntax/lexer.ts";
import { analyze, printDiagnostics } from "../../idl/mod.ts";
import {
  codesOf,
  definitionOf,
  messagesOf,
  moduleOf,
  printed,
  valueText,
} from "./findings.ts";
import { LARGE_FILES, LARGE_SOURCE, MOJOM_SOURCE } from "./samples.ts";

Deno.test("a source with everything in it gives no finding, with and without features", () => {
  assertEquals(printed(LARGE_SOURCE, "a.magen", LARGE_FILES), "");
  const module = moduleOf(LARGE_SOURCE, LARGE_FILES, ["layers"]);
  assertEquals(module.name, "studio.drawing");
  const { methods } = definitionOf(module, "interface", "Canvas");
  assertEquals(methods.some(({ name }) => name === "AddLayer"), true);
  assertEquals(methods.some(({ name }) => name === "Flatten"), false);
  const { fields, version } = definitionOf(module, "struct", "Layer");
  assertEquals(version, 3);
  assertEquals(fields.slice(0, 9).map(valueText), [
    "Id=i64#{min: 1}",
    "Line=string{minLength: 1, maxLength: 200, pattern: [^\\n]*}",
    "enum studio.drawing.Layer.Mode",
    "bits studio.drawing.Layer.Lock",
    "f64{min: 0, max: 1}",
    "array<struct studio.drawing.Layer>",
    "struct studio.drawing.Layer?",
    "map<enum studio.drawing.Tool, array<Points=array<struct studio.geometry.Point>?>>",
    "array<array<u8, 3>, 16>",
  ]);
});

Deno.test("a source in the style of Mojom gives no finding", () => {
  assertEquals(printed(MOJOM_SOURCE), "");
  const module = moduleOf(MOJOM_SOURCE, {}, ["enable_shutdown", "is_ios"]);
  const { methods } = definitionOf(module, "interface", "BatteryMonitor");
  assertEquals(methods.map(({ id }) => id), [0, 1, 2, 3, 4, 5, 6]);
});

Deno.test("Mage's own shapes give no finding", () => {
  const source = `interface Purse {
  Fill(int my_int, double my_double, string my_string);
  SendMoney(long amount, char currency, bool is_final);
  SendPipes(MessagePipe first, MessagePipe callback_handle);
}
`;
  assertEquals(codesOf(source), []);
});

Deno.test("a thousand interfaces, ten thousand values and fields are no trouble", () => {
  const names = Array.from({ length: 10_000 }, (_, i) => i);
  const source = [
    `enum E { ${
      names.map((i) => `k${i} = ${i % 3 === 0 ? i : `k${i - i % 3}`}`).join(", ")
    } }`,
    `bits B { ${names.map((i) => `k${i} = ${i}`).join(", ")} }`,
    `struct S { ${names.map((i) => `E e${i}@${9_999 - i} = E.k${i};`).join(" ")} };`,
    ...names.slice(0, 1000).map((i) =>
      `interface I${i} { M(pending_remote<I${(i * 7) % 1000}> a, S s) => (E e); };`
    ),
    ...names.slice(0, 1000).map((i) => `const int c${i} = ${i === 0 ? 0 : `c${i - 1}`};`),
  ].join("\n");
  assertEquals(codesOf(source), []);
});

Deno.test("thousands of misspelt names end in a hundred findings", () => {
  const good = Array.from({ length: 5000 }, (_, i) => `struct Structure${i} { int x; };`);
  const bad = Array.from(
    { length: 5000 },
    (_, i) => `struct S${i} { Strukture${i} x; };`,
  );
  const found = messagesOf([...good, ...bad].join("\n"));
  assertEquals(found.length, 101);
  assertStringIncludes(found[0]!, "did you mean 'Structure0'?");
  assertEquals(found.at(-1), "MG0012 4900 more errors from here on not shown");
});

Deno.test("names and modules of thousands of words are no trouble", () => {
  const long = "a.".repeat(100_000) + "b";
  assertEquals(codesOf(`module ${long}; struct S { ${long} x; int y = ${long}; };`), [
    "E0205",
    "E0214",
  ]);
});

/** Numbers that look random, the same in each run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state >>> 8;
  }
}

Deno.test("no change of a source makes the compiler fail", () => {
  for (const [seed, source] of [LARGE_SOURCE, MOJOM_SOURCE].entries()) {
    const words = tokenize(source, new DiagnosticList()).map(({ text }) => text);
    const random = numbers(seed + 1);
    const next = (below: number) => random.next().value % below;
    let withErrors = 0;
    for (let run = 0; run < 300; run++) {
      const changed = [...words];
      for (let i = next(3); i >= 0; i--) {
        const at = next(changed.length);
        const kind = next(4);
        if (kind === 0) changed.splice(at, 1);
        if (kind === 1) changed.splice(at, 0, words[next(words.length)]!);
        if (kind === 2) changed[at] = words[next(words.length)]!;
        if (kind === 3) {
          changed.splice(at, next(30), ...words.slice(next(words.length)).slice(0, 9));
        }
      }
      const text = changed.join(" ");
      const read = (path: string) => LARGE_FILES[path];
      const analysis = analyze(text, { path: "a.magen", read });
      assert(printDiagnostics(text, analysis).length >= 0);
      const hasErrors = analysis.diagnostics.some(({ severity }) => severity === "error");
      assertEquals(analysis.module === undefined, hasErrors, text);
      if (hasErrors) withErrors++;
    }
    assert(withErrors > 100);
  }
});
