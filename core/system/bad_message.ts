/**
 * Who is told of a message that made no sense.
 *
 * @module
 */
import { IpcError, MisuseError } from "../errors.ts";
import type { Neighbor } from "../ports/link.ts";
import { Message, sourceOf } from "./message.ts";

/** What a {@linkcode BadMessageHandler} is told. */
export interface BadMessageReport<From = object> {
  /** What was wrong; `null` when the process is gone. */
  readonly error: IpcError | null;
  /**
   * What this program has of the process that the message came from: the `Child` that it spawned, or what it
   * joined. `null` for a process that it was introduced to, and for a message from this one.
   */
  readonly from: From | null;
  /** Whether the link to the process has ended. Nothing more is told of it then. */
  readonly isDisconnected: boolean;
}

/**
 * Told of messages that make no sense. It decides what becomes of whoever sent them: each has cost its
 * sender the pipe it came on, or nothing, when the program itself found fault with it.
 *
 * The process is the one that handed the message to this one. It wrote it, unless somebody else did in an
 * endpoint that it was given and passed on with the message unread. Called in a turn of its own, so that it
 * may close and end whatever it likes. What it throws goes to `console.error`.
 */
export type BadMessageHandler<From = object> = (report: BadMessageReport<From>) => void;

type Report = (error: IpcError) => void;

const reports: WeakMap<Neighbor, Report> = new WeakMap();
let defaultHandler: BadMessageHandler | null = null;

/** Has messages that come from `neighbor` reported to `report`, which must not throw. */
export function handleBadMessages(neighbor: Neighbor, report: Report): void {
  reports.set(neighbor, report);
}

/** A message broke a rule. It came from `neighbor`, or from this node. May be called within a sink. */
export function reportBadMessage(neighbor: Neighbor | null, error: IpcError): void {
  const report = neighbor === null ? undefined : reports.get(neighbor);
  if (report !== undefined) report(error);
  else queueMicrotask(() => call(defaultHandler, error, null));
}

function call<From>(
  handler: BadMessageHandler<From> | null,
  error: IpcError | null,
  from: From | null,
): void {
  try {
    handler?.({ error, from, isDisconnected: error === null });
  } catch (second) {
    console.error("@mage/ipc: a handler of bad messages itself failed:", second);
  }
}

/** Reports the bad messages of one process, which may not have joined yet. */
export class BadMessageReporter<From extends { readonly closed: Promise<unknown> }> {
  readonly #handler: BadMessageHandler<From> | null;
  readonly #from: PromiseWithResolvers<From> = Promise.withResolvers();
  #isOver = false;

  /** Makes one for the handler of that process alone; without it, for the default one. */
  constructor(handler: BadMessageHandler<From> | undefined) {
    if (handler !== undefined && typeof handler !== "function") {
      throw new TypeError(
        `Option 'onBadMessage' must be a function: received ${typeof handler}`,
      );
    }
    this.#handler = handler ?? null;
  }

  /** Reports, once the process has joined. */
  readonly report = (error: IpcError): void => {
    this.#from.promise.then((from) => {
      if (!this.#isOver) call(this.#handler ?? defaultHandler, error, from);
    });
  };

  /** The process has joined: `from` is what the program has of it. Returns it. */
  joined(from: From): From {
    this.#from.resolve(from);
    from.closed.then(() => {
      this.#isOver = true;
      call(this.#handler, null, from);
    });
    return from;
  }
}

/**
 * Sets who is told of bad messages from processes whose invitation has no `onBadMessage`; `null` for
 * nobody. Without anybody reports are dropped.
 *
 * ```ts
 * import { setDefaultBadMessageHandler } from "@mage/ipc";
 *
 * setDefaultBadMessageHandler(({ error, from }) => console.error("from", from, error));
 * setDefaultBadMessageHandler(null);
 * ```
 *
 * Source: MojoSetDefaultProcessErrorHandler.
 *
 * @throws {MisuseError} `ALREADY_EXISTS` if there is one: clear it first; `INVALID_ARGUMENT` if it is none
 */
export function setDefaultBadMessageHandler(handler: BadMessageHandler | null): void {
  if (handler !== null && typeof handler !== "function") {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot set bad message handler: it must be a function or null: received ${typeof handler}`,
    );
  }
  if (handler !== null && defaultHandler !== null) {
    throw new MisuseError(
      "ALREADY_EXISTS",
      "Cannot set bad message handler: there is one: pass null first to clear it",
    );
  }
  defaultHandler = handler;
}

/**
 * Reports that what a message says makes no sense to the program: to the `onBadMessage` of the process that
 * it came from, or else to the default handler. Nothing is closed, and `message` stays the caller's.
 *
 * ```ts
 * import { createMessagePipe, notifyBadMessage, setDefaultBadMessageHandler } from "@mage/ipc";
 *
 * setDefaultBadMessageHandler(({ error }) => console.log(error?.message));
 * const [here, there] = createMessagePipe();
 * here.write(new Uint8Array([200]));
 * using message = (await there.receive())!;
 * if (message.data[0]! > 100) notifyBadMessage(message, "volume is a percentage");
 * here.close();
 * there.close();
 * await Promise.resolve();
 * setDefaultBadMessageHandler(null);
 * ```
 *
 * Source: MojoNotifyBadMessage.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if it is no message, or the text no string
 */
export function notifyBadMessage(message: Message, text: string): void {
  if (!(message instanceof Message) || typeof text !== "string") {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      "Cannot report bad message: it takes a Message and a string",
    );
  }
  reportBadMessage(sourceOf(message), new IpcError("badMessage", text));
}
