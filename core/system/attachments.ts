/**
 * Handles on their way: what is told about each, and how they are made again at the other end.
 *
 * @module
 */
import type { Node } from "../ports/node.ts";
import type { Port } from "../ports/port.ts";
import type { Encoder } from "../wire/encoder.ts";
import { MESSAGE_TRAILER } from "../wire/event.ts";
import { closeTrailer, RECORD_BYTES, TrailerType } from "../wire/trailer.ts";
import { checkStillHeld, endOf, type Handle } from "./handle.ts";

/** The numbers of the kinds, as they are on the wire. */
export const HandleKind: {
  readonly MessagePipe: 1;
  readonly DataPipeProducer: 2;
  readonly DataPipeConsumer: 3;
  readonly PlatformHandle: 4;
  readonly SharedBuffer: 5;
} = {
  MessagePipe: 1,
  DataPipeProducer: 2,
  DataPipeConsumer: 3,
  PlatformHandle: 4,
  SharedBuffer: 5,
};

/**
 * Makes a handle of a port that came with a message, from the record at `at`. Returns the rule that the
 * record breaks, if it makes no sense.
 */
export type Receive = (
  node: Node,
  port: Port,
  view: DataView,
  at: number,
) => Handle | string;

const KINDS = new Map<number, Receive>();

/** Tells how handles of a kind are received. Each kind does this where it is defined. */
export function registerKind(kind: number, receive: Receive): void {
  KINDS.set(kind, receive);
}

/**
 * Completes the message open in `out`: checks that what is attached can be sent, and adds what has to be
 * told of it. Returns the flags of the message.
 */
export function sealAttachments(out: Encoder): number {
  const ports = out.handles as Port[];
  if (ports.length === 0) return 0;
  checkStillHeld(ports);
  const ends = ports.map(({ holder }) => endOf(holder as Handle));
  if (ends.every((end) => end.isPlain)) return 0;
  const size = ends.length * RECORD_BYTES;
  out.need(size);
  out.bytes.fill(0, out.at, out.at + size);
  for (const end of ends) {
    end.describe(out.view, out.at);
    out.at += RECORD_BYTES;
  }
  closeTrailer(out, TrailerType.Handles, ends.length);
  return MESSAGE_TRAILER;
}

/** Makes the handles of a message whose `count` records lie at `at`. Returns the rule that is broken. */
export function receiveHandles(
  node: Node,
  ports: readonly Port[],
  view: DataView,
  at: number,
  count: number,
): Handle[] | string {
  let rule: string | null = ports.length === count ? null : "handle-count";
  const handles: Handle[] = [];
  for (const port of ports) {
    if (rule !== null) break;
    const made = KINDS.get(view.getUint8(at))?.(node, port, view, at) ?? "handle-kind";
    if (typeof made === "string") rule = made;
    else handles.push(made);
    at += RECORD_BYTES;
  }
  if (rule === null) return handles;
  for (const handle of handles) handle.close();
  for (const port of ports) node.close(port);
  return rule;
}
