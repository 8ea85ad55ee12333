import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  InvitationError,
  type InvitationFailure,
  LimitError,
} from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import {
  acceptInvitation,
  pipeNames,
  sendInvitation,
} from "../../../core/system/invitation.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import {
  closeHandshake,
  HandshakeType,
  MAX_PIPES,
  openHandshake,
  writeRefused,
} from "../../../core/wire/handshake.ts";
import { Random, seededEnvironment } from "../../sim/random.ts";
import {
  bytes,
  join,
  type MemoryTransport,
  memoryTransports,
  quiet,
  text,
} from "./memory_transport.ts";

function runtime(seed: number): NodeRuntime {
  return new NodeRuntime(seededEnvironment(seed), LIMITS.tiny);
}

/** A handshake frame, changed. */
function handshake(
  type: number,
  change: (view: DataView) => void = () => {},
): Uint8Array<ArrayBuffer> {
  const out = new Encoder(4096);
  openHandshake(out, type, runtime(501).node.self.name, LIMITS.tiny, false);
  closeHandshake(out, 0);
  const frame = out.take().slice();
  change(new DataView(frame.buffer));
  return frame;
}

async function writeAll(transport: MemoryTransport, data: Uint8Array<ArrayBuffer>) {
  for (let at = 0; at < data.length;) at += await transport.write(data.subarray(at));
}

async function failure(joining: Promise<unknown>): Promise<InvitationFailure> {
  return (await assertRejects(() => joining, InvitationError)).failure;
}

/** What an inviter makes of what its other side writes before it ends. */
async function inviteWith(data: Uint8Array<ArrayBuffer>) {
  const [mine, theirs] = memoryTransports(), inviter = runtime(1);
  const joining = failure(sendInvitation(inviter, mine, ["main"], LIMITS.tiny));
  await writeAll(theirs, data);
  theirs.close();
  return { failure: await joining, mine, theirs, inviter };
}

/** What an invitee makes of what its other side writes before it ends. */
async function acceptWith(data: Uint8Array<ArrayBuffer>) {
  const [mine, theirs] = memoryTransports(), invitee = runtime(2);
  const joining = failure(acceptInvitation(invitee, mine, LIMITS.tiny));
  await writeAll(theirs, data);
  theirs.close();
  return { failure: await joining, mine, invitee };
}

Deno.test("pipeNames puts the main pipe first and refuses bad names", () => {
  assertEquals(pipeNames(), ["main"]);
  assertEquals(pipeNames(["log", "x".repeat(255)]), ["main", "log", "x".repeat(255)]);
  for (const name of ["", "x".repeat(256), "é".repeat(128), 5 as unknown as string]) {
    assertThrows(() => pipeNames([name]), TypeError, "1 to 255 bytes");
  }
  assertThrows(() => pipeNames(["main"]), TypeError, "'main' is given twice");
  const many = (count: number) => Array.from({ length: count }, (_, i) => `pipe ${i}`);
  assertEquals(pipeNames(many(MAX_PIPES - 1)).length, MAX_PIPES);
  assertThrows(() => pipeNames(many(MAX_PIPES)), RangeError, "128 pipes at most");
  assertThrows(() => pipeNames(["a", "a"]), TypeError, "'a' is given twice");
});

Deno.test("sendInvitation hands over a pipe for each name", async () => {
  const names = pipeNames(["log", "über", "x".repeat(255)]);
  for (const writeBytes of [1, 1000]) {
    const { here, there, inviter, invitee } = await join({ names, writeBytes });
    assertEquals([...here.pipes.keys()], names);
    assertEquals([...there.pipes.keys()], names);
    for (const name of names) {
      here.pipes.get(name)!.write(bytes(`to ${name}`));
      there.pipes.get(name)!.write(bytes(`from ${name}`));
    }
    for (const name of names) {
      const got = await there.pipes.get(name)!.receive();
      assertEquals(text(got!.data), `to ${name}`);
      assertEquals(
        text((await here.pipes.get(name)!.receive())!.data),
        `from ${name}`,
      );
    }
    for (const side of [here, there]) {
      for (const pipe of side.pipes.values()) pipe.close();
    }
    await quiet();
    assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
    await here.close();
    await there.close();
  }
});

