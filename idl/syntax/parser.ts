/**
 * Reads a file: modules, imports, definitions, and the way back after a mistake.
 *
 * Recursive descent with a few tokens of lookahead. No word is reserved: `interface` and the like are
 * keywords only where a definition starts and only in front of a name. After an error the parser skips
 * to the next item or definition, so that one mistake costs one diagnostic and the rest of the file is
 * still checked. Every loop takes at least one token a turn.
 *
 * @module
 */
import { TokenCursor } from "./cursor.ts";
import type { DiagnosticList } from "../diagnostic.ts";
import { type ItemStart, parseStart } from "./parse_attributes.ts";
import { type BodyRules, openBrace, parseBody } from "./parse_body.ts";
import { parseConst } from "./parse_const.ts";
import { parseConstant, parseName } from "./parse_value.ts";
import { isEnumAhead, parseEnum } from "./parse_enum.ts";
import { isFieldAhead, parseField, parseMember } from "./parse_field.ts";
import { isItemWord, parseEvent, parseMethod, startsItem } from "./parse_method.ts";
import { errorType, parseType } from "./parse_type.ts";
import { findKeyword } from "./keyword.ts";
import {
  isDefinition,
  OUTER_WORDS,
  skipDefinition,
  skipStatement,
  takeSemicolon,
} from "./recovery.ts";
import { type Span, spanOf, type Token } from "./token.ts";
import type {
  AliasNode,
  ConstNode,
  DefinitionNode,
  EnumNode,
  FeatureNode,
  FieldNode,
  FileNode,
  ImportNode,
  InterfaceItemNode,
  InterfaceNode,
  ModuleNode,
  StringNode,
  StructNode,
  UnionNode,
} from "./tree.ts";

/** How deep definitions are read where they must not stand at all. */
const MAX_NESTED = 4;

const OUTSIDE_INTERFACE: ReadonlySet<string> = new Set([...OUTER_WORDS, "alias"]);
const OUTSIDE_FEATURE: ReadonlySet<string> = new Set([
  ...OUTSIDE_INTERFACE,
  "enum",
  "bits",
]);
const OUTSIDE_UNION: ReadonlySet<string> = new Set([...OUTSIDE_FEATURE, "const"]);

/** Makes a tree of `tokens`, whose last one is `end`. */
export function parse(tokens: readonly Token[], diagnostics: DiagnosticList): FileNode {
  return new Parser(new TokenCursor(tokens, diagnostics)).file(tokens);
}

class Parser {
  readonly #cursor: TokenCursor;
  readonly #definitions: DefinitionNode[] = [];
  readonly #imports: ImportNode[] = [];
  #module: ModuleNode | undefined;
  #nested = 0;
  /** Whether what was read last is no definition: what follows belongs to the same mistake. */
  #isStray = false;

  constructor(cursor: TokenCursor) {
    this.#cursor = cursor;
  }

  file(tokens: readonly Token[]): FileNode {
    const cursor = this.#cursor;
    if (cursor.atEnd) cursor.expected("MG0005", "a definition");
    while (!cursor.atEnd) {
      if (cursor.take(";") === undefined) this.#statement(parseStart(cursor));
    }
    return {
      tokens,
      module: this.#module,
      imports: this.#imports,
      definitions: this.#definitions,
    };
  }

  /** Reads what `start` starts, and skips the rest of what cannot be read. Takes a token at least. */
  #statement(start: ItemStart): void {
    const cursor = this.#cursor;
    const { taken } = cursor;
    if (this.#read(start) && !cursor.isLost) return;
    cursor.isLost = false;
    skipDefinition(cursor, start.first.start.column, cursor.taken > taken);
  }

  /** Whether it was read to where it can go on, or what is left has to be skipped. */
  #read(start: ItemStart): boolean {
    const cursor = this.#cursor;
    const keyword = findKeyword(cursor, this.#isStray);
    this.#isStray = keyword === undefined;
    if (keyword === undefined) return false;
    if (keyword.isThere) cursor.next();
    switch (keyword.meant) {
      case "module":
        return this.#readModule(start);
      case "import":
        return this.#readImport(start);
      default: {
        const definition = this.#definition(start, keyword.meant);
        if (definition !== undefined) this.#definitions.push(definition);
        return definition !== undefined;
      }
    }
  }

  #definition(start: ItemStart, word: string): DefinitionNode | undefined {
    switch (word) {
      case "interface":
        return this.#interface(start);
      case "struct":
        return this.#struct(start);
      case "union":
        return this.#union(start);
      case "feature":
        return this.#feature(start);
      case "alias":
        return this.#alias(start);
      case "const":
        return parseConst(this.#cursor, start);
      default:
        return parseEnum(this.#cursor, start, word === "bits" ? "bits" : "enum");
    }
  }

  #readModule(start: ItemStart): boolean {
    const cursor = this.#cursor;
    const keyword = cursor.previous;
    const name = parseName(cursor, "a module name");
    if (name === undefined) return false;
    const earlier = this.#module ?? this.#imports[0] ?? this.#definitions[0];
    if (earlier !== undefined && this.#nested === 0) {
      const message = this.#module === undefined
        ? "'module' must come first"
        : "a file has one 'module'";
      cursor.diagnostics.error("MG0006", keyword, message, {
        message: "this stands before it",
        span: earlier.first,
      });
    }
    const node = { ...start, name, ...spanOf(start.first, cursor.previous) };
    this.#module ??= node;
    takeSemicolon(cursor, () => isDefinition(cursor));
    return true;
  }

