/**
 * The way back after a mistake: where one definition or item surely ends, or another starts.
 *
 * @module
 */
import type { TokenCursor } from "./cursor.ts";
import { attributesAhead } from "./parse_attributes.ts";
import { isClosedString } from "./token.ts";

/** Words that start a definition. */
export const DEFINITION_WORDS: readonly string[] = [
  "interface",
  "struct",
  "union",
  "enum",
  "bits",
  "const",
  "feature",
  "alias",
  "module",
  "import",
];

/**
 * Takes the semicolon here. It may be missing where a line or a block ends, or where `startsNext` says
 * that something else starts: that is a warning. Otherwise the cursor is lost.
 */
export function takeSemicolon(cursor: TokenCursor, startsNext: () => boolean): void {
  if (cursor.take(";") !== undefined) return;
  const { kind, text } = cursor.previous;
  // The string has taken the semicolon, and that has been reported.
  if (kind === "string" && !isClosedString(text)) return;
  const next = cursor.peek();
  const comma = cursor.take(",");
  const goesOn = cursor.is("}") || cursor.atEnd || next.startsLine || startsNext();
  if (comma === undefined && !goesOn) {
    cursor.expected("MG0002", "';'");
    cursor.isLost = true;
    return;
  }
  const message = comma === undefined ? "missing ';'" : "expected ';' but found ','";
  cursor.diagnostics.warning("MG0101", comma ?? cursor.gap, message);
}

/** Whether a definition of any kind seems to start `ahead` places from here. */
export function isDefinition(cursor: TokenCursor, ahead = 0): boolean {
  const { kind } = cursor.peek(ahead + 1);
  return cursor.isWord(ahead) && (kind === "word" || kind === "string") &&
    DEFINITION_WORDS.includes(cursor.peek(ahead).text);
}

/** Definitions that can stand in no other one. */
export const OUTER_WORDS: ReadonlySet<string> = new Set([
  "interface",
  "struct",
  "union",
  "feature",
  "import",
]);

/**
 * Whether a definition with one of `words` surely starts `ahead` places from here: what follows the word
 * says so too, because an item may be called like it.
 */
export function isSurely(
  cursor: TokenCursor,
  words: ReadonlySet<string>,
  ahead = 0,
): boolean {
  const { text } = cursor.peek(ahead);
  if (!cursor.isWord(ahead) || !words.has(text)) return false;
  if (text === "import") return cursor.peek(ahead + 1).kind === "string";
  if (!cursor.isWord(ahead + 1)) return false;
  switch (text) {
    case "enum":
    case "bits":
      return cursor.is("{", ahead + 2) || cursor.is(":", ahead + 2);
    case "alias":
      return cursor.is("=", ahead + 2);
    case "const":
      return cursor.is("<", ahead + 2) ||
        (cursor.isWord(ahead + 2) && cursor.is("=", ahead + 3));
    default:
      return cursor.is("{", ahead + 2);
  }
}

/**
 * Whether a definition with one of `words` starts the line here, attributes included, no further right
 * than `column`: then the one before it was not closed.
 */
export function startsOutside(
  cursor: TokenCursor,
  column: number,
  words: ReadonlySet<string> = OUTER_WORDS,
): boolean {
  const { startsLine, start } = cursor.peek();
  return startsLine && start.column <= column &&
    isSurely(cursor, words, attributesAhead(cursor));
}

/** Skips `{...}`, but not into a definition outside of `column`: then a brace is missing. */
export function skipBlock(cursor: TokenCursor, column: number): void {
  let depth = 0;
  while (!cursor.atEnd) {
    if (depth > 0 && startsOutside(cursor, column)) return;
    const { text } = cursor.next();
    if (text === "{") depth++;
    if (text === "}" && --depth <= 0) return;
  }
}

/**
 * Skips to behind a definition that cannot be read, or to the next one that starts a line: the one here
 * only if something `isTaken` of the first.
 */
export function skipDefinition(
  cursor: TokenCursor,
  column: number,
  isTaken = false,
): void {
  let mayStart = isTaken;
  while (!cursor.atEnd) {
    if (mayStart && cursor.peek().startsLine && isDefinition(cursor)) return;
    mayStart = true;
    if (cursor.is("{")) {
      skipBlock(cursor, column);
      cursor.take(";");
      return;
    }
    const { text } = cursor.next();
    if (text === ";" || text === "}") return;
  }
}

/** Skips to behind the next semicolon, or to the next line. */
export function skipStatement(cursor: TokenCursor): void {
  while (!cursor.atEnd && cursor.take(";") === undefined) {
    if (cursor.peek().startsLine) return;
    cursor.next();
  }
}
