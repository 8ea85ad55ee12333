/**
 * The scenarios that Mage is tested with, by what can be observed of them. `local_test.ts` has those
 * that need one node only, and a table of all.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { DrivenNode, End, Network } from "./network.ts";
import type { Scenario } from "./scenario.ts";

const CALLS = ["1 0.5 message", "1000 JPY"];

/** Those calls, from an end that is not bound yet. */
async function callTwice(end: End): Promise<void> {
  await end.node.driver.count(end.number, 1, 0.5, "message");
  await end.say("1000 JPY");
}

/** What the node of `end` hears of two calls when it receives them on it. */
async function hearsBothCalls(end: End): Promise<void> {
  await end.serve("heard");
  const heard = await end.node.noted(2);
  assertEquals(heard, CALLS.map((call) => `heard: ${call}`));
}

/** When the call over the second pipe is made: M4, M5 and M6 differ in it. */
type Early = "after the handles" | "before the handles" | "before the invitation";

/**
 * The parent hands a receiver and a callback to a child over the pipe of the invitation. Returns the
 * parent's end of the receiver's pipe.
 */
async function sendHandles(network: Network, early: Early): Promise<End> {
  const { broker } = network;
  const [second, served] = await broker.createPipe();
  const [callback, called] = await broker.createPipe();
  await called.serve("callback");
  if (early === "before the invitation") await second.say("second");
  const child = await network.add();
  const [here, there] = child.invited;
  await there.serve("first");
  if (early === "before the handles") await second.say("second");
  await here.say("hello");
  await broker.driver.sendHandles(here.number, served.number, callback.number);
  if (early === "after the handles") await second.say("second");
  assertEquals(await broker.noted(1), ["callback: done"]);
  assertEquals(await child.noted(3), [
    "first: hello",
    "first: handles",
    "first/served: second",
  ]);
  await second.say("again");
  assertEquals(await broker.noted(1), ["callback: done"]);
  assertEquals(await child.noted(1), ["first/served: again"]);
  return second;
}

/** Makes a pipe at `child` and sends both ends to the broker in one message. */
async function bothEndsFrom(child: DrivenNode): Promise<[End, End]> {
  const { from, to } = await child.network.carrier(child, child.network.broker);
  const [one, other] = await child.createPipe();
  await from.send("both", one, other);
  return await to.expect("both") as [End, End];
}

/** Carries an end from the broker to a member and back, ten times. */
async function bounce(end: End, member: DrivenNode): Promise<End> {
  const { broker } = end.node.network;
  for (let i = 0; i < 10; i++) {
    end = await end.carryTo(i % 2 === 0 ? member : broker);
  }
  return end;
}

async function sendHandlesAndLeave(network: Network, early: Early): Promise<void> {
  await sendHandles(network, early);
  await network.remove(network.members.at(-1)!);
}

