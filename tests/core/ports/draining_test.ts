import { assert, assertEquals } from "@std/assert";
import { type Port, PortState } from "../../../core/ports/port.ts";
import { OPENING_CREDIT } from "../../../core/wire/event.ts";
import { Freight, FULL, upTo } from "./freight.ts";
import { assertOver } from "./traffic.ts";

const COUNT = 60;

/** Writes messages of which only the first can leave. */
function writeMany(freight: Freight, port: Port, first = 0, count = COUNT): void {
  for (let i = first; i < first + count; i++) freight.write(port, FULL, i);
}

/** The states of the ports of a node, those of its open ones left out. */
function states(freight: Freight, node: number): number[] {
  return freight.nodes[node]!.ports.all().map(({ state }) => state)
    .filter((state) => state !== PortState.Open);
}

Deno.test("Node.close lets what waits for credit arrive, and then the end", () => {
  const freight = new Freight(2), [a, b] = freight.pipe(0, 1);
  writeMany(freight, a);
  freight.close(a);
  assertEquals(states(freight, 0), [PortState.Draining]);
  freight.settle();
  // Nobody has read: some have arrived, the others wait.
  assert(b.queue!.length < COUNT);
  assert(b.prevNode !== null);
  assertEquals(states(freight, 0), [PortState.Draining]);
  assertEquals(freight.readAll(b), upTo(COUNT));
  assertOver(b, "closed");
  assertEquals(freight.nodes[0]!.ports.size, 0);
  freight.finish();
});

Deno.test("Node.close with endpoints in what waits lets them arrive too", () => {
  const freight = new Freight(3), [a, b] = freight.pipe(0, 1);
  const [c, d] = freight.pipe(0, 2);
  writeMany(freight, a, 0, 3);
  freight.write(a, 1, 3, [c]);
  freight.close(a);
  freight.settle();
  const ends: Port[] = [];
  for (let message = freight.read(b); message !== null; message = freight.read(b)) {
    ends.push(...message.ends);
    freight.settle();
  }
  assertEquals(ends.length, 1);
  assert(ends[0]!.nextPort!.equals(d.name) && d.nextPort!.equals(ends[0]!.name));
  freight.write(d, 1, 42);
  assertEquals(freight.readAll(ends[0]!), [42]);
  assertOver(b, "closed");
  freight.finish();
});

Deno.test("Node.close of both ends with messages unsent leaves no port", () => {
  for (const delivered of [false, true]) {
    const freight = new Freight(2), [a, b] = freight.pipe(0, 1);
    writeMany(freight, a);
    writeMany(freight, b);
    if (delivered) freight.settle();
    freight.close(a);
    freight.close(b);
    freight.settle();
    assertEquals(freight.nodes.map(({ ports }) => ports.size), [0, 0]);
    freight.finish();
  }
});

Deno.test("Node.close of an end with messages unsent whose reader closes leaves no port", () => {
  const freight = new Freight(3),
    [a, b] = freight.pipe(0, 1),
    [c, d] = freight.pipe(0, 2);
  writeMany(freight, a);
  freight.write(a, 1, 0, [c]);
  freight.close(a);
  freight.settle();
  freight.close(b);
  freight.settle();
  assertEquals(freight.nodes.map(({ ports }) => ports.size), [0, 0, 1]);
  assertOver(d, "closed");
  freight.finish();
});

Deno.test("Node.disconnect forgets what was closed and still has messages to send", () => {
  const freight = new Freight(3),
    [a, b] = freight.pipe(0, 1),
    [c, d] = freight.pipe(0, 2);
  writeMany(freight, a);
  freight.write(a, 1, 0, [c]);
  freight.close(a);
  freight.settle();
  freight.cut(0, 1);
  freight.settle();
  assertEquals(states(freight, 0), []);
  assertOver(b, "lost");
  assertOver(d, "closed");
  while (freight.read(b) !== null);
  freight.finish();
});

