/**
 * Reads what stands in the braces of a definition.
 *
 * @module
 */
import type { TokenCursor } from "./cursor.ts";
import { attributesAhead, type ItemStart, parseStart } from "./parse_attributes.ts";
import { isDefinition, isSurely, skipBlock, startsOutside } from "./recovery.ts";
import { spanOf, type Token } from "./token.ts";

/** How to read a body. */
export interface BodyRules<T> {
  /** The word that starts the definition, for messages. */
  readonly owner: string;
  /** Where the definition starts. */
  readonly column: number;
  /** Reads an item with what ends it; undefined after an error that left none. */
  readonly item: (cursor: TokenCursor, start: ItemStart) => T | undefined;
  /** Whether an item surely starts here. */
  readonly startsItem: (cursor: TokenCursor) => boolean;
  /** The words of definitions that must not stand here. */
  readonly outside: ReadonlySet<string>;
  /** Reads one of them. */
  readonly nested: (start: ItemStart, owner: string) => void;
}

/**
 * Takes the `{` of a definition and what stands before it; returns what to call the opening. Silent when
 * something before it `isReported`.
 */
export function openBrace(
  cursor: TokenCursor,
  { column, startsItem }: Pick<BodyRules<unknown>, "column" | "startsItem">,
  isReported: boolean,
): Token | undefined {
  if (isReported) return skipToBrace(cursor, column);
  let ahead = 0;
  while (!cursor.is("{", ahead)) {
    const token = cursor.peek(ahead);
    const goesOn = token.kind === "word" || [":", "::", ",", "."].includes(token.text);
    if (!goesOn || (token.startsLine && isDefinition(cursor, ahead))) break;
    ahead++;
  }
  if (!cursor.is("{", ahead)) {
    cursor.expected("MG0002", "'{'");
    if (startsDefinition(cursor, column)) return undefined;
    // An item: only the brace was forgotten.
    if (startsItem(cursor)) return cursor.previous;
    return skipToBrace(cursor, column);
  }
  if (ahead > 0) {
    const ignored = cursor.peek();
    for (let i = 0; i < ahead; i++) cursor.next();
    const span = spanOf(ignored, cursor.previous);
    const what = ignored.text === "extends" || ignored.text === ":"
      ? "nothing is inherited"
      : "a name is one word";
    cursor.diagnostics.warning("MG0109", span, `ignored before '{': ${what}`);
  }
  return cursor.next();
}

function startsDefinition(cursor: TokenCursor, column: number): boolean {
  const { startsLine, start } = cursor.peek();
  return startsLine && start.column <= column &&
    isDefinition(cursor, attributesAhead(cursor));
}

function skipToBrace(cursor: TokenCursor, column: number): Token | undefined {
  while (!cursor.atEnd && !cursor.is("{")) {
    if (startsDefinition(cursor, column)) return undefined;
    const { text } = cursor.next();
    if (text === ";" || text === "}") return undefined;
  }
  return cursor.take("{");
}

/** Reads items up to the `}` that belongs to `open`. */
export function parseBody<T>(
  cursor: TokenCursor,
  open: Token,
  rules: BodyRules<T>,
): T[] {
  const items: T[] = [];
  let hasNested = false;
  for (;;) {
    if (cursor.take("}") !== undefined) {
      cursor.take(";");
      return items;
    }
    if (cursor.atEnd || startsOutside(cursor, rules.column, rules.outside)) {
      if (!hasNested) missingBrace(cursor, open, rules.owner);
      return items;
    }
    if (cursor.take(";") !== undefined || takeLabel(cursor)) continue;
    const taken = cursor.taken;
    const start = parseStart(cursor);
    if (isSurely(cursor, rules.outside)) {
      hasNested = true;
      rules.nested(start, rules.owner);
      continue;
    }
    const item = rules.item(cursor, start);
    if (item !== undefined) items.push(item);
    if (item === undefined || cursor.isLost) skipItem(cursor, taken, rules);
  }
}

/** Reports that the `}` for `open` is missing here. */
export function missingBrace(cursor: TokenCursor, open: Token, owner: string): void {
  const message = `the ${owner} ${owner === "bits" ? "start" : "starts"} here`;
  cursor.expected("MG0002", "'}'", { message, span: open });
}

/** Takes `public:` and its like. */
function takeLabel(cursor: TokenCursor): boolean {
  const word = cursor.peek();
  const isLabel = ["public", "protected", "private"].includes(word.text) &&
    cursor.is(":", 1) && (cursor.peek(2).startsLine || cursor.isWord(3));
  if (!isLabel) return false;
  const span = spanOf(cursor.next(), cursor.next());
  const message = `'${word.text}:' is ignored: everything is public`;
  cursor.diagnostics.warning("MG0110", span, message);
  return true;
}

/** Skips to behind an item that cannot be read; `from` is where it started. */
function skipItem<T>(
  cursor: TokenCursor,
  from: number,
  { column, startsItem, outside }: BodyRules<T>,
): void {
  cursor.isLost = false;
  while (!cursor.atEnd && !cursor.is("}")) {
    if (cursor.taken > from) {
      const { startsLine } = cursor.peek();
      if (startsLine && (isSurely(cursor, outside) || startsItem(cursor))) return;
    }
    if (cursor.is("{")) {
      skipBlock(cursor, column);
      cursor.take(";");
      return;
    }
    if (cursor.next().text === ";") return;
  }
}
