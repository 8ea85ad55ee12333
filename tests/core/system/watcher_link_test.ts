import { assert, assertEquals, assertFalse } from "@std/assert";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { Signal } from "../../../core/system/signal.ts";
import { Watcher, type WatchEvent } from "../../../core/system/watcher.ts";
import { PipeEnd } from "../../../core/system/pipe_end.ts";
import { Mesh } from "../ports/mesh.ts";
import { bytes, join, type Pair, quiet } from "./memory_transport.ts";

const { READABLE, WRITABLE, PEER_CLOSED, PEER_REMOTE } = Signal;

async function end({ here, there, inviter, invitee }: Pair): Promise<void> {
  here.pipe.close();
  there.pipe.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await here.close();
  await there.close();
}

/** A pipe between the two nodes. */
async function between(
  { here, there, inviter }: Pair,
): Promise<[MessagePipe, MessagePipe]> {
  const [kept, sent] = inviter.createMessagePipe();
  here.pipe.write(bytes(""), [sent]);
  const far = (await there.pipe.receive())!.take(MessagePipe);
  await quiet();
  return [kept, far];
}

Deno.test("Watcher tells of a burst of frames once, when all of it has arrived", async () => {
  const pair = await join(), { here, there } = pair;
  const events: WatchEvent<number>[] = [];
  let count = 0;
  const watcher = new Watcher<number>((event) => {
    events.push(event);
    if (event.result === "CANCELLED") return;
    while (here.pipe.read().result === "OK") count++;
  });
  watcher.watch(here.pipe, READABLE, 7);
  watcher.arm();
  // As many as there is credit for at first.
  for (let i = 0; i < 7; i++) there.pipe.write(bytes("x"));
  await quiet();
  assertEquals(count, 7);
  assertEquals(
    events.map(({ context, result, withinCall }) => [context, result, withinCall]),
    [
      [7, "OK", false],
    ],
  );
  watcher.close();
  assert(events[1]!.withinCall);
  await end(pair);
});

Deno.test("Watcher tells of everything that a burst made ready, once each", async () => {
  const pair = await join(), pipes = [await between(pair), await between(pair)];
  const told: string[] = [];
  const watcher = new Watcher<string>(({ context, result, withinCall }) => {
    told.push(`${context}: ${result}, ${withinCall}`);
  });
  watcher.watch(pipes[0]![0], READABLE, "readable");
  watcher.watch(pipes[1]![0], PEER_CLOSED, "closed");
  watcher.arm();
  pipes[0]![1].write(bytes("x"));
  pipes[1]![1].close();
  await quiet();
  assertEquals(told.sort(), ["closed: OK, false", "readable: OK, false"]);
  assertFalse(watcher.isArmed);
  watcher.close();
  for (const pipe of pipes.flat()) pipe.close();
  await end(pair);
});

Deno.test("Watcher may close the pipes of a link in the middle of what comes over it", async () => {
  const pair = await join({ writeBytes: 700 }), { here, there } = pair;
  const pipes: [MessagePipe, MessagePipe][] = [];
  for (let i = 0; i < 4; i++) pipes.push(await between(pair));
  let closed = 0;
  const watcher = new Watcher<MessagePipe>(({ context, result }) => {
    if (result === "CANCELLED") return;
    closed++;
    context.close();
    for (const [kept] of pipes.slice(0, 2)) kept.close();
    watcher.arm();
  });
  for (const [kept] of pipes) watcher.watch(kept, READABLE, kept);
  watcher.arm();
  for (let i = 0; i < 20; i++) {
    for (const [, far] of pipes) if (far.isHeld) far.write(new Uint8Array(50));
    there.pipe.write(bytes("x"));
  }
  await quiet();
  assert(closed > 0);
  watcher.close();
  for (let i = 0; i < 20; i++) assertEquals(here.pipe.read().result, "OK");
  for (const [kept, far] of pipes) {
    kept.close();
    far.close();
  }
  await end(pair);
});

