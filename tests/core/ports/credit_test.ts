import { assert, assertEquals } from "@std/assert";
import { LIMITS, type Limits } from "../../../core/limits.ts";
import type { Link } from "../../../core/ports/link.ts";
import type { Port } from "../../../core/ports/port.ts";
import {
  EventType,
  FORWARD_HEAD_BYTES,
  FROM,
  GRANT_TOTAL,
  MESSAGE_OVERHEAD_BYTES,
  NEED_CARRIES,
  NEED_TOTAL,
  NOBODY_READS,
  OPENING_CREDIT,
  readSeq,
  TO,
} from "../../../core/wire/event.ts";
import { Name } from "../../../core/names.ts";
import {
  forged,
  forgedGrant,
  forgedMessage,
  forgedNeed,
  forgedSwitch,
  nameOf,
  NOTHING_LEFT,
  Scene,
} from "./forgery.ts";
import { Random } from "../../sim/random.ts";
import { Freight, FULL, upTo } from "./freight.ts";
import { assertOver } from "./traffic.ts";

const { tiny, child } = LIMITS;
/** What one port lends at most as long as its neighbor may leave a tiny amount unread. */
const WINDOW = tiny.maxUnreadBytes / 8;
/** The longest payload in a tiny frame, and what it costs at most. */
const LARGEST = tiny.maxFrameBytes - FORWARD_HEAD_BYTES;
const FRAME_COST = tiny.maxFrameBytes + MESSAGE_OVERHEAD_BYTES;

/** A hostile sender on a hop of its own to a port of the victim. It knows what it was lent. */
class Sender {
  readonly scene: Scene;
  readonly port: Port;
  readonly peer: Name;
  spent = 0;
  seq = 0;

  constructor(scene: Scene, { port, peer } = scene.pipeToEnemy()) {
    this.scene = scene;
    this.port = port;
    this.peer = peer;
  }

  /** Sends a message of so many bytes. Returns the rule it breaks. */
  send(bytes: number): string | null {
    this.spent += bytes + MESSAGE_OVERHEAD_BYTES;
    const { port, peer, seq } = this;
    this.seq++;
    return this.scene.attack(forgedMessage(port.name, peer, seq, new Uint8Array(bytes)));
  }

  /** Says that it needs so much in all. */
  need(total: number, flags = 0): void {
    const { port, peer, seq } = this;
    this.seq++;
    const frame = forgedNeed(port.name, peer, seq, total, flags);
    assertEquals(this.scene.attack(frame), null);
  }

  /** Sends a message as an honest sender does: false when it has to wait. */
  sendIfLent(bytes: number, flags = 0): boolean {
    const total = this.spent + bytes + MESSAGE_OVERHEAD_BYTES;
    if (total > this.port.lent) this.need(total, flags);
    if (total > this.port.lent) return false;
    assertEquals(this.send(bytes), null);
    return true;
  }

  /** Sends messages of so many bytes until one has to wait. Returns how many there were. */
  fill(bytes: number): number {
    for (let count = 0;; count++) {
      if (!this.sendIfLent(bytes)) return count;
    }
  }
}

/** What a Grant or a Need says. */
interface Told {
  readonly to: string;
  readonly from: string;
  readonly total: number;
}

/** The events of that type among what the victim writes on a link. */
function told(scene: Scene, type: number, link: Link = scene.link): Told[] {
  const at = type === EventType.Grant ? GRANT_TOTAL : NEED_TOTAL;
  return scene.drain(link).filter((frame) => frame[4] === type).map((frame) => {
    const view = new DataView(frame.buffer);
    const [to, from] = [TO, FROM].map((at) => Name.read(view, at).toString());
    return { to: to!, from: from!, total: readSeq(view, at) };
  });
}

/** What the link to the hostile node has unread or lent beyond what hops open with. */
function used({ link }: Scene): number {
  return link.unreadBytes + link.lent;
}

/** Closes what is left, and checks that nothing is charged to anybody, before and after the link goes. */
function finish(scene: Scene): void {
  const { victim, friend, link, toFriend, fromFriend } = scene;
  assert(scene.isCalm());
  if (link.neighbor.link === link) {
    for (const port of victim.ports.all()) if (port !== scene.calm) victim.close(port);
    scene.settle();
    for (const port of friend.ports.all()) {
      if (port !== scene.calmPeer) friend.close(port);
    }
    scene.settle();
    const waiting = victim.ports.all().some(({ prevNode }) => prevNode === link.neighbor);
    if (!waiting) assertEquals([link.lent, link.hungry.size], [0, 0]);
  }
  scene.drop();
  assert(scene.isCalm());
  assertEquals(scene.leftovers(), NOTHING_LEFT);
  assertEquals([link.parkedBytes, link.heldReplyBytes], [0, 0]);
  victim.close(scene.calm);
  friend.close(scene.calmPeer);
  scene.settle();
  assertEquals([victim.ports.size, friend.ports.size], [0, 0]);
  for (const { lent, parkedBytes, heldReplyBytes, hungry } of [toFriend, fromFriend]) {
    assertEquals([lent, parkedBytes, heldReplyBytes, hungry.size], [0, 0, 0, 0]);
  }
}

