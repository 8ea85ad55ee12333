/**
 * A neighbor that writes its own frames: what a hostile process can put on its link.
 *
 * @module
 */
import { LIMITS, type Limits } from "../../../core/limits.ts";
import { type Name, NameSource } from "../../../core/names.ts";
import type { Link, Role } from "../../../core/ports/link.ts";
import { Node } from "../../../core/ports/node.ts";
import type { Port } from "../../../core/ports/port.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import {
  BACKWARD_HEAD_BYTES,
  BYPASS_NEXT,
  DESCRIPTOR_BYTES,
  DESCRIPTOR_FIRST,
  DESCRIPTOR_HAS_NEXT,
  DESCRIPTOR_NEXT,
  EVENTS,
  EventType,
  FORWARD_HEAD_BYTES,
  FROM,
  GRANT_TOTAL,
  NEED_TOTAL,
  SEQ,
  SWITCH_FIRST,
  SWITCH_PREV,
  TO,
  writeSeq,
} from "../../../core/wire/event.ts";
import { forEachFrame, FrameReader, padded } from "../../../core/wire/frame.ts";
import {
  IntroduceAs,
  type Introduction,
  LOST_PAIR,
  NODE_FRAME_BYTES,
  NODE_FRAMES,
  NodeFrameType,
  writeIntroduce,
  writeNodeFrame,
  writeWrapped,
} from "../../../core/wire/node_frame.ts";
import { seededEnvironment } from "../../sim/random.ts";

/** A port on a node. */
export interface Address {
  readonly node: Name;
  readonly port: Name;
}

/** An endpoint that a forged message claims to carry. */
export interface ForgedDescriptor {
  readonly old: Name;
  readonly first: number;
  readonly next: Address | null;
}

function frame(
  type: number,
  size: number,
  to: Name,
  from: Name,
  flags = 0,
  count = 0,
): { bytes: Uint8Array<ArrayBuffer>; view: DataView<ArrayBuffer> } {
  const bytes = new Uint8Array(padded(size)), view = new DataView(bytes.buffer);
  view.setUint32(0, size, true);
  view.setUint8(4, type);
  view.setUint8(5, flags);
  view.setUint16(6, count, true);
  to.write(view, TO);
  from.write(view, FROM);
  return { bytes, view };
}

function writeAddress(view: DataView, at: number, { node, port }: Address): void {
  node.write(view, at);
  port.write(view, at + 16);
}

/** A forward event without fields of its own: Hello, Skip, Closed. */
export function forged(
  type: number,
  to: Name,
  from: Name,
  seq: number,
  flags = 0,
): Uint8Array<ArrayBuffer> {
  const { bytes, view } = frame(type, FORWARD_HEAD_BYTES, to, from, flags);
  writeSeq(view, SEQ, seq);
  return bytes;
}

/** A Message. */
export function forgedMessage(
  to: Name,
  from: Name,
  seq: number,
  payload: Uint8Array = new Uint8Array(8),
  descriptors: readonly ForgedDescriptor[] = [],
  hops = 0,
): Uint8Array<ArrayBuffer> {
  const at = FORWARD_HEAD_BYTES + payload.length;
  const size = at + descriptors.length * DESCRIPTOR_BYTES;
  const { bytes, view } = frame(
    EventType.Message,
    size,
    to,
    from,
    hops,
    descriptors.length,
  );
  writeSeq(view, SEQ, seq);
  bytes.set(payload, FORWARD_HEAD_BYTES);
  for (const [i, { old, first, next }] of descriptors.entries()) {
    const start = at + i * DESCRIPTOR_BYTES;
    old.write(view, start);
    writeSeq(view, start + DESCRIPTOR_FIRST, first);
    if (next === null) continue;
    writeAddress(view, start + DESCRIPTOR_NEXT, next);
    view.setUint32(start + DESCRIPTOR_HAS_NEXT, 1, true);
  }
  return bytes;
}

