import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { type Name, NameSource } from "../../../core/names.ts";
import type { Link, Role } from "../../../core/ports/link.ts";
import type { Meeting } from "../../../core/ports/meeting.ts";
import { Node } from "../../../core/ports/node.ts";
import { type Port, PortState } from "../../../core/ports/port.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { EventType, FORWARD_HEAD_BYTES } from "../../../core/wire/event.ts";
import { forEachFrame } from "../../../core/wire/frame.ts";
import {
  IntroduceAs,
  LOST_PAIR,
  NODE,
  NODE_FRAME_BYTES,
  NodeFrameType,
} from "../../../core/wire/node_frame.ts";
import {
  forged,
  forgedAccepted,
  forgedBypass,
  forgedIntroduce,
  forgedMessage,
  forgedNodeFrame,
  forgedRelayed,
  forgedSwitch,
  nameOf,
  Scene,
} from "./forgery.ts";
import { seededEnvironment } from "../../sim/random.ts";

const { Lost } = NodeFrameType;
const { Host, Guest } = IntroduceAs;
const OUTLET = { wake: () => {}, drop: () => {} };

/** A route of the victim to another member. */
interface Route {
  /** The other member. */
  readonly name: Name;
  readonly link: Link;
  /** The victim's end, and the name of the other one. */
  readonly port: Port;
  readonly peer: Name;
}

/** A member of a network whose broker writes its own frames. */
class Member {
  readonly scene: Scene = new Scene(LIMITS.tiny, { enemy: "broker" });
  /** The meetings it was asked to. */
  readonly meetings: Meeting[] = [];
  /** How often each was called off. */
  readonly cancelled: Meeting[] = [];

  constructor(meets = true) {
    const { membership } = this.scene.victim;
    if (!meets) return;
    membership.onMeeting = (meeting) => {
      this.meetings.push(meeting);
      meeting.onCancel = () => this.cancelled.push(meeting);
    };
  }

  /** What the member says to the broker. */
  said(): string[] {
    return this.scene.drain(this.scene.link).map(nameOf);
  }

  /** The link to the member of that name, if there is one. */
  linkTo(name: Name): Link | null {
    const links = this.scene.victim.links();
    return links.find((link) => link.neighbor.name.equals(name)) ?? null;
  }

  /** Leads a pipe of the victim to a member that it may not know. What is said meanwhile is dropped. */
  route(name: Name = this.scene.names.next()): Route {
    const { scene } = this, { port, peer: old } = scene.pipeToEnemy();
    const peer = scene.names.next(), next = { node: name, port: peer };
    assertEquals(scene.attack(forgedBypass(port.name, old, next)), null);
    assertEquals(scene.attack(forgedSwitch(port.name, old, 0, next, 0)), null);
    const link = this.linkTo(name)!;
    scene.drain(scene.link);
    return { name, link, port, peer };
  }

  /** The broker introduces the two. */
  introduce(name: Name, as: number): void {
    assertEquals(this.scene.attack(forgedIntroduce(name, { as })), null);
  }

  /** Brings a route into a state. */
  bring(state: State): Route {
    const route = this.route(), { name, link } = route;
    if (state === "relayed") this.introduce(name, IntroduceAs.Relayed);
    if (state === "meeting" || state === "direct") this.introduce(name, Guest);
    if (state === "direct") {
      assert(this.scene.victim.membership.met(this.meetings.at(-1)!));
      link.start(OUTLET);
    }
    this.scene.drain(this.scene.link);
    return route;
  }
}

type State = "waiting" | "meeting" | "relayed" | "direct";
const STATES: readonly State[] = ["waiting", "meeting", "relayed", "direct"];

/** Checks that a route has ended `lost`, for a reason that says `why`. */
function assertLost({ port }: Pick<Route, "port">, why: string): void {
  assertEquals([port.prevNode, port.nextNode], [null, null]);
  assertEquals(port.reason, "lost");
  assertStringIncludes(port.detail, why);
}

function assertAlive({ port, link }: Route): void {
  assertEquals(port.nextNode, link.neighbor);
  assertEquals(port.prevNode, link.neighbor);
}

/** The first bytes of the messages among frames, which may be relayed. */
function payloads(frames: readonly Uint8Array[]): number[] {
  return frames.flatMap((frame) => {
    const relayed = frame[4] === NodeFrameType.Relayed;
    const event = relayed ? frame.subarray(NODE_FRAME_BYTES) : frame;
    return event[4] === EventType.Message ? [event[FORWARD_HEAD_BYTES]!] : [];
  });
}

