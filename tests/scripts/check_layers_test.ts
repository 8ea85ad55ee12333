import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkLayers } from "../../scripts/check_layers.ts";

/** Checks a tree of these files. */
async function problems(files: Record<string, string>): Promise<string[]> {
  const directory = await Deno.makeTempDir();
  const all = { "deno.json": "{}", ...files };
  for (const [path, text] of Object.entries(all)) {
    const file = `${directory}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  try {
    return await checkLayers(new URL(`file://${await Deno.realPath(directory)}/`));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("checkLayers finds nothing in a tree whose arrows point down", async () => {
  assertEquals(
    await problems({
      "core/names.ts": "export const a = 1;\n",
      "core/wire/frame.ts": `export { a } from "../names.ts";\n`,
      "core/ports/port.ts":
        `// Deno.exit() and Promise in prose\nexport { a } from "../wire/frame.ts";\n`,
      "transports/unix.ts": `export const b = () => Deno.exit();\n`,
    }),
    [],
  );
});

Deno.test("checkLayers names each arrow that points up, each reach outside, each stray file", async () => {
  const cases: [Record<string, string>, string][] = [
    [{
      "core/wire/frame.ts": `export { a } from "../ports/port.ts";\n`,
      "core/ports/port.ts": "export const a = 1;\n",
    }, "core/wire/frame.ts: must not import '../ports/port.ts'"],
    [{
      "core/bindings/remote.ts":
        `import type { A } from "../ports/port.ts";\nexport type B = A;\n`,
      "core/ports/port.ts": "export type A = 1;\n",
    }, "core/bindings/remote.ts: must not import"],
    [{ "core/system/pump.ts": "export const a = () => Deno.exit();\n" }, "'Deno.'"],
    [{ "core/system/pump.ts": "export const a = () => Date.now();\n" }, "'Date.now'"],
    [{ "core/ports/node.ts": "export async function a() {}\n" }, "never wait"],
    [{ "mod.ts": "export const a = () => eval('1');\n" }, "no code is made"],
    [{ "helpers/x.ts": "export const a = 1;\n" }, "belongs to no layer"],
    [{ "mod.ts": "\n".repeat(700) }, "asks to be split"],
    [{
      "core/ports/a.ts": `import "./b.ts";\n`,
      "core/ports/b.ts": `import "./a.ts";\n`,
    }, "import cycle"],
  ];
  for (const [files, expected] of cases) {
    const found = await problems(files);
    assertEquals(found.length, 1, found.join("\n"));
    assertStringIncludes(found[0]!, expected);
  }
});
