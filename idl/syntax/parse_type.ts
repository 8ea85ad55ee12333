/**
 * Reads types.
 *
 * @module
 */
import { builtinOf, C_WORDS, cSpelling } from "../builtin.ts";
import type { TokenCursor } from "./cursor.ts";
import { parseName } from "./parse_value.ts";
import { didYouMean } from "../suggest.ts";
import { spanOf, type Token } from "./token.ts";
import type {
  ArrayTypeNode,
  ErrorTypeNode,
  HandleTypeNode,
  MapTypeNode,
  NamedTypeNode,
  PendingTypeNode,
  StreamTypeNode,
  TypeNode,
} from "./tree.ts";

/** How deep `array<...>` and the like may be nested. */
const MAX_TYPE_DEPTH = 32;

const GENERICS: readonly string[] = [
  "array",
  "map",
  "stream",
  "handle",
  "pending_remote",
  "pending_receiver",
  "pending_associated_remote",
  "pending_associated_receiver",
];

/** What other languages call them. */
const FOREIGN_GENERICS: ReadonlyMap<string, string> = new Map([
  ["vector", "array"],
  ["list", "array"],
  ["Array", "array"],
  ["dict", "map"],
  ["Record", "map"],
  ["unordered_map", "map"],
  ["ReadableStream", "stream"],
]);

/** Reads a type; undefined when there is none, which has been reported then. */
export function parseType(cursor: TokenCursor, depth = 0): TypeNode | undefined {
  if (!cursor.isWord()) {
    cursor.expected("MG0004", "a type");
    return undefined;
  }
  const word = cursor.is("const") && cursor.isWord(1) ? cursor.next() : undefined;
  const first = cursor.peek();
  const bare = cursor.is("<", 1) ? parseGeneric(cursor, depth) : parseNamed(cursor);
  if (word !== undefined && !cursor.is("&") && !cursor.is("*")) {
    const message = "'const' is ignored: every value is a copy";
    cursor.diagnostics.warning("MG0110", word, message);
  }
  const node = takeSuffix(cursor, first, bare, word !== undefined);
  if (cursor.take("?") === undefined) return node;
  if (cursor.is("?")) {
    const second = cursor.peek();
    while (cursor.take("?") !== undefined);
    if (node.kind !== "error") {
      cursor.diagnostics.error(
        "MG0209",
        second,
        "a type can be optional only once: remove this '?'",
      );
    }
  }
  if (node.kind === "error") return node;
  return { ...node, optional: true, end: cursor.previous.end };
}

/** Stands for a type with an error in it. */
export function errorType(first: Token, last: Token): ErrorTypeNode {
  return { kind: "error", ...spanOf(first, last) };
}

/** Takes `&`, `*` or `[]` behind a type. Only `I&` has a meaning. */
function takeSuffix(
  cursor: TokenCursor,
  first: Token,
  node: TypeNode,
  isConst: boolean,
): TypeNode {
  if (cursor.is("&") || cursor.is("*")) {
    const sign = cursor.next();
    while (cursor.take("&") !== undefined || cursor.take("*") !== undefined);
    if (node.kind === "error") return node;
    const isEnd = sign.text === "&" && node.kind === "named" && !isConst &&
      builtinOf(node.name) === undefined;
    if (isEnd) return oldReceiver(cursor, node, first, sign);
    cursor.diagnostics.error(
      "MG0004",
      sign,
      `there are no ${
        sign.text === "&" ? "references" : "pointers"
      }: remove this '${sign.text}'`,
    );
    return node;
  }
  return takeBrackets(cursor, node.kind !== "error")
    ? errorType(first, cursor.previous)
    : node;
}

/** Takes `[]` or `[N]` when it is here, and reports it when it `isNew`; whether it was. */
export function takeBrackets(cursor: TokenCursor, isNew: boolean): boolean {
  const isArray = cursor.is("[") &&
    (cursor.is("]", 1) || (cursor.peek(1).kind === "number" && cursor.is("]", 2)));
  if (!isArray) return false;
  const open = cursor.next();
  while (cursor.next().text !== "]");
  const span = spanOf(open, cursor.previous);
  const message = "an array is written array<...>, without '[]'";
  if (isNew) cursor.diagnostics.error("MG0004", span, message);
  return true;
}

function oldReceiver(
  cursor: TokenCursor,
  node: NamedTypeNode,
  first: Token,
  sign: Token,
): PendingTypeNode {
  cursor.diagnostics.warning(
    "MG0102",
    spanOf(first, sign),
    `'${node.name}&' is an old spelling; write pending_receiver<${node.name}>`,
  );
  const target = { parts: node.parts, text: node.name, ...spanOf(node) };
  return {
    kind: "pending",
    pending: "pending_receiver",
    target,
    optional: false,
    ...spanOf(first, sign),
  };
}

function parseNamed(cursor: TokenCursor): NamedTypeNode {
  const first = cursor.peek();
  const words = takeCSpelling(cursor);
  if (words !== undefined) {
    const spelled = words.map(({ text }) => text);
    const name = cSpelling(spelled)!;
    const span = spanOf(first, cursor.previous);
    cursor.diagnostics.warning(
      "MG0111",
      span,
      `'${spelled.join(" ")}' is read as '${name}'; write '${name}'`,
    );
    return { kind: "named", name, parts: words, optional: false, ...span };
  }
  const parts = [cursor.next()];
  let name = first.text;
  while ((cursor.is(".") || cursor.is("::")) && cursor.isWord(1)) {
    const separator = cursor.next();
    const part = cursor.next();
    parts.push(part);
    name += separator.text + part.text;
  }
  return {
    kind: "named",
    name,
    parts,
    optional: false,
    ...spanOf(first, cursor.previous),
  };
}

