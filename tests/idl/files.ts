/**
 * Files on disk for as long as a test needs them, and what is run on them.
 *
 * @module
 */

/** Texts by name, which may be in folders. */
export type Files = Readonly<Record<string, string>>;

/** Runs `use` with a folder that has `files`. */
export async function withFiles<T>(
  files: Files,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "magen_" });
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What the TypeScript files among `files` export, by name. */
export async function importFiles<T>(files: Files): Promise<Record<string, T>> {
  return await withFiles(files, async (folder) => {
    const names = Object.keys(files).filter((name) => name.endsWith(".ts"));
    return await Promise.all(
      names.map(async (name) => [name, await import(`file://${folder}/${name}`)]),
    ).then(Object.fromEntries);
  });
}

/** Runs `deno` in a folder. Returns its code, and what it said. */
export async function deno(
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}
