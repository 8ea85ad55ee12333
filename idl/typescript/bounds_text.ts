/**
 * The checks of attributes such as `[MaxLength]`, as statements. Whoever writes and whoever reads call them
 * the same: `coder` is the one or the other.
 *
 * @module
 */
import { integerRange } from "../builtin.ts";
import type { Bounds, Type } from "../meaning/model.ts";

/** The least and the most that a number may be, as the arguments of a check; undefined without bounds. */
export function rangeText(type: Type): string | undefined {
  const bounds = boundsOf(type);
  if (bounds?.min === undefined && bounds?.max === undefined) return undefined;
  const { kind } = type;
  // A bound of a 64-bit integer that is a number in TypeScript is one too.
  if ((kind === "i64" || kind === "u64") && type.jsNumber !== true) {
    const [min, max] = integerRange(kind);
    return `${BigInt(bounds.min ?? min)}n, ${BigInt(bounds.max ?? max)}n`;
  }
  return `${Number(bounds.min ?? -Infinity)}, ${Number(bounds.max ?? Infinity)}`;
}

/** Checks a number, which is in a variable. */
export function checkRange(
  coder: string,
  type: Type,
  value: string,
  label: string,
): string[] {
  const range = rangeText(type);
  return range === undefined ? [] : [`${coder}.range(${value}, ${range}, ${label});`];
}

/** What a length is a number of, in errors. */
export type LengthNoun = "characters" | "bytes" | "items" | "entries";

/** Checks a length. A reader's error does not say of what. */
export function checkLength(
  coder: string,
  type: Type,
  length: string,
  label: string,
  noun?: LengthNoun,
): string[] {
  const bounds = boundsOf(type);
  if (bounds?.minLength === undefined && bounds?.maxLength === undefined) return [];
  const { minLength = 0, maxLength = "Infinity" } = bounds;
  const what = noun === undefined ? "" : ` ${JSON.stringify(noun)},`;
  return [`${coder}.length(${length}, ${minLength}, ${maxLength},${what} ${label});`];
}

/** Whether a string has to be looked at before it is sent or handed over. */
export function isBounded(type: Type): boolean {
  const bounds = boundsOf(type);
  return bounds !== undefined &&
    Object.values(bounds).some((bound) => bound !== undefined);
}

/** Checks the length and the pattern of a string, which is in a variable. */
export function checkText(
  coder: string,
  type: Type,
  value: string,
  label: string,
  noun?: LengthNoun,
): string[] {
  const lines = checkLength(coder, type, `${value}.length`, label, noun);
  const pattern = boundsOf(type)?.pattern;
  if (pattern !== undefined) {
    const whole = new RegExp(`^(?:${pattern})$`, "u");
    lines.push(`${coder}.pattern(${value}, ${whole}, ${label});`);
  }
  return lines;
}

function boundsOf(type: Type): Bounds | undefined {
  return "bounds" in type ? type.bounds : undefined;
}
