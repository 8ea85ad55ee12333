/**
 * Who makes things happen in a world: people, the wires between nodes, and fate. Every choice comes
 * from the seed of the step it is made in, so that a step means much the same when others are left out.
 *
 * @module
 */
import { Broken } from "./broken.ts";
import { checkRest, forgetPast, holdsBack } from "./invariants.ts";
import type { Hostility } from "./hostility.ts";
import type { End } from "./model.ts";
import { Random } from "./random.ts";
import type { Behavior, World } from "./world.ts";

/** What may go wrong in a schedule by itself. */
export interface Chances {
  /** Links and nodes are lost, meetings fail. */
  readonly kills: boolean;
}

/** Deliveries after which all must be at rest: so many for each open pipe, and so many more. */
export const DELIVERIES_PER_PIPE = 1000, DELIVERIES_MORE = 4000;
const MAX_HELD = 12;

/** What people are given to in one schedule, so that not all schedules are alike. */
interface Mood {
  /** Times in 32 that somebody closes an end, and fuses two. */
  readonly closes: number;
  readonly fuses: number;
  /** How many ends are attached to a message: one of these. */
  readonly attaches: readonly number[];
  /** How often a wire moves in a step, at most: few make deep queues. */
  readonly wires: number;
  /** One end in so many has no sink. */
  readonly sinks: number;
}

function drawMood(random: Random): Mood {
  return {
    closes: random.pick([1, 1, 3, 6]),
    fuses: random.pick([1, 1, 4, 8]),
    attaches: random.pick([[0, 0, 0, 1, 1, 2, 3], [0, 1], [0, 0, 0, 0, 1], [1, 1, 2]]),
    wires: random.pick([1, 2, 2, 4]),
    sinks: random.pick([2, 2, 1, 5]),
  };
}

/** Plays one schedule. */
export class Player implements Behavior {
  readonly #world: World;
  readonly #chances: Chances;
  readonly #hostility: Hostility | null;
  readonly #mood: Mood;
  #random: Random = new Random(0);
  #acting = false;
  /** How much larger messages are than they have to be. */
  bulk = 1;
  /** The most deliveries that coming to rest took, for each open pipe. */
  heaviest = 0;

  /** Makes a player. */
  constructor(
    world: World,
    chances: Chances,
    hostility: Hostility | null,
    random: Random,
  ) {
    this.#mood = drawMood(random);
    this.#world = world;
    this.#chances = chances;
    this.#hostility = hostility;
    this.#random = random;
    world.behavior = this;
    for (const end of world.ends) {
      if (end.place >= 0) world.listen(end, this.listens(end));
    }
    world.arranges = () => !this.#random.oneIn(3);
  }

  // ------------------------------------------------------------------ behavior

  /** See {@linkcode Behavior}. */
  listens(_end: End): boolean {
    return !this.#random.oneIn(this.#mood.sinks);
  }

  /** See {@linkcode Behavior}. */
  takes(_end: End): boolean {
    return !this.#random.oneIn(8);
  }

