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

/** Options of a receiver. */
export interface ReceiverOptions {
  /**
   * Told when a method of the implementation throws or rejects, and, with a `BadMessageError`, when the
   * pipe was closed because a message does not fit the interface: was the code of both sides generated
   * from the same source? The other side only learns that it failed. Default: `console.error`.
   */
  readonly onError?: (error: unknown, method: string) => void;
}

/**
 * Hands the calls that arrive over a pipe to an object: `new Receiver(NetworkProcess, impl, pipe)`.
 *
 * Calls that arrived before it was bound come first, in order. The endpoint is consumed.
 */
export class Receiver<T extends object> implements Disposable {
  readonly #binding: Binding;

  /** Binds `pipe`, which is consumed. */
  constructor(
    iface: Interface<T>,
    implementation: Implementation<T>,
    pipe: MessagePipe,
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
    const onError = options.onError ??
      ((error, method) => console.error(`@mage/ipc: ${method} failed:`, error));
    this.#binding = new Dispatcher(iface, implementation, pipe, onError).binding;
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
    return this.#binding.release(new PipeClosedError("The receiver was unbound"));
  }

  /** Closes the pipe. */
  [Symbol.dispose](): void {
    this.close();
  }
}
