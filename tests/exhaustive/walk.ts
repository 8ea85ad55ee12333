/**
 * Walks everything that can happen in a small world, in every order.
 *
 * Nodes cannot be copied, so a branch is taken by doing again, from the start, what led to it.
 *
 * @module
 */
import { type Choice, SmallWorld } from "./small_world.ts";
import type { WorldPlan } from "./world_plan.ts";

/** What a walk came across. */
export interface Walk {
  /** Different states. */
  states: number;
  /** Ways from one to the next. */
  transitions: number;
  /** States in which nothing more can happen. */
  ends: number;
  /** Whether all of it was walked. */
  complete: boolean;
  /** What broke first, with the shortest way to it that was found. */
  violation: { readonly what: string; readonly way: readonly string[] } | null;
}

/** Where to stop. */
export interface WalkOptions {
  /** States to walk at most. */
  readonly maxStates?: number;
  /** Told now and then. */
  readonly progress?: (walk: Walk) => void;
}

/** Walks a world until the first violation. */
export function walk(plan: WorldPlan, options: WalkOptions = {}): Walk {
  const { maxStates = Infinity, progress } = options;
  const seen = new Set<number>();
  const result: Walk = {
    states: 0,
    transitions: 0,
    ends: 0,
    complete: true,
    violation: null,
  };
  const way: Choice[] = [];
  const open: Choice[][] = [];
  let world: SmallWorld | null = new SmallWorld(plan);
  /** Looks at where the walk is. False when it was there before. */
  const arrive = (world: SmallWorld): boolean => {
    const print = world.fingerprint();
    if (seen.has(print)) return false;
    seen.add(print);
    result.states++;
    world.check();
    const choices = world.choices();
    if (choices.length === 0) {
      result.ends++;
      world.checkRest();
      return false;
    }
    open.push(choices.reverse());
    return true;
  };
  try {
    arrive(world);
    while (open.length > 0) {
      const choice = open.at(-1)!.pop();
      if (choice === undefined) {
        open.pop();
        way.pop();
        world = null;
        continue;
      }
      if (result.states >= maxStates) {
        result.complete = false;
        break;
      }
      world ??= replay(plan, way);
      way.push(choice);
      result.transitions++;
      world.take(choice);
      if (!arrive(world)) {
        way.pop();
        world = null;
      }
      if (result.transitions % 20_000 === 0) progress?.(result);
    }
  } catch (error) {
    const short = shorten(plan, way);
    result.complete = false;
    result.violation = { what: (error as Error).message, way: story(plan, short) };
  }
  return result;
}

function replay(plan: WorldPlan, way: readonly Choice[]): SmallWorld {
  const world = new SmallWorld(plan);
  for (const choice of way) world.take(choice);
  return world;
}

/** Whether a promise is broken on that way. Null when it cannot be gone. */
function breaks(plan: WorldPlan, way: readonly Choice[]): boolean | null {
  const world = new SmallWorld(plan);
  try {
    for (const choice of way) {
      if (!world.choices().includes(choice)) return null;
      world.take(choice);
      world.check();
    }
    if (world.choices().length === 0) world.checkRest();
    return false;
  } catch {
    return true;
  }
}

/** Leaves out what is not needed. */
function shorten(plan: WorldPlan, way: readonly Choice[]): Choice[] {
  let short = [...way];
  for (let i = short.length - 1; i >= 0; i--) {
    const less = short.toSpliced(i, 1);
    if (breaks(plan, less)) short = less;
  }
  return short;
}

function story(plan: WorldPlan, way: readonly Choice[]): string[] {
  const world = new SmallWorld(plan), lines: string[] = [];
  try {
    for (const choice of way) {
      lines.push(world.describe(choice));
      world.take(choice);
      world.check();
    }
  } catch { /* It is the end of the story. */ }
  return lines;
}
