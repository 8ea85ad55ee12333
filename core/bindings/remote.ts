/**
 * The calling side of an interface.
 *
 * @module
 */
import { type IpcError, PipeClosedError } from "../errors.ts";
import type { MessagePipe } from "../system/message_pipe.ts";
import type { Decoder } from "../wire/decoder.ts";
import { type Encoder, MessageFlag } from "../wire/encoder.ts";
import { whenSent } from "./carrier.ts";
import type { CallOptions, EventTable, Interface, InterfaceNames } from "./interface.ts";
import type { Listening } from "./listeners.ts";
import { type PendingRemote, pipeOf } from "./pending.ts";
import { PendingCalls, TimedOptions, Unbound } from "./pending_calls.ts";

/** Options of a remote. */
export interface RemoteOptions {
  /**
   * Told when a listener of an event throws, or the source of a stream that was sent as an argument does.
   * Default: `console.error`.
   */
  readonly onError?: ((error: unknown, what: string) => void) | undefined;
}

/** The runtime side of a remote, apart from its methods, so that no method's name can clash with it. */
export interface RemoteControl<E extends object = object> extends Disposable {
  /**
   * The events of the interface: `remote.$.events.onProgress(listener)` has `listener` called from now on,
   * and returns what ends that. An event reaches those who listen when it arrives; what nobody listens to is
   * dropped, and the handles in it are closed.
   */
  readonly events: Listening<E>;
  /** Whether calls can still be made: not closed, not unbound, the other end not gone. */
  readonly isConnected: boolean;
  /** Resolves to the reason when the other end is gone or this end is closed. Never rejects. */
  readonly closed: Promise<IpcError>;
  /**
   * Bytes of calls that wait here, because the other end has not taken enough of those before. Each call
   * counts 512 bytes more than its arguments.
   */
  readonly bufferedBytes: number;
  /** Resolves once no call waits here any more: to go no faster than the other end. Never rejects. */
  flush(): Promise<void>;
  /** Closes the pipe. Pending calls reject. Closing twice does nothing. */
  close(): void;
  /** Gives the endpoint back. Throws while calls wait for their reply. */
  unbind(): MessagePipe;
}

/** A remote of the interface `T` with events `E`: its methods, and everything else under `$`. */
export type Remote<T, E extends object = object> = T & {
  /** The pipe under the remote. */
  readonly $: RemoteControl<E>;
  /** Closes the pipe. */
  [Symbol.dispose](): void;
};

/** The base of generated remotes. All that is not a method of the interface starts with `$`. */
export abstract class RemoteBase<E extends object = object> implements Disposable {
  readonly #interface: InterfaceNames;
  readonly #calls: PendingCalls<E>;
  #control: RemoteControl<E> | null = null;

  /** Takes the endpoint out of `pipe`. */
  constructor(
    iface: InterfaceNames & { readonly events?: EventTable<E> },
    pipe: MessagePipe,
    options: RemoteOptions = {},
  ) {
    this.#interface = iface;
    this.#calls = new PendingCalls(iface, pipe, options.onError);
  }

  /** The pipe under the remote. */
  get $(): RemoteControl<E> {
    return this.#control ??= makeControl(this.#calls);
  }

  /** Closes the pipe. */
  [Symbol.dispose](): void {
    this.$.close();
  }

  /** Opens a message to the method. */
  protected $begin(method: number, twoWay: boolean): Encoder {
    const { binding } = this.#calls;
    if (binding.end instanceof Unbound) {
      throw new TypeError(`Cannot call ${this.#interface.name}: the remote was unbound`);
    }
    return binding.begin(method, twoWay ? MessageFlag.ExpectsReply : 0);
  }

  /** Sends a one-way message. On a pipe whose other end is gone it is dropped, as in Mojo. */
  protected $send(encoder: Encoder, maxBytes?: number): void {
    this.#calls.binding.commit(encoder, 0, false, maxBytes);
  }

  /** Sends a call and returns the promise of its reply. */
  protected $call<R>(
    encoder: Encoder,
    method: number,
    decode: (decoder: Decoder) => R,
    options?: CallOptions,
    maxBytes?: number,
  ): Promise<R> {
    return this.#calls.start(encoder, method, decode, options, maxBytes);
  }

  /** Options with which a call rejects after so many milliseconds, or when `options` say. */
  protected $timeout(ms: number, options: CallOptions | undefined): CallOptions {
    return new TimedOptions(ms, options);
  }

  /** Makes the pipe of a stream: the end that stays here, and the one that goes with the call. */
  protected $openStream(): [MessagePipe, MessagePipe] {
    const [near, far] = this.#calls.binding.createPipe();
    whenSent(near, far, () => {});
    return [near, far];
  }
}

function makeControl<E extends object>(calls: PendingCalls<E>): RemoteControl<E> {
  const close = () =>
    calls.close(new PipeClosedError("The remote was closed on this side"));
  return {
    get events() {
      return calls.listeners.listening;
    },
    get isConnected() {
      return calls.binding.end === null && calls.binding.endReason === null;
    },
    get closed() {
      return calls.binding.closed;
    },
    get bufferedBytes() {
      return calls.binding.bufferedBytes;
    },
    flush: () => calls.binding.flush(),
    close,
    [Symbol.dispose]: close,
    unbind() {
      if (calls.size > 0) {
        throw new TypeError(
          `Cannot unbind remote: ${calls.size} calls wait for their reply`,
        );
      }
      return calls.binding.release(new Unbound("The remote was unbound"));
    },
  };
}

/** Makes remotes. */
export interface RemoteConstructor {
  /**
   * Binds `pipe`, which is consumed. Calls can be made at once: they wait at the other end until
   * somebody binds it.
   */
  new <T extends object, E extends object>(
    iface: Interface<T, E>,
    pipe: PendingRemote<NoInfer<T>> | MessagePipe,
    options?: RemoteOptions,
  ): Remote<T, E>;
}

/** Calls the methods of an interface over a pipe: `new Remote(NetworkProcess, pipe)`. */
export const Remote: RemoteConstructor = class {
  constructor(
    iface: Interface<object>,
    pipe: PendingRemote<object> | MessagePipe,
    options?: RemoteOptions,
  ) {
    if (typeof iface?.Remote !== "function") {
      throw new TypeError(
        "Cannot make remote: the first argument must be a generated interface",
      );
    }
    return new iface.Remote(pipeOf(pipe, "remote"), options);
  }
  static [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof RemoteBase;
  }
} as unknown as RemoteConstructor;
