import { assertEquals, assertThrows } from "@std/assert";
import { functionPlace } from "../../idl/typescript/codec_function.ts";
import { resultCodec } from "../../idl/typescript/codec_result.ts";
import type { CodecPlace } from "../../idl/typescript/codec_place.ts";
import { decodeStruct, decodeValue } from "../../idl/typescript/decode.ts";
import type { EmittedFunction } from "../../idl/typescript/emitted.ts";
import { encodeStruct, encodeValue } from "../../idl/typescript/encode.ts";
import type { Definition, Field, ResultReply, Value } from "../../idl/meaning/model.ts";
import { BadMessageError } from "../../core/errors.ts";
import type { Decoder } from "../../core/wire/decoder.ts";
import { Encoder } from "../../core/wire/encoder.ts";
import {
  array,
  bool,
  field,
  i32,
  i64,
  map,
  of,
  optional,
  string,
  struct,
  union,
  valueOf,
} from "./codec_models.ts";
import {
  type Codec,
  codecFrom,
  codecsOf,
  codecSource,
  importSource,
} from "./codec_module.ts";
import { StreamToken } from "./codec_runtime.ts";
import { mode, point, source, streams, versioned } from "./golden_types.ts";

async function resultOf(
  reply: Omit<ResultReply, "kind">,
  roots: readonly Definition[] = [],
): Promise<Codec> {
  const names = { read: "readReply", write: "writeReply", okType: "unknown" };
  const loaded = await importSource(
    codecSource(
      roots,
      (place) => resultCodec({ kind: "result", ...reply }, names, place),
    ),
  );
  return codecFrom(loaded.readReply as never, loaded.writeReply as never);
}

Deno.test("resultCodec carries one value, or what went wrong", async () => {
  const reply = { ok: valueOf(of(point)), error: valueOf(of(mode)) };
  const codec = await resultOf(reply, [point, mode]);
  for (
    const result of [
      { ok: true, value: { x: 1, y: 2 } },
      { ok: false, error: 2 },
    ]
  ) assertEquals(codec.decode(codec.encode(result)), result);
  const { bytes } = codec.encode({ ok: false, error: 2 });
  assertEquals(
    [...bytes.subarray(16)],
    [12, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0],
    "a struct with a union of two members",
  );
});

Deno.test("resultCodec carries several values, or none, and values that may be missing", async () => {
  const values = [field("a", i32), field("b", optional(string))];
  const several = await resultOf({ ok: values, error: optional(string) });
  const none = await resultOf({ ok: [], error: valueOf(bool) });
  const cases: readonly (readonly [Codec, unknown])[] = [
    [several, { ok: true, value: { a: 1, b: "x" } }],
    [several, { ok: true, value: { a: 1, b: undefined } }],
    [several, { ok: false, error: undefined }],
    [several, { ok: false, error: "why" }],
    [none, { ok: true, value: undefined }],
    [none, { ok: false, error: true }],
  ];
  for (const [codec, result] of cases) {
    assertEquals(codec.decode(codec.encode(result)), result);
  }
});

Deno.test("resultCodec refuses what is no result", async () => {
  const codec = await resultOf({ ok: valueOf(i32), error: valueOf(string) });
  for (const result of [undefined, 5, {}, { ok: 1, value: 1 }]) {
    assertThrows(() => codec.encode(result), TypeError, "it must be");
  }
  assertThrows(() => codec.encode({ ok: true, value: "x" }), TypeError, "'value'");
  assertThrows(() => codec.encode({ ok: false, error: 5 }), TypeError, "'error'");
  const message = codec.encode({ ok: true, value: 1 });
  message.bytes[20] = 2;
  const error = assertThrows(() => codec.decode(message), BadMessageError);
  assertEquals(error.rule, "union-tag");
});

/** A function that writes its parameters, and one that reads them into an object. */
function parameterFunctions(
  fields: readonly Field[],
  place: CodecPlace,
): EmittedFunction[] {
  const names = fields.map((each) => each.tsName);
  const inner = functionPlace(names, place), { scope } = inner;
  const types = { docs: "", returnType: "unknown" };
  return [{
    ...types,
    name: "writeCall",
    parameters: [
      `${scope.name("w")}: unknown`,
      ...names.map((name) => `${name}: unknown`),
    ],
    body: encodeStruct(fields, inner),
  }, {
    ...types,
    name: "readCall",
    parameters: [`${scope.name("r")}: unknown`],
    body: [...decodeStruct(fields, inner), `return { ${names.join(", ")} };`],
  }];
}

