import { assert, assertEquals, assertFalse } from "@std/assert";
import { deno, type Files } from "./files.ts";
import { generated, inProject, withoutErrors } from "./generated_project.ts";
import { hostileSources } from "./hostile_source.ts";
import { compileSources } from "./random/generated.ts";
import { randomSchema } from "./random/random_schema.ts";
import { sourcesOf } from "./random/source.ts";

const GOLDEN = new URL("./golden/", import.meta.url);
const NAMES = [
  "network_process.magen.ts",
  "every_type.magen.ts",
  "emission.magen.ts",
  "imported.magen.ts",
  "point.ts",
];

const golden = Object.fromEntries(
  NAMES.map((name) => [name, Deno.readTextFileSync(new URL(name, GOLDEN))]),
);

/** Seeds of random schemas whose code is looked at. */
const SEEDS = 12;

async function generatedFiles(): Promise<Files> {
  const files: Record<string, string> = {};
  for (const [i, source] of hostileSources().entries()) {
    const path = `hostile${i}.magen`;
    files[`${path}.ts`] = await generated(withoutErrors(source, path), path);
  }
  for (let seed = 1; seed <= SEEDS; seed++) {
    for (const [path, text] of await compileSources(sourcesOf(randomSchema(seed)))) {
      files[`random${seed}/${path}`] = text;
    }
  }
  return { ...golden, ...files };
}

/** A use of generated code that is right. */
const RIGHT = `
  import { type Implementation, type PendingReceiver, type PendingRemote, Receiver, Remote }
    from "@mage/ipc";
  import { Everything, type NetError, Observer, type Source } from "./emission.magen.ts";
  declare const remote: PendingRemote<Observer>;
  declare const receiver: PendingReceiver<Observer>;
  declare const everything: Remote<Everything>;
  declare const source: Source;
  new Remote(Observer, remote).onChange("x");
  new Receiver(Observer, { onChange: (what) => console.log(what.length) }, receiver);
  everything.observe("x", remote);
  const opened = await everything.open(source, ["a"]);
  if (opened.ok) console.log(opened.value.name);
  else { const error: NetError = opened.error; console.log(error); }
  for await (const header of everything.watch("x", [])) console.log(header?.name);
  if (source.kind === "units") console.log(source.value.length);
  everything.sort([1, 2]);
  everything.sort(Int32Array.of(1, 2));
  const all = new Remote(Everything, everything.$.unbind());
  all.$.events.onSorted((numbers) => console.log(numbers.subarray(1).at(0) === 5n));
  const parts: Pick<Implementation<Everything>, "sort" | "watch" | "fetchURL"> = {
    sort: (numbers) => ({ sorted: numbers.toSorted() }),
    async *watch(_path, items) {
      for await (const { name } of items) console.log(name);
      yield (await items.getReader().read()).value;
    },
    fetchURL: (_url: string, count: number) => ({
      status: count,
      body: new Uint8Array(count),
      headers: [],
    }),
  };
  console.log(parts);
`;

const WRONG = [
  "new Remote(Observer, receiver);",
  "new Receiver(Observer, { onChange: () => {} }, remote);",
  "new Remote(Everything, remote);",
  'everything.observe("x", receiver);',
  'everything.fetchURL("x").then((reply) => reply.nothing);',
  "new Receiver(Observer, { onChange: (what: number) => console.log(what) }, receiver);",
  "new Receiver(Observer, {}, receiver);",
  "everything.open(source, [5]);",
  'if (source.kind === "units") console.log(source.value.name);',
  "everything.open(source, []).then((result) => result.value);",
  'everything.sort(["a"]);',
  "all.$.events.onNothing(() => {});",
  "all.$.events.onSorted((numbers: string) => numbers);",
  'const other: typeof parts.sort = () => ({ sorted: "a" }); console.log(other);',
];

const USES = [RIGHT, ...WRONG.map((line) => `// @ts-expect-error: wrong\n${line}`), ""];

/** What the type checker says of each file, and the linter of all that is generated. */
async function found(): Promise<{ checked: string[]; linted: string }> {
  const files = await generatedFiles();
  return await inProject({ ...files, "uses.ts": USES.join("\n") }, async (folder) => {
    const names = Object.keys(files);
    const [check, lint] = await Promise.all([
      deno(["check", "--no-lock", "--quiet", ...names, "uses.ts"], folder),
      deno(["lint", "--quiet", ...names], folder),
    ]);
    const checked = check.text.split("\n\n").filter((text) => text !== "");
    assertEquals([check.code === 0, lint.code === 0], [
      checked.length === 0,
      lint.text === "",
    ]);
    return { checked, linted: lint.text };
  });
}

/** One run for all: what it takes is the time to begin. */
let findings: ReturnType<typeof found> | undefined;

Deno.test("generated code passes the type checker and the linter, whatever the names are", async () => {
  const { checked, linted } = await (findings ??= found());
  assertEquals(checked.filter((text) => !text.includes("/uses.ts:")).slice(0, 5), []);
  assertEquals(linted.slice(0, 2000), "");
});

Deno.test("the type checker tells the ends of interfaces and their methods apart", async () => {
  const { checked } = await (findings ??= found());
  assertEquals(checked.filter((text) => text.includes("/uses.ts:")), []);
});

Deno.test("every export of generated code is documented, and has a type that needs no guessing", async () => {
  await inProject(golden, async (folder) => {
    const args = ["doc", "--lint", ...NAMES.slice(0, 4)];
    const { text } = await deno(args, folder);
    const ours = text.split("\n").filter((line) =>
      line.includes("missing-jsdoc") || line.includes("missing-explicit-type") ||
      line.includes("missing-return-type")
    );
    assertEquals(ours, []);
  });
});

Deno.test("what a program does not use of generated code is not in its bundle", async () => {
  await inProject(golden, async (folder) => {
    const bundle = async (main: string) => {
      await Deno.writeTextFile(`${folder}/main.ts`, main);
      const args = ["bundle", "--quiet", "--minify", "--output", "main.js", "main.ts"];
      const { code, text } = await deno(args, folder);
      assertEquals(code, 0, text);
      return await Deno.readTextFile(`${folder}/main.js`);
    };
    const from = 'from "./emission.magen.ts";';
    const names = ["Everything", "Observer", "Nothing"].map((name) =>
      `"golden.emission.${name}"`
    );
    const all = await bundle(`import * as all ${from} console.log(all);`);
    for (const name of names) assert(all.includes(name), name);
    const some = await bundle(
      `import { kMax, Header_Kind } ${from} console.log(kMax, Header_Kind);`,
    );
    for (const name of names) assertFalse(some.includes(name), name);
    const one = await bundle(`import { Observer } ${from} console.log(Observer);`);
    assertEquals(names.map((name) => one.includes(name)), [false, true, false]);
    // Nor what only the others need.
    assertFalse(one.includes("it is locked to a reader"));
    assert(all.includes("it is locked to a reader"));
    assert(one.length < all.length - 20_000, `${one.length} of ${all.length}`);
  });
});
