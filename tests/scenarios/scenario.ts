/**
 * What a scenario is.
 *
 * @module
 */
import type { Network } from "./network.ts";

/** Something that is done with a network of a broker and four members. */
export interface Scenario {
  /** A sentence. */
  readonly name: string;
  /** Whether it belongs to the half that runs over every kind of link. */
  readonly everywhere: boolean;
  /** Whether it takes more than one node. */
  readonly takesMany?: boolean;
  /** Does it. What it leaves open is closed after it. */
  run(network: Network): Promise<void>;
}

/** How many members a scenario finds. */
export const MEMBERS = 4;