Deno.test("Node.commit moves an end with messages unsent: they arrive before what it sends from there", () => {
  const freight = new Freight(3), [a, b] = freight.pipe(0, 1);
  const [carrier, there] = freight.pipe(0, 2);
  writeMany(freight, a, 0, 20);
  freight.write(carrier, 1, 0, [a]);
  assertEquals(states(freight, 0).sort(), [PortState.Moving, PortState.Draining]);
  freight.deliver(0, 2);
  const moved = freight.read(there)!.ends[0]!;
  writeMany(freight, moved, 20, 20);
  freight.settle();
  assertEquals(freight.readAll(b), upTo(40));
  assertEquals(freight.nodes[0]!.ports.size, 1);
  assert(moved.nextPort!.equals(b.name) && b.prevPort!.equals(moved.name));
  freight.finish();
});

Deno.test("Node.commit moves an end twice with messages unsent each time", () => {
  for (const early of [false, true]) {
    const freight = new Freight(4), [a, b] = freight.pipe(0, 1);
    const [carrier, there] = freight.pipe(0, 2), [next, last] = freight.pipe(2, 3);
    writeMany(freight, a, 0, 40);
    freight.write(carrier, 1, 0, [a]);
    if (early) freight.deliver(0, 2);
    else freight.settle();
    const second = freight.read(there)!.ends[0]!;
    writeMany(freight, second, 40, 40);
    freight.write(next, 1, 0, [second]);
    if (early) freight.deliver(2, 3);
    else freight.settle();
    const third = freight.read(last)!.ends[0]!;
    writeMany(freight, third, 80, 40);
    // And what is written to it finds it.
    writeMany(freight, b, 0, 40);
    freight.settle();
    assert(b.queue!.length < 120);
    assertEquals(freight.readAll(b), upTo(120));
    assertEquals(freight.readAll(third), upTo(40));
    freight.finish();
  }
});

Deno.test("Node.commit moves both ends with messages unsent", () => {
  const freight = new Freight(4), [a, b] = freight.pipe(0, 1);
  const [to2, at2] = freight.pipe(0, 2), [to3, at3] = freight.pipe(1, 3);
  writeMany(freight, a, 0, 40);
  writeMany(freight, b, 100, 40);
  freight.write(to2, 1, 0, [a]);
  freight.write(to3, 1, 0, [b]);
  freight.settle();
  const one = freight.read(at2)!.ends[0]!, other = freight.read(at3)!.ends[0]!;
  writeMany(freight, one, 40, 10);
  writeMany(freight, other, 140, 10);
  assertEquals(freight.readAll(one), upTo(150).slice(100));
  assertEquals(freight.readAll(other), upTo(50));
  assert(one.nextPort!.equals(other.name) && other.nextPort!.equals(one.name));
  freight.finish();
});

Deno.test("Node.commit moves the reader of what is unsent: it is asked for anew on the way there", () => {
  const freight = new Freight(3), [a, b] = freight.pipe(0, 1);
  const [carrier, there] = freight.pipe(1, 2);
  writeMany(freight, a);
  freight.settle();
  const { needed } = a;
  assert(a.unsent !== null);
  freight.write(carrier, 1, 0, [b]);
  freight.settle();
  const moved = freight.read(there)!.ends[0]!;
  assertEquals(freight.readAll(moved), upTo(COUNT));
  assert(a.nextPort!.equals(moved.name));
  assert(a.needed < needed);
  freight.finish();
});

Deno.test("Node.disconnect of where an end moves to: what it had not sent arrives, then lost", () => {
  const freight = new Freight(3), [a, b] = freight.pipe(0, 1);
  const [carrier] = freight.pipe(0, 2);
  writeMany(freight, a);
  freight.write(carrier, 1, 0, [a]);
  freight.cut(0, 2);
  freight.settle();
  assertEquals(states(freight, 0), [PortState.Draining]);
  assertEquals(b.prevNode === null, false);
  assertEquals(freight.readAll(b), upTo(COUNT));
  assertOver(b, "lost");
  freight.finish();
});

