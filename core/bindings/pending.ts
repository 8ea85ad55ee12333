/**
 * Ends of an interface that nobody has bound yet: message pipes that know what is spoken on them.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import { MessagePipe } from "../system/message_pipe.ts";
import { ownRuntime } from "../system/node_runtime.ts";
import type { Interface } from "./interface.ts";

/** What the two kinds of ends have in common. */
export abstract class PendingEnd implements Disposable {
  /** Which end it is. */
  abstract readonly end: "remote" | "receiver";
  /**
   * The endpoint itself. There is one, under two names: once either is closed, sent or bound, both are
   * spent.
   */
  readonly pipe: MessagePipe;

  /** Stands for `pipe`. */
  constructor(pipe: MessagePipe) {
    if (!(pipe instanceof MessagePipe)) {
      throw new MisuseError(
        "INVALID_ARGUMENT",
        "Cannot make pending end: 'pipe' must be a MessagePipe",
      );
    }
    this.pipe = pipe;
  }

  /** Closes the endpoint, if it is still held. */
  close(): void {
    this.pipe.close();
  }

  /** Closes the endpoint, if it is still held. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The calling end of the interface `T`: hand it to somebody, as a `pending_remote<T>`, or bind it with
 * `new Remote(T, pending)`.
 */
export class PendingRemote<T extends object> extends PendingEnd {
  /** Tells it from the other end. */
  override readonly end: "remote" = "remote";
  /** Only there for the type checker: ends of different interfaces are different types. */
  declare protected readonly $interface: (value: T) => T;
}

/**
 * The called end of the interface `T`: hand it to somebody, as a `pending_receiver<T>`, or bind it with
 * `new Receiver(T, implementation, pending)`.
 */
export class PendingReceiver<T extends object> extends PendingEnd {
  /** Tells it from the other end. */
  override readonly end: "receiver" = "receiver";
  /** Only there for the type checker: ends of different interfaces are different types. */
  declare protected readonly $interface: (value: T) => T;
}

/** The calling end of an interface that shares the pipe it is sent over. There are none yet. */
export interface PendingAssociatedRemote<T extends object> {
  /** Tells it from other ends. */
  readonly end: "associated remote";
  /** Only there for the type checker. */
  readonly $interface: (value: T) => T;
}

/** The called end of an interface that shares the pipe it is sent over. There are none yet. */
export interface PendingAssociatedReceiver<T extends object> {
  /** Tells it from other ends. */
  readonly end: "associated receiver";
  /** Only there for the type checker. */
  readonly $interface: (value: T) => T;
}

/** The pipe under an end, for a remote or a receiver to bind. */
export function pipeOf(
  end: PendingEnd | MessagePipe,
  wanted: "remote" | "receiver",
): MessagePipe {
  if (!(end instanceof PendingEnd)) return end;
  if (end.end === wanted) return end.pipe;
  throw new MisuseError(
    "INVALID_ARGUMENT",
    `Cannot bind ${wanted}: this is the end of the ${end.end}`,
  );
}

/** Both ends of a pipe for an interface. */
export interface InterfacePipe<T extends object> {
  /** Whoever has this calls. */
  readonly remote: PendingRemote<T>;
  /** Whoever has this is called. */
  readonly receiver: PendingReceiver<T>;
}

/**
 * Makes a pipe for an interface. Calls made over one end wait until somebody binds the other.
 *
 * ```ts ignore
 * import { createInterfacePipe, Receiver } from "@mage/ipc";
 *
 * const { remote, receiver } = createInterfacePipe(FetchObserver);
 * new Receiver(FetchObserver, { onProgress: (percent) => console.log(percent) }, receiver);
 * network.fetch("https://example.com", remote);
 * ```
 */
export function createInterfacePipe<T extends object, E extends object>(
  iface: Interface<T, E>,
): InterfacePipe<T> {
  if (typeof iface?.dispatch !== "function") {
    throw new TypeError(
      "Cannot create interface pipe: the argument must be a generated interface",
    );
  }
  const [remote, receiver] = ownRuntime().createMessagePipe();
  return { remote: new PendingRemote(remote), receiver: new PendingReceiver(receiver) };
}
