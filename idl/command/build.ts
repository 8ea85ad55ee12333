/**
 * What the command line does with sources, once or again and again: checks them, tells what is wrong, and
 * writes what they become.
 *
 * @module
 */
import {
  cleanPath,
  findSources,
  isFolder,
  PathError,
  readOutput,
  SourceReader,
  UsageError,
  writeOutput,
} from "./paths.ts";
import {
  diagnosticJson,
  generateTypeScript,
  generateZod,
  printDiagnostics,
} from "../mod.ts";
import type { Module } from "../meaning/model.ts";
import { analyzeProgram, type Program, type ProgramFile } from "../meaning/program.ts";
import { pathIn } from "../meaning/source_path.ts";

/** How to build. */
export interface BuildSettings {
  readonly paths: readonly string[];
  readonly roots: readonly string[];
  readonly features: readonly string[];
  readonly out: string | undefined;
  readonly zod: boolean;
  readonly check: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** A file to write. */
interface Output {
  readonly path: string;
  /** What belongs in it. */
  readonly generate: (module: Module) => Promise<string>;
}

/** A source, and what it becomes. */
interface Job {
  readonly source: string;
  readonly outputs: readonly Output[];
}

/** Builds, and remembers what has been built. */
export class Build {
  readonly #settings: BuildSettings;
  /** The sources of the last build that went well for them, and their texts. */
  #texts: ReadonlyMap<string, string> = new Map();
  #isDone = new Set<string>();

  /** Makes one that has built nothing. */
  constructor(settings: BuildSettings) {
    this.#settings = settings;
  }

  /** The sources that were looked at last. */
  get sources(): Iterable<string> {
    return this.#texts.keys();
  }

  /** Builds what has changed. Returns whether all is well. */
  async run(): Promise<boolean> {
    const { paths, roots, features, quiet, json } = this.#settings;
    for (const root of roots) {
      if (!await isFolder(root)) throw new PathError(`Not a folder: ${root}`);
    }
    const jobs = await this.#jobs();
    if (jobs.length === 0 && !quiet && !json) {
      console.error(`No .magen file found in ${paths.join(", ")}`);
    }
    const host = new SourceReader();
    const sources = jobs.map(({ source }) => source);
    const options = { roots: roots.map(cleanPath), features };
    const program = analyzeProgram(sources, host, options);
    const changed = this.#changed(program);
    for (const problem of host.problems) console.error(`error: ${problem}`);
    const order = [...program.files.values()].sort((a, b) => a.path < b.path ? -1 : 1);
    for (const file of order) if (changed.has(file.path)) this.#print(file);
    let isWell = host.problems.length === 0 && order.every(({ module }) => module);
    for (const job of jobs) {
      const file = program.files.get(job.source);
      // It was there when it was found: why not any more is said above, or it is gone again.
      if (file?.module === undefined || this.#isDone.has(job.source)) continue;
      if (await this.#write(job, file.module)) this.#isDone.add(job.source);
      else isWell = false;
    }
    return isWell;
  }

  /** Those that are not as they were, and those which import them. Takes note of how they are. */
  #changed({ files }: Program): ReadonlySet<string> {
    const importers = new Map<string, string[]>();
    const open: string[] = [];
    const texts = new Map<string, string>();
    for (const { path, source, imports } of files.values()) {
      texts.set(path, source);
      if (this.#texts.get(path) !== source) open.push(path);
      for (const imported of imports) {
        const others = importers.get(imported.path);
        if (others === undefined) importers.set(imported.path, [path]);
        else others.push(path);
      }
    }
    const changed = new Set<string>();
    for (let path; (path = open.pop()) !== undefined;) {
      if (changed.has(path)) continue;
      changed.add(path);
      this.#isDone.delete(path);
      open.push(...importers.get(path) ?? []);
    }
    // An import that was not found may be there now, and the other way round.
    for (const { path, module } of files.values()) {
      if (module !== undefined) continue;
      changed.add(path);
      this.#isDone.delete(path);
    }
    this.#texts = texts;
    return changed;
  }

  #print(file: ProgramFile): void {
    if (this.#settings.json) {
      for (const item of file.diagnostics) console.log(diagnosticJson(file.path, item));
      return;
    }
    const text = printDiagnostics(file.source, file);
    if (text !== "") console.error(text.trimEnd());
  }

  /** Writes what a source becomes, or checks it. Returns whether all is well. */
  async #write({ outputs }: Job, module: Module): Promise<boolean> {
    const { check, quiet, json } = this.#settings;
    let isWell = true;
    for (const { path, generate } of outputs) {
      const text = await generate(module);
      const old = readOutput(path);
      if (old === text) {
        if (!quiet && !json) console.log(`unchanged ${path}`);
      } else if (check) {
        console.error(`${old === undefined ? "missing" : "stale"} ${path}`);
        isWell = false;
      } else {
        writeOutput(path, text);
        if (!quiet && !json) console.log(`written ${path}`);
      }
    }
    return isWell;
  }

  /** What to do, in an order that depends on names only. */
  async #jobs(): Promise<Job[]> {
    const { paths, out, zod } = this.#settings;
    const bySource = new Map<string, Job>();
    const byOutput = new Map<string, string>();
    const outputPaths = new Map<string, string>();
    const outputPath = (source: string) => outputPaths.get(source) ?? `${source}.ts`;
    for (const path of paths) {
      for (const { path: source, below } of await findSources(path)) {
        if (bySource.has(source)) continue;
        const output = out === undefined
          ? `${source}.ts`
          : pathIn(cleanPath(out), `${below}.ts`);
        const other = byOutput.get(output);
        if (other !== undefined) {
          throw new UsageError(
            `Both ${other} and ${source} would be written to ${output}`,
          );
        }
        byOutput.set(output, source);
        outputPaths.set(source, output);
        const outputs: Output[] = [{
          path: output,
          generate: (module) => generateTypeScript(module, { outputPath }),
        }];
        const schemas = output.replace(/\.ts$/, ".zod.ts");
        // Once they are there they have to stay in step with the types.
        if (zod || readOutput(schemas) !== undefined) {
          const generate = (module: Module) => generateZod(module, { outputPath });
          outputs.push({ path: schemas, generate });
        }
        bySource.set(source, { source, outputs });
      }
    }
    return [...bySource.values()].sort((a, b) => a.source < b.source ? -1 : 1);
  }
}
