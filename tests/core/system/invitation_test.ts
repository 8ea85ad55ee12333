import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  InvitationError,
  type InvitationFailure,
  LimitError,
} from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { AttachedPipes } from "../../../core/system/attached_pipes.ts";
import { acceptInvitation, sendInvitation } from "../../../core/system/invitation.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { DESCRIPTOR_BYTES } from "../../../core/wire/event.ts";
import {
  closeHandshake,
  HandshakeType,
  MAX_PIPES,
  openHandshake,
  writePipeName,
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
  const joining = failure(
    sendInvitation(new AttachedPipes(inviter).begin(), mine, LIMITS.tiny),
  );
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

Deno.test("sendInvitation hands over a pipe for each name", async () => {
  const names = ["log", "über", "x".repeat(255), "\uFEFFlog", "__proto__", "constructor"];
  for (const writeBytes of [1, 1000]) {
    const { here, there, inviter, invitee } = await join({ names, writeBytes });
    const ours = names.map((name) => here.extract(name)!);
    const theirs = names.map((name) => there.extract(name)!);
    for (const [i, name] of names.entries()) {
      ours[i]!.write(bytes(`to ${name}`));
      theirs[i]!.write(bytes(`from ${name}`));
    }
    for (const [i, name] of names.entries()) {
      assertEquals(text((await theirs[i]!.receive())!.data), `to ${name}`);
      assertEquals(text((await ours[i]!.receive())!.data), `from ${name}`);
    }
    for (const pipe of [here.pipe, there.pipe, ...ours, ...theirs]) pipe.close();
    await quiet();
    assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
    await here.close();
    await there.close();
  }
});

Deno.test("sendInvitation hands over as many pipes as it may to a neighbor with a small frame limit", async () => {
  const names = Array.from(
    { length: MAX_PIPES - 1 },
    (_, i) => `${i}`.padStart(255, "x"),
  );
  const [mine, theirs] = memoryTransports();
  const limits = { ...LIMITS.child, maxFrameBytes: 1024 };
  const [here, there] = await Promise.all([
    sendInvitation(new AttachedPipes(runtime(10), names).begin(), mine, LIMITS.child),
    acceptInvitation(runtime(11), theirs, limits),
  ]);
  assert(names.every((name) => there.extract(name) !== null));
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
    () => sendInvitation(new AttachedPipes(runtime(3)).begin(), a, LIMITS.tiny),
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
      () => sendInvitation(new AttachedPipes(pair.inviter).begin(), mine, LIMITS.tiny),
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

Deno.test("acceptInvitation refuses names that no inviter attaches, and leaves nothing", async () => {
  const welcome = (names: readonly string[]) => {
    const out = new Encoder(4096);
    openHandshake(
      out,
      HandshakeType.Welcome,
      runtime(502).node.self.name,
      LIMITS.tiny,
      false,
    );
    for (const name of names) {
      writePipeName(out, bytes(name));
      out.need(DESCRIPTOR_BYTES);
      out.bytes.fill(0, out.at, out.at += DESCRIPTOR_BYTES);
    }
    closeHandshake(out, names.length);
    return out.take().slice();
  };
  const cases: readonly (readonly [string[], string])[] = [
    [["main", "log", "log"], "handshake-name-twice"],
    [["main", "main"], "handshake-name-twice"],
    [["main", "__proto__", "__proto__"], "handshake-name-twice"],
    [["main", ""], "handshake-name"],
    [["log"], "handshake-main-pipe"],
  ];
  for (const [names, rule] of cases) {
    const [mine, theirs] = memoryTransports(), invitee = runtime(2);
    const joining = assertRejects(
      () => acceptInvitation(invitee, mine, LIMITS.tiny),
      InvitationError,
      rule,
    );
    await writeAll(theirs, welcome(names));
    assertEquals((await joining).failure, "protocol");
    assert(mine.closed);
    assertEquals([invitee.node.ports.size, invitee.node.links().length], [0, 0]);
  }
  // What is a name of something else in JavaScript is a name like any other.
  const [mine, theirs] = memoryTransports();
  const joining = acceptInvitation(runtime(3), mine, LIMITS.tiny);
  await writeAll(theirs, welcome(["main", "__proto__"]));
  const there = await joining;
  for (const name of ["constructor", "toString", "hasOwnProperty", "get"]) {
    assertEquals(there.extract(name), null);
  }
  assert(there.extract("__proto__") instanceof MessagePipe);
  assertEquals(there.extract("__proto__"), null);
  there.abort();
  await there.closed;
});

Deno.test("acceptInvitation refuses more pipes than its limits allow, and leaves nothing", async () => {
  const inviter = runtime(5), invitee = runtime(6), [mine, theirs] = memoryTransports();
  const joining = acceptInvitation(invitee, theirs, { ...LIMITS.tiny, maxPipes: 2 });
  const [here, error] = await Promise.all([
    sendInvitation(new AttachedPipes(inviter, ["a", "b"]).begin(), mine, LIMITS.tiny),
    assertRejects(() => joining, InvitationError),
  ]);
  assertEquals(error.failure, "protocol");
  await here.closed;
  here.abort();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  assert(mine.closed && theirs.closed);
});

Deno.test("acceptInvitation resolves or rejects whatever bytes come", async () => {
  const { frame } = await recordedWelcome();
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
      await there.closed;
      await there.close();
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
  const [mine, theirs] = memoryTransports();
  const sending = sendInvitation(
    new AttachedPipes(runtime(8), ["second"]).begin(),
    mine,
    LIMITS.tiny,
  );
  await writeAll(theirs, handshake(HandshakeType.Join));
  const here = await sending, buffer = new Uint8Array(4096);
  await here.flush();
  const length = (await theirs.read(buffer))!;
  here.abort();
  await here.closed;
  return { frame: buffer.slice(0, length) };
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
  const sending = sendInvitation(new AttachedPipes(inviter).begin(), mine, LIMITS.tiny);
  await writeAll(theirs, data);
  const here = await sending;
  await here.flush();
  const answer = new Uint8Array(4096), length = (await theirs.read(answer))!;
  assertEquals(answer[4], HandshakeType.Welcome);
  assert(length > 100);
  here.abort();
  await here.closed;
});
