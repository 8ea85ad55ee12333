/**
 * Which nodes will never exchange an event again, by what happened to the links between them.
 *
 * @module
 */
import type { Lane } from "./lane.ts";
import {
  brokerOf,
  hasBroker,
  isBelow,
  type Joint,
  netOf,
  type Topology,
} from "./topology.ts";

/** Who cannot reach whom. */
export class Separation {
  readonly #topology: Topology;
  readonly #nodes: number;
  readonly #lanes: readonly Lane[];
  readonly #apart: Set<string> = new Set();

  /** Without a broker, all that no joint joins are apart from the start. */
  constructor(
    topology: Topology,
    nodes: number,
    found: readonly Joint[],
    lanes: readonly Lane[],
  ) {
    this.#topology = topology;
    this.#nodes = nodes;
    this.#lanes = lanes;
    if (hasBroker(topology)) return;
    for (let i = 0; i < nodes; i++) {
      for (let j = i + 1; j < nodes; j++) {
        if (!found.some(({ one, other }) => one === i && other === j)) this.part(i, j);
      }
    }
  }

  /** Whether the two will never exchange an event again, or never could. */
  areApart(one: number, other: number): boolean {
    return one !== other && this.#apart.has(pairOf(one, other));
  }

  /** They will not. */
  part(one: number, other: number): void {
    if (one !== other) this.#apart.add(pairOf(one, other));
  }

  /** Lane `lane` is no more. */
  cut({ from, to, introduced }: Lane): void {
    this.part(from, to);
    if (introduced) return;
    if (brokerOf(this.#topology, from) === to) this.#cutBelow(from);
    if (brokerOf(this.#topology, to) === from) this.#cutBelow(to);
  }

  /** A node is no more. */
  died(node: number): void {
    this.#cutBelow(node);
    for (let one = 0; one < this.#nodes; one++) {
      this.part(node, one);
      if (!isBelow(this.#topology, one, node)) continue;
      for (let other = 0; other < one; other++) {
        // Those that it brought in know each other by what links they have, and not otherwise.
        const both = isBelow(this.#topology, other, node);
        if (both && !this.#areLinked(one, other)) this.part(one, other);
      }
    }
  }

  /** `member` and those below it are gone for all others that know them through a broker. */
  #cutBelow(member: number): void {
    for (let one = 0; one < this.#nodes; one++) {
      if (!isBelow(this.#topology, one, member)) continue;
      for (let other = 0; other < this.#nodes; other++) {
        if (isBelow(this.#topology, other, member) || this.#arePeers(one, other)) {
          continue;
        }
        // No broker has a part in what two networks have with each other.
        if (netOf(this.#topology, one) !== netOf(this.#topology, other)) continue;
        this.part(one, other);
      }
    }
  }

  /** Whether the two have a link that no broker has a part in. */
  #arePeers(one: number, other: number): boolean {
    return this.#lanes.some((lane) =>
      lane.from === one && lane.to === other && lane.output.role === "peer" &&
      !lane.cut && !lane.back.cut && !lane.introduced
    );
  }

  #areLinked(one: number, other: number): boolean {
    return this.#lanes.some((lane) =>
      lane.from === one && lane.to === other && !lane.cut && !lane.back.cut &&
      !lane.held && !lane.back.held
    );
  }
}

/** The same for two nodes in either order. */
export function pairOf(one: number, other: number): string {
  return one < other ? `${one}-${other}` : `${other}-${one}`;
}
