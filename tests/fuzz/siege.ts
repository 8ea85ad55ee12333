/**
 * A node under attack by a neighbor that comes again under another name each time its link is dropped,
 * with a friend whose pipe has to go on working.
 *
 * @module
 */
import { LIMITS, type Limits } from "../../core/limits.ts";
import { type Name, NameSource } from "../../core/names.ts";
import type { Link, Role } from "../../core/ports/link.ts";
import { Node } from "../../core/ports/node.ts";
import { type Port, PortState } from "../../core/ports/port.ts";
import { Encoder } from "../../core/wire/encoder.ts";
import {
  EventType,
  MESSAGE_OVERHEAD_BYTES,
  NOBODY_READS,
  OPENING_CREDIT,
} from "../../core/wire/event.ts";
import { forEachFrame } from "../../core/wire/frame.ts";
import {
  forged,
  forgedAccepted,
  forgedBypass,
  type ForgedDescriptor,
  forgedGrant,
  forgedMessage,
  forgedNeed,
  forgedSwitch,
} from "../core/ports/forgery.ts";
import { type Random, seededEnvironment } from "../sim/random.ts";
import { insist } from "./campaign.ts";

/** The victim's end of a hop from the enemy, and who sends on it. */
interface Hop {
  readonly port: Port;
  readonly from: Name;
}

const { Hello, Skip, Closed, Probe } = EventType;
const LIMIT = LIMITS.tiny;
/** A frame that is handled may go over a limit before the link is dropped. */
const SLACK = 2 * LIMIT.maxFrameBytes;
/** Totals at which credit is used up, is not yet, or never will be. */
const TOTALS = [
  0,
  MESSAGE_OVERHEAD_BYTES,
  OPENING_CREDIT - 1,
  OPENING_CREDIT,
  OPENING_CREDIT + 1,
  LIMIT.maxFrameBytes,
  LIMIT.maxUnreadBytes,
  2 ** 32,
  NOBODY_READS - 1,
  NOBODY_READS,
];

/** The attacked node, its friend and its enemy. */
export class Siege {
  readonly victim: Node;
  readonly friend: Node;
  readonly toFriend: Link;
  readonly fromFriend: Link;
  readonly names: NameSource;
  /** The victim's link to the enemy. */
  link!: Link;
  enemy!: Name;
  readonly #random: Random;
  readonly #role: Role;
  readonly #calm: Port;
  readonly #calmPeer: Port;
  readonly #holder = {};
  #open: Hop[] = [];
  #proxies: Hop[] = [];
  #moving: Port[] = [];
  readonly #dropped: Link[] = [];
  #calls = 0;

  /** Builds the nodes. `role` is what the enemy is to the victim, `friendly` what the friend is. */
  constructor(random: Random, role: Role = "peer", friendly: Role = "peer") {
    this.#random = random;
    this.#role = role;
    this.names = new NameSource(seededEnvironment(random.next()));
    this.victim = new Node(new NameSource(seededEnvironment(random.next())), LIMIT);
    this.friend = new Node(new NameSource(seededEnvironment(random.next())), LIMIT);
    const { victim, friend } = this, back = friendly === "member" ? "broker" : "peer";
    this.toFriend = victim.connect(friend.self.name, friendly, LIMIT, LIMIT)!;
    this.fromFriend = friend.connect(victim.self.name, back, LIMIT, LIMIT)!;
    for (const link of [this.toFriend, this.fromFriend]) spare(link);
    const [kept, given] = this.#pipe();
    this.#calm = kept;
    const out = new Encoder(LIMIT.maxFrameBytes, 256);
    out.begin(0);
    victim.handOver(given, this.toFriend, out);
    this.#calmPeer = this.#hold(friend.takeOver(this.fromFriend, out.view, 0));
    this.settle();
    this.reconnect();
  }

