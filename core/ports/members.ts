/**
 * The members of a network that are below a node: those that it brought in, and those that they did.
 *
 * A member further down has a link here too, whose frames leave by the link of the member above it. It
 * is for frames about nodes; events between it and this node take the way of any two members that are
 * relayed.
 *
 * @module
 */
import type { Name } from "../names.ts";
import {
  type MemberLimits,
  NODE_FRAME_BYTES,
  NodeFrameType,
} from "../wire/node_frame.ts";
import { Link, Neighbor } from "./link.ts";
import type { Neighbors } from "./neighbors.ts";
import { Passage } from "./passage.ts";

/** Members further down that one member may have brought in. More of them are not taken in. */
const MAX_BELOW = 1024;

/** The members below a node. */
export class Members {
  readonly #neighbors: Neighbors;
  readonly #below: Map<string, Link> = new Map();

  /** Makes a table of those among `neighbors`, and of those below them. */
  constructor(neighbors: Neighbors) {
    this.#neighbors = neighbors;
  }

  /** The link of the member of that name. */
  get(name: Name): Link | null {
    const link = this.#neighbors.get(name)?.link ?? null;
    if (link?.role === "member") return link;
    return this.#below.get(name.toString()) ?? null;
  }

  /** Takes in a member that has joined below `carrier`. The rule that breaks, or `null`. */
  adopt(name: Name, limits: MemberLimits, carrier: Link): string | null {
    if (limits.maxFrameBytes < 1024) return "member-frame-limit"; // Hostile.
    // Hostile: names are random, and each node has one broker.
    if (this.#neighbors.self.name.equals(name) || this.get(name) !== null) {
      return "member-known";
    }
    if (this.below(carrier).length >= MAX_BELOW) return "too-many-members"; // Hostile.
    const neighbor = new Neighbor(name, false);
    const { output, maxPipesPerMessage } = carrier;
    const maxFrameBytes = Math.min(limits.maxFrameBytes, output.maxFrameBytes);
    const link = new Link(neighbor, "member", carrier.limits, {
      maxFrameBytes: maxFrameBytes - NODE_FRAME_BYTES,
      maxPipesPerMessage: Math.min(limits.maxPipesPerMessage, maxPipesPerMessage),
    });
    neighbor.link = link;
    link.start(new Passage(link, carrier, NodeFrameType.Passed, name));
    this.#below.set(neighbor.key, link);
    return null;
  }

  /** Forgets a member further down. */
  forget(link: Link): void {
    this.#below.delete(link.neighbor.key);
    link.ended();
  }

  /** Those that came by `carrier`. */
  below(carrier: Link): Link[] {
    return [...this.#below.values()].filter((link) => link.carrier === carrier);
  }

  /** All of them. */
  all(): Link[] {
    const direct = this.#neighbors.links().filter((link) => link.role === "member");
    return [...direct, ...this.#below.values()];
  }
}