Deno.test("Membership asks once for a member that is named, and what is sent to it waits", () => {
  const { scene } = new Member(), member = new Member();
  assert(new Scene().victim.membership.claim());
  assert(!scene.victim.membership.claim());
  const { port, peer } = member.scene.pipeToEnemy(), other = member.scene.pipeToEnemy();
  const name = member.scene.names.next(), next = { node: name, port: name };
  member.scene.attack(forgedBypass(port.name, peer, next));
  const [ask, ...rest] = member.scene.drain(member.scene.link);
  assertEquals([nameOf(ask!), ...rest.map(nameOf)], ["Ask", "Skip"]);
  assert(name.matches(new DataView(ask!.buffer), NODE));
  member.scene.attack(forgedBypass(other.port.name, other.peer, next));
  assertEquals(member.said(), ["Skip"]);
  const link = member.linkTo(name)!;
  assertEquals([link.role, link.started], ["peer", false]);
  assertEquals(port.nextNode, other.port.nextNode);
});

Deno.test("Membership.accept calls it hostile to introduce a node to itself", () => {
  const { scene } = new Member();
  for (const as of [IntroduceAs.Relayed, Host, Guest]) {
    const frame = forgedIntroduce(scene.victim.self.name, { as });
    assertEquals(scene.attack(frame), "introduced-to-itself");
  }
  assert(scene.isCalm());
});

Deno.test("Membership.accept takes an Introduce of a node that it did not ask for", () => {
  for (const as of [IntroduceAs.Relayed, Host, Guest]) {
    const member = new Member(), name = member.scene.names.next();
    member.introduce(name, as);
    assertEquals(member.said(), []);
    const link = member.linkTo(name)!;
    assertEquals(link.started, as === IntroduceAs.Relayed);
    assertEquals(member.meetings.length, as === IntroduceAs.Relayed ? 0 : 1);
    // Whoever names it now need not ask.
    const { port, peer } = member.scene.pipeToEnemy();
    member.scene.attack(forgedBypass(port.name, peer, { node: name, port: name }));
    const hello = as === IntroduceAs.Relayed ? ["Relayed Hello"] : [];
    assertEquals(member.said(), ["Skip", ...hello]);
    assertEquals(port.nextNode, link.neighbor);
  }
});

Deno.test("Membership.accept ignores what is relayed before the two are introduced", () => {
  for (const state of ["waiting", "meeting", "direct"] as const) {
    const member = new Member(), { name, port, peer } = member.bring(state);
    const { scene } = member, message = forgedMessage(port.name, peer, 0);
    assertEquals(scene.attack(forgedRelayed(name, message)), null);
    assertEquals(
      scene.attack(forgedRelayed(name, forgedAccepted(port.name, peer))),
      null,
    );
    assertEquals([port.queue, port.parked, scene.victim.staleEvents], [null, null, 0]);
    assertEquals(member.said(), []);
    if (state !== "waiting") continue;
    member.introduce(name, IntroduceAs.Relayed);
    assertEquals(scene.attack(forgedRelayed(name, message)), null);
    assertEquals(port.queue!.length, 1);
  }
});

Deno.test("Membership.accept learns of nobody from what is relayed", () => {
  const member = new Member(), { scene } = member, before = scene.victim.links().length;
  const { victim, friend, enemy, calm, calmPeer } = scene;
  for (const name of [scene.names.next(), victim.self.name, friend.self.name, enemy]) {
    const message = forgedMessage(calm.name, calmPeer.name, calm.inSeq);
    assertEquals(scene.attack(forgedRelayed(name, message)), null);
  }
  assertEquals(calm.queue?.length ?? 0, 0);
  assertEquals(member.said(), []);
  assertEquals(scene.victim.links().length, before);
  assert(scene.isCalm());
});

Deno.test("Membership.expel gives up the one that breaks a rule through the broker, and nobody else", () => {
  const attacks: [string, (scene: Scene, route: Route) => Uint8Array<ArrayBuffer>][] = [
    [
      "accepted-not-moving",
      ({ names }, { port }) => forgedAccepted(port.name, names.next()),
    ],
    ["accepted-not-moving", ({ names, calm }) => forgedAccepted(calm.name, names.next())],
    ["skip-not-asked", (_, { port, peer }) => forged(EventType.Skip, port.name, peer, 0)],
    [
      "event-size",
      (_, { port, peer }) =>
        forgedMessage(port.name, peer, 0).subarray(0, 48).map((byte, i) =>
          i === 0 ? 48 : i === 6 ? 1 : byte
        ),
    ],
    ["unknown-event", (_, { port, peer }) => forged(11, port.name, peer, 0)],
    ["unknown-event", (_, { name }) => forgedNodeFrame(NodeFrameType.Lost, name)],
  ];
  for (const [rule, make] of attacks) {
    const member = new Member(), { scene } = member;
    const bad = member.bring("relayed"), good = member.bring("relayed");
    const attack = forgedRelayed(bad.name, make(scene, bad).slice());
    assertEquals(scene.attack(attack), null, rule);
    assertLost(bad, `it was given up for breaking the rule '${rule}'`);
    const [drop, ...rest] = scene.drain(scene.link);
    assertEquals([nameOf(drop!), rest.length], ["Drop", 0]);
    assert(bad.name.matches(new DataView(drop!.buffer), NODE));
    assertEquals([member.linkTo(bad.name), bad.link.pipes], [null, 0]);
    // More of it has been under way; what the other one and the broker say still counts.
    assertEquals(scene.attack(attack), null);
    assertEquals(member.said(), []);
    assertAlive(good);
    const message = forgedMessage(good.port.name, good.peer, 0);
    assertEquals(scene.attack(forgedRelayed(good.name, message)), null);
    assertEquals(good.port.queue!.length, 1);
    assert(scene.isCalm());
  }
});

