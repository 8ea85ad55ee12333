/**
 * Reads types.
 *
 * @module
 */
import { C_WORDS, cSpelling } from "./builtin.ts";
import type { TokenCursor } from "./cursor.ts";
import { didYouMean } from "./suggest.ts";
import { spanOf, type Token } from "./token.ts";
import type { ErrorTypeNode, TypeNode } from "./tree.ts";

/** How deep `array<...>` may be nested. */
export const MAX_TYPE_DEPTH = 32;

/** Generic types of the language to come. */
const LATER_GENERICS: ReadonlySet<string> = new Set([
  "map",
  "stream",
  "handle",
  "result",
  "pending_remote",
  "pending_receiver",
  "pending_associated_remote",
  "pending_associated_receiver",
]);

/** Reads a type; undefined when there is none, which has been reported then. */
export function parseType(cursor: TokenCursor, depth = 0): TypeNode | undefined {
  if (!cursor.isWord()) {
    cursor.expected("MG0004", "a type");
    return undefined;
  }
  if (cursor.is("const") && cursor.isWord(1)) {
    cursor.diagnostics.warning(
      "MG0110",
      cursor.next(),
      "'const' is ignored: every value is a copy",
    );
  }
  const first = cursor.peek();
  const node = cursor.is("<", 1) ? parseGeneric(cursor, depth) : parseNamed(cursor);
  if (node === undefined || node.kind === "error") {
    if (node !== undefined) { while (cursor.take("?") !== undefined); }
    return node;
  }
  if (cursor.is("&")) {
    cursor.unsupported(cursor.next(), `'${first.text}&'`);
    return errorType(first, cursor);
  }
  if (cursor.is("[") && cursor.is("]", 1)) {
    const span = spanOf(cursor.next(), cursor.next());
    cursor.diagnostics.error(
      "MG0004",
      span,
      "an array is written array<...>, without '[]'",
    );
    return errorType(first, cursor);
  }
  if (cursor.take("?") === undefined) return node;
  if (cursor.is("?")) {
    const second = cursor.peek();
    while (cursor.take("?") !== undefined);
    cursor.diagnostics.error(
      "MG0209",
      second,
      "a type can be optional only once: remove this '?'",
    );
  }
  return { ...node, optional: true, end: cursor.previous.end };
}

function errorType(first: Token, cursor: TokenCursor): ErrorTypeNode {
  return { kind: "error", start: first.start, end: cursor.previous.end };
}

function parseNamed(cursor: TokenCursor): TypeNode {
  const first = cursor.peek();
  const words = takeCSpelling(cursor);
  if (words !== undefined) {
    const name = cSpelling(words)!;
    const span = spanOf(first, cursor.previous);
    cursor.diagnostics.warning(
      "MG0111",
      span,
      `'${words.join(" ")}' is read as '${name}'; write '${name}'`,
    );
    return { kind: "named", name, optional: false, ...span };
  }
  const parts = [cursor.next().text];
  while ((cursor.is(".") || cursor.is("::")) && cursor.isWord(1)) {
    parts.push(cursor.next().text, cursor.next().text);
  }
  return {
    kind: "named",
    name: parts.join(""),
    optional: false,
    ...spanOf(first, cursor.previous),
  };
}

/** Takes a C type of several words, as long as a word is left to be the name of the parameter. */
function takeCSpelling(cursor: TokenCursor): string[] | undefined {
  const run: string[] = [];
  // LIMIT: no spelling has more than four words.
  while (run.length < 4 && cursor.isWord(run.length)) {
    const { text } = cursor.peek(run.length);
    if (!C_WORDS.has(text)) break;
    run.push(text);
  }
  const signed = run[0] === "unsigned" || run[0] === "signed";
  for (let length = run.length; length > 0; length--) {
    const words = run.slice(0, length);
    if (cSpelling(words) === undefined || !(signed || cursor.isWord(length))) continue;
    for (let i = 0; i < length; i++) cursor.next();
    return words;
  }
  return undefined;
}

function parseGeneric(cursor: TokenCursor, depth: number): TypeNode | undefined {
  const first = cursor.next();
  if (first.text !== "array") {
    cursor.skipBalanced("<", ">");
    const span = spanOf(first, cursor.previous);
    if (LATER_GENERICS.has(first.text)) {
      cursor.unsupported(first, `'${first.text}<...>'`);
    } else {
      const hint = first.text === "vector" || first.text === "list"
        ? "; did you mean 'array'?"
        : didYouMean(first.text, ["array", ...LATER_GENERICS]);
      cursor.diagnostics.error(
        "MG0205",
        first,
        `unknown type '${first.text}<...>'${hint}`,
      );
    }
    return { kind: "error", ...span };
  }
  // LIMIT: this recursion.
  if (depth >= MAX_TYPE_DEPTH) {
    cursor.diagnostics.error(
      "MG0011",
      first,
      `types are nested more than ${MAX_TYPE_DEPTH} deep`,
    );
    cursor.skipBalanced("<", ">");
    return errorType(first, cursor);
  }
  cursor.next();
  const item = parseType(cursor, depth + 1);
  if (item === undefined) return undefined;
  if (cursor.is(",")) {
    const comma = cursor.next();
    const size = cursor.next();
    cursor.unsupported(spanOf(comma, size), "a fixed array size");
    cursor.take(">");
    return errorType(first, cursor);
  }
  // A deeper error has eaten its closing signs or none: no second error about them.
  if (item.kind === "error" && !cursor.is(">")) return errorType(first, cursor);
  if (cursor.expect(">") === undefined) return undefined;
  return { kind: "array", item, optional: false, ...spanOf(first, cursor.previous) };
}
