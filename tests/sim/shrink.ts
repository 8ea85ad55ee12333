/**
 * Makes a schedule that breaks a promise as small as it gets: fewer steps, then fewer nodes.
 *
 * @module
 */
import { Broken } from "./broken.ts";
import { KINDS, play, type Schedule } from "./schedule.ts";

const MAX_RUNS = 3000;

/** Which promise a schedule breaks, or `null`. */
export function brokenBy(schedule: Schedule): string | null {
  try {
    play(schedule);
    return null;
  } catch (error) {
    return error instanceof Broken ? error.rule : `throws ${(error as Error).message}`;
  }
}

/** The smallest schedule found that breaks the same promise as this one. */
export function shrink(
  schedule: Schedule,
  breaks: (schedule: Schedule) => string | null = brokenBy,
): Schedule {
  const rule = breaks(schedule);
  let best = schedule, runs = 0;
  const tries = (candidate: Schedule): boolean => {
    if (runs++ >= MAX_RUNS || breaks(candidate) !== rule) return false;
    best = candidate;
    return true;
  };
  for (let before = Infinity; best.steps.length < before && rule !== null;) {
    before = best.steps.length;
    dropSteps(() => best, tries);
    while (best.nodes > KINDS[best.kind]!.nodes[0]) {
      if (!tries({ ...best, nodes: best.nodes - 1 })) break;
    }
  }
  return best;
}

/** Leaves out ever smaller stretches of steps. */
function dropSteps(best: () => Schedule, tries: (candidate: Schedule) => boolean): void {
  for (let size = best().steps.length >> 1 || 1;; size >>= 1) {
    for (let at = best().steps.length; at > 0; at -= size) {
      const { steps } = best(), from = Math.max(0, at - size);
      tries({ ...best(), steps: [...steps.slice(0, from), ...steps.slice(at)] });
    }
    if (size <= 1) return;
  }
}
