import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { compile } from "../../idl/mod.ts";
import { generated } from "./generated_project.ts";

const GOLDEN = new URL("./golden/", import.meta.url);

function golden(name: string): Promise<string> {
  return Deno.readTextFile(new URL(name, GOLDEN));
}

for (const name of ["network_process", "every_type", "emission", "imported"]) {
  Deno.test(`the output for ${name}.magen is what it was`, async () => {
    const others = { "imported.magen": await golden("imported.magen") };
    const output = await generated(
      await golden(`${name}.magen`),
      `${name}.magen`,
      others,
    );
    assertEquals(output, await golden(`${name}.magen.ts`));
  });
}

Deno.test("the output depends on nothing but the source and its name", async () => {
  const source = await golden("imported.magen");
  const first = await generated(source, "/one/a.magen");
  // Whatever was generated before.
  await generated("interface A { M(int a) => (string b); }");
  const second = await generated(source, "two\\a.magen");
  assertEquals(first, second);
  assertNotMatch(first, /\r|\/one|[ \t]$/m);
});

Deno.test("line endings of the source do not reach the output", async () => {
  const source = "// One.\n// Two.\ninterface A {\n  M();\n}\n";
  assertEquals(await generated(source.replaceAll("\n", "\r\n")), await generated(source));
});

Deno.test("documentation comes from the source and cannot leave its comment", async () => {
  const output = await generated(
    "// Over */ two\n// lines.\ninterface A {\n  /// Does.\n  M(\n    /// How many.\n    int n) => (" +
      "\n    // The rest.\n    int r);\n" +
      '  [Deprecated="a */ b", MinVersion=2] N();\n}\n',
  );
  assert(output.includes("/**\n * Over *\\/ two\n * lines.\n */\nexport interface A {"));
  assert(output.includes("   * Does.\n   *\n   * @param n How many.\n"));
  assert(output.includes("  /** The rest. */\n  r: number;"));
  assert(
    output.includes(
      "   * Sends `N`.\n   *\n   * @since version 2\n   * @deprecated a *\\/ b\n",
    ),
  );
});

Deno.test("only the last parameters that are optional or have a default can be left out", async () => {
  const output = await generated(
    'interface A { M(int? a, int b = 1, int c, int? d, array<int>? e, string f = "x"); }',
  );
  for (
    const line of [
      "a: number | undefined,",
      "b: number,",
      "c: number,",
      "d?: number | undefined,",
      "e?: Int32Array | readonly number[] | undefined,",
      "f?: string | undefined,",
    ]
  ) assert(output.includes(`    ${line}\n`), line);
});

Deno.test("arrays and maps are lent to methods and handed over by replies and structs", async () => {
  const output = await generated(
    "struct S { array<string> a; map<string, array<int8?>> b; stream<int> c; };\n" +
      "interface A { M(array<string> a, map<string, array<int8?>> b, stream<int> c, " +
      "array<array<string>> e) => (array<string> d); }",
  );
  assert(output.includes("e: readonly (readonly string[])[],"));
  assert(output.includes("a: readonly string[],"));
  assert(output.includes("b: ReadonlyMap<string, readonly (number | undefined)[]>,"));
  assert(output.includes("c: StreamSource<number>,"));
  assert(output.includes("  a: string[];\n"));
  assert(output.includes("  b: Map<string, (number | undefined)[]>;\n"));
  assert(output.includes("  c: ReadableStream<number>;\n"));
  assert(output.includes("  d: string[];\n"));
});

Deno.test("an alias is a name in TypeScript, also for what it holds in other files", async () => {
  const output = await generated(
    'import "b.magen";\nalias Own = array<b.Port>;\n' +
      "interface A { M(Own own, b.Port? port) => (Own own, b.Port? port); }",
    "a.magen",
    { "b.magen": "module b; alias Port = uint32; " },
  );
  assert(
    output.includes('import type { Port } from "./b.magen.ts";'),
    output.slice(0, 900),
  );
  assert(output.includes("export type Own = Uint32Array;"));
  assert(
    output.includes(
      "    own: Uint32Array | readonly number[],\n    port?: Port | undefined,\n",
    ),
    output,
  );
  assert(output.includes("  own: Own;\n"));
  assert(output.includes("  port?: Port | undefined;\n"));
});

Deno.test("a name of another file steps aside for one of this file", async () => {
  const output = await generated(
    'module a; import "b.magen";\nstruct Item { b.Item other; };',
    "a.magen",
    { "b.magen": "module b; struct Item { int a; };" },
  );
  assert(output.includes("type Item as Item$"), output.slice(0, 600));
  assert(output.includes("  other: Item$;\n"));
});

Deno.test("nothing in the output sets a prototype", async () => {
  const output = await generated(
    "enum E { __proto__, a };\nbits B { __proto__ };\nfeature F { const bool __proto__ = true; };\n" +
      "union U { int __proto__; };\nstruct S { int __proto__ = 3; };\n" +
      "interface I { __proto__(int __proto__) => (int __proto__); event __proto__x(int __proto__); };",
  );
  assertNotMatch(output, /[{,]\s*"?__proto__"?\s*:/);
});

Deno.test("output grows as the source does", async () => {
  const source = (count: number) =>
    Array.from(
      { length: count },
      (_, i) => `interface I${i} { M(int a, string b) => (bool c); }\n`,
    )
      .join("");
  const [small, large] = [await generated(source(30)), await generated(source(300))];
  assert(large.length < small.length * 11);
});

Deno.test("a source with an error has no output", async () => {
  const { output, module } = await compile("interface A { M(foo a); }", {
    path: "a.magen",
  });
  assertEquals([output, module], [undefined, undefined]);
});
