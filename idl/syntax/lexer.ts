/**
 * Splits a source into tokens in one pass.
 *
 * Accepts every line ending, a byte order mark and any Unicode space. What it cannot read becomes one
 * `junk` token per run with one diagnostic, so that the parser can go on behind it. No string is built
 * character by character and nothing is read twice: the time is linear in the length.
 *
 * @module
 */
import type { DiagnosticList } from "../diagnostic.ts";
import {
  isClosedString,
  type Position,
  type Token,
  type TokenKind,
  type Trivia,
} from "./token.ts";

// Sticky expressions look at one place only; each consumes what it matches, so none rescans.
const SPACE = /[^\S\r\n\u2028\u2029]+|\uFEFF+/y;
const NEWLINE = /\r\n|[\n\r\u2028\u2029]/y;
const LINE_COMMENT = /\/\/[^\n\r\u2028\u2029]*/y;
const WORD = /[\p{L}_$][\p{L}\p{M}\p{N}_$\u200C\u200D]*/uy;
// What follows a number directly is taken with it, so that it costs one error and not three.
const NUMBER = /(?:0[xX][0-9A-Fa-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\w*/y;
const PLAIN_NUMBER =
  /^(?:0[xX][0-9A-Fa-f]+|0|[1-9]\d*|(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?)$/;
const STRING = /"(?:[^"\\\n\r]+|\\[^\n\r])*"?/y;
const QUOTED = /'[^'\n\r]*'/y;
const PUNCTUATION = /=>|->|::|[{}()[\]<>,;:=?@.&|+*\-]/y;
const JUNK = /[^\s\p{L}\w/"{}()[\]<>,;:=?@.&|+*$-]+|\//uy;
const PLAIN_WORD = /^[A-Za-z_]\w*$/;

/** Whether nothing was wrong with a token of the kind `number`. */
export function isPlainNumber(text: string): boolean {
  return PLAIN_NUMBER.test(text);
}

/** The tokens of `source`; the last one is always `end`. */
export function tokenize(source: string, diagnostics: DiagnosticList): Token[] {
  return new Lexer(source, diagnostics).run();
}

class Lexer {
  readonly #source: string;
  readonly #diagnostics: DiagnosticList;
  #offset = 0;
  #line = 1;
  #lineStart = 0;

  constructor(source: string, diagnostics: DiagnosticList) {
    this.#source = source;
    this.#diagnostics = diagnostics;
    // The mark is not part of the first line: editors do not count it.
    if (source.startsWith("\uFEFF")) this.#lineStart = 1;
  }

  run(): Token[] {
    const tokens: Token[] = [];
    let line = 0;
    for (;;) {
      const leading = this.#trivia();
      const start = this.#position();
      const kind = this.#token();
      const end = this.#position();
      const text = this.#source.slice(start.offset, end.offset);
      tokens.push({ kind, text, leading, start, end, startsLine: start.line !== line });
      line = end.line;
      if (kind === "end") return tokens;
    }
  }

  #position(): Position {
    return {
      offset: this.#offset,
      line: this.#line,
      column: Math.max(1, this.#offset - this.#lineStart + 1),
    };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const text = pattern.exec(this.#source)?.[0];
    if (text !== undefined) this.#offset += text.length;
    return text;
  }

  #trivia(): Trivia[] {
    const found: Trivia[] = [];
    for (;;) {
      let text: string | undefined;
      if ((text = this.#match(SPACE)) !== undefined) {
        found.push({ kind: "space", text });
      } else if ((text = this.#match(NEWLINE)) !== undefined) {
        this.#line++;
        this.#lineStart = this.#offset;
        found.push({ kind: "newline", text });
      } else if ((text = this.#match(LINE_COMMENT)) !== undefined) {
        found.push({ kind: "line-comment", text });
      } else if (this.#source.startsWith("/*", this.#offset)) {
        found.push({ kind: "block-comment", text: this.#blockComment() });
      } else {
        return found;
      }
    }
  }

  #blockComment(): string {
    const start = this.#position();
    const close = this.#source.indexOf("*/", start.offset + 2);
    const end = close < 0 ? this.#source.length : close + 2;
    const text = this.#source.slice(start.offset, end);
    for (const newline of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
      this.#line++;
      this.#lineStart = start.offset + newline.index + newline[0].length;
    }
    this.#offset = end;
    if (close < 0) {
      const opening = { ...start, offset: start.offset + 2, column: start.column + 2 };
      this.#diagnostics.error("MG0001", { start, end: opening }, "unterminated comment");
    }
    return text;
  }

  #token(): TokenKind {
    if (this.#offset >= this.#source.length) return "end";
    const start = this.#position();
    let text: string | undefined;
    if ((text = this.#match(WORD)) !== undefined) {
      // A word with a foreign letter stays one word, so that it costs one error and not three.
      if (!PLAIN_WORD.test(text)) {
        this.#fail(
          start,
          `a name has only the letters A to Z, digits and '_': '${clip(text)}'`,
        );
      }
      return "word";
    }
    if ((text = this.#match(NUMBER)) !== undefined) {
      if (!isPlainNumber(text)) this.#fail(start, `'${clip(text)}' is not a number`);
      return "number";
    }
    if ((text = this.#match(STRING)) !== undefined) {
      if (!isClosedString(text)) this.#fail(start, "unterminated string");
      return "string";
    }
    if (this.#match(QUOTED) !== undefined) {
      this.#fail(start, "a string has double quotes");
      return "string";
    }
    if (this.#match(PUNCTUATION) !== undefined) return "punctuation";
    text = this.#match(JUNK);
    if (text === undefined) this.#offset++;
    this.#fail(
      start,
      `unexpected character '${clip(text ?? this.#source[start.offset]!)}'`,
    );
    return "junk";
  }

  #fail(start: Position, message: string): void {
    this.#diagnostics.error("MG0001", { start, end: this.#position() }, message);
  }
}

function clip(text: string): string {
  const shown = text.length > 20 ? `${text.slice(0, 20)}...` : text;
  return shown.replace(/[\p{Cc}\p{Bidi_Control}]/gu, "\uFFFD");
}
