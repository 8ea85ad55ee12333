/**
 * Emits constants, features and aliases.
 *
 * @module
 */
import { declaration, definitionDocs, withTags } from "./emit_docs.ts";
import type { Statement } from "./emitted.ts";
import type { FileNames } from "./file_names.ts";
import { literal, objectKey } from "./literal.ts";
import { docComment, indented } from "./lines.ts";
import type { Alias, Const, Feature, Named } from "../meaning/model.ts";
import { sourceTypeText } from "../meaning/type_name.ts";
import { bareText } from "./type_text.ts";

/** A constant. */
export function emitConst(node: Const, names: FileNames): Statement[] {
  const value = literal(node.value);
  const docs = node.docs || declaration({ type: node.type, optional: false }, node.name);
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
  return [namedValues(
    node,
    "feature",
    node.constants.map(({ value, ...rest }) => ({
      ...rest,
      text: literal(value),
    })),
  )];
}

/** A constant that holds values by their names. */
export function namedValues(
  node: Named,
  what: string,
  values: readonly { tsName: string; docs: string; text: string }[],
): Statement {
  const lines = values.flatMap(({ tsName, docs, text }) => [
    ...(docs === "" ? [] : docComment(docs)),
    `${objectKey(tsName)}: ${text},`,
  ]);
  return {
    kind: "const",
    name: node.tsName,
    docs: definitionDocs(node, what),
    type: undefined,
    value: lines.length === 0 ? ["{} as const"] : ["{", ...indented(lines), "} as const"],
  };
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
