/**
 * Many schedules: cut into parts, played by workers, and recorded part by part, so that one that was
 * interrupted goes on where it was.
 *
 * @module
 */
import { Figures, type Part, type Tally } from "./batch.ts";
import { codePrint, readRecord, record } from "./record.ts";

/** What is to be played. */
export interface Campaign {
  readonly kinds: readonly string[];
  /** How many schedules, over all kinds in turn. */
  readonly schedules: number;
  /** How many steps each. */
  readonly steps: number;
  /** The first seed. */
  readonly seed: number;
  /** How many workers play. */
  readonly jobs: number;
  /** The file that says what was played before, and is told what is now. */
  readonly file?: string | undefined;
  /** Whether what other code played counts too. */
  readonly anyCode?: boolean;
  /** Told after each part: all figures, how many schedules were played now, and how many are left. */
  readonly progress?: (figures: Figures, played: number, left: number) => void;
}

/** The most schedules that are lost with a worker. */
const PART_SCHEDULES = 250;

/** Thrown when a file holds what other code played. */
export class OtherCodeError extends Error {
  override readonly name = "OtherCodeError";
}

/** Plays what was not played yet. Returns the figures of all that is in the file now. */
export async function run(campaign: Campaign): Promise<Figures> {
  const { file, jobs, progress } = campaign, code = await codePrint();
  const played = file === undefined ? [] : readRecord(file), figures = new Figures();
  if (!campaign.anyCode && played.some((each) => each.code !== code)) {
    throw new OtherCodeError(`${file} holds what other code than this played`);
  }
  for (const { tally } of played) figures.add(tally);
  const parts = cut(missing(wanted(campaign), played.map(({ part }) => part)));
  const all = parts.reduce((sum, { count }) => sum + count, 0);
  let now = 0;
  await share(parts, jobs, (part, tally) => {
    if (file !== undefined) record(file, { code, part, tally });
    figures.add(tally);
    now += part.count;
    progress?.(figures, now, all - now);
  });
  // Whoever was quicker, they are told in one order.
  figures.failures.sort((a, b) => a.seed - b.seed || (a.kind < b.kind ? -1 : 1));
  return figures;
}

function wanted({ kinds, schedules, steps, seed: first }: Campaign): Part[] {
  return kinds.map((kind, i) => {
    const count = Math.max(0, Math.ceil((schedules - i) / kinds.length));
    return { kind, steps, first, count };
  });
}

/** What of `wanted` is not in `done`. */
export function missing(wanted: readonly Part[], done: readonly Part[]): Part[] {
  return wanted.flatMap((part) => {
    const { kind, steps } = part, end = part.first + part.count, gaps: Part[] = [];
    let at = part.first;
    const same = done.filter((each) => each.kind === kind && each.steps === steps)
      .sort((a, b) => a.first - b.first);
    for (const { first, count } of [...same, { first: end, count: 0 }]) {
      const stop = Math.min(first, end);
      if (stop > at) gaps.push({ kind, steps, first: at, count: stop - at });
      at = Math.max(at, first + count);
    }
    return gaps;
  });
}

/** In pieces, low seeds first, so that all kinds come on alike. */
function cut(parts: readonly Part[]): Part[] {
  const pieces: Part[] = [];
  for (const { kind, steps, first, count } of parts) {
    for (let at = 0; at < count; at += PART_SCHEDULES) {
      const rest = Math.min(PART_SCHEDULES, count - at);
      pieces.push({ kind, steps, first: first + at, count: rest });
    }
  }
  return pieces.sort((a, b) => a.first - b.first);
}

/** Has workers play the parts. Each takes the next one when it is done with its last. */
async function share(
  parts: readonly Part[],
  jobs: number,
  done: (part: Part, tally: Tally) => void,
): Promise<void> {
  const next = parts.values(), url = new URL("./part_worker.ts", import.meta.url);
  const crew = Array.from(
    { length: Math.min(jobs, parts.length) },
    () => new Worker(url, { type: "module" }),
  );
  try {
    await Promise.all(crew.map(async (worker) => {
      for (const part of next) done(part, await play(worker, part));
    }));
  } finally {
    for (const worker of crew) worker.terminate();
  }
}

function play(worker: Worker, part: Part): Promise<Tally> {
  const { promise, resolve, reject } = Promise.withResolvers<Tally>();
  worker.onmessage = ({ data }: MessageEvent<Tally>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`Cannot play ${JSON.stringify(part)}: ${event.message}`));
  };
  worker.postMessage(part);
  return promise;
}
