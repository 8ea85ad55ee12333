import { assert, assertEquals, assertFalse } from "@std/assert";
import type { Definition, Struct, Value } from "../../idl/meaning/model.ts";
import { createMessagePipe, MessagePipe } from "../../transports/child.ts";
import { type Schemas, withSchemas } from "./zod_kit.ts";
import {
  alias,
  arrayOf,
  bits,
  builtin,
  enumeration,
  fieldsOf,
  interfaceOf,
  mapOf,
  method,
  moduleOf,
  optional,
  recursive,
  struct,
  union,
  use,
  value,
} from "./zod_models.ts";

/** What a schema takes and what it refuses. */
interface Case {
  readonly of: Value;
  readonly good: readonly unknown[];
  readonly bad: readonly unknown[];
}

/** Asserts which values schemas take, each that of a field of its own. */
async function assertTakes(cases: readonly Case[]): Promise<void> {
  const fields = Object.fromEntries(cases.map(({ of }, i) => [`f${i}`, of]));
  await withSchemas(moduleOf(struct("S", fields)), ({ SSchema }) => {
    const shape = (SSchema as unknown as { shape: Schemas }).shape;
    for (const [i, { good, bad }] of cases.entries()) {
      const schema = shape[`f${i}`]!;
      for (const item of good) {
        const result = schema.safeParse(item);
        assert(result.success, `case ${i} takes ${Deno.inspect(item)}: ${result.error}`);
        assert(Object.is(result.data, item) || typeof item === "object");
      }
      for (const item of bad) {
        assertFalse(
          schema.safeParse(item).success,
          `case ${i} refuses ${Deno.inspect(item)}`,
        );
      }
    }
  });
}

/** Uses the schema of the last of `definitions`. */
async function withSchema(
  definitions: readonly Definition[],
  use: (takes: (value: unknown) => boolean) => void,
): Promise<void> {
  const name = `${definitions.at(-1)!.tsName}Schema`;
  await withSchemas(moduleOf(...definitions), (schemas) => {
    use((value) => schemas[name]!.safeParse(value).success);
  });
}

Deno.test("valueText bounds integers by their kind and their attributes", async () => {
  await assertTakes([
    { of: value("i8"), good: [-128, 0, 127], bad: [-129, 128, 0.5, NaN, 1n, "1", null] },
    { of: value("u8"), good: [0, 255], bad: [-1, 256] },
    { of: value("i16"), good: [-32768, 32767], bad: [-32769, 32768] },
    { of: value("u16"), good: [0, 65535], bad: [-1, 65536] },
    { of: value("i32"), good: [-(2 ** 31), 2 ** 31 - 1], bad: [-(2 ** 31) - 1, 2 ** 31] },
    { of: value("u32"), good: [0, 2 ** 32 - 1], bad: [-1, 2 ** 32] },
    {
      of: value("i64"),
      good: [-(2n ** 63n), 2n ** 63n - 1n],
      bad: [-(2n ** 63n) - 1n, 2n ** 63n, 1],
    },
    { of: value("u64"), good: [0n, 2n ** 64n - 1n], bad: [-1n, 2n ** 64n, 0] },
    { of: value(builtin("i8", { min: -3, max: 5 })), good: [-3, 5], bad: [-4, 6] },
    { of: value(builtin("u64", { min: 3n })), good: [3n], bad: [2n, 2n ** 64n] },
  ]);
});

Deno.test("valueText keeps 64-bit integers that are numbers exact", async () => {
  const signed = { kind: "i64", jsNumber: true } as const;
  const unsigned = { kind: "u64", jsNumber: true } as const;
  const most = Number.MAX_SAFE_INTEGER;
  await assertTakes([
    { of: value(signed), good: [-most, 0, most], bad: [-most - 1, most + 1, 1n, 0.5] },
    { of: value(unsigned), good: [0, most], bad: [-1, most + 1] },
    {
      of: value({ ...signed, bounds: { min: 1n, max: 9n } }),
      good: [1, 9],
      bad: [0, 10],
    },
    { of: value(arrayOf(value(unsigned))), good: [[1, most]], bad: [[-1], [1n], [0.5]] },
  ]);
});

Deno.test("valueText takes any number for a float, but none beyond its bounds", async () => {
  const bounded = builtin("f64", { min: 0, max: 1.5 });
  await assertTakes([
    {
      of: value("f64"),
      good: [0, -0, 0.1, NaN, Infinity, -Infinity],
      bad: [1n, "1", undefined],
    },
    { of: value(bounded), good: [0, 1.5], bad: [-0.1, 1.6, NaN, Infinity, "1"] },
    {
      of: value(builtin("f32", { min: 0 })),
      good: [0, Infinity],
      bad: [NaN, -1],
    },
  ]);
});

