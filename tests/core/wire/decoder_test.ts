import { assert, assertEquals, assertThrows } from "@std/assert";
import { BadMessageError } from "../../../core/errors.ts";
import { Decoder } from "../../../core/wire/decoder.ts";
import {
  Encoder,
  LONG_STRING_BIT,
  LONG_STRING_UNITS,
  MAX_ITEMS,
  MESSAGE_HEAD_BYTES,
} from "../../../core/wire/encoder.ts";
import { Random } from "../../sim/random.ts";

/** A message with this body and this string bundle. */
function message(
  body: readonly number[],
  strings: readonly number[] = [],
  handles = 0,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(MESSAGE_HEAD_BYTES + body.length + strings.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint16(2, handles, true);
  view.setUint32(12, MESSAGE_HEAD_BYTES + body.length, true);
  bytes.set(body, MESSAGE_HEAD_BYTES);
  bytes.set(strings, MESSAGE_HEAD_BYTES + body.length);
  return bytes;
}

/** Reads a message that lies in the middle of other bytes, which must not be touched. */
function decode<T>(
  bytes: Uint8Array,
  read: (r: Decoder) => T,
  handles: readonly object[] = [],
): T {
  const buffer = new Uint8Array(bytes.length + 64).fill(0x41);
  buffer.set(bytes, 32);
  const r = new Decoder();
  r.begin(buffer, new DataView(buffer.buffer), 32, 32 + bytes.length, handles);
  const value = read(r);
  r.finish();
  return value;
}

function rule(
  bytes: Uint8Array,
  read: (r: Decoder) => unknown,
  handles: readonly object[] = [],
): string {
  return assertThrows(() => decode(bytes, read, handles), BadMessageError).rule;
}

function word(value: number): number[] {
  return [value & 255, value >>> 8 & 255, value >>> 16 & 255, value >>> 24];
}

const nothing = () => {};
const string = (r: Decoder) => r.stringBody(r.stringHead());

Deno.test("Decoder.begin checks the head", () => {
  decode(message([]), nothing);
  for (let length = 0; length < MESSAGE_HEAD_BYTES; length++) {
    assertEquals(rule(message([]).subarray(0, length), nothing), "head");
  }
  for (const version of [0, 2, 255]) {
    const bytes = message([]);
    bytes[0] = version;
    assertEquals(rule(bytes, nothing), "wire-version");
  }
  assertEquals(rule(message([], [], 1), nothing), "handle-count");
  assertEquals(rule(message([]), nothing, [{}]), "handle-count");
  for (const at of [0, 15, 17, 0x7fff_ffff, 0xffff_ffff]) {
    const bytes = message([]);
    new DataView(bytes.buffer).setUint32(12, at, true);
    assertEquals(rule(bytes, nothing), "string-offset");
  }
});

Deno.test("Decoder.finish refuses what is left over", () => {
  assertEquals(rule(message([0]), nothing), "trailing-bytes");
  assertEquals(rule(message([], [0x61]), nothing), "string-bundle");
  assertEquals(rule(message(word(1), [0x61, 0x62]), string), "string-bundle");
  assertEquals(rule(message([], [], 1), nothing, [{}]), "handle-unclaimed");
  const two = (r: Decoder) => r.handle();
  assertEquals(rule(message(word(0), [], 2), two, [{}, {}]), "handle-unclaimed");
});

Deno.test("Decoder refuses to read past the end of the message or of a struct", () => {
  const reads: readonly (readonly [size: number, read: (r: Decoder) => unknown])[] = [
    [1, (r) => r.u8()],
    [1, (r) => r.i8()],
    [1, (r) => r.flags(255)],
    [2, (r) => r.u16()],
    [2, (r) => r.i16()],
    [4, (r) => r.u32()],
    [4, (r) => r.i32()],
    [4, (r) => r.f32()],
    [8, (r) => r.u64()],
    [8, (r) => r.i64()],
    [8, (r) => r.f64()],
    [4, (r) => r.handle()],
    [4, (r) => r.stringHead()],
    [4, (r) => r.openStruct()],
    [4, (r) => r.openInner("")],
    [4, (r) => r.openArray(8, "")],
    [4, (r) => r.openUnion("")],
    [4, (r) => r.byteString()],
    [4, (r) => r.text("")],
    [4, (r) => r.numbers("i32", "")],
    [6, (r) => r.numbers("u16", "", 3)],
    [8, (r) => r.int53("")],
    [8, (r) => r.uint53("")],
    [2, (r) => r.bits(9)],
  ];
  for (const [size, read] of reads) {
    for (let have = 0; have < size; have++) {
      const body = new Array<number>(have).fill(0);
      assertEquals(rule(message(body), read), "end");
      // What follows in the outer struct, or in the string bundle, is not the inner one's.
      const inner = (r: Decoder) => {
        r.openStruct();
        read(r);
      };
      const outer = [...word(have), ...body, ...new Array<number>(8).fill(0)];
      assertEquals(rule(message(outer, [0x61, 0x61, 0x61, 0x61]), inner), "end");
    }
  }
});

Deno.test("Decoder.openStruct refuses a size beyond what is there, closeStruct one not used up", () => {
  const read = (r: Decoder) => r.closeStruct(r.openStruct());
  decode(message(word(0)), read);
  for (const size of [1, 4, 0x7fff_ffff, 0xffff_ffff]) {
    assertEquals(rule(message(word(size)), read), "struct-size");
  }
  // What is left of it is taken for a group of a newer version.
  assertEquals(rule(message([...word(1), 0]), read), "end");
  const nested = (r: Decoder) => {
    const outer = r.openStruct();
    r.closeStruct(r.openStruct());
    r.closeStruct(outer);
  };
  decode(message([...word(4), ...word(0)]), nested);
  assertEquals(rule(message([...word(4), ...word(1), 0]), nested), "struct-size");
  assertEquals(rule(message([...word(8), ...word(0), ...word(0)]), nested), "group-size");
});

Deno.test("Decoder.openInner refuses a struct that is shorter than what it always holds", () => {
  const read = (fixedBytes: number) => (r: Decoder) => {
    const at = r.openInner("x", fixedBytes);
    r.closeInner();
    return r.u8At(at);
  };
  const three = [...word(3), 7, 8, 9];
  assertEquals(decode(message(three), read(3)), 7);
  for (let have = 0; have < three.length; have++) {
    assertEquals(rule(message(three.slice(0, have)), read(3)), "end");
  }
  // What follows in the message is not the struct's.
  assertEquals(rule(message([...three, 0]), read(4)), "end");
  assertEquals(rule(message([...word(4), 7, 8, 9]), read(3)), "struct-size");
  assertEquals(rule(message([...word(4), 7, 8, 9, 0]), read(3)), "end");
  const error = assertThrows(() => decode(message(three), read(4)), BadMessageError);
  assertEquals(error.path, "x");
});

Deno.test("Decoder.closeInner goes on with what is around the struct", () => {
  const read = (r: Decoder) => {
    r.openInner("outer");
    r.openInner("inner", 1);
    r.closeInner();
    const behind = r.u16();
    r.closeInner();
    return behind;
  };
  assertEquals(decode(message([...word(7), ...word(1), 5, 6, 0]), read), 6);
  assertEquals(rule(message([...word(6), ...word(1), 5, 6, 0]), read), "end");
});

Deno.test("Decoder.flags refuses bits outside the mask", () => {
  for (let bits = 0; bits < 256; bits++) {
    const read = (r: Decoder) => r.flags(0b101);
    if ((bits & ~0b101) === 0) assertEquals(decode(message([bits]), read), bits);
    else assertEquals(rule(message([bits]), read), "flags");
  }
});

Deno.test("Decoder.handle takes each index once and in order", () => {
  const one = {}, two = {};
  const both = (r: Decoder) => [r.handle(), r.handle()];
  const got = decode(message([...word(0), ...word(1)], [], 2), both, [one, two]);
  assert(got[0] === one && got[1] === two);
  for (const [a, b] of [[0, 0], [1, 0], [1, 1], [0, 2], [0, 0xffff_ffff], [2, 1]]) {
    const bytes = message([...word(a!), ...word(b!)], [], 2);
    assertEquals(rule(bytes, both, [one, two]), "handle-index");
  }
  assertEquals(rule(message(word(0)), (r) => r.handle()), "handle-index");
});

Deno.test("Decoder.stringBody refuses lengths that do not fit", () => {
  const read = (r: Decoder) => [string(r), string(r)];
  const two = (a: number, b: number) => message([...word(a), ...word(b)], [0x61, 0x62]);
  assertEquals(decode(two(1, 1), read), ["a", "b"]);
  assertEquals(decode(two(0, 2), read), ["", "ab"]);
  assertEquals(decode(two(2, 0), read), ["ab", ""]);
  for (const [a, b] of [[3, 0], [0, 3], [1, 2], [2, 1], [1024, 1024]]) {
    assertEquals(rule(two(a!, b!), read), "string-bundle");
  }
  for (const head of [1025, 0x7fff_ffff]) {
    assertEquals(rule(message(word(head)), string), "string-length");
  }
  for (const length of [1, 1025, 0x7fff_ffff]) {
    const head = word((LONG_STRING_BIT | length) >>> 0);
    assertEquals(rule(message(head), string), "end");
  }
});

Deno.test("Decoder.stringBody refuses a long string that would fit the bundle", () => {
  const long = (text: Uint8Array) =>
    message([...word((LONG_STRING_BIT | text.length) >>> 0), ...text]);
  const of = (length: number) => new Uint8Array(length).fill(0x61);
  assertEquals(decode(long(of(LONG_STRING_UNITS + 1)), string).length, 1025);
  assertEquals(rule(long(of(LONG_STRING_UNITS)), string), "string-length");
  assertEquals(rule(long(of(0)), string), "string-length");
  // What counts is units, not bytes.
  const wide = new TextEncoder().encode("é".repeat(LONG_STRING_UNITS));
  assertEquals(rule(long(wide), string), "string-length");
});

Deno.test("Decoder.stringBody refuses to cut a surrogate pair", () => {
  const pair = [...new TextEncoder().encode("🎉")];
  const read = (r: Decoder) => [string(r), string(r)];
  assertEquals(
    rule(message([...word(1), ...word(1)], pair), read),
    "string-bundle",
  );
  const two = [...pair, ...pair];
  assertEquals(decode(message([...word(2), ...word(2)], two), read), ["🎉", "🎉"]);
  assertEquals(
    rule(message([...word(3), ...word(1)], two), read),
    "string-bundle",
  );
  assertEquals(
    rule(message([...word(1), ...word(3)], two), read),
    "string-bundle",
  );
});

Deno.test("Decoder.stringBody refuses what is not UTF-8", () => {
  const bad: readonly (readonly [what: string, bytes: readonly number[]])[] = [
    ["a lone continuation", [0x80]],
    ["a cut sequence", [0xc3]],
    ["a cut sequence of three", [0xe2, 0x82]],
    ["a cut sequence of four", [0xf0, 0x9f, 0x8e]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["an overlong NUL", [0xc0, 0x80]],
    ["an overlong of three", [0xe0, 0x80, 0xaf]],
    ["an overlong of four", [0xf0, 0x80, 0x80, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a pair of surrogates", [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80]],
    ["above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["0xff", [0xff]],
  ];
  for (const [what, bytes] of bad) {
    for (const pad of [0, 200]) {
      const all = [...new Array<number>(pad).fill(0x61), ...bytes];
      assertEquals(rule(message(word(pad + 1), all), string), "utf8", what);
      const alone = [...new Array<number>(1100).fill(0x61), ...bytes];
      const head = word((LONG_STRING_BIT | alone.length) >>> 0);
      assertEquals(rule(message([...head, ...alone]), string), "utf8", what);
    }
  }
});

Deno.test("Decoder.stringBody keeps a byte order mark and NUL", () => {
  const text = "\ufeffa\0b";
  const bytes = [...new TextEncoder().encode(text)];
  assertEquals(decode(message(word(4), bytes), string), text);
});

Deno.test("Decoder.openArray refuses more items than there are bytes for", () => {
  const read = (bits: number) => (r: Decoder) => {
    const count = r.openArray(bits, "list");
    for (let i = 0; i < count; i++) r.u8();
    r.leave();
  };
  assertEquals(decode(message([...word(3), 1, 2, 3]), read(8)), undefined);
  for (const count of [4, 0x7fff_ffff, 0xffff_ffff]) {
    for (const bits of [8, 32, 64]) {
      assertEquals(rule(message([...word(count), 1, 2, 3]), read(bits)), "array-count");
    }
  }
  assertEquals(rule(message([...word(0xffff_ffff), 1, 2, 3]), read(1)), "array-count");
  // 24 bits fit 24 packed items and no more.
  decode(message([...word(24), 1, 2, 3]), (r) => {
    assertEquals(r.openArray(1, ""), 24);
    r.u16();
    r.u8();
  });
  assertEquals(rule(message([...word(25), 1, 2, 3]), read(1)), "array-count");
  const fixed = (size: number) => (r: Decoder) => {
    assertEquals(r.openFixedArray(size, 8, ""), size);
    r.u16();
  };
  decode(message([1, 2]), fixed(2));
  assertEquals(rule(message([1, 2]), fixed(3)), "array-count");
});

Deno.test("Decoder.openArray bounds the items of all arrays and maps of a message together", () => {
  const half = MAX_ITEMS / 2, bytes = new Array<number>(half / 8).fill(0);
  const packed = [...word(half), ...bytes];
  const skip = (r: Decoder) => {
    r.openArray(1, "");
    for (let i = 0; i < bytes.length; i++) r.u8();
    r.leave();
  };
  const twice = (r: Decoder) => [skip(r), skip(r)];
  decode(message([...packed, ...packed]), twice);
  const more = message([...packed, ...packed, ...word(1), 0]);
  const opens = [
    (r: Decoder) => r.openArray(1, ""),
    (r: Decoder) => r.openMap(1, ""),
    (r: Decoder) => r.openFixedArray(1, 1, ""),
  ];
  for (const open of opens) {
    assertEquals(rule(more, (r) => [...twice(r), open(r)]), "array-items");
  }
});

Deno.test("Decoder.bits refuses bits behind the last one", () => {
  for (let count = 1; count <= 20; count++) {
    for (let set = 0; set < 24; set++) {
      const bytes = [0, 0, 0].map((_, i) => set >> 3 === i ? 1 << (set & 7) : 0)
        .slice(0, (count + 7) >> 3);
      const read = (r: Decoder) => {
        const at = r.bits(count);
        return Array.from({ length: count }, (_, i) => r.isSet(at, i)).indexOf(true);
      };
      if (set < count) assertEquals(decode(message(bytes), read), set);
      else if (set < bytes.length * 8) assertEquals(rule(message(bytes), read), "flags");
    }
  }
});

Deno.test("Decoder.numbers copies numbers out, wherever they lie", () => {
  for (let offset = 0; offset < 8; offset++) {
    const body = [...new Array<number>(offset).fill(7), ...word(2)];
    const numbers = [...new Uint8Array(new Float64Array([0.5, -2]).buffer)];
    const bytes = message([...body, ...numbers]);
    const got = decode(bytes, (r) => {
      for (let i = 0; i < offset; i++) r.u8();
      return r.numbers("f64", "x");
    });
    assertEquals(got, new Float64Array([0.5, -2]));
    assertEquals(got.buffer.byteLength, 16);
    assert(got.buffer !== bytes.buffer);
  }
  for (const count of [2, 0x1fff_ffff, 0xffff_ffff]) {
    const bytes = message([...word(count), 0, 0, 0, 0, 0, 0, 0, 0]);
    assertEquals(rule(bytes, (r) => r.numbers("f64", "x")), "end");
  }
});

Deno.test("Decoder counts the levels that are open, and no more than 64", () => {
  const deep = (r: Decoder) => {
    r.openStruct();
    for (let i = 1; i < 64; i++) r.openInner(i);
    r.openInner("more");
  };
  const bytes: number[] = [];
  for (let i = 0; i < 65; i++) bytes.unshift(...word(bytes.length));
  const error = assertThrows(() => decode(message(bytes), deep), BadMessageError);
  assertEquals(error.rule, "depth");
  assert(error.path.endsWith("[62][63].more"));
  decode(message([]), (r) => {
    for (let i = 0; i < 200; i++) {
      r.enter(i);
      r.leave();
    }
  });
});

Deno.test("Decoder.convert refuses what a conversion makes of it that reads another message", () => {
  const bytes = message(word(7));
  const reading = (r: Decoder, fromWire: (wire: number) => unknown) =>
    r.convert({ fromWire }, r.u32(), "at");
  assertEquals(decode(bytes, (r) => reading(r, (wire) => wire + 1)), 8);
  const other = (r: Decoder) =>
    reading(r, () => r.begin(bytes, new DataView(bytes.buffer), 0, bytes.length, []));
  assertEquals(rule(bytes, other), "type-map");
  const failing = (r: Decoder) =>
    reading(r, () => {
      throw new Error("no");
    });
  assertEquals(rule(bytes, failing), "type-map");
});

/** A message that has something of everything, and the function that reads it. */
function everything(): { bytes: Uint8Array<ArrayBuffer>; handles: object[] } {
  const w = new Encoder(1 << 20), handles = [{}, {}];
  w.beginMessage(0, 9, 1);
  const at = w.openStruct(0, 64);
  w.flags(0b11);
  w.u8(7, "a");
  w.i16(-3, "b");
  w.u32(99, "c");
  w.i64(-5n, "d");
  w.f64(0.5, "e");
  const head = w.stringHead("héllo", "f"), long = w.stringHead("x".repeat(1100), "g");
  w.handle(handles[0]!);
  w.stringBody(head, "héllo");
  w.stringBody(long, "x".repeat(1100));
  w.byteString(new Uint8Array([1, 2, 3]), "h");
  w.openArray([1, 2, 3], "i");
  for (const text of ["one", "", "🎉"]) {
    w.need(4);
    w.stringBody(w.stringHead(text, "i"), text);
  }
  w.need(4);
  w.handle(handles[1]!);
  w.closeStruct(at);
  w.finishMessage(4);
  return { bytes: w.bytes.slice(0, w.at), handles };
}

function readEverything(r: Decoder): unknown[] {
  const outer = r.openStruct();
  const values: unknown[] = [r.flags(0b11), r.u8(), r.i16(), r.u32(), r.i64(), r.f64()];
  const head = r.stringHead(), long = r.stringHead();
  values.push(r.handle(), r.stringBody(head), r.stringBody(long), r.byteString());
  const count = r.openArray(32, "i");
  for (let i = 0; i < count; i++) values.push(string(r));
  values.push(r.handle());
  r.closeStruct(outer);
  return values;
}

Deno.test("Decoder throws only BadMessageError at every truncation", () => {
  const { bytes, handles } = everything();
  const values = decode(bytes, readEverything, handles);
  assertEquals(values.slice(10), ["one", "", "🎉", handles[1]].slice(0));
  for (let to = 0; to < bytes.length; to++) {
    const cut = bytes.slice(0, to);
    rule(cut, readEverything, handles);
    // Also when the head agrees with what is there.
    if (to < MESSAGE_HEAD_BYTES) continue;
    new DataView(cut.buffer).setUint32(12, to, true);
    rule(cut, readEverything, handles);
  }
});

Deno.test("Decoder throws only BadMessageError for every flipped bit and for random changes", () => {
  const { bytes, handles } = everything(), random = new Random(17);
  let bad = 0, good = 0;
  const take = (changed: Uint8Array) => {
    try {
      decode(changed, readEverything, handles);
      good++;
    } catch (error) {
      assert(error instanceof BadMessageError, String(error));
      assert(error.offset >= 0 && error.offset <= changed.length, `at ${error.offset}`);
      bad++;
    }
  };
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = bytes.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    take(changed);
  }
  for (let i = 0; i < 20_000; i++) {
    const changed = bytes.slice(
      0,
      bytes.length - (random.oneIn(4) ? random.below(40) : 0),
    );
    for (let n = 1 + random.below(5); n > 0; n--) {
      const at = random.oneIn(2) ? random.below(96) : random.below(changed.length);
      changed[at] = random.pick([0, 1, 2, 4, 0x7f, 0x80, 0xff, random.below(256)]);
    }
    take(changed);
  }
  assert(bad > 15_000, `${bad} were refused`);
  assert(good > 100, `${good} were fine`);
});

Deno.test("Decoder can be used again after a bad message", () => {
  const { bytes, handles } = everything(), r = new Decoder();
  const view = new DataView(bytes.buffer);
  const expected = decode(bytes, readEverything, handles);
  for (let to = 16; to < bytes.length; to += 7) {
    assertThrows(() => {
      r.begin(bytes, view, 0, to, handles);
      readEverything(r);
      r.finish();
    }, BadMessageError);
    r.begin(bytes, view, 0, bytes.length, handles);
    assertEquals(readEverything(r), expected);
    r.finish();
  }
});

Deno.test("Decoder gives strings that do not keep the message alive they came in", () => {
  // A short string and a large rest, in one bundle of about a million characters.
  const rest = Array.from({ length: 1000 }, () => "x".repeat(1000));
  const w = new Encoder(1 << 24);
  w.beginMessage(0, 1, 0);
  const s = w.openStruct(0, 4 * (rest.length + 1));
  for (const text of ["a string to keep", ...rest]) {
    w.stringBody(w.stringHead(text, "t"), text);
  }
  w.closeStruct(s);
  w.finishMessage(0);
  const kept: string[] = [];
  const before = Deno.memoryUsage().heapUsed;
  for (let i = 0; i < 300; i++) {
    const r = new Decoder();
    r.begin(w.bytes, w.view, 0, w.at, []);
    r.openStruct();
    kept.push(r.stringBody(r.stringHead()));
  }
  assertEquals(new Set(kept).size, 1);
  // Kept alive, the bundles would be 300 MB; garbage that nobody has collected yet is far less.
  assert(Deno.memoryUsage().heapUsed - before < 150e6);
});
