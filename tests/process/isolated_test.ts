import { assert, assertEquals, assertRejects } from "@std/assert";
import { Invitation, InvitationError, MessagePipe, Remote } from "@mage/ipc";
import { createMessagePipe, Receiver, type SpawnOptions } from "@mage/ipc";
import { LIMITS } from "../../core/limits.ts";
import { AttachedPipes } from "../../core/system/attached_pipes.ts";
import { acceptInvitation, sendInvitation } from "../../core/system/invitation.ts";
import type { Joined } from "../../core/system/joined.ts";
import { NodeRuntime, ownRuntime } from "../../core/system/node_runtime.ts";
import { ConnTransport } from "../../transports/unix.ts";
import { connectedConns } from "../transports/socket_kit.ts";
import { leavesNothing } from "./census.ts";
import { Sibling } from "./sibling.magen.ts";

const CHILD = new URL("./children/sibling.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);
const UNIX: SpawnOptions = { config: CONFIG };
const WORKER: SpawnOptions = { link: "worker", permissions: "inherit" };

for (
  const [name, options, more] of [
    ["unix", UNIX, { config: CONFIG, siblings: true }],
    ["inherited", { ...UNIX, link: "inherited" }, UNIX],
    ["worker", WORKER, WORKER],
  ] as const
) {
  Deno.test(`Invitation.spawn keeps an isolated child from all others: ${name}`, async () => {
    await leavesNothing(async () => {
      await using child = await Invitation.spawn(CHILD, { ...options, isolated: true });
      await using other = await Invitation.spawn(CHILD, more);
      using apart = new Remote(Sibling, child.pipe);
      using among = new Remote(Sibling, other.pipe);
      assertEquals(child.extract("log"), null);
      const { node } = ownRuntime();
      const link = node.links().find(({ neighbor }) => neighbor.isolated)!;
      assertEquals([link.role, node.broker.relayedEvents], ["peer", 0]);

      // Endpoints of the other child work there, and its own work at the other child.
      const [to, from] = createMessagePipe();
      apart.keep(to);
      among.serve(from);
      assertEquals((await apart.call("across", 50)).text, "across");
      assertEquals((await apart.bulk(300_000)).size, 300_000);
      const { one, two } = await apart.bothEnds();
      among.keep(one);
      apart.serve(two);
      assertEquals((await among.call("and back", 50)).text, "and back");

      // They have come to rest as they are, and neither has heard of the other.
      assertEquals((await apart.links()).count, 1);
      assertEquals((await among.links()).count, 1);
      assertEquals(node.broker.relayedEvents, 0);
      assertEquals(link.pipes + link.borders > 0, true);
    });
  });
}

Deno.test("Invitation.spawn loses what an isolated child had when it is gone, and nothing else", async () => {
  await leavesNothing(async () => {
    const child = await Invitation.spawn(CHILD, { ...UNIX, isolated: true });
    await using other = await Invitation.spawn(CHILD, UNIX);
    using apart = new Remote(Sibling, child.pipe),
      among = new Remote(Sibling, other.pipe);
    const [to, from] = createMessagePipe();
    among.keep(to);
    apart.serve(from);
    assertEquals((await among.call("hello", 3)).text, "hello");
    apart.exit();
    await child.status;
    await assertRejects(() => among.call("anybody?", 1));
    assertEquals((await among.echo("still here")).text, "still here");
    await child.close();
  });
});

Deno.test("Invitation.spawn isolates a child that invites, or fails when only one of the two wants it", async () => {
  const spawn = (said: string, isolated: boolean) =>
    Invitation.spawn(CHILD, {
      ...UNIX,
      inviter: "child",
      stderr: "null",
      args: [said],
      isolated,
    });
  await leavesNothing(async () => {
    {
      await using child = await spawn("invite isolated", true);
      using sibling = new Remote(Sibling, child.pipe);
      assertEquals((await sibling.echo("hello")).text, "hello");
      assert(ownRuntime().node.links().some(({ neighbor }) => neighbor.isolated));
    }
    for (
      const [said, isolated] of [["invite isolated", false], ["invite", true]] as const
    ) {
      const error = await assertRejects(() => spawn(said, isolated), InvitationError);
      assert(error.message.includes("'isolated' on both sides"), error.message);
    }
  });
});

Deno.test("Invitation.send and Invitation.spawn refuse what an isolated link has no use for", async () => {
  const [isolated, pipes] = [true, ["log"]];
  for (
    const join of [
      Invitation.send,
      (options: SpawnOptions) => Invitation.spawn("x.ts", options),
    ]
  ) {
    await assertRejects(
      () => join({ isolated, pipes }),
      TypeError,
      "further endpoints over",
    );
  }
  const siblings = true;
  await assertRejects(
    () => Invitation.spawn("x.ts", { isolated, siblings }),
    TypeError,
    "linked to this process alone",
  );
});

/** A node with a broker, over a socket. */
async function joinOverSocket(
  inviter: NodeRuntime,
  invitee: NodeRuntime,
  isolated: boolean,
): Promise<[Joined, Joined]> {
  const [here, there] = (await connectedConns()).map((conn) => new ConnTransport(conn));
  return await Promise.all([
    sendInvitation(new AttachedPipes(inviter).begin(), here!, LIMITS.child, {
      role: "member",
      isolated,
    }),
    acceptInvitation(invitee, there!, LIMITS.trusted),
  ]);
}

/** Serves echoes on a new pipe at `runtime`. Returns its other end. */
function serveEcho(runtime: NodeRuntime): MessagePipe {
  const [here, there] = runtime.createMessagePipe();
  const echo: Partial<Sibling> = { echo: (text) => Promise.resolve({ text }) };
  new Receiver(Sibling, echo as Sibling, here);
  return there;
}

Deno.test("Two networks meet over a socket pair, and their members call each other", async () => {
  const [one, member, two, other] = Array.from({ length: 4 }, () => new NodeRuntime());
  const [atOne, atMember] = await joinOverSocket(one!, member!, false);
  const [atTwo, atOther] = await joinOverSocket(two!, other!, false);
  const [across, back] = await joinOverSocket(one!, two!, true);
  assertEquals([across.isolated, back.isolated, atOne.isolated], [true, true, false]);
  const pass = async (from: Joined, to: Joined, pipe: MessagePipe) => {
    from.pipe.write(new Uint8Array([1]), [pipe]);
    return (await to.pipe.receive())!.take(MessagePipe);
  };
  // From the member of one network to the member of the other, and one the other way.
  const there = await pass(
    atTwo,
    atOther,
    await pass(across, back, await pass(atMember, atOne, serveEcho(member!))),
  );
  const here = await pass(
    atOne,
    atMember,
    await pass(back, across, await pass(atOther, atTwo, serveEcho(other!))),
  );
  for (const end of [there, here]) {
    using remote = new Remote(Sibling, end);
    const calls = Array.from({ length: 200 }, (_, i) => remote.echo(`${i}`));
    assertEquals((await Promise.all(calls)).map(({ text }) => +text), [...calls.keys()]);
  }
  assertEquals(
    [one!, member!, two!, other!].map(({ node }) => node.links().length),
    [2, 1, 2, 1],
  );
  for (const joined of [across, atOne, atTwo]) await joined.close();
  for (const joined of [back, atMember, atOther]) await joined.closed;
});
