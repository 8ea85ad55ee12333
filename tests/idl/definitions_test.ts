import { assertEquals } from "@std/assert";
import { outlineOf, syntaxCodes, syntaxOf } from "./syntax.ts";

/** Each source is correct, and this is everything in its tree. */
const CORRECT: [name: string, source: string, outline: string[]][] = [
  ["a module", "module shop;", ["module shop"]],
  ["a module with dots and attributes", "[Stable] module net.shop.v1;", [
    "[Stable] module net.shop.v1",
  ]],
  ["imports", 'import "a.magen";\nimport "b/c.magen" as c;', [
    'import "a.magen"',
    'import "b/c.magen" as c',
  ]],
  ["a struct", "struct Point { int x; int? y; }", [
    "struct Point",
    "Point.int x",
    "Point.int? y",
  ]],
  ["an empty struct, an empty union, an empty enum", "struct S {} union U {} enum E {}", [
    "struct S",
    "union U",
    "enum E {  }",
  ]],
  ["a struct and an enum without a body", "struct S; enum E;", ["struct S;", "enum E;"]],
  ["ordinals and defaults of fields", "struct S { int a@1 = -3; bool b@0 = true; };", [
    "struct S",
    "S.int a@1 = -3",
    "S.bool b@0 = true",
  ]],
  [
    "constants, enums and bits in a struct",
    "struct S { const int kMax = 9; enum Kind { A }; bits Set : uint8 { b } Kind kind; };",
    [
      "struct S",
      "S.const int kMax = 9",
      "S.enum Kind { A }",
      "S.bits Set: uint8 { b }",
      "S.Kind kind",
    ],
  ],
  ["a union", "union Source { string url@0; array<uint8>? bytes@1; };", [
    "union Source",
    "Source.string url@0",
    "Source.array<uint8>? bytes@1",
  ]],
  [
    "an enum",
    "enum NetError : int32 { kNone, kLost = -2, kOther = kNone, kNet = net.Error.kX, };",
    ["enum NetError: int32 { kNone, kLost = -2, kOther = kNone, kNet = net.Error.kX }"],
  ],
  ["bits", "bits Access : uint64 { read, write = 0x8, all = read }", [
    "bits Access: uint64 { read, write = 0x8, all = read }",
  ]],
  ["a feature", 'feature kFast { const string name = "fast"; const bool on = false; };', [
    "feature kFast",
    'kFast.const string name = "fast"',
    "kFast.const bool on = false",
  ]],
  [
    "aliases",
    "alias Names = array<string>; alias Clock = std.Time?; alias H = handle<file>;",
    [
      "alias Names = array<string>",
      "alias Clock = std.Time?",
      "alias H = handle<file>",
    ],
  ],
  [
    "types made of others",
    "struct S { array<int, 4> a; map<string, array<map<int, I?>>> b; stream<bytes> c; " +
    "handle d; handle<data_pipe_producer>? e; array<array<int>?, 2>? f; };",
    [
      "struct S",
      "S.array<int, 4> a",
      "S.map<string, array<map<int, I?>>> b",
      "S.stream<bytes> c",
      "S.handle d",
      "S.handle<data_pipe_producer>? e",
      "S.array<array<int>?, 2>? f",
    ],
  ],
  [
    "ends of interfaces",
    "struct S { pending_remote<I> a; pending_receiver<n.I>? b; " +
    "pending_associated_remote<I> c; array<pending_associated_receiver<a.b.I>> d; };",
    [
      "struct S",
      "S.pending_remote<I> a",
      "S.pending_receiver<n.I>? b",
      "S.pending_associated_remote<I> c",
      "S.array<pending_associated_receiver<a.b.I>> d",
    ],
  ],
  [
    "everything in an interface",
    "interface I { const uint8 kMax = 3; enum E { A }; bits B { x } event OnE@4(int a); " +
    'M@2(string? s = "x", [Max=3] int n@1) => (int a, bool b); N(); };',
    [
      "interface I",
      "I.const uint8 kMax = 3",
      "I.enum E { A }",
      "I.bits B { x }",
      "I.event OnE@4(int a)",
      'I.M@2(string? s = "x", [Max=3] int n@1) => (int a, bool b)',
      "I.N()",
    ],
  ],
  [
    "results",
    "interface I { A() => result<Header, Error>; B() => result<(), string?>; " +
    "C() => result<(int a, array<int> b,), array<int>>; };",
    [
      "interface I",
      "I.A() => result<Header, Error>",
      "I.B() => result<(), string?>",
      "I.C() => result<(int a, array<int> b), array<int>>",
    ],
  ],
  ["streams", "interface I { A() => stream<map<int, bytes?>>; B(stream<int>? s); }", [
    "interface I",
    "I.A() => stream<map<int, bytes?>>",
    "I.B(stream<int>? s)",
  ]],
  [
    "attributes everywhere",
    '[Stable, Uuid="1-2"] interface I { [Sync] [Timeout=5,] M([Min=-1, Max=2.5] int a) ' +
    "=> ([MaxLength=3] string b); [Deprecated] event E(); [A] const int k = 1; };" +
    "[EnableIf=win|mac|linux] enum E { [Default] A = 1, [MinVersion=1] B };" +
    "[Extensible] union U { [Default] int a; }; [B=a&b] struct S { [JsNumber] long a; };" +
    "[] alias X = int; [C=a.b] const int k = 1; [D=true] feature F { [E] const int k = 1; }",
    [
      '[Stable, Uuid="1-2"] interface I',
      "I.[Sync, Timeout=5] M([Min=-1, Max=2.5] int a) => ([MaxLength=3] string b)",
      "I.[Deprecated] event E()",
      "I.[A] const int k = 1",
      "[EnableIf=win|mac|linux] enum E { [Default] A = 1, [MinVersion=1] B }",
      "[Extensible] union U",
      "U.[Default] int a",
      "[B=a|b] struct S",
      "S.[JsNumber] long a",
      "alias X = int",
      "[C=a.b] const k: int = 1",
      "[D=true] feature F",
      "F.[E] const int k = 1",
    ],
  ],
];

