import { assert, assertEquals, assertGreater, assertNotEquals } from "@std/assert";
import { Name } from "../../../core/names.ts";
import { PortState } from "../../../core/ports/port.ts";
import { EventType, FROM } from "../../../core/wire/event.ts";
import { forged, forgedMessage, forgedSwitch, nameOf, Scene } from "./forgery.ts";
import { assertJoined, read } from "./mesh.ts";
import { assertOver, Traffic } from "./traffic.ts";

const { Hello } = EventType;

Deno.test("Node pitfall P1: a port is named as successor and asked only once it has spoken", () => {
  const t = new Traffic(4), [p, end] = t.pipe(0, 1), [toTwo, atTwo] = t.pipe(0, 2);
  const [toThree, atThree] = t.pipe(1, 3);
  t.send(toThree, 0, end);
  t.send(toTwo, 0, p);
  // The end is on its way and p's new port does not exist: nobody may be sent there.
  assert(!t.waiting(0, 1).includes("Switch"));
  t.deliver(0, 2, "Message");
  t.deliver(2, 0, "Accepted");
  t.deliver(0, 1, "Switch");
  t.deliver(1, 3, "Message");
  t.deliver(3, 1, "Accepted");
  assertEquals([end.state, end.confirmed], [PortState.Proxy, false]);
  assert(!t.waiting(1, 2).includes("Bypass"), "it asks a port it has not heard of");
  t.deliver(2, 1, "Hello");
  assert(t.waiting(1, 2).includes("Bypass"));
  t.settle();
  assertJoined(t.take(atTwo), t.take(atThree));
  t.finish();
});

Deno.test("Node pitfall P3: two adjacent proxies are never skipped at once", () => {
  const t = new Traffic(4), [x, y] = t.pipe(0, 1), [toTwo, atTwo] = t.pipe(1, 2);
  const [toThree, atThree] = t.pipe(2, 3);
  t.send(toTwo, 0, y);
  t.deliver(1, 2);
  const z = t.take(atTwo);
  t.deliver(2, 1, "Accepted");
  t.send(toThree, 0, z);
  t.deliver(2, 3);
  const end = t.take(atThree);
  t.deliver(3, 2, "Accepted");
  assertEquals([y.state, z.state], [PortState.Proxy, PortState.Proxy]);
  // Both ask the port before them, and neither has an answer.
  assert(t.waiting(1, 0).includes("Bypass"));
  t.send(x, 1);
  t.deliver(2, 1, "Bypass");
  assertEquals(y.nextPort, z.name);
  assert(!t.waiting(1, 2).includes("Skip"), "a proxy let itself be redirected");
  t.deliver(1, 0);
  t.send(x, 2);
  t.settle();
  t.send(x, 3);
  t.settle();
  assertEquals([y.state, z.state], [PortState.Gone, PortState.Gone]);
  assertJoined(x, end);
  assertEquals(read(end), [1, 2, 3]);
  t.finish();
});

Deno.test("Node pitfall P4: an end that hears of the other's end answers, for the proxies before that", () => {
  const t = new Traffic(3), [x, proxy] = t.pipe(0, 1), [carrier, there] = t.pipe(1, 2);
  t.send(carrier, 0, proxy);
  t.deliver(1, 2);
  t.close(t.take(there));
  t.deliver(2, 1);
  // The proxy asks to be skipped, but the end of the route comes first.
  t.deliver(1, 0, "Switch");
  t.deliver(2, 0);
  assertOver(x, "closed");
  assert(!t.send(x, 1));
  t.deliver(1, 0, "Bypass");
  assertEquals(proxy.state, PortState.Proxy);
  t.settle();
  assertEquals(proxy.state, PortState.Gone);
  t.finish();
});

