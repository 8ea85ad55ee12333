/**
 * Scenarios of three and more nodes: endpoints that move while both sides talk, that meet again, that are
 * on their way inside each other, and nodes that die with them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { DrivenNode, End, Network } from "./network.ts";
import type { Scenario } from "./scenario.ts";

/** Numbers written in each direction while an endpoint moves. */
const A_MOVE = 200;

/** Both ends say something and hear each other. */
async function talk(one: End, other: End): Promise<void> {
  await Promise.all([one.send("here"), other.send("there")]);
  await Promise.all([one.expect("there"), other.expect("here")]);
}

/**
 * Carries `end` along `path` while the other end writes `count` numbers, and writes `A_MOVE` to that at
 * every stop. Both directions must come in order. Returns where it ends up.
 */
async function carryAlong(
  fixed: End,
  end: End,
  path: readonly DrivenNode[],
  count: number,
): Promise<End> {
  const streaming = fixed.stream(0, count);
  const collecting = fixed.collect(0, path.length * A_MOVE);
  let next = 0;
  for (const [stop, node] of path.entries()) {
    next = await end.collectSome(next);
    await end.stream(stop * A_MOVE, A_MOVE);
    end = await end.carryTo(node);
  }
  await Promise.all([streaming, collecting, end.collect(next, count - next)]);
  return end;
}

/** Moves both ends at once, each a node further in its own direction. */
async function moveBoth(network: Network, rounds: number): Promise<void> {
  const { members } = network;
  let [one, other] = await members[0]!.createPipe();
  let sent = 0, came = 0, back = 0;
  for (let round = 0; round < rounds; round++) {
    await Promise.all([one.stream(sent, 10), other.stream(sent, 10)]);
    sent += 10;
    came = await one.collectSome(came);
    back = await other.collectSome(back);
    const ways = [members[(round + 1) % 4]!, members[(9 * round + 2) % 4]!] as const;
    [one, other] = await Promise.all([one.carryTo(ways[0]), other.carryTo(ways[1])]);
  }
  await Promise.all([one.collect(came, sent - came), other.collect(back, sent - back)]);
}

/** Attaches `inner` to a message that is left unread in `outer`. */
async function enclose(outer: End, inner: End): Promise<void> {
  await outer.send("inside", inner);
}