// -------------------------------------------------------------------- what a sender does

Deno.test("Node.commit sends what a hop opens with, to the byte, and not one byte more", () => {
  const freight = new Freight(2),
    [a, b] = freight.pipe(0, 1),
    [c, d] = freight.pipe(0, 1);
  const [e, f] = freight.pipe(0, 1);
  freight.write(a, FULL);
  freight.write(c, FULL + 1);
  assertEquals(freight.waiting(0, 1), ["Message", "Need"]);
  assertEquals([a.unsent, c.unsent?.length], [null, 1]);
  // The two sides count the same: one more byte would be hostile.
  freight.write(e, 1000);
  freight.write(e, FULL - 1000 - MESSAGE_OVERHEAD_BYTES);
  assertEquals([e.spent, e.unsent], [OPENING_CREDIT, null]);
  freight.deliver(0, 1);
  assertEquals([b, d, f].map((port) => port.queue?.length ?? 0), [1, 0, 2]);
  for (const port of [b, d, f]) freight.readAll(port);
  freight.finish();
});

Deno.test("Node.commit has a message wait that is not covered, until the Grant that it asks for", () => {
  const freight = new Freight(2), [a, b] = freight.pipe(0, 1);
  const total = 60_000 + MESSAGE_OVERHEAD_BYTES;
  assertEquals(freight.write(a, 60_000, 7), true);
  assertEquals(freight.waiting(0, 1), ["Need"]);
  assertEquals([a.needed, a.carries, a.spent], [total, false, 0]);
  freight.deliver(0, 1);
  assertEquals(freight.waiting(1, 0), ["Grant"]);
  assertEquals([b.lent, b.room], [total, total]);
  freight.deliver(1, 0);
  assertEquals([a.granted, a.spent, a.unsent], [total, total, null]);
  assertEquals(freight.waiting(0, 1), ["Message"]);
  freight.settle();
  assertEquals(freight.read(b), { value: 7, bytes: 60_000, ends: [] });
  freight.finish();
});

Deno.test("Node.commit asks once for what waits first, and says when endpoints wait behind it", () => {
  const freight = new Freight(2),
    [a, b] = freight.pipe(0, 1),
    [c, d] = freight.pipe(0, 0);
  for (let i = 0; i < 5; i++) freight.write(a, FULL, i);
  assertEquals(freight.waiting(0, 1), ["Message", "Need"]);
  assertEquals([a.needed, a.carries], [2 * OPENING_CREDIT, false]);
  freight.write(a, 1, 5, [c]);
  assertEquals(freight.waiting(0, 1), ["Message", "Need", "Need"]);
  assertEquals([a.needed, a.carries], [2 * OPENING_CREDIT, true]);
  freight.write(a, 1, 6);
  assertEquals(freight.waiting(0, 1), ["Message", "Need", "Need"]);
  freight.settle();
  assertEquals(freight.readAll(b), upTo(7));
  freight.close(d);
  freight.finish();
});

Deno.test("Node.commit keeps the order of messages and of their endpoints when some wait", () => {
  const freight = new Freight(3), [a, b] = freight.pipe(0, 1);
  const pipes = upTo(4).map(() => freight.pipe(0, 2));
  const sizes = [1, 50_000, 1, 30_000, 4000, 1];
  for (const [i, bytes] of sizes.entries()) {
    freight.write(a, bytes, i, i < 4 ? [pipes[i]![0]] : []);
  }
  // The small one that is last must not overtake.
  assertEquals(freight.waiting(0, 1), ["Message", "Need"]);
  assertEquals(a.unsent?.length, 5);
  freight.settle();
  for (const [i, bytes] of sizes.entries()) {
    const message = freight.read(b)!;
    assertEquals([message.value, message.bytes], [i, bytes]);
    assertEquals(message.ends.length, i < 4 ? 1 : 0);
    if (i >= 4) continue;
    freight.write(message.ends[0]!, 1, 100 + i);
    freight.settle();
    assertEquals(freight.read(pipes[i]![1])?.value, 100 + i);
  }
  freight.finish();
});

for (
  const how of ["reader closes", "link is lost", "sender closes and then the reader"]
) {
  Deno.test(`Node.commit's endpoints in what waits are closed when the route ends: ${how}`, () => {
    const freight = new Freight(3), [a, b] = freight.pipe(0, 1);
    const [c, d] = freight.pipe(0, 2), [e, f] = freight.pipe(0, 0);
    freight.write(a, FULL);
    freight.write(a, FULL, 0, [c, e]);
    assertEquals(a.unsent?.length, 1);
    if (how.startsWith("sender")) freight.close(a);
    if (how.startsWith("link")) freight.cut(0, 1);
    else freight.close(b);
    freight.settle();
    if (!how.startsWith("sender")) {
      assertOver(a, how.startsWith("link") ? "lost" : "closed");
      assertEquals(a.unsent, null);
      assertEquals(freight.write(a, 1), false);
    }
    assertOver(d, "closed");
    assertOver(f, "closed");
    if (how.startsWith("link")) freight.readAll(b);
    freight.finish();
  });
}

