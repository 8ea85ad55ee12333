import { assert, assertEquals, assertThrows } from "@std/assert";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import { MisuseError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { endOf } from "../../../core/system/handle.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import type { QuotaType } from "../../../core/system/quota.ts";
import { Signal } from "../../../core/system/signal.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { Switchboard } from "../bindings/switchboard.magen.ts";
import { board, type Line, onBoth } from "../bindings/switchboard.ts";
import { TrailerType } from "../../../core/wire/trailer.ts";
import { control, deafen, forge, overhear } from "./forged_payload.ts";
import { bytes, join, quiet } from "./memory_transport.ts";

const LENGTH = "RECEIVE_QUEUE_LENGTH", MEMORY = "RECEIVE_QUEUE_MEMORY_SIZE";
const UNREAD = "UNREAD_MESSAGE_COUNT";
const { ReadInterval } = TrailerType;

function runtime(): NodeRuntime {
  return new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
}

function isOver(pipe: MessagePipe): boolean {
  const { satisfied, satisfiable } = pipe.signals;
  assertEquals(satisfied & ~satisfiable, 0);
  return (satisfied & Signal.QUOTA_EXCEEDED) !== 0;
}

function write(pipe: MessagePipe, count: number): void {
  for (let i = 0; i < count; i++) assertEquals(pipe.write(bytes("x")), "OK");
}

function read(pipe: MessagePipe, count = 1): void {
  for (let i = 0; i < count; i++) assertEquals(pipe.read().result, "OK");
}

const usage = (pipe: MessagePipe, type: QuotaType) => pipe.quota(type).usage;

Deno.test("MessagePipe.quota has no limit until one is set, and again when it is taken away", () => {
  const [one, two] = runtime().createMessagePipe();
  write(one, 2);
  for (const type of [LENGTH, MEMORY, UNREAD] as const) {
    assertEquals(two.quota(type).limit, Infinity);
    two.setQuota(type, 7);
    assertEquals(two.quota(type).limit, 7);
    assertEquals(one.quota(type).limit, Infinity);
    two.setQuota(type, Infinity);
    assertEquals(two.quota(type).limit, Infinity);
  }
  assertEquals([usage(two, LENGTH), usage(two, MEMORY), usage(two, UNREAD)], [2, 2, 0]);
  // Nothing is asked by taking away what was not there.
  one.setQuota(UNREAD, Infinity);
  assert(endOf(one).isPlain);
});

Deno.test("MessagePipe.setQuota refuses what is no quota, and no limit", () => {
  const [one, two] = runtime().createMessagePipe();
  for (const limit of [-1, 1.5, NaN, 2 ** 53, -Infinity, "1" as unknown as number]) {
    const error = assertThrows(() => one.setQuota(LENGTH, limit), MisuseError);
    assertEquals(error.result, "INVALID_ARGUMENT");
  }
  assertThrows(
    () => one.setQuota("LENGTH" as QuotaType, 1),
    MisuseError,
    "no quota 'LENGTH'",
  );
  assertThrows(() => one.quota("toString" as QuotaType), MisuseError, "no quota");
  one.close();
  assertThrows(() => one.setQuota(LENGTH, 1), MisuseError, "closed, sent or bound");
  assertThrows(() => one.quota(LENGTH), MisuseError, "closed, sent or bound");
  two.close();
});

Deno.test("MessagePipe is over its quota while more messages than that are unread, and takes all", () => {
  const [one, two] = runtime().createMessagePipe();
  two.setQuota(LENGTH, 2);
  write(one, 2);
  assert(!isOver(two));
  write(one, 1);
  assert(isOver(two) && !isOver(one));
  write(one, 10);
  read(two, 10);
  assert(isOver(two));
  read(two);
  assert(!isOver(two));
  two.setQuota(LENGTH, 1);
  assert(isOver(two));
  one.close();
  assert(isOver(two));
  read(two, 2);
  assert(!isOver(two));
  assertEquals(two.signals.satisfiable & Signal.QUOTA_EXCEEDED, 0);
});

Deno.test("MessagePipe is over its quota while more bytes than that are unread", () => {
  const [one, two] = runtime().createMessagePipe();
  two.setQuota(MEMORY, 100);
  one.write(new Uint8Array(100));
  assert(!isOver(two));
  one.write(new Uint8Array(0));
  assert(!isOver(two));
  one.write(new Uint8Array(1));
  assertEquals(two.quota(MEMORY), { limit: 100, usage: 101 });
  assert(isOver(two));
  two.discard();
  assert(!isOver(two));
  two.setQuota(MEMORY, 0);
  assert(isOver(two));
});

Deno.test("MessagePipe.quota counts no words between the ends as messages", () => {
  const [one, two] = runtime().createMessagePipe();
  write(one, 1);
  for (const limit of [4, 8, Infinity, 2]) one.setQuota(UNREAD, limit);
  write(one, 1);
  one.setQuota(UNREAD, 6);
  assertEquals([usage(two, LENGTH), usage(two, MEMORY)], [2, 2]);
  read(two);
  assertEquals([usage(two, LENGTH), usage(two, MEMORY)], [1, 1]);
  read(two);
  assertEquals([usage(two, LENGTH), usage(two, MEMORY)], [0, 0]);
  assertEquals(two.read().result, "SHOULD_WAIT");
  assertEquals(two.signals.satisfied & Signal.READABLE, 0);
});

Deno.test("MessagePipe.quota counts no words that were there before the end had its holder", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe();
  write(a, 1);
  one.write(bytes(""), [b]);
  a.setQuota(UNREAD, 6);
  write(a, 2);
  const got = two.read();
  assert(got.result === "OK");
  const moved = got.message.take(MessagePipe);
  assertEquals([usage(moved, LENGTH), usage(moved, MEMORY)], [3, 3]);
  read(moved, 3);
  assertEquals([usage(moved, LENGTH), usage(a, UNREAD)], [0, 2]);
  write(a, 1);
  read(moved);
  assertEquals(usage(a, UNREAD), 0);
});