/** Takes a C type of several words, as long as a word is left to be the name of the parameter. */
function takeCSpelling(cursor: TokenCursor): Token[] | undefined {
  const run: string[] = [];
  // LIMIT: no spelling has more than four words.
  while (run.length < 4 && cursor.isWord(run.length)) {
    const { text } = cursor.peek(run.length);
    if (!C_WORDS.has(text)) break;
    run.push(text);
  }
  const signed = run[0] === "unsigned" || run[0] === "signed";
  for (let length = run.length; length > 0; length--) {
    if (cSpelling(run.slice(0, length)) === undefined) continue;
    if (!signed && !cursor.isWord(length)) continue;
    return Array.from({ length }, () => cursor.next());
  }
  return undefined;
}

function parseGeneric(cursor: TokenCursor, depth: number): TypeNode {
  const first = cursor.next();
  cursor.next();
  // LIMIT: this recursion.
  if (depth >= MAX_TYPE_DEPTH) {
    const message = `types are nested more than ${MAX_TYPE_DEPTH} deep`;
    cursor.diagnostics.error("MG0011", first, message);
    return skipGeneric(cursor, first);
  }
  const inside = parseInside(cursor, first, depth + 1);
  if (inside === "skip") return skipGeneric(cursor, first);
  // What is wrong inside has taken its closing signs or none: no second error about them.
  if (inside === "broken" && !cursor.is(">")) return errorType(first, cursor.previous);
  if (cursor.expect(">") === undefined || inside === "broken") {
    return errorType(first, cursor.previous);
  }
  return { ...inside, optional: false, ...spanOf(first, cursor.previous) };
}

type Unplaced<T> = Omit<T, "optional" | "start" | "end">;

type Inside =
  | Unplaced<ArrayTypeNode>
  | Unplaced<MapTypeNode>
  | Unplaced<StreamTypeNode>
  | Unplaced<HandleTypeNode>
  | Unplaced<PendingTypeNode>;

/** Reads what stands behind `<`: "broken" when a type in it is, "skip" when there is no way on. */
function parseInside(
  cursor: TokenCursor,
  { text, ...span }: Token,
  depth: number,
): Inside | "broken" | "skip" {
  switch (text) {
    case "array": {
      const item = parseType(cursor, depth);
      if (item === undefined) return "skip";
      if (cursor.take(",") === undefined) {
        return item.kind === "error"
          ? "broken"
          : { kind: "array", item, size: undefined };
      }
      if (cursor.peek().kind !== "number") {
        cursor.expected("MG0003", "a number of items");
        return "skip";
      }
      return { kind: "array", item, size: cursor.next() };
    }
    case "map": {
      const key = parseType(cursor, depth);
      if (key === undefined) return "skip";
      if (key.kind === "error" && !cursor.is(",")) return "broken";
      const comma = cursor.expect(",");
      if (comma === undefined && !cursor.isWord()) return "broken";
      const value = parseType(cursor, depth);
      if (value === undefined) return "skip";
      return value.kind === "error" || comma === undefined
        ? "broken"
        : { kind: "map", key, value };
    }
    case "stream": {
      const item = parseType(cursor, depth);
      if (item === undefined) return "skip";
      return item.kind === "error" ? "broken" : { kind: "stream", item };
    }
    case "handle": {
      const of = cursor.expectWord("a kind of handle");
      return of === undefined ? "skip" : { kind: "handle", of };
    }
    case "pending_remote":
    case "pending_receiver":
    case "pending_associated_remote":
    case "pending_associated_receiver": {
      const target = parseName(cursor, "an interface");
      return target === undefined ? "skip" : { kind: "pending", pending: text, target };
    }
    case "result":
      cursor.diagnostics.error(
        "MG0004",
        span,
        "'result<...>' is not a type; it can only stand behind '=>'",
      );
      return "skip";
    default: {
      const foreign = FOREIGN_GENERICS.get(text);
      const hint = foreign === undefined
        ? didYouMean(text, GENERICS)
        : `; did you mean '${foreign}'?`;
      cursor.diagnostics.error("MG0205", span, `unknown type '${text}<...>'${hint}`);
      return "skip";
    }
  }
}

/** Signs and words that can stand between `<` and `>`. */
const INSIDE: ReadonlySet<string> = new Set("< > , . :: ? & * [ ]".split(" "));

/** Skips to behind the `>` that belongs to the `<` taken before, as far as it looks like a type. */
function skipGeneric(cursor: TokenCursor, first: Token): ErrorTypeNode {
  let depth = 1;
  while (depth > 0) {
    const { kind, text } = cursor.peek();
    if (kind !== "word" && kind !== "number" && !INSIDE.has(text)) break;
    if (text === "<") depth++;
    if (text === ">") depth--;
    cursor.next();
  }
  return errorType(first, cursor.previous);
}
