import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Figures, playPart } from "./batch.ts";
import { fromText, keptSchedules, toText } from "./kept.ts";
import { drawSchedule, KINDS, play, type Schedule } from "./schedule.ts";
import { shrink } from "./shrink.ts";

const SCHEDULES_PER_KIND = 120, STEPS = 200;
const STATES = ["open", "moving", "proxy", "unknown"];
const EVENT_NAMES = ["Message", "Hello", "Switch", "Skip", "Closed", "Probe"];
const HONEST = Object.keys(KINDS).filter((name) => KINDS[name]!.hostile === 0);
const HOSTILE = Object.keys(KINDS).filter((name) => KINDS[name]!.hostile > 0);

function played(kinds: readonly string[]) {
  const figures = new Figures(), count = SCHEDULES_PER_KIND;
  for (const kind of kinds) {
    figures.add(playPart({ kind, steps: STEPS, first: 1, count }).toTally());
  }
  const failures = figures.failures.map(({ kind, seed, message }) =>
    `${kind} seed ${seed}: ${message}`
  );
  assertEquals(failures, [], `deno task sim --steps ${STEPS} makes them small`);
  return figures;
}

Deno.test("World keeps every promise among honest nodes, whatever is lost", () => {
  const { messages, moves, fusions, met, faults, judged, portsLeft, coverage } = played(
    HONEST,
  );
  const least = HONEST.length * SCHEDULES_PER_KIND;
  assert(messages > least * 10, `only ${messages} messages were read`);
  assert(moves > least * 5, `only ${moves} ends were sent`);
  assert(fusions > least / 2, `only ${fusions} pipes were fused`);
  assert(met > least / 20, `only ${met} links came of introductions`);
  for (const fault of ["link", "node", "broker", "meeting", "split", "cut", "stall"]) {
    assert((faults.get(fault) ?? 0) > 20, `${fault}: ${faults.get(fault)}`);
  }
  assertEquals(judged.size, 0);
  assertEquals(portsLeft, 0);
  for (const state of ["open", "moving", "proxy"]) {
    for (const name of EVENT_NAMES) {
      if (name === "Skip" && state !== "proxy") continue; // Nobody honest asks for it.
      assert(coverage.counts.has(`${state} ${name} handled`), `${state} ${name}`);
    }
  }
});

Deno.test("World keeps every promise to those that no hostile node was on a pipe with", () => {
  const { faults, judged, coverage } = played(HOSTILE);
  for (const fault of ["forged", "replayed", "flipped", "withheld"]) {
    assert((faults.get(fault) ?? 0) > 50, `${fault}: ${faults.get(fault)}`);
  }
  const rules = [
    "accepted-not-moving",
    "accepted-not-sent-there",
    "number-repeated",
    "skip-not-asked",
  ];
  for (const rule of rules) assert(judged.has(rule), `nobody broke ${rule}`);
  for (const state of STATES) {
    for (const name of [...EVENT_NAMES, "Accepted", "Bypass"]) {
      assert(coverage.pairs.has(`${state} ${name}`), `no ${name} met a port ${state}`);
    }
  }
});

Deno.test("World runs the same way again when the seed is the same", () => {
  for (const kind of Object.keys(KINDS)) {
    const hashOf = (seed: number) =>
      play(drawSchedule(kind, seed, STEPS)).world.trace.hash;
    for (let seed = 1; seed <= 3; seed++) {
      assertEquals(hashOf(seed), hashOf(seed));
      assertNotEquals(hashOf(seed), hashOf(seed + 1000));
    }
  }
});

for (const [name, schedule] of keptSchedules()) {
  Deno.test(`World keeps the promise that ${name} once broke`, () => {
    play(schedule);
  });
}

Deno.test("toText keeps a schedule to the last step", () => {
  const schedule = drawSchedule("mesh", 7, 20);
  assertEquals(fromText(toText(schedule)), schedule);
});

Deno.test("shrink leaves out every step that a failure does not need", () => {
  const schedule = drawSchedule("mesh", 5, 64), needed = [3, 40, 41];
  const breaks = ({ steps }: Schedule) =>
    needed.every((i) => steps.includes(schedule.steps[i]!)) ? "rule" : null;
  assertEquals(shrink(schedule, breaks).steps, needed.map((i) => schedule.steps[i]!));
  assertEquals(shrink(schedule, () => null), schedule);
});
