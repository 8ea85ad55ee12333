/**
 * What hostile nodes do. Each is a real node whose frames are left out, repeated or bent on their way
 * to the wire, with others made up in between. They know the names of everybody's ports.
 *
 * @module
 */
import type { Name } from "../../core/names.ts";
import { NameSource } from "../../core/names.ts";
import type { Port } from "../../core/ports/port.ts";
import {
  EventType,
  MESSAGE_OVERHEAD_BYTES,
  NOBODY_READS,
  OPENING_CREDIT,
} from "../../core/wire/event.ts";
import { forEachFrame, padded } from "../../core/wire/frame.ts";
import { NodeFrameType } from "../../core/wire/node_frame.ts";
import {
  type Address,
  forged,
  forgedAccepted,
  forgedBypass,
  type ForgedDescriptor,
  forgedGrant,
  forgedIntroduce,
  forgedMessage,
  forgedNeed,
  forgedNodeFrame,
  forgedRelayed,
  forgedSwitch,
} from "../core/ports/forgery.ts";
import type { Lane } from "./lane.ts";
import { Random, seededEnvironment } from "./random.ts";
import type { World } from "./world.ts";

const { Hello, Skip, Closed } = EventType;
const { Ask, Ready, Met, Failed, Lost, Drop } = NodeFrameType;
const REMEMBERED_FRAMES = 64;
/** Totals at which credit is used up, is not yet, or never will be. */
const TOTALS = [
  0,
  MESSAGE_OVERHEAD_BYTES,
  OPENING_CREDIT,
  OPENING_CREDIT + 1,
  65_536,
  2 ** 32,
  NOBODY_READS - 1,
  NOBODY_READS,
];
/** The longest payload that fits into a frame of any link, wrapped or not. */
const LONGEST = 4096;

/** The will of all hostile nodes of a world. */
export class Hostility {
  /** Decides what they do. Set it anew for each step. */
  random: Random = new Random(0);
  readonly #world: World;
  readonly #names: NameSource;
  readonly #seen: Uint8Array<ArrayBuffer>[] = [];

  /** Makes the nodes of `world` hostile that are to be. */
  constructor(world: World, seed: number) {
    this.#world = world;
    this.#names = new NameSource(seededEnvironment(seed ^ 0x5eed));
  }

  /** One of them does something. */
  act(): void {
    const { lanes, hostile, dead } = this.#world;
    for (const lane of lanes) {
      if (hostile.has(lane.from)) lane.tamper ??= (frames) => this.#tamper(frames);
    }
    const ways = lanes.filter((lane) =>
      hostile.has(lane.from) && !dead.has(lane.from) && !lane.cut && !lane.held &&
      lane.whole
    );
    if (ways.length === 0) return;
    const lane = this.random.pick(ways);
    let frame: Uint8Array<ArrayBuffer>;
    const old = this.random.below(8);
    if (old < 3 && this.#seen.length > 0) {
      frame = this.random.pick(this.#seen);
      this.#world.fault(old === 0 ? "flipped" : "replayed");
      if (old === 0) frame = this.#bend(frame);
    } else {
      this.#world.fault("forged");
      frame = this.#forge(lane);
    }
    this.#world.trace.note(
      frame,
      () => `node ${lane.from} makes up: ${this.#world.trace.describe(frame)}`,
    );
    lane.wire.push(frame);
  }

  // ------------------------------------------------------------------ what their nodes wrote

