import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import {
  BadMessageError,
  PipeClosedError,
  PipeLostError,
  RemoteError,
} from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { MESSAGE_HEAD_BYTES, MessageFlag } from "../../../core/wire/encoder.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { bytes, join, quiet, text } from "../system/memory_transport.ts";
import { Stranger, Switchboard } from "./switchboard.magen.ts";
import { board, onBoth } from "./switchboard.ts";

const { Reply, ExpectsReply, Error: Failed } = MessageFlag;

function id(method: string): number {
  return Switchboard.methods.find(([, name]) => name === method)![0];
}

onBoth("Remote calls and gets replies", async ({ caller, called, ports }) => {
  const remote = new Remote(Switchboard, caller);
  const receiver = new Receiver(Switchboard, board(), called);
  assert(remote instanceof Remote);
  assert(remote.$.isConnected);
  assertEquals(await remote.add(2, -5), { sum: -3 });
  const data = Uint8Array.of(1, 2, 3);
  assertEquals(await remote.echo("héllo", data), { text: "héllo", data });
  assertEquals(await remote.join(["a", "", "b"]), { text: "a  b" });
  assertEquals(await remote.ping(), undefined);
  remote.$.close();
  assertFalse(remote.$.isConnected);
  assertInstanceOf(await receiver.closed, PipeClosedError);
  assertEquals(await ports(), 0);
});

onBoth(
  "Remote matches each reply with its call, in whatever order they come",
  async (line) => {
    const waiting: ((value: { sum: number }) => void)[] = [];
    const add = () => new Promise<{ sum: number }>((resolve) => waiting.push(resolve));
    const remote = new Remote(Switchboard, line.caller);
    using _receiver = new Receiver(Switchboard, board({ add }), line.called);
    for (let round = 0; round < 3; round++) {
      const calls = Array.from({ length: 50 }, (_, i) => remote.add(i, 0));
      await quiet();
      const order = waiting.splice(0).map((resolve, i) => [resolve, i] as const);
      for (let i = 0; i < order.length; i++) {
        const [resolve, sum] = order[(i * 17) % 50]!;
        resolve({ sum });
      }
      assertEquals(
        (await Promise.all(calls)).map(({ sum }) => sum),
        Array.from({ length: 50 }, (_, i) => i),
      );
    }
    remote.$.close();
  },
);

onBoth("Remote can call before anybody has bound the other end", async (line) => {
  const remote = new Remote(Switchboard, line.caller), notes: string[] = [];
  const sum = remote.add(1, 2);
  remote.note("first");
  remote.note("second");
  const ping = remote.ping();
  await quiet();
  const note = (text: string) => void notes.push(text);
  const receiver = new Receiver(Switchboard, board({ note }), line.called);
  assertEquals(await sum, { sum: 3 });
  await ping;
  assertEquals(notes, ["first", "second"]);
  receiver.close();
  assertInstanceOf(await remote.$.closed, PipeClosedError);
  assertFalse(remote.$.isConnected);
  remote.$.close();
  assertEquals(await line.ports(), 0);
});

onBoth(
  "Remote rejects a call whose implementation fails, and says no more than that",
  async (line) => {
    const errors: string[] = [], secret = "the password is 1234";
    const fails = {
      add: () => {
        throw new Error(secret);
      },
      ping: () => Promise.reject(new Error(secret)),
      join: () => {
        throw secret;
      },
      echo: () => Promise.reject(undefined),
      note: () => {
        throw new Error(secret);
      },
      keep: (() => Promise.reject(new Error(secret))) as () => void,
    };
    const remote = new Remote(Switchboard, line.caller);
    using _receiver = new Receiver(Switchboard, board(fails), line.called, {
      onError: (error, method) => errors.push(`${method}: ${error}`),
    });
    const calls: Record<string, () => Promise<unknown>> = {
      Add: () => remote.add(1, 2),
      Ping: () => remote.ping(),
      Join: () => remote.join([]),
      Echo: () => remote.echo("", new Uint8Array()),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = await assertRejects(call, RemoteError);
      assertEquals(error.message, `Switchboard.${name} failed on the other side`);
    }
    remote.note("x");
    const [a, b] = line.callerNode.createMessagePipe();
    remote.keep(a);
    await quiet();
    assertEquals(errors, [
      `Switchboard.Add: Error: ${secret}`,
      `Switchboard.Ping: Error: ${secret}`,
      `Switchboard.Join: ${secret}`,
      "Switchboard.Echo: undefined",
      `Switchboard.Note: Error: ${secret}`,
      `Switchboard.Keep: Error: ${secret}`,
    ]);
    // The pipe lives on.
    assert(remote.$.isConnected);
    b.close();
    remote.$.close();
  },
);

