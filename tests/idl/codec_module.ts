/**
 * Generates readers and writers of definitions and runs them: a module of codecs alone, without what the
 * generator puts around them.
 *
 * @module
 */
import { bitsCodec, enumCodec, structCodec } from "../../idl/typescript/codec.ts";
import { unionCodec } from "../../idl/typescript/codec_union.ts";
import type { CodecDefinition, CodecPlace } from "../../idl/typescript/codec_place.ts";
import type { EmittedFunction } from "../../idl/typescript/emitted.ts";
import type { Definition, Interface, Struct, Type } from "../../idl/meaning/model.ts";
import { ImportNames, NameScope } from "../../idl/typescript/name_scope.ts";
import { typeText } from "../../idl/typescript/type_text.ts";
import { Decoder } from "../../core/wire/decoder.ts";
import { Encoder } from "../../core/wire/encoder.ts";
import { importFiles } from "./files.ts";

/** Reads and writes messages whose outermost struct is of one type. */
export interface Codec {
  /**
   * The bytes of a message, head included, and what is attached to it. The buffer has `initialBytes` before
   * it grows.
   */
  encode(value: unknown, initialBytes?: number): Message;
  /** What is in a message. */
  decode(message: Message): unknown;
}

/** A message. */
export interface Message {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly handles: readonly object[];
}

type Read = (r: Decoder, label: string | number) => unknown;
type Write = (w: Encoder, value: unknown, label: string | number) => void;

/** Everything that the definitions are made of, themselves first. */
function withParts(roots: readonly Definition[]): Definition[] {
  const all = new Set<Definition>(roots);
  const visit = (type: Type) => {
    if (type.kind === "array" || type.kind === "stream") visit(type.item.type);
    if (type.kind === "map") {
      visit(type.key.type);
      visit(type.value.type);
    }
    if (type.kind === "pending") all.add(type.target);
    if (type.kind === "defined") all.add(type.definition);
  };
  for (const definition of all) {
    if (definition.kind === "struct") definition.fields.forEach((f) => visit(f.type));
    if (definition.kind === "union") definition.members.forEach((f) => visit(f.type));
  }
  return [...all];
}

/** Where functions of a module of their own stand. */
function codecPlace(): CodecPlace {
  const scope = new NameScope([]), imports = new ImportNames(scope);
  const codecs = {
    read: (definition: CodecDefinition) => `$read${definition.tsName}`,
    write: (definition: CodecDefinition) => `$write${definition.tsName}`,
    typeName: (definition: Definition) => definition.tsName,
    wireTypeName: (definition: CodecDefinition) => wireName(definition),
    mapName: (definition: CodecDefinition) =>
      "typeMap" in definition ? definition.typeMap!.name : "",
  };
  return { scope, imports, codecs };
}

/** The source of a module that exports `$read…` and `$write…` of all that `roots` are made of. */
export function codecSource(
  roots: readonly Definition[],
  more: (place: CodecPlace) => EmittedFunction[] = () => [],
): string {
  const place = codecPlace(), all = withParts(roots);
  const functions = [
    ...all.flatMap((definition) => codecOf(definition, place)),
    ...more(place),
  ];
  const types = all.flatMap((definition) => typeLines(definition, place));
  const maps = new Map(
    all.flatMap((definition) =>
      "typeMap" in definition && definition.typeMap !== undefined
        ? [[definition.typeMap.name, definition.typeMap.specifier]]
        : []
    ),
  );
  return [
    ...place.imports.list().map(({ name, isType }) =>
      `import ${isType ? "type " : ""}{ ${name} } from "@mage/ipc/generated-v1";`
    ),
    ...[...maps].map(([name, specifier]) => `import { ${name} } from "${specifier}";`),
    ...types,
    ...functions.map(functionText),
    "",
  ].join("\n");
}

function wireName(definition: Definition): string {
  const isMapped = "typeMap" in definition && definition.typeMap !== undefined;
  return isMapped ? `${definition.tsName}_Wire` : definition.tsName;
}

