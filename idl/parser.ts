/**
 * Reads a file: definitions, interfaces, and the way back after a mistake.
 *
 * Recursive descent with at most three tokens of lookahead. No word is reserved: `interface` and the
 * like are keywords only where a definition starts and only in front of a name. After an error the
 * parser skips to the next method or definition, so that one mistake costs one diagnostic and the rest
 * of the file is still checked. Every loop takes at least one token a turn.
 *
 * @module
 */
import { TokenCursor } from "./cursor.ts";
import type { DiagnosticList } from "./diagnostic.ts";
import { parseMethod, skipAttributes, startsMethodLine } from "./parse_method.ts";
import { didYouMean, nearest } from "./suggest.ts";
import { spanOf, type Token } from "./token.ts";
import type {
  DefinitionNode,
  FileNode,
  InterfaceItemNode,
  InterfaceNode,
} from "./tree.ts";

/** Words that start a definition of the language to come. */
const LATER_DEFINITIONS: readonly string[] = [
  "module",
  "import",
  "struct",
  "union",
  "enum",
  "bits",
  "const",
  "feature",
  "alias",
];

/** Words that start an item of an interface in the language to come. */
const LATER_ITEMS: ReadonlySet<string> = new Set([
  "const",
  "enum",
  "bits",
  "event",
  "struct",
  "union",
]);

const DEFINITION_WORDS: readonly string[] = ["interface", ...LATER_DEFINITIONS];

/** Makes a tree of `tokens`, whose last one is `end`. */
export function parse(tokens: readonly Token[], diagnostics: DiagnosticList): FileNode {
  return new Parser(new TokenCursor(tokens, diagnostics)).file(tokens);
}

class Parser {
  readonly #cursor: TokenCursor;

  constructor(cursor: TokenCursor) {
    this.#cursor = cursor;
  }

  file(tokens: readonly Token[]): FileNode {
    const cursor = this.#cursor;
    const definitions: DefinitionNode[] = [];
    if (cursor.atEnd) cursor.expected("MG0005", "a definition");
    for (;;) {
      skipAttributes(cursor);
      if (cursor.atEnd) return { tokens, definitions };
      if (cursor.take(";") !== undefined) continue;
      const taken = cursor.taken;
      const definition = this.#definition();
      if (definition !== undefined) definitions.push(definition);
      if (cursor.taken === taken) cursor.next();
    }
  }

