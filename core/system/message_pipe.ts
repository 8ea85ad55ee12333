/**
 * One endpoint of a message pipe, as people hold it.
 *
 * @module
 */
import { type IpcError, MisuseError } from "../errors.ts";
import type { QueuedMessage } from "../ports/message_queue.ts";
import type { Node } from "../ports/node.ts";
import type { Port } from "../ports/port.ts";
import type { Trailer } from "../wire/trailer.ts";
import {
  HandleKind,
  receiveHandles,
  registerKind,
  sealAttachments,
} from "./attachments.ts";
import { flush } from "./end.ts";
import { checkAttachable, endOf, Handle, heldEnd, takeEnd } from "./handle.ts";
import { checkUsable, Message, receivedMessage, spend } from "./message.ts";
import { settleNotifications } from "./notifications.ts";
import { PipeEnd } from "./pipe_end.ts";
import type { Quota, QuotaType } from "./quota.ts";
import { ReadReceipts } from "./read_receipts.ts";

/** Nothing can be read: yet, or ever again, and then why. */
export type NothingToRead =
  | { readonly result: "SHOULD_WAIT" }
  | { readonly result: "FAILED_PRECONDITION"; readonly reason: IpcError };

/** The sizes of a message. */
export interface MessageSizes {
  /** Bytes of data. */
  readonly bytes: number;
  /** Handles. */
  readonly handles: number;
}

/**
 * What {@linkcode MessagePipe.read} found: a message; one that is larger than asked for; nothing yet; or
 * nothing ever again.
 */
export type ReadResult =
  | { readonly result: "OK"; readonly message: Message }
  | { readonly result: "RESOURCE_EXHAUSTED" } & MessageSizes
  | NothingToRead;

/** What {@linkcode MessagePipe.query} found. */
export type QueryResult = { readonly result: "OK" } & MessageSizes | NothingToRead;

/** Options of {@linkcode MessagePipe.read}. */
export interface ReadOptions {
  /** The most bytes to take. Default: any number. */
  readonly maxBytes?: number;
  /** The most handles to take. Default: any number. */
  readonly maxHandles?: number;
  /**
   * Whether a message that is larger is dropped, with its handles. Default false: it stays the next one to
   * be read.
   */
  readonly mayDiscard?: boolean;
}

const SHOULD_WAIT: NothingToRead = { result: "SHOULD_WAIT" };
const QUOTA_TYPES: readonly QuotaType[] = [
  "RECEIVE_QUEUE_LENGTH",
  "RECEIVE_QUEUE_MEMORY_SIZE",
  "UNREAD_MESSAGE_COUNT",
];

/**
 * One endpoint of a message pipe. It has one owner: once it is closed, sent, or bound to a `Remote` or
 * a `Receiver`, this object is spent, and using it is an error.
 *
 * Messages written before anybody reads wait at the other end, wherever that is. Writing never waits
 * and never fails for being one too many.
 */
export class MessagePipe extends Handle implements AsyncIterable<Message> {
  static {
    registerKind(
      HandleKind.MessagePipe,
      (node, port, view, at) => {
        const receipts = ReadReceipts.receive(view, at);
        if (typeof receipts === "string") return receipts;
        return new MessagePipe(new PipeEnd(node, port, receipts));
      },
    );
  }

  /**
   * Sends a message that was prepared, or read from any pipe. It is consumed, with all it has. What throws
   * consumes nothing.
   *
   * Returns `FAILED_PRECONDITION` when the other end is known to be gone: then the message is dropped and
   * its handles are closed. `OK` does not mean that it will be read.
   *
   * Source: MojoWriteMessage.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if this pipe, the message or one of the handles cannot be used,
   * `BUSY` if one is in the middle of a two-phase operation
   * @throws {LimitError} if the message is larger than a frame may be
   */
  write(message: Message): "OK" | "FAILED_PRECONDITION";
  /** Sends a copy of `data`, with `handles`, which are consumed. */
  write(data: Uint8Array, handles?: readonly Handle[]): "OK" | "FAILED_PRECONDITION";
  write(
    message: Uint8Array | Message,
    handles: readonly Handle[] = [],
  ): "OK" | "FAILED_PRECONDITION" {
    const end = heldPipe(this, "write to"), { node, port } = end;
    if (message instanceof Message) {
      checkUsable(message);
      const result = write(end, node, port, message.data, message.handles);
      spend(message);
      settleNotifications();
      return result;
    }
    const result = write(end, node, port, message, handles);
    settleNotifications();
    return result;
  }

