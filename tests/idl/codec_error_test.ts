import { assert, assertEquals, assertThrows } from "@std/assert";
import { BadMessageError } from "../../core/errors.ts";
import {
  array,
  bool,
  builtin,
  bytes,
  enumOf,
  f64,
  field,
  handle,
  i32,
  i64,
  int53,
  map,
  of,
  optional,
  recursive,
  string,
  struct,
  u8,
  uint53,
  union,
} from "./codec_models.ts";
import { type Codec, codecsOf } from "./codec_module.ts";
import { Token } from "./codec_runtime.ts";
import { mapped, mode, numberArrays, rights, SAMPLES, sparse } from "./golden_types.ts";

async function codecOf(model: ReturnType<typeof struct>): Promise<Codec> {
  return (await codecsOf([model]))[model.tsName]!;
}

const header = struct("Header", [field("name", string), field("value", optional(i32))]);
const request = struct("Request", [
  field("url", string),
  field("headers", array(of(header))),
  field("grid", array(array(array(i32)))),
  field("limits", map(string, of(header))),
  field("body", of(union("Body", [field("text", string), field("raw", bytes)]))),
  field("mode", of(mode)),
  field("flags", array(bool)),
  field("pipe", optional(handle())),
]);

function good(): Record<string, unknown> {
  return {
    url: "u",
    headers: [{ name: "a", value: 1 }, { name: "b" }],
    grid: [[[1]], []],
    limits: new Map([["x", { name: "c" }]]),
    body: { kind: "text", value: "t" },
    mode: 0,
    flags: [true],
  };
}

Deno.test("Encoder's errors lead to the value, whatever it is part of", async () => {
  const codec = await codecOf(request);
  codec.encode(good());
  const cases: readonly (readonly [change: object, message: string])[] = [
    [{ url: 5 }, "'url': it must be a string: received 5"],
    [{ headers: {} }, "'headers': it must be an array: received an object"],
    [{ headers: [null] }, "'headers[0]': it must be an object, Header: received null"],
    [
      { headers: [{ name: "a" }, { name: 7 }] },
      "'headers[1].name': it must be a string: received 7",
    ],
    [
      { headers: [{ name: "a", value: 2 ** 31 }] },
      "'headers[0].value': it must be a whole number from -2147483648 to 2147483647: received 2147483648",
    ],
    [{ grid: [[], [[], [1, "2"]]] }, "'grid[1][1][1]': it must be a number: received"],
    [{ limits: {} }, "'limits': it must be a Map: received an object"],
    [{ limits: new Map([[1, 2]]) }, "'limits[0]': it must be a string: received 1"],
    [
      { limits: new Map([["x", { name: "c", value: 0.5 }]]) },
      "'limits[0].value': it must be a whole number",
    ],
    [{ body: "text" }, "'body': it must be an object, Body: received the string"],
    [{ body: { kind: "txt" } }, "'body': it must be one of the kinds of Body: received"],
    [{ body: { kind: "text" } }, "'body.text': it must be a string: received undefined"],
    [{ body: { kind: "raw", value: [] } }, "'body.raw': it must be a Uint8Array"],
    [{ mode: 3 }, "'mode': it must be one of Mode: received 3"],
    [{ mode: "Read" }, "'mode': it must be a number: received the string"],
    [{ flags: [true, 1] }, "'flags[1]': it must be a boolean: received 1"],
    [{ pipe: {} }, "'pipe': it must be a pipe: received an object"],
  ];
  for (const [change, message] of cases) {
    const error = assertThrows(() => codec.encode({ ...good(), ...change }));
    assert(error instanceof TypeError || error instanceof RangeError);
    assert(error.message.startsWith(`Cannot send argument ${message}`), error.message);
  }
});

