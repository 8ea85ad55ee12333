/**
 * Nodes, and the links between them, whose bytes travel in pieces. Everything that can happen to them is
 * a method.
 *
 * @module
 */
import { LIMITS, type Limits } from "../../core/limits.ts";
import { type Name, NameSource } from "../../core/names.ts";
import type { Link } from "../../core/ports/link.ts";
import type { Meeting } from "../../core/ports/meeting.ts";
import { Node } from "../../core/ports/node.ts";
import type { Arrangement } from "../../core/transport.ts";
import { checkTold } from "./border.ts";
import { check } from "./broken.ts";
import { Encounter, type Party, type Turn } from "./encounter.ts";
import { Lane } from "./lane.ts";
import { Random, seededEnvironment } from "./random.ts";
import { pairOf, Separation } from "./separation.ts";
import { type Joint, joints, type Topology } from "./topology.ts";
import { Trace } from "./trace.ts";

/** What a network is made of. */
export interface NetworkOptions {
  /** Decides names, and which links there are where the topology leaves it open. */
  readonly seed: number;
  readonly topology: Topology;
  readonly nodes: number;
  /** How many of the nodes, counted from the last, are hostile. */
  readonly hostile?: number;
  /** Whether links may hold little, so that much waits for credit. */
  readonly poor?: boolean;
  /** Told of every operation and every frame. */
  readonly print?: ((line: string) => void) | undefined;
}

/** What may happen to a network, each counted: see {@linkcode Network.faults}. */
export type Fault =
  | "link"
  | "node"
  | "broker"
  | "meeting"
  | "split"
  | "cut"
  | "stall"
  | "again"
  | "forged"
  | "replayed"
  | "flipped"
  | "withheld";

const LINK_LIMITS = { ...LIMITS.tiny, maxPipes: 10_000, maxUnreadBytes: 1 << 24 };
const POOR_LIMITS = { ...LINK_LIMITS, maxFrameBytes: 4096, maxUnreadBytes: 32_768 };

/** Nodes and links. */
export class Network {
  readonly nodes: Node[] = [];
  readonly dead: Set<number> = new Set();
  readonly hostile: Set<number> = new Set();
  readonly lanes: Lane[] = [];
  readonly trace: Trace;
  readonly topology: Topology;
  /** Who cannot reach whom. */
  readonly separation: Separation;
  /** By the two nodes, the smaller one first. */
  readonly encounters: Map<string, Encounter> = new Map();
  /** Whether the launcher of two members has a direct way between them. */
  arranges: () => boolean = () => true;
  /** Nodes on which something happened since this was last cleared. */
  readonly stirred: Set<number> = new Set();
  /** How often each fault happened. */
  readonly faults: Map<Fault, number> = new Map();
  /** Hostile neighbors that lost a link for what they did, by the rule they broke. */
  readonly judged: Map<string, number> = new Map();
  /** Frames that a node handled. */
  deliveries = 0;
  /** Direct links that came of introductions. */
  met = 0;
  readonly #joints: readonly Joint[];
  readonly #limits: Limits;

  /** Builds the nodes. {@linkcode link} links them. */
  constructor(
    { seed, topology, nodes, hostile = 0, poor = false, print }: NetworkOptions,
  ) {
    const random = new Random(seed);
    this.#limits = poor ? POOR_LIMITS : LINK_LIMITS;
    this.trace = new Trace(print);
    this.topology = topology;
    for (let i = 0; i < nodes; i++) {
      this.#addNode(new NameSource(seededEnvironment(random.next())));
    }
    for (let i = nodes - hostile; i < nodes; i++) this.hostile.add(i);
    this.#joints = joints(topology, nodes, random);
    this.separation = new Separation(topology, nodes, this.#joints, this.lanes);
  }

  #addNode(names: NameSource): void {
    const i = this.nodes.length, node = new Node(names, LIMITS.tiny);
    this.nodes.push(node);
    this.trace.call(node.self.name, `node ${i}`);
    node.membership.onMeeting = (meeting) => this.#invited(i, meeting);
    const disconnect = node.disconnect.bind(node);
    node.disconnect = (link, reason, violation) => {
      // Not all rules that are broken are broken by the frame that is being handled.
      const rule = /for breaking the rule '(.*)'/.exec(reason)?.[1];
      if (rule !== undefined) this.#judge(i, this.nodeOf(link.neighbor.name), rule);
      disconnect(link, reason, violation);
    };
  }

  /** The number of the node of that name, or -1. */
  nodeOf(name: Name): number {
    return this.nodes.findIndex((node) => name.equals(node.self.name));
  }

  /** Whether `node` is alive and follows the rules. */
  isHonest(node: number): boolean {
    return node >= 0 && !this.dead.has(node) && !this.hostile.has(node);
  }

