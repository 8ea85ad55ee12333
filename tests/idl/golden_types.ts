/**
 * Types that use every construct of the language, and a value or two of each.
 *
 * @module
 */
import type { Bits, Enum, Interface, Struct, Union } from "../../idl/meaning/model.ts";
import { Token } from "./codec_runtime.ts";
import {
  array,
  bitsOf,
  bool,
  bytes,
  enumOf,
  f32,
  f64,
  field,
  handle,
  i16,
  i32,
  i64,
  i8,
  int53,
  interfaceOf,
  map,
  of,
  optional,
  pending,
  recursive,
  stream,
  string,
  struct,
  u16,
  u32,
  u64,
  u8,
  uint53,
  union,
} from "./codec_models.ts";

const NUMBERS = { i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, int53, uint53 };
const fieldsOf = (wrap: (type: typeof i8) => Parameters<typeof field>[1]) =>
  Object.entries(NUMBERS).map(([name, type]) => field(name, wrap(type)));

export const mode: Enum = enumOf("Mode", { Read: 0, Write: 1, Append: 2, Same: 1 });
export const sparse: Enum = enumOf("Sparse", { Low: -5, Mid: 100, High: 2147483647 });
export const openEnum: Enum = enumOf("OpenEnum", { Known: 0, Other: 7 }, "Other");
export const rights: Bits = bitsOf("Rights", "u32", {
  Read: 1,
  Write: 2,
  All: 0x8000_0003,
});
export const small: Bits = bitsOf("Small", "u8", { A: 1, B: 2 });
export const medium: Bits = bitsOf("Medium", "u16", { A: 0x8000 }, true);
export const wide: Bits = bitsOf("Wide", "u64", { A: 1n, Top: 1n << 63n });

export const point: Struct = struct("Point", [field("x", i32), field("y", i32)]);
export const empty: Struct = struct("Empty", []);
export const moment: Struct = struct("Moment_", [field("millis", f64)], {
  specifier: "./codec_maps.ts",
  name: "Moment",
});
export const scalar: Union = union(
  "Scalar_",
  [field("text", string), field("number", f64)],
  undefined,
  { specifier: "./codec_maps.ts", name: "Scalar" },
);

