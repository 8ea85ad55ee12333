/**
 * What handles of a message go with.
 *
 * @module
 */
import type { MessagePipe } from "../system/message_pipe.ts";
import type { Encoder } from "../wire/encoder.ts";

/** Who encodes a message, as the functions see it that write handles: the owner of the encoder. */
export interface Carrier {
  /** Attaches a handle to the message open in `out`. `name` is for the error that it cannot be. */
  attach(out: Encoder, handle: unknown, name: string): void;
  /** Makes a pipe that can go with the message. */
  createPipe(): [MessagePipe, MessagePipe];
  /** Code of this side has thrown where nobody waits for it. */
  failed(error: unknown, what: string): void;
}

/**
 * Calls `start` once the message that `far` is about to be attached to was sent. When it was not, both ends
 * are closed: nobody has them.
 */
export function whenSent(near: MessagePipe, far: MessagePipe, start: () => void): void {
  // A message is encoded and sent, or given up, without a pause.
  queueMicrotask(() => {
    if (!far.isHeld) return start();
    far.close();
    near.close();
  });
}
