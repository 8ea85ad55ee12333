/**
 * Takes part in the meetings that the broker arranges: comes by a transport, makes sure who is at the
 * other end, and lets the link start.
 *
 * ```text
 *  guest                          host
 *    |------- guest's token ------->|
 *    |<------ host's token ---------|
 *    |------- go ------------------>|  from here on the two are linked
 * ```
 *
 * Both tokens come from the broker, so whoever sits on a path in place of one of the two has neither.
 * The guest tells the broker that they met before it sends anything else; the host takes the guest's
 * go for it. Until then either may still give up, and the broker relays.
 *
 * @module
 */
import type { Name } from "../names.ts";
import type { Meeting } from "../ports/meeting.ts";
import { type Meeter, type Transport, writeAll } from "../transport.ts";
import { FrameReader } from "../wire/frame.ts";
import type { NodeRuntime } from "./node_runtime.ts";
import { Pump } from "./pump.ts";

/** How long a meeting may take, in milliseconds. After that the two are relayed. */
const DEADLINE_MS = 3000;
const TOKEN_BYTES = 16;
/** Eight of them, so that what follows stays aligned in a shared ring. */
const GO = new Uint8Array(8).fill(1);

/** Takes part in one meeting. Never rejects. */
export async function attend(
  runtime: NodeRuntime,
  meeter: Meeter,
  meeting: Meeting,
): Promise<void> {
  const { node, environment } = runtime, { membership } = node;
  const stop = new AbortController();
  let transport: Transport | null = null;
  const giveUp = () => {
    stop.abort();
    transport?.close();
  };
  meeting.onCancel = giveUp;
  const cancelDeadline = environment.after(DEADLINE_MS, giveUp);
  try {
    transport = await meeter.meet(
      meeting.means,
      meeting.role,
      () => membership.ready(meeting),
      stop.signal,
    );
    // Called off while the transport was being made: nobody has closed it.
    if (stop.signal.aborted) throw new Error("called off");
    await greet(transport, meeting);
  } catch {
    transport?.close();
    membership.failed(meeting);
    return;
  } finally {
    cancelDeadline();
  }
  if (!membership.met(meeting)) return transport.close();
  if (meeting.role === "guest") {
    // ORDER: the broker is told first, so that a host that has given up is told that all is lost.
    await writeAll(transport, GO).catch(() => {});
  }
  const { link } = meeting;
  if (link.neighbor.link !== link) return transport.close();
  const reader = new FrameReader(link.limits.maxFrameBytes);
  new Pump(node, link, transport, reader, environment);
}

/** Makes sure who is at the other end. */
async function greet(transport: Transport, meeting: Meeting): Promise<void> {
  const { role, ownToken, otherToken } = meeting;
  if (role === "guest") {
    await writeAll(transport, tokenBytes(ownToken));
    await expect(transport, tokenBytes(otherToken));
  } else {
    await expect(transport, tokenBytes(otherToken));
    await writeAll(transport, tokenBytes(ownToken));
    await expect(transport, GO);
  }
}

async function expect(transport: Transport, bytes: Uint8Array): Promise<void> {
  const told = new Uint8Array(bytes.length);
  for (let at = 0; at < told.length;) {
    const count = await transport.read(told.subarray(at));
    if (count === null) throw new Error("the other side ended the stream");
    at += count;
  }
  // Every byte is compared, so that the time taken tells nothing.
  let difference = 0;
  for (let i = 0; i < told.length; i++) difference |= told[i]! ^ bytes[i]!;
  if (difference !== 0) throw new Error("the other side said something else");
}

function tokenBytes(token: Name): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(TOKEN_BYTES);
  token.write(new DataView(bytes.buffer), 0);
  return bytes;
}
