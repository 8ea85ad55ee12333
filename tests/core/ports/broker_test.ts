import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { type Name, NameSource } from "../../../core/names.ts";
import { Broker } from "../../../core/ports/broker.ts";
import type { Link } from "../../../core/ports/link.ts";
import { Members } from "../../../core/ports/members.ts";
import { Neighbors } from "../../../core/ports/neighbors.ts";
import type { Arrangement } from "../../../core/transport.ts";
import { EventType, FORWARD_HEAD_BYTES } from "../../../core/wire/event.ts";
import {
  type Introduction,
  MAX_MEANS_BYTES,
  NODE_FRAME_BYTES,
  NodeFrameType,
  readIntroduce,
} from "../../../core/wire/node_frame.ts";
import {
  forged,
  forgedMessage,
  forgedNodeFrame,
  forgedRelayed,
  nameOf,
  NOTHING_LEFT,
  Scene,
} from "./forgery.ts";
import { seededEnvironment } from "../../sim/random.ts";

const { Ask, Ready, Met, Failed, Drop } = NodeFrameType;

/** A broker between two members. The hostile one asks first, so it is the host of the pair. */
class Pair {
  readonly scene: Scene;
  readonly host: Link;
  readonly guest: Link;

  constructor(arranged: Arrangement | null = means(3, 5)) {
    const scene = this.scene = new Scene(LIMITS.tiny, {
      enemy: "member",
      friend: "member",
    });
    this.host = scene.link;
    this.guest = scene.toFriend;
    this.host.point = {
      arrange: (guest) => guest === this.guest.point ? arranged : null,
    };
    this.guest.point = { arrange: () => null };
  }

  /** The name that the frames of `link` are about: that of the other member. */
  about(link: Link): Name {
    return link === this.host ? this.guest.neighbor.name : this.host.neighbor.name;
  }

  /** Lets one of the two say something about the other. Returns the rule it breaks. */
  say(link: Link, type: number): string | null {
    const name = this.about(link);
    return this.scene.attack(
      type === NodeFrameType.Relayed
        ? forgedRelayed(name, hello(this.scene))
        : forgedNodeFrame(type, name),
      link,
    );
  }

  /** What each of the two is told, after what it was told before. */
  told(): { host: string[]; guest: string[] } {
    return {
      host: this.scene.drain(this.host).map(nameOf),
      guest: this.scene.drain(this.guest).map(nameOf),
    };
  }

  /** Brings the two into a state by the shortest way from none. */
  bring(state: State): this {
    const steps = WAYS[state];
    for (const [who, type] of steps) assertEquals(this.say(this[who], type), null);
    this.told();
    return this;
  }

  /** Finds the state out, by what only that state answers. Nothing else may follow. */
  probe(): State {
    this.told();
    const rule = this.say(this.guest, Failed);
    if (rule === "not-invited") return "Offered";
    if (rule === "met-and-failed") return "Direct";
    assertEquals(rule, null);
    if (this.told().guest.length > 0) return "Invited";
    this.say(this.host, Ask);
    return this.told().host.length > 0 ? "Lost" : "Relayed";
  }
}

type State = "Offered" | "Invited" | "Direct" | "Relayed" | "Lost";
type Side = "host" | "guest";

const WAYS: Record<State, readonly (readonly [Side, number])[]> = {
  Offered: [["host", Ask]],
  Invited: [["host", Ask], ["host", Ready]],
  Direct: [["host", Ask], ["host", Ready], ["guest", Met]],
  Relayed: [["host", Ask], ["host", Failed]],
  Lost: [["host", Ask], ["host", Failed], ["host", Drop]],
};
const STATES = Object.keys(WAYS) as State[];

/** What comes of a frame: a rule, or what the two are told and the state after. */
type Outcome =
  | string
  | readonly [after: State, host?: string | undefined, guest?: string | undefined];

