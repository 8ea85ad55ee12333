import { assert, assertEquals, assertThrows } from "@std/assert";
import { LimitError } from "../../../core/errors.ts";
import { Decoder } from "../../../core/wire/decoder.ts";
import { Encoder, LONG_STRING_UNITS, MAX_ITEMS } from "../../../core/wire/encoder.ts";

/** Encodes a message behind 8 bytes of head and decodes it from where it lies. */
function roundTrip<T>(
  write: (w: Encoder) => void,
  read: (r: Decoder) => T,
  handles: readonly object[] = [],
): T {
  const w = new Encoder(1 << 24, 64);
  w.beginMessage(8, 77, 1);
  write(w);
  w.finishMessage(0x8000_0001);
  const r = new Decoder();
  r.begin(w.bytes, w.view, 8, w.at, handles);
  assertEquals([r.method, r.flagBits, r.request], [77, 1, 0x8000_0001]);
  const value = read(r);
  r.finish();
  return value;
}

type Numeric = "u8" | "i8" | "u16" | "i16" | "u32" | "i32";
type Big = "u64" | "i64";

const INTEGERS: readonly (readonly [kind: Numeric, min: number, max: number])[] = [
  ["u8", 0, 255],
  ["i8", -128, 127],
  ["u16", 0, 65_535],
  ["i16", -32_768, 32_767],
  ["u32", 0, 4_294_967_295],
  ["i32", -2_147_483_648, 2_147_483_647],
];
const BIG_INTEGERS: readonly (readonly [kind: Big, min: bigint, max: bigint])[] = [
  ["u64", 0n, 2n ** 64n - 1n],
  ["i64", -(2n ** 63n), 2n ** 63n - 1n],
];

/** Says what the encoder throws for a value. The message so far must not matter afterwards. */
function refused(write: (w: Encoder) => void): Error {
  const w = new Encoder(4096, 64);
  w.beginMessage(8, 1, 0);
  w.u32(0xaaaa_aaaa, "a");
  w.finishMessage(1);
  w.open = false;
  w.start = w.at;
  const before = w.at, kept = w.bytes.slice(0, before);
  w.beginMessage(8, 2, 0);
  w.need(256);
  w.u32(0xbbbb_bbbb, "b");
  w.handle({});
  w.stringBody(w.stringHead("left over", "s"), "left over");
  const error = assertThrows(() => write(w));
  w.cancel(error);
  assertEquals([w.at, w.start, w.open, w.handles.length], [before, before, false, 0]);
  assertEquals(w.bytes.slice(0, before), kept, "the message before it changed");
  // The next message is whole, with nothing of the one that was given up.
  w.beginMessage(8, 3, 0);
  w.u32(0xcccc_cccc, "c");
  w.finishMessage(3);
  const r = new Decoder();
  r.begin(w.bytes, w.view, before + 8, w.at, []);
  assertEquals([r.method, r.u32()], [3, 0xcccc_cccc]);
  r.finish();
  return error;
}

Deno.test("Encoder carries every integer at its bounds", () => {
  for (const [kind, min, max] of INTEGERS) {
    for (const value of [min, max, 0, 1, min + 1, max - 1]) {
      assertEquals(roundTrip((w) => w[kind](value, "x"), (r) => r[kind]()), value, kind);
    }
    assertEquals(roundTrip((w) => w[kind](-0, "x"), (r) => r[kind]()), 0);
  }
  for (const [kind, min, max] of BIG_INTEGERS) {
    for (const value of [min, max, 0n, 1n, min + 1n, max - 1n]) {
      assertEquals(roundTrip((w) => w[kind](value, "x"), (r) => r[kind]()), value, kind);
    }
  }
});

Deno.test("Encoder refuses an integer beyond its bounds, naming argument, range and value", () => {
  for (const [kind, min, max] of INTEGERS) {
    for (const value of [min - 1, max + 1, 0.5, NaN, Infinity, 2 ** 53]) {
      const error = refused((w) => w[kind](value, "port"));
      assert(error instanceof RangeError, kind);
      assertEquals(
        error.message,
        `Cannot send argument 'port': it must be a whole number from ${min} to ${max}: received ${value}`,
      );
    }
  }
  for (const [kind, min, max] of BIG_INTEGERS) {
    for (const value of [min - 1n, max + 1n, 2n ** 100n]) {
      const error = refused((w) => w[kind](value, "size"));
      assert(error instanceof RangeError, kind);
      assertEquals(
        error.message,
        `Cannot send argument 'size': it must be a whole number from ${min} to ${max}: received ${value}`,
      );
    }
  }
});

