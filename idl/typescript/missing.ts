/**
 * What fields of a later version are when their group is missing, and whether a group says anything that
 * it would not say by being missing.
 *
 * @module
 */
import { isNumber } from "../builtin.ts";
import { literal } from "./literal.ts";
import type { Enum, Field, Struct } from "../meaning/model.ts";

/** What the field is when whoever sent the message did not know it. */
export function missingText(field: Field): string {
  if (field.default !== undefined) return literal(field.default);
  const { type } = field;
  if (field.optional) return "undefined";
  switch (type.kind) {
    case "bool":
      return "false";
    case "string":
      return '""';
    case "i64":
    case "u64":
      return type.jsNumber ? "0" : "0n";
    case "defined":
      if (type.definition.kind === "enum") return `${firstValue(type.definition)}`;
      if (type.definition.kind === "bits") {
        return type.definition.base === "u64" ? "0n" : "0";
      }
      break;
    default:
      if (isNumber(type.kind)) return "0";
  }
  throw new Error(`Field '${field.name}' has nothing to be when it is missing`);
}

/** Zero, where the enum has it. */
function firstValue({ values, defaultValue }: Enum): number {
  if (values.some(({ value }) => value === 0)) return 0;
  return (defaultValue ?? values[0]!).value;
}

/** A condition: `value`, of the field, is what it would be if it were missing. */
export function isMissingText(field: Field, value: string): string {
  const constant = field.default;
  if (constant?.kind === "struct") {
    return isDefaultText(constant.definition, value);
  }
  if (field.optional && constant === undefined) return `${value} == null`;
  const missing = missingText(field);
  switch (field.type.kind) {
    case "f32":
      return `Object.is(Math.fround(${value}), Math.fround(${missing}))`;
    case "f64":
      return `Object.is(${value}, ${missing})`;
    default:
      return `${value} === ${missing}`;
  }
}

/** A condition: each field of a struct is what `default` makes it. */
function isDefaultText(struct: Struct, value: string): string {
  const parts = struct.fields.map((field) =>
    isMissingText(field, `${value}.${field.tsName}`)
  );
  return [`${value} != null`, ...parts].join(" && ");
}

/** The opposite of a condition that {@linkcode isMissingText} made. */
export function oppositeText(condition: string): string {
  if (condition.includes("&&")) return `!(${condition})`;
  if (condition.startsWith("Object.is(")) return `!${condition}`;
  return condition.replace(/ (=)(==?) /, " !$2 ");
}