const RELAY = ["Relayed", "Introduce relayed", "Introduce relayed"] as const;
const LOSE = ["Lost", "Lost pair", "Lost pair"] as const;
const TELL_GUEST = ["Lost", undefined, "Lost pair"] as const;
const TELL_HOST = ["Lost", "Lost pair", undefined] as const;

const OUTCOMES: Record<State, Record<`${Side} ${string}`, Outcome>> = {
  Offered: {
    "host Ready": ["Invited", undefined, "Introduce guest"],
    "host Met": "not-guest",
    "host Failed": RELAY,
    "host Drop": TELL_GUEST,
    "host Relayed": "not-relayed",
    "guest Ready": "not-host",
    "guest Met": "not-invited",
    "guest Failed": "not-invited",
    "guest Drop": TELL_HOST,
    "guest Relayed": "not-relayed",
  },
  Invited: {
    "host Ready": "not-host",
    "host Met": "not-guest",
    "host Failed": RELAY,
    "host Drop": TELL_GUEST,
    "host Relayed": "not-relayed",
    "guest Ready": "not-host",
    "guest Met": ["Direct"],
    "guest Failed": RELAY,
    "guest Drop": TELL_HOST,
    "guest Relayed": "not-relayed",
  },
  Direct: {
    "host Ready": "not-host",
    "host Met": "not-guest",
    "host Failed": LOSE,
    "host Drop": TELL_GUEST,
    "host Relayed": "not-relayed",
    "guest Ready": "not-host",
    "guest Met": "not-invited",
    "guest Failed": "met-and-failed",
    "guest Drop": TELL_HOST,
    "guest Relayed": "not-relayed",
  },
  Relayed: {
    "host Ready": ["Relayed"],
    "host Met": "not-guest",
    "host Failed": ["Relayed"],
    "host Drop": TELL_GUEST,
    "host Relayed": ["Relayed", undefined, "Relayed Hello"],
    "guest Ready": ["Relayed"],
    "guest Met": LOSE,
    "guest Failed": ["Relayed"],
    "guest Drop": TELL_HOST,
    "guest Relayed": ["Relayed", "Relayed Hello"],
  },
  Lost: {
    "host Ready": ["Lost"],
    "host Met": ["Lost"],
    "host Failed": ["Lost"],
    "host Drop": ["Lost"],
    "host Relayed": ["Lost"],
    "guest Ready": ["Lost"],
    "guest Met": ["Lost"],
    "guest Failed": ["Lost"],
    "guest Drop": ["Lost"],
    "guest Relayed": ["Lost"],
  },
};

/** What members say about others, other than Ask. */
const SAYINGS: Record<string, number> = {
  Ready,
  Met,
  Failed,
  Drop,
  Relayed: NodeFrameType.Relayed,
};

function means(host: number, guest: number): Arrangement {
  return { host: new Uint8Array(host).fill(1), guest: new Uint8Array(guest).fill(2) };
}

function hello(scene: Scene): Uint8Array<ArrayBuffer> {
  return forged(EventType.Hello, scene.names.next(), scene.names.next(), 0);
}

function read(frame: Uint8Array<ArrayBuffer>): Introduction {
  return readIntroduce(frame, new DataView(frame.buffer), 0, frame.length);
}

