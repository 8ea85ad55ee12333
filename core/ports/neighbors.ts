/**
 * The nodes that a node knows.
 *
 * @module
 */
import type { Limits } from "../limits.ts";
import { Name } from "../names.ts";
import { Link, Neighbor, type Role, type TakenLimits } from "./link.ts";

/** One object for each node, so that comparing is by reference. */
export class Neighbors {
  /** The node itself, over its loopback link. */
  readonly self: Neighbor;
  /** Asked for a link to a node that is named for the first time; `null` when there is no way to it. */
  introduce: (name: Name, namer: Neighbor) => Neighbor | null = () => null;
  readonly #others: Map<string, Neighbor> = new Map();
  /** Every node there is no way to: a hop there is lost from the start. */
  readonly #unreachable: Neighbor = new Neighbor(new Name(0, 0, 0, 0), false);

  /** Makes a table for the node `name`. */
  constructor(name: Name, limits: Limits) {
    this.self = new Neighbor(name, true);
    this.self.link = new Link(this.self, "self", limits, limits);
    this.#unreachable.lostReason =
      "it leads to a process or worker that this one knows no way to: it has ended, or is of another network";
  }

  /**
   * Adds a link to the node `name`. `null` if there is one, or if it is this node itself; and also if
   * there was one: a pair that was lost stays lost. Over a second link one side would wait for events
   * that were lost with the first. With `isolated` the two are of different networks.
   */
  add(
    name: Name,
    role: Role,
    limits: Limits,
    theirs: TakenLimits,
    isolated = false,
  ): Link | null {
    if (name.equals(this.self.name)) return null;
    const neighbor = new Neighbor(name, false, isolated);
    if (this.#others.has(neighbor.key)) return null;
    this.#others.set(neighbor.key, neighbor);
    return neighbor.link = new Link(neighbor, role, limits, theirs);
  }

  /** The node of that name, if it is known. */
  get(name: Name): Neighbor | null {
    if (name.equals(this.self.name)) return this.self;
    return this.#others.get(name.toString()) ?? null;
  }

  /**
   * The node whose name the 16 bytes at `at` spell, as `namer` says. An isolated one has no say about any
   * but this node and itself.
   */
  resolve(view: DataView, at: number, namer: Neighbor): Neighbor {
    if (this.self.name.matches(view, at)) return this.self;
    if (namer.isolated) return namer.name.matches(view, at) ? namer : this.#unreachable;
    const name = Name.read(view, at);
    return this.#others.get(name.toString()) ?? this.introduce(name, namer) ??
      this.#unreachable;
  }

  /** Forgets a node that is gone for everybody: whoever names it again is told so again. */
  forget(neighbor: Neighbor): void {
    this.#others.delete(neighbor.key);
  }

  /** All links there are, as they are now. */
  links(): Link[] {
    const links: Link[] = [];
    for (const { link } of this.#others.values()) if (link !== null) links.push(link);
    return links;
  }
}