  /** What a handler does happens inside the node's handling of one event. */
  handle(end: End): void {
    if (this.#acting) return;
    this.#acting = true;
    for (let most = this.#random.below(4); most > 0; most--) {
      // Its end may have been sent away or closed before it came to act.
      if (end.place >= 0) this.#operate(end.place, true);
    }
    this.#acting = false;
  }

  // ------------------------------------------------------------------ steps

  /** Does what the step of that seed says. */
  step(seed: number): void {
    const world = this.#world, random = this.#random = new Random(seed);
    this.#acting = false;
    if (this.#hostility !== null) this.#hostility.random = random;
    if (this.#chances.kills && random.oneIn(200)) this.#kill();
    if (random.oneIn(250)) this.rest();
    if (random.oneIn(100)) this.#oddity();
    if (this.#hostility !== null && random.oneIn(4)) this.#hostility.act();
    if (random.oneIn(2)) {
      const node = random.below(world.nodes.length);
      if (!world.dead.has(node)) this.#operate(node, false);
    }
    if (world.lanes.length > 0) {
      const { wires } = this.#mood;
      for (let tries = random.below(wires + 1); tries > 0; tries--) this.#write();
      for (let tries = random.below(wires + 1); tries > 0; tries--) this.#deliver();
    }
    if (world.encounters.size > 0 && random.oneIn(3)) {
      const encounter = random.pick([...world.encounters.values()]);
      const odd = world.topology !== "direct" && random.oneIn(4);
      const late = this.#chances.kills && random.oneIn(4);
      world.meet(encounter, late ? "late" : odd ? "refuse" : "go");
    }
  }

  #write(): void {
    const random = this.#random, lane = random.pick(this.#world.lanes);
    if (this.#world.dead.has(lane.from)) return;
    this.#world.write(lane, random.oneIn(2) ? Infinity : 1 + random.below(300));
  }

  #deliver(): void {
    const random = this.#random, lane = random.pick(this.#world.lanes);
    this.#world.deliver(lane, random.oneIn(2) ? Infinity : 1 + random.below(300));
  }

  #kill(): void {
    const world = this.#world, random = this.#random;
    if (!random.oneIn(3)) world.killLink(random.pick(world.lanes), random);
    else if (world.dead.size < world.nodes.length - 2) {
      world.killNode(random.below(world.nodes.length), random);
    }
  }

  #oddity(): void {
    const world = this.#world, random = this.#random, lane = random.pick(world.lanes);
    if (random.oneIn(2)) {
      // Nothing is read from it until the next time it is picked.
      lane.stalled = !lane.stalled;
      world.fault("stall");
      return;
    }
    if (world.dead.has(lane.from)) return;
    world.fault("again");
    const { limits } = lane.output, name = lane.output.neighbor.name;
    const role = lane.output.role;
    if (lane.output.neighbor.link === null) return;
    if (world.nodes[lane.from]!.connect(name, role, limits, limits) !== null) {
      throw new Error("two links join the same two nodes");
    }
  }

  /** Comes to rest and checks all that must be so then. */
  rest(): void {
    const world = this.#world, pipes = this.openPipes();
    const most = DELIVERIES_PER_PIPE * pipes + DELIVERIES_MORE;
    const took = world.settle(this.#random, most);
    this.heaviest = Math.max(this.heaviest, took / (pipes + 1));
    if (
      world.hostile.size > 0 && ![...world.hostile].every((node) => world.dead.has(node))
    ) {
      return;
    }
    checkRest(world);
    // Where something waits, pipes are not direct yet.
    if (!holdsBack(world)) forgetPast(world);
  }

  /** How many pipes have an end that is not gone. */
  openPipes(): number {
    const pipes = new Set();
    for (const end of this.#world.ends) if (end.place >= -1) pipes.add(end.pipe);
    return pipes.size;
  }

  // ------------------------------------------------------------------ people

  /** One of `ends`: the same one, most likely, when there are others too. */
  #pick(ends: readonly End[]): End {
    const salt = this.#random.next();
    let best = ends[0]!, most = -1;
    for (const end of ends) {
      const rank = Math.imul(end.key ^ salt, 0x9e3779b1) >>> 0;
      if (rank > most) {
        best = end;
        most = rank;
      }
    }
    return best;
  }

  /** Something a person on that node does. */
  #operate(node: number, nested: boolean): void {
    if (!this.#world.hostile.has(node)) return this.#choose(node, nested);
    try {
      this.#choose(node, nested);
    } catch (error) {
      // What a hostile node has done to itself is its own affair.
      if (error instanceof Broken) throw error;
    }
  }

  #choose(node: number, nested: boolean): void {
    const random = this.#random, held = this.#world.heldOn(node);
    const kind = random.below(32);
    if (held.length < 2 || (kind < 2 && held.length < MAX_HELD)) {
      const [, given] = this.#world.create(node, random.next());
      // As people do who let others talk to them.
      if (held.length > 0 && random.oneIn(2)) this.#world.send(this.#pick(held), [given]);
      return;
    }
    const end = this.#pick(held),
      closes = this.#mood.closes + (held.length > MAX_HELD ? 2 : 0);
    const fuses = closes + this.#mood.fuses;
    if (kind < 2 + closes) this.#world.close(end);
    else if (kind < 2 + fuses) this.#fuse(end, held);
    else if (kind < 15 + (fuses >> 1)) this.#send(end, held);
    else if (random.oneIn(6)) this.#world.listen(end, end.port!.sink === null);
    else if (!nested) this.#read(node, held);
  }

  /** Somebody catches up: while anything is queued, no sink gets what comes. */
  #read(node: number, held: readonly End[]): void {
    const readable = held.filter((end) => end.port!.readable);
    if (readable.length === 0) return;
    const end = this.#pick(readable);
    for (let most = 1 + this.#random.below(8); most > 0; most--) {
      if (end.place !== node || !this.#world.read(end)) break;
    }
  }

  #fuse(end: End, held: readonly End[]): void {
    const other = this.#pick(held), node = this.#world.nodes[end.place]!;
    if (node.fuseRefusal(end.port!, other.port!) === null) this.#world.fuse(end, other);
  }

  #send(end: End, held: readonly End[]): void {
    const random = this.#random, node = this.#world.nodes[end.place]!;
    const attached: End[] = [];
    for (let tries = random.pick(this.#mood.attaches); tries > 0; tries--) {
      // Now and then both ends of a pipe go together.
      const last = attached.at(-1)?.peer;
      const both = last !== undefined && last.place === end.place && random.oneIn(3);
      const other = both ? last : this.#pick(held);
      if (attached.includes(other)) continue;
      if (node.refusal(end.port!, other.port!) === null) attached.push(other);
    }
    const filler = random.oneIn(8) ? random.below(900) : random.below(20);
    this.#world.send(end, attached, filler * this.bulk, random.oneIn(4));
  }

  // ------------------------------------------------------------------ the end

  /** Reads everything that can be read. */
  readAll(): void {
    const world = this.#world;
    for (let again = true; again;) {
      again = false;
      for (const end of world.ends) {
        while (world.isHonest(end.place) && world.read(end)) again = true;
      }
      this.rest();
    }
  }

  /** Closes every end that anybody holds. */
  closeAll(): void {
    const world = this.#world;
    for (const end of world.ends) if (world.isHonest(end.place)) world.close(end);
    this.rest();
  }
}