for (const state of STATES) {
  Deno.test(`Broker.accept does what the diagram says when a pair is ${state}`, () => {
    for (const side of ["host", "guest"] as const) {
      for (const [name, type] of Object.entries(SAYINGS)) {
        const pair = new Pair().bring(state),
          outcome = OUTCOMES[state][`${side} ${name}`]!;
        const where = `${name} of the ${side}`;
        const rule = pair.say(pair[side], type);
        if (typeof outcome === "string") {
          assertEquals(rule, outcome, where);
          assertEquals(pair.told(), { host: [], guest: [] }, where);
          assertEquals(pair.probe(), state, where);
          continue;
        }
        const [after, host, guest] = outcome;
        assertEquals(rule, null, where);
        assertEquals(pair.told(), {
          host: host === undefined ? [] : [host],
          guest: guest === undefined ? [] : [guest],
        }, where);
        assertEquals(pair.probe(), after, where);
      }
    }
  });

  Deno.test(`Broker.accept answers who asks again when a pair is ${state} only if it is lost`, () => {
    for (const side of ["host", "guest"] as const) {
      const pair = new Pair().bring(state);
      for (let times = 0; times < 2; times++) {
        assertEquals(pair.say(pair[side], Ask), null);
        const answer = state === "Lost" ? ["Lost pair"] : [];
        assertEquals(pair.told(), { host: [], guest: [], [side]: answer });
      }
      assertEquals(pair.probe(), state);
    }
  });

  Deno.test(`Broker.lost tells the other side once when a member of a pair that is ${state} dies`, () => {
    for (const side of ["host", "guest"] as const) {
      const pair = new Pair().bring(state), { scene } = pair;
      const rest = side === "host" ? pair.guest : pair.host;
      const dead = pair[side];
      scene.victim.disconnect(dead, "killed");
      // Those that are lost to each other know no more of each other than that.
      const told = state === "Lost" ? [] : ["Lost node"];
      assertEquals(scene.drain(rest).map(nameOf), told);
      for (const type of Object.values(SAYINGS)) {
        assertEquals(pair.say(rest, type), null, "a frame that crossed the end");
      }
      assertEquals(scene.drain(rest), []);
      // Nothing is left of the pair, not even that it was lost.
      assertEquals(pair.say(rest, Ask), null);
      assertEquals(scene.drain(rest).map(nameOf), ["Lost node"]);
      scene.victim.disconnect(rest, "killed too");
      assertEquals(scene.drain(dead), []);
      assertEquals(scene.victim.links(), []);
    }
  });
}

Deno.test("Broker.accept tells the two what they need to meet, each its own", () => {
  const pair = new Pair(), { scene, host, guest } = pair;
  host.output.maxFrameBytes = 5000;
  guest.output.maxFrameBytes = 4000;
  host.maxPipesPerMessage = 3;
  guest.maxPipesPerMessage = 7;
  pair.say(host, Ask);
  const [toHost] = scene.drain(host);
  assertEquals(nameOf(toHost!), "Introduce host");
  assert(guest.neighbor.name.matches(new DataView(toHost!.buffer), 8));
  assertEquals(scene.drain(guest), [], "the guest is told before the host is ready");
  pair.say(host, Ready);
  const [toGuest] = scene.drain(guest);
  assertEquals(nameOf(toGuest!), "Introduce guest");
  assert(host.neighbor.name.matches(new DataView(toGuest!.buffer), 8));
  assertEquals(scene.drain(host), []);

  const one = read(toHost!), two = read(toGuest!);
  assertEquals(one.means, means(3, 5).host);
  assertEquals(two.means, means(3, 5).guest);
  for (const how of [one, two]) {
    assertEquals(how.maxFrameBytes, 4000 - NODE_FRAME_BYTES);
    assertEquals(how.maxPipesPerMessage, 3);
    assertEquals(how.hostToken, one.hostToken);
    assertEquals(how.guestToken, one.guestToken);
  }
  assert(!one.hostToken.equals(one.guestToken));
  // What the members of one pair know opens nothing to another pair.
  const third = scene.names.next();
  scene.victim.connect(third, "member", LIMITS.tiny, LIMITS.tiny)!.point = guest.point;
  assertEquals(scene.attack(forgedNodeFrame(Ask, third)), null);
  const another = read(scene.drain(host)[0]!);
  assert(!another.hostToken.equals(one.hostToken));
  assert(!another.guestToken.equals(one.guestToken));
});