onBoth("Receiver answers that it failed when a result does not fit", async (line) => {
  const errors: unknown[] = [];
  const results = {
    add: () => ({ sum: 0.5 }),
    echo: () => ({ text: "\ud800", data: new Uint8Array() }),
    join: () => undefined as never,
    swap: () => ({ pipe: {} as never }),
    ping: () => Promise.resolve("ignored" as never),
  };
  const remote = new Remote(Switchboard, line.caller);
  using _receiver = new Receiver(Switchboard, board(results), line.called, {
    onError: (error) => errors.push(error),
  });
  await assertRejects(() => remote.add(1, 2), RemoteError);
  await assertRejects(() => remote.echo("", new Uint8Array()), RemoteError);
  await assertRejects(() => remote.join([]), RemoteError);
  const [a, b] = line.callerNode.createMessagePipe();
  await assertRejects(() => remote.swap(a), RemoteError);
  assertEquals(await remote.ping(), undefined);
  assertEquals(errors.length, 4);
  assertInstanceOf(errors[0], RangeError);
  for (const error of errors.slice(1)) assertInstanceOf(error, TypeError);
  b.close();
  remote.$.close();
});

Deno.test("Receiver answers that it failed when a result is larger than a frame", async () => {
  const { here, there } = await join();
  const remote = new Remote(Switchboard, here.pipe);
  const data = new Uint8Array(LIMITS.tiny.maxFrameBytes), errors: unknown[] = [];
  using _receiver = new Receiver(
    Switchboard,
    board({ echo: (text) => ({ text, data }) }),
    there.pipe,
    { onError: (error) => errors.push(error) },
  );
  await assertRejects(() => remote.echo("", new Uint8Array()), RemoteError);
  assertEquals((errors[0] as { code: string }).code, "limit");
  assertEquals(await remote.add(1, 1), { sum: 2 });
  // The same from the caller is refused at once.
  assertThrows(() => remote.echo("", data), Error, "maxFrameBytes");
  assertEquals(await remote.add(1, 1), { sum: 2 });
  await here.close();
  await there.close();
});

onBoth("Remote rejects a call whose signal fires, before or during it", async (line) => {
  let sums = 0;
  const waiting: ((value: { sum: number }) => void)[] = [];
  const add = () => {
    sums++;
    return new Promise<{ sum: number }>((resolve) => waiting.push(resolve));
  };
  const remote = new Remote(Switchboard, line.caller);
  using _receiver = new Receiver(Switchboard, board({ add }), line.called);
  const reason = new Error("too slow");
  await assertRejects(
    () => remote.add(1, 2, { signal: AbortSignal.abort(reason) }),
    Error,
    "too slow",
  );
  await quiet();
  assertEquals(sums, 0);

  const controller = new AbortController(), { signal } = controller;
  const calls = Array.from({ length: 20 }, (_, i) => remote.add(i, 0, { signal }));
  const other = remote.add(7, 0);
  await quiet();
  waiting[3]!({ sum: 33 });
  assertEquals(await calls[3], { sum: 33 });
  controller.abort(reason);
  for (const [i, call] of calls.entries()) {
    if (i !== 3) await assertRejects(() => call, Error, "too slow");
  }
  // Replies that come too late are nobody's, and take no other call's place.
  const next = remote.add(8, 0);
  await quiet();
  for (const [i, resolve] of waiting.entries()) resolve({ sum: i });
  assertEquals(await other, { sum: 20 });
  assertEquals(await next, { sum: 21 });
  assert(remote.$.isConnected);
  remote.$.close();
});

