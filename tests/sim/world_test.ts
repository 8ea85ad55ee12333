import { assert, assertEquals, assertThrows } from "@std/assert";
import { EventType, MESSAGE_TRAILER } from "../../core/wire/event.ts";
import { forged, forgedRelayed } from "../core/ports/forgery.ts";
import { Broken } from "./broken.ts";
import { checkNode, checkRest, checkStep, countPorts } from "./invariants.ts";
import { CLOSED, type End } from "./model.ts";
import { Random } from "./random.ts";
import type { Topology } from "./topology.ts";
import { World } from "./world.ts";

function settled(topology: Topology = "mesh", nodes = 2, hostile = 0): World {
  const world = new World({ seed: 1, topology, nodes, hostile });
  rest(world);
  return world;
}

function rest(world: World): void {
  world.settle(new Random(1), 10_000);
}

/** The ends of the pipe that the first two nodes were given, by node. */
function firstPipe(world: World): [End, End] {
  return [world.heldOn(0)[0]!, world.heldOn(1)[0]!];
}

function breaks(rule: string, check: () => void): void {
  assertEquals(assertThrows(check, Broken).rule, rule);
}

Deno.test("World carries messages and ends from node to node, and nothing is left over", () => {
  const world = settled(), [here, there] = firstPipe(world);
  const [kept, given] = world.create(0, 1);
  world.send(here, [given], 100);
  world.send(given.peer, []);
  rest(world);
  checkRest(world);
  assert(world.read(there));
  assertEquals(given.place, 1);
  assert(world.read(given));
  assert(!world.read(kept));
  for (const end of world.ends) if (end.place >= 0) world.close(end);
  rest(world);
  checkRest(world);
  assertEquals(countPorts(world), 0);
});

Deno.test("World.fuse brings what was unread to the far end when the sender is closed", () => {
  const world = settled(), [one, other] = world.create(0, 1);
  const [near, far] = world.create(0, 2);
  world.send(one, []);
  world.close(one);
  world.fuse(other, near);
  checkStep(world);
  assert(world.read(far));
  rest(world);
  checkRest(world);
});

Deno.test("World.fuse tells the far end that a route was lost, not closed", () => {
  const world = settled(), [here, there] = firstPipe(world);
  const [near, far] = world.create(1, 1);
  world.killNode(0, new Random(1));
  rest(world);
  assertEquals(there.port!.reason, "lost");
  world.fuse(there, near);
  rest(world);
  checkRest(world);
  assertEquals([here.place < 0, far.port!.reason], [true, "lost"]);
});

Deno.test("World.deliver blames who sent a parked event, not who made it be handled", () => {
  const world = new World({ seed: 1, topology: "mesh", nodes: 2, hostile: 1 });
  const [here] = firstPipe(world), { lanes, nodes } = world;
  const lane = lanes.find(({ from }) => from === 1)!, [port] = nodes[1]!.ports.all();
  // It comes before the old port has told that the hostile node's is next.
  lane.wire.push(forged(EventType.Skip, here.port!.name, port!.name, 0));
  rest(world);
  world.send(here, []);
  world.write(lanes.find(({ from }) => from === 0)!);
  lane.wire.push(forged(EventType.Hello, here.port!.name, port!.name, 1));
  rest(world);
  assertEquals([...world.judged.keys()], ["skip-not-asked"]);
});

Deno.test("World.deliver blames a member below, not the broker that passes its frames on", () => {
  const world = settled("tree", 4, 1), { lanes, nodes } = world;
  const lane = lanes.find(({ from }) => from === 3)!, name = nodes[2]!.self.name;
  // The two were never introduced.
  lane.wire.push(forgedRelayed(name, forged(EventType.Hello, name, name, 0)));
  rest(world);
  assert(nodes[0]!.links().some(({ neighbor }) => world.nodeOf(neighbor.name) === 1));
  world.killNode(3, new Random(1));
  rest(world);
  checkRest(world);
});