Deno.test("Link.repliesPileUp counts replies that wait for credit", () => {
  const freight = new Freight(2), [a, b] = freight.pipe(0, 1), link = freight.link(0, 1);
  const many = tiny.maxUnsentReplyBytes / OPENING_CREDIT;
  let relieved = 0;
  freight.write(a, FULL, 0, [], true);
  assertEquals([link.unsentReplyBytes > FULL, link.heldReplyBytes], [true, 0]);
  for (let i = 1; i <= many; i++) {
    freight.write(a, FULL, i, [], true);
    assertEquals(link.heldReplyBytes, i * OPENING_CREDIT);
  }
  freight.waiting(0, 1); // Written are those that were not held.
  assertEquals([link.unsentReplyBytes, link.repliesPileUp], [0, false]);
  freight.write(a, FULL, 0, [], true);
  assertEquals(link.repliesPileUp, true);
  link.whenRelieved(() => relieved++);
  freight.settle();
  freight.read(b);
  assertEquals(freight.readAll(b).length, many + 1);
  assertEquals([link.heldReplyBytes, link.unsentReplyBytes], [0, 0]);
  assertEquals([link.repliesPileUp, relieved], [false, 1]);
  freight.finish();
});

Deno.test("Link.unsentReplyBytes counts a reply once its credit has come", () => {
  const freight = new Freight(2), [a, b] = freight.pipe(0, 1), link = freight.link(0, 1);
  freight.write(a, FULL + 1, 0, [], true);
  freight.deliver(0, 1);
  assertEquals([link.unsentReplyBytes, link.heldReplyBytes], [0, OPENING_CREDIT + 1]);
  freight.deliver(1, 0);
  assertEquals([link.unsentReplyBytes, link.heldReplyBytes], [FULL + 1, 0]);
  freight.deliver(0, 1);
  assertEquals(link.unsentReplyBytes, 0);
  assertEquals(freight.readAll(b), [0]);
  freight.finish();
});

Deno.test("Link.repliesPileUp counts replies no more whose reader is gone", () => {
  const freight = new Freight(2), [a, b] = freight.pipe(0, 1), link = freight.link(0, 1);
  const many = tiny.maxUnsentReplyBytes / OPENING_CREDIT + 2;
  let relieved = 0;
  for (let i = 0; i <= many; i++) freight.write(a, FULL, i, [], true);
  freight.waiting(0, 1);
  assertEquals(link.repliesPileUp, true);
  link.whenRelieved(() => relieved++);
  freight.close(b);
  freight.deliver(1, 0);
  assertEquals([link.heldReplyBytes, link.repliesPileUp, relieved], [0, false, 1]);
  assertOver(a, "closed");
  freight.finish();
});

Deno.test("Router.handle takes a Grant only if it is more than before and from the port ahead", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const [kept] = scene.pipeToFriend();
  for (let i = 0; i < 4; i++) scene.send(scene.victim, port, new Uint8Array(FULL));
  const sent = () => scene.drain(scene.link).map(nameOf);
  assertEquals(sent(), ["Message", "Need"]);
  const nothing = (frame: Uint8Array<ArrayBuffer>, link = scene.link) => {
    assertEquals(scene.attack(frame, link), null);
    assertEquals([sent(), port.unsent?.length], [[], 3]);
  };
  const more = 2 * OPENING_CREDIT;
  nothing(forgedGrant(port.name, peer, 0)); // Lower.
  nothing(forgedGrant(port.name, peer, OPENING_CREDIT)); // As before.
  nothing(forgedGrant(port.name, scene.names.next(), more)); // From another port.
  nothing(forgedGrant(port.name, peer, more), scene.toFriend); // From another node.
  nothing(forgedGrant(scene.names.next(), peer, more)); // For nobody.
  nothing(forgedGrant(kept.name, scene.calmPeer.name, more)); // For somebody else's.
  assertEquals([port.granted, kept.granted], [OPENING_CREDIT, OPENING_CREDIT]);
  assertEquals(scene.attack(forgedGrant(port.name, peer, more - 1)), null);
  assertEquals(sent(), []); // Not for the whole message; and it was asked for already.
  assertEquals(scene.attack(forgedGrant(port.name, peer, more)), null);
  assertEquals([sent(), port.unsent?.length], [["Message", "Need"], 2]);
  for (const total of [more, more - 1, OPENING_CREDIT]) {
    assertEquals(scene.attack(forgedGrant(port.name, peer, total)), null);
    assertEquals([sent(), port.unsent?.length, port.granted], [[], 2, more]);
  }
  finish(scene);
});

