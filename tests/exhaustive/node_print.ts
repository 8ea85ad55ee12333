/**
 * The ports and links of a node as part of a state.
 *
 * @module
 */
import type { Name } from "../../core/names.ts";
import type { Arrival } from "../../core/ports/arrival.ts";
import type { Link, Neighbor } from "../../core/ports/link.ts";
import type { MessageQueue } from "../../core/ports/message_queue.ts";
import { type Port, PortState } from "../../core/ports/port.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** Adds all that a port is. */
export function addPort(print: Fingerprint, port: Port): void {
  print.name(port.name);
  print.name(port.nextNode?.name ?? null);
  print.name(port.nextPort);
  print.name(port.prevNode?.name ?? null);
  print.name(port.prevPort);
  print.name(port.via?.name ?? null);
  print.name(port.to?.name ?? null);
  print.name(port.container?.name ?? null);
  print.add(
    port.state | (port.confirmed ? 8 : 0) | (port.asked ? 16 : 0) |
      (port.reason === "lost" ? 32 : 0) | (port.holder === null ? 64 : 0) |
      (port.carries ? 128 : 0) | (port.pressed ? 256 : 0) | (port.clogged ? 512 : 0) |
      (port.unheard ? 1024 : 0),
  );
  print.add(port.outSeq);
  print.add(port.inSeq);
  for (const total of [port.granted, port.spent, port.needed]) addNumber(print, total);
  for (const total of [port.lent, port.room, port.wanted]) addNumber(print, total);
  addNumber(print, port.window);
  addTail(print, port);
  addTerminator(print, port);
  for (const link of [port.source, port.guide]) addPayer(print, link);
  print.add(port.probes?.length ?? 0);
  for (const probe of port.probes ?? []) print.name(probe);
  addQueue(print, port.queue);
  print.add(port.unsent === null ? 1 : 2);
  addQueue(print, port.unsent);
  const events = parkedIn(port);
  print.add(events.length);
  for (const event of events) {
    print.name(event.neighbor.name);
    print.bytes(event.bytes, event.start, event.end);
    for (const { name } of event.ports) print.name(name);
    addPayer(print, event.payer);
    addPayer(print, event.source);
    print.add(event.admitted ? 1 : 2);
  }
}

/** A tail has the name of its port, and several can: what it is itself tells them apart. */
function addTail(print: Fingerprint, { state, tail }: Port): void {
  if (state !== PortState.Moving) return;
  print.add(tail === null ? 1 : tail.state === PortState.Gone ? 2 : 3);
  if (tail !== null && tail.state !== PortState.Gone) print.add(tail.outSeq);
}

function addTerminator(print: Fingerprint, { terminator }: Port): void {
  if (terminator === null) return print.add(0);
  if (typeof terminator === "string") return print.add(terminator === "lost" ? 1 : 2);
  print.add(3);
  print.name(terminator.node);
  print.name(terminator.port);
  addNumber(print, terminator.first);
}

function addQueue(print: Fingerprint, queue: MessageQueue | null): void {
  print.add(queue?.length ?? 0);
  for (let at = queue?.peek() ?? null; at !== null; at = at.next) {
    print.bytes(at.bytes, at.start, at.end);
    print.add(at.flags | (at.reply ? 128 : 0));
    addPayer(print, at.link);
    print.add(at.ports.length);
    for (const { name } of at.ports) print.name(name);
  }
}

/** Adds a link that pays for something: it may have ended meanwhile. */
function addPayer(print: Fingerprint, link: Link | null): void {
  print.name(link?.neighbor.name ?? null);
  print.add(link?.neighbor.link === link ? 1 : 0);
}

/** Totals are exact beyond 32 bits. */
function addNumber(print: Fingerprint, number: number): void {
  print.add(number | 0);
  print.add(number / 0x1_0000_0000 | 0);
}

/** Adds all that a link is, what waits in it included. */
export function addLink(print: Fingerprint, link: Link): void {
  print.name(link.neighbor.name);
  print.add(link.started ? 1 : 2);
  print.bytes(link.output.bytes, 0, link.output.at);
  addNumber(print, link.pipes);
  for (const bytes of [link.lent, link.unreadBytes, link.parkedBytes]) {
    addNumber(print, bytes);
  }
  for (const bytes of [link.unsentAnswerBytes, link.unsentForwardBytes]) {
    addNumber(print, bytes);
  }
  addNumber(print, link.heldReplyBytes);
  print.add(link.flooding ? 1 : 2);
  print.add(link.hungry.size);
  // They are served in this order.
  for (const { name } of link.hungry.keys()) print.name(name);
}

/** Adds the hops to `port` that `neighbor` sends on and that are broken, out of all that can be. */
export function addBroken(
  print: Fingerprint,
  port: Port,
  neighbor: Neighbor,
  names: readonly Name[],
): void {
  for (const name of names) {
    if (!port.parked!.isBroken(neighbor, name)) continue;
    print.name(neighbor.name);
    print.name(name);
  }
}

/** What is parked in a port. */
export function parkedIn(port: Port): readonly Arrival[] {
  return port.parked?.all() ?? [];
}