Deno.test("Membership.expel gives a member up that numbers two events alike", () => {
  const member = new Member(), { scene } = member, bad = member.bring("relayed");
  const message = forgedRelayed(bad.name, forgedMessage(bad.port.name, bad.peer, 5));
  assertEquals(scene.attack(message), null);
  assert(bad.link.parkedBytes > 0, "it is not charged to who sent it");
  assertEquals(scene.link.parkedBytes, 0);
  assertEquals(scene.attack(message), null);
  assertLost(bad, "number-repeated");
  assertEquals(bad.link.parkedBytes, 0);
  assertEquals(member.said(), ["Drop"]);
});

Deno.test("Membership.expel gives a member up that makes this one answer a node that does not read", () => {
  const member = new Member(), { scene } = member, bad = member.bring("relayed");
  const next = { node: scene.friend.self.name, port: bad.peer };
  const end = { old: bad.peer, first: 0, next };
  let said = "Relayed Accepted";
  for (let i = 0; i < 10_000 && said === "Relayed Accepted"; i++) {
    const message = forgedMessage(scene.names.next(), bad.peer, 0, undefined, [end]);
    assertEquals(scene.attack(forgedRelayed(bad.name, message)), null);
    said = member.said()[0]!;
  }
  assertEquals(said, "Drop");
  assertLost(bad, "unsent-answers-elsewhere");
  assert(scene.isCalm());
});

/** A pipe between the hostile member and the friend, relayed by an honest broker in between. */
function siblings(scene: Scene): { end: Port; peer: Name; seq: number } {
  const { victim, friend } = scene, { port, peer } = scene.pipeToEnemy();
  scene.send(victim, scene.calm, new Uint8Array(1), [port]);
  scene.settle();
  const end = scene.hold(scene.calmPeer.queue!.shift()!.ports[0]!);
  // The broker's proxy asks to be skipped.
  assertEquals(scene.attack(forged(EventType.Skip, port.name, peer, 0)), null);
  scene.settle();
  assertEquals(end.prevNode?.name, scene.enemy);
  assertEquals(end.nextNode?.name, scene.enemy);
  assertEquals(friend.links().length, 2);
  return { end, peer, seq: end.inSeq };
}

Deno.test("Membership.expel costs a hostile member only the pair when the broker is honest", () => {
  const attacks: [
    string,
    (end: Port, peer: Name, seq: number) => Uint8Array<ArrayBuffer>,
  ][] = [
    ["skip-not-asked", (end, peer, seq) => forged(EventType.Skip, end.name, peer, seq)],
    ["accepted-not-moving", (end, peer) => forgedAccepted(end.name, peer)],
  ];
  for (const [rule, make] of attacks) {
    const scene = new Scene(LIMITS.tiny, { enemy: "member", friend: "member" });
    const { end, peer, seq } = siblings(scene), name = scene.friend.self.name;
    const told = scene.drain(scene.link).map(nameOf);
    assertEquals(
      told.filter((frame) => !EventType[frame as keyof typeof EventType]),
      ["Introduce relayed", "Relayed Hello"],
    );
    assertEquals(
      scene.attack(forgedRelayed(name, forgedMessage(end.name, peer, seq))),
      null,
    );
    scene.settle();
    assertEquals(end.queue!.length, 1);

    assertEquals(scene.attack(forgedRelayed(name, make(end, peer, seq + 1))), null);
    scene.settle();
    assertLost({ port: end }, rule);
    assertEquals(end.queue!.length, 1, "what has arrived is not taken away");
    assertEquals(scene.drain(scene.link).map(nameOf), ["Lost pair"]);
    assertEquals([scene.victim.links().length, scene.friend.links().length], [2, 1]);
    assert(scene.isCalm());
    // It does not come back: not by asking, and not by going on.
    assertEquals(scene.attack(forgedNodeFrame(NodeFrameType.Ask, name)), null);
    assertEquals(
      scene.attack(forgedRelayed(name, forgedMessage(end.name, peer, 9))),
      null,
    );
    assertEquals(scene.drain(scene.link).map(nameOf), ["Lost pair"]);
    assertEquals(scene.drain(scene.toFriend), []);
    assert(scene.isCalm());
  }
});

