/**
 * Walks over tokens and says what was expected where.
 *
 * @module
 */
import type { DiagnosticCode, DiagnosticList, DiagnosticNote } from "../diagnostic.ts";
import { describe, type Span, type Token } from "./token.ts";

/** A place among the tokens of a file. Never moves past the `end` token. */
export class TokenCursor {
  /** Where to report. */
  readonly diagnostics: DiagnosticList;
  readonly #tokens: readonly Token[];
  #at = 0;

  /**
   * Whether the item that is being read ended in something unreadable, which has been reported. Whoever
   * reads a list of items skips to the next one then.
   */
  isLost = false;

  /** Starts at the first of `tokens`, the last of which is `end`. */
  constructor(tokens: readonly Token[], diagnostics: DiagnosticList) {
    this.#tokens = tokens;
    this.diagnostics = diagnostics;
  }

  /** How many tokens have been taken. */
  get taken(): number {
    return this.#at;
  }

  /** The token `ahead` places from here. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  /** The token taken last; the first one when none has been. */
  get previous(): Token {
    return this.#tokens[Math.max(0, this.#at - 1)]!;
  }

  /** Whether the token `ahead` places from here reads `text`. A string never does. */
  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && token.kind !== "string" && token.kind !== "end";
  }

  /** Whether the token `ahead` places from here is a word. */
  isWord(ahead = 0): boolean {
    return this.peek(ahead).kind === "word";
  }

  /** Whether everything has been taken. */
  get atEnd(): boolean {
    return this.peek().kind === "end";
  }

  /** Takes the token here. */
  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#at++;
    return token;
  }

  /** Takes the token here if it reads `text`. */
  take(text: string): Token | undefined {
    return this.is(text) ? this.next() : undefined;
  }

  /** Takes the word here, or reports that it is not the name of `what`. */
  expectWord(what: string): Token | undefined {
    if (this.isWord()) return this.next();
    this.expected("MG0003", what);
    return undefined;
  }

  /** Takes the token here, or reports that it is not `text`. */
  expect(text: string, ...notes: DiagnosticNote[]): Token | undefined {
    const token = this.take(text);
    if (token === undefined) this.expected("MG0002", `'${text}'`, ...notes);
    return token;
  }

  /**
   * Reports that the token here is not what it should be. Silent about what the lexer has reported: that
   * was the mistake.
   */
  expected(code: DiagnosticCode, what: string, ...notes: DiagnosticNote[]): void {
    const token = this.peek();
    if (token.kind === "junk" || followsOpenComment(token)) return;
    const message = `expected ${what} but found ${describe(token)}`;
    this.diagnostics.error(code, token, message, ...notes);
  }

  /** The place right behind the token taken last, for what is missing there. */
  get gap(): Span {
    const { end } = this.previous;
    return { start: end, end };
  }

  /** Takes everything from the opening sign here to its closing one. */
  skipBalanced(open: string, close: string): void {
    let depth = 0;
    while (!this.atEnd) {
      const token = this.next();
      if (token.kind !== "punctuation") continue;
      if (token.text === open) depth++;
      if (token.text === close && --depth <= 0) return;
    }
  }
}

/** Whether the rest of the file went into a comment that is never closed. */
function followsOpenComment(token: Token): boolean {
  const last = token.leading.at(-1);
  return last?.kind === "block-comment" &&
    (last.text.length < 4 || !last.text.endsWith("*/"));
}
