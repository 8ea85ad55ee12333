/**
 * A folder in which generated code is used as a program outside of this project would use it, under the
 * strictest settings there are.
 *
 * @module
 */
import { analyze, compile } from "../../idl/mod.ts";
import { type Files, withFiles } from "./files.ts";

const ROOT = new URL("../../", import.meta.url);

/** Runs `use` in such a folder, which has `files`. */
export async function inProject<T>(
  files: Files,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const own = {
    imports: {
      "@mage/ipc": new URL("transports/child.ts", ROOT).href,
      "@mage/ipc/std": new URL("core/std/mod.ts", ROOT).href,
      "@mage/ipc/generated-v1": new URL("core/bindings/generated_v1.ts", ROOT).href,
    },
    compilerOptions: {
      ...config.compilerOptions,
      noUnusedLocals: true,
      noUnusedParameters: true,
    },
    lint: config.lint,
  };
  return await withFiles({ "deno.json": JSON.stringify(own), ...files }, use);
}

/** The code generated from a source called `path`, which may import `others`. */
export async function generated(
  source: string,
  path = "some/folder/a.magen",
  others: Files = {},
): Promise<string> {
  const { output, diagnostics } = await compile(source, {
    path,
    read: (other) => others[other],
  });
  if (output === undefined) throw new Error(JSON.stringify(diagnostics));
  return output;
}

/** A source without the lines that hold an error, such as a name that a type cannot have. */
export function withoutErrors(source: string, path: string): string {
  for (;;) {
    const { diagnostics } = analyze(source, { path });
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length === 0) return source;
    const lines = source.split("\n");
    for (const { span } of errors) lines[span.start.line - 1] = "";
    const rest = lines.join("\n");
    if (rest === source) throw new Error(JSON.stringify(errors));
    source = rest;
  }
}
