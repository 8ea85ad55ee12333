/**
 * Constants in words, for messages.
 *
 * @module
 */
import type { Declaration } from "./declaration.ts";
import type { Type } from "./model.ts";
import type { ConstantNode } from "../syntax/tree.ts";

/** The constant as it is written, or the start of it. */
export function constantText(node: ConstantNode): string {
  const spelled = node.kind === "reference" ? node.name.text : node.text;
  const shown = spelled.length > 40 ? `${spelled.slice(0, 40)}...` : spelled;
  return node.kind === "string"
    ? JSON.stringify(shown)
    : node.kind === "number"
    ? shown
    : `'${shown}'`;
}

/** What to write in place of a definition that is no value. */
export function valueHint({ kind, name, node }: Declaration): string {
  const first = (kind === "enum" || kind === "bits") ? node.values?.[0] : undefined;
  return first === undefined
    ? "write a constant"
    : `write one of its values, such as '${name}.${first.name.text}'`;
}

/** What a value of a type is written as. */
export function exampleOf(type: Type): string {
  switch (type.kind) {
    case "bool":
      return "true or false";
    case "string":
      return "a text in quotes";
    case "f32":
    case "f64":
      return "a number";
    case "defined":
      return "one of its values";
    default:
      return "a whole number";
  }
}