Deno.test("Router.handle sends all that waits when it is granted a huge total, and counts on", () => {
  for (const total of [2 ** 32, NOBODY_READS - 1]) {
    const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
    for (let i = 0; i < 40; i++) scene.send(scene.victim, port, new Uint8Array(FULL));
    assertEquals(scene.attack(forgedGrant(port.name, peer, total)), null);
    const names = scene.drain(scene.link).map(nameOf);
    assertEquals(names.filter((name) => name === "Message").length, 40);
    assertEquals([port.granted, port.unsent], [total, null]);
    scene.send(scene.victim, port, new Uint8Array(FULL));
    assertEquals(scene.drain(scene.link).map(nameOf), ["Message"]);
    finish(scene);
  }
});

Deno.test("Router.handle drops what waits when it is told that nobody reads", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const [one, two] = scene.victim.createPipe().map((end) => scene.hold(end));
  scene.send(scene.victim, port, new Uint8Array(FULL));
  scene.send(scene.victim, port, new Uint8Array(FULL), [one!]);
  scene.drain(scene.link);
  assertEquals(scene.attack(forgedGrant(port.name, peer, NOBODY_READS)), null);
  assertEquals([port.unsent, scene.drain(scene.link)], [null, []]);
  assertOver(two!, "closed");
  finish(scene);
});

Deno.test("Node.commit sends nothing more on a hop of which it was told that nobody reads it", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  scene.drain(scene.link);
  assertEquals(scene.attack(forgedGrant(port.name, peer, NOBODY_READS)), null);
  const [one, two] = scene.victim.createPipe().map((end) => scene.hold(end));
  for (let i = 0; i < 50; i++) scene.send(scene.victim, port, new Uint8Array(FULL));
  scene.send(scene.victim, port, new Uint8Array(1), [one!]);
  // Were it sent, a node that was told wrongly which number comes first would take it for too much.
  assertEquals([port.unsent, scene.drain(scene.link).length], [null, 0]);
  assertOver(two!, "closed");
  assertEquals(scene.attack(forgedGrant(port.name, peer, NOBODY_READS - 1)), null);
  scene.send(scene.victim, port, new Uint8Array(1));
  assertEquals(scene.drain(scene.link).length, 0);
  finish(scene);
});

Deno.test("Node.accept ends a route that opens hop after hop unread, and no link", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const { maxUnreadBytes, maxPipes } = LIMITS.tiny;
  let prev = peer;
  for (let i = 0, seq = 0; i < 2000; i++, seq = 0) {
    const full = forgedMessage(port.name, prev, seq, new Uint8Array(FULL));
    assertEquals(scene.attack(full), null);
    const next = { node: scene.enemy, port: scene.names.next() };
    assertEquals(scene.attack(forgedSwitch(port.name, prev, seq + 1, next, 0)), null);
    prev = next.port;
  }
  assert(scene.link.unreadBytes <= maxUnreadBytes + maxPipes * OPENING_CREDIT);
  assert(scene.link.unreadBytes > maxUnreadBytes);
  assertEquals([port.prevNode, port.reason], [null, "lost"]);
  // What had come can be read.
  assertEquals(port.queue!.cost, scene.link.unreadBytes);
  finish(scene);
});

// -------------------------------------------------------------------- what a receiver lends

Deno.test("lend lends a window from the first messages on", () => {
  const freight = new Freight(2), [a, b] = freight.pipe(0, 1);
  const count = Math.floor(WINDOW / (100 + MESSAGE_OVERHEAD_BYTES));
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    freight.write(a, 100);
    assertEquals(a.unsent, null);
    names.push(...freight.settle());
    if (i === 2) assertEquals(a.granted, OPENING_CREDIT);
    if (i === 3) assertEquals(a.granted, WINDOW);
  }
  // Nobody has asked, and one Grant was enough.
  assertEquals(names.filter((name) => name === "Grant").length, 1);
  assertEquals(names.filter((name) => name === "Need").length, 0);
  freight.write(a, 100);
  assertEquals([a.unsent?.length, freight.waiting(0, 1)], [1, ["Need"]]);
  freight.settle();
  assertEquals(a.unsent?.length, 1);
  assertEquals(freight.readAll(b).length, count + 1);
  freight.finish();
});

Deno.test("lend lends nothing to a pipe that is hardly used", () => {
  const freight = new Freight(2), [a, b] = freight.pipe(0, 1);
  for (let i = 0; i < 3; i++) freight.write(a, 100, i);
  freight.settle();
  assertEquals(freight.link(1, 0).lent, -b.queue!.cost);
  assertEquals(b.lent, OPENING_CREDIT);
  assertEquals(freight.readAll(b), upTo(3));
  assertEquals(b.lent, OPENING_CREDIT);
  freight.finish();
});

Deno.test("lend tells in each Grant what was lent in all, on the hop it is for", () => {
  const scene = new Scene(), one = new Sender(scene), other = new Sender(scene);
  assertEquals(one.send(FULL), null);
  other.need(20_000);
  assertEquals(told(scene, EventType.Grant), [
    { to: one.peer.toString(), from: one.port.name.toString(), total: WINDOW },
    { to: other.peer.toString(), from: other.port.name.toString(), total: 20_000 },
  ]);
  assertEquals([one.port.lent, other.port.lent], [WINDOW, 20_000]);
  assertEquals([one.port.room, other.port.room], [WINDOW - OPENING_CREDIT, 20_000]);
  assertEquals(
    scene.link.lent,
    WINDOW - 2 * OPENING_CREDIT + 20_000 - OPENING_CREDIT,
  );
  finish(scene);
});