function codecOf(definition: Definition, place: CodecPlace): EmittedFunction[] {
  switch (definition.kind) {
    case "struct":
      return structCodec(definition, place);
    case "union":
      return unionCodec(definition, place);
    case "enum":
      return enumCodec(definition, place);
    case "bits":
      return bitsCodec(definition, place);
    default:
      return [];
  }
}

/** Types as the generator would have them, enough to check the functions against. */
function typeLines(definition: Definition, place: CodecPlace): string[] {
  const name = wireName(definition);
  const alias = name === definition.tsName
    ? []
    : [`type ${definition.tsName} = ${(definition as Struct).typeMap!.name};`];
  switch (definition.kind) {
    case "struct":
      return [
        ...alias,
        `interface ${name} {`,
        ...definition.fields.map((each) =>
          `  ${each.tsName}${each.optional ? "?" : ""}: ${
            typeText(each, place, "owned")
          };`
        ),
        "}",
      ];
    case "union":
      return [
        ...alias,
        `type ${name} =`,
        ...definition.members.map((each) =>
          `  | { readonly kind: "${each.tsName}"; readonly value: ${
            typeText(each, place, "owned")
          } }`
        ),
        "  ;",
      ];
    case "enum": {
      const known = definition.values.map((each) => each.value).join(" | ");
      return [
        `type ${name} = ${definition.defaultValue === undefined ? known : "number"};`,
      ];
    }
    case "bits":
      return [`type ${name} = ${definition.base === "u64" ? "bigint" : "number"};`];
    default:
      return [`interface ${(definition as Interface).tsName} { $: unknown }`];
  }
}

/** A function as it stands in a file. */
function functionText(emitted: EmittedFunction): string {
  const { name, parameters, returnType, body } = emitted;
  return [
    `export function ${name}(${parameters.join(", ")}): ${returnType} {`,
    ...body.map((line) => `  ${line}`),
    "}",
  ].join("\n");
}

/** Imports a source, once its imports lead to the runtime of tests and to what else it needs. */
export async function importSource(
  source: string,
): Promise<Record<string, (...args: never[]) => unknown>> {
  const runtime = new URL("./codec_runtime.ts", import.meta.url).href;
  const maps = new URL("./codec_maps.ts", import.meta.url).href;
  const text = source.replaceAll("@mage/ipc/generated-v1", runtime)
    .replaceAll("./codec_maps.ts", maps);
  type Module = Record<string, (...args: never[]) => unknown>;
  return (await importFiles<Module>({ "codecs.ts": text }))["codecs.ts"]!;
}

/** Codecs of structs, by their names. */
export async function codecsOf(
  structs: readonly Struct[],
): Promise<Readonly<Record<string, Codec>>> {
  const loaded = await importSource(codecSource(structs));
  return Object.fromEntries(structs.map(({ tsName }) => {
    const read = loaded[`$read${tsName}`] as unknown as Read;
    const write = loaded[`$write${tsName}`] as unknown as Write;
    return [tsName, codecFrom(read, write)];
  }));
}

/** A codec of a generated reader and writer. */
export function codecFrom(read: Read, write: Write): Codec {
  return {
    encode(value, initialBytes = 64) {
      const w = new Encoder(1 << 24, initialBytes);
      w.beginMessage(0, 0x1234, 0);
      try {
        write(w, value, "");
        w.finishMessage(0);
      } catch (error) {
        throw w.cancel(error);
      }
      return { bytes: w.bytes.slice(0, w.at), handles: [...w.handles] };
    },
    decode({ bytes, handles }) {
      const r = new Decoder();
      // Behind a message lies another one, which must not be read.
      const buffer = new Uint8Array(bytes.length + 24).fill(0x41);
      buffer.set(bytes, 8);
      r.begin(buffer, new DataView(buffer.buffer), 8, 8 + bytes.length, handles);
      const value = read(r, "");
      r.finish();
      return value;
    },
  };
}
