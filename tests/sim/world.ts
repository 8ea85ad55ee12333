/**
 * A simulated world: a few nodes, links whose bytes travel in pieces, and a model of what people may
 * expect of the pipes they hold. Everything that can happen is a method; `player.ts` chooses among them
 * by a seed, and whoever wants to can choose otherwise.
 *
 * What is read is compared with the model as it is read. What must be so at other times is in
 * `invariants.ts`.
 *
 * @module
 */
import { LIMITS } from "../../core/limits.ts";
import { type Name, NameSource } from "../../core/names.ts";
import type { Link } from "../../core/ports/link.ts";
import type { Meeting } from "../../core/ports/meeting.ts";
import { Node } from "../../core/ports/node.ts";
import type { Port, PortSink } from "../../core/ports/port.ts";
import type { Arrangement } from "../../core/transport.ts";
import { Encoder } from "../../core/wire/encoder.ts";
import { check } from "./broken.ts";
import { Encounter, type Party, type Turn } from "./encounter.ts";
import { Lane } from "./lane.ts";
import {
  carriers,
  CLOSED,
  DEAD,
  End,
  IN_MESSAGE,
  joinPipes,
  type Message,
  Pipe,
} from "./model.ts";
import { Random, seededEnvironment } from "./random.ts";
import { areReachable, brokerOf, isBelow, joints, type Topology } from "./topology.ts";
import { Trace } from "./trace.ts";

/** What a world is made of. */
export interface WorldOptions {
  /** Decides names, and which links there are where the topology leaves it open. */
  readonly seed: number;
  readonly topology: Topology;
  readonly nodes: number;
  /** How many of the nodes, counted from the last, are hostile. */
  readonly hostile?: number;
  /** Told of every operation and every frame. */
  readonly print?: ((line: string) => void) | undefined;
}

/** What the people do whose ends get messages, and the launchers that arrange meetings. */
export interface Behavior {
  /** Whether `end` has a sink from now on. */
  listens(end: End): boolean;
  /** Whether the sink of `end` takes the message that is there, or has it queued. */
  takes(end: End): boolean;
  /** The sink of `end` took a message: anything may be done within the call. */
  handle(end: End): void;
  /** Whether two members are to be linked directly. */
  arranges(): boolean;
}

const QUIET: Behavior = {
  listens: () => false,
  takes: () => false,
  handle: () => {},
  arranges: () => true,
};

/** What may happen to a world, each counted: see {@linkcode World.faults}. */
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
const HEAD_BYTES = 8;

/** Nodes, links, pipes. */
export class World {
  readonly nodes: Node[] = [];
  readonly dead: Set<number> = new Set();
  readonly hostile: Set<number> = new Set();
  readonly lanes: Lane[] = [];
  readonly ends: End[] = [];
  readonly trace: Trace;
  readonly topology: Topology;
  /** By the two nodes, the smaller one first. */
  readonly encounters: Map<string, Encounter> = new Map();
  /** What people do. Set it once the world is built. */
  behavior: Behavior = QUIET;
  /** Nodes on which something happened since this was last cleared. */
  readonly stirred: Set<number> = new Set();
  /** How often each fault happened. */
  readonly faults: Map<Fault, number> = new Map();
  /** Hostile neighbors that lost a link for what they did, by the rule they broke. */
  readonly judged: Map<string, number> = new Map();
  /** Frames that a node handled. */
  deliveries = 0;
  messagesRead = 0;
  moves = 0;
  fusions = 0;
  /** Direct links that came of introductions. */
  met = 0;
  readonly #apart: Set<string> = new Set();
  #messages = 0;

  /** Builds the nodes, links them, and gives every two that are linked a pipe to begin with. */
  constructor({ seed, topology, nodes, hostile = 0, print }: WorldOptions) {
    const random = new Random(seed);
    this.trace = new Trace(print);
    this.topology = topology;
    for (let i = 0; i < nodes; i++) {
      this.#addNode(new NameSource(seededEnvironment(random.next())));
    }
    for (let i = nodes - hostile; i < nodes; i++) this.hostile.add(i);
    const found = joints(topology, nodes, random);
    for (let i = 0; i < nodes; i++) {
      for (let j = i + 1; j < nodes; j++) {
        const linked = found.some(({ one, other }) => one === i && other === j);
        if (!linked && !areReachable(topology, i, j)) this.#apart.add(pairOf(i, j));
      }
    }
    for (const { one, other, brokered } of found) this.#join(one, other, brokered);
  }

