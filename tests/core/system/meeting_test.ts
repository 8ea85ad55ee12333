import { assert, assertEquals } from "@std/assert";
import { type Environment, realEnvironment } from "../../../core/environment.ts";
import { LIMITS } from "../../../core/limits.ts";
import { AttachedPipes } from "../../../core/system/attached_pipes.ts";
import { acceptInvitation, sendInvitation } from "../../../core/system/invitation.ts";
import type { Joined } from "../../../core/system/joined.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import type { Meeter, MeetingPoint, Transport } from "../../../core/transport.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { bytes, memoryTransports, quiet, text } from "./memory_transport.ts";

/** How the two members come by a transport. */
interface Plan {
  host(ready: () => void, signal: AbortSignal): Promise<Transport>;
  guest(signal: AbortSignal): Promise<Transport>;
}

/** A plan that works, over `transports`. */
function direct(transports: readonly Transport[]): Plan {
  return {
    host: (ready) => {
      ready();
      return Promise.resolve(transports[0]!);
    },
    guest: () => Promise.resolve(transports[1]!),
  };
}

/** Rejects when the meeting is called off, as a sibling that never comes makes it. */
function never(signal: AbortSignal): Promise<Transport> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

/** A broker and two members, and a pipe with an end at each member. */
class Family implements AsyncDisposable {
  readonly links: Joined[] = [];
  readonly deadlines: (() => void)[] = [];
  /** How often a member was asked to meet. */
  meetings = 0;
  readonly ends: MessagePipe[] = [];
  readonly members: NodeRuntime[] = [];

  static async gather(plan: Plan | null): Promise<Family> {
    const family = new Family();
    const broker = new NodeRuntime(seededEnvironment(1));
    const point: MeetingPoint = {
      arrange: () => plan && { host: new Uint8Array([1]), guest: new Uint8Array([2]) },
    };
    for (const seed of [2, 3]) {
      const member = new NodeRuntime(family.#environment(seed));
      const meeter: Meeter = {
        meet(means, role, ready, signal) {
          family.meetings++;
          assertEquals(means, new Uint8Array([role === "host" ? 1 : 2]));
          return role === "host" ? plan!.host(ready, signal) : plan!.guest(signal);
        },
      };
      const [here, there] = memoryTransports();
      family.links.push(
        ...await Promise.all([
          sendInvitation(new AttachedPipes(broker).begin(), here, LIMITS.child, {
            role: "member",
            point,
          }),
          acceptInvitation(member, there, LIMITS.trusted, { role: "broker", meeter }),
        ]),
      );
      family.members.push(member);
    }
    const { links, members } = family;
    const [one, other] = members[0]!.createMessagePipe();
    // Member to broker to the other member.
    links[1]!.pipe.write(new Uint8Array(0), [other]);
    const { handles } = (await links[0]!.pipe.receive())!;
    links[2]!.pipe.write(new Uint8Array(0), handles);
    family.ends.push(one, (await links[3]!.pipe.receive())!.take(MessagePipe));
    return family;
  }

  #environment(seed: number): Environment {
    return {
      ...seededEnvironment(seed),
      nextTurn: realEnvironment.nextTurn,
      after: (_ms, callback) => {
        this.deadlines.push(callback);
        return () => this.deadlines.splice(this.deadlines.indexOf(callback), 1);
      },
    };
  }

  /** Says something both ways. */
  async talk(): Promise<void> {
    const [one, other] = this.ends;
    for (const word of ["first", "second"]) {
      one!.write(bytes(word));
      other!.write(bytes(word.toUpperCase()));
    }
    assertEquals(text((await other!.receive())!.data), "first");
    assertEquals(text((await other!.receive())!.data), "second");
    assertEquals(text((await one!.receive())!.data), "FIRST");
    assertEquals(text((await one!.receive())!.data), "SECOND");
  }

  /** Ends both links of the broker. */
  async loseBroker(): Promise<void> {
    this.links[0]!.abort();
    this.links[2]!.abort();
    await Promise.all(this.links.map((link) => link.closed));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.loseBroker();
    for (const end of this.ends) end.close();
    for (const { node } of this.members) {
      for (const link of node.links()) node.disconnect(link, "over");
    }
    await quiet();
    assertEquals(this.deadlines.length, 0);
  }
}

Deno.test("attend gives two members a link that outlives the broker", async () => {
  await using family = await Family.gather(direct(memoryTransports()));
  await family.talk();
  assertEquals(family.meetings, 2);
  await family.loseBroker();
  await family.talk();
});

Deno.test("attend is not asked where nothing can be arranged: the broker relays", async () => {
  await using family = await Family.gather(null);
  await family.talk();
  assertEquals(family.meetings, 0);
  await family.loseBroker();
  for (const end of family.ends) {
    const lost = await end.closed;
    assertEquals(lost.code, "lost");
  }
});

Deno.test("attend falls back to the broker when the host cannot be met", async () => {
  await using family = await Family.gather({
    host: () => Promise.reject(new Error("somebody sits on the path")),
    guest: () => Promise.reject(new Error("never asked")),
  });
  await family.talk();
  assertEquals(family.meetings, 1);
});

Deno.test("attend falls back to the broker when the guest cannot come", async () => {
  let calledOff = false;
  await using family = await Family.gather({
    host: (ready, signal) => {
      ready();
      signal.addEventListener("abort", () => calledOff = true);
      return never(signal);
    },
    guest: () => Promise.reject(new Error("no such path")),
  });
  await family.talk();
  assert(calledOff);
});

