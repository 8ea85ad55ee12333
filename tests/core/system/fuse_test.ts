import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import { MisuseError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { fuseMessagePipes } from "../../../core/system/fuse.ts";
import { endOf } from "../../../core/system/handle.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Signal } from "../../../core/system/signal.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { Switchboard } from "../bindings/switchboard.magen.ts";
import { board } from "../bindings/switchboard.ts";
import { forge, withTrailer } from "./forged_payload.ts";
import { bytes, join, quiet, text } from "./memory_transport.ts";

const UNREAD = "UNREAD_MESSAGE_COUNT";

function runtime(): NodeRuntime {
  return new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
}

function readText(pipe: MessagePipe): string {
  const read = pipe.read();
  return read.result === "OK" ? text(read.message.data) : read.result;
}

function readAll(pipe: MessagePipe): string {
  let all = "";
  for (let read = pipe.read(); read.result === "OK"; read = pipe.read()) {
    all += text(read.message.data);
  }
  return all;
}

function write(pipe: MessagePipe, words: string): void {
  for (const word of words) assertEquals(pipe.write(bytes(word)), "OK");
}

Deno.test("fuseMessagePipes joins the far ends, with all that is unread", () => {
  const node = runtime();
  const [left, one] = node.createMessagePipe(), [other, right] = node.createMessagePipe();
  write(left, "abc");
  assertEquals(readText(one), "a");
  write(one, "12");
  write(right, "xy");
  write(other, "34");
  fuseMessagePipes(one, other);
  assertFalse(one.isHeld || other.isHeld);
  write(left, "d");
  write(right, "z");
  assertEquals([readAll(right), readAll(left)], ["34bcd", "12xyz"]);
  left.close();
  assertEquals(readText(right), "FAILED_PRECONDITION");
  right.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("fuseMessagePipes carries handles over that are unread", () => {
  const node = runtime();
  const [left, one] = node.createMessagePipe(), [other, right] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe(), [c, d] = node.createMessagePipe();
  a.setQuota(UNREAD, 1);
  left.write(bytes("m"), [b, c]);
  fuseMessagePipes(other, one);
  const read = right.read();
  assert(read.result === "OK");
  const [got] = read.message.handles as MessagePipe[];
  write(a, "hi");
  assertEquals(readAll(got!), "hi");
  assertEquals(a.quota(UNREAD).usage, 0);
  read.message.close();
  for (const pipe of [left, right, a, d]) pipe.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("fuseMessagePipes passes on that a far end is closed already", () => {
  for (const first of [true, false]) {
    const node = runtime();
    const [left, one] = node.createMessagePipe(),
      [other, right] = node.createMessagePipe();
    write(left, "last");
    left.close();
    if (first) fuseMessagePipes(one, other);
    else fuseMessagePipes(other, one);
    assertEquals(readAll(right), "last");
    assertEquals(readText(right), "FAILED_PRECONDITION");
    right.close();
    assertEquals(node.node.ports.size, 0);
  }
  const node = runtime();
  const [left, one] = node.createMessagePipe(), [other, right] = node.createMessagePipe();
  left.close();
  right.close();
  fuseMessagePipes(one, other);
  assertEquals(node.node.ports.size, 0);
});

Deno.test("fuseMessagePipes refuses misuse and consumes nothing", async () => {
  const node = runtime();
  const [left, one] = node.createMessagePipe(), [other, right] = node.createMessagePipe();
  const [closed, peer] = node.createMessagePipe(),
    [strange] = runtime().createMessagePipe();
  const [bound, boundPeer] = node.createMessagePipe(),
    [sent, sentPeer] = node.createMessagePipe();
  closed.close();
  const remote = new Remote(Switchboard, bound);
  boundPeer.write(bytes(""), [sent]);
  const cases: readonly (readonly [unknown, unknown, string])[] = [
    [one, one, "Cannot fuse pipes: they are the same endpoint"],
    [one, left, "Cannot fuse pipes: they are the two ends of one pipe"],
    [one, closed, "Cannot fuse pipe: it was closed, sent or bound"],
    [closed, one, "Cannot fuse pipe: it was closed, sent or bound"],
    [one, bound, "Cannot fuse pipe: it was closed, sent or bound"],
    [one, sent, "Cannot fuse pipe: it was closed, sent or bound"],
    [one, strange, "they belong to different nodes of this process"],
    [{}, one, "'one' must be a MessagePipe"],
    [one, undefined, "'other' must be a MessagePipe"],
    [one, remote, "'other' must be a MessagePipe"],
  ];
  for (const [a, b, message] of cases) {
    const error = assertThrows(
      () => fuseMessagePipes(a as MessagePipe, b as MessagePipe),
      MisuseError,
    );
    assert(error.message.includes(message), error.message);
    assertEquals(error.result, "INVALID_ARGUMENT");
    assert(one.isHeld && other.isHeld && left.isHeld && right.isHeld);
  }
  fuseMessagePipes(one, other);
  write(left, "ok");
  assertEquals(readAll(right), "ok");
  remote.$.close();
  const rest = [left, right, peer, boundPeer, sentPeer];
  for (const pipe of rest) pipe.close();
  await quiet();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("fuseMessagePipes takes an end whose other end broke a rule as one that was closed", async () => {
  const node = runtime();
  const [left, one] = node.createMessagePipe();
  const [spoiler, spoiled] = node.createMessagePipe();
  forge(spoiler, withTrailer(bytes(""), 9));
  fuseMessagePipes(one, spoiled);
  await quiet();
  assertEquals(left.signals.satisfied, Signal.PEER_CLOSED);
  for (const pipe of [left, spoiler]) pipe.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("fuseMessagePipes ends every wait for the two ends, and wakes those at the far ends", async () => {
  const node = runtime();
  const [left, one] = node.createMessagePipe(), [other, right] = node.createMessagePipe();
  let gone = 0;
  for (const pipe of [one, other]) {
    endOf(pipe).observe({ changed: () => {}, gone: () => gone++ });
  }
  const waits = [one, other].map((pipe) => pipe.wait(Signal.READABLE));
  const received = right.receive(), readable = left.wait(Signal.READABLE);
  fuseMessagePipes(one, other);
  assertEquals(await Promise.all(waits), [{ result: "CANCELLED" }, {
    result: "CANCELLED",
  }]);
  assertEquals(gone, 2);
  write(left, "a");
  write(right, "b");
  assertEquals(text((await received)!.data), "a");
  assertEquals((await readable).result, "OK");
  left.close();
  right.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("fuseMessagePipes of pipes with a Remote and a Receiver at their far ends connects them", async () => {
  const node = runtime();
  const [left, one] = node.createMessagePipe(), [other, right] = node.createMessagePipe();
  const remote = new Remote(Switchboard, left), early = remote.add(1, 2);
  using _receiver = new Receiver(Switchboard, board(), right);
  fuseMessagePipes(one, other);
  assertEquals([await early, await remote.add(3, 4)], [{ sum: 3 }, { sum: 7 }]);
  remote.$.close();
});

Deno.test("fuseMessagePipes again and again keeps what the ends tell each other apart", async () => {
  const { here, there, inviter, invitee } = await join();
  // Both far ends ask, of whoever is at the joint; the joints ask too; all at different counts.
  const [left, first] = inviter.createMessagePipe();
  here.pipe.write(bytes(""), [left]);
  const far = (await there.pipe.receive())!.take(MessagePipe);
  far.setQuota(UNREAD, 3);
  let end = first;
  write(far, "abcdefg");
  await quiet();
  assertEquals(readText(end), "a");
  for (let i = 0; i < 6; i++) {
    const [other, next] = inviter.createMessagePipe();
    end.setQuota(UNREAD, 1);
    other.setQuota(UNREAD, 0);
    write(end, "1");
    write(other, "2");
    next.setQuota(UNREAD, i);
    write(next, "3");
    if (i % 2 === 0) readText(other);
    fuseMessagePipes(end, other);
    end = next;
    await quiet();
    if (i === 3) assertEquals(readText(end), "2");
  }
  assertEquals(readAll(end).replaceAll("2", ""), "bcdefg");
  await quiet();
  // Interval 2, and 7 are read.
  assertEquals(far.quota(UNREAD), { limit: 3, usage: 0 });
  readAll(far);
  write(far, "hijkl");
  await quiet();
  assertEquals(far.quota(UNREAD).usage, 5);
  readAll(end);
  await quiet();
  assertEquals(far.quota(UNREAD).usage, 1);
  write(end, "x");
  await quiet();
  assertEquals(readAll(far), "x");
  for (const pipe of [far, end, here.pipe, there.pipe]) pipe.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await here.close();
  await there.close();
});

Deno.test("fuseMessagePipes lets a far end go on counting what is read at the other one", () => {
  const node = runtime();
  const [left, one] = node.createMessagePipe(), [other, right] = node.createMessagePipe();
  left.setQuota(UNREAD, 5);
  right.setQuota(UNREAD, 1);
  write(left, "abcd");
  write(right, "12");
  // Less than is told of: the rest is told before the two are fused.
  readText(one);
  assertEquals([left.quota(UNREAD).usage, right.quota(UNREAD).usage], [4, 2]);
  fuseMessagePipes(one, other);
  assertEquals([left.quota(UNREAD).usage, right.quota(UNREAD).usage], [3, 2]);
  assertEquals(readAll(left), "12");
  assertEquals(right.quota(UNREAD).usage, 0);
  assertEquals(readAll(right), "bcd");
  assertEquals(left.quota(UNREAD).usage, 0);
  for (const pipe of [left, right]) {
    assert(pipe.isHeld);
    pipe.close();
  }
  assertEquals(node.node.ports.size, 0);
});

Deno.test("fuseMessagePipes stops the answers to questions of the two ends themselves", () => {
  const node = runtime();
  const [left, one] = node.createMessagePipe(), [other, right] = node.createMessagePipe();
  one.setQuota(UNREAD, 0);
  fuseMessagePipes(one, other);
  write(right, "abc");
  assertEquals(readAll(left), "abc");
  // A word from left would be here, unheard: nothing reads it before a message comes.
  assertEquals(endOf(right).port.queue?.length ?? 0, 0);
  assert(endOf(left).isPlain);
  left.close();
  right.close();
});

Deno.test("fuseMessagePipes while a message is encoded is refused if something has to be told first", () => {
  for (const asks of [true, false]) {
    const node = runtime();
    const [left, one] = node.createMessagePipe(),
      [other, right] = node.createMessagePipe();
    if (asks) left.setQuota(UNREAD, 0);
    const [caller, called] = node.createMessagePipe(), words = ["a"];
    Object.defineProperty(words, 0, {
      get() {
        if (asks) {
          const error = assertThrows(() => fuseMessagePipes(one, other), MisuseError);
          assertEquals(error.result, "BUSY");
          assert(one.isHeld && other.isHeld);
        } else fuseMessagePipes(one, other);
        return "a";
      },
    });
    const remote = new Remote(Switchboard, caller);
    remote.join(words).catch(() => {});
    if (asks) fuseMessagePipes(one, other);
    write(left, "ok");
    assertEquals(readAll(right), "ok");
    remote.$.close();
    for (const pipe of [left, right, called]) pipe.close();
    assertEquals(node.node.ports.size, 0);
  }
});