Deno.test("encodeStruct and decodeStruct work on locals, whatever they are called", async () => {
  const fields = [
    field("w", i32),
    field("r", optional(string)),
    field("s", array(array(optional(string)))),
    field("i", array(bool)),
    field("item", map(string, array(bool))),
    field("sCount", i32, { default: { kind: "number", value: -7 } }),
    field("g1", optional(i32), { minVersion: 1 }),
    field("says1", array(optional(bool)), { minVersion: 1 }),
    field("isThere", optional(of(source)), { minVersion: 2 }),
  ].map((each) => each.name === "says1" ? { ...each, optional: true } : each);
  const loaded = await importSource(
    codecSource([source], (place) => parameterFunctions(fields, place)),
  );
  const write = loaded.writeCall as unknown as (...args: unknown[]) => void;
  const codec = codecFrom(
    loaded.readCall as never,
    (w, value) => write(w, ...fields.map(({ name }) => (value as never)[name])),
  );
  const value = {
    w: 1,
    r: undefined,
    s: [["a", undefined], []],
    i: [true],
    item: new Map([["k", [false, true]]]),
    sCount: -7,
    g1: undefined,
    says1: [true, undefined],
    isThere: { kind: "maybe", value: false },
  };
  assertEquals(codec.decode(codec.encode({ ...value, sCount: undefined })), value);
});

function valueFunctions(value: Value, place: CodecPlace): EmittedFunction[] {
  const inner = functionPlace(["given"], place), { scope } = inner;
  const types = { docs: "", returnType: "unknown" };
  return [{
    ...types,
    name: "writeItem",
    parameters: [`${scope.name("w")}: unknown`, "given: unknown"],
    body: encodeValue(value, "given", "item", inner),
  }, {
    ...types,
    name: "readItem",
    parameters: [`${scope.name("r")}: unknown`],
    body: [...decodeValue(value, "given", "item", inner), "return given;"],
  }];
}

Deno.test("encodeValue and decodeValue carry a value as the only item of an array", async () => {
  const cases: readonly (readonly [Value, readonly unknown[], Definition[]])[] = [
    [valueOf(bool), [true, false], []],
    [optional(bool), [true, false, undefined], []],
    [valueOf(i64), [-5n], []],
    [optional(i64), [7n, undefined], []],
    [valueOf(string), ["", "text", "x".repeat(2000)], []],
    [optional(string), ["text", undefined], []],
    [valueOf(array(i32)), [new Int32Array([1, 2])], []],
    [optional(array(string)), [["a"], undefined], []],
    [valueOf(map(string, bool)), [new Map([["a", true]])], []],
    [valueOf(of(point)), [{ x: 1, y: 2 }], [point]],
    [optional(of(versioned(0))), [{ id: 1, name: "n" }, undefined], [versioned(0)]],
  ];
  for (const [value, samples, roots] of cases) {
    const loaded = await importSource(
      codecSource(roots, (place) => valueFunctions(value, place)),
    );
    const codec = codecFrom(loaded.readItem as never, loaded.writeItem as never);
    for (const sample of samples) {
      assertEquals(codec.decode(codec.encode(sample)), sample);
    }
  }
});

Deno.test("encodeValue makes room for what it writes", async () => {
  const loaded = await importSource(
    codecSource([], (place) => valueFunctions(optional(i64), place)),
  );
  const write = loaded.writeItem as unknown as (w: Encoder, value: bigint) => void;
  for (let size = 16; size < 40; size++) {
    const w = new Encoder(1 << 20, size);
    w.beginMessage(0, 1, 0);
    write(w, -1n);
    w.finishMessage(0);
    assertEquals([...w.bytes.subarray(16, w.at)], [1, ...new Array(8).fill(255)]);
  }
});

Deno.test("unionCodec makes room for what it writes", async () => {
  const members = [field("none", optional(i32)), field("most", optional(i64))];
  for (const defaultMember of [undefined, "none"]) {
    const either = union("Either", members, defaultMember);
    const codec = (await codecsOf([struct("S", [field("it", of(either))])])).S!;
    const value = { it: { kind: "most", value: -1n } };
    const { bytes } = codec.encode(value, 4096);
    assertEquals([...bytes.subarray(-9)], [1, ...new Array(8).fill(255)]);
    for (let size = 1; size < 60; size++) {
      assertEquals(codec.encode(value, size).bytes, bytes);
    }
  }
});

Deno.test("structCodec tells a stream how its items are written and read", async () => {
  const codec = (await codecsOf([streams])).Streams!;
  const numbers = new StreamToken(), texts = new StreamToken();
  const back = codec.decode(codec.encode({ numbers, texts })) as typeof streams;
  assertEquals(Object.values(back), [numbers, texts]);
  const items: readonly (readonly [StreamToken, readonly unknown[]])[] = [
    [numbers, [1, -1]],
    [texts, ["x", undefined]],
  ];
  for (const [token, values] of items) {
    const item = codecFrom(
      (r: Decoder) => token.read!(r, "item"),
      (w: Encoder, value) => token.write!(w, value as never, "item"),
    );
    for (const value of values) assertEquals(item.decode(item.encode(value)), value);
  }
  assertThrows(() => codec.encode({ numbers: {}, texts }), TypeError, "'numbers'");
});
