/**
 * Emits enums and bits: a constant that names the values, and a type of the same name.
 *
 * @module
 */
import { bitsCodec, enumCodec } from "./codec.ts";
import { namedValues } from "./emit_const.ts";
import { withTags } from "./emit_docs.ts";
import type { Statement } from "./emitted.ts";
import { exportedCodec } from "./emit_struct.ts";
import type { FileNames } from "./file_names.ts";
import type { Bits, Enum, EnumValue } from "../meaning/model.ts";

/** An enum. */
export function emitEnum(node: Enum, names: FileNames): Statement[] {
  const { tsName } = node, known = `(typeof ${tsName})[keyof typeof ${tsName}]`;
  const isOpen = node.defaultValue !== undefined;
  return [
    valuesConst(node, "enum"),
    {
      kind: "type",
      name: tsName,
      docs: withTags(`A value of {@linkcode ${tsName}}.`, node),
      type: [isOpen ? `${names.imports.type("Open")}<${known}>` : known],
    },
    ...(isOpen ? [knownFunction(node, node.defaultValue!, known, names)] : []),
    ...exportedCodec(enumCodec(node, names)),
  ];
}

/** Bits. */
export function emitBits(node: Bits, names: FileNames): Statement[] {
  const { tsName } = node;
  return [
    valuesConst(node, "bits"),
    {
      kind: "type",
      name: tsName,
      docs: withTags(`Values of {@linkcode ${tsName}}, put together with \`|\`.`, node),
      type: [node.base === "u64" ? "bigint" : "number"],
    },
    ...exportedCodec(bitsCodec(node, names)),
  ];
}

function valuesConst(node: Enum | Bits, what: string): Statement {
  const values: readonly EnumValue<number | bigint>[] = node.values;
  return namedValues(
    node,
    what,
    values.map(({ tsName, value, ...item }) => ({
      tsName,
      docs: withTags(item.docs, item).trimStart(),
      text: typeof value === "bigint" ? `${value}n` : `${value}`,
    })),
  );
}

/** What turns values that only the other side has a name for into the default. */
function knownFunction(
  node: Enum,
  { tsName: fallback }: EnumValue,
  known: string,
  names: FileNames,
): Statement {
  const { tsName } = node, numbers = new Set(node.values.map(({ value }) => value));
  const value = names.inner([]).name("value");
  return {
    kind: "function",
    isExported: true,
    emitted: {
      name: names.own("known", tsName, `known${tsName}`),
      docs: `\`${value}\`, or \`${tsName}.${fallback}\` for one that has no name here.`,
      parameters: [`${value}: ${tsName}`],
      returnType: known,
      body: [
        `switch (${value}) {`,
        ...[...numbers].map((each) => `  case ${each}:`),
        `    return ${value} as ${known};`,
        "  default:",
        `    return ${tsName}.${fallback};`,
        "}",
      ],
    },
  };
}