  /** Whether the two are of different networks, and linked from the start. */
  areIsolated(node: number, other: number): boolean {
    return this.#joints.some(({ one, other: two, isolated }) =>
      isolated && pairOf(node, other) === pairOf(one, two)
    );
  }

  /** Counts a fault. */
  fault(kind: Fault): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
  }

  // ------------------------------------------------------------------ links

  /** Links the nodes, one link at a time. */
  protected *link(): Iterable<Lane> {
    for (const joint of this.#joints) yield this.#join(joint);
  }

  /** Adds both directions of a link between two nodes. */
  #lay(i: number, j: number, there: Link, back: Link): [Lane, Lane] {
    const lanes: [Lane, Lane] = [
      new Lane(i, j, there, back, 512),
      new Lane(j, i, back, there, 64),
    ];
    lanes[0].back = lanes[1];
    lanes[1].back = lanes[0];
    this.lanes.push(...lanes);
    return lanes;
  }

  /** Lets the frames of a node leave by `lane`, and those of the other one come. */
  #start(lane: Lane): void {
    lane.held = false;
    const drop = (violation: string | null) => {
      if (violation !== null) this.#judge(lane.from, lane.to, violation);
      // The node gives the link up: it reads no more, and the other end sees it end.
      lane.back.end();
      lane.cut = true;
      this.separation.cut(lane);
    };
    lane.output.start({ wake: () => {}, drop });
  }

  /** Joins two nodes. Returns the lane from the first to the second. */
  #join({ one: i, other: j, brokered, isolated }: Joint): Lane {
    const a = this.nodes[i]!, b = this.nodes[j]!;
    const [mine, theirs] = brokered
      ? ["member", "broker"] as const
      : ["peer", "peer"] as const;
    const link = a.connect(b.self.name, mine, this.#limits, this.#limits, isolated)!;
    const back = b.connect(a.self.name, theirs, this.#limits, this.#limits, isolated)!;
    const lanes = this.#lay(i, j, link, back);
    if (brokered) link.point = { arrange: () => this.#arrange() };
    for (const lane of lanes) this.#start(lane);
    if (brokered) this.#announce(a, link);
    return lanes[0];
  }

  /** Those above learn of a member before it is told that it is one. */
  #announce(broker: Node, link: Link): void {
    let known = false;
    broker.announce(link, () => known = true);
    while (!known) {
      for (const lane of this.lanes) {
        this.write(lane);
        this.deliver(lane);
      }
    }
  }

  /** Moves at most so many bytes that a node wrote on the wire. */
  write(lane: Lane, most: number = Infinity): boolean {
    this.stirred.add(lane.from);
    return lane.write(most);
  }

  /** At most so many bytes of what is on the wire reach the other node, or the end does. */
  deliver(lane: Lane, most: number = Infinity): boolean {
    if (!lane.readable) return false;
    const { reader, to, from } = lane, node = this.nodes[to]!;
    this.stirred.add(to);
    if (lane.wire.length === 0) {
      lane.ended = true;
      this.trace.note(`node ${to} loses node ${from}`);
      this.separation.cut(lane);
      this.#tame(to, () => node.disconnect(lane.input, "killed"));
      return true;
    }
    lane.read(most);
    while (!lane.ended && reader.next()) {
      const { bytes, view, start, end } = reader;
      this.deliveries++;
      const frame = bytes.subarray(start, end);
      this.trace.note(frame, () => `${from}->${to}: ${this.trace.describe(frame)}`);
      checkTold(this, lane, frame);
      let rule: string | null = null;
      this.#tame(to, () => rule = node.accept(lane.input, bytes, view, start, end));
      if (rule !== null && !this.hostile.has(to)) this.#drop(lane, rule);
    }
    if (reader.violation !== null && !lane.ended) this.#drop(lane, reader.violation);
    if (reader.pending > 0) this.fault("split");
    return true;
  }

  /** A neighbor broke a rule and loses the link. */
  #drop(lane: Lane, rule: string): void {
    this.#judge(lane.to, lane.from, rule);
    this.nodes[lane.to]!.disconnect(lane.input, rule);
    lane.end();
  }

  #judge(node: number, other: number, rule: string): void {
    this.trace.note(`node ${node} judges node ${other} hostile: ${rule}`);
    if (this.hostile.has(node)) return;
    check(
      this.hostile.has(other),
      "honest-judged",
      () => `node ${node} judges ${other}: ${rule}`,
    );
    this.judged.set(rule, (this.judged.get(rule) ?? 0) + 1);
  }

  /** What a hostile node makes of what it gets is its own affair. */
  #tame(node: number, act: () => void): void {
    if (!this.hostile.has(node)) return act();
    try {
      act();
    } catch (error) {
      this.trace.note(`node ${node} stumbles: ${(error as Error).message}`);
    }
  }

  /** The link of `lane` is lost, with some of what is under way. */
  killLink(lane: Lane, random: Random): void {
    if (lane.cut) return;
    this.fault("link");
    this.trace.note(`link ${lane.from}-${lane.to} is lost`);
    for (const one of [lane, lane.back]) if (one.sever(random)) this.fault("cut");
    this.separation.cut(lane);
  }

  /** A node dies, with all that is on it. */
  killNode(node: number, random: Random): void {
    if (this.dead.has(node)) return;
    this.fault(
      this.lanes.some((lane) => lane.from === node && lane.output.role === "member")
        ? "broker"
        : "node",
    );
    this.trace.note(`node ${node} dies`);
    this.dead.add(node);
    for (const lane of this.lanes) {
      if (lane.to === node) lane.end();
      else if (lane.from === node && !lane.cut && lane.sever(random)) this.fault("cut");
    }
    this.separation.died(node);
  }

  // ------------------------------------------------------------------ meetings

  #arrange(): Arrangement | null {
    if (this.topology === "relayed") return null;
    if (this.topology !== "direct" && !this.arranges()) return null;
    return { host: new Uint8Array(3), guest: new Uint8Array(5) };
  }

  #invited(node: number, meeting: Meeting): void {
    const other = this.nodeOf(meeting.link.neighbor.name), key = pairOf(node, other);
    let encounter = this.encounters.get(key);
    if (encounter === undefined) this.encounters.set(key, encounter = new Encounter());
    const means = meeting.role === "host" ? 3 : 5;
    check(meeting.means.length === means, "means", "wrong means");
    check(
      encounter[meeting.role] === null,
      "meeting-twice",
      () => `node ${node} is asked twice to meet ${other}`,
    );
    encounter[meeting.role] = { node, meeting };
    this.trace.note(`node ${node} is ${meeting.role} of ${other}`);
  }

  /** Two nodes that are to meet get on with it, or not. */
  meet(encounter: Encounter, turn: Turn): boolean {
    const { host, guest } = encounter;
    if (host === null) return false;
    const membership = (who: Party) => this.nodes[who.node]!.membership;
    const fail = (who: Party): boolean => {
      if (who.meeting.over || this.dead.has(who.node)) return false;
      this.trace.note(
        `node ${who.node} cannot meet ${this.nodeOf(who.meeting.link.neighbor.name)}`,
      );
      this.stirred.add(who.node);
      this.fault("meeting");
      membership(who).failed(who.meeting);
      return true;
    };
    const there = encounter.lanes;
    if (there === null) {
      // Who waits for the dead gives up sooner or later.
      const other = this.nodeOf(host.meeting.link.neighbor.name);
      if (this.dead.has(host.node)) return guest !== null && fail(guest);
      if (this.dead.has(other)) return fail(host);
      if (!encounter.ready) {
        if (host.meeting.over) return false;
        if (turn === "refuse") return fail(host);
        encounter.ready = true;
        this.stirred.add(host.node);
        membership(host).ready(host.meeting);
        return true;
      }
      if (guest === null || guest.meeting.over) return false;
      if (host.meeting.over || turn === "refuse") return fail(guest);
      this.trace.note(`node ${guest.node} comes to ${host.node}`);
      this.stirred.add(guest.node);
      membership(guest).met(guest.meeting);
      const { link } = guest.meeting;
      const lanes = this.#lay(guest.node, host.node, link, host.meeting.link);
      encounter.lanes = lanes;
      for (const lane of lanes) lane.introduced = true;
      this.#start(lanes[0]);
      return true;
    }
    this.encounters.delete(pairOf(host.node, guest!.node));
    if (this.dead.has(host.node)) return true;
    this.stirred.add(host.node);
    if (turn === "late" && fail(host)) this.separation.part(host.node, guest!.node);
    if (membership(host).met(host.meeting)) {
      this.met++;
      this.trace.note(`node ${host.node} meets ${guest!.node}`);
      this.#start(there[1]);
    } else {
      there[0].end();
      there[1].cut = true;
    }
    return true;
  }

  // ------------------------------------------------------------------ rest

  /**
   * Delivers everything, in an order that `random` decides, until nothing is under way. Returns how
   * many deliveries it took; more than `most` are a violation.
   */
  settle(random: Random, most: number): number {
    const before = this.deliveries, { lanes } = this;
    for (const lane of lanes) lane.stalled = false;
    for (let moved = true; moved;) {
      moved = false;
      const from = random.below(lanes.length);
      for (let i = 0; i < lanes.length; i++) {
        const lane = lanes[(from + i) % lanes.length]!;
        if (!this.dead.has(lane.from) && this.write(lane)) moved = true;
        if (this.deliver(lane, random.oneIn(2) ? Infinity : 1 + random.below(200))) {
          moved = true;
        }
      }
      for (const encounter of this.encounters.values()) {
        if (this.meet(encounter, "go")) moved = true;
      }
      const count = this.deliveries - before;
      check(count <= most, "liveness", () => `no rest after ${count} deliveries`);
    }
    return this.deliveries - before;
  }
}
