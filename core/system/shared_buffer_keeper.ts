/**
 * What whoever has made shared memory does for the handles on it, wherever they are.
 *
 * Each handle is a pipe to here, and whoever has it can ask for two things. What it gets is up to the mode
 * that this side knows the pipe to have, not to what is asked.
 *
 * ```text
 *   duplicate  1, mode u8, 0 u16            and a pipe, which is the new handle
 *   open       2, 0 u24, doors              and a pipe for the answer, closed once it is taken
 *   answer     kind of door u8, 0 u24, what to know       the kind is 0 if there is no way
 * ```
 *
 * @module
 */
import { BadMessageError } from "../errors.ts";
import type { NameSource } from "../names.ts";
import { reportBadMessage } from "./bad_message.ts";
import { leaveAtDoor } from "./door.ts";
import { endOf } from "./handle.ts";
import { type Message, sourceOf } from "./message.ts";
import { MessagePipe } from "./message_pipe.ts";
import type { Region } from "./region.ts";
import { modeNumber, modeOf, type SharedBufferMode } from "./shared_buffer_end.ts";

/** The first byte of what is asked. */
const Ask = { Duplicate: 1, Open: 2 } as const;
/** Bytes before the doors, and before what was told. */
export const HEAD_BYTES = 4;

/** Asks for a duplicate. */
export function duplicateRequest(mode: SharedBufferMode): Uint8Array<ArrayBuffer> {
  return new Uint8Array([Ask.Duplicate, modeNumber(mode), 0, 0]);
}

/** Makes what {@linkcode Request.encode} left room for a request to open. */
export function openRequest(doors: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  doors[0] = Ask.Open;
  return doors;
}

/** Reads an answer: where it was left, and what to know. Returns the rule that it breaks. */
export function readAnswer(
  message: Message,
): { readonly kind: number; readonly told: Uint8Array } | string {
  const { data, handles } = message;
  if (handles.length > 0) return "shared-buffer-answer-handles";
  if (data.length < HEAD_BYTES) return "shared-buffer-answer-size";
  if (data[1] !== 0 || data[2] !== 0 || data[3] !== 0) {
    return "shared-buffer-answer-reserved";
  }
  return { kind: data[0]!, told: data.subarray(HEAD_BYTES) };
}

/** Serves the handle whose other end is `pipe`, until it is gone. Uses `region` as long. Never rejects. */
export async function keep(
  region: Region,
  pipe: MessagePipe,
  mode: SharedBufferMode,
): Promise<void> {
  region.retain();
  const { names } = endOf(pipe).node;
  for await (const message of pipe) {
    const next = obey(region, message, mode, names), source = sourceOf(message);
    message.close();
    if (typeof next === "string") {
      reportBadMessage(source, new BadMessageError(next, 0));
      break;
    }
    mode = next.mode;
  }
  pipe.close();
  region.release();
}

/** Does what a message asks. Returns the mode of the handle after that, or the rule that is broken. */
function obey(
  region: Region,
  message: Message,
  mode: SharedBufferMode,
  names: NameSource,
): { readonly mode: SharedBufferMode } | string {
  const { data, handles: [pipe, ...more] } = message;
  if (!(pipe instanceof MessagePipe) || more.length > 0) return "shared-buffer-handles";
  if (data.length < HEAD_BYTES) return "shared-buffer-request-size";
  if (data[2] !== 0 || data[3] !== 0) return "shared-buffer-request-reserved";
  if (data[0] === Ask.Duplicate) {
    const asked = modeOf(data[1]!);
    if (asked === null || asked === "writable" || data.length > HEAD_BYTES) {
      return "shared-buffer-duplicate";
    }
    // TRUST: who may only read never gets more than that, whatever it asks for.
    if (mode !== "writable" && mode !== asked) return "shared-buffer-mode";
    keep(region, message.take(MessagePipe), asked);
    return { mode: asked };
  }
  if (data[0] !== Ask.Open || data[1] !== 0) return "shared-buffer-request";
  const left = leaveAtDoor(
    region,
    data.subarray(HEAD_BYTES),
    names,
    mode === "read-only",
  );
  if (typeof left === "string") return left;
  const answer = new Uint8Array(HEAD_BYTES + (left?.told.length ?? 0));
  if (left !== null) {
    answer[0] = left.kind;
    answer.set(left.told, HEAD_BYTES);
  }
  const reply = message.take(MessagePipe);
  reply.write(answer);
  // Whatever comes next on it, and be it nothing, says that it was taken.
  reply.receive().then((more) => {
    more?.close();
    reply.close();
    left?.done?.();
  });
  return { mode };
}