export const numbers: Struct = struct("Numbers", fieldsOf((type) => type));
export const someNumbers: Struct = struct("SomeNumbers", fieldsOf(optional));
export const flags: Struct = struct("Flags", [
  ...Array.from({ length: 7 }, (_, i) => field(`b${i}`, bool)),
  field("maybe", optional(bool)),
  field("last", bool),
]);
export const strings: Struct = struct("Strings", [
  field("a", string),
  field("b", optional(string)),
  field("c", string),
  field("d", optional(string)),
]);
export const optionals: Struct = struct("Optionals", [
  field("text", optional(string)),
  field("blob", optional(bytes)),
  field("list", optional(array(string))),
  field("names", optional(map(string, i32))),
  field("inner", optional(of(point))),
  field("mode", optional(of(mode))),
  field("rights", optional(of(rights))),
  field("pipe", optional(handle())),
  field("values", optional(array(f64))),
  field("flag", optional(bool)),
]);
export const numberArrays: Struct = struct(
  "NumberArrays",
  fieldsOf((type) => array(type)),
);
export const fixedArrays: Struct = struct("FixedArrays", [
  field("hash", array(u8, 4)),
  field("matrix", array(array(f32, 2), 2)),
  field("flags", array(bool, 9)),
  field("names", array(optional(string), 3)),
  field("points", array(of(point), 2)),
]);
export const arrays: Struct = struct("Arrays", [
  field("bools", array(bool)),
  field("someBools", array(optional(bool))),
  field("texts", array(string)),
  field("someTexts", array(optional(string))),
  field("blobs", array(bytes)),
  field("someNumbers", array(optional(u16))),
  field("grid", array(array(i32))),
  field("deep", array(optional(array(optional(array(bool)))))),
  field("points", array(of(point))),
  field("somePoints", array(optional(of(point)))),
  field("modes", array(of(mode))),
  field("rights", array(of(small))),
  field("maps", array(map(u8, string))),
  field("empties", array(of(empty))),
]);
export const maps: Struct = struct("Maps", [
  field("ages", map(string, i32)),
  field("byNumber", map(i64, optional(string))),
  field("byFlag", map(bool, of(point))),
  field("byMode", map(of(mode), array(string))),
  field("nested", map(u16, map(string, bool))),
  field("flags", map(int53, optional(bool))),
]);
export const source: Union = union("Source", [
  field("none", of(empty)),
  field("url", string),
  field("isThere", bool),
  field("maybe", optional(bool)),
  field("count", optional(i64)),
  field("list", array(string)),
  field("point", of(point)),
  field("pipe", handle()),
]);
export const openUnion: Union = union("OpenUnion", [
  field("unknown", optional(bool)),
  field("names", array(string)),
  field("pipes", array(handle())),
], "unknown");
export const unions: Struct = struct("Unions", [
  field("one", of(source)),
  field("all", array(of(source))),
  field("open", of(openUnion)),
  field("some", optional(of(openUnion))),
]);
export const enums: Struct = struct("Enums", [
  field("mode", of(mode)),
  field("sparse", of(sparse)),
  field("open", of(openEnum)),
  field("rights", of(rights)),
  field("small", of(small)),
  field("medium", of(medium)),
  field("wide", of(wide)),
]);
export const peer: Interface = interfaceOf("Peer");
export const handles: Struct = struct("Handles", [
  field("any", handle("any")),
  field("pipe", handle()),
  field("producer", handle("data_pipe_producer")),
  field("consumer", handle("data_pipe_consumer")),
  field("buffer", handle("shared_buffer")),
  field("platform", handle("platform")),
  field("file", handle("file")),
  field("conn", handle("conn")),
  field("listener", handle("listener")),
  field("remote", pending("remote", peer)),
  field("receiver", pending("receiver", peer)),
  field("associatedRemote", pending("associated_remote", peer)),
  field("associatedReceiver", optional(pending("associated_receiver", peer))),
  field("more", array(optional(handle()))),
]);
export const streams: Struct = struct("Streams", [
  field("numbers", stream(i32)),
  field("texts", optional(stream(optional(string)))),
]);
export const tree: Struct = recursive("Tree", (self) => [
  field("name", string),
  field("left", optional(self)),
  field("children", array(self)),
]);
export const mapped: Struct = struct("Mapped", [
  field("at", of(moment)),
  field("before", optional(of(moment))),
  field("values", array(of(scalar))),
]);
export const settings: Struct = struct("Settings", [
  field("retries", i32, { default: { kind: "number", value: 3 } }),
  field("name", optional(string), { default: { kind: "string", value: "x" } }),
]);

/** A struct of three versions; the first `count` fields of it, for readers and writers of its past. */
export function versioned(version: number): Struct {
  return struct(
    "Versioned",
    [
      field("id", u32),
      field("name", string),
      field("note", optional(string), { minVersion: 1 }),
      field("ratio", f64, { minVersion: 1 }),
      field("isNew", bool, { minVersion: 1 }),
      field("pipe", optional(handle()), { minVersion: 2 }),
      field("tags", optional(array(string)), { minVersion: 2 }),
      field("size", u16, { minVersion: 2, default: { kind: "number", value: 40 } }),
      field("settings", of(settings), {
        minVersion: 5,
        default: { kind: "struct", definition: settings },
      }),
    ].filter((each) => each.minVersion <= version),
  );
}

/** A struct that holds versioned ones everywhere. */
export function holder(version: number): Struct {
  const type = of(versioned(version));
  return struct("Holder", [
    field("one", type),
    field("many", array(type)),
    field("named", map(string, type)),
    field("either", of(union("Either", [field("text", string), field("it", type)]))),
    field("end", string),
  ]);
}

/** A type, and a value of it. */
export interface Sample {
  readonly name: string;
  readonly struct: Struct;
  /** Made anew for each use. */
  readonly value: () => unknown;
}

