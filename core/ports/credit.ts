/**
 * Credit: how much a port lends to the one before it.
 *
 * What leaves without credit is small, so that memory is taken only by who is read: each hop opens with
 * {@linkcode OPENING_CREDIT}, and the receiving port lends more as messages come, out of what its link
 * may hold. A message is sent once all that it costs is covered; until then it waits where it is. So
 * each node can judge its own neighbor, to the byte, and no third one has a part in it.
 *
 * Both sides count from the first message of the hop, and totals are told, not differences: one that
 * comes twice or late does no harm.
 *
 * @module
 */
import type { Limits } from "../limits.ts";
import { MESSAGE_OVERHEAD_BYTES, OPENING_CREDIT } from "../wire/event.ts";
import { type Port, PortState } from "./port.ts";
import { sendGrant } from "./send.ts";

/** Lends more to the port before `port`, if it needs it, or will soon, and the link can afford it. */
export function lend(port: Port): void {
  const link = port.prevNode?.link;
  if (!link || link.neighbor.self) return;
  const { limits } = link, unread = port.queue === null ? 0 : port.queue.cost;
  const window = Math.min(port.window, maxWindow(limits)),
    used = link.lent + link.unreadBytes;
  let more = 0;
  // An honest port needs no more than one frame at a time, and all it sent before has come.
  const most = limits.maxFrameBytes + MESSAGE_OVERHEAD_BYTES - port.room;
  const needed = Math.min(port.wanted - port.lent, most);
  if (needed > 0 && (unread + port.room + needed <= window || mustGrow(port, unread))) {
    if (needed <= link.spare) more = needed;
    else link.starve(port, needed, () => lend(port));
  } else link.hungry.delete(port);
  // Most pipes never use up what they open with.
  const low = port.lent === OPENING_CREDIT ? OPENING_CREDIT / 2 : window / 2;
  const rest = window - unread - port.room - more;
  if (port.room <= low && rest * 2 >= window) {
    // Never all there is: others come.
    const spare = (limits.maxUnreadBytes / 2 - used - more) / 4;
    if (spare * 8 >= window) more += Math.min(rest, Math.floor(spare));
  }
  if (more === 0) return;
  if (more >= needed) link.hungry.delete(port);
  link.lent += more;
  port.room += more;
  port.lent += more;
  sendGrant(port.name, link.neighbor, port.prevPort!, port.lent);
}

/**
 * Whether a port takes more than its window. With nothing unread it takes a message of any size. And one
 * that nobody can read, because it is itself within an unread message, takes endpoints: they may be what
 * its own message waits for, on a way around that nobody could ever open.
 */
function mustGrow(port: Port, unread: number): boolean {
  return unread === 0 ||
    (port.pressed && port.holder === null && port.state === PortState.Open);
}

/**
 * The port before `port` waits for credit, with endpoints or without. One that is read as fast as it is
 * sent to gets more at a time.
 */
export function noteNeed(port: Port, total: number, carries: boolean): void {
  port.wanted = total;
  port.pressed = carries;
  const link = port.prevNode!.link, unread = port.queue === null ? 0 : port.queue.cost;
  if (
    link !== null && unread * 4 <= port.window && port.window < maxWindow(link.limits)
  ) {
    port.window *= 2;
  }
}

/** One pipe that nobody reads must not take what all the others need. */
function maxWindow(limits: Limits): number {
  return Math.max(OPENING_CREDIT, limits.maxUnreadBytes / 8);
}