  /**
   * Bytes that were written and wait here, because the other end has not read enough of what came before.
   * Each message counts 512 bytes more than its data. What is written to an end in this process is there
   * at once and never waits here.
   */
  get bufferedBytes(): number {
    const { node, port } = heldPipe(this, "ask");
    return node.bufferedBytes(port);
  }

  /**
   * Resolves once nothing waits here any more: what was written is on its way to the other end, or the
   * other end is gone. Write, then await this, to go no faster than the reader.
   */
  flush(): Promise<void> {
    const { node, port } = heldPipe(this, "flush");
    return flush(node, port);
  }

  /**
   * Takes the next message, if one is there, and owns what is in it.
   *
   * Source: MojoReadMessage.
   */
  read(): Exclude<ReadResult, { result: "RESOURCE_EXHAUSTED" }>;
  /** As above, if it is not larger than asked for. */
  read(options: ReadOptions): ReadResult;
  read(options: ReadOptions = {}): ReadResult {
    const end = heldPipe(this, "read from");
    const found = nextOf(end);
    if ("result" in found) return found;
    const { entry, sizes, trailer } = found;
    const { maxBytes = Infinity, maxHandles = Infinity, mayDiscard = false } = options;
    if (sizes.bytes > maxBytes || sizes.handles > maxHandles) {
      if (mayDiscard) discard(end);
      return { result: "RESOURCE_EXHAUSTED", ...sizes };
    }
    const { node } = end, source = entry.link?.neighbor ?? null;
    // ORDER: what is queued next may take the place of its bytes, and any callback may write it.
    end.shift();
    const data = entry.takeBytes(entry.start + sizes.bytes);
    const handles = trailer === null
      ? entry.ports.map((port) => new MessagePipe(new PipeEnd(node, port)))
      : receiveHandles(node, entry.ports, entry.view, trailer.at, trailer.count);
    if (typeof handles === "string") {
      end.bad(handles, trailer!.at - entry.start, source);
      settleNotifications();
      return { result: "FAILED_PRECONDITION", reason: end.failure! };
    }
    end.noteTaken();
    const message = receivedMessage(data, handles, source);
    settleNotifications();
    return { result: "OK", message };
  }

  /**
   * The sizes of the next message, which stays where it is.
   *
   * Source: MojoReadMessage without room for anything.
   */
  query(): QueryResult {
    const found = nextOf(heldPipe(this, "query"));
    return "result" in found ? found : { result: "OK", ...found.sizes };
  }

  /**
   * Drops the next message, and closes its handles.
   *
   * Source: MojoReadMessage with `MAY_DISCARD`.
   */
  discard(): { readonly result: "OK" } | NothingToRead {
    const end = heldPipe(this, "read from"), found = nextOf(end);
    if ("result" in found) return found;
    discard(end);
    return { result: "OK" };
  }

