/**
 * Files of the command line: which sources there are, what is in them, where outputs go.
 *
 * @module
 */
import { MAX_SOURCE_UNITS, type ProgramHost } from "../meaning/program.ts";
import { folderOf, normalPath, pathIn } from "../meaning/source_path.ts";

/** A call that cannot be obeyed. */
export class UsageError extends Error {}

/** A file or folder that cannot be worked with. */
export class PathError extends Error {}

/** A source to generate from. */
export interface Source {
  /** Its path. */
  readonly path: string;
  /** Where it is below the PATH that led to it. */
  readonly below: string;
}

/** The path with forward slashes and without needless dots, so that one file has one name. */
export function cleanPath(path: string): string {
  return normalPath(Deno.build.os === "windows" ? path.replaceAll("\\", "/") : path);
}

/** The sources that `path` leads to: itself, or those in it. */
export async function findSources(path: string): Promise<Source[]> {
  const clean = cleanPath(path);
  if (!await isFolder(path)) {
    if (!isMagen(clean)) throw new PathError(`Not a .magen file: ${path}`);
    return [{ path: clean, below: clean.slice(clean.lastIndexOf("/") + 1) }];
  }
  const found: Source[] = [];
  await search(clean, "", found);
  return found;
}

/** Whether a path that has to exist is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(cleanPath(path))).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new PathError(`No such file or folder: ${path}`);
    }
    throw new PathError(`Cannot read ${path}: ${reason(error)}`);
  }
}

async function search(folder: string, below: string, found: Source[]): Promise<void> {
  const path = pathIn(folder, below);
  try {
    for await (const { name, isDirectory, isFile } of Deno.readDir(path)) {
      const inner = pathIn(below, name);
      // Links are not followed: they may lead in a circle, or out of the folder.
      if (isDirectory && !name.startsWith(".") && name !== "node_modules") {
        await search(folder, inner, found);
      } else if (isFile && isMagen(name)) {
        found.push({ path: pathIn(folder, inner), below: inner });
      }
    }
  } catch (error) {
    if (error instanceof PathError) throw error;
    throw new PathError(`Cannot read ${path}: ${reason(error)}`);
  }
}

/** Whether a file of that name is a source. */
export function isMagen(name: string): boolean {
  return name.endsWith(".magen");
}

/** Reads sources, each once. */
export class SourceReader implements ProgramHost {
  readonly #texts = new Map<string, string | undefined>();
  readonly #problems: string[] = [];

  /** Why a file that is there could not be read, in the order of the attempts. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** See {@linkcode ProgramHost.read}. */
  read(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, this.#read(path));
    return this.#texts.get(path);
  }

  #read(path: string): string | undefined {
    try {
      // LIMIT: a file is looked at before it is read; no character takes less than a byte.
      const { size } = Deno.statSync(path);
      if (size > MAX_SOURCE_UNITS) {
        this.#problems.push(`${path} has more than ${MAX_SOURCE_UNITS} bytes`);
        return undefined;
      }
      const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      return decoder.decode(Deno.readFileSync(path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      const why = error instanceof TypeError ? "it is not UTF-8" : reason(error);
      this.#problems.push(`Cannot read ${path}: ${why}`);
      return undefined;
    }
  }
}

// Without waiting: nothing else is to be done meanwhile, and each wait takes as long as a small file.

/** What an output holds; undefined when there is none. */
export function readOutput(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new PathError(`Cannot read ${path}: ${reason(error)}`);
  }
}

/** Writes an output, and the folders that it is in. */
export function writeOutput(path: string, text: string): void {
  const folder = folderOf(path);
  try {
    if (folder !== "") Deno.mkdirSync(folder, { recursive: true });
    Deno.writeTextFileSync(path, text);
  } catch (error) {
    throw new PathError(`Cannot write ${path}: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