Deno.test("Broker.accept relays the two when there is no way for them to meet", () => {
  const arranged = new Pair(null), hostless = new Pair(), guestless = new Pair();
  hostless.host.point = null;
  guestless.guest.point = null;
  for (const pair of [arranged, hostless, guestless]) {
    assertEquals(pair.say(pair.host, Ask), null);
    const [toHost] = pair.scene.drain(pair.host),
      [toGuest] = pair.scene.drain(pair.guest);
    for (const frame of [toHost!, toGuest!]) {
      assertEquals(nameOf(frame), "Introduce relayed");
      assertEquals(read(frame).means.length, 0);
      assertEquals(read(frame).maxFrameBytes, 65_536 - NODE_FRAME_BYTES);
    }
    assertEquals(pair.probe(), "Relayed");
  }
});

Deno.test("Broker.accept relays the two when the means of one are longer than fits", () => {
  const max = MAX_MEANS_BYTES;
  for (const [host, guest] of [[max + 1, 0], [0, max + 1], [max + 1, max + 1]]) {
    const pair = new Pair(means(host!, guest!));
    pair.say(pair.host, Ask);
    assertEquals(pair.told(), {
      host: ["Introduce relayed"],
      guest: ["Introduce relayed"],
    });
  }
  const pair = new Pair(means(max, max));
  pair.say(pair.host, Ask);
  pair.say(pair.host, Ready);
  assertEquals(pair.told(), { host: ["Introduce host"], guest: ["Introduce guest"] });
});

Deno.test("Broker.accept introduces two that ask for each other at the same time once", () => {
  for (const arranged of [null, means(1, 1)]) {
    const pair = new Pair(arranged);
    assertEquals(pair.say(pair.host, Ask), null);
    assertEquals(pair.say(pair.guest, Ask), null);
    const { host, guest } = pair.told();
    assertEquals(host, [arranged ? "Introduce host" : "Introduce relayed"]);
    assertEquals(guest, arranged ? [] : ["Introduce relayed"]);
  }
});

Deno.test("Broker.accept drops a member that asks for itself or for the broker", () => {
  const pair = new Pair(), { scene } = pair;
  for (const name of [scene.enemy, scene.victim.self.name]) {
    assertEquals(scene.attack(forgedNodeFrame(Ask, name)), "asked-for-known");
  }
  assertEquals(pair.told(), { host: [], guest: [] });
  assert(scene.isCalm());
});

Deno.test("Broker.accept says that a node is lost which it does not know or which is no member", () => {
  const pair = new Pair(), { scene } = pair, peer = scene.names.next();
  const toPeer = scene.victim.connect(peer, "peer", LIMITS.tiny, LIMITS.tiny)!;
  for (const name of [peer, scene.names.next()]) {
    assertEquals(scene.attack(forgedNodeFrame(Ask, name)), null);
    const [answer, ...rest] = scene.drain(pair.host);
    assertEquals([nameOf(answer!), rest.length], ["Lost node", 0]);
    assert(name.matches(new DataView(answer!.buffer), 8));
  }
  assertEquals(scene.drain(toPeer), []);
  // The member and the pipe of the other one live.
  assertEquals(scene.victim.links().length, 3);
  assert(scene.isCalm());
});

Deno.test("Broker.accept drops a member that asks without reading the answers", () => {
  const pair = new Pair(), { scene, host } = pair;
  const frame = () => forgedNodeFrame(Ask, scene.names.next());
  const most = Math.floor(LIMITS.tiny.maxUnsentReplyBytes / NODE_FRAME_BYTES);
  for (let i = 0; i < most; i++) assertEquals(scene.attack(frame()), null);
  assertEquals(host.unsentAnswerBytes, most * NODE_FRAME_BYTES);
  assertEquals(scene.attack(frame()), "unsent-answers");
  assert(scene.isCalm());
  scene.drop();
  assertEquals(scene.leftovers(), NOTHING_LEFT);

  // Whoever reads may go on.
  const reader = new Pair().scene;
  for (let i = 0; i < 2 * most; i++) {
    reader.attack(forgedNodeFrame(Ask, reader.names.next()));
    if (i % 100 === 0) reader.drain(reader.link);
  }
  reader.drain(reader.link);
  assertEquals(reader.link.unsentAnswerBytes, 0);
  assertEquals(reader.link.excess, null);
});