Deno.test("valueText takes whole strings only, by UTF-16 units and pattern", async () => {
  const sized = builtin("string", { minLength: 1, maxLength: 3 });
  const exact = builtin("string", { minLength: 2, maxLength: 2 });
  const hex = builtin("string", { pattern: "[0-9a-f]+|\\/\\u{1f600}" });
  const both = builtin("string", { pattern: "a*", maxLength: 2, minLength: 1 });
  await assertTakes([
    { of: value("string"), good: ["", "é😀\0"], bad: ["\ud83d", "\ude00a", 1, null] },
    { of: value(sized), good: ["a", "😀", "abc"], bad: ["", "abcd", "😀😀"] },
    { of: value(exact), good: ["ab", "😀"], bad: ["a", "abc"] },
    { of: value(hex), good: ["0a", "/😀"], bad: ["", "0g", "x0", "0\n", "0a/😀"] },
    { of: value(both), good: ["a", "aa"], bad: ["", "aaa", "b"] },
  ]);
});

Deno.test("valueText does not search a string that is too long for the pattern", async () => {
  const slow = builtin("string", { pattern: "(a+)+b", maxLength: 10 });
  await withSchemas(moduleOf(alias("Slow", value(slow))), ({ SlowSchema }) => {
    const { error } = SlowSchema!.safeParse("a".repeat(50_000));
    assertEquals(error?.issues.map(({ code }) => code), ["custom"]);
  });
});

Deno.test("valueText takes bytes and typed arrays of their lengths", async () => {
  const item = value(builtin("i16", { min: 1, max: 3 }));
  await assertTakes([
    {
      of: value(builtin("bytes", { minLength: 1, maxLength: 2 })),
      good: [new Uint8Array(1), new Uint8Array(2)],
      bad: [new Uint8Array(0), new Uint8Array(3), [1], new ArrayBuffer(1), undefined],
    },
    {
      of: value(arrayOf(value("u8"), 16)),
      good: [new Uint8Array(16)],
      bad: [new Uint8Array(15), new Uint8Array(17), new Uint8ClampedArray(16)],
    },
    {
      of: value(arrayOf(item, undefined, { maxLength: 2 })),
      good: [new Int16Array(0), new Int16Array([1, 3])],
      bad: [new Int16Array([0]), new Int16Array([4]), new Int16Array([1, 1, 1]), [1]],
    },
    {
      of: value(arrayOf(value("f64"))),
      good: [new Float64Array([NaN])],
      bad: [new Float32Array(1), [1]],
    },
    {
      of: value(arrayOf(value(builtin("u64", { max: 5n })))),
      good: [new BigUint64Array([5n])],
      bad: [new BigUint64Array([6n]), new BigInt64Array(1)],
    },
  ]);
});

Deno.test("valueText takes arrays and maps of their lengths, and looks inside", async () => {
  const names = arrayOf(value(builtin("string", { maxLength: 2 })), undefined, {
    minLength: 1,
    maxLength: 2,
  });
  const ages = mapOf(value("string"), optional("u8"), { maxLength: 1 });
  await assertTakes([
    {
      of: value(names),
      good: [["a"], ["ab", ""]],
      bad: [[], ["abc"], ["", "", ""], [1]],
    },
    {
      of: value(arrayOf(value("bool"), 2)),
      good: [[true, false]],
      bad: [[true], [true, false, true]],
    },
    {
      of: value(arrayOf(optional("i32"))),
      good: [[1, undefined], []],
      bad: [[null], ["1"]],
    },
    {
      of: value(ages),
      good: [new Map(), new Map([["__proto__", 3]]), new Map([["a", undefined]])],
      bad: [
        new Map([["a", 256]]),
        new Map([[1, 1]]),
        new Map([["a", 1], ["b", 1]]),
        { a: 1 },
        [],
      ],
    },
  ]);
});

Deno.test("valueText takes a handle for what it is, and nothing that looks like one", async () => {
  const handle = { kind: "handle", of: "message_pipe" } as const;
  const [a, b] = createMessagePipe();
  using _a = a, _b = b;
  const forged = Object.create(MessagePipe.prototype.constructor);
  await assertTakes([
    { of: value(handle), good: [a], bad: [{}, forged, MessagePipe, undefined] },
    { of: optional(handle), good: [b, undefined], bad: [null] },
  ]);
});

