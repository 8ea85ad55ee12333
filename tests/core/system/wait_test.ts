import { assert, assertEquals, assertRejects } from "@std/assert";
import { MisuseError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { endOf, takeEnd } from "../../../core/system/handle.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Signal } from "../../../core/system/signal.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { bytes, join, quiet } from "./memory_transport.ts";

const { READABLE, WRITABLE, PEER_CLOSED, PEER_REMOTE, QUOTA_EXCEEDED } = Signal;

function runtime(): NodeRuntime {
  return new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
}

/** Whether a promise has settled by the time nothing happens any more. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(() => settled = true, () => settled = true);
  await quiet();
  return settled;
}

/** A signal that counts its listeners. */
class CountingController extends AbortController {
  listeners = 0;
  constructor() {
    super();
    const { signal } = this;
    const add = signal.addEventListener, remove = signal.removeEventListener;
    signal.addEventListener = (type: string, ...rest: unknown[]) => {
      this.listeners++;
      Reflect.apply(add, signal, [type, ...rest]);
    };
    signal.removeEventListener = (type: string, ...rest: unknown[]) => {
      this.listeners--;
      Reflect.apply(remove, signal, [type, ...rest]);
    };
  }
}

Deno.test("Handle.wait resolves at once to what holds, and to what never will", async () => {
  const [one, two] = runtime().createMessagePipe();
  assertEquals(await one.wait(WRITABLE), { result: "OK", signals: one.signals });
  two.write(bytes("x"));
  assertEquals((await one.wait(READABLE | PEER_CLOSED)).result, "OK");
  two.close();
  assertEquals((await one.wait(READABLE)).result, "OK");
  one.read();
  const { signals } = one;
  assertEquals(await one.wait(READABLE | WRITABLE), {
    result: "FAILED_PRECONDITION",
    signals,
  });
  assertEquals((await one.wait(PEER_CLOSED)).result, "OK");
});

Deno.test("Handle.wait waits until one of its signals holds, or none can any more", async () => {
  const [one, two] = runtime().createMessagePipe();
  const readable = one.wait(READABLE), closed = one.wait(PEER_CLOSED);
  const quota = one.wait(QUOTA_EXCEEDED);
  assert(!await isSettled(Promise.race([readable, closed, quota])));
  two.write(bytes("x"));
  assertEquals((await readable).result, "OK");
  assert(!await isSettled(Promise.race([closed, quota])));
  two.close();
  assertEquals((await closed).result, "OK");
  assert(!await isSettled(quota));
  one.read();
  assertEquals((await quota).result, "FAILED_PRECONDITION");
});

Deno.test("Handle.wait waits until a signal does not hold", async () => {
  const [one, two] = runtime().createMessagePipe();
  one.setQuota("UNREAD_MESSAGE_COUNT", 1);
  const options = { condition: "UNSATISFIED" } as const;
  assertEquals((await one.wait(QUOTA_EXCEEDED, options)).result, "OK");
  one.write(bytes("a"));
  one.write(bytes("b"));
  const relieved = one.wait(QUOTA_EXCEEDED, options);
  assert(!await isSettled(relieved));
  two.read();
  assertEquals((await relieved).result, "OK");
  // What a closed end is for ever is told to nobody who waits for the contrary.
  two.close();
  const aborted = new AbortController();
  const never = one.wait(PEER_CLOSED, { ...options, signal: aborted.signal });
  assert(!await isSettled(never.catch(() => {})));
  aborted.abort();
  await assertRejects(() => never, DOMException);
});

Deno.test("Handle.wait misses nothing that comes while it is woken for something else", async () => {
  const [one, two] = runtime().createMessagePipe();
  for (let i = 0; i < 50; i++) {
    const waiting = one.wait(READABLE);
    for (let turn = 0; turn < i % 7; turn++) {
      // Woken in vain: what made it readable is gone when it looks.
      two.write(bytes("x"));
      one.read();
      for (let pause = 0; pause < turn; pause++) await Promise.resolve();
    }
    two.write(bytes("y"));
    assertEquals((await waiting).result, "OK");
    one.read();
  }
});

Deno.test("Handle.wait lets many wait for the same handle, and each for its own", async () => {
  const [one, two] = runtime().createMessagePipe();
  const waits = Array.from({ length: 10 }, () => one.wait(READABLE));
  const closed = one.wait(PEER_CLOSED);
  two.write(bytes("x"));
  for (const each of await Promise.all(waits)) assertEquals(each.result, "OK");
  two.close();
  assertEquals((await closed).result, "OK");
});

Deno.test("Handle.wait is cancelled when the handle is closed, sent, bound or fused", async () => {
  const node = runtime(),
    [way] = node.createMessagePipe(),
    [other] = node.createMessagePipe();
  const leave: ((pipe: MessagePipe) => void)[] = [
    (pipe) => pipe.close(),
    (pipe) => void way.write(bytes(""), [pipe]),
    (pipe) => void takeEnd(pipe, "bind"),
    (pipe) => node.node.fuse(endOf(pipe).port, endOf(other).port),
  ];
  for (const go of leave) {
    const [one] = node.createMessagePipe();
    const waits = [one.wait(READABLE), one.wait(PEER_CLOSED)];
    go(one);
    assertEquals(await Promise.all(waits), [
      { result: "CANCELLED" },
      { result: "CANCELLED" },
    ]);
  }
});

Deno.test("Handle.wait tells of what held before the handle was closed only if it was first to look", async () => {
  const [one, two] = runtime().createMessagePipe();
  const waiting = one.wait(READABLE);
  two.write(bytes("x"));
  one.close();
  assertEquals(await waiting, { result: "CANCELLED" });
});

Deno.test("Handle.wait rejects misuse", async () => {
  const [one] = runtime().createMessagePipe();
  await assertRejects(() => one.wait(0), MisuseError, "Cannot wait for pipe: signals");
  await assertRejects(() => one.wait(64), MisuseError, "received 64");
  await assertRejects(
    () => one.wait(1, { condition: "SOON" as "SATISFIED" }),
    MisuseError,
    "received SOON",
  );
  one.close();
  const error = await assertRejects(
    () => one.wait(READABLE),
    MisuseError,
    "Cannot wait for pipe: it was closed, sent or bound",
  );
  assertEquals(error.result, "INVALID_ARGUMENT");
});

Deno.test("Handle.wait rejects with the reason of its signal, before and during", async () => {
  const [one, two] = runtime().createMessagePipe(), reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  // Also when there is nothing to wait for.
  await assertRejects(() => one.wait(WRITABLE, { signal }), Error, "enough");
  const controller = new AbortController();
  const aborted = one.wait(READABLE, controller);
  const stays = one.wait(READABLE);
  controller.abort(reason);
  assertEquals(await aborted.catch((error) => error), reason);
  assert(!await isSettled(stays));
  two.write(bytes("x"));
  assertEquals((await stays).result, "OK");
});

Deno.test("Handle.wait leaves no listener behind, however it ends", async () => {
  const node = runtime(), controller = new CountingController(), { signal } = controller;
  const [one, two] = node.createMessagePipe();
  const ok = one.wait(READABLE, { signal }),
    failed = one.wait(QUOTA_EXCEEDED, { signal });
  const [closing] = node.createMessagePipe(),
    cancelled = closing.wait(READABLE, { signal });
  assertEquals(controller.listeners, 3);
  for (let i = 0; i < 20; i++) {
    two.write(bytes("x"));
    await quiet();
    assert(controller.listeners <= 2, `${controller.listeners}`);
  }
  assertEquals((await ok).result, "OK");
  for (let i = 0; i < 20; i++) one.read();
  two.close();
  assertEquals((await failed).result, "FAILED_PRECONDITION");
  closing.close();
  await cancelled;
  assertEquals(controller.listeners, 0);
  const [last] = node.createMessagePipe();
  const aborted = [1, 2, 3].map(() => last.wait(READABLE, { signal }));
  const stays = last.wait(READABLE);
  controller.abort();
  for (const each of await Promise.allSettled(aborted)) {
    assertEquals(each.status, "rejected");
  }
  assertEquals(controller.listeners, 0);
  last.close();
  assertEquals((await stays).result, "CANCELLED");
});

Deno.test("Handle.wait tells of what happens on another node", async () => {
  const { here, there, inviter } = await join();
  const [kept, sent] = inviter.createMessagePipe();
  const remote = kept.wait(PEER_REMOTE), readable = kept.wait(READABLE);
  here.pipe.write(bytes(""), [sent]);
  assertEquals((await remote).result, "OK");
  const far = (await there.pipe.receive())!.take(MessagePipe);
  far.write(bytes("x"));
  assertEquals((await readable).result, "OK");
  const home = kept.wait(PEER_REMOTE, { condition: "UNSATISFIED" });
  there.pipe.write(bytes(""), [far]);
  const back = (await here.pipe.receive())!.take(MessagePipe);
  assertEquals((await home).result, "OK");
  assertEquals(kept.signals.satisfied & PEER_REMOTE, 0);
  const lost = there.pipe.wait(PEER_CLOSED);
  here.abort();
  assertEquals((await lost).result, "OK");
  for (const pipe of [kept, back, here.pipe, there.pipe]) pipe.close();
  await here.close();
  await there.close();
});
