/**
 * A working implementation, and the two places its caller can be in.
 *
 * @module
 */
import type { Implementation } from "../../../core/bindings/interface.ts";
import type { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { join, quiet } from "../system/memory_transport.ts";
import type { Switchboard } from "./switchboard.magen.ts";

/** Does what the names of the methods say. Parts can be replaced. */
export function board(
  parts: Partial<Implementation<Switchboard>> = {},
): Implementation<Switchboard> {
  return {
    add: (a, b) => ({ sum: a + b }),
    echo: (text, data) => ({ text, data }),
    join: (words) => ({ text: words.join(" ") }),
    swap: (pipe) => ({ pipe }),
    swapAll: (pipes) => ({ pipes: [...pipes].reverse() }),
    ping: () => {},
    note: () => {},
    keep: (pipe) => pipe.close(),
    ...parts,
  };
}

/** A pipe from a caller to a receiver. */
export interface Line {
  /** The caller's end, and its node. */
  readonly caller: MessagePipe;
  readonly callerNode: NodeRuntime;
  /** The receiver's end, and its node. */
  readonly called: MessagePipe;
  readonly calledNode: NodeRuntime;
  /** How many ports there are on all nodes once everything was said. */
  ports(): Promise<number>;
}

/** Runs a test twice: with both ends on one node, and with a link between them. */
export function onBoth(name: string, test: (line: Line) => Promise<void>): void {
  Deno.test(`${name}, on one node`, async () => {
    const runtime = new NodeRuntime(seededEnvironment(1));
    const [caller, called] = runtime.createMessagePipe();
    await test({
      caller,
      called,
      callerNode: runtime,
      calledNode: runtime,
      ports: async () => {
        await quiet();
        return runtime.node.ports.size;
      },
    });
  });
  Deno.test(`${name}, over a link`, async () => {
    const { here, there, inviter, invitee } = await join({ writeBytes: 100 });
    await test({
      caller: here.pipe,
      called: there.pipe,
      callerNode: inviter,
      calledNode: invitee,
      ports: async () => {
        await quiet();
        return inviter.node.ports.size + invitee.node.ports.size;
      },
    });
    await here.close();
    await there.close();
  });
}
