/**
 * A simulated world: a few nodes, every two of them joined by a link whose bytes travel in pieces, in
 * an order that a seed decides. Operations are drawn at random and compared with a model that keeps,
 * for each end of a pipe, what was written and what was read.
 *
 * The same seed gives the same run, to the byte: `traceHash` covers every frame that was handled.
 *
 * @module
 */
import type { Environment } from "../../../core/environment.ts";
import { LIMITS } from "../../../core/limits.ts";
import { NameSource } from "../../../core/names.ts";
import type { Link } from "../../../core/ports/link.ts";
import { MESSAGE_OVERHEAD_BYTES } from "../../../core/ports/message_queue.ts";
import type { Meeting } from "../../../core/ports/meeting.ts";
import { Node } from "../../../core/ports/node.ts";
import { type Port, type PortSink, PortState } from "../../../core/ports/port.ts";
import type { Arrangement } from "../../../core/transport.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { EVENTS } from "../../../core/wire/event.ts";
import { FrameReader } from "../../../core/wire/frame.ts";
import { NODE_FRAMES, NodeFrameType } from "../../../core/wire/node_frame.ts";

/** A small generator of pseudo-random numbers. */
export class Random {
  #state: number;

  /** Starts from a seed. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 32 bits. */
  next(): number {
    let t = this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number {
    return this.next() % below;
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of `items`. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** An environment whose randomness comes from a seed and whose clock stands still. */
export function seededEnvironment(seed: number): Environment {
  const random = new Random(seed);
  return {
    fillRandom: (words) => {
      for (let i = 0; i < words.length; i++) words[i] = random.next() | 0;
    },
    now: () => 0,
    nextTurn: () => Promise.resolve(),
    after: () => () => {},
  };
}

/** What one run is made of. */
export interface WorldOptions {
  /** Decides everything that is not given. */
  readonly seed: number;
  /** How many nodes; 2 to 4 when not given. */
  readonly nodes?: number;
  /** Whether links are lost. */
  readonly kills?: boolean;
  /**
   * Every node is linked to the first one only, which introduces the others to each other: it relays
   * all, arranges direct links for all, or a seed decides. Otherwise every two are linked.
   */
  readonly star?: "relayed" | "direct" | "either";
  /** Told of every operation and every frame. */
  readonly trace?: (line: string) => void;
}

/** One end of a pipe, in the model. */
class End {
  readonly pipe: number;
  readonly side: 0 | 1;
  peer!: End;
  /** What was written, each with the ends attached to it. */
  readonly sent: End[][] = [];
  received = 0;
  /** Where it is held; -1 in a message, -2 when it was closed. */
  node: number;
  port: Port | null;
  /** In a message: the end that would read the message. */
  carrier: End | null = null;
  /** Whether the end was told by its sink that nothing more comes. */
  told = false;

  constructor(pipe: number, side: 0 | 1, node: number, port: Port | null) {
    this.pipe = pipe;
    this.side = side;
    this.node = node;
    this.port = port;
  }

  toString(): string {
    return `${this.pipe}${this.side === 0 ? "a" : "b"}`;
  }
}

const IN_MESSAGE = -1, CLOSED = -2;

/** One direction of a link: from a node's output to the other node's reader. */
class Lane {
  readonly from: number;
  readonly to: number;
  readonly output: Link;
  input!: Link;
  readonly reader: FrameReader;
  readonly wire: Uint8Array[] = [];
  taken: Uint8Array<ArrayBuffer> | null = null;
  at = 0;
  /** The link was killed: nothing more gets on the wire, and its end is seen after what is on it. */
  cut = false;
  ended = false;
  /** The node does not write yet, and reads nothing. */
  held = true;

  constructor(from: number, to: number, output: Link, chunkBytes: number) {
    this.from = from;
    this.to = to;
    this.output = output;
    this.reader = new FrameReader(LIMITS.tiny.maxFrameBytes, chunkBytes);
  }

  get idle(): boolean {
    return this.wire.length === 0 && this.taken === null && (!this.cut || this.ended);
  }
}

/** One of two nodes that are to meet, and what it has been told. */
interface Guest {
  readonly node: number;
  readonly meeting: Meeting;
}

/** Two nodes on their way to a direct link. */
class Encounter {
  host: Guest | null = null;
  guest: Guest | null = null;
  /** Whether the guest may come. */
  ready = false;
  /** From when the guest came: its lane to the host, and the one back. */
  lanes: [Lane, Lane] | null = null;
}

/** Nodes, links, and a model of what people may expect of them. */
export class World {
  /** The nodes. */
  readonly nodes: Node[] = [];
  /** Covers everything that happened. */
  traceHash = 0x811c9dc5;
  /** How many links were lost. */
  kills = 0;
  /** How many messages were read. */
  messagesRead = 0;
  readonly #random: Random;
  readonly #lanes: Lane[] = [];
  readonly #ends: End[] = [];
  readonly #trace: ((line: string) => void) | undefined;
  readonly #mayKill: boolean;
  readonly #star: WorldOptions["star"];
  /** By the two nodes, the smaller one first. */
  readonly #encounters: Map<string, Encounter> = new Map();
  /** How many direct links came of introductions. */
  met = 0;
  #acting = false;

  /** Builds the nodes, links them, and gives every two that are linked a pipe to begin with. */
  constructor(options: WorldOptions) {
    const random = this.#random = new Random(options.seed);
    this.#trace = options.trace;
    this.#mayKill = options.kills ?? false;
    this.#star = options.star;
    const count = options.nodes ?? (options.star ? 3 : 2) + random.below(3);
    for (let i = 0; i < count; i++) {
      const names = new NameSource(seededEnvironment(random.next()));
      this.nodes.push(new Node(names, LIMITS.tiny));
    }
    for (let i = 0; i < (options.star ? 1 : count); i++) {
      for (let j = i + 1; j < count; j++) this.#join(i, j);
    }
  }

  /** Adds both directions of a link between two nodes. */
  #lay(i: number, j: number, there: Link, back: Link): [Lane, Lane] {
    const lanes: [Lane, Lane] = [new Lane(i, j, there, 512), new Lane(j, i, back, 64)];
    lanes[0].input = back;
    lanes[1].input = there;
    this.#lanes.push(...lanes);
    return lanes;
  }

  /** Lets the frames of a node leave by `output`, and those of the other one come by `input`. */
  #start(output: Lane, input: Lane): void {
    output.held = false;
    // The node gives the link up: it reads no more, and the other end sees it end.
    const drop = () => {
      input.ended = true;
      input.wire.length = 0;
      output.cut = input.cut = true;
    };
    output.output.start({ wake: () => {}, drop });
  }

  #join(i: number, j: number): void {
    const a = this.nodes[i]!, b = this.nodes[j]!;
    const limits = { ...LIMITS.tiny, maxPipes: 10_000, maxUnreadBytes: 1 << 24 };
    const roles = this.#star ? ["member", "broker"] as const : ["peer", "peer"] as const;
    const link = a.connect(b.self.name, roles[0], limits, limits)!;
    const [there, back] = this.#lay(
      i,
      j,
      link,
      b.connect(a.self.name, roles[1], limits, limits)!,
    );
    this.#start(there, back);
    this.#start(back, there);
    link.point = { arrange: () => this.#arrange() };
    b.membership.onMeeting = (meeting) => this.#invited(j, meeting);
    // As an invitation does: one end stays, the other is handed over as a descriptor.
    const [kept, given] = this.#createPipe(i);
    const out = new Encoder(4096);
    out.begin(0);
    a.handOver(given.port!, there.output, out);
    const port = b.takeOver(back.output, out.view, 0);
    out.cancel(null);
    this.#hold(given, j, port);
    this.#note(`link ${i}-${j} with ${kept}-${given}`);
  }