  #definition(): DefinitionNode | undefined {
    const cursor = this.#cursor;
    const first = cursor.peek();
    if (!cursor.isWord()) {
      cursor.expected("MG0005", "a definition");
      this.#skipDefinition();
      return undefined;
    }
    if (LATER_DEFINITIONS.includes(first.text) && this.#isNameOrString(1)) {
      cursor.unsupported(first, `'${first.text}'`);
      this.#skipDefinition();
      return undefined;
    }
    if (first.text === "interface") return this.#interface(first, cursor.next());
    if (cursor.is("{", 1)) {
      // The keyword was forgotten; the name says what is meant.
      cursor.expected("MG0005", "'interface' and a name");
      return this.#interface(first, undefined);
    }
    const meant = nearest(first.text, DEFINITION_WORDS) ?? "interface";
    if (meant === "interface" && cursor.isWord(1) && cursor.is("{", 2)) {
      cursor.diagnostics.warning(
        "MG0107",
        first,
        `'${first.text}' is read as 'interface'`,
      );
      return this.#interface(first, cursor.next());
    }
    const hint = didYouMean(first.text, DEFINITION_WORDS);
    cursor.diagnostics.error(
      "MG0005",
      first,
      `expected a definition but found '${first.text}'${hint}`,
    );
    this.#skipDefinition();
    return undefined;
  }

  #isNameOrString(ahead: number): boolean {
    const { kind } = this.#cursor.peek(ahead);
    return kind === "word" || kind === "string";
  }

  #interface(first: Token, keyword: Token | undefined): InterfaceNode | undefined {
    const cursor = this.#cursor;
    let name: Token | undefined;
    if (cursor.isWord()) {
      name = cursor.next();
    } else {
      cursor.expected("MG0003", "an interface name");
      if (!cursor.is("{")) return this.#skipDefinition();
    }
    const open = this.#openBrace();
    if (open === undefined) return this.#skipDefinition();
    const items = this.#body(open);
    return {
      kind: "interface",
      first: keyword ?? first,
      name,
      items,
      ...spanOf(first, cursor.previous),
    };
  }

  /** Takes the `{` of an interface and what stands before it; returns what to call the opening. */
  #openBrace(): Token | undefined {
    const cursor = this.#cursor;
    let ahead = 0;
    while (!cursor.is("{", ahead)) {
      const token = cursor.peek(ahead);
      const goesOn = token.kind === "word" || [":", "::", ",", "."].includes(token.text);
      if (!goesOn || (token.startsLine && this.#startsDefinition(ahead))) break;
      ahead++;
    }
    if (!cursor.is("{", ahead)) {
      cursor.expected("MG0002", "'{'");
      // A method on the next line: only the brace was forgotten.
      return startsMethodLine(cursor) ? cursor.previous : undefined;
    }
    if (ahead > 0) {
      const ignored = cursor.peek();
      for (let i = 0; i < ahead; i++) cursor.next();
      const span = spanOf(ignored, cursor.previous);
      const what = ignored.text === "extends" || ignored.text === ":"
        ? "interfaces do not inherit"
        : "a name is one word";
      cursor.diagnostics.warning("MG0109", span, `ignored before '{': ${what}`);
    }
    return cursor.next();
  }

  #body(open: Token): InterfaceItemNode[] {
    const cursor = this.#cursor;
    const items: InterfaceItemNode[] = [];
    for (;;) {
      if (cursor.take("}") !== undefined) {
        cursor.take(";");
        return items;
      }
      if (cursor.atEnd || this.#startsInterface()) {
        cursor.expected("MG0002", "'}'", {
          message: "the interface starts here",
          span: open,
        });
        return items;
      }
      if (cursor.take(";") !== undefined) continue;
      const taken = cursor.taken;
      const item = this.#item();
      if (item === undefined) this.#skipItem(taken);
      else items.push(item);
    }
  }

  #item(): InterfaceItemNode | undefined {
    const cursor = this.#cursor;
    skipAttributes(cursor);
    const word = cursor.peek();
    if (
      LATER_ITEMS.has(word.text) && cursor.isWord() && cursor.isWord(1) &&
      !cursor.peek(1).startsLine
    ) {
      cursor.unsupported(word, `'${word.text}'`);
      return undefined;
    }
    return parseMethod(cursor);
  }

  #startsDefinition(ahead = 0): boolean {
    const cursor = this.#cursor;
    return cursor.isWord(ahead) && this.#isNameOrString(ahead + 1) &&
      DEFINITION_WORDS.includes(cursor.peek(ahead).text);
  }

  #startsInterface(): boolean {
    const cursor = this.#cursor;
    return cursor.is("interface") && cursor.isWord(1) && cursor.is("{", 2);
  }

  /** Skips to behind a definition that cannot be read. */
  #skipDefinition(): undefined {
    const cursor = this.#cursor;
    const from = cursor.taken;
    while (!cursor.atEnd) {
      if (cursor.taken > from && cursor.peek().startsLine && this.#startsDefinition()) {
        return;
      }
      if (cursor.is("{")) {
        this.#skipBlock();
        cursor.take(";");
        return;
      }
      const token = cursor.next();
      if (token.text === ";" || token.text === "}") return;
    }
  }

  /** Skips to behind an item that cannot be read; `from` is where it started. */
  #skipItem(from: number): void {
    const cursor = this.#cursor;
    while (!cursor.atEnd && !cursor.is("}") && !this.#startsInterface()) {
      if (cursor.taken > from && startsMethodLine(cursor)) return;
      if (cursor.is("{")) {
        this.#skipBlock();
        cursor.take(";");
        return;
      }
      if (cursor.next().text === ";") return;
    }
  }

  /** Skips `{...}`, but not into an interface that starts a line: then a brace is missing. */
  #skipBlock(): void {
    const cursor = this.#cursor;
    let depth = 0;
    while (!cursor.atEnd) {
      if (cursor.peek().startsLine && this.#startsInterface()) return;
      const { text } = cursor.next();
      if (text === "{") depth++;
      if (text === "}" && --depth <= 0) return;
    }
  }
}
