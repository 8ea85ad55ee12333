/**
 * The command `magen`: generates TypeScript from `.magen` files.
 *
 * ```sh
 * deno run --allow-read --allow-write --ignore-env jsr:@mage/ipc/idl/cli [OPTION...] [PATH...]
 * ```
 *
 * Leaves with 0 when all is well, 1 when a source has an error or an output is stale, and 2 when it was
 * called wrongly. Importing this module does nothing.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { Build, type BuildSettings } from "./command/build.ts";
import { PathError, UsageError } from "./command/paths.ts";
import { watch } from "./command/watch.ts";
import { didYouMean } from "./suggest.ts";

const HELP = `Generates TypeScript from .magen files.

Usage: gen [OPTION...] [PATH...]

Each PATH is a .magen file, or a folder that is searched for them; without one the current folder is
searched. Folders called node_modules and those whose name starts with a dot are left out. The output
of NAME.magen is NAME.magen.ts beside it; only what differs is written. Files that are imported are
checked too, but nothing is written for them unless they are below a PATH.

  --out DIR      write below DIR instead, in the folders that the sources have below their PATH
  --root DIR     look for imports in DIR too; may be given several times
  --enable NAME  what [EnableIf=NAME] asks for; may be given several times
  --zod          write zod schemas too, NAME.magen.zod.ts; those which are there are kept up to date anyway
  --check        write nothing; fail and name each output that is missing or stale
  --watch        go on, and generate again what changes, until Ctrl-C
  --json         print nothing but errors and warnings, each as a line of JSON, on standard output
  --explain CODE tell what a code such as MG0205 means, with an example
  --quiet        do not name the files that were written or unchanged
  -h, --help     show this text

Leaves with 0 when all is well, 1 when a source has an error or an output is stale, 2 when called wrongly.
`;

const OPTIONS = [
  "--out",
  "--root",
  "--enable",
  "--zod",
  "--check",
  "--watch",
  "--json",
  "--explain",
  "--quiet",
  "--help",
];

interface Settings extends BuildSettings {
  readonly watch: boolean;
  readonly explain: string | undefined;
  readonly help: boolean;
}

/** Runs the command with the arguments `args` and returns the code to leave with. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const settings = settingsOf(args);
    if (settings.help) {
      console.log(HELP.trimEnd());
      return 0;
    }
    if (settings.explain !== undefined) {
      const { explain } = await import("./command/explain.ts");
      const text = explain(settings.explain);
      if (text === undefined) throw new UsageError(`No such code: '${settings.explain}'`);
      console.log(text);
      return 0;
    }
    const build = new Build(settings);
    if (settings.watch) {
      await watch(build, settings);
      return 0;
    }
    return await build.run() ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`error: ${error.message}\nTry --help`);
      return 2;
    }
    if (error instanceof PathError) {
      console.error(`error: ${error.message}`);
      return 1;
    }
    throw error;
  }
}

function settingsOf(args: readonly string[]): Settings {
  let unknown: string | undefined;
  const parsed = parseArgs(args, {
    boolean: ["zod", "check", "quiet", "help", "json", "watch"],
    // Naming `_` keeps a folder called 007 from becoming the number 7.
    string: ["out", "root", "enable", "explain", "_"],
    collect: ["root", "enable"],
    alias: { h: "help" },
    unknown: (arg, key) => {
      if (key === undefined) return true;
      unknown ??= arg.replace(/=.*$/s, "");
      return false;
    },
  });
  if (unknown !== undefined) {
    throw new UsageError(`Unknown option '${unknown}'${didYouMean(unknown, OPTIONS)}`);
  }
  const { out, root, enable, check } = parsed;
  if (out === "") throw new UsageError("Option '--out' needs a folder");
  if (root.includes("")) throw new UsageError("Option '--root' needs a folder");
  const wrong = enable.find((name) => !/^[A-Za-z_][\w.]*$/.test(name));
  if (wrong !== undefined) {
    throw new UsageError(`Option '--enable' needs a name: received '${wrong}'`);
  }
  if (parsed.watch && check) {
    throw new UsageError("Options '--watch' and '--check' exclude each other");
  }
  const positional: readonly unknown[] = parsed._;
  const paths = positional.map(String);
  if (paths.includes("")) throw new UsageError("A PATH must not be empty");
  return {
    paths: paths.length === 0 ? ["."] : paths,
    roots: root,
    features: enable,
    out,
    zod: parsed.zod,
    check,
    json: parsed.json,
    quiet: parsed.quiet,
    watch: parsed.watch,
    explain: parsed.explain,
    help: parsed.help,
  };
}

if (import.meta.main) Deno.exit(await run(Deno.args));
