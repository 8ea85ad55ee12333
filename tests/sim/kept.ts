/**
 * Schedules that broke a promise once, kept as files that are played for ever.
 *
 * @module
 */
import type { Schedule } from "./schedule.ts";

const FOLDER = new URL("./kept/", import.meta.url);

/** A schedule as a file holds it. */
interface KeptSchedule {
  readonly kind: string;
  readonly seed: number;
  readonly nodes: number;
  /** The seeds of its steps, in hexadecimal. */
  readonly steps: string;
}

/** What a file holds that keeps `schedule`. */
export function toText({ kind, seed, nodes, steps }: Schedule): string {
  const hex = steps.map((step) => step.toString(16)).join(" ");
  const kept: KeptSchedule = { kind, seed, nodes, steps: hex };
  return `${JSON.stringify(kept, null, 2)}\n`;
}

/** The schedule in such a file. */
export function fromText(text: string): Schedule {
  const { steps, ...rest }: KeptSchedule = JSON.parse(text);
  const seeds = steps === "" ? [] : steps.split(" ").map((step) => parseInt(step, 16));
  return { ...rest, steps: seeds };
}

/** Keeps `schedule`, which breaks the promise `rule`. Returns the name of the file. */
export function keep(schedule: Schedule, rule: string): string {
  const words = rule.replaceAll(/[^\w]+/g, "_").slice(0, 40);
  const name = `${schedule.kind}_${words}_${schedule.seed}.json`;
  Deno.mkdirSync(FOLDER, { recursive: true });
  Deno.writeTextFileSync(new URL(name, FOLDER), toText(schedule));
  return name;
}

/** All that are kept, by the names of their files. */
export function keptSchedules(): [name: string, schedule: Schedule][] {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    .filter((name) => name.endsWith(".json")).sort();
  return names.map((name) => [
    name,
    fromText(Deno.readTextFileSync(new URL(name, FOLDER))),
  ]);
}
