/**
 * Long messages between a few nodes, and what they are charged: {@linkcode Traffic} with more to carry
 * than the credit that hops open with.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Link } from "../../../core/ports/link.ts";
import type { Node } from "../../../core/ports/node.ts";
import type { Port } from "../../../core/ports/port.ts";
import { MESSAGE_OVERHEAD_BYTES, OPENING_CREDIT } from "../../../core/wire/event.ts";
import { Traffic } from "./traffic.ts";

/** A payload that uses up all that a hop opens with. */
export const FULL: number = OPENING_CREDIT - MESSAGE_OVERHEAD_BYTES;

/** A message that was read. */
export interface Read {
  /** Its first byte. */
  readonly value: number;
  /** How long it was. */
  readonly bytes: number;
  /** The endpoints attached to it. */
  readonly ends: readonly Port[];
}

/** Nodes that send each other more than a little. */
export class Freight extends Traffic {
  /** Writes a message of so many bytes. Returns whether the pipe still leads anywhere. */
  write(
    port: Port,
    bytes: number,
    value = 0,
    attached: readonly Port[] = [],
    reply = false,
  ): boolean {
    const node = this.at(port), out = node.beginBytes(port);
    for (const each of attached) assertEquals(node.refusal(port, each), null);
    out.need(bytes);
    out.bytes.fill(value, out.at, out.at + bytes);
    out.at += bytes;
    out.handles.push(...attached);
    return node.commit(port, out, reply);
  }

  /** Reads a message, if there is one, and holds what is attached to it. */
  read(port: Port): Read | null {
    const message = this.at(port).take(port);
    if (message === null) return null;
    const { bytes, start, end, ports } = message;
    for (const each of ports) this.hold(each);
    return { value: bytes[start]!, bytes: end - start, ends: ports };
  }

  /** Reads all there is and all that comes because of that, and returns the first bytes. */
  readAll(port: Port): number[] {
    const values: number[] = [];
    for (;;) {
      this.settle();
      const message = this.read(port);
      if (message === null) return values;
      values.push(message.value);
    }
  }

  /** The link of a node to another one. */
  link(from: number, to: number): Link {
    const { name } = this.nodes[to]!.self;
    return this.nodes[from]!.links().find(({ neighbor }) => neighbor.name.equals(name))!;
  }

  /** See {@linkcode Traffic.finish}. Nothing is lent or charged either. */
  override finish(): void {
    super.finish();
    for (const node of this.nodes) assertIdle(node);
  }
}

/** No link of the node is charged for anything, or lends more than what hops open with. */
export function assertIdle(node: Node): void {
  for (const link of node.links()) {
    const { lent, unreadBytes, parkedBytes, heldReplyBytes, hungry } = link;
    assertEquals(
      { lent, unreadBytes, parkedBytes, heldReplyBytes, hungry: hungry.size },
      { lent: 0, unreadBytes: 0, parkedBytes: 0, heldReplyBytes: 0, hungry: 0 },
    );
  }
}

/** The whole numbers below `count`. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