/** A Switch. */
export function forgedSwitch(
  to: Name,
  from: Name,
  seq: number,
  prev: Address,
  first: number,
): Uint8Array<ArrayBuffer> {
  const { bytes, view } = frame(EventType.Switch, FORWARD_HEAD_BYTES + 40, to, from);
  writeSeq(view, SEQ, seq);
  writeAddress(view, SWITCH_PREV, prev);
  writeSeq(view, SWITCH_FIRST, first);
  return bytes;
}

/** An Accepted. */
export function forgedAccepted(to: Name, from: Name): Uint8Array<ArrayBuffer> {
  return frame(EventType.Accepted, BACKWARD_HEAD_BYTES, to, from).bytes;
}

/** A Bypass. */
export function forgedBypass(
  to: Name,
  from: Name,
  next: Address,
): Uint8Array<ArrayBuffer> {
  const { bytes, view } = frame(EventType.Bypass, BACKWARD_HEAD_BYTES + 32, to, from);
  writeAddress(view, BYPASS_NEXT, next);
  return bytes;
}

/** A Need. */
export function forgedNeed(
  to: Name,
  from: Name,
  seq: number,
  total: number,
  flags = 0,
): Uint8Array<ArrayBuffer> {
  const size = FORWARD_HEAD_BYTES + 8;
  const { bytes, view } = frame(EventType.Need, size, to, from, flags);
  writeSeq(view, SEQ, seq);
  writeSeq(view, NEED_TOTAL, total);
  return bytes;
}

/** A Grant. */
export function forgedGrant(
  to: Name,
  from: Name,
  total: number,
): Uint8Array<ArrayBuffer> {
  const { bytes, view } = frame(EventType.Grant, BACKWARD_HEAD_BYTES + 8, to, from);
  writeSeq(view, GRANT_TOTAL, total);
  return bytes;
}

/** A frame about a node that has nothing but its name: Ask, Ready, Met, Failed, Lost, Drop. */
export function forgedNodeFrame(
  type: number,
  node: Name,
  flags = 0,
): Uint8Array<ArrayBuffer> {
  const out = new Encoder(4096);
  writeNodeFrame(out, type, flags, node);
  return out.take();
}

/** An Introduce. What is not given is what no honest broker has reason to change. */
export function forgedIntroduce(
  node: Name,
  how: Partial<Introduction> = {},
): Uint8Array<ArrayBuffer> {
  const out = new Encoder(4096);
  writeIntroduce(out, node, {
    as: IntroduceAs.Relayed,
    maxFrameBytes: 32_768,
    maxPipesPerMessage: 8,
    hostToken: node,
    guestToken: node,
    means: new Uint8Array(0),
    ...how,
  });
  return out.take();
}

/** A Relayed with the given event, which is about `node`. */
export function forgedRelayed(
  node: Name,
  event: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const out = new Encoder(65_536), length = new DataView(event.buffer).getUint32(0, true);
  writeWrapped(out, NodeFrameType.Relayed, node, event, 0, length);
  return out.take();
}

/** The name of a frame, with what its flags say and, in a Relayed, the name of the event. */
export function nameOf(frame: Uint8Array): string {
  const type = frame[4]!, flags = frame[5]!;
  const name = NODE_FRAMES[type - NodeFrameType.Ask]?.name ?? EVENTS[type]?.name;
  switch (type) {
    case NodeFrameType.Introduce:
      return `${name} ${["relayed", "host", "guest"][flags]}`;
    case NodeFrameType.Lost:
      return flags === LOST_PAIR ? `${name} pair` : `${name} node`;
    case NodeFrameType.Relayed:
      return `${name} ${nameOf(frame.subarray(NODE_FRAME_BYTES))}`;
    default:
      return `${name}`;
  }
}

/** What the neighbors in a {@linkcode Scene} are to the victim; peers when not given. */
export interface Cast {
  readonly enemy?: Role;
  readonly friend?: Role;
  /** Whether the enemy is of another network. */
  readonly isolated?: boolean;
}

