/**
 * Generated schemas on disk: checked by the compiler, and used.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { z } from "zod";
import { emitZod } from "../../idl/zod/emit_zod.ts";
import type { Module } from "../../idl/meaning/model.ts";

const CONFIG = new URL("../../deno.json", import.meta.url);

/** Files by name. */
export type Files = Record<string, string>;

/** The schemas of a file, by name. */
export type Schemas = Record<string, z.ZodType>;

/** Runs `use` with a folder that has `files`, which may be in folders. */
export async function withFiles<T>(
  files: Files,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
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

/** Uses the schemas that are generated for `module`; `beside` are the files that they import. */
export async function withSchemas(
  module: Module,
  use: (schemas: Schemas) => void,
  beside: Files = {},
): Promise<void> {
  const files = { ...beside, "x.magen.zod.ts": emitZod(module) };
  await withFiles(
    files,
    async (folder) => use(await import(`file://${folder}/x.magen.zod.ts`)),
  );
}

/** What the compiler says about each of `files`, by name; nothing about most. */
export async function compilerErrors(files: Files): Promise<Map<string, string>> {
  return await withFiles(files, async (folder) => {
    const names = Object.keys(files);
    const { stderr, success } = await deno(["check", "--quiet"], names, folder);
    const errors = new Map<string, string>();
    const at = /at file:\/\/(.*):\d+:\d+$/gm;
    const said = stderr.split(/\n\n/);
    for (const text of said) {
      for (const [, path] of text.matchAll(at)) {
        const name = path!.slice(path!.indexOf(folder) + folder.length + 1);
        errors.set(name, `${errors.get(name) ?? ""}${text}\n`);
      }
    }
    assertEquals(errors.size === 0, success, stderr);
    return errors;
  });
}

/** Asserts that the linter finds nothing in `files`. */
export async function assertLintClean(files: Files): Promise<void> {
  await withFiles(files, async (folder) => {
    const names = Object.keys(files);
    const { stderr, success } = await deno(["lint", "--quiet"], names, folder);
    assert(success, stderr);
  });
}

async function deno(
  args: readonly string[],
  names: readonly string[],
  cwd: string,
): Promise<{ stderr: string; success: boolean }> {
  const { stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [...args, "--config", CONFIG.pathname, ...names],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return { stderr: new TextDecoder().decode(stderr), success };
}