  #tamper(frames: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const { random } = this, world = this.#world, parts: Uint8Array[] = [];
    forEachFrame(frames, (start, end) => {
      const frame = frames.slice(start, start + padded(end - start));
      if (this.#seen.length < REMEMBERED_FRAMES) this.#seen.push(frame);
      else this.#seen[random.below(REMEMBERED_FRAMES)] = frame;
      switch (random.below(64)) {
        case 0:
          world.fault("withheld");
          return;
        case 1:
          world.fault("replayed");
          parts.push(frame, frame);
          return;
        case 2:
          world.fault("flipped");
          parts.push(this.#bend(frame));
          return;
        default:
          parts.push(frame);
      }
    });
    const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  /** With one bit flipped: now and then in the length, which breaks all that follows. */
  #bend(frame: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const { random } = this, bent = frame.slice();
    const at = random.oneIn(16) ? random.below(4) : 4 + random.below(bent.length - 4);
    bent[at]! ^= 1 << random.below(8);
    return bent;
  }

  // ------------------------------------------------------------------ what they make up

  #forge(lane: Lane): Uint8Array<ArrayBuffer> {
    const { random } = this, toBroker = lane.output.role === "broker";
    if (!toBroker) return this.#event(lane.from, lane.to);
    const other = random.below(this.#world.nodes.length);
    const name = random.oneIn(16)
      ? this.#names.next()
      : this.#world.nodes[other]!.self.name;
    if (random.oneIn(3)) {
      // To those that it was introduced to, or it would not be long among us.
      const known = this.#world.nodes[lane.from]!.links().map(({ neighbor }) =>
        neighbor.name
      )
        .filter((each) => !each.equals(lane.output.neighbor.name));
      const to = known.length === 0 || random.oneIn(24) ? name : random.pick(known);
      const node = this.#world.nodeOf(to);
      return forgedRelayed(to, this.#event(lane.from, node < 0 ? other : node));
    }
    if (!random.oneIn(6)) return this.#event(lane.from, lane.to);
    if (random.oneIn(12)) return forgedIntroduce(name);
    const type = random.oneIn(3) ? random.pick([Ready, Met, Failed, Lost, Drop]) : Ask;
    return forgedNodeFrame(type, name, type === Lost ? random.below(2) : 0);
  }

  /** An event of the hostile node `from` for node `to`. */
  #event(from: number, to: number): Uint8Array<ArrayBuffer> {
    const { random } = this, own = this.#ownPort(from, to), victim = this.#port(to);
    if (own !== null && random.oneIn(2)) {
      // In order, on a hop that is its own.
      const seq = own.outSeq;
      if (random.oneIn(2)) own.outSeq++;
      return this.#forward(own.nextPort!, own.name, seq);
    }
    if (victim === null) return this.#forward(this.#names.next(), this.#names.next(), 0);
    const prev = victim.prevPort ?? this.#names.next();
    const sender = random.pick([prev, prev, own?.name ?? prev, this.#names.next()]);
    const target = random.oneIn(6) ? this.#address().port : victim.name;
    switch (random.below(10)) {
      case 0:
        return forgedAccepted(target, sender);
      case 1: {
        // From who would have to grant, or from who would not.
        const from = random.oneIn(4) ? sender : victim.nextPort ?? sender;
        return forgedGrant(target, from, this.#total(victim.granted));
      }
      case 2:
        return forgedBypass(target, victim.nextPort ?? sender, this.#address());
      default:
        return this.#forward(
          target,
          sender,
          Math.max(0, victim.inSeq + random.below(5) - 1),
        );
    }
  }

  /** A total of credit: one of those that matter, or one next to what there is. */
  #total(now: number): number {
    const { random } = this;
    if (random.oneIn(2)) return random.pick(TOTALS);
    return Math.min(NOBODY_READS, now + random.below(OPENING_CREDIT));
  }

  #forward(to: Name, from: Name, seq: number): Uint8Array<ArrayBuffer> {
    const { random } = this;
    switch (random.below(14)) {
      case 0:
        return forged(Skip, to, from, seq);
      case 1:
      case 2:
        return forged(Closed, to, from, seq, random.below(2));
      case 3:
      case 4:
        return forged(Hello, to, from, seq);
      case 5:
      case 6:
      case 7: {
        const first = random.oneIn(3) ? random.next() : random.below(4);
        return forgedSwitch(to, from, seq, this.#address(), first);
      }
      case 8:
      case 9:
        return forgedNeed(
          to,
          from,
          seq,
          this.#total(random.below(4) * OPENING_CREDIT),
          random.below(2),
        );
      default: {
        const ends = Array.from({ length: random.below(3) }, () => this.#descriptor());
        // Now and then more than its credit covers.
        const size = random.oneIn(6) ? random.below(LONGEST) : random.below(40);
        return forgedMessage(to, from, seq, new Uint8Array(size), ends);
      }
    }
  }

  #descriptor(): ForgedDescriptor {
    const { random } = this,
      old = random.oneIn(3) ? this.#names.next() : this.#address().port;
    return {
      old,
      first: random.below(4),
      next: random.oneIn(4) ? null : this.#address(),
    };
  }

  /** The address of somebody's port, or of none that there is. */
  #address(): Address {
    const { random } = this, { nodes } = this.#world, i = random.below(nodes.length);
    const port = random.oneIn(6) ? null : this.#port(i);
    const node = random.oneIn(24) ? this.#names.next() : nodes[i]!.self.name;
    return { node, port: port?.name ?? this.#names.next() };
  }

  #port(node: number): Port | null {
    const ports = this.#world.nodes[node]!.ports.all();
    return ports.length === 0 ? null : this.random.pick(ports);
  }

  /** A port of the hostile node `from` that sends to one on node `to`. */
  #ownPort(from: number, to: number): Port | null {
    const { nodes } = this.#world, name = nodes[to]!.self.name;
    const ports = nodes[from]!.ports.all().filter((port) =>
      port.nextNode?.name.equals(name)
    );
    return ports.length === 0 ? null : this.random.pick(ports);
  }
}
