/**
 * Reads methods and events, with the leniency that older files need.
 *
 * @module
 */
import { builtinOf, C_WORDS } from "../builtin.ts";
import type { TokenCursor } from "./cursor.ts";
import type { ItemStart } from "./parse_attributes.ts";
import { takeOrdinal } from "./parse_value.ts";
import { parseParameter } from "./parse_field.ts";
import { parseType } from "./parse_type.ts";
import { isSurely, takeSemicolon } from "./recovery.ts";
import { spanOf, type Token } from "./token.ts";
import type { EventNode, FieldNode, MethodNode, ReplyNode, TypeNode } from "./tree.ts";

/** Words that start an item of an interface when a name follows. */
const ITEM_WORDS: ReadonlySet<string> = new Set(["const", "enum", "bits", "event"]);

/** Whether one of the words stands here that make the item something other than a method. */
export function isItemWord(cursor: TokenCursor, ahead = 0): boolean {
  return cursor.isWord(ahead) && cursor.isWord(ahead + 1) &&
    ITEM_WORDS.has(cursor.peek(ahead).text);
}

/** Whether an item of an interface surely starts here. */
export function startsItem(cursor: TokenCursor): boolean {
  if (!cursor.isWord()) return false;
  if (cursor.is("(", 1) || cursor.is("@", 1)) return true;
  if (cursor.is("event")) return cursor.is("(", 2) || cursor.is("@", 2);
  return isSurely(cursor, ITEM_WORDS);
}

/** Reads a method; undefined after an error that leaves the cursor somewhere inside it. */
export function parseMethod(
  cursor: TokenCursor,
  start: ItemStart,
): MethodNode | undefined {
  if (!cursor.isWord()) {
    cursor.expected("MG0003", "a method name");
    return undefined;
  }
  takeReturnType(cursor);
  const signature = parseSignature(cursor);
  if (signature === undefined) return undefined;
  let reply: ReplyNode | undefined;
  if (cursor.is("=>") || cursor.is("->")) {
    reply = parseReply(cursor);
    if (reply === undefined) return undefined;
  }
  const span = spanOf(start.first, cursor.previous);
  takeSemicolon(cursor, () => isItemAhead(cursor));
  return { kind: "method", ...start, ...signature, reply, ...span };
}

/** Reads an event from behind its keyword on; undefined after an error that leaves it unread. */
export function parseEvent(
  cursor: TokenCursor,
  start: ItemStart,
): EventNode | undefined {
  const signature = parseSignature(cursor);
  if (signature === undefined) return undefined;
  const span = spanOf(start.first, cursor.previous);
  if (cursor.is("=>") || cursor.is("->")) {
    const arrow = cursor.peek();
    const message = `event '${signature.name.text}' cannot have a reply`;
    cursor.diagnostics.error("MG0307", arrow, message);
    cursor.isLost = true;
  } else {
    takeSemicolon(cursor, () => isItemAhead(cursor));
  }
  return { kind: "event", ...start, ...signature, ...span };
}

function startsItemLine(cursor: TokenCursor): boolean {
  return cursor.peek().startsLine && startsItem(cursor);
}

function isItemAhead(cursor: TokenCursor): boolean {
  if (cursor.is("[") || isItemWord(cursor)) return true;
  return cursor.isWord() && (cursor.is("(", 1) || cursor.is("@", 1));
}

interface Signature {
  readonly name: Token;
  readonly ordinal: Token | undefined;
  readonly parameters: readonly FieldNode[];
}

function parseSignature(cursor: TokenCursor): Signature | undefined {
  const name = cursor.next();
  const ordinal = takeOrdinal(cursor);
  const parameters = parseMethodParameters(cursor, name);
  return parameters && { name, ordinal, parameters };
}

function takeReturnType(cursor: TokenCursor): void {
  if (!cursor.isWord(1) || cursor.peek(1).startsLine) return;
  const { text } = cursor.peek();
  if (text === "void") {
    const word = cursor.next();
    cursor.diagnostics.warning(
      "MG0110",
      word,
      "'void' is ignored: a method has no type before its name",
    );
    return;
  }
  if (cursor.is("(", 2) && isTypeWord(text)) {
    const word = cursor.next();
    const method = cursor.peek().text;
    cursor.diagnostics.error(
      "MG0003",
      word,
      `a method has no type before its name; a reply is written ${method}(...) => (${text} value)`,
    );
  }
}

function isTypeWord(text: string): boolean {
  return builtinOf(text) !== undefined || C_WORDS.has(text);
}

