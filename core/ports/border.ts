/**
 * Where one network ends and another begins.
 *
 * An isolated link joins two nodes that are not of one network. The rule: an isolated neighbor may only
 * hear of, and only be believed about, ports of this node and of itself. So
 *
 * - a proxy between it and a third node is not skipped: skipping would tell each of the two of the
 *   other. It stays as long as the route, and the route has one in each direction;
 * - a port that sends to a third node does not tell so as it moves to an isolated neighbor: it is cut
 *   first, and a proxy of this node takes over that hop (see {@linkcode Outflow.depart});
 * - what an isolated neighbor names that is neither is a node there is no way to, and nobody is asked
 *   about it (see {@linkcode Neighbors.resolve}).
 *
 * Two nodes that keep to it never name a third one to each other, so the last costs nobody honest.
 *
 * @module
 */
import type { Neighbor } from "./link.ts";
import type { Outflow } from "./outflow.ts";
import { type Port, PortState } from "./port.ts";
import { sendHello } from "./send.ts";

/** Whether one node may be told of the other: at most one side of the border is in it, or it is ours. */
export function mayMeet(one: Neighbor, other: Neighbor): boolean {
  return one === other || one.self || other.self || !(one.isolated || other.isolated);
}

/** Whether `port` passes on what comes between two nodes that may not meet. */
export function isBorder({ state, prevNode, nextNode }: Port): boolean {
  return state === PortState.Proxy && prevNode !== null && nextNode !== null &&
    !mayMeet(prevNode, nextNode);
}

/**
 * Makes `proxy`, a new port of the node `self`, take over the hop to the next of `port`, which sends to
 * `proxy` from here on and is about to move to the node `to`. What is unsent on that hop goes first.
 */
export function cut(
  port: Port,
  to: Neighbor,
  proxy: Port,
  self: Neighbor,
  outflow: Outflow,
): void {
  const { nextNode, nextPort, guide } = port, tail = outflow.detach(port);
  proxy.state = PortState.Proxy;
  proxy.setNext(nextNode!, nextPort!);
  proxy.guide = guide;
  proxy.border = to.link!;
  proxy.border.borders++;
  outflow.end(tail, { node: self.name, port: proxy.name, first: proxy.outSeq });
  sendHello(proxy);
  proxy.setPrev(self, port.name);
  proxy.inSeq = port.outSeq;
  port.setNext(self, proxy.name);
  port.guide = null;
}