  #addNode(names: NameSource): void {
    const i = this.nodes.length, node = new Node(names, LIMITS.tiny);
    this.nodes.push(node);
    this.trace.nodes.set(node.self.key.slice(0, 8), `node${i}`);
    node.membership.onMeeting = (meeting) => this.#invited(i, meeting);
    const disconnect = node.disconnect.bind(node);
    node.disconnect = (link, reason) => {
      // A member that is relayed is given up within the node: nobody else learns of the rule.
      const rule = /given up for breaking the rule '(.*)'/.exec(reason)?.[1];
      if (rule !== undefined) this.#judge(i, this.nodeOf(link.neighbor.name), rule);
      disconnect(link, reason);
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

  /** Counts a fault. */
  fault(kind: Fault): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
  }

  // ------------------------------------------------------------------ what may be lost

  /** Whether the two will never exchange an event again, or never could. */
  areApart(one: number, other: number): boolean {
    return one !== other && this.#apart.has(pairOf(one, other));
  }

  /** Why `pipe` may be lost, or `null` when nothing happened to it. */
  excuse(pipe: Pipe): string | null {
    const nodes = new Set<number>();
    for (const carrier of carriers(pipe)) {
      if (carrier.tainted) return "it is a hostile node's";
      if (carrier.excuse !== null) return carrier.excuse;
      for (const node of carrier.nodes) nodes.add(node);
    }
    for (const one of nodes) {
      if (this.hostile.has(one)) return `node ${one} is hostile`;
      if (this.dead.has(one)) return `node ${one} died`;
      for (const other of nodes) {
        if (one < other && this.areApart(one, other)) {
          return `${one} and ${other} are apart`;
        }
      }
    }
    return null;
  }

  /** Whether a hostile node is or was on `pipe`, or on one that carries an end of it. */
  isTainted(pipe: Pipe): boolean {
    if (pipe.tainted || this.hostile.size === 0) return pipe.tainted;
    for (const carrier of carriers(pipe)) {
      if (carrier.tainted) return pipe.tainted = true;
      for (const node of carrier.nodes) {
        if (this.hostile.has(node)) return pipe.tainted = true;
      }
    }
    return false;
  }