Deno.test("Node pitfall P5: nobody closes a port by passing its name off as that of an endpoint", () => {
  const scene = new Scene(), { victim, friend, names, calm, calmPeer } = scene;
  const { port, peer } = scene.pipeToEnemy();
  // These two never leave their node.
  const [one, two] = victim.createPipe();
  for (const end of [one, two]) scene.hold(end);
  const here = { node: victim.self.name, port: two.name };
  const there = { node: friend.self.name, port: calmPeer.name };
  const stolen = [
    { old: one.name, first: 0, next: here },
    { old: calm.name, first: 0, next: there },
  ];
  // Refused, as nobody is there; and taken, and closed by who gets them.
  const refused = forgedMessage(names.next(), names.next(), 0, undefined, stolen);
  assertEquals(scene.attack(refused), null);
  assertEquals(scene.attack(forgedMessage(port.name, peer, 0, undefined, stolen)), null);
  for (const end of port.queue!.shift()!.ports) {
    assertNotEquals(end.name, one.name);
    victim.close(scene.hold(end));
  }
  for (const frame of scene.drain(scene.toFriend)) {
    const from = Name.read(new DataView(frame.buffer), FROM);
    assertNotEquals(from, calm.name, `${nameOf(frame)} in the name of another port`);
  }
  assertEquals([one.prevPort, two.prevPort], [two.name, one.name]);
  scene.send(victim, one, new Uint8Array([7]));
  assertEquals(two.queue?.length, 1);
  assert(scene.isCalm());
});

Deno.test("Node pitfall P6: an endpoint that is refused twice leaves under a new name each time", () => {
  const scene = new Scene(), { friend, names, calmPeer } = scene;
  const next = { node: friend.self.name, port: calmPeer.name };
  const end = { old: names.next(), first: 0, next };
  const replayed = forgedMessage(names.next(), names.next(), 0, undefined, [end]);
  for (let i = 0; i < 2; i++) assertEquals(scene.attack(replayed), null);
  // The friend is told twice. That is no reason to think ill of the victim.
  scene.settle();
  const events = calmPeer.parked!.takeFrom(calmPeer.prevNode!);
  assertEquals(events.map(({ seq }) => seq), [0, 0]);
  assert(scene.isCalm());
});

Deno.test("Node pitfall P7: a port that was only named, and never heard of, dies with who named it", () => {
  const scene = new Scene(), { victim, friend, names } = scene;
  const [silent, heard] = [scene.pipeToEnemy(), scene.pipeToEnemy()];
  const { proxy, from, end } = scene.proxy();
  const address = () => ({ node: friend.self.name, port: names.next() });
  const real = address();
  for (
    const frame of [
      forgedSwitch(silent.port.name, silent.peer, 0, address(), 0),
      forgedSwitch(proxy.name, from, 0, address(), 0),
      forgedSwitch(heard.port.name, heard.peer, 0, real, 0),
    ]
  ) assertEquals(scene.attack(frame), null);
  assertEquals(
    scene.attack(forged(Hello, heard.port.name, real.port, 0), scene.toFriend),
    null,
  );
  scene.settle();
  for (const port of [silent.port, proxy, heard.port]) {
    assertEquals(port.prevNode?.name, friend.self.name);
  }
  victim.disconnect(scene.link, "it exited");
  scene.settle();
  assertOver(silent.port, "lost");
  assertEquals(proxy.state, PortState.Gone);
  assertOver(end, "lost");
  assertEquals(heard.port.prevPort, real.port);
  assert(scene.isCalm());
});

Deno.test("Node pitfall P8: a hop is read in the order it was written, whichever way its events took", () => {
  const t = new Traffic(2), [x, y] = t.pipe(0, 1);
  for (const value of [1, 2, 3]) t.send(x, value);
  t.close(x);
  t.reverse(0, 1);
  t.deliver(0, 1, "Message");
  assert(!y.readable && y.prevNode !== null);
  t.settle();
  assertEquals(read(y), [1, 2, 3]);
  assertOver(y, "closed");
  t.finish();
});

Deno.test("Node pitfall P13: a ring of proxies without an end finds out and goes", () => {
  const t = new Traffic(2), [a, b] = t.pipe(0, 0), [carrier, there] = t.pipe(0, 1);
  t.send(carrier, 0, a);
  t.send(carrier, 0, b);
  t.deliver(0, 1);
  const [c, d] = [t.take(there), t.take(there)];
  // Each leads to the port that the other has left: nobody knows that the two are one pipe.
  assertEquals([c.nextPort, d.nextPort], [b.name, a.name]);
  t.fuse(c, d);
  t.settle();
  for (const port of [a, b, c, d]) assertEquals(port.state, PortState.Gone);
  t.finish();
});

