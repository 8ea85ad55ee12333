/**
 * A live world of real nodes, one of which has a broken tongue: now and then a frame that it sends is
 * changed on its way. What its neighbors have with each other goes on as if it were not there.
 *
 * @module
 */
import { LIMITS } from "../../../core/limits.ts";
import { NameSource } from "../../../core/names.ts";
import type { Link } from "../../../core/ports/link.ts";
import { Node } from "../../../core/ports/node.ts";
import { type Port, PortState } from "../../../core/ports/port.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { forEachFrame } from "../../../core/wire/frame.ts";
import { type Random, seededEnvironment } from "../../sim/random.ts";
import { insist, type Tally, type Target } from "../campaign.ts";
import { Mutator } from "../mutator.ts";
import { insistNothingLeft, mostQueued } from "../siege.ts";

const ROUND = 24, NODES = 3, BROKEN = 0;
/** Honest nodes here read little: what they cost each other is not what this is about. */
const LIMIT = { ...LIMITS.tiny, maxPipes: 10_000, maxUnreadBytes: 1 << 24 };

/** One direction of a link. */
interface Lane {
  readonly from: number;
  readonly to: number;
  readonly output: Link;
  input: Link;
  readonly frames: Uint8Array<ArrayBuffer>[];
}

/** Three nodes, every two of them linked. */
class Town {
  readonly #random: Random;
  readonly #nodes: Node[] = [];
  readonly #lanes: Lane[] = [];
  readonly #held: Port[][] = [[], [], []];
  readonly #calm: [Port, Port];
  readonly #holder = {};
  #calls = 0;
  #changed: Uint8Array<ArrayBuffer> | null = null;
  /** Frames of the broken node until the next one that is changed. */
  #left: number;
  /** Whether a changed one has arrived, or can no more. */
  #settled = false;
  readonly #tally: Tally;
  readonly #change: (frame: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

  constructor(
    random: Random,
    tally: Tally,
    change: (frame: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
  ) {
    this.#random = random;
    this.#tally = tally;
    this.#change = change;
    this.#left = random.below(20);
    for (let i = 0; i < NODES; i++) {
      const names = new NameSource(seededEnvironment(random.next()));
      this.#nodes.push(new Node(names, LIMIT));
    }
    for (let i = 0; i < NODES; i++) {
      for (let j = i + 1; j < NODES; j++) this.#join(i, j);
    }
    const [one, two] = this.#lay(1, 2);
    this.#calm = [one, two];
    for (let i = 0; i < NODES; i++) {
      for (let j = i + 1; j < NODES; j++) {
        const [one, two] = this.#lay(i, j);
        this.#held[i]!.push(one);
        this.#held[j]!.push(two);
      }
    }
  }

  #join(i: number, j: number): void {
    const a = this.#nodes[i]!, b = this.#nodes[j]!;
    const there = a.connect(b.self.name, "peer", LIMIT, LIMIT)!;
    const back = b.connect(a.self.name, "peer", LIMIT, LIMIT)!;
    this.#lanes.push({ from: i, to: j, output: there, input: back, frames: [] });
    this.#lanes.push({ from: j, to: i, output: back, input: there, frames: [] });
    for (const link of [there, back]) link.output.recycle(new Uint8Array(2048));
  }

  #lay(i: number, j: number): [Port, Port] {
    const node = this.#nodes[i]!, [kept, given] = node.createPipe();
    const lane = this.#lanes.find(({ from, to }) => from === i && to === j)!;
    const out = new Encoder(4096, 256);
    out.begin(0);
    node.handOver(given, lane.output, out);
    const port = this.#nodes[j]!.takeOver(lane.input, out.view, 0);
    return [this.#hold(kept), this.#hold(port)];
  }