Deno.test("sendInvitation hands over as many pipes as it may to a neighbor with a small frame limit", async () => {
  const names = pipeNames(
    Array.from({ length: MAX_PIPES - 1 }, (_, i) => `${i}`.padStart(255, "x")),
  );
  const [mine, theirs] = memoryTransports();
  const limits = { ...LIMITS.child, maxFrameBytes: 1024 };
  const [here, there] = await Promise.all([
    sendInvitation(runtime(10), mine, names, LIMITS.child),
    acceptInvitation(runtime(11), theirs, limits),
  ]);
  assertEquals([...there.pipes.keys()], names);
  await quiet();
  // Messages keep to the smaller limit, in both directions.
  for (const pipe of [here.pipe, there.pipe]) {
    assertEquals(pipe.write(new Uint8Array(1024 - 48)), "OK");
    assertThrows(() => pipe.write(new Uint8Array(1024 - 47)), LimitError);
  }
  assertEquals((await there.pipe.receive())!.data.length, 1024 - 48);
  await here.close();
  await there.close();
});

Deno.test("sendInvitation refuses another version and says so to the other side", async () => {
  const other = handshake(HandshakeType.Join, (view) => view.setUint16(12, 2, true));
  const { failure, mine, theirs, inviter } = await inviteWith(other);
  assertEquals(failure, "version");
  assert(mine.closed);
  assertEquals(inviter.node.ports.size, 0);
  // The other end closed itself here; what was written to it tells the reason.
  assert(theirs.closed);

  const [a, b] = memoryTransports();
  const inviting = assertRejects(
    () => sendInvitation(runtime(3), a, ["main"], LIMITS.tiny),
    InvitationError,
    "Protocol version 2 cannot join version 1",
  );
  await writeAll(b, other);
  await inviting;
  const answer = new Uint8Array(1024), length = (await b.read(answer))!;
  assertEquals(answer[4], HandshakeType.Refused);
  assert(text(answer.subarray(8, length)).startsWith("Protocol version 2"));
});

Deno.test("acceptInvitation refuses another version", async () => {
  const { failure, mine, invitee } = await acceptWith(
    handshake(HandshakeType.Welcome, (view) => view.setUint16(12, 7, true)),
  );
  assertEquals(failure, "version");
  assert(mine.closed);
  assertEquals(invitee.node.ports.size, 0);
});

Deno.test("acceptInvitation passes the reason on when it is refused", async () => {
  const out = new Encoder(4096);
  writeRefused(out, "not today");
  const [mine, theirs] = memoryTransports();
  const joining = assertRejects(
    () => acceptInvitation(runtime(4), mine, LIMITS.tiny),
    InvitationError,
    "The inviter refused: not today",
  );
  await writeAll(theirs, out.take());
  assertEquals((await joining).failure, "refused");
  assert(mine.closed);
});

Deno.test("sendInvitation refuses a node that has joined already, and itself", async () => {
  const pair = await join();
  for (const name of [pair.invitee.node.self.name, pair.inviter.node.self.name]) {
    const [mine, theirs] = memoryTransports();
    const joining = assertRejects(
      () => sendInvitation(pair.inviter, mine, ["main"], LIMITS.tiny),
      InvitationError,
      "the node is known already",
    );
    const out = new Encoder(4096);
    openHandshake(out, HandshakeType.Join, name, LIMITS.tiny, false);
    closeHandshake(out, 0);
    await writeAll(theirs, out.take());
    await joining;
    assert(mine.closed);
  }
  pair.here.pipe.write(bytes("fine"));
  assertEquals(text((await pair.there.pipe.receive())!.data), "fine");
  await pair.here.close();
  await pair.there.close();
});

Deno.test("sendInvitation refuses frames that are no Join", async () => {
  const cases: readonly (readonly [Uint8Array<ArrayBuffer>, InvitationFailure])[] = [
    [handshake(HandshakeType.Welcome), "protocol"],
    [handshake(HandshakeType.Refused), "protocol"],
    [handshake(1), "protocol"],
    [handshake(HandshakeType.Join, (view) => view.setUint32(8, 0)), "protocol"],
    [handshake(HandshakeType.Join, (view) => view.setUint32(0, 4, true)), "protocol"],
    [
      handshake(HandshakeType.Join, (view) => view.setUint32(0, 1 << 30, true)),
      "protocol",
    ],
    [handshake(HandshakeType.Join, (view) => view.setUint32(32, 8, true)), "protocol"],
    [new Uint8Array(0), "disconnected"],
    [new Uint8Array(64), "protocol"],
    [bytes("GET / HTTP/1.1\r\n\r\n"), "protocol"],
  ];
  for (const [data, expected] of cases) {
    const result = await inviteWith(data);
    assertEquals(result.failure, expected);
    assert(result.mine.closed);
    assertEquals(result.inviter.node.ports.size, 0);
  }
});