Deno.test("Node pitfall P14: a number below the expected one is not held against its sender", () => {
  const scene = new Scene(), { friend, names, toFriend } = scene;
  const { port, peer } = scene.pipeToEnemy();
  const honest = { node: friend.self.name, port: names.next() };
  // Some of what the friend's port has to say is there before the lie, some comes after it.
  const says = (seq: number) => forgedMessage(port.name, honest.port, seq);
  assertEquals(scene.attack(says(0), toFriend), null);
  assertEquals(scene.attack(forgedSwitch(port.name, peer, 0, honest, 1000)), null);
  assertEquals([port.inSeq, port.parked], [1000, null]);
  for (const seq of [0, 1, 2]) assertEquals(scene.attack(says(seq), toFriend), null);
  assertEquals(scene.victim.staleEvents, 4);
  assertEquals([port.queue, port.parked], [null, null]);
  assert(scene.isCalm());
});

Deno.test("Node pitfall P15: two ends that wait inside each other are closed, and the others told", () => {
  const t = new Traffic(2), [a, b] = t.pipe(0, 0), [c, d] = t.pipe(0, 0);
  const [outside, inside] = t.pipe(1, 0);
  t.send(d, 1, b);
  // Whatever else is in the messages goes too.
  t.send(a, 2, c, inside);
  for (const port of [a, d]) assertOver(port, "closed");
  for (const port of [b, c, inside]) assertEquals(port.state, PortState.Gone);
  t.settle();
  assertOver(outside, "closed");
  t.finish();
});

Deno.test("Node pitfall P16: two ends that follow each other from node to node come to an end", () => {
  const t = new Traffic(2), [a, b] = t.pipe(0, 1), [c, d] = t.pipe(0, 1);
  t.send(d, 1, b);
  t.send(a, 2, c);
  const names = t.settle();
  assertGreater(names.filter((name) => name === "Message").length, 32);
  for (const { nextNode, prevNode } of [a, d]) {
    assertEquals([nextNode, prevNode], [null, null]);
  }
  assertEquals(t.nodes.map(({ ports }) => ports.size), [1, 1]);
  t.finish();
});

for (const parked of [false, true]) {
  const why = parked ? "waits for its turn at a port that is closed" : "comes to nobody";
  Deno.test(`Node pitfall P17: an endpoint in a message that ${why} is refused`, () => {
    const t = new Traffic(4), [p, end] = t.pipe(0, 1), [carrier, there] = t.pipe(0, 2);
    const [x, y] = t.pipe(2, 3);
    // The end at node 1 listens to node 0 until it is told of the move.
    t.send(carrier, 0, p);
    t.deliver(0, 2);
    const moved = t.take(there);
    if (!parked) t.settle();
    t.send(moved, 1, x);
    if (parked) t.deliver(2, 1);
    assertEquals(end.parked !== null, parked);
    assertEquals(x.state, PortState.Moving);
    t.close(end);
    t.settle();
    assertEquals(x.state, PortState.Gone);
    assertOver(y, "closed");
    t.finish();
  });
}

for (const why of ["closed", "lost"] as const) {
  Deno.test(`Node pitfall P19: an endpoint moves with what is unread although its peer is ${why}`, () => {
    const t = new Traffic(3), [x, y] = t.pipe(0, 1), [carrier, there] = t.pipe(0, 2);
    for (const value of [1, 2]) t.send(y, value);
    if (why === "closed") t.close(y);
    t.settle();
    t.send(carrier, 0, x);
    // There is no port that a Switch could go to.
    if (why === "lost") t.cut(0, 1);
    assertEquals([x.state, x.nextNode], [PortState.Moving, null]);
    t.settle();
    const moved = t.take(there);
    assertEquals(read(moved), [1, 2]);
    assertOver(moved, why);
    t.finish();
  });
}
