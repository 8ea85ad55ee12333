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

/** Names whose meaning as a member is not ours to change; `new` in a type is how something is made. */
const OWNED_MEMBERS: readonly string[] = ["then", "constructor", "prototype", "new"];

/** Names that a type cannot have, or that generated code uses as types and values. */
const OWNED_TYPES: readonly string[] = (
  "any bigint boolean never number object string symbol unknown " +
  "as asserts infer intrinsic keyof readonly unique " +
  "Array ArrayBuffer AsyncIterable BigInt64Array BigUint64Array Boolean Error Float32Array " +
  "Float64Array Int16Array Int32Array Int8Array Iterable Map Math Number Object Promise RangeError " +
  "ReadableStream ReadonlyMap RegExp String Symbol TypeError Uint16Array Uint32Array Uint8Array"
).split(" ");

const METHODS: ReadonlySet<string> = new Set([
  ...OWNED_MEMBERS,
  // `toString`, `valueOf`, `__proto__`, `__defineGetter__` and the like.
  ...Object.getOwnPropertyNames(Object.prototype),
]);

const MEMBERS: ReadonlySet<string> = new Set([...RESERVED_WORDS, ...METHODS]);

/** What cannot be a key of an object that is written down: it would set the prototype. */
const OWNED_KEYS: ReadonlySet<string> = new Set(["__proto__"]);

const TYPES: ReadonlySet<string> = new Set([...RESERVED_WORDS, ...OWNED_TYPES]);

/** A name and what it has to become. */
export interface ChosenName {
  readonly name: string;
  /** The name it would have, had JavaScript not taken it. */
  readonly taken: string | undefined;
}

/** The name of a method or an event: a word of the syntax will do, `store.delete(key)`. */
export function methodName(name: string): ChosenName {
  return choose(lowerCamel(name), METHODS);
}

/** The name of a parameter or a field, which generated code has in variables. */
export function memberName(name: string): ChosenName {
  return choose(lowerCamel(name), MEMBERS);
}

/** The name of a type. */
export function typeName(name: string): ChosenName {
  return choose(name, TYPES);
}

/**
 * The name of what is defined inside of `owner`, which is a name in TypeScript: both with `_` in between,
 * which no word of JavaScript holds.
 */
export function innerName(owner: string, name: string): string {
  return `${owner}_${name}`;
}

/** The name of the type that a method's reply has. */
export function replyTypeName(interfaceName: string, methodName: string): string {
  return `${interfaceName}_${methodName}_Reply`;
}

/** What tells a member of a union from others: a text, so that JavaScript has no say in it. */
export function memberTag(name: string): ChosenName {
  return { name: lowerCamel(name), taken: undefined };
}

/** The name of a value of an enum: without the `k` that constants have in C++. */
export function valueName(name: string): ChosenName {
  return choose(/^k[A-Z]/.test(name) ? name.slice(1) : name, OWNED_KEYS);
}

/** The name of a constant inside of a feature: as it is. */
export function keyName(name: string): ChosenName {
  return choose(name, OWNED_KEYS);
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
