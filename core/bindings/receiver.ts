/**
 * The called side of an interface.
 *
 * @module
 */
import { type IpcError, PipeClosedError } from "../errors.ts";
import { Binding, type MessageHandler } from "../system/binding.ts";
import type { MessagePipe } from "../system/message_pipe.ts";
import { Decoder } from "../wire/decoder.ts";
import { type Encoder, MessageFlag } from "../wire/encoder.ts";
import type { Implementation, Incoming, Interface } from "./interface.ts";
import { describe, methodName } from "./remote.ts";

/** Options of a receiver. */
export interface ReceiverOptions {
  /**
   * Told when a method of the implementation throws or rejects. The caller only learns that it failed.
   * Default: `console.error`.
   */
  readonly onError?: (error: unknown, method: string) => void;
}

/**
 * Hands the calls that arrive over a pipe to an object: `new Receiver(NetworkProcess, impl, pipe)`.
 *
 * Calls that arrived before it was bound come first, in order. The endpoint is consumed.
 */
export class Receiver<T extends object> implements MessageHandler, Disposable {
  readonly #interface: Interface<T>;
  readonly #implementation: Implementation<T>;
  readonly #onError: (error: unknown, method: string) => void;
  readonly #binding: Binding;
  readonly #call: Call;
  #end: IpcError | null = null;
  #closed: PromiseWithResolvers<IpcError> | null = null;

  /** Binds `pipe`, which is consumed. */
  constructor(
    iface: Interface<T>,
    implementation: Implementation<T>,
    pipe: MessagePipe,
    options: ReceiverOptions = {},
  ) {
    if (typeof implementation !== "object" || implementation === null) {
      throw new TypeError(
        `Cannot receive ${iface.name}: the implementation must be an object`,
      );
    }
    this.#interface = iface;
    this.#implementation = implementation;
    this.#onError = options.onError ??
      ((error, method) => console.error(`@mage/ipc: ${method} failed:`, error));
    this.#binding = new Binding(pipe, this);
    this.#call = new Call(this.#binding, (error, method) => this.#failed(error, method));
  }

  /** Resolves to the reason when the other end is gone or this end is closed. Never rejects. */
  get closed(): Promise<IpcError> {
    this.#closed ??= Promise.withResolvers();
    if (this.#end !== null) this.#closed.resolve(this.#end);
    return this.#closed.promise;
  }

  /** Closes the pipe. The callers' pending calls reject. Closing twice does nothing. */
  close(): void {
    this.#close(new PipeClosedError("The receiver was closed on this side"));
  }

  /** Gives the endpoint back, with the calls that were not taken yet. Answers still due are dropped. */
  unbind(): MessagePipe {
    const pipe = this.#binding.release();
    this.#end ??= new PipeClosedError("The receiver was unbound");
    return pipe;
  }

  /** Closes the pipe. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** From the binding: a call. */
  message(
    bytes: Uint8Array<ArrayBuffer>,
    view: DataView<ArrayBuffer>,
    start: number,
    end: number,
    pipes: MessagePipe[],
  ): void {
    const call = this.#call;
    call.accepted = false;
    try {
      // TRUST: nothing reaches the implementation before `accept` has checked the whole message.
      call.decoder.begin(bytes, view, start, end, pipes);
      this.#interface.dispatch(this.#implementation, call);
    } catch (error) {
      if (call.accepted) {
        call.failed(error);
        return;
      }
      for (const pipe of pipes) pipe.close();
      this.#close(describe(error, this.#interface, call.method, ""));
    }
  }

  /** From the binding: whether a message will be answered. */
  isCall(view: DataView<ArrayBuffer>, start: number, end: number): boolean {
    return end - start > 1 && (view.getUint8(start + 1) & MessageFlag.ExpectsReply) !== 0;
  }

  /** From the binding: the other end is gone. */
  ended(reason: IpcError): void {
    this.#close(reason);
  }

  #failed(error: unknown, method: number): void {
    try {
      this.#onError(error, methodName(this.#interface, method));
    } catch (second) {
      console.error("@mage/ipc: onError itself failed:", second);
    }
  }

  #close(reason: IpcError): void {
    if (this.#end !== null) return;
    this.#end = reason;
    this.#binding.close();
    this.#closed?.resolve(reason);
  }
}

/** The message a receiver is handling. One object serves all of them in turn. */
class Call implements Incoming {
  readonly decoder: Decoder = new Decoder();
  accepted = false;
  readonly #binding: Binding;
  readonly #report: (error: unknown, method: number) => void;

  constructor(binding: Binding, report: (error: unknown, method: number) => void) {
    this.#binding = binding;
    this.#report = report;
  }

  get method(): number {
    return this.decoder.method;
  }

  accept(twoWay: boolean): void {
    const { decoder } = this;
    if (decoder.flagBits !== (twoWay ? MessageFlag.ExpectsReply : 0)) {
      decoder.fail("call-flags");
    }
    decoder.finish();
    this.accepted = true;
  }

  reply<R>(result: R | Promise<R>, encode: (encoder: Encoder, value: R) => void): void {
    const { method, request } = this.decoder;
    if (typeof result === "object" && result !== null && "then" in result) {
      (result as Promise<R>).then(
        (value) => this.#send(method, request, encode, value),
        (error) => this.#fail(method, request, error),
      );
    } else this.#send(method, request, encode, result as R);
  }

  done(result: unknown): void {
    if (typeof result !== "object" || result === null || !("then" in result)) return;
    const { method } = this.decoder;
    Promise.resolve(result).catch((error) => this.#report(error, method));
  }

  unknownMethod(): never {
    return this.decoder.fail("unknown-method");
  }

  /** The method threw at once. */
  failed(error: unknown): void {
    const { method, request, flagBits } = this.decoder;
    if (flagBits & MessageFlag.ExpectsReply) this.#fail(method, request, error);
    else this.#report(error, method);
  }

  #send<R>(
    method: number,
    request: number,
    encode: (encoder: Encoder, value: R) => void,
    value: R,
  ): void {
    const binding = this.#binding;
    if (binding.released) return; // Benign: the receiver was closed while the method ran.
    try {
      const out = binding.begin(method, MessageFlag.Reply);
      try {
        encode(out, value);
      } catch (error) {
        throw out.cancel(error);
      }
      binding.commit(out, request, true);
    } catch (error) {
      // The result does not fit the interface, or is too large to send.
      this.#fail(method, request, error);
    }
  }

  #fail(method: number, request: number, error: unknown): void {
    const binding = this.#binding;
    this.#report(error, method);
    if (binding.released) return; // Benign: the receiver was closed while the method ran.
    const out = binding.begin(method, MessageFlag.Reply | MessageFlag.Error);
    out.closeStruct(out.openStruct(0));
    binding.commit(out, request, true);
  }
}
