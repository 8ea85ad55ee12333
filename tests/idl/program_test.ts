import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { analyze, analyzeProgram, compile, type ProgramFile } from "../../idl/mod.ts";
import {
  codesOf,
  definitionOf,
  type Files,
  programCodes,
  programOf,
  valueText,
} from "./findings.ts";

function pathsOf(files: ReadonlyMap<string, ProgramFile>): string[] {
  return [...files.keys()];
}

Deno.test("a program has the files that were asked for, and all that they import", () => {
  const files = {
    "a/main.magen": 'import "../b/one.magen"; struct M { One x; };',
    "b/one.magen":
      'import "two.magen"; import "./deep/three.magen"; struct One { Two x; Three y; };',
    "b/two.magen": "struct Two { int x; };",
    "b/deep/three.magen": 'import "../two.magen"; struct Three { Two x; };',
    "other.magen": "struct Other { int x; };",
  };
  const program = programOf(files, ["other.magen", "a/./main.magen"]);
  assertEquals(programCodes(program), {});
  assertEquals(pathsOf(program.files), [
    "other.magen",
    "a/main.magen",
    "b/one.magen",
    "b/two.magen",
    "b/deep/three.magen",
  ]);
  const one = program.files.get("b/one.magen")!;
  assertEquals(one.imports.map(({ path }) => path), [
    "b/two.magen",
    "b/deep/three.magen",
  ]);
  assertEquals(one.module?.fileName, "one.magen");
});

Deno.test("each file is read and checked once, and means the same to all", () => {
  const files: Files = {
    "a.magen": 'import "c.magen"; struct A { C x; };',
    "b.magen": 'import "./c.magen"; struct B { C x; };',
    "c.magen": "struct C { int x; };",
  };
  const read: string[] = [];
  const host = {
    read(path: string) {
      read.push(path);
      return files[path];
    },
  };
  const program = analyzeProgram(["a.magen", "b.magen", "c.magen"], host);
  assertEquals(read, ["a.magen", "c.magen", "b.magen"]);
  const [a, b, c] = ["a", "b", "c"].map((name) =>
    program.files.get(`${name}.magen`)!.module!
  );
  const used = definitionOf(a!, "struct", "A").fields[0]!.type;
  assert(used.kind === "defined");
  assertEquals(used.definition === definitionOf(c!, "struct", "C"), true);
  const other = definitionOf(b!, "struct", "B").fields[0]!.type;
  assertEquals(other.kind === "defined" && other.definition === used.definition, true);
  assertEquals(used.definition.origin.path, "c.magen");
});

Deno.test("imports are looked for beside the file, then in the roots", () => {
  const files = {
    "src/a.magen": 'import "x.magen"; import "y.magen"; struct A { X x; Y y; };',
    "src/x.magen": "struct X { int beside; };",
    "one/x.magen": "struct X { int one; };",
    "two/y.magen": "struct Y { int two; };",
  };
  const program = programOf(files, ["src/a.magen"], ["one", "./two/"]);
  assertEquals(programCodes(program), {});
  assertEquals(pathsOf(program.files), ["src/a.magen", "src/x.magen", "two/y.magen"]);
});

Deno.test("a file that is not found is told with the places that were searched", () => {
  const files = {
    "src/a.magen": 'import "../x.magen"; import "y.magen"; struct A { X x; };',
  };
  const program = programOf(files, ["src/a.magen"], ["one"]);
  const messages = program.files.get("src/a.magen")!.diagnostics.map(({ message }) =>
    message
  );
  // What would have come from there is not missed again.
  assertEquals(messages, [
    'file not found: import "../x.magen" (searched: x.magen); mend the path, or add a root',
    'file not found: import "y.magen" (searched: src/y.magen, one/y.magen); ' +
    "mend the path, or add a root",
  ]);
});

Deno.test("an import is a relative path with slashes", () => {
  for (const path of ["/etc/a.magen", "", "a\\\\b.magen"]) {
    assertEquals(codesOf(`import "${path}"; struct S { int x; };`), ["E0008"], path);
  }
  const read: string[] = [];
  const host = {
    read(path: string) {
      read.push(path);
      return path === "a.magen" ? 'import "../passwd"; struct S { int x; };' : undefined;
    },
  };
  const { diagnostics } = analyzeProgram(["a.magen"], host).files.get("a.magen")!;
  assertStringIncludes(diagnostics[0]!.message, "the name of a source ends with .magen");
  // What is in it would be shown with what is wrong with it.
  assertEquals(read, ["a.magen"]);
  const source = 'import "magen/sdt.magen"; struct S { int x; };';
  const [found] = analyze(source, { path: "a.magen" }).diagnostics;
  assertStringIncludes(found!.message, "did you mean 'magen/std.magen'?");
});

Deno.test("files that import each other in a circle are told once, with the circle", () => {
  const files = {
    "a.magen": 'import "b.magen"; struct A { B x; };',
    "b.magen": 'import "sub/c.magen"; struct B { C x; };',
    "sub/c.magen": 'import "../b.magen"; struct C { int x; B? b; };',
  };
  const program = programOf(files, ["a.magen"]);
  assertEquals(programCodes(program), { "b.magen": ["MG0009"] });
  assertStringIncludes(
    program.files.get("b.magen")!.diagnostics[0]!.message,
    "in a circle: b.magen -> sub/c.magen -> b.magen; ",
  );
  for (const { module } of program.files.values()) assertEquals(module, undefined);
  const own = { "a.magen": 'import "a.magen"; struct A { int x; };' };
  assertEquals(programCodes(programOf(own, ["a.magen"])), { "a.magen": ["MG0009"] });
});

