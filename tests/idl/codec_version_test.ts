import { assert, assertEquals, assertThrows } from "@std/assert";
import { BadMessageError } from "../../core/errors.ts";

import {
  array,
  bool,
  enumOf,
  f32,
  field,
  handle,
  i32,
  i64,
  of,
  optional,
  string,
  struct,
  union,
} from "./codec_models.ts";
import { type Codec, codecsOf } from "./codec_module.ts";
import { Token } from "./codec_runtime.ts";
import { holder, versioned } from "./golden_types.ts";

const VERSIONS = [0, 1, 2, 5] as const;

async function codecOf(model: ReturnType<typeof struct>): Promise<Codec> {
  return (await codecsOf([model]))[model.tsName]!;
}

/** A value of version 5 with something, or nothing, in each of the groups. */
function values(): Record<string, unknown>[] {
  const pipe = () => new Token("pipe");
  const all: Record<string, unknown>[] = [];
  for (let mask = 0; mask < 8; mask++) {
    all.push({
      id: mask,
      name: `value ${mask}`,
      note: mask & 1 ? "🎉 note" : undefined,
      ratio: 0,
      isNew: (mask & 1) !== 0,
      pipe: mask & 2 ? pipe() : undefined,
      tags: mask & 2 ? ["tag", "x".repeat(1100), "ü"] : undefined,
      size: mask & 2 ? 41 : 40,
      settings: mask & 4 ? { retries: 5, name: undefined } : { retries: 3, name: "x" },
    });
  }
  return all;
}

/** What a reader of `version` makes of a value that was written by a writer of `written`. */
function seenBy(
  version: number,
  value: Record<string, unknown>,
  written = 5,
): Record<string, unknown> {
  const missing = values()[0]!, kept = versioned(Math.min(version, written)).fields;
  return Object.fromEntries(
    versioned(version).fields.map(({ name }) => [
      name,
      kept.some((each) => each.name === name) ? value[name] : missing[name],
    ]),
  );
}

Deno.test("structCodec reads what any other version wrote", async () => {
  for (const written of VERSIONS) {
    const writer = await codecOf(versioned(written));
    for (const version of VERSIONS) {
      const reader = await codecOf(versioned(version));
      for (const value of values()) {
        const message = writer.encode(seenBy(written, value));
        assertEquals(reader.decode(message), seenBy(version, value, written));
      }
    }
  }
});

Deno.test("structCodec reads other versions within structs, arrays, maps and unions", async () => {
  for (const written of VERSIONS) {
    const writer = await codecOf(holder(written));
    for (const version of VERSIONS) {
      const reader = await codecOf(holder(version));
      const all = values();
      const make = (see: (value: Record<string, unknown>) => unknown) => ({
        one: see(all[7]!),
        many: all.map(see),
        named: new Map(all.map((value, i) => [`key ${i}`, see(value)])),
        either: { kind: "it", value: see(all[3]!) },
        end: "the end, which comes behind all that was skipped",
      });
      // Each handle is sent once.
      for (const value of all) if (value.pipe !== undefined) value.pipe = undefined;
      const message = writer.encode(make((value) => seenBy(written, value)));
      assertEquals(
        reader.decode(message),
        make((value) => seenBy(version, value, written)),
      );
    }
  }
});

Deno.test("structCodec closes the handles of a group that it does not know", async () => {
  const writer = await codecOf(versioned(5)), reader = await codecOf(versioned(1));
  const value = values()[2]!;
  reader.decode(writer.encode(value));
  assertEquals((value.pipe as Token).closed, 1);
});

Deno.test("structCodec writes the same bytes for a value that says nothing new, whatever its version", async () => {
  const old = (await codecOf(versioned(0))).encode(values()[0]).bytes;
  for (const version of VERSIONS) {
    const codec = await codecOf(versioned(version));
    assertEquals(codec.encode(values()[0]).bytes, old);
  }
});

