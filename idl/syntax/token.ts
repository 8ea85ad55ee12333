/**
 * The words of the language with their places, and what lies between them.
 *
 * Nothing of the source is dropped: the trivia and texts of all tokens, put together, are the source.
 * A formatter or an editor can therefore work on the same tokens as the compiler.
 *
 * @module
 */

/** A place in the source. */
export interface Position {
  /** UTF-16 units from the start of the source. */
  readonly offset: number;
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1, in UTF-16 units. */
  readonly column: number;
}

/** A stretch of the source. */
export interface Span {
  /** The first place of it. */
  readonly start: Position;
  /** The first place behind it. */
  readonly end: Position;
}

/** What may stand between tokens. */
export type TriviaKind = "space" | "newline" | "line-comment" | "block-comment";

/** A piece of what stands between tokens. */
export interface Trivia {
  readonly kind: TriviaKind;
  readonly text: string;
}

/**
 * What a token is. There are no keywords here: every word of the language is one only where the parser
 * expects it, so that a method may be called `interface` and a parameter `array`.
 */
export type TokenKind = "word" | "number" | "string" | "punctuation" | "junk" | "end";

/** One token, with the trivia before it. */
export interface Token extends Span {
  readonly kind: TokenKind;
  readonly text: string;
  readonly leading: readonly Trivia[];
  /** Whether it is the first token of its line. */
  readonly startsLine: boolean;
}

/** The stretch from the start of `first` to the end of `last`. */
export function spanOf(first: Span, last: Span = first): Span {
  return { start: first.start, end: last.end };
}

/** Puts the source together again. */
export function sourceOf(tokens: readonly Token[]): string {
  const parts: string[] = [];
  for (const token of tokens) {
    for (const trivia of token.leading) parts.push(trivia.text);
    parts.push(token.text);
  }
  return parts.join("");
}

/** Whether the text of a string token has its closing quote. */
export function isClosedString(text: string): boolean {
  if (text.length < 2 || !text.endsWith(text[0]!)) return false;
  let escapes = text.length - 1;
  while (text[escapes - 1] === "\\") escapes--;
  return (text.length - 1 - escapes) % 2 === 0;
}

/** A token in words, for "but found ...". */
export function describe(token: Token): string {
  if (token.kind === "end") return "the end of the file";
  const text = token.text.length > 40 ? `${token.text.slice(0, 40)}...` : token.text;
  return `'${text}'`;
}
