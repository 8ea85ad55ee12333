/**
 * Writes values as TypeScript has them.
 *
 * Numbers stand for values of enums and bits: naming those would read a property while the module loads,
 * which may come before they are there, and keeps bundlers from leaving things out.
 *
 * @module
 */
import type { Constant, Field, Struct } from "../meaning/model.ts";

/** The text of a value, as an expression. */
export function literal(value: Constant): string {
  switch (value.kind) {
    case "bigint":
      return `${value.value}n`;
    case "string":
      return quoted(value.value);
    case "number":
      return Object.is(value.value, -0) ? "-0" : String(value.value);
    case "bits":
      return typeof value.value === "bigint" ? `${value.value}n` : String(value.value);
    case "struct":
      return structText(value.definition);
    default:
      return String(value.value);
  }
}

function structText(struct: Struct): string {
  const parts = defaultsOf(struct.fields)
    .map(({ tsName, default: value }) => `${tsName}: ${literal(value)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

/** The fields that have a default. */
export function defaultsOf(
  fields: readonly Field[],
): readonly (Field & { readonly default: Constant })[] {
  return fields.filter((field): field is Field & { readonly default: Constant } =>
    field.default !== undefined
  );
}

/** A text in quotes, which no character of it leaves or hides in. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\p{Bidi_Control}\ufeff\u2028\u2029]/gu,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A name as a key of an object that is written down: there `__proto__` would set the prototype. */
export function objectKey(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : name;
}