  #part(one: number, other: number): void {
    if (one !== other) this.#apart.add(pairOf(one, other));
  }

  /** Lane `lane` is no more: who cannot reach whom any more. */
  #partOver(lane: Lane): void {
    const { from, to } = lane;
    this.#part(from, to);
    if (this.#introduced.has(lane)) return;
    if (brokerOf(this.topology, from) === to) this.#partBelow(from);
    if (brokerOf(this.topology, to) === from) this.#partBelow(to);
  }

  /** `member` and those below it are gone for all others that know them through a broker. */
  #partBelow(member: number): void {
    for (let one = 0; one < this.nodes.length; one++) {
      if (!isBelow(this.topology, one, member)) continue;
      for (let other = 0; other < this.nodes.length; other++) {
        if (isBelow(this.topology, other, member) || this.#arePeers(one, other)) continue;
        this.#part(one, other);
      }
    }
  }

  /** Whether the two have a link that no broker has a part in. */
  #arePeers(one: number, other: number): boolean {
    return this.lanes.some((lane) =>
      lane.from === one && lane.to === other && lane.output.role === "peer" &&
      !lane.cut && !lane.back.cut && !this.#introduced.has(lane)
    );
  }

  /** Lanes that came of introductions. */
  readonly #introduced: Set<Lane> = new Set();

  // ------------------------------------------------------------------ links

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
    const drop = () => {
      // The node gives the link up: it reads no more, and the other end sees it end.
      lane.back.end();
      lane.cut = true;
      this.#partOver(lane);
    };
    lane.output.start({ wake: () => {}, drop });
  }

  #join(i: number, j: number, brokered: boolean): void {
    const a = this.nodes[i]!, b = this.nodes[j]!;
    const link = a.connect(
      b.self.name,
      brokered ? "member" : "peer",
      LINK_LIMITS,
      LINK_LIMITS,
    )!;
    const role = brokered ? "broker" : "peer";
    const [there, back] = this.#lay(
      i,
      j,
      link,
      b.connect(a.self.name, role, LINK_LIMITS, LINK_LIMITS)!,
    );
    if (brokered) link.point = { arrange: () => this.#arrange() };
    this.#start(there);
    this.#start(back);
    if (brokered) this.#announce(a, link);
    // As an invitation does: one end stays, the other is handed over as a descriptor.
    const [kept, given] = this.create(i, this.ends.length);
    const out = new Encoder(4096);
    out.begin(0);
    a.handOver(given.port!, there.output, out);
    const port = b.takeOver(back.output, out.view, 0);
    out.cancel(null);
    this.#hold(given, j, port);
    this.trace.note(`link ${i}-${j} with ${kept}-${given}`);
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
      this.#partOver(lane);
      this.#tame(to, () => node.disconnect(lane.input, "killed"));
      return true;
    }
    lane.read(most);
    while (!lane.ended && reader.next()) {
      const { bytes, view, start, end } = reader;
      this.deliveries++;
      const frame = bytes.subarray(start, end);
      this.trace.note(frame, () => `${from}->${to}: ${this.trace.describe(frame)}`);
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
      `node ${node} judges ${other}: ${rule}`,
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
    this.#partOver(lane);
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
    for (const end of this.ends) {
      if (end.place === node) {
        end.place = DEAD;
        end.port = null;
      }
    }
    for (const lane of this.lanes) {
      if (lane.to === node) lane.end();
      else if (lane.from === node && !lane.cut && lane.sever(random)) this.fault("cut");
    }
    this.#partBelow(node);
    for (let one = 0; one < this.nodes.length; one++) {
      this.#part(node, one);
      if (!isBelow(this.topology, one, node)) continue;
      for (let other = 0; other < one; other++) {
        // Those that it brought in know each other by what links they have, and not otherwise.
        const both = isBelow(this.topology, other, node);
        if (both && !this.#areLinked(one, other)) this.#part(one, other);
      }
    }
  }

  #areLinked(one: number, other: number): boolean {
    return this.lanes.some((lane) =>
      lane.from === one && lane.to === other && !lane.cut && !lane.back.cut &&
      !lane.held && !lane.back.held
    );
  }

  // ------------------------------------------------------------------ meetings

  #arrange(): Arrangement | null {
    if (this.topology === "relayed") return null;
    if (this.topology !== "direct" && !this.behavior.arranges()) return null;
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
      `node ${node} is asked twice to meet ${other}`,
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
      this.trace.note(`node ${who.node} cannot meet ${who.meeting.link.neighbor.key}`);
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
      for (const lane of lanes) this.#introduced.add(lane);
      this.#start(lanes[0]);
      return true;
    }
    this.encounters.delete(pairOf(host.node, guest!.node));
    if (this.dead.has(host.node)) return true;
    this.stirred.add(host.node);
    if (turn === "late" && fail(host)) this.#part(host.node, guest!.node);
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

  // ------------------------------------------------------------------ pipes

  /** The ends that somebody on `node` holds. */
  heldOn(node: number): End[] {
    return this.ends.filter((end) => end.place === node);
  }

  #newEnds(key: number, ports: readonly (Port | null)[]): [End, End] {
    const pipe = new Pipe(), id = this.ends.length;
    const [one, other] = ports.map((_, i) =>
      new End(`${id >> 1}${"ab"[i]}`, id + i, key ^ (i * 0x5bd1e995), pipe)
    ) as [End, End];
    one.peer = other;
    other.peer = one;
    this.ends.push(one, other);
    return [one, other];
  }

  /** Makes a pipe with both ends on `node`. */
  create(node: number, key: number): [End, End] {
    const ports = this.nodes[node]!.createPipe(), ends = this.#newEnds(key, ports);
    this.stirred.add(node);
    for (const i of [0, 1] as const) this.#hold(ends[i], node, ports[i]);
    this.trace.note(`node ${node} creates ${ends[0]}-${ends[1]}`);
    return ends;
  }

  #hold(end: End, node: number, port: Port): void {
    end.place = node;
    end.port = port;
    end.pipe.nodes.add(node);
    port.holder = end;
    port.container = null;
    end.told = false;
    if (!this.behavior.listens(end)) return;
    port.sink = this.#sinkOf(end);
    end.told = port.prevNode === null;
  }

  #sinkOf(end: End): PortSink {
    return {
      deliver: (bytes, _view, start, stop, ports) => {
        if (!this.behavior.takes(end)) return false;
        this.#arrived(end, bytes.subarray(start, stop), ports);
        this.behavior.handle(end);
        return true;
      },
      queued: () => {},
      ended: () => {
        check(!end.told, "told-twice", `${end} is told twice that nothing more comes`);
        end.told = true;
        check(end.port!.prevNode === null, "told-early", `${end} is told of no end`);
      },
    };
  }

  /** Sends a message on `end`. Returns whether it has a way. */
  send(end: End, attached: readonly End[], filler = 0, reply = false): boolean {
    const node = this.nodes[end.place]!, port = end.port!, id = this.#messages++;
    this.stirred.add(end.place);
    const head = HEAD_BYTES + attached.length * 4, size = head + filler;
    const out = node.beginBytes(port);
    out.need(size);
    const at = out.at, { view } = out;
    view.setUint32(at, id);
    view.setUint32(at + 4, attached.length);
    for (const [i, other] of attached.entries()) {
      view.setUint32(at + HEAD_BYTES + i * 4, other.id);
      out.handles.push(other.port!);
    }
    out.bytes.fill(id & 0xff, at + head, at + size);
    out.at += size;
    // ORDER: what is attached leaves its holder before the message can be read, which may be at once.
    const message: Message = { id, reader: end.peer, attached };
    for (const other of attached) {
      other.place = IN_MESSAGE;
      other.message = message;
      other.port = null;
    }
    end.peer.inbox.push(message);
    this.trace.note(`${end} on ${end.place} sends m${id} (${attached.join(" ")})`);
    if (node.commit(port, out, reply)) {
      this.moves += attached.length;
      return true;
    }
    this.trace.note(`m${id} goes nowhere`);
    message.reader.inbox.splice(message.reader.inbox.indexOf(message), 1);
    for (const other of attached) {
      other.place = CLOSED;
      other.message = null;
    }
    return false;
  }

  /** Reads the first message of `end`. Returns whether there was one. */
  read(end: End): boolean {
    const queue = end.port!.queue, entry = queue?.peek() ?? null;
    if (entry === null) return false;
    this.stirred.add(end.place);
    const data = entry.bytes.slice(entry.start, entry.end);
    queue!.shift();
    this.#arrived(end, data, entry.ports);
    return true;
  }

  /** The number written into a message. */
  static idOf(data: Uint8Array, start = 0): number {
    return new DataView(data.buffer, data.byteOffset + start).getUint32(0);
  }

  #arrived(end: End, data: Uint8Array, ports: readonly Port[]): void {
    const id = data.length >= HEAD_BYTES ? World.idOf(data) : -1;
    const tainted = this.isTainted(end.pipe);
    this.messagesRead++;
    this.trace.note(`${end} on ${end.place} reads m${id}`);
    if (tainted) {
      // Hostile nodes may leave messages out, and make up others.
      const at = end.inbox.findIndex((message, i) =>
        i >= end.received && message.id === id
      );
      if (at < 0 || end.inbox[at]!.attached.length !== ports.length) {
        for (const port of ports) this.#holdWild(end.place, port);
        return;
      }
      end.received = at;
    }
    const message = end.inbox[end.received];
    check(
      message?.id === id,
      "order",
      `${end} reads m${id}, and m${message?.id} is next`,
    );
    end.received++;
    const { attached } = message!;
    check(attached.length === ports.length, "attached", `${ports.length} ends in m${id}`);
    const carrying = carriers(end.pipe);
    for (const [i, other] of attached.entries()) {
      const port = ports[i]!;
      if (other.place !== IN_MESSAGE || other.message !== message) {
        check(tainted, "handle-twice", `${other} comes in m${id} and is elsewhere`);
        this.#holdWild(end.place, port);
        continue;
      }
      for (const { nodes, excuse } of carrying) {
        for (const node of nodes) other.pipe.nodes.add(node);
        other.pipe.excuse ??= excuse;
      }
      other.pipe.tainted ||= tainted;
      this.#hold(other, end.place, port);
    }
    if (!tainted) this.#checkBytes(data, message!);
  }

  #checkBytes(data: Uint8Array, { id, attached }: Message): void {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    for (const [i, other] of attached.entries()) {
      const at = HEAD_BYTES + i * 4;
      check(
        view.getUint32(at) === other.id,
        "attached",
        `m${id} has another end at ${i}`,
      );
    }
    for (let i = HEAD_BYTES + attached.length * 4; i < data.length; i++) {
      check(data[i] === (id & 0xff), "bytes", `bytes of m${id} changed`);
    }
  }

  /** Somebody on `node` holds an end that a hostile node made up. */
  #holdWild(node: number, port: Port): void {
    const [end, phantom] = this.#newEnds(this.ends.length, [port, null]);
    phantom.place = DEAD;
    end.pipe.tainted = true;
    this.#hold(end, node, port);
  }

  /** Closes `end`. */
  close(end: End): void {
    this.trace.note(`node ${end.place} closes ${end}`);
    this.stirred.add(end.place);
    const node = this.nodes[end.place]!, port = end.port!;
    port.holder = port.sink = null;
    end.place = CLOSED;
    end.port = null;
    node.close(port);
  }

  /** Joins the pipes of two ends that are held on one node. */
  fuse(one: End, other: End): void {
    this.trace.note(`node ${one.place} fuses ${one} with ${other}`);
    const node = this.nodes[one.place]!, ports = [one.port!, other.port!] as const;
    this.stirred.add(one.place);
    this.fusions++;
    // ORDER: what is unread goes on to whoever is at the far ends, which may be at once.
    joinPipes(one, other);
    node.fuse(...ports);
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
      check(count <= most, "liveness", `no rest after ${count} deliveries`);
    }
    return this.deliveries - before;
  }
}

function pairOf(one: number, other: number): string {
  return one < other ? `${one}-${other}` : `${other}-${one}`;
}
