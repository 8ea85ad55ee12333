/**
 * Gives the parts that read what strangers wrote bytes that are nearly right.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import {
  type CampaignOptions,
  FuzzError,
  MAX_MS,
  run,
  type Tally,
  type Target,
} from "./campaign.ts";
import { TARGETS } from "./targets/all.ts";

const HELP = `Gives the parts that read what strangers wrote bytes that are nearly right.

Usage: deno task fuzz [--target NAME]... [--execs N] [--seed S] [--round R] [--resume FILE]

  --target NAME  one of ${TARGETS.map(({ name }) => name).join(", ")} (default all)
  --execs N      inputs for each target (default 100000)
  --seed S       decides all of them (default 1)
  --round R      plays only this round of the seed, as a failure names it
  --resume FILE  keeps there which round each target has come to, and goes on behind it
  --help         prints this

Ends with 1 at the first broken promise, and prints what plays it again.
`;
const PROGRESS_MS = 2000;
/** Inputs of one turn of the event loop. */
const SLICE = 2000;

/** Where targets have come to, by name and seed. */
type Progress = Record<string, number>;

async function readProgress(path: string | undefined): Promise<Progress> {
  if (path === undefined) return {};
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/** What is left after garbage has been collected, as far as it was. */
function memory(): number {
  return Math.round(Deno.memoryUsage().rss / 1024 / 1024);
}

async function attack(target: Target, options: CampaignOptions): Promise<Tally> {
  const start = performance.now(), before = memory();
  let shown = start;
  const progress = (tally: Tally) => {
    const now = performance.now();
    if (now - shown < PROGRESS_MS) return;
    shown = now;
    const each = Math.round(tally.execs / (now - start) * 1000);
    console.error(`${target.name}: ${tally.execs} execs, ${each} a second`);
  };
  const { execs, from = 0, round } = options;
  let tally = run(target, { ...options, execs: Math.min(execs, SLICE), progress });
  while (round === undefined && tally.execs < execs) {
    // What waits for the end of a turn has its turn, as it has in a program.
    await new Promise((next) => setTimeout(next, 0));
    const until = Math.min(execs, tally.execs + SLICE);
    tally = run(target, {
      ...options,
      execs: until,
      from: Math.max(from, tally.round + 1),
      progress,
      tally,
    });
  }
  const ms = performance.now() - start;
  const rules = [...tally.rules].sort(([, one], [, other]) => other - one);
  for (const [rule, count] of rules) console.error(`  ${count} ${rule}`);
  console.log(
    `${target.name}: execs ${tally.execs}, a second ${
      Math.round(tally.execs / ms * 1000)
    }, rules ${rules.length}, slowest ${
      tally.slowestMs.toFixed(1)
    } ms in round ${tally.slowestRound}, over ${MAX_MS} ms ${tally.slow}, memory ${before} to ${memory()} MiB`,
  );
  return tally;
}

async function main(): Promise<number> {
  const args = parseArgs(Deno.args, {
    boolean: ["help"],
    string: ["execs", "seed", "round", "resume", "target"],
    collect: ["target"],
    default: { execs: "100000", seed: "1" },
  });
  if (args.help) {
    console.log(HELP);
    return 0;
  }
  const targets = TARGETS.filter(({ name }) =>
    args.target.length === 0 || args.target.includes(name)
  );
  if (targets.length === 0) {
    console.error("No target has such a name");
    return 2;
  }
  const seed = Number(args.seed), progress = await readProgress(args.resume);
  let execs = 0;
  for (const target of targets) {
    const key = `${target.name}-${seed}`;
    try {
      const tally = await attack(target, {
        seed,
        execs: Number(args.execs),
        from: progress[key] ?? 0,
        ...(args.round === undefined ? {} : { round: Number(args.round) }),
      });
      execs += tally.execs;
      progress[key] = tally.round + 1;
    } catch (error) {
      if (!(error instanceof FuzzError)) throw error;
      console.log(error.message);
      console.log(`targets ${targets.length}, failures 1`);
      return 1;
    }
    if (args.resume !== undefined) {
      await Deno.writeTextFile(args.resume, JSON.stringify(progress));
    }
  }
  console.log(`targets ${targets.length}, execs ${execs}, failures 0`);
  return 0;
}

if (import.meta.main) Deno.exit(await main());