/** In the order of their numbers. */
export const MAGE_SCENARIOS: readonly Scenario[] = [
  {
    name: "C6: a call to a receiver of another interface ends the pipe, and nothing else",
    everywhere: true,
    async run(network) {
      const [here, there] = await network.pipeBetween(
        network.broker,
        network.members[0]!,
      );
      await there.node.driver.serveOther(there.number, "other");
      await here.say("hello");
      assertEquals(await there.node.noted(1), ["other: BadMessageError"]);
      assertEquals(await here.closed(), "closed");
      assertEquals(await here.ask("anybody"), "closed");
    },
  },
  {
    name: "M1: the parent invites and receives; the child's calls come in order",
    everywhere: true,
    async run(network) {
      const child = await network.add();
      const [here, there] = child.invited;
      await here.serve("heard");
      await callTwice(there);
      assertEquals(await network.broker.noted(2), CALLS.map((call) => `heard: ${call}`));
      await network.remove(child);
    },
  },
  {
    name: "M2: the child invites and calls at once; the parent receives later",
    everywhere: true,
    async run(network) {
      const child = await network.add({ inviter: "child" });
      await hearsBothCalls(child.invited[0]);
      await network.remove(child);
    },
  },
  {
    name: "M3: the child invites and calls once it is accepted",
    everywhere: false,
    async run(network) {
      const child = await network.add({ inviter: "child" });
      await child.invited[0].serve("heard");
      assertEquals((await network.broker.noted(2)).length, 2);
      await callTwice(child.invited[1]);
      assertEquals(await network.broker.noted(2), CALLS.map((call) => `heard: ${call}`));
      await network.remove(child);
    },
  },
  {
    name: "M4: a receiver that is sent over the invited pipe is called afterwards",
    everywhere: false,
    run: (network) => sendHandlesAndLeave(network, "after the handles"),
  },
  {
    name: "M5: a receiver that is sent over the invited pipe was called before",
    everywhere: true,
    run: (network) => sendHandlesAndLeave(network, "before the handles"),
  },
  {
    name: "M6: a receiver that is sent over the invited pipe was called before all",
    everywhere: false,
    run: (network) => sendHandlesAndLeave(network, "before the invitation"),
  },
  {
    name: "M7: calls queued in a pipe that is queued in a pipe all arrive",
    everywhere: true,
    async run(network) {
      const { broker } = network;
      const second = await sendHandles(network, "after the handles");
      const child = network.members.at(-1)!;
      const [third, thirdServed] = await broker.createPipe();
      const [fourth, fourthServed] = await broker.createPipe();
      await third.pass(fourthServed);
      await fourth.say("deep");
      await second.pass(thirdServed);
      await (await child.passed()).serve("third");
      assertEquals(await child.noted(2), ["first/served: a pipe", "third: a pipe"]);
      await (await child.passed()).serve("fourth");
      assertEquals(await child.noted(1), ["fourth: deep"]);
      assertEquals(await fourth.ask("again"), "again");
      await network.remove(child);
    },
  },
  {
    name: "M8: a call queued at the child arrives in the pipe it was queued in",
    everywhere: true,
    async run(network) {
      const { broker, members: [child] } = network;
      const [caller, served] = await child!.createPipe();
      await caller.say("queued");
      const [here, there] = await network.pipeBetween(broker, child!);
      await here.serve("parent");
      await there.pass(served);
      await (await broker.passed()).serve("passed");
      assertEquals(await broker.noted(2), ["parent: a pipe", "passed: queued"]);
    },
  },
  {
    name: "M9: an endpoint that is received is one port more, and no port elsewhere",
    everywhere: false,
    async run(network) {
      const { broker, members: [child] } = network;
      const { from, to } = await network.carrier(child!, broker);
      await network.settle();
      const before = [await broker.driver.state(), await child!.driver.state()];
      const [kept, given] = await child!.createPipe();
      await from.send("take it", given);
      const [taken] = await to.expect("take it");
      await network.settle();
      const after = [await broker.driver.state(), await child!.driver.state()];
      assertEquals(after.map(({ open }) => open), before.map(({ open }) => open + 1));
      await kept.send("there");
      await taken!.expect("there");
    },
  },
  {
    name: "M10: a child passes the pipe it was invited with back to its inviter",
    everywhere: true,
    async run(network) {
      const child = await network.add();
      const [own, there] = child.invited;
      await own.serve("own");
      const back = await there.carryTo(network.broker);
      await back.say("to myself");
      assertEquals(await network.broker.noted(1), ["own: to myself"]);
      assertEquals(await back.ask("and again"), "and again");
      await network.settle();
      await network.remove(child);
    },
  },
  {
    name: "M11: a child passes the pipe it has invited with to its acceptor",
    everywhere: false,
    async run(network) {
      const child = await network.add({ inviter: "child" });
      const [own, there] = child.invited;
      await hearsBothCalls(own);
      const back = await there.carryTo(network.broker);
      await back.say("to myself");
      assertEquals(await network.broker.noted(1), ["heard: to myself"]);
      await network.settle();
      await network.remove(child);
    },
  },
  {
    name: "M12: a child passes both ends of a pipe to its parent",
    everywhere: true,
    async run(network) {
      const [one, other] = await bothEndsFrom(network.members[0]!);
      await other.serve("other");
      await one.say("here");
      assertEquals(await network.broker.noted(1), ["other: here"]);
    },
  },
  {
    name: "M13: an endpoint is sent through a pipe whose ends both came from a child",
    everywhere: true,
    async run(network) {
      const { broker } = network;
      const [one, other] = await bothEndsFrom(network.members[0]!);
      const [kept, moved] = await broker.createPipe();
      await other.serve("other");
      await one.pass(moved);
      await (await broker.passed()).serve("moved");
      await kept.say("through");
      assertEquals(await broker.noted(2), ["other: a pipe", "moved: through"]);
    },
  },
  {
    name: "M14: a callback is bounced between parent and child and called",
    everywhere: true,
    async run(network) {
      const [kept, bounced] = await network.broker.createPipe();
      await (await bounce(bounced, network.members[0]!)).serve("callback");
      await kept.say("done");
      assertEquals(await network.broker.noted(1), ["callback: done"]);
      await network.settle();
    },
  },
  {
    name: "M15: an endpoint is sent through a pipe whose end was bounced",
    everywhere: false,
    async run(network) {
      const { broker, members: [child] } = network;
      const [through, bounced] = await broker.createPipe();
      const [kept, passed] = await broker.createPipe();
      await (await bounce(bounced, child!)).serve("accepter");
      await through.pass(passed);
      await (await broker.passed()).serve("callback");
      await kept.say("done");
      assertEquals(await broker.noted(2), ["accepter: a pipe", "callback: done"]);
    },
  },
  {
    name: "M16: calls to a bound receiver elsewhere come one by one, intact",
    everywhere: false,
    async run(network) {
      const [here, there] = await network.pipeBetween(
        network.broker,
        network.members[0]!,
      );
      await there.serve("heard");
      await callTwice(here);
      assertEquals(await there.node.noted(2), CALLS.map((call) => `heard: ${call}`));
    },
  },
  {
    name: "M17: calls that wait for a receiver elsewhere come one by one, intact",
    everywhere: false,
    async run(network) {
      const [here, there] = await network.pipeBetween(
        network.broker,
        network.members[0]!,
      );
      await callTwice(here);
      await hearsBothCalls(there);
    },
  },
  ...(["before", "after"] as const).map((when): Scenario => ({
    name: `${
      when === "before" ? "M18" : "M19"
    }: a pipe that is passed keeps its own order, ${
      when === "before" ? "queued" : "bound"
    } and over links`,
    everywhere: false,
    async run(network) {
      const { broker, members: [child] } = network;
      const [first, firstServed] = await network.pipeBetween(broker, child!);
      const [second, secondServed] = await broker.createPipe();
      if (when === "after") await firstServed.serve("first");
      await first.pass(secondServed);
      await second.say("one");
      await first.say("two");
      await second.say("three");
      if (when === "before") await firstServed.serve("first");
      assertEquals(await child!.noted(2), ["first: a pipe", "first: two"]);
      await (await child!.passed()).serve("second");
      assertEquals(await child!.noted(2), ["second: one", "second: three"]);
    },
  })),
  {
    name: "M20: of two pipes, the one that is bound first is heard first",
    everywhere: false,
    async run(network) {
      const { broker, members: [child] } = network;
      const [first, firstServed] = await network.pipeBetween(broker, child!);
      const [second, secondServed] = await network.pipeBetween(broker, child!);
      await second.say("sent first");
      await first.say("sent second");
      await firstServed.serve("first");
      const heard = await child!.noted(1);
      await secondServed.serve("second");
      heard.push(...await child!.noted(1));
      assertEquals(heard, ["first: sent second", "second: sent first"]);
    },
  },
  {
    name: "M21: calls queued at one node run at the node that binds the receiver",
    everywhere: false,
    async run(network) {
      const { broker, members: [child] } = network;
      const [here, there] = await broker.createPipe();
      await callTwice(here);
      await hearsBothCalls(await there.carryTo(child!));
    },
  },
  {
    name:
      "M22: calls to a receiver that was closed are dropped, and fail if answers are due",
    everywhere: true,
    async run(network) {
      const [here, there] = await network.pipeBetween(
        network.broker,
        network.members[0]!,
      );
      await there.serve("heard");
      assertEquals(await here.ask("hello"), "hello");
      await there.close();
      await here.say("anybody");
      assertEquals(await here.ask("anybody"), "closed");
      assertEquals(await there.node.noted(1), ["heard: hello"]);
    },
  },
  {
    name: "M23: an endpoint that is sent to a bound receiver is bound in its turn",
    everywhere: false,
    async run(network) {
      const { broker, members: [child] } = network;
      const [here, there] = await network.pipeBetween(broker, child!);
      await there.serve("bound");
      const [kept, passed] = await broker.createPipe();
      await here.pass(passed);
      await (await child!.passed()).serve("passed");
      await kept.say("hello");
      assertEquals(await child!.noted(2), ["bound: a pipe", "passed: hello"]);
    },
  },
  {
    name:
      "M25: ten pipes at once, a hundred calls each: a thousand arrive, each in its order",
    everywhere: true,
    async run(network) {
      const { broker, members: [child] } = network;
      await Promise.all(Array.from({ length: 10 }, async (_, pipe) => {
        const [caller, served] = await broker.createPipe();
        await served.serve(`${pipe}`);
        const moved = await caller.carryTo(child!);
        await Promise.all(Array.from({ length: 100 }, (_, i) => moved.say(`${i}`)));
      }));
      const heard = await broker.noted(1000);
      for (let pipe = 0; pipe < 10; pipe++) {
        assertEquals(
          heard.filter((note) => note.startsWith(`${pipe}:`)),
          Array.from({ length: 100 }, (_, i) => `${pipe}: ${i}`),
        );
      }
    },
  },
];
