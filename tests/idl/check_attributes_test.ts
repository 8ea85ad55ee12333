import { assertEquals, assertStringIncludes } from "@std/assert";
import { ATTRIBUTES } from "../../idl/meaning/attribute_table.ts";
import { codesOf, definitionOf, messagesOf, moduleOf, valueText } from "./findings.ts";

/** The type of a field with attributes. */
function bounded(text: string, before = ""): string {
  const source = `${before} struct S { ${text} x; };`;
  return valueText(definitionOf(source, "struct", "S").fields[0]!);
}

Deno.test("every example of the table can be written where the table says", () => {
  const types: Record<string, string> = {
    MaxLength: "string",
    MinLength: "string",
    Pattern: "string",
    JsNumber: "int64",
    Copy: "bytes",
  };
  for (const [name, { example, places, isInert }] of ATTRIBUTES) {
    if (!places.includes("field") || isInert) continue;
    const source = `struct S { ${example} ${types[name] ?? "int"} x; };`;
    assertEquals(codesOf(source), [], source);
  }
});

Deno.test("bounds become part of the type", () => {
  assertEquals(bounded("[Min=1, Max=5] int"), "i32{min: 1, max: 5}");
  assertEquals(bounded("[Min=-5] int64?"), "i64{min: -5}?");
  assertEquals(bounded("[JsNumber, Max=5] uint64"), "u64#{max: 5}");
  assertEquals(bounded("[Max=0.5] float"), "f32{max: 0.5}");
  assertEquals(bounded("[MaxLength=3] bytes"), "bytes{maxLength: 3}");
  assertEquals(bounded("[MinLength=1] array<int>"), "array<i32>{minLength: 1}");
  assertEquals(bounded("[MaxLength=9] map<int, int>"), "map<i32, i32>{maxLength: 9}");
  assertEquals(bounded('[Pattern="[a-z]+"] string'), "string{pattern: [a-z]+}");
  assertEquals(
    bounded("[MaxLength=kMost] string", "const int kMost = 9;"),
    "string{maxLength: 9}",
  );
  assertEquals(bounded("[JsNumber] array<array<int64>>"), "array<array<i64#>>");
});

Deno.test("64-bit bounds are bigints, unless the integers are numbers", () => {
  const { fields } = definitionOf(
    "struct S { [Max=5] int64 a; [Max=5, JsNumber] int64 b; };",
    "struct",
    "S",
  );
  const limits = fields.map(({ type }) =>
    "bounds" in type ? type.bounds?.max : undefined
  );
  assertEquals(limits, [5n, 5]);
});

Deno.test("bounds of an alias are only made narrower", () => {
  const alias = "[Min=1, Max=5] alias Digit = int; [MaxLength=8] alias Name = string;";
  assertEquals(bounded("[Min=0, Max=4] Digit", alias), "Digit=i32{min: 1, max: 4}");
  assertEquals(bounded("[MaxLength=9] Name", alias), "Name=string{maxLength: 8}");
  assertEquals(
    bounded("[MinLength=1] Key", "[MinLength=2] alias Key = bytes;"),
    "Key=bytes{minLength: 2}",
  );
  assertEquals(
    bounded("[MinLength=2, MaxLength=2] string"),
    "string{minLength: 2, maxLength: 2}",
  );
  assertEquals(codesOf(`${alias} struct S { [Min=6] Digit x; };`), ["E0315"]);
  const pattern = '[Pattern="a"] alias A = string; struct S { [Pattern="b"] A x; };';
  assertEquals(codesOf(pattern), ["E0315"]);
});

Deno.test("a number in place of a 64-bit integer is no longer what the alias is", () => {
  const alias = "[Max=7] alias Id = int64;";
  assertEquals(bounded("[JsNumber] Id", alias), "i64#{max: 7}");
  assertEquals(bounded("[Max=6] Id", alias), "Id=i64{max: 6}");
});

const WRONG: [fields: string, message: string][] = [
  ["[Min=1] string x;", "MG0314 [Min] is for a number, not for 'string'"],
  ["[Min=1] array<int> x;", "MG0314 [Min] is for a number, not for 'array<int32>'"],
  [
    "[MaxLength=1] array<int, 2> x;",
    "MG0314 [MaxLength] is for a string, bytes, a map or an array of any size",
  ],
  ['[Pattern="a"] bytes x;', "MG0314 [Pattern] is for a string, not for 'bytes'"],
  ["[JsNumber] int x;", "MG0314 [JsNumber] is for a 64-bit integer"],
  ["[Min=256] uint8 x;", "MG0211 256 is out of range for uint8"],
  ["[MaxLength=-1] string x;", "MG0211 -1 is out of range"],
  ["[Min=1.5] int x;", "MG0212 1.5 is not a value of 'int32'"],
  ["[Max=float.NAN] float x;", "MG0315 [Max] cannot be NAN"],
  ["[Min=0] double x = double.NAN;", "MG0211 the default is not allowed"],
  [
    "[MinLength=2, MaxLength=1] string x;",
    "MG0315 no value has at least [MinLength=2] and at most [MaxLength=1]",
  ],
  ['[Pattern="["] string x;', "MG0316 [Pattern] is not a regular expression"],
  ['[Pattern="a)(b"] string x;', "MG0316 [Pattern] is not a regular expression"],
  ["[MaxLength=kNone] string x;", "MG0214 unknown value 'kNone'"],
  ["[MaxLength] string x;", "MG0312 [MaxLength] takes a number: write [MaxLength=255]"],
  ["[JsNumber=1] int64 x;", "MG0312 [JsNumber] takes no value: write [JsNumber]"],
  ["[Pattern=abc] string x;", "MG0312 [Pattern] takes a text in quotes"],
  ["[Deprecated=1] string x;", "MG0312 [Deprecated] takes a text in quotes"],
  [
    "[EnableIf] string x;",
    "MG0312 [EnableIf] takes a name: write [EnableIf=some_feature]",
  ],
  ["[EnableIf=a|b|c&d] string x;", "MG0002 expected '|' but found '&'"],
  ["[Max=1, Max=2] int x;", "MG0313 [Max] is here twice; remove one of them"],
  [
    "[maxlength=1] string x;",
    "MG0310 unknown attribute 'maxlength'; did you mean 'MaxLength'?",
  ],
  ["[Sync] string x;", "MG0311 [Sync] is not allowed on a field; it belongs to a method"],
  [
    "[Default] string x;",
    "MG0311 [Default] is not allowed on a field; it belongs to a member or an enum value",
  ],
];