Deno.test("Membership lets 64 members wait that one neighbor named, and one more counts as lost", () => {
  const limits = { ...LIMITS.tiny, maxPipes: 1000, maxPipesPerMessage: 300 };
  const scene = new Scene(limits, { friend: "broker" });
  const { port, peer } = scene.pipeToEnemy();
  const ends = Array.from({ length: 65 }, () => ({
    old: scene.names.next(),
    first: 0,
    next: { node: scene.names.next(), port: scene.names.next() },
  }));
  const first = forgedMessage(port.name, peer, 0, undefined, ends);
  assertEquals(scene.attack(first), null);
  const ports = port.queue!.peek()!.ports, last = ports[64]!;
  for (const [i, each] of ports.slice(0, 64).entries()) {
    assertEquals(each.nextNode?.name, ends[i]!.next.node);
  }
  assertEquals([last.nextNode, last.state], [null, PortState.Open]);
  assertStringIncludes(last.detail, "knows no way to");
  const asked = scene.drain(scene.toFriend).map(nameOf);
  assertEquals(asked.filter((name) => name === "Ask").length, 64);

  // One that is told about makes room for one more.
  const introduce = forgedIntroduce(ends[0]!.next.node);
  assertEquals(scene.attack(introduce, scene.toFriend), null);
  const more = forgedMessage(port.name, peer, 1, undefined, ends.slice(64));
  assertEquals(scene.attack(more), null);
  const again = forgedMessage(port.name, peer, 2, undefined, [{
    ...ends[0]!,
    next: { node: scene.names.next(), port: peer },
  }]);
  assertEquals(scene.attack(again), null);
  port.queue!.shift();
  assertEquals(port.queue!.shift()!.ports[0]!.nextNode?.name, ends[64]!.next.node);
  assertEquals(port.queue!.shift()!.ports[0]!.nextNode, null);
});

for (const state of STATES) {
  for (const flags of [0, LOST_PAIR]) {
    const pair = flags === LOST_PAIR, what = pair ? "a pair" : "a node";
    Deno.test(`Membership.accept ends the routes to a member that is ${state} when ${what} is lost`, () => {
      const member = new Member(), { scene } = member, other = member.bring(state);
      const route = member.bring(state), second = member.route(route.name);
      const lost = forgedNodeFrame(Lost, route.name, flags);
      assertEquals(scene.attack(lost), null);
      for (const each of [route, second]) {
        assertLost(each, pair ? "the two were cut off from each other" : "it has ended");
      }
      assertEquals(member.linkTo(route.name), null);
      assert(!scene.victim.membership.lost(scene.link).includes(route.link));
      assertEquals(member.said(), [], "the broker is told what it told");
      assertEquals(member.cancelled, state === "meeting" ? [member.meetings[1]!] : []);
      assertAlive(other);
      assert(scene.isCalm());
      assertEquals(scene.attack(lost), null);
      assertEquals(member.cancelled.length, state === "meeting" ? 1 : 0);
      // The transport of a meeting may come too late.
      for (const meeting of member.meetings.slice(1)) {
        const { membership } = scene.victim;
        membership.ready(meeting);
        membership.failed(meeting);
        assert(meeting.over && !membership.met(meeting));
      }
      assertEquals(member.said(), []);

      const { port, peer } = scene.pipeToEnemy();
      const next = { node: route.name, port: scene.names.next() };
      assertEquals(scene.attack(forgedBypass(port.name, peer, next)), null);
      // A node that is gone is asked about again; who was cut off is not.
      assertEquals(member.said(), pair ? ["Skip"] : ["Ask", "Skip"]);
      assertEquals(port.nextNode === null, pair);
      assertEquals(scene.attack(forgedIntroduce(route.name)), null);
      assertEquals(member.said(), pair ? ["Drop"] : ["Relayed Hello"]);
      assertEquals(member.linkTo(route.name) === null, pair);
    });
  }
}

Deno.test("Membership.accept knows a Lost to be stale that is of the broker or of a stranger", () => {
  const member = new Member(), { scene } = member, before = scene.victim.links().length;
  for (const flags of [0, LOST_PAIR]) {
    for (const name of [scene.enemy, scene.names.next()]) {
      assertEquals(scene.attack(forgedNodeFrame(Lost, name, flags)), null);
    }
  }
  assertEquals(member.said(), []);
  assertEquals(scene.victim.links().length, before);
  assert(scene.isCalm());
});