Deno.test("Node.fuse lets all arrive in order that was unsent in either end", () => {
  const freight = new Freight(3), [left, p] = freight.pipe(0, 1);
  const [right, q] = freight.pipe(2, 1);
  writeMany(freight, left, 0, 30);
  writeMany(freight, right, 100, 30);
  writeMany(freight, p, 200, 30);
  writeMany(freight, q, 50, 30);
  freight.deliver(0, 1);
  assertEquals([left, right, p, q].map(({ unsent }) => unsent?.length), [29, 29, 29, 29]);
  freight.fuse(p, q);
  assertEquals(states(freight, 1).includes(PortState.Draining), true);
  writeMany(freight, left, 30, 10);
  writeMany(freight, right, 130, 10);
  freight.settle();
  assertEquals(freight.readAll(right), [...upTo(80).slice(50), ...upTo(40)]);
  assertEquals(freight.readAll(left), [
    ...upTo(230).slice(200),
    ...upTo(140).slice(100),
  ]);
  assert(left.nextPort!.equals(right.name) && right.nextPort!.equals(left.name));
  assertEquals(freight.nodes[1]!.ports.size, 0);
  freight.finish();
});

Deno.test("Node.fuse with ends whose other ends are closed lets arrive what was unsent", () => {
  const freight = new Freight(3), [left, p] = freight.pipe(0, 1);
  const [right, q] = freight.pipe(2, 1);
  writeMany(freight, left);
  freight.close(left);
  freight.settle();
  freight.fuse(p, q);
  freight.settle();
  assertEquals(freight.readAll(right), upTo(COUNT));
  assertOver(right, "closed");
  freight.finish();
});

Deno.test("Router.handle keeps what waits in a proxy that is skipped, and ends its hop behind it", () => {
  const freight = new Freight(3), [a, b] = freight.pipe(0, 1);
  const [carrier, there] = freight.pipe(1, 2);
  writeMany(freight, a, 0, 30);
  freight.settle();
  const unread = b.queue!.length;
  assert(unread * OPENING_CREDIT > 2 * OPENING_CREDIT);
  freight.write(carrier, 1, 0, [b]);
  freight.deliver(1, 2);
  const moved = freight.read(there)!.ends[0]!;
  freight.deliver(2, 1);
  // It sends on what its hop opens with, asks for more, and is skipped before that is granted.
  assertEquals(b.state, PortState.Proxy);
  assertEquals(b.queue!.length, unread - 1);
  freight.write(a, 1, 30);
  freight.deliver(1, 0);
  freight.deliver(0, 1);
  assertEquals(b.state, PortState.Gone);
  assertEquals(states(freight, 1), [PortState.Draining]);
  const tail = freight.nodes[1]!.ports.all().find(({ state }) =>
    state === PortState.Draining
  )!;
  const { terminator } = tail;
  assert(terminator !== null && typeof terminator === "object");
  assert(terminator.port.equals(a.name));
  freight.settle();
  assertEquals(freight.readAll(moved), upTo(31));
  assert(a.nextPort!.equals(moved.name) && moved.prevPort!.equals(a.name));
  assertEquals(freight.nodes[1]!.ports.size, 1);
  freight.finish();
});

for (const state of [PortState.Moving, PortState.Proxy]) {
  const name = state === PortState.Proxy ? "a proxy" : "an end that moves";
  Deno.test(`Router.handle keeps what waits in ${name} when its sender closes`, () => {
    const freight = new Freight(3), [a, b] = freight.pipe(0, 1);
    const [carrier, there] = freight.pipe(1, 2);
    writeMany(freight, a, 0, 20);
    freight.settle();
    freight.write(carrier, 1, 0, [b]);
    if (state === PortState.Proxy) {
      freight.deliver(1, 2);
      freight.deliver(2, 1);
    }
    assertEquals([b.state, b.readable], [state, true]);
    freight.close(a);
    freight.deliver(0, 1);
    assertEquals(b.state === PortState.Gone, state === PortState.Proxy);
    freight.settle();
    const moved = freight.read(there)!.ends[0]!;
    assertEquals(freight.readAll(moved), upTo(20));
    assertOver(moved, "closed");
    freight.finish();
  });
}

