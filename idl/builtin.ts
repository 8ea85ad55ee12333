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
export type BuiltinKind = "bool" | "string" | "bytes" | NumberKind;

/** An integer of the wire. */
export type IntegerKind = Exclude<NumberKind, "f32" | "f64">;

const SPELLINGS: ReadonlyMap<string, BuiltinKind> = new Map<string, BuiltinKind>([
  ["bool", "bool"],
  ["int", "i32"],
  ["long", "i64"],
  ["double", "f64"],
  ["char", "u8"],
  ["string", "string"],
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

/** The built-in type called `name`, which may also be C's of several words. */
export function builtinOf(name: string): BuiltinKind | undefined {
  const known = SPELLINGS.get(name);
  if (known !== undefined || !name.includes(" ")) return known;
  const spelling = cSpelling(name.split(" "));
  return spelling === undefined ? undefined : SPELLINGS.get(spelling);
}

/** Whether a definition cannot be called `name`, because a built-in type is. */
export function isBuiltinName(name: string): boolean {
  return SPELLINGS.has(name) || name === "MessagePipe" || name === "handle";
}

/** What a type may be called, for suggestions; the C spellings come last. */
export function builtinNames(): string[] {
  return ["array", "map", "stream", "handle", "MessagePipe", ...SPELLINGS.keys()];
}

/** How a built-in type is spelled at best. */
export function builtinName(kind: BuiltinKind): string {
  if (kind === "f32") return "float";
  if (kind === "f64") return "double";
  return kind.replace(/^i(?=\d)/, "int").replace(/^u(?=\d)/, "uint");
}

/** Whether values of the type are whole numbers. */
export function isInteger(kind: string): kind is IntegerKind {
  return /^[iu]\d/.test(kind);
}

/** The smallest and the largest value of an integer type; of one that is a `number` where `isNumber`. */
export function integerRange(
  kind: IntegerKind,
  isNumber = false,
): readonly [min: bigint, max: bigint] {
  // A number is exact up to 2^53 - 1.
  const width = BigInt(kind.slice(1)), isSigned = kind.startsWith("i");
  const bits = isNumber && width > 53n ? 53n : isSigned ? width - 1n : width;
  const max = (1n << bits) - 1n;
  if (!isSigned) return [0n, max];
  return [isNumber && width > 53n ? -max : -max - 1n, max];
}

/** Whether values of the type are numbers, whole or not. */
export function isNumber(kind: string): kind is NumberKind {
  return /^[iuf]\d/.test(kind);
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