Deno.test("Membership.lost ends what only the broker could reach, and lets direct links live", () => {
  const member = new Member(), { scene } = member;
  const [waiting, meeting, relayed, direct] = STATES.map((state) => member.bring(state));
  // The other side has been heard of, so that nothing hangs on the link over which it was named.
  const heard = ({ port, peer }: Route) => forged(EventType.Hello, port.name, peer, 0);
  assertEquals(scene.attack(forgedRelayed(relayed!.name, heard(relayed!))), null);
  assertEquals(scene.attack(heard(direct!), direct!.link), null);
  scene.victim.disconnect(scene.link, "killed");
  for (const route of [waiting!, meeting!]) assertLost(route, "killed");
  assertLost(relayed!, "whoever connected the two has ended");
  for (const route of [waiting!, meeting!, relayed!]) {
    assertEquals(member.linkTo(route.name), null);
    assertEquals(route.link.neighbor.lostReason, "whoever connected the two has ended");
  }
  assertEquals(member.cancelled, [member.meetings[0]!]);
  assertAlive(direct!);
  scene.drain(direct!.link);
  assert(scene.send(scene.victim, direct!.port, new Uint8Array([7])));
  assertEquals(payloads(scene.drain(direct!.link)), [7]);
  const { port, peer } = direct!, frame = forgedMessage(port.name, peer, 1);
  assertEquals(scene.attack(frame, direct!.link), null);
  assertEquals(port.queue!.length, 1);
  // Nobody can be asked any more: whoever is named is lost, with a reason.
  const next = { node: scene.names.next(), port: peer };
  assertEquals(scene.attack(forgedBypass(port.name, peer, next), direct!.link), null);
  assertEquals(port.nextNode, null);
  assertEquals(scene.victim.links().length, 2);
  assert(scene.isCalm());
  // The end of a direct link is told to nobody, as there is nobody.
  scene.victim.disconnect(direct!.link, "killed");
  assertEquals(scene.link.take(), null);
});

Deno.test("Membership.accept changes nothing for two that are linked or relayed already", () => {
  for (const state of ["relayed", "direct"] as const) {
    const member = new Member(), { scene } = member, route = member.bring(state);
    const { maxFrameBytes } = route.link.output, { maxPipesPerMessage } = route.link;
    const before = member.meetings.length;
    for (const as of [IntroduceAs.Relayed, Host, Guest]) {
      const how = { as, maxFrameBytes: 500, maxPipesPerMessage: 1 };
      assertEquals(scene.attack(forgedIntroduce(route.name, how)), null);
    }
    assertEquals(route.link.output.maxFrameBytes, maxFrameBytes);
    assertEquals(route.link.maxPipesPerMessage, maxPipesPerMessage);
    assertEquals([member.meetings.length, member.cancelled.length], [before, 0]);
    scene.drain(route.link);
    scene.send(scene.victim, route.port, new Uint8Array([9]));
    assertEquals(payloads(scene.drain(scene.link)), state === "relayed" ? [9] : []);
    assertEquals(payloads(scene.drain(route.link)), state === "direct" ? [9] : []);
    assertAlive(route);
  }
});

Deno.test("Membership.accept calls a meeting off when the two are to be relayed", () => {
  const member = new Member(), { scene } = member, { membership } = scene.victim;
  const route = member.bring("meeting"), [meeting] = member.meetings;
  scene.send(scene.victim, route.port, new Uint8Array([1]));
  member.introduce(route.name, IntroduceAs.Relayed);
  meeting!.cancel();
  assertEquals(member.cancelled, [meeting!]);
  assertEquals(payloads(scene.drain(scene.link)), [1]);
  membership.ready(meeting!);
  membership.failed(meeting!);
  assert(!membership.met(meeting!));
  assertEquals(member.said(), []);
});

Deno.test("Membership.accept learns what the other member takes, and ends the route of a message that waits and is longer", () => {
  const cases: [frame: number, pipes: number, fits: boolean][] = [
    [2048, 2, true],
    [2047, 2, false],
    [2048, 1, false],
    [0, 0, false],
  ];
  for (const [maxFrameBytes, maxPipesPerMessage, fits] of cases) {
    for (const as of [IntroduceAs.Relayed, Host, Guest]) {
      const member = new Member(), { scene } = member, route = member.route();
      const [one] = scene.pipeToFriend(), [two] = scene.pipeToFriend();
      const payload = new Uint8Array(2048 - FORWARD_HEAD_BYTES - 2 * 64);
      assert(scene.send(scene.victim, route.port, payload, [one, two]));
      scene.send(scene.victim, route.port, new Uint8Array(1));
      const how = { as, maxFrameBytes, maxPipesPerMessage };
      assertEquals(scene.attack(forgedIntroduce(route.name, how)), null);
      if (fits) {
        assertAlive(route);
        assertEquals(route.link.output.maxFrameBytes, maxFrameBytes);
        assertEquals(route.link.maxPipesPerMessage, maxPipesPerMessage);
        continue;
      }
      assertLost(route, "longer than it takes");
      assertEquals([member.said(), member.meetings.length], [["Drop"], 0]);
      assertEquals([one.state, two.state], [PortState.Gone, PortState.Gone]);
      assert(scene.isCalm());
    }
  }
});

Deno.test("Membership never lets a member send what the broker could not pass on", () => {
  const member = new Member(), { scene } = member, { link } = member.route();
  const most = LIMITS.tiny.maxFrameBytes - NODE_FRAME_BYTES;
  assertEquals(link.output.maxFrameBytes, most);
  const how = { maxFrameBytes: 0xffffffff, maxPipesPerMessage: 0xffffffff };
  assertEquals(scene.attack(forgedIntroduce(link.neighbor.name, how)), null);
  assertEquals(link.output.maxFrameBytes, most);
  assertEquals(link.maxPipesPerMessage, LIMITS.tiny.maxPipesPerMessage);
});

