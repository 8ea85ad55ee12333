import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLessOrEqual,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { Remote } from "../../../core/bindings/remote.ts";
import {
  BadMessageError,
  PipeClosedError,
  PipeLostError,
  RemoteError,
} from "../../../core/errors.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import type { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { setDefaultBadMessageHandler } from "../../../core/system/bad_message.ts";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Signal } from "../../../core/system/signal.ts";
import { join, quiet } from "../system/memory_transport.ts";
import { inStudio, studio } from "./studio.ts";
import { Studio } from "./studio.magen.ts";
import { onBoth } from "./switchboard.ts";

/** The first message of a pipe, as soon as it is there. */
async function firstHandle(pipe: MessagePipe): Promise<MessagePipe> {
  return (await pipe.receive())!.take(MessagePipe);
}

/** A message on the pipe of a stream. */
function streamMessage(
  id: number,
  body: readonly number[],
  { flags = 0, request = 0 } = {},
): Uint8Array {
  const bytes = new Uint8Array(16 + body.length), view = new DataView(bytes.buffer);
  bytes[0] = 1;
  bytes[1] = flags;
  view.setUint32(4, id, true);
  view.setUint32(8, request, true);
  view.setUint32(12, bytes.length, true);
  bytes.set(body, 16);
  return bytes;
}

const ITEM = 0xffff_fff0, END = 0xffff_fff1, FAILED = 0xffff_fff2;
const NOTHING = [0, 0, 0, 0];

inStudio(
  "Remote gets the items of a stream, then its end",
  {},
  async ({ remote }) => {
    assertEquals(await Array.fromAsync(remote.count(0, 300)), [...Array(300).keys()]);
    assertEquals(await Array.fromAsync(remote.count(0, 0)), []);
    assertEquals(await Array.fromAsync(remote.parts("p")), [
      { name: "p1", count: 1, line: undefined },
      { name: "p2", count: 5, line: undefined },
    ]);
    const names = ["a", undefined, "b".repeat(5000)];
    assertEquals(await Array.fromAsync(remote.names(names)), names);
  },
);

inStudio("Remote sends streams as arguments, from any iterable", {}, async (bound) => {
  const { remote } = bound;
  assertEquals(await remote.sum([1, 2, 3]), { sum: 6n });
  assertEquals(await remote.sum(new Set<number>()), { sum: 0n });
  assertEquals(await remote.sum(ReadableStream.from([4, 5])), { sum: 9n });
  async function* numbers() {
    for (let i = 0; i < 200; i++) yield await Promise.resolve(i);
  }
  assertEquals(await remote.sum(numbers()), { sum: 19_900n });
});

inStudio("Remote gets streams in replies, and in streams", {}, async ({ remote }) => {
  const { letters } = await remote.later("abc");
  assertEquals(await Array.fromAsync(letters), ["a", "b", "c"]);
  const rows: number[][] = [];
  for await (const row of remote.rows(3)) rows.push(await Array.fromAsync(row));
  assertEquals(rows, [[1], [2, 2], [3, 3, 3]]);
});

let made = 0;
let returned = 0;
function* endless() {
  try {
    for (;;) yield made++;
  } finally {
    returned++;
  }
}

inStudio(
  "The source of a stream makes few items more than are asked for, and stops when nobody wants any",
  { count: endless },
  async ({ remote }) => {
    made = returned = 0;
    const reader = remote.count(0, 0).getReader();
    await quiet();
    assert(made > 0);
    assertLessOrEqual(made, 66);
    for (let i = 0; i < 1000; i++) assertEquals((await reader.read()).value, i);
    await quiet();
    assertLessOrEqual(made, 1066);
    assertEquals(returned, 0);
    await reader.cancel("enough");
    await quiet();
    assertEquals(returned, 1);
    assertEquals((await reader.read()).done, true);
  },
);

inStudio(
  "The source of a stream makes few items that are large before they are asked for",
  {
    *names() {
      for (;; made++) yield "x".repeat(50_000);
    },
  },
  async ({ remote, callerNode, calledNode }) => {
    made = 0;
    const stream = remote.names([]);
    await quiet();
    // On one node nothing waits on its way, but for the number of items.
    assertLessOrEqual(made, callerNode === calledNode ? 64 : 4);
    assert(made > 0);
    await stream.cancel();
    await quiet();
  },
);

for (const [what, last] of Object.entries({ "has ended": true, "has thrown": false })) {
  let stops = 0;
  const items: AsyncIterator<number> & AsyncIterable<number> = {
    next: () =>
      last
        ? Promise.resolve({ done: true, value: undefined })
        : Promise.reject(new Error("no more")),
    return: () => {
      stops++;
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]: () => items,
  };
  inStudio(
    `A source of a stream that ${what} is not told to stop`,
    { count: () => items },
    async ({ remote }) => {
      stops = 0;
      await Array.fromAsync(remote.count(0, 0)).catch(() => {});
      await quiet();
      assertEquals(stops, 0);
    },
  );
}

