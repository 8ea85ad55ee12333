/**
 * Generated schemas on disk: checked by the compiler, and used.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { z } from "zod";
import { emitZod } from "../../idl/zod/emit_zod.ts";
import type { Module } from "../../idl/meaning/model.ts";
import { deno, type Files, importFiles, withFiles } from "./files.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** The schemas of a file, by name. */
export type Schemas = Record<string, z.ZodType>;

/** Uses the schemas that are generated for `module`; `beside` are the files that they import. */
export async function withSchemas(
  module: Module,
  use: (schemas: Schemas) => void,
  beside: Files = {},
): Promise<void> {
  const loaded = await importFiles<Schemas>({
    ...beside,
    "x.magen.zod.ts": emitZod(module),
  });
  use(loaded["x.magen.zod.ts"]!);
}

/** What the compiler says about a file: in which lines, and what. */
export type Errors = readonly { readonly line: number; readonly text: string }[];

/** What the compiler says about each of `files`, by name; nothing about most. */
export async function compilerErrors(files: Files): Promise<Map<string, Errors>> {
  return await withFiles(files, async (folder) => {
    const names = Object.keys(files);
    const args = ["check", "--quiet", "--config", CONFIG, ...names];
    const { code, text: said } = await deno(args, folder);
    const errors = new Map<string, Errors>();
    for (const text of said.split(/\n\n/)) {
      for (const [, path, line] of text.matchAll(/at file:\/\/(.*):(\d+):\d+$/gm)) {
        const name = path!.slice(path!.indexOf(folder) + folder.length + 1);
        errors.set(name, [...errors.get(name) ?? [], { line: Number(line), text }]);
      }
    }
    assertEquals(errors.size === 0, code === 0, said);
    return errors;
  });
}

/** Files that are compiled in one run, which takes seconds whatever is in it. */
export class Compiled {
  readonly #files: Record<string, string> = {};
  #folders = 0;
  #errors: Promise<Map<string, Errors>> | undefined;

  /** Adds files, in a folder of their own. Returns what tells what is said about each of them. */
  add(files: Files): () => Promise<Map<string, Errors>> {
    const folder = `${this.#folders++}/`;
    for (const [name, text] of Object.entries(files)) this.#files[folder + name] = text;
    return async () => {
      const all = await (this.#errors ??= compilerErrors(this.#files));
      const own = [...all].filter(([name]) => name.startsWith(folder));
      return new Map(own.map(([name, errors]) => [name.slice(folder.length), errors]));
    };
  }
}

/** The text of `schemas`, which compare themselves with the types at each of `paths` too. */
export function comparedWith(schemas: string, paths: readonly string[]): string {
  const lines = schemas.split("\n");
  const comparisons = lines.filter((line) => line.startsWith("true satisfies $Same<"));
  return [
    ...lines,
    ...paths.flatMap((path, i) => [
      `import type * as version${i}$ from "${path}";`,
      ...comparisons.map((line) => line.replaceAll(/\btypes\./g, `version${i}$.`)),
    ]),
  ].join("\n");
}

/** Asserts that the linter finds nothing in `files`. */
export async function assertLintClean(files: Files): Promise<void> {
  await withFiles(files, async (folder) => {
    const names = Object.keys(files);
    const args = ["lint", "--quiet", "--config", CONFIG, ...names];
    const { code, text } = await deno(args, folder);
    assertEquals(code, 0, text);
  });
}
