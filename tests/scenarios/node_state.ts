/**
 * What a node is made of, for those who want to know whether anything is left of a route.
 *
 * @module
 */
import type { Link } from "../../core/ports/link.ts";
import type { Node } from "../../core/ports/node.ts";
import { MESSAGE_OVERHEAD_BYTES } from "../../core/wire/event.ts";
import { type Port, PortState } from "../../core/ports/port.ts";

/** The ports of a node. */
export interface NodeState {
  /** Those that somebody holds, or that are attached to an unread message. */
  readonly open: number;
  /** Those that moved away and still pass on what arrives. */
  readonly passing: number;
  /** Calls of neighbors that are not answered yet. */
  readonly calls: number;
  /** What is not as it should be at rest, spelled out; empty when all is well. */
  readonly wrong: string;
}

/** Looks into `node`. */
export function stateOf(node: Node): NodeState {
  const ports = node.ports.all();
  const open = ports.filter((port) => port.state === PortState.Open);
  const wrong: string[] = [];
  let calls = 0;
  for (const link of new Set([node.self.link!, ...node.links()])) {
    calls += link.callsUnderWay;
    const pipes = ports.filter((port) => port.source === link).length;
    if (link.pipes !== pipes) wrong.push(`counts ${link.pipes} pipes, has ${pipes}`);
    const unread = unreadBytes(ports, link);
    if (link.unreadBytes !== unread) {
      wrong.push(`counts ${link.unreadBytes} unread bytes, has ${unread}`);
    }
    for (
      const account of [
        "unsentAnswerBytes",
        "unsentReplyBytes",
        "unsentForwardBytes",
        "chargedBytes",
      ] as const
    ) {
      if (link[account] !== 0) wrong.push(`${account} is ${link[account]}`);
    }
  }
  for (const port of open) {
    if ((port.nextNode === null) !== (port.prevNode === null)) {
      wrong.push("a port is open on one side only");
    }
    if (!port.confirmed || port.asked || port.to !== null) {
      wrong.push("a port waits for its new neighbor");
    }
  }
  const passing = ports.length - open.length;
  return { open: open.length, passing, calls, wrong: wrong.join() };
}

/** What is queued in `ports` and came over `link`. */
function unreadBytes(ports: readonly Port[], link: Link): number {
  let bytes = 0;
  for (const { queue } of ports) {
    for (let at = queue?.peek() ?? null; at !== null; at = at.next) {
      if (at.link === link) bytes += at.end - at.start + MESSAGE_OVERHEAD_BYTES;
    }
  }
  return bytes;
}
