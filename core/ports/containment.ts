/**
 * Endpoints within unread messages within endpoints.
 *
 * @module
 */
import type { Neighbor } from "./link.ts";
import { type Port, PortState } from "./port.ts";

/** Messages within messages that the search for a cycle follows; deeper counts as one. */
const MAX_NESTING = 256;

/**
 * Why `port` of the node `self` cannot be attached to a message on `carrier`, or `null`. Asked before
 * anything is encoded, so that misuse loses nothing.
 */
export function refusal(self: Neighbor, carrier: Port, port: Port): string | null {
  if (port === carrier) return "it cannot be sent through itself";
  if (port.state !== PortState.Open || port.holder === null) {
    return "it was closed or already sent";
  }
  if (port.nextNode === self && port.nextPort!.equals(carrier.name)) {
    return "it is the other end of the pipe it would be sent through";
  }
  return null;
}

/** Why two ports of the node `self` cannot be fused, or `null`. */
export function fuseRefusal(self: Neighbor, one: Port, other: Port): string | null {
  if (one === other) return "they are the same endpoint";
  for (const port of [one, other]) {
    if (port.state !== PortState.Open || port.holder === null) {
      return "one of them was closed or already sent";
    }
  }
  for (const [port, peer] of [[one, other], [other, one]] as const) {
    if (port.nextNode === self && port.nextPort!.equals(peer.name)) {
      return "they are the two ends of one pipe";
    }
  }
  return null;
}

/**
 * Notes that `ports` are attached to a message in the queue of `port`. True when that closes a cycle:
 * each message waits inside the next, and nobody can ever read any of them.
 */
export function contain(port: Port, ports: readonly Port[]): boolean {
  for (const attached of ports) attached.container = port;
  let depth = 0;
  for (let at: Port | null = port; at !== null && at.holder === null; at = at.container) {
    if (at.state !== PortState.Open) return false;
    if (ports.includes(at) || ++depth > MAX_NESTING) return true;
  }
  return false;
}
