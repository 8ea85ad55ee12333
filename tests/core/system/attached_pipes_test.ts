import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InvitationError, MisuseError } from "../../../core/errors.ts";
import { LIMITS, type Limits } from "../../../core/limits.ts";
import { AttachedPipes } from "../../../core/system/attached_pipes.ts";
import {
  acceptInvitation,
  sendInvitation,
  type Standing,
} from "../../../core/system/invitation.ts";
import type { Joined } from "../../../core/system/joined.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Signal } from "../../../core/system/signal.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { bytes, join, memoryTransports, quiet, text } from "./memory_transport.ts";

let nodes = 700;

function runtime(): NodeRuntime {
  return new NodeRuntime(seededEnvironment(++nodes), LIMITS.tiny);
}

/** Sends what is attached to a new node. */
async function send(
  pipes: AttachedPipes,
  standing?: Standing,
  limits: Limits = LIMITS.tiny,
): Promise<[Joined, Joined, NodeRuntime]> {
  const [mine, theirs] = memoryTransports(), invitee = runtime();
  const [here, there] = await Promise.all([
    sendInvitation(pipes.begin(standing?.isolated), mine, LIMITS.tiny, standing),
    acceptInvitation(invitee, theirs, limits),
  ]);
  return [here, there, invitee];
}

/** Tries to send what is attached to somebody who talks nonsense. */
async function fail(pipes: AttachedPipes): Promise<void> {
  const [mine, theirs] = memoryTransports(), attempt = pipes.begin();
  const sending = assertRejects(
    () => sendInvitation(attempt, mine, LIMITS.tiny),
    InvitationError,
  );
  await theirs.write(new Uint8Array(64).fill(1));
  await sending;
  assert(attempt.giveUp());
}

async function close(...sides: Joined[]): Promise<void> {
  for (const side of sides) await side.close();
}

function misuse(act: () => unknown): readonly [result: string, message: string] {
  const { result, message } = assertThrows(act, MisuseError);
  return [result, message];
}

async function readText(pipe: MessagePipe): Promise<string> {
  return text((await pipe.receive())!.data);
}

Deno.test("AttachedPipes.attach returns an end that works before anything is sent", async () => {
  const inviter = runtime(), pipes = new AttachedPipes(inviter);
  const log = pipes.attach("log"), { pipe } = pipes;
  assertEquals(log.write(bytes("one")), "OK");
  assertEquals(pipe.write(bytes("first")), "OK");
  assertEquals(log.signals.satisfied, Signal.WRITABLE);
  assertEquals(log.read().result, "SHOULD_WAIT");
  const readable = log.wait(Signal.READABLE);
  const [here, there, invitee] = await send(pipes);
  assert(here.pipe === pipe && pipes.pipe === pipe);
  assertEquals([here.extract("log"), here.extract("main ")], [null, null]);
  log.write(bytes("two"));
  const far = there.extract("log")!;
  assertEquals([await readText(far), await readText(far)], ["one", "two"]);
  assertEquals(await readText(there.pipe), "first");
  far.write(bytes("back"));
  assertEquals((await readable).result, "OK");
  assertEquals(await readText(log), "back");
  for (const each of [log, far, pipe, there.pipe]) each.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await close(here, there);
});

