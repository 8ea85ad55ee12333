/**
 * The scenarios of Mage's tests that need one node, and where all others are.
 *
 * | id       | where                                                                 |
 * | -------- | --------------------------------------------------------------------- |
 * | C1-C5    | here                                                                  |
 * | C6       | here and over links                                                   |
 * | C7-C11   | here; C8: a pipe comes with the acceptance, so calls queue in others  |
 * | M1-M15   | over links; M6 has the calls that C8 had before the acceptance        |
 * | M16-M20  | here with the order across pipes that one node has, and over links    |
 * | M21      | over links: a thread is a node, and a pipe is bound where it was sent |
 * | M22, M23 | here and over links                                                   |
 * | M24      | here: a node has one thread, so many pipes stand for many threads     |
 * | M25      | over links, in the same sense                                         |
 *
 * Where Mage ends the process, the caller gets an error here, or the pipe ends.
 *
 * @module
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  BadMessageError,
  type Implementation,
  InvitationError,
  type MessagePipe,
  PipeClosedError,
  Receiver,
  Remote,
} from "@mage/ipc";
import { LIMITS } from "../../core/limits.ts";
import { AttachedPipes } from "../../core/system/attached_pipes.ts";
import { acceptInvitation, sendInvitation } from "../../core/system/invitation.ts";
import type { Joined } from "../../core/system/joined.ts";
import { NodeRuntime } from "../../core/system/node_runtime.ts";
import { memoryTransports, quiet } from "../core/system/memory_transport.ts";
import { Peer, Stranger } from "./member.magen.ts";
import { Network, until } from "./network.ts";
import { stateOf } from "./node_state.ts";
import { MEMBERS } from "./scenario.ts";
import { SYSTEM_SCENARIOS } from "./system_scenarios.ts";

/** Notes what it is called with. */
class Listener implements Implementation<Peer> {
  readonly heard: string[] = [];
  readonly passed: MessagePipe[] = [];

  say(text: string) {
    this.heard.push(text);
  }

  count(number: number, fraction: number, text: string) {
    this.heard.push(`${number} ${fraction} ${text}`);
  }

  ask(text: string) {
    return { text };
  }

  pass(pipe: MessagePipe) {
    this.heard.push("a pipe");
    this.passed.push(pipe);
  }

  sendHandles() {}
}

Deno.test("C1: NodeRuntime has no ports at first", () => {
  assertEquals(new NodeRuntime().node.ports.size, 0);
});

Deno.test("C2: Remote cannot be made without a pipe, let alone be called", () => {
  assertThrows(() => new Remote(Peer, undefined as unknown as MessagePipe), TypeError);
});

Deno.test("C3: Remote throws when it is called after it was unbound", async () => {
  const [here, there] = new NodeRuntime().createMessagePipe();
  using _receiver = new Receiver(Peer, new Listener(), there);
  const remote = new Remote(Peer, here);
  assertEquals((await remote.ask("hello")).text, "hello");
  using pipe = remote.$.unbind();
  assertThrows(() => remote.say("hello"), TypeError, "the remote was unbound");
  assert(pipe.isHeld);
});

for (const [id, side] of [["C4", "Remote"], ["C5", "Receiver"]] as const) {
  Deno.test(`${id}: MessagePipe cannot be sent once a ${side} has it`, () => {
    const runtime = new NodeRuntime();
    const [bound, other] = runtime.createMessagePipe();
    const [carrier, far] = runtime.createMessagePipe();
    using _binding = side === "Remote"
      ? new Remote(Peer, bound)
      : new Receiver(Peer, new Listener(), bound);
    assertThrows(
      () => carrier.write(new Uint8Array(0), [bound]),
      TypeError,
      "it was closed, sent or bound",
    );
    assertEquals(far.read().result, "SHOULD_WAIT");
    for (const pipe of [other, carrier, far]) pipe.close();
  });
}

Deno.test("C6: Receiver of another interface closes the pipe", async () => {
  const [here, there] = new NodeRuntime().createMessagePipe();
  const remote = new Remote(Peer, here), errors: unknown[] = [];
  using _receiver = new Receiver(Stranger, { nothing() {} }, there, {
    onError: (error) => void errors.push(error),
  });
  await assertRejects(() => remote.ask("hello"), PipeClosedError);
  assert(errors.length === 1 && errors[0] instanceof BadMessageError);
});

