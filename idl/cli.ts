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
import { compile, MAX_SOURCE_UNITS, printDiagnostics } from "./mod.ts";
import { didYouMean } from "./suggest.ts";

const HELP = `Generates TypeScript from .magen files.

Usage: gen [OPTION...] [PATH...]

Each PATH is a .magen file, or a folder that is searched for them; without one the current folder is
searched. Folders called node_modules and those whose name starts with a dot are left out. The output
of NAME.magen is NAME.magen.ts beside it; only what differs is written.

  --out DIR   write below DIR instead, in the folders that the sources have below their PATH
  --check     write nothing; fail and name each output that is missing or stale
  --quiet     do not name the files that were written or unchanged
  -h, --help  show this text

Leaves with 0 when all is well, 1 when a source has an error or an output is stale, 2 when called wrongly.
`;

const OPTIONS = ["--out", "--check", "--quiet", "--help"];

/** A call that cannot be obeyed. */
class UsageError extends Error {}

/** A file or folder that cannot be worked with. */
class PathError extends Error {}

interface Settings {
  readonly paths: readonly string[];
  readonly out: string | undefined;
  readonly check: boolean;
  readonly quiet: boolean;
  readonly help: boolean;
}

interface Job {
  readonly source: string;
  readonly output: string;
}

/** Runs the command with the arguments `args` and returns the code to leave with. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const settings = settingsOf(args);
    if (settings.help) {
      console.log(HELP.trimEnd());
      return 0;
    }
    return await runJobs(settings);
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
    boolean: ["check", "quiet", "help"],
    // Naming `_` keeps a folder called 007 from becoming the number 7.
    string: ["out", "_"],
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
  if (parsed.out === "") throw new UsageError("Option '--out' needs a folder");
  const positional: readonly unknown[] = parsed._;
  const paths = positional.map(String);
  if (paths.includes("")) throw new UsageError("A PATH must not be empty");
  return {
    paths: paths.length === 0 ? ["."] : paths,
    out: parsed.out,
    check: parsed.check,
    quiet: parsed.quiet,
    help: parsed.help,
  };
}

async function runJobs(settings: Settings): Promise<number> {
  const jobs = await findJobs(settings);
  if (jobs.length === 0 && !settings.quiet) {
    console.error(`No .magen file found in ${settings.paths.join(", ")}`);
  }
  let code = 0;
  for (const job of jobs) {
    if (!await runJob(job, settings)) code = 1;
  }
  return code;
}

/** Generates one file, or checks it. Returns whether all is well. */
async function runJob(
  { source, output }: Job,
  { check, quiet }: Settings,
): Promise<boolean> {
  const text = await readSource(source);
  if (text === undefined) return false;
  const result = await compile(text, { path: source });
  const found = printDiagnostics(text, result);
  if (found !== "") console.error(found.trimEnd());
  if (result.output === undefined) return false;
  const old = await readOld(output);
  if (old === result.output) {
    if (!quiet) console.log(`unchanged ${output}`);
    return true;
  }
  if (check) {
    console.error(`${old === undefined ? "missing" : "stale"} ${output}`);
    return false;
  }
  const [folder] = splitPath(output);
  try {
    if (folder !== "") await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(output, result.output);
  } catch (error) {
    throw new PathError(`Cannot write ${output}: ${reason(error)}`);
  }
  if (!quiet) console.log(`written ${output}`);
  return true;
}

/** The text of a source; undefined when it has none to give, which has been reported then. */
async function readSource(path: string): Promise<string | undefined> {
  try {
    // LIMIT: a file is looked at before it is read; no character takes less than a byte.
    const { size } = await Deno.stat(path);
    if (size > MAX_SOURCE_UNITS) {
      console.error(`error: ${path} has more than ${MAX_SOURCE_UNITS} bytes`);
      return undefined;
    }
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return decoder.decode(await Deno.readFile(path));
  } catch (error) {
    const why = error instanceof TypeError ? "it is not UTF-8" : reason(error);
    console.error(`error: Cannot read ${path}: ${why}`);
    return undefined;
  }
}

async function readOld(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new PathError(`Cannot read ${path}: ${reason(error)}`);
  }
}

/** What to do, in an order that depends on names only. */
async function findJobs({ paths, out }: Settings): Promise<Job[]> {
  const bySource = new Map<string, Job>();
  const byOutput = new Map<string, string>();
  for (const path of paths) {
    for (const { source, below } of await findSources(path)) {
      if (bySource.has(source)) continue;
      const output = out === undefined ? `${source}.ts` : joinPath(out, `${below}.ts`);
      const other = byOutput.get(output);
      if (other !== undefined) {
        throw new UsageError(`Both ${other} and ${source} would be written to ${output}`);
      }
      byOutput.set(output, source);
      bySource.set(source, { source, output });
    }
  }
  return [...bySource.values()].sort((a, b) => a.source < b.source ? -1 : 1);
}

interface Source {
  readonly source: string;
  /** Where it is below the PATH that led to it. */
  readonly below: string;
}

async function findSources(path: string): Promise<Source[]> {
  const clean = cleanPath(path);
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(clean);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new PathError(`No such file or folder: ${path}`);
    }
    throw new PathError(`Cannot read ${path}: ${reason(error)}`);
  }
  if (!info.isDirectory) {
    if (!isMagen(clean)) throw new PathError(`Not a .magen file: ${path}`);
    return [{ source: clean, below: splitPath(clean)[1] }];
  }
  const found: Source[] = [];
  await search(clean, "", found);
  return found;
}

async function search(folder: string, below: string, found: Source[]): Promise<void> {
  const path = joinPath(folder, below);
  try {
    for await (const { name, isDirectory, isFile } of Deno.readDir(path)) {
      const inner = joinPath(below, name);
      // Links are not followed: they may lead in a circle, or out of the folder.
      if (isDirectory && !name.startsWith(".") && name !== "node_modules") {
        await search(folder, inner, found);
      } else if (isFile && isMagen(name)) {
        found.push({ source: joinPath(folder, inner), below: inner });
      }
    }
  } catch (error) {
    if (error instanceof PathError) throw error;
    throw new PathError(`Cannot read ${path}: ${reason(error)}`);
  }
}

function isMagen(name: string): boolean {
  return name.endsWith(".magen");
}

/** The path with forward slashes and without needless dots, so that one file has one name. */
function cleanPath(path: string): string {
  const slashed = Deno.build.os === "windows" ? path.replaceAll("\\", "/") : path;
  const parts = slashed.split("/").filter((part, i) =>
    part !== "." && (part !== "" || i === 0)
  );
  return parts.length === 1 && parts[0] === "" ? "/" : parts.join("/") || ".";
}

function joinPath(folder: string, name: string): string {
  const start = folder === "." ? "" : folder;
  if (start === "" || name === "") return start || name || ".";
  return start.endsWith("/") ? start + name : `${start}/${name}`;
}

/** The folder of a path, which may be empty, and the name in it. */
function splitPath(path: string): [folder: string, name: string] {
  const slash = path.lastIndexOf("/");
  return [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (import.meta.main) Deno.exit(await run(Deno.args));
