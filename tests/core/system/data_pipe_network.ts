/**
 * Three nodes, two of them members of the first, between which the ends of data pipes move.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Limits } from "../../../core/limits.ts";
import type { Handle } from "../../../core/system/handle.ts";
import type { MessagePipe } from "../../../core/system/message_pipe.ts";
import type { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { bytes, join, type Pair, quiet } from "./memory_transport.ts";

/** One of them. The first is between the other two. */
export type Place = 0 | 1 | 2;

/** Three nodes, and a message pipe from the first to each other one. */
export class DataPipeNetwork {
  /** The nodes. */
  readonly nodes: readonly NodeRuntime[];
  readonly #pairs: readonly Pair[];

  private constructor(nodes: readonly NodeRuntime[], pairs: readonly Pair[]) {
    this.nodes = nodes;
    this.#pairs = pairs;
  }

  /** Joins three new nodes. */
  static async start(
    options: { readonly limits?: Limits; readonly roomBytes?: number } = {},
  ): Promise<DataPipeNetwork> {
    const one = await join(options);
    const two = await join({ ...options, inviter: one.inviter });
    return new DataPipeNetwork([one.inviter, one.invitee, two.invitee], [one, two]);
  }

  /** The link and the pipe between the first node and the member `to`. */
  pair(to: 1 | 2): Pair {
    return this.#pairs[to - 1]!;
  }

  /** Sends `handle` from one node to another, over the first, or around on one. */
  async move<T extends Handle>(handle: T, from: Place, to: Place): Promise<T> {
    if (from === to) {
      const [one, two] = this.nodes[from]!.createMessagePipe();
      const moved = await pass(handle, one, two);
      one.close();
      two.close();
      return moved;
    }
    if (from !== 0) {
      const { here, there } = this.pair(from);
      handle = await pass(handle, there.pipe, here.pipe);
    }
    if (to === 0) return handle;
    const { here, there } = this.pair(to);
    return await pass(handle, here.pipe, there.pipe);
  }

  /** Checks that nothing is left once all ends are closed, and ends. */
  async end(): Promise<void> {
    for (const { here, there } of this.#pairs) {
      here.pipe.close();
      there.pipe.close();
    }
    await quiet();
    for (const { node } of this.nodes) {
      assertEquals(node.ports.size, 0);
      for (const link of node.links()) {
        const { pipes, unreadBytes, lent, parkedBytes, hungry } = link;
        assertEquals([pipes, unreadBytes, lent, parkedBytes, hungry.size], [
          0,
          0,
          0,
          0,
          0,
        ]);
      }
    }
    for (const { here, there } of this.#pairs) {
      await here.close();
      await there.close();
    }
  }
}

/** Sends `handle` from one end of a message pipe to the other. */
export async function pass<T extends Handle>(
  handle: T,
  from: MessagePipe,
  to: MessagePipe,
): Promise<T> {
  assertEquals(from.write(bytes(""), [handle]), "OK");
  return (await to.receive())!.handles[0] as T;
}