onBoth("Remote closes the pipes in a reply whose call was aborted", async (line) => {
  let answer: (() => void) | undefined;
  const [kept, sent] = line.calledNode.createMessagePipe();
  const swap = () =>
    new Promise<{ pipe: typeof sent }>((resolve) => {
      answer = () => resolve({ pipe: sent });
    });
  const remote = new Remote(Switchboard, line.caller);
  using _receiver = new Receiver(Switchboard, board({ swap }), line.called);
  const [a, b] = line.callerNode.createMessagePipe();
  const controller = new AbortController();
  const call = remote.swap(a, { signal: controller.signal });
  await quiet();
  controller.abort();
  await assertRejects(() => call);
  answer!();
  assertInstanceOf(await kept.closed, PipeClosedError);
  b.close();
  remote.$.close();
});

onBoth("Remote rejects what is pending when either side closes", async (line) => {
  const never = () => new Promise<{ sum: number }>(() => {});
  const remote = new Remote(Switchboard, line.caller);
  const receiver = new Receiver(Switchboard, board({ add: never }), line.called);
  const controller = new AbortController();
  const calls = [remote.add(1, 1), remote.add(2, 2, { signal: controller.signal })];
  await quiet();
  receiver.close();
  for (const call of calls) await assertRejects(() => call, PipeClosedError);
  assertInstanceOf(await remote.$.closed, PipeClosedError);
  await assertRejects(() => remote.add(3, 3), PipeClosedError);
  remote.note("dropped");
  controller.abort();
  remote.$.close();
  assertEquals(await line.ports(), 0);
});

onBoth("Remote rejects what is pending when it is closed itself", async (line) => {
  const never = () => new Promise<{ sum: number }>(() => {});
  const remote = new Remote(Switchboard, line.caller);
  const receiver = new Receiver(Switchboard, board({ add: never }), line.called);
  const call = remote.add(1, 1);
  remote.$.close();
  remote.$.close();
  await assertRejects(() => call, PipeClosedError, "closed on this side");
  await assertRejects(() => remote.add(1, 1), PipeClosedError, "closed on this side");
  remote.note("dropped");
  assertInstanceOf(await receiver.closed, PipeClosedError);
  assertThrows(() => remote.$.unbind(), TypeError, "closed or unbound");
  assertEquals(await line.ports(), 0);
});

Deno.test("Remote rejects what is pending as lost when the link ends", async () => {
  const { here, there } = await join();
  const remote = new Remote(Switchboard, here.pipe);
  const call = remote.add(1, 1);
  there.abort();
  await assertRejects(() => call, PipeLostError, "the other side ended the link");
  assertInstanceOf(await remote.$.closed, PipeLostError);
  await here.closed;
  await there.closed;
  there.pipe.close();
});

onBoth(
  "Remote can be unbound when no call is pending, and its pipe bound again",
  async (line) => {
    const remote = new Remote(Switchboard, line.caller);
    using _receiver = new Receiver(Switchboard, board(), line.called);
    const call = remote.add(1, 1);
    assertThrows(() => remote.$.unbind(), TypeError, "1 calls wait for their reply");
    await call;
    const pipe = remote.$.unbind();
    assertFalse(remote.$.isConnected);
    assertThrows(() => remote.add(1, 1), TypeError, "the remote was unbound");
    assertThrows(() => remote.note("x"), TypeError, "the remote was unbound");
    assertThrows(() => remote.$.unbind(), TypeError, "closed or unbound");
    remote.$.close();
    assert(pipe.isHeld);
    const again = new Remote(Switchboard, pipe);
    assertEquals(await again.add(2, 2), { sum: 4 });
    again.$.close();
  },
);

Deno.test("Remote consumes its pipe and refuses one that is spent", () => {
  const runtime = new NodeRuntime(seededEnvironment(2));
  const [a, b] = runtime.createMessagePipe();
  const remote = new Remote(Switchboard, a);
  assertFalse(a.isHeld);
  assertThrows(() => new Remote(Switchboard, a), TypeError, "closed, sent or bound");
  assertThrows(() => a.write(bytes("x")), TypeError);
  a.close();
  assert(remote.$.isConnected);
  assertThrows(() => new Remote(Switchboard, {} as never), TypeError, "MessagePipe");
  remote.$.close();
  b.close();
  assertEquals(runtime.node.ports.size, 0);
});

