/**
 * A folder in which generated code is used as a program outside of this project would use it, under the
 * strictest settings there are.
 *
 * @module
 */
import { analyze, compile } from "../../idl/mod.ts";

const ROOT = new URL("../../", import.meta.url);

/** Runs `use` in such a folder. */
export async function inProject(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "magen_" });
  try {
    const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
    await Deno.writeTextFile(
      `${folder}/deno.json`,
      JSON.stringify({
        imports: {
          "@mage/ipc": new URL("transports/child.ts", ROOT).href,
          "@mage/ipc/std": new URL("core/std/mod.ts", ROOT).href,
          "@mage/ipc/generated-v1": new URL("core/bindings/generated_v1.ts", ROOT).href,
        },
        compilerOptions: {
          ...config.compilerOptions,
          strict: true,
          isolatedDeclarations: true,
          erasableSyntaxOnly: true,
          exactOptionalPropertyTypes: true,
          noFallthroughCasesInSwitch: true,
          noImplicitOverride: true,
          noImplicitReturns: true,
          noUncheckedIndexedAccess: true,
          noUnusedLocals: true,
          noUnusedParameters: true,
          verbatimModuleSyntax: true,
        },
        lint: config.lint,
      }),
    );
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs `deno` in a folder, and returns what came of it. */
export async function deno(
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** The code generated from a source called `path`, which may import `others`. */
export async function generated(
  source: string,
  path = "some/folder/a.magen",
  others: Readonly<Record<string, string>> = {},
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
