/**
 * What an encoder throws at a caller whose argument does not fit: which one, what it has to be, what it is.
 *
 * @module
 */

/** It is of another type. */
export function wrongType(path: string, expected: string, value: unknown): TypeError {
  return new TypeError(
    `Cannot send argument '${path}': it must be ${expected}: received ${show(value)}`,
  );
}

/** It breaks a rule, which reads as "it must be", "it may have". */
export function outOfRange(path: string, rule: string, value: unknown): RangeError {
  return new RangeError(
    `Cannot send argument '${path}': ${rule}: received ${show(value)}`,
  );
}

/** It is no number, or none of those in the range. */
export function notInteger(
  path: string,
  range: string,
  value: unknown,
): TypeError | RangeError {
  if (typeof value !== "number") return wrongType(path, "a number", value);
  return outOfRange(path, `it must be a whole number from ${range}`, value);
}

function show(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? "an array" : "an object";
  if (typeof value === "string") {
    return `the string ${JSON.stringify(value.slice(0, 40))}`;
  }
  return typeof value === "function" || typeof value === "symbol"
    ? `a ${typeof value}`
    : `${value}`;
}
