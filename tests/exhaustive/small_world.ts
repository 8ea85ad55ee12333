/**
 * A world that is small enough to be walked in every order: a few nodes, the frames between them, and
 * people who each do a few things one after the other, as soon as they hold what it takes.
 *
 * @module
 */
import { LIMITS } from "../../core/limits.ts";
import { NameSource } from "../../core/names.ts";
import type { Link } from "../../core/ports/link.ts";
import type { Meeting } from "../../core/ports/meeting.ts";
import { Node } from "../../core/ports/node.ts";
import { type Port, PortState } from "../../core/ports/port.ts";
import { Encoder } from "../../core/wire/encoder.ts";
import { forEachFrame } from "../../core/wire/frame.ts";
import {
  isNodeFrame,
  NODE,
  NODE_FRAME_BYTES,
  NodeFrameType,
} from "../../core/wire/node_frame.ts";
import { countingEnvironment, Fingerprint } from "./fingerprint.ts";
import { carrierOf, check, CLOSED, DEAD, End, IN_MESSAGE } from "./model.ts";
import { addPort } from "./port_print.ts";
import { checkNodesAtRest } from "./rest.ts";

/** What a small world is made of. */
export interface WorldPlan {
  /** What it is called. */
  readonly name: string;
  /** How many nodes. */
  readonly nodes: number;
  /**
   * How they are linked: every two of them; or each to its parent only, whose other
   * children are reached by relay, or over a direct link, or one of the two as it happens.
   */
  readonly links: "mesh" | "relayed" | "direct" | "either";
  /** The parent of each node but the first; node 0 when not given. */
  readonly parents?: readonly number[];
  /** The nodes that hold the ends of each pipe. The ends of the first are `a` and `A`, and so on. */
  readonly pipes: readonly (readonly [number, number])[];
  /**
   * What each person does: `send a b B` sends a message on `a` with `b` and `B`, `read a` reads one
   * message, `close a`, `fuse a B`, `kill 1` ends a node, `cut 0 1` loses a link.
   */
  readonly people: readonly (readonly string[])[];
  /** Messages are read only where somebody reads, and when nothing else can happen. */
  readonly lazy?: boolean;
}

/** Frames on their way from one node to another. */
interface Lane {
  readonly from: number;
  readonly to: number;
  readonly output: Link;
  input: Link;
  frames: Uint8Array<ArrayBuffer>[];
  /** Nothing more gets on it; its end is seen after what is. */
  cut: boolean;
  ended: boolean;
}

interface Operation {
  readonly verb: string;
  readonly ends: readonly End[];
  readonly nodes: readonly number[];
  readonly id: number;
}

/** Two nodes that are to meet. */
interface Encounter {
  host: { node: number; meeting: Meeting } | null;
  guest: { node: number; meeting: Meeting } | null;
  /** How far it has come: nothing, the host has spoken, the guest has, both have. */
  stage: number;
}

/** Something that can happen: deliver on a lane, the next deed of a person, a step of a meeting. */
export type Choice = number;
const PERSON = 1000, MEET = 2000, READ = 3000;

/** A small world. */
export class SmallWorld {
  readonly #plan: WorldPlan;
  readonly #nodes: Node[] = [];
  readonly #dead: boolean[] = [];
  readonly #lanes: Lane[] = [];
  readonly #ends: End[] = [];
  readonly #people: Operation[][];
  readonly #done: number[];
  readonly #encounters: Encounter[] = [];
  /** What each node has been told about other nodes: its dealings with them depend on nothing else. */
  readonly #told: number[][] = [];
  #faults = 0;
  /** The rule for which a node gave a link up. */
  #blame: string | null = null;

  /** Builds it, and lets the pipes come to rest. */
  constructor(plan: WorldPlan) {
    this.#plan = plan;
    for (let i = 0; i < plan.nodes; i++) {
      const names = new NameSource(countingEnvironment(i));
      this.#nodes.push(new Node(names, LIMITS.tiny));
      this.#dead.push(false);
      this.#told.push([]);
    }
    for (let j = 1; j < plan.nodes; j++) {
      if (plan.links !== "mesh") this.#join(plan.parents?.[j - 1] ?? 0, j, true);
      else for (let i = 0; i < j; i++) this.#join(i, j, false);
    }
    for (const [i, nodes] of plan.pipes.entries()) this.#lay(i, nodes);
    let id = 0;
    this.#people = plan.people.map((deeds) =>
      deeds.map((deed) => {
        const [verb, ...rest] = deed.split(" ");
        return {
          verb: verb!,
          ends: rest.flatMap((name) => this.#ends.filter((end) => end.name === name)),
          nodes: rest.map(Number),
          id: id++,
        };
      })
    );
    this.#done = plan.people.map(() => 0);
    this.#settle();
  }

