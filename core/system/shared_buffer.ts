/**
 * Shared memory, as people hold it.
 *
 * @module
 */
import { MisuseError, SharedBufferError } from "../errors.ts";
import { HandleKind, registerKind } from "./attachments.ts";
import { openDoor, Request } from "./door.ts";
import { endOf, Handle, heldEnd } from "./handle.ts";
import { sourceOf } from "./message.ts";
import { MessagePipe, write } from "./message_pipe.ts";
import { settleNotifications } from "./notifications.ts";
import { PipeEnd } from "./pipe_end.ts";
import {
  MAX_SHARED_BUFFER_BYTES,
  Region,
  type SharedBufferBacking,
  type SharedMapping,
} from "./region.ts";
import { selfDoor } from "./self_door.ts";
import {
  readSharedBuffer,
  SharedBufferEnd,
  type SharedBufferMode,
} from "./shared_buffer_end.ts";
import {
  duplicateRequest,
  HEAD_BYTES,
  openRequest,
  readAnswer,
} from "./shared_buffer_keeper.ts";

/** Why a process that was handed a buffer cannot get at it, and what to do. */
const NO_WAY: Readonly<Record<SharedBufferBacking, string>> = {
  thread:
    "it is a SharedArrayBuffer, which reaches the workers that Invitation.spawn starts and no other process: make it with createSharedFile",
  file:
    "nobody has given this process a way to its file: start it with the option 'sharedFiles' of Invitation.spawn",
  memory:
    "this process cannot map memory of the operating system: grant it ffi and import '@mage/ipc/memory', or make the buffer with createSharedFile",
};

/** Options of {@linkcode SharedBuffer.duplicate}. */
export interface DuplicateOptions {
  /** Whether all that the handles can be used for from now on is reading. Default false. */
  readonly readOnly?: boolean;
}

/** Options of {@linkcode SharedBuffer.map}. */
export interface MapOptions {
  /** Gives up when it fires. */
  readonly signal?: AbortSignal;
}

/**
 * A handle on memory that several processes or threads share. It has one owner: it can be kept, sent over any
 * message pipe, or duplicated, and then both can.
 *
 * The memory lives as long as a handle on it, wherever, or a mapping. Whoever has made it keeps it: when that
 * process ends, what others have mapped stays theirs, and what they have not mapped yet cannot be mapped
 * any more.
 *
 * ```ts
 * import { createSharedBuffer } from "@mage/ipc";
 *
 * using buffer = createSharedBuffer(1024);
 * using pixels = await buffer.map(); // Before the handle becomes read-only: this stays writable.
 * using forViewer = buffer.duplicate({ readOnly: true });
 * pixels.writeAt(0, new Uint8Array([255, 0, 0]));
 * using seen = await forViewer.map(0, 3);
 * const color = new Uint8Array(3);
 * seen.readAt(0, color);
 * ```
 */
export class SharedBuffer extends Handle {
  static {
    registerKind(HandleKind.SharedBuffer, (node, port, view, at) => {
      const state = readSharedBuffer(view, at);
      if (typeof state === "string") return state;
      return new SharedBuffer(new SharedBufferEnd(node, port, state, null));
    });
    openDoor(selfDoor);
  }

  /** Bytes. Source: MojoGetBufferInfo. */
  get size(): number {
    return held(this, "ask").size;
  }

  /** What it is made of, and so how far it reaches. */
  get backing(): SharedBufferBacking {
    return held(this, "ask").backing;
  }

  /** What this handle gives a right to. */
  get mode(): SharedBufferMode {
    return held(this, "ask").mode;
  }

  /** The name of the memory, the same for every handle on it: 32 lowercase hexadecimal digits. */
  get id(): string {
    return held(this, "ask").id.toString();
  }

  /**
   * Makes another handle on the same memory.
   *
   * The first time decides, once and for all, for this handle as well: with `readOnly` both can only be read
   * from then on, by whoever has them, and so can all later ones; what was mapped before stays writable.
   * Without it, all can be written, and none that cannot will ever be made.
   *
   * Source: MojoDuplicateBufferHandle.
   *
   * @throws {MisuseError} `FAILED_PRECONDITION` if it was decided otherwise; `INVALID_ARGUMENT` if the handle
   * is spent; `BUSY` in the middle of encoding a message
   */
  duplicate(options: DuplicateOptions = {}): SharedBuffer {
    const end = held(this, "duplicate"), { node, port } = end;
    const mode = options.readOnly === true ? "read-only" : "unsafe";
    if (end.mode !== "writable" && end.mode !== mode) {
      throw new MisuseError(
        "FAILED_PRECONDITION",
        `Cannot duplicate shared buffer${
          mode === "unsafe" ? "" : " with 'readOnly'"
        }: a duplicate was made before that is ${end.mode}, and so are all`,
      );
    }
    const [near, far] = node.createPipe();
    const pipe = new MessagePipe(new PipeEnd(node, far));
    try {
      write(end, node, port, duplicateRequest(mode), [pipe]);
    } catch (error) {
      node.close(near);
      pipe.close();
      throw error;
    }
    end.mode = mode;
    settleNotifications();
    return new SharedBuffer(new SharedBufferEnd(node, near, end, end.region));
  }