/** What a node is to a neighbor that is this to it. */
function opposite(role: Role): Role {
  return role === "member" ? "broker" : role === "broker" ? "member" : role;
}

/**
 * A node under attack, with a link to a hostile neighbor, whose frames a test writes itself, and one to
 * a friend, which is a real node. A pipe joins the victim and the friend.
 */
export class Scene {
  readonly names: NameSource = new NameSource(seededEnvironment(3));
  readonly victim: Node = new Node(new NameSource(seededEnvironment(1)), LIMITS.tiny);
  readonly friend: Node = new Node(new NameSource(seededEnvironment(2)), LIMITS.tiny);
  /** The hostile node's name. */
  readonly enemy: Name = this.names.next();
  /** The victim's link to the hostile node. */
  readonly link: Link;
  /** The victim's link to its friend, and back. */
  readonly toFriend: Link;
  readonly fromFriend: Link;
  /** The victim's end of its pipe with the friend, and the friend's. */
  readonly calm: Port;
  readonly calmPeer: Port;
  readonly #holder = {};
  #calls = 0;

  constructor(limits: Limits = LIMITS.tiny, cast: Cast = {}) {
    const { victim, friend } = this, max = limits, { tiny } = LIMITS;
    const role = cast.friend ?? "peer";
    const { enemy = "peer", isolated = false } = cast;
    this.link = victim.connect(this.enemy, enemy, limits, max, isolated)!;
    this.toFriend = victim.connect(friend.self.name, role, tiny, max)!;
    this.fromFriend = friend.connect(victim.self.name, opposite(role), tiny, max)!;
    [this.calm, this.calmPeer] = this.pipeToFriend();
  }

  /** Marks a port as held by somebody. */
  hold(port: Port): Port {
    port.holder = this.#holder;
    port.container = null;
    return port;
  }

  /** A pipe between the victim and its friend, without proxies. */
  pipeToFriend(): [Port, Port] {
    const [kept, given] = this.victim.createPipe();
    this.hold(kept);
    this.hold(given);
    const out = new Encoder(4096);
    out.begin(0);
    this.victim.handOver(given, this.toFriend, out);
    const port = this.friend.takeOver(this.fromFriend, out.view, 0);
    this.hold(port);
    this.settle();
    return [kept, port];
  }

  /** A pipe between the victim and the hostile node: the victim's end, and the name of the other. */
  pipeToEnemy(): { port: Port; peer: Name } {
    const { port, old } = this.moving();
    const peer = this.names.next();
    this.attack(forgedAccepted(old.name, peer));
    this.drain(this.link);
    return { port, peer };
  }

  /** An end on its way to the hostile node, which has not answered, and the end that is kept. */
  moving(): { port: Port; old: Port } {
    const [port, old] = this.victim.createPipe();
    this.hold(port);
    this.hold(old);
    const out = new Encoder(4096);
    out.begin(0);
    this.victim.handOver(old, this.link, out);
    return { port, old };
  }

  /**
   * A proxy at the victim between the hostile node, which does not ask to be skipped past it, and the
   * friend, who holds the end that this returns with the names in the hop from the hostile node.
   */
  proxy(): { proxy: Port; from: Name; end: Port } {
    const { victim, calm } = this, from = this.names.next();
    const out = new Encoder(4096);
    out.begin(0);
    out.need(DESCRIPTOR_BYTES);
    out.bytes.fill(0, 0, DESCRIPTOR_BYTES);
    from.write(out.view, 0);
    writeAddress(out.view, DESCRIPTOR_NEXT, { node: this.enemy, port: from });
    out.view.setUint32(DESCRIPTOR_HAS_NEXT, 1, true);
    const proxy = this.hold(victim.takeOver(this.link, out.view, 0));
    this.send(victim, calm, new Uint8Array(1), [proxy]);
    this.settle();
    const end = this.hold(this.calmPeer.queue!.shift()!.ports[0]!);
    this.drain(this.link);
    return { proxy, from, end };
  }

