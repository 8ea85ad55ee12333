/**
 * A node as a member of a network: what it has to do with the broker that brought it in, and the links
 * to other members that come of it.
 *
 * A member that is named for the first time gets a link at once. What is sent over it waits until the
 * broker has said how the two are to meet.
 *
 * @module
 */
import { LIMITS } from "../limits.ts";
import type { Name } from "../names.ts";
import {
  IntroduceAs,
  type Introduction,
  LOST_PAIR,
  type MemberLimits,
  NODE,
  NODE_FRAME_BYTES,
  NodeFrameType,
  readIntroduce,
  writeMember,
  writeNodeFrame,
  writeWrapped,
} from "../wire/node_frame.ts";
import { Encoder } from "../wire/encoder.ts";
import { forEachFrame } from "../wire/frame.ts";
import type { Arrival } from "./arrival.ts";
import type { Link, Neighbor } from "./link.ts";
import { Meeting } from "./meeting.ts";
import type { Neighbors } from "./neighbors.ts";
import { Passage } from "./passage.ts";

/**
 * Members that one neighbor may have named and that wait to be introduced. One more counts as lost. The
 * broker may name more at a time: it knows them all.
 */
const MAX_NAMED = 64, MAX_NAMED_BY_BROKER = 4096;

/** A link that waits: who named the node at its end, and the meeting once there is one. */
interface Waiting {
  readonly namer: Neighbor;
  meeting: Meeting | null;
}

/** What a membership needs of its node. */
export interface MemberNode {
  /** A link has ended, for the reason given. */
  disconnect(link: Link, reason: string): void;
}

/** Dealings with the broker. */
export class Membership {
  /** Takes part in a meeting; without anybody who does, the broker relays. */
  onMeeting: ((meeting: Meeting) => void) | null = null;
  readonly #neighbors: Neighbors;
  readonly #node: MemberNode;
  #broker: Link | null = null;
  #claimed = false;
  /** The links that wait for the broker's word. */
  readonly #waiting: Map<Link, Waiting> = new Map();
  /** How many of them each neighbor has named. */
  readonly #named: Map<Neighbor, number> = new Map();
  /** The links whose frames go through the broker. */
  readonly #relayed: Set<Link> = new Set();
  /** The links to members below this node, whose frames go through the one above them. */
  readonly #below: Set<Link> = new Set();
  /** Those that the broker had a part in and has none in any more. */
  readonly #direct: Set<Link> = new Set();

  /** Makes a membership without a broker. */
  constructor(neighbors: Neighbors, node: MemberNode) {
    this.#neighbors = neighbors;
    this.#node = node;
  }

  /** Whether there is a broker to turn to. */
  get connected(): boolean {
    return this.#broker !== null && this.#broker.neighbor.link === this.#broker;
  }

