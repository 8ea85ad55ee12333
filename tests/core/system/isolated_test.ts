import { assert, assertEquals, assertRejects } from "@std/assert";
import { InvitationError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { AttachedPipes } from "../../../core/system/attached_pipes.ts";
import {
  acceptInvitation,
  sendInvitation,
  type Standing,
} from "../../../core/system/invitation.ts";
import type { Joined } from "../../../core/system/joined.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { memoryTransports, quiet } from "./memory_transport.ts";

const ISOLATED: Standing = { role: "member", isolated: true };
const MEMBER: Standing = { role: "member" }, BROKER: Standing = { role: "broker" };

/** Invites `invitee` to `inviter`. */
async function join(
  inviter: NodeRuntime,
  invitee: NodeRuntime,
  ours: Standing,
  theirs: Standing,
): Promise<[Joined, Joined]> {
  const [here, there] = memoryTransports();
  return await Promise.all([
    sendInvitation(new AttachedPipes(inviter).begin(), here, LIMITS.child, ours),
    acceptInvitation(invitee, there, LIMITS.trusted, theirs),
  ]);
}

/** What both sides make of it when they do not agree. */
async function failures(ours: Standing, theirs: Standing, names?: string[]) {
  const [here, there] = memoryTransports(), invitee = new NodeRuntime();
  const sides = [
    sendInvitation(
      new AttachedPipes(new NodeRuntime(), names).begin(),
      here,
      LIMITS.child,
      ours,
    ),
    acceptInvitation(invitee, there, LIMITS.trusted, theirs),
  ];
  const results = await Promise.allSettled(sides);
  for (const result of results) {
    if (result.status === "fulfilled") await result.value.closed;
  }
  assert(invitee.node.membership.claim(), "the place of the broker is taken");
  return results.map((result) =>
    result.status === "fulfilled" ? null : result.reason as InvitationError
  );
}

Deno.test("sendInvitation tells the other side that it is isolated, and brings nobody into a network", async () => {
  for (const ours of [ISOLATED, { ...BROKER, isolated: true }]) {
    for (const theirs of [BROKER, { ...BROKER, isolated: true }]) {
      const inviter = new NodeRuntime(), invitee = new NodeRuntime();
      const both = await join(inviter, invitee, ours, theirs);
      assertEquals(both.map(({ isolated }) => isolated), [true, true]);
      for (const { node } of [inviter, invitee]) {
        assertEquals(node.links().map(({ role }) => role), ["peer"]);
        assert(node.links()[0]!.neighbor.isolated);
        assert(!node.hasMembers && !node.membership.connected);
        assert(node.membership.claim(), "the place of the broker is taken");
      }
      await both[0].close();
      await both[1].closed;
    }
  }
});

Deno.test("acceptInvitation takes an isolated invitation also when it has a broker and members", async () => {
  const [above, middle, below, stranger] = Array.from(
    { length: 4 },
    () => new NodeRuntime(),
  );
  const links = [
    await join(above!, middle!, MEMBER, BROKER),
    await join(middle!, below!, MEMBER, BROKER),
    await join(stranger!, middle!, ISOLATED, BROKER),
  ];
  assertEquals(links.map(([{ isolated }]) => isolated), [false, false, true]);
  assertEquals(middle!.node.links().map(({ role }) => role), [
    "broker",
    "member",
    "peer",
  ]);

  // An endpoint from below and one from above both work through the node in between.
  const [toStranger, atStranger] = [links[2]![1].pipe, links[2]![0].pipe];
  for (const [from, at] of [[links[1]![1], links[1]![0]], [links[0]![0], links[0]![1]]]) {
    const [kept, given] = (from === links[1]![1] ? below! : above!).createMessagePipe();
    from!.pipe.write(new Uint8Array([1]), [given]);
    toStranger.write(new Uint8Array([2]), (await at!.pipe.receive())!.handles);
    const end = (await atStranger.receive())!.take(MessagePipe);
    end.write(new Uint8Array([3]));
    kept.write(new Uint8Array([4]));
    assertEquals((await kept.receive())!.data[0], 3);
    assertEquals((await end.receive())!.data[0], 4);
    await quiet();
    assertEquals(stranger!.node.links().length, 1);
    end.close();
    assertEquals((await kept.closed).code, "closed");
    kept.close();
  }
  for (const [here, there] of links) {
    await here.close();
    await there.closed;
  }
  await quiet();
  for (const pair of links) for (const { pipe } of pair) pipe.close();
  for (const { node } of [above!, middle!, below!, stranger!]) {
    assertEquals(node.ports.size, 0);
  }
});

Deno.test("sendInvitation and acceptInvitation fail when only one of them is isolated", async () => {
  const text = "pass 'isolated' on both sides, or on neither";
  const insisting = await failures(MEMBER, { ...BROKER, isolated: true });
  for (const error of insisting) {
    assertEquals(error?.failure, "refused");
    assert(error!.message.includes(text), error!.message);
  }
  const [sent, accepted] = await failures(ISOLATED, { ...BROKER, isolated: false });
  assertEquals([sent, accepted?.failure], [null, "refused"]);
  assert(accepted!.message.includes(text), accepted!.message);
});

Deno.test("acceptInvitation refuses an isolated invitation with more than one pipe", async () => {
  const [, accepted] = await failures(ISOLATED, BROKER, ["more"]);
  assertEquals(accepted?.failure, "protocol");
  assert(accepted!.message.includes("isolated-pipes"), accepted!.message);
});

Deno.test("sendInvitation refuses to isolate a node that is linked already", async () => {
  const one = new NodeRuntime(), two = new NodeRuntime();
  const [here, there] = await join(one, two, MEMBER, BROKER);
  await assertRejects(() => join(one, two, ISOLATED, BROKER), InvitationError, "known");
  await here.close();
  await there.closed;
});