/** Values that are of no numeric type, and how they are shown. */
const STRANGE: readonly (readonly [value: unknown, shown: string])[] = [
  [undefined, "undefined"],
  [null, "null"],
  [true, "true"],
  ["5", 'the string "5"'],
  ["x".repeat(50), `the string "${"x".repeat(40)}"`],
  [{}, "an object"],
  [[5], "an array"],
  [() => 5, "a function"],
  [Symbol("five"), "a symbol"],
];

Deno.test("Encoder refuses what is not a number, naming argument and value", () => {
  const kinds = [...INTEGERS.map(([kind]) => kind), "f32", "f64"] as const;
  for (const kind of kinds) {
    for (const [value, shown] of [...STRANGE, [5n, "5"] as const]) {
      const error = refused((w) => w[kind](value as number, "count"));
      assert(error instanceof TypeError, `${kind} ${shown}`);
      assertEquals(
        error.message,
        `Cannot send argument 'count': it must be a number: received ${shown}`,
      );
    }
  }
});

Deno.test("Encoder refuses what is not a bigint, a boolean, bytes, a string or an array", () => {
  const cases: readonly (readonly [
    expected: string,
    write: (w: Encoder, value: never) => void,
    fits: (value: unknown) => boolean,
  ])[] = [
    ["a bigint", (w, v) => w.u64(v, "x"), () => false],
    ["a bigint", (w, v) => w.i64(v, "x"), () => false],
    ["a boolean", (w, v) => void w.bit(v, "x"), (v) => v === true],
    ["a Uint8Array", (w, v) => w.byteString(v, "x"), () => false],
    ["a string", (w, v) => void w.stringHead(v, "x"), (v) => typeof v === "string"],
    ["a string", (w, v) => w.text(v, "x"), (v) => typeof v === "string"],
    ["an array", (w, v) => void w.openArray(v, "x"), Array.isArray],
    ["an array", (w, v) => void w.openFixedArray(v, 1, "x"), Array.isArray],
    ["a Map", (w, v) => void w.openMap(v, "x"), () => false],
    ["an array of numbers", (w, v) => void w.numbers("u8", v, "x"), Array.isArray],
    [
      "an object, S",
      (w, v) => w.object(v, "S", "x"),
      (v) => typeof v === "object" && v !== null,
    ],
  ];
  for (const [expected, write, fits] of cases) {
    for (const [value, shown] of [...STRANGE, [5, "5"] as const]) {
      if (fits(value)) continue;
      const error = refused((w) => write(w, value as never));
      assert(error instanceof TypeError);
      assertEquals(
        error.message,
        `Cannot send argument 'x': it must be ${expected}: received ${shown}`,
      );
    }
  }
});

Deno.test("Encoder carries floats, also the odd ones", () => {
  for (const value of [0, -0, 1.5, -1e300, Infinity, -Infinity, NaN, 5e-324]) {
    assertEquals(roundTrip((w) => w.f64(value, "x"), (r) => r.f64()), value);
    assertEquals(
      roundTrip((w) => w.f32(value, "x"), (r) => r.f32()),
      Math.fround(value),
    );
  }
});

Deno.test("Encoder checks booleans and gives their bit", () => {
  const w = new Encoder(4096);
  assertEquals([w.bit(true, "x"), w.bit(false, "x"), w.at], [1, 0, 0]);
});

const STRINGS: readonly string[] = [
  "",
  "a",
  "ascii only",
  "x".repeat(64),
  "x".repeat(65),
  "é".repeat(30),
  "日本語のテキスト",
  "🎉🎊",
  "a🎉b",
  "\u{feff}bom first",
  "nul \0 inside",
  "\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}",
  "x".repeat(LONG_STRING_UNITS),
  "x".repeat(LONG_STRING_UNITS + 1),
  "日".repeat(LONG_STRING_UNITS),
  "日".repeat(LONG_STRING_UNITS + 1),
  "🎉".repeat(LONG_STRING_UNITS / 2),
  "🎉".repeat(LONG_STRING_UNITS / 2) + "x",
  "y".repeat(100_000),
];