Deno.test("Decoder's errors lead to the value, whatever it is part of", async () => {
  const loose = await codecOf(struct("Request", [
    field("headers", array(of(struct("Header", [field("mode", i32)])))),
    field("named", map(string, i32)),
    field("either", of(union("Either", [field("number", i32)]))),
  ]));
  const strict = await codecOf(struct("Request", [
    field("headers", array(of(struct("Header", [field("mode", of(mode))])))),
    field("named", map(string, of(sparse))),
    field("either", of(union("Either", [field("number", of(rights))]))),
  ]));
  const value = (mode: number, named: number, number: number) => ({
    headers: [{ mode: 0 }, { mode }],
    named: new Map([["a", 100], ["b", named]]),
    either: { kind: "number", value: number },
  });
  strict.decode(loose.encode(value(2, -5, 3)));
  const cases = [
    [value(9, -5, 3), "enum", "headers[1].mode"],
    [value(0, 5, 3), "enum", "named[1]"],
    [value(0, -5, 4), "bits", "either.number"],
  ] as const;
  for (const [wrong, rule, path] of cases) {
    const error = assertThrows(
      () => strict.decode(loose.encode(wrong)),
      BadMessageError,
    );
    assertEquals([error.rule, error.path], [rule, path]);
    assertEquals(
      error.message,
      `Bad message: ${rule} at byte ${error.offset} in '${path}'`,
    );
  }
});

const bounded = struct("Bounded", [
  field("name", builtin("string", { bounds: { minLength: 2, maxLength: 4 } })),
  field("word", optional(builtin("string", { bounds: { pattern: "[a-z/]+" } }))),
  field("age", builtin("i32", { bounds: { min: 0, max: 150 } })),
  field("ratio", optional(builtin("f64", { bounds: { max: 1 } }))),
  field("big", builtin("i64", { bounds: { min: 5n } })),
  field("exact", builtin("u64", { jsNumber: true, bounds: { max: 10n } })),
  field("blob", builtin("bytes", { bounds: { maxLength: 2 } })),
  field(
    "list",
    array(builtin("string", { bounds: { maxLength: 1 } }), undefined, {
      bounds: { minLength: 1, maxLength: 2 },
    }),
  ),
  field(
    "table",
    map(builtin("u8", { bounds: { max: 9 } }), i32, {
      bounds: { maxLength: 1 },
    }),
  ),
  field(
    "scores",
    array(builtin("i32", { bounds: { min: 0 } }), undefined, {
      bounds: { maxLength: 3 },
    }),
  ),
]);
const unbounded = struct("Bounded", [
  field("name", string),
  field("word", optional(string)),
  field("age", i32),
  field("ratio", optional(f64)),
  field("big", i64),
  field("exact", uint53),
  field("blob", bytes),
  field("list", array(string)),
  field("table", map(u8, i32)),
  field("scores", array(i32)),
]);
const withinBounds = {
  ...{ name: "abc", word: "a/b", age: 150, ratio: 1, big: 5n, exact: 10 },
  blob: new Uint8Array(2),
  list: ["a", "b"],
  table: new Map([[9, 1]]),
  scores: new Int32Array([0, 1]),
};

Deno.test("codecs check bounds on both sides, and name path, rule and value", async () => {
  const strict = await codecOf(bounded), loose = await codecOf(unbounded);
  assertEquals(strict.decode(strict.encode(withinBounds)), withinBounds);
  assertEquals(loose.encode(withinBounds).bytes, strict.encode(withinBounds).bytes);
  const cases: readonly (readonly [
    change: object,
    path: string,
    message: string,
    rule: string,
  ])[] = [
    [
      { name: "abcde" },
      "name",
      "it may have 4 characters at most: received 5",
      "max-length",
    ],
    [
      { name: "a" },
      "name",
      "it must have 2 characters at least: received 1",
      "min-length",
    ],
    [{ word: "aB" }, "word", "it must match ^(?:[a-z/]+)$: received the", "pattern"],
    [{ word: "a\n" }, "word", "it must match", "pattern"],
    [{ age: -1 }, "age", "it must be 0 at least: received -1", "min"],
    [{ age: 151 }, "age", "it may be 150 at most: received 151", "max"],
    [{ ratio: 1.5 }, "ratio", "it may be 1 at most: received 1.5", "max"],
    [{ ratio: NaN }, "ratio", "it must be a number: received NaN", "min"],
    [{ big: 4n }, "big", "it must be 5 at least: received 4", "min"],
    [{ exact: 11 }, "exact", "it may be 10 at most: received 11", "max"],
    [{ blob: new Uint8Array(3) }, "blob", "it may have 2 bytes at most", "max-length"],
    [{ list: [] }, "list", "it must have 1 items at least", "min-length"],
    [{ list: ["", "", ""] }, "list", "it may have 2 items at most", "max-length"],
    [{ list: ["a", "bc"] }, "list[1]", "it may have 1 characters at most", "max-length"],
    [{ table: new Map([[10, 1]]) }, "table[0]", "it may be 9 at most", "max"],
    [
      { table: new Map([[1, 1], [2, 2]]) },
      "table",
      "it may have 1 entries at most",
      "max-length",
    ],
    [{ scores: new Int32Array([1, -2]) }, "scores[1]", "it must be 0 at least", "min"],
    [{ scores: [1, -2] }, "scores[1]", "it must be 0 at least", "min"],
    [{ scores: [1, 2, 3, 4] }, "scores", "it may have 3 items at most", "max-length"],
  ];
  for (const [change, path, message, rule] of cases) {
    const value = { ...withinBounds, ...change };
    const error = assertThrows(() => strict.encode(value), RangeError);
    const expected = `Cannot send argument '${path}': ${message}`;
    assert(error.message.startsWith(expected), error.message);
    const bad = assertThrows(() => strict.decode(loose.encode(value)), BadMessageError);
    assertEquals([bad.rule, bad.path], [rule, path]);
  }
});

