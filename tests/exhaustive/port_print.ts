/**
 * Ports as part of a state.
 *
 * @module
 */
import { MessageQueue } from "../../core/ports/message_queue.ts";
import type { Port } from "../../core/ports/port.ts";
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
    port.state | (port.confirmed ? 4 : 0) | (port.asked ? 8 : 0) |
      (port.reason === "lost" ? 16 : 0) | (port.holder === null ? 32 : 0),
  );
  print.add(port.outSeq);
  print.add(port.inSeq);
  for (const link of [port.source, port.guide]) {
    print.name(link?.neighbor.name ?? null);
    print.add(link?.neighbor.link === link ? 1 : 0);
  }
  for (const probe of port.probes ?? []) print.name(probe);
  addQueue(print, port.queue ?? new MessageQueue());
  const events = port.parked?.takeAll() ?? [];
  print.add(events.length);
  for (const event of events) {
    print.name(event.neighbor.name);
    print.bytes(event.bytes, event.start, event.end);
    for (const { name } of event.ports) print.name(name);
    print.name(event.payer?.neighbor.name ?? null);
    port.parked!.add(event, event.payer);
  }
}

function addQueue(print: Fingerprint, queue: MessageQueue): void {
  print.add(queue.length);
  for (let at = queue.peek(); at !== null; at = at.next) {
    print.bytes(at.bytes, at.start, at.end);
    print.add(at.hops);
    print.name(at.link?.neighbor.name ?? null);
    for (const { name } of at.ports) print.name(name);
  }
}
