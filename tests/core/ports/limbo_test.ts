import { assert, assertEquals } from "@std/assert";
import { PortState } from "../../../core/ports/port.ts";
import { forgedBypass, Scene } from "./forgery.ts";
import { assertJoined } from "./mesh.ts";

/**
 * An endpoint that an honest node sends into a pipe, whose other end, a hostile one, has it sent to a
 * third node, to a port that was never meant to listen there.
 */
function limbo() {
  const scene = new Scene(), { victim, friend, calmPeer } = scene;
  const { port, peer } = scene.pipeToEnemy();
  const elsewhere = { node: friend.self.name, port: calmPeer.name };
  assertEquals(scene.attack(forgedBypass(port.name, peer, elsewhere)), null);
  const [kept, sent] = victim.createPipe();
  for (const end of [kept, sent]) scene.hold(end);
  scene.send(victim, port, new Uint8Array([7]), [sent]);
  scene.settle();
  const parked = calmPeer.parked!.all().filter(({ count }) => count > 0);
  assertEquals(parked.length, 1);
  return { ...scene, scene, port, kept, sent, arrived: parked[0]!.ports[0]! };
}

Deno.test("An endpoint in a message that waits to be listened to has arrived", () => {
  const { scene, kept, sent, arrived, calm, calmPeer } = limbo();
  // No port of it waits for anything, wherever its message lies.
  assertEquals([sent.state, arrived.state], [PortState.Gone, PortState.Open]);
  assertJoined(kept, arrived);
  assertEquals(scene.fromFriend.pipes, 2);
  assertEquals(calmPeer.queue, null);
  assertJoined(calm, calmPeer);
  assert(scene.isCalm());
});

Deno.test("An endpoint that nobody will ever read is closed when the route it was sent on is lost", () => {
  const { scene, kept, arrived, calm, calmPeer } = limbo();
  scene.drop();
  scene.settle();
  assertEquals([arrived.state, kept.prevNode, kept.reason], [
    PortState.Gone,
    null,
    "closed",
  ]);
  assertEquals([scene.fromFriend.pipes, scene.fromFriend.parkedBytes], [1, 0]);
  assertJoined(calm, calmPeer);
  assert(scene.isCalm());
});

Deno.test("An endpoint that nobody will ever read is closed with the port that it waits at", () => {
  const { scene, kept, arrived, friend, calmPeer } = limbo();
  friend.close(calmPeer);
  scene.settle();
  assertEquals([arrived.state, kept.prevNode], [PortState.Gone, null]);
  assertEquals([scene.fromFriend.pipes, scene.fromFriend.parkedBytes], [0, 0]);
});
