import { assert, assertEquals } from "@std/assert";
import type { z } from "zod";
import { emitZod } from "../../idl/zod/emit_zod.ts";
import { analyze, generateTypeScript } from "../../idl/mod.ts";
import { type Files, importFiles } from "./files.ts";
import { assertLintClean, comparedWith, Compiled } from "./zod_kit.ts";

const SHAPES = `module shapes;

struct Point { double x; double y; };
[Extensible] enum Color { [Default] kRed, kGreen = 7 };
alias Name = string;
`;

const SOURCE = `module app;
import "shapes.magen";
import "magen/std.magen";

const int32 kMost = 9;
enum Closed { kA, kB = 5, toString, constructor };
bits Access { read, write, both = 3 };
[Extensible] bits Wide : uint64 { low, high = 0x8000000000000000 };
[MinLength=1, MaxLength=9, Pattern="[a-z]+"] alias Word = string;
[Max=100] alias Percent = uint8;
alias Grid = array<array<Percent?>>;
alias Maybe = shapes.Point?;
alias Feed = stream<Word>;

struct Nothing {};
struct Header {
  enum Kind { kPlain, kRich };
  Kind kind = kPlain;
  Word name = "a";
  string? raw;
  bool then;
  bool __proto__;
  int8 a; int16 b; int32 c; int64 d; uint8 e; uint16 f; uint32 g; uint64 h; float i; double j;
  [JsNumber] int64 k; [JsNumber, Min=1] uint64? l;
  bytes m; array<uint8, 16> n; array<int64> o; [MaxLength=3] array<float>? p;
  array<bool, 3> q; array<string?> r; map<string, array<Header>> s; map<Closed, Percent?> t;
  Closed u; shapes.Color v; Access w; Wide x; Source? y; shapes.Point z;
  Grid grid; Maybe maybe; std.Time time; std.Value? value; std.BigBuffer? big; shapes.Name label;
  Nothing nothing;
  [MinVersion=1] string? late;
};
union Source {
  string url; int64? null; array<Source> all; Header header; shapes.Color color; bool boolean;
};
[Extensible] union Open { [Default] int32 other; string text; };
[TypeMap="./point.ts#Vector"] struct Vec { double x; double y; };
struct Everything {
  MessagePipe a; handle b; handle<data_pipe_producer> c; handle<data_pipe_consumer>? d;
  handle<shared_buffer> e; handle<platform> f; handle<file> g; handle<conn> h; handle<listener> i;
  pending_remote<Observer> j; pending_receiver<Observer>? k; stream<Header> l; array<stream<int32>> m;
  Vec n; array<Vec?> o; Open p;
};
interface Observer { event OnProgress(Percent percent, array<string> log, stream<uint8>? more); Stop(); };
interface Net {
  Send(array<string> urls, map<string, array<int32>> ages, bool? maybe, int32 retries = kMost);
  Fetch(string? first, Word second, array<double> third) => (uint16 status, bytes? body, Header? header);
  Open(Source source, Feed feed, array<stream<string>> feeds) => result<Header, Closed>;
  Close() => result<(), string?>;
  Both(pending_remote<Observer> observer, MessagePipe pipe) => result<(int32 a, string? b), shapes.Color>;
  Watch(std.Url url) => stream<Source>;
  Numbers() => stream<int32?>;
  Done(Vec vec, std.Uuid uuid) => ();
  Everything(Everything everything) => (Everything everything);
};
`;

const POINT = `
/** A point. */
export interface Vector { readonly at: readonly [number, number] }
/** Points as they are sent. */
export const Vector = {
  toWire: ({ at: [x, y] }: Vector): { x: number; y: number } => ({ x, y }),
  fromWire: ({ x, y }: { x: number; y: number }): Vector => ({ at: [x, y] }),
};
`;

/** What is generated for sources that lie beside each other. */
async function generated(sources: Files): Promise<Files> {
  const files: Record<string, string> = {};
  for (const [path, source] of Object.entries(sources)) {
    const { module, diagnostics } = analyze(source, { path, read: (it) => sources[it] });
    assert(module !== undefined, Deno.inspect(diagnostics));
    files[`${path}.ts`] = await generateTypeScript(module);
    files[`${path}.zod.ts`] = emitZod(module);
  }
  return files;
}