Deno.test("codecs read each property of a caller's object once", async () => {
  for (const { name, struct, value } of SAMPLES) {
    const codec = await codecOf(struct);
    const given = value() as Record<string, unknown>;
    const reads = new Map<string, number>();
    const watched = Object.defineProperties(
      {},
      Object.fromEntries(
        Object.keys(given).map((key) => [key, {
          get() {
            reads.set(key, (reads.get(key) ?? 0) + 1);
            return given[key];
          },
        }]),
      ),
    );
    codec.encode(watched);
    assertEquals([...reads.values()].filter((count) => count !== 1), [], name);
  }
});

Deno.test("codecs read each item of an array once", async () => {
  const codec = await codecOf(struct("Lists", [
    field("a", array(optional(i32))),
    field("b", array(bool)),
    field("c", array(optional(bool))),
    field("d", array(i32)),
    field("e", array(string)),
  ]));
  const of = (items: readonly unknown[]) => {
    let reads = 0;
    const watched = new Proxy([...items], {
      get(target, key) {
        if (key !== "length" && key !== Symbol.iterator) reads++;
        return Reflect.get(target, key);
      },
    });
    return { watched, reads: () => reads };
  };
  const lists = [
    of([1, undefined]),
    of([true, false]),
    of([true, undefined]),
    of([1, 2]),
    of(["x", "y"]),
  ];
  const [a, b, c, d, e] = lists.map((list) => list.watched);
  codec.encode({ a, b, c, d, e });
  assertEquals(lists.map((list) => list.reads()), [2, 2, 2, 2, 2]);
});

Deno.test("codecs write a map as it was when it was looked at", async () => {
  const codec = await codecOf(struct("S", [field("m", map(string, of(header)))]));
  const growing = new Map<string, unknown>();
  growing.set("a", {
    get name() {
      growing.set("c", { name: "late" });
      return "n";
    },
  });
  growing.set("b", { name: "m" });
  const { m } = codec.decode(codec.encode({ m: growing })) as { m: Map<string, unknown> };
  assertEquals([...m.keys()], ["a", "b"]);
});

Deno.test("codecs refuse a key that comes twice", async () => {
  const codec = await codecOf(struct("S", [field("m", map(u8, u8))]));
  const message = codec.encode({ m: new Map([[1, 5], [2, 6]]) });
  message.bytes[message.bytes.length - 3] = 1;
  const error = assertThrows(() => codec.decode(message), BadMessageError);
  assertEquals([error.rule, error.path], ["map-key", "m"]);
});

