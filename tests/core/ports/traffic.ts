/**
 * A few nodes and the frames between them, for tests that say themselves which frame arrives when.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { NameSource } from "../../../core/names.ts";
import type { Link } from "../../../core/ports/link.ts";
import type { Meeting } from "../../../core/ports/meeting.ts";
import { Node } from "../../../core/ports/node.ts";
import { type Port, PortState } from "../../../core/ports/port.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { forEachFrame } from "../../../core/wire/frame.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { nameOf } from "./forgery.ts";

/** More rounds than anything takes that ends. */
const MAX_ROUNDS = 500;

/** What is on its way from one node to another. */
interface Lane {
  readonly from: number;
  readonly to: number;
  readonly output: Link;
  readonly input: Link;
  readonly frames: Uint8Array<ArrayBuffer>[];
  /** Nothing more gets on it: the receiver sees its end behind what is. */
  over: boolean;
  /** The receiver has seen that. */
  ended: boolean;
}

function newLane(from: number, to: number, output: Link, input: Link): Lane {
  return { from, to, output, input, frames: [], over: false, ended: false };
}

/** Nodes, known by their numbers, whose frames arrive one by one. */
export class Traffic {
  readonly nodes: readonly Node[];
  /** The meeting that each node was last asked to. */
  readonly meetings: Meeting[] = [];
  readonly #lanes: Lane[] = [];
  readonly #held: Set<Port> = new Set();
  readonly #dead: Set<number> = new Set();

  /**
   * Links every two nodes; or each with node 0 only, which brought it in, and then any two of the others
   * are relayed, or asked to meet.
   */
  constructor(count: number, links: "mesh" | "relayed" | "direct" = "mesh") {
    this.nodes = Array.from(
      { length: count },
      (_, i) => new Node(new NameSource(seededEnvironment(i + 1)), LIMITS.tiny),
    );
    for (const [j, node] of this.nodes.entries()) {
      node.membership.onMeeting = (meeting) => this.meetings[j] = meeting;
      for (let i = 0; i < j; i++) {
        if (links === "mesh") this.#join(i, j, "peer", "peer");
        else if (i === 0) {
          const link = this.#join(0, j, "member", "broker"), means = new Uint8Array(4);
          const arrangement = links === "relayed" ? null : { host: means, guest: means };
          link.point = { arrange: () => arrangement };
        }
      }
    }
  }

  #join(i: number, j: number, theirs: "peer" | "member", ours: "peer" | "broker"): Link {
    const [a, b] = [this.nodes[i]!, this.nodes[j]!];
    const there = a.connect(b.self.name, theirs, LIMITS.tiny, LIMITS.tiny)!;
    const back = b.connect(a.self.name, ours, LIMITS.tiny, LIMITS.tiny)!;
    for (const start of this.#lay(i, j, there, back)) start();
    return there;
  }

