/**
 * Whole runs: a world of some kind, so many random steps, then what is left unread is read, everything
 * is closed, and nothing may be left.
 *
 * @module
 */
import { check } from "./broken.ts";
import { Hostility } from "./hostility.ts";
import { checkRest, checkStep, countPorts, type Leftovers } from "./invariants.ts";
import { type Chances, Player } from "./player.ts";
import { Random } from "./random.ts";
import type { Topology } from "./topology.ts";
import { World } from "./world.ts";

/** What the schedules of one name have in common. */
export interface Kind extends Chances {
  readonly topology: Topology;
  /** The fewest and the most nodes. */
  readonly nodes: readonly [number, number];
  /** The most hostile nodes; there is at least one, if any. */
  readonly hostile: number;
}

const kind = (
  topology: Topology,
  nodes: readonly [number, number],
  kills: boolean,
  hostile = 0,
): Kind => ({ topology, nodes, kills, hostile });

/** All kinds by name. */
export const KINDS: Readonly<Record<string, Kind>> = {
  "mesh": kind("mesh", [2, 4], false),
  "mesh-kills": kind("mesh", [2, 5], true),
  "partial": kind("partial", [3, 6], false),
  "partial-kills": kind("partial", [3, 6], true),
  "relayed": kind("relayed", [3, 5], false),
  "relayed-kills": kind("relayed", [3, 5], true),
  "direct": kind("direct", [3, 5], false),
  "direct-kills": kind("direct", [3, 5], true),
  "either": kind("either", [3, 6], false),
  "either-kills": kind("either", [3, 6], true),
  "mixed": kind("mixed", [3, 5], false),
  "mixed-kills": kind("mixed", [3, 5], true),
  "tree": kind("tree", [4, 6], false),
  "tree-kills": kind("tree", [4, 6], true),
  "isolated": kind("isolated", [4, 6], false),
  "isolated-kills": kind("isolated", [4, 6], true),
  "mesh-hostile": kind("mesh", [3, 5], false, 2),
  "relayed-hostile": kind("relayed", [3, 5], false, 2),
  "direct-hostile": kind("direct", [3, 5], false, 2),
  "either-hostile": kind("either", [3, 6], false, 3),
  "mixed-hostile": kind("mixed", [3, 5], false, 2),
  "tree-hostile": kind("tree", [4, 6], false, 2),
  "isolated-hostile": kind("isolated", [4, 6], false, 2),
  "isolated-hostile-kills": kind("isolated", [4, 6], true, 2),
  "tree-hostile-kills": kind("tree", [4, 6], true, 2),
  "either-hostile-kills": kind("either", [3, 6], true, 2),
};

/** One run, to the last decision. */
export interface Schedule {
  readonly kind: string;
  readonly seed: number;
  readonly nodes: number;
  /** The seeds of its steps. */
  readonly steps: readonly number[];
}

/** The schedule of a seed. */
export function drawSchedule(name: string, seed: number, count: number): Schedule {
  const random = new Random(seed), [fewest, most] = KINDS[name]!.nodes;
  const nodes = fewest + random.below(most - fewest + 1);
  const steps = Array.from({ length: count }, () => random.next());
  return { kind: name, seed, nodes, steps };
}

/** What a run came to. */
export interface Outcome {
  readonly world: World;
  /** Deliveries for each open pipe that coming to rest took at most. */
  readonly heaviest: number;
  /** What hostile nodes left behind before everything was closed. */
  readonly left: Leftovers;
  /** Ports that are left after everything was closed. */
  readonly ports: number;
}

/** Plays a schedule. Throws at the first promise that is not kept. */
export function play(schedule: Schedule, print?: (line: string) => void): Outcome {
  const { topology, hostile, ...chances } = KINDS[schedule.kind]!;
  const { seed, nodes, steps } = schedule, random = new Random(seed ^ 0x7ee1);
  const enemies = hostile === 0 ? 0 : 1 + random.below(Math.min(hostile, nodes - 2));
  const wealth = new Random(seed ^ 0x7417f7), poor = wealth.oneIn(3);
  const world = new World({ seed, topology, nodes, hostile: enemies, poor, print });
  const hostility = enemies === 0 ? null : new Hostility(world, seed);
  const player = new Player(world, chances, hostility, random);
  if (wealth.oneIn(2)) player.bulk = 3;
  for (const step of steps) {
    world.trace.note(step, () => `step ${step.toString(16)}`);
    player.step(step);
    checkStep(world);
  }
  world.trace.note("everything heals");
  for (const node of world.hostile) world.killNode(node, random);
  player.rest();
  const left = checkRest(world);
  player.readAll();
  checkRest(world);
  player.closeAll();
  const ports = countPorts(world);
  check(enemies > 0 || ports === 0, "ports-left", () => `${ports} ports are left`);
  return { world, heaviest: player.heaviest, left, ports };
}
