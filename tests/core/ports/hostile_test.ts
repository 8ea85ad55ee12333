import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import type { Name } from "../../../core/names.ts";
import { MESSAGE_OVERHEAD_BYTES, OPENING_CREDIT } from "../../../core/wire/event.ts";
import { PortState } from "../../../core/ports/port.ts";
import { CLOSED_LOST, EventType } from "../../../core/wire/event.ts";
import {
  forged,
  forgedAccepted,
  forgedBypass,
  type ForgedDescriptor,
  forgedMessage,
  forgedSwitch,
  NOTHING_LEFT,
  Scene,
} from "./forgery.ts";

const { Hello, Skip, Closed } = EventType;

/** Every event that a neighbor can send, each made for a fresh scene in which it is in order. */
const VALID: Record<string, (scene: Scene) => Uint8Array<ArrayBuffer>[]> = {
  "Message to an open port": (scene) => {
    const { port, peer } = scene.pipeToEnemy();
    return [forgedMessage(port.name, peer, 0, undefined, [newEnd(scene)])];
  },
  "Hello to an open port": (scene) => {
    const { port, peer } = scene.pipeToEnemy();
    return [forged(Hello, port.name, peer, 0)];
  },
  "Switch to an open port": (scene) => {
    const { port, peer } = scene.pipeToEnemy();
    const prev = { node: scene.enemy, port: scene.names.next() };
    return [
      forgedSwitch(port.name, peer, 0, prev, 7),
      forgedMessage(port.name, prev.port, 7),
    ];
  },
  "Closed to an open port": (scene) => {
    const { port, peer } = scene.pipeToEnemy();
    return [forged(Closed, port.name, peer, 0, CLOSED_LOST)];
  },
  "Bypass to an open port": (scene) => {
    const { port, peer } = scene.pipeToEnemy();
    const next = { node: scene.friend.self.name, port: scene.names.next() };
    return [forgedBypass(port.name, peer, next)];
  },
  "Accepted to a moving port": (scene) => {
    const { old } = scene.moving();
    return [forgedAccepted(old.name, scene.names.next())];
  },
  "Message to a proxy": (scene) => {
    const { proxy, from } = scene.proxy();
    return [forgedMessage(proxy.name, from, 0, undefined, [newEnd(scene)])];
  },
  "Switch to a proxy": (scene) => {
    const { proxy, from } = scene.proxy();
    const prev = { node: scene.enemy, port: scene.names.next() };
    return [
      forgedSwitch(proxy.name, from, 0, prev, 1),
      forged(Hello, proxy.name, prev.port, 1),
    ];
  },
  "Skip to a proxy": (scene) => {
    const { proxy, from } = scene.proxy();
    return [forged(Hello, proxy.name, from, 0), forged(Skip, proxy.name, from, 1)];
  },
  "Closed to a proxy": (scene) => {
    const { proxy, from } = scene.proxy();
    return [forged(Closed, proxy.name, from, 0)];
  },
};

function newEnd(scene: Scene): ForgedDescriptor {
  return {
    old: scene.names.next(),
    first: 1,
    next: { node: scene.enemy, port: scene.names.next() },
  };
}

for (const [name, make] of Object.entries(VALID)) {
  Deno.test(`Node.accept takes a ${name} and stays whole whichever bit of it is flipped`, () => {
    const scene = new Scene();
    for (const frame of make(scene)) assertEquals(scene.attack(frame), null);
    assertEquals(scene.victim.staleEvents, 0, "the event is not in order");
    assert(scene.isCalm());
    scene.drop();
    assertEquals(scene.leftovers(), NOTHING_LEFT);

    const count = make(new Scene()).length;
    for (let i = 0; i < count; i++) {
      for (let bit = 0;; bit++) {
        const scene = new Scene(), frames = make(scene), frame = frames[i]!;
        if (bit === frame.length * 8) break;
        frame[bit >> 3]! ^= 1 << (bit & 7);
        for (const each of frames) {
          // Afterwards the link would be dropped: the rest does not reach the node.
          if (scene.attack(each) !== null) break;
        }
        const where = `frame ${i}, bit ${bit}`;
        assert(scene.isCalm(), where);
        scene.drop();
        assert(scene.isCalm(), where);
        assertEquals(scene.leftovers(), NOTHING_LEFT, where);
      }
    }
  });
}

