import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { PipeClosedError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { endOf } from "../../../core/system/handle.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { bytes, join, quiet, text } from "./memory_transport.ts";

function runtime(): NodeRuntime {
  return new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
}

function readText(pipe: MessagePipe): string {
  const read = pipe.read();
  return read.result === "OK" ? text(read.message.data) : read.result;
}

Deno.test("MessagePipe.query tells the sizes of the next message and leaves it", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  assertEquals(two.query(), { result: "SHOULD_WAIT" });
  one.write(bytes(""));
  one.write(bytes("hello"), [node.createMessagePipe()[0]]);
  for (let i = 0; i < 2; i++) {
    assertEquals(two.query(), { result: "OK", bytes: 0, handles: 0 });
  }
  two.read();
  for (let i = 0; i < 2; i++) {
    assertEquals(two.query(), { result: "OK", bytes: 5, handles: 1 });
  }
  two.discard();
  one.close();
  const end = two.query();
  assert(end.result === "FAILED_PRECONDITION" && end.reason instanceof PipeClosedError);
});

Deno.test("MessagePipe.query does not count what is told about handles", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe();
  // Now something has to be told about b.
  a.setQuota("UNREAD_MESSAGE_COUNT", 4);
  one.write(bytes("abc"), [b]);
  assert(endOf(two).port.queue!.bytes > 30);
  assertEquals(two.query(), { result: "OK", bytes: 3, handles: 1 });
  const read = two.read({ maxBytes: 3, maxHandles: 1 });
  assert(read.result === "OK");
  assertEquals(text(read.message.data), "abc");
  assertEquals(read.message.data.buffer.byteLength, 3);
});

Deno.test("MessagePipe.read leaves a message that is larger than asked for", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  one.write(bytes("hello"), [node.createMessagePipe()[0]]);
  const sizes = { result: "RESOURCE_EXHAUSTED", bytes: 5, handles: 1 } as const;
  for (
    const options of [{ maxBytes: 4 }, { maxHandles: 0 }, { maxBytes: 0, maxHandles: 9 }]
  ) assertEquals(two.read(options), sizes);
  const read = two.read({ maxBytes: 5, maxHandles: 1, mayDiscard: true });
  assert(read.result === "OK");
  assertEquals(two.read({ maxBytes: 0 }), { result: "SHOULD_WAIT" });
  one.write(bytes(""));
  assertEquals(two.read({ maxBytes: 0, maxHandles: 0 }).result, "OK");
});

