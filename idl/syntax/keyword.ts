/**
 * Finds out which definition is meant, also when its keyword is missing or misspelt.
 *
 * @module
 */
import { builtinOf } from "../builtin.ts";
import type { TokenCursor } from "./cursor.ts";
import { DEFINITION_WORDS, isDefinition } from "./recovery.ts";
import { didYouMean, nearest } from "../suggest.ts";

/** What other languages call them. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ["class", "struct"],
  ["message", "struct"],
  ["record", "struct"],
  ["table", "struct"],
  ["parcelable", "struct"],
  ["variant", "union"],
  ["oneof", "union"],
  ["flags", "bits"],
  ["bitfield", "bits"],
  ["protocol", "interface"],
  ["service", "interface"],
  ["using", "alias"],
  ["typedef", "alias"],
  ["type", "alias"],
  ["constexpr", "const"],
  ["include", "import"],
  ["namespace", "module"],
  ["package", "module"],
  ["library", "module"],
]);

/** The keyword of a definition. */
export interface Keyword {
  readonly meant: string;
  /** Whether the word here is it, or it was left out. */
  readonly isThere: boolean;
}

/**
 * The keyword that is here or should be; undefined, and reported, when nobody can tell. What comes behind
 * something that is no definition `isStray`: not reported again.
 */
export function findKeyword(cursor: TokenCursor, isStray: boolean): Keyword | undefined {
  const word = cursor.peek();
  const { text } = word;
  if (!cursor.isWord()) {
    if (!isStray) cursor.expected("MG0005", "a definition");
    return undefined;
  }
  if (DEFINITION_WORDS.includes(text)) {
    return isStray && !isDefinition(cursor) ? undefined : { meant: text, isThere: true };
  }
  if (cursor.is("{", 1)) {
    // The keyword was forgotten; the name says what is meant.
    const meant = bodyOf(cursor, 2) ?? "interface";
    cursor.expected("MG0005", `'${meant}' and a name`);
    return { meant, isThere: false };
  }
  const near = FOREIGN.get(text) ?? nearest(text, DEFINITION_WORDS);
  const meant = meantBy(cursor, near);
  if (meant === "interface") {
    cursor.diagnostics.warning("MG0107", word, `'${text}' is read as 'interface'`);
    return { meant, isThere: true };
  }
  if (meant === undefined && isStray) return undefined;
  const hint = meant === undefined && near === undefined
    ? didYouMean(text, DEFINITION_WORDS)
    : `; did you mean '${meant ?? near}'?`;
  const message = `expected a definition but found '${text}'${hint}`;
  cursor.diagnostics.error("MG0005", word, message);
  return meant === undefined ? undefined : { meant, isThere: true };
}

/** What the misspelt word here means, when what stands behind it says the same. */
function meantBy(cursor: TokenCursor, near = "interface"): string | undefined {
  const isNamed = cursor.isWord(1);
  const hasBody = isNamed && cursor.is("{", 2);
  const isAssigned = isNamed && cursor.is("=", 2);
  switch (near) {
    case "interface":
    case "struct":
    case "union":
      if (!hasBody) return undefined;
      if (near === "interface") return bodyOf(cursor, 3) === "struct" ? "struct" : near;
      return bodyOf(cursor, 3) === "interface" ? "interface" : near;
    case "feature":
      return hasBody ? near : undefined;
    case "enum":
    case "bits":
      return hasBody || (isNamed && cursor.is(":", 2)) ? near : undefined;
    case "alias":
      return isAssigned ? near : undefined;
    case "const":
      return isNamed && cursor.isWord(2) && cursor.is("=", 3) ? near : undefined;
    case "import":
      return cursor.peek(1).kind === "string" ? near : undefined;
    default:
      return isNamed && (cursor.is(".", 2) || cursor.is(";", 2)) ? near : undefined;
  }
}

/** How many tokens of a body are looked at. */
const MAX_LOOKAHEAD = 64;

/** The definition that has such a body as starts `ahead` places from here, as its items tell. */
function bodyOf(cursor: TokenCursor, ahead: number): string | undefined {
  // LIMIT: a number of tokens. Every turn goes at least one further.
  for (let at = ahead; at < ahead + MAX_LOOKAHEAD; at++) {
    const isNested = cursor.isWord(at) && cursor.isWord(at + 1);
    if (cursor.is("[", at)) at = find(cursor, "]", at);
    else if (cursor.is("const", at) && isNested) at = find(cursor, ";", at);
    else if (cursor.is("enum", at) && isNested) at = find(cursor, "}", at);
    else if (cursor.is("bits", at) && isNested) at = find(cursor, "}", at);
    else if (!cursor.is(";", at)) {
      return cursor.isWord(at) ? itemOf(cursor, at) : undefined;
    }
  }
  return undefined;
}

/** The definition that has such an item as starts `at` places from here. */
function itemOf(cursor: TokenCursor, at: number): string | undefined {
  if (cursor.is("event", at) && cursor.isWord(at + 1)) return "interface";
  const next = cursor.peek(at + 1);
  if (["<", "?", "&", "."].includes(next.text)) return "struct";
  if (["(", ";", "@"].includes(next.text)) return "interface";
  if (["=", ",", "}"].includes(next.text)) return "enum";
  const isField = next.kind === "word" && builtinOf(next.text) === undefined &&
    [";", "=", "@"].some((sign) => cursor.is(sign, at + 2));
  return isField ? "struct" : undefined;
}

function find(cursor: TokenCursor, text: string, from: number): number {
  let at = from;
  while (at < from + MAX_LOOKAHEAD && !cursor.is(text, at)) at++;
  return at;
}