  #hold(port: Port): Port {
    port.holder = this.#holder;
    port.container = null;
    return port;
  }

  /** Lives on until the next frame that is changed has arrived. False when nothing more comes. */
  live(): boolean {
    this.#settled = false;
    for (let steps = 0; steps < 400 && !this.#settled; steps++) {
      if (this.#random.oneIn(2)) this.#operate(this.#random.below(NODES));
      this.#drain();
      const lanes = this.#lanes.filter(({ frames }) => frames.length > 0);
      if (lanes.length > 0) this.#deliver(this.#random.pick(lanes));
    }
    return this.#settled;
  }

  #operate(index: number): void {
    const random = this.#random, node = this.#nodes[index]!;
    const held = this.#held[index] = this.#held[index]!.filter((port) =>
      port.state === PortState.Open && port.holder === this.#holder
    );
    if (held.length < 2) {
      held.push(...node.createPipe().map((port) => this.#hold(port)));
      return;
    }
    const port = random.pick(held), kind = random.below(16);
    if (kind === 0) node.close(port);
    else if (kind < 6) {
      const message = node.take(port);
      for (const attached of message?.ports ?? []) held.push(this.#hold(attached));
    } else if (kind === 6) {
      const other = random.pick(held);
      if (node.fuseRefusal(port, other) === null) node.fuse(port, other);
    } else {
      const other = random.pick(held), attach = kind < 12;
      const fits = attach && node.refusal(port, other) === null;
      // Now and then more than what a hop opens with covers.
      const size = random.pick([4, 4, 4, 2000, 6000]);
      this.#send(node, port, kind, fits ? [other] : [], size);
    }
  }

  #send(
    node: Node,
    port: Port,
    byte: number,
    ports: readonly Port[] = [],
    size = 4,
  ): void {
    const out = node.beginBytes(port);
    out.need(size);
    out.view.setUint32(out.at, byte, true);
    out.at += size;
    out.handles.push(...ports);
    node.commit(port, out, false);
  }

  /** What the nodes wrote is under way, and a frame of the broken one may be changed. */
  #drain(): void {
    for (const { from, output, frames } of this.#lanes) {
      const taken = output.neighbor.link === output ? output.take() : null;
      if (taken === null) continue;
      forEachFrame(taken, (start, end) => {
        const frame = taken.slice(start, end);
        frames.push(frame);
        if (from !== BROKEN || this.#settled || this.#left-- > 0) return;
        const changed = this.#change(frame);
        if (changed.length < 8) return;
        frames[frames.length - 1] = changed;
        this.#changed = changed;
        this.#left = this.#random.below(20);
      });
      output.written(taken);
    }
  }

  #deliver(lane: Lane): void {
    const frame = lane.frames.shift()!, node = this.#nodes[lane.to]!;
    const view = new DataView(frame.buffer), changed = frame === this.#changed;
    if (changed) this.#tally.begin();
    const rule = node.accept(lane.input, frame, view, 0, frame.length);
    if (changed) {
      this.#tally.done(rule);
      this.#settled = true;
    }
    if (rule === null) return;
    const broken = lane.from === BROKEN || lane.to === BROKEN;
    insist(broken, `node ${lane.to} judges node ${lane.from} hostile: ${rule}`);
    this.#settled = true;
    const pair = this.#lanes.filter(({ from, to }) =>
      from === lane.from && to === lane.to || from === lane.to && to === lane.from
    );
    for (const { to, input, frames } of pair) {
      frames.length = 0;
      this.#nodes[to]!.disconnect(input, "dropped");
    }
  }

  /** Delivers all on those lanes until there is nothing more. */
  #settle(which: (lane: Lane) => boolean): void {
    for (let moved = true; moved;) {
      moved = false;
      this.#drain();
      for (const lane of this.#lanes.filter(which)) {
        for (; lane.frames.length > 0; moved = true) this.#deliver(lane);
      }
    }
  }

  /** Insists that the pipe between the others works, and that nothing is out of bounds. */
  check(): void {
    const [one, two] = this.#calm, byte = ++this.#calls;
    this.#send(this.#nodes[1]!, one, byte);
    this.#send(this.#nodes[2]!, two, byte);
    this.#settle(({ from, to }) => from !== BROKEN && to !== BROKEN);
    for (const [node, port] of [[1, one], [2, two]] as const) {
      const message = this.#nodes[node]!.take(port);
      const read = message?.view.getUint32(message.start, true);
      insist(read === byte, `the calm pipe says ${read} instead of ${byte}`);
    }
    for (const { to, input } of this.#lanes) {
      if (to === BROKEN || input.neighbor.link !== input) continue;
      insist(input.pipes <= LIMIT.maxPipes + LIMIT.maxPipesPerMessage, "too many pipes");
      const queued = input.unreadBytes + input.lent;
      const most = mostQueued(this.#nodes[to]!, input, LIMIT);
      insist(queued <= most, `${queued} bytes are unread or lent, not ${most} at most`);
    }
  }

  /** Whether the broken node still has a link. */
  get isOver(): boolean {
    return this.#lanes.every(({ from, input }) =>
      from !== BROKEN || input.neighbor.link !== input
    );
  }

  /** Insists that the others have nothing left once the broken one is gone and all is closed. */
  end(): void {
    for (const { from, to, input, frames } of this.#lanes) {
      if (from !== BROKEN && to !== BROKEN) continue;
      frames.length = 0;
      this.#nodes[to]!.disconnect(input, "over");
    }
    this.#settle(() => true);
    this.check();
    for (let i = 1; i < NODES; i++) {
      for (const port of this.#nodes[i]!.ports.all()) {
        if (port.holder === this.#holder) this.#nodes[i]!.close(port);
      }
    }
    this.#settle(() => true);
    for (const { to, input } of this.#lanes) {
      if (to === BROKEN) continue;
      insistNothingLeft(input);
    }
  }
}

/** Whole nodes. */
export const worldTarget: Target = {
  name: "world",
  round(random: Random, tally: Tally): void {
    const mutator = new Mutator(random);
    let last: Uint8Array[] = [];
    const town = new Town(random, tally, (frame) => {
      const changed = mutator.mutate(frame, last);
      last = [frame];
      return changed;
    });
    for (let i = 0; i < ROUND && !town.isOver; i++) {
      if (!town.live()) break;
      town.check();
    }
    town.end();
  },
};
