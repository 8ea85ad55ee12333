/**
 * Changes `core/ports` and `core/wire` in one place at a time and looks whether any test notices.
 *
 * Each change is made in a copy of the project in a temporary directory. Tests run without type checks
 * and stop at the first failure; only what they do not notice is type-checked as well. What nothing can
 * notice is left out: see `equivalent.ts`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { isNoticeable } from "./equivalent.ts";
import {
  applyMutation,
  describeMutation,
  findMutations,
  type Mutation,
} from "./mutation.ts";

const HELP =
  `Changes core/ports and core/wire in one place at a time and looks whether a test notices.

Usage: deno task mutants [--sample N] [--seed S] [--resume FILE] [--only TEXT]... [--workers N]

  --sample N     how many changes to try (default 300; 0 for all)
  --seed S       which ones, and in which order (default 1)
  --resume FILE  keeps what was found there, a JSON line for each, and skips what is in it
  --only TEXT    tries only those whose line in the list contains this
  --workers N    how many at the same time (default 2)
  --list         lists the changes and tries none
  --help         prints this

Ends with 1 when fewer than 95 percent are noticed.
`;

/** What is changed. */
const CHANGED = ["core/ports", "core/wire"];
/** What the changes are copied with. */
export const COPIED: readonly string[] = [
  ...["core", "idl", "transports", "scripts/std"],
  ...["tests/core", "tests/sim", "tests/exhaustive", "tests/fuzz", "tests/idl"],
];
/** Files that go with them. */
export const COPIED_FILES: readonly string[] = ["deno.json", "mod.ts"];
/** Tests that take seconds to notice what the others notice at once. */
const SLOW = ["tests/core/ports/hostile_test.ts", "tests/exhaustive"];
/** Test sets, the one that fails soonest first. Each runs when those before it noticed nothing. */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  soon: [
    `--ignore=${SLOW}`,
    "tests/core/ports",
    "tests/core/wire",
    "tests/core/bindings",
  ],
  // What generated code asks of encoder and decoder.
  codec: ["error", "function", "golden", "version"].map((what) =>
    `tests/idl/codec_${what}_test.ts`
  ),
  late: [...SLOW, "tests/core/system", "tests/sim/sim_test.ts"],
};
const GOAL_PERCENT = 95;

/** What became of a change. */
interface Finding {
  readonly mutation: string;
  /** Who noticed it: a test set, `types`, `time`, or nobody. */
  readonly by: string | null;
  readonly ms: number;
}

const root = new URL("../..", import.meta.url).pathname;

/** A copy of the project that changes are made in. */
class Workshop {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Copies what is below `from`. */
  static async open(from: string): Promise<Workshop> {
    const workshop = new Workshop(await Deno.makeTempDir({ prefix: "mutants-" }));
    for (const path of COPIED) await copy(path, from, workshop.directory);
    for (const path of COPIED_FILES) {
      await Deno.copyFile(`${from}/${path}`, `${workshop.directory}/${path}`);
    }
    return workshop;
  }

  async close(): Promise<void> {
    await Deno.remove(this.directory, { recursive: true });
  }

  /** Runs deno. Null when it took longer than that. */
  async run(args: readonly string[], ms: number): Promise<boolean | null> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: this.directory,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, ms);
    const { success } = await child.status;
    clearTimeout(timer);
    return late ? null : success;
  }

  test(stage: readonly string[], ms: number): Promise<boolean | null> {
    const flags = [
      "--no-check",
      "--no-lock",
      "--no-prompt",
      "--quiet",
      "--fail-fast",
      "--permit-no-files",
    ];
    return this.run(["test", ...flags, "--allow-read", "--allow-write", ...stage], ms);
  }

  /** Makes a change, looks who notices, and takes it back. */
  async judge(mutation: Mutation, clean: readonly number[]): Promise<string | null> {
    const path = `${this.directory}/${mutation.file}`;
    const source = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, applyMutation(source, mutation));
    try {
      for (const [i, [name, stage]] of Object.entries(STAGES).entries()) {
        const passed = await this.test(stage, Math.max(10_000, clean[i]! * 4));
        if (passed === null) return "time";
        if (!passed) return name;
      }
      const types = ["check", "--no-lock", "--quiet", mutation.file];
      return await this.run(types, 120_000) ? null : "types";
    } finally {
      await Deno.writeTextFile(path, source);
    }
  }
}

