/**
 * Types in the words of the language, for messages.
 *
 * @module
 */
import { builtinName } from "../builtin.ts";
import type { Type, Value } from "./model.ts";

/** A type as a source would write it, in quotes. Where it leads to aliases, what they stand for. */
export function describeType(type: Type): string {
  return `'${typeName(type)}'`;
}

function typeName(type: Type): string {
  switch (type.kind) {
    case "array":
      return type.size === undefined
        ? `array<${valueName(type.item)}>`
        : `array<${valueName(type.item)}, ${type.size}>`;
    case "map":
      return `map<${valueName(type.key)}, ${valueName(type.value)}>`;
    case "stream":
      return `stream<${valueName(type.item)}>`;
    case "handle":
      return type.of === "any" ? "handle" : `handle<${type.of}>`;
    case "pending":
      return `pending_${type.pending}<${type.target.name}>`;
    case "defined":
      return type.definition.name;
    default:
      return builtinName(type.kind);
  }
}

function valueName({ type, optional, alias }: Value): string {
  return `${alias?.name ?? typeName(type)}${optional ? "?" : ""}`;
}