Deno.test("lend gives no more than a window to a pipe that nobody reads", () => {
  const scene = new Scene(), sender = new Sender(scene);
  sender.fill(FULL);
  assertEquals(sender.spent, WINDOW);
  assertEquals([sender.port.lent, sender.port.room], [WINDOW, 0]);
  assertEquals(used(scene), WINDOW - OPENING_CREDIT);
  const { window } = sender.port;
  // Asking again changes nothing, whatever for.
  for (const flags of [0, NEED_CARRIES]) sender.need(WINDOW + 1000, flags);
  sender.need(NOBODY_READS);
  assertEquals([sender.port.lent, sender.port.window], [WINDOW, window]);
  // Each message that is read makes room for one.
  scene.victim.take(sender.port);
  assertEquals(sender.port.unsent, null);
  finish(scene);
});

Deno.test("noteNeed lets a window grow up to its share as long as the reader keeps up", () => {
  const scene = new Scene(child), sender = new Sender(scene), { port } = sender;
  const most = child.maxUnreadBytes / 8, grown: number[] = [], bytes = 65_536;
  assertEquals(port.window, 256 * 1024);
  for (let i = 0; i < 6; i++) {
    const before = port.window;
    sender.need(port.lent + bytes);
    assertEquals(port.window, Math.min(2 * before, most));
    // What is lent is used, and read at once: nothing waits any more.
    for (let sent = 0; sent < port.window; sent += bytes) {
      assertEquals(sender.send(bytes), null);
      assert(scene.victim.take(port) !== null);
    }
    grown.push(port.window);
    assert(port.room > port.window / 2 - bytes, `${port.room} of ${port.window} bytes`);
  }
  assertEquals(grown, [512, 1024, 2048, 4096, 4096, 4096].map((kib) => kib * 1024));
  finish(scene);
});

Deno.test("noteNeed does not let the window of a pipe grow that nobody reads", () => {
  const scene = new Scene(child), sender = new Sender(scene), { port } = sender;
  const before = port.window;
  sender.fill(8192);
  const { window, lent } = port;
  // The first Need may have come when little was unread.
  assert(window <= 2 * before);
  assert(lent <= window);
  for (let i = 0; i < 100; i++) sender.need(lent + 8192 + i);
  assertEquals([port.window, port.lent], [window, lent]);
  // Once it is read, it does.
  while (scene.victim.take(port) !== null);
  sender.need(port.lent + 8192);
  assertEquals(port.window, 2 * window);
  finish(scene);
});

Deno.test("lend keeps half of what a neighbor may leave unread for those who ask", () => {
  const scene = new Scene(), half = tiny.maxUnreadBytes / 2;
  const ahead = upTo(20).map(() => new Sender(scene));
  for (const sender of ahead) assertEquals(sender.send(FULL), null);
  const last = ahead.at(-1)!;
  assert(used(scene) <= half + ahead.length * OPENING_CREDIT, `${used(scene)} bytes`);
  assert(scene.link.lent + ahead.length * OPENING_CREDIT > half / 2);
  assertEquals([last.port.lent, last.port.room], [OPENING_CREDIT, 0]);
  // Whoever asks gets it, up to all there is.
  const before = used(scene);
  let asked = 0;
  for (; scene.link.hungry.size === 0; asked++) {
    assert(asked < 100);
    const sender = new Sender(scene);
    sender.need(OPENING_CREDIT + 60_000);
    const hungry = scene.link.hungry.size > 0;
    assertEquals(sender.port.lent, OPENING_CREDIT + (hungry ? 0 : 60_000));
  }
  assertEquals(used(scene), before + (asked - 1) * 60_000);
  assert(used(scene) > half);
  assert(used(scene) <= tiny.maxUnreadBytes);
  assert(used(scene) + 60_000 > tiny.maxUnreadBytes);
  finish(scene);
});

Deno.test("Link.freed has hungry ports lent to once something is read", () => {
  const scene = new Scene(), { victim, link } = scene, fed: Sender[] = [];
  for (;;) {
    const sender = new Sender(scene);
    if (!sender.sendIfLent(60_000)) {
      assertEquals([...link.hungry.keys()], [sender.port]);
      // Another one that is hungry gets its turn after it.
      const other = new Sender(scene);
      other.need(60_000 + MESSAGE_OVERHEAD_BYTES);
      assertEquals(link.hungry.size, 2);
      told(scene, EventType.Grant);
      victim.take(fed[0]!.port);
      assertEquals([...link.hungry.keys()], [other.port]);
      const [grant] = told(scene, EventType.Grant);
      assertEquals(grant?.to, sender.peer.toString());
      assertEquals(sender.port.lent, 60_000 + MESSAGE_OVERHEAD_BYTES);
      // Closing what is unread makes room like reading it.
      victim.close(fed[1]!.port);
      assertEquals(link.hungry.size, 0);
      assertEquals(other.port.lent, 60_000 + MESSAGE_OVERHEAD_BYTES);
      break;
    }
    fed.push(sender);
  }
  finish(scene);
});