  /** Sends a message of bytes on a port. */
  send(node: Node, port: Port, data: Uint8Array, ports: readonly Port[] = []): boolean {
    const out = node.beginBytes(port);
    out.need(data.length);
    out.bytes.set(data, out.at);
    out.at += data.length;
    out.handles.push(...ports);
    return node.commit(port, out, false);
  }

  /** Hands one frame of the hostile node to the victim; or of the friend, when its link is given. */
  attack(frame: Uint8Array<ArrayBuffer>, link: Link = this.link): string | null {
    const reader = new FrameReader(link.limits.maxFrameBytes, 1024);
    for (let at = 0; at < frame.length;) {
      const space = reader.space(), count = Math.min(space.length, frame.length - at);
      space.set(frame.subarray(at, at + count));
      reader.filled(count);
      at += count;
      while (reader.next()) {
        const { bytes, view, start, end } = reader;
        const rule = this.victim.accept(link, bytes, view, start, end);
        if (rule !== null) return rule;
      }
      if (reader.violation !== null) return reader.violation;
    }
    return null;
  }

  /** Takes what the victim would write on a link, frame by frame. */
  drain(link: Link): Uint8Array<ArrayBuffer>[] {
    const taken = link.take(), frames: Uint8Array<ArrayBuffer>[] = [];
    if (taken === null) return frames;
    forEachFrame(taken, (start, end) => frames.push(taken.slice(start, end)));
    link.written(taken);
    return frames;
  }

  /** Lets the victim and its friend talk until both are quiet. */
  settle(): void {
    for (let moved = true; moved;) {
      moved = false;
      for (
        const [output, node, input] of [
          [this.toFriend, this.friend, this.fromFriend],
          [this.fromFriend, this.victim, this.toFriend],
        ] as const
      ) {
        for (const frame of this.drain(output)) {
          moved = true;
          const view = new DataView(frame.buffer);
          const rule = node.accept(input, frame, view, 0, frame.length);
          if (rule !== null) throw new Error(`honest nodes fell out: ${rule}`);
        }
      }
    }
  }

  /** Whether the pipe between the victim and its friend still works, both ways. */
  isCalm(): boolean {
    const here = new Uint8Array([++this.#calls]), there = new Uint8Array([++this.#calls]);
    this.settle();
    this.send(this.victim, this.calm, here);
    this.send(this.friend, this.calmPeer, there);
    this.settle();
    return received(this.calmPeer) === here[0] && received(this.calm) === there[0];
  }

  /** Drops the hostile link and closes what it left in people's hands. */
  drop(): void {
    this.victim.disconnect(this.link, "dropped");
    this.settle();
    for (const [node, kept] of [[this.victim, this.calm], [this.friend, this.calmPeer]]) {
      for (const port of (node as Node).ports.all()) {
        if (port === kept) continue;
        if (port.holder !== null) (node as Node).close(port);
      }
    }
    this.settle();
  }

  /** What is left of the hostile link and of ports other than those of the pipe with the friend. */
  leftovers(): Record<string, number> {
    const { pipes, unreadBytes, unsentAnswerBytes, unsentReplyBytes } = this.link;
    return {
      pipes,
      unreadBytes,
      unsentAnswerBytes,
      unsentReplyBytes,
      victimPorts: this.victim.ports.size - 1,
      friendPorts: this.friend.ports.size - 1,
      friendUnreadBytes: this.toFriend.unreadBytes + this.fromFriend.unreadBytes,
    };
  }
}

/** What {@linkcode Scene.leftovers} says when nothing is left. */
export const NOTHING_LEFT: Record<string, number> = {
  pipes: 0,
  unreadBytes: 0,
  unsentAnswerBytes: 0,
  unsentReplyBytes: 0,
  victimPorts: 0,
  friendPorts: 0,
  friendUnreadBytes: 0,
};

function received(port: Port): number | undefined {
  const message = port.queue?.shift();
  return message?.bytes[message.start];
}
