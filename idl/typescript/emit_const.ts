/**
 * Emits constants, features and aliases.
 *
 * @module
 */
import { definitionDocs, withTags } from "./emit_docs.ts";
import type { Statement } from "./emitted.ts";
import type { FileNames } from "./file_names.ts";
import { literal, objectKey } from "./literal.ts";
import { docComment, indented } from "./lines.ts";
import type { Alias, Const, Feature } from "../meaning/model.ts";
import { bareText, sourceTypeText } from "./type_text.ts";

/** A constant. */
export function emitConst(node: Const, names: FileNames): Statement[] {
  const value = literal(node.value);
  const docs = node.docs ||
    `\`${sourceTypeText({ type: node.type, optional: false })} ${node.name}\``;
  return [{
    kind: "const",
    name: node.tsName,
    docs: withTags(docs, node),
    type: constType(node, value, names),
    value: [value],
  }];
}

/** The type of a constant, where it has to be said. */
function constType(node: Const, value: string, names: FileNames): string | undefined {
  const isLiteral = /^[\d"]|^(true|false)$/.test(value);
  if (node.type.kind !== "defined") {
    if (isLiteral) return undefined;
    if (/^-\d/.test(value)) return value;
  }
  return bareText(node.type, names, "owned");
}

/** A named set of constants. */
export function emitFeature(node: Feature): Statement[] {
  const entries = node.constants.flatMap(({ tsName, docs, value }) => [
    ...(docs === "" ? [] : docComment(docs)),
    `${objectKey(tsName)}: ${literal(value)},`,
  ]);
  return [{
    kind: "const",
    name: node.tsName,
    docs: definitionDocs(node, "feature"),
    type: undefined,
    value: entries.length === 0
      ? ["{} as const"]
      : ["{", ...indented(entries), "} as const"],
  }];
}

/** Another name for a type. */
export function emitAlias(node: Alias, names: FileNames): Statement[] {
  // Whether it may be missing is said where it is used.
  const { type } = node.value;
  return [{
    kind: "type",
    name: node.tsName,
    docs: withTags(node.docs || `\`${sourceTypeText(node.value)}\``, node),
    type: [bareText(type, names, "owned")],
  }];
}