  #join(i: number, j: number, asChild: boolean): void {
    const a = this.#nodes[i]!, b = this.#nodes[j]!;
    const roles = asChild ? ["member", "broker"] as const : ["peer", "peer"] as const;
    const there = a.connect(b.self.name, roles[0], LIMITS.tiny, LIMITS.tiny)!;
    const back = b.connect(a.self.name, roles[1], LIMITS.tiny, LIMITS.tiny)!;
    const lanes = [this.#lane(i, j, there, back), this.#lane(j, i, back, there)] as const;
    this.#start(lanes[0], lanes[1]);
    this.#start(lanes[1], lanes[0]);
    if (!asChild) return;
    const means = new Uint8Array(4);
    there.point = {
      arrange: () =>
        this.#plan.links === "relayed" ? null : { host: means, guest: means },
    };
    b.membership.onMeeting = (meeting) => this.#invited(j, meeting);
    a.announce(there, () => {});
    this.#settle();
  }

  #lane(from: number, to: number, output: Link, input: Link): Lane {
    const lane = { from, to, output, input, frames: [], cut: false, ended: false };
    this.#lanes.push(lane);
    return lane;
  }

  #start(output: Lane, input: Lane): void {
    const drop = (violation: string | null) => {
      this.#blame ??= violation;
      input.ended = true;
      input.frames = [];
      output.cut = input.cut = true;
    };
    // So that taking what waits does not cost a large buffer each time.
    output.output.output.recycle(new Uint8Array(2048));
    output.output.start({ wake: () => {}, drop });
  }

  #lay(pipe: number, [here, there]: readonly [number, number]): void {
    const letter = String.fromCharCode(97 + pipe), node = this.#nodes[here]!;
    const ports = node.createPipe();
    const ends = [new End(letter, here), new End(letter.toUpperCase(), here)] as const;
    for (const i of [0, 1] as const) {
      const end = ends[i];
      end.peer = ends[1 - i]!;
      end.out = { messages: [], read: 0, reader: end.peer };
      this.#hold(end, here, ports[i]);
    }
    ends[0].in = ends[1].out;
    ends[1].in = ends[0].out;
    this.#ends.push(...ends);
    if (here === there) return;
    const lane = this.#lanes.find(({ from, to }) => from === here && to === there)!;
    const out = new Encoder(4096, 256);
    out.begin(0);
    node.handOver(ports[1], lane.output, out);
    const port = this.#nodes[there]!.takeOver(lane.input, out.view, 0);
    this.#hold(ends[1], there, port);
  }

  #hold(end: End, node: number, port: Port): void {
    end.node = node;
    end.port = port;
    end.carrier = null;
    port.holder = end;
    port.container = null;
  }

  // ------------------------------------------------------------------ what can happen

  /** All that can happen next. */
  choices(): Choice[] {
    const choices: Choice[] = [];
    for (const [i, lane] of this.#lanes.entries()) {
      if (!lane.ended && (lane.frames.length > 0 || lane.cut) && this.#isRead(lane)) {
        choices.push(i);
      }
    }
    for (let i = 0; i < this.#people.length; i++) {
      const deed = this.#people[i]![this.#done[i]!];
      if (deed === undefined || !this.#isPossible(deed)) continue;
      choices.push(PERSON + i);
      // All that is under way arrives, or nothing.
      if (deed.verb === "kill" || deed.verb === "cut") choices.push(PERSON + 100 + i);
    }
    for (const [i, encounter] of this.#encounters.entries()) {
      if (!this.#canMeet(encounter)) continue;
      choices.push(MEET + i);
      if (this.#plan.links === "either" && encounter.stage < 2) {
        choices.push(MEET + 100 + i);
      }
    }
    if (choices.length === 0 && this.#readables().length > 0) choices.push(READ);
    return choices;
  }

  /** Whether whoever is at the end of a lane reads: not before it has met the other. */
  #isRead(lane: Lane): boolean {
    return lane.input.started && !this.#dead[lane.to];
  }

  #isPossible({ verb, ends }: Operation): boolean {
    switch (verb) {
      case "kill":
      case "cut":
        return true;
      case "read":
        return ends[0]!.node >= 0 && ends[0]!.port!.readable;
      default: {
        const { node } = ends[0]!;
        return node >= 0 && ends.every((end) => end.node === node);
      }
    }
  }

  #readables(): End[] {
    return this.#ends.filter(({ node, port }) => node >= 0 && port!.readable);
  }

  /** What a choice is, in words. */
  describe(choice: Choice): string {
    if (choice === READ) return "read all";
    if (choice >= MEET) {
      return `meeting ${choice % 100}${choice >= MEET + 100 ? " fails" : ""}`;
    }
    if (choice >= PERSON) {
      const i = choice % 100, deed = this.#plan.people[i]![this.#done[i]!];
      return choice >= PERSON + 100 ? `${deed}, all under way lost` : `${deed}`;
    }
    const { from, to, frames } = this.#lanes[choice]!;
    return `${from}->${to} ${frames.length === 0 ? "ends" : `type ${frames[0]![4]}`}`;
  }

  /** Lets it happen. Throws when a promise is broken. */
  take(choice: Choice): void {
    if (choice >= READ) { for (const end of this.#readables()) this.#read(end); }
    else if (choice >= MEET) {
      this.#meet(this.#encounters[choice % 100]!, choice >= MEET + 100);
    } else if (choice >= PERSON) {
      const i = choice % 100;
      this.#act(this.#people[i]![this.#done[i]!++]!, choice < PERSON + 100);
    } else this.#deliver(this.#lanes[choice]!);
    this.#drain();
    if (this.#plan.lazy) return;
    for (let again = true; again;) {
      again = false;
      for (const end of this.#readables()) {
        this.#read(end);
        again = true;
      }
    }
    this.#drain();
  }

  #act({ verb, ends, nodes, id }: Operation, kept: boolean): void {
    switch (verb) {
      case "send":
        return this.#send(ends[0]!, ends.slice(1), id);
      case "read":
        return this.#read(ends[0]!);
      case "close":
        return this.#close(ends[0]!);
      case "fuse":
        return this.#fuse(ends[0]!, ends[1]!);
      case "cut":
        return this.#cut(nodes[0]!, nodes[1]!, kept);
      default:
        return this.#kill(nodes[0]!, kept);
    }
  }

  #deliver(lane: Lane): void {
    const node = this.#nodes[lane.to]!, frame = lane.frames.shift();
    if (frame === undefined) {
      lane.ended = true;
      this.#told[lane.to]!.push(-1 - lane.from);
      node.disconnect(lane.input, "ended");
      return;
    }
    this.#tell(this.#told[lane.to]!, frame, 0);
    const view = new DataView(frame.buffer);
    const rule = node.accept(lane.input, frame, view, 0, frame.length);
    check(rule === null, `node ${lane.to} judges node ${lane.from} hostile: ${rule}`);
  }

  /** Notes what a frame says about nodes. */
  #tell(told: number[], frame: Uint8Array, at: number): void {
    const type = frame[at + 4]!;
    if (!isNodeFrame(type)) return;
    told.push(type, frame[at + 5]!, frame[at + NODE + 2]! >> 4);
    const isWrapped = type === NodeFrameType.Relayed || type === NodeFrameType.Passed;
    if (isWrapped) this.#tell(told, frame, at + NODE_FRAME_BYTES);
  }

  /** What the nodes wrote is under way. */
  #drain(): void {
    for (const lane of this.#lanes) {
      const { output } = lane;
      if (output.neighbor.link !== output || !output.started) continue;
      const taken = output.take();
      if (taken === null) continue;
      if (!lane.cut && !this.#dead[lane.from]) {
        forEachFrame(taken, (start, end) => lane.frames.push(taken.slice(start, end)));
      }
      output.written(taken);
    }
  }

  // ------------------------------------------------------------------ what people do

  #send(end: End, attached: readonly End[], id: number): void {
    const node = this.#nodes[end.node]!, port = end.port!;
    for (const other of attached) {
      if (node.refusal(port, other.port!) !== null) return;
    }
    const out = node.beginBytes(port);
    out.need(8);
    out.view.setUint32(out.at, id, true);
    out.view.setUint32(out.at + 4, 0, true);
    out.at += 8;
    for (const other of attached) {
      out.handles.push(other.port!);
      other.node = IN_MESSAGE;
      other.carrier = end.out;
      other.port = null;
    }
    end.out.messages.push({ id, attached });
    if (node.commit(port, out, false)) return;
    end.out.messages.pop();
    for (const other of attached) other.node = CLOSED;
    const gone = end.peer.node === CLOSED || carrierOf(end.peer) !== null;
    check(gone || this.#faults > 0, `${end.name} cannot send, ${end.peer.name} is open`);
  }

  #read(end: End): void {
    const queue = end.port!.queue!, entry = queue.peek()!, stream = end.in;
    const id = entry.view.getUint32(entry.start, true);
    queue.shift();
    const expected = stream.messages[stream.read];
    check(
      expected?.id === id,
      `${end.name} reads message ${id}, ${expected?.id} is next`,
    );
    stream.read++;
    const { attached } = expected!;
    check(attached.length === entry.ports.length, `message ${id} lost an endpoint`);
    for (const [i, other] of attached.entries()) {
      check(other.node === IN_MESSAGE, `${other.name} arrives while it is elsewhere`);
      this.#hold(other, end.node, entry.ports[i]!);
    }
  }

  #close(end: End): void {
    const node = this.#nodes[end.node]!, port = end.port!;
    port.holder = null;
    end.node = CLOSED;
    end.port = null;
    node.close(port);
  }

  #fuse(one: End, other: End): void {
    const node = this.#nodes[one.node]!;
    if (node.fuseRefusal(one.port!, other.port!) !== null) return;
    const ports = [one.port!, other.port!] as const,
      peers = [one.peer, other.peer] as const;
    for (const end of [one, other]) {
      end.node = CLOSED;
      end.port = null;
    }
    if (one.peer !== other) {
      for (const [end, to] of [[one, other], [other, one]] as const) {
        const rest = end.in.messages.splice(end.in.read);
        for (const { attached } of rest) {
          for (const each of attached) each.carrier = to.out;
        }
        to.out.messages.push(...rest);
      }
      [peers[0].out, peers[1].out] = [other.out, one.out];
      [peers[0].peer, peers[1].peer] = [peers[1], peers[0]];
    }
    node.fuse(...ports);
  }

  #kill(index: number, kept: boolean): void {
    this.#faults++;
    this.#dead[index] = true;
    for (const end of this.#ends) if (end.node === index) end.node = DEAD;
    for (const lane of this.#lanes) {
      if (lane.to === index) {
        lane.frames = [];
        lane.ended = true;
      }
      if (lane.from !== index) continue;
      lane.cut = true;
      if (!kept) lane.frames = [];
    }
  }

  #cut(one: number, other: number, kept: boolean): void {
    this.#faults++;
    for (const lane of this.#lanes) {
      const between = lane.from === one && lane.to === other ||
        lane.from === other && lane.to === one;
      if (!between) continue;
      lane.cut = true;
      if (!kept) lane.frames = [];
    }
  }

  // ------------------------------------------------------------------ meetings

  #invited(node: number, meeting: Meeting): void {
    let encounter = this.#encounters.find(({ host, guest }) => {
      const first = (host ?? guest)!;
      return this.#nodes[first.node]!.self.name.equals(meeting.link.neighbor.name) &&
        first.meeting.link.neighbor.name.equals(this.#nodes[node]!.self.name);
    });
    if (encounter === undefined) {
      this.#encounters.push(encounter = { host: null, guest: null, stage: 0 });
    }
    check(encounter[meeting.role] === null, `node ${node} is asked twice to meet`);
    encounter[meeting.role] = { node, meeting };
  }

  #canMeet({ host, guest, stage }: Encounter): boolean {
    const next = stage === 1 ? guest : host;
    if (stage === 3 || next === null || this.#dead[next.node]) return false;
    // A host that heard that it is called off still sees the guest, who came before.
    return stage === 2 || !next.meeting.over;
  }

  #meet(encounter: Encounter, fails: boolean): void {
    const host = encounter.host!, guest = encounter.guest!;
    const membership = (who: { node: number }) => this.#nodes[who.node]!.membership;
    const { stage } = encounter;
    encounter.stage++;
    if (stage === 0) {
      if (fails) membership(host).failed(host.meeting);
      else membership(host).ready(host.meeting);
    } else if (stage === 1) {
      if (fails || host.meeting.over) {
        membership(guest).failed(guest.meeting);
        encounter.stage = 3;
        return;
      }
      const there = guest.meeting.link, back = host.meeting.link;
      const lane = this.#lane(guest.node, host.node, there, back);
      const other = this.#lane(host.node, guest.node, back, there);
      membership(guest).met(guest.meeting);
      this.#start(lane, other);
    } else {
      const lane = this.#lanes.at(-2)!, other = this.#lanes.at(-1)!;
      if (membership(host).met(host.meeting)) return this.#start(other, lane);
      // Nobody reads what the guest sends: it sees its end.
      lane.ended = true;
      lane.frames = [];
      other.cut = true;
    }
  }

  // ------------------------------------------------------------------ checks

  /** Checks what must hold at every moment. */
  check(): void {
    check(this.#blame === null, `an honest node is blamed: ${this.#blame}`);
    for (const end of this.#ends) {
      if (end.node < 0) continue;
      const port = end.port!;
      check(port.state === PortState.Open, `${end.name} is held and not open`);
      check(port.holder === end, `${end.name} is held by another`);
      check(
        this.#nodes[end.node]!.ports.get(port.name) === port,
        `${end.name} is held and forgotten`,
      );
      this.#checkEnd(end);
    }
  }

  /** If nothing more comes, that must be so for a reason. */
  #checkEnd(end: End): void {
    const port = end.port!, { peer } = end;
    if (port.prevNode !== null || port.readable) return;
    const carrier = carrierOf(peer);
    if (port.reason === "lost") {
      check(
        this.#faults > 0 || carrier === "cycle",
        `${end.name} is lost without a loss`,
      );
      return;
    }
    const dropped = this.#faults > 0 && peer.node === IN_MESSAGE;
    check(
      peer.node === CLOSED || carrier !== null || dropped,
      `${end.name} ended, ${peer.name} is open`,
    );
    check(
      end.in.read === end.in.messages.length || this.#faults > 0 && peer.node !== CLOSED,
      `${end.name} ended after ${end.in.read} of ${end.in.messages.length} messages`,
    );
  }

  /** Checks what must hold when nothing more can happen, then closes all and checks that nothing is left. */
  checkRest(): void {
    checkNodesAtRest(
      this.#nodes.filter((_, i) => !this.#dead[i]),
      this.#lanes.filter(({ from }) => !this.#dead[from]).map(({ output }) => output),
    );
    for (const end of this.#ends) {
      if (end.node < 0) continue;
      const open = end.port!.prevNode !== null;
      if (end.peer.node >= 0 && this.#faults === 0) {
        check(open, `${end.name} ended, ${end.peer.name} is open`);
      }
      if (end.peer.node === CLOSED || end.peer.node === DEAD) {
        check(!open, `${end.name} waits, ${end.peer.name} is gone`);
      }
      if (open) {
        check(end.in.read === end.in.messages.length, `${end.name} missed a message`);
      }
    }
    this.#closeAll();
  }

  #closeAll(): void {
    for (const end of this.#ends) if (end.node >= 0) this.#close(end);
    this.#settle();
    for (const [i, node] of this.#nodes.entries()) {
      if (this.#dead[i]) continue;
      check(node.ports.size === 0, `node ${i} has ${node.ports.size} ports left`);
    }
    for (const { from, output } of this.#lanes) {
      if (this.#dead[from]) continue;
      check(output.pipes === 0, "a link counts pipes when all are closed");
      check(output.unreadBytes === 0, "a link counts unread bytes when all are closed");
    }
  }

  /** Delivers all that is under way, in one order. */
  #settle(): void {
    for (let moved = true; moved;) {
      moved = false;
      this.#drain();
      for (const lane of this.#lanes) {
        if (lane.ended || !this.#isRead(lane)) continue;
        if (lane.frames.length === 0 && !lane.cut) continue;
        this.#deliver(lane);
        moved = true;
      }
    }
  }

  // ------------------------------------------------------------------ state

  /** A number that stands for all of it. */
  fingerprint(): number {
    const print = new Fingerprint();
    for (const node of this.#nodes) print.name(node.self.name);
    for (const node of this.#nodes) {
      for (const { name } of node.ports.all()) print.name(name);
    }
    for (const [i, node] of this.#nodes.entries()) {
      print.add(this.#dead[i] ? 1 : 2);
      if (this.#dead[i]) continue;
      for (const word of this.#told[i]!) print.add(word);
      for (const port of node.ports.all()) addPort(print, port);
      for (const link of node.links()) {
        print.name(link.neighbor.name);
        print.add(link.started ? 1 : 2);
        print.bytes(link.output.bytes, 0, link.output.at);
      }
    }
    for (const lane of this.#lanes) {
      print.add((lane.cut ? 1 : 0) | (lane.ended ? 2 : 0) | lane.frames.length << 2);
      for (const frame of lane.frames) print.bytes(frame, 0, frame.length);
    }
    for (const done of this.#done) print.add(done);
    for (const { host, guest, stage } of this.#encounters) {
      print.add(stage << 4 | state(host) << 2 | state(guest));
    }
    for (const { node, out, port } of this.#ends) {
      print.add(node);
      print.add(out.read);
      print.name(port?.name ?? null);
      // What was sent, for those who have done different things by now.
      for (const { id } of out.messages) print.add(id);
    }
    return print.value;
  }
}

function state(guest: { meeting: Meeting } | null): number {
  return guest === null ? 0 : guest.meeting.over ? 1 : 2;
}