Deno.test("AttachedPipes.attach refuses bad names, and names that are taken", () => {
  const inviter = runtime(), pipes = new AttachedPipes(inviter);
  const rule =
    "Cannot attach pipe: its name must be a string of 1 to 255 bytes of UTF-8: received";
  const bad: readonly (readonly [unknown, string])[] = [
    ["", '""'],
    ["x".repeat(256), "256 bytes"],
    ["é".repeat(128), "256 bytes"],
    ["\ud800", '"\\ud800"'],
    [5, "5"],
    [undefined, "undefined"],
  ];
  for (const [name, received] of bad) {
    assertEquals(misuse(() => pipes.attach(name as string)), [
      "INVALID_ARGUMENT",
      `${rule} ${received}`,
    ]);
  }
  const longest = "é".repeat(127) + "x";
  const ends = ["log", longest, "Main", "__proto__"].map((name) => pipes.attach(name));
  assertEquals(misuse(() => pipes.attach("log")), [
    "ALREADY_EXISTS",
    "Cannot attach pipe: one is called 'log' already",
  ]);
  assertEquals(misuse(() => pipes.attach("__proto__"))[0], "ALREADY_EXISTS");
  assertEquals(misuse(() => pipes.attach("main")), [
    "ALREADY_EXISTS",
    "Cannot attach pipe: every invitation has 'main' already, as 'pipe'",
  ]);
  // None of that has left anything.
  assertEquals(inviter.node.ports.size, 2 * ends.length);
  pipes.close();
  for (const end of ends) end.close();
  assertEquals(inviter.node.ports.size, 0);
});

Deno.test("AttachedPipes.attach takes 127 pipes besides the main one", async () => {
  for (const asksFirst of [true, false]) {
    const pipes = new AttachedPipes(runtime());
    if (asksFirst) pipes.pipe.write(bytes("x"));
    const names = Array.from({ length: 127 }, (_, i) => `${i}`);
    const ends = names.map((name) => pipes.attach(name));
    const [result, message] = misuse(() => pipes.attach("last"));
    assertEquals(result, "RESOURCE_EXHAUSTED");
    assert(message.includes("'last': an invitation has 128 pipes at most"), message);
    const [here, there] = await send(pipes, undefined, LIMITS.child);
    assert(names.every((name) => there.extract(name) !== null));
    for (const end of ends) assertEquals(end.write(bytes("x")), "OK");
    await close(here, there);
  }
});

Deno.test("AttachedPipes leaves nothing when one of its names is bad", () => {
  const inviter = runtime();
  for (const names of [["a", "b", "a"], ["a", ""], ["main"], "log", [5]]) {
    assertThrows(() => new AttachedPipes(inviter, names as string[]), MisuseError);
    assertEquals(inviter.node.ports.size, 0);
  }
});

Deno.test("AttachedPipes.close closes every far end, and the near ones that nobody has", async () => {
  const inviter = runtime(), pipes = new AttachedPipes(inviter, ["kept"]);
  const log = pipes.attach("log"), { pipe } = pipes;
  log.write(bytes("nobody reads this"));
  const told = log.wait(Signal.PEER_CLOSED);
  pipes.close();
  pipes.close();
  assertEquals((await told).result, "OK");
  for (const end of [log, pipe]) {
    assertEquals((await end.closed).code, "closed");
    assertEquals(end.write(bytes("x")), "FAILED_PRECONDITION");
    end.close();
  }
  assertEquals(inviter.node.ports.size, 0);
  for (
    const act of [
      () => pipes.attach("late"),
      () => pipes.extract("log"),
      () => pipes.begin(),
    ]
  ) {
    const [result, message] = misuse(act);
    assertEquals(result, "INVALID_ARGUMENT");
    assert(message.endsWith(": the invitation was closed"), message);
  }
  const unused = new AttachedPipes(inviter);
  unused.close();
  assertEquals(misuse(() => unused.pipe)[0], "INVALID_ARGUMENT");
});

Deno.test("AttachedPipes is spent once it is sent, and closing it changes nothing then", async () => {
  const pipes = new AttachedPipes(runtime()), log = pipes.attach("log");
  const [here, there] = await send(pipes);
  pipes.close();
  for (
    const act of [
      () => pipes.attach("late"),
      () => pipes.extract("log"),
      () => pipes.begin(),
    ]
  ) {
    const [result, message] = misuse(act);
    assertEquals(result, "INVALID_ARGUMENT");
    assert(message.includes("the invitation was sent"), message);
  }
  log.write(bytes("still there"));
  assertEquals(await readText(there.extract("log")!), "still there");
  pipes.pipe.write(bytes("this too"));
  assertEquals(await readText(there.pipe), "this too");
  await close(here, there);
});