onBoth("A stream takes no item before it is asked for", async (line) => {
  const remote = new Remote(Studio, line.caller);
  const reader = remote.count(0, 1).getReader();
  const producer = await firstHandle(line.called);
  producer.setQuota("UNREAD_MESSAGE_COUNT", 1);
  const isRead = () => (producer.signals.satisfied & Signal.QUOTA_EXCEEDED) === 0;
  producer.write(streamMessage(ITEM, [7, 0, 0, 0]));
  producer.write(streamMessage(ITEM, [8, 0, 0, 0]));
  await quiet();
  assertEquals(isRead(), false);
  for (const value of [7, 8]) assertEquals((await reader.read()).value, value);
  await quiet();
  assertEquals(isRead(), true);
  producer.close();
  remote.$.close();
  line.called.close();
  assertEquals(await line.ports(), 0);
});

let isCancelled = false;
inStudio(
  "A ReadableStream that is sent is cancelled while it waits",
  {
    count: () => new ReadableStream<number>({ cancel: () => void (isCancelled = true) }),
  },
  async ({ remote }) => {
    isCancelled = false;
    for await (const _ of stopping(remote.count(0, 0))) throw new Error("no item comes");
    await quiet();
    assert(isCancelled);
  },
);

/** Ends, and cancels `stream`, after a moment. */
async function* stopping<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  await quiet();
  await stream.cancel();
  yield* stream;
}

inStudio(
  "A stream whose source throws ends with an error, and the text stays there",
  {
    async *count() {
      yield await Promise.resolve(1);
      throw new Error("the password is 1234");
    },
    parts: () => {
      throw new Error("at once");
    },
    names: () => Promise.reject(new Error("a moment later")),
    rows: () => 5 as never,
  },
  async ({ remote, errors }) => {
    const reader = remote.count(0, 0).getReader();
    assertEquals((await reader.read()).value, 1);
    const error = await assertRejects(() => reader.read(), RemoteError);
    assertEquals(error.message, "studio.Studio.Count failed on the other side");
    await assertRejects(() => reader.closed, RemoteError);
    await assertRejects(() => Array.fromAsync(remote.parts("")), RemoteError);
    await assertRejects(() => Array.fromAsync(remote.names([])), RemoteError);
    await assertRejects(() => Array.fromAsync(remote.rows(1)), RemoteError);
    assertEquals(errors, [
      "studio.Studio.Count: Error: the password is 1234",
      "studio.Studio.Parts: Error: at once",
      "studio.Studio.Names: Error: a moment later",
      "studio.Studio.Rows: TypeError: Cannot send stream: it must be a ReadableStream or an iterable",
    ]);
    // The pipe of the interface lives on.
    assertEquals(await remote.sum([1]), { sum: 1n });
  },
);

inStudio(
  "A stream whose item does not fit ends with an error, and its source stops",
  {
    *count() {
      try {
        yield 1;
        yield 0.5;
      } finally {
        returned++;
      }
    },
  },
  async ({ remote, errors }) => {
    returned = 0;
    const reader = remote.count(0, 0).getReader();
    assertEquals((await reader.read()).value, 1);
    await assertRejects(() => reader.read(), RemoteError);
    assertMatch(errors.join(), /^studio.Studio.Count: RangeError: .*'item'.*0.5$/);
    assertEquals(returned, 1);
  },
);

inStudio(
  "A stream that is sent and fails is told to the remote's onError",
  { sum: (numbers) => Array.fromAsync(numbers).then(() => ({ sum: 0n })) },
  async ({ remote, errors }) => {
    // deno-lint-ignore require-yield
    function* numbers(): Generator<number> {
      throw new Error("no numbers");
    }
    await assertRejects(() => remote.sum(numbers()), RemoteError);
    assertEquals(errors, [
      "The stream 'numbers': Error: no numbers",
      "studio.Studio.Sum: RemoteError: The stream 'numbers' failed on the other side",
    ]);
  },
);

inStudio(
  "Remote refuses what is no stream, and takes nothing out of it",
  {},
  async (bound) => {
    const { remote } = bound;
    returned = made = 0;
    const locked = new ReadableStream<number>();
    locked.getReader();
    for (const value of [5, "text", null, undefined, {}, locked]) {
      assertThrows(() => remote.sum(value as never), TypeError, "argument 'numbers'");
    }
    const source = endless();
    remote.$.close();
    await assertRejects(() => remote.sum(source), PipeClosedError);
    await assertRejects(() => Array.fromAsync(remote.count(0, 5)), PipeClosedError);
    await quiet();
    assertEquals([made, returned], [0, 0]);
  },
);

inStudio(
  "A stream goes on when the pipe of its interface is closed",
  {},
  async (bound) => {
    const reader = bound.remote.count(0, 500).getReader();
    await reader.read();
    bound.remote.$.close();
    bound.receiver.close();
    let count = 1;
    while (!(await reader.read()).done) count++;
    assertEquals(count, 500);
  },
);