for (const [fields, message] of WRONG) {
  Deno.test(`an attribute is refused: ${fields}`, () => {
    const found = messagesOf(`struct S { ${fields} };`);
    assertEquals(found.length, 1, `${found}`);
    assertStringIncludes(found[0]!, message);
  });
}

Deno.test("[TypeMap] is a module and a name", () => {
  const typeMap = (text: string) =>
    definitionOf(`[TypeMap="${text}"] struct S { int x; };`, "struct", "S").typeMap;
  assertEquals(typeMap("./url.ts#UrlMap"), { specifier: "./url.ts", name: "UrlMap" });
  assertEquals(typeMap("jsr:@a/b@1#c"), { specifier: "jsr:@a/b@1", name: "c" });
  for (
    const text of ["", "#", "a", "a#", "#b", "a#b c", "a b#c", "a#1", "a#class", "a'#b"]
  ) {
    assertEquals(codesOf(`[TypeMap="${text}"] struct S { int x; };`), ["E0312"], text);
  }
});

Deno.test("[EnableIf] and [EnableIfNot] leave out what the features do not ask for", () => {
  const source = `[EnableIf=x] import "nowhere.magen";
    [EnableIf=a] struct A { int x; };
    [EnableIfNot=a] struct A { Missing x; };
    [EnableIf=a|x] struct B { int x; [EnableIf=x] Missing y; [EnableIf=b] int z; };
    [EnableIf=a&b] struct C { int x; };
    [EnableIf=a&x] struct D { Missing x; };
    [EnableIfNot=x|y] enum E { kOne, [EnableIf=x] kTwo, kThree };
    interface I { [EnableIf=x] M(); N([EnableIf=b] int a, [EnableIf=x] Missing b); };
    [EnableIf=a] const int kMost = 1; [EnableIfNot=a] const int kMost = 2;`;
  const { definitions } = moduleOf(source, {}, ["a", "b"]);
  assertEquals(definitions.map(({ name }) => name), ["A", "B", "C", "E", "I", "kMost"]);
  const module = moduleOf(source, {}, ["a", "b"]);
  const fields = definitionOf(module, "struct", "B").fields.map(({ name }) => name);
  assertEquals(fields, ["x", "z"]);
  const values = definitionOf(module, "enum", "E").values;
  assertEquals(values.map(({ name, value }) => `${name} ${value}`), [
    "kOne 0",
    "kThree 1",
  ]);
  const { methods } = definitionOf(module, "interface", "I");
  assertEquals(methods.map(({ parameters }) => parameters.length), [1]);
});

Deno.test("a value that a feature left out is unknown", () => {
  const source = "enum E { kA, [EnableIf=x] kB }; struct S { E e = E.kB; };";
  assertEquals(codesOf(source), ["E0214"]);
});

Deno.test("[Deprecated] is allowed everywhere", () => {
  const source = `[Deprecated] module m; [Deprecated] import "b.magen";
    [Deprecated="a"] struct S { [Deprecated="b"] B x; };
    [Deprecated="c"] enum E { [Deprecated="d"] kA };
    [Deprecated="e"] alias A = int; [Deprecated="f"] const A kB = 1;
    [Deprecated="g"] union U { [Deprecated="h"] int x; };
    [Deprecated="i"] feature kF { [Deprecated] const int a = 1; };
    interface I { [Deprecated="j"] event E([Deprecated="k"] int a); };`;
  const module = moduleOf(source, { "b.magen": "struct B { int x; };" });
  assertEquals(module.definitions.map(({ deprecated }) => deprecated), [
    "a",
    "c",
    "e",
    "f",
    "g",
    "i",
    undefined,
  ]);
  assertEquals(definitionOf(module, "struct", "S").fields[0]!.deprecated, "b");
  assertEquals(definitionOf(module, "enum", "E").values[0]!.deprecated, "d");
  assertEquals(definitionOf(module, "union", "U").members[0]!.deprecated, "h");
});