Deno.test("Membership sends what waits before what comes later, relayed or direct", () => {
  for (const as of [IntroduceAs.Relayed, Host, Guest]) {
    const member = new Member(), { scene } = member, { victim } = scene;
    const { name, port, link } = member.route();
    const send = (...data: number[]) => {
      for (const each of data) scene.send(victim, port, new Uint8Array([each]));
    };
    send(0, 1);
    member.introduce(name, as);
    const relayed = as === IntroduceAs.Relayed;
    if (!relayed) {
      send(2, 3);
      assert(victim.membership.met(member.meetings[0]!));
      send(4);
      link.start(OUTLET);
      assertEquals(member.said(), as === Guest ? ["Met"] : []);
    } else send(2, 3, 4);
    send(5);
    const way = relayed ? scene.link : link;
    const frames = scene.drain(way);
    assertEquals(nameOf(frames[0]!), relayed ? "Relayed Hello" : "Hello");
    assertEquals(payloads(frames), [0, 1, 2, 3, 4, 5]);
    send(6);
    const rest = scene.drain(way);
    assertEquals([rest.length, ...payloads(rest)], [1, 6]);
    if (relayed) {
      assert(rest.every((frame) => name.matches(new DataView(frame.buffer), NODE)));
    }
    assertEquals(member.said(), []);
  }
});

Deno.test("Membership is relayed when there is nobody who meets", () => {
  for (const as of [Host, Guest]) {
    const member = new Member(false), { scene } = member, route = member.route();
    scene.send(scene.victim, route.port, new Uint8Array([3]));
    member.introduce(route.name, as);
    assertEquals(member.said(), ["Failed"]);
    assert(!route.link.started);
    member.introduce(route.name, IntroduceAs.Relayed);
    assertEquals(payloads(scene.drain(scene.link)), [3]);
    assertAlive(route);
  }
});

Deno.test("Membership says once how a meeting went, and tells either side its own token", () => {
  for (const [as, role] of [[Host, "host"], [Guest, "guest"]] as const) {
    const member = new Member(), { scene } = member, { membership } = scene.victim;
    const route = member.route(), hostToken = scene.names.next();
    const guestToken = scene.names.next(), means = new Uint8Array([1, 2, 3]);
    const how = { as, hostToken, guestToken, means };
    assertEquals(scene.attack(forgedIntroduce(route.name, how)), null);
    const [meeting] = member.meetings;
    assertEquals([meeting!.role, meeting!.over], [role, false]);
    assertEquals(meeting!.link, route.link);
    assertEquals(meeting!.means, means);
    assertEquals(meeting!.ownToken, role === "host" ? hostToken : guestToken);
    assertEquals(meeting!.otherToken, role === "host" ? guestToken : hostToken);
    // A guest has nobody to wait for.
    membership.ready(meeting!);
    membership.ready(meeting!);
    assertEquals(member.said(), role === "host" ? ["Ready"] : []);
    membership.failed(meeting!);
    membership.failed(meeting!);
    membership.ready(meeting!);
    assert(!membership.met(meeting!));
    assertEquals(member.said(), ["Failed"]);
    assertEquals(member.cancelled, []);
    assertAlive(route);
  }
});

Deno.test("Membership.lost says Drop once when a direct link ends", () => {
  const member = new Member(), { scene } = member, route = member.bring("direct");
  scene.victim.disconnect(route.link, "the cable was cut");
  assertLost(route, "the cable was cut");
  assertEquals(member.said(), ["Drop"]);
  // The broker's word may have crossed it.
  assertEquals(scene.attack(forgedNodeFrame(Lost, route.name, LOST_PAIR)), null);
  scene.victim.disconnect(route.link, "again");
  assertEquals(member.said(), []);
  assert(scene.isCalm());
});

/** Two members and the broker that both are linked to. Frames are carried one link at a time. */
class Network {
  readonly broker: Node = newNode(1);
  readonly host: Node = newNode(2);
  readonly guest: Node = newNode(3);
  readonly meetings: Map<Node, Meeting> = new Map();
  /** The frames about nodes that were carried since the last look. */
  readonly #log: string[] = [];
  readonly #lanes: { what: string; from: Link; node: Node; to: Link }[] = [];

  constructor(arranges: boolean) {
    const arranged = { host: new Uint8Array(1), guest: new Uint8Array(2) };
    for (const [name, node] of [["host", this.host], ["guest", this.guest]] as const) {
      const [down, up] = this.join(this.broker, "member", "broker", node, "broker", name);
      up.start(OUTLET);
      down.start(OUTLET);
      if (arranges) down.point = { arrange: () => arranged };
      node.membership.onMeeting = (meeting) => this.meetings.set(node, meeting);
    }
  }

