import { assertEquals } from "@std/assert";
import { COPIED, COPIED_FILES } from "./mutants.ts";

const root = new URL("../../", import.meta.url);

async function* sources(directory: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (isDirectory) yield* sources(new URL(`${name}/`, directory));
    else if (name.endsWith(".ts")) yield new URL(name, directory);
  }
}

Deno.test("COPIED has everything that what it names imports", async () => {
  const missing = new Set<string>();
  for (const path of COPIED) {
    for await (const file of sources(new URL(`${path}/`, root))) {
      const text = await Deno.readTextFile(file);
      for (const [, specifier] of text.matchAll(/^(?:import .*|\}) from "(\..*)";/gm)) {
        const imported = new URL(specifier!, file).href.slice(root.href.length);
        if (COPIED_FILES.includes(imported)) continue;
        if (COPIED.some((each) => imported.startsWith(`${each}/`))) continue;
        missing.add(`${imported}, for ${file.href.slice(root.href.length)}`);
      }
    }
  }
  assertEquals([...missing], []);
});