/** The bytes of a message with an empty struct, or with one of these bytes. */
function raw(
  flags: number,
  method: number,
  request: number,
  body: readonly number[] = [],
): Uint8Array {
  const data = new Uint8Array(MESSAGE_HEAD_BYTES + 4 + body.length);
  const view = new DataView(data.buffer);
  view.setUint32(0, 1 | flags << 8, true);
  view.setUint32(4, method, true);
  view.setUint32(8, request, true);
  view.setUint32(12, data.length, true);
  view.setUint32(16, body.length, true);
  data.set(body, 20);
  return data;
}

const ADD = id("Add"), SUM = [5, 0, 0, 0];
const BAD_REPLIES: readonly (readonly [rule: string, data: Uint8Array])[] = [
  ["head", new Uint8Array(3)],
  ["wire-version", new Uint8Array(32)],
  ["reply-not-pending", raw(Reply, ADD, 1, SUM)],
  ["reply-not-pending", raw(Reply, ADD, 1 << 20, SUM)],
  ["reply-not-pending", raw(Reply, ADD, 0xffff_ffff, SUM)],
  ["reply-method", raw(Reply, id("Ping"), 0)],
  ["unknown-event", raw(0, ADD, 0, SUM)],
  ["reply-flags", raw(ExpectsReply, ADD, 0, SUM)],
  ["reply-flags", raw(Reply | ExpectsReply, ADD, 0, SUM)],
  ["reply-flags", raw(Failed, ADD, 0)],
  ["reply-flags", raw(Reply | 8, ADD, 0, SUM)],
  ["end", raw(Reply, ADD, 0, [...SUM, 0])],
  ["end", raw(Reply, ADD, 0, [5, 0])],
  ["end", raw(Reply | Failed, ADD, 0, [5])],
  ["reply-flags", raw(Failed | 8, ADD, 0)],
  ["end", raw(Reply | Failed | 8, ADD, 0, [5])],
];

onBoth("Remote takes one good reply and no second", async ({ caller, called }) => {
  const remote = new Remote(Switchboard, caller);
  const call = remote.add(1, 1);
  assertEquals((await called.receive())!.data.length, MESSAGE_HEAD_BYTES + 4 + 8);
  called.write(raw(Reply, ADD, 0, SUM));
  assertEquals(await call, { sum: 5 });
  const next = remote.add(1, 1);
  called.write(raw(Reply, ADD, 0, SUM));
  const error = await assertRejects(() => next, BadMessageError);
  assertEquals(error.rule, "reply-not-pending");
  assertEquals((await called.receive())!.data.length, MESSAGE_HEAD_BYTES + 4 + 8);
  assertEquals(await called.receive(), null);
});

for (const [i, [rule, data]] of BAD_REPLIES.entries()) {
  onBoth(`Remote closes at a reply that breaks ${rule} (${i})`, async (line) => {
    const { caller, called, calledNode } = line;
    const remote = new Remote(Switchboard, caller);
    const call = remote.add(1, 1);
    await called.receive();
    // A pipe that comes along is closed, not leaked.
    const carried = data.length >= MESSAGE_HEAD_BYTES
      ? calledNode.createMessagePipe()
      : [];
    const copy = data.slice();
    if (carried.length > 0) copy[2] = 1;
    called.write(copy, carried.slice(1));
    const error = await assertRejects(() => call, BadMessageError);
    if (copy[0] === 1) assertEquals(error.rule, rule);
    assertEquals((await remote.$.closed).code, "badMessage");
    assertInstanceOf(await called.closed, PipeClosedError);
    if (carried.length > 0) {
      assertInstanceOf(await carried[0]!.closed, PipeClosedError);
      carried[0]!.close();
    }
    called.close();
    assertEquals(await line.ports(), 0);
  });
}

