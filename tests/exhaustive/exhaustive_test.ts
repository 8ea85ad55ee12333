import { assert, assertEquals } from "@std/assert";
import { Link } from "../../core/ports/link.ts";
import { Loopback } from "../../core/ports/loopback.ts";
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
  "messages wait for credit",
  "messages wait both ways",
  "closed with messages waiting",
  "the reader closes while messages wait",
  "a link lends to one at a time",
  "a link is lost while messages wait",
  "an endpoint waits, and its reader closes",
  "an end moves and is closed while messages wait",
  "the sender moves with messages waiting",
  "the reader moves to the sender while messages wait",
  "a cycle of two pipes that wait",
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

Deno.test("walk finds a message that is lent to for ever", () => {
  const world = WORLDS.find(({ name }) => name === "a link lends to one at a time")!;
  const { freed } = Link.prototype;
  // A link that does not look again: who waits for what others have used up waits for ever.
  Link.prototype.freed = () => {};
  try {
    assertEquals(walk(world).violation?.what, "a port of b holds messages back at rest");
  } finally {
    Link.prototype.freed = freed;
  }
});

Deno.test("Loopback keeps nothing of a message that was taken out", () => {
  const name = "fused within a node while messages wait";
  const world = WORLDS.find((world) => world.name === name)!;
  const { attach, take } = Loopback.prototype;
  let attached = 0, kept = 0;
  Loopback.prototype.attach = function (out, ports, source, hops) {
    if (ports.length > 0 || source !== null) {
      attached++;
      kept++;
    }
    return attach.call(this, out, ports, source, hops);
  };
  Loopback.prototype.take = function () {
    const event = take.call(this);
    if (event === null) assertEquals(kept, 0);
    else if (event.ports.length > 0 || event.source !== null) kept--;
    return event;
  };
  try {
    assertEquals(walk(world).violation, null);
    assert(attached > 0, "nothing was sent with an endpoint or from another node");
  } finally {
    Loopback.prototype.attach = attach;
    Loopback.prototype.take = take;
  }
});

Deno.test("walk comes across the same states again", () => {
  const world = WORLDS.find(({ name }) => name === "both ends close")!;
  assertEquals(walk(world), walk(world));
  assertEquals(walk(world, { maxStates: 5 }).complete, false);
});
