import { assertEquals } from "@std/assert";
import type { Constant } from "../../idl/mod.ts";
import { codesOf, definitionOf, messagesOf, moduleOf } from "./findings.ts";

function plain(constant: Constant): unknown {
  return "value" in constant ? constant.value : constant.kind;
}

/** The values of the constants of a source, in its order. */
function valuesOf(source: string): unknown[] {
  return moduleOf(source).definitions.flatMap((it) =>
    it.kind === "const" ? [plain(it.value)] : []
  );
}

Deno.test("constants are numbers, bigints, bools, texts and values of enums", () => {
  const source = `
    const int8 a = -128; const uint8 b = 0xFF; const int c = 7;
    const int64 d = -9223372036854775808; const uint64 e = 0xffffffffffffffff;
    const float f = 0.1; const double g = -0; const double h = 1e3; const double i = 7;
    const bool j = true; const string k = "a\\"b"; const E l = E.kB; const R m = R.kW;
    const R n = 3; const Big o = Big.kHigh; const char p = 65; const long q = 1;
    enum E { kA, kB } bits R { kR, kW } bits Big : uint64 { kHigh = 0x8000000000000000 }`;
  assertEquals(valuesOf(source), [
    -128,
    255,
    7,
    -9223372036854775808n,
    0xffffffffffffffffn,
    Math.fround(0.1),
    -0,
    1000,
    7,
    true,
    'a"b',
    1,
    2,
    3,
    0x8000000000000000n,
    65,
    1n,
  ]);
});

Deno.test("a constant may lead to others, wherever they are", () => {
  const source = `
    const int64 a = b; const uint8 b = S.kC; struct S { const int kC = 5; int x = kC; };
    const double d = b; const double e = double.NEGATIVE_INFINITY; const float f = e;
    const float g = float.NAN; const E h = i; const E i = E.kB; enum E { kA = 2, kB = b }`;
  assertEquals(valuesOf(source), [5n, 5, 5, 5, -Infinity, -Infinity, NaN, 5, 5]);
});

Deno.test("a value of the enum that is wanted comes before a constant of that name", () => {
  const source = "const int kB = 7; enum E { kA, kB } const E e = kB; const int i = kB;";
  assertEquals(valuesOf(source), [7, 1, 7]);
});

Deno.test("no default stands for what holds a handle, also one of another file", () => {
  const files = { "b.magen": "module b; struct B { MessagePipe? pipe; };" };
  const source = 'import "b.magen"; struct C { b.B? b; }; struct D { C c = default; };';
  assertEquals(codesOf(source, files), ["E0227"]);
});

Deno.test("an alias brings its bounds and its kind of number to a constant", () => {
  const source = "[JsNumber] alias Id = int64; const Id a = 9007199254740991;";
  assertEquals(valuesOf(source), [9007199254740991]);
  assertEquals(codesOf(source.replace("991", "992")), ["E0211"]);
  assertEquals(valuesOf(source.replace("9007", "-9007")), [-9007199254740991]);
  assertEquals(codesOf(source.replace("9007199254740991", "-9007199254740992")), [
    "E0211",
  ]);
  assertEquals(codesOf("[Max=9] alias Digit = int; const Digit a = 10;"), ["E0211"]);
});

