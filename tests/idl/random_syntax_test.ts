import { assert, assertEquals, assertLess } from "@std/assert";
import {
  DiagnosticList,
  DiagnosticPrinter,
  MAX_DIAGNOSTICS,
} from "../../idl/diagnostic.ts";
import { tokenize } from "../../idl/syntax/lexer.ts";
import { parse } from "../../idl/syntax/parser.ts";
import { sourceOf } from "../../idl/syntax/token.ts";
import { hostileSources } from "./hostile_source.ts";
import {
  CORRECT_SOURCES,
  randomizer,
  randomWords,
  withMistakes,
} from "./random_source.ts";
import { outlineOf, syntaxCodes } from "./syntax.ts";

/** How often the parser asks for a token, which is the work that it does. */
function looksAt(source: string): { looks: number; tokens: number } {
  const diagnostics = new DiagnosticList();
  const tokens = tokenize(source, diagnostics);
  let looks = 0;
  const counted = new Proxy(tokens, {
    get(target, key, receiver) {
      looks++;
      return Reflect.get(target, key, receiver);
    },
  });
  parse(counted, diagnostics);
  return { looks, tokens: tokens.length };
}

/** Everything that has to be true of any source; returns whether it is free of errors. */
function checkAny(source: string): boolean {
  const diagnostics = new DiagnosticList();
  const tokens = tokenize(source, diagnostics);
  assertEquals(sourceOf(tokens), source);
  parse(tokens, diagnostics);
  const found = diagnostics.sorted();
  assertLess(found.length, 2 * MAX_DIAGNOSTICS + 3);
  const printer = new DiagnosticPrinter("a.magen", source);
  for (const item of found) {
    printer.print(item);
    const { start, end } = item.span;
    assert(start.offset <= end.offset && end.offset <= source.length, source);
  }
  outlineOf(source);
  return !diagnostics.hasErrors;
}

Deno.test("parse takes words in any order, and the tokens are the source", () => {
  let correct = 0;
  for (let seed = 1; seed <= 4000; seed++) {
    const random = randomizer(seed);
    const words = randomWords(random, 40);
    checkAny(words);
    if (checkAny(`interface First { ${words} }`)) correct++;
    checkAny(`struct First { ${words} }`);
    checkAny(`enum First { ${words} }`);
  }
  assert(correct > 20);
});

Deno.test("parse finds nothing wrong with correct sources", () => {
  for (const source of CORRECT_SOURCES) assertEquals(syntaxCodes(source), []);
  for (const source of hostileSources()) assertEquals(syntaxCodes(source), []);
});

Deno.test("parse takes correct sources with mistakes, and the tokens are the source", () => {
  let wrong = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const random = randomizer(seed);
    const source = CORRECT_SOURCES[random(CORRECT_SOURCES.length)]!;
    if (!checkAny(withMistakes(source, random, 6))) wrong++;
  }
  assert(wrong > 1000);
});

Deno.test("parse takes every beginning of correct sources", () => {
  for (const source of CORRECT_SOURCES) {
    for (let length = 0; length < source.length; length++) {
      checkAny(source.slice(0, length));
    }
  }
});

Deno.test("parse reports a word left out of a correct source once or twice, seldom more often", () => {
  const counts: number[] = [];
  for (const source of CORRECT_SOURCES) {
    const words = source.match(/\w+|\s+|[^\w\s]/g) ?? [];
    for (const [at, word] of words.entries()) {
      if (word.trim() === "") continue;
      counts.push(syntaxCodes(words.toSpliced(at, 1).join("")).length);
    }
  }
  const share = (atMost: number) =>
    counts.filter((count) => count <= atMost).length / counts.length;
  assert(share(1) > 0.96, `${share(1)}`);
  assert(share(2) === 1, `${share(2)}`);
});

Deno.test("parse looks at a token a bounded number of times, whatever comes", () => {
  const parts = [
    ..."{ } ( ) [ ] < > , ; : = @ . & ? * a".split(" ").map((sign) => `${sign} `),
    "[A=",
    "[A]\n",
    "a b ",
    "a b\n",
    "a.",
    "a { ",
    "a b { ",
    "a b { [ ",
    "a b { const c ",
    "class A { enum b ",
    "array<a ",
    "map<int, ",
    "int a = -",
    "interface A { ",
    "interface A {\n",
    "interface A ",
    "interface A\n",
    "struct S { ",
    "struct S {\n [A ",
    "struct S\n",
    "enum E { A ",
    "enum E {\n[A ",
    "enum E ",
    "union U { const a b ",
    "feature F { ",
    "alias A = ",
    "const int a = a.",
    "import ",
    "module a.",
    "M() => result<(",
    "event a ",
    "public: ",
  ];
  for (const before of ["", "interface A { ", "struct S { ", "enum E { ", "x y { M("]) {
    for (const part of parts) {
      const { looks, tokens } = looksAt(before + part.repeat(400));
      assertLess(looks, 150 * tokens + 4000, JSON.stringify(before + part));
    }
  }
});
