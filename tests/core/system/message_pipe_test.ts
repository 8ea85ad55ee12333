import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { LimitError, PipeClosedError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { MessagePipe, type ReadResult } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { bytes, join, quiet, text } from "./memory_transport.ts";

function runtime(): NodeRuntime {
  return new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
}

/** The text of the next message, or the result that there is none. */
function readText(pipe: MessagePipe): string {
  const read = pipe.read();
  return read.result === "OK" ? text(read.message.data) : read.result;
}

function taken(read: ReadResult): { data: Uint8Array; pipes: MessagePipe[] } {
  assert(read.result === "OK", read.result);
  const { data, handles } = read.message;
  return { data, pipes: handles as MessagePipe[] };
}

Deno.test("MessagePipe.read gives messages in the order they were written", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  assertEquals(two.read(), { result: "SHOULD_WAIT" });
  for (const word of ["a", "", "c"]) assertEquals(one.write(bytes(word)), "OK");
  two.write(bytes("back"));
  assertEquals([readText(two), readText(two), readText(two)], ["a", "", "c"]);
  assertEquals(readText(two), "SHOULD_WAIT");
  assertEquals(readText(one), "back");
  one.close();
  two.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("MessagePipe.write copies its data", () => {
  const [one, two] = runtime().createMessagePipe(), data = bytes("before");
  one.write(data);
  data.fill(0);
  const { data: got } = taken(two.read());
  assertEquals(text(got), "before");
  one.write(bytes("after!"));
  assertEquals(text(got), "before");
});

Deno.test("MessagePipe.read tells of the end after everything written before it", () => {
  const [one, two] = runtime().createMessagePipe();
  one.write(bytes("last"));
  one.close();
  assertEquals(readText(two), "last");
  const end = two.read();
  assert(end.result === "FAILED_PRECONDITION");
  assert(end.reason instanceof PipeClosedError);
  assertEquals(two.write(bytes("x")), "FAILED_PRECONDITION");
});

Deno.test("MessagePipe.close can be called twice and by dispose", () => {
  const node = runtime();
  {
    using one = node.createMessagePipe()[0];
    assert(one.isHeld);
    one.close();
    one.close();
    assertFalse(one.isHeld);
  }
  assertEquals(node.node.ports.size, 1);
});

Deno.test("MessagePipe throws on every use once it is closed", () => {
  const [one, two] = runtime().createMessagePipe();
  one.close();
  const message = "it was closed, sent or bound";
  assertThrows(
    () => one.write(bytes("x")),
    TypeError,
    `Cannot write to pipe: ${message}`,
  );
  assertThrows(() => one.read(), TypeError, `Cannot read from pipe: ${message}`);
  assertThrows(() => one.closed, TypeError, `Cannot watch pipe: ${message}`);
  two.close();
});

Deno.test("MessagePipe.write moves the pipes attached to a message", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe(), [c, d] = node.createMessagePipe();
  a.write(bytes("early"));
  one.write(bytes("carry"), [b, c]);
  assertFalse(b.isHeld || c.isHeld);
  a.write(bytes("late"));
  const { pipes } = taken(two.read());
  assertEquals(pipes.length, 2);
  assertEquals([readText(pipes[0]!), readText(pipes[0]!)], ["early", "late"]);
  pipes[1]!.write(bytes("to d"));
  assertEquals(readText(d), "to d");
  for (const pipe of [one, two, a, d, ...pipes]) pipe.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("MessagePipe.write refuses misuse and consumes nothing", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe(), [gone] = node.createMessagePipe();
  gone.close();
  const cases: readonly (readonly [pipes: unknown[], message: string])[] = [
    [[a, gone], "Cannot send argument 'handles[1]': it was closed, sent or bound"],
    [[a, a], "'handles' names one handle twice"],
    [[a, one], "Cannot send argument 'handles[1]': it cannot be sent through itself"],
    [[a, two], "it is the other end of the pipe it would be sent through"],
    [[a, {}], "Cannot send argument 'handles[1]': it must be a MessagePipe"],
    [[a, null], "Cannot send argument 'handles[1]': it must be a MessagePipe"],
  ];
  for (const [pipes, message] of cases) {
    const error = assertThrows(
      () => one.write(bytes("x"), pipes as MessagePipe[]),
      TypeError,
    );
    assert(error.message.includes(message), error.message);
    assert(a.isHeld && one.isHeld && two.isHeld);
  }
  assertThrows(() => one.write("text" as unknown as Uint8Array), TypeError, "Uint8Array");
  one.write(bytes("sent"), [a]);
  assertThrows(() => one.write(bytes("x"), [a]), TypeError, "closed, sent or bound");
  assertEquals(text(taken(two.read()).data), "sent");
  assertEquals(readText(two), "SHOULD_WAIT");
  b.close();
});

Deno.test("MessagePipe.write refuses a message over the limits and consumes nothing", () => {
  const { maxFrameBytes, maxPipesPerMessage } = LIMITS.tiny;
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe();
  const most = maxFrameBytes - 48;
  assertEquals(one.write(new Uint8Array(most)), "OK");
  const long = assertThrows(() => one.write(new Uint8Array(most + 1), [a]), LimitError);
  assertEquals([long.limit, long.max, long.actual], [
    "maxFrameBytes",
    maxFrameBytes,
    maxFrameBytes + 1,
  ]);
  assertThrows(() => one.write(new Uint8Array(maxFrameBytes * 5), [a]), LimitError);
  assert(a.isHeld);
  const many = (count: number) =>
    Array.from({ length: count }, () => node.createMessagePipe()[0]);
  const tooMany = many(maxPipesPerMessage + 1);
  const error = assertThrows(() => one.write(bytes(""), tooMany), LimitError);
  assertEquals([error.limit, error.actual], ["maxPipesPerMessage", 9]);
  assert(tooMany.every((pipe) => pipe.isHeld));
  assertEquals(one.write(bytes(""), many(maxPipesPerMessage)), "OK");
  assertEquals(taken(two.read()).data.length, most);
  assertEquals(taken(two.read()).pipes.length, maxPipesPerMessage);
  b.close();
});

Deno.test("MessagePipe.write sends nothing when reading its pipes closes, sends or binds one", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [other] = node.createMessagePipe();
  for (
    const spoil of [
      (pipe: MessagePipe) => pipe.close(),
      (pipe: MessagePipe) => void other.write(bytes(""), [pipe]),
    ]
  ) {
    const [a] = node.createMessagePipe(), [b] = node.createMessagePipe();
    const pipes = [a, b];
    Object.defineProperty(pipes, 1, {
      get() {
        spoil(a);
        return b;
      },
    });
    assertThrows(() => one.write(bytes("x"), pipes), TypeError, "closed, sent or bound");
    assert(b.isHeld);
    assertEquals(readText(two), "SHOULD_WAIT");
  }
});

Deno.test("MessagePipe.write drops a message when reading its pipes closes the pipe itself", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe(), pipes = [a];
  Object.defineProperty(pipes, 0, {
    get() {
      one.close();
      return a;
    },
  });
  assertEquals(one.write(bytes("x"), pipes), "FAILED_PRECONDITION");
  assertEquals(readText(b), "FAILED_PRECONDITION");
  assertEquals(readText(two), "FAILED_PRECONDITION");
});