Deno.test("A stream that is lost errors, also for whoever waits for its end only", async () => {
  const { here, there } = await join({});
  const remote = new Remote(Studio, here.pipe);
  const never = async function* () {
    yield await new Promise<number>(() => {});
  };
  using _receiver = new Receiver(Studio, studio({ count: never }), there.pipe);
  const waiting = remote.count(0, 1).getReader(), read = waiting.read();
  const other = remote.count(0, 1).getReader();
  await quiet();
  await there.close();
  await assertRejects(() => read, PipeLostError);
  assertInstanceOf(await other.closed.catch((error) => error), PipeLostError);
  await here.close();
});

onBoth("A stream whose other end closes without a word errors", async (line) => {
  const remote = new Remote(Studio, line.caller);
  const reader = remote.count(0, 1).getReader();
  (await firstHandle(line.called)).close();
  await assertRejects(() => reader.read(), PipeClosedError);
  remote.$.close();
  line.called.close();
  assertEquals(await line.ports(), 0);
});

for (
  const [rule, bytes] of Object.entries({
    "head": new Uint8Array(3),
    "wire-version": new Uint8Array(16),
    "stream-message": streamMessage(7, NOTHING),
    "stream-flags": streamMessage(ITEM, [1, 0, 0, 0], { flags: 1 }),
    "stream-flags (request)": streamMessage(ITEM, [1, 0, 0, 0], { request: 4 }),
    "end": streamMessage(ITEM, [1, 0]),
    "trailing-bytes": streamMessage(ITEM, [1, 0, 0, 0, 0]),
    "struct-size": streamMessage(END, [1, 0, 0, 0]),
    "struct-size (failed)": streamMessage(FAILED, [1, 0, 0, 0]),
    "trailing-bytes (end)": streamMessage(END, [...NOTHING, 0]),
  })
) {
  onBoth(`A stream costs its pipe when a message breaks ${rule}`, async (line) => {
    const remote = new Remote(Studio, line.caller), reports: unknown[] = [];
    setDefaultBadMessageHandler(({ error }) => void reports.push(error));
    try {
      const reader = remote.count(0, 1).getReader();
      const producer = await firstHandle(line.called);
      producer.write(streamMessage(ITEM, [7, 0, 0, 0]));
      producer.write(bytes);
      assertEquals((await reader.read()).value, 7);
      const error = await assertRejects(() => reader.read(), BadMessageError);
      assertEquals(error.rule, rule.replace(/ .*/, ""));
      assertMatch(error.message, / in studio.Studio.Count: /);
      await quiet();
      assertEquals(reports, [error]);
      assertEquals(await producer.receive(), null);
      producer.close();
      // It costs that pipe alone.
      assert(remote.$.isConnected);
    } finally {
      setDefaultBadMessageHandler(null);
    }
    remote.$.close();
    line.called.close();
    assertEquals(await line.ports(), 0);
  });
}

onBoth("A stream costs its pipe when a handle is left over in it", async (line) => {
  const remote = new Remote(Studio, line.caller);
  const reader = remote.count(0, 1).getReader();
  const producer = await firstHandle(line.called);
  const [near, far] = line.calledNode.createMessagePipe();
  const bytes = streamMessage(ITEM, [7, 0, 0, 0]);
  bytes[2] = 1;
  producer.write(bytes, [far]);
  const error = await assertRejects(() => reader.read(), BadMessageError);
  assertEquals(error.rule, "handle-unclaimed");
  assertInstanceOf(await near.closed, PipeClosedError);
  for (const pipe of [near, producer, line.called]) pipe.close();
  remote.$.close();
  assertEquals(await line.ports(), 0);
});

onBoth(
  "The source of a stream costs its pipe when the other end says anything",
  async (line) => {
    const errors: string[] = [], reports: unknown[] = [];
    using _receiver = new Receiver(Studio, studio({ count: endless }), line.called, {
      onError: (error) => void errors.push(`${error}`),
    });
    const [consumer, end] = line.callerNode.createMessagePipe();
    line.caller.write(await countRequest(line.callerNode), [end]);
    setDefaultBadMessageHandler(({ error }) => void reports.push(error));
    made = returned = 0;
    try {
      assertEquals((await consumer.receive())!.data[16], 0);
      const [near, far] = line.callerNode.createMessagePipe();
      consumer.write(new Uint8Array(1), [far]);
      while (await consumer.receive() !== null);
      assertInstanceOf(await near.closed, PipeClosedError);
      near.close();
      assertEquals(returned, 1);
      assertMatch(
        `${reports}`,
        /^BadMessageError: .*Studio.Count: stream-direction at byte 0$/,
      );
      assertEquals(errors, []);
    } finally {
      setDefaultBadMessageHandler(null);
    }
    consumer.close();
    line.caller.close();
    await quiet();
    assertEquals(await line.ports(), 0);
  },
);

/** The bytes of a call of `count`. */
async function countRequest(node: NodeRuntime): Promise<Uint8Array> {
  const [one, other] = node.createMessagePipe();
  using remote = new Remote(Studio, one);
  const stream = remote.count(0, 1), message = (await other.receive())!;
  const bytes = message.data;
  message.close();
  other.close();
  await stream.cancel();
  return bytes;
}
