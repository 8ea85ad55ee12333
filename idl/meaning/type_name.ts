/**
 * Types in the words of the language, for messages and documentation.
 *
 * @module
 */
import { builtinName } from "../builtin.ts";
import type { Type, Value } from "./model.ts";

/** A type in quotes, as {@linkcode sourceTypeText}. */
export function describeType(type: Type): string {
  return `'${typeText(type)}'`;
}

/** The type of a value as a source would write it. */
export function sourceTypeText({ type, optional, alias }: Value): string {
  return `${alias?.name ?? typeText(type)}${optional ? "?" : ""}`;
}

function typeText(type: Type): string {
  switch (type.kind) {
    case "array": {
      const size = type.size === undefined ? "" : `, ${type.size}`;
      return `array<${sourceTypeText(type.item)}${size}>`;
    }
    case "map":
      return `map<${sourceTypeText(type.key)}, ${sourceTypeText(type.value)}>`;
    case "stream":
      return `stream<${sourceTypeText(type.item)}>`;
    case "handle":
      if (type.of === "message_pipe") return "MessagePipe";
      return type.of === "any" ? "handle" : `handle<${type.of}>`;
    case "pending":
      return `pending_${type.pending}<${type.target.name}>`;
    case "defined":
      return type.definition.name;
    default:
      return builtinName(type.kind);
  }
}
