import { assert, assertEquals } from "@std/assert";
import { DiagnosticList } from "../../idl/diagnostic.ts";
import { tokenize } from "../../idl/syntax/lexer.ts";
import { sourceOf, type Token } from "../../idl/syntax/token.ts";

function lex(source: string): { tokens: Token[]; messages: string[] } {
  const diagnostics = new DiagnosticList();
  const tokens = tokenize(source, diagnostics);
  return { tokens, messages: diagnostics.sorted().map(({ message }) => message) };
}

function texts(source: string): string[] {
  return lex(source).tokens.slice(0, -1).map(({ text }) => text);
}

Deno.test("tokens and trivia together are the source, whatever it is", () => {
  const sources = [
    "",
    "interface A { M(int a); } // end",
    "\uFEFF/* a\r\n b */\tinterface\r\nA{}\r",
    '"open\n/* never closed',
    "% é\u00a0\u2028x ### \u0000 @1 => -> :: \uD800",
  ];
  for (const source of sources) assertEquals(sourceOf(lex(source).tokens), source);
});

Deno.test("a token knows its offset, line and column, and whether it starts its line", () => {
  const { tokens } = lex("a\r\n\tbc /*\n*/ d");
  assertEquals(
    tokens.map(({ text, start, startsLine }) => [
      text,
      start.offset,
      start.line,
      start.column,
      startsLine,
    ]),
    [["a", 0, 1, 1, true], ["bc", 4, 2, 2, true], ["d", 13, 3, 4, true], [
      "",
      14,
      3,
      5,
      false,
    ]],
  );
});

Deno.test("a byte order mark takes no column", () => {
  assertEquals(lex("\uFEFFa").tokens[0]?.start, { offset: 1, line: 1, column: 1 });
});

Deno.test("every line ending counts once", () => {
  assertEquals(lex("a\nb\rc\r\nd\u2028e").tokens.map(({ start }) => start.line), [
    1,
    2,
    3,
    4,
    5,
    5,
  ]);
});

Deno.test("signs of two characters are one token", () => {
  assertEquals(texts("=> -> :: = > array<array<int>>"), [
    ..."=> -> :: = >".split(" "),
    ..."array < array < int > >".split(" "),
  ]);
});

Deno.test("a run of what cannot be read is one token and one message", () => {
  const { tokens, messages } = lex("a %%# b");
  assertEquals(tokens.map(({ kind }) => kind), ["word", "junk", "word", "end"]);
  assertEquals(messages, ["unexpected character '%%#'"]);
});

Deno.test("a word with a foreign letter is one word and one message", () => {
  const { tokens, messages } = lex("naïve$ b");
  assertEquals(tokens.map(({ text }) => text), ["naïve$", "b", ""]);
  assertEquals(messages, [
    "a name has only the letters A to Z, digits and '_': 'naïve$'",
  ]);
});

Deno.test("a string or comment that is never closed is reported", () => {
  assertEquals(lex('"abc').messages, ["unterminated string"]);
  assertEquals(lex('"abc\n"').messages, ["unterminated string", "unterminated string"]);
  assertEquals(lex("/* abc").messages, ["unterminated comment"]);
  assertEquals(lex("/*/").messages, ["unterminated comment"]);
});

Deno.test("four million characters of one kind are taken without recursion", () => {
  const size = 1 << 22;
  for (const source of ["a", " ", "1", "#", "// ", '"a', "/*\n", "é"]) {
    const long = source + source.at(-1)!.repeat(size - source.length);
    assert(lex(long).tokens.length <= 3);
  }
});

Deno.test("a number is one token, with what should not follow it", () => {
  assertEquals(
    texts("1 0x1F 1.5 .5 2. 1e9 1.5E-3"),
    "1 0x1F 1.5 .5 2. 1e9 1.5E-3".split(" "),
  );
  for (const wrong of "1.5f 0x 017 1_000 1e 5px".split(" ")) {
    const { tokens, messages } = lex(wrong);
    assertEquals(tokens.map(({ text }) => text), [wrong, ""]);
    assertEquals(messages, [`'${wrong}' is not a number`]);
  }
  assertEquals(texts("a.b 1..2"), ["a", ".", "b", "1.", ".2"]);
});

Deno.test("a string ends at its quote, and not at one that is escaped", () => {
  const strings = [String.raw`"a\"b"`, String.raw`"a\\"`];
  assertEquals(texts(strings.join(" b ")), [strings[0], "b", strings[1]]);
  assertEquals(lex(String.raw`"a\"`).messages, ["unterminated string"]);
  assertEquals(lex(String.raw`"a\\"`).messages, []);
});

Deno.test("single quotes are a string and one message; an apostrophe is none", () => {
  const { tokens, messages } = lex("'a b' c");
  assertEquals(tokens.map(({ kind }) => kind), ["string", "word", "end"]);
  assertEquals(messages, ["a string has double quotes"]);
  assertEquals(lex("don't\n").tokens.map(({ kind }) => kind), [
    "word",
    "junk",
    "word",
    "end",
  ]);
});

Deno.test("a million escapes in a string are taken without recursion", () => {
  for (const escape of ["\\\\", "\\n", "\\q"]) {
    assertEquals(lex(`"${escape.repeat(1_000_000)}"`).tokens.length, 2);
  }
});
