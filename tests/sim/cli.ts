/**
 * Plays schedules of the simulated world: `deno task sim --help`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Failure, kindsLike, playBatch } from "./batch.ts";
import { keep, toText } from "./kept.ts";
import { drawSchedule, KINDS, play, type Schedule } from "./schedule.ts";
import { shrink } from "./shrink.ts";

const HELP =
  `deno task sim [--seeds N] [--steps M] [--seed FIRST] [--world KIND] [--trace]

Plays N schedules (default 1000) of M random steps (default 400) over all kinds of world in
turn, or those whose names start with KIND, beginning with the seed FIRST (default 1). Prints
what broke a promise, made small, and last one line of figures. Exits with 1 if anything did.

  --trace   tell the story of each schedule
  --table   print how often each event met each state of a port, and what became of it
  --keep    write what broke a promise to tests/sim/kept/, to be played for ever

Kinds: ${Object.keys(KINDS).join(" ")}`;

const MAX_SHRUNK = 5, TELL_EVERY = 500;

/** Runs the command. Returns its exit code. */
export function main(args: readonly string[]): number {
  const unknown: string[] = [];
  const options = parseArgs(args, {
    boolean: ["help", "trace", "table", "keep"],
    string: ["seeds", "steps", "seed", "world"],
    unknown: (arg) => void unknown.push(arg),
  });
  if (options.help) return say(HELP, 0);
  const schedules = whole(options.seeds, 1000), steps = whole(options.steps, 400);
  const seed = whole(options.seed, 1), kinds = kindsLike(options.world ?? "");
  if (unknown.length > 0 || kinds.length === 0 || !(schedules > 0) || !(steps >= 0)) {
    return say(HELP, 2);
  }
  if (options.trace) {
    for (let i = 0; i < schedules; i++) {
      const kind = kinds[i % kinds.length]!;
      tell(drawSchedule(kind, seed + Math.floor(i / kinds.length), steps));
    }
  }
  const figures = playBatch({
    kinds,
    schedules,
    steps,
    seed,
    progress: ({ schedules: played, failures }) => {
      if (played % TELL_EVERY > 0) return;
      console.error(`${played} of ${schedules} schedules, ${failures.length} violations`);
    },
  });
  for (const failure of figures.failures.slice(0, MAX_SHRUNK)) {
    explain(failure, options.keep);
  }
  for (const { schedule, error } of figures.failures.slice(MAX_SHRUNK)) {
    console.log(`${schedule.kind} seed ${schedule.seed}: ${error.message}`);
  }
  if (options.table) {
    for (const [key, count] of [...figures.coverage.counts].sort()) {
      console.log(`${count}\t${key}`);
    }
  }
  console.log(`${figures}`);
  return figures.failures.length > 0 ? 1 : 0;
}

/** Makes a failure small and tells how it comes about. */
function explain({ schedule, rule, error }: Failure, keeps: boolean): void {
  console.log(`\n${schedule.kind} seed ${schedule.seed}: ${error.message}`);
  const small = shrink(schedule);
  console.log(`made small: ${small.steps.length} steps, ${small.nodes} nodes`);
  tell(small);
  console.log(keeps ? `kept as ${keep(small, rule)}` : toText(small));
}

/** Plays a schedule and prints what happens. */
function tell(schedule: Schedule): void {
  try {
    play(schedule, (line) => console.log(line));
  } catch (error) {
    console.log((error as Error).stack);
  }
}

function whole(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : Math.floor(Number(text));
}

function say(text: string, code: number): number {
  console.log(text);
  return code;
}

if (import.meta.main) Deno.exit(main(Deno.args));
