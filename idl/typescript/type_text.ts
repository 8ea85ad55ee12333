/**
 * Writes types as TypeScript has them.
 *
 * @module
 */
import type { CodecNames } from "./codec_place.ts";
import type {
  ArrayType,
  HandleKind,
  MapType,
  PendingType,
  Type,
  Value,
} from "../meaning/model.ts";
import type { ImportNames } from "./name_scope.ts";

/** Whether an array or a map is lent, and read only, or handed over. */
export type Ownership = "lent" | "owned";

/** What types are called in the file that is generated. */
export interface TypePlace {
  /** What is imported from the runtime. */
  readonly imports: ImportNames;
  /** What definitions are called. */
  readonly codecs: Pick<CodecNames, "typeName">;
}

const HANDLES: Readonly<Record<HandleKind, string>> = {
  any: "Handle",
  message_pipe: "MessagePipe",
  data_pipe_producer: "DataPipeProducer",
  data_pipe_consumer: "DataPipeConsumer",
  shared_buffer: "SharedBuffer",
  platform: "PlatformHandle",
  file: "FileHandle",
  conn: "ConnHandle",
  listener: "ListenerHandle",
};

const PENDING: Readonly<Record<PendingType["pending"], string>> = {
  remote: "PendingRemote",
  receiver: "PendingReceiver",
  associated_remote: "PendingAssociatedRemote",
  associated_receiver: "PendingAssociatedReceiver",
};

const TYPED_ARRAYS: ReadonlyMap<string, string> = new Map([
  ["i8", "Int8Array"],
  ["u8", "Uint8Array"],
  ["i16", "Int16Array"],
  ["u16", "Uint16Array"],
  ["i32", "Int32Array"],
  ["u32", "Uint32Array"],
  ["i64", "BigInt64Array"],
  ["u64", "BigUint64Array"],
  ["f32", "Float32Array"],
  ["f64", "Float64Array"],
]);

/** The class of the typed array that has items of this kind; undefined when a plain array has them. */
export function typedArrayOf({ type, optional }: Value): string | undefined {
  if (optional || ("jsNumber" in type && type.jsNumber === true)) return undefined;
  return TYPED_ARRAYS.get(type.kind);
}

/** The TypeScript type of a value. */
export function typeText(value: Value, place: TypePlace, ownership: Ownership): string {
  const text = requiredText(value, place, ownership);
  return value.optional ? `${text} | undefined` : text;
}

/** As {@linkcode typeText}, of a value that is there. */
export function requiredText(
  { type, alias }: Value,
  place: TypePlace,
  ownership: Ownership,
): string {
  // What an alias stands for is handed over; lent, some of it is less than that.
  const isLess = type.kind === "array" || type.kind === "map" || type.kind === "stream";
  return alias !== undefined && (ownership === "owned" || !isLess)
    ? place.codecs.typeName(alias)
    : bareText(type, place, ownership);
}

/** The TypeScript type of a type, whatever it is called. */
export function bareText(type: Type, place: TypePlace, ownership: Ownership): string {
  switch (type.kind) {
    case "bool":
      return "boolean";
    case "string":
      return "string";
    case "bytes":
      return "Uint8Array";
    case "i64":
    case "u64":
      return type.jsNumber === true ? "number" : "bigint";
    case "array":
      return arrayText(type, place, ownership);
    case "map":
      return mapText(type, place, ownership);
    case "stream": {
      const item = typeText(type.item, place, "owned");
      return ownership === "lent"
        ? `${place.imports.type("StreamSource")}<${item}>`
        : `ReadableStream<${item}>`;
    }
    case "handle":
      return place.imports.type(HANDLES[type.of]);
    case "pending": {
      const target = place.codecs.typeName(type.target);
      return `${place.imports.type(PENDING[type.pending])}<${target}>`;
    }
    case "defined":
      return place.codecs.typeName(type.definition);
    default:
      return "number";
  }
}

function arrayText(type: ArrayType, place: TypePlace, ownership: Ownership): string {
  const typed = typedArrayOf(type.item);
  if (typed !== undefined) return typed;
  const item = typeText(type.item, place, ownership);
  const isCompound = type.item.optional || item.startsWith("readonly ");
  const array = isCompound ? `(${item})[]` : `${item}[]`;
  return ownership === "lent" ? `readonly ${array}` : array;
}

function mapText(
  { key, value }: MapType,
  place: TypePlace,
  ownership: Ownership,
): string {
  const name = ownership === "lent" ? "ReadonlyMap" : "Map";
  return `${name}<${typeText(key, place, "owned")}, ${
    typeText(value, place, ownership)
  }>`;
}
