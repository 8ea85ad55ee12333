/**
 * A node as another one knows it, and the link between the two.
 *
 * @module
 */
import type { Limits } from "../limits.ts";
import type { Name } from "../names.ts";
import type { MeetingPoint } from "../transport.ts";
import { Encoder } from "../wire/encoder.ts";
import { MESSAGE_OVERHEAD_BYTES, OPENING_CREDIT } from "../wire/event.ts";
import { Arrival } from "./arrival.ts";
import { Backlog } from "./backlog.ts";
import type { Passage } from "./passage.ts";
import type { Port } from "./port.ts";

/** A node that ports here refer to. There is one object a node, so that comparing is by reference. */
export class Neighbor {
  /** Its name. */
  readonly name: Name;
  /** The name again, as a key of cold tables. */
  readonly key: string;
  /** Whether it is the node itself, reached over the loopback link. */
  readonly self: boolean;
  /** The link to it; `null` once it is lost. */
  link: Link | null = null;
  /** Why it was lost, for people. */
  lostReason = "";
  /** Whether it is of another network; see `border.ts`. */
  readonly isolated: boolean;

  /** Makes a node reference. */
  constructor(name: Name, self: boolean, isolated = false) {
    this.name = name;
    this.key = name.toString();
    this.self = self;
    this.isolated = isolated;
  }
}

/** What the neighbor told that it takes: sending more would cost us the link. */
export type TakenLimits = Pick<Limits, "maxFrameBytes" | "maxPipesPerMessage">;

/** What the node at the other end is to this one, which decides what it may say about other nodes. */
export type Role = "self" | "broker" | "member" | "peer";

/** What a port needs to lend, and how it does. */
export interface Hunger {
  /** Bytes. */
  readonly needed: number;
  /** Looks again. */
  readonly lend: () => void;
}

/** What may be unread, and what may be parked, of what came over a link: every pipe may open hops. */
export function mostHeld({ maxUnreadBytes, maxPipes }: Limits): number {
  return maxUnreadBytes + maxPipes * OPENING_CREDIT;
}

/** What takes away the frames of a link. */
export interface Outlet {
  /** There is something to take: called when the output stops being empty. */
  wake(): void;
  /** The link is over, because the neighbor broke `violation` if there is one. */
  drop(violation: string | null): void;
}

/** Two nodes joined by a transport, as seen from one of them: what waits to be written, and accounts. */
export class Link {
  /** The node at the other end. */
  readonly neighbor: Neighbor;
  /** What it is to this one. */
  readonly role: Role;
  /** The link that frames leave by, when that is another one; see {@linkcode Passage}. */
  carrier: Link | null = null;
  /** Member: the nodes above this one that it has asked about or was introduced to, by name. */
  readonly above: Map<string, Name> = new Map();
  /** Member: what was passed down to it. */
  readonly passed: Backlog = new Backlog();
  /** Member: where others can meet it; `null` when only through this node. */
  point: MeetingPoint | null = null;
  /** What the neighbor may cost. */
  readonly limits: Limits;
  /** Frames that wait to be written. Events are encoded straight into it. */
  readonly output: Encoder;
  /** The frame from the neighbor that is being handled. */
  readonly arrival: Arrival;
  /** Endpoints received over this link and still alive. */
  pipes = 0;
  /** Proxies here that took over a hop because an endpoint moved to an isolated neighbor, or came from one. */
  borders = 0;
  /** What is unread of what came over this link. */
  unreadBytes = 0;
  /** What was lent to the ports there beyond what every hop opens with, and is not used yet. */
  lent = 0;
  /** Ports here that would lend more, had the link not lent all it may. */
  readonly hungry: Map<Port, Hunger> = new Map();
  /** What is parked of what came over this link. */
  parkedBytes = 0;
  /** Bytes that the neighbor made us write and that are not written yet: answers of the protocol. */
  unsentAnswerBytes = 0;
  /** Bytes of replies that are not written yet. */
  unsentReplyBytes = 0;
  /** What replies cost that wait for credit. */
  heldReplyBytes = 0;
  /** Bytes that proxies here pass on to the neighbor and that are not written yet. */
  unsentForwardBytes = 0;
  /** Bytes that members sent to the neighbor through this node and that are not written yet. */
  chargedBytes = 0;
  /** Calls of the neighbor whose answer is not written yet. */
  callsUnderWay = 0;
  /** Whether the neighbor made us answer another node more than that one reads. */
  flooding = false;
  /** Endpoints that the neighbor takes in one message. */
  maxPipesPerMessage: number;
  /** `null` as long as the neighbor has not been reached. */
  #outlet: Outlet | null = null;
  /** No hungry port needs less. */
  #leastNeeded = Infinity;
  /** Called when what was put aside was appended. */
  onSideAppended: () => void = () => {};
  /** Called when some of what piles up is gone, once for each that asked. */
  readonly #waiting: (() => void)[] = [];
  #dirty = false;
  #side: Encoder | null = null;
  #takenAnswers = 0;
  #takenReplies = 0;
  #takenBytes = 0;
  #takenForwards = 0;
  readonly #halted: (() => void)[] = [];
  /** Links whose frames leave by this one, with something to take. */
  readonly #passages: Passage[] = [];
  readonly #backlogs: Backlog[] = [];
  readonly #takenBacklogs: Backlog[] = [];

