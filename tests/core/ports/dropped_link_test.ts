import { assert, assertEquals } from "@std/assert";
import { EventType } from "../../../core/wire/event.ts";
import { forged, forgedMessage, NOTHING_LEFT, Scene } from "./forgery.ts";

Deno.test("Node.accept handles nothing more of a link that was dropped within the turn", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const end = {
    old: scene.names.next(),
    first: 1,
    next: { node: scene.friend.self.name, port: scene.names.next() },
  };
  scene.victim.disconnect(scene.link, "dropped");
  const ports = scene.victim.ports.size;
  for (
    const frame of [
      forgedMessage(port.name, peer, 0, undefined, [end]),
      forgedMessage(scene.names.next(), peer, 0, undefined, [end]),
      forgedMessage(scene.calm.name, peer, 5),
      forged(EventType.Hello, port.name, peer, 0),
      // Not even what would cost the link, if there were one.
      forged(99, port.name, peer, 0),
    ]
  ) assertEquals(scene.attack(frame), null);
  assertEquals(scene.victim.staleEvents, 0);
  assertEquals(scene.victim.ports.size, ports);
  assertEquals(scene.calm.parked, null);
  assertEquals(scene.drain(scene.toFriend), []);
  assert(scene.isCalm());
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});
