/**
 * The nodes of a small world, and the frames on their way between them.
 *
 * @module
 */
import { LIMITS, type Limits } from "../../core/limits.ts";
import { NameSource } from "../../core/names.ts";
import type { Link } from "../../core/ports/link.ts";
import { Node } from "../../core/ports/node.ts";
import type { Port } from "../../core/ports/port.ts";
import { forEachFrame } from "../../core/wire/frame.ts";
import {
  isNodeFrame,
  NODE,
  NODE_FRAME_BYTES,
  NodeFrameType,
} from "../../core/wire/node_frame.ts";
import { countingEnvironment, type Fingerprint, namesOf } from "./fingerprint.ts";
import { check } from "./model.ts";
import { addBroken, addLink, addPort } from "./node_print.ts";

/** Frames on their way from one node to another. */
export interface Lane {
  readonly from: number;
  readonly to: number;
  readonly output: Link;
  readonly input: Link;
  frames: Uint8Array<ArrayBuffer>[];
  /** Nothing more gets on it; its end is seen after what is. */
  cut: boolean;
  ended: boolean;
}

/** Nodes, and what is under way. */
export class Traffic {
  /** The nodes. */
  readonly nodes: Node[] = [];
  /** Which of them have ended. */
  readonly dead: boolean[] = [];
  /** The ways between them, one for each direction. */
  readonly lanes: Lane[] = [];
  /** How many nodes and links were lost. */
  faults = 0;
  /** The rule for which a node gave a link up. */
  blame: string | null = null;
  /** What each node has been told about other nodes: its dealings with them depend on nothing else. */
  readonly #told: number[][] = [];
  readonly #limits: Limits;

  /** Makes so many nodes without links. */
  constructor(nodes: number, limits: Limits = LIMITS.tiny) {
    this.#limits = limits;
    for (let i = 0; i < nodes; i++) {
      this.nodes.push(new Node(new NameSource(countingEnvironment(i)), limits));
      this.dead.push(false);
      this.#told.push([]);
    }
  }

  /** Links node `i` to node `j`, which it brought in, or which is a peer. Returns the link to `j`. */
  join(i: number, j: number, asChild: boolean): Link {
    const a = this.nodes[i]!, b = this.nodes[j]!, limits = this.#limits;
    const roles = asChild ? ["member", "broker"] as const : ["peer", "peer"] as const;
    const there = a.connect(b.self.name, roles[0], limits, limits)!;
    const back = b.connect(a.self.name, roles[1], limits, limits)!;
    const [lane, other] = this.lay(i, j, there, back);
    this.start(lane, other);
    this.start(other, lane);
    return there;
  }

  /** Lays lanes between two nodes, and starts neither. */
  lay(from: number, to: number, there: Link, back: Link): [Lane, Lane] {
    const state = { cut: false, ended: false };
    const lanes: [Lane, Lane] = [
      { from, to, output: there, input: back, frames: [], ...state },
      { from: to, to: from, output: back, input: there, frames: [], ...state },
    ];
    this.lanes.push(...lanes);
    return lanes;
  }

  /** Lets frames leave by `output`; those that come back are on `input`. */
  start(output: Lane, input: Lane): void {
    const drop = (violation: string | null) => {
      this.blame ??= violation;
      input.ended = true;
      input.frames = [];
      output.cut = input.cut = true;
    };
    // So that taking what waits does not cost a large buffer each time.
    output.output.output.recycle(new Uint8Array(2048));
    output.output.start({ wake: () => {}, drop });
  }

  /** Whether something on a lane can arrive: whoever is at its end has met the other, and lives. */
  canDeliver(lane: Lane): boolean {
    return !lane.ended && (lane.frames.length > 0 || lane.cut) && lane.input.started &&
      !this.dead[lane.to];
  }

  /** What is first on a lane arrives. */
  deliver(lane: Lane): void {
    const node = this.nodes[lane.to]!, frame = lane.frames.shift();
    if (frame === undefined) {
      lane.ended = true;
      this.#told[lane.to]!.push(-1 - lane.from);
      node.disconnect(lane.input, "ended");
      return;
    }
    tell(this.#told[lane.to]!, frame, 0);
    const view = new DataView(frame.buffer);
    const rule = node.accept(lane.input, frame, view, 0, frame.length);
    check(rule === null, `node ${lane.to} judges node ${lane.from} hostile: ${rule}`);
  }

  /** What the nodes wrote is under way. */
  drain(): void {
    for (const lane of this.lanes) {
      const { output } = lane;
      if (output.neighbor.link !== output || !output.started) continue;
      const taken = output.take();
      if (taken === null) continue;
      if (!lane.cut && !this.dead[lane.from]) {
        forEachFrame(taken, (start, end) => lane.frames.push(taken.slice(start, end)));
      }
      output.written(taken);
    }
  }

  /** Delivers all that is under way, in one order. */
  settle(): void {
    for (let moved = true; moved;) {
      moved = false;
      this.drain();
      for (const lane of this.lanes) {
        if (!this.canDeliver(lane)) continue;
        this.deliver(lane);
        moved = true;
      }
    }
  }

  /** Ends a node. What it sent arrives still, when it is `kept`. */
  kill(index: number, kept: boolean): void {
    this.faults++;
    this.dead[index] = true;
    for (const lane of this.lanes) {
      if (lane.to === index) {
        lane.frames = [];
        lane.ended = true;
      }
      if (lane.from === index) cut(lane, kept);
    }
  }

  /** Loses what links two nodes. What is under way arrives still, when it is `kept`. */
  cut(one: number, other: number, kept: boolean): void {
    this.faults++;
    for (const lane of this.lanes) {
      const between = lane.from === one && lane.to === other ||
        lane.from === other && lane.to === one;
      if (between) cut(lane, kept);
    }
  }

  /** Adds all of it to a state. */
  addTo(print: Fingerprint): void {
    for (const node of this.nodes) print.name(node.self.name);
    for (const node of this.nodes) {
      for (const { name } of node.ports.all()) print.name(name);
    }
    for (const [i, node] of this.nodes.entries()) {
      print.add(this.dead[i] ? 1 : 2);
      if (this.dead[i]) continue;
      for (const word of this.#told[i]!) print.add(word);
      for (const port of node.ports.all()) {
        addPort(print, port);
        if (port.parked !== null) this.#addBroken(print, port, node);
      }
      for (const link of node.links()) addLink(print, link);
    }
    for (const lane of this.lanes) {
      print.add((lane.cut ? 1 : 0) | (lane.ended ? 2 : 0) | lane.frames.length << 2);
      for (const frame of lane.frames) print.bytes(frame, 0, frame.length);
    }
  }

  #addBroken(print: Fingerprint, port: Port, node: Node): void {
    for (const { neighbor } of [node.self.link!, ...node.links()]) {
      const index = this.nodes.findIndex(({ self }) => self.name.equals(neighbor.name));
      addBroken(print, port, neighbor, namesOf(index));
    }
  }
}

function cut(lane: Lane, kept: boolean): void {
  lane.cut = true;
  if (!kept) lane.frames = [];
}

/** Notes what a frame says about nodes. */
function tell(told: number[], frame: Uint8Array, at: number): void {
  const type = frame[at + 4]!;
  if (!isNodeFrame(type)) return;
  told.push(type, frame[at + 5]!, frame[at + NODE + 2]! >> 4);
  const isWrapped = type === NodeFrameType.Relayed || type === NodeFrameType.Passed;
  if (isWrapped) tell(told, frame, at + NODE_FRAME_BYTES);
}
