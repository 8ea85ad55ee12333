import { assertEquals } from "@std/assert";
import { codesOf, definitionOf, messagesOf } from "./findings.ts";

function namesOf(source: string): string[] {
  return definitionOf(source, "struct", "S").fields.map(({ name }) => name);
}

Deno.test("fields are in the order of their ordinals", () => {
  assertEquals(namesOf("struct S { int a@2; int b@0; int c@1; };"), ["b", "c", "a"]);
  const source = "union U { int a@1; string b@0; };";
  const { members } = definitionOf(source, "union", "U");
  assertEquals(members.map(({ name }) => name), ["b", "a"]);
  const { methods } = definitionOf(
    "interface I { M(int a@1, int b@0); };",
    "interface",
    "I",
  );
  assertEquals(methods[0]!.parameters.map(({ name }) => name), ["b", "a"]);
});

Deno.test("ordinals are all or none, and 0 to n-1", () => {
  const wrong: Record<string, string> = {
    "int a@0; int b;": "E0303",
    "int a; int b@1;": "E0303",
    "int a@0; int b@0;": "E0304",
    "int a@0; int b@2;": "E0304",
    "int a@99999999999999999999;": "E0304",
  };
  for (const [fields, code] of Object.entries(wrong)) {
    assertEquals(codesOf(`struct S { ${fields} };`), [code]);
    assertEquals(codesOf(`union S { ${fields} };`), [code]);
    const parameters = fields.slice(0, -1).replaceAll(";", ",");
    assertEquals(codesOf(`interface S { M(${parameters}); };`), [code]);
  }
});

Deno.test("versions go up in the order of the ordinals", () => {
  const source = "struct S { [MinVersion=2] int c@2; int a@0; [MinVersion=1] int b@1; };";
  const { fields, version } = definitionOf(source, "struct", "S");
  assertEquals(fields.map(({ minVersion }) => minVersion), [0, 1, 2]);
  assertEquals(version, 2);
  assertEquals(codesOf("struct S { [MinVersion=1] int a; int b; };"), ["E0401"]);
  assertEquals(codesOf("struct S { [MinVersion=-1] int a; };"), ["E0211"]);
  assertEquals(codesOf("interface I { M([MinVersion=1] int a, int b); };"), ["E0401"]);
  // Which member comes first says nothing.
  assertEquals(codesOf("union U { [MinVersion=2] bytes a; int b; };"), []);
});

Deno.test("what came later is optional, has a default, or has a zero", () => {
  const good = ["int x", "bool x", "string x", "B x", "E x", "T? x", "array<int>? x"];
  const bad = ["T x", "array<int> x", "bytes x", "map<int, int> x", "handle x", "U x"];
  const others = "struct T { int x = 1; }; union U { int x; }; bits B { kA };";
  for (const text of [...good, "T x = default"]) {
    const source = `${others} enum E { kA }; struct S { [MinVersion=1] ${text}; };`;
    assertEquals(codesOf(source), [], text);
  }
  for (const text of [...bad, "E x"]) {
    const source = `${others} enum E { kA = 1 }; struct S { [MinVersion=1] ${text}; };`;
    assertEquals(codesOf(source), ["E0402"], text);
  }
  // The zero has to be allowed.
  for (const attribute of ["Min=1", "Max=-1"]) {
    const source = `struct S { [MinVersion=1, ${attribute}] int x; };`;
    assertEquals(codesOf(source), ["E0402"]);
    assertEquals(codesOf(source.replace("int x", "int64 x")), ["E0402"]);
    assertEquals(codesOf(source.replace("int x", "int? x")), []);
  }
  const text = 'struct S { [MinVersion=1, Pattern="a+"] string x; };';
  assertEquals(codesOf(text), ["E0402"]);
});

Deno.test("a struct may contain itself through what may be empty, or ends elsewhere", () => {
  for (
    const source of [
      "struct S { S? s; };",
      "struct S { array<S> s; };",
      "struct S { array<S?, 2> s; };",
      "struct S { map<int, S> s; };",
      "struct S { U u; }; union U { S s; int x; };",
      "struct S { T t; }; struct T { S? s; };",
      "union U { U u; int x; };",
      "union U { U? u; };",
      "alias A = S?; struct S { A s; };",
    ]
  ) assertEquals(codesOf(source), [], source);
});

Deno.test("a struct or union without an end is told once for each circle", () => {
  for (
    const source of [
      "struct S { S s; };",
      "struct S { array<S, 2> s; };",
      "struct S { array<array<S, 1>, 2> s; };",
      "alias A = S; struct S { A s; };",
      "union U { U u; };",
      "union U { S s; }; struct S { U u; };",
      "struct A { B b; }; struct B { C c; }; struct C { A a; }; struct D { A a; };",
    ]
  ) assertEquals(codesOf(source), ["E0210"], source);
  assertEquals(codesOf("struct A { A a; }; struct B { A a; B b; };"), ["E0210"]);
  assertEquals(codesOf("struct A { A a; }; struct B { B b; };"), ["E0210", "E0210"]);
});

