/**
 * Readers and writers of structs, enums and bits, as functions.
 *
 * @module
 */
import { functionPlace, openValue, readerOf, writerOf } from "./codec_function.ts";
import type { CodecPlace } from "./codec_place.ts";
import { decodeStruct } from "./decode.ts";
import type { EmittedFunction } from "./emitted.ts";
import { encodeStruct } from "./encode.ts";
import { listed } from "./lines.ts";
import type { Bits, Enum, Struct } from "../meaning/model.ts";

/** The reader and the writer of a struct. */
export function structCodec(struct: Struct, place: CodecPlace): EmittedFunction[] {
  const names = struct.fields.map((field) => field.tsName);
  const inner = functionPlace(names, place), { scope, codecs } = inner;
  const r = scope.name("r"), label = scope.name("label");
  const fields = names.length === 0 ? [] : listed("{", names, "}");
  const result = (open: string, close: string) =>
    names.length === 0 ? [`${open}{}${close}`] : listed(`${open}{`, names, `}${close}`);
  const wire = scope.name("wire");
  const read = struct.typeMap === undefined ? result("return ", ";") : [
    ...result(`const ${wire}: ${codecs.wireTypeName(struct)} = `, ";"),
    `return ${r}.convert(${codecs.mapName(struct)}, ${wire}, ${label});`,
  ];
  const value = openValue(struct, inner);
  return [
    readerOf(struct, [...decodeStruct(struct.fields, inner, label), ...read], inner),
    writerOf(struct, [
      ...value.lines,
      // Each property is read once: a getter must not answer twice.
      ...(fields.length === 0 ? [] : listed("const {", names, `} = ${value.name};`)),
      ...encodeStruct(struct.fields, inner, label),
    ], inner),
  ];
}

/** The reader and the writer of an enum. */
export function enumCodec(node: Enum, place: CodecPlace): EmittedFunction[] {
  const inner = functionPlace([], place), { scope, codecs } = inner;
  const r = scope.name("r"), w = scope.name("w");
  const value = scope.name("value"), label = scope.name("label");
  const type = codecs.typeName(node);
  const write = `${w}.i32(${value}, ${label});`;
  if (node.defaultValue !== undefined) {
    return [
      readerOf(node, [`return ${r}.i32() as ${type};`], inner),
      writerOf(node, [write], inner),
    ];
  }
  const name = JSON.stringify(node.name);
  return [
    readerOf(node, [
      `const ${value} = ${r}.i32();`,
      ...unlessOneOf(node, value, `${r}.fail("enum", ${label})`),
      `return ${value} as ${type};`,
    ], inner),
    writerOf(node, [
      write,
      ...unlessOneOf(node, value, `throw ${w}.unknown(${name}, ${value}, ${label})`),
    ], inner),
  ];
}

/** A statement that is run when the value is no value of the enum. */
function unlessOneOf({ values }: Enum, value: string, statement: string): string[] {
  const numbers = [...new Set(values.map((each) => each.value))].sort((a, b) => a - b);
  const first = numbers[0] ?? 0, last = numbers.at(-1) ?? -1;
  if (last - first < numbers.length) {
    return [`if (${value} < ${first} || ${value} > ${last}) ${statement};`];
  }
  return [
    `switch (${value}) {`,
    ...numbers.map((number) => `  case ${number}:`),
    "    break;",
    "  default:",
    `    ${statement};`,
    "}",
  ];
}

/** The reader and the writer of bits. */
export function bitsCodec(node: Bits, place: CodecPlace): EmittedFunction[] {
  const inner = functionPlace([], place), { scope } = inner;
  const r = scope.name("r"), w = scope.name("w");
  const value = scope.name("value"), label = scope.name("label");
  const read = `${r}.${node.base}()`, write = `${w}.${node.base}(${value}, ${label});`;
  if (node.isExtensible) {
    return [
      readerOf(node, [`return ${read};`], inner),
      writerOf(node, [write], inner),
    ];
  }
  const isBig = node.base === "u64";
  const all = node.values.reduce((mask, each) => mask | BigInt(each.value), 0n);
  const mask = `0x${all.toString(16)}${isBig ? "n" : ""}`;
  const hasOthers = `(${value} & ~${mask}) !== 0${isBig ? "n" : ""}`;
  const name = JSON.stringify(node.name);
  return [
    readerOf(node, [
      `const ${value} = ${read};`,
      `if (${hasOthers}) ${r}.fail("bits", ${label});`,
      `return ${value};`,
    ], inner),
    writerOf(node, [
      write,
      `if (${hasOthers}) throw ${w}.unknown(${name}, ${value}, ${label});`,
    ], inner),
  ];
}
