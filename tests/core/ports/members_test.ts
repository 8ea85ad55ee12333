import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import type { Name } from "../../../core/names.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { EventType } from "../../../core/wire/event.ts";
import {
  IntroduceAs,
  NODE,
  NODE_FRAME_BYTES,
  NodeFrameType,
  readIntroduce,
  writeMember,
  writeWrapped,
} from "../../../core/wire/node_frame.ts";
import {
  forged,
  forgedIntroduce,
  forgedMessage,
  forgedNodeFrame,
  forgedRelayed,
  forgedSwitch,
  nameOf,
  Scene,
} from "./forgery.ts";

const { Adopted, Ask, Drop, Gone, Lost } = NodeFrameType;

function scene(): Scene {
  return new Scene(LIMITS.tiny, { enemy: "member", friend: "member" });
}

function forgedMember(name: Name, maxFrameBytes = 65_536): Uint8Array<ArrayBuffer> {
  const out = new Encoder(4096);
  writeMember(out, name, { maxFrameBytes, maxPipesPerMessage: 8 });
  return out.bytes.slice(0, out.at);
}

function forgedPassed(name: Name, frame: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Encoder(1 << 20), { length } = frame;
  const end = Math.min(length, new DataView(frame.buffer).getUint32(0, true));
  writeWrapped(out, NodeFrameType.Passed, name, frame, 0, end);
  return out.bytes.slice(0, out.at);
}

/** What is in a Passed frame. */
function within(frame: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return frame.slice(NODE_FRAME_BYTES);
}

Deno.test("Members.adopt takes in a member once, below the one that brought it in", () => {
  const s = scene(), name = s.names.next();
  assertEquals(s.attack(forgedMember(name)), null);
  assertEquals(s.drain(s.link).map(nameOf), ["Adopted"]);
  assertEquals(s.attack(forgedMember(name)), "member-known");
  assertEquals(s.attack(forgedMember(name), s.toFriend), "member-known");
  for (const known of [s.victim.self.name, s.friend.self.name, s.enemy]) {
    assertEquals(s.attack(forgedMember(known)), "member-known");
  }
  assertEquals(s.attack(forgedMember(s.names.next(), 1023)), "member-frame-limit");
  assert(s.isCalm());
});

Deno.test("Members.adopt takes in so many and no more", () => {
  const s = scene();
  for (let i = 0; i < 1024; i++) {
    assertEquals(s.attack(forgedMember(s.names.next())), null);
    s.drain(s.link);
  }
  assertEquals(s.attack(forgedMember(s.names.next())), "too-many-members");
  assertEquals(s.attack(forgedMember(s.names.next()), s.toFriend), null);
  s.drop();
  assertEquals(s.attack(forgedMember(s.names.next()), s.toFriend), null);
});

Deno.test("Node.accept takes what a member passes on from those below it, and from nobody else", () => {
  const s = scene(), name = s.names.next(), other = s.names.next();
  s.attack(forgedMember(name));
  s.drain(s.link);
  const ask = forgedNodeFrame(Ask, s.friend.self.name);
  assertEquals(s.attack(forgedPassed(name, ask)), null);
  assertEquals(s.drain(s.link).map((frame) => nameOf(within(frame))), [
    "Introduce relayed",
  ]);
  assertEquals(s.drain(s.toFriend).map(nameOf), ["Introduce relayed"]);
  // In the name of another member's member, of the other member, of nobody.
  assertEquals(s.attack(forgedPassed(name, ask), s.toFriend), "member-not-below");
  assertEquals(s.attack(forgedPassed(s.friend.self.name, ask)), "member-not-below");
  assertEquals(s.attack(forgedPassed(other, ask)), null);
  assertEquals(s.drain(s.link), []);
  const frames = [
    forged(EventType.Hello, other, other, 0),
    forgedPassed(name, ask),
    forgedMember(other),
    forgedNodeFrame(Gone, name),
    forgedNodeFrame(Adopted, name),
  ];
  for (const frame of frames) {
    assertEquals(s.attack(forgedPassed(name, frame)), "passed-frame");
  }
  assertEquals(s.attack(forgedPassed(name, forgedNodeFrame(Lost, other))), "role");
  assert(s.isCalm());
});