  /** Sets the place of the broker aside for whoever is about to be it. False when it is taken. */
  claim(): boolean {
    if (this.#claimed) return false;
    return this.#claimed = true;
  }

  /** Nothing came of it. */
  release(): void {
    this.#claimed = false;
  }

  /** The broker is at the other end of `link`. Nobody takes its place, also when it is gone. */
  join(link: Link): void {
    this.#claimed = true;
    this.#broker ??= link;
  }

  /** A link has ended. What else ends with it, for the same reason. */
  lost(link: Link): Link[] {
    if (link === this.#broker) {
      // Nothing is known any more of those that only the broker could reach.
      return [...this.#waiting.keys(), ...this.#relayed];
    }
    this.#waiting.get(link)?.meeting?.cancel();
    this.#stopWaiting(link);
    this.#relayed.delete(link);
    this.#below.delete(link);
    // The broker sees to it that the other side gives up too: what was under way is gone.
    if (this.#direct.delete(link)) this.#say(NodeFrameType.Drop, link.neighbor.name);
    return [];
  }

  /** Handles what the broker says, other than relayed events. Returns the rule it breaks. */
  accept(event: Arrival): string | null {
    const name = event.name(NODE);
    if (event.type === NodeFrameType.Lost) return this.#lost(name, event.flags);
    const { bytes, view, start, end } = event;
    return this.#introduced(name, readIntroduce(bytes, view, start, end));
  }

  /** The link that a relayed frame is as if it came over; `null` when it comes too late. */
  relayedFrom(name: Name, below: boolean): Link | null {
    const link = this.#neighbors.get(name)?.link ?? null;
    const relayed = below ? this.#below : this.#relayed;
    return link !== null && relayed.has(link) ? link : null;
  }

  /** The broker is to know that it is over with another member. */
  giveUp(link: Link): void {
    this.#say(NodeFrameType.Drop, link.neighbor.name);
  }

  /** A link to a member below this node, for events, whose frames go by `way`. */
  link(way: Link): Link | null {
    const maxFrameBytes = way.output.maxFrameBytes - NODE_FRAME_BYTES;
    const { maxPipesPerMessage } = way;
    const link = this.#add(way.neighbor.name, { maxFrameBytes, maxPipesPerMessage });
    if (link === null) return null;
    this.#below.add(link);
    const { self } = this.#neighbors;
    link.start(new Passage(link, way, NodeFrameType.Relayed, self.name));
    return link;
  }

  /** Passes a frame of the member `name` on to the broker. The rule it breaks, or `null`. */
  passUp(name: Name, { bytes, start, end }: Arrival): string | null {
    const broker = this.#broker!;
    if (end - start > broker.output.maxFrameBytes - NODE_FRAME_BYTES) {
      return "relayed-too-long"; // Hostile.
    }
    writeWrapped(broker.events(), NodeFrameType.Passed, name, bytes, start, end);
    broker.touch();
    return null;
  }

  /** Tells the broker, in the name of the member `name`, that it is done with `other`. */
  dropFor(name: Name, other: Name): void {
    if (!this.connected) return;
    const drop = new Encoder(NODE_FRAME_BYTES, NODE_FRAME_BYTES);
    writeNodeFrame(drop, NodeFrameType.Drop, 0, other);
    const out = this.#broker!.events();
    writeWrapped(out, NodeFrameType.Passed, name, drop.bytes, 0, drop.at);
    this.#broker!.touch();
  }

  /** Tells the broker of a member that has joined below. */
  announce({ neighbor, output, maxPipesPerMessage }: Link): void {
    if (!this.connected) return;
    const { maxFrameBytes } = output, limits = { maxFrameBytes, maxPipesPerMessage };
    writeMember(this.#broker!.events(), neighbor.name, limits);
    this.#broker!.touch();
  }

  /** Tells the broker of a member that is no more. */
  retract(name: Name): void {
    this.#say(NodeFrameType.Gone, name);
  }

  /** As host: the guest may come. Once; a guest has nothing to say. */
  ready(meeting: Meeting): void {
    if (meeting.over || meeting.ready || meeting.role === "guest") return;
    meeting.ready = true;
    this.#say(NodeFrameType.Ready, meeting.link.neighbor.name);
  }

  /** The two are linked. Start the link next. False when it was called off. */
  met(meeting: Meeting): boolean {
    if (meeting.over) return false;
    const { link } = meeting;
    meeting.over = true;
    this.#stopWaiting(link);
    this.#direct.add(link);
    if (meeting.role === "guest") this.#say(NodeFrameType.Met, link.neighbor.name);
    return true;
  }

  /** The two cannot meet. */
  failed(meeting: Meeting): void {
    if (meeting.over) return;
    meeting.over = true;
    this.#say(NodeFrameType.Failed, meeting.link.neighbor.name);
  }

  /** Asks the broker about a member that is named for the first time. */
  introduce(name: Name, namer: Neighbor): Neighbor | null {
    if (!this.connected) return null;
    const most = namer === this.#broker!.neighbor ? MAX_NAMED_BY_BROKER : MAX_NAMED;
    if ((this.#named.get(namer) ?? 0) >= most) return null;
    const link = this.#wait(name, namer);
    if (link === null) return null;
    this.#say(NodeFrameType.Ask, name);
    return link.neighbor;
  }

  #wait(name: Name, namer: Neighbor): Link | null {
    // What the other one takes is not known yet: as much as the broker does, as far as it can be relayed.
    const { output, maxPipesPerMessage } = this.#broker!;
    const maxFrameBytes = output.maxFrameBytes - NODE_FRAME_BYTES;
    const link = this.#add(name, { maxFrameBytes, maxPipesPerMessage });
    if (link === null) return null;
    this.#waiting.set(link, { namer, meeting: null });
    this.#named.set(namer, (this.#named.get(namer) ?? 0) + 1);
    return link;
  }

  /** A link to another member: trusted as a child is, with messages as large as may be sent to it. */
  #add(name: Name, theirs: MemberLimits): Link | null {
    const limits = LIMITS.child;
    const maxUnreadBytes = Math.max(limits.maxUnreadBytes, 8 * theirs.maxFrameBytes);
    const costs = { ...limits, ...theirs, maxUnreadBytes };
    return this.#neighbors.add(name, "peer", costs, theirs);
  }

  #stopWaiting(link: Link): void {
    const waiting = this.#waiting.get(link);
    if (waiting === undefined) return;
    this.#waiting.delete(link);
    const { namer } = waiting, left = this.#named.get(namer)! - 1;
    if (left > 0) this.#named.set(namer, left);
    else this.#named.delete(namer);
  }

  #introduced(name: Name, how: Introduction): string | null {
    const known = this.#neighbors.get(name);
    if (known?.self) return "introduced-to-itself"; // Hostile.
    if (known !== null && known.link === null) {
      // Stale: it was lost before the broker knew. A pair that was lost stays lost.
      this.#say(NodeFrameType.Drop, name);
      return null;
    }
    const link = known?.link ?? this.#wait(name, this.#broker!.neighbor)!;
    const waiting = this.#waiting.get(link);
    // Stale: the two are linked, or relayed already; what they have is not taken from them.
    if (waiting === undefined) return null;
    link.output.maxFrameBytes = Math.min(link.output.maxFrameBytes, how.maxFrameBytes);
    link.maxPipesPerMessage = Math.min(link.maxPipesPerMessage, how.maxPipesPerMessage);
    if (!fits(link)) {
      this.#say(NodeFrameType.Drop, name);
      this.#node.disconnect(
        link,
        "a message was sent to it that is longer than it takes",
      );
      return null;
    }
    waiting.meeting?.cancel();
    if (how.as === IntroduceAs.Relayed) {
      this.#stopWaiting(link);
      this.#relayed.add(link);
      link.start(new Passage(link, this.#broker!, NodeFrameType.Relayed, name));
      return null;
    }
    const meeting = new Meeting(link, how);
    waiting.meeting = meeting;
    if (this.onMeeting === null) this.failed(meeting);
    else this.onMeeting(meeting);
    return null;
  }

  #lost(name: Name, flags: number): string | null {
    const neighbor = this.#neighbors.get(name), link = neighbor?.link ?? null;
    if (neighbor === null) return null; // Stale.
    const pair = flags === LOST_PAIR;
    if (link !== null) {
      // Benign: a node that this one knows otherwise is not the broker's to take away.
      if (!this.#isItsDoing(link)) return null;
      // Not for us to tell the broker, who told us.
      this.#direct.delete(link);
      this.#node.disconnect(
        link,
        pair ? "the two were cut off from each other" : "it has ended",
      );
    }
    if (!pair) this.#neighbors.forget(neighbor);
    return null;
  }

  /** Whether the broker has a part in that link, or had. */
  #isItsDoing(link: Link): boolean {
    return this.#waiting.has(link) || this.#relayed.has(link) || this.#direct.has(link);
  }

  #say(type: number, name: Name): void {
    if (!this.connected) return;
    writeNodeFrame(this.#broker!.events(), type, 0, name);
    this.#broker!.touch();
  }
}

/** Whether everything that waits may be sent. */
function fits(link: Link): boolean {
  const { output } = link;
  let fit = true;
  link.appendSide();
  forEachFrame(output.bytes.subarray(0, output.start), (start, end) => {
    if (end - start > output.maxFrameBytes) fit = false;
    if (
      (output.bytes[start + 6]! | output.bytes[start + 7]! << 8) > link.maxPipesPerMessage
    ) {
      fit = false;
    }
  });
  return fit;
}