Deno.test("structCodec tells minus zero and NaN from what is missing", async () => {
  const codec = await codecOf(
    struct("Floats", [
      field("a", i32),
      field("single", f32, { minVersion: 1 }),
      field("half", f32, { minVersion: 1, default: { kind: "number", value: 0.1 } }),
    ]),
  );
  const same = Math.fround(0.1);
  const silent = codec.encode({ a: 1, single: 0, half: 0.1 });
  assertEquals(silent.bytes.length, 16 + 8);
  assertEquals(codec.decode(silent), { a: 1, single: 0, half: 0.1 });
  assertEquals(codec.encode({ a: 1, single: 1e-60, half: same }), silent);
  for (const [single, half] of [[-0, same], [-1e-60, same], [NaN, same], [0, -same]]) {
    const message = codec.encode({ a: 1, single, half });
    assertEquals(message.bytes.length, 16 + 8 + 12 + 8);
    assertEquals(codec.decode(message), { a: 1, single: Math.fround(single!), half });
  }
});

Deno.test("structCodec fills in zeros, defaults and first values of enums", async () => {
  const late = { minVersion: 3 };
  const newer = await codecOf(
    struct("S", [
      field("a", i32),
      field("n", i32, late),
      field("big", i64, late),
      field("flag", bool, late),
      field("text", string, late),
      field("on", bool, { ...late, default: { kind: "bool", value: true } }),
      field("word", string, { ...late, default: { kind: "string", value: "w" } }),
      field("maybe", optional(i32), { ...late, default: { kind: "number", value: -1 } }),
      field("zero", of(enumOf("Zero", { One: 1, None: 0 })), late),
      field("first", of(enumOf("First", { Two: 2, Three: 3 })), late),
      field("open", of(enumOf("Open_", { Two: 2, Three: 3 }, "Three")), late),
    ]),
  );
  const older = await codecOf(struct("S", [field("a", i32)]));
  const value = {
    ...{ a: 1, n: 0, big: 0n, flag: false, text: "", on: true, word: "w", maybe: -1 },
    ...{ zero: 0, first: 2, open: 3 },
  };
  assertEquals(newer.decode(older.encode({ a: 1 })), value);
  assertEquals(newer.encode(value).bytes, older.encode({ a: 1 }).bytes);
  // An optional field with a default may still be absent.
  const absent = { ...value, maybe: undefined };
  assertEquals(newer.decode(newer.encode(absent)), absent);
  assertEquals(older.decode(newer.encode(absent)), { a: 1 });
});

Deno.test("structCodec takes the default for a field that is left out", async () => {
  const codec = await codecOf(
    struct("Options", [
      field("retries", i32, { default: { kind: "number", value: 3 } }),
      field("name", optional(string), { default: { kind: "string", value: "x" } }),
    ]),
  );
  assertEquals(codec.decode(codec.encode({})), { retries: 3, name: undefined });
});

