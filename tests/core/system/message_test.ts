import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { BadMessageError, LimitError, MisuseError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { endOf, Handle } from "../../../core/system/handle.ts";
import { Message } from "../../../core/system/message.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { bytes, join, quiet, text } from "./memory_transport.ts";

function runtime(): NodeRuntime {
  return new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
}

/** The next message, which has to be there. */
function read(pipe: MessagePipe): Message {
  const read = pipe.read();
  assert(read.result === "OK", read.result);
  return read.message;
}

function misuse(act: () => unknown, message: string, result = "INVALID_ARGUMENT"): void {
  const error = assertThrows(act, MisuseError);
  assert(error.message.includes(message), error.message);
  assertEquals(error.result, result);
}

Deno.test("Message.append grows the data and keeps what was there", () => {
  const message = new Message(), expected: number[] = [];
  for (let size = 0; size < 200; size++) {
    const added = message.append(Uint8Array.from({ length: size }, (_, i) => size + i));
    assertEquals(added.length, size);
    for (let i = 0; i < size; i++) expected.push((size + i) & 0xff);
  }
  assertEquals([...message.data], expected);
});

Deno.test("Message.append gives zeros to fill in", () => {
  const message = new Message(bytes("ab"));
  message.append(3)[1] = 7;
  assertEquals([...message.append(70)], new Array(70).fill(0));
  assertEquals([...message.data.subarray(0, 5)], [97, 98, 0, 7, 0]);
  assertEquals(message.data.length, 75);
});

Deno.test("Message.append copies, also from the message itself", () => {
  const message = new Message(), data = bytes("one");
  message.append(data);
  data.fill(0);
  message.append(message.data);
  for (let i = 0; i < 6; i++) message.append(message.data);
  assertEquals(text(message.data), "one".repeat(128));
});

Deno.test("Message takes its bytes over without a copy, until they grow", () => {
  const data = bytes("mine"), message = new Message(data);
  assert(message.data === data);
  message.append(1)[0] = 33;
  assertEquals(text(message.data), "mine!");
  assertEquals(text(data), "mine");
});

Deno.test("Message.append refuses what it cannot append, and appends nothing", () => {
  const [held, closed] = runtime().createMessagePipe(), message = new Message();
  closed.close();
  for (
    const data of ["text", [1, 2], -1, 1.5, NaN, Infinity, null, new Uint16Array(2), {
      length: 3,
    }]
  ) {
    misuse(
      () => message.append(data as number, [held]),
      "must be a Uint8Array or a number",
    );
  }
  for (const handles of [[held, closed], [{}], [null], "ab", held]) {
    misuse(() => message.append(1, handles as Handle[]), "must be an array of handles");
  }
  misuse(() => message.append(2 ** 28 + 1, [held]), "268435456", "RESOURCE_EXHAUSTED");
  misuse(() => message.append(Number.MAX_SAFE_INTEGER), "at most", "RESOURCE_EXHAUSTED");
  assertEquals([message.data.length, message.handles.length], [0, 0]);
  held.close();
});

Deno.test("Message refuses bytes that are none, and handles that are no array", () => {
  misuse(() => new Message("text" as unknown as Uint8Array<ArrayBuffer>), "Uint8Array");
  misuse(() => new Message(bytes(""), {} as unknown as Handle[]), "an array of handles");
});

Deno.test("MessagePipe.write takes all that a message has, and the message is spent", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe(), [c, d] = node.createMessagePipe();
  const message = new Message(bytes("da"), [a]);
  message.append(bytes("ta"), [c]);
  assertEquals(one.write(message), "OK");
  assertFalse(a.isHeld || c.isHeld);
  assertEquals(message.handles, []);
  misuse(() => one.write(message), "Cannot write message: it was written or closed");
  misuse(() => message.append(1), "Cannot append to message: it was written");
  misuse(() => message.data, "data of message: it was written");
  misuse(() => message.take(MessagePipe), "handle out of message: it was written");
  message.close();
  const got = read(two);
  assertEquals([text(got.data), got.handles.length], ["data", 2]);
  got.close();
  for (const pipe of [one, two, b, d]) pipe.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("MessagePipe.write that throws leaves the message as it was", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe();
  const message = new Message(bytes("kept"), [a]);
  message.handles.push(one);
  misuse(() => one.write(message), "handles[1]': it cannot be sent through itself");
  message.handles[1] = {} as Handle;
  misuse(
    () => one.write(message),
    "handles[1]': it must be a MessagePipe or another handle",
  );
  message.handles[1] = a;
  misuse(() => one.write(message), "names one handle twice");
  message.handles.pop();
  const long = message.append(LIMITS.tiny.maxFrameBytes);
  assertThrows(() => one.write(message), LimitError);
  assert(a.isHeld);
  assertEquals(long.length, LIMITS.tiny.maxFrameBytes);
  assertEquals(two.read().result, "SHOULD_WAIT");
  const again = new Message(message.data.slice(0, 4), message.handles.slice());
  assertEquals(one.write(again), "OK");
  const got = read(two);
  assertEquals([text(got.data), got.handles.length], ["kept", 1]);
  got.close();
  for (const pipe of [one, two, b]) pipe.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("MessagePipe.write takes a message also when nobody is there to read it", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe(), message = new Message(bytes("x"), [a]);
  two.close();
  assertEquals(one.write(message), "FAILED_PRECONDITION");
  misuse(() => one.write(message), "it was written or closed");
  assertEquals(b.read().result, "FAILED_PRECONDITION");
  one.close();
  b.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("MessagePipe.write sends a message on that was read from another pipe", async () => {
  const { here, there, inviter, invitee } = await join();
  const [kept, sent] = inviter.createMessagePipe();
  const [one, two] = invitee.createMessagePipe();
  for (const size of [0, 5, 20_000]) {
    here.pipe.write(new Uint8Array(size).fill(size), size === 5 ? [sent] : []);
    const message = (await there.pipe.receive())!;
    assertEquals(one.write(message), "OK");
    const got = read(two);
    assertEquals([...got.data], new Array(size).fill(size & 0xff));
    if (size === 5) {
      using far = got.take(MessagePipe);
      far.write(bytes("through"));
      assertEquals(text((await kept.receive())!.data), "through");
    }
  }
  for (const pipe of [kept, one, two, here.pipe, there.pipe]) pipe.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await here.close();
  await there.close();
});

Deno.test("Message.take gives the handles in order, of the kind asked for", () => {
  const node = runtime(), [a, b] = node.createMessagePipe();
  using message = new Message(undefined, [a, b]);
  class Other extends Handle {}
  const wrong = assertThrows(() => message.take(Other), BadMessageError);
  assertEquals(
    wrong.message,
    "Bad message, which should have a Other: handle-kind at byte 0",
  );
  assert(message.take(MessagePipe) === a);
  assert(message.take(Handle) === b);
  const none = assertThrows(() => message.take(MessagePipe), BadMessageError);
  assertEquals(none.rule, "handle-missing");
  a.close();
  b.close();
});

Deno.test("Message.close closes the handles that are still in it, and nothing else", () => {
  const node = runtime(),
    [a, b] = node.createMessagePipe(),
    [c, d] = node.createMessagePipe();
  {
    using message = new Message(undefined, [a, c]);
    message.handles.unshift({} as Handle);
    message.handles.push(undefined as unknown as Handle);
    message.handles.splice(1, 1);
  }
  assert(a.isHeld && !c.isHeld);
  assertEquals(d.read().result, "FAILED_PRECONDITION");
  for (const pipe of [a, b, d]) pipe.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("Message.close is over before anybody is told of what it closes", () => {
  const node = runtime(), [a, b] = node.createMessagePipe();
  const message = new Message(bytes("x"), [a]);
  let told = 0;
  endOf(a).observe({
    changed() {},
    gone() {
      told++;
      misuse(() => message.append(1), "it was written or closed");
      message.close();
    },
  });
  message.close();
  assertEquals(told, 1);
  b.close();
});

Deno.test("Message of no bytes can be transferred without harm to others", () => {
  const { buffer } = new Message().data;
  buffer.transfer();
  const message = new Message();
  message.append(bytes("fine"));
  assertEquals(text(message.data), "fine");
});