  /** Links two nodes. */
  join(
    one: Node,
    oneRole: Role,
    oneName: string,
    two: Node,
    twoRole: Role,
    name: string,
  ) {
    const { tiny } = LIMITS;
    const links = [
      one.connect(two.self.name, oneRole, tiny, tiny)!,
      two.connect(one.self.name, twoRole, tiny, tiny)!,
    ] as const;
    this.lay(oneName, links[0], one, name, links[1], two);
    return links;
  }

  /** Carries frames between two links from now on. */
  lay(
    oneName: string,
    one: Link,
    oneNode: Node,
    name: string,
    two: Link,
    node: Node,
  ): void {
    this.#lanes.push({ what: `${oneName} to ${name}`, from: one, node, to: two });
    this.#lanes.push({
      what: `${name} to ${oneName}`,
      from: two,
      node: oneNode,
      to: one,
    });
  }

  /** Carries everything until all are quiet. Returns the frames about nodes, in order. */
  carry(): string[] {
    for (let moved = true; moved;) {
      moved = false;
      for (const { what, from, node, to } of this.#lanes) {
        const taken = from.take();
        if (taken === null) continue;
        moved = true;
        const bytes = taken.slice(), view = new DataView(bytes.buffer);
        from.written(taken);
        forEachFrame(bytes, (start, end) => {
          const name = nameOf(bytes.subarray(start, end));
          if (bytes[start + 4]! >= NodeFrameType.Ask || !what.includes("broker")) {
            this.#log.push(`${what}: ${name}`);
          }
          assertEquals(node.accept(to, bytes, view, start, end), null);
        });
      }
    }
    return this.#log.splice(0);
  }

  /** A pipe between the broker and one of the two: the broker's end, and the other. */
  pipe(node: Node): [Port, Port] {
    const lane = this.#lanes.find((lane) => lane.node === node)!;
    const [kept, given] = this.broker.createPipe(), out = new Encoder(4096);
    hold(kept, given);
    out.begin(0);
    this.broker.handOver(given, lane.from, out);
    const port = node.takeOver(lane.to, out.view, 0);
    hold(port);
    assertEquals(this.carry(), []);
    return [kept, port];
  }

  /** The broker gives the host its end of a pipe with the guest. The host's new end, once it came. */
  give(): { take: () => Port; far: Port } {
    const [carrier, reader] = this.pipe(this.host), [given, far] = this.pipe(this.guest);
    send(this.broker, carrier, 0, given);
    return { take: () => hold(reader.queue!.shift()!.ports[0]!), far };
  }
}

function newNode(seed: number): Node {
  return new Node(new NameSource(seededEnvironment(seed)), LIMITS.tiny);
}

function hold(...ports: Port[]): Port {
  for (const port of ports) {
    port.holder = ports;
    port.container = null;
  }
  return ports[0]!;
}

function send(node: Node, port: Port, data: number, ...ports: Port[]): void {
  const out = node.beginBytes(port);
  out.need(1);
  out.bytes[out.at++] = data;
  out.handles.push(...ports);
  assert(node.commit(port, out, false));
}

function read(port: Port): number[] {
  const data: number[] = [];
  for (let entry = port.queue?.shift(); entry; entry = port.queue!.shift()) {
    data.push(entry.bytes[entry.start]!);
  }
  return data;
}

Deno.test("Membership and Broker make a direct link with six frames, and then nothing passes the broker", () => {
  const net = new Network(true),
    { host, guest, broker } = net,
    { take, far } = net.give();
  const asked = net.carry();
  assertEquals(asked, [
    "host to broker: Ask",
    "guest to broker: Ask",
    "broker to host: Introduce host",
  ]);
  const end = take(), hosting = net.meetings.get(host)!;
  assertEquals(net.meetings.get(guest), undefined, "the guest is told too early");
  send(host, end, 1);
  send(guest, far, 2);
  assertEquals(net.carry(), []);

  host.membership.ready(hosting);
  assertEquals(net.carry(), [
    "host to broker: Ready",
    "broker to guest: Introduce guest",
  ]);
  const visiting = net.meetings.get(guest)!;
  assertEquals([hosting.role, visiting.role], ["host", "guest"]);
  assertEquals([hosting.means.length, visiting.means.length], [1, 2]);
  assertEquals(visiting.ownToken, hosting.otherToken);
  assertEquals(visiting.otherToken, hosting.ownToken);

  assert(guest.membership.met(visiting));
  visiting.link.start(OUTLET);
  assert(host.membership.met(hosting));
  hosting.link.start(OUTLET);
  net.lay("host", hosting.link, host, "guest", visiting.link, guest);
  const met = net.carry();
  assertEquals(met.filter((line) => line.includes("broker")), ["guest to broker: Met"]);
  assertEquals(met.filter((line) => line.endsWith("Message")), [
    "host to guest: Message",
    "guest to host: Message",
  ]);
  assertEquals([read(far), read(end)], [[1], [2]]);
  // All that the broker keeps is its end of its own pipe with the host.
  assertEquals(broker.ports.size, 1);
  for (const link of broker.links()) assertEquals(link.take(), null);
  send(host, end, 3);
  send(guest, far, 4);
  assertEquals(net.carry(), ["host to guest: Message", "guest to host: Message"]);
  assertEquals([read(far), read(end)], [[3], [4]]);
  guest.close(far);
  assertEquals(net.carry(), ["guest to host: Closed", "host to guest: Closed"]);
  assertEquals(end.reason, "closed");
  assertEquals([broker.broker.relayedEvents, broker.broker.directLinks], [0, 1]);
});

