/**
 * The built-in types and the spellings they are accepted under.
 *
 * @module
 */

/** A number of the wire, by the name of the method that reads and writes it. */
export type NumberKind =
  | "i8"
  | "u8"
  | "i16"
  | "u16"
  | "i32"
  | "u32"
  | "i64"
  | "u64"
  | "f32"
  | "f64";

/** A built-in type that is not made of others. */
export type BuiltinKind = "bool" | "string" | "bytes" | "pipe" | NumberKind;

const SPELLINGS: ReadonlyMap<string, BuiltinKind> = new Map<string, BuiltinKind>([
  ["bool", "bool"],
  ["int", "i32"],
  ["long", "i64"],
  ["double", "f64"],
  ["char", "u8"],
  ["string", "string"],
  ["MessagePipe", "pipe"],
  ["bytes", "bytes"],
  ["float", "f32"],
  ["short", "i16"],
  ...([8, 16, 32, 64] as const).flatMap((bits): [string, BuiltinKind][] => [
    [`int${bits}`, `i${bits}`],
    [`uint${bits}`, `u${bits}`],
    [`int${bits}_t`, `i${bits}`],
    [`uint${bits}_t`, `u${bits}`],
  ]),
]);

/** The built-in type called `name`. */
export function builtinOf(name: string): BuiltinKind | undefined {
  return SPELLINGS.get(name);
}

/** What a type may be called, for suggestions; the C spellings come last. */
export function builtinNames(): string[] {
  return ["array", ...SPELLINGS.keys()];
}

/** Words of C that make up integer types of several words. */
export const C_WORDS: ReadonlySet<string> = new Set([
  "unsigned",
  "signed",
  "long",
  "short",
  "int",
  "char",
]);

/** The type that `words` spell in C, as the language calls it; only for spellings of its own. */
export function cSpelling(words: readonly string[]): string | undefined {
  const rest = words.filter((word) => word !== "unsigned" && word !== "signed");
  const signs = words.length - rest.length;
  if (signs > 1 || (signs === 0 && words.length < 2)) return undefined;
  const sign = words.includes("unsigned") ? "u" : "";
  switch (rest.join(" ")) {
    case "char":
      return `${sign}int8`;
    case "short":
    case "short int":
      return `${sign}int16`;
    case "":
    case "int":
      return `${sign}int32`;
    case "long":
    case "long int":
    case "long long":
    case "long long int":
      return `${sign}int64`;
    default:
      return undefined;
  }
}