/** What makes another version of the sources; the first one makes none. */
const VERSIONS: readonly (readonly [from: string, to: string])[] = [
  ["int32 kMost = 9", "int32 kMost = 9"],
  ["string? raw;", "string raw;"],
  ["string? raw;", "int32? raw;"],
  ["string? raw;", "string? raw; string? more;"],
  ["kB = 5", "kB = 6"],
  ["kB = 5", "kB = 5, kC"],
  ["[Extensible] enum Color", "enum Color"],
  ["array<bool, 3> q", "bytes q"],
  ["array<int64> o", "array<int32> o"],
  ["[JsNumber] int64 k", "int64 k"],
  ["std.Time time", "std.TimeDelta time"],
  ["stream<Header> l", "stream<Vec> l"],
  ["pending_remote<Observer> j", "pending_receiver<Observer> j"],
  ["MessagePipe a;", "handle<file> a;"],
  ["string url; int64? null", "string uri; int64? null"],
  ["string text; };", "string text; bool more; };"],
  ["Percent percent, array<string> log", "array<string> log"],
  ["int32 retries = kMost", "int32 retries"],
  ["bool? maybe, int32", "bool maybe, int32"],
  ["result<Header, Closed>", "result<Header, string>"],
  ["result<(), string?>", "result<string, string?>"],
  ["(int32 a, string? b)", "(int32 a, string b)"],
  ["=> stream<int32?>", "=> stream<int32>"],
  ["=> stream<Source>", "=> (Source source)"],
  ["uint16 status, bytes? body", "uint16 status, bytes body"],
  ["alias Name = string", "alias Name = string?"],
];

const compiled = new Compiled();
const files = await generated({ "app.magen": SOURCE, "shapes.magen": SHAPES });
const good = compiled.add({ ...files, "point.ts": POINT });
const versions = await Promise.all(VERSIONS.map(([from, to]) => {
  assertEquals((SOURCE + SHAPES).split(from).length, 2, from);
  return generated({
    "app.magen": SOURCE.replace(from, () => to),
    "shapes.magen": SHAPES.replace(from, () => to),
  });
}));
const compared = ["app", "shapes"].map((name) => {
  const paths = versions.map((_, i) => `./${i}/${name}.magen.ts`);
  return [`${name}.magen.zod.ts`, comparedWith(files[`${name}.magen.zod.ts`]!, paths)];
});
const comparedErrors = compiled.add({
  ...files,
  ...Object.fromEntries(compared),
  "point.ts": POINT,
  ...Object.fromEntries(versions.flatMap((version, i) => [
    [`${i}/app.magen.ts`, version["app.magen.ts"]!],
    [`${i}/shapes.magen.ts`, version["shapes.magen.ts"]!],
    [`${i}/point.ts`, POINT],
  ])),
});

Deno.test("emitZod gives schemas that are the same as the types, for everything there is", async () => {
  assertEquals(await good(), new Map());
  const schemas = Object.entries(files).filter(([name]) => name.endsWith(".zod.ts"));
  await assertLintClean(Object.fromEntries(schemas));
});

Deno.test("emitZod gives a file that does not compile beside types of another version", async () => {
  const errors = await comparedErrors();
  const wrong = compared.flatMap(([name, text]) => {
    const lines = text!.split("\n");
    return (errors.get(name!) ?? []).map(({ line }) => lines[line - 1]!);
  });
  const noticed = VERSIONS.filter((_, i) =>
    wrong.some((line) => line.includes(`version${i}$.`))
  );
  assertEquals(noticed, VERSIONS.slice(1));
});

Deno.test("emitZod gives schemas that take what the standard module stands for", async () => {
  const { "app.magen.zod.ts": text } = await generated({
    "app.magen": `import "magen/std.magen";
struct Entry { std.Time time; std.Uuid? uuid; std.Value value; };`,
  });
  const loaded = await importFiles<{ EntrySchema: z.ZodObject }>({
    "app.magen.zod.ts": text!,
  });
  const { EntrySchema } = loaded["app.magen.zod.ts"]!;
  const time = Temporal.Instant.from("2026-11-22T00:00Z"), value = { a: [1, null, {}] };
  const uuid = crypto.randomUUID();
  assertEquals(EntrySchema.parse({ time, value, uuid }), { time, value, uuid });
  const wrong = { time: new Date(0), value: { a: [NaN] }, uuid: "A" };
  const { error } = EntrySchema.safeParse(wrong);
  assertEquals(error?.issues.map(({ path }) => path[0]), [
    "time",
    "uuid",
    "value",
  ]);
});

Deno.test("emitZod imports types as types where there is nothing else to import", async () => {
  const source = "interface Clock { Wait(int ms) => (); Count(stream<int> ticks); };";
  const { module } = analyze(source, { path: "clock.magen" });
  const file = emitZod(module!);
  assertEquals(
    file.match(/^import .*generated-v1";$/m)?.[0],
    'import type { CallOptions, StreamSource } from "@mage/ipc/generated-v1";',
  );
  await assertLintClean({ "clock.magen.zod.ts": file });
});
