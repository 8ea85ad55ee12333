import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { Name } from "../../../core/names.ts";
import type { Node } from "../../../core/ports/node.ts";
import type { Port } from "../../../core/ports/port.ts";
import { PortState } from "../../../core/ports/port.ts";
import {
  CLOSED_LOST,
  DESCRIPTOR_BYTES,
  EventType,
  FROM,
  TO,
} from "../../../core/wire/event.ts";
import {
  forged,
  forgedAccepted,
  forgedBypass,
  forgedGrant,
  forgedMessage,
  forgedSwitch,
  nameOf,
  NOTHING_LEFT,
  Scene,
} from "./forgery.ts";
import { assertJoined, Mesh, read, send } from "./mesh.ts";

/** Two networks, a broker and a member each, whose brokers are linked and isolated from each other. */
function twoNetworks() {
  const mesh = new Mesh(4, [null, 0, null, 2], [[0, 2]]);
  const [here, near, there, far] = mesh.nodes as [Node, Node, Node, Node];
  return { mesh, here, near, there, far };
}

/** Asserts that what is written to either end is read at the other, in order. */
function assertTalks(mesh: Mesh, one: [Node, Port], two: [Node, Port]): void {
  for (const [[from, a], [, b]] of [[one, two], [two, one]] as const) {
    for (const i of [1, 2, 3]) send(from, a, [i]);
    mesh.settle();
    assertEquals(read(b), [1, 2, 3]);
  }
}

/** Asserts that nobody knows anybody but those it was linked to at the start. */
function assertStrangers({ here, near, there, far }: ReturnType<typeof twoNetworks>) {
  const known = (node: Node) => node.links().map(({ neighbor }) => neighbor.key).sort();
  const keys = (...nodes: Node[]) => nodes.map(({ self }) => self.key).sort();
  assertEquals(known(here), keys(near, there));
  assertEquals(known(there), keys(far, here));
  assertEquals(known(near), keys(here));
  assertEquals(known(far), keys(there));
}

Deno.test("Router leaves one proxy a direction at the border, and none once both ends are on one side", () => {
  const world = twoNetworks(), { mesh, here, near, there, far } = world;
  const [kept, given] = mesh.pipe(near, here);
  for (const i of [7, 8, 9]) send(near, kept, [i]);
  mesh.settle();
  send(here, given, [5]);
  // With what is unread in it, and while more comes.
  let end = mesh.move(given, here, there);
  send(near, kept, [10]);
  mesh.settle();
  assertEquals([read(end), read(kept)], [[7, 8, 9, 10], [5]]);
  assertTalks(mesh, [near, kept], [there, end]);
  assertEquals(mesh.nodes.map((node) => mesh.count(node)), [2, 1, 1, 0]);
  assertStrangers(world);

  end = mesh.move(end, there, far);
  assertTalks(mesh, [near, kept], [far, end]);
  assertEquals(mesh.nodes.map((node) => mesh.count(node)), [2, 1, 2, 1]);
  assertStrangers(world);

  end = mesh.move(mesh.move(end, far, there), there, here);
  assertTalks(mesh, [near, kept], [here, end]);
  assertJoined(kept, end);
  assertEquals(mesh.nodes.map((node) => mesh.count(node)), [1, 1, 0, 0]);
  assertStrangers(world);
});

Deno.test("Router joins two ends directly that are both behind the border", () => {
  const world = twoNetworks(), { mesh, here, near, there, far } = world;
  const [kept, given] = mesh.pipe(near, here);
  const end = mesh.move(mesh.move(given, here, there), there, far);
  send(near, kept, [1]);
  const other = mesh.move(mesh.move(kept, near, here), here, there);
  send(far, end, [2]);
  mesh.settle();
  assertEquals([read(end), read(other)], [[1], [2]]);
  assertTalks(mesh, [there, other], [far, end]);
  assertJoined(other, end);
  assertEquals(mesh.nodes.map((node) => mesh.count(node)), [0, 0, 1, 1]);
  assertStrangers(world);
});

