/**
 * Who is linked to whom at the start, and who may come to be.
 *
 * @module
 */
import type { Random } from "./random.ts";

/**
 * Without a broker: every two nodes are linked (`mesh`), or only some (`partial`). With node 0 as the
 * broker of all others: it passes on what they say (`relayed`), arranges direct links (`direct`), or a
 * seed decides (`either`); `mixed` adds links that the broker has no part in. In a `tree` node 1 is a
 * broker too. `isolated` is two networks, of the nodes with even and with odd numbers, whose brokers are
 * nodes 0 and 1; one link or two join some node of each, and the two are isolated from each other.
 */
export type Topology =
  | "mesh"
  | "partial"
  | "relayed"
  | "direct"
  | "either"
  | "mixed"
  | "tree"
  | "isolated";

/** A link to begin with. With a broker at its first end, the second is its member. */
export interface Joint {
  readonly one: number;
  readonly other: number;
  readonly brokered: boolean;
  readonly isolated?: boolean;
}

/** The network that `node` is in. */
export function netOf(topology: Topology, node: number): number {
  return topology === "isolated" ? node % 2 : 0;
}

/** Whether node 0 is a broker. */
export function hasBroker(topology: Topology): boolean {
  return topology !== "mesh" && topology !== "partial";
}

/** The broker of `node`, or `null`. */
export function brokerOf(topology: Topology, node: number): number | null {
  if (!hasBroker(topology) || node === netOf(topology, node)) return null;
  if (topology === "isolated") return netOf(topology, node);
  return topology === "tree" && node > 2 ? 1 : 0;
}

/** Whether `node` is `other`, or was brought into the network by it or by one below it. */
export function isBelow(topology: Topology, node: number, other: number): boolean {
  for (let at: number | null = node; at !== null; at = brokerOf(topology, at)) {
    if (at === other) return true;
  }
  return false;
}

/** The links to begin with, between so many nodes. */
export function joints(topology: Topology, nodes: number, random: Random): Joint[] {
  const found: Joint[] = [];
  for (let other = 1; other < nodes; other++) {
    const broker = brokerOf(topology, other);
    if (broker !== null) found.push({ one: broker, other, brokered: true });
    // Each node is linked to one before it, so that nobody is alone.
    const sure = topology === "partial" ? random.below(other) : -1;
    for (let one = broker === null ? 0 : 1; one < other; one++) {
      const linked = topology === "mesh" || one === sure ||
        ((topology === "partial" || topology === "mixed") && random.oneIn(3));
      if (linked) found.push({ one, other, brokered: false });
    }
  }
  if (topology !== "isolated") return found;
  for (let links = random.oneIn(3) ? 2 : 1; links > 0; links--) {
    const one = 2 * random.below((nodes + 1) >> 1);
    const other = 2 * random.below(nodes >> 1) + 1;
    if (found.some((joint) => joint.one === one && joint.other === other)) continue;
    found.push({ one, other, brokered: false, isolated: true });
  }
  return found;
}
