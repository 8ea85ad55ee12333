/**
 * Reads names with dots, numbers, strings and ordinals.
 *
 * @module
 */
import type { TokenCursor } from "./cursor.ts";
import { isPlainNumber } from "./lexer.ts";
import { isClosedString, type Position, spanOf, type Token } from "./token.ts";
import type { ConstantNode, NameNode } from "./tree.ts";

/** Reads a name with dots; undefined when there is none, which has been reported then. */
export function parseName(cursor: TokenCursor, what: string): NameNode | undefined {
  const first = cursor.expectWord(what);
  if (first === undefined) return undefined;
  const parts = [first];
  while (cursor.is(".") || cursor.is("::")) {
    if (cursor.is("::")) cursor.expected("MG0002", "'.'");
    cursor.next();
    const part = cursor.expectWord("a name");
    if (part !== undefined) parts.push(part);
    else if (!takeAll(cursor, ".") || !cursor.isWord()) break;
    else parts.push(cursor.next());
  }
  const text = parts.map((part) => part.text).join(".");
  return { parts, text, ...spanOf(first, cursor.previous) };
}

/** Reads a constant; undefined when there is none, which has been reported then. */
export function parseConstant(cursor: TokenCursor): ConstantNode | undefined {
  const first = cursor.peek();
  if (first.kind === "string") {
    cursor.next();
    return { kind: "string", text: stringText(cursor, first), ...spanOf(first) };
  }
  const sign = cursor.take("-") ?? cursor.take("+");
  const { kind } = cursor.peek();
  if (kind === "number") {
    const number = cursor.next();
    const text = `${sign?.text === "-" ? "-" : ""}${numberText(number)}`;
    return { kind: "number", text, ...spanOf(first, number) };
  }
  if (sign !== undefined || kind !== "word") {
    cursor.expected("MG0003", sign === undefined ? "a constant" : "a number");
    return undefined;
  }
  const name = parseName(cursor, "a constant")!;
  return { kind: "reference", name, ...spanOf(name) };
}

/** Takes `@N` when it is here. */
export function takeOrdinal(cursor: TokenCursor): Token | undefined {
  if (cursor.take("@") === undefined) return undefined;
  const at = cursor.peek();
  if (cursor.is("@")) cursor.expected("MG0003", "a whole number");
  takeAll(cursor, "@");
  const number = cursor.peek();
  const isWhole = number.kind === "number" && /^(?:0|[1-9]\d*)$/.test(number.text);
  const isKnown = number.kind === "number" && !isPlainNumber(number.text);
  if (!isWhole && !isKnown && number === at) cursor.expected("MG0003", "a whole number");
  if (number.kind === "number" || (cursor.isWord() && !number.startsLine)) cursor.next();
  return isWhole ? number : undefined;
}

/** Takes the same sign again and again; whether there was one. */
function takeAll(cursor: TokenCursor, sign: string): boolean {
  const { taken } = cursor;
  while (cursor.take(sign) !== undefined);
  return cursor.taken > taken;
}

/** Without what the lexer complained about. */
function numberText({ text }: Token): string {
  return /^(?:0[xX][0-9A-Fa-f]+|[\d.]+(?:[eE][+-]?\d+)?)/.exec(text)?.[0] ?? "0";
}

const ESCAPE =
  /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|(0(?!\d)|.))/gsu;

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
  ['"', '"'],
  ["'", "'"],
  ["/", "/"],
]);

/** What stands in the quotes of a token. */
function stringText(cursor: TokenCursor, { text, start }: Token): string {
  const inner = text.slice(1, isClosedString(text) ? -1 : undefined);
  if (!inner.includes("\\")) return inner;
  return inner.replace(
    ESCAPE,
    (whole: string, x: string, u: string, braced: string, other: string, at: number) => {
      const code = parseInt(x ?? u ?? braced ?? "110000", 16);
      if (code <= 0x10ffff) return String.fromCodePoint(code);
      const char = ESCAPED.get(other);
      if (char === undefined) reportEscape(cursor, moved(start, at + 1), whole);
      return char ?? "";
    },
  );
}

function reportEscape(cursor: TokenCursor, start: Position, text: string): void {
  const span = { start, end: moved(start, text.length) };
  cursor.diagnostics.error("MG0001", span, `'${text}' stands for no character`);
}

function moved(place: Position, by: number): Position {
  return { ...place, offset: place.offset + by, column: place.column + by };
}