Deno.test("AttachedPipes.extract takes a far end back, and frees its name", async () => {
  const pipes = new AttachedPipes(runtime()), log = pipes.attach("log");
  log.write(bytes("round trip"));
  assertEquals([pipes.extract("other"), pipes.extract("toString")], [null, null]);
  assertEquals(misuse(() => pipes.extract("main"))[0], "INVALID_ARGUMENT");
  const far = pipes.extract("log")!;
  assertEquals(pipes.extract("log"), null);
  assertEquals(await readText(far), "round trip");
  far.write(bytes("back"));
  assertEquals(await readText(log), "back");
  const again = pipes.attach("log");
  const [here, there] = await send(pipes);
  again.write(bytes("the second one"));
  assertEquals(await readText(there.extract("log")!), "the second one");
  // Taken out, it is a pipe like any other.
  here.pipe.write(bytes(""), [far]);
  log.write(bytes("late"));
  const moved = (await there.pipe.receive())!.take(MessagePipe);
  assertEquals(await readText(moved), "late");
  await close(here, there);
});

Deno.test("AttachedPipes keeps everything when sending fails, and can be sent again", async () => {
  const inviter = runtime(), pipes = new AttachedPipes(inviter, ["named"]);
  const log = pipes.attach("log"), [kept, given] = inviter.createMessagePipe();
  log.write(bytes("one"), [given]);
  await fail(pipes);
  log.write(bytes("two"));
  const { pipe } = pipes;
  pipe.write(bytes("first"));
  await fail(pipes);
  const more = pipes.attach("more");
  kept.write(bytes("inside"));
  const [here, there, invitee] = await send(pipes);
  const far = there.extract("log")!, first = (await far.receive())!;
  assertEquals(text(first.data), "one");
  const inner = first.take(MessagePipe);
  assertEquals(await readText(inner), "inside");
  assertEquals(await readText(far), "two");
  assertEquals(await readText(there.pipe), "first");
  assert(there.extract("more") !== null && here.extract("named") !== null);
  for (const each of [log, kept, pipe, more, far, inner, there.pipe]) each.close();
  await close(here, there);
  assertEquals(inviter.node.links().length, 0);
  assert(invitee.node.links().length === 0);
});

Deno.test("AttachedPipes hands over an end whose near one is closed already", async () => {
  const inviter = runtime(), pipes = new AttachedPipes(inviter);
  const silent = pipes.attach("silent"), log = pipes.attach("log");
  const [kept, given] = inviter.createMessagePipe();
  log.write(bytes("one"));
  log.write(bytes("two"), [given]);
  log.close();
  silent.close();
  pipes.pipe.close();
  const [here, there, invitee] = await send(pipes);
  const far = there.extract("log")!, empty = there.extract("silent")!;
  assertEquals(await readText(far), "one");
  const message = (await far.receive())!, inner = message.take(MessagePipe);
  assertEquals(text(message.data), "two");
  inner.write(bytes("it works"));
  assertEquals(await readText(kept), "it works");
  for (const end of [far, empty, there.pipe]) {
    assertEquals(await end.receive(), null);
    assertEquals((await end.closed).code, "closed");
    end.close();
  }
  inner.close();
  kept.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await close(here, there);
});