Deno.test("MessagePipe.setQuota of unread messages is exceeded within the write that exceeds it", () => {
  const [one, two] = runtime().createMessagePipe();
  one.setQuota(UNREAD, 3);
  write(one, 3);
  assertEquals([isOver(one), usage(one, UNREAD)], [false, 3]);
  write(one, 1);
  assertEquals([isOver(one), usage(one, UNREAD)], [true, 4]);
  read(two);
  assertEquals(isOver(one), true);
  // Half of (3 + 1) were read: that is when the other end tells.
  read(two);
  assertEquals([isOver(one), usage(one, UNREAD)], [false, 2]);
  two.discard();
  two.discard();
  assertEquals(usage(one, UNREAD), 0);
});

Deno.test("MessagePipe.setQuota of unread messages is told of every (limit + 1) / 2 of them, never less", () => {
  for (const [limit, interval] of [[0, 1], [1, 1], [2, 1], [3, 2], [4, 2], [9, 5]]) {
    const [one, two] = runtime().createMessagePipe();
    one.setQuota(UNREAD, limit!);
    write(one, 20);
    for (let count = 1; count <= 20; count++) {
      read(two);
      assertEquals(usage(one, UNREAD), 20 - Math.floor(count / interval!) * interval!);
    }
    // What is not told is never enough to be over the quota.
    assert(!isOver(one));
    one.close();
    two.close();
  }
});

Deno.test("MessagePipe.setQuota of unread messages counts from then on, and goes on when set again", () => {
  const [one, two] = runtime().createMessagePipe();
  write(one, 3);
  one.setQuota(UNREAD, 1);
  assertEquals(usage(one, UNREAD), 0);
  write(one, 4);
  assertEquals(usage(one, UNREAD), 4);
  read(two, 4);
  assertEquals(usage(one, UNREAD), 3);
  one.setQuota(UNREAD, 7);
  assertEquals([usage(one, UNREAD), isOver(one)], [3, false]);
  one.setQuota(UNREAD, 2);
  assertEquals([usage(one, UNREAD), isOver(one)], [3, true]);
  read(two, 3);
  assertEquals([usage(one, UNREAD), isOver(one)], [0, false]);
});

Deno.test("MessagePipe.setQuota takes a quota of unread messages away, and starts another from nothing", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  one.setQuota(UNREAD, 1);
  write(one, 5);
  read(two, 2);
  one.setQuota(UNREAD, Infinity);
  assertEquals([usage(one, UNREAD), isOver(one)], [0, false]);
  write(one, 5);
  one.setQuota(UNREAD, 1);
  write(one, 2);
  // These were written before.
  read(two, 8);
  assertEquals(usage(one, UNREAD), 2);
  read(two, 2);
  assertEquals(usage(one, UNREAD), 0);
  one.setQuota(UNREAD, Infinity);
  one.setQuota(UNREAD, Infinity);
  assertEquals(two.read().result, "SHOULD_WAIT");
});

Deno.test("MessagePipe.setQuota of unread messages falls when nobody is left to read them", () => {
  const [one, two] = runtime().createMessagePipe();
  one.setQuota(UNREAD, 1);
  write(one, 5);
  assert(isOver(one));
  two.close();
  assertEquals([usage(one, UNREAD), isOver(one)], [0, false]);
  one.setQuota(UNREAD, 0);
  assert(!isOver(one));
});

