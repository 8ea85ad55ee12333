/**
 * The called side of an interface.
 *
 * @module
 */
import { type IpcError, PipeClosedError } from "../errors.ts";
import type { Binding } from "../system/binding.ts";
import type { MessagePipe } from "../system/message_pipe.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Implementation, Interface } from "./interface.ts";
import { type PendingReceiver, pipeOf } from "./pending.ts";
import { Unbound } from "./pending_calls.ts";

/** Options of a receiver. */
export interface ReceiverOptions {
  /**
   * Told when a method of the implementation throws or rejects, or the stream that it returned does, and,
   * with a `BadMessageError`, when the pipe was closed because a message does not fit the interface: was the
   * code of both sides generated from the same source? The other side only learns that it failed.
   * Default: `console.error`.
   */
  readonly onError?: ((error: unknown, method: string) => void) | undefined;
}

/**
 * Hands the calls that arrive over a pipe to an object: `new Receiver(NetworkProcess, impl, pipe)`.
 *
 * Calls that arrived before it was bound come first, in order. The endpoint is consumed.
 */
export class Receiver<T extends object, E extends object = object> implements Disposable {
  readonly #binding: Binding;
  readonly #makeEmitter: () => E;
  #emitter: E | null = null;

  /** Binds `pipe`, which is consumed. */
  constructor(
    iface: Interface<T, E>,
    implementation: NoInfer<Implementation<T>>,
    pipe: PendingReceiver<NoInfer<T>> | MessagePipe,
    options: ReceiverOptions = {},
  ) {
    if (typeof iface?.dispatch !== "function") {
      throw new TypeError(
        "Cannot receive: the first argument must be a generated interface",
      );
    }
    if (typeof implementation !== "object" || implementation === null) {
      throw new TypeError(
        `Cannot receive ${iface.name}: the implementation must be an object`,
      );
    }
    const end = pipeOf(pipe, "receiver");
    const dispatcher = new Dispatcher(iface, implementation, end, options.onError);
    this.#binding = dispatcher.binding;
    this.#makeEmitter = () => {
      const { name, events } = iface;
      if (events === undefined) throw new TypeError(`${name} has no events`);
      return new events.Emitter(dispatcher);
    };
  }

  /**
   * Sends events to the other end: `receiver.emit.onProgress(50)`. Each is called like a method without a
   * reply, and reaches whoever listens there when it arrives; once the other end is gone it is dropped.
   *
   * @throws {TypeError} if the interface has no events
   */
  get emit(): E {
    return this.#emitter ??= this.#makeEmitter();
  }

  /** Resolves to the reason when the other end is gone or this end is closed. Never rejects. */
  get closed(): Promise<IpcError> {
    return this.#binding.closed;
  }

  /** Closes the pipe. The callers' pending calls reject. Closing twice does nothing. */
  close(): void {
    this.#binding.close(new PipeClosedError("The receiver was closed on this side"));
  }

  /** Gives the endpoint back, with the calls that were not taken yet. Answers still due are dropped. */
  unbind(): MessagePipe {
    return this.#binding.release(new Unbound("The receiver was unbound"));
  }

  /** Closes the pipe. */
  [Symbol.dispose](): void {
    this.close();
  }
}
