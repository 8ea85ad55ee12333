/**
 * What a small world is made of, and what people do in it.
 *
 * @module
 */
import type { Limits } from "../../core/limits.ts";

/** What a small world is made of. */
export interface WorldPlan {
  /** What it is called. */
  readonly name: string;
  /** How many nodes. */
  readonly nodes: number;
  /**
   * How they are linked: every two of them; or each to its parent only, whose other
   * children are reached by relay, or over a direct link, or one of the two as it happens.
   */
  readonly links: "mesh" | "relayed" | "direct" | "either";
  /** The parent of each node but the first; node 0 when not given. */
  readonly parents?: readonly number[];
  /** The nodes that hold the ends of each pipe. The ends of the first are `a` and `A`, and so on. */
  readonly pipes: readonly (readonly [number, number])[];
  /**
   * What each person does: `send a b B` sends a message on `a` with `b` and `B`, `read a` reads one
   * message, `close a`, `fuse a B`, `kill 1` ends a node, `cut 0 1` loses a link.
   */
  readonly people: readonly (readonly string[])[];
  /** Messages are read only where somebody reads, and when nothing else can happen. */
  readonly lazy?: boolean;
  /** Bytes of each message; 8 when not given. */
  readonly bytes?: number;
  /** What each node may cost the others; tiny when not given. */
  readonly limits?: Limits;
}

/** One thing that somebody does. */
export interface Operation {
  readonly verb: string;
  /** The ends it is done with. */
  readonly ends: readonly string[];
  /** Or the nodes it is done to. */
  readonly nodes: readonly number[];
  /** Its number in the world: the message that is sent has it. */
  readonly id: number;
}

/** What each person does, one after the other. */
export function operationsOf(plan: WorldPlan): Operation[][] {
  let id = 0;
  return plan.people.map((deeds) =>
    deeds.map((deed) => {
      const [verb, ...ends] = deed.split(" ");
      return { verb: verb!, ends, nodes: ends.map(Number), id: id++ };
    })
  );
}
