/**
 * Emits structs and unions, with the functions that read and write them.
 *
 * @module
 */
import { structCodec } from "./codec.ts";
import { unionCodec } from "./codec_union.ts";
import { definitionDocs, fieldDocs } from "./emit_docs.ts";
import type { EmittedFunction, EmittedProperty, Statement } from "./emitted.ts";
import type { FileNames } from "./file_names.ts";
import { indented } from "./lines.ts";
import { defaultsOf, literal, quoted } from "./literal.ts";
import type { Field, Struct, Union } from "../meaning/model.ts";
import { requiredText, typeText } from "./type_text.ts";

/** A struct. */
export function emitStruct(node: Struct, names: FileNames): Statement[] {
  return [
    {
      kind: "interface",
      name: names.wireTypeName(node),
      docs: plainDocs(node, "struct"),
      methods: [],
      properties: properties(node.fields, names),
    },
    ...mapped(node, names),
    ...defaults(node, names),
    ...exportedCodec(structCodec(node, names)),
  ];
}

/** A union. */
export function emitUnion(node: Union, names: FileNames): Statement[] {
  const members = node.members.map((member) => {
    const value = member.optional ? "value?" : "value";
    const text = typeText(member, names, "owned");
    return `| { readonly kind: ${quoted(member.tsName)}; readonly ${value}: ${text} }`;
  });
  return [
    {
      kind: "type",
      name: names.wireTypeName(node),
      docs: `${plainDocs(node, "union")}${memberDocs(node.members)}`,
      type: members.length === 0 ? ["never"] : members,
    },
    ...mapped(node, names),
    ...exportedCodec(unionCodec(node, names)),
  ];
}

/** What is said of members, which have no place of their own to say it. */
function memberDocs(members: readonly Field[]): string {
  const lines = members.filter(({ docs }) => docs !== "")
    .map(({ tsName, docs }) => `- \`${tsName}\`: ${docs.replaceAll("\n", "\n  ")}`);
  return lines.length === 0 ? "" : `\n\n${lines.join("\n")}`;
}

/** The properties that fields become. */
export function properties(
  fields: readonly Field[],
  names: FileNames,
): EmittedProperty[] {
  return fields.map((field) => ({
    name: field.tsName,
    docs: fieldDocs(field),
    type: typeText(field, names, "owned"),
    optional: field.optional,
  }));
}

/** Functions that other generated files use. */
export function exportedCodec(functions: readonly EmittedFunction[]): Statement[] {
  return functions.map((emitted) => ({
    kind: "function",
    isExported: true,
    emitted: { ...emitted, docs: `${emitted.docs}\n\n@internal`.trimStart() },
  }));
}

function plainDocs(node: Struct | Union, what: string): string {
  return node.typeMap === undefined
    ? definitionDocs(node, what)
    : `The ${what} \`${node.name}\` as it is sent. {@linkcode ${node.tsName}} stands for it.`;
}

/** The type that stands for a definition. */
function mapped(node: Struct | Union, names: FileNames): Statement[] {
  if (node.typeMap === undefined) return [];
  return [{
    kind: "type",
    name: node.tsName,
    docs: definitionDocs(node, node.kind),
    type: [names.mapName(node)],
  }];
}

function defaults(node: Struct, names: FileNames): Statement[] {
  const fields = defaultsOf(node.fields);
  if (fields.length === 0) return [];
  const parts = fields.map((field) => {
    const { tsName, default: value } = field, text = literal(value);
    const type = requiredText(field, names, "owned");
    return {
      type: `readonly ${tsName}: ${type}`,
      // Made anew for each value that starts from it: whoever has that may change it.
      value: value.kind === "struct"
        ? `get ${tsName}(): ${type} { return ${text}; },`
        : `${tsName}: ${text},`,
    };
  });
  const name = names.own("defaults", node.tsName, `${node.tsName}Defaults`);
  const of = names.wireTypeName(node);
  return [{
    kind: "const",
    name,
    docs: `What fields of {@linkcode ${of}} are by default, to start from: ` +
      `\`{ ...${name} }\`.`,
    type: `{ ${parts.map(({ type }) => type).join("; ")} }`,
    value: ["{", ...indented(parts.map(({ value }) => value)), "}"],
  }];
}
