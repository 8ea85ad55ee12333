import { assertEquals } from "@std/assert";
import { PortState } from "../../../core/ports/port.ts";
import { EventType, PROBE_ORIGIN } from "../../../core/wire/event.ts";
import { forged, forgedAccepted, NOTHING_LEFT, Scene } from "./forgery.ts";

Deno.test("Node.accept keeps 64 probes in a port on its way and forgets more", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  // Its new holder has not answered yet.
  scene.send(scene.victim, scene.calm, new Uint8Array(1), [port]);
  assertEquals(port.state, PortState.Moving);
  for (let i = 0; i < 66; i++) {
    const probe = new Uint8Array(PROBE_ORIGIN + 16);
    probe.set(forged(EventType.Probe, port.name, peer, i));
    probe[0] = probe.length;
    scene.names.next().write(new DataView(probe.buffer), PROBE_ORIGIN);
    assertEquals(scene.attack(probe), null);
    assertEquals(port.probes?.length, Math.min(i + 1, 64));
  }
  scene.settle();
  scene.calmPeer.queue!.shift()!.ports.forEach((end) => scene.hold(end));
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Link.whenMoving tells of an Accepted from there", () => {
  const scene = new Scene(), { old } = scene.moving();
  let accepted = 0;
  scene.link.whenMoving(() => accepted++);
  scene.toFriend.whenMoving(() => accepted += 100);
  assertEquals(scene.attack(forgedAccepted(scene.names.next(), old.name)), null);
  assertEquals(accepted, 0);
  assertEquals(scene.attack(forgedAccepted(old.name, scene.names.next())), null);
  assertEquals(accepted, 1);
});

Deno.test("Node.fuse takes both ends from their holders", () => {
  const scene = new Scene(), { victim } = scene;
  const [one] = scene.pipeToFriend(), [other] = scene.pipeToFriend();
  const sink = {
    deliver: () => true,
    queued: () => {},
    ended: () => {},
    rerouted: () => {},
    left: () => {},
  };
  one.sink = other.sink = sink;
  victim.fuse(one, other);
  for (const port of [one, other]) {
    assertEquals(port.state, PortState.Proxy);
    assertEquals(port.holder, null);
    assertEquals(port.sink, null);
  }
  scene.settle();
  assertEquals(one.state, PortState.Gone);
});