/** Does something in the middle of encoding a message to this node. */
function whileEncoding(node: NodeRuntime, act: () => void): void {
  const [caller, called] = node.createMessagePipe(), words = ["a"];
  Object.defineProperty(words, 0, {
    get() {
      act();
      return "a";
    },
  });
  const remote = new Remote(Switchboard, caller);
  remote.join(words).catch(() => {});
  remote.$.close();
  called.close();
}

Deno.test("MessagePipe.setQuota of unread messages is refused while a message is encoded", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  let error: MisuseError | null = null;
  whileEncoding(node, () => {
    two.setQuota(LENGTH, 1);
    error = assertThrows(() => two.setQuota(UNREAD, 1), MisuseError);
  });
  assertEquals(error!.result, "BUSY");
  assertEquals(two.quota(UNREAD), { limit: Infinity, usage: 0 });
  assertEquals(one.read().result, "SHOULD_WAIT");
});

Deno.test("MessagePipe.read while a message is encoded tells of it as soon as it is", async () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  one.setQuota(UNREAD, 0);
  write(one, 2);
  whileEncoding(node, () => {
    read(two);
    read(two);
  });
  await quiet();
  assertEquals(usage(one, UNREAD), 0);
});

Deno.test("MessagePipe hears what was read although nobody reads what it was sent itself", () => {
  const [one, two] = runtime().createMessagePipe();
  write(two, 3);
  one.setQuota(UNREAD, 2);
  write(one, 3);
  assert(isOver(one));
  read(two, 2);
  assertEquals([usage(one, UNREAD), isOver(one)], [1, false]);
  assertEquals([usage(one, LENGTH), usage(one, MEMORY)], [3, 3]);
  read(one, 3);
  assertEquals(usage(one, LENGTH), 0);
});

Deno.test("MessagePipe hears what was read over a link, wherever the reader moves", async () => {
  const { here, there, inviter, invitee } = await join();
  const [kept, sent] = inviter.createMessagePipe();
  kept.setQuota(UNREAD, 3);
  write(kept, 8);
  read(sent, 3);
  assertEquals(usage(kept, UNREAD), 6);
  here.pipe.write(bytes(""), [sent]);
  const away = (await there.pipe.receive())!.take(MessagePipe);
  await quiet();
  assert(isOver(kept));
  // One was read before it left.
  read(away);
  await quiet();
  assertEquals(usage(kept, UNREAD), 4);
  read(away);
  there.pipe.write(bytes(""), [away]);
  write(kept, 1);
  const home = (await here.pipe.receive())!.take(MessagePipe);
  await quiet();
  read(home);
  await quiet();
  assertEquals(usage(kept, UNREAD), 3);
  read(home, 3);
  await quiet();
  assertEquals([usage(kept, UNREAD), isOver(kept)], [1, false]);
  for (const pipe of [kept, home, here.pipe, there.pipe]) pipe.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await here.close();
  await there.close();
});

Deno.test("MessagePipe.setQuota does not travel, and what was told to the last holder confuses no other", async () => {
  const { here, there, inviter, invitee } = await join();
  const [kept, sent] = inviter.createMessagePipe();
  sent.setQuota(UNREAD, 0);
  sent.setQuota(LENGTH, 0);
  write(sent, 4);
  write(kept, 1);
  here.pipe.write(bytes(""), [sent]);
  // Answers the last holder while the endpoint is on its way.
  read(kept, 2);
  const away = (await there.pipe.receive())!.take(MessagePipe);
  await quiet();
  for (const type of [LENGTH, UNREAD] as const) {
    assertEquals(away.quota(type).limit, Infinity);
  }
  assertEquals([usage(away, UNREAD), isOver(away)], [0, false]);
  away.setQuota(UNREAD, 1);
  write(away, 2);
  read(kept, 2);
  await quiet();
  assertEquals([usage(away, UNREAD), isOver(away)], [2, true]);
  read(kept, 2);
  await quiet();
  assertEquals([usage(away, UNREAD), isOver(away)], [0, false]);
  read(away);
  for (const pipe of [kept, away, here.pipe, there.pipe]) pipe.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await here.close();
  await there.close();
});

