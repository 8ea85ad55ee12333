import { assert, assertEquals } from "@std/assert";
import { compile, printDiagnostics } from "@mage/ipc/idl";
import { deno } from "./idl/files.ts";
import { inProject } from "./idl/generated_project.ts";

const docs = new URL("../docs/", import.meta.url);

const PAGES = [
  "../README.md",
  "magen.md",
  "std.md",
  "from_mage.md",
  "from_mojom.md",
  "from_protobuf.md",
];

/** A block of a page. */
interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** What its first line says that it is the file of. */
  readonly file: string | undefined;
}

async function blocks(): Promise<Block[]> {
  const found: Block[] = [];
  for (const page of PAGES) {
    const text = await Deno.readTextFile(new URL(page, docs));
    for (const match of text.matchAll(/^( *)```(\w+)[^\n]*\n(.*?)^ *```$/gms)) {
      const [, , language, body] = match;
      found.push({
        page,
        line: text.slice(0, match.index).split("\n").length,
        language: language!,
        text: body!,
        file: /^\/\/ (\w+\.\w+)\n/.exec(body!)?.[1],
      });
    }
  }
  return found;
}

Deno.test("documentation: every example of the language compiles without a diagnostic", async () => {
  const all = await blocks(),
    sources = all.filter(({ language }) => language === "magen");
  assert(sources.length > 12);
  const named = new Map(sources.map(({ file, text }) => [file, text]));
  await inProject({}, async (folder) => {
    for (const { page, line, text, file } of sources) {
      const name = file ?? `${page.replace(/\W/g, "")}_${line}.magen`;
      const result = await compile(text, { path: name, read: (path) => named.get(path) });
      assertEquals(printDiagnostics(text, result), "", `${page}:${line}`);
      await Deno.writeTextFile(`${folder}/${name}.ts`, result.output!);
      // A type of the reader's own, as the page has it.
      const mapping = /TypeMap="\.\/(\w+)\.ts#/.exec(text)?.[1];
      if (mapping === undefined) continue;
      const code = all.find((block) => block.file === `${mapping}.ts`)!;
      const own = code.text.replace(`./${mapping}.magen.ts`, `./${name}.ts`);
      await Deno.writeTextFile(`${folder}/${mapping}.ts`, own);
    }
    const { code, text } = await deno(["check", "--quiet", "."], folder);
    assertEquals(code, 0, text);
  });
});