Deno.test("Router passes endpoints on in messages that cross the border", () => {
  const world = twoNetworks(), { mesh, here, near, there, far } = world;
  const [kept, given] = mesh.pipe(near, here);
  const end = mesh.move(mesh.move(given, here, there), there, far);
  // One whose other end stays, and one that was between the two members of a network.
  const [a, b] = mesh.pipe(near, near), [c, d] = mesh.pipe(here, near);
  send(near, kept, [1], [b, d]);
  mesh.settle();
  const [b2, d2] = far.take(end)!.ports as [Port, Port];
  for (const port of [b2, d2]) port.holder = port;
  assertTalks(mesh, [near, a], [far, b2]);
  assertTalks(mesh, [here, c], [far, d2]);
  assertStrangers(world);
  for (const [node, port] of [[near, a], [here, c], [far, end]] as const) {
    node.close(port);
  }
  mesh.settle();
  assertEquals([b2.reason, d2.reason, kept.reason], ["closed", "closed", "closed"]);
  for (const [node, port] of [[far, b2], [far, d2], [near, kept]] as const) {
    node.close(port);
  }
  mesh.settle();
  assertEquals(mesh.nodes.map((node) => mesh.count(node)), [0, 0, 0, 0]);
  for (const node of mesh.nodes) {
    for (const link of node.links()) {
      // Those that people hold to send endpoints on were received too.
      assertEquals(link.borders, 0);
    }
  }
});

Deno.test("Node.fuse joins a pipe on one side of the border with one on the other", () => {
  const world = twoNetworks(), { mesh, here, near, there, far } = world;
  const [left, p] = mesh.pipe(near, here), [right, q0] = mesh.pipe(far, there);
  const q = mesh.move(q0, there, here);
  send(near, left, [1]);
  send(far, right, [2]);
  here.fuse(p, q);
  mesh.settle();
  assertEquals([read(left), read(right)], [[2], [1]]);
  assertTalks(mesh, [near, left], [far, right]);
  assertStrangers(world);
  near.close(left);
  mesh.settle();
  far.close(right);
  mesh.settle();
  assertEquals(mesh.nodes.map((node) => mesh.count(node)), [0, 0, 0, 0]);
});

Deno.test("Node.fuse of ends that lead back to each other across the border leaves nothing", () => {
  const { mesh, here, near, there, far } = twoNetworks();
  const [a, b0] = mesh.pipe(near, here), [c, d0] = mesh.pipe(near, here);
  const b = mesh.move(mesh.move(b0, here, there), there, far);
  const d = mesh.move(mesh.move(d0, here, there), there, far);
  near.fuse(a, c);
  far.fuse(b, d);
  mesh.settle();
  assertEquals(mesh.nodes.map((node) => mesh.count(node)), [0, 0, 0, 0]);
});

Deno.test("Node.disconnect of an isolated link loses the routes over it on both sides, and nothing else", () => {
  const world = twoNetworks(), { mesh, here, near, there, far } = world;
  const [kept, given] = mesh.pipe(near, here);
  const end = mesh.move(mesh.move(given, here, there), there, far);
  const [one, two] = mesh.pipe(near, here), [three, four] = mesh.pipe(far, there);
  send(near, kept, [1]);
  mesh.settle();
  mesh.cut(here, there);
  assertEquals([kept.prevNode, kept.reason], [null, "lost"]);
  assertEquals([end.prevNode, end.reason], [null, "lost"]);
  assertEquals(read(end), [1], "what has arrived stays readable");
  assertTalks(mesh, [near, one], [here, two]);
  assertTalks(mesh, [far, three], [there, four]);
  near.close(kept);
  far.close(end);
  mesh.settle();
  // The two ends are left of each of the two pipes that send endpoints between the brokers.
  assertEquals(mesh.nodes.map((node) => mesh.count(node)), [1, 1, 1, 1]);
});