/** A message whose one struct has this content. */
function message(content: readonly number[], strings = "", handles: object[] = []) {
  const text = new TextEncoder().encode(strings);
  const bytes = new Uint8Array(20 + content.length + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint16(2, handles.length, true);
  view.setUint32(12, 20 + content.length, true);
  view.setUint32(16, content.length, true);
  bytes.set(content, 20);
  bytes.set(text, 20 + content.length);
  return { bytes, handles };
}

const word = (value: number) => [value & 255, value >> 8 & 255, value >> 16 & 255, 0];

Deno.test("structCodec checks a group that it skips", async () => {
  const codec = await codecOf(struct("Old", [field("id", i32)]));
  const rule = (content: number[], strings = "", handles: object[] = []) =>
    assertThrows(
      () => codec.decode(message([...word(7), ...content], strings, handles)),
      BadMessageError,
    ).rule;
  const group = (size: number, units: number, handles: number, ...rest: number[]) => [
    ...word(size),
    ...word(units),
    ...word(handles),
    ...rest,
  ];
  const good = group(9, 2, 1, 0);
  const token = new Token("pipe");
  assertEquals(
    codec.decode(message([...word(7), ...good, ...group(10, 0, 0, 1, 2)], "ab", [token])),
    { id: 7 },
  );
  assertEquals(token.closed, 1);
  assertEquals(rule(group(8, 0, 0)), "group-size", "no field at all");
  assertEquals(rule(group(10, 0, 0, 0)), "group-size", "beyond the struct");
  assertEquals(rule(group(9, 0, 0, 0).slice(0, 8)), "group-size");
  assertEquals(rule([1, 2, 3]), "end", "no group");
  assertEquals(rule(group(9, 3, 0, 0), "ab"), "skip-strings");
  assertEquals(rule(group(9, 0xff_ffff, 0, 0), "ab"), "skip-strings");
  assertEquals(rule(group(9, 1, 0, 0), "ab"), "string-bundle", "one is left");
  assertEquals(rule(group(9, 1, 0, 0), "🎉"), "skip-strings", "cut in two");
  assertEquals(rule(group(9, 0, 2, 0), "", [token]), "skip-handles");
  assertEquals(rule(group(9, 0, 0, 0), "", [token]), "handle-unclaimed");
});

Deno.test("structCodec checks a group that it knows", async () => {
  const codec = await codecOf(
    struct("New", [
      field("id", i32),
      field("text", optional(string), { minVersion: 1 }),
      field("pipe", optional(handle()), { minVersion: 1 }),
      field("n", i32, { minVersion: 2 }),
    ]),
  );
  const group = (size: number, units: number, handles: number, ...rest: number[]) => [
    ...word(size),
    ...word(units),
    ...word(handles),
    ...rest,
  ];
  const decode = (content: number[], strings = "", handles: object[] = []) =>
    codec.decode(message([...word(7), ...content], strings, handles));
  const rule = (content: number[], strings = "", handles: object[] = []) =>
    assertThrows(() => decode(content, strings, handles), BadMessageError).rule;
  const text = [0b01, ...word(2)];
  assertEquals(decode(group(13, 2, 0, ...text), "ab"), {
    ...{ id: 7, text: "ab", pipe: undefined, n: 0 },
  });
  assertEquals(rule(group(13, 1, 0, ...text), "ab"), "skip-strings");
  assertEquals(rule(group(13, 2, 1, ...text), "ab", [{}]), "skip-handles");
  assertEquals(rule(group(14, 2, 0, ...text, 0), "ab"), "group-size");
  assertEquals(rule(group(9, 0, 0, 0)), "version-group", "it says nothing");
  const nothing = group(9, 0, 0, 0), later = group(12, 0, 0, ...word(5));
  assertEquals(decode([...nothing, ...later]), {
    ...{ id: 7, text: undefined, pipe: undefined, n: 5 },
  });
  const zero = group(12, 0, 0, ...word(0));
  assertEquals(rule([...nothing, ...zero]), "version-group");
  // Whether a group that is not known says something is not for this reader to judge.
  assertEquals(decode([...nothing, ...zero, ...group(9, 0, 0, 0)]), {
    ...{ id: 7, text: undefined, pipe: undefined, n: 0 },
  });
});

Deno.test("unionCodec makes the default member of one that it does not know", async () => {
  const members = [
    field("unknown", optional(i32)),
    field("text", string),
    field("pipes", array(handle())),
    field("inner", of(versioned(5))),
  ];
  const of_ = (count: number) =>
    struct("S", [
      field("before", string),
      field("it", of(union("U", members.slice(0, count), "unknown"))),
      field("after", string),
      field("texts", array(string)),
    ]);
  const newer = await codecOf(of_(4)), older = await codecOf(of_(1));
  const tokens = [new Token("pipe"), new Token("pipe")];
  const inner = { ...values()[7]!, pipe: undefined };
  for (
    const it of [
      { kind: "text", value: "skipped 🎉" },
      { kind: "pipes", value: tokens },
      { kind: "inner", value: inner },
    ]
  ) {
    const value = { before: "b", it, after: "a", texts: ["x", "y"] };
    const message = newer.encode(value);
    assertEquals(newer.decode(message), value);
    const unknown = { kind: "unknown", value: undefined };
    assertEquals(older.decode(message), { ...value, it: unknown });
  }
  assert(tokens.every((token) => token.closed === 1));
});