Deno.test("Link.freed has hungry ports lent to when a sink takes a message at once", () => {
  const scene = new Scene(), { link } = scene, taking = new Sender(scene);
  taking.port.sink = {
    deliver: () => true,
    queued: () => {},
    ended: () => {},
    rerouted: () => {},
    left: () => {},
  };
  taking.need(60_000);
  let hungry = new Sender(scene);
  for (; hungry.sendIfLent(FRAME_COST / 2); hungry = new Sender(scene));
  assertEquals([...link.hungry.keys()], [hungry.port]);
  assertEquals(hungry.port.lent, OPENING_CREDIT);
  // What it used up of the credit is not unread: it is free.
  assertEquals(taking.send(59_000), null);
  assertEquals([link.hungry.size, taking.port.queue], [0, null]);
  assertEquals(hungry.port.lent, FRAME_COST / 2 + MESSAGE_OVERHEAD_BYTES);
  finish(scene);
});

Deno.test("Link.hungry forgets a port that is closed or told to listen elsewhere", () => {
  const scene = new Scene(), { link } = scene;
  for (; new Sender(scene).sendIfLent(60_000););
  const [first] = link.hungry.keys();
  const [one, two] = [new Sender(scene), new Sender(scene)];
  for (const sender of [one, two]) sender.need(60_000);
  assertEquals([...link.hungry.keys()], [first, one.port, two.port]);
  scene.victim.close(one.port);
  assertEquals([...link.hungry.keys()], [first, two.port]);
  const prev = { node: scene.enemy, port: scene.names.next() };
  scene.attack(forgedSwitch(two.port.name, two.peer, two.seq, prev, 0));
  assertEquals([...link.hungry.keys()], [first]);
  finish(scene);
});

Deno.test("Node.take of another pipe goes on when nobody reads one", () => {
  const freight = new Freight(2);
  const stuck = upTo(3).map(() => freight.pipe(0, 1)), [a, b] = freight.pipe(0, 1);
  for (const [sender] of stuck) {
    for (let i = 0; i < 100; i++) freight.write(sender, FULL, i);
  }
  freight.settle();
  for (const [sender, reader] of stuck) {
    assertEquals(reader.queue!.cost, WINDOW);
    assertEquals(sender.unsent!.length, 100 - WINDOW / OPENING_CREDIT);
  }
  for (let i = 0; i < 250; i++) freight.write(a, 20_000, i);
  assertEquals(freight.readAll(b), upTo(250));
  for (const [, reader] of stuck) assertEquals(freight.readAll(reader), upTo(100));
  freight.finish();
});

for (const maxUnreadBytes of [tiny.maxUnreadBytes, tiny.maxFrameBytes]) {
  const limits: Limits = { ...tiny, maxUnreadBytes };
  Deno.test(`lend lets a message of the largest frame through when all lent ahead lies idle: ${maxUnreadBytes} bytes`, () => {
    const scene = new Scene(limits), idle = upTo(40).map(() => new Sender(scene));
    for (const { port, send } of idle.map((each) => ({ port: each.port, send: each }))) {
      assertEquals(send.send(FULL), null);
      scene.victim.take(port);
    }
    // All that is not used is lent, and nobody has anything to send.
    const { link } = scene;
    assertEquals(link.unreadBytes, 0);
    assert(link.lent > maxUnreadBytes / 4, `only ${link.lent} bytes are lent`);
    assert(link.lent <= maxUnreadBytes / 2, `${link.lent} bytes are lent`);
    const sender = new Sender(scene);
    assertEquals(sender.sendIfLent(LARGEST), true);
    assertEquals(sender.port.queue!.length, 1);
    // And the next one once that is read.
    assert(scene.victim.take(sender.port) !== null);
    assertEquals(sender.sendIfLent(LARGEST), true);
    finish(scene);
  });
}

Deno.test("lend gives one frame at most for a Need of a huge total", () => {
  for (const total of [2 ** 32, NOBODY_READS - 1, NOBODY_READS]) {
    const scene = new Scene(), sender = new Sender(scene);
    // However often it is said: what was lent and not used counts.
    for (let i = 0; i < 20; i++) sender.need(total);
    assertEquals([sender.port.lent, sender.port.room], [FRAME_COST, FRAME_COST]);
    assertEquals(scene.link.lent, FRAME_COST - OPENING_CREDIT);
    finish(scene);
  }
});