const BAD_CALLS: readonly (readonly [rule: string, data: Uint8Array])[] = [
  ["unknown-method", raw(ExpectsReply, 12345, 0)],
  ["unknown-method", raw(0, Stranger.methods[0]![0], 0, SUM)],
  ["call-flags", raw(0, ADD, 0, [...SUM, ...SUM])],
  ["call-flags", raw(Reply, ADD, 0, [...SUM, ...SUM])],
  ["call-flags", raw(ExpectsReply | 8, ADD, 0, [...SUM, ...SUM])],
  ["call-flags", raw(ExpectsReply, id("Note"), 0, [0, 0, 0, 0])],
  ["end", raw(ExpectsReply, ADD, 0, SUM)],
  ["end", raw(ExpectsReply, ADD, 0, [...SUM, ...SUM, 0])],
  ["handle-index", raw(0, id("Keep"), 0, [0, 0, 0, 0])],
];

for (const [i, [rule, data]] of BAD_CALLS.entries()) {
  onBoth(`Receiver closes at a call that breaks ${rule} (${i})`, async (line) => {
    const { caller, called } = line, calls: string[] = [];
    const counting = board({
      add: () => {
        calls.push("add");
        return { sum: 0 };
      },
      note: () => void calls.push("note"),
      keep: () => void calls.push("keep"),
    });
    const receiver = new Receiver(Switchboard, counting, called);
    caller.write(data);
    const reason = await receiver.closed;
    assertInstanceOf(reason, BadMessageError);
    assertEquals(reason.rule, rule);
    assertEquals(calls, []);
    assertInstanceOf(await caller.closed, PipeClosedError);
    caller.close();
    assertEquals(await line.ports(), 0);
  });
}

onBoth(
  "Receiver and Remote of different interfaces part at the first call",
  async (line) => {
    const remote = new Remote(Stranger, line.caller);
    const receiver = new Receiver(Switchboard, board(), line.called);
    await assertRejects(() => remote.greet(1), PipeClosedError);
    const reason = await receiver.closed;
    assertInstanceOf(reason, BadMessageError);
    assertEquals(reason.rule, "unknown-method");
    remote.$.close();
    assertEquals(await line.ports(), 0);
  },
);

onBoth("Receiver is unbound with the calls that were not taken", async (line) => {
  const notes: string[] = [];
  const remote = new Remote(Switchboard, line.caller);
  const first: Receiver<Switchboard> = new Receiver(
    Switchboard,
    board({
      note(text) {
        notes.push(text);
        if (text !== "b") return;
        const pipe = first.unbind();
        new Receiver(
          Switchboard,
          board({ note: (text) => void notes.push(`${text}!`) }),
          pipe,
        );
      },
    }),
    line.called,
  );
  for (const text of ["a", "b", "c", "d"]) remote.note(text);
  assertEquals(await remote.add(1, 1), { sum: 2 });
  assertEquals(notes, ["a", "b", "c!", "d!"]);
  assertInstanceOf(await first.closed, PipeClosedError);
  assertThrows(() => first.unbind(), TypeError);
  first.close();
  assertEquals(await remote.add(1, 1), { sum: 2 });
  remote.$.close();
  assertEquals(await line.ports(), 0);
});

onBoth(
  "Receiver that is unbound in a handler leaves only what comes after it",
  async (line) => {
    const left: string[] = [];
    const remote = new Remote(Switchboard, line.caller);
    remote.note("one");
    remote.note("two");
    await quiet();
    const receiver: Receiver<Switchboard> = new Receiver(
      Switchboard,
      board({
        note() {
          const pipe = receiver.unbind();
          for (let read = pipe.read(); read.result === "OK"; read = pipe.read()) {
            left.push(text(read.message.data.subarray(-3)));
          }
          pipe.close();
        },
      }),
      line.called,
    );
    assertInstanceOf(await remote.$.closed, PipeClosedError);
    assertEquals(left, ["two"]);
    remote.$.close();
  },
);

