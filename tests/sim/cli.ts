/**
 * Plays schedules of the simulated world: `deno task sim --help`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Failure, type Figures, kindsLike } from "./batch.ts";
import { OtherCodeError, run } from "./campaign.ts";
import { keep, toText } from "./kept.ts";
import { drawSchedule, KINDS, play, type Schedule } from "./schedule.ts";
import { shrink } from "./shrink.ts";

const HELP =
  `deno task sim [--seeds N] [--steps M] [--seed FIRST] [--world KIND] [--jobs J]
               [--resume FILE] [--trace]

Plays N schedules (default 1000) of M random steps (default 400) over all kinds of world in
turn, or those whose names start with KIND, beginning with the seed FIRST (default 1). Prints
what broke a promise, made small, and last one line of figures. Exits with 1 if anything did.

  --jobs J       play with J workers at the same time (default 1)
  --resume FILE  write down there what was played, a JSON line for every 250 schedules, and skip
                 what is in it already. The figures are those of all that is in it. Refuses, with
                 2, a FILE with schedules that other code played
  --any-code     count them nevertheless
  --trace        tell the story of each schedule
  --table        print how often each event met each state of a port, and what became of it
  --keep         write what broke a promise to tests/sim/kept/, to be played for ever

Kinds: ${Object.keys(KINDS).join(" ")}`;

const MAX_SHRUNK = 5, TELL_EVERY_MS = 2000;

/** Runs the command. Returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const unknown: string[] = [];
  const options = parseArgs(args, {
    boolean: ["help", "trace", "table", "keep", "any-code"],
    string: ["seeds", "steps", "seed", "world", "jobs", "resume"],
    unknown: (arg) => void unknown.push(arg),
  });
  if (options.help) return say(HELP, 0);
  const schedules = whole(options.seeds, 1000), steps = whole(options.steps, 400);
  const seed = whole(options.seed, 1), kinds = kindsLike(options.world ?? "");
  const jobs = whole(options.jobs, 1), file = options.resume;
  const sound = schedules > 0 && steps >= 0 && jobs > 0 && file !== "";
  if (unknown.length > 0 || kinds.length === 0 || !sound) return say(HELP, 2);
  if (options.trace) {
    for (let i = 0; i < schedules; i++) {
      const kind = kinds[i % kinds.length]!;
      tell(drawSchedule(kind, seed + Math.floor(i / kinds.length), steps));
    }
  }
  const anyCode = options["any-code"], progress = progressTeller();
  const campaign = { kinds, schedules, steps, seed, jobs, file, anyCode, progress };
  let figures: Figures;
  try {
    figures = await run(campaign);
  } catch (error) {
    if (!(error instanceof OtherCodeError)) throw error;
    return say(`${error.message}: name another file, or say --any-code`, 2);
  }
  for (const failure of figures.failures.slice(0, MAX_SHRUNK)) {
    explain(failure, options.keep);
  }
  for (const { kind, seed, message } of figures.failures.slice(MAX_SHRUNK)) {
    console.log(`${kind} seed ${seed}: ${message}`);
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
function explain({ kind, seed, steps, rule, message }: Failure, keeps: boolean): void {
  console.log(`\n${kind} seed ${seed}: ${message}`);
  const small = shrink(drawSchedule(kind, seed, steps));
  console.log(`made small: ${small.steps.length} steps, ${small.nodes} nodes`);
  tell(small);
  console.log(keeps ? `kept as ${keep(small, rule)}` : toText(small));
}

/** Tells now and then how far it is. */
function progressTeller(): (figures: Figures, played: number, left: number) => void {
  const start = performance.now();
  let told = start;
  return ({ schedules, failures }, played, left) => {
    const now = performance.now(), rate = played / (now - start) * 1000;
    if (now - told < TELL_EVERY_MS) return;
    told = now;
    const words = [
      `${schedules} of ${schedules + left} schedules`,
      `${Math.round(rate)} a second`,
      `${(left / rate / 60).toFixed(1)} minutes left`,
      `${failures.length} violations`,
    ];
    console.error(words.join(", "));
  };
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

if (import.meta.main) Deno.exit(await main(Deno.args));