Deno.test("attend falls back to the broker when the guest never comes", async () => {
  await using family = await Family.gather({
    host: (ready, signal) => {
      ready();
      return never(signal);
    },
    guest: never,
  });
  const talking = family.talk();
  await quiet();
  // The host's deadline passes.
  family.deadlines[0]!();
  await talking;
});

Deno.test("attend falls back to the broker when a stranger answers the guest", async () => {
  const [stranger, guest] = memoryTransports();
  const [host] = memoryTransports();
  const said = new Uint8Array(64);
  await using family = await Family.gather({
    host: (ready) => {
      ready();
      return Promise.resolve(host);
    },
    guest: () => Promise.resolve(guest),
  });
  const talking = family.talk();
  // It learns the guest's token, has not the host's, and cannot even use the one it has.
  assertEquals(await stranger.read(said), 16);
  await stranger.write(said.subarray(0, 16));
  assertEquals(await stranger.read(said), null);
  await talking;
  assert(guest.closed && host.closed);
});

Deno.test("attend falls back to the broker when a stranger comes to the host", async () => {
  const [host, stranger] = memoryTransports();
  const [, guest] = memoryTransports();
  await using family = await Family.gather({
    host: (ready) => {
      ready();
      return Promise.resolve(host);
    },
    guest: () => Promise.resolve(guest),
  });
  await stranger.write(new Uint8Array(16));
  assertEquals(await stranger.read(new Uint8Array(64)), null);
  await family.talk();
  // The guest was called off too.
  assert(guest.closed);
});

Deno.test("attend gives up when the other side goes away at any moment", async () => {
  // The bytes that the stranger lets through before it is gone, as host and as guest.
  for (const role of ["host", "guest"] as const) {
    for (const before of [0, 1, 15, 16, 17, 23]) {
      const [one, other] = memoryTransports(), [cut, rest] = memoryTransports();
      await using family = await Family.gather({
        host: (ready) => {
          ready();
          return Promise.resolve(role === "host" ? one : cut);
        },
        guest: () => Promise.resolve(role === "host" ? cut : one),
      });
      const talking = family.talk();
      const relay = async (from: Transport, to: Transport, most: number) => {
        const chunk = new Uint8Array(64);
        for (let passed = 0; passed < most;) {
          const count = await from.read(chunk.subarray(0, most - passed));
          if (count === null) break;
          await to.write(chunk.subarray(0, count)).catch(() => {});
          passed += count;
        }
      };
      const [toGuest, toHost] = role === "host" ? [other, rest] : [rest, other];
      const passing = relay(toGuest, toHost, 24);
      const cutting = relay(toHost, toGuest, before);
      await cutting;
      other.close();
      rest.close();
      await passing;
      // Either they talk through the broker, or each has been told that the other is lost: never one
      // of them alone, and never neither.
      const outcome = await Promise.race([
        talking.then(() => "relayed", () => "lost"),
        Promise.all(family.ends.map((end) => end.closed)).then(() => "lost"),
      ]);
      if (outcome === "relayed") await family.talk();
      else {
        const told = await Promise.all(family.ends.map((end) => end.closed));
        assertEquals(told.map(({ code }) => code), ["lost", "lost"]);
      }
      talking.catch(() => {});
    }
  }
});

Deno.test("acceptInvitation takes one broker, and leaves a second inviter's members alone", async () => {
  const [first, second, child, sibling] = [11, 12, 13, 14].map((seed) =>
    new NodeRuntime({ ...seededEnvironment(seed), nextTurn: realEnvironment.nextTurn })
  );
  const join = async (inviter: NodeRuntime, invitee: NodeRuntime) => {
    const [here, there] = memoryTransports();
    return await Promise.all([
      sendInvitation(new AttachedPipes(inviter).begin(), here, LIMITS.child),
      acceptInvitation(invitee, there, LIMITS.trusted),
    ]);
  };
  // Both at once: the place of the broker is taken before either has answered.
  const [[, atFirst], [toChild, atChild]] = await Promise.all([
    join(first!, child!),
    join(second!, child!),
  ]);
  const [toSibling, atSibling] = await join(second!, sibling!);
  // A pipe with an end in each: the sibling asks its broker, who may not introduce the child.
  const [one, other] = second!.createMessagePipe();
  toChild.pipe.write(new Uint8Array(0), [one]);
  toSibling.pipe.write(new Uint8Array(0), [other]);
  const ends = await Promise.all(
    [atChild, atSibling].map(async ({ pipe }) =>
      (await pipe.receive())!.take(MessagePipe)
    ),
  );
  for (const end of ends) assertEquals((await end.closed).code, "lost");
  toChild.pipe.write(bytes("still linked"));
  assertEquals(text((await atChild.pipe.receive())!.data), "still linked");
  for (const joined of [atFirst, atChild, atSibling]) await joined.close();
});

Deno.test("sendInvitation leaves the place of the broker free when nothing came of it", async () => {
  const runtime = new NodeRuntime(seededEnvironment(21)),
    [here, there] = memoryTransports();
  // A node cannot join itself.
  const both = await Promise.allSettled([
    sendInvitation(new AttachedPipes(runtime).begin(), here, LIMITS.child, {
      role: "broker",
    }),
    acceptInvitation(runtime, there, LIMITS.trusted, { role: "member" }),
  ]);
  assertEquals(both.map(({ status }) => status), ["rejected", "rejected"]);
  assert(runtime.node.membership.claim());
});