Deno.test("C7: createPipe makes two ports that are each other's peers", () => {
  const { node } = new NodeRuntime();
  const [one, other] = node.createPipe();
  assert(!one.name.equals(other.name));
  for (const [port, peer] of [[one, other], [other, one]] as const) {
    assertEquals(port.nextPort, peer.name);
    assertEquals(port.prevPort, peer.name);
    assertEquals(port.nextNode, node.self);
  }
  assertEquals(node.ports.size, 2);
  node.close(one);
  node.close(other);
  assertEquals(node.ports.size, 0);
});

for (
  const [id, name, invite] of [
    [
      "C8",
      "sendInvitation",
      (runtime: NodeRuntime, transport: Parameters<typeof sendInvitation>[1]) =>
        sendInvitation(new AttachedPipes(runtime).begin(), transport, LIMITS.child),
    ],
    [
      "C9",
      "acceptInvitation",
      (runtime: NodeRuntime, transport: Parameters<typeof sendInvitation>[1]) =>
        acceptInvitation(runtime, transport, LIMITS.trusted),
    ],
  ] as const
) {
  Deno.test(`${id}: ${name} waits while nobody answers, and leaves nothing`, async () => {
    const runtime = new NodeRuntime(), [here, there] = memoryTransports();
    let settled = false;
    const joining: Promise<Joined> = invite(runtime, here);
    joining.then(() => settled = true, () => settled = true);
    await quiet();
    assertEquals([settled, runtime.node.ports.size], [false, 0]);
    // Calls meanwhile wait in a pipe whose other end can be handed over later.
    const [kept, given] = runtime.createMessagePipe();
    const remote = new Remote(Peer, kept), listener = new Listener();
    remote.say("early");
    there.close();
    await assertRejects(() => joining, InvitationError, "went away");
    using _receiver = new Receiver(Peer, listener, given);
    await remote.ask("is it there");
    assertEquals(listener.heard, ["early"]);
    remote.$.close();
  });
}

Deno.test("C10: createMessagePipe makes ten thousand pipes, all different", () => {
  const runtime = new NodeRuntime(), { ports } = runtime.node;
  const pipes = Array.from({ length: 10_000 }, () => runtime.createMessagePipe()).flat();
  assertEquals(ports.size, 20_000);
  assertEquals(new Set(ports.all().map(({ name }) => name.toString())).size, 20_000);
  for (const pipe of pipes) pipe.close();
  assertEquals(ports.size, 0);
});

Deno.test("C11: sendInvitation invites eighty nodes at once", async () => {
  const inviter = new NodeRuntime();
  const all = await Promise.all(Array.from({ length: 80 }, async (_, i) => {
    const [here, there] = memoryTransports();
    const [sent, accepted] = await Promise.all([
      sendInvitation(new AttachedPipes(inviter).begin(), here, LIMITS.child),
      acceptInvitation(new NodeRuntime(), there, LIMITS.trusted),
    ]);
    sent.pipe.write(new Uint8Array([i]));
    assertEquals((await accepted.pipe.receive())!.data, new Uint8Array([i]));
    return sent;
  }));
  assertEquals(stateOf(inviter.node), { open: 80, passing: 0, calls: 0, wrong: "" });
  for (const sent of all) {
    sent.pipe.close();
    await sent.close();
  }
  assertEquals(inviter.node.ports.size, 0);
  assertEquals(inviter.node.links().length, 0);
});

for (
  const [id, when] of [["M16", "after it is bound"], [
    "M17",
    "before it is bound",
  ]] as const
) {
  Deno.test(`${id}: Receiver hears calls made ${when} later and in order`, async () => {
    const [here, there] = new NodeRuntime().createMessagePipe();
    const remote = new Remote(Peer, here), listener = new Listener();
    let receiver: Receiver<Peer> | null = null;
    if (when === "after it is bound") receiver = new Receiver(Peer, listener, there);
    remote.count(1, 0.5, "message");
    remote.say("1000 JPY");
    receiver ??= new Receiver(Peer, listener, there);
    assertEquals(listener.heard, []);
    await remote.ask("and answers");
    assertEquals(listener.heard, ["1 0.5 message", "1000 JPY"]);
    remote.$.close();
    receiver.close();
  });
}

