import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  createInterfacePipe,
  PendingReceiver,
  PendingRemote,
} from "../../../core/bindings/pending.ts";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import { BadMessageError, MisuseError, PipeClosedError } from "../../../core/errors.ts";
import { quiet } from "../system/memory_transport.ts";
import { inStudio, studio } from "./studio.ts";
import { Studio, Viewer } from "./studio.magen.ts";
import { onBoth } from "./switchboard.ts";

Deno.test("createInterfacePipe makes the two ends of an interface", async () => {
  const { remote, receiver } = createInterfacePipe(Viewer);
  const viewer = new Remote(Viewer, remote), early = viewer.show("early");
  using bound = new Receiver(Viewer, { show: (seen) => ({ seen }) }, receiver);
  assertEquals(await early, { seen: "early" });
  let left = "";
  viewer.$.events.onLeave((why) => void (left = why));
  bound.emit.onLeave("done");
  await quiet();
  assertEquals(left, "done");
  // One endpoint under two names: binding it has spent both.
  assertEquals([remote.pipe.isHeld, receiver.pipe.isHeld], [false, false]);
  assertThrows(
    () => new Remote(Viewer, remote),
    MisuseError,
    "it was closed, sent or bound",
  );
  viewer.$.close();
});

Deno.test("createInterfacePipe refuses what is no interface", () => {
  assertThrows(() => createInterfacePipe({} as never), TypeError, "generated interface");
});

Deno.test("PendingRemote and PendingReceiver close their endpoint", async () => {
  const { remote, receiver } = createInterfacePipe(Viewer);
  remote.close();
  remote.close();
  assertInstanceOf(await receiver.pipe.closed, PipeClosedError);
  {
    using _receiver = receiver;
  }
  assertEquals(receiver.pipe.isHeld, false);
});

Deno.test("PendingRemote takes a MessagePipe and nothing else", () => {
  for (const value of [undefined, {}, createInterfacePipe]) {
    assertThrows(() => new PendingRemote(value as never), MisuseError, "MessagePipe");
    assertThrows(() => new PendingReceiver(value as never), MisuseError, "MessagePipe");
  }
});

Deno.test("Remote and Receiver refuse the other end when types do not stop it", () => {
  const { remote, receiver } = createInterfacePipe(Viewer);
  assertThrows(
    () => new Remote(Viewer, receiver as never),
    MisuseError,
    "the end of the receiver",
  );
  assertThrows(() => new Receiver(Viewer, {} as never, remote as never), MisuseError);
  assert(remote.pipe.isHeld && receiver.pipe.isHeld);
  remote.close();
  receiver.close();
});

inStudio(
  "Ends of interfaces are sent, and bound where they arrive",
  {},
  async (bound) => {
    const { remote, callerNode } = bound;
    const [one, other] = callerNode.createMessagePipe();
    const shown: string[] = [];
    using _viewer = new Receiver(Viewer, {
      show: (text) => {
        shown.push(text);
        return { seen: `${text}!` };
      },
    }, new PendingReceiver<Viewer>(other));
    assertEquals(await remote.invite(new PendingRemote(one)), { seen: "hello!" });
    assertEquals(shown, ["hello"]);
    const [near, far] = callerNode.createMessagePipe();
    remote.visit(new PendingReceiver(far));
    using viewer = new Remote(Viewer, new PendingRemote<Viewer>(near));
    assertEquals(await viewer.show("me"), { seen: "me" });
  },
);

inStudio(
  "Remote refuses to send one end for the other, and keeps it",
  {},
  async (bound) => {
    const { remote, callerNode } = bound;
    const [one, other] = callerNode.createMessagePipe();
    const ends = [new PendingReceiver<Viewer>(one), one, undefined, {}];
    for (const end of ends) {
      await assertRejects(
        async () => await remote.invite(end as never),
        MisuseError,
        "argument 'viewer': it must be a PendingRemote",
      );
    }
    const other2 = new PendingRemote<Viewer>(one);
    assertThrows(() => remote.visit(other2 as never), MisuseError, "a PendingReceiver");
    assert(one.isHeld);
    one.close();
    other.close();
  },
);

inStudio("Associated ends cannot be sent yet, and say what to use", {}, async (bound) => {
  const { remote } = bound;
  for (const end of [undefined, {}]) {
    for (
      const send of [() => remote.join(end as never), () => remote.leave(end as never)]
    ) {
      const error = await assertRejects(async () => await send(), MisuseError);
      assertEquals(error.result, "UNIMPLEMENTED");
    }
  }
  assertThrows(() => remote.join({} as never), Error, "use pending_remote");
  assertThrows(() => remote.leave({} as never), Error, "use pending_receiver");
});

for (const name of ["Join", "Leave"]) {
  onBoth(`Receiver closes at an associated end, as in ${name}`, async (line) => {
    const receiver = new Receiver(Studio, studio(), line.called);
    const bytes = new Uint8Array(24), view = new DataView(bytes.buffer);
    bytes[0] = bytes[2] = 1;
    view.setUint32(4, Studio.methods.find(([, method]) => method === name)![0], true);
    view.setUint32(12, 24, true);
    view.setUint32(16, 4, true);
    const [near, far] = line.callerNode.createMessagePipe();
    line.caller.write(bytes, [far]);
    const reason = await receiver.closed;
    assertInstanceOf(reason, BadMessageError);
    assertEquals([reason.rule, reason.path], ["associated", "viewer"]);
    assertInstanceOf(await near.closed, PipeClosedError);
    near.close();
    line.caller.close();
    assertEquals(await line.ports(), 0);
  });
}

Deno.test("Remote and Receiver bind no end of another interface, and none the wrong way round", () => {
  // For the type checker alone: nothing of it runs.
  const check = (
    viewer: PendingRemote<Viewer>,
    visited: PendingReceiver<Viewer>,
    studio: Remote<Studio>,
  ) => {
    new Remote(Viewer, viewer);
    studio.invite(viewer);
    studio.visit(visited);
    // @ts-expect-error: the other end
    new Remote(Viewer, visited);
    // @ts-expect-error: the other end
    new Receiver(Viewer, { show: (seen) => ({ seen }) }, viewer);
    // @ts-expect-error: another interface
    new Remote(Studio, viewer);
    // @ts-expect-error: another interface
    const wrong: PendingRemote<Studio> = viewer;
    // @ts-expect-error: the other end
    studio.invite(visited);
    // @ts-expect-error: the other end
    studio.visit(viewer);
    // @ts-expect-error: an endpoint that nothing is known of
    studio.invite(viewer.pipe);
    // @ts-expect-error: an event of another interface
    new Remote(Viewer, viewer).$.events.onProgress(() => {});
    // @ts-expect-error: an event without its argument
    new Receiver(Viewer, { show: (seen) => ({ seen }) }, visited).emit.onLeave();
    return wrong;
  };
  assertEquals(typeof check, "function");
});