Deno.test("Watcher may end the link that brought what it tells of", async () => {
  const pair = await join(), { here, there } = pair, told: string[] = [];
  const watcher = new Watcher<string>(({ context, result }) => {
    told.push(`${context}: ${result}`);
    if (result === "OK") here.abort();
    if (result !== "CANCELLED") watcher.arm();
  });
  watcher.watch(here.pipe, READABLE, "pipe");
  watcher.arm();
  for (let i = 0; i < 100; i++) there.pipe.write(bytes("x"));
  await quiet();
  assertEquals(told, ["pipe: OK"]);
  while (here.pipe.read().result === "OK");
  assertEquals((await here.pipe.wait(PEER_CLOSED)).result, "OK");
  const armed = watcher.arm();
  assert(armed.result === "FAILED_PRECONDITION");
  assertEquals(armed.ready[0]!.result, "FAILED_PRECONDITION");
  watcher.close();
  here.pipe.close();
  there.pipe.close();
  await here.closed;
  await there.closed;
});

Deno.test("Watcher tells of what arrived within the next call, if that comes first", async () => {
  const pair = await join(), { here, there } = pair, log: string[] = [];
  const watcher = new Watcher<string>(({ result, withinCall }) => {
    log.push(`${result}, ${withinCall}`);
  });
  watcher.watch(here.pipe, PEER_CLOSED, "pipe");
  watcher.arm();
  const closed = here.pipe.closed.then(() => {
    log.push("call");
    here.pipe.setQuota("RECEIVE_QUEUE_LENGTH", 1);
    log.push("called");
  });
  there.pipe.close();
  await closed;
  assertEquals(log, ["call", "OK, true", "called"]);
  watcher.close();
  await end(pair);
});

Deno.test("Watcher tells that the other end went to another node, and that it came home", async () => {
  const pair = await join(), { here, there, inviter } = pair, told: string[] = [];
  const [kept, sent] = inviter.createMessagePipe();
  const watcher = new Watcher<string>(({ context, result, withinCall }) => {
    told.push(`${context}: ${result}, ${withinCall}`);
  });
  watcher.watch(kept, PEER_REMOTE, "remote");
  watcher.arm();
  here.pipe.write(bytes(""), [sent]);
  const far = (await there.pipe.receive())!.take(MessagePipe);
  await quiet();
  watcher.cancel("remote");
  watcher.watch(kept, PEER_REMOTE, "local", "UNSATISFIED");
  assertEquals(watcher.arm(), { result: "OK" });
  there.pipe.write(bytes(""), [far]);
  const home = (await here.pipe.receive())!.take(MessagePipe);
  await quiet();
  assertEquals(told, [
    "remote: OK, false",
    "remote: CANCELLED, true",
    "local: OK, false",
  ]);
  watcher.close();
  home.close();
  kept.close();
  await end(pair);
});

Deno.test("Watcher tells that nothing can be written any more, while something may arrive still", async () => {
  const mesh = new Mesh(3), [one, two, three] = mesh.nodes;
  const [port] = mesh.pipe(one!, two!), [other] = mesh.pipe(one!, three!);
  // As while an end moves from the second node to the third: one hop has changed, the other has not.
  port.setPrev(other.prevNode!, other.prevPort!);
  const pipe = new MessagePipe(new PipeEnd(one!, port)), told: string[] = [];
  const watcher = new Watcher<string>(({ context, result }) => {
    told.push(`${context}: ${result}`);
  });
  watcher.watch(pipe, WRITABLE, "lost", "UNSATISFIED");
  assertEquals(watcher.arm(), { result: "OK" });
  mesh.cut(one!, two!);
  await Promise.resolve();
  assertEquals(told, ["lost: OK"]);
  assertEquals(pipe.signals.satisfiable & (WRITABLE | PEER_CLOSED), PEER_CLOSED);
});