const WRONG: [what: string, source: string, message: string][] = [
  [
    "a fraction for an integer",
    "const int a = 1.5;",
    "MG0212 1.5 is not a value of 'int32'; write a whole number",
  ],
  [
    "an exponent for an integer",
    "const int a = 1e3;",
    "MG0212 1e3 is not a value of 'int32'; write a whole number",
  ],
  [
    "a constant of another type",
    "const double a = 1; const int b = a;",
    "MG0212 'a', which is of 'double', is not a value of 'int32'; write a whole number",
  ],
  [
    "a word for a text",
    "const string a = hello;",
    "MG0214 unknown value 'hello'; write a number, a text in quotes, or the name of a constant",
  ],
  [
    "a text for a bool",
    'const bool a = "true";',
    "MG0212 \"true\" is not a value of 'bool'; write true or false",
  ],
  [
    "a number for an enum",
    "enum E { kA } const E a = 0;",
    "MG0212 a number cannot stand for a value of enum 'E'; write 'E.kA'",
  ],
  [
    "a value of another enum",
    "enum E { kA } enum F { kB } const E a = F.kB;",
    "MG0212 'F.kB', which is of 'F', is not a value of 'E'; write one of its values",
  ],
  [
    "bits without a name",
    "bits B { kA, kB } const B a = 5;",
    "MG0211 5 has bits that 'B' has no name for; write one of its values",
  ],
  [
    "an enum for its value",
    "enum E { kA } const E a = E;",
    "MG0212 enum 'E' is not a value; write one of its values, such as 'E.kA'",
  ],
  [
    "a struct for a value",
    "struct T { int x; }; const int a = T;",
    "MG0212 struct 'T' is not a value; write a constant",
  ],
  [
    "half a surrogate pair",
    'const string a = "\\ud800";',
    "MG0212 half of a surrogate pair cannot be sent; write both",
  ],
  [
    "a default for a constant",
    "const int a = default;",
    "MG0212 'default' stands for structs only; write the value",
  ],
  [
    "a float that is too large",
    "const float a = 3.5e38;",
    "MG0211 3.5e38 is out of range for float; write float.INFINITY if that is meant",
  ],
  [
    "digits without an end",
    `const int a = ${"9".repeat(5000)};`,
    `MG0211 ${"9".repeat(40)}... is out of range for int32 (-2147483648 to 2147483647)`,
  ],
  [
    "an optional type",
    "const int? a = 1;",
    "MG0225 a constant cannot be of an optional type: write a number, bool, string, an enum or bits",
  ],
  [
    "a circle of three",
    "const int a = b; const int b = c; const int c = a;",
    "MG0215 'a' leads back here before it has a value; write a number, or something that comes before",
  ],
  [
    "a circle through an enum",
    "const int a = E.kA; enum E { kA = a }",
    "MG0215 'a' leads back here before it has a value; write a number, or something that comes before",
  ],
];

for (const [what, source, message] of WRONG) {
  Deno.test(`a constant is refused: ${what}`, () => {
    // Whatever leads to the circle is silent, so there is one finding.
    assertEquals(messagesOf(source), [message]);
  });
}

Deno.test("each integer type has its range", () => {
  const ranges: [string, string, string][] = [
    ["int8", "-128", "127"],
    ["uint8", "0", "255"],
    ["int16", "-32768", "32767"],
    ["uint16", "0", "65535"],
    ["int32", "-2147483648", "2147483647"],
    ["uint32", "0", "4294967295"],
    ["int64", "-9223372036854775808", "9223372036854775807"],
    ["uint64", "0", "18446744073709551615"],
  ];
  for (const [type, min, max] of ranges) {
    const source = (value: bigint) => `const ${type} a = ${value};`;
    assertEquals(
      codesOf(source(BigInt(min)) + source(BigInt(max)).replace("a", "b")),
      [],
    );
    assertEquals(codesOf(source(BigInt(min) - 1n)), ["E0211"]);
    assertEquals(codesOf(source(BigInt(max) + 1n)), ["E0211"]);
  }
});

Deno.test("a long way forward is refused, and the same way backward is not", () => {
  const forward = Array.from({ length: 150 }, (_, i) => `const int k${i} = k${i + 1};`);
  const all = [...forward, "const int k150 = 1;"];
  assertEquals(codesOf(all.join("\n")), ["E0011"]);
  assertEquals(codesOf(all.reverse().join("\n")), []);
});

Deno.test("a feature has constants of its own", () => {
  const source = `feature kFast { const string name = "Fast"; const bool on = true; };`;
  const { constants } = definitionOf(source, "feature", "kFast");
  assertEquals(constants.map(({ tsName, value }) => [tsName, plain(value)]), [
    ["name", "Fast"],
    ["on", true],
  ]);
  assertEquals(codesOf("feature kF { const int a = 1; const int a = 2; };"), ["E0301"]);
});

Deno.test("what leads to a constant with an error is silent", () => {
  const source = "const int a = nothing; const int b = a; struct S { int x = b; };" +
    "enum E { kA = b, kB = kA } bits B { kC = a } struct T { E e = E.kB; E f = E.kNone; };";
  assertEquals(codesOf(source), ["E0214"]);
});

Deno.test("'default' does not stand for a struct that a [TypeMap] stands for", () => {
  const map = '[TypeMap="./pen.ts#Pen"] struct Pen { int width = 1; };';
  assertEquals(messagesOf(`${map} struct Case { Pen pen = default; };`), [
    "MG0224 'default' of 'Pen' is not known here, because its [TypeMap] makes the values; " +
    "make the field optional instead",
  ]);
  assertEquals(messagesOf(`${map} struct Case { Pen? pen; };`), []);
});