Deno.test("Node.accept gives no answer to guessed names", () => {
  const scene = new Scene(), from = scene.names.next();
  for (let i = 0; i < 20_000; i++) {
    const to = scene.names.next();
    assertEquals(scene.attack(forgedMessage(to, from, i)), null);
    assertEquals(scene.attack(forgedAccepted(to, from)), null);
    assertEquals(
      scene.attack(forgedBypass(to, from, { node: scene.enemy, port: from })),
      null,
    );
  }
  assertEquals(scene.drain(scene.link), []);
  assertEquals(scene.victim.staleEvents, 20_000);
  assert(scene.isCalm());
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.accept believes the link and not the names when a port of another link is named", () => {
  const scene = new Scene(), { calm, calmPeer } = scene;
  const stolen = calmPeer.name;
  const seq = calm.inSeq;
  for (
    const frame of [
      forgedMessage(calm.name, stolen, seq),
      forged(Closed, calm.name, stolen, seq + 1),
      forgedBypass(calm.name, stolen, { node: scene.enemy, port: stolen }),
      forgedMessage(calmPeer.name, calm.name, 0),
    ]
  ) assertEquals(scene.attack(frame), null);
  assertEquals(calm.queue?.length ?? 0, 0);
  assert(scene.isCalm());
  scene.drop();
  assert(scene.isCalm());
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.accept calls an Accepted hostile that the port did not wait for from there", () => {
  const open = new Scene();
  assertEquals(
    open.attack(forgedAccepted(open.calm.name, open.names.next())),
    "accepted-not-moving",
  );
  assert(open.isCalm());

  const twice = new Scene(), { old } = twice.moving();
  const { proxy } = twice.proxy();
  assertEquals(
    twice.attack(forgedAccepted(proxy.name, twice.names.next())),
    "accepted-not-moving",
  );
  // On its way to the friend, who has not seen it yet.
  const [one, two] = twice.victim.createPipe();
  twice.hold(one);
  twice.hold(two);
  twice.send(twice.victim, twice.calm, new Uint8Array(1), [two]);
  assertEquals(two.state, PortState.Moving);
  assertEquals(
    twice.attack(forgedAccepted(two.name, twice.names.next())),
    "accepted-not-sent-there",
  );
  assertEquals(old.state, PortState.Moving);
  twice.drop();
  twice.calmPeer.queue!.shift()!.ports.forEach((port) => twice.friend.close(port));
  twice.settle();
  assertEquals(twice.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.accept calls a Skip hostile that nobody asked for", () => {
  const open = new Scene(), { port, peer } = open.pipeToEnemy();
  assertEquals(open.attack(forged(Skip, port.name, peer, 0)), "skip-not-asked");
  const moving = new Scene(), end = moving.pipeToEnemy();
  moving.send(moving.victim, moving.calm, new Uint8Array(1), [end.port]);
  assertEquals(moving.attack(forged(Skip, end.port.name, end.peer, 0)), "skip-not-asked");
});

Deno.test("Node.accept ignores a Bypass that does not come from the port ahead", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const next = { node: scene.friend.self.name, port: scene.calmPeer.name };
  assertEquals(scene.attack(forgedBypass(port.name, scene.names.next(), next)), null);
  assertEquals(
    scene.attack(forgedBypass(scene.calm.name, scene.calmPeer.name, next)),
    null,
  );
  assertEquals(port.nextPort!.toString(), peer.toString());
  assertEquals(scene.drain(scene.link), []);
  assert(scene.isCalm());
});

Deno.test("Node.accept calls a number hostile that the same sender used for two early events", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  assertEquals(scene.attack(forgedMessage(port.name, peer, 5)), null);
  assertEquals(scene.attack(forgedMessage(port.name, peer, 6)), null);
  // Another sender has numbers of its own.
  assertEquals(scene.attack(forgedMessage(port.name, scene.names.next(), 5)), null);
  assertEquals(scene.attack(forgedMessage(port.name, peer, 5)), "number-repeated");
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.accept turns a number below the expected one away as stale", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  for (const seq of [0, 1]) scene.attack(forgedMessage(port.name, peer, seq));
  assertEquals(port.queue!.length, 2);
  assertEquals(scene.attack(forgedMessage(port.name, peer, 0)), null);
  assertEquals(scene.attack(forged(Closed, port.name, peer, 1)), null);
  assertEquals(scene.victim.staleEvents, 2);
  assertEquals(port.queue!.length, 2);
  // What it carries is refused: accepted under a name nobody has, and closed.
  assertEquals(
    scene.attack(forgedMessage(port.name, peer, 0, undefined, [newEnd(scene)])),
    null,
  );
  assertEquals(scene.drain(scene.link).map((frame) => frame[4]), [
    EventType.Accepted,
    EventType.Closed,
  ]);
  assertEquals(scene.link.pipes, 0);
});