  #hold(port: Port): Port {
    port.holder = this.#holder;
    port.container = null;
    return port;
  }

  #pipe(): [Port, Port] {
    const [one, two] = this.victim.createPipe();
    return [this.#hold(one), this.#hold(two)];
  }

  /** The enemy comes again, under a new name. */
  reconnect(): void {
    this.enemy = this.names.next();
    this.link = this.victim.connect(this.enemy, this.#role, LIMIT, LIMIT)!;
    spare(this.link);
    this.#open = [];
    this.#proxies = [];
    this.#moving = [];
  }

  /** Makes what is there to attack, as far as it has gone. */
  #restock(): void {
    this.#open = this.#open.filter(({ port }) => port.state === PortState.Open);
    this.#proxies = this.#proxies.filter(({ port }) => port.state === PortState.Proxy);
    this.#moving = this.#moving.filter(({ state }) => state === PortState.Moving);
    const { victim, link } = this;
    if (this.#moving.length === 0) {
      const [, old] = this.#pipe();
      victim.handOver(old, link, this.#descriptor());
      this.#moving.push(old);
    }
    if (this.#open.length < 2) {
      const [port, old] = this.#pipe(), from = this.names.next();
      victim.handOver(old, link, this.#descriptor());
      this.accept(forgedAccepted(old.name, from));
      this.#open.push({ port, from });
    }
    if (this.#proxies.length === 0 && this.#open.length > 0) {
      const { port, from } = this.#open.shift()!;
      // On its way to the friend, who keeps it: what the enemy sends on is sent on.
      this.#send(victim, this.#calm, [port]);
      this.settle();
      const end = this.friend.take(this.#calmPeer)?.ports[0];
      if (end !== undefined) this.#hold(end);
      this.#proxies.push({ port, from });
    }
    this.drain();
  }

  #descriptor(): Encoder {
    const out = new Encoder(LIMIT.maxFrameBytes, 128);
    out.begin(0);
    return out;
  }

  /** Names that mean something here, as bytes. */
  dictionary(): Uint8Array[] {
    const { victim, friend } = this;
    const names = [victim.self.name, friend.self.name, this.enemy, this.#calm.name];
    for (const { port, from } of [...this.#open, ...this.#proxies]) {
      names.push(port.name, from);
    }
    for (const { name } of this.#moving) names.push(name);
    names.push(this.#calmPeer.name);
    return names.map((name) => {
      const bytes = new Uint8Array(16);
      name.write(new DataView(bytes.buffer), 0);
      return bytes;
    });
  }

  /** An event that the enemy could send now. */
  event(): Uint8Array<ArrayBuffer> {
    this.#restock();
    const random = this.#random, kind = random.below(20);
    if (kind === 0 && this.#moving.length > 0) {
      return forgedAccepted(random.pick(this.#moving).name, this.names.next());
    }
    const hops = this.#proxies.length > 0 && random.oneIn(3) ? this.#proxies : this.#open;
    const hop = hops.length > 0 ? random.pick(hops) : null;
    if (hop === null) return forgedAccepted(this.names.next(), this.names.next());
    const { port: { name } } = hop, from = hop.port.prevPort ?? hop.from;
    if (random.oneIn(4)) this.#read(hop.port);
    const seq = hop.port.inSeq + (random.oneIn(8) ? 1 + random.below(3) : 0);
    switch (kind) {
      case 1:
        return forged(Closed, name, from, seq, random.below(2));
      case 2:
        return forged(Skip, name, from, seq);
      case 3:
      case 4:
        return forged(Hello, name, from, seq);
      case 5: {
        // It goes on under another name of its own, or sends others after somebody.
        const own = { node: this.enemy, port: this.names.next() };
        const prev = random.oneIn(2) ? own : this.#address();
        const bytes = forgedSwitch(name, from, seq, prev, 0);
        if (!random.oneIn(4)) return bytes;
        bytes[4] = Probe;
        return bytes;
      }
      case 6:
        return forgedBypass(name, from, this.#address());
      case 7: {
        const bytes = forged(Hello, name, from, seq), probe = new Uint8Array(64);
        probe.set(bytes);
        probe[0] = 64;
        probe[4] = Probe;
        (random.oneIn(2) ? name : from).write(new DataView(probe.buffer), 48);
        return probe;
      }
      case 8:
      case 9:
        return forgedNeed(name, from, seq, this.#total(hop.port.lent), random.below(2));
      case 10: {
        if (random.oneIn(2)) this.#write(hop.port);
        return forgedGrant(name, from, this.#total(hop.port.granted));
      }
      default: {
        const ends = Array.from(
          { length: random.pick([0, 0, 1, 1, 2]) },
          () => this.#end(),
        );
        const payload = new Uint8Array(
          random.oneIn(4) ? this.#payload(hop.port.room) : random.pick([0, 4, 8, 200]),
        );
        return forgedMessage(name, from, seq, payload, ends, random.oneIn(9) ? 31 : 0);
      }
    }
  }

  /** A total of credit: one of those that matter, or one next to what there is. */
  #total(now: number): number {
    const random = this.#random;
    return random.oneIn(2) ? random.pick(TOTALS) : now + random.below(2 * OPENING_CREDIT);
  }

  /** How long a message is that uses all credit up, or more than there is. */
  #payload(room: number): number {
    const all = Math.min(room, LIMIT.maxFrameBytes) - MESSAGE_OVERHEAD_BYTES;
    const most = LIMIT.maxFrameBytes - 1024;
    return Math.min(most, Math.max(0, all) + (this.#random.oneIn(8) ? 1 : 0));
  }

  /** The victim reads a message of the enemy, if there is one. */
  #read(port: Port): void {
    if (port.state !== PortState.Open) return;
    for (const attached of this.victim.take(port)?.ports ?? []) this.#hold(attached);
  }

  /** The victim writes to the enemy, more than its credit covers. */
  #write(port: Port): void {
    if (port.state !== PortState.Open) return;
    const out = this.victim.beginBytes(port), size = OPENING_CREDIT / 2;
    out.need(size);
    out.at += size;
    this.victim.commit(port, out, false);
  }

  #address(): { node: Name; port: Name } {
    const random = this.#random, { victim, friend } = this;
    const ports = [this.names.next(), this.#calm.name, this.#calmPeer.name];
    for (const { port, from } of this.#open) ports.push(port.name, from);
    const nodes = [victim.self.name, friend.self.name, this.enemy, this.enemy];
    return { node: random.pick(nodes), port: random.pick(ports) };
  }

  #end(): ForgedDescriptor {
    const next = this.#random.oneIn(6) ? null : this.#address();
    return { old: this.names.next(), first: this.#random.below(2), next };
  }

  /** Gives a frame to the victim. Returns the rule it breaks. */
  accept(frame: Uint8Array<ArrayBuffer>, link: Link = this.link): string | null {
    const view = new DataView(frame.buffer);
    return this.victim.accept(link, frame, view, 0, frame.length);
  }

  /** The enemy reads what the victim writes. */
  drain(): Uint8Array<ArrayBuffer> | null {
    const taken = this.link.take();
    if (taken !== null) this.link.written(taken);
    return taken;
  }

  #send(node: Node, port: Port, ports: readonly Port[] = [], byte = 0): void {
    const out = node.beginBytes(port);
    out.need(1);
    out.bytes[out.at++] = byte;
    out.handles.push(...ports);
    node.commit(port, out, false);
  }

  /** Lets the victim and its friend talk until both are quiet. */
  settle(): void {
    const { toFriend, fromFriend, victim, friend } = this;
    for (let moved = true; moved;) {
      moved = pass(toFriend, friend, fromFriend);
      if (pass(fromFriend, victim, toFriend)) moved = true;
    }
  }

  /** Insists that the friend has noticed nothing, and that what the enemy costs is bounded. */
  check(): void {
    const here = ++this.#calls & 0xff, there = here ^ 0xff;
    this.settle();
    this.#send(this.victim, this.#calm, [], here);
    this.#send(this.friend, this.#calmPeer, [], there);
    this.settle();
    const heard = [
      received(this.friend, this.#calmPeer),
      received(this.victim, this.#calm),
    ];
    insist(heard[0] === here, "the friend does not hear the victim");
    insist(heard[1] === there, "the victim does not hear its friend");
    const { link } = this;
    if (link.neighbor.link !== link) return;
    const most = mostQueued(this.victim, link, LIMIT);
    const queued = link.unreadBytes + link.lent;
    insist(queued <= most, `${queued} bytes are unread or lent, not ${most} at most`);
    const parked = LIMIT.maxUnreadBytes + OPENING_CREDIT * LIMIT.maxPipes;
    insist(link.parkedBytes <= parked, `${link.parkedBytes} bytes are parked`);
    insist(link.pipes <= LIMIT.maxPipes + LIMIT.maxPipesPerMessage, "too many pipes");
    insist(link.output.at <= LIMIT.maxUnsentReplyBytes + SLACK, "too many bytes unsent");
  }

  /** Insists that nothing is left of the enemy once its link is dropped and what it left is closed. */
  drop(reason: string): void {
    const { link, victim, friend } = this;
    victim.disconnect(link, reason);
    this.settle();
    for (
      const [node, kept] of [[victim, this.#calm], [friend, this.#calmPeer]] as const
    ) {
      for (const port of node.ports.all()) {
        if (port !== kept && port.holder !== null) node.close(port);
      }
    }
    this.settle();
    insist(link.pipes === 0, `${link.pipes} pipes are left`);
    // A member that asks for one below itself is still answered as it goes: nobody is charged for it.
    const owes = link.role === "peer" && link.unsentAnswerBytes > 0;
    insist(!owes, "unsent answers are left");
    insist(victim.ports.size === 1, `the victim has ${victim.ports.size} ports`);
    insist(friend.ports.size === 1, `the friend has ${friend.ports.size} ports`);
    this.#dropped.push(link);
  }

  /** Drops the enemy for good. Insists that nothing at all is left once the calm pipe is closed too. */
  end(): void {
    this.drop("over");
    this.check();
    // The enemy knew the names of its ends: what it made others send there was parked in them.
    this.victim.close(this.#calm);
    this.settle();
    this.friend.close(this.#calmPeer);
    this.settle();
    insist(this.victim.ports.size === 0, "the victim has ports left");
    insist(this.friend.ports.size === 0, "the friend has ports left");
    for (const link of [this.toFriend, this.fromFriend, ...this.#dropped]) {
      insistNothingLeft(link);
    }
  }
}

/** What a neighbor may have unread or be lent, with what the hops of its ports open with. */
export function mostQueued(node: Node, { neighbor }: Link, limits: Limits): number {
  const { maxUnreadBytes, maxFrameBytes } = limits;
  const hops = node.ports.all().filter(({ prevNode }) => prevNode === neighbor).length;
  const frame = maxUnreadBytes / 2 + maxFrameBytes + MESSAGE_OVERHEAD_BYTES;
  return Math.max(maxUnreadBytes, frame) + OPENING_CREDIT * hops;
}

/** Insists that a link is charged for nothing any more. */
export function insistNothingLeft(link: Link): void {
  const { pipes, unreadBytes, parkedBytes, heldReplyBytes } = link;
  const left: Record<string, number> = {
    pipes,
    unreadBytes,
    parkedBytes,
    heldReplyBytes,
  };
  // A link that is gone lends no more.
  if (link.neighbor.link === link) {
    left.lent = link.lent;
    left.hungry = link.hungry.size;
  }
  for (const [what, count] of Object.entries(left)) {
    insist(count === 0, `${what} is ${count} at the end`);
  }
}

/** So that taking what waits costs no large buffer. */
function spare(link: Link): void {
  link.output.recycle(new Uint8Array(2048));
}

function pass(output: Link, node: Node, input: Link): boolean {
  const taken = output.take();
  if (taken === null) return false;
  const view = new DataView(taken.buffer, 0, taken.length);
  forEachFrame(taken, (start, end) => {
    const rule = node.accept(input, taken, view, start, end);
    insist(rule === null, `honest nodes fell out: ${rule}`);
  });
  output.written(taken);
  return true;
}

function received(node: Node, port: Port): number | undefined {
  const message = node.take(port);
  return message?.bytes[message.start];
}