onBoth(
  "Receiver that is closed in a handler keeps the pipe the handler was given",
  async (line) => {
    for (const early of [true, false]) {
      const { called, caller, calledNode, callerNode } = line;
      const [near, far] = callerNode.createMessagePipe();
      // A pipe of its own for each round, sent the same way as the endpoint it will carry.
      caller.write(bytes(""), [far]);
      const remote = new Remote(Switchboard, near);
      const pipe = (await called.receive())!.take(MessagePipe);
      const [kept, given] = callerNode.createMessagePipe();
      if (early) {
        remote.keep(given);
        await quiet();
      }
      let taken: typeof given | undefined;
      const receiver: Receiver<Switchboard> = new Receiver(
        Switchboard,
        board({
          keep(pipe) {
            taken = pipe;
            receiver.close();
          },
        }),
        pipe,
      );
      if (!early) remote.keep(given);
      assertInstanceOf(await remote.$.closed, PipeClosedError);
      kept.write(bytes("still open"));
      assertEquals(text((await taken!.receive())!.data), "still open");
      taken!.close();
      kept.close();
      remote.$.close();
      assert(calledNode.node.ports.size > 0);
    }
    line.caller.close();
    line.called.close();
    assertEquals(await line.ports(), 0);
  },
);

for (const isLater of [true, false]) {
  const when = isLater ? "after it was closed" : "when the method itself closed it";
  onBoth(`Receiver drops answers that are due ${when}`, async (line) => {
    const answer = Promise.withResolvers<{ sum: number }>(), errors: unknown[] = [];
    const add = () => {
      if (isLater) return answer.promise;
      receiver.close();
      return { sum: 0.5 };
    };
    const remote = new Remote(Switchboard, line.caller);
    const receiver: Receiver<Switchboard> = new Receiver(
      Switchboard,
      board({ add }),
      line.called,
      { onError: (error) => void errors.push(error) },
    );
    const call = remote.add(1, 1);
    if (isLater) await quiet();
    if (isLater) receiver.close();
    answer.resolve({ sum: 0.5 });
    await assertRejects(() => call, PipeClosedError);
    await quiet();
    // Nobody is told either that it does not fit.
    assertEquals(errors, []);
    remote.$.close();
    assertEquals(await line.ports(), 0);
  });
}

onBoth("Receiver goes on when its error handler fails", async (line) => {
  const { error: original } = console, logged: unknown[] = [];
  console.error = (...args: unknown[]) => void logged.push(args[0]);
  try {
    const remote = new Remote(Switchboard, line.caller);
    const fails = () => {
      throw new Error("method");
    };
    using _receiver = new Receiver(Switchboard, board({ ping: fails }), line.called, {
      onError: () => {
        throw new Error("handler");
      },
    });
    await assertRejects(() => remote.ping(), RemoteError);
    assertEquals(await remote.add(1, 1), { sum: 2 });
    assertEquals(logged, ["@mage/ipc: onError itself failed:"]);
    remote.$.close();
  } finally {
    console.error = original;
  }
});

onBoth("Remote passes pipes both ways", async (line) => {
  const remote = new Remote(Switchboard, line.caller);
  using _receiver = new Receiver(Switchboard, board(), line.called);
  const [kept, sent] = line.callerNode.createMessagePipe();
  kept.write(bytes("before"));
  const { pipe } = await remote.swap(sent);
  assertFalse(sent.isHeld);
  kept.write(bytes("after"));
  assertEquals(text((await pipe.receive())!.data), "before");
  assertEquals(text((await pipe.receive())!.data), "after");
  const pairs = Array.from({ length: 5 }, () => line.callerNode.createMessagePipe());
  const { pipes } = await remote.swapAll(pairs.map(([, sent]) => sent), ["five"]);
  for (const [i, [kept]] of pairs.entries()) {
    kept.write(bytes(`${i}`));
    assertEquals(text((await pipes[4 - i]!.receive())!.data), `${i}`);
    kept.close();
  }
  for (const each of [pipe, kept, ...pipes]) each.close();
  remote.$.close();
  assertEquals(await line.ports(), 0);
});