for (const [name, source, outline] of CORRECT) {
  Deno.test(`parse reads ${name}`, () => {
    assertEquals(syntaxCodes(source), []);
    assertEquals(outlineOf(source), outline);
  });
}

Deno.test("parse reads numbers as C spells them", () => {
  const numbers = "0 7 -12 0x1F -0Xff 1.5 .5 -.5e3 2. 1e9 1E-3 1.25e+2".split(" ");
  for (const number of numbers) {
    const source = `const double k = ${number};`;
    assertEquals(syntaxCodes(source), [], number);
    assertEquals(outlineOf(source), [`const k: double = ${number}`]);
  }
  assertEquals(outlineOf("const int a = +3; const int b = - 3;"), [
    "const a: int = 3",
    "const b: int = -3",
  ]);
});

Deno.test("parse resolves the escapes of strings", () => {
  const source = String.raw`const string k = "a\n\t\"\\\'\x41\u00e9\u{1F600}\0/é";`;
  const [node] = syntaxOf(source).file.definitions;
  assertEquals(syntaxCodes(source), []);
  assertEquals(
    node?.kind === "const" && node.value.kind === "string" && node.value.text,
    "a\n\t\"\\'A\u00e9\u{1F600}\0/\u00e9",
  );
});

Deno.test("parse knows an escape that stands for nothing, and its place", () => {
  const { found, file } = syntaxOf(String.raw`const string k = "ab\q\u{110000}c";`);
  assertEquals(found.map(({ message, span }) => [message, span.start.column]), [
    [String.raw`'\q' stands for no character`, 21],
    [String.raw`'\u{110000}' stands for no character`, 23],
  ]);
  assertEquals(file.definitions.length, 1);
});

Deno.test("parse keeps the first token of everything, attributes and comments included", () => {
  const { file } = syntaxOf("/// A\n[Stable]\nstruct S {\n  /// b\n  [Max=1] int b; }");
  const [node] = file.definitions;
  assertEquals(node?.first.text, "[");
  assertEquals(node?.first.leading[0]?.text, "/// A");
  assertEquals(node?.start, { offset: 6, line: 2, column: 1 });
  assertEquals(node?.end.offset, file.tokens.at(-1)?.start.offset);
  const field = node?.kind === "struct" ? node.items?.[0] : undefined;
  assertEquals(field?.first.leading.some(({ text }) => text === "/// b"), true);
});