Deno.test("lend lends to an end in an unread message for endpoints, and not for bytes", () => {
  for (const flags of [0, NEED_CARRIES]) {
    const scene = new Scene(), carrier = new Sender(scene), old = scene.names.next();
    const next = { node: scene.enemy, port: old };
    const frame = forgedMessage(carrier.port.name, carrier.peer, 0, new Uint8Array(1), [
      { old, first: 0, next },
    ]);
    assertEquals(scene.attack(frame), null);
    const [port] = carrier.port.queue!.peek()!.ports;
    const sender = new Sender(scene, { port: port!, peer: old });
    for (; sender.sendIfLent(FULL););
    const { lent } = sender.port;
    assertEquals(lent, WINDOW);
    sender.need(lent + OPENING_CREDIT, flags);
    const covered = lent + (flags === NEED_CARRIES ? OPENING_CREDIT : 0);
    assertEquals(sender.port.lent, covered);
    // Whoever takes it out reads it: from then on it is like any other.
    scene.hold(scene.victim.take(carrier.port)!.ports[0]!);
    sender.need(covered + OPENING_CREDIT, flags);
    assertEquals(sender.port.lent, covered);
    finish(scene);
  }
});

Deno.test("Router.handle answers a Need to a port that is gone, or never was, in the same way", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  scene.victim.close(port);
  scene.drain(scene.link);
  for (const name of [port.name, scene.names.next()]) {
    assertEquals(scene.attack(forgedNeed(name, peer, 0, 9999, NEED_CARRIES)), null);
    assertEquals(told(scene, EventType.Grant), [
      { to: peer.toString(), from: name.toString(), total: NOBODY_READS },
    ]);
  }
  finish(scene);
});

Deno.test("Router.handle answers a Need that was not granted when its port goes", () => {
  for (const parked of [false, true]) {
    const scene = new Scene(), sender = new Sender(scene), { port, peer } = sender;
    sender.fill(FULL);
    if (parked) {
      const from = scene.names.next();
      assertEquals(scene.attack(forgedNeed(port.name, from, 0, 9999)), null);
      assert(scene.link.parkedBytes > 0);
    }
    assert(port.wanted > port.lent);
    told(scene, EventType.Grant);
    scene.victim.close(port);
    const totals = told(scene, EventType.Grant);
    assertEquals(
      totals.map(({ total }) => total),
      parked ? [NOBODY_READS, NOBODY_READS] : [NOBODY_READS],
    );
    assertEquals(totals[0]!.to, peer.toString());
    assertEquals(scene.link.parkedBytes, 0);
    finish(scene);
  }
});

Deno.test("Router.handle answers a Need below the number that a third node told it to expect", () => {
  const scene = new Scene(), { victim, friend } = scene;
  const [, friendly] = scene.pipeToFriend(), bent = new Sender(scene);
  const prev = { node: friend.self.name, port: friendly.name };
  const wrong = forgedSwitch(bent.port.name, bent.peer, 0, prev, 1000);
  assertEquals(scene.attack(wrong), null);
  friendly.setNext(scene.fromFriend.neighbor, bent.port.name);
  for (let i = 0; i < 3; i++) scene.send(friend, friendly, new Uint8Array(FULL));
  friend.close(friendly);
  assertEquals(friend.ports.size, 2);
  scene.settle();
  // What the friend had to send waits no longer, although the victim still has its end.
  assertEquals(friend.ports.size, 1);
  assertEquals(victim.ports.get(bent.port.name), bent.port);
  finish(scene);
});

Deno.test("Node.close of a reader has what waits for it dropped", () => {
  const freight = new Freight(2), [a, b] = freight.pipe(0, 1);
  for (let i = 0; i < 100; i++) freight.write(a, FULL, i);
  freight.close(b);
  // The Need and the Closed cross.
  freight.deliver(0, 1);
  assertEquals(freight.waiting(1, 0), ["Closed", "Grant"]);
  freight.deliver(1, 0, "Closed");
  assertEquals(a.unsent, null);
  freight.finish();
});

// -------------------------------------------------------------------- who pays

Deno.test("Node.accept drops who overdraws its credit, after whatever was granted", () => {
  for (const over of [0, 1]) {
    const scene = new Scene(), sender = new Sender(scene);
    sender.fill(FULL);
    scene.victim.take(sender.port);
    scene.victim.take(sender.port);
    sender.need(sender.spent + FULL + MESSAGE_OVERHEAD_BYTES);
    const { room } = sender.port, before = used(scene);
    assert(room >= OPENING_CREDIT);
    const rule = sender.send(room - MESSAGE_OVERHEAD_BYTES + over);
    assertEquals(rule, over === 0 ? null : "credit-overdrawn");
    assertEquals(used(scene) <= before, true);
    assert(scene.isCalm());
    finish(scene);
  }
});

