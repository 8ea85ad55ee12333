import { assertEquals, assertStringIncludes } from "@std/assert";
import { emitZod } from "../../idl/zod/emit_zod.ts";
import type { Module } from "../../idl/meaning/model.ts";
import { assertLintClean, compilerErrors } from "./zod_kit.ts";
import {
  alias,
  arrayOf,
  bits,
  builtin,
  elsewhere,
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

/** One of each, and their types as they are generated. */
function sample(): { module: Module; types: string } {
  const NetError = enumeration("NetError", { Unknown: 0, Aborted: 2 });
  const Fruit = enumeration("Fruit", { Apple: 0, Pear: -1 }, "Apple");
  const Access = bits("Access", "u8", [1, 2]);
  const Node = recursive("Node", (self) => ({
    name: value("string"),
    next: optional(self),
    children: value(arrayOf(value(self))),
  }));
  const Later = struct("Later", { flag: value("bool") });
  const Source = union("Source", (self) => ({
    url: value("string"),
    maybe: optional("i64"),
    deep: value(arrayOf(value(self))),
    later: value(use(Later)),
  }));
  const Nothing = struct("Nothing", {});
  const All = struct("All", {
    count: value("u32"),
    total: value("u64"),
    bytes: value("bytes"),
    samples: value(arrayOf(value("f32"))),
    names: value(arrayOf(optional("string"))),
    codes: value(mapOf(value("string"), value(use(NetError)))),
    error: value(use(NetError)),
    fruit: value(use(Fruit)),
    source: optional(use(Source)),
    pipe: value({ kind: "handle", of: "message_pipe" }),
  });
  const Net = interfaceOf("Net", [
    method("Send", {
      urls: value(arrayOf(value("string"))),
      maybe: optional("bool"),
      retries: { ...value("i32"), default: { kind: "number", value: 3 } },
    }),
    method("Fetch", { first: optional("string"), second: value("u8") }, {
      kind: "values",
      fields: fieldsOf({ status: value("u16"), body: optional("bytes") }),
    }),
    method("Open", { source: value(use(Source)) }, {
      kind: "result",
      ok: value(use(Node)),
      error: value(use(NetError)),
    }),
    method("Done", {}, { kind: "values", fields: [] }),
  ], [method("OnProgress", { percent: value("f32") })]);
  const module = moduleOf(
    Net,
    alias("Name", value(builtin("string", { maxLength: 3 }))),
    alias("Sources", value(arrayOf(value(use(Source))))),
    All,
    Source,
    Later,
    Nothing,
    Node,
    Access,
    Fruit,
    NetError,
  );
  const types = `
import type { CallOptions, MessagePipe } from "@mage/ipc/generated-v1";
export type NetError = 0 | 2;
export type Fruit = 0 | -1 | (number & Record<never, never>);
export type Access = number;
export interface Node {
  name: string;
  next?: Node | undefined;
  children: Node[];
}
export interface Later { flag: boolean }
export interface Nothing extends Record<never, never> {}
export type Source =
  | { readonly kind: "url"; readonly value: string }
  | { readonly kind: "maybe"; readonly value?: bigint | undefined }
  | { readonly kind: "deep"; readonly value: Source[] }
  | { readonly kind: "later"; readonly value: Later };
export interface All {
  count: number;
  total: bigint;
  bytes: Uint8Array;
  samples: Float32Array;
  names: (string | undefined)[];
  codes: Map<string, NetError>;
  error: NetError;
  fruit: Fruit;
  source?: Source | undefined;
  pipe: MessagePipe;
}
export type Name = string;
export type Sources = Source[];
export interface Net_Fetch_Reply { status: number; body?: Uint8Array | undefined }
type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };
export interface Net {
  send(urls: readonly string[], maybe?: boolean | undefined, retries?: number): void;
  fetch(first: string | undefined, second: number, options?: CallOptions): Promise<Net_Fetch_Reply>;
  open(source: Source, options?: CallOptions): Promise<Result<Node, NetError>>;
  done(options?: CallOptions): Promise<void>;
}
export interface Net_Events { onProgress(percent: number): void }
`;
  return { module, types };
}

/** Replaces the only occurrence. */
function change(text: string, from: string, to: string): string {
  assertEquals(text.split(from).length, 2, `'${from}' is there once`);
  return text.replace(from, () => to);
}

Deno.test("emitZod gives a file that compiles, and that the linter likes", async () => {
  const { module, types } = sample();
  const files = { "x.magen.ts": types, "x.magen.zod.ts": emitZod(module) };
  assertEquals(await compilerErrors(files), new Map());
  await assertLintClean({ "x.magen.zod.ts": files["x.magen.zod.ts"] });
});

Deno.test("emitZod gives a file that does not compile beside types that differ", async () => {
  const { module, types } = sample();
  const changes: [string, string][] = [
    ["export type NetError = 0 | 2;", "export type NetError = 0 | 2 | 3;"],
    ["export type NetError = 0 | 2;", "export type NetError = 0;"],
    ["export type NetError = 0 | 2;", "export type NetError = number;"],
    ["0 | -1 | (number & Record<never, never>)", "0 | -1"],
    ["export type Access = number", "export type Access = bigint"],
    ["  name: string;", ""],
    ["  name: string;", "  name: string; more: string;"],
    ["  name: string;", "  name: string; more?: string | undefined;"],
    ["  name: string;", "  name?: string | undefined;"],
    ["  name: string;", "  name: string | undefined;"],
    ["  name: string;", "  name: string | number;"],
    ["  name: string;", '  name: "a" | "b";'],
    ["  name: string;", "  // deno-lint-ignore no-explicit-any\n  name: any;"],
    ["  next?: Node | undefined;", "  next: Node;"],
    ["  next?: Node | undefined;", "  next: Node | undefined;"],
    ["  next?: Node | undefined;", "  next?: Later | undefined;"],
    ["  next?: Node | undefined;", ""],
    ["  children: Node[];", "  children: (Node | undefined)[];"],
    ["  children: Node[];", "  children: Later[];"],
    ["  children: Node[];", "  children: [Node];"],
    ["Nothing extends Record<never, never> {", "Nothing { a?: string | undefined; "],
    ['"url"; readonly value: string', '"uri"; readonly value: string'],
    ['"url"; readonly value: string', '"url"; readonly value: number'],
    ['"url"; readonly value: string', '"url"; readonly value?: string | undefined'],
    ["readonly value?: bigint | undefined", "readonly value: bigint | undefined"],
    ["readonly value?: bigint | undefined", "readonly value?: string | undefined"],
    [
      '  | { readonly kind: "later"; readonly value: Later };',
      ";",
    ],
    [
      '  | { readonly kind: "later"; readonly value: Later };',
      '  | { kind: "later"; value: Later } | { kind: "more"; value: Later };',
    ],
    ["bytes: Uint8Array", "bytes: Uint16Array"],
    ["samples: Float32Array", "samples: number[]"],
    ["Map<string, NetError>", "Map<string, Fruit>"],
    ["Map<string, NetError>", "Map<number, NetError>"],
    ["Map<string, NetError>", "Map<string, NetError | undefined>"],
    ["  error: NetError;", "  error: Fruit;"],
    ["pipe: MessagePipe", "pipe: CallOptions"],
    ["export type Name = string", "export type Name = string | undefined"],
    ["export type Sources = Source[]", "export type Sources = Later[]"],
    ["status: number; body?", "status?: number; body?"],
    ["status: number; body?", "status: number; body?: Uint8Array; body2?"],
    ["urls: readonly string[], maybe?", "maybe?"],
    ["urls: readonly string[], maybe?", "urls: readonly number[], maybe?"],
    ["urls: readonly string[], maybe?", "urls: readonly string[], more?: 1, maybe?"],
    ["retries?: number", "retries?: string"],
    ["first: string | undefined", "first: string"],
    ["open(source: Source", "open(source?: Source"],
    ["Result<Node, NetError>", "Result<Node, Fruit>"],
    ["Result<Node, NetError>", "Result<Later, NetError>"],
    ["Promise<Result<Node, NetError>>", "Promise<Node>"],
    ["percent: number", "percent: string"],
  ];
  const files: Record<string, string> = {};
  const zod = emitZod(module);
  for (const [i, [from, to]] of changes.entries()) {
    files[`${i}/x.magen.ts`] = change(types, from, to);
    files[`${i}/x.magen.zod.ts`] = zod;
  }
  const errors = await compilerErrors(files);
  const unnoticed = changes.filter((_, i) => !errors.has(`${i}/x.magen.zod.ts`));
  assertEquals(unnoticed, []);
});

Deno.test("emitZod gives a file that does not compile once a schema is changed", async () => {
  const { module, types } = sample();
  const zod = emitZod(module);
  const changes: [string, string][] = [
    ["({ Unknown: 0, Aborted: 2 })", "({ Unknown: 0 })"],
    ["({ Unknown: 0, Aborted: 2 })", "({ Unknown: 0, Aborted: 2, More: 3 })"],
    ["({ Unknown: 0, Aborted: 2 })", "({ Unknown: 0, Aborted: 3 })"],
    ["  name: $text,", ""],
    ["  name: $text,", "  name: $text, more: $text,"],
    ["  name: $text,", "  name: $text.optional(),"],
    ["  name: $text,", "  name: z.int(),"],
    ["return NodeSchema.optional();", "return NodeSchema;"],
    ["return NodeSchema.optional();", "return LaterSchema.optional();"],
    ["  flag: z.ZodBoolean;", "  flag: z.ZodString;"],
    ["  flag: z.boolean(),", "  flag: z.literal(1),"],
    ['z.literal("url"), value: $text', 'z.literal("url"), value: z.int()'],
    ['z.literal("url"), value: $text', 'z.literal("uri"), value: $text'],
    ['z.literal("url"), value: $text', 'z.literal("url"), value: $text, more: $text'],
    ["  codes: z.map($text, NetErrorSchema),", "  codes: z.map($text, FruitSchema),"],
    ["  status: z.int().min(0).max(65535),", "  status: z.bigint(),"],
  ];
  const files: Record<string, string> = {};
  for (const [i, [from, to]] of changes.entries()) {
    files[`${i}/x.magen.ts`] = types;
    files[`${i}/x.magen.zod.ts`] = change(zod, from, to);
  }
  const errors = await compilerErrors(files);
  const unnoticed = changes.filter((_, i) => !errors.has(`${i}/x.magen.zod.ts`));
  assertEquals(unnoticed, []);
});

Deno.test("emitZod gives objects that can be extended, with the types of their fields", async () => {
  const { module, types } = sample();
  const user = `
import { z } from "zod";
import { NodeSchema } from "./x.magen.zod.ts";
import type { Node } from "./x.magen.ts";
const Longer = NodeSchema.extend({ more: z.string(), name: NodeSchema.shape.name.min(3) });
export const more: string = Longer.parse(0).more;
export const name: string = Longer.parse(0).name;
export const node: Node = NodeSchema.parse(0);
// @ts-expect-error There is no such field.
Longer.parse(0).other;
`;
  const files = {
    "x.magen.ts": types,
    "x.magen.zod.ts": emitZod(module),
    "user.ts": user,
  };
  assertEquals(await compilerErrors(files), new Map());
});

Deno.test("emitZod imports the schemas of other files, and their types, which may be called the same", async () => {
  const near = elsewhere(struct("Near", { a: value("bool") }), {
    path: "y.magen",
    specifier: undefined,
  });
  const other = elsewhere(struct("Other", { a: value("bool") }), {
    path: "magen/std.magen",
    specifier: "./std.ts",
  });
  const far = { ...other, tsName: "Near" };
  const own = struct("Own", {
    near: value(use(near)),
    far: value(use(far)),
    other: optional(use(other)),
  });
  const y = { ...moduleOf(near), ...near.origin, fileName: "y.magen" };
  const std = { ...moduleOf(other, far), ...other.origin, fileName: "std.magen" };
  const files = {
    "x.magen.ts": `
import type { Near } from "./y.magen.ts";
import type * as std from "./std.ts";
export interface Own { near: Near; far: std.Near; other?: std.Other | undefined }
`,
    "y.magen.ts": "export interface Near { a: boolean }",
    "magen/std.magen.ts":
      "export interface Near { a: boolean }\nexport interface Other { a: boolean }",
    "std.ts": 'export type * from "./magen/std.magen.ts";',
    "x.magen.zod.ts": emitZod(moduleOf(own)),
    "y.magen.zod.ts": emitZod(y),
    "magen/std.magen.zod.ts": emitZod(std),
    "std.zod.ts": 'export * from "./magen/std.magen.zod.ts";',
  };
  assertEquals(await compilerErrors(files), new Map());
  assertStringIncludes(
    files["x.magen.zod.ts"],
    'import { NearSchema } from "./y.magen.zod.ts";',
  );
  assertStringIncludes(
    files["x.magen.zod.ts"],
    'import { NearSchema as NearSchema$, OtherSchema } from "./std.zod.ts";',
  );
});

Deno.test("emitZod keeps its names apart from those of a source", async () => {
  const names = ["z", "types", "Fields", "FieldsSchema", "FieldsShape", "Map", "Object"];
  const taken = ["__proto___", "constructor_", "toString_", "then_", "_", "get", "z"];
  const fields = Object.fromEntries(taken.map((name) => [name, optional("bool")]));
  const structs = names.map((name) => struct(name, fields));
  const net = interfaceOf("I", [method("M", { z: value("bool") })]);
  const typeMap = { specifier: "./text.ts", name: "text" };
  const mapped = struct("A", fields, { typeMap });
  const module = moduleOf(
    ...structs,
    struct("I_M_Parameters", fields),
    net,
    struct("A_Wire", fields),
    mapped,
    struct("Text", { text: value("string") }),
  );
  const body = taken.map((name) => `${name}?: boolean | undefined;`).join(" ");
  const types = [...names, "I_M_Parameters"].map((name) =>
    `export interface ${name} { ${body} }`
  );
  types.push(
    "export interface I { m(z: boolean): void }",
    `export interface A_Wire { ${body} }`,
    `export interface A_Wire$ { ${body} }`,
    "export type A = string;",
    "export interface Text { text: string }",
  );
  const zod = emitZod(module);
  const map =
    `export const text = { toWire: (_: string): { z?: boolean | undefined } => ({}) };`;
  const files = {
    "x.magen.ts": types.join("\n"),
    "x.magen.zod.ts": zod,
    "text.ts": map,
  };
  assertEquals(await compilerErrors(files), new Map());
  assertStringIncludes(zod, "export const I_M_ParametersSchema$: z.ZodTuple<");
  assertStringIncludes(zod, "export const A_WireSchema$: z.ZodObject<A_WireShape$>");
});

Deno.test("emitZod gives enums and unions without values that take nothing", async () => {
  const module = moduleOf(enumeration("NoEnum", {}), union("NoUnion", () => ({})));
  const files = {
    "x.magen.ts": "export type NoEnum = never;\nexport type NoUnion = never;",
    "x.magen.zod.ts": emitZod(module),
  };
  assertEquals(await compilerErrors(files), new Map());
});

Deno.test("emitZod gives nothing for a file that has nothing to check", async () => {
  const text = emitZod(moduleOf(interfaceOf("Empty", [method("Go", {})])));
  assertEquals(text.split("\n").filter((line) => !line.startsWith("//")), [""]);
  assertEquals(await compilerErrors({ "x.magen.zod.ts": text }), new Map());
});