Deno.test("Node.accept keeps a gap apart however wide it is, and delivers when it closes", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  assertEquals(scene.attack(forgedMessage(port.name, peer, 2 ** 31)), null);
  assertEquals(scene.attack(forgedMessage(port.name, peer, 2 ** 52 - 1)), null);
  assertEquals(scene.attack(forgedMessage(port.name, peer, 2 ** 52)), "event-number");
  for (const seq of [3, 2, 1]) scene.attack(forgedMessage(port.name, peer, seq));
  assertEquals(port.queue, null);
  scene.attack(forgedMessage(port.name, peer, 0));
  assertEquals(port.queue!.length, 4);
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.accept bounds what a neighbor parks by the bytes it may leave unread", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const cost = 56 + MESSAGE_OVERHEAD_BYTES;
  const { maxUnreadBytes, maxPipes } = LIMITS.tiny;
  const most = Math.floor((maxUnreadBytes + maxPipes * OPENING_CREDIT) / cost);
  const from = scene.names.next();
  for (let i = 0; i < most; i++) {
    assertEquals(scene.attack(forgedMessage(port.name, from, i)), null);
  }
  assertEquals(scene.link.parkedBytes, most * cost);
  // One more is not hostile: somebody else may have told it to send here. But none of it is kept.
  assertEquals(scene.attack(forgedMessage(port.name, from, most)), null);
  assertEquals(scene.link.parkedBytes, 0);
  assertEquals(scene.attack(forgedMessage(port.name, from, 0)), null);
  assertEquals(scene.link.parkedBytes, 0);
  // Were it ever to be listened to, something would be missing.
  assert(port.prevNode !== null);
  const enemy = { node: scene.enemy, port: from };
  assertEquals(scene.attack(forgedSwitch(port.name, peer, 0, enemy, 0)), null);
  assertEquals([port.prevNode, port.reason], [null, "lost"]);
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.accept says why a route is lost that is to lead to a node nobody knows", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const nowhere = { node: scene.names.next(), port: scene.names.next() };
  assertEquals(scene.attack(forgedSwitch(port.name, peer, 0, nowhere, 0)), null);
  assertEquals([port.prevNode, port.reason], [null, "lost"]);
  assertStringIncludes(port.detail, "knows no way to");
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.accept takes what the credit of a hop covers and not one byte more", () => {
  for (const over of [0, 1]) {
    const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
    const payload = new Uint8Array(OPENING_CREDIT - MESSAGE_OVERHEAD_BYTES + over);
    const rule = scene.attack(forgedMessage(port.name, peer, 0, payload));
    assertEquals(rule, over === 0 ? null : "credit-overdrawn");
    assertEquals(scene.link.unreadBytes, over === 0 ? OPENING_CREDIT : 0);
    scene.drop();
    assertEquals(scene.leftovers(), NOTHING_LEFT);
  }
});

Deno.test("Node.accept takes maxPipesPerMessage endpoints in a message and not one more", () => {
  const { maxPipesPerMessage } = LIMITS.tiny;
  for (const over of [0, 1]) {
    const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
    const ends = Array.from({ length: maxPipesPerMessage + over }, () => newEnd(scene));
    const rule = scene.attack(forgedMessage(port.name, peer, 0, undefined, ends));
    assertEquals(rule, over === 0 ? null : "too-many-pipes-in-message");
    assertEquals(scene.link.pipes, over === 0 ? maxPipesPerMessage : 0);
    assert(scene.isCalm());
    scene.drop();
    assertEquals(scene.leftovers(), NOTHING_LEFT);
  }
});

Deno.test("Node.accept takes maxPipes endpoints over a link and not one more", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const { maxPipes } = LIMITS.tiny;
  for (let i = 0; i < maxPipes; i++) {
    const message = forgedMessage(port.name, peer, i, undefined, [newEnd(scene)]);
    assertEquals(scene.attack(message), null);
  }
  assertEquals(scene.link.pipes, maxPipes);
  // Those that are gone make room.
  scene.victim.close(port.queue!.shift()!.ports[0]!);
  const more = (seq: number) =>
    scene.attack(forgedMessage(port.name, peer, seq, undefined, [newEnd(scene)]));
  assertEquals(more(maxPipes), null);
  assertEquals(more(maxPipes + 1), "too-many-pipes");
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.accept drops a neighbor that does not read the answers it causes", () => {
  const scene = new Scene(), to = scene.names.next();
  const message = forgedMessage(to, to, 0, undefined, [newEnd(scene)]);
  const each = 40 + 48; // Accepted and Closed
  const most = Math.floor(LIMITS.tiny.maxUnsentReplyBytes / each);
  for (let i = 0; i < most; i++) assertEquals(scene.attack(message), null);
  assertEquals(scene.attack(message), "unsent-answers");
  assert(scene.isCalm());
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.disconnect tells an end whose next sender was named but never heard of", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const nobody = { node: scene.friend.self.name, port: scene.names.next() };
  scene.attack(forgedSwitch(port.name, peer, 0, nobody, 0));
  assertEquals(port.prevNode?.name, scene.friend.self.name);
  scene.victim.disconnect(scene.link, "gone");
  assertEquals(port.prevNode, null);
  assertEquals(port.reason, "lost");
});

