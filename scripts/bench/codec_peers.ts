/**
 * The codecs that are compared. Those of others are loaded by whoever measures them, each in a process
 * of its own, so that neither the library nor its lockfile know of them.
 *
 * @module
 */
import type { BenchRecord, FetchResponse, Objects } from "./codec_records.ts";

/** What is measured. */
export type ObjectName = keyof Objects;

/** What an object was made into: bytes, a text, or a part of a buffer. */
export interface Encoded {
  readonly length: number;
}

/** Encodes and decodes one kind of object. */
export interface Codec {
  /** What it makes of an object may be overwritten by the next call. */
  encode(value: unknown): Encoded;
  /** What lasts of it, when that is neither bytes nor a text. */
  keep?(encoded: Encoded): Encoded;
  /** Nothing of `encoded` changes while what it returns is looked at. */
  decode(encoded: Encoded): unknown;
  /** What `encode` wants instead of the plain object, made in advance. */
  prepare?(value: unknown): unknown;
}

/** A codec to be loaded. */
export interface CodecSource {
  /** What it is called. */
  readonly title: string;
  /** Whether it is the library, and needs what the project imports. */
  readonly isOurs?: boolean;
  load(of: ObjectName): Promise<Codec>;
}

// Specifiers that are put together are left alone by whoever checks, locks or publishes the project.
const MSGPACKR = "npm:" + "msgpackr@2.1.3";
const PROTOBUF = "npm:" + "@bufbuild/protobuf@2.17.0";
const OUR_CODEC = "./codec_" + "ours.ts";

/** JSON has neither large integers nor bytes. */
const JSON_FORMS: Readonly<
  Record<ObjectName, { to(value: never): unknown; from(value: never): unknown }>
> = (() => {
  type Form<T> = { [K in keyof T]: T[K] extends bigint | Uint8Array ? string : T[K] };
  const record = {
    to: (value: BenchRecord) => ({
      ...value,
      created: `${value.created}`,
      digest: value.digest.toBase64(),
    }),
    from: (value: Form<BenchRecord>) => ({
      ...value,
      created: BigInt(value.created),
      digest: Uint8Array.fromBase64(value.digest),
    }),
  };
  const same = (value: unknown) => value;
  return {
    record,
    ascii: record,
    request: { to: same, from: same },
    response: {
      to: ({ body }: FetchResponse) => ({ body: body.toBase64() }),
      from: ({ body }: Form<FetchResponse>) => ({ body: Uint8Array.fromBase64(body) }),
    },
  };
})();

function jsonText(of: ObjectName): Codec {
  const { to, from } = JSON_FORMS[of];
  return {
    encode: (value) => JSON.stringify(to(value as never)),
    decode: (text) => from(JSON.parse(text as unknown as string) as never),
  };
}

function jsonBytes(of: ObjectName): Codec {
  const text = jsonText(of), encoder = new TextEncoder(), decoder = new TextDecoder();
  return {
    encode: (value) => encoder.encode(text.encode(value) as unknown as string),
    decode: (bytes) => text.decode(decoder.decode(bytes as Uint8Array)),
  };
}

async function msgpackr(options: object): Promise<Codec> {
  const { Packr } = await import(MSGPACKR);
  const packr = new Packr({ int64AsType: "bigint", ...options });
  return {
    encode: (value) => packr.pack(value),
    decode: (bytes) => packr.unpack(bytes),
  };
}

async function v8(): Promise<Codec> {
  const { serialize, deserialize } = await import("node:v8");
  return {
    encode: (value) => serialize(value),
    decode: (bytes) => deserialize(bytes as Uint8Array),
  };
}

/** Name and type of the fields of a message, in the words of descriptor.proto. */
type ProtoFields = readonly (readonly [name: string, type: number, more?: object])[];

async function protobuf(of: ObjectName): Promise<Codec> {
  const library = await import(PROTOBUF);
  const descriptors = await import(PROTOBUF + "/wkt");
  const { create, createFileRegistry, fromBinary, toBinary } = library;
  const [DOUBLE, INT64, INT32, BOOL, STRING, MESSAGE, BYTES, UINT32, ENUM] = [
    ...[1, 3, 5, 8, 9, 11, 12, 13, 14],
  ] as [number, number, number, number, number, number, number, number, number];
  const OPTIONAL = 1, REPEATED = 3;
  const message = (name: string, fields: ProtoFields) => {
    const oneofs = fields.filter(([, , more]) =>
      more !== undefined && "oneofIndex" in more
    );
    return {
      name,
      field: fields.map(([name, type, more], i) => ({
        ...{ name, type, jsonName: name, number: i + 1, label: OPTIONAL },
        ...more,
      })),
      oneofDecl: oneofs.map(([name]) => ({ name: `_${name}` })),
    };
  };
  const file = create(descriptors.FileDescriptorProtoSchema, {
    ...{ name: "bench.proto", package: "bench", syntax: "proto3" },
    enumType: [{
      name: "State",
      value: ["UNKNOWN", "OPEN", "CLOSED"].map((name, number) => ({ name, number })),
    }],
    messageType: [
      message("Item", [
        ["id", INT32],
        ["score", DOUBLE],
        ["label", STRING],
        ["isNew", BOOL],
      ]),
      message("Record", [
        ["id", UINT32],
        ["created", INT64],
        ["score", DOUBLE],
        ["isActive", BOOL],
        ["state", ENUM, { typeName: ".bench.State" }],
        ["name", STRING],
        ["path", STRING],
        ["note", STRING, { proto3Optional: true, oneofIndex: 0 }],
        ["tags", STRING, { label: REPEATED }],
        ["digest", BYTES],
        ["items", MESSAGE, { label: REPEATED, typeName: ".bench.Item" }],
      ]),
      message("Request", [["url", STRING]]),
      message("Response", [["body", BYTES]]),
    ],
  });
  const names = {
    record: "Record",
    ascii: "Record",
    request: "Request",
    response: "Response",
  };
  const registry = createFileRegistry(file, () => undefined);
  const schema = registry.getMessage(`bench.${names[of]}`);
  return {
    prepare: (value) => create(schema, value),
    encode: (value) => toBinary(schema, value),
    decode: (bytes) => fromBinary(schema, bytes),
  };
}

/** All that are compared, by name. */
export const CODECS: Readonly<Record<string, CodecSource>> = {
  ours: {
    title: "ours",
    isOurs: true,
    load: async (of) => (await import(OUR_CODEC)).ourCodec(of),
  },
  json: { title: "JSON text", load: (of) => Promise.resolve(jsonText(of)) },
  "json-bytes": { title: "JSON, UTF-8", load: (of) => Promise.resolve(jsonBytes(of)) },
  msgpackr: { title: "msgpackr", load: () => msgpackr({ useRecords: false }) },
  "msgpackr-records": {
    title: "msgpackr, shared records",
    load: () => msgpackr({ useRecords: true, structures: [] }),
  },
  "msgpackr-bundle": {
    title: "msgpackr, records, bundled strings",
    load: () => msgpackr({ useRecords: true, structures: [], bundleStrings: true }),
  },
  "msgpackr-copies": {
    title: "the same, copies of bytes",
    load: () =>
      msgpackr({
        ...{ useRecords: true, structures: [], bundleStrings: true },
        copyBuffers: true,
      }),
  },
  "protobuf-es": { title: "protobuf-es", load: protobuf },
  v8: { title: "v8.serialize", load: v8 },
};
