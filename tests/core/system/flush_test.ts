import { assert, assertEquals } from "@std/assert";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import { LIMITS } from "../../../core/limits.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { board } from "../bindings/switchboard.ts";
import { Switchboard } from "../bindings/switchboard.magen.ts";
import { join, quiet } from "./memory_transport.ts";

const PIECE = new Uint8Array(60_000);

/** Whether it has resolved. */
function watch(promise: Promise<void>): () => boolean {
  let done = false;
  promise.then(() => done = true);
  return () => done;
}

async function readAll(pipe: MessagePipe, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    assertEquals((await pipe.receive())!.data.length, PIECE.length);
  }
}

Deno.test("MessagePipe.write keeps what nobody reads, however much, and the link lives", async () => {
  const { here, there } = await join({});
  const count = 1000; // 60 MB: more than the other side would ever take unread.
  for (let i = 0; i < count; i++) assertEquals(here.pipe.write(PIECE), "OK");
  await quiet();
  // Nobody else has to hold more than it wants to.
  assert(here.pipe.bufferedBytes > count * PIECE.length - LIMITS.tiny.maxUnreadBytes / 4);
  const flushed = here.pipe.flush(), isFlushed = watch(flushed);
  await quiet();
  assert(!isFlushed());
  await readAll(there.pipe, count);
  await flushed;
  assertEquals(here.pipe.bufferedBytes, 0);
  await here.close();
  await there.close();
});

Deno.test("MessagePipe.flush resolves at once when nothing waits", async () => {
  const { here, there } = await join({});
  await here.pipe.flush();
  here.pipe.write(new Uint8Array(3));
  await here.pipe.flush();
  assertEquals(here.pipe.bufferedBytes, 0);
  await here.close();
  await there.close();
});

Deno.test("MessagePipe.flush resolves when what waits has nowhere to go any more", async () => {
  for (const how of ["peer", "here", "link", "sent"] as const) {
    const { here, there, inviter } = await join({});
    for (let i = 0; i < 20; i++) here.pipe.write(PIECE);
    await quiet();
    const flushed = here.pipe.flush();
    if (how === "peer") there.pipe.close();
    else if (how === "here") here.pipe.close();
    else if (how === "link") there.abort();
    else {
      const [carrier] = inviter.createMessagePipe();
      carrier.write(new Uint8Array(1), [here.pipe]);
      carrier.close();
      there.pipe.close();
    }
    await flushed;
    here.abort();
    there.abort();
    await Promise.all([here.closed, there.closed]);
  }
});

Deno.test("Remote.$.flush waits until the other side has taken the calls", async () => {
  const { here, there } = await join({});
  using remote = new Remote(Switchboard, here.pipe);
  const calls = Array.from(
    { length: 400 },
    () => remote.join(["x".repeat(500)]),
  );
  await quiet();
  assert(remote.$.bufferedBytes > 0);
  const flushed = remote.$.flush(), isFlushed = watch(flushed);
  await quiet();
  assert(!isFlushed());
  using _receiver = new Receiver(
    Switchboard,
    board({ join: (words) => ({ text: words.join("") }) }),
    there.pipe,
  );
  await flushed;
  assertEquals(remote.$.bufferedBytes, 0);
  assertEquals((await Promise.all(calls)).length, 400);
  await here.close();
  await there.close();
});

Deno.test("MessagePipe.flush waits for what an end that was just sent away has not taken", async () => {
  const { here, there, inviter } = await join({});
  const [end, sent] = inviter.createMessagePipe();
  here.pipe.write(new Uint8Array(1), [sent]);
  const count = 200;
  const writing = (async () => {
    for (let i = 0; i < count; i++) {
      end.write(PIECE);
      await end.flush();
      assertEquals(end.bufferedBytes, 0);
    }
  })();
  const isWritten = watch(writing);
  await quiet();
  const moved = (await there.pipe.receive())!.take(MessagePipe);
  await quiet();
  assert(!isWritten(), "nobody has read, and all of it is gone");
  await readAll(moved, count);
  await writing;
  await here.close();
  await there.close();
});

Deno.test("MessagePipe.flush lets the transport have its turn when much is about to leave", async () => {
  const { here, there, inviter, transports } = await join({
    limits: LIMITS.child,
    roomBytes: 65_536,
  });
  const pipes = Array.from({ length: 200 }, () => inviter.createMessagePipe());
  for (const [, given] of pipes) here.pipe.write(new Uint8Array(0), [given]);
  await quiet();
  transports[1].paused = true;
  for (const [kept] of pipes) {
    // On credit: none of these waits for any.
    kept.write(new Uint8Array(3000));
    assertEquals(kept.bufferedBytes, 0);
  }
  await quiet();
  const isFlushed = watch(pipes[0]![0].flush());
  await quiet();
  assert(!isFlushed());
  transports[1].resume();
  await quiet();
  assert(isFlushed());
  for (const [kept] of pipes) kept.close();
  here.pipe.close();
  there.pipe.close();
  await here.close();
  await there.close();
});