Deno.test("findings belong to the file that they are in", () => {
  const files = {
    "a.magen": 'import "b.magen"; struct A { B x; Missing y; };',
    "b.magen": "struct B { itn x; };",
    "c.magen": "struct C { int x; };",
  };
  const program = programOf(files, ["a.magen", "c.magen"]);
  // While an imported file has errors, a name that is not found may be in it.
  assertEquals(programCodes(program), { "b.magen": ["MG0205"] });
  assertEquals(program.files.get("a.magen")!.module, undefined);
  assert(program.files.get("c.magen")!.module !== undefined);
});

Deno.test("an import of which nothing is used is a warning", () => {
  const files = {
    "b.magen":
      "module b; struct B { int x; }; const int kMost = 3; interface I { M(); };",
  };
  assertEquals(codesOf('import "b.magen"; struct A { int x; };', files), ["W0213"]);
  for (
    const use of [
      "struct A { B x; };",
      "struct A { b.B x; };",
      "struct A { int x = kMost; };",
      "struct A { [Max=kMost] int x; };",
      "struct A { pending_remote<I> x; };",
      "alias A = B;",
      "enum A { kX = b.kMost };",
    ]
  ) assertEquals(codesOf(`import "b.magen"; ${use}`, files), [], use);
  const twice = 'import "b.magen"; import "./b.magen" as c; struct A { B x; };';
  assertEquals(codesOf(twice, files), ["W0213"]);
});

Deno.test("an import is no warning where what may use it is left out", () => {
  const files = { "b.magen": "struct B { int x; };" };
  for (
    const use of [
      "[EnableIf=beta] struct C { B x; };",
      "struct C { int y; [EnableIf=beta] B x; };",
      "interface C { M(int y, [EnableIf=beta] B x); };",
    ]
  ) {
    const source = `import "b.magen"; struct A { int x; }; ${use}`;
    assertEquals(codesOf(source, files), [], use);
  }
});

Deno.test("the alias of an import is a name of the file", () => {
  const files = { "b.magen": "struct B { int x; };", "c.magen": "struct C { int x; };" };
  assertEquals(
    codesOf('import "b.magen" as c; struct c { int x; }; struct A { c.B x; };', files),
    ["E0202"],
  );
  const twice = 'import "b.magen" as c; import "c.magen" as c; struct A { B x; C y; };';
  assertEquals(codesOf(twice, files), ["E0202"]);
});

Deno.test("a name of the same module is not defined again", () => {
  const files = { "b.magen": "module m; struct B { int x; };" };
  const source = 'module m; import "b.magen"; struct B { int x; }; struct C { m.B x; };';
  assertEquals(codesOf(source, files), ["E0202"]);
  assertEquals(codesOf(source.replace("module m", "module n"), files), []);
});

Deno.test("magen/std.magen comes with the library", () => {
  const source = 'import "magen/std.magen"; [Stable] struct A { std.Time at; };';
  const { module, diagnostics } = analyze(source, { path: "deep/a.magen" });
  assertEquals(diagnostics, []);
  const [field] = definitionOf(module!, "struct", "A").fields;
  assertEquals(valueText(field!), "struct std.Time");
  assert(field!.type.kind === "defined");
  assertEquals(field!.type.definition.origin, {
    path: "magen/std.magen",
    specifier: "@mage/ipc/std",
  });
  const program = programOf({ "a.magen": source }, ["a.magen"]);
  assertEquals(pathsOf(program.files), ["a.magen"]);
  assertEquals(program.files.get("a.magen")!.imports, []);
});

Deno.test("a thousand files in a row, and a file that a thousand import, are no trouble", () => {
  const files: Record<string, string> = { "common.magen": "struct Common { int x; };" };
  for (let i = 0; i < 1000; i++) {
    files[`f${i}.magen`] = `import "common.magen";\nimport "f${i + 1}.magen";\n` +
      `struct F${i} { Common c; F${i + 1}? f; };`;
  }
  files["f1000.magen"] = "struct F1000 { int x; };";
  const program = programOf(files, ["f0.magen"]);
  assertEquals(programCodes(program), {});
  assertEquals(program.files.size, 1002);
});

Deno.test("compile tells of an error in an import", async () => {
  const read = (path: string) => path === "b.magen" ? "struct B { itn x; };" : undefined;
  const source = 'import "b.magen";\nstruct A { B x; };';
  const { output, diagnostics } = await compile(source, { path: "a.magen", read });
  assertEquals(output, undefined);
  assertEquals(diagnostics.map(({ code, span }) => [code, span.start.line]), [[
    "MG0010",
    1,
  ]]);
  assertStringIncludes(diagnostics[0]!.message, "'b.magen' has errors; mend them first");
});

Deno.test("a source that is too long is refused before it is read", () => {
  const source = "enum E { a }".padEnd(4 << 20);
  assertEquals([codesOf(source), codesOf(`${source} `)], [[], ["E0011"]]);
});
