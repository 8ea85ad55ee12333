/**
 * Endpoints within unread messages within endpoints.
 *
 * @module
 */
import { type Port, PortState } from "./port.ts";

/** Messages within messages that the search for a cycle follows; deeper counts as one. */
const MAX_NESTING = 256;

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