Deno.test("AttachedPipes hands over an end whose near one was sent elsewhere", async () => {
  for (
    const standing of [{ role: "member" }, { role: "member", isolated: true }] as const
  ) {
    const inviter = runtime(), friend = await join({ inviter });
    const pipes = new AttachedPipes(inviter), isolated = "isolated" in standing;
    const near = isolated ? pipes.pipe : pipes.attach("log");
    near.write(bytes("before"));
    friend.here.pipe.write(bytes(""), [near]);
    const moved = (await friend.there.pipe.receive())!.take(MessagePipe);
    moved.write(bytes("from there"));
    await quiet();
    const [here, there, invitee] = await send(pipes, standing);
    moved.write(bytes("after"));
    const far = isolated ? there.pipe : there.extract("log")!;
    assertEquals(
      [await readText(far), await readText(far), await readText(far)],
      ["before", "from there", "after"],
    );
    far.write(bytes("found you"));
    assertEquals(await readText(moved), "found you");
    far.close();
    assertEquals((await moved.closed).code, "closed");
    moved.close();
    for (const each of [friend.here, friend.there, here, there]) each.pipe.close();
    await quiet();
    const { node } = friend.invitee;
    assertEquals([node, inviter.node, invitee.node].map(({ ports }) => ports.size), [
      0,
      0,
      0,
    ]);
    await close(here, there, friend.here, friend.there);
  }
});

Deno.test("AttachedPipes hands over ends whose near ones were sent through each other", async () => {
  const inviter = runtime(), pipes = new AttachedPipes(inviter);
  const ends = Array.from({ length: 8 }, (_, i) => pipes.attach(`${i}`));
  for (const [i, end] of ends.entries()) end.write(bytes(`${i}`));
  // Each near end waits in the far end of the next.
  for (let i = 0; i < 7; i++) ends[i + 1]!.write(bytes("inner"), [ends[i]!]);
  const [here, there, invitee] = await send(pipes);
  const far = ends.map((_, i) => there.extract(`${i}`)!);
  let near = ends[7]!;
  for (let i = 7; i >= 0; i--) {
    assertEquals(await readText(far[i]!), `${i}`);
    near.write(bytes(`hello ${i}`));
    if (i === 0) break;
    const message = (await far[i]!.receive())!;
    assertEquals(text(message.data), "inner");
    assertEquals(await readText(far[i]!), `hello ${i}`);
    near.close();
    near = message.take(MessagePipe);
  }
  assertEquals(await readText(far[0]!), "hello 0");
  for (const each of [near, ...far, here.pipe, there.pipe]) each.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await close(here, there);
});

Deno.test("AttachedPipes hands over what an end has asked the other one to tell", async () => {
  const pipes = new AttachedPipes(runtime()), log = pipes.attach("log");
  log.setQuota("UNREAD_MESSAGE_COUNT", 1);
  log.write(bytes("one"));
  log.write(bytes("two"));
  assertEquals(log.quota("UNREAD_MESSAGE_COUNT"), { limit: 1, usage: 2 });
  const [here, there] = await send(pipes);
  const far = there.extract("log")!;
  assertEquals([await readText(far), await readText(far)], ["one", "two"]);
  await quiet();
  assertEquals(log.quota("UNREAD_MESSAGE_COUNT"), { limit: 1, usage: 0 });
  log.close();
  far.close();
  await close(here, there);
});

Deno.test("AttachedPipes loses the pipe alone in which a message is too large for the other side", async () => {
  const inviter = new NodeRuntime(seededEnvironment(++nodes), LIMITS.trusted);
  const pipes = new AttachedPipes(inviter), large = pipes.attach("large");
  assertEquals(large.write(new Uint8Array(LIMITS.tiny.maxFrameBytes)), "OK");
  const fine = pipes.attach("fine");
  const [here, there] = await send(pipes);
  assertEquals((await large.closed).code, "lost");
  const far = there.extract("large")!;
  assertEquals(await far.receive(), null);
  assertEquals((await far.closed).code, "lost");
  fine.write(bytes("as before"));
  assertEquals(await readText(there.extract("fine")!), "as before");
  large.close();
  fine.close();
  far.close();
  await close(here, there);
});