  /**
   * Maps `length` bytes from `offset` on; without them, everything. The first time in a process, this asks
   * whoever keeps the memory for it. What is mapped stays when the handle is sent or closed, and parts that
   * overlap see each other's writes.
   *
   * Look at `access` of what it resolves to: `memory` has `bytes`, in place; a `file` is read and written by
   * calls.
   *
   * Source: MojoMapBuffer.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if the handle is spent, or there are no such bytes
   * @throws {SharedBufferError} `unavailable`, if there is no way to get the memory to this process
   * @throws {PipeClosedError} or `PipeLostError`, if whoever keeps it is gone
   * @throws the reason of `signal`, when it fires first: whoever keeps the memory may take as long as it likes
   */
  async map(
    offset = 0,
    length?: number,
    options: MapOptions = {},
  ): Promise<SharedMapping> {
    const end = held(this, "map"), { size, mode } = end;
    const bytes = length ?? size - offset;
    if (
      !Number.isSafeInteger(offset) || !Number.isSafeInteger(bytes) || offset < 0 ||
      bytes <= 0 || offset + bytes > size
    ) {
      throw new MisuseError(
        "INVALID_ARGUMENT",
        `Cannot map shared buffer: it has ${size} bytes: received ${bytes} at ${offset}`,
      );
    }
    const region = (end.region ?? await open(end, options)).retain();
    try {
      if (end.region === null && this.isHeld) end.region = region.retain();
      return region.map(offset, bytes, mode === "read-only");
    } finally {
      region.release();
    }
  }
}

/** Checks the size of a new buffer. */
export function checkSize(bytes: number): void {
  if (!Number.isSafeInteger(bytes) || bytes < 1) {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot create shared buffer: bytes must be a whole number above zero: received ${bytes}`,
    );
  }
  if (bytes > MAX_SHARED_BUFFER_BYTES) {
    throw new MisuseError(
      "RESOURCE_EXHAUSTED",
      `Cannot create shared buffer: it has ${MAX_SHARED_BUFFER_BYTES} bytes at most: received ${bytes}`,
    );
  }
}

/** Memory for the threads of this process. */
export function allocate(bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(bytes);
  } catch (cause) {
    const why = `Cannot create shared buffer of ${bytes} bytes: ${cause}`;
    throw new MisuseError("RESOURCE_EXHAUSTED", why);
  }
}

function held(buffer: SharedBuffer, what: string): SharedBufferEnd {
  return heldEnd(buffer, what) as SharedBufferEnd;
}

/** Gets the memory from whoever keeps it. */
async function open(
  end: SharedBufferEnd,
  options: MapOptions,
): Promise<Region> {
  const { node, port, id, size, backing } = end, readOnly = end.mode === "read-only";
  const request = new Request(node, { what: backing, id, size, readOnly });
  const [near, far] = node.createPipe();
  const reply = new MessagePipe(new PipeEnd(node, near));
  const pipe = new MessagePipe(new PipeEnd(node, far));
  try {
    write(end, node, port, openRequest(request.encode(HEAD_BYTES)), [pipe]);
    settleNotifications();
    const message = await reply.receive(options);
    if (message === null) throw end.endReason ?? await reply.closed;
    const answer = readAnswer(message), source = sourceOf(message);
    message.close();
    if (typeof answer === "string") {
      const replyEnd = endOf(reply);
      replyEnd.bad(answer, 0, source);
      throw replyEnd.failure!;
    }
    if (answer.kind === 0) {
      throw new SharedBufferError("unavailable", request.refusal ?? NO_WAY[backing]);
    }
    const thing = await request.take(answer.kind, answer.told).catch((cause) => {
      throw new SharedBufferError("unavailable", reasonOf(cause), { cause });
    });
    if (thing instanceof Region && thing.id.equals(id) && thing.size >= size) {
      return thing;
    }
    throw new SharedBufferError("unavailable", "what was left for it is something else");
  } finally {
    pipe.close();
    reply.close();
    request.close();
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
