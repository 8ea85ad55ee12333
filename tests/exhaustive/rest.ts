/**
 * What must hold of nodes when nothing is under way between them.
 *
 * @module
 */
import type { Link } from "../../core/ports/link.ts";
import { MESSAGE_OVERHEAD_BYTES } from "../../core/wire/event.ts";
import type { Node } from "../../core/ports/node.ts";
import { type Port, PortState } from "../../core/ports/port.ts";
import { check, type End } from "./model.ts";

/** Checks that every port is open, direct and somebody's, and that links count what there is. */
export function checkNodesAtRest(nodes: readonly Node[], links: readonly Link[]): void {
  const owed = new Map<Link, { pipes: number; bytes: number }>();
  const unread = new Set<Port>();
  for (const node of nodes) {
    for (const port of node.ports.all()) {
      for (let at = port.queue?.peek() ?? null; at !== null; at = at.next) {
        for (const attached of at.ports) unread.add(attached);
        if (at.link === null) continue;
        entry(owed, at.link).bytes += at.end - at.start + MESSAGE_OVERHEAD_BYTES;
      }
    }
  }
  for (const node of nodes) {
    for (const port of node.ports.all()) {
      const who = (port.holder as End | null)?.name ?? "a message";
      check(port.state === PortState.Open, `a port is in state ${port.state} at rest`);
      check(port.parked === null, `a port of ${who} has parked events at rest`);
      check(
        (port.nextNode === null) === (port.prevNode === null),
        `a port of ${who} is half open at rest`,
      );
      check(port.holder !== null || unread.has(port), "nobody holds an open port");
      if (port.source !== null) entry(owed, port.source).pipes++;
      checkPeer(nodes, node, port);
    }
  }
  for (const link of links) {
    const { pipes, bytes } = entry(owed, link);
    check(link.pipes === pipes, `a link counts ${link.pipes} pipes, not ${pipes}`);
    check(
      link.unreadBytes === bytes,
      `a link counts ${link.unreadBytes}, not ${bytes}`,
    );
    check(link.unsentAnswerBytes === 0, "a link counts unsent answers at rest");
  }
}

function checkPeer(nodes: readonly Node[], node: Node, port: Port): void {
  if (port.prevNode === null) return;
  const there = nodes.find(({ self }) => self.name.equals(port.prevNode!.name));
  const peer = there?.ports.get(port.prevPort!) ?? null;
  check(peer !== null, "a port listens to nobody at rest");
  check(
    port.nextNode!.name.equals(there!.self.name) && port.nextPort!.equals(peer!.name) &&
      peer!.nextNode!.name.equals(node.self.name) && peer!.nextPort!.equals(port.name),
    "two ports at rest do not name each other",
  );
}

function entry<K>(map: Map<K, { pipes: number; bytes: number }>, key: K) {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = { pipes: 0, bytes: 0 });
  return value;
}