Deno.test("Node.accept does not blame a sender whose numbers a third node told wrong", () => {
  const scene = new Scene();
  const [port, friendly] = scene.pipeToFriend();
  // The friend's end is really there: only the first number is wrong.
  const { port: bent, peer } = scene.pipeToEnemy();
  const prev = { node: scene.friend.self.name, port: friendly.name };
  scene.attack(forgedSwitch(bent.name, peer, 0, prev, 1000));
  friendly.setNext(scene.fromFriend.neighbor, bent.name);
  for (let i = 0; i < 3; i++) scene.send(scene.friend, friendly, new Uint8Array(1));
  scene.settle();
  assertEquals(scene.victim.staleEvents, 3);
  assertEquals(port.queue, null);
  assert(scene.isCalm());
});

Deno.test("Node.accept ends the route of a message with endpoints that crossed too many proxies", () => {
  for (const [hops, ends] of [[31, false], [32, true], [63, true]] as const) {
    const scene = new Scene(), { proxy, from, end } = scene.proxy();
    const message = forgedMessage(
      proxy.name,
      from,
      0,
      undefined,
      [newEnd(scene)],
      hops,
    );
    assertEquals(scene.attack(message), null);
    scene.settle();
    assertEquals(end.prevNode === null, ends, `${hops} hops`);
    assertEquals(end.queue?.length ?? 0, ends ? 0 : 1);
    // Without endpoints nothing can chase itself.
    if (ends) continue;
    assertEquals(
      scene.attack(forgedMessage(proxy.name, from, 1, undefined, [], 63)),
      null,
    );
    scene.settle();
    assertEquals(end.queue!.length, 2);
  }
});

Deno.test("Node.accept survives the same endpoint claimed twice", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy(), end = newEnd(scene);
  const message = forgedMessage(port.name, peer, 0, undefined, [end, end]);
  assertEquals(scene.attack(message), null);
  const [one, two] = port.queue!.peek()!.ports;
  assert(!one!.name.equals(two!.name));
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.accept survives an endpoint whose other end is the port it arrives at", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const self = { node: scene.victim.self.name, port: port.name };
  const end = { old: scene.names.next(), first: 0, next: self };
  assertEquals(scene.attack(forgedMessage(port.name, peer, 0, undefined, [end])), null);
  assert(scene.isCalm());
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.accept bounds what strangers' refused endpoints leave at a port", () => {
  const scene = new Scene(), { port } = scene.pipeToEnemy();
  const victimPort = { node: scene.victim.self.name, port: port.name };
  const friendPort = { node: scene.friend.self.name, port: scene.calmPeer.name };
  const refuse = (next: { node: Name; port: Name }) => {
    const end = { old: scene.names.next(), first: 0, next };
    const to = scene.names.next();
    assertEquals(scene.attack(forgedMessage(to, to, 0, undefined, [end])), null);
    scene.drain(scene.link);
    scene.settle();
  };
  for (let i = 0; i < 5000; i++) {
    refuse(victimPort);
    refuse(friendPort);
  }
  // The friend charges them to the victim, which did nothing wrong.
  assert(
    scene.fromFriend.unreadBytes < LIMITS.tiny.maxUnreadBytes,
    `${scene.fromFriend.unreadBytes} bytes`,
  );
  assertEquals(port.parked, null);
  assert(scene.isCalm());
});

Deno.test("Node.accept charges what an end redirected to this node leaves there", () => {
  const scene = new Scene(), { port, peer } = scene.pipeToEnemy();
  const here = { node: scene.victim.self.name, port: port.name };
  assertEquals(scene.attack(forgedBypass(port.name, peer, here)), null);
  const { maxUnreadBytes, maxPipes } = LIMITS.tiny;
  let most = 0;
  for (let sent = 0; sent < 1000; sent++) {
    scene.send(scene.victim, port, new Uint8Array(4096));
    most = Math.max(most, scene.link.parkedBytes);
  }
  assert(most > maxUnreadBytes && most <= maxUnreadBytes + maxPipes * OPENING_CREDIT);
  // Past that nothing is kept: it will not be heard.
  assertEquals(scene.link.parkedBytes, 0);
  assert(scene.isCalm());
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);
});

Deno.test("Node.accept drops who makes it answer another node that does not read", () => {
  const scene = new Scene(), node = scene.friend.self.name;
  let rule: string | null = null;
  for (let i = 0; i < 20_000 && rule === null; i++) {
    const end = {
      old: scene.names.next(),
      first: 0,
      next: { node, port: scene.names.next() },
    };
    const to = scene.names.next();
    rule = scene.attack(forgedMessage(to, to, 0, undefined, [end]));
    scene.drain(scene.link);
  }
  assertEquals(rule, "unsent-answers-elsewhere");
  assert(scene.isCalm());
});
