/** The sources of the compiler, for tests that look for words in them. @module */

const ROOT = new URL("../../idl/", import.meta.url);

/** The text of every file, by its path below `idl`. */
export async function compilerFiles(below = ""): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(new URL(below, ROOT))) {
    const path = below + name;
    if (isDirectory) {
      for (const [inner, text] of await compilerFiles(`${path}/`)) files.set(inner, text);
    } else files.set(path, await Deno.readTextFile(new URL(path, ROOT)));
  }
  return files;
}