  /** Makes a link. `limits` are what the neighbor may cost, `theirs` what it takes from us. */
  constructor(neighbor: Neighbor, role: Role, limits: Limits, theirs: TakenLimits) {
    this.neighbor = neighbor;
    this.role = role;
    this.arrival = new Arrival(neighbor);
    this.limits = limits;
    this.output = new Encoder(theirs.maxFrameBytes);
    this.maxPipesPerMessage = theirs.maxPipesPerMessage;
  }

  /** Whether frames leave. */
  get started(): boolean {
    return this.#outlet !== null;
  }

  /** Lets frames leave, those that wait first. */
  start(outlet: Outlet): void {
    this.#outlet = outlet;
    if (this.#dirty) outlet.wake();
  }

  /**
   * Where an event of the protocol goes: the output, or, while a message is being encoded there (a
   * getter among its arguments closed a pipe, say), a side buffer that is appended when it is done.
   */
  events(): Encoder {
    if (this.output.open) return this.#side ??= new Encoder(this.output.maxFrameBytes);
    this.appendSide();
    return this.output;
  }

  /** Appends what was put aside to the output. False when there was nothing. */
  appendSide(): boolean {
    const side = this.#side;
    if (side === null) return false;
    this.#side = null;
    this.output.need(side.at);
    this.output.bytes.set(side.bytes.subarray(0, side.at), this.output.at);
    this.output.at = this.output.start = this.output.at + side.at;
    this.onSideAppended();
    return true;
  }

  /** Tells that something was appended. */
  touch(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    this.#outlet?.wake();
  }

  /** Bytes that the transport has not written yet; 0 where there is none. */
  get unwrittenBytes(): number {
    return this.#outlet === null ? 0 : this.output.at + this.#takenBytes;
  }

  /** Frames of another link are to leave by this one. */
  carry(passage: Passage): void {
    this.#passages.push(passage);
    this.touch();
  }

  /** Takes everything that waits, if anything does. Follow with {@linkcode written}. */
  take(): Uint8Array<ArrayBuffer> | null {
    this.#dirty = false;
    this.appendSide();
    if (this.#passages.length > 0) {
      for (const passage of this.#passages.splice(0)) passage.append(this.output);
    }
    if (this.output.at === 0) {
      // What was charged was for a member below that has ended since: nothing of it leaves.
      this.unsentAnswerBytes = this.#takenAnswers;
      for (const backlog of this.#backlogs.splice(0)) {
        backlog.take();
        this.chargedBytes -= backlog.written();
      }
      return null;
    }
    for (const backlog of this.#backlogs.splice(0)) {
      backlog.take();
      this.#takenBacklogs.push(backlog);
    }
    this.#takenAnswers = this.unsentAnswerBytes;
    this.#takenReplies = this.unsentReplyBytes;
    this.#takenForwards = this.unsentForwardBytes;
    this.#takenBytes = this.output.at;
    return this.output.take();
  }

  /** Tells that all of what was taken is written. */
  written(taken: Uint8Array<ArrayBuffer>): void {
    this.output.recycle(taken);
    this.#takenBytes = 0;
    this.unsentAnswerBytes -= this.#takenAnswers;
    this.unsentReplyBytes -= this.#takenReplies;
    this.unsentForwardBytes -= this.#takenForwards;
    this.#takenAnswers = this.#takenReplies = this.#takenForwards = 0;
    for (const backlog of this.#takenBacklogs.splice(0)) {
      this.chargedBytes -= backlog.written();
    }
    this.relieve();
  }

  /** Charges nobody any more for what is in `backlog`. */
  forgive(backlog: Backlog): void {
    this.chargedBytes -= backlog.bytes;
    backlog.clear();
  }

  /** Charges bytes in the output to `backlog` until they are written. */
  charge(backlog: Backlog, bytes: number): void {
    this.chargedBytes += bytes;
    if (backlog.add(bytes)) this.#backlogs.push(backlog);
  }

  /** The limit that the neighbor went over, if it did: no honest one does. */
  get excess(): string | null {
    if (this.flooding) return "unsent-answers-elsewhere";
    if (this.unsentAnswerBytes > this.limits.maxUnsentReplyBytes) return "unsent-answers";
    return null;
  }

  /**
   * What can still be lent to who needs it now. Lent in advance is half at most, so that there is room for
   * the largest message also when all that was lent in advance lies idle.
   */
  get spare(): number {
    const { maxUnreadBytes, maxFrameBytes } = this.limits, half = maxUnreadBytes / 2;
    const most = half + Math.max(half, maxFrameBytes + MESSAGE_OVERHEAD_BYTES);
    return most - this.lent - this.unreadBytes;
  }

  /** `port` lends so much as soon as it can be spared. */
  starve(port: Port, needed: number, lend: () => void): void {
    this.hungry.set(port, { needed, lend });
    this.#leastNeeded = Math.min(this.#leastNeeded, needed);
  }

  /** Some of what was lent came back. */
  freed(): void {
    if (this.hungry.size === 0) return;
    let least = Infinity;
    for (const { needed, lend } of this.hungry.values()) {
      // Looking at each of them for every message would cost more than the message.
      if (this.spare < this.#leastNeeded) return;
      if (needed <= this.spare) lend();
      else least = Math.min(least, needed);
    }
    this.#leastNeeded = least;
  }

  /**
   * Whether a message is more than may be unread. No credit covers that much, but each hop opens with some,
   * and ends move.
   */
  overflowsWith(cost: number): boolean {
    return this.unreadBytes + cost > mostHeld(this.limits);
  }

  /** Whether so many replies wait that no more are written: the neighbor does not read. */
  get repliesPileUp(): boolean {
    const waiting = this.unsentReplyBytes + this.heldReplyBytes;
    return waiting > this.limits.maxUnsentReplyBytes;
  }

  /** Whether receivers take no more calls from this neighbor. */
  get congested(): boolean {
    return this.repliesPileUp || this.callsUnderWay >= this.limits.maxCallsUnderWay;
  }

  /** Calls `resume` when some of what piles up is gone, or the link is. It has to look again. */
  whenRelieved(resume: () => void): void {
    this.#waiting.push(resume);
  }

  /** Calls were answered, or will never be. */
  callsEnded(count: number): void {
    this.callsUnderWay -= count;
    this.relieve();
  }

  /** Some of what piles up may be gone: whoever waits for that looks again. */
  relieve(): void {
    if (this.#waiting.length === 0 || this.repliesPileUp) return;
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** Notes it when the neighbor makes us answer over `other` more than the node there reads. */
  noteAnswerOver(other: Link | undefined | null): void {
    if (!other || other === this || other.neighbor.self) return;
    if (other.unsentAnswerBytes > other.limits.maxUnsentReplyBytes / 2) {
      this.flooding = true;
    }
  }

  /** Calls `resume` when the neighbor took something that lets more leave, or the link is gone. */
  whenMoving(resume: () => void): void {
    this.#halted.push(resume);
  }

  /** The neighbor has accepted an endpoint, or granted credit. */
  moving(): void {
    if (this.#halted.length === 0) return;
    for (const resume of this.#halted.splice(0)) resume();
  }

  /** The link is gone: nobody waits for it any more. */
  ended(violation: string | null = null): void {
    this.neighbor.link = null;
    const outlet = this.#outlet;
    this.#outlet = null;
    this.hungry.clear();
    outlet?.drop(violation);
    this.unsentReplyBytes = this.unsentAnswerBytes = this.unsentForwardBytes = 0;
    this.#takenReplies = this.#takenAnswers = this.#takenForwards = 0;
    for (const resume of this.#waiting.splice(0)) resume();
    for (const resume of this.#halted.splice(0)) resume();
  }
}