  #createPipe(node: number): [End, End] {
    const id = this.#ends.length / 2;
    const [one, two] = this.nodes[node]!.createPipe();
    const ends: [End, End] = [new End(id, 0, node, one), new End(id, 1, node, two)];
    ends[0].peer = ends[1];
    ends[1].peer = ends[0];
    this.#ends.push(...ends);
    this.#hold(ends[0], node, one);
    this.#hold(ends[1], node, two);
    return ends;
  }

  #hold(end: End, node: number, port: Port): void {
    end.node = node;
    end.port = port;
    end.carrier = null;
    port.holder = end;
    port.container = null;
    if (!this.#random.oneIn(2)) return;
    port.sink = this.#sinkOf(end);
    end.told = port.prevNode === null;
  }

  #sinkOf(end: End): PortSink {
    return {
      deliver: (bytes, _view, start, end_, ports) => {
        if (this.#random.oneIn(3)) return false;
        this.#arrived(end, bytes.subarray(start, end_), ports);
        // What a handler does happens inside the node's handling of one event.
        if (!this.#acting && this.#random.oneIn(3)) {
          this.#acting = true;
          this.#operate(end.node, true);
          this.#acting = false;
        }
        return true;
      },
      queued: () => {},
      ended: () => {
        check(!end.told, `${end} is told twice that nothing more comes`);
        end.told = true;
        check(end.port!.prevNode === null, `${end} is told of an end that is not there`);
      },
    };
  }

  // ------------------------------------------------------------------ steps

  /** Does so many random things. */
  run(steps: number): void {
    for (let i = 0; i < steps; i++) this.#step();
  }

  #step(): void {
    const random = this.#random;
    if (this.#mayKill && random.oneIn(200)) this.#kill(random.pick(this.#lanes));
    if (random.oneIn(2)) this.#operate(random.below(this.nodes.length), false);
    if (random.oneIn(2)) this.#write(random.pick(this.#lanes), false);
    if (random.oneIn(2)) this.#deliver(random.pick(this.#lanes), false);
    if (this.#encounters.size > 0 && random.oneIn(3)) {
      this.#meet(random.pick([...this.#encounters.values()]));
    }
  }

  /** Something a person on that node does. */
  #operate(node: number, nested: boolean): void {
    const random = this.#random;
    const held = this.#ends.filter((end) => end.node === node);
    const kind = random.below(32);
    if (held.length < 2 || (kind < 2 && held.length < 12)) {
      const [one] = this.#createPipe(node);
      this.#note(`node ${node} creates ${one.pipe}`);
      return;
    }
    const end = random.pick(held);
    if (kind === 2) this.#close(end);
    else if (kind < 18) this.#send(end, held);
    else if (!nested) {
      for (let most = 1 + random.below(4); most > 0 && this.#read(end); most--);
    }
  }

  #close(end: End): void {
    this.#note(`node ${end.node} closes ${end}`);
    const node = this.nodes[end.node]!, port = end.port!;
    port.holder = port.sink = null;
    end.node = CLOSED;
    end.port = null;
    node.close(port);
  }

  #send(end: End, held: End[]): void {
    const random = this.#random, node = this.nodes[end.node]!, port = end.port!;
    const attached: End[] = [];
    for (let tries = random.pick([0, 0, 0, 1, 1, 2, 3]); tries > 0; tries--) {
      const other = random.pick(held);
      if (attached.includes(other) || node.refusal(port, other.port!) !== null) continue;
      attached.push(other);
    }
    const filler = random.oneIn(8) ? random.below(900) : random.below(20);
    const data = new Uint8Array(12 + attached.length * 4 + filler);
    const view = new DataView(data.buffer);
    view.setUint32(0, end.pipe);
    view.setUint8(4, end.side);
    view.setUint8(5, attached.length);
    view.setUint32(8, end.sent.length);
    for (const [i, other] of attached.entries()) {
      view.setUint32(12 + i * 4, other.pipe << 1 | other.side);
    }
    data.fill(end.sent.length & 0xff, data.length - filler);
    const out = node.beginBytes(port);
    out.need(data.length);
    out.bytes.set(data, out.at);
    out.at += data.length;
    for (const other of attached) out.handles.push(other.port!);
    // ORDER: what is attached leaves its holder before the message can be read, which may be at once.
    const number = end.sent.length;
    for (const other of attached) {
      other.node = IN_MESSAGE;
      other.carrier = end.peer;
      other.port = null;
    }
    end.sent.push(attached);
    const sent = node.commit(port, out, false);
    this.#note(
      `${end} sends #${number} (${attached.join(" ")})${sent ? "" : " nowhere"}`,
    );
    if (sent) return;
    end.sent.pop();
    for (const other of attached) other.node = CLOSED;
  }

  #read(end: End): boolean {
    const port = end.port!, queue = port.queue, entry = queue?.peek() ?? null;
    if (entry === null) {
      this.#checkEnd(end);
      return false;
    }
    const data = entry.bytes.slice(entry.start, entry.end);
    queue!.shift();
    this.#arrived(end, data, entry.ports);
    return true;
  }

  #arrived(end: End, data: Uint8Array, ports: Port[]): void {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const { peer } = end, number = view.getUint32(8);
    check(
      view.getUint32(0) === end.pipe && view.getUint8(4) === peer.side,
      `${end} reads a message of ${view.getUint32(0)}`,
    );
    check(number === end.received, `${end} reads #${number}, #${end.received} is next`);
    end.received++;
    this.messagesRead++;
    const attached = peer.sent[number]!;
    check(attached !== undefined, `${end} reads #${number}, which was never sent`);
    check(
      attached.length === ports.length && view.getUint8(5) === ports.length,
      `${end} reads #${number} with ${ports.length} ends attached`,
    );
    this.#note(`${end} reads #${number}`);
    for (const [i, other] of attached.entries()) {
      check(
        view.getUint32(12 + i * 4) === (other.pipe << 1 | other.side),
        "ends are attached in another order",
      );
      check(other.node === IN_MESSAGE, `${other} arrives while it is elsewhere`);
      this.#hold(other, end.node, ports[i]!);
    }
    for (let i = 12 + attached.length * 4; i < data.length; i++) {
      check(data[i] === (number & 0xff), "bytes of a message changed");
    }
  }

  /** If nothing more comes, that must be so for a reason. */
  #checkEnd(end: End): void {
    const port = end.port!, { peer } = end;
    if (port.prevNode !== null || port.readable) return;
    const cyclic = carrierOf(peer);
    if (port.reason === "closed") {
      // What was attached to a message that a lost link took along is closed, not lost.
      const dropped = this.kills > 0 && peer.node === IN_MESSAGE;
      check(
        peer.node === CLOSED || cyclic !== null || dropped,
        `${end} ended, ${peer} is open`,
      );
      check(
        end.received === peer.sent.length,
        `${end} ended at #${end.received} of ${peer.sent.length}`,
      );
    } else check(this.kills > 0 || cyclic === "cycle", `${end} is lost without a loss`);
  }

  // ------------------------------------------------------------------ meetings

  #arrange(): Arrangement | null {
    if (this.#star === "relayed") return null;
    if (this.#star === "either" && this.#random.oneIn(2)) return null;
    return { host: new Uint8Array(3), guest: new Uint8Array(5) };
  }

  #invited(node: number, meeting: Meeting): void {
    const name = meeting.link.neighbor.name;
    const other = this.nodes.findIndex((node) => node.self.name.equals(name));
    const key = keyOf(node, other);
    let encounter = this.#encounters.get(key);
    if (encounter === undefined) this.#encounters.set(key, encounter = new Encounter());
    check(meeting.means.length === (meeting.role === "host" ? 3 : 5), "wrong means");
    check(
      encounter[meeting.role] === null,
      `node ${node} is asked twice to meet ${other}`,
    );
    encounter[meeting.role] = { node, meeting };
    this.#note(`node ${node} is ${meeting.role} of ${other}`);
  }

  /** Two nodes that are to meet get on with it, or one gives up. */
  #meet(encounter: Encounter): boolean {
    const { host, guest } = encounter, random = this.#random;
    const membership = (who: Guest) => this.nodes[who.node]!.membership;
    if (host === null) return false;
    if (!encounter.ready) {
      if (host.meeting.over) return false;
      encounter.ready = true;
      if (this.#star === "either" && random.oneIn(6)) {
        membership(host).failed(host.meeting);
      } else membership(host).ready(host.meeting);
      return true;
    }
    if (encounter.lanes === null) {
      if (guest === null || guest.meeting.over) return false;
      if (host.meeting.over || (this.#star === "either" && random.oneIn(6))) {
        membership(guest).failed(guest.meeting);
        return true;
      }
      this.#note(`node ${guest.node} comes to ${host.node}`);
      membership(guest).met(guest.meeting);
      const { link } = guest.meeting;
      encounter.lanes = this.#lay(guest.node, host.node, link, host.meeting.link);
      this.#start(encounter.lanes[0], encounter.lanes[1]);
      return true;
    }
    const [there, back] = encounter.lanes;
    this.#encounters.delete(keyOf(host.node, guest!.node));
    // Its deadline may pass just as the guest comes.
    if (this.#mayKill && random.oneIn(8)) {
      this.kills++;
      membership(host).failed(host.meeting);
    }
    if (membership(host).met(host.meeting)) {
      this.met++;
      this.#start(back, there);
    } else {
      there.ended = there.cut = back.cut = true;
      there.wire.length = 0;
    }
    return true;
  }

  // ------------------------------------------------------------------ links

  /** Some bytes of what waits get on the wire; all of it when `all`. */
  #write(lane: Lane, all: boolean): boolean {
    if (lane.held) return false;
    lane.taken ??= lane.output.take();
    const { taken } = lane;
    if (taken === null) return false;
    const left = taken.length - lane.at;
    const count = all || this.#random.oneIn(2) ? left : 1 + this.#random.below(left);
    if (!lane.cut) lane.wire.push(taken.slice(lane.at, lane.at + count));
    lane.at += count;
    if (lane.at === taken.length) {
      lane.taken = null;
      lane.at = 0;
      lane.output.written(taken);
    }
    return true;
  }

  /** Some bytes of what is on the wire reach the other node, or the end does. */
  #deliver(lane: Lane, all: boolean): boolean {
    if (lane.ended || this.#lanes.find((back) => back.output === lane.input)?.held) {
      return false;
    }
    const first = lane.wire[0];
    if (first === undefined) {
      if (!lane.cut || lane.ended) return false;
      this.#end(lane);
      return true;
    }
    const space = lane.reader.space();
    let count = Math.min(first.length, space.length);
    if (!all && !this.#random.oneIn(2)) count = 1 + this.#random.below(count);
    space.set(first.subarray(0, count));
    if (count === first.length) lane.wire.shift();
    else lane.wire[0] = first.subarray(count);
    lane.reader.filled(count);
    while (!lane.ended && lane.reader.next()) {
      const { bytes, view, start, end } = lane.reader;
      this.#note(`${lane.from}->${lane.to}`, bytes.subarray(start, end));
      const rule = this.nodes[lane.to]!.accept(lane.input, bytes, view, start, end);
      check(rule === null, `node ${lane.to} judges node ${lane.from} hostile: ${rule}`);
    }
    check(lane.reader.violation === null, `frames broke: ${lane.reader.violation}`);
    return true;
  }

  #kill(lane: Lane): void {
    if (lane.cut) return;
    this.kills++;
    this.#note(`link ${lane.from}-${lane.to} is lost`);
    const pair = this.#lanes.filter((other) =>
      other === lane || (other.from === lane.to && other.to === lane.from)
    );
    for (const one of pair) {
      one.cut = true;
      // Part of what is under way still arrives.
      const keep = this.#random.below(one.wire.length + 1);
      if (keep < one.wire.length && this.#random.oneIn(2)) {
        const last = one.wire[keep]!;
        one.wire[keep] = last.subarray(0, 1 + this.#random.below(last.length));
        one.wire.length = keep + 1;
      } else one.wire.length = keep;
    }
  }

  #end(lane: Lane): void {
    lane.ended = true;
    this.#note(`node ${lane.to} loses node ${lane.from}`);
    this.nodes[lane.to]!.disconnect(lane.input, "killed");
  }

  // ------------------------------------------------------------------ rest

  /** Delivers everything, in random order, until nothing is under way. */
  settle(): void {
    for (let rounds = 0;; rounds++) {
      check(rounds < 100_000, "the nodes never come to rest");
      let moved = false;
      const from = this.#random.below(this.#lanes.length);
      for (let i = 0; i < this.#lanes.length; i++) {
        const lane = this.#lanes[(from + i) % this.#lanes.length]!;
        if (this.#write(lane, true)) moved = true;
        if (this.#deliver(lane, this.#random.oneIn(2))) moved = true;
      }
      for (const encounter of this.#encounters.values()) {
        if (this.#meet(encounter)) moved = true;
      }
      if (!moved) break;
    }
    check(this.#lanes.every((lane) => lane.idle), "a lane is not idle at rest");
  }

  /** Reads everything that can be read. */
  readAll(): void {
    for (let again = true; again;) {
      again = false;
      for (const end of this.#ends) {
        while (end.node >= 0 && this.#read(end)) again = true;
      }
      this.settle();
    }
  }

  /** Closes every end that anybody holds. */
  closeAll(): void {
    for (const end of this.#ends) {
      if (end.node >= 0) this.#close(end);
    }
    this.settle();
  }

  /** Checks what must be so when nothing is under way. */
  checkRest(): void {
    const owed = new Map<Link, { pipes: number; bytes: number }>();
    for (const [i, node] of this.nodes.entries()) {
      for (const port of node.ports.all()) {
        check(
          port.state === PortState.Open,
          `node ${i} has a port in state ${port.state}`,
        );
        check(
          (port.nextNode === null) === (port.prevNode === null),
          `node ${i} has a half-open port of ${port.holder ?? "a message"}`,
        );
        check(parkedEvents(port) === 0, `node ${i} has parked events`);
        if (port.source !== null) entry(owed, port.source).pipes++;
        this.#checkPeer(i, port);
      }
    }
    for (const end of this.#ends) {
      if (end.node < 0) continue;
      const port = end.port!;
      check(port.state === PortState.Open, `${end} is held and not open`);
      if (port.sink !== null) {
        check(end.told === (port.prevNode === null), `${end} was not told of its end`);
      }
      this.#checkEnd(end);
      // A moving cycle may have been given up; what is in it is nobody's.
      if (end.peer.node !== CLOSED && carrierOf(end.peer) === null && this.kills === 0) {
        check(port.prevNode !== null, `${end} ended, ${end.peer} is open`);
      }
    }
    for (const queue of this.#queues()) {
      for (let at = queue.peek(); at !== null; at = at.next) {
        if (at.link === null) continue;
        entry(owed, at.link).bytes += at.end - at.start + MESSAGE_OVERHEAD_BYTES;
      }
    }
    for (const [name, link] of this.#links()) {
      const { pipes, bytes } = entry(owed, link);
      check(link.pipes === pipes, `${name} counts ${link.pipes} pipes, not ${pipes}`);
      check(
        link.unreadBytes === bytes,
        `${name} counts ${link.unreadBytes} unread bytes, not ${bytes}`,
      );
      check(link.unsentAnswerBytes === 0, `${name}: unsent ${link.unsentAnswerBytes}`);
      check(link.unsentReplyBytes === 0, `${name}: unsent replies`);
    }
  }

  /** All links that there are, and those that were. */
  *#links(): Iterable<[name: string, link: Link]> {
    const seen = new Set<Link>();
    for (const { from, to, output } of this.#lanes) {
      seen.add(output);
      yield [`link ${from}-${to}`, output];
    }
    for (const [i, node] of this.nodes.entries()) {
      for (const link of node.links()) {
        check(link.started, `node ${i} has a link that never started`);
        if (!seen.has(link)) yield [`link of ${i} to ${link.neighbor.key}`, link];
      }
    }
  }

  *#queues() {
    for (const node of this.nodes) {
      for (const port of node.ports.all()) {
        if (port.queue !== null) yield port.queue;
      }
    }
  }

  #checkPeer(i: number, port: Port): void {
    if (port.prevNode === null) return;
    const where = this.nodes.find((node) => node.self.name.equals(port.prevNode!.name))!;
    const peer = where.ports.get(port.prevPort!);
    check(peer !== null, `node ${i} has a port that listens to nobody: ${port.holder}`);
    check(
      peer!.nextNode!.name.equals(this.nodes[i]!.self.name) &&
        peer!.nextPort!.equals(port.name),
      `node ${i} has a port that listens to one that sends elsewhere`,
    );
    check(
      port.nextPort!.equals(peer!.name) && peer!.prevPort!.equals(port.name),
      `node ${i} has a port whose two hops go to different ports`,
    );
  }

  /** Checks that everything that was sent to a held end was read, and that nothing is left after. */
  checkAllRead(): void {
    if (this.kills > 0) return;
    for (const end of this.#ends) {
      if (end.node < 0 || end.port!.reason === "lost") continue;
      check(
        end.received === end.peer.sent.length,
        `${end} read ${end.received} messages of ${end.peer.sent.length}`,
      );
    }
  }

  /** Checks that nothing is left of anything. */
  checkEmpty(): void {
    for (const [i, node] of this.nodes.entries()) {
      check(node.ports.size === 0, `node ${i} still has ${node.ports.size} ports`);
    }
    for (const [name, link] of this.#links()) {
      check(link.pipes === 0, `${name} still counts ${link.pipes} pipes`);
      check(link.unreadBytes === 0, `${name} counts ${link.unreadBytes} bytes`);
    }
  }

  #note(line: string, frame?: Uint8Array): void {
    let hash = this.traceHash;
    for (let i = 0; i < line.length; i++) {
      hash = Math.imul(hash ^ line.charCodeAt(i), 0x01000193);
    }
    if (frame !== undefined) {
      for (let i = 0; i < frame.length; i++) {
        hash = Math.imul(hash ^ frame[i]!, 0x01000193);
      }
    }
    this.traceHash = hash;
    this.#trace?.(frame === undefined ? line : `${line}: ${describe(frame)}`);
  }
}