Deno.test("Broker.accept drops a member that asks again and again for one that is lost to it", () => {
  const pair = new Pair().bring("Lost");
  const most = Math.floor(LIMITS.tiny.maxUnsentReplyBytes / NODE_FRAME_BYTES);
  for (let i = 0; i < most; i++) assertEquals(pair.say(pair.host, Ask), null);
  assertEquals(pair.say(pair.host, Ask), "unsent-answers");
});

Deno.test("Broker.accept drops a member that speaks of one it was not introduced to", () => {
  for (const [name, type] of Object.entries(SAYINGS)) {
    const pair = new Pair(), { scene } = pair, peer = scene.names.next();
    scene.victim.connect(peer, "peer", LIMITS.tiny, LIMITS.tiny)!;
    const about = (node: Name) =>
      scene.attack(
        name === "Relayed"
          ? forgedRelayed(node, hello(scene))
          : forgedNodeFrame(type, node),
      );
    for (const node of [scene.friend.self.name, scene.enemy, scene.victim.self.name]) {
      assertEquals(about(node), "not-introduced", name);
    }
    // It may have been a member that has ended, or be one of another network.
    for (const node of [scene.names.next(), peer]) assertEquals(about(node), null, name);
    assertEquals(pair.told(), { host: [], guest: [] });
    assert(scene.isCalm());
  }
});

Deno.test("Broker.accept drops a member that says what only a broker says", () => {
  const pair = new Pair().bring("Relayed");
  for (const type of [NodeFrameType.Introduce, NodeFrameType.Lost]) {
    assertEquals(pair.say(pair.host, type), "role");
  }
  assertEquals(pair.told(), { host: [], guest: [] });
  assertEquals(pair.probe(), "Relayed");
});

Deno.test("Broker.accept passes an event on under the name of the member it came from", () => {
  const pair = new Pair().bring("Relayed"), { scene } = pair;
  for (const link of [pair.host, pair.guest]) {
    const other = link === pair.host ? pair.guest : pair.host;
    for (const length of [0, 1, 7, 8, 5000]) {
      const payload = Uint8Array.from({ length }, (_, i) => i);
      const event = forgedMessage(scene.names.next(), scene.names.next(), 3, payload);
      assertEquals(scene.attack(forgedRelayed(pair.about(link), event), link), null);
      const frames = scene.drain(other);
      assertEquals(frames.length, 1);
      const [frame] = frames, view = new DataView(frame!.buffer);
      assertEquals(nameOf(frame!), "Relayed Message");
      assert(link.neighbor.name.matches(view, 8));
      const inner = frame!.slice(NODE_FRAME_BYTES);
      assertEquals(inner, event.slice(0, 48 + length));
    }
  }
  assertEquals(scene.victim.broker.relayedEvents, 10);
});

Deno.test("Broker.accept lets the sender pay for a relayed event that is too long", () => {
  for (const over of [0, 1]) {
    const pair = new Pair(null), { scene } = pair;
    pair.guest.output.maxFrameBytes = 2048;
    pair.bring("Offered");
    const payload = new Uint8Array(2048 - NODE_FRAME_BYTES - 48 + over);
    const event = forgedMessage(scene.names.next(), scene.names.next(), 0, payload);
    const rule = scene.attack(forgedRelayed(scene.friend.self.name, event));
    assertEquals(rule, over === 0 ? null : "relayed-too-long");
    const passed = scene.drain(pair.guest);
    assertEquals(passed.map((frame) => frame.length), over === 0 ? [2048] : []);
    assert(scene.isCalm());
  }
});