  /**
   * Waits for the next message. Resolves to `null` when nothing more will come, because of the other end
   * ({@linkcode closed} tells why) or because this one is closed meanwhile.
   */
  async receive(
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Message | null> {
    for (;;) {
      options.signal?.throwIfAborted();
      const read = this.read();
      if (read.result === "OK") return read.message;
      if (read.result === "FAILED_PRECONDITION") return null;
      await endOf(this).whenChanged(options.signal);
      // Closed on this side meanwhile, by whoever wants the loop that waits here to end.
      if (endOf(this).isClosed) return null;
    }
  }

  /** Takes messages as they come, until nothing more will. Leaving the loop does not close the pipe. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void> {
    for (;;) {
      const message = await this.receive();
      if (message === null) return;
      yield message;
      if (endOf(this).isClosed) return;
    }
  }

  /**
   * Sets how much may wait before `QUOTA_EXCEEDED` holds, at this end; `Infinity` for any amount. A quota
   * stays with whoever set it: it does not travel with the endpoint.
   *
   * Source: MojoSetQuota.
   *
   * ```ts
   * import { createMessagePipe, Signal } from "@mage/ipc";
   *
   * const [here, there] = createMessagePipe();
   * here.setQuota("UNREAD_MESSAGE_COUNT", 1);
   * for (let i = 0; i < 2; i++) here.write(new Uint8Array(1));
   * console.log((here.signals.satisfied & Signal.QUOTA_EXCEEDED) !== 0); // true
   * for (let i = 0; i < 2; i++) there.read();
   * console.log(here.quota("UNREAD_MESSAGE_COUNT")); // { limit: 1, usage: 0 }
   * here.close();
   * there.close();
   * ```
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if there is no such quota, or the limit is no whole number;
   * `BUSY` for `UNREAD_MESSAGE_COUNT` in the middle of encoding a message
   */
  setQuota(type: QuotaType, limit: number): void {
    const end = heldPipe(this, "set a quota of");
    checkQuota(type);
    if (limit !== Infinity && !(Number.isSafeInteger(limit) && limit >= 0)) {
      throw new MisuseError(
        "INVALID_ARGUMENT",
        `Cannot set quota ${type}: the limit must be a whole number or Infinity: received ${limit}`,
      );
    }
    end.setQuota(type, limit);
    settleNotifications();
  }

  /**
   * A quota of this end, and how much of it there is.
   *
   * Source: MojoQueryQuota.
   */
  quota(type: QuotaType): Quota {
    const end = heldPipe(this, "ask for a quota of");
    checkQuota(type);
    return end.quota(type);
  }
}

/** The end of a pipe that is still held. */
function heldPipe(pipe: MessagePipe, what: string): PipeEnd {
  return heldEnd(pipe, what) as PipeEnd;
}

/** Takes an end out of its holder's hands. Internal to `core/system`. */
export function takePipe(pipe: unknown, what: string): PipeEnd {
  if (pipe instanceof MessagePipe) return takeEnd(pipe, what) as PipeEnd;
  throw new MisuseError(
    "INVALID_ARGUMENT",
    `Cannot ${what}: 'pipe' must be a MessagePipe`,
  );
}

/** Writes a message to the other end of `end`; see {@linkcode MessagePipe.write}. Internal to `core/system`. */
export function write(
  end: PipeEnd,
  node: Node,
  port: Port,
  data: Uint8Array,
  handles: readonly Handle[],
): "OK" | "FAILED_PRECONDITION" {
  if (!(data instanceof Uint8Array)) {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      "Cannot write to pipe: data must be a Uint8Array or a Message",
    );
  }
  if (!Array.isArray(handles)) {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      "Cannot write to pipe: handles must be an array of handles",
    );
  }
  const ports = handles.map((handle, i) =>
    checkAttachable(node, port, handle, `handles[${i}]`)
  );
  if (new Set(ports).size !== ports.length) {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      "Cannot write to pipe: 'handles' names one handle twice",
    );
  }
  // Nothing goes to whoever broke a rule.
  if (end.failure !== null) node.settle();
  const out = node.beginBytes(port);
  let flags: number;
  try {
    out.need(data.length);
    out.bytes.set(data, out.at);
    out.at += data.length;
    out.handles.push(...ports);
    flags = sealAttachments(out);
  } catch (error) {
    throw out.cancel(error);
  }
  const isSent = node.commit(port, out, false, flags);
  if (isSent) end.noteWritten();
  return isSent ? "OK" : "FAILED_PRECONDITION";
}

/** The next message, where it lies. */
interface Next {
  readonly entry: QueuedMessage;
  readonly sizes: MessageSizes;
  readonly trailer: Trailer | null;
}

function nextOf(end: PipeEnd): Next | NothingToRead {
  const { port } = end;
  const entry = end.failure === null ? port.queue?.peek() ?? null : null;
  if (entry === null) {
    const reason = end.endReason;
    return reason === null ? SHOULD_WAIT : { result: "FAILED_PRECONDITION", reason };
  }
  const trailer = end.trailerOf(entry);
  const bytes = (trailer?.at ?? entry.end) - entry.start;
  return { entry, trailer, sizes: { bytes, handles: entry.ports.length } };
}

function discard(end: PipeEnd): void {
  const { ports } = end.shift();
  end.noteTaken();
  for (const port of ports) end.node.close(port);
  settleNotifications();
}

function checkQuota(type: QuotaType): void {
  if (QUOTA_TYPES.includes(type)) return;
  throw new MisuseError(
    "INVALID_ARGUMENT",
    `There is no quota '${type}': use one of ${QUOTA_TYPES.join(", ")}`,
  );
}
