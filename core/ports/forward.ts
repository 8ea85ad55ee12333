/**
 * How a proxy passes messages on.
 *
 * @module
 */
import { DESCRIPTOR_BYTES, FORWARD_HEAD_BYTES } from "../wire/event.ts";
import type { Link } from "./link.ts";
import { type Port, PortState } from "./port.ts";
import { finishMessage } from "./send.ts";

/** Proxies that a message with endpoints may cross: two such messages can chase each other for ever. */
const MAX_HOPS = 32;

/**
 * Sends a message that `port` received on under its own name and number. False when it cannot go on:
 * the route ahead is gone, cannot take it, is stuck, or leads in circles; or the message was part of a
 * cycle that was closed. None of that is the sender's doing.
 */
export function forward(
  port: Port,
  bytes: Uint8Array<ArrayBuffer>,
  from: number,
  to: number,
  ports: Port[],
  hops: number,
  source: Link | null,
): boolean {
  const link = port.nextNode?.link, carries = ports.length > 0;
  const size = to - from + FORWARD_HEAD_BYTES + ports.length * DESCRIPTOR_BYTES;
  if (
    !link || (carries && hops >= MAX_HOPS) ||
    size > link.output.maxFrameBytes ||
    ports.length > link.maxPipesPerMessage ||
    ports.some((attached) => attached.state !== PortState.Open) ||
    (source !== null && link.unsentForwardBytes > link.limits.maxUnreadBytes)
  ) return false;
  let out = link.output;
  if (out.open) out = link.events();
  out.begin(FORWARD_HEAD_BYTES);
  out.need(to - from);
  out.bytes.set(bytes.subarray(from, to), out.at);
  out.at += to - from;
  finishMessage(port, link, out, ports, carries ? hops + 1 : hops);
  // What this node wrote itself is its own: it waits here until it can go.
  if (source !== null && !link.neighbor.self) link.unsentForwardBytes += size;
  return true;
}