Deno.test("MessagePipe.write closes what is attached when the other end is gone", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe();
  two.close();
  assertEquals(one.write(bytes("x"), [a]), "FAILED_PRECONDITION");
  assertFalse(a.isHeld);
  assertEquals(readText(b), "FAILED_PRECONDITION");
});

Deno.test("MessagePipe.receive waits for a message and resolves to null at the end", async () => {
  const [one, two] = runtime().createMessagePipe();
  const received = two.receive();
  one.write(bytes("hello"));
  assertEquals(text((await received)!.data), "hello");
  const second = two.receive();
  one.close();
  assertEquals(await second, null);
  assertEquals(await two.receive(), null);
});

Deno.test("MessagePipe.receive takes what was queued before", async () => {
  const [one, two] = runtime().createMessagePipe();
  for (let i = 0; i < 5; i++) one.write(bytes(`${i}`));
  one.close();
  for (let i = 0; i < 5; i++) assertEquals(text((await two.receive())!.data), `${i}`);
  assertEquals(await two.receive(), null);
});

Deno.test("MessagePipe.receive can be aborted before and during, and called again", async () => {
  const [one, two] = runtime().createMessagePipe();
  const reason = new Error("enough");
  await assertRejects(
    () => two.receive({ signal: AbortSignal.abort(reason) }),
    Error,
    "enough",
  );
  const controller = new AbortController();
  const received = two.receive({ signal: controller.signal });
  controller.abort(reason);
  await assertRejects(() => received, Error, "enough");
  // It waits, instead of spinning on what woke the one that was aborted.
  const again = two.receive();
  await quiet();
  one.write(bytes("later"));
  assertEquals(text((await again)!.data), "later");
  // A message that is there goes to nobody when the signal has fired.
  one.write(bytes("kept"));
  await assertRejects(() => two.receive({ signal: controller.signal }), Error, "enough");
  assertEquals(readText(two), "kept");
});

