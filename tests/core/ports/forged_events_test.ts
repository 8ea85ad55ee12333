import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { PortState } from "../../../core/ports/port.ts";
import {
  DESCRIPTOR_BYTES,
  DESCRIPTOR_HAS_NEXT,
  DESCRIPTOR_NEXT,
  EventType,
  MESSAGE_OVERHEAD_BYTES,
  NEED_CARRIES,
  OPENING_CREDIT,
  PROBE_ORIGIN,
} from "../../../core/wire/event.ts";
import {
  forged,
  type ForgedDescriptor,
  forgedMessage,
  forgedNeed,
  forgedSwitch,
  nameOf,
  Scene,
} from "./forgery.ts";

/** An endpoint whose other end is at the friend. */
function newEnd({ names, friend }: Scene): ForgedDescriptor {
  const next = { node: friend.self.name, port: names.next() };
  return { old: names.next(), first: 0, next };
}

Deno.test("Node.accept drops who makes it greet another node that does not read", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy(), { toFriend } = scene;
  const message = (seq: number) =>
    scene.attack(forgedMessage(port.name, peer, seq, undefined, [newEnd(scene)]));
  toFriend.unsentAnswerBytes = LIMITS.tiny.maxUnsentReplyBytes / 2;
  assertEquals(message(0), null);
  assertEquals(message(1), "unsent-answers-elsewhere");
});

Deno.test("Node.accept has a proxy ask to be skipped by who never says that it is there", () => {
  const scene = new Scene(), { proxy, from } = scene.proxy(), prev = scene.names.next();
  const next = { node: scene.enemy, port: prev };
  assertEquals(scene.attack(forgedSwitch(proxy.name, from, 0, next, 0)), null);
  assertEquals(scene.drain(scene.link).map(nameOf), []);
  assertEquals(scene.attack(forgedMessage(proxy.name, prev, 0)), null);
  assertEquals(scene.drain(scene.link).map(nameOf), ["Bypass"]);
});

Deno.test("Node.accept grants nothing more to who skips a proxy", () => {
  const scene = new Scene(), { proxy, from } = scene.proxy();
  assertEquals(scene.attack(forgedNeed(proxy.name, from, 0, 1 << 30)), null);
  assert(proxy.wanted > proxy.lent);
  scene.drain(scene.link);
  assertEquals(scene.attack(forged(EventType.Skip, proxy.name, from, 1)), null);
  assertEquals([proxy.state, scene.drain(scene.link)], [PortState.Gone, []]);
});

Deno.test("Node.accept drops who makes it probe another node that does not read", () => {
  const scene = new Scene(), { proxy, from } = scene.proxy();
  const probe = (seq: number) => {
    const frame = new Uint8Array(PROBE_ORIGIN + 16);
    frame.set(forged(EventType.Probe, proxy.name, from, seq));
    frame[0] = frame.length;
    scene.names.next().write(new DataView(frame.buffer), PROBE_ORIGIN);
    return scene.attack(frame);
  };
  scene.toFriend.unsentAnswerBytes = LIMITS.tiny.maxUnsentReplyBytes / 2 - 100;
  assertEquals(probe(0), null);
  assertEquals(probe(1), "unsent-answers-elsewhere");
});

Deno.test("Node.accept takes the endpoints of a message that came early in once", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const early = forgedMessage(port.name, peer, 1, undefined, [newEnd(scene)]);
  assertEquals(scene.attack(early), null);
  const [parked] = port.parked!.all(), [end] = parked!.ports;
  assertEquals(scene.link.pipes, 1);
  assertEquals(scene.attack(forgedMessage(port.name, peer, 0)), null);
  assertEquals([scene.link.pipes, port.queue!.length], [1, 2]);
  port.queue!.shift();
  assert(port.queue!.shift()!.ports[0] === end);
  assertEquals(end!.state, PortState.Open);
});