Deno.test("Broker.accept lets the sender pay for a relayed event with a broken layout", () => {
  const broken: [string, (event: Uint8Array<ArrayBuffer>) => void][] = [
    ["unknown-event", (event) => event[4] = 0],
    ["unknown-event", (event) => event[4] = NodeFrameType.Relayed],
    ["unknown-event", (event) => event[4] = NodeFrameType.Lost],
    ["event-flags", (event) => event[5] = 1],
    ["event-flags", (event) => event[6] = 1],
    ["event-size", (event) => event[4] = EventType.Switch],
    ["event-number", (event) => event[46] = 0x10],
  ];
  for (const [rule, change] of broken) {
    const pair = new Pair().bring("Relayed"), { scene } = pair, event = hello(scene);
    change(event);
    assertEquals(scene.attack(forgedRelayed(scene.friend.self.name, event)), rule);
    assertEquals(pair.told(), { host: [], guest: [] });
    scene.drop();
    // The one who did nothing is told of the end of the other, and of nothing else.
    assertEquals(scene.leftovers(), NOTHING_LEFT);
    assert(scene.isCalm());
  }
});

/** A relayed message that counts for so many bytes. */
function bulk(scene: Scene, bytes: number): Uint8Array<ArrayBuffer> {
  const event = forgedMessage(
    scene.names.next(),
    scene.names.next(),
    0,
    new Uint8Array(bytes - FORWARD_HEAD_BYTES - NODE_FRAME_BYTES),
  );
  return forgedRelayed(scene.friend.self.name, event);
}

Deno.test("Broker.accept gives a pair up past maxUnreadBytes that one of the two does not read", () => {
  for (const written of ["nothing", "half of it is being written"]) {
    const pair = new Pair().bring("Relayed"), { scene } = pair;
    const each = 32_768, most = LIMITS.tiny.maxUnreadBytes / each;
    let taken: Uint8Array<ArrayBuffer> | null = null;
    for (let i = 0; i < most; i++) {
      assertEquals(scene.attack(bulk(scene, each)), null);
      if (i === most / 2 && written !== "nothing") taken = pair.guest.take();
    }
    // Just at the limit, and one more that goes over it.
    assertEquals(scene.drain(pair.host), []);
    assertEquals(scene.attack(bulk(scene, 72)), null);
    assertEquals(scene.drain(pair.host).map(nameOf), ["Lost pair"]);
    assertEquals(scene.attack(bulk(scene, each)), null);
    if (taken !== null) pair.guest.written(taken);
    const frames = scene.drain(pair.guest).map(nameOf);
    const left = taken === null ? most + 1 : most / 2;
    assertEquals(frames, [...new Array(left).fill("Relayed Message"), "Lost pair"]);
    assertEquals(pair.told(), { host: [], guest: [] });
    assertEquals(pair.guest.unsentAnswerBytes, 0);
    assertEquals(pair.probe(), "Lost");
    assertEquals(scene.victim.links().length, 2);
    assert(scene.isCalm());
  }
});

Deno.test("Broker.accept charges a pair for nothing that was written", () => {
  const pair = new Pair().bring("Relayed"), { scene, guest } = pair, each = 32_768;
  for (let rounds = 0; rounds < 4; rounds++) {
    for (let i = 0; i < LIMITS.tiny.maxUnreadBytes / each; i++) {
      assertEquals(scene.attack(bulk(scene, each)), null);
    }
    assertEquals(scene.drain(guest).length, LIMITS.tiny.maxUnreadBytes / each);
  }
  // What is added while something is being written is not forgiven with it.
  scene.attack(bulk(scene, each));
  const taken = guest.take()!;
  for (let i = 1; i < LIMITS.tiny.maxUnreadBytes / each; i++) {
    scene.attack(bulk(scene, each));
  }
  guest.written(taken);
  scene.attack(bulk(scene, each));
  assertEquals(scene.drain(pair.host), []);
  scene.attack(bulk(scene, 72));
  assertEquals(scene.drain(pair.host).map(nameOf), ["Lost pair"]);
});