async function copy(path: string, from: string, to: string): Promise<void> {
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(`${from}/${path}`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  await Deno.mkdir(`${to}/${path}`, { recursive: true });
  for (const { name, isDirectory } of entries) {
    const inner = `${path}/${name}`;
    if (isDirectory) await copy(inner, from, to);
    else await Deno.copyFile(`${from}/${inner}`, `${to}/${inner}`);
  }
}

/** How long each stage takes when nothing is changed. */
async function timeStages(workshop: Workshop): Promise<number[]> {
  const times: number[] = [];
  for (const stage of Object.values(STAGES)) {
    const start = performance.now();
    if (await workshop.test(stage, 600_000) !== true) {
      throw new Error(`Tests fail without any change: ${stage.join(" ")}`);
    }
    times.push(performance.now() - start);
  }
  return times;
}

async function sourceFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  for (const directory of CHANGED) {
    for await (const { name } of Deno.readDir(`${root}/${directory}`)) {
      files.push(`${directory}/${name}`);
    }
  }
  return files.sort();
}

/**
 * In an order that depends on the seed and on what each change is, so that those of a sample stay the same
 * while something else is edited.
 */
function shuffle(mutations: readonly Mutation[], seed: string): Mutation[] {
  const times = new Map<string, number>();
  const keyed = mutations.map((mutation) => {
    const { file, kind, from, to } = mutation, what = `${file} ${kind} ${from} ${to}`;
    const before = times.get(what) ?? 0;
    times.set(what, before + 1);
    return { mutation, key: hash(`${seed} ${before} ${what}`) };
  });
  return keyed.sort((one, other) => one.key - other.key).map(({ mutation }) => mutation);
}

/** FNV-1a, with the bits of the last characters spread. */
function hash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return (hash ^ hash >>> 16) >>> 0;
}

/** What an earlier run found out about these changes. */
async function readFindings(
  path: string | undefined,
  sample: readonly Mutation[],
): Promise<Finding[]> {
  if (path === undefined) return [];
  const wanted = new Set(sample.map(describeMutation));
  let text = "";
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return text.split("\n").filter((line) => line !== "")
    .map((line): Finding => JSON.parse(line))
    .filter(({ mutation }) => wanted.delete(mutation));
}

async function main(): Promise<number> {
  const args = parseArgs(Deno.args, {
    boolean: ["help", "list"],
    string: ["sample", "seed", "resume", "workers", "only"],
    collect: ["only"],
    default: { sample: "300", seed: "1", workers: "2" },
  });
  if (args.help) {
    console.log(HELP);
    return 0;
  }
  const workshops = [await Workshop.open(root)];
  try {
    const sample = await choose(workshops[0]!.directory, args);
    if (args.list) {
      for (const mutation of sample) console.log(describeMutation(mutation));
      return 0;
    }
    const findings = await readFindings(args.resume, sample);
    const done = new Set(findings.map(({ mutation }) => mutation));
    const left = sample.filter((mutation) => !done.has(describeMutation(mutation)));
    while (workshops.length < Number(args.workers)) {
      workshops.push(await Workshop.open(workshops[0]!.directory));
    }
    const clean = await timeStages(workshops[0]!);
    console.error(`unchanged: ${clean.map((ms) => `${(ms / 1000).toFixed(1)} s`)}`);
    await Promise.all(workshops.map(async (workshop) => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const start = performance.now(), mutation = describeMutation(next);
        const by = await workshop.judge(next, clean);
        const finding = { mutation, by, ms: Math.round(performance.now() - start) };
        findings.push(finding);
        if (args.resume !== undefined) {
          const line = `${JSON.stringify(finding)}\n`;
          await Deno.writeTextFile(args.resume, line, { append: true });
        }
        console.error(
          `${findings.length}/${sample.length} ${by ?? "SURVIVED"} ${mutation}`,
        );
      }
    }));
    return report(findings);
  } finally {
    for (const workshop of workshops) await workshop.close();
  }
}

/** The changes to try, in the order in which they are tried. */
async function choose(
  root: string,
  args: { readonly seed?: string; readonly sample?: string; readonly only: string[] },
): Promise<Mutation[]> {
  const files = await sourceFiles(root), sources = new Map<string, string>();
  for (const file of files) sources.set(file, await Deno.readTextFile(`${root}/${file}`));
  const wanted = shuffle(findMutations(root, files), `${args.seed}`).filter(
    (mutation) => {
      const text = describeMutation(mutation);
      return isNoticeable(mutation, sources.get(mutation.file)!) &&
        (args.only.length === 0 || args.only.some((only) => text.includes(only)));
    },
  );
  return wanted.slice(0, Number(args.sample) || wanted.length);
}

/** Prints what nobody noticed, and the figures. Returns the exit code. */
function report(findings: readonly Finding[]): number {
  const survivors = findings.filter(({ by }) => by === null);
  for (const { mutation } of survivors) console.log(`survived ${mutation}`);
  const caught = findings.length - survivors.length;
  const percent = findings.length === 0 ? 100 : 100 * caught / findings.length;
  console.log(
    `mutants ${findings.length}, caught ${caught}, survived ${survivors.length}, ${
      percent.toFixed(1)
    } percent`,
  );
  return percent < GOAL_PERCENT ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