  /** Lays two lanes. What this returns starts the links, that of the first node first. */
  #lay(i: number, j: number, there: Link, back: Link): [() => void, () => void] {
    const lane = newLane(i, j, there, back), other = newLane(j, i, back, there);
    this.#lanes.push(lane, other);
    const start = (output: Lane, input: Lane) => () => {
      const drop = () => {
        output.over = input.over = input.ended = true;
        input.frames.length = 0;
      };
      output.output.start({ wake: () => {}, drop });
    };
    return [start(lane, other), start(other, lane)];
  }

  #lane(from: number, to: number): Lane {
    const lane = this.#lanes.find((lane) => lane.from === from && lane.to === to);
    assert(lane !== undefined, `there is no link from ${from} to ${to}`);
    return lane;
  }

  /** Puts what a node wrote on its way. */
  #load(lane: Lane): void {
    const { output, frames } = lane;
    if (lane.over || this.#dead.has(lane.from) || !output.started) return;
    const taken = output.take();
    if (taken === null) return;
    forEachFrame(taken, (start, end) => frames.push(taken.slice(start, end)));
    output.written(taken);
  }

  #accept(lane: Lane, frame: Uint8Array<ArrayBuffer>): void {
    const view = new DataView(frame.buffer), node = this.nodes[lane.to]!;
    const rule = node.accept(lane.input, frame, view, 0, frame.length);
    assertEquals(rule, null, `node ${lane.to} judges node ${lane.from} hostile`);
  }

  #seeEnd(lane: Lane): boolean {
    if (!lane.over || lane.ended) return false;
    lane.ended = true;
    this.nodes[lane.to]!.disconnect(lane.input, "ended");
    return true;
  }

  // ------------------------------------------------------------------ what arrives

  /** The names of the frames on their way. */
  waiting(from: number, to: number): string[] {
    const lane = this.#lane(from, to);
    this.#load(lane);
    return lane.frames.map(nameOf);
  }

  /** Delivers what is on its way: up to the first frame of the given name, or all, with the end of the link. */
  deliver(from: number, to: number, last?: string): void {
    const lane = this.#lane(from, to);
    this.#load(lane);
    for (let frame = lane.frames.shift(); frame; frame = lane.frames.shift()) {
      this.#accept(lane, frame);
      if (nameOf(frame) === last) return;
    }
    assertEquals(last, undefined, "it is not on its way");
    this.#seeEnd(lane);
  }

  /** Turns the order of what is on its way around. */
  reverse(from: number, to: number): void {
    const lane = this.#lane(from, to);
    this.#load(lane);
    lane.frames.reverse();
  }

  /** Delivers everything until nothing is on its way. Returns the names of all that arrived. */
  settle(): string[] {
    const names: string[] = [];
    for (let round = 0;; round++) {
      assert(round < MAX_ROUNDS, "it never ends");
      for (const lane of this.#lanes) this.#load(lane);
      let moved = false;
      for (
        const [lane, frames] of this.#lanes.map((l) => [l, l.frames.splice(0)] as const)
      ) {
        for (const frame of frames) {
          if (lane.ended) break;
          this.#accept(lane, frame);
          names.push(nameOf(frame));
          moved = true;
        }
        if (this.#seeEnd(lane)) moved = true;
      }
      if (!moved) return names;
    }
  }

  /** A node sees its link to another one end. What was on its way to it is lost. */
  end(node: number, other: number): void {
    const lane = this.#lane(other, node);
    lane.frames.length = 0;
    lane.over = true;
    this.#seeEnd(lane);
  }

  /** A link ends for both at once, and all that was on its way is lost. */
  cut(one: number, other: number): void {
    this.#lane(one, other).frames.length = 0;
    this.end(one, other);
    this.end(other, one);
  }

  /** A node dies, with all that is on its way from it and to it. The others see it when a link of it ends. */
  kill(node: number): void {
    this.#dead.add(node);
    for (const lane of this.#lanes) {
      if (lane.from !== node && lane.to !== node) continue;
      lane.frames.length = 0;
      lane.over = true;
      if (lane.to === node) lane.ended = true;
    }
  }

  // ------------------------------------------------------------------ meetings

  /** Lets two members meet that were asked to. */
  meet(host: number, guest: number): void {
    this.nodes[host]!.membership.ready(this.meetings[host]!);
    this.deliver(host, 0);
    this.deliver(0, guest);
    assert(this.join(host, guest));
  }

  /** The guest comes. Returns false when the host does not want it any more, which ends the link. */
  join(host: number, guest: number): boolean {
    const [there, back] = [this.meetings[guest]!, this.meetings[host]!];
    assertEquals([back.role, there.role], ["host", "guest"]);
    const start = this.#lay(guest, host, there.link, back.link);
    assert(this.nodes[guest]!.membership.met(there));
    start[0]();
    const met = this.nodes[host]!.membership.met(back);
    if (met) start[1]();
    else this.#lane(host, guest).over = true;
    return met;
  }

  // ------------------------------------------------------------------ what people do

  /** Marks a port as held by somebody. */
  hold(port: Port): Port {
    port.holder = this;
    port.container = null;
    this.#held.add(port);
    return port;
  }

  /** The node where a port is. */
  at(port: Port): Node {
    const node = this.nodes.find(({ ports }) => ports.get(port.name) === port);
    assert(node !== undefined, "it is gone");
    return node;
  }

  /** A pipe between two nodes that have a link, or within one. Everything arrives. */
  pipe(one: number, other: number): [Port, Port] {
    const node = this.nodes[one]!, [kept, given] = node.createPipe();
    this.hold(kept);
    this.hold(given);
    if (one === other) return [kept, given];
    const { output, input } = this.#lane(one, other), out = new Encoder(4096);
    out.begin(0);
    node.handOver(given, output, out);
    this.#held.delete(given);
    const port = this.nodes[other]!.takeOver(input, out.view, 0);
    this.settle();
    return [kept, this.hold(port)];
  }

  /** A pipe between two nodes that node 0 brought in. Everything arrives. */
  pipeOfMembers(one: number, other: number): [Port, Port] {
    const [kept, end] = this.pipe(0, one), [carrier, there] = this.pipe(0, other);
    this.send(carrier, 0, kept);
    this.settle();
    return [end, this.take(there)];
  }

  /** Writes a message. Returns whether the pipe still leads anywhere. */
  send(port: Port, value: number, ...attached: Port[]): boolean {
    const node = this.at(port);
    for (const each of attached) assertEquals(node.refusal(port, each), null);
    const out = node.beginBytes(port);
    out.need(1);
    out.bytes[out.at++] = value;
    out.handles.push(...attached);
    for (const each of attached) this.#held.delete(each);
    return node.commit(port, out, false);
  }

  /** Reads a message and takes the port that is attached to it. */
  take(port: Port): Port {
    return this.hold(port.queue!.shift()!.ports[0]!);
  }

  /** Closes an end. */
  close(port: Port): void {
    this.#held.delete(port);
    this.at(port).close(port);
  }

  /** Fuses two ends. */
  fuse(one: Port, other: Port): void {
    const node = this.at(one);
    assertEquals(node.fuseRefusal(one, other), null);
    for (const port of [one, other]) this.#held.delete(port);
    node.fuse(one, other);
  }

  // ------------------------------------------------------------------ checks

  /** Lets everything arrive, closes all that is held, and checks that nothing is left of any of it. */
  finish(): void {
    this.settle();
    const living = this.nodes.filter((_, i) => !this.#dead.has(i));
    for (const { ports } of living) {
      for (const { state, parked } of ports.all()) {
        assertEquals([state, parked], [PortState.Open, null], "it comes to no end");
      }
    }
    for (const port of [...this.#held]) {
      if (living.some(({ ports }) => ports.get(port.name) === port)) this.close(port);
    }
    this.settle();
    for (const node of living) {
      assertEquals(node.ports.size, 0, "ports are left");
      for (const { pipes, unreadBytes } of node.links()) {
        assertEquals([pipes, unreadBytes], [0, 0], "a link is charged for what is gone");
      }
    }
  }
}

/** Neither direction of a pipe leads anywhere from this end. */
export function assertOver(port: Port, reason: "closed" | "lost"): void {
  assertEquals([port.nextNode, port.prevNode, port.reason], [null, null, reason]);
}