Deno.test("Broker.accept counts the two directions of a pair apart", () => {
  const pair = new Pair().bring("Relayed"), { scene } = pair, each = 32_768;
  const half = LIMITS.tiny.maxUnreadBytes / each;
  for (let i = 0; i < half; i++) {
    assertEquals(scene.attack(bulk(scene, each)), null);
    const event = bulk(scene, each).subarray(NODE_FRAME_BYTES).slice();
    assertEquals(scene.attack(forgedRelayed(scene.enemy, event), pair.guest), null);
  }
  const relayed = new Array(half).fill("Relayed Message");
  assertEquals(pair.told(), { host: relayed, guest: relayed });
});

Deno.test("Broker.accept parts a member that does not read from who sends it the most, and nobody else", () => {
  const pair = new Pair().bring("Relayed"), { scene, guest } = pair, { victim } = scene;
  const name = scene.names.next(), { tiny } = LIMITS;
  const third = victim.connect(name, "member", tiny, tiny)!;
  const to = scene.friend.self.name;
  assertEquals(scene.attack(forgedNodeFrame(Ask, to), third), null);
  scene.drain(third);
  for (let sent = 0; sent < tiny.maxUnreadBytes; sent += 32_768) {
    assertEquals(scene.attack(bulk(scene, 32_768)), null);
  }
  for (let i = 0; i < 3; i++) {
    assertEquals(scene.attack(bulk(scene, 72), third), null);
    assertEquals(scene.drain(third), []);
  }
  assertEquals(scene.drain(pair.host).map(nameOf), ["Lost pair"]);
  scene.drain(guest);
  assertEquals(guest.chargedBytes, 0);
});

Deno.test("Broker.lost keeps nothing of the pairs of a member", () => {
  const names = new NameSource(seededEnvironment(1)), { tiny } = LIMITS;
  const neighbors = new Neighbors(names.next(), tiny);
  const broker = new Broker(new Members(neighbors), names);
  const one = neighbors.add(names.next(), "member", tiny, tiny)!;
  const two = neighbors.add(names.next(), "member", tiny, tiny)!;
  const ask = forgedNodeFrame(Ask, two.neighbor.name), view = new DataView(ask.buffer);
  assertEquals(broker.accept(one.arrival.set(ask, view, 0, ask.length, [])), null);
  two.take();
  for (let times = 0; times < 2; times++) {
    broker.lost(one);
    assertEquals(two.take()?.length, times === 0 ? NODE_FRAME_BYTES : undefined);
  }
  broker.lost(two);
});

Deno.test("Broker.lost forgets what waits for a member that dies", () => {
  const pair = new Pair().bring("Relayed"), { scene } = pair;
  for (let i = 0; i < 10; i++) scene.attack(bulk(scene, 32_768));
  scene.victim.disconnect(pair.guest, "killed");
  assertEquals(scene.drain(pair.host).map(nameOf), ["Lost node"]);
  assertEquals(scene.attack(bulk(scene, 32_768)), null);
  assertEquals(scene.drain(pair.host), []);
});

for (const state of STATES) {
  Deno.test(`Broker.accept stays whole whichever bit of a frame is flipped when a pair is ${state}`, () => {
    for (const type of [Ask, ...Object.values(SAYINGS)]) {
      const frame = (scene: Scene) => {
        const name = scene.friend.self.name;
        return type === NodeFrameType.Relayed
          ? forgedRelayed(name, hello(scene))
          : forgedNodeFrame(type, name);
      };
      const bits = frame(new Pair().scene).length * 8;
      for (let bit = 0; bit < bits; bit++) {
        const { scene } = new Pair().bring(state), flipped = frame(scene);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        scene.attack(flipped);
        const where = `frame ${type}, bit ${bit}`;
        assert(scene.isCalm(), where);
        scene.drop();
        assert(scene.isCalm(), where);
        assertEquals(scene.leftovers(), NOTHING_LEFT, where);
      }
    }
  });
}
