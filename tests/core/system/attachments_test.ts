import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import { BadMessageError, PipeClosedError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { endOf } from "../../../core/system/handle.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Signal } from "../../../core/system/signal.ts";
import { TrailerType } from "../../../core/wire/trailer.ts";
import { insistNothingLeft } from "../../fuzz/siege.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { Switchboard } from "../bindings/switchboard.magen.ts";
import { board } from "../bindings/switchboard.ts";
import { control, forge, record, withTrailer } from "./forged_payload.ts";
import { bytes, join, quiet, text } from "./memory_transport.ts";

const { Handles, ReadInterval, ReadCount } = TrailerType;
const NOTHING = new Uint8Array(0);

/** Payloads with a trailer that no honest peer writes, the pipes they come with, and the rule. */
const HOSTILE: readonly (readonly [string, Uint8Array, number, string])[] = [
  ["is empty", NOTHING, 0, "trailer-size"],
  ["is empty, with handles", NOTHING, 2, "trailer-size"],
  ["is too short", Uint8Array.of(1, 0, 0), 0, "trailer-size"],
  ["has no room for its records", withTrailer(bytes("x"), Handles, 1), 1, "trailer-size"],
  ["counts 65,535 records", withTrailer(record(), Handles, 0xffff), 1, "trailer-size"],
  ["is of no type", withTrailer(record(), 9, 1), 1, "trailer-type"],
  ["is of type 0", withTrailer(NOTHING, 0), 0, "trailer-type"],
  ["sets a reserved byte", withTrailer(record(), Handles, 1, 1), 1, "trailer-reserved"],
  [
    "has fewer records than handles",
    withTrailer(record(), Handles, 1),
    2,
    "handle-count",
  ],
  ["has records without handles", withTrailer(record(), Handles, 1), 0, "handle-count"],
  ["has no records for its handles", withTrailer(NOTHING, Handles), 3, "handle-count"],
  ["has a handle of no kind", withTrailer(record(0), Handles, 1), 1, "handle-kind"],
  [
    "has a handle of an unknown kind",
    withTrailer(record(200), Handles, 1),
    1,
    "handle-kind",
  ],
  [
    "has one good handle and one of an unknown kind",
    withTrailer(Uint8Array.of(...record(), ...record(77)), Handles, 2),
    2,
    "handle-kind",
  ],
  [
    "sets reserved bytes of a record",
    withTrailer(record(1, { 0: 0x101 }), Handles, 1),
    1,
    "handle-reserved",
  ],
  [
    "told more than was read",
    withTrailer(record(1, { 24: 1 }), Handles, 1),
    1,
    "handle-receipts",
  ],
  [
    "asks with handles",
    control(ReadInterval, { id: 1, interval: 1 }),
    1,
    "control-handles",
  ],
  ["answers with handles", control(ReadCount, { id: 1 }), 2, "control-handles"],
  [
    "asks with a count that is not exact",
    control(ReadInterval, { id: 1, interval: 1, count: 2 ** 53 }),
    0,
    "control-number",
  ],
  [
    "answers with an interval",
    control(ReadCount, { id: 1, interval: 1 }),
    0,
    "control-reserved",
  ],
  [
    "asks with data",
    Uint8Array.of(1, ...control(ReadInterval, { id: 1, interval: 1 })),
    0,
    "trailer-size",
  ],
];

/** Writes a hostile payload to `pipe`, with ends of pipes that it keeps the other ends of. */
function attack(
  node: NodeRuntime,
  pipe: MessagePipe,
  payload: Uint8Array,
  count: number,
): MessagePipe[] {
  const pairs = Array.from({ length: count }, () => node.createMessagePipe());
  forge(pipe, payload, pairs.map(([, sent]) => sent));
  return pairs.map(([kept]) => kept);
}

for (const [what, payload, count, rule] of HOSTILE) {
  Deno.test(`MessagePipe.read fails for a message whose trailer ${what}`, async () => {
    const { here, there, inviter, invitee } = await join();
    const [one, sent] = inviter.createMessagePipe();
    here.pipe.write(NOTHING, [sent]);
    const two = (await there.pipe.receive())!.take(MessagePipe);
    await quiet();
    const { closed } = two;
    one.write(bytes("before"));
    const kept = attack(inviter, one, payload, count);
    one.write(bytes("behind"));
    await quiet();
    // Numbers that make no sense cost the pipe before what was written before them is read.
    const read = two.read();
    if (read.result === "OK") assertEquals(text(read.message.data), "before");
    const end = two.read();
    assert(end.result === "FAILED_PRECONDITION");
    assertInstanceOf(end.reason, BadMessageError);
    assertEquals(end.reason.rule, rule);
    assertEquals(two.query(), end);
    assertEquals(two.discard(), end);
    assertEquals(await closed, end.reason);
    assertEquals(await two.receive(), null);
    assertEquals(two.signals, {
      satisfied: Signal.PEER_CLOSED,
      satisfiable: Signal.PEER_CLOSED,
    });
    assertEquals(two.write(bytes("x")), "FAILED_PRECONDITION");
    await quiet();
    // Whatever came along is closed, and nothing else.
    for (const pipe of [one, ...kept]) {
      assertEquals((await pipe.closed).code, "closed");
      pipe.close();
    }
    here.pipe.write(bytes("fine"));
    assertEquals(text((await there.pipe.receive())!.data), "fine");
    for (const pipe of [two, here.pipe, there.pipe]) pipe.close();
    await quiet();
    assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
    insistNothingLeft(invitee.node.links()[0]!);
    await here.close();
    await there.close();
  });
}

Deno.test("Receiver and Remote close for every message whose trailer makes no sense", async () => {
  const { here, there, inviter, invitee } = await join();
  for (const [, payload, count, rule] of HOSTILE) {
    for (const side of ["receiver", "remote"]) {
      const [one, sent] = inviter.createMessagePipe();
      here.pipe.write(NOTHING, [sent]);
      const two = (await there.pipe.receive())!.take(MessagePipe);
      await quiet();
      let closed: Promise<unknown>;
      if (side === "receiver") {
        ({ closed } = new Receiver(Switchboard, board(), two, { onError: () => {} }));
      } else {
        const remote = new Remote(Switchboard, two), call = remote.add(1, 2);
        closed = remote.$.closed;
        const error = assertRejects(() => call, BadMessageError);
        closed.then(async () => assertEquals((await error).rule, rule));
      }
      const kept = attack(inviter, one, payload, count);
      const reason = await closed;
      assertInstanceOf(reason, BadMessageError);
      assertEquals(reason.rule, rule);
      for (const pipe of [one, ...kept]) {
        assertInstanceOf(await pipe.closed, PipeClosedError);
        pipe.close();
      }
    }
  }
  here.pipe.close();
  there.pipe.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  insistNothingLeft(invitee.node.links()[0]!);
  await here.close();
  await there.close();
});

Deno.test("Receiver closes when it is bound to a pipe that a trailer has cost already", async () => {
  const node = new NodeRuntime(seededEnvironment(9)),
    [one, two] = node.createMessagePipe();
  forge(one, control(ReadCount, { id: 1, interval: 1 }));
  const receiver = new Receiver(Switchboard, board(), two);
  assertInstanceOf(await receiver.closed, BadMessageError);
  one.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("MessagePipe fails for an answer of more than was written, or less than before", async () => {
  for (const counts of [[3], [2, 1], [1, 2, 2 ** 52]]) {
    const node = new NodeRuntime(seededEnvironment(9)),
      [one, two] = node.createMessagePipe();
    two.setQuota("UNREAD_MESSAGE_COUNT", 0);
    two.write(bytes("a"));
    two.write(bytes("b"));
    const { a, b, c, d } = endOf(two).port.name, id = (a ^ b ^ c ^ d) >>> 0;
    for (const count of counts) forge(one, control(ReadCount, { id, count }));
    const end = two.read();
    assert(end.result === "FAILED_PRECONDITION");
    assertEquals((end.reason as BadMessageError).rule, "read-count");
    await quiet();
    assertEquals((await one.closed).code, "closed");
    one.close();
    two.close();
    assertEquals(node.node.ports.size, 0);
  }
});

Deno.test("MessagePipe takes no harm from endless questions and answers", async () => {
  const { here, there, invitee } = await join();
  for (let i = 0; i < 3000; i++) {
    forge(
      here.pipe,
      control(i % 2 === 0 ? ReadInterval : ReadCount, { id: i, interval: 0 }),
    );
    forge(here.pipe, control(ReadInterval, { id: i, interval: i, count: i }));
    if (i % 50 === 0) await quiet();
  }
  here.pipe.write(bytes("still"));
  await quiet();
  assertEquals(endOf(there.pipe).port.queue!.length, 1);
  assertEquals(text((await there.pipe.receive())!.data), "still");
  const link = invitee.node.links()[0]!;
  assertEquals([link.unreadBytes, link.unsentReplyBytes], [0, 0]);
  here.pipe.close();
  there.pipe.close();
  await here.close();
  await there.close();
});

/** An endpoint whose other end has written `payload` with a handle before anybody held it. */
function spoiled(node: NodeRuntime, payload: Uint8Array) {
  const [one, two] = node.createMessagePipe(), [a, b] = node.createMessagePipe();
  const [kept, sent] = node.createMessagePipe();
  one.write(NOTHING, [b]);
  forge(a, payload, [sent]);
  const read = two.read();
  assert(read.result === "OK");
  return { got: read.message.take(MessagePipe), rest: [a, kept, one, two] };
}

for (
  const [rule, payload] of [
    ["trailer-type", withTrailer(NOTHING, 9)],
    ["control-handles", control(ReadCount, { id: 1 })],
  ] as const
) {
  Deno.test(`MessagePipe fails from the start when a message is in it that breaks ${rule}`, async () => {
    const node = new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
    const { got, rest } = spoiled(node, payload);
    assertEquals(got.signals, {
      satisfied: Signal.PEER_CLOSED,
      satisfiable: Signal.PEER_CLOSED,
    });
    const end = got.read();
    assert(end.result === "FAILED_PRECONDITION");
    assertEquals((end.reason as BadMessageError).rule, rule);
    assertEquals(got.write(bytes("x")), "FAILED_PRECONDITION");
    for (const pipe of rest.slice(0, 2)) {
      assertEquals(pipe.read().result, "FAILED_PRECONDITION");
    }
    for (const pipe of [got, ...rest]) pipe.close();
    assertEquals(node.node.ports.size, 0);
    // The same without anybody asking.
    const other = spoiled(node, payload);
    await quiet();
    for (const pipe of [other.got, ...other.rest]) pipe.close();
    assertEquals(node.node.ports.size, 0);
  });

  Deno.test(`Remote and Receiver of a pipe with a message in it that breaks ${rule} are closed`, async () => {
    const node = new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
    const one = spoiled(node, payload), remote = new Remote(Switchboard, one.got);
    assertEquals(remote.$.isConnected, false);
    const two = spoiled(node, payload);
    const receiver = new Receiver(Switchboard, board(), two.got);
    for (const closed of [remote.$.closed, receiver.closed]) {
      const reason = await closed;
      assertInstanceOf(reason, BadMessageError);
      assertEquals(reason.rule, rule);
    }
    for (const pipe of [...one.rest, ...two.rest]) pipe.close();
    assertEquals(node.node.ports.size, 0);
  });
}

Deno.test("MessagePipe takes a trailer of no records, and records of plain pipes", () => {
  const node = new NodeRuntime(seededEnvironment(9)),
    [one, two] = node.createMessagePipe();
  forge(one, withTrailer(bytes("data"), Handles));
  assertEquals(two.query(), { result: "OK", bytes: 4, handles: 0 });
  const empty = two.read();
  assert(empty.result === "OK");
  assertEquals(text(empty.message.data), "data");
  const [a, b] = node.createMessagePipe();
  forge(one, withTrailer(Uint8Array.of(7, ...record()), Handles, 1), [b]);
  const read = two.read();
  assert(read.result === "OK");
  const pipe = read.message.take(MessagePipe);
  a.write(bytes("hello"));
  assertEquals(pipe.query(), { result: "OK", bytes: 5, handles: 0 });
  for (const each of [one, two, a, pipe]) each.close();
  assertEquals(node.node.ports.size, 0);
});
