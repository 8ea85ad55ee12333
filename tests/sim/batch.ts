/**
 * Many schedules, and what they come to in figures.
 *
 * @module
 */
import { Broken } from "./broken.ts";
import { Coverage } from "./coverage.ts";
import type { Leftovers } from "./invariants.ts";
import { drawSchedule, KINDS, play, type Schedule } from "./schedule.ts";

/** A schedule that broke a promise. */
export interface Failure {
  readonly schedule: Schedule;
  /** Which promise. */
  readonly rule: string;
  readonly error: Error;
}

/** What is to be played. */
export interface BatchOptions {
  readonly kinds: readonly string[];
  /** How many schedules, over all kinds. */
  readonly schedules: number;
  /** How many steps each. */
  readonly steps: number;
  /** The first seed. */
  readonly seed: number;
  /** Told after each schedule. */
  readonly progress?: (figures: Figures) => void;
}

/** What schedules come to. */
export class Figures {
  readonly coverage: Coverage = new Coverage();
  readonly failures: Failure[] = [];
  /** Counts by what is counted. */
  readonly faults: Map<string, number> = new Map();
  /** Hostile neighbors that lost a link, by the rule they broke. */
  readonly judged: Map<string, number> = new Map();
  readonly left: Leftovers = { moving: 0, proxies: 0, parked: 0, astray: 0 };
  /** Ports left after everything was closed: only hostile nodes can leave any. */
  portsLeft = 0;
  schedules = 0;
  steps = 0;
  deliveries = 0;
  messages = 0;
  moves = 0;
  fusions = 0;
  met = 0;
  /** The most deliveries for each open pipe that coming to rest took. */
  heaviest = 0;

  /** Plays one more schedule. */
  play(schedule: Schedule): void {
    this.schedules++;
    this.steps += schedule.steps.length;
    try {
      this.#add(schedule);
    } catch (error) {
      const rule = error instanceof Broken ? error.rule : "throws";
      this.failures.push({ schedule, rule, error: error as Error });
    }
  }

  #add(schedule: Schedule): void {
    const { world, heaviest, left, ports } = play(schedule);
    this.deliveries += world.deliveries;
    this.messages += world.messagesRead;
    this.moves += world.moves;
    this.fusions += world.fusions;
    this.met += world.met;
    this.heaviest = Math.max(this.heaviest, heaviest);
    this.portsLeft += ports;
    this.left.moving += left.moving;
    this.left.proxies += left.proxies;
    this.left.parked += left.parked;
    this.left.astray += left.astray;
    addTo(this.faults, world.faults);
    addTo(this.judged, world.judged);
  }

  /** All of them in one line. */
  toString(): string {
    const { schedules, steps, deliveries, messages, moves, fusions, met, left } = this;
    const words = [
      `${schedules} schedules`,
      `${steps} steps`,
      `${deliveries} deliveries`,
      `${messages} messages`,
      `${moves} moves`,
      `${fusions} fusions`,
      `${met} meetings`,
      `faults ${list(this.faults)}`,
      `judged ${list(this.judged)}`,
      `${this.coverage.pairs.size} pairs of state and event`,
      `at most ${Math.ceil(this.heaviest)} deliveries a pipe to rest`,
      `left by hostile nodes ${list(Object.entries(left))} ports ${this.portsLeft}`,
      `${this.failures.length} violations`,
    ];
    return words.join(", ");
  }
}

/** Plays schedules of all kinds in turn. */
export function playBatch(options: BatchOptions): Figures {
  const { kinds, schedules, steps, seed, progress } = options, figures = new Figures();
  figures.coverage.during(() => {
    for (let i = 0; i < schedules; i++) {
      const kind = kinds[i % kinds.length]!;
      figures.play(drawSchedule(kind, seed + Math.floor(i / kinds.length), steps));
      progress?.(figures);
    }
  });
  return figures;
}

/** The kinds whose names start with `prefix`. */
export function kindsLike(prefix: string): string[] {
  const names = Object.keys(KINDS);
  return names.includes(prefix)
    ? [prefix]
    : names.filter((name) => name.startsWith(prefix));
}

function addTo(counts: Map<string, number>, more: Iterable<[string, number]>): void {
  for (const [key, count] of more) counts.set(key, (counts.get(key) ?? 0) + count);
}

function list(counts: Iterable<[string, number]>): string {
  return [...counts].map(([key, count]) => `${key} ${count}`).sort().join(" ");
}
