/**
 * What must be so where networks meet: nobody is told of a node on the other side, and whatever stays
 * behind at rest stays because of that.
 *
 * @module
 */
import { Name } from "../../core/names.ts";
import { type Port, PortState } from "../../core/ports/port.ts";
import {
  BYPASS_NEXT,
  DESCRIPTOR_BYTES,
  DESCRIPTOR_HAS_NEXT,
  DESCRIPTOR_NEXT,
  EventType,
  SWITCH_PREV,
} from "../../core/wire/event.ts";
import { NODE_FRAME_BYTES, NodeFrameType } from "../../core/wire/node_frame.ts";
import { check } from "./broken.ts";
import type { Lane } from "./lane.ts";
import { type End, IN_MESSAGE } from "./model.ts";
import type { Network } from "./network.ts";
import { netOf } from "./topology.ts";
import type { World } from "./world.ts";

/** A port, and the node it is on. */
interface Place {
  readonly node: number;
  readonly port: Port;
}

/** Checks that an honest node that says `frame` names nobody that the other one must not hear of. */
export function checkTold(network: Network, { from, to }: Lane, frame: Uint8Array): void {
  const across = network.areIsolated(from, to);
  // Who was lied to may ask about anybody, but not across a border.
  if (!network.isHonest(from) || (!across && network.hostile.size > 0)) return;
  for (const name of namedIn(frame)) {
    const node = network.nodeOf(name);
    const may = across
      ? node === from || node === to
      : node >= 0 && netOf(network.topology, node) === netOf(network.topology, to);
    check(may, "told", () => `node ${from} tells node ${to} of node ${node}`);
  }
}

/** The names of nodes in an event. */
function namedIn(frame: Uint8Array): Name[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  switch (frame[4]) {
    case EventType.Switch:
      return [Name.read(view, SWITCH_PREV)];
    case EventType.Bypass:
      return [Name.read(view, BYPASS_NEXT)];
    case EventType.Message: {
      const names: Name[] = [];
      for (let n = view.getUint16(6, true); n > 0; n--) {
        const at = frame.length - n * DESCRIPTOR_BYTES;
        if (view.getUint32(at + DESCRIPTOR_HAS_NEXT, true) === 0) continue;
        names.push(Name.read(view, at + DESCRIPTOR_NEXT));
      }
      return names;
    }
    case NodeFrameType.Relayed:
      return namedIn(frame.subarray(NODE_FRAME_BYTES));
    default:
      return [];
  }
}

/** Whether `port` of `node` is a proxy between two nodes that must not hear of each other. */
export function isOnBorder(world: World, node: number, port: Port): boolean {
  const { state, prevNode, nextNode } = port;
  if (state !== PortState.Proxy || prevNode === null || nextNode === null) return false;
  const prev = world.nodeOf(prevNode.name), next = world.nodeOf(nextNode.name);
  return prev !== next && prev !== node && next !== node &&
    (world.areIsolated(node, prev) || world.areIsolated(node, next));
}

/**
 * The ports on the ring of `port` of `node`, this one first: two ends, and between them proxies that
 * have to be there. `null` when it is not whole.
 */
export function ringOf(world: World, node: number, port: Port): Place[] | null {
  const ring: Place[] = [{ node, port }];
  for (let at: Place = ring[0]!;;) {
    const { nextNode, nextPort } = at.port;
    if (nextNode === null) return null;
    const there = world.nodeOf(nextNode.name);
    if (there < 0 || world.dead.has(there)) return null;
    const next = world.nodes[there]!.ports.get(nextPort!);
    if (next === null || next.prevNode === null) return null;
    const listens = next.prevNode.name.equals(world.nodes[at.node]!.self.name) &&
      next.prevPort!.equals(at.port.name);
    if (!listens) return null;
    if (next === port) return ring;
    // Such a ring would never come back here.
    if (ring.some((place) => place.port === next)) return null;
    ring.push(at = { node: there, port: next });
  }
}

/** Whether all of a ring is as it has to be at rest. */
export function isSound(world: World, ring: readonly Place[] | null): boolean {
  if (ring === null) return false;
  const ends = ring.filter(({ port }) => port.state === PortState.Open).length;
  return ends === 2 &&
    ring.every(({ node, port }) =>
      port.state === PortState.Open || isOnBorder(world, node, port)
    );
}

/** The port of `end` when nothing is under way, also while it is in an unread message. */
export function portOf(end: End, depth = 0): Port | null {
  if (end.place !== IN_MESSAGE || end.message === null) return end.port;
  const { reader, attached } = end.message;
  const carrier = depth > 100 ? null : portOf(reader, depth + 1);
  let at = carrier?.queue?.peek() ?? null;
  for (let i = reader.received; at !== null; at = at.next, i++) {
    if (reader.inbox[i] === end.message) return at.ports[attached.indexOf(end)] ?? null;
  }
  return null;
}
