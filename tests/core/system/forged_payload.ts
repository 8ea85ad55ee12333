/**
 * Messages as only a peer with other intentions writes them: any payload, any trailer.
 *
 * @module
 */
import { endOf } from "../../../core/system/handle.ts";
import type { MessagePipe } from "../../../core/system/message_pipe.ts";
import { MESSAGE_TRAILER } from "../../../core/wire/event.ts";
import {
  type Control,
  findTrailer,
  readControl,
  TrailerType,
} from "../../../core/wire/trailer.ts";

/** Writes `payload` to `pipe` as it is, with a trailer unless told otherwise, and with `pipes` attached. */
export function forge(
  pipe: MessagePipe,
  payload: Uint8Array,
  pipes: readonly MessagePipe[] = [],
  flags: number = MESSAGE_TRAILER,
): void {
  const { node, port } = endOf(pipe), out = node.beginBytes(port);
  out.need(payload.length);
  out.bytes.set(payload, out.at);
  out.at += payload.length;
  out.handles.push(...pipes.map((attached) => endOf(attached).port));
  node.commit(port, out, false, flags);
}

/** A payload of `body` and the word that ends it. */
export function withTrailer(
  body: Uint8Array,
  type: number,
  count = 0,
  reserved = 0,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...body, type, reserved, count & 0xff, count >> 8);
}

/** The payload of a control word. */
export function control(
  type: number,
  { id, interval = 0, count = 0 }: Partial<Control>,
): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(16), view = new DataView(body.buffer);
  view.setUint32(0, id!, true);
  view.setUint32(4, interval, true);
  view.setUint32(8, count, true);
  view.setUint32(12, count / 2 ** 32, true);
  return withTrailer(body, type);
}

/** A record of a message pipe that nobody has asked anything of, with some of its words changed. */
export function record(
  kind = 1,
  words: Readonly<Record<number, number>> = {},
): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(32), view = new DataView(body.buffer);
  view.setUint8(0, kind);
  for (const [at, word] of Object.entries(words)) view.setUint32(Number(at), word, true);
  return body;
}

/** Takes what an endpoint tells the other one, which `pipe` is to be, out of its queue, unheard. */
export function overhear(pipe: MessagePipe): (Control & { readonly type: number })[] {
  const { node, port } = endOf(pipe), heard = [];
  for (let entry = node.take(port); entry !== null; entry = node.take(port)) {
    if ((entry.flags & MESSAGE_TRAILER) === 0) continue;
    const trailer = findTrailer(entry.view, entry.start, entry.end);
    if (typeof trailer === "string" || trailer.type === TrailerType.Handles) continue;
    const said = readControl(entry.view, trailer);
    if (typeof said !== "string") heard.push({ type: trailer.type, ...said });
  }
  return heard;
}

/** Makes `pipe` deaf: what the other end says stays in its queue, for {@linkcode overhear}. */
export function deafen(pipe: MessagePipe): void {
  endOf(pipe).port.sink = null;
}
