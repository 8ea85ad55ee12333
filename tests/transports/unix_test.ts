import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { Invitation, InvitationError, type MessagePipe } from "@mage/ipc";
import { LIMITS } from "../../core/limits.ts";
import { AttachedPipes } from "../../core/system/attached_pipes.ts";
import { acceptInvitation, sendInvitation } from "../../core/system/invitation.ts";
import { NodeRuntime } from "../../core/system/node_runtime.ts";
import {
  ConnTransport,
  encodeRendezvous,
  readRendezvous,
} from "../../transports/unix.ts";
import { localEnd, transportContract } from "./contract.ts";
import { connectedConns } from "./socket_kit.ts";

transportContract("ConnTransport", {
  kit: () => ({
    pair: async () => {
      const [one, two] = await connectedConns();
      return [
        localEnd(new ConnTransport(one), () => one.closeWrite()),
        localEnd(new ConnTransport(two), () => two.closeWrite()),
      ];
    },
  }),
  // What the kernel takes for a socket.
  boundBytes: 512 * 1024,
});

/** Counts writes that took less than they were given. */
class CountingTransport extends ConnTransport {
  shortWrites = 0;

  override async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const count = await super.write(bytes);
    if (count < bytes.length) this.shortWrites++;
    return count;
  }
}

Deno.test("ConnTransport loses nothing and never locks up when both sides flood", async () => {
  const [left, right] = (await connectedConns()).map((conn) =>
    new CountingTransport(conn)
  );
  const [inviter, invitee] = await Promise.all([
    sendInvitation(new AttachedPipes(new NodeRuntime()).begin(), left!, LIMITS.trusted),
    acceptInvitation(new NodeRuntime(), right!, LIMITS.trusted),
  ]);
  // Far more than a socket buffer, all of it before either side reads a byte.
  const COUNT = 400, MAX = 100_000;
  const size = (i: number) => (i * 7919) % MAX;
  for (const pipe of [inviter.pipe, invitee.pipe]) {
    for (let i = 0; i < COUNT; i++) {
      const data = new Uint8Array(size(i)).fill(i);
      assertEquals(pipe.write(data), "OK");
    }
  }
  const readAll = async (pipe: MessagePipe) => {
    for (let i = 0; i < COUNT; i++) {
      const { data } = (await pipe.receive())!;
      assertEquals(data.length, size(i));
      assert(data.every((byte) => byte === (i & 0xff)));
    }
  };
  await Promise.all([readAll(inviter.pipe), readAll(invitee.pipe)]);
  assertGreater(
    left!.shortWrites + right!.shortWrites,
    0,
    "the socket took everything at once",
  );
  await Promise.all([inviter.close(), invitee.closed]);
});

Deno.test("Joined.close delivers what was written before", async () => {
  const [left, right] = (await connectedConns()).map((conn) => new ConnTransport(conn));
  const [inviter, invitee] = await Promise.all([
    sendInvitation(
      new AttachedPipes(new NodeRuntime(), ["more"]).begin(),
      left!,
      LIMITS.trusted,
    ),
    acceptInvitation(new NodeRuntime(), right!, LIMITS.trusted),
  ]);
  // At once: the endpoint that was handed over has not been accepted yet.
  for (let i = 0; i < 100; i++) inviter.pipe.write(new Uint8Array(10_000).fill(i));
  // More than the other end takes unread: what is left waits here until it reads.
  const closed = inviter.close();
  for (let i = 0; i < 100; i++) assertEquals((await invitee.pipe.receive())!.data[0], i);
  await closed;
  assertEquals(await invitee.pipe.receive(), null);
  assertEquals((await invitee.pipe.closed).code, "lost");
  assertEquals((await invitee.closed).violation, null);
});

Deno.test("Invitation.send and Invitation.accept refuse to join a process with itself", async () => {
  const [left, right] = await connectedConns();
  const both = await Promise.allSettled([
    Invitation.send({ conn: left }),
    Invitation.accept({ conn: right }),
  ]);
  assertEquals(both.map((side) => side.status), ["rejected", "rejected"]);
});

Deno.test("Invitation.accept tells when the other end goes away or talks garbage", async () => {
  {
    const [left, right] = await connectedConns();
    right.close();
    const error = await assertRejects(
      () => Invitation.accept({ conn: left }),
      InvitationError,
    );
    assertEquals(error.failure, "disconnected");
  }
  {
    const [left, right] = await connectedConns();
    await right.write(new Uint8Array(100).fill(1));
    const error = await assertRejects(
      () => Invitation.accept({ conn: left }),
      InvitationError,
    );
    assertEquals(error.failure, "protocol");
    right.close();
  }
  {
    const [left, right] = await connectedConns();
    const stop = new AbortController();
    const accepting = Invitation.accept({ conn: left, signal: stop.signal });
    await right.read(new Uint8Array(1));
    stop.abort(new Error("enough"));
    await assertRejects(() => accepting, Error, "enough");
    right.close();
  }
});

Deno.test("readRendezvous takes what encodeRendezvous made, and not one byte more", () => {
  const token = crypto.getRandomValues(new Uint8Array(32));
  const rendezvous = {
    path: "/tmp/ünï/s",
    token,
    revoke: { read: true, write: false, net: true },
  };
  const encoded = encodeRendezvous(rendezvous);
  const input = new Uint8Array([...encoded, 99]);
  let at = 0;
  const read = (into: Uint8Array) => {
    if (at + into.length > input.length) return false;
    into.set(input.subarray(at, at += into.length));
    return true;
  };
  assertEquals(readRendezvous(read), rendezvous);
  assertEquals(input[at], 99);
  // Anything else is no rendezvous, wherever it ends.
  for (let length = 0; length < encoded.length; length++) {
    at = input.length - length;
    assertEquals(readRendezvous(read), null);
  }
});
