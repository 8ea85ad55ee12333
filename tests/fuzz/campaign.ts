/**
 * Many inputs against one target, and what became of them.
 *
 * @module
 */
import { Random } from "../sim/random.ts";

/** What is attacked. */
export interface Target {
  /** What it is called. */
  readonly name: string;
  /** Sets up one scene and gives it inputs, each followed by `tally.done`. Throws on a broken promise. */
  round(random: Random, tally: Tally): void;
}

/** What became of the inputs so far. */
export class Tally {
  /** How many there were. */
  execs = 0;
  /** The longest that one took, in milliseconds, and its round. */
  slowestMs = 0;
  slowestRound = 0;
  /** How many took longer than they should. */
  slow = 0;
  /** The round under way. */
  round = 0;
  /** How often each rule turned one away; `taken` when none did. */
  readonly rules: Map<string, number> = new Map();
  #start = 0;

  /** An input is about to be given. */
  begin(): void {
    this.#start = performance.now();
  }

  /** It was dealt with: by a rule, or taken. */
  done(rule: string | null): void {
    const ms = performance.now() - this.#start, name = rule ?? "taken";
    this.execs++;
    this.rules.set(name, (this.rules.get(name) ?? 0) + 1);
    if (ms > MAX_MS) this.slow++;
    if (ms <= this.slowestMs) return;
    this.slowestMs = ms;
    this.slowestRound = this.round;
  }
}

/** What one input may take. */
export const MAX_MS = 50;

/** A promise was broken. */
export class FuzzError extends Error {
  override readonly name = "FuzzError";

  constructor(target: Target, seed: number, round: number, cause: unknown) {
    const what = cause instanceof Error ? cause.stack ?? cause.message : `${cause}`;
    super(`target ${target.name}, seed ${seed}, round ${round}: ${what}`, { cause });
  }
}

/** Where a campaign starts and ends. */
export interface CampaignOptions {
  readonly seed: number;
  readonly execs: number;
  /** Plays this round only. */
  readonly round?: number;
  /** The round to start from. */
  readonly from?: number;
  /** Told after rounds, so many a second. */
  readonly progress?: (tally: Tally) => void;
  /** What became of the inputs before; this goes on where it was. Default: nothing. */
  readonly tally?: Tally;
}

/** Plays rounds until there were so many inputs. Throws a {@linkcode FuzzError} at the first failure. */
export function run(target: Target, options: CampaignOptions): Tally {
  const { seed, execs, round: only, from = 0, progress } = options;
  const { tally = new Tally() } = options;
  for (let round = only ?? from;; round++) {
    tally.round = round;
    try {
      target.round(new Random(Math.imul(seed, 0x9e3779b1) + round), tally);
    } catch (error) {
      throw new FuzzError(target, seed, round, error);
    }
    progress?.(tally);
    if (tally.execs >= execs || only !== undefined) return tally;
  }
}

/** Fails a round. */
export function insist(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}