onBoth("Remote refuses pipes it cannot send and consumes nothing", async (line) => {
  const remote = new Remote(Switchboard, line.caller);
  using _receiver = new Receiver(Switchboard, board(), line.called);
  const [a, b] = line.callerNode.createMessagePipe();
  const [spent, rest] = line.callerNode.createMessagePipe();
  spent.close();
  assertThrows(() => remote.swap(spent), TypeError, "'pipe': it was closed");
  assertThrows(() => remote.swap(null as never), TypeError, "it must be a MessagePipe");
  assertThrows(() => remote.swapAll([a, spent], []), TypeError, "'pipes[1]'");
  assertThrows(() => remote.swapAll([a, a], []), TypeError, "in the message twice");
  assertThrows(() => remote.swapAll([a], [5 as never]), TypeError, "'labels[0]'");
  const signal = AbortSignal.abort();
  await assertRejects(() => remote.swap(a, { signal }));
  assert(a.isHeld);
  const { pipe } = await remote.swap(a);
  pipe.close();
  b.close();
  rest.close();
  remote.$.close();
});

/** An array whose last item runs `act` when it is read. */
function trapped(act: () => void): string[] {
  const words = ["first", "second"];
  Object.defineProperty(words, 1, {
    get() {
      act();
      return "second";
    },
  });
  return words;
}

onBoth("Remote is whole after a getter among its arguments has thrown", async (line) => {
  const remote = new Remote(Switchboard, line.caller);
  using _receiver = new Receiver(Switchboard, board(), line.called);
  const [a, b] = line.callerNode.createMessagePipe();
  const boom = trapped(() => {
    throw new Error("boom");
  });
  assertThrows(() => remote.join(boom), Error, "boom");
  assertThrows(() => remote.swapAll([a], boom), Error, "boom");
  assert(a.isHeld);
  assertEquals(await remote.join(["fine"]), { text: "fine" });
  a.close();
  b.close();
  remote.$.close();
});

onBoth("Remote refuses to send while it is sending", async (line) => {
  const remote = new Remote(Switchboard, line.caller);
  using _receiver = new Receiver(Switchboard, board(), line.called);
  const within = trapped(() => remote.note("within"));
  assertThrows(() => remote.join(within), Error, "while another one is being encoded");
  // A getter that swallows the error changes nothing.
  const swallowing = trapped(() => assertThrows(() => remote.note("within")));
  assertEquals(await remote.join(swallowing), { text: "first second" });
  assertEquals(await remote.join(["fine"]), { text: "fine" });
  remote.$.close();
});

onBoth("Remote sends on another node's behalf while it is sending", async (line) => {
  const other = new NodeRuntime(seededEnvironment(5)), [a, b] = other.createMessagePipe();
  const remote = new Remote(Switchboard, line.caller),
    second = new Remote(Switchboard, a);
  using _one = new Receiver(Switchboard, board(), line.called);
  using _two = new Receiver(Switchboard, board(), b);
  let inner: Promise<{ sum: number }> | undefined;
  const words = trapped(() => inner = second.add(1, 2));
  assertEquals(await remote.join(words), { text: "first second" });
  assertEquals(await inner, { sum: 3 });
  remote.$.close();
  second.$.close();
});

onBoth(
  "Remote drops a call when a getter among its arguments closes it",
  async (line) => {
    const remote = new Remote(Switchboard, line.caller);
    const receiver = new Receiver(Switchboard, board(), line.called);
    const [a, b] = line.callerNode.createMessagePipe();
    const call = remote.swapAll([a], trapped(() => remote.$.close()));
    await assertRejects(() => call, PipeClosedError);
    assertInstanceOf(await receiver.closed, PipeClosedError);
    assertInstanceOf(await b.closed, PipeClosedError);
    b.close();
    assertEquals(await line.ports(), 0);
  },
);

onBoth(
  "Remote sends nothing when a getter among its arguments unbinds it",
  async (line) => {
    const remote = new Remote(Switchboard, line.caller);
    using _receiver = new Receiver(Switchboard, board(), line.called);
    const [a, b] = line.callerNode.createMessagePipe();
    let pipe: typeof line.caller | undefined;
    const unbinding = trapped(() => pipe = remote.$.unbind());
    assertThrows(
      () => remote.swapAll([a], unbinding),
      TypeError,
      "was unbound by a getter",
    );
    assert(a.isHeld);
    const again = new Remote(Switchboard, pipe!);
    assertEquals(await again.add(1, 1), { sum: 2 });
    a.close();
    b.close();
    again.$.close();
  },
);