Deno.test("MessagePipe.receive ends when the pipe is closed, and rejects when it is sent, while it waits", async () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const closing = two.receive();
  two.close();
  assertEquals(await closing, null);
  await assertRejects(() => two.receive(), TypeError, "closed, sent or bound");
  const [a, b] = node.createMessagePipe(), [c] = node.createMessagePipe();
  const sending = b.receive();
  c.write(bytes(""), [b]);
  await assertRejects(() => sending, TypeError, "closed, sent or bound");
  one.close();
  a.close();
});

Deno.test("MessagePipe.receive rejects when the pipe is lost with a message that went nowhere", async () => {
  const node = runtime(), [dead, gone] = node.createMessagePipe();
  const [end] = node.createMessagePipe();
  gone.close();
  const waiting = end.receive();
  assertEquals(dead.write(bytes("x"), [end]), "FAILED_PRECONDITION");
  await assertRejects(() => waiting, TypeError, "closed, sent or bound");
});

Deno.test("MessagePipe.closed resolves to the reason, with messages unread", async () => {
  const [one, two] = runtime().createMessagePipe();
  const closed = two.closed;
  one.write(bytes("unread"));
  one.close();
  assert(await closed instanceof PipeClosedError);
  assert(await two.closed instanceof PipeClosedError);
  assertEquals(readText(two), "unread");
});

Deno.test("MessagePipe.closed of an end that ended in a message resolves for the new holder", async () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe();
  one.write(bytes(""), [b]);
  a.close();
  const [moved] = taken(two.read()).pipes;
  assert(await moved!.closed instanceof PipeClosedError);
});

Deno.test("MessagePipe.close closes what unread messages carry, at any depth", () => {
  const node = runtime(), outer: MessagePipe[] = [];
  let inner = node.createMessagePipe()[0];
  for (let i = 0; i < 5000; i++) {
    const [one, two] = node.createMessagePipe();
    one.write(bytes(""), [inner]);
    outer.push(one);
    inner = two;
  }
  inner.close();
  for (const pipe of outer) {
    assertEquals(pipe.read().result, "FAILED_PRECONDITION");
    pipe.close();
  }
  assertEquals(node.node.ports.size, 1);
});

Deno.test("MessagePipe ends both pipes whose ends are sent through each other", () => {
  const node = runtime();
  const [a, b] = node.createMessagePipe(), [c, d] = node.createMessagePipe();
  d.write(bytes(""), [b]);
  // c holds b. What is sent over a arrives at b: now b holds c.
  a.write(bytes(""), [c]);
  assertEquals(readText(a), "FAILED_PRECONDITION");
  assertEquals(readText(d), "FAILED_PRECONDITION");
  a.close();
  d.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("MessagePipe ends a longer ring of pipes within pipes", () => {
  const node = runtime();
  const pipes = Array.from({ length: 40 }, () => node.createMessagePipe());
  for (let i = 0; i < 40; i++) pipes[i]![0].write(bytes(""), [pipes[(i + 1) % 40]![1]]);
  for (const [kept] of pipes) {
    assertEquals(readText(kept), "FAILED_PRECONDITION");
    kept.close();
  }
  assertEquals(node.node.ports.size, 0);
});

Deno.test("MessagePipe works the same when its ends are on two nodes", async () => {
  const pair = await join();
  const { here, there, inviter, invitee } = pair;
  const [kept, sent] = inviter.createMessagePipe();
  kept.write(bytes("first"));
  here.pipe.write(bytes("take this"), [sent]);
  const message = (await there.pipe.receive())!;
  assertEquals(text(message.data), "take this");
  const far = message.take(MessagePipe);
  kept.write(bytes("second"));
  assertEquals(text((await far.receive())!.data), "first");
  assertEquals(text((await far.receive())!.data), "second");
  // And home again.
  there.pipe.write(bytes("back"), [far]);
  const home = (await here.pipe.receive())!.take(MessagePipe);
  kept.write(bytes("third"));
  assertEquals(text((await home.receive())!.data), "third");
  await quiet();
  home.close();
  assert(await kept.closed instanceof PipeClosedError);
  kept.close();
  here.pipe.close();
  there.pipe.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await here.close();
  await there.close();
});