Deno.test("Membership and Broker relay between two that cannot meet, and all that waited arrives in order", () => {
  const net = new Network(false),
    { host, guest, broker } = net,
    { take, far } = net.give();
  send(guest, far, 0);
  send(guest, far, 1);
  const lines = net.carry();
  assertEquals(lines.filter((line) => !line.includes("Relayed")), [
    "host to broker: Ask",
    "broker to guest: Introduce relayed",
    "broker to host: Introduce relayed",
  ]);
  assert(lines.includes("host to broker: Relayed Hello"), `${lines}`);
  const end = take();
  assertEquals(read(end), [0, 1]);
  assertEquals(broker.ports.size, 1);
  send(host, end, 2);
  send(guest, far, 3);
  assertEquals(net.carry(), [
    "host to broker: Relayed Message",
    "broker to guest: Relayed Message",
    "guest to broker: Relayed Message",
    "broker to host: Relayed Message",
  ]);
  assertEquals([read(far), read(end)], [[2], [3]]);
  host.close(end);
  assertEquals(net.carry(), [
    "host to broker: Relayed Closed",
    "broker to guest: Relayed Closed",
    "guest to broker: Relayed Closed",
    "broker to host: Relayed Closed",
  ]);
  assertEquals(far.reason, "closed");
});

Deno.test("Membership and Broker relay after one of the two could not meet", () => {
  for (const who of ["host", "guest"] as const) {
    const net = new Network(true), { host, guest } = net, { take, far } = net.give();
    net.carry();
    const end = take();
    send(host, end, 1);
    send(guest, far, 2);
    if (who === "guest") host.membership.ready(net.meetings.get(host)!);
    net.carry();
    net[who].membership.failed(net.meetings.get(net[who])!);
    const lines = net.carry();
    const [failed, ...rest] = lines.filter((line) => !line.includes(": Relayed"));
    assertEquals([failed, ...rest.sort()], [
      `${who} to broker: Failed`,
      "broker to guest: Introduce relayed",
      "broker to host: Introduce relayed",
    ]);
    assert([...net.meetings.values()].every((meeting) => meeting.over));
    assertEquals([read(far), read(end)], [[1], [2]]);
  }
});

Deno.test("Membership and Broker lose a pair whose host gave up as the guest came", () => {
  const net = new Network(true),
    { host, guest, broker } = net,
    { take, far } = net.give();
  net.carry();
  const end = take(), hosting = net.meetings.get(host)!;
  host.membership.ready(hosting);
  net.carry();
  const visiting = net.meetings.get(guest)!;
  assert(guest.membership.met(visiting));
  visiting.link.start(OUTLET);
  host.membership.failed(hosting);
  // What the guest has said directly is gone with the transport.
  send(guest, far, 1);
  visiting.link.take();
  net.carry();
  for (const port of [end, far]) assertLost({ port }, "cut off from each other");
  assertEquals([host.links().length, guest.links().length], [1, 1]);
  assertEquals(broker.links().length, 2);
  assertEquals(net.carry(), []);
});

Deno.test("Membership and Broker end the routes to a member that dies, and forget it", () => {
  for (const arranges of [false, true]) {
    const net = new Network(arranges),
      { host, guest, broker } = net,
      { take } = net.give();
    net.carry();
    const end = take(), name = guest.self.name;
    const dead = broker.links().find((link) => link.neighbor.name.equals(name))!;
    broker.disconnect(dead, "killed");
    assertEquals(net.carry(), ["broker to host: Lost node"]);
    assertLost({ port: end }, "it has ended");
    assertEquals(host.links().length, 1);
  }
});

Deno.test("Membership.accept leaves alone what the broker has no part in", () => {
  for (const friend of ["member", "peer"] as const) {
    const scene = new Scene(LIMITS.tiny, { enemy: "broker", friend });
    for (const name of [scene.friend.self.name, scene.victim.self.name]) {
      for (const flags of [0, LOST_PAIR]) {
        assertEquals(scene.attack(forgedNodeFrame(Lost, name, flags)), null);
      }
    }
    assert(scene.victim.self.link !== null);
    assert(scene.isCalm());
  }
});