function parseMethodParameters(
  cursor: TokenCursor,
  name: Token,
): FieldNode[] | undefined {
  if (cursor.take("(") !== undefined) return parseParameters(cursor, "(");
  const next = cursor.peek();
  const bare = isTypeWord(next.text) && cursor.isWord() && !next.startsLine;
  const none = next.kind === "end" || next.startsLine ||
    [";", ",", "}", "=>"].includes(next.text);
  if (!bare && !none) {
    cursor.expected("MG0002", "'('");
    return undefined;
  }
  cursor.diagnostics.warning(
    "MG0108",
    name,
    `method '${name.text}' has no parentheses; write ${name.text}(...)`,
  );
  return none ? [] : parseParameters(cursor, "");
}

function parseReply(cursor: TokenCursor): ReplyNode | undefined {
  const arrow = cursor.next();
  if (arrow.text === "->") {
    cursor.diagnostics.error("MG0002", arrow, "expected '=>' but found '->'");
  }
  if (cursor.is("result") && cursor.is("<", 1)) return parseResult(cursor, arrow);
  if (cursor.is("stream") && cursor.is("<", 1)) return parseStream(cursor, arrow);
  if (cursor.expect("(") === undefined) return undefined;
  const values = parseParameters(cursor, "(");
  return values && { kind: "values", values, ...spanOf(arrow, cursor.previous) };
}

function parseResult(cursor: TokenCursor, arrow: Token): ReplyNode | undefined {
  cursor.next();
  cursor.next();
  const ok = parseOk(cursor);
  if (ok === undefined) return undefined;
  const isBroken = "kind" in ok && ok.kind === "error" && !cursor.is(",");
  if (isBroken || cursor.expect(",") === undefined) return undefined;
  const error = parseType(cursor);
  if (error === undefined || !closeReply(cursor, error)) return undefined;
  return { kind: "result", ok, error, ...spanOf(arrow, cursor.previous) };
}

function parseOk(cursor: TokenCursor): TypeNode | readonly FieldNode[] | undefined {
  if (cursor.take("(") !== undefined) return parseParameters(cursor, "(");
  if (!cursor.is("void")) return parseType(cursor);
  const word = cursor.next();
  cursor.diagnostics.warning("MG0110", word, "'void' is ignored: write ()");
  return [];
}

function parseStream(cursor: TokenCursor, arrow: Token): ReplyNode | undefined {
  cursor.next();
  cursor.next();
  const item = parseType(cursor);
  if (item === undefined || !closeReply(cursor, item)) return undefined;
  return { kind: "stream", item, ...spanOf(arrow, cursor.previous) };
}

/** Takes the `>` behind `last`. An error inside has been reported, and may have taken it. */
function closeReply(cursor: TokenCursor, last: TypeNode): boolean {
  if (last.kind === "error") return cursor.take(">") !== undefined;
  return cursor.expect(">") !== undefined;
}

/** Reads parameters; after `(` up to `)`, else as far as the line and its `;` go. */
function parseParameters(
  cursor: TokenCursor,
  open: "(" | "",
): FieldNode[] | undefined {
  const parameters: FieldNode[] = [];
  if (cursor.is("void") && cursor.is(")", 1)) {
    const word = cursor.next();
    cursor.diagnostics.warning("MG0110", word, "'void' is ignored: write ()");
  }
  let separated = true;
  for (;;) {
    if (open === "(" ? cursor.take(")") !== undefined : atBareEnd(cursor)) {
      return parameters;
    }
    if (cursor.is(",")) {
      cursor.diagnostics.warning("MG0112", cursor.next(), "this ',' separates nothing");
      continue;
    }
    const type = cursor.peek();
    // A name and a parenthesis on a new line are the next method, not two parameters.
    const goesOn = (type.kind === "word" && !startsItemLine(cursor)) || cursor.is("[");
    if (!separated && !goesOn) {
      cursor.expected("MG0002", open === "(" ? "')'" : "';'");
      return undefined;
    }
    if (separated && parameters.length === 0 && type.text === ";") {
      cursor.expected("MG0002", "')'");
      return undefined;
    }
    if (!separated) {
      cursor.diagnostics.warning("MG0104", cursor.gap, "missing ',' between parameters");
    }
    const parameter = parseParameter(cursor);
    if (parameter === undefined) return undefined;
    parameters.push(parameter);
    separated = cursor.take(",") !== undefined;
  }
}

function atBareEnd(cursor: TokenCursor): boolean {
  const next = cursor.peek();
  return next.kind === "end" || next.startsLine || [";", "}", "=>"].includes(next.text);
}