Deno.test("a long circle of structs is found without running out of stack", () => {
  const structs = Array.from(
    { length: 20_000 },
    (_, i) => `struct S${i} { S${(i + 1) % 20_000} s; };`,
  );
  const [message, ...others] = messagesOf(structs.join("\n"));
  assertEquals(others, []);
  assertEquals(
    message,
    "MG0210 struct 'S0' contains itself through 'S1', 'S2', 'S3', 'S4'; make one of the " +
      "fields in between optional or an array",
  );
});

Deno.test("a default stands for a struct when each of its fields can be left out", () => {
  const inner =
    "struct T { int a = 1; string? b; V v = default; }; struct V { bool c = true; };";
  const source = `${inner} struct S { T t = default; };`;
  const [field] = definitionOf(source, "struct", "S").fields;
  assertEquals(field!.default?.kind, "struct");
  assertEquals(codesOf(`struct V { bool c; }; ${inner.split("}; ")[0]} }; `), ["E0224"]);
  assertEquals(codesOf("union U { int x; }; struct S { U u = default; };"), ["E0212"]);
  assertEquals(codesOf("struct T { int x; }; struct S { T t = 1; };"), ["E0212"]);
});

Deno.test("a default is within the bounds", () => {
  assertEquals(codesOf("struct S { [Max=3] int x = 4; };"), ["E0211"]);
  assertEquals(codesOf('struct S { [MinLength=2] string x = "a"; };'), ["E0211"]);
  assertEquals(codesOf('struct S { [Pattern="a+"] string x = "ab"; };'), ["E0211"]);
  assertEquals(codesOf('struct S { [Pattern="a+|b"] string x = "aa"; };'), []);
});

Deno.test("what has no words cannot have a default", () => {
  for (const type of ["array<int>", "bytes", "map<int, int>", "handle", "stream<int>"]) {
    assertEquals(codesOf(`struct S { ${type} x = 1; };`), ["E0212"], type);
  }
});

Deno.test("an extensible union has a default that unknown members can become", () => {
  const good = ["bool? x", "int x", "uint64 x", "string? x", "[Max=3] int8 x"];
  for (const text of good) {
    const source = `[Extensible] union U { string a; [Default] ${text}; };`;
    assertEquals(codesOf(source), [], text);
    assertEquals(definitionOf(source, "union", "U").defaultMember?.name, "x");
  }
  for (const text of ["bool x", "string x", "double x", "[Min=1] int x", "bytes x"]) {
    assertEquals(
      codesOf(`[Extensible] union U { [Default] ${text}; };`),
      ["E0404"],
      text,
    );
  }
  assertEquals(codesOf("[Extensible] union U { [Default] int a; [Default] int b; };"), [
    "E0319",
  ]);
});

Deno.test("[Stable] leads only to what is stable", () => {
  const cases: [string, string[]][] = [
    ["enum E { kA }; [Stable] struct S { array<map<E, int>> e; };", ["E0405"]],
    ["[Stable] enum E { kA }; [Stable] struct S { array<map<E, int>> e; };", []],
    ["struct T { int x; }; [Stable] union U { T t; };", ["E0405"]],
    ["struct T { int x; }; [Stable] interface I { M(T t); };", ["E0405"]],
    ["struct T { int x; }; [Stable] interface I { M() => (T t); };", ["E0405"]],
    ["struct T { int x; }; [Stable] interface I { M() => result<int, T>; };", ["E0405"]],
    ["struct T { int x; }; [Stable] interface I { M() => stream<T>; };", ["E0405"]],
    ["struct T { int x; }; [Stable] interface I { event E(T? t); };", ["E0405"]],
    ["interface J { M(); }; [Stable] interface I { M(pending_remote<J> j); };", [
      "E0405",
    ]],
    ["[Stable] interface I { M(handle h, pending_receiver<I> i); };", []],
    ["[Stable] struct S { T t; }; [Stable] struct T { stream<int>? x; };", [
      "E0406",
      "E0406",
    ]],
    ["struct T { handle x; }; struct S { T t; };", []],
  ];
  for (const [source, codes] of cases) assertEquals(codesOf(source), codes, source);
});

Deno.test("one field that came too early is one mistake, however many follow", () => {
  const source = "struct S { int a; [MinVersion=2] int? b; [MinVersion=1] int? c; " +
    "[MinVersion=1] int? d; };";
  assertEquals(codesOf(source), ["E0401"]);
});
