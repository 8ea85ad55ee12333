import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import { BadMessageError, MisuseError } from "../../../core/errors.ts";
import type { Handle } from "../../../core/system/handle.ts";
import type { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { platformHandle } from "../../../core/system/platform_handle.ts";
import { inStudio, studio } from "./studio.ts";
import { Studio } from "./studio.magen.ts";
import { onBoth } from "./switchboard.ts";

type Carried = Parameters<Studio["carry"]>;

/** One handle of each kind, in the order of the parameters, and what has to be closed besides. */
function handles(node: NodeRuntime): { each: Handle[]; rest: Handle[] } {
  const rest: Handle[] = [];
  const pipe = () => {
    const [one, other] = node.createMessagePipe();
    rest.push(other);
    return one;
  };
  const [producer, consumer] = node.createDataPipe();
  const each = [
    pipe(),
    producer,
    consumer,
    node.createSharedBuffer(8),
    platformHandle(pipe(), "conn"),
    platformHandle(pipe(), "file"),
    platformHandle(pipe(), "conn"),
    platformHandle(pipe(), "listener"),
  ];
  return { each, rest };
}

inStudio(
  "Handles of every kind are sent and received as what they are",
  {},
  async (bound) => {
    const { remote, callerNode } = bound, { each, rest } = handles(callerNode);
    const { kinds } = await remote.carry(...each as unknown as Carried);
    assertEquals(
      kinds,
      "MessagePipe DataPipeProducer DataPipeConsumer SharedBuffer ConnHandle " +
        "FileHandle ConnHandle ListenerHandle",
    );
    for (const handle of each) assertEquals(handle.isHeld, false);
    for (const handle of rest) handle.close();
  },
);

inStudio("Remote refuses a handle of another kind, and keeps all", {}, async (bound) => {
  const { remote, callerNode } = bound, { each, rest } = handles(callerNode);
  const names = [
    ["any", undefined, "Handle"],
    ["producer", 2, "DataPipeProducer"],
    ["consumer", 1, "DataPipeConsumer"],
    ["buffer", 0, "SharedBuffer"],
    ["platform", 0, "PlatformHandle"],
    ["file", 4, "FileHandle"],
    ["conn", 5, "ConnHandle"],
    ["listener", 6, "ListenerHandle"],
  ] as const;
  for (const [i, [name, other, kind]] of names.entries()) {
    const wrong = [...each];
    wrong[i] = other === undefined ? {} as Handle : each[other]!;
    assertThrows(
      () => remote.carry(...wrong as unknown as Carried),
      MisuseError,
      `argument '${name}': it must be a ${kind}`,
    );
  }
  for (const handle of each) assert(handle.isHeld);
  for (const handle of [...each, ...rest]) handle.close();
  assertEquals((await remote.small("a")).length, 1);
});

onBoth("Receiver closes at a handle of another kind", async (line) => {
  let calls = 0;
  const receiver = new Receiver(
    Studio,
    studio({ invite: () => ({ seen: `${calls++}` }) }),
    line.called,
  );
  const remote = new Remote(Studio, line.caller);
  const [producer, consumer] = line.callerNode.createDataPipe();
  // A pipe is what goes with this call: a data pipe is put in its place.
  const stranger = remote.$.unbind();
  const bytes = new Uint8Array(24), view = new DataView(bytes.buffer);
  bytes[0] = bytes[1] = bytes[2] = 1;
  view.setUint32(4, Studio.methods.find(([, name]) => name === "Invite")![0], true);
  view.setUint32(12, 24, true);
  view.setUint32(16, 4, true);
  stranger.write(bytes, [producer]);
  const reason = await receiver.closed;
  assertInstanceOf(reason, BadMessageError);
  assertEquals([reason.rule, reason.path, calls], ["handle-kind", "viewer", 0]);
  assertEquals(
    reason.message,
    "Bad message in studio.Studio.Invite: handle-kind at byte 24 in 'viewer'",
  );
  consumer.close();
  stranger.close();
  assertEquals(await line.ports(), 0);
});
