import { assertEquals } from "@std/assert";
import { codesOf, definitionOf, messagesOf } from "./findings.ts";

function numbersOf(source: string): (number | bigint)[] {
  return definitionOf(source, "enum", "E").values.map(({ value }) => value);
}

function masksOf(source: string): (number | bigint)[] {
  return definitionOf(source, "bits", "B").values.map(({ value }) => value);
}

Deno.test("values of an enum count on from the one before", () => {
  assertEquals(numbersOf("enum E { a, b, c = 7, d, e = -2, f, g = 0x10 }"), [
    0,
    1,
    7,
    8,
    -2,
    -1,
    16,
  ]);
  assertEquals(
    numbersOf(
      "const int kTen = 10; enum E { a = kTen, b, c = a, d = E.b, e = F.x } enum F { x = 4 }",
    ),
    [10, 11, 10, 11, 4],
  );
});

Deno.test("bits without a number take the next one", () => {
  assertEquals(masksOf("bits B { a, b, c }"), [1, 2, 4]);
  assertEquals(masksOf("bits B : uint8 { none = 0, a, b = 6, c, all = 0xff }"), [
    0,
    1,
    6,
    8,
    255,
  ]);
  assertEquals(masksOf("bits B : uint64 { a = 0x4000000000000000, b }"), [
    0x4000000000000000n,
    0x8000000000000000n,
  ]);
});

Deno.test("an enum is in 32 bits, and in its base when that is less", () => {
  assertEquals(codesOf("enum E { a = 2147483647, b = -2147483648 }"), []);
  for (
    const source of [
      "enum E { a = 2147483648 }",
      "enum E { a = 2147483647, b }",
      "enum E : uint64 { a = 2147483648 }",
      "enum E : int64 { a = -2147483649 }",
      "enum E : uint8 { a = -1 }",
      "enum E : int8 { a = 128 }",
      "bits B : uint8 { a = 256 }",
      "bits B { a = -1 }",
      "bits B : uint16 { a = 0x8000, b }",
    ]
  ) assertEquals(codesOf(source), ["E0211"], source);
  assertEquals(codesOf("bits B : int32 { a }"), ["E0223"]);
  assertEquals(codesOf("enum E : Missing { a } struct S { E e = E.a; };"), ["E0223"]);
});

Deno.test("an extensible enum has one default", () => {
  const source = "[Extensible] enum E { a, [Default] b }";
  assertEquals(definitionOf(source, "enum", "E").defaultValue?.name, "b");
  assertEquals(definitionOf("enum E { a }", "enum", "E").defaultValue, undefined);
  assertEquals(definitionOf("[Extensible] bits B { a }", "bits", "B").isExtensible, true);
  assertEquals(codesOf("enum E;"), ["E0220"]);
  assertEquals(codesOf("enum E {}"), ["E0221"]);
  assertEquals(codesOf("bits B {}"), ["E0221"]);
});

Deno.test("a circle is told where it closes, once", () => {
  assertEquals(codesOf("enum E { a = b, b }"), ["E0215"]);
  assertEquals(codesOf("enum E { a = a }"), ["E0215"]);
  assertEquals(codesOf("enum E { a = F.x } enum F { x = E.a }"), ["E0215"]);
});

Deno.test("a value with an error stands in for nothing", () => {
  const source =
    "enum E { a = 1.5, b, c = b, d = 3, d } struct S { E e = E.c; E f = E.zzz; };";
  assertEquals(codesOf(source), ["E0212", "E0301"]);
});

Deno.test("the number of an enum may be that of another name", () => {
  assertEquals(codesOf("enum E { a = 1, b = 1 }"), []);
});

Deno.test("a misspelt value gets the nearest one", () => {
  const source = "enum Color { kGreen, kBlue } struct S { Color c = Color.kGren; };";
  assertEquals(messagesOf(source), [
    "MG0214 unknown value 'Color.kGren'; did you mean 'Color.kGreen'?",
  ]);
});
