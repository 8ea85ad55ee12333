import { assert, assertEquals } from "@std/assert";
import type { Port } from "../../../core/ports/port.ts";
import { assertJoined, Mesh, read, send } from "./mesh.ts";

/** Who brought in whom: 0 has 1 and 4, 1 has 2 and 5, 2 has 3, 4 has 6. */
const PARENTS = [-1, 0, 1, 2, 0, 1, 4];
const COUNT = PARENTS.length;

function pairs(): [number, number][] {
  const all: [number, number][] = [];
  for (let i = 0; i < COUNT; i++) for (let j = i + 1; j < COUNT; j++) all.push([i, j]);
  return all;
}

/** Whether `below` was brought in by `above`, or by one that was. */
function isBelow(below: number, above: number): boolean {
  return below === above || (below > 0 && isBelow(PARENTS[below]!, above));
}

Deno.test("Node introduces any two of a tree to each other", () => {
  const mesh = new Mesh(COUNT, PARENTS);
  for (const [i, j] of pairs()) {
    const [one, two] = [mesh.nodes[i]!, mesh.nodes[j]!];
    const [left, right] = mesh.pipe(one, two);
    for (const n of [1, 2, 3]) {
      assert(send(one, left, [n]) && send(two, right, [n * 10]));
    }
    mesh.settle();
    assertEquals([read(right), read(left)], [[1, 2, 3], [10, 20, 30]], `${i}-${j}`);
    assertJoined(left, right);
  }
});

Deno.test("Node asks and is asked at the same time without harm", () => {
  const mesh = new Mesh(COUNT, PARENTS);
  for (const [i, j] of pairs()) {
    // Both ends leave one node at once, so that each is named to the other's new home.
    const home = mesh.nodes[(j + 1) % COUNT]!;
    if (home === mesh.nodes[i] || home === mesh.nodes[j]) continue;
    const [a, b] = mesh.pipe(home, home);
    const [left, right] = mesh.moveBoth([a, b], home, [mesh.nodes[i]!, mesh.nodes[j]!]);
    assert(send(mesh.nodes[i]!, left!, [1]) && send(mesh.nodes[j]!, right!, [2]));
    mesh.settle();
    assertEquals([read(right!), read(left!)], [[1], [2]]);
    assertJoined(left!, right!);
  }
});

Deno.test("An endpoint keeps its messages in order all the way through a tree", () => {
  const mesh = new Mesh(COUNT, PARENTS), way = [0, 4, 6, 4, 0, 1, 5, 1, 2, 3];
  const [left, first] = mesh.pipe(mesh.nodes[6]!, mesh.nodes[0]!);
  let right: Port = first, n = 0;
  for (let i = 1; i < way.length; i++) {
    send(mesh.nodes[6]!, left, [n++]);
    right = mesh.move(right, mesh.nodes[way[i - 1]!]!, mesh.nodes[way[i]!]!);
    send(mesh.nodes[6]!, left, [n++]);
  }
  mesh.settle();
  assertEquals(read(right), Array.from({ length: n }, (_, i) => i));
  assertJoined(left, right);
});

for (const [above, below] of [[0, 1], [1, 2], [2, 3], [0, 4]] as const) {
  Deno.test(`Node tells everybody when the link from ${above} to ${below} is lost, and nobody else`, () => {
    const mesh = new Mesh(COUNT, PARENTS);
    const pipes = pairs().map(([i, j]) => {
      const ends = mesh.pipe(mesh.nodes[i]!, mesh.nodes[j]!);
      send(mesh.nodes[i]!, ends[0], [i]);
      mesh.settle();
      return { i, j, ends };
    });
    mesh.cut(mesh.nodes[above]!, mesh.nodes[below]!);
    for (const { i, j, ends: [left, right] } of pipes) {
      const parted = isBelow(i, below) !== isBelow(j, below);
      const name = `${i}-${j}`;
      assertEquals(read(right), [i], name);
      assertEquals(left.prevNode === null, parted, name);
      assertEquals(right.prevNode === null, parted, name);
      if (parted) {
        assertEquals([left.reason, right.reason], ["lost", "lost"], name);
        continue;
      }
      assert(send(mesh.nodes[j]!, right, [7]), name);
      mesh.settle();
      assertEquals(read(left), [7], name);
    }
  });
}

Deno.test("Node hears of one that asks about a node that has gone", () => {
  const mesh = new Mesh(COUNT, PARENTS), [, , , , x, y] = mesh.nodes;
  // 5 holds an end whose other end is at 3; 3 goes; the end is sent to 4, which has never heard of 3.
  const [end] = mesh.pipe(y!, mesh.nodes[3]!);
  mesh.cut(mesh.nodes[2]!, mesh.nodes[3]!);
  assertEquals(end.reason, "lost");
  const moved = mesh.move(end, y!, x!);
  assertEquals([moved.nextNode, moved.prevNode, moved.reason], [null, null, "lost"]);
});