Deno.test("I& is read as pending_receiver<I>, with a warning", () => {
  const source = "interface A { M(I& a, net.I&? b) => (array<I&> c); }";
  assertEquals(syntaxCodes(source), ["W0102", "W0102", "W0102"]);
  assertEquals(
    outlineOf(source)[1],
    [
      "A.M(pending_receiver<I> a, pending_receiver<net.I>? b)",
      "(array<pending_receiver<I>> c)",
    ].join(" => "),
  );
});

Deno.test("a word of the language can be a type, a field, a value and a definition", () => {
  const words =
    ("array map stream handle result pending_remote enum bits union struct feature " +
      "alias module import interface event as default").split(" ");
  for (const word of words) {
    const source =
      `struct ${word} { ${word} ${word}; ${word}? b; n.${word} ${word}@1; };\n` +
      `union ${word} { ${word} ${word}; };\n` +
      `enum ${word} { ${word}, ${word} = ${word}.${word} };\n` +
      `const ${word} ${word} = ${word};\nalias ${word} = ${word}?;\n` +
      `[${word}=${word}] interface ${word} { event ${word}(${word} ${word}); };\n` +
      `feature ${word} { const ${word} ${word} = ${word}; };`;
    assertEquals(syntaxCodes(source), [], word);
    assertEquals(outlineOf(source).length, 13, word);
  }
});

Deno.test("a method, event or parameter can be called like any word of the language", () => {
  const words =
    ("const enum bits event struct union feature alias module import interface as " +
      "array map stream result handle pending_remote pending_receiver default true")
      .split(" ");
  for (const word of words) {
    const source =
      `interface A { ${word}(string ${word}, array<int> ${word}); ${word}@2(); ` +
      `event ${word}(int ${word}) ; ${word}() => (int ${word}); }`;
    assertEquals(syntaxCodes(source), [], word);
    assertEquals(outlineOf(source).slice(1), [
      `A.${word}(string ${word}, array<int> ${word})`,
      `A.${word}@2()`,
      `A.event ${word}(int ${word})`,
      `A.${word}() => (int ${word})`,
    ]);
  }
});

Deno.test("a semicolon may be missing at the end of a line, of a body and before an item", () => {
  const source = 'module a\nimport "b"\nstruct S {\n int a\n int b = 3 string c\n}\n' +
    "const int k = 1\nalias X = int\nunion U { int a\n bool b }\n" +
    "interface I { const int k = 3\n event E()\n M() [Sync] N() event F() }";
  assertEquals(syntaxCodes(source), Array(14).fill("W0101"));
  assertEquals(outlineOf(source), [
    "module a",
    'import "b"',
    "struct S",
    "S.int a",
    "S.int b = 3",
    "S.string c",
    "const k: int = 1",
    "alias X = int",
    "union U",
    "U.int a",
    "U.bool b",
    "interface I",
    "I.const int k = 3",
    "I.event E()",
    "I.M()",
    "I.[Sync] N()",
    "I.event F()",
  ]);
});

Deno.test("a comma may be missing between values, or be a semicolon", () => {
  assertEquals(syntaxCodes("enum E { A B\nC = 3 [D] F }"), Array(3).fill("W0104"));
  assertEquals(outlineOf("enum E { A B\nC = 3 [D] F }"), [
    "enum E { A, B, C = 3, [D] F }",
  ]);
  assertEquals(syntaxCodes("bits E { A; B = 2; }"), ["W0104", "W0104"]);
  assertEquals(outlineOf("bits E { A; B = 2; }"), ["bits E { A, B = 2 }"]);
  assertEquals(syntaxCodes("enum E { , A,, B }"), ["W0112", "W0112"]);
});

Deno.test("a module or an import in the wrong place is reported, and kept", () => {
  const source = 'struct S {};\nimport "a";\nmodule b;\nmodule c;';
  assertEquals(syntaxCodes(source), ["E0007", "E0006", "E0006"]);
  assertEquals(outlineOf(source), ["module b", 'import "a"', "struct S"]);
  assertEquals(syntaxCodes('import "a"; module b;'), ["E0006"]);
  assertEquals(syntaxCodes('module b; import "a"; struct S {}'), []);
});