Deno.test("Node.disconnect drops what a proxy had not passed on to there", () => {
  const freight = new Freight(3), [a, b] = freight.pipe(0, 1);
  const [carrier, there] = freight.pipe(1, 2);
  const [c, d] = freight.pipe(0, 1);
  freight.write(a, FULL, 0);
  freight.write(a, FULL, 1, [c]);
  freight.settle();
  freight.write(carrier, 1, 0, [b]);
  freight.deliver(1, 2);
  freight.deliver(2, 1);
  assertEquals(b.state, PortState.Proxy);
  assertEquals(freight.link(1, 0).unreadBytes, OPENING_CREDIT);
  freight.cut(1, 2);
  freight.settle();
  assertEquals(freight.link(1, 0).unreadBytes, 0);
  assertOver(d, "closed");
  assertOver(a, "lost");
  const moved = freight.read(there)!.ends[0]!;
  while (freight.read(moved) !== null);
  assertOver(moved, "lost");
  freight.finish();
});

Deno.test("Node.holdsBack is true as long as something waits to leave by that link, and for that one only", () => {
  const freight = new Freight(3), [node] = freight.nodes, [a, b] = freight.pipe(0, 1);
  const there = freight.link(0, 1), elsewhere = freight.link(0, 2);
  const holdsBack = () => [node!.holdsBack(there), node!.holdsBack(elsewhere)];
  assertEquals(holdsBack(), [false, false]);
  freight.write(b, 1);
  freight.settle();
  assertEquals([a.readable, ...holdsBack()], [true, false, false]);
  freight.write(a, FULL, 0);
  assertEquals(holdsBack(), [false, false]);
  freight.write(a, FULL, 1);
  assertEquals(holdsBack(), [true, false]);
  freight.close(a);
  assertEquals(holdsBack(), [true, false]);
  assertEquals(freight.readAll(b), [0, 1]);
  assertEquals(holdsBack(), [false, false]);
  freight.finish();
});

Deno.test("Node.holdsBack is true for a moving end with messages until it is accepted and they have left", () => {
  const freight = new Freight(3), node = freight.nodes[1]!, [a, b] = freight.pipe(0, 1);
  const [carrier, there] = freight.pipe(1, 2);
  const back = freight.link(1, 0), onward = freight.link(1, 2);
  const holdsBack = () => [node.holdsBack(back), node.holdsBack(onward)];
  writeMany(freight, a, 0, 2);
  freight.settle();
  freight.write(carrier, 1, 0, [b]);
  assertEquals(holdsBack(), [false, true]);
  freight.deliver(1, 2);
  freight.deliver(2, 1);
  assertEquals(b.state, PortState.Proxy);
  assertEquals(holdsBack(), [false, true]);
  freight.settle();
  assertEquals(holdsBack(), [false, false]);
  const moved = freight.read(there)!.ends[0]!;
  assertEquals(freight.readAll(moved), [0, 1]);
  freight.finish();
});

Deno.test("Node.commit moves an end whose unsent messages all leave before it is taken in", () => {
  const freight = new Freight(3), [a, b] = freight.pipe(0, 1);
  const [carrier, there] = freight.pipe(0, 2), values: number[] = [];
  writeMany(freight, a, 0, 20);
  freight.write(carrier, 1, 0, [a]);
  while (values.length < 20) {
    freight.deliver(0, 1);
    for (let message; (message = freight.read(b)) !== null;) values.push(message.value);
    freight.deliver(1, 0);
  }
  const waiting = freight.nodes[0]!.ports.all().filter(({ readable }) => readable);
  assertEquals([values, waiting], [upTo(20), []]);
  assertEquals(states(freight, 0).sort(), [PortState.Moving, PortState.Draining]);
  freight.settle();
  const moved = freight.read(there)!.ends[0]!;
  writeMany(freight, moved, 20, 5);
  assertEquals(freight.readAll(b), [20, 21, 22, 23, 24]);
  freight.finish();
});
