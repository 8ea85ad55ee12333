/**
 * Writes events into the output of the link they leave by. What is left to the caller is when.
 *
 * @module
 */
import type { Name } from "../names.ts";
import type { Encoder } from "../wire/encoder.ts";
import {
  BACKWARD_HEAD_BYTES,
  BYPASS_NEXT,
  BYPASS_PROBING,
  CLOSED_LOST,
  DESCRIPTOR_BYTES,
  DESCRIPTOR_FIRST,
  DESCRIPTOR_HAS_NEXT,
  DESCRIPTOR_NEXT,
  EventType,
  FORWARD_HEAD_BYTES,
  FROM,
  GRANT_TOTAL,
  NEED_CARRIES,
  NEED_TOTAL,
  PROBE_ORIGIN,
  SEQ,
  SWITCH_FIRST,
  SWITCH_PREV,
  TO,
  writeSeq,
} from "../wire/event.ts";
import type { Link, Neighbor } from "./link.ts";
import { type EndReason, type Port, PortState } from "./port.ts";

/** Appends the head of an event and makes room for the rest. The event starts `size` before `at`. */
function put(
  link: Link,
  type: number,
  size: number,
  flags: number,
  to: Name,
  from: Name,
): Encoder {
  const out = link.events();
  out.need(size);
  const at = out.at, view = out.view;
  view.setUint32(at, size, true);
  view.setUint32(at + 4, type | flags << 8, true);
  to.write(view, at + TO);
  from.write(view, at + FROM);
  out.at = out.start = at + size;
  // What stays here never waits to be written.
  if (!link.neighbor.self) link.unsentAnswerBytes += size;
  link.touch();
  return out;
}

/** Appends a forward event of `port`, if its out-hop has not ended. Its number is used up either way. */
function forward(port: Port, type: number, flags: number, extra: number): Encoder | null {
  const seq = port.outSeq++, link = port.nextNode?.link;
  if (!link) return null;
  const size = FORWARD_HEAD_BYTES + extra;
  const out = put(link, type, size, flags, port.nextPort!, port.name);
  writeSeq(out.view, out.at - size + SEQ, seq);
  return out;
}

/** "This hop exists." */
export function sendHello(port: Port): void {
  if (port.nextNode !== null) forward(port, EventType.Hello, 0, 0);
}

/** "I send you nothing more; listen to this port, from this number on." */
export function sendSwitch(
  port: Port,
  prevNode: Name,
  prevPort: Name,
  first: number,
): void {
  const out = forward(port, EventType.Switch, 0, 40);
  if (out === null) return;
  const at = out.at - FORWARD_HEAD_BYTES - 40;
  prevNode.write(out.view, at + SWITCH_PREV);
  prevPort.write(out.view, at + SWITCH_PREV + 16);
  writeSeq(out.view, at + SWITCH_FIRST, first);
}

/** "Is there an end on this ring, or is it I who gets this back?" */
export function sendProbe(port: Port, origin: Name): void {
  const out = forward(port, EventType.Probe, 0, 16);
  if (out !== null) {
    origin.write(out.view, out.at - FORWARD_HEAD_BYTES - 16 + PROBE_ORIGIN);
  }
}

/** "What waits here first could go if I had been granted so much." */
export function sendNeed(port: Port, total: number, carries: boolean): void {
  const out = forward(port, EventType.Need, carries ? NEED_CARRIES : 0, 8);
  if (out !== null) {
    writeSeq(out.view, out.at - FORWARD_HEAD_BYTES - 8 + NEED_TOTAL, total);
  }
}

/** From the port `from` to the one before it: "you may send so much in all." */
export function sendGrant(from: Name, node: Neighbor, to: Name, total: number): void {
  if (node.link === null) return;
  const size = BACKWARD_HEAD_BYTES + 8;
  const out = put(node.link, EventType.Grant, size, 0, to, from);
  writeSeq(out.view, out.at - size + GRANT_TOTAL, total);
}

/** "I send you nothing more; you are skipped." */
export function sendSkip(port: Port): void {
  forward(port, EventType.Skip, 0, 0);
}

/** "Nothing more will come." Ends the out-hop; does nothing when it has ended. */
export function sendClosed(port: Port, reason: EndReason): void {
  if (port.nextNode === null) return;
  forward(port, EventType.Closed, reason === "lost" ? CLOSED_LOST : 0, 0);
  port.endNext();
}

/** From a new port to the one it replaces: the event's `from` is the new name. */
export function sendAccepted(from: Name, node: Neighbor, to: Name): void {
  if (node.link !== null) {
    put(node.link, EventType.Accepted, BACKWARD_HEAD_BYTES, 0, to, from);
  }
}

/** From a proxy to the port before it: "send to my successor instead of me." */
export function sendBypass(port: Port): void {
  const size = BACKWARD_HEAD_BYTES + 32, link = port.prevNode!.link;
  if (link === null) return;
  const flags = port.probing ? BYPASS_PROBING : 0;
  const out = put(link, EventType.Bypass, size, flags, port.prevPort!, port.name);
  port.nextNode!.name.write(out.view, out.at - size + BYPASS_NEXT);
  port.nextPort!.write(out.view, out.at - size + BYPASS_NEXT + 16);
}

/** From a port that never came to be to its successor: closed, with the first number there is. */
export function sendStillborn(from: Name, link: Link, to: Name): void {
  const out = put(link, EventType.Closed, FORWARD_HEAD_BYTES, 0, to, from);
  writeSeq(out.view, out.at - FORWARD_HEAD_BYTES + SEQ, 0);
}

/** Appends a descriptor to what is open in `out`, and starts the move: from now on the port waits. */
export function writeDescriptor(port: Port, to: Neighbor, out: Encoder): void {
  out.need(DESCRIPTOR_BYTES);
  const at = out.at, view = out.view;
  out.at = at + DESCRIPTOR_BYTES;
  out.bytes.fill(0, at, out.at);
  port.name.write(view, at);
  // The Switch that will tell the peer of the move has the number before this one.
  writeSeq(view, at + DESCRIPTOR_FIRST, port.outSeq + (port.tail === null ? 1 : 0));
  if (port.nextNode !== null) {
    port.nextNode.name.write(view, at + DESCRIPTOR_NEXT);
    port.nextPort!.write(view, at + DESCRIPTOR_NEXT + 16);
    view.setUint32(at + DESCRIPTOR_HAS_NEXT, 1, true);
  }
  port.state = PortState.Moving;
  port.to = to;
  port.holder = null;
  port.container = null;
  port.sink = null;
}

/**
 * Completes the message of `port` that is open in `out`: descriptors, head, padding. Cannot fail.
 * Endpoints that stay on this node are only taken from their holder; handing them on is the caller's.
 */
export function finishMessage(
  port: Port,
  link: Link,
  out: Encoder,
  ports: readonly Port[],
  flags: number,
): void {
  const local = link.neighbor.self;
  for (const attached of ports) {
    if (local) attached.holder = attached.sink = null;
    else writeDescriptor(attached, link.neighbor, out);
  }
  const view = out.view, start = out.start;
  view.setUint32(start, out.at - start, true);
  view.setUint32(start + 4, EventType.Message | flags << 8 | ports.length << 16, true);
  port.nextPort!.write(view, start + TO);
  port.name.write(view, start + FROM);
  writeSeq(view, start + SEQ, port.outSeq++);
  out.pad();
  out.open = false;
  out.start = out.at;
  link.touch();
}
