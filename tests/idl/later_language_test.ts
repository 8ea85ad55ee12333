import { assertEquals, assertStringIncludes } from "@std/assert";
import { codesOf, printed } from "./findings.ts";

// Each source ends with a second mistake: what comes after the first one is still checked.
const LATER: [word: string, source: string][] = [
  ["'struct'", "struct S { int a; }; interface A { "],
  ["'enum'", "enum E { X, Y = 3 }\ninterface A { "],
  ["'union'", "union U { int a; string b; }\ninterface A { "],
  ["'import'", 'import "b.magen";\ninterface A { '],
  ["'module'", "module a.b;\ninterface A { "],
  ["'const'", "const int kX = 3;\ninterface A { "],
  ["'alias'", "alias X = int;\ninterface A { "],
  ["'bits'", "bits B : uint8 { X }\ninterface A { "],
  ["'feature'", 'feature F { const string n = "x"; }\ninterface A { '],
  ["an attribute ('[Stable]')", "[Stable] interface A { "],
  ["an attribute ('[Sync]')", "interface A { [Sync] M() => (); "],
  ["an attribute ('[Max]')", "interface A { M([Max=3] int a); "],
  ["'event'", "interface A { event M(int a); "],
  ["'enum'", "interface A { enum E { X, Y } "],
  ["'const'", "interface A { const int kX = 3; "],
  ["'result<...>'", "interface A { M() => result<int, string>; "],
  ["'stream<...>'", "interface A { M() => stream<array<int>>; "],
  ["'map<...>'", "interface A { M(map<string, array<int>> a); "],
  ["'handle<...>'", "interface A { M(array<handle<message_pipe>> a); "],
  ["'pending_remote<...>'", "interface A { M(pending_remote<B>? a); "],
  ["'string&'", "interface A { M(string& a); "],
  ["an ordinal ('@3')", "interface A { M@3(int a); "],
  ["an ordinal ('@0')", "interface A { M(int a@0); "],
  ["a default value", "interface A { M(int a = -3); "],
  ["a fixed array size", "interface A { M(array<int, 4> a); "],
];

for (const [word, source] of LATER) {
  Deno.test(`a word of the language to come is named: ${source.trim()}`, () => {
    const whole = `${source} Last(wrongtyp z); }`;
    assertEquals(codesOf(whole), ["E0010", "E0205"]);
    assertStringIncludes(printed(whole), `${word} is not supported yet`);
  });
}
