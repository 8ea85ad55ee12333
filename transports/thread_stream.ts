/**
 * Streams between two threads of this process: made by the one that knows both, handed over by message.
 *
 * @module
 */
import type { Transport } from "../core/transport.ts";
import type { Belongings } from "./belongings.ts";
import { MEANS } from "./means.ts";
import { MessagePortTransport } from "./message_port.ts";
import { createRing, RingTransport } from "./ring.ts";

/** One end of a stream that nobody uses yet: memory and a side of it, or a port. */
export type StreamEnd =
  | { readonly shared: SharedArrayBuffer; readonly side: 0 | 1 }
  | { readonly port: MessagePort };

/** A transport to another thread. It is told when that one is dead, for it cannot notice. */
export interface ThreadTransport extends Transport {
  /** The other side is dead: reading gives what it left and then rejects with `reason`. */
  fail(reason: string): void;
}

/** What a launcher posts to a worker: one end of a stream, under a number. */
export interface Delivery {
  /** The number; {@linkcode LAUNCHER} for the stream to the launcher itself. */
  readonly id: number;
  /** The end. */
  readonly end: StreamEnd;
  /** With the stream to the launcher: what the worker was started with, if anything. */
  readonly belongings?: Belongings;
  /** With the stream to the launcher: the key of the worker; see `threads.ts`. */
  readonly key?: string;
}

/** The number of the stream to the launcher. */
export const LAUNCHER = 0;

/** How the name of a worker begins that `Invitation.spawn` has started. */
export const WORKER_NAME = "mage-ipc ";

/** What such a worker posts, with a port for deliveries, once it wants to join. */
export const READY = "mage-ipc ready";

/** Both ends of a stream: shared memory, or a channel where there is none. */
export function createStream(): [StreamEnd, StreamEnd] {
  if (typeof SharedArrayBuffer === "undefined" || !("waitAsync" in Atomics)) {
    const { port1, port2 } = new MessageChannel();
    return [{ port: port1 }, { port: port2 }];
  }
  const shared = createRing();
  return [{ shared, side: 0 }, { shared, side: 1 }];
}

/** Takes an end into use. */
export function openStream(end: StreamEnd): ThreadTransport {
  return "port" in end
    ? new MessagePortTransport(end.port)
    : new RingTransport(end.shared, end.side);
}

/** Hands an end over through the port that a worker takes deliveries from. */
export function deliver(
  control: MessagePort,
  id: number,
  end: StreamEnd,
  equipped: Pick<Delivery, "belongings" | "key"> = {},
): void {
  const delivery: Delivery = { id, end, ...equipped };
  control.postMessage(delivery, "port" in end ? [end.port] : []);
}

/** What both workers are told, so that each takes the end with that number. */
export function encodeMeans(id: number): Uint8Array<ArrayBuffer> {
  const means = new Uint8Array(5);
  means[0] = MEANS.stream;
  new DataView(means.buffer).setUint32(1, id, true);
  return means;
}

/** The number in what a worker was told; `null` when it makes no sense. */
export function decodeMeans(means: Uint8Array<ArrayBuffer>): number | null {
  if (means.length !== 5 || means[0] !== MEANS.stream) return null;
  return new DataView(means.buffer, means.byteOffset).getUint32(1, true);
}