for (
  const [id, when] of [["M18", "before"], ["M19", "after"]] as const
) {
  Deno.test(`${id}: Receiver hears a pipe's own calls first, sent ${when} it is bound`, async () => {
    const runtime = new NodeRuntime(), heard: string[] = [];
    const [one, oneServed] = runtime.createMessagePipe();
    const [two, twoServed] = runtime.createMessagePipe();
    const first = new Remote(Peer, one), second = new Remote(Peer, two);
    const listening: Receiver<Peer>[] = [];
    const listen = (label: string, pipe: MessagePipe) => {
      const listener = new Listener();
      listener.say = (text) => void heard.push(`${label} ${text}`);
      listener.pass = (pipe) => {
        listener.say("a pipe");
        listen("second", pipe);
      };
      listening.push(new Receiver(Peer, listener, pipe));
    };
    if (when === "after") listen("first", oneServed);
    first.pass(twoServed);
    second.say("said first");
    first.say("said second");
    if (when === "before") listen("first", oneServed);
    await second.ask("is it all there");
    assertEquals(heard, ["first a pipe", "first said second", "second said first"]);
    for (const closing of [first.$, second.$, ...listening]) closing.close();
    assertEquals(runtime.node.ports.size, 0);
  });
}

Deno.test("M20: Receiver that is bound first hears first, whoever was called first", async () => {
  const runtime = new NodeRuntime();
  const [one, oneServed] = runtime.createMessagePipe();
  const [two, twoServed] = runtime.createMessagePipe();
  const first = new Remote(Peer, one), second = new Remote(Peer, two);
  second.say("said first");
  first.say("said second");
  const heard: string[] = [];
  const listen = (pipe: MessagePipe) => {
    const listener = new Listener();
    listener.say = (text) => void heard.push(text);
    return new Receiver(Peer, listener, pipe);
  };
  using _first = listen(oneServed);
  using _second = listen(twoServed);
  await Promise.all([first.ask("there"), second.ask("there")]);
  assertEquals(heard, ["said second", "said first"]);
  first.$.close();
  second.$.close();
});

Deno.test("M22: Remote of a receiver that was closed drops calls and rejects those with answers", async () => {
  const runtime = new NodeRuntime();
  const [here, there] = runtime.createMessagePipe();
  const remote = new Remote(Peer, here), listener = new Listener();
  const receiver = new Receiver(Peer, listener, there);
  remote.say("hello");
  await remote.ask("did it arrive");
  receiver.close();
  remote.say("anybody");
  await assertRejects(() => remote.ask("anybody"), PipeClosedError);
  assertEquals(listener.heard, ["hello"]);
  remote.$.close();
  assertEquals(runtime.node.ports.size, 0);
});

Deno.test("M23: Receiver is passed an endpoint that is bound in its turn", async () => {
  const runtime = new NodeRuntime();
  const [here, there] = runtime.createMessagePipe();
  const [kept, given] = runtime.createMessagePipe();
  const accepter = new Listener(), callback = new Listener();
  using remote = new Remote(Peer, here);
  using _receiver = new Receiver(Peer, accepter, there);
  using caller = new Remote(Peer, kept);
  remote.pass(given);
  caller.say("hello");
  await remote.ask("was it passed");
  using _callback = new Receiver(Peer, callback, accepter.passed[0]!);
  await caller.ask("was it heard");
  assertEquals(callback.heard, ["hello"]);
});

Deno.test("M24: Receivers hear a thousand calls over ten pipes at once, each in order", async () => {
  const runtime = new NodeRuntime();
  const listeners = await Promise.all(Array.from({ length: 10 }, async () => {
    const [here, there] = runtime.createMessagePipe();
    using remote = new Remote(Peer, here);
    const listener = new Listener();
    using _receiver = new Receiver(Peer, listener, there);
    for (let i = 0; i < 100; i++) {
      remote.say(`${i}`);
      if (i % 10 === 0) await remote.ask("let the others go on");
    }
    await remote.ask("is it all there");
    return listener;
  }));
  const expected = Array.from({ length: 100 }, (_, i) => `${i}`);
  for (const { heard } of listeners) assertEquals(heard, expected);
  assertEquals(runtime.node.ports.size, 0);
});

/** A network in which every member is the one node there is. */
class OneNode extends Network {
  constructor() {
    super(new NodeRuntime(), false);
    for (let i = 0; i < MEMBERS; i++) this.members.push(this.broker);
  }

  protected override join(): Promise<never> {
    throw new Error("There is one node, and no other joins it");
  }

  override async rest(): Promise<void> {
    await this.broker.driver.closeAll();
    await until(async () => {
      const { open, passing, wrong } = await this.broker.driver.state();
      return open === 2 && passing === 0 && wrong === "";
    }, () => "the node has nothing but the pipe that drives it");
  }
}

Deno.test("The System API is the same on one node", async (t) => {
  const network = new OneNode();
  for (const { name, takesMany, run } of SYSTEM_SCENARIOS) {
    if (takesMany) continue;
    await t.step(name, async () => {
      await run(network);
      await network.rest();
    });
  }
  network.members.length = 0;
  await network[Symbol.asyncDispose]();
});
