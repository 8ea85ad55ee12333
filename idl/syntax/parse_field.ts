/**
 * Reads fields, members and parameters: a type, a name, an ordinal, a default.
 *
 * @module
 */
import { builtinOf } from "../builtin.ts";
import type { TokenCursor } from "./cursor.ts";
import { type ItemStart, parseStart } from "./parse_attributes.ts";
import { parseConstant, takeOrdinal } from "./parse_value.ts";
import { errorType, parseType, takeBrackets } from "./parse_type.ts";
import { takeSemicolon } from "./recovery.ts";
import { spanOf, type Token } from "./token.ts";
import type { ConstantNode, FieldNode, TypeNode } from "./tree.ts";

/** Reads a field of a struct with its semicolon; undefined after an error that left none. */
export function parseField(
  cursor: TokenCursor,
  start: ItemStart,
): FieldNode | undefined {
  return parseNamedField(cursor, start, "field");
}

/** Reads a member of a union with its semicolon; undefined after an error that left none. */
export function parseMember(
  cursor: TokenCursor,
  start: ItemStart,
): FieldNode | undefined {
  return parseNamedField(cursor, start, "member");
}

function parseNamedField(
  cursor: TokenCursor,
  start: ItemStart,
  what: "field" | "member",
): FieldNode | undefined {
  if (cursor.isWord() && cursor.is("(", 1)) {
    const word = cursor.peek();
    const message = `'${word.text}' looks like a method; methods stand in interfaces`;
    cursor.diagnostics.error("MG0013", word, message);
    return undefined;
  }
  const declared = parseDeclared(cursor, `a ${what} name`);
  if (declared === undefined) return undefined;
  const ordinal = takeOrdinal(cursor);
  let value: ConstantNode | undefined;
  if (what === "field") value = takeDefault(cursor);
  const end = cursor.previous;
  if (!cursor.isLost) takeSemicolon(cursor, () => isFieldAhead(cursor));
  return {
    kind: "field",
    ...start,
    ...declared,
    ordinal,
    default: value,
    ...spanOf(start.first, end),
  };
}

/** Whether a field starts here: a type and a name. */
export function isFieldAhead(cursor: TokenCursor): boolean {
  if (cursor.is("[")) return true;
  if (!cursor.isWord()) return false;
  let ahead = 1;
  // LIMIT: names with more dots are rare, and nothing depends on them.
  while (ahead < 16 && cursor.is(".", ahead) && cursor.isWord(ahead + 1)) ahead += 2;
  if (cursor.is("<", ahead)) return true;
  if (cursor.is("?", ahead) || cursor.is("&", ahead)) ahead++;
  return cursor.isWord(ahead);
}

/** A type and the name behind it. */
interface Declared {
  readonly type: TypeNode;
  readonly name: Token;
}

/** Reads a type and a name; undefined when there is no way on, which has been reported then. */
export function parseDeclared(cursor: TokenCursor, what: string): Declared | undefined {
  if (nameComesFirst(cursor)) return parseReversed(cursor);
  const first = cursor.peek();
  const isAlone = [";", "=", "@", "}"].some((sign) => cursor.is(sign, 1));
  if (cursor.isWord() && isAlone && builtinOf(first.text) === undefined) {
    cursor.expected("MG0004", "a type and a name");
    cursor.next();
    return { type: errorType(first, first), name: first };
  }
  const type = parseType(cursor);
  if (type === undefined) return undefined;
  if (!cursor.isWord()) {
    if (type.kind !== "error") cursor.expected("MG0003", what);
    return undefined;
  }
  const name = cursor.next();
  return { type: takeMisplaced(cursor, type), name };
}

function nameComesFirst(cursor: TokenCursor): boolean {
  return cursor.isWord() &&
    (cursor.is(":", 1) || (cursor.is("?", 1) && cursor.is(":", 2)));
}

/** Reads `name: type` as in TypeScript. */
function parseReversed(cursor: TokenCursor): Declared | undefined {
  const name = cursor.next();
  const isOptional = cursor.take("?") !== undefined;
  const colon = cursor.next();
  const message = `the type stands before the name, without ':'`;
  cursor.diagnostics.error("MG0003", colon, message);
  const type = cursor.isWord() ? parseType(cursor)! : errorType(name, colon);
  if (cursor.is("{")) cursor.isLost = true;
  if (!isOptional || type.kind === "error") return { type, name };
  return { type: { ...type, optional: true }, name };
}

/** Takes what belongs to the type but stands behind the name. */
function takeMisplaced(cursor: TokenCursor, type: TypeNode): TypeNode {
  const first = cursor.peek();
  if (cursor.is("?") && !cursor.isWord(1)) {
    cursor.next();
    const message = "this '?' belongs behind the type";
    cursor.diagnostics.error("MG0003", first, message);
    return type.kind === "error" ? type : { ...type, optional: true };
  }
  return takeBrackets(cursor, true) ? errorType(first, cursor.previous) : type;
}

/** Takes `= CONSTANT` when it is here. */
function takeDefault(cursor: TokenCursor): ConstantNode | undefined {
  if (cursor.take("=") === undefined) return undefined;
  const value = parseConstant(cursor);
  if (value === undefined) cursor.isLost = true;
  return value;
}

/** Reads a parameter, whose name may be missing; undefined after an error in the middle of it. */
export function parseParameter(cursor: TokenCursor): FieldNode | undefined {
  const start = parseStart(cursor);
  let type: TypeNode | undefined;
  let name: Token | undefined;
  if (nameComesFirst(cursor)) {
    const declared = parseReversed(cursor);
    type = declared?.type;
    name = declared?.name;
  } else {
    type = parseType(cursor);
    if (type !== undefined && isParameterName(cursor)) {
      name = cursor.next();
      type = takeMisplaced(cursor, type);
    }
  }
  if (type === undefined) return undefined;
  const ordinal = takeOrdinal(cursor);
  const value = takeDefault(cursor);
  if (cursor.isLost) return undefined;
  const span = spanOf(start.first, cursor.previous);
  return { kind: "field", ...start, type, name, ordinal, default: value, ...span };
}

/** Whether the word here is a name, and not the type of the next parameter. */
function isParameterName(cursor: TokenCursor): boolean {
  return cursor.isWord() && !["<", ".", "::"].some((sign) => cursor.is(sign, 1));
}