Deno.test("checkNode finds a message that was lost", () => {
  const world = settled(), [here, there] = firstPipe(world);
  world.send(here, []);
  world.send(here, []);
  rest(world);
  there.port!.queue!.shift();
  breaks("order", () => checkNode(world, 1));
});

Deno.test("World.read finds a message whose flag changed", () => {
  const world = settled(), [here, there] = firstPipe(world);
  for (let i = 0; i < 3; i++) world.send(here, []);
  rest(world);
  const entry = there.port!.queue!.peek()!;
  Object.assign(entry, { flags: entry.flags ^ MESSAGE_TRAILER });
  breaks("flags", () => world.read(there));
});

Deno.test("checkNode finds a port that nobody has, and one that two have", () => {
  const world = settled(), [here, there] = firstPipe(world);
  const [, given] = world.create(0, 1);
  world.send(here, [given]);
  rest(world);
  const { ports } = there.port!.queue!.peek()!;
  const [port] = ports.splice(0);
  breaks("handle-lost", () => checkNode(world, 1));
  ports.push(port!, port!);
  breaks("handle-twice", () => checkNode(world, 1));
});

Deno.test("checkNode finds a link that counts what is not there", () => {
  const world = settled(), link = world.nodes[0]!.links()[0]!;
  link.pipes++;
  breaks("pipes", () => checkNode(world, 0));
  link.pipes--;
  link.unreadBytes++;
  breaks("unread-bytes", () => checkNode(world, 0));
});

Deno.test("checkNode finds an end that was cut off without a reason", () => {
  const world = settled(), [here] = firstPipe(world), port = here.port!;
  port.prevNode = port.prevPort = null;
  port.reason = "closed";
  breaks("closed-early", () => checkNode(world, 0));
  port.reason = "lost";
  breaks("cut", () => checkNode(world, 0));
});

Deno.test("checkRest finds a pipe that is half open, and one that is not direct", () => {
  const world = settled(), [here] = firstPipe(world), port = here.port!;
  const { nextPort } = port;
  port.nextPort = port.name;
  breaks("not-direct", () => checkRest(world));
  port.nextPort = nextPort;
  port.endNext();
  breaks("half-open", () => checkRest(world));
});

Deno.test("checkRest finds a message that never came", () => {
  const world = settled(), [, there] = firstPipe(world);
  there.inbox.push({ id: 9, reader: there, attached: [] });
  breaks("missing", () => checkRest(world));
});

Deno.test("checkRest finds an end that was never told that its peer is closed", () => {
  const world = settled(), [here] = firstPipe(world), [one, other] = world.create(0, 1);
  rest(world);
  world.send(here, [one]);
  rest(world);
  // In the model alone: the message it is in was for an end that is closed.
  here.peer.place = CLOSED;
  here.peer.port!.holder = null;
  breaks("handle-lost", () => checkRest(world));
  world.dead.add(1);
  assert(other.port!.prevNode !== null);
  breaks("closed-early", () => {
    here.port!.prevNode = null;
    here.inbox.push({ id: 9, reader: here, attached: [] });
    checkNode(world, 0);
  });
});

Deno.test("World.settle does not wait for ever", () => {
  const world = settled(), [here] = firstPipe(world);
  world.send(here, []);
  breaks("liveness", () => world.settle(new Random(1), 0));
});

Deno.test("World excuses a loss between nodes that are apart, and no other", () => {
  const world = settled("mesh", 3), [here] = firstPipe(world);
  const lane = (from: number, to: number) =>
    world.lanes.find((lane) => lane.from === from && lane.to === to)!;
  world.killLink(lane(0, 2), new Random(1));
  assertEquals(world.excuse(here.pipe), null);
  world.killLink(lane(1, 0), new Random(1));
  assertEquals(world.excuse(here.pipe), "0 and 1 are apart");
});