Deno.test("Node.accept forgets a member that has left, at the word of the one above it alone", () => {
  const s = scene(), name = s.names.next();
  s.attack(forgedMember(name));
  s.attack(forgedPassed(name, forgedNodeFrame(Ask, s.friend.self.name)));
  s.drain(s.link);
  s.drain(s.toFriend);
  assertEquals(s.attack(forgedNodeFrame(Gone, name), s.toFriend), null);
  assertEquals(s.attack(forgedNodeFrame(Gone, s.friend.self.name)), null);
  assertEquals(s.drain(s.toFriend), []);
  assertEquals(s.attack(forgedNodeFrame(Gone, name)), null);
  const [lost, ...rest] = s.drain(s.toFriend);
  assertEquals([nameOf(lost!), rest.length], ["Lost node", 0]);
  assert(name.matches(new DataView(lost!.buffer), NODE));
  assertEquals(s.attack(forgedNodeFrame(Gone, name)), null);
  assertEquals(s.attack(forgedMember(name)), null);
});

Deno.test("Node.accept charges what a member further down does not read to the way there", () => {
  const s = scene(), name = s.names.next();
  s.attack(forgedMember(name));
  s.attack(forgedPassed(name, forgedNodeFrame(Ask, s.friend.self.name)));
  s.drain(s.link);
  s.drain(s.toFriend);
  const event = forgedMessage(name, name, 0, new Uint8Array(30_000));
  let sent = 0;
  while (s.drain(s.toFriend).length === 0) {
    assertEquals(s.attack(forgedRelayed(name, event), s.toFriend), null);
    sent += event.length;
    assert(sent < LIMITS.tiny.maxUnreadBytes + 100_000, "nothing bounds what waits");
  }
  assert(sent > LIMITS.tiny.maxUnreadBytes - 100_000);
});

Deno.test("Node.accept answers a member that asks what was passed up when the broker goes", () => {
  const s = new Scene(LIMITS.tiny, { enemy: "broker", friend: "member" });
  const [asked, met] = [s.names.next(), s.names.next()], member = s.friend.self.name;
  assertEquals(s.attack(forgedNodeFrame(Ask, asked), s.toFriend), null);
  const [ask] = s.drain(s.link);
  assertEquals([nameOf(ask!), nameOf(within(ask!))], ["Passed", "Ask"]);
  assert(member.matches(new DataView(ask!.buffer), NODE));
  assertEquals(s.attack(forgedPassed(member, forgedIntroduce(met))), null);
  assertEquals(s.drain(s.toFriend).map(nameOf), ["Introduce relayed"]);
  s.victim.disconnect(s.link, "gone");
  assertEquals(s.drain(s.toFriend).map(nameOf), ["Lost node", "Lost node"]);
  // From here on this node is the last that can tell.
  assertEquals(s.attack(forgedNodeFrame(Ask, asked), s.toFriend), null);
  assertEquals(s.drain(s.toFriend).map(nameOf), ["Lost node"]);
});

Deno.test("Node.accept parts a member that does not read from who is above, and tells both", () => {
  const s = new Scene(LIMITS.tiny, { enemy: "broker", friend: "member" });
  const name = s.names.next(), member = s.friend.self.name;
  s.attack(forgedPassed(member, forgedIntroduce(name)));
  s.drain(s.toFriend);
  const event = forgedRelayed(name, forgedMessage(name, name, 0, new Uint8Array(30_000)));
  let sent = 0, drop: Uint8Array<ArrayBuffer> | undefined;
  while ((drop = s.drain(s.link)[0]) === undefined) {
    assertEquals(s.attack(forgedPassed(member, event)), null);
    sent += event.length;
    assert(sent < LIMITS.tiny.maxUnreadBytes + 100_000, "nothing bounds what waits");
  }
  assertEquals(nameOf(within(drop)), nameOf(forgedNodeFrame(Drop, name)));
  assertEquals(s.drain(s.toFriend).map(nameOf).at(-1), "Lost pair");
});

Deno.test("Node.accept survives a broker that speaks for nobody it knows", () => {
  const s = new Scene(LIMITS.tiny, { enemy: "broker", friend: "member" });
  const nobody = s.names.next();
  assertEquals(s.attack(forgedPassed(nobody, forgedIntroduce(nobody))), null);
  assertEquals(s.attack(forgedNodeFrame(Adopted, nobody)), null);
  const member = s.friend.self.name;
  assertEquals(
    s.attack(forgedPassed(member, forged(EventType.Hello, nobody, nobody, 0))),
    "passed-frame",
  );
  assertEquals(s.drain(s.toFriend), []);
  assert(s.isCalm());
});

