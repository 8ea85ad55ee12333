/**
 * Many schedules, and what they come to in figures.
 *
 * @module
 */
import { Broken } from "./broken.ts";
import { Coverage } from "./coverage.ts";
import type { Leftovers } from "./invariants.ts";
import { drawSchedule, KINDS, type Outcome, play, type Schedule } from "./schedule.ts";

/** Schedules of one kind whose seeds follow each other: what is played, and recorded, as a whole. */
export interface Part {
  readonly kind: string;
  /** How many steps each. */
  readonly steps: number;
  /** The first seed. */
  readonly first: number;
  /** How many seeds. */
  readonly count: number;
}

/** A schedule that broke a promise. */
export interface Failure {
  readonly kind: string;
  readonly seed: number;
  readonly steps: number;
  /** Which promise. */
  readonly rule: string;
  readonly message: string;
}

const SUMS = [
  "schedules",
  "steps",
  "deliveries",
  "messages",
  "moves",
  "fusions",
  "met",
  "portsLeft",
] as const;

/** Counts by what is counted. */
type Counts = Readonly<Record<string, number>>;

/** Figures as they are written down, and sent from worker to worker. */
export interface Tally extends Readonly<Record<typeof SUMS[number], number>> {
  readonly heaviest: number;
  readonly left: Readonly<Leftovers>;
  readonly faults: Counts;
  readonly judged: Counts;
  readonly coverage: Counts;
  readonly failures: readonly Failure[];
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
    const { kind, seed, steps: { length: steps } } = schedule;
    this.schedules++;
    this.steps += steps;
    try {
      this.#count(play(schedule));
    } catch (error) {
      const rule = error instanceof Broken ? error.rule : "throws";
      const { message } = error as Error;
      this.failures.push({ kind, seed, steps, rule, message });
    }
  }

  #count({ world, heaviest, left, ports }: Outcome): void {
    this.deliveries += world.deliveries;
    this.messages += world.messagesRead;
    this.moves += world.moves;
    this.fusions += world.fusions;
    this.met += world.met;
    this.heaviest = Math.max(this.heaviest, heaviest);
    this.portsLeft += ports;
    addLeftovers(this.left, left);
    addTo(this.faults, world.faults);
    addTo(this.judged, world.judged);
  }

  /** Adds what was played elsewhere. */
  add(tally: Tally): void {
    for (const sum of SUMS) this[sum] += tally[sum];
    this.heaviest = Math.max(this.heaviest, tally.heaviest);
    addLeftovers(this.left, tally.left);
    addTo(this.faults, Object.entries(tally.faults));
    addTo(this.judged, Object.entries(tally.judged));
    addTo(this.coverage.counts, Object.entries(tally.coverage));
    this.failures.push(...tally.failures);
  }

  /** All of them, to be written down. */
  toTally(): Tally {
    const sums = Object.fromEntries(SUMS.map((sum) => [sum, this[sum]]));
    return {
      ...sums as Record<typeof SUMS[number], number>,
      heaviest: this.heaviest,
      left: this.left,
      faults: Object.fromEntries(this.faults),
      judged: Object.fromEntries(this.judged),
      coverage: Object.fromEntries(this.coverage.counts),
      failures: this.failures,
    };
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

/** Plays the schedules of a part. */
export function playPart({ kind, steps, first, count }: Part): Figures {
  const figures = new Figures();
  figures.coverage.during(() => {
    for (let seed = first; seed < first + count; seed++) {
      figures.play(drawSchedule(kind, seed, steps));
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

function addLeftovers(left: Leftovers, more: Readonly<Leftovers>): void {
  for (const key of ["moving", "proxies", "parked", "astray"] as const) {
    left[key] += more[key];
  }
}

function list(counts: Iterable<[string, number]>): string {
  return [...counts].map(([key, count]) => `${key} ${count}`).sort().join(" ");
}