Deno.test("codecs refuse what is nested too deeply, on both sides, and stop at a cycle", async () => {
  const node = recursive("Node", (self) => [field("next", optional(self))]);
  const codec = await codecOf(node);
  const chain = (depth: number): object => depth === 1 ? {} : { next: chain(depth - 1) };
  const deepest = codec.encode(chain(63));
  codec.decode(deepest);
  const error = assertThrows(() => codec.encode(chain(64)), RangeError);
  assert(error.message.endsWith("it may be nested 64 levels deep at most"));
  const cycle: { next?: object } = {};
  cycle.next = cycle;
  assertThrows(() => codec.encode(cycle), RangeError, "'next.next.");
  // One level more than the encoder would write.
  const { bytes } = deepest, inner = bytes.slice(16);
  const wrapped = new Uint8Array(bytes.length + 5), view = new DataView(wrapped.buffer);
  wrapped.set(bytes.subarray(0, 16));
  view.setUint32(12, wrapped.length, true);
  view.setUint32(16, inner.length + 1, true);
  wrapped[20] = 1;
  wrapped.set(inner, 21);
  const bad = assertThrows(
    () => codec.decode({ bytes: wrapped, handles: [] }),
    BadMessageError,
  );
  assertEquals(bad.rule, "depth");
});

Deno.test("codecs count arrays, maps and unions as levels too", async () => {
  const nest = (depth: number, leaf: unknown): unknown =>
    depth === 0 ? leaf : [nest(depth - 1, leaf)];
  for (const [levels, fits] of [[61, true], [62, false]] as const) {
    let type: Parameters<typeof array>[0] = string;
    for (let i = 0; i < levels; i++) type = array(type);
    const codec = await codecOf(struct("S", [field("m", map(u8, type))]));
    const value = { m: new Map([[1, nest(levels, "x")]]) };
    if (fits) codec.decode(codec.encode(value));
    else assertThrows(() => codec.encode(value), RangeError, "levels deep");
  }
});

Deno.test("codecs say what TypeMap cannot convert", async () => {
  const codec = await codecOf(mapped);
  const value = { at: new Date(NaN), values: [] };
  const error = assertThrows(() => codec.encode(value), TypeError);
  assertEquals(
    error.message,
    "Cannot send argument 'at': it cannot be converted: it is no date",
  );
  assert(error.cause instanceof RangeError);
  const plain = await codecOf(
    struct("Mapped", [
      field("at", of(struct("At", [field("millis", f64)]))),
      field("before", optional(i32)),
      field("values", array(i32)),
    ]),
  );
  const bad = assertThrows(
    () => codec.decode(plain.encode({ at: { millis: 1e20 }, values: [] })),
    BadMessageError,
  );
  assertEquals([bad.rule, bad.path], ["type-map", "at"]);
});

Deno.test("codecs take plain arrays for arrays of numbers, and check their items", async () => {
  const codec = await codecOf(numberArrays);
  const plain = {
    ...{ i8: [-1], u8: [], i16: [], u16: [], i32: [7], u32: [], i64: [-1n], u64: [] },
    ...{ f32: [0.5], f64: [], int53: [5], uint53: [] },
  };
  const typed = { ...plain, i8: new Int8Array([-1]), i64: new BigInt64Array([-1n]) };
  assertEquals(codec.encode({ ...plain, u8: new Uint8Array() }).bytes.length > 16, true);
  assertEquals(
    codec.encode({ ...typed, u8: new Uint8Array() }),
    codec.encode({ ...plain, u8: new Uint8Array() }),
  );
  const wrong = { ...plain, u8: new Uint8Array(), i16: [1, 32768] };
  assertThrows(() => codec.encode(wrong), RangeError, "'i16[1]'");
  const other = { ...plain, u8: new Uint8Array(), i32: new Uint8Array(4) };
  assertThrows(() => codec.encode(other), TypeError, "'i32': it must be an array of");
});

Deno.test("codecs hold arrays of a fixed size to it", async () => {
  const codec = await codecOf(
    struct("S", [field("hash", array(u8, 4)), field("names", array(string, 2))]),
  );
  const names = ["a", "b"], hash = new Uint8Array(4);
  assertEquals(codec.decode(codec.encode({ hash, names })), { hash, names });
  assertThrows(
    () => codec.encode({ hash: new Uint8Array(5), names }),
    RangeError,
    "'hash': it must have 4 items: received 5",
  );
  assertThrows(
    () => codec.encode({ hash, names: ["a"] }),
    RangeError,
    "'names': it must have 2 items: received 1",
  );
});

