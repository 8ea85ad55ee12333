import { assert, assertEquals, assertFalse } from "@std/assert";
import { PipeLostError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import type { Joined } from "../../../core/system/joined.ts";
import type { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { EventType } from "../../../core/wire/event.ts";
import { forged, forgedMessage } from "../ports/forgery.ts";
import { seededEnvironment } from "../../sim/random.ts";
import {
  bytes,
  join,
  type MemoryTransport,
  type Pair,
  quiet,
} from "./memory_transport.ts";

async function receiveAll(pipe: MessagePipe): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for (let next = await pipe.receive(); next !== null; next = await pipe.receive()) {
    all.push(next.data);
  }
  return all;
}

/** A message whose length and bytes follow from its number. */
function numbered(i: number): Uint8Array {
  return new Uint8Array(i * 37 % 900).fill(i & 0xff);
}

async function lost(pipe: MessagePipe): Promise<string> {
  const reason = await pipe.closed;
  assert(reason instanceof PipeLostError);
  return reason.message;
}

/** Puts bytes on the wire in the name of the invitee, between its own frames. */
async function inject(pair: Pair, frame: Uint8Array<ArrayBuffer>): Promise<void> {
  await pair.there.flush();
  for (let at = 0; at < frame.length;) {
    at += await pair.transports[1].write(frame.subarray(at));
  }
}

Deno.test("Pump carries messages however few bytes a write takes", async () => {
  for (const writeBytes of [1, 3, 7, 64]) {
    const { here, there } = await join({ writeBytes });
    const received = receiveAll(there.pipe);
    for (let i = 0; i < 60; i++) here.pipe.write(numbered(i));
    here.pipe.close();
    assertEquals(await received, Array.from({ length: 60 }, (_, i) => numbered(i)));
    await here.close();
    await there.close();
  }
});

Deno.test("Pump gets both floods through when there is hardly room on the way", async () => {
  const { here, there } = await join({ writeBytes: 5, roomBytes: 16 });
  const count = 200, expected = Array.from({ length: count }, (_, i) => numbered(i));
  for (let i = 0; i < count; i++) {
    here.pipe.write(numbered(i));
    there.pipe.write(numbered(i));
  }
  const first = async (pipe: MessagePipe) => {
    const all: Uint8Array[] = [];
    while (all.length < count) all.push((await pipe.receive())!.data);
    return all;
  };
  const [a, b] = await Promise.all([first(here.pipe), first(there.pipe)]);
  assertEquals(a, expected);
  assertEquals(b, expected);
  await here.close();
  await there.close();
});

function assertEnded(transports: readonly MemoryTransport[]): void {
  assert(transports.every((transport) => transport.closed));
}

Deno.test("Pump.close writes what waits, then ends the link on both sides", async () => {
  for (const side of ["here", "there"] as const) {
    const { here, there, transports } = await join({ writeBytes: 3 });
    const [closing, other]: Joined[] = side === "here" ? [here, there] : [there, here];
    // Until the other side has taken its end over, messages wait in front of the link.
    await quiet();
    closing!.pipe.write(bytes("the last word"));
    const lostHere = lost(closing!.pipe);
    await closing!.close();
    assertEquals(await closing!.closed, {
      reason: "the link was closed on this side",
      violation: null,
    });
    assertEquals(await other!.closed, {
      reason: "the other side ended the link",
      violation: null,
    });
    assertEquals((await receiveAll(other!.pipe)).length, 1);
    assertEquals(
      await lost(other!.pipe),
      "The route to the other end of the pipe was lost: the other side ended the link",
    );
    assertEquals(
      await lostHere,
      "The route to the other end of the pipe was lost: the link was closed on this side",
    );
    assertEnded(transports);
    await closing!.close();
    await other!.close();
  }
});

Deno.test("Pump.abort ends the link now", async () => {
  const { here, there, transports } = await join({ roomBytes: 8 });
  transports[1].paused = true;
  here.pipe.write(new Uint8Array(1000));
  await quiet();
  here.abort();
  transports[1].resume();
  assertEquals((await here.closed).reason, "the link was closed on this side");
  assertEquals(
    (await there.closed).reason,
    "the other side ended the link in the middle of a frame",
  );
  assertEnded(transports);
  // What is written afterwards goes nowhere, and nothing throws.
  assertEquals(here.pipe.write(bytes("x")), "FAILED_PRECONDITION");
  await here.flush();
});

Deno.test("Pump drops the link of a neighbor that breaks a rule, and no other", async () => {
  const inviter = new NodeRuntime(seededEnvironment(77), LIMITS.tiny);
  const calm = await join({ inviter }), bad = await join({ inviter });
  const name = inviter.node.self.name;
  const length = (value: number) => {
    const head = new Uint8Array(8);
    new DataView(head.buffer).setUint32(0, value, true);
    return head;
  };
  await inject(bad, length(7));
  assertEquals(await bad.here.closed, {
    reason: "the link was dropped for breaking the rule 'frame-too-short'",
    violation: "frame-too-short",
  });
  assertEquals((await bad.there.closed).violation, null);
  await lost(bad.here.pipe);
  await lost(bad.there.pipe);

  const rules: Record<string, Uint8Array<ArrayBuffer>> = {
    "frame-too-long": length(65_537),
    "unknown-event": forged(99, name, name, 0),
    "event-flags": forged(EventType.Hello, name, name, 0, 1),
    "event-number": forged(EventType.Hello, name, name, 2 ** 53),
    "event-size": forged(EventType.Accepted, name, name, 0),
  };
  for (const [rule, frame] of Object.entries(rules)) {
    const other = await join({ inviter });
    await inject(other, frame);
    assertEquals((await other.here.closed).violation, rule);
    await other.there.closed;
    assertEnded(other.transports);
    other.here.pipe.close();
  }
  calm.here.pipe.write(bytes("still here"));
  assertEquals((await calm.there.pipe.receive())!.data, bytes("still here"));
  bad.here.pipe.close();
  await calm.here.close();
  await calm.there.close();
  calm.here.pipe.close();
  assertEquals(inviter.node.ports.size, 0);
});

Deno.test("Pump ends the link at every point where the stream can be cut", async () => {
  const { node } = new NodeRuntime(seededEnvironment(78)), { name } = node.self;
  const frame = forgedMessage(name, name, 0);
  for (let cut = 0; cut <= frame.length; cut++) {
    const pair = await join();
    await inject(pair, frame.slice(0, cut));
    pair.transports[1].close();
    const whole = cut === 0 || cut === frame.length;
    assertEquals(
      (await pair.here.closed).reason,
      `the other side ended the link${whole ? "" : " in the middle of a frame"}`,
    );
    await pair.there.closed;
    await lost(pair.here.pipe);
    await lost(pair.there.pipe);
  }
});

Deno.test("Pump reports a broken read and keeps what had arrived", async () => {
  const pair = await join(), [transport] = pair.transports;
  pair.there.pipe.write(bytes("in time"));
  await quiet();
  const broken = new Error("cable cut");
  transport.read = () => Promise.reject(broken);
  // The read under way ends with what comes next; the one after it fails.
  pair.there.pipe.write(bytes("also"));
  assertEquals((await pair.here.closed).reason, "reading failed: cable cut");
  assertEquals((await receiveAll(pair.here.pipe)).length, 2);
  await pair.there.closed;
});

Deno.test("Pump goes on reading when nothing can be written any more", async () => {
  const pair = await join(), [transport] = pair.transports;
  transport.write = () => Promise.reject(new Error("broken pipe"));
  pair.here.pipe.write(bytes("never arrives"));
  await quiet();
  pair.there.pipe.write(bytes("arrives"));
  assertEquals((await pair.here.pipe.receive())!.data, bytes("arrives"));
  await pair.here.close();
  await pair.there.closed;
});

Deno.test("Pump gives way to other turns within a long chunk, and loses nothing", async () => {
  let now = 0, turns = 0;
  const environment = {
    ...seededEnvironment(79),
    now: () => now += 4,
    nextTurn: () => Promise.resolve(void turns++),
    after: () => () => {},
  };
  const inviter = new NodeRuntime(environment, LIMITS.tiny);
  const { here, there } = await join({ inviter });
  const count = 4096;
  for (let i = 0; i < count / 4; i++) {
    there.pipe.write(Uint8Array.of(i));
  }
  const flushed = there.flush();
  for (let received = 0; received < count / 4; received++) {
    assertEquals((await here.pipe.receive())!.data, Uint8Array.of(received));
  }
  await flushed;
  assert(turns > 1, `${turns} turns`);
  await here.close();
  await there.close();
});

Deno.test("Joined is disposed with its link", async () => {
  const pair = await join();
  {
    await using joined = pair.here;
    assertFalse(pair.transports[0].closed);
    assert(joined.pipe.isHeld);
  }
  assert(pair.transports[0].closed);
  await pair.there.closed;
});
