/**
 * The kinds of link that scenarios run over.
 *
 * @module
 */
import type { SpawnOptions } from "@mage/ipc";
import { memoryTransports } from "../../transports/memory.ts";
import { shuffledTransports } from "../transports/shuffled_transport.ts";
import { MemoryNetwork } from "./memory_network.ts";
import type { Network } from "./network.ts";
import { SpawnedNetwork } from "./spawned_network.ts";

/** One kind of link. */
export interface LinkKind {
  /** For people. */
  readonly name: string;
  /** Whether only a chosen half of the scenarios runs over it. */
  readonly half: boolean;
  /** Makes a broker without members. */
  gather(): Network;
}

const config = new URL("../../deno.json", import.meta.url);
const UNIX: SpawnOptions = { config, siblings: true };
const INHERITED: SpawnOptions = { config, link: "inherited", siblings: true };
const WORKER: SpawnOptions = { link: "worker", permissions: "inherit" };

let seed = 0;
const shuffled = () => shuffledTransports(++seed).transports;
const roomy = () => memoryTransports({ roomBytes: Infinity });

/** All of them. */
export const LINK_KINDS: readonly LinkKind[] = [
  {
    name: "memory",
    half: false,
    gather: () => new MemoryNetwork(roomy, true),
  },
  {
    name: "memory, shuffled",
    half: false,
    gather: () => new MemoryNetwork(shuffled, true),
  },
  {
    name: "memory, shuffled and relayed",
    half: false,
    gather: () => new MemoryNetwork(shuffled, false),
  },
  {
    name: "worker",
    half: false,
    gather: () => new SpawnedNetwork(WORKER),
  },
  {
    name: "unix",
    half: false,
    gather: () => new SpawnedNetwork(UNIX),
  },
  {
    name: "unix, relayed",
    half: true,
    gather: () => new SpawnedNetwork({ config }),
  },
  {
    name: "inherited",
    half: true,
    gather: () => new SpawnedNetwork(INHERITED),
  },
  {
    // The first two are linked to each other; all else is relayed.
    name: "unix, worker and inherited",
    half: true,
    gather: () => new SpawnedNetwork(UNIX, UNIX, WORKER, INHERITED),
  },
];
