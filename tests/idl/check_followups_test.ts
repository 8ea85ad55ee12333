import { assertEquals } from "@std/assert";
import { codesOf } from "./findings.ts";

/** Sources with one mistake, each with things that would be wrong without it. */
const ONE_MISTAKE: [what: string, source: string, code: string][] = [
  [
    "a type in a struct with a default",
    "struct T { Missing x; }; struct S { T t = default; };",
    "E0205",
  ],
  [
    "a default in a struct with a default",
    'struct T { int x = "a"; }; struct S { T t = default; };',
    "E0212",
  ],
  [
    "a default without a value",
    "struct T { int x = ; }; struct S { T t = default; };",
    "E0003",
  ],
  [
    "a version that is unknown",
    "struct S { [MinVersion=1] int a; [MinVersion=kNone] int b; };",
    "E0214",
  ],
  [
    "a version without a number",
    "struct S { [MinVersion=1] int a; [MinVersion] int b; };",
    "E0312",
  ],
  [
    "a version that is misspelt",
    "struct S { [MinVersion=1] int a; [MinVersoin=2] int b; };",
    "E0310",
  ],
  ["a misspelt default of an enum", "[Extensible] enum E { [Defualt] kA, kB };", "E0310"],
  [
    "a misspelt default of a union",
    "[Extensible] union U { [Defualt] int a; };",
    "E0310",
  ],
  ["a misspelt [Extensible]", "[Extensable] enum E { [Default] kA, kB };", "E0310"],
  [
    "a misspelt [Extensible] of a union",
    "[Extensable] union U { [Default] int a; };",
    "E0310",
  ],
  [
    "an enum without a default",
    "[Extensible] enum E { kA }; struct S { E e = E.kA; };",
    "E0403",
  ],
  [
    "a base of an enum",
    "enum E : string { kA }; struct S { E e = E.kB; map<E, int> m; };",
    "E0223",
  ],
  [
    "an alias",
    "alias A = B; struct S { A? a; array<A> b; map<A, A> c; A d = 1; };",
    "E0205",
  ],
  [
    "an interface that has no name",
    "interface { M() => (int a); }; struct S { int x; };",
    "E0003",
  ],
  [
    "a value of an enum",
    "enum E { kA = x, kB = kA, kC }; struct S { E e = E.kB; };",
    "E0214",
  ],
  ["a number of an enum", "enum E : uint8 { kA = 255, kB = x, kC };", "E0214"],
  [
    "a default of a later version",
    "struct S { int a; [MinVersion=1] bytes b = ; };",
    "E0003",
  ],
  ["an item of an enum that cannot be read", "[Extensible] enum E { ? };", "E0003"],
  ["a field that cannot be read", "struct S { int a@0; int @1; int c@2; };", "E0003"],
  ["a constant as a bound", "struct S { [Max=kNone] int a = 5; };", "E0214"],
  [
    "a stream of nothing",
    "interface I { M() => stream<Missing>; [Timeout=1] N() => (); };",
    "E0205",
  ],
];

for (const [what, source, code] of ONE_MISTAKE) {
  Deno.test(`a mistake is told once: ${what}`, () => {
    assertEquals(codesOf(source), [code]);
  });
}