Deno.test("emitZod gives enums that take their values, and open ones that take any", async () => {
  const closed = enumeration("Closed", { A: 0, B: 7, Same: 7, constructor: -1 });
  await withSchema([closed], (takes) => {
    for (const good of [0, 7, -1]) assert(takes(good));
    for (const bad of [1, "A", "0", 0n, undefined, "constructor"]) {
      assertFalse(takes(bad));
    }
  });
  await withSchema([enumeration("Open", { A: 0, B: 7 }, "A")], (takes) => {
    for (const good of [0, 5, -(2 ** 31), 2 ** 31 - 1]) assert(takes(good));
    for (const bad of [2 ** 31, 0.5, "A", -(2 ** 31) - 1]) assertFalse(takes(bad));
  });
});

Deno.test("emitZod gives bits that take what is made of their values", async () => {
  await withSchema([bits("Small", "u8", [1, 2, 64])], (takes) => {
    for (const good of [0, 1, 3, 67]) assert(takes(good));
    for (const bad of [4, 128, 256, -1, 0.5, 1n]) assertFalse(takes(bad));
  });
  await withSchema([bits("Top", "u32", [2 ** 31])], (takes) => {
    for (const good of [0, 2 ** 31]) assert(takes(good));
    for (const bad of [1, 2 ** 31 + 1, 2 ** 32, -(2 ** 31)]) assertFalse(takes(bad));
  });
  await withSchema([bits("Wide", "u64", [1n, 2n ** 63n])], (takes) => {
    for (const good of [0n, 2n ** 63n + 1n]) assert(takes(good));
    for (const bad of [2n, 2n ** 64n, -1n, 1]) assertFalse(takes(bad));
  });
  await withSchema([bits("Any", "u16", [1], true)], (takes) => {
    for (const good of [0, 2, 65535]) assert(takes(good));
    for (const bad of [65536, -1]) assertFalse(takes(bad));
  });
});

Deno.test("emitZod gives structs whose optional fields may be missing, and no others", async () => {
  const node = struct("S", { a: value("u8"), b: optional("string") });
  await withSchemas(moduleOf(node), ({ SSchema }) => {
    assertEquals(SSchema!.parse({ a: 1 }), { a: 1 });
    assertEquals(SSchema!.parse({ a: 1, b: undefined }), { a: 1, b: undefined });
    assertEquals(SSchema!.parse({ a: 1, b: "b", more: 1 }), { a: 1, b: "b" });
    for (const bad of [{}, { b: "b" }, { a: 1, b: null }, { a: undefined }, null, [1]]) {
      assertFalse(SSchema!.safeParse(bad).success);
    }
    const polluted = JSON.parse('{"a":1,"__proto__":{"b":"b"}}');
    assertEquals(Object.keys(SSchema!.parse(polluted) as object), ["a"]);
  });
});

Deno.test("emitZod gives unions that are told apart by their kind", async () => {
  const node = union("U", (self) => ({
    url: value("string"),
    null: optional("u8"),
    all: value(arrayOf(value(self))),
  }));
  await withSchema([node], (takes) => {
    const url = { kind: "url", value: "a" };
    for (const good of [url, { kind: "null" }, { kind: "null", value: 1 }]) {
      assert(takes(good));
      assert(takes({ kind: "all", value: [good, url] }));
    }
    for (
      const bad of [{ kind: "url" }, { kind: "url", value: 1 }, { kind: "x" }, {}, "url"]
    ) {
      assertFalse(takes(bad));
      assertFalse(takes({ kind: "all", value: [url, bad] }));
    }
  });
  await withSchema([union("One", () => ({ only: value("bool") }))], (takes) => {
    assert(takes({ kind: "only", value: true }));
    assertFalse(takes({ kind: "other", value: true }));
  });
});

Deno.test("emitZod gives schemas of types that contain each other, whatever their order", async () => {
  const fields: ReturnType<typeof fieldsOf> = [];
  const first: Struct = { ...struct("First", {}), fields };
  const second = union(
    "Second",
    () => ({ first: value(use(first)), end: value("bool") }),
  );
  fields.push(...fieldsOf({
    next: value(use(second)),
    self: optional(use(first)),
    many: value(mapOf(value("string"), value(arrayOf(value(use(second)))))),
  }));
  const third = recursive(
    "Third",
    (self) => ({ a: optional(use(first)), b: optional(self) }),
  );
  await withSchema([third, first, second], (takes) => {
    const end = { kind: "end", value: true };
    const leaf = { next: end, many: new Map() };
    const node = {
      next: { kind: "first", value: leaf },
      self: leaf,
      many: new Map([["a", [end]]]),
    };
    assert(takes({ kind: "first", value: node }));
    assertFalse(takes({ kind: "first", value: { ...node, self: { ...leaf, next: 1 } } }));
    assertFalse(
      takes({ kind: "first", value: { ...node, many: new Map([["a", [1]]]) } }),
    );
  });
});

