/**
 * The nodes that a node knows.
 *
 * @module
 */
import type { Limits } from "../limits.ts";
import { Name } from "../names.ts";
import { Link, Neighbor, type TakenLimits } from "./link.ts";

/** One object for each node, so that comparing is by reference. */
export class Neighbors {
  /** The node itself, over its loopback link. */
  readonly self: Neighbor;
  readonly #others: Map<string, Neighbor> = new Map();
  /** Every node there is no link to: a hop there is lost from the start. */
  readonly #unreachable: Neighbor = new Neighbor(new Name(0, 0, 0, 0), false);

  /** Makes a table for the node `name`. */
  constructor(name: Name, limits: Limits) {
    this.self = new Neighbor(name, true);
    this.self.link = new Link(this.self, limits, limits, () => {});
    this.#unreachable.lostReason =
      "it leads to a process that this one has no link to (children cannot be connected to each other yet)";
  }

  /**
   * Adds a link to the node `name`. `null` if there is one, or if it is this node itself; and also if
   * there was one: a pair that was lost stays lost. Over a second link one side would wait for events
   * that were lost with the first.
   */
  add(name: Name, limits: Limits, theirs: TakenLimits, wake: () => void): Link | null {
    if (name.equals(this.self.name)) return null;
    const neighbor = new Neighbor(name, false);
    if (this.#others.has(neighbor.key)) return null;
    this.#others.set(neighbor.key, neighbor);
    return neighbor.link = new Link(neighbor, limits, theirs, wake);
  }

  /** The node whose name the 16 bytes at `at` spell. */
  resolve(view: DataView, at: number): Neighbor {
    if (this.self.name.matches(view, at)) return this.self;
    return this.#others.get(Name.read(view, at).toString()) ?? this.#unreachable;
  }
}