Deno.test("sendInvitation and acceptInvitation reject at every point where the other side stops", async () => {
  const join = handshake(HandshakeType.Join);
  for (let cut = 0; cut < join.length; cut++) {
    const { failure, mine } = await inviteWith(join.slice(0, cut));
    assertEquals(failure, "disconnected");
    assert(mine.closed);
  }
  const welcome = handshake(HandshakeType.Welcome);
  for (let cut = 0; cut < welcome.length; cut++) {
    const { failure, mine } = await acceptWith(welcome.slice(0, cut));
    assertEquals(failure, "disconnected");
    assert(mine.closed);
  }
});

Deno.test("acceptInvitation refuses a Welcome without the main pipe", async () => {
  const { failure, mine, invitee } = await acceptWith(handshake(HandshakeType.Welcome));
  assertEquals(failure, "protocol");
  assert(mine.closed);
  assertEquals(invitee.node.ports.size, 0);
});

Deno.test("acceptInvitation refuses more pipes than its limits allow, and leaves nothing", async () => {
  const inviter = runtime(5), invitee = runtime(6), [mine, theirs] = memoryTransports();
  const joining = acceptInvitation(invitee, theirs, { ...LIMITS.tiny, maxPipes: 2 });
  const [here, error] = await Promise.all([
    sendInvitation(inviter, mine, ["main", "a", "b"], LIMITS.tiny),
    assertRejects(() => joining, InvitationError),
  ]);
  assertEquals(error.failure, "protocol");
  await here.closed;
  for (const pipe of here.pipes.values()) pipe.close();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  assert(mine.closed && theirs.closed);
});

Deno.test("acceptInvitation resolves or rejects whatever bytes come", async () => {
  const { names, frame } = await recordedWelcome();
  const random = new Random(23);
  let joined = 0, refused = 0;
  for (let i = 0; i < 600; i++) {
    const data = frame.slice();
    for (let n = 1 + random.below(3); n > 0; n--) {
      data[random.below(data.length)]! ^= 1 << random.below(8);
    }
    const [mine, theirs] = memoryTransports(), invitee = runtime(7);
    const joining = acceptInvitation(invitee, mine, LIMITS.tiny);
    await writeAll(theirs, data);
    theirs.close();
    try {
      const there = await joining;
      joined++;
      assert(there.pipes.size === names.length);
      await there.closed;
      for (const pipe of there.pipes.values()) pipe.close();
    } catch (error) {
      assert(error instanceof InvitationError, String(error));
      refused++;
    }
    assert(mine.closed);
    assertEquals(invitee.node.ports.size, 0);
  }
  assert(joined > 50 && refused > 50, `${joined} joined, ${refused} were refused`);
});

/** The Welcome that an inviter writes. */
async function recordedWelcome() {
  const [mine, theirs] = memoryTransports(), names = ["main", "second"];
  const sending = sendInvitation(runtime(8), mine, names, LIMITS.tiny);
  await writeAll(theirs, handshake(HandshakeType.Join));
  const here = await sending, buffer = new Uint8Array(4096);
  await here.flush();
  const length = (await theirs.read(buffer))!;
  here.abort();
  await here.closed;
  return { names, frame: buffer.slice(0, length) };
}

Deno.test("sendInvitation answers events that come right behind the Join", async () => {
  const [mine, theirs] = memoryTransports(), inviter = runtime(9);
  const hello = new Uint8Array(48), view = new DataView(hello.buffer);
  view.setUint32(0, 48, true);
  view.setUint8(4, 1);
  const join = handshake(HandshakeType.Join);
  const data = new Uint8Array(join.length + 48 + 64);
  data.set(join);
  // A message to nobody, with an endpoint that has to be refused: that wakes the link early.
  view.setUint32(0, 112, true);
  view.setUint16(6, 1, true);
  data.set(hello, join.length);
  const sending = sendInvitation(inviter, mine, ["main"], LIMITS.tiny);
  await writeAll(theirs, data);
  const here = await sending;
  await here.flush();
  const answer = new Uint8Array(4096), length = (await theirs.read(answer))!;
  assertEquals(answer[4], HandshakeType.Welcome);
  assert(length > 100);
  here.abort();
  await here.closed;
});