  #readImport(start: ItemStart): boolean {
    const cursor = this.#cursor;
    const keyword = cursor.previous;
    if (cursor.peek().kind !== "string") {
      cursor.expected("MG0003", "a path in quotes");
      skipStatement(cursor);
      return true;
    }
    const path = parseConstant(cursor) as StringNode;
    const alias = cursor.take("as") && cursor.expectWord("a name for the import");
    if (this.#definitions.length > 0 && this.#nested === 0) {
      const message = "'import' must come before definitions";
      cursor.diagnostics.error("MG0007", keyword, message, {
        message: "this stands before it",
        span: this.#definitions[0]!.first,
      });
    }
    const span = spanOf(start.first, cursor.previous);
    this.#imports.push({ ...start, path, alias, ...span });
    takeSemicolon(cursor, () => isDefinition(cursor));
    return true;
  }

  #interface(start: ItemStart): InterfaceNode {
    const name = this.#cursor.expectWord("an interface name");
    const items = this.#body<InterfaceItemNode>(name, {
      owner: "interface",
      column: start.first.start.column,
      item: parseInterfaceItem,
      startsItem,
      outside: OUTSIDE_INTERFACE,
      nested: this.#readNested,
    });
    return { kind: "interface", ...start, name, items, ...this.#span(start) };
  }

  #struct(start: ItemStart): StructNode {
    const name = this.#cursor.expectWord("a struct name");
    const items = this.#cursor.take(";") !== undefined
      ? undefined
      : this.#body<FieldNode | ConstNode | EnumNode>(name, {
        owner: "struct",
        column: start.first.start.column,
        item: parseStructItem,
        startsItem: isFieldAhead,
        outside: OUTER_WORDS,
        nested: this.#readNested,
      });
    return { kind: "struct", ...start, name, items, ...this.#span(start) };
  }

  #union(start: ItemStart): UnionNode {
    const name = this.#cursor.expectWord("a union name");
    const members = this.#body(name, {
      owner: "union",
      column: start.first.start.column,
      item: parseMember,
      startsItem: isFieldAhead,
      outside: OUTSIDE_UNION,
      nested: this.#readNested,
    });
    return { kind: "union", ...start, name, members, ...this.#span(start) };
  }

  #feature(start: ItemStart): FeatureNode {
    const name = this.#cursor.expectWord("a feature name");
    const constants = this.#body(name, {
      owner: "feature",
      column: start.first.start.column,
      item: parseFeatureItem,
      startsItem: isConstAhead,
      outside: OUTSIDE_FEATURE,
      nested: this.#readNested,
    });
    return { kind: "feature", ...start, name, constants, ...this.#span(start) };
  }

  #alias(start: ItemStart): AliasNode | undefined {
    const cursor = this.#cursor;
    const name = cursor.expectWord("an alias name");
    if (name === undefined || cursor.expect("=") === undefined) return undefined;
    const read = parseType(cursor);
    const type = read ?? errorType(name, name);
    const span = this.#span(start);
    if (read === undefined) cursor.isLost = true;
    else takeSemicolon(cursor, () => isDefinition(cursor));
    return { kind: "alias", ...start, name, type, ...span };
  }

  #body<T>(name: Token | undefined, rules: BodyRules<T>): T[] {
    const open = openBrace(this.#cursor, rules, name === undefined);
    return open === undefined ? [] : parseBody(this.#cursor, open, rules);
  }

  #span(start: ItemStart): Span {
    return spanOf(start.first, this.#cursor.previous);
  }

  /** Reads a definition in another one as if it stood behind it, so that its name is known. */
  readonly #readNested = (start: ItemStart, owner: string): void => {
    const cursor = this.#cursor;
    const word = cursor.peek();
    const message = `'${word.text}' cannot stand in '${owner}'; move it out`;
    cursor.diagnostics.error("MG0013", word, message);
    // LIMIT: this recursion.
    if (this.#nested >= MAX_NESTED) {
      skipDefinition(cursor, start.first.start.column);
      return;
    }
    this.#nested++;
    this.#statement(start);
    this.#nested--;
  };
}

function parseInterfaceItem(
  cursor: TokenCursor,
  start: ItemStart,
): InterfaceItemNode | undefined {
  if (isEnumAhead(cursor)) return parseNestedEnum(cursor, start);
  if (!isItemWord(cursor)) return parseMethod(cursor, start);
  switch (cursor.peek().text) {
    case "const":
      return parseNestedConst(cursor, start);
    case "event":
      cursor.next();
      return parseEvent(cursor, start);
    default:
      return parseNestedEnum(cursor, start);
  }
}

function parseNestedEnum(cursor: TokenCursor, start: ItemStart): EnumNode {
  return parseEnum(cursor, start, cursor.next().text === "bits" ? "bits" : "enum");
}

function parseNestedConst(cursor: TokenCursor, start: ItemStart): ConstNode | undefined {
  cursor.next();
  return parseConst(cursor, start);
}

function parseStructItem(
  cursor: TokenCursor,
  start: ItemStart,
): FieldNode | ConstNode | EnumNode | undefined {
  if (isEnumAhead(cursor)) return parseNestedEnum(cursor, start);
  if (isConstAhead(cursor)) return parseNestedConst(cursor, start);
  return parseField(cursor, start);
}

function parseFeatureItem(
  cursor: TokenCursor,
  start: ItemStart,
): ConstNode | undefined {
  if (cursor.is("const")) return parseNestedConst(cursor, start);
  cursor.expected("MG0003", "'const'");
  return undefined;
}

/** Whether a constant starts here, and not a field whose type is called `const`. */
function isConstAhead(cursor: TokenCursor): boolean {
  return cursor.is("const") && cursor.isWord(1) && !cursor.is(";", 2) &&
    !cursor.is("@", 2);
}