Deno.test("Node.accept tells a member further down that the two stay parted, when it asks again", () => {
  const s = scene(), name = s.names.next();
  s.attack(forgedMember(name));
  s.drain(s.link);
  const say = (type: number) => {
    const frame = forgedNodeFrame(type, s.victim.self.name);
    assertEquals(s.attack(forgedPassed(name, frame)), null);
    return s.drain(s.link).map((frame) => nameOf(within(frame)));
  };
  assertEquals(say(Ask), ["Introduce relayed"]);
  assertEquals(say(Ask), []);
  assertEquals(say(Drop), []);
  assertEquals(say(Ask), ["Lost pair"]);
});

Deno.test("Node.accept parts from the member that broke a rule, not from who made its turn come", () => {
  const s = new Scene(LIMITS.tiny, { enemy: "broker" }), name = s.names.next();
  const [port, friendly] = s.pipeToFriend(), from = s.names.next();
  assertEquals(s.attack(forgedIntroduce(name)), null);
  const skip = forged(EventType.Skip, port.name, from, 5);
  assertEquals(s.attack(forgedRelayed(name, skip)), null);
  const prev = { node: name, port: from };
  const turn = forgedSwitch(port.name, friendly.name, port.inSeq, prev, 5);
  assertEquals(s.attack(turn, s.toFriend), null);
  assertEquals([port.prevNode, port.reason], [null, "lost"]);
  assertEquals(port.detail, "it was given up for breaking the rule 'skip-not-asked'");
  assertEquals(s.drain(s.link).map(nameOf), ["Drop"]);
  assert(s.isCalm());
});

Deno.test("Membership wakes the link to the broker with all that it says", () => {
  const s = new Scene(LIMITS.tiny, { enemy: "broker" }), { link, toFriend } = s;
  const { membership } = s.victim, name = s.names.next(), other = s.names.next();
  const frame = forgedNodeFrame(Ask, name), view = new DataView(frame.buffer);
  const ask = toFriend.arrival.set(frame, view, 0, frame.length, []);
  let woken = 0;
  link.start({ wake: () => woken++, drop: () => {} });
  const said: [string, () => void][] = [
    ["Member", () => membership.announce(toFriend)],
    ["Gone", () => membership.retract(name)],
    ["Drop", () => membership.giveUp(toFriend)],
    ["Passed", () => membership.dropFor(name, other)],
    ["Passed", () => void membership.passUp(name, ask)],
    ["Ask", () => void membership.introduce(other, toFriend.neighbor)],
  ];
  for (const [i, [what, say]] of said.entries()) {
    say();
    assertEquals([woken, ...s.drain(link).map(nameOf)], [i + 1, what]);
  }
});

Deno.test("Node.accept introduces itself to a member further down that asks, as one to be relayed", () => {
  const s = scene(), name = s.names.next();
  s.attack(forgedMember(name, 4096));
  s.drain(s.link);
  const ask = forgedNodeFrame(Ask, s.victim.self.name);
  assertEquals(s.attack(forgedPassed(name, ask)), null);
  const bytes = within(s.drain(s.link)[0]!), view = new DataView(bytes.buffer);
  const how = readIntroduce(bytes, view, 0, bytes.length);
  assertEquals([how.as, how.means.length], [IntroduceAs.Relayed, 0]);
  assertEquals([how.maxFrameBytes, how.maxPipesPerMessage], [
    4096 - 2 * NODE_FRAME_BYTES,
    8,
  ]);
});

Deno.test("Node.announce tells nobody of a member that has left before the network knew of it", () => {
  for (const left of [false, true]) {
    const s = new Scene(LIMITS.tiny, { enemy: "broker", friend: "member" });
    let known = 0;
    s.victim.announce(s.toFriend, () => known++);
    if (left) s.victim.disconnect(s.toFriend, "it has left");
    assertEquals(s.attack(forgedNodeFrame(Adopted, s.friend.self.name)), null);
    s.victim.disconnect(s.link, "gone");
    assertEquals(known, left ? 0 : 1);
  }
});