Deno.test("emitZod gives parameter lists as tuples, and replies", async () => {
  const net = interfaceOf("Net", [
    method("Send", {
      url: value("string"),
      mid: optional("bool"),
      last: value("u8"),
      retries: { ...value("i32"), default: { kind: "number", value: 3 } },
      tag: optional("string"),
    }),
    method("Fetch", {}, {
      kind: "values",
      fields: fieldsOf({ status: value("u16"), body: optional("bytes") }),
    }),
    method("Open", {}, { kind: "result", ok: value("string"), error: value("u8") }),
    method("Close", {}, { kind: "result", ok: [], error: optional("u8") }),
    method("Both", {}, {
      kind: "result",
      ok: fieldsOf({ a: value("u8"), b: optional("u8") }),
      error: value("string"),
    }),
    method("Watch", {}, { kind: "stream", item: optional("u8") }),
  ], [method("OnProgress", { percent: value("u8") })]);
  await withSchemas(moduleOf(net), (schemas) => {
    const cases: [string, unknown[], unknown[]][] = [
      ["Net_Send_Parameters", [
        ["a", undefined, 1],
        ["a", true, 1, 2],
        ["a", true, 1, undefined, "t"],
      ], [["a"], ["a", true], ["a", true, 1, 2, "t", 3], ["a", true, 1, "2"], {}]],
      ["Net_Fetch_Reply", [{ status: 1 }], [{}, { status: 1, body: [1] }]],
      ["Net_Open_Reply", [{ ok: true, value: "a" }, { ok: false, error: 1 }], [
        { ok: true, value: 1 },
        { ok: false, value: "a" },
        { ok: "true", value: "a" },
        {},
      ]],
      ["Net_Close_Reply", [{ ok: true, value: undefined }, {
        ok: false,
        error: undefined,
      }], [
        { ok: true, value: 1 },
        { ok: false, error: null },
      ]],
      ["Net_Both_Reply", [{ ok: true, value: { a: 1 } }], [{ ok: true, value: {} }]],
      ["Net_Watch_Item", [1, undefined], [256, null]],
      ["Net_OnProgress_Parameters", [[1]], [[], [256], [1, 1]]],
    ];
    for (const [name, good, bad] of cases) {
      const schema = schemas[`${name}Schema`]!;
      for (const item of good) assert(schema.safeParse(item).success, Deno.inspect(item));
      for (const item of bad) {
        assertFalse(schema.safeParse(item).success, Deno.inspect(item));
      }
    }
    assertEquals(Object.keys(schemas).length, cases.length);
  });
});

Deno.test("emitZod checks what stands for a type by what would be sent for it", async () => {
  const age = struct("Age", { years: value(builtin("u8", { max: 120 })) }, {
    typeMap: { specifier: "./age.ts", name: "Years" },
  });
  const person = struct("Person", { age: value(use(age)), before: optional(use(age)) });
  const map = `export type Years = string;
export const Years = {
  toWire(value) {
    if (typeof value !== "string") throw new TypeError("An age must be text");
    return { years: Number(value) };
  },
};
`.replace("toWire(value)", "toWire(value: string)");
  await withSchemas(moduleOf(person, age), (schemas) => {
    const { AgeSchema, Age_WireSchema, PersonSchema } = schemas;
    assertEquals(AgeSchema!.parse("120"), "120");
    assertEquals(messages(AgeSchema!, 3), [["", "An age must be text"]]);
    assertEquals(messages(AgeSchema!, "121").map(([path]) => path), ["years"]);
    assertEquals(Age_WireSchema!.parse({ years: 3 }), { years: 3 });
    assertEquals(PersonSchema!.parse({ age: "3" }), { age: "3" });
    assertEquals(messages(PersonSchema!, {}), [["age", "An age must be text"]]);
    assertEquals(
      messages(PersonSchema!, { age: "1", before: "x" }).map(([path]) => path),
      [
        "before.years",
      ],
    );
  }, { "age.ts": map });
});

/** Paths and texts of what is wrong. */
function messages(schema: Schemas[string], value: unknown): [string, string][] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => [path.join("."), message]);
}