Deno.test("Node.accept blames who parked a message without credit, not who made its turn come", () => {
  for (const over of [0, 1]) {
    const scene = new Scene(), { victim, link, toFriend } = scene;
    const [port, friendly] = scene.pipeToFriend(), from = scene.names.next();
    const long = new Uint8Array(FULL + over);
    // Before the victim has heard that it is to listen to that one.
    assertEquals(scene.attack(forgedMessage(port.name, from, 5, long)), null);
    assertEquals(link.parkedBytes > FULL, true);
    const prev = { node: scene.enemy, port: from };
    const turn = forgedSwitch(port.name, friendly.name, port.inSeq, prev, 5);
    assertEquals(scene.attack(turn, toFriend), null);
    assertEquals(link.neighbor.link === null, over === 1);
    assert(toFriend.neighbor.link === toFriend);
    assertEquals(port.queue?.length ?? 0, 1 - over);
    assertEquals(victim.self.link!.unreadBytes, 0);
    finish(scene);
  }
});

/** A pipe from the hostile node to the friend through a proxy at the victim that it does not skip. */
function throughProxy(scene: Scene): { sender: Sender; end: Port } {
  const { proxy, from, end } = scene.proxy();
  const sender = new Sender(scene, { port: proxy, peer: from });
  sender.seq = proxy.inSeq;
  return { sender, end };
}

Deno.test("Node.accept judges a flood through a proxy itself: the node behind it never blames it", () => {
  const scene = new Scene(), { sender, end } = throughProxy(scene);
  let rule: string | null = null;
  for (let i = 0; i < 40 && rule === null; i++) {
    rule = sender.send(32_768);
    scene.settle(); // Would throw if the friend had anything against it.
  }
  assertEquals(rule, "credit-overdrawn");
  assertEquals([end.queue, scene.fromFriend.unreadBytes], [null, 0]);
  finish(scene);
});

Deno.test("Node.accept lends through a proxy no more than both nodes can hold", () => {
  const scene = new Scene(), { sender, end } = throughProxy(scene);
  const { link, fromFriend, friend } = scene;
  let sent = 0, received = 0;
  const flood = () => {
    for (let more = true; more;) {
      more = sender.sendIfLent(32_768);
      if (more) sent++;
      scene.settle();
      scene.drain(link);
      assert(used(scene) <= tiny.maxUnreadBytes);
      assert(fromFriend.unreadBytes + fromFriend.lent <= tiny.maxUnreadBytes);
    }
  };
  flood();
  assert(sent > 4 && sent < 40, `${sent} messages`);
  assert(end.queue!.cost <= WINDOW);
  assert(link.unreadBytes > 0); // The rest waits at the victim, for who sent it to pay.
  assert(scene.isCalm());
  // All of 40 messages arrive as they are read.
  for (; sent < 40; flood()) {
    while (friend.take(end) !== null) received++;
    scene.settle();
  }
  for (let left = true; left;) {
    scene.settle();
    left = friend.take(end) !== null;
    if (left) received++;
  }
  assertEquals(received, sent);
  finish(scene);
});

Deno.test("Node.accept charges what comes through a proxy to an end here to where it came from", () => {
  const scene = new Scene(), { victim, link } = scene, sender = new Sender(scene);
  const [joined, end] = victim.createPipe().map((port) => scene.hold(port));
  victim.fuse(sender.port, joined!);
  const before = link.unreadBytes;
  let sent = 0;
  for (; sent < 100 && sender.sendIfLent(32_768); sent++);
  const cost = 32_768 + MESSAGE_OVERHEAD_BYTES;
  assertEquals(end!.queue!.length, sent);
  assertEquals(link.unreadBytes, before + sent * cost);
  assert(sent > 10 && sent < 40, `${sent} messages`);
  assert(used(scene) <= tiny.maxUnreadBytes);
  assertEquals(victim.self.link!.unreadBytes, 0);
  assertEquals(link.hungry.size, 1);
  assert(scene.isCalm());
  // Reading there is what lets more come.
  told(scene, EventType.Grant);
  victim.take(end!);
  victim.take(end!);
  assertEquals(told(scene, EventType.Grant).length, 1);
  assertEquals(sender.send(32_768), null);
  scene.attack(forged(EventType.Closed, sender.port.name, sender.peer, sender.seq));
  while (victim.take(end!) !== null);
  assertEquals([link.unreadBytes, link.lent, link.hungry.size], [0, 0, 0]);
  assertOver(end!, "closed");
  finish(scene);
});

Deno.test("lend lends in advance once half of the window is neither unread nor lent, and not before", () => {
  const scene = new Scene(), sender = new Sender(scene), { port } = sender;
  const random = new Random(7);
  let grants = 0;
  for (let i = 0; i < 5000; i++) {
    const before = port.lent, length = random.below(2000);
    const sends = length + MESSAGE_OVERHEAD_BYTES <= port.room && random.oneIn(2);
    if (sends) assertEquals(sender.send(length), null);
    else if (scene.victim.take(port) === null) continue;
    const more = port.lent - before, room = port.room - more;
    const low = before === OPENING_CREDIT ? OPENING_CREDIT / 2 : WINDOW / 2;
    const used = room + (port.queue?.cost ?? 0);
    assertEquals(more > 0, room <= low && used <= WINDOW / 2);
    if (more > 0) grants++;
  }
  assert(grants > 10, `${grants} times`);
  finish(scene);
});
