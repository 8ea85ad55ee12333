import { assertEquals } from "@std/assert";
import { assertJoined, Mesh, read, send } from "./mesh.ts";

for (
  const [name, a, b, middle] of [
    ["three nodes", 0, 2, 1],
    ["two nodes", 0, 1, 1],
    ["one node", 0, 0, 0],
    ["both ends on one node, fused on another", 0, 0, 1],
  ] as const
) {
  Deno.test(`Node.fuse joins two pipes with all that was written to them: ${name}`, () => {
    const mesh = new Mesh(3), [one, two, mid] = [a, b, middle].map((i) => mesh.nodes[i]!);
    const [left, p] = mesh.pipe(one!, mid!), [right, q] = mesh.pipe(two!, mid!);
    // Written and not read, on every stretch, in both directions.
    for (let i = 1; i <= 3; i++) send(one!, left, [i]);
    mesh.settle();
    send(mid!, p, [11]);
    send(mid!, q, [12]);
    send(two!, right, [21]);
    send(one!, left, [4]);
    assertEquals(mid!.fuseRefusal(p, q), null);
    mid!.fuse(p, q);
    send(one!, left, [5]);
    send(two!, right, [22]);
    mesh.settle();
    assertEquals(read(right), [12, 1, 2, 3, 4, 5]);
    assertEquals(read(left), [11, 21, 22]);
    assertJoined(left, right);
    assertEquals(mesh.nodes.reduce((sum, node) => sum + mesh.count(node), 0), 2);
    one!.close(left);
    mesh.settle();
    assertEquals([right.prevNode, right.reason], [null, "closed"]);
    two!.close(right);
    mesh.settle();
    assertEquals(mesh.nodes.map((node) => mesh.count(node)), [0, 0, 0]);
  });
}

Deno.test("Node.fuse passes on that an end was closed, and what it had written", () => {
  for (const late of [false, true]) {
    const mesh = new Mesh(3), [one, mid, two] = mesh.nodes;
    const [left, p] = mesh.pipe(one!, mid!), [right, q] = mesh.pipe(two!, mid!);
    send(one!, left, [1]);
    one!.close(left);
    if (!late) mesh.settle();
    mid!.fuse(q, p);
    mesh.settle();
    assertEquals(read(right), [1]);
    assertEquals([right.nextNode, right.prevNode, right.reason], [null, null, "closed"]);
    two!.close(right);
    mesh.settle();
    assertEquals(mesh.nodes.map((node) => mesh.count(node)), [0, 0, 0]);
  }
});

Deno.test("Node.fuse of ends that lead back to each other leaves nothing", () => {
  // Both ends move away and come back while proxies stand between them, and are fused.
  const mesh = new Mesh(2), [home, away] = mesh.nodes;
  const [a, b] = mesh.pipe(home!, home!);
  const a2 = mesh.move(a, home!, away!), b2 = mesh.move(b, home!, away!);
  assertJoined(a2, b2);
  const [c, d] = mesh.pipe(home!, away!);
  // A ring of two pipes: a2 - b2 and c - d, with both joints fused.
  const b3 = mesh.move(b2, away!, home!);
  home!.fuse(b3, c);
  away!.fuse(a2, d);
  mesh.settle();
  assertEquals(mesh.nodes.map((node) => mesh.count(node)), [0, 0]);
});

Deno.test("Node.fuse can be done again and again along a chain", () => {
  const mesh = new Mesh(3), [one, mid, two] = mesh.nodes;
  const [left, first] = mesh.pipe(one!, mid!);
  let end = first;
  for (let i = 0; i < 20; i++) {
    const [c, d] = mesh.pipe(i % 2 === 0 ? mid! : two!, i % 2 === 0 ? two! : mid!);
    send(one!, left, [i]);
    (i % 2 === 0 ? mid! : two!).fuse(end, c);
    end = d;
    if (i % 5 === 0) mesh.settle();
  }
  mesh.settle();
  assertEquals(read(end), Array.from({ length: 20 }, (_, i) => i));
  assertJoined(left, end);
});

Deno.test("Node.fuse while a message is encoded mixes no endpoints up", () => {
  const mesh = new Mesh(1), [node] = mesh.nodes;
  const [x, X] = mesh.pipe(node!, node!), [p, P] = mesh.pipe(node!, node!);
  const [q, Q] = mesh.pipe(node!, node!), [r] = mesh.pipe(node!, node!);
  const [s] = mesh.pipe(node!, node!);
  send(node!, p, [1], [r]);
  // As a getter among the arguments of a call may do.
  const out = node!.beginBytes(x);
  out.need(1);
  out.bytes[out.at++] = 2;
  out.handles.push(s);
  node!.fuse(P, q);
  assertEquals(node!.commit(x, out, false), true);
  mesh.settle();
  assertEquals([X.queue!.peek()!.ports, Q.queue!.peek()!.ports], [[s], [r]]);
});

Deno.test("Node.fuseRefusal names what is wrong", () => {
  const mesh = new Mesh(2), [one, two] = mesh.nodes;
  const [left, p] = mesh.pipe(one!, two!), [a, b] = mesh.pipe(two!, two!);
  assertEquals(two!.fuseRefusal(p, p), "they are the same endpoint");
  assertEquals(two!.fuseRefusal(a, b), "they are the two ends of one pipe");
  two!.close(a);
  assertEquals(two!.fuseRefusal(p, a), "one of them was closed or already sent");
  assertEquals(two!.fuseRefusal(p, b), null);
  send(two!, p, [], [b]);
  assertEquals(two!.fuseRefusal(p, b), "one of them was closed or already sent");
  one!.close(left);
});
