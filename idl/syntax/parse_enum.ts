/**
 * Reads enums and bits.
 *
 * @module
 */
import type { TokenCursor } from "./cursor.ts";
import { attributesAhead, type ItemStart, parseStart } from "./parse_attributes.ts";
import { missingBrace, openBrace } from "./parse_body.ts";
import { parseConstant, parseName } from "./parse_value.ts";
import { isDefinition, skipBlock } from "./recovery.ts";
import { spanOf } from "./token.ts";
import type { ConstantNode, EnumNode, EnumValueNode } from "./tree.ts";

/** Reads an enum or bits, from behind the keyword on. */
export function parseEnum(
  cursor: TokenCursor,
  start: ItemStart,
  kind: EnumNode["kind"],
): EnumNode {
  takeClass(cursor);
  const what = kind === "bits" ? "a name of the bits" : "an enum name";
  const name = cursor.expectWord(what);
  const colon = cursor.take(":");
  const base = colon && parseName(cursor, "an integer type");
  const isReported = name === undefined || (colon !== undefined && base === undefined);
  const { column } = start.first.start;
  const values = kind === "enum" && cursor.take(";") !== undefined
    ? undefined
    : parseBraces(cursor, kind, column, isReported);
  const span = spanOf(start.first, cursor.previous);
  return { kind, ...start, name, base, values, ...span };
}

/** Takes the `class` of C++ in front of a name. */
function takeClass(cursor: TokenCursor): void {
  if (!(cursor.is("class") || cursor.is("struct")) || !cursor.isWord(1)) return;
  const word = cursor.next();
  const message = `'${word.text}' is ignored: a name is one word`;
  cursor.diagnostics.warning("MG0109", word, message);
}

function parseBraces(
  cursor: TokenCursor,
  kind: "enum" | "bits",
  column: number,
  isReported: boolean,
): EnumValueNode[] {
  const startsItem = () =>
    cursor.isWord() && [",", "=", "}"].some((sign) => cursor.is(sign, 1));
  const open = openBrace(cursor, { column, startsItem }, isReported);
  if (open === undefined) return [];
  const values: EnumValueNode[] = [];
  for (;;) {
    if (cursor.take("}") !== undefined) {
      cursor.take(";");
      return values;
    }
    if (isUnclosed(cursor, column)) {
      missingBrace(cursor, open, kind);
      return values;
    }
    if (cursor.is(";") && isUnclosed(cursor, column, 1)) {
      missingBrace(cursor, open, kind);
      cursor.next();
      return values;
    }
    if (cursor.is(",") || cursor.is(";")) {
      const sign = cursor.next();
      const message = `this '${sign.text}' separates nothing`;
      cursor.diagnostics.warning("MG0112", sign, message);
      continue;
    }
    const value = parseValue(cursor);
    if (value !== undefined) values.push(value);
    if (value === undefined || cursor.isLost) skipValue(cursor, column);
    else takeSeparator(cursor, column);
  }
}

/**
 * Whether what comes `from` places from here is not a value, but a field, a method or a definition:
 * then the brace is missing.
 */
function isUnclosed(cursor: TokenCursor, column: number, from = 0): boolean {
  const first = cursor.peek(from);
  if (first.kind === "end") return true;
  if (!first.startsLine) return false;
  const at = attributesAhead(cursor, from);
  if (!cursor.isWord(at)) return false;
  const isOutside = first.start.column <= column && isDefinition(cursor, at);
  if (isOutside && !cursor.peek(at + 1).startsLine) return true;
  if (["(", "<", "?", ".", "&"].some((sign) => cursor.is(sign, at + 1))) return true;
  return cursor.isWord(at + 1) && !cursor.peek(at + 1).startsLine &&
    [";", "=", "@", "(", "{", ":"].some((sign) => cursor.is(sign, at + 2));
}

function parseValue(cursor: TokenCursor): EnumValueNode | undefined {
  const start = parseStart(cursor);
  const name = cursor.expectWord("a name of a value");
  if (name === undefined) return undefined;
  let value: ConstantNode | undefined;
  if (cursor.take("=") !== undefined) {
    value = parseConstant(cursor);
    if (value === undefined) cursor.isLost = true;
  }
  return { ...start, name, value, ...spanOf(start.first, cursor.previous) };
}

function takeSeparator(cursor: TokenCursor, column: number): void {
  if (cursor.take(",") !== undefined || cursor.is("}") || isUnclosed(cursor, column)) {
    return;
  }
  if (cursor.is(";") && isUnclosed(cursor, column, 1)) return;
  if (cursor.is(";")) {
    const message = "expected ',' but found ';'";
    cursor.diagnostics.warning("MG0104", cursor.next(), message);
  } else if (cursor.isWord() || cursor.is("[")) {
    cursor.diagnostics.warning("MG0104", cursor.gap, "missing ',' between values");
  } else {
    cursor.expected("MG0002", "',' or '}'");
    skipValue(cursor, column);
  }
}

/** Skips to behind a value that cannot be read. */
function skipValue(cursor: TokenCursor, column: number): void {
  cursor.isLost = false;
  let isFirst = true;
  while (!cursor.atEnd && !cursor.is("}")) {
    const { startsLine } = cursor.peek();
    if (!isFirst && startsLine && cursor.isWord()) return;
    isFirst = false;
    if (cursor.is("{")) skipBlock(cursor, column);
    else if ([",", ";"].includes(cursor.next().text)) return;
  }
}

/** Whether enum or bits with a body start here, and not a field whose type is called so. */
export function isEnumAhead(cursor: TokenCursor): boolean {
  if (!cursor.is("enum") && !cursor.is("bits")) return false;
  if (cursor.isWord(1)) return cursor.is("{", 2) || cursor.is(":", 2);
  return cursor.is("{", 1) || (cursor.is(":", 1) && cursor.is("{", 3));
}
