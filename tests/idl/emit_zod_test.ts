import { assertEquals, assertStringIncludes } from "@std/assert";
import { emitZod } from "../../idl/zod/emit_zod.ts";
import type { Module } from "../../idl/meaning/model.ts";
import type { Files } from "./files.ts";
import { assertLintClean, comparedWith, Compiled } from "./zod_kit.ts";
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

const compiled = new Compiled();

/** Replaces the only occurrence. */
function change(text: string, from: string, to: string): string {
  assertEquals(text.split(from).length, 2, `'${from}' is there once`);
  return text.replace(from, () => to);
}

const { module, types } = sample(), zod = emitZod(module);
const good = compiled.add({ "x.magen.ts": types, "x.magen.zod.ts": zod });

Deno.test("emitZod gives a file that compiles, and that the linter likes", async () => {
  assertEquals(await good(), new Map());
  await assertLintClean({ "x.magen.zod.ts": zod });
});

/** Types that differ from those of the sample. */
const TYPES: readonly (readonly [from: string, to: string])[] = [
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

const versions = [types, ...TYPES.map(([from, to]) => change(types, from, to))];
const compared = comparedWith(zod, versions.map((_, i) => `./${i}.ts`));
const comparedErrors = compiled.add({
  "x.magen.ts": types,
  ...Object.fromEntries(versions.map((text, i) => [`${i}.ts`, text])),
  "x.magen.zod.ts": compared,
});

Deno.test("emitZod gives a file that does not compile beside types that differ", async () => {
  const errors = await comparedErrors(), lines = compared.split("\n");
  assertEquals([...errors.keys()].filter((name) => name !== "x.magen.zod.ts"), []);
  const wrong = errors.get("x.magen.zod.ts")!.map(({ line }) => lines[line - 1]!);
  // The same types elsewhere are no others.
  assertEquals(wrong.filter((line) => line.includes("version0$.")), []);
  const unnoticed = TYPES.filter(([from], i) => {
    const before = types.slice(0, types.indexOf(from) + from.length);
    const [, name] = [...before.matchAll(/^export (?:type|interface) (\w+)/gm)].at(-1)!;
    // What a method answers is compared by way of the method.
    const own = RegExp(`version${i + 1}\\$\\.${name!.replace("_Fetch_Reply", "")}\\b`);
    return !wrong.some((line) => own.test(line));
  });
  assertEquals(unnoticed, []);
});

/** Schemas that differ from those of the sample, by whose they are. */
const SCHEMAS: readonly (readonly [of: string, from: string, to: string])[] = [
  ["NetError", "({ Unknown: 0, Aborted: 2 })", "({ Unknown: 0 })"],
  ["NetError", "({ Unknown: 0, Aborted: 2 })", "({ Unknown: 0, Aborted: 2, More: 3 })"],
  ["NetError", "({ Unknown: 0, Aborted: 2 })", "({ Unknown: 0, Aborted: 3 })"],
  ["Node", "  name: $text,", ""],
  ["Node", "  name: $text,", "  name: $text, more: $text,"],
  ["Node", "  name: $text,", "  name: $text.optional(),"],
  ["Node", "  name: $text,", "  name: z.int(),"],
  ["Node", "return NodeSchema.optional();", "return NodeSchema;"],
  ["Node", "return NodeSchema.optional();", "return LaterSchema.optional();"],
  ["Later", "  flag: z.ZodBoolean;", "  flag: z.ZodString;"],
  ["Later", "  flag: z.boolean(),", "  flag: z.literal(1),"],
  ["Source", 'z.literal("url"), value: $text', 'z.literal("url"), value: z.int()'],
  ["Source", 'z.literal("url"), value: $text', 'z.literal("uri"), value: $text'],
  [
    "Source",
    'z.literal("url"), value: $text',
    'z.literal("url"), value: $text, more: $text',
  ],
  [
    "All",
    "  codes: z.map($text, NetErrorSchema),",
    "  codes: z.map($text, FruitSchema),",
  ],
  ["Net_Fetch_Reply", "  status: z.int().min(0).max(65535),", "  status: z.bigint(),"],
];

/** The changes in as few copies as can be: no two of them are in the same schema. */
const rounds: (typeof SCHEMAS[number])[][] = [];
for (const item of SCHEMAS) {
  const free = rounds.find((round) => round.every(([of]) => of !== item[0]));
  if (free === undefined) rounds.push([item]);
  else free.push(item);
}
const changed = rounds.map((round) => {
  const text = round.reduce((text, [, from, to]) => change(text, from, to), zod);
  const errors = compiled.add({ "x.magen.ts": types, "x.magen.zod.ts": text });
  return { round, errors, lines: text.split("\n") };
});

/** Whose schema a line is part of, or is about. */
function schemaAt(lines: readonly string[], line: number): string | undefined {
  const about = /typeof (\w+)Schema>/.exec(lines[line - 1]!);
  if (about !== null) return about[1];
  const start = /^export (?:const|type) (\w+)(?:Schema|Shape)\b/;
  return lines.slice(0, line).map((text) => start.exec(text)?.[1])
    .findLast((name) => name !== undefined);
}

Deno.test("emitZod gives a file that does not compile once a schema is changed", async () => {
  for (const { round, errors, lines } of changed) {
    const found = (await errors()).get("x.magen.zod.ts") ?? [];
    const names = new Set(found.map(({ line }) => schemaAt(lines, line)));
    assertEquals(round.filter(([of]) => !names.has(of)), []);
  }
});

const extended = compiled.add({
  "x.magen.ts": types,
  "x.magen.zod.ts": zod,
  "user.ts": `
import { z } from "zod";
import { NodeSchema } from "./x.magen.zod.ts";
import type { Node } from "./x.magen.ts";
const Longer = NodeSchema.extend({ more: z.string(), name: NodeSchema.shape.name.min(3) });
export const more: string = Longer.parse(0).more;
export const name: string = Longer.parse(0).name;
export const node: Node = NodeSchema.parse(0);
// @ts-expect-error There is no such field.
Longer.parse(0).other;
`,
});

Deno.test("emitZod gives objects that can be extended, with the types of their fields", async () => {
  assertEquals(await extended(), new Map());
});

function importing(): Files {
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
  return {
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
}

const imported = importing(), importedErrors = compiled.add(imported);

Deno.test("emitZod imports the schemas of other files, and their types, which may be called the same", async () => {
  assertEquals(await importedErrors(), new Map());
  assertStringIncludes(
    imported["x.magen.zod.ts"]!,
    'import { NearSchema } from "./y.magen.zod.ts";',
  );
  assertStringIncludes(
    imported["x.magen.zod.ts"]!,
    'import { NearSchema as NearSchema$, OtherSchema } from "./std.zod.ts";',
  );
});

function awkward(): Files {
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
  const map =
    `export const text = { toWire: (_: string): { z?: boolean | undefined } => ({}) };`;
  return {
    "x.magen.ts": types.join("\n"),
    "x.magen.zod.ts": emitZod(module),
    "text.ts": map,
  };
}

const named = awkward(), namedErrors = compiled.add(named);

Deno.test("emitZod keeps its names apart from those of a source", async () => {
  assertEquals(await namedErrors(), new Map());
  assertStringIncludes(
    named["x.magen.zod.ts"]!,
    "export const I_M_ParametersSchema$: z.ZodTuple<",
  );
  assertStringIncludes(
    named["x.magen.zod.ts"]!,
    "export const A_WireSchema$: z.ZodObject<A_WireShape$>",
  );
});

const noValues = moduleOf(enumeration("NoEnum", {}), union("NoUnion", () => ({})));
const noValuesErrors = compiled.add({
  "x.magen.ts": "export type NoEnum = never;\nexport type NoUnion = never;",
  "x.magen.zod.ts": emitZod(noValues),
});

Deno.test("emitZod gives enums and unions without values that take nothing", async () => {
  assertEquals(await noValuesErrors(), new Map());
});

const nothing = emitZod(moduleOf(interfaceOf("Empty", [method("Go", {})])));
const nothingErrors = compiled.add({ "x.magen.zod.ts": nothing });

Deno.test("emitZod gives nothing for a file that has nothing to check", async () => {
  assertEquals(nothing.split("\n").filter((line) => !line.startsWith("//")), [""]);
  assertEquals(await nothingErrors(), new Map());
});
