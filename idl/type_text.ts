/**
 * Writes types as TypeScript has them, and as the language has them.
 *
 * @module
 */
import type { Type, Value } from "./model.ts";
import type { ImportNames } from "./name_scope.ts";

/** Whether an array is lent, and read only, or handed over. */
export type Ownership = "lent" | "owned";

/** The TypeScript type of a value. */
export function typeText(
  { type, optional }: Value,
  imports: ImportNames,
  ownership: Ownership,
): string {
  const text = requiredText(type, imports, ownership);
  return optional ? `${text} | undefined` : text;
}

function requiredText(type: Type, imports: ImportNames, ownership: Ownership): string {
  switch (type.kind) {
    case "bool":
      return "boolean";
    case "string":
      return "string";
    case "bytes":
      return "Uint8Array";
    case "pipe":
      return imports.type("MessagePipe");
    case "i64":
    case "u64":
      return "bigint";
    case "array": {
      const item = typeText(type.item, imports, ownership);
      const isCompound = type.item.optional || item.startsWith("readonly ");
      const array = isCompound ? `(${item})[]` : `${item}[]`;
      return ownership === "lent" ? `readonly ${array}` : array;
    }
    default:
      return "number";
  }
}

/** The type of a value as a source would write it. */
export function sourceTypeText({ type, optional }: Value): string {
  return `${sourceText(type)}${optional ? "?" : ""}`;
}

function sourceText(type: Type): string {
  switch (type.kind) {
    case "array":
      return `array<${sourceTypeText(type.item)}>`;
    case "pipe":
      return "MessagePipe";
    case "f32":
      return "float";
    case "f64":
      return "double";
    case "bool":
    case "string":
    case "bytes":
      return type.kind;
    default:
      return type.kind.replace("i", "int").replace("u", "uint");
  }
}