/** All of them. */
export const ROUTE_SCENARIOS: readonly Scenario[] = [
  {
    name: "R1: an endpoint is carried along all nodes and back while both sides talk",
    everywhere: true,
    async run(network) {
      const { broker, members } = network;
      const [fixed, end] = await broker.createPipe();
      const there = [...members], back = [...members.slice(0, -1).reverse(), broker];
      const last = await carryAlong(fixed, end, [...there, ...back], 2000);
      await network.settle();
      await talk(fixed, last);
    },
  },
  {
    name: "R2: ten thousand messages keep their order while an endpoint moves on and on",
    everywhere: false,
    async run(network) {
      const { members } = network;
      const [fixed, end] = await members[0]!.createPipe();
      const path = Array.from({ length: 24 }, (_, i) => members[(i * 3 + 1) % 4]!);
      await carryAlong(fixed, end, path, 10_000);
    },
  },
  {
    name: "R3: an endpoint is bounced a hundred times with messages under way both ways",
    everywhere: true,
    async run(network) {
      const [one, other, third] = network.members as [DrivenNode, DrivenNode, DrivenNode];
      for (const watcher of [one, third, network.broker]) {
        const { from, to } = await network.carrier(one, other);
        const [fixed, ball] = await network.pipeBetween(watcher, one);
        const streaming = fixed.stream(0, 1000);
        const collecting = fixed.collect(0, 300);
        await from.send("0 0", ball);
        await Promise.all([
          one.driver.bounce(from.number, 50),
          other.driver.bounce(to.number, 50),
        ]);
        // It has been returned a hundred times, and lies in front of the second node.
        const { text, ends: [last] } = (await to.receive())!;
        const [next, written] = text.split(" ").map(Number);
        assertEquals(written, 300);
        await Promise.all([
          streaming,
          collecting,
          last!.collect(next!, 1000 - next!),
        ]);
      }
    },
  },
  {
    name: "R4: both ends meet again at a node that neither comes from, and part again",
    everywhere: true,
    async run(network) {
      const [, second, third, fourth] = network.members;
      let [one, other] = await network.pipeBetween(second!, third!);
      await one.stream(0, 20);
      [one, other] = await Promise.all([one.carryTo(fourth!), other.carryTo(fourth!)]);
      await one.stream(20, 20);
      await other.collect(0, 40);
      await talk(one, other);
      await network.settle();
      await talk(one, other);
      [one, other] = await Promise.all([one.carryTo(second!), other.carryTo(third!)]);
      await talk(one, other);
    },
  },
  {
    name: "R5: both ends move at once, again and again",
    everywhere: true,
    run: (network) => moveBoth(network, 40),
  },
  {
    name: "R6: members exchange ends with each other, and the broker has no part in it",
    everywhere: true,
    async run(network) {
      const [one, other] = network.members as [DrivenNode, DrivenNode];
      const there = await network.carrier(one, other);
      const back = await network.carrier(other, one);
      await talk(there.from, there.to);
      await network.settle();
      const direct = network.relayedEvents;
      await talk(back.from, back.to);
      const passesThrough = network.relayedEvents > direct;
      for (let i = 0; i < 20; i++) {
        const [kept, given] = await one.createPipe();
        const [otherKept, otherGiven] = await other.createPipe();
        const [got, otherGot] = await Promise.all([
          there.carry(given),
          back.carry(otherGiven),
        ]);
        await Promise.all([talk(kept, got), talk(otherKept, otherGot)]);
        await Promise.all([back.carry(got), there.carry(otherGot)]);
      }
      assertEquals(network.relayedEvents > direct, passesThrough);
      assertEquals(passesThrough, !network.direct);
    },
  },
  {
    name: "R7: an endpoint in an unread message in an unread message moves with them",
    everywhere: true,
    async run(network) {
      const { broker, members: [one, two, three, four] } = network;
      const [inmost, inmostMoved] = await one!.createPipe();
      const [middle, middleMoved] = await one!.createPipe();
      const [outer, outerMoved] = await one!.createPipe();
      await inmost.send("found");
      await enclose(middle, inmostMoved);
      await enclose(outer, middleMoved);
      // Every other end goes its own way meanwhile.
      const [inmostLeft, , arrived] = await Promise.all([
        inmost.carryTo(three!),
        middle.carryTo(four!),
        outerMoved.carryTo(two!).then((end) => end.carryTo(four!))
          .then((end) => end.carryTo(broker)).then((end) => end.carryTo(three!)),
      ]);
      const [second] = await arrived.expect("inside");
      const [third] = await (await second!.carryTo(two!)).expect("inside");
      const last = await third!.carryTo(one!);
      await last.expect("found");
      await talk(inmostLeft, last);
      await outer.close();
      assertEquals(await arrived.closed(), "closed");
    },
  },
  {
    name:
      "R8: pipes that are sent through each other from two nodes end, and leave nothing",
    everywhere: true,
    async run(network) {
      const [one, two] = network.members as [DrivenNode, DrivenNode];
      const [first, firstThere] = await network.pipeBetween(one, two);
      const [second, secondThere] = await network.pipeBetween(two, one);
      // Each end is queued in the other, where nobody can ever read it.
      await Promise.all([
        first.send("into the first", secondThere),
        second.send("into the second", firstThere),
      ]);
      assertEquals(await Promise.all([first.receive(), second.receive()]), [null, null]);
    },
  },
  {
    name: "R9: a pipe that is sent through itself by way of three nodes ends",
    everywhere: false,
    async run(network) {
      const [one, two, three] = network.members as [DrivenNode, DrivenNode, DrivenNode];
      const [a, aThere] = await network.pipeBetween(one, two);
      const [b, bThere] = await network.pipeBetween(two, three);
      const [c, cThere] = await network.pipeBetween(three, one);
      await Promise.all([
        a.send("into a", cThere),
        b.send("into b", aThere),
        c.send("into c", bThere),
      ]);
      assertEquals(await Promise.all([a, b, c].map((end) => end.receive())), [
        null,
        null,
        null,
      ]);
    },
  },
  {
    name:
      "R10: a pipe that is sent through itself within the node it was carried to ends",
    everywhere: false,
    async run(network) {
      const [one, two] = network.members as [DrivenNode, DrivenNode];
      const [first, firstThere] = await one.createPipe();
      const [second, secondThere] = await one.createPipe();
      await enclose(second, firstThere);
      const [firstMoved, secondMoved] = await Promise.all([
        first.carryTo(two),
        secondThere.carryTo(two),
      ]);
      await network.settle();
      await firstMoved.send("into what it is in", secondMoved);
      assertEquals(await Promise.all([firstMoved.receive(), second.receive()]), [
        null,
        null,
      ]);
    },
  },
  {
    name:
      "R11: an endpoint is sent through the other end of a pipe that carries its peer",
    everywhere: true,
    async run(network) {
      const [one, two, three] = network.members as [DrivenNode, DrivenNode, DrivenNode];
      const [way, wayThere] = await network.pipeBetween(one, two);
      const [kept, given] = await one.createPipe();
      // The peer follows it through the pipe, at whose end the first waits to be read.
      await way.send("first", given);
      const moved = await wayThere.carryTo(three);
      await way.send("second", kept);
      const [end] = await moved.expect("first");
      const [peer] = await moved.expect("second");
      await talk(end!, peer!);
    },
  },
  {
    name:
      "R12: a node dies with endpoints in its queues, and all who are affected learn it",
    everywhere: true,
    async run(network) {
      const { broker, members: [one, two, three] } = network;
      const victim = await network.add();
      const [held] = await network.pipeBetween(one!, victim);
      const [carrier] = await network.pipeBetween(two!, victim);
      const [inMessage, attached] = await two!.createPipe();
      const [deep, deepAttached] = await two!.createPipe();
      await inMessage.send("inside", deepAttached);
      await carrier.send("unread", attached);
      const [fromBroker, toVictim] = await network.pipeBetween(broker, victim);
      const [own, ownMoved] = await victim.createPipe();
      const [lender, there] = await network.pipeBetween(three!, victim);
      const lent = await there.carryTo(one!);
      const passed = await ownMoved.carryTo(three!);
      const [bystander, otherBystander] = await network.pipeBetween(one!, three!);
      const movedDeep = await deep.carryTo(three!);
      await toVictim.send("last words");
      await own.send("mine too");
      await network.settle();
      await network.kill(victim);
      await fromBroker.expect("last words");
      await passed.expect("mine too");
      const affected = [held, carrier, inMessage, movedDeep, fromBroker, passed];
      assertEquals(
        await Promise.all(affected.map((end) => end.closed())),
        affected.map(() => "lost"),
      );
      await talk(bystander, otherBystander);
      // One of its ends was at the victim for a while.
      await talk(lender, lent);
    },
  },
  {
    name: "R13: a node dies in the middle of everything, and nothing is left of it",
    everywhere: false,
    async run(network) {
      const { members: [one, two, three] } = network;
      const victim = await network.add();
      const pipes = await Promise.all(
        Array.from({ length: 8 }, () => network.pipeBetween(one!, victim)),
      );
      const [bystander, otherBystander] = await network.pipeBetween(one!, two!);
      const streaming = bystander.stream(0, 1000);
      const collecting = otherBystander.collect(0, 1000);
      const carriers = await Promise.all(
        [two!, three!].map((node) => network.carrier(victim, node)),
      );
      const [kept, given] = await one!.createPipe();
      const [inside, insideGiven] = await one!.createPipe();
      await kept.send("inside", insideGiven);
      const arriving = await network.carrier(one!, victim);
      // One is on its way to the victim, with another one inside.
      const underWay: Promise<unknown>[] = [arriving.from.send("arriving", given)];
      for (const [i, [here, there]] of pipes.entries()) {
        underWay.push(here.stream(0, 500));
        // Half of them are leaving it, for two others.
        if (i % 2 === 0) underWay.push(carriers[i / 2 % 2]!.from.send("moved", there));
      }
      // ORDER: listened to before the victim is gone, which some of them were asked of.
      const settled = Promise.allSettled(underWay);
      await network.kill(victim);
      await Promise.all([streaming, collecting, settled]);
      // Whoever had an end there learns it, or has a peer that got away in time.
      const ends = await Promise.all(
        pipes.filter((_, i) => i % 2 === 1).map(([here]) => here.closed()),
      );
      assertEquals(ends, ends.map(() => "lost"));
      for (const end of [kept, inside]) {
        assert(["lost", "closed"].includes(await end.closed()));
      }
    },
  },
  {
    name:
      "R14: a thousand pipes between two nodes are made, used and closed at either end",
    everywhere: false,
    async run(network) {
      const [one, two] = network.members as [DrivenNode, DrivenNode];
      const { from, to } = await network.carrier(one, two);
      const kept: End[] = [], moved: End[] = [];
      for (let i = 0; i < 1000; i += 50) {
        const pipes = await Promise.all(
          Array.from({ length: 50 }, () => one.createPipe()),
        );
        kept.push(...pipes.map(([here]) => here));
        await from.send("fifty", ...pipes.map(([, there]) => there));
        moved.push(...await to.expect("fifty"));
      }
      await Promise.all(kept.map((end, i) => end.send(`${i}`)));
      await Promise.all(moved.map((end, i) => end.expect(`${i}`)));
      await Promise.all(kept.map((end, i) => (i % 2 === 0 ? end : moved[i]!).close()));
      const left = kept.map((end, i) => i % 2 === 0 ? moved[i]! : end);
      const codes = await Promise.all(left.map((end) => end.closed()));
      assertEquals(codes.filter((code) => code !== "closed"), []);
    },
  },
];
