import { assert, assertEquals } from "@std/assert";
import { Node } from "../../core/ports/node.ts";
import { walk } from "./walk.ts";
import { WORLDS } from "./worlds.ts";

/** Those that are walked in a moment. The others are for `deno task exhaust`. */
const SOON = [
  "messages both ways, a close",
  "a pipe on one node moves, in use",
  "both ends move",
  "an end moves with unread messages",
  "an end moves and is closed unread",
  "a move crosses the close of its carrier",
  "a lost link",
  "a cycle of two pipes",
  "a pipe sent through itself",
  "an end moves to a third node, in use",
  "the receiver dies",
  "the new link is lost",
  "fused with its own other end",
  "fused into a ring",
];

for (const name of SOON) {
  const world = WORLDS.find((world) => world.name === name)!;
  Deno.test(`walk finds that ${name}, in every order, breaks no promise`, () => {
    const { violation, complete, states, ends } = walk(world);
    assertEquals(violation, null);
    assert(complete);
    assert(states > 30 && ends > 0, `only ${states} states`);
  });
}

Deno.test("walk finds what breaks a promise, and leaves out what has no part in it", () => {
  const world = WORLDS.find(({ name }) => name === "messages both ways, a close")!;
  const { close } = Node.prototype;
  // A node that forgets to tell: the other end waits for ever.
  Node.prototype.close = function (port) {
    port.endNext();
    close.call(this, port);
  };
  try {
    const { violation } = walk(world);
    assertEquals(violation?.what, "a port listens to nobody at rest");
    assertEquals(violation?.way.includes("close a"), true);
  } finally {
    Node.prototype.close = close;
  }
});

Deno.test("walk comes across the same states again", () => {
  const world = WORLDS.find(({ name }) => name === "both ends close")!;
  assertEquals(walk(world), walk(world));
  assertEquals(walk(world, { maxStates: 5 }).complete, false);
});