onBoth(
  "Remote sends nothing when a getter spoils a pipe that was attached",
  async (line) => {
    const remote = new Remote(Switchboard, line.caller);
    using _receiver = new Receiver(Switchboard, board(), line.called);
    const other = line.callerNode.createMessagePipe();
    let bound: Remote<Stranger> | undefined;
    const spoils = [
      (pipe: typeof line.caller) => pipe.close(),
      (pipe: typeof line.caller) => void (bound = new Remote(Stranger, pipe)),
    ];
    for (const spoil of spoils) {
      const [a, b] = line.callerNode.createMessagePipe();
      const call = () => remote.swapAll([a], trapped(() => spoil(a)));
      assertThrows(call, TypeError, "a handle in it was closed, sent or bound");
      await quiet();
      bound?.wave(1);
      assertEquals(b.read().result, bound === undefined ? "FAILED_PRECONDITION" : "OK");
      b.close();
      bound?.$.close();
    }
    assertEquals(await remote.add(1, 1), { sum: 2 });
    remote.$.close();
    for (const pipe of other) pipe.close();
  },
);

onBoth(
  "Remote lets a getter close another pipe, whose other end hears of it",
  async (line) => {
    for (const fails of [false, true]) {
      const [a, b] = line.callerNode.createMessagePipe();
      const [near, far] = line.callerNode.createMessagePipe();
      const remote = new Remote(Switchboard, near);
      line.caller.write(bytes(""), [far]);
      const pipe = (await line.called.receive())!.take(MessagePipe);
      using _receiver = new Receiver(Switchboard, board(), pipe);
      const words = trapped(() => {
        a.close();
        if (fails) throw new Error("boom");
      });
      if (fails) assertThrows(() => remote.join(words), Error, "boom");
      else assertEquals(await remote.join(words), { text: "first second" });
      assertInstanceOf(await b.closed, PipeClosedError);
      assertEquals(await remote.join(["fine"]), { text: "fine" });
      remote.$.close();
      b.close();
    }
  },
);

onBoth(
  "Remote sends proxies of arrays and refuses what they cannot say",
  async (line) => {
    const remote = new Remote(Switchboard, line.caller);
    using _receiver = new Receiver(Switchboard, board(), line.called);
    const reads: unknown[] = [];
    const honest = new Proxy(["a", "b"], {
      get(array, key) {
        reads.push(key);
        return Reflect.get(array, key);
      },
    });
    assertEquals(await remote.join(honest), { text: "a b" });
    assertEquals(reads, ["length", "0", "1"]);
    const shrinking = new Proxy(["a", "b"], {
      get: (array, key) => key === "length" ? 3 : Reflect.get(array, key),
    });
    assertThrows(() => remote.join(shrinking), TypeError, "'words[2]'");
    for (const length of [2 ** 32, -1, 1.5]) {
      const lying = new Proxy([], { get: () => length });
      assertThrows(() => remote.join(lying), RangeError, "'words'");
    }
    assertEquals(await remote.join(["fine"]), { text: "fine" });
    remote.$.close();
  },
);

onBoth(
  "Receiver is whole after a getter in a result has thrown or called",
  async (line) => {
    const { caller, called } = line;
    const [near, far] = line.calledNode.createMessagePipe();
    const other = new Remote(Stranger, near);
    let act = () => {};
    const errors: string[] = [];
    const remote = new Remote(Switchboard, caller);
    const receiver: Receiver<Switchboard> = new Receiver(
      Switchboard,
      board({
        join: () => ({
          get text() {
            act();
            return "got";
          },
        }),
      }),
      called,
      { onError: (error) => errors.push((error as Error).message) },
    );
    assertEquals(await remote.join([]), { text: "got" });
    act = () => {
      throw new Error("boom");
    };
    await assertRejects(() => remote.join([]), RemoteError);
    act = () => other.wave(1);
    await remote.join([]).catch((error) => assertInstanceOf(error, RemoteError));
    act = () => receiver.close();
    await assertRejects(() => remote.join([]), PipeClosedError);
    assert(errors.includes("boom"));
    for (const pipe of [far]) pipe.close();
    other.$.close();
    remote.$.close();
    assertEquals(await line.ports(), 0);
  },
);