Deno.test("Node.accept passes on what waited for a way that was full, each time it is", () => {
  const scene = new Scene(), { proxy, from, end } = scene.proxy(), { toFriend } = scene;
  for (const seq of [0, 1, 2]) {
    toFriend.unsentForwardBytes = LIMITS.tiny.maxUnreadBytes + 1;
    assertEquals(scene.attack(forgedMessage(proxy.name, from, seq)), null);
    assertEquals([proxy.queue!.length, end.queue?.length ?? 0], [1, seq]);
    // Something leaves, and what was in the way with it.
    assert(scene.isCalm());
    assertEquals([proxy.queue!.length, end.queue!.length], [0, seq + 1]);
  }
});

Deno.test("Node.takeOver has told the other end of an endpoint, when that is here, as it returns", () => {
  const scene = new Scene(), { victim, link } = scene, { port } = scene.pipeToEnemy();
  const old = scene.names.next(), view = new DataView(new ArrayBuffer(DESCRIPTOR_BYTES));
  old.write(view, 0);
  victim.self.name.write(view, DESCRIPTOR_NEXT);
  port.name.write(view, DESCRIPTOR_NEXT + 16);
  view.setUint32(DESCRIPTOR_HAS_NEXT, 1, true);
  victim.takeOver(link, view, 0);
  assertEquals(port.parked!.all().map(({ type }) => type), [EventType.Hello]);
});

Deno.test("Node.accept ends a route at once whose sender parks more than may be", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const { maxUnreadBytes, maxPipes } = LIMITS.tiny;
  assertEquals(scene.attack(forgedMessage(port.name, peer, 1)), null);
  scene.link.parkedBytes += maxUnreadBytes + maxPipes * OPENING_CREDIT;
  assert(port.prevNode !== null);
  assertEquals(scene.attack(forgedMessage(port.name, peer, 2)), null);
  assertEquals([port.prevNode, port.reason, port.parked], [null, "lost", null]);
});

Deno.test("Node.accept closes a ring of proxies as soon as a probe has come around", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const [other] = scene.pipeToFriend();
  scene.victim.fuse(port, other);
  const probe = new Uint8Array(PROBE_ORIGIN + 16);
  probe.set(forged(EventType.Probe, port.name, peer, 0));
  probe[0] = probe.length;
  port.name.write(new DataView(probe.buffer), PROBE_ORIGIN);
  assertEquals([port.state, scene.attack(probe)], [PortState.Proxy, null]);
  assertEquals(port.state, PortState.Gone);
});

Deno.test("Node.accept closes the endpoints of a message that breaks a rule when its turn comes", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const long = new Uint8Array(OPENING_CREDIT);
  const early = forgedMessage(port.name, peer, 1, long, [newEnd(scene)]);
  assertEquals(scene.attack(early), null);
  const [parked] = port.parked!.all(), [end] = parked!.ports;
  assertEquals(end!.state, PortState.Open);
  const turn = forged(EventType.Hello, port.name, peer, 0);
  assertEquals(scene.attack(turn), "credit-overdrawn");
  assertEquals([end!.state, scene.link.pipes], [PortState.Gone, 0]);
});

Deno.test("Node.accept has a proxy say that endpoints wait before it, once it hears of them", () => {
  const scene = new Scene(), { proxy, from } = scene.proxy(), { toFriend } = scene;
  const needs = () =>
    scene.drain(toFriend).filter(([, , , , type]) => type === EventType.Need)
      .map((frame) => frame[5]);
  const full = new Uint8Array(OPENING_CREDIT - MESSAGE_OVERHEAD_BYTES);
  assertEquals(scene.attack(forgedMessage(proxy.name, from, 0, full)), null);
  assertEquals(scene.attack(forgedMessage(proxy.name, from, 1)), null);
  assertEquals([proxy.queue!.length, needs()], [1, [0]]);
  const need = forgedNeed(proxy.name, from, 2, 1 << 30, NEED_CARRIES);
  assertEquals(scene.attack(need), null);
  assertEquals([proxy.queue!.length, needs()], [1, [NEED_CARRIES]]);
});
