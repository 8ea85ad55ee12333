/**
 * What must hold of nodes when nothing is under way between them and everything was read.
 *
 * @module
 */
import type { Node } from "../../core/ports/node.ts";
import { type Port, PortState } from "../../core/ports/port.ts";
import { check, type End } from "./model.ts";

/** Checks that every port is open, direct and somebody's, and that nothing waits. */
export function checkNodesAtRest(nodes: readonly Node[]): void {
  const unread = new Set<Port>();
  for (const node of nodes) {
    for (const port of node.ports.all()) {
      for (let at = port.queue?.peek() ?? null; at !== null; at = at.next) {
        for (const attached of at.ports) unread.add(attached);
      }
    }
  }
  for (const node of nodes) {
    for (const port of node.ports.all()) {
      const who = (port.holder as End | null)?.name ?? "a message";
      check(port.state === PortState.Open, `a port is in state ${port.state} at rest`);
      check(port.unsent === null, `a port of ${who} holds messages back at rest`);
      check(port.parked === null, `a port of ${who} has parked events at rest`);
      check(
        (port.nextNode === null) === (port.prevNode === null),
        `a port of ${who} is half open at rest`,
      );
      check(port.holder !== null || unread.has(port), "nobody holds an open port");
      checkPeer(nodes, node, port);
    }
    for (const link of node.links()) {
      check(link.hungry.size === 0, "a port wants to lend at rest");
      check(link.unsentAnswerBytes === 0, "a link counts unsent answers at rest");
    }
  }
}

function checkPeer(nodes: readonly Node[], node: Node, port: Port): void {
  if (port.prevNode === null) return;
  const there = nodes.find(({ self }) => self.name.equals(port.prevNode!.name));
  const peer = there?.ports.get(port.prevPort!) ?? null;
  check(peer !== null, "a port listens to nobody at rest");
  check(
    port.nextNode!.name.equals(there!.self.name) && port.nextPort!.equals(peer.name) &&
      peer.nextNode!.name.equals(node.self.name) && peer.nextPort!.equals(port.name),
    "two ports at rest do not name each other",
  );
  if (port.prevNode.self) return;
  check(peer.granted === port.lent, "more was lent than the other knows of at rest");
  check(
    peer.spent === port.lent - port.room,
    "two ports at rest do not agree on what was sent",
  );
}