const LOW = {
  i8: -128,
  u8: 0,
  i16: -32768,
  u16: 0,
  i32: -2147483648,
  u32: 0,
  i64: -(2n ** 63n),
  u64: 0n,
  f32: -0.5,
  f64: -1.5e300,
  int53: -(2 ** 53 - 1),
  uint53: 0,
};
const HIGH = {
  i8: 127,
  u8: 255,
  i16: 32767,
  u16: 65535,
  i32: 2147483647,
  u32: 4294967295,
  i64: 2n ** 63n - 1n,
  u64: 2n ** 64n - 1n,
  f32: Infinity,
  f64: NaN,
  int53: 2 ** 53 - 1,
  uint53: 2 ** 53 - 1,
};

const sample = (name: string, of: Struct, value: () => unknown): Sample => (
  { name, struct: of, value }
);
const p = (x: number, y: number) => ({ x, y });
const old = (id: number, name: string) => ({
  id,
  name,
  note: undefined,
  ratio: 0,
  isNew: false,
  pipe: undefined,
  tags: undefined,
  size: 40,
  settings: { retries: 3, name: "x" },
});

/** Something of everything. */
export const SAMPLES: readonly Sample[] = [
  sample("numbers at their lowest", numbers, () => LOW),
  sample("numbers at their highest", numbers, () => HIGH),
  sample("optional numbers, some there", someNumbers, () => ({
    ...{ i8: undefined, u8: 1, i16: undefined, u16: 2, i32: 3, u32: undefined },
    ...{ i64: undefined, u64: 4n, f32: undefined, f64: -0, int53: -1, uint53: undefined },
  })),
  sample("flags", flags, () => ({
    ...{ b0: true, b1: false, b2: true, b3: true, b4: false, b5: false, b6: true },
    ...{ maybe: true, last: true },
  })),
  sample("flags without the optional one", flags, () => ({
    ...{ b0: false, b1: true, b2: false, b3: false, b4: true, b5: true, b6: false },
    ...{ maybe: undefined, last: false },
  })),
  sample("strings", strings, () => ({ a: "héllo", b: "🎉", c: "", d: undefined })),
  sample("a long string", strings, () => (
    { a: "x", b: undefined, c: "y".repeat(1025), d: "z" }
  )),
  sample("optionals, all there", optionals, () => ({
    text: "t",
    blob: new Uint8Array([1]),
    list: ["a"],
    names: new Map([["k", 1]]),
    inner: p(1, 2),
    mode: 2,
    rights: 0x8000_0001,
    pipe: new Token("pipe"),
    values: new Float64Array([0.5]),
    flag: false,
  })),
  sample("optionals, none there", optionals, () => ({
    ...{ text: undefined, blob: undefined, list: undefined, names: undefined },
    ...{ inner: undefined, mode: undefined, rights: undefined, pipe: undefined },
    ...{ values: undefined, flag: undefined },
  })),
  sample("arrays of numbers", numberArrays, () => ({
    i8: new Int8Array([-1, 1]),
    u8: new Uint8Array([1, 255]),
    i16: new Int16Array([-2]),
    u16: new Uint16Array([65535]),
    i32: new Int32Array([-3, 3]),
    u32: new Uint32Array([4294967295]),
    i64: new BigInt64Array([-4n]),
    u64: new BigUint64Array([2n ** 64n - 1n]),
    f32: new Float32Array([0.5, -0.5]),
    f64: new Float64Array([1 / 3]),
    int53: [-1, 2 ** 53 - 1],
    uint53: [2 ** 32],
  })),
  sample("arrays of a fixed size", fixedArrays, () => ({
    hash: new Uint8Array([1, 2, 3, 4]),
    matrix: [new Float32Array([1, 0]), new Float32Array([0, 1])],
    flags: [true, false, false, false, false, false, false, false, true],
    names: ["a", undefined, "c"],
    points: [p(1, 2), p(3, 4)],
  })),
  sample("arrays", arrays, () => ({
    bools: [true, false, true],
    someBools: [undefined, true, false],
    texts: ["a", "", "ü"],
    someTexts: [undefined, "b"],
    blobs: [new Uint8Array([9]), new Uint8Array()],
    someNumbers: [1, undefined, 3],
    grid: [new Int32Array([1, 2]), new Int32Array()],
    deep: [undefined, [], [undefined, [true]]],
    points: [p(1, 2)],
    somePoints: [undefined, p(-1, -2)],
    modes: [0, 2],
    rights: [3, 0],
    maps: [new Map([[7, "seven"]])],
    empties: [{}, {}],
  })),
  sample("empty arrays", arrays, () => ({
    ...{ bools: [], someBools: [], texts: [], someTexts: [], blobs: [], grid: [] },
    ...{ someNumbers: [], deep: [], points: [], somePoints: [], modes: [], rights: [] },
    ...{ maps: [], empties: [] },
  })),
  sample("maps", maps, () => ({
    ages: new Map([["b", 2], ["a", 1]]),
    byNumber: new Map([[-1n, "x"], [5n, undefined]]),
    byFlag: new Map([[true, p(1, 1)], [false, p(0, 0)]]),
    byMode: new Map([[2, ["q", "r"]]]),
    nested: new Map([[7, new Map([["in", true], ["out", false]])]]),
    flags: new Map([[-(2 ** 40), undefined], [1, true]]),
  })),
  sample("unions", unions, () => ({
    one: { kind: "url", value: "a:b" },
    all: [
      { kind: "none", value: {} },
      { kind: "isThere", value: true },
      { kind: "maybe", value: undefined },
      { kind: "maybe", value: true },
      { kind: "count", value: -1n },
      { kind: "count", value: undefined },
      { kind: "list", value: ["x", "yz"] },
      { kind: "point", value: p(5, 6) },
      { kind: "pipe", value: new Token("pipe") },
    ],
    open: { kind: "names", value: ["n", "m"] },
    some: { kind: "pipes", value: [new Token("pipe"), new Token("pipe")] },
  })),
  sample("enums and bits", enums, () => ({
    ...{ mode: 1, sparse: -5, open: -77, rights: 0x8000_0003, small: 3, medium: 0xffff },
    wide: 1n << 63n | 1n,
  })),
  sample("handles", handles, () => ({
    any: new Token("buffer"),
    pipe: new Token("pipe"),
    producer: new Token("producer"),
    consumer: new Token("consumer"),
    buffer: new Token("buffer"),
    platform: new Token("platform"),
    file: new Token("file"),
    conn: new Token("conn"),
    listener: new Token("listener"),
    remote: new Token("remote"),
    receiver: new Token("receiver"),
    associatedRemote: new Token("associated remote"),
    associatedReceiver: undefined,
    more: [undefined, new Token("pipe")],
  })),
  sample("a tree", tree, () => ({
    name: "root",
    left: { name: "l", left: undefined, children: [] },
    children: [{ name: "c", left: undefined, children: [] }],
  })),
  sample("mapped types", mapped, () => (
    { at: new Date(1e12), before: undefined, values: ["one", 2] }
  )),
  sample("a default", settings, () => ({ retries: 3, name: undefined })),
  sample("version 0", versioned(0), () => ({ id: 7, name: "seven" })),
  sample("version 5, nothing to say", versioned(5), () => old(7, "seven")),
  sample("version 5, with version 1", versioned(5), () => (
    { ...old(7, "seven"), note: "n", isNew: true }
  )),
  sample("version 5, with version 2", versioned(5), () => (
    { ...old(7, "seven"), pipe: new Token("pipe"), tags: ["t", "ag"] }
  )),
  sample("version 5, all of it", versioned(5), () => ({
    ...old(7, "seven"),
    ...{ note: "é", ratio: -0, tags: [], size: 41 },
    settings: { retries: 4, name: undefined },
  })),
  sample("versions in one another", holder(5), () => ({
    one: { ...old(1, "one"), note: "first" },
    many: [old(2, "two"), { ...old(3, "three"), tags: ["x"], size: 0 }],
    named: new Map([["k", { ...old(4, "four"), pipe: new Token("pipe") }]]),
    either: { kind: "it", value: { ...old(5, "five"), isNew: true } },
    end: "end",
  })),
];
