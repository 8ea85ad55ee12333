/**
 * Reads methods and parameters, with the leniency that older files need.
 *
 * @module
 */
import { builtinOf, C_WORDS } from "./builtin.ts";
import type { TokenCursor } from "./cursor.ts";
import { parseType } from "./parse_type.ts";
import { spanOf, type Token } from "./token.ts";
import type { MethodNode, ParameterNode } from "./tree.ts";

/** Reads a method; undefined after an error that leaves the cursor somewhere inside it. */
export function parseMethod(cursor: TokenCursor): MethodNode | undefined {
  const first = cursor.peek();
  if (!cursor.isWord()) {
    cursor.expected("MG0003", "a method name");
    return undefined;
  }
  takeReturnType(cursor);
  const name = cursor.next();
  takeOrdinal(cursor);
  const parameters = parseMethodParameters(cursor, name);
  if (parameters === undefined) return undefined;
  let reply: readonly ParameterNode[] | undefined;
  if (cursor.is("=>") || cursor.is("->")) {
    reply = parseReply(cursor);
    if (reply === undefined) return undefined;
  }
  const span = spanOf(first, cursor.previous);
  return takeSemicolon(cursor)
    ? { kind: "method", first, name, parameters, reply, ...span }
    : undefined;
}

/** Whether a method that has a name here and a parenthesis behind it starts on a line of its own. */
export function startsMethodLine(cursor: TokenCursor): boolean {
  return cursor.peek().startsLine && cursor.isWord() && cursor.is("(", 1);
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

function takeOrdinal(cursor: TokenCursor): void {
  if (!cursor.is("@")) return;
  const at = cursor.next();
  const number = cursor.peek().kind === "number" ? cursor.next() : at;
  cursor.unsupported(
    spanOf(at, number),
    `an ordinal ('@${number === at ? "" : number.text}')`,
  );
}

function parseMethodParameters(
  cursor: TokenCursor,
  name: Token,
): ParameterNode[] | undefined {
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

function parseReply(cursor: TokenCursor): readonly ParameterNode[] | undefined {
  const arrow = cursor.next();
  if (arrow.text === "->") {
    cursor.diagnostics.error("MG0002", arrow, "expected '=>' but found '->'");
  }
  if ((cursor.is("result") || cursor.is("stream")) && cursor.is("<", 1)) {
    const word = cursor.next();
    cursor.unsupported(word, `'${word.text}<...>'`);
    cursor.skipBalanced("<", ">");
    return [];
  }
  return cursor.expect("(") === undefined ? undefined : parseParameters(cursor, "(");
}

/** Reads parameters; after `(` up to `)`, else as far as the line and its `;` go. */
function parseParameters(
  cursor: TokenCursor,
  open: "(" | "",
): ParameterNode[] | undefined {
  const parameters: ParameterNode[] = [];
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
    if (!separated && (type.kind !== "word" || startsMethodLine(cursor))) {
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

function parseParameter(cursor: TokenCursor): ParameterNode | undefined {
  const first = cursor.peek();
  skipAttributes(cursor);
  const type = parseType(cursor);
  if (type === undefined) return undefined;
  const name = cursor.isWord() && !cursor.is("<", 1) ? cursor.next() : undefined;
  takeOrdinal(cursor);
  if (cursor.is("=")) {
    const equals = cursor.next();
    if (cursor.is("-") || cursor.is("+")) cursor.next();
    const value = cursor.is(")") || cursor.atEnd ? equals : cursor.next();
    cursor.unsupported(spanOf(equals, value), "a default value");
    while (cursor.is(".") && cursor.isWord(1)) cursor.next(), cursor.next();
  }
  return { first, type, name, ...spanOf(first, cursor.previous) };
}

/** Takes `[...]` and says that attributes are not there yet. */
export function skipAttributes(cursor: TokenCursor): void {
  while (cursor.is("[")) {
    const open = cursor.peek();
    const name = cursor.isWord(1) ? cursor.peek(1).text : "";
    cursor.skipBalanced("[", "]");
    cursor.unsupported(spanOf(open, cursor.previous), `an attribute ('[${name}]')`);
  }
}

function takeSemicolon(cursor: TokenCursor): boolean {
  if (cursor.take(";") !== undefined) return true;
  const next = cursor.peek();
  const comma = cursor.take(",");
  const goesOn = cursor.is("}") || cursor.atEnd || next.startsLine ||
    (cursor.isWord() && cursor.is("(", 1));
  if (comma === undefined && !goesOn) {
    cursor.expected("MG0002", "';'");
    return false;
  }
  const message = comma === undefined ? "missing ';'" : "expected ';' but found ','";
  cursor.diagnostics.warning("MG0101", comma ?? cursor.gap, message);
  return true;
}