Deno.test("Encoder carries strings of every kind, alone and together", () => {
  const write = (w: Encoder, texts: readonly string[]) => {
    const heads = texts.map((text) => {
      w.need(4);
      return w.stringHead(text, "x");
    });
    texts.forEach((text, i) => w.stringBody(heads[i]!, text));
  };
  const read = (r: Decoder, count: number) =>
    Array.from({ length: count }, () => r.stringHead()).map((head) => r.stringBody(head));
  for (const text of STRINGS) {
    const [got] = roundTrip((w) => write(w, [text]), (r) => read(r, 1));
    assert(got === text, JSON.stringify(text.slice(0, 20)));
  }
  const got = roundTrip((w) => write(w, STRINGS), (r) => read(r, STRINGS.length));
  assert(got.every((text, i) => text === STRINGS[i]));
});

Deno.test("Encoder refuses a string that begins with the second half of a surrogate pair", () => {
  for (const text of ["\udf89", "\udf89\ud83c", "\udc00 and more"]) {
    for (const write of ["stringHead", "text"] as const) {
      const error = refused((w) => void w[write](text, "title"));
      assert(error instanceof TypeError);
      assertEquals(
        error.message,
        `Cannot send argument 'title': it holds half of a surrogate pair: received ${
          JSON.stringify(text)
        }`,
      );
    }
  }
});

Deno.test("Encoder refuses a long string that holds half of a surrogate pair", () => {
  const text = `${"x".repeat(1024)}\ud83c`;
  const error = refused((w) => w.text(text, "title"));
  assertEquals(
    error.message,
    "Cannot send argument 'title': it holds half of a surrogate pair: received " +
      '"xxxxxxxxxx\\ud83c"',
  );
});

Deno.test("Encoder.finishMessage refuses half of a surrogate pair, wherever it is", () => {
  const before = ["", "a", "x".repeat(100), "é"], after = ["", "b", "y".repeat(100)];
  for (const text of ["\ud83c", "a\ud83cb", "a\udf89b", "\ud83c\ud83c\udf89"]) {
    for (const first of before) {
      for (const last of after) {
        const error = refused((w) => {
          for (const each of [first, text, last]) w.text(each, "x");
          w.finishMessage(1);
        });
        assert(error instanceof TypeError);
        assert(error.message.startsWith(
          "Cannot send message: a string in it holds half of a surrogate pair: received ",
        ));
        assert(/\\ud83c|\\udf89/.test(error.message), error.message);
      }
    }
  }
});

Deno.test("Encoder carries bytes as a copy", () => {
  for (const length of [0, 1, 63, 64, 65, 100_000]) {
    const value = Uint8Array.from({ length }, (_, i) => i * 7);
    const got = roundTrip((w) => w.byteString(value, "x"), (r) => r.byteString());
    assertEquals(got, value);
    assert(got.buffer !== value.buffer && got.byteLength === got.buffer.byteLength);
  }
  const part = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
  assertEquals(
    roundTrip((w) => w.byteString(part, "x"), (r) => r.byteString()),
    new Uint8Array([2, 3]),
  );
});

Deno.test("Encoder refuses more items than a decoder would take", () => {
  const w = new Encoder(1 << 24);
  w.beginMessage(8, 1, 0);
  w.openArray(new Array(MAX_ITEMS - 2), "a");
  w.openFixedArray([0], 1, "b");
  w.openMap(new Map([[1, 2]]), "c");
  const message = `at most ${MAX_ITEMS} items`;
  assertThrows(() => w.openArray([0], "d"), RangeError, message);
  assertThrows(() => w.openFixedArray([0], 1, "d"), RangeError, message);
  assertThrows(() => w.openMap(new Map([[1, 2]]), "d"), RangeError, message);
  w.cancel(null);
  w.beginMessage(8, 1, 0);
  assertEquals(w.openArray(new Array(MAX_ITEMS), "a"), MAX_ITEMS);
});

