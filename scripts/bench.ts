/**
 * Measures the library beside a hand-written call layer on the same machine, in the same
 * minute, in turn within each round.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { measureCodecs } from "./bench/codecs.ts";
import { compileText, measureCompile } from "./bench/compile.ts";
import { measureMemory } from "./bench/memory.ts";
import { measureMoves } from "./bench/moves.ts";
import { measureStreams } from "./bench/streams.ts";
import { median, Series, table } from "./bench/report.ts";
import {
  floor,
  type Link,
  LINKS,
  local,
  ours,
  startBare,
  startOurs,
} from "./bench/sides.ts";
import {
  CALL_WORKLOADS,
  LOCAL_WORKLOAD,
  type Side,
  SPAWN_WORKLOAD,
  type Workload,
} from "./bench/workload.ts";

const WINDOW_MS = 300;
const WARM_UP_MS = 150;
const STARTS_A_ROUND = 5;

const WORKLOADS: readonly Workload[] = [
  ...CALL_WORKLOADS,
  LOCAL_WORKLOAD,
  SPAWN_WORKLOAD,
];

/** What is measured over the links other than the first. */
const LINK_WORKLOADS = ["round-trip", "one-way", "64k"];

const HELP =
  `Usage: deno task bench [--codecs | --compile | --links | --memory | --moves | --streams]
       [--rounds N] [--only NAME]... [--json]

Measures the library (ours) beside a hand-written call layer (floor) over Unix sockets.
The ratio is the median of the ratios of each round; best/best compares the best rounds.

  --codecs     measures how fast values are encoded and decoded, beside the codecs of others,
               which it loads from npm
  --compile    measures how long it takes to generate code for 1,000 interfaces; there is
               no floor
  --links      measures ${LINK_WORKLOADS.join(", ")} over every kind of link, each beside
               a floor over the same kind: ${LINKS.join(", ")}
  --memory     measures shared buffers, and frames and streams that go through them,
               beside a raw socket and beside copying memory
  --moves      measures what it costs to move endpoints between processes, and to have
               many; there is no floor
  --streams    measures data pipes, beside a raw socket and beside copying memory
  --rounds N   rounds to measure, after one to warm up (default 5)
  --only NAME  measures only this: ${WORKLOADS.map(({ name }) => name).join(", ")}
  --json       prints figures for programs
  --help       prints this
`;

/** Takes a figure of ours, and one of the floor unless the workload has none. */
type Take = (ms: number) => Promise<{ ours: number; floor: number | null }>;

function takes(ours: Side, floor: Side, local: Side): Map<Workload, Take> {
  const all = new Map<Workload, Take>();
  for (const workload of CALL_WORKLOADS) {
    all.set(workload, async (ms) => ({
      floor: await workload.run(floor, ms),
      ours: await workload.run(ours, ms),
    }));
  }
  all.set(LOCAL_WORKLOAD, async (ms) => ({
    floor: null,
    ours: await LOCAL_WORKLOAD.run(local, ms),
  }));
  all.set(SPAWN_WORKLOAD, async () => {
    const floors: number[] = [], figures: number[] = [];
    for (let i = 0; i < STARTS_A_ROUND; i++) {
      floors.push(await startBare());
      figures.push(await startOurs());
    }
    return { floor: median(floors), ours: median(figures) };
  });
  return all;
}

/** A series over a kind of link, with the name of the link in its title. */
function overLink(workload: Workload, link: Link): Workload {
  return { ...workload, title: `${link}: ${workload.title}` };
}

/** Starts both sides over each of `links` and says what to take. */
async function linkTakes(
  links: readonly Link[],
  running: AsyncDisposableStack,
): Promise<Map<Workload, Take>> {
  const all = new Map<Workload, Take>();
  for (const link of links) {
    const ourSide = running.use(await ours(link)).side;
    const floorSide = running.use(await floor(link)).side;
    for (const workload of CALL_WORKLOADS) {
      if (!LINK_WORKLOADS.includes(workload.name)) continue;
      all.set(overLink(workload, link), async (ms) => ({
        floor: await workload.run(floorSide, ms),
        ours: await workload.run(ourSide, ms),
      }));
    }
  }
  return all;
}

/** Takes the figures of `rounds` rounds of everything in `only`. */
async function measure(
  rounds: number,
  only: readonly string[],
  links: boolean,
): Promise<Series[]> {
  const all: Series[] = [];
  await using running = new AsyncDisposableStack();
  const take = links ? await linkTakes(LINKS, running) : takes(
    running.use(await ours()).side,
    running.use(await floor()).side,
    running.use(local()).side,
  );
  for (const workload of take.keys()) {
    if (only.length === 0 || only.includes(workload.name)) all.push(new Series(workload));
  }
  for (let round = 0; round <= rounds; round++) {
    for (const series of all) {
      progress(`round ${round} of ${rounds}: ${series.workload.title}`);
      const figures = await take.get(series.workload)!(
        round === 0 ? WARM_UP_MS : WINDOW_MS,
      );
      if (round === 0) continue;
      series.ours.push(figures.ours);
      if (figures.floor !== null) series.floor.push(figures.floor);
    }
  }
  progress("");
  return all;
}

/** Replaces the line on standard error. */
function progress(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${line}`));
}

/** Figures for programs. */
function json(rounds: number, workloads: readonly Series[]): string {
  return JSON.stringify({ deno: Deno.version.deno, rounds, workloads }, null, 2);
}

/** Runs the command. Returns its exit code. */
async function run(args: readonly string[]): Promise<number> {
  const unknown: string[] = [];
  const options = parseArgs(args, {
    boolean: ["codecs", "compile", "help", "json", "links", "memory", "moves", "streams"],
    string: ["only", "rounds"],
    collect: ["only"],
    unknown: (arg) => void unknown.push(arg),
  });
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const names = WORKLOADS.map(({ name }) => name);
  unknown.push(...options.only.filter((name) => !names.includes(name)));
  const rounds = Number(options.rounds ?? 5);
  const { codecs, compile, links, memory, moves, streams } = options;
  // Each of the others is one series of steps: there is nothing to choose from.
  const series = [codecs, compile, memory, moves, streams].filter(Boolean).length;
  if (series + Number(links) > 1) unknown.push("links");
  if (series > 0 && options.only.length > 0) unknown.push("only");
  if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    console.error(HELP);
    return 2;
  }
  if (codecs) {
    const { series, text } = await measureCodecs(rounds, progress);
    console.log(options.json ? json(rounds, series) : text);
    return 0;
  }
  if (compile) {
    const series = await measureCompile(rounds, progress);
    console.log(options.json ? json(rounds, series) : compileText(series));
    return 0;
  }
  const all = memory
    ? await measureMemory(rounds, progress)
    : moves
    ? await measureMoves(rounds, progress)
    : streams
    ? await measureStreams(rounds, progress)
    : await measure(rounds, options.only, links);
  console.log(options.json ? json(rounds, all) : table(all));
  return 0;
}

if (import.meta.main) Deno.exit(await run(Deno.args));
