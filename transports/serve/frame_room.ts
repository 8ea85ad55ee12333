/**
 * How much goes into one message on its way.
 *
 * @module
 */
import { endOf } from "../../core/system/handle.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import { HEAD_BYTES, MAX_PIECE_BYTES } from "./wire.ts";

/** More than what the frame of a message has besides its bytes. */
const FRAME_HEAD_BYTES = 256;

/** The most bytes of a file that one message on `pipe` can bring, as the first link takes them. */
export function pieceRoom(pipe: MessagePipe): number {
  const { node, port } = endOf(pipe);
  if (port.nextNode === null) return MAX_PIECE_BYTES;
  const { maxFrameBytes } = node.ports.wayOf(port).output;
  return Math.min(MAX_PIECE_BYTES, maxFrameBytes - FRAME_HEAD_BYTES - HEAD_BYTES);
}