Deno.test("Encoder refuses an array whose length is no length", () => {
  for (const length of [-1, 1.5, NaN, 2 ** 32, "2"]) {
    const lying = new Proxy([], {
      get: (array, key) => key === "length" ? length : Reflect.get(array, key),
    });
    for (
      const write of [
        (w: Encoder) => void w.openArray(lying, "x"),
        (w: Encoder) => void w.numbers("i32", lying, "x"),
      ]
    ) {
      const error = refused(write);
      assert(error.message.startsWith("Cannot send argument 'x': it must be"));
    }
  }
});

Deno.test("Encoder.openMap refuses a map that gives more keys than values", () => {
  class Lying extends Map<string, number> {
    override keys() {
      return ["a", "b"].values();
    }
  }
  const error = refused((w) => void w.openMap(new Lying([["a", 1]]), "x"));
  assertEquals(
    error.message,
    "Cannot send argument 'x': it must be a Map: received an object",
  );
});

Deno.test("Encoder.openBits starts with zeros whatever the buffer held", () => {
  for (const count of [0, 1, 8, 9, 64, 65, 1000]) {
    const w = new Encoder(4096, 512);
    w.bytes.fill(0xff);
    w.begin(8);
    const at = w.openBits(count);
    assertEquals([at, w.at], [8, 8 + Math.ceil(count / 8)]);
    for (let i = 0; i < count; i += 3) w.setBit(at, i);
    for (let i = 0; i < count; i++) {
      assertEquals(w.bytes[at + (i >> 3)]! >> (i & 7) & 1, i % 3 === 0 ? 1 : 0);
    }
    assertEquals(w.bytes[w.at], 0xff);
  }
});

Deno.test("Encoder.pathTo leads through what is open", () => {
  const w = new Encoder(4096);
  w.beginMessage(8, 1, 0);
  w.openStruct(4);
  assertEquals(w.pathTo("a"), "a");
  w.openArray([1, 2], "list");
  assertEquals([w.pathTo(1), w.pathTo("")], ["list[1]", "list"]);
  const inner = w.openInner(1, 4);
  assertEquals(w.pathTo("name"), "list[1].name");
  w.closeInner(inner);
  w.leave();
  assertEquals(w.pathTo("b"), "b");
  w.enter("left open");
  w.cancel(null);
  w.beginMessage(8, 1, 0);
  assertEquals(w.pathTo("c"), "c");
});

Deno.test("Encoder numbers attached handles in their order", () => {
  const one = {}, two = {};
  const got = roundTrip(
    (w) => {
      w.handle(one);
      w.handle(two);
      assertEquals(w.handles, [one, two]);
    },
    (r) => [r.handle(), r.handle()],
    [one, two],
  );
  assert(got[0] === one && got[1] === two);
});

Deno.test("Encoder gives a struct its size when it is closed", () => {
  const value = roundTrip((w) => {
    const at = w.openStruct(0, 16);
    w.u8(1, "x");
    w.u16(2, "y");
    w.closeStruct(at);
  }, (r) => {
    const outer = r.openStruct();
    const values = [r.u8(), r.u16()];
    r.closeStruct(outer);
    return values;
  });
  assertEquals(value, [1, 2]);
});

/** A number of each kind: its size, how it is written to a place and read from it, what it is. */
const PLACED: readonly (readonly [
  size: number,
  write: (w: Encoder, at: number) => void,
  read: (r: Decoder, at: number) => unknown,
  value: unknown,
])[] = [
  [1, (w, at) => w.flagsAt(at, 5), (r, at) => r.flagsAt(at, 7), 5],
  [1, (w, at) => w.u8At(at, 200, "x"), (r, at) => r.u8At(at), 200],
  [1, (w, at) => w.i8At(at, -100, "x"), (r, at) => r.i8At(at), -100],
  [2, (w, at) => w.u16At(at, 60_000, "x"), (r, at) => r.u16At(at), 60_000],
  [2, (w, at) => w.i16At(at, -30_000, "x"), (r, at) => r.i16At(at), -30_000],
  [4, (w, at) => w.u32At(at, 4e9, "x"), (r, at) => r.u32At(at), 4e9],
  [4, (w, at) => w.i32At(at, -2e9, "x"), (r, at) => r.i32At(at), -2e9],
  [8, (w, at) => w.u64At(at, 1n << 63n, "x"), (r, at) => r.u64At(at), 1n << 63n],
  [8, (w, at) => w.i64At(at, -5n, "x"), (r, at) => r.i64At(at), -5n],
  [8, (w, at) => w.uint53At(at, 2 ** 52, "x"), (r, at) => r.uint53At(at, "x"), 2 ** 52],
  [8, (w, at) => w.int53At(at, -1, "x"), (r, at) => r.int53At(at, "x"), -1],
  [4, (w, at) => w.f32At(at, 0.5, "x"), (r, at) => r.f32At(at), 0.5],
  [8, (w, at) => w.f64At(at, 0.1, "x"), (r, at) => r.f64At(at), 0.1],
];