Deno.test("Neighbors.resolve believes an isolated neighbor about nobody else", () => {
  const scene = new Scene(LIMITS.tiny, { isolated: true }), { victim, friend } = scene;
  const other = { node: friend.self.name, port: scene.calmPeer.name };
  const unknown = { node: scene.names.next(), port: scene.names.next() };
  for (const address of [other, unknown]) {
    const { port, peer } = scene.pipeToEnemy();
    const end = { old: scene.names.next(), first: 0, next: address };
    const message = forgedMessage(port.name, peer, 0, undefined, [end]);
    assertEquals(scene.attack(message), null);
    const [named] = victim.take(port)!.ports;
    scene.hold(named!);
    assertEquals(named!.nextNode, null, "the other end of an endpoint");
    assertEquals(scene.attack(forgedSwitch(port.name, peer, 1, address, 0)), null);
    assertEquals([port.prevNode, port.reason], [null, "lost"]);
    const { port: port2, peer: peer2 } = scene.pipeToEnemy();
    assertEquals(scene.attack(forgedBypass(port2.name, peer2, address)), null);
    assertEquals(port2.nextNode, null, "whom to send to instead");
    for (const held of [port, named!, port2]) victim.close(held);
    assert(scene.isCalm(), "the friend is spared");
    assertNotEquals(scene.link.neighbor.link, null, "it costs no link");
    // Nobody is asked, or hears of it.
    assertEquals(victim.links().length, 2);
    assertEquals(scene.drain(scene.toFriend).length, 0);
  }
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

/** The friend's end of a pipe with the isolated enemy, and the name of the enemy's. */
function acrossBorder(scene: Scene): { end: Port; peer: Name; border: Port } {
  const { victim, friend } = scene, { port, peer } = scene.pipeToEnemy();
  scene.send(victim, scene.calm, new Uint8Array(1), [port]);
  scene.settle();
  const end = scene.hold(friend.take(scene.calmPeer)!.ports[0]!);
  scene.drain(scene.link);
  return { end, peer, border: port };
}

Deno.test("Router turns a Skip away that a proxy on the border cannot have asked for", () => {
  const scene = new Scene(LIMITS.tiny, { isolated: true });
  const { end, peer, border } = acrossBorder(scene);
  assertEquals([border.state, border.asked], [PortState.Proxy, false]);
  assertEquals(
    scene.attack(forged(EventType.Skip, border.name, peer, 0)),
    "skip-not-asked",
  );
  scene.drop();
  assertEquals([end.prevNode, end.reason], [null, "lost"]);
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Router lets a proxy on the border go that an isolated neighbor sends to a third node", () => {
  const scene = new Scene(LIMITS.tiny, { isolated: true }), { victim, friend } = scene;
  const { end, peer } = acrossBorder(scene), proxy = victim.ports.get(end.nextPort!)!;
  assertEquals(proxy.state, PortState.Proxy);
  const other = { node: friend.self.name, port: scene.calmPeer.name };
  assertEquals(scene.attack(forgedBypass(proxy.name, peer, other)), null);
  assertEquals(scene.drain(scene.link).map(nameOf), ["Skip"]);
  assertEquals([proxy.state, victim.ports.get(proxy.name)], [PortState.Gone, null]);
  assert(scene.isCalm());
  scene.drop();
  assertEquals([end.prevNode, end.reason], [null, "lost"]);
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Router ends a route whose proxies on the border an isolated neighbor never lets go", () => {
  const scene = new Scene(LIMITS.tiny, { isolated: true }), { friend } = scene;
  const { end } = acrossBorder(scene), { maxPipes } = LIMITS.tiny;
  let lost = false, sent = 0, most = 0;
  for (; !lost && sent < 2 * maxPipes; sent++) {
    const [one, two] = friend.createPipe().map((port) => scene.hold(port));
    scene.send(friend, end, new Uint8Array(1), [two!]);
    friend.close(one!);
    scene.settle();
    for (const frame of scene.drain(scene.link)) {
      const view = new DataView(frame.buffer);
      if (nameOf(frame) === "Message") {
        // Taken, and never closed again.
        const old = Name.read(view, frame.length - DESCRIPTOR_BYTES);
        const [to, from] = [Name.read(view, FROM), Name.read(view, TO)];
        assertEquals(scene.attack(forgedAccepted(old, scene.names.next())), null);
        assertEquals(scene.attack(forgedGrant(to, from, 1 << 20)), null);
      }
      lost ||= nameOf(frame) === "Closed" && frame[5] === CLOSED_LOST;
    }
    scene.settle();
    most = Math.max(most, scene.link.borders);
  }
  assertEquals(most, maxPipes);
  assert(lost && sent > maxPipes / 2, `${sent} were passed on`);
  assertNotEquals(scene.toFriend.neighbor.link, null, "who sent them did nothing wrong");
  assert(scene.isCalm());
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
  assertEquals(scene.link.borders, 0);
});