Deno.test("MessagePipe passes on what it has not told yet when it is sent", async () => {
  const { here, there, inviter, transports } = await join();
  const [kept, sent] = inviter.createMessagePipe();
  here.pipe.write(bytes(""), [sent]);
  const away = (await there.pipe.receive())!.take(MessagePipe);
  kept.setQuota(UNREAD, 0);
  write(kept, 2);
  await quiet();
  // What tells has to wait behind this, and does not get away.
  transports[0].paused = true;
  there.pipe.write(bytes("what is read last"));
  await quiet();
  away.write(new Uint8Array(60_000));
  read(away, 2);
  await quiet();
  there.pipe.write(bytes(""), [away]);
  transports[0].resume();
  assertEquals(usage(kept, UNREAD), 2);
  await here.pipe.receive();
  const home = (await here.pipe.receive())!.take(MessagePipe);
  await quiet();
  assertEquals(usage(kept, UNREAD), 0);
  for (const pipe of [kept, home]) pipe.close();
  await here.close();
  await there.close();
});

onBoth(
  "Receiver tells what it has read, and Remote counts what it writes",
  async (line: Line) => {
    const notes: string[] = [];
    const { caller, called } = line;
    caller.setQuota(UNREAD, 3);
    const remote = new Remote(Switchboard, caller);
    const receiver = new Receiver(
      Switchboard,
      board({ note: (text) => void notes.push(text) }),
      called,
    );
    for (let i = 0; i < 7; i++) remote.note(`${i}`);
    assertEquals(await remote.add(1, 2), { sum: 3 });
    await quiet();
    assertEquals(notes.join(""), "0123456");
    const back = remote.$.unbind();
    assertEquals(back.quota(UNREAD), { limit: 3, usage: 0 });
    const again = receiver.unbind();
    write(back, 4);
    await quiet();
    assert(isOver(back));
    read(again, 4);
    await quiet();
    assert(!isOver(back));
    back.close();
    again.close();
    assertEquals(await line.ports(), 0);
  },
);

Deno.test("MessagePipe that is read keeps one answer at most for who does not take it", async () => {
  const { here, there, inviter } = await join();
  const [kept, sent] = inviter.createMessagePipe();
  here.pipe.write(bytes(""), [sent]);
  const reader = (await there.pipe.receive())!.take(MessagePipe);
  await quiet();
  // The other side asks to be told of every message, and lets nothing in that it is told.
  deafen(kept);
  forge(kept, control(ReadInterval, { id: 5, interval: 1 }));
  const answers: number[] = [];
  for (let round = 0; round < 50; round++) {
    write(kept, 20);
    await quiet();
    read(reader, 20);
    assert(reader.bufferedBytes < 1000, `${reader.bufferedBytes} bytes wait`);
  }
  for (let round = 0; round < 5; round++) {
    answers.push(...overhear(kept).map(({ count }) => count));
    await quiet();
  }
  assert(answers.length < 500, `${answers.length} answers`);
  assertEquals([answers[0], answers.at(-1)], [1, 1000]);
  reader.close();
  kept.close();
  await here.close();
  await there.close();
});

Deno.test("MessagePipe that is read answers nothing while the neighbor takes no answers", async () => {
  const { here, there, invitee } = await join();
  here.pipe.setQuota(UNREAD, 0);
  write(here.pipe, 3);
  await quiet();
  const link = invitee.node.links()[0]!;
  link.unsentReplyBytes += 1e9;
  read(there.pipe, 3);
  await quiet();
  assertEquals(usage(here.pipe, UNREAD), 3);
  link.unsentReplyBytes -= 1e9;
  link.relieve();
  await quiet();
  assertEquals([usage(here.pipe, UNREAD), link.unsentReplyBytes], [0, 0]);
  await here.close();
  await there.close();
});

Deno.test("MessagePipe that is read leaves it to its next holder to answer, and Receiver does it itself", async () => {
  for (const next of ["holder", "receiver"]) {
    const { here, there, invitee } = await join();
    here.pipe.setQuota(UNREAD, 0);
    write(here.pipe, 3);
    await quiet();
    const link = invitee.node.links()[0]!, [one, two] = invitee.createMessagePipe();
    link.unsentReplyBytes += 1e9;
    read(there.pipe, 2);
    if (next === "receiver") {
      read(there.pipe);
      const receiver = new Receiver(Switchboard, board(), there.pipe);
      link.unsentReplyBytes -= 1e9;
      link.relieve();
      await quiet();
      assertEquals(usage(here.pipe, UNREAD), 0);
      receiver.close();
    } else {
      one.write(bytes(""), [there.pipe]);
      const got = two.read();
      assert(got.result === "OK");
      const pipe = got.message.take(MessagePipe);
      await quiet();
      read(pipe);
      deafen(here.pipe);
      link.unsentReplyBytes -= 1e9;
      link.relieve();
      await quiet();
      assertEquals(overhear(here.pipe).map(({ count }) => count), [3]);
      pipe.close();
    }
    one.close();
    two.close();
    await here.close();
    await there.close();
  }
});