Deno.test("Encoder.openInner leaves places for numbers, which Decoder.openInner finds", () => {
  const places = PLACED.map((_, i) =>
    PLACED.slice(0, i).reduce((sum, [size]) => sum + size, 0)
  );
  const bytes = PLACED.reduce((sum, [size]) => sum + size, 0);
  const values = roundTrip((w) => {
    const at = w.openInner("x", bytes, 12);
    assertEquals(w.at, at + bytes);
    PLACED.forEach(([, write], i) => write(w, at + places[i]!));
    w.u32(7, "behind");
    const more = w.advance(8);
    w.stringHeadAt(more + 4, "text", "x");
    w.u32At(more, 8, "x");
    w.stringBody(more + 4, "text");
    w.closeInner(at);
  }, (r) => {
    const at = r.openInner("x", bytes);
    const values = PLACED.map(([, , read], i) => read(r, at + places[i]!));
    values.push(r.u32());
    const more = r.advance(8);
    values.push(r.u32At(more), r.stringBody(r.u32At(more + 4)));
    r.closeInner();
    return values;
  });
  assertEquals(values, [...PLACED.map(([, , , value]) => value), 7, 8, "text"]);
});

Deno.test("Encoder.openInner makes room for what may follow", () => {
  const w = new Encoder(1 << 20, 64);
  w.beginMessage(0, 1, 0);
  w.openInner("x", 8, 1000);
  assert(w.bytes.length >= w.at + 1000);
});

Deno.test("Encoder does not begin a message within another", () => {
  const w = new Encoder(4096);
  w.begin(8);
  assertThrows(() => w.begin(8), Error, "while another one is being encoded");
  w.cancel(null);
  w.begin(8);
});

Deno.test("Encoder stops growing at four times the frame limit", () => {
  const w = new Encoder(1024, 64);
  w.begin(8);
  w.need(4096 - 8);
  const error = assertThrows(() => w.need(4096 - 7), LimitError);
  assertEquals([error.limit, error.max], ["maxFrameBytes", 1024]);
  w.cancel(error);
  assertEquals(w.at, 0);
});

Deno.test("Encoder pads with zeros whatever the buffer held", () => {
  for (let length = 0; length <= 16; length++) {
    const w = new Encoder(4096, 16);
    w.bytes.fill(0xff);
    w.begin(length);
    w.pad();
    assertEquals(w.at, (length + 7) & ~7);
    assert(w.bytes.subarray(length, w.at).every((byte) => byte === 0));
  }
});

Deno.test("Encoder sends as many bytes as there are, whatever their length is said to be", () => {
  class Longer extends Uint8Array {
    override get length(): number {
      return 100;
    }
  }
  const write = (w: Encoder) => {
    w.bytes.fill(0xff, w.at);
    w.byteString(new Longer([1, 2, 3]), "x");
  };
  const bytes = roundTrip((w) => {
    const s = w.openStruct(0);
    write(w);
    w.closeStruct(s);
  }, (r) => {
    const s = r.openStruct(), value = r.byteString("x");
    r.closeStruct(s);
    return value;
  });
  assertEquals([...bytes], [1, 2, 3]);
});

Deno.test("Encoder takes back the buffer that was written, unless it is large for what was in it", () => {
  const w = new Encoder(1 << 24, 64);
  w.begin(8);
  w.open = false;
  const taken = w.take();
  assertEquals([taken.length, w.at, w.start], [8, 0, 0]);
  w.recycle(taken);
  w.take();
  assert(w.bytes.buffer === taken.buffer);
  const large = new Uint8Array(2 << 20);
  w.recycle(large.subarray(0, 8));
  w.take();
  assert(w.bytes.buffer !== large.buffer);
  w.recycle(large);
  w.take();
  assert(w.bytes.buffer === large.buffer);
});
