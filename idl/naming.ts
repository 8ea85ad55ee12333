/**
 * Names for TypeScript.
 *
 * A source may use any name; JavaScript gives some of them a meaning of its own. Those get a `_` at
 * the end. Nothing from a source holds a `$`, so generated code can always step aside with one.
 *
 * @module
 */

/** Names that are syntax, or bound to a value that generated code relies on. */
const RESERVED_WORDS: readonly string[] = (
  "arguments await break case catch class const continue debugger default delete do else enum eval " +
  "export extends false finally for function if implements import in instanceof interface let new null " +
  "package private protected public return static super switch this throw true try typeof undefined " +
  "var void while with yield Infinity NaN globalThis"
).split(" ");

/** Names whose meaning as a member is not ours to change. */
const OWNED_MEMBERS: readonly string[] = ["then", "constructor", "prototype"];

/** Names that a type cannot have, or that generated code uses as types and values. */
const OWNED_TYPES: readonly string[] = (
  "any bigint boolean never number object string symbol unknown " +
  "asserts infer intrinsic keyof readonly unique " +
  "Array Promise TypeError Uint8Array String"
).split(" ");

const MEMBERS: ReadonlySet<string> = new Set([
  ...RESERVED_WORDS,
  ...OWNED_MEMBERS,
  // `toString`, `valueOf`, `__proto__`, `__defineGetter__` and the like.
  ...Object.getOwnPropertyNames(Object.prototype),
]);

const TYPES: ReadonlySet<string> = new Set([...RESERVED_WORDS, ...OWNED_TYPES]);

/** A name and what it has to become. */
export interface ChosenName {
  readonly name: string;
  /** The name it would have, had JavaScript not taken it. */
  readonly taken: string | undefined;
}

/** The name of a method, a parameter or a field. */
export function memberName(name: string): ChosenName {
  return choose(lowerCamel(name), MEMBERS);
}

/** The name of a type. */
export function typeName(name: string): ChosenName {
  return choose(name, TYPES);
}

function choose(name: string, taken: ReadonlySet<string>): ChosenName {
  return taken.has(name) ? { name: `${name}_`, taken: name } : { name, taken: undefined };
}

/**
 * `FetchURL` and `fetch_url` become `fetchURL` and `fetchUrl`; `URLFetch` becomes `urlFetch`.
 * Underscores at either end stay, and so does one between digits, where it alone keeps two numbers
 * apart.
 */
export function lowerCamel(name: string): string {
  const [, head, body, tail] = /^(_*)(.*?)(_*)$/.exec(name)!;
  if (body === "") return name;
  const parts = body!.split(/_+/);
  // An all-capital name such as MAX_SIZE has words, not acronyms.
  const shouted = parts.length > 1 && body === body!.toUpperCase();
  let result = lowerFirst(parts[0]!);
  for (const part of parts.slice(1)) {
    const word = shouted ? part.toLowerCase() : part;
    const apart = /\d$/.test(result) && /^\d/.test(word) ? "_" : "";
    result += apart + word[0]!.toUpperCase() + word.slice(1);
  }
  return head + result + tail;
}

/** Lowers the acronym or the capital that a word starts with. */
function lowerFirst(word: string): string {
  const capitals = /^[A-Z]*/.exec(word)![0].length;
  const goesOn = /[a-z]/.test(word[capitals] ?? "");
  const lowered = capitals > 1 && goesOn ? capitals - 1 : capitals;
  return word.slice(0, lowered).toLowerCase() + word.slice(lowered);
}