Deno.test("codecs refuse numbers beyond what a number holds exactly", async () => {
  const exact = await codecOf(struct("S", [field("a", int53), field("b", uint53)]));
  const loose = await codecOf(struct("S", [field("a", i64), field("b", builtin("u64"))]));
  const most = 2 ** 53 - 1;
  for (const a of [-most, -1, 0, 2 ** 32, -(2 ** 32) - 1, most]) {
    const value = { a, b: Math.abs(a) };
    assertEquals(exact.decode(exact.encode(value)), value);
    const big = { a: BigInt(a), b: BigInt(Math.abs(a)) };
    assertEquals(exact.encode(value), loose.encode(big));
  }
  for (const a of [2 ** 53, -(2 ** 53), 0.5, NaN]) {
    assertThrows(() => exact.encode({ a, b: 0 }), RangeError, "'a'");
  }
  assertThrows(() => exact.encode({ a: 0, b: -1 }), RangeError, "'b'");
  assertThrows(() => exact.encode({ a: 1n, b: 0 }), TypeError, "'a'");
  for (const a of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]) {
    const bad = assertThrows(
      () => exact.decode(loose.encode({ a, b: 0n })),
      BadMessageError,
    );
    assertEquals([bad.rule, bad.path], ["number-size", "a"]);
  }
  const bad = assertThrows(
    () => exact.decode(loose.encode({ a: 0n, b: 2n ** 53n })),
    BadMessageError,
  );
  assertEquals([bad.rule, bad.path], ["number-size", "b"]);
});

Deno.test("codecs keep what has a strange name where it is", async () => {
  const names = [
    "__proto__",
    "constructor",
    "toJSON",
    "then",
    "w",
    "r",
    "s",
    "i",
    "value",
  ]
    .concat(["label", "flags0", "item", "urlHead", "url"]).filter((n) =>
      n !== "__proto__"
    );
  const codec = await codecOf(
    struct("Names", names.map((name) => field(name, array(string)))),
  );
  const value = Object.fromEntries(names.map((name) => [name, [name]]));
  assertEquals(codec.decode(codec.encode(value)), value);
  const keys = await codecOf(struct("Keys", [field("m", map(string, string))]));
  const m = new Map(["__proto__", "constructor", "toString"].map((key) => [key, key]));
  assertEquals(keys.decode(keys.encode({ m })), { m });
});

Deno.test("enumCodec lets a closed enum have its values only, and an open one any", async () => {
  const codec = await codecOf(struct("S", [
    field("dense", of(mode)),
    field("sparse", of(sparse)),
    field("holed", of(enumOf("Holed", { A: 0, C: 2 }))),
    field("open", of(enumOf("Open_", { A: 1 }, "A"))),
  ]));
  const names = ["dense", "sparse", "holed", "open"];
  const plain = await codecOf(struct("S", names.map((name) => field(name, i32))));
  for (const dense of [0, 1, 2]) {
    for (const sparse of [-5, 100, 2147483647]) {
      const value = { dense, sparse, holed: 2, open: dense * sparse | 0 };
      assertEquals(codec.decode(codec.encode(value)), value);
    }
  }
  const wrong = [[-1, 100, 0], [3, 100, 0], [0, -4, 0], [0, 101, 0], [0, 100, 1]];
  for (const [dense, sparse, holed] of wrong) {
    const value = { dense, sparse, holed, open: 0 };
    assertThrows(() => codec.encode(value), RangeError, "one of");
    const error = assertThrows(() => codec.decode(plain.encode(value)), BadMessageError);
    assertEquals(error.rule, "enum");
  }
  const value = { dense: 0, sparse: 100, holed: 0, open: 0.5 };
  assertThrows(() => codec.encode(value), RangeError);
});

Deno.test("codecs attach handles in the order of their indices", async () => {
  const codec = await codecOf(
    struct("S", [field("a", array(handle())), field("b", handle())]),
  );
  const [x, y, z] = [new Token("pipe"), new Token("pipe"), new Token("pipe")];
  const message = codec.encode({ a: [x, y], b: z });
  assertEquals(message.handles.map((each) => [x, y, z].indexOf(each as Token)), [
    2,
    0,
    1,
  ]);
});