Deno.test("MessagePipe.read drops a larger message if it may, and closes its handles", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe();
  one.write(bytes("hello"), [a]);
  one.write(bytes("next"));
  assertEquals(
    two.read({ maxBytes: 1, mayDiscard: true }),
    { result: "RESOURCE_EXHAUSTED", bytes: 5, handles: 1 },
  );
  assertEquals(readText(b), "FAILED_PRECONDITION");
  assertEquals(readText(two), "next");
  for (const pipe of [one, two, b]) pipe.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("MessagePipe.discard drops the next message, and closes its handles", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  assertEquals(two.discard(), { result: "SHOULD_WAIT" });
  const [a, b] = node.createMessagePipe();
  one.write(bytes("gone"), [a]);
  one.write(bytes("next"));
  assertEquals(two.discard(), { result: "OK" });
  assertEquals(readText(b), "FAILED_PRECONDITION");
  assertEquals(readText(two), "next");
  one.close();
  assertEquals(two.discard().result, "FAILED_PRECONDITION");
  two.close();
  b.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("MessagePipe.read gives bytes that nobody else has, of any size, on one node", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  for (const size of [1, 64, 1023, 1024, 16_383, 16_384, 60_000]) {
    const data = new Uint8Array(size).fill(1), got: Uint8Array<ArrayBuffer>[] = [];
    for (let round = 0; round < 4; round++) {
      one.write(data);
      one.write(data);
      for (let i = 0; i < 2; i++) {
        const read = two.read();
        assert(read.result === "OK");
        assertEquals(read.message.data.buffer.byteLength, size);
        got.push(read.message.data);
      }
    }
    for (const [i, each] of got.entries()) {
      assert(each.every((byte) => byte === 1), `message ${i} of ${size} bytes changed`);
      each.fill(2);
    }
    assertEquals(new Set(got.map(({ buffer }) => buffer)).size, got.length);
    assert(data.every((byte) => byte === 1));
  }
});

Deno.test("MessagePipe.read gives bytes that nobody else has, also after forwarding", async () => {
  const { here, there, invitee, inviter } = await join({ writeBytes: 1000 });
  // What is unread in an end goes where the end goes, and home again.
  const [kept, sent] = inviter.createMessagePipe();
  const sizes = [3, 1024, 16_384, 40_000];
  for (const size of sizes) kept.write(new Uint8Array(size).fill(size));
  here.pipe.write(bytes(""), [sent]);
  const away = (await there.pipe.receive())!.take(MessagePipe);
  for (const size of sizes) kept.write(new Uint8Array(size).fill(size + 1));
  await quiet();
  there.pipe.write(bytes(""), [away]);
  const home = (await here.pipe.receive())!.take(MessagePipe);
  const got: Uint8Array<ArrayBuffer>[] = [];
  for (let i = 0; i < sizes.length * 2; i++) got.push((await home.receive())!.data);
  for (const [i, data] of got.entries()) {
    const size = sizes[i % 4]!, byte = (size + (i < 4 ? 0 : 1)) & 0xff;
    assertEquals(data.buffer.byteLength, size);
    assert(data.every((each) => each === byte), `message ${i} changed`);
    data.fill(99);
  }
  for (const pipe of [kept, home, here.pipe, there.pipe]) pipe.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await here.close();
  await there.close();
});

Deno.test("MessagePipe.read gives what was read, also when a callback writes meanwhile", () => {
  const [one, two] = runtime().createMessagePipe();
  one.write(bytes("first"));
  // As a watcher would be told within the read.
  let written = false;
  endOf(two).observe({
    changed() {
      if (written) return;
      written = true;
      one.write(bytes("other"));
    },
    gone() {},
  });
  assertEquals(readText(two), "first");
  assertEquals(readText(two), "other");
});

Deno.test("MessagePipe can be iterated until the other end is gone", async () => {
  const [one, two] = runtime().createMessagePipe(), got: string[] = [];
  const reading = (async () => {
    for await (const { data } of two) got.push(text(data));
  })();
  for (const word of ["a", "", "b"]) {
    one.write(bytes(word));
    await quiet();
  }
  assertEquals(got, ["a", "", "b"]);
  one.write(bytes("last"));
  one.close();
  await reading;
  assertEquals(got, ["a", "", "b", "last"]);
  assert(two.isHeld);
});

Deno.test("MessagePipe can be iterated again after a loop was left, and ends when closed within one", async () => {
  const [one, two] = runtime().createMessagePipe(), got: string[] = [];
  for (let i = 0; i < 5; i++) one.write(bytes(`${i}`));
  for await (const { data } of two) {
    got.push(text(data));
    if (got.length === 2) break;
  }
  assert(two.isHeld);
  for await (const { data } of two) {
    got.push(text(data));
    if (got.length === 4) two.close();
  }
  assertEquals(got, ["0", "1", "2", "3"]);
});

Deno.test("MessagePipe.receive serves those who wait in the order they came", async () => {
  const [one, two] = runtime().createMessagePipe();
  const got: (string | null)[] = [];
  const controller = new AbortController();
  const waiting = Array.from({ length: 6 }, (_, i) => {
    const signal = i === 2 ? { signal: controller.signal } : {};
    return two.receive(signal).then((message) => {
      got.push(message && `${i}:${text(message.data)}`);
    });
  });
  one.write(bytes("a"));
  await quiet();
  controller.abort(new Error("enough"));
  await assertRejects(() => waiting[2]!, Error, "enough");
  one.write(bytes("b"));
  one.write(bytes("c"));
  await quiet();
  assertEquals(got, ["0:a", "1:b", "3:c"]);
  one.close();
  await Promise.all([waiting[4], waiting[5]]);
  assertEquals(got.slice(3), [null, null]);
});

Deno.test("MessagePipe.receive lets go of its signal once it is done", async () => {
  const [one, two] = runtime().createMessagePipe(), { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = function (...args: unknown[]) {
    listeners++;
    Reflect.apply(addEventListener, signal, args);
  };
  signal.removeEventListener = function (...args: unknown[]) {
    listeners--;
    Reflect.apply(removeEventListener, signal, args);
  };
  const received = two.receive({ signal });
  assertEquals(listeners, 1);
  one.write(bytes("x"));
  await received;
  assertEquals(listeners, 0);
});

Deno.test("MessagePipe.closed stays pending when this end is closed", async () => {
  const [one, two] = runtime().createMessagePipe();
  let closed = false;
  two.closed.then(() => closed = true);
  two.close();
  one.close();
  await quiet();
  assertFalse(closed);
});