/** Runs one whole schedule: random steps, rest, everything read, everything closed. */
export function runSchedule(options: WorldOptions, steps: number): World {
  const world = new World(options);
  world.run(steps);
  world.settle();
  world.checkRest();
  world.readAll();
  world.checkRest();
  world.checkAllRead();
  world.closeAll();
  world.checkEmpty();
  return world;
}

function keyOf(one: number, two: number): string {
  return `${Math.min(one, two)}-${Math.max(one, two)}`;
}

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

function entry<K>(map: Map<K, { pipes: number; bytes: number }>, key: K) {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = { pipes: 0, bytes: 0 });
  return value;
}

/**
 * Whether `end` is in a message that nobody can ever read: because the pipe it is on leads, message
 * within message, to a closed end, or back to itself. `null` when somebody can, or it is not in one.
 */
function carrierOf(end: End): "closed" | "cycle" | null {
  const seen = new Set<End>();
  let at: End | null = end;
  for (; at !== null && at.node === IN_MESSAGE; at = at.carrier) {
    if (seen.has(at)) return "cycle";
    seen.add(at);
  }
  return at !== null && at.node === CLOSED && at !== end ? "closed" : null;
}

/** Counts without taking: the copy of the table is put back as it was. */
function parkedEvents(port: Port): number {
  const { parked } = port;
  if (parked === null) return 0;
  const events = parked.takeAll();
  for (const event of events) parked.add(event, event.payer);
  return events.length;
}

function describe(frame: Uint8Array): string {
  const type = frame[4]!,
    hex = (at: number) =>
      [...frame.subarray(at, at + 4)].map((byte) => byte.toString(16).padStart(2, "0"))
        .join("");
  if (type === NodeFrameType.Relayed) {
    return `Relayed ${hex(8)} ${describe(frame.subarray(24))}`;
  }
  const node = NODE_FRAMES[type - NodeFrameType.Ask];
  if (node !== undefined) return `${node.name} ${hex(8)} ${frame[5]}`;
  const name = EVENTS[type]?.name;
  return `${name} to ${hex(8)} from ${hex(24)} #${frame.length >= 48 ? frame[40] : ""}`;
}