Deno.test("AttachedPipes.begin takes one attempt at a time, and one pipe when isolated", async () => {
  const pipes = new AttachedPipes(runtime()), attempt = pipes.begin();
  for (
    const act of [
      () => pipes.attach("late"),
      () => pipes.extract("log"),
      () => pipes.begin(),
    ]
  ) {
    const [result, message] = misuse(act);
    assertEquals(result, "BUSY");
    assert(message.endsWith(": the invitation is being sent"), message);
  }
  assert(attempt.giveUp());
  const ends = [pipes.attach("log"), pipes.attach("more")];
  for (const asked of [false, true]) {
    if (asked) ends.push(pipes.pipe);
    const [result, message] = misuse(() => pipes.begin(true));
    assertEquals(result, "INVALID_ARGUMENT");
    assert(
      message.includes("send further endpoints over that: received 'log' and 1 more"),
      message,
    );
  }
  for (const name of ["log", "more"]) pipes.extract(name)!.close();
  const [here, there] = await send(pipes, { role: "member", isolated: true });
  assertEquals([here.isolated, there.isolated], [true, true]);
  for (const end of ends) end.close();
  await close(here, there);
});

Deno.test("AttachedPipes.close ends an attempt that is under way", async () => {
  for (const role of ["member", "broker"] as const) {
    const inviter = runtime(), pipes = new AttachedPipes(inviter);
    const log = pipes.attach("log"), attempt = pipes.begin();
    const [mine, theirs] = memoryTransports();
    const sending = sendInvitation(attempt, mine, LIMITS.tiny, { role });
    assertEquals(attempt.signal.aborted, false);
    pipes.close();
    assert(attempt.signal.reason instanceof InvitationError);
    assertEquals((await log.closed).code, "closed");
    // Whoever sends it may close the transport at once; this one lets the other side join.
    const accepting = acceptInvitation(runtime(), theirs, LIMITS.tiny);
    const results = await Promise.allSettled([sending, accepting]);
    for (const result of results) {
      assert(result.status === "rejected");
      assertEquals((result.reason as InvitationError).failure, "refused");
    }
    log.close();
    assertEquals([inviter.node.links().length, inviter.node.ports.size], [0, 0]);
  }
});

Deno.test("AttachedPipes stays sent when its attempt is given up too late", async () => {
  const pipes = new AttachedPipes(runtime()), attempt = pipes.begin();
  const [mine, theirs] = memoryTransports();
  const [here, there] = await Promise.all([
    sendInvitation(attempt, mine, LIMITS.tiny),
    acceptInvitation(runtime(), theirs, LIMITS.tiny),
  ]);
  assertEquals(attempt.giveUp(), false);
  attempt.stop();
  assertEquals([attempt.isSent, attempt.signal.aborted], [true, false]);
  assertEquals(misuse(() => pipes.begin())[0], "INVALID_ARGUMENT");
  await close(here, there);
});

Deno.test("sendInvitation hands nothing over once its attempt is given up, however far it is", async () => {
  const inviter = runtime(), above = runtime();
  const [top, own] = memoryTransports();
  const [down, up] = await Promise.all([
    sendInvitation(new AttachedPipes(above).begin(), top, LIMITS.tiny),
    acceptInvitation(inviter, own, LIMITS.tiny),
  ]);
  const pipes = new AttachedPipes(inviter), log = pipes.attach("log");
  log.write(bytes("for whoever joins"));
  // The inviter waits here until its own broker knows of the new node.
  top.paused = true;
  up.pipe.write(bytes("the last to be read"));
  await quiet();
  const [mine, theirs] = memoryTransports(), attempt = pipes.begin();
  const sending = sendInvitation(attempt, mine, LIMITS.tiny);
  const accepting = acceptInvitation(runtime(), theirs, LIMITS.tiny);
  const settled = Promise.allSettled([sending, accepting]);
  await quiet();
  assertEquals(inviter.node.links().length, 2);
  assert(attempt.giveUp());
  top.resume();
  for (const result of await settled) {
    assert(result.status === "rejected");
    assertEquals((result.reason as InvitationError).failure, "refused");
  }
  assertEquals([inviter.node.links().length, attempt.isSent], [1, false]);
  const [here, there] = await send(pipes);
  assertEquals(await readText(there.extract("log")!), "for whoever joins");
  log.close();
  await close(here, there, down, up);
});
