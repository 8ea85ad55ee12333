/**
 * Takes the messages of a receiver one by one: decodes, calls, answers.
 *
 * @module
 */
import type { IpcError } from "../errors.ts";
import { Binding, type MessageHandler } from "../system/binding.ts";
import type { Handle } from "../system/handle.ts";
import type { MessagePipe } from "../system/message_pipe.ts";
import { Decoder } from "../wire/decoder.ts";
import { type Encoder, MessageFlag } from "../wire/encoder.ts";
import type { Implementation, Incoming, Interface } from "./interface.ts";
import { describe, methodName } from "./pending_calls.ts";

/** Told of what an implementation throws. */
export type OnError = (error: unknown, method: string) => void;

/** The inside of a `Receiver`. As an {@linkcode Incoming} it is the message it is handling. */
export class Dispatcher<T extends object> implements Incoming, MessageHandler {
  /** Reads the message. */
  readonly decoder: Decoder = new Decoder();
  /** The pipe under the receiver. */
  readonly binding: Binding;
  readonly #interface: Interface<T>;
  readonly #implementation: Implementation<T>;
  readonly #onError: OnError;
  #accepted = false;

  /** Takes the endpoint out of `pipe`. */
  constructor(
    iface: Interface<T>,
    implementation: Implementation<T>,
    pipe: MessagePipe,
    onError: OnError,
  ) {
    this.#interface = iface;
    this.#implementation = implementation;
    this.#onError = onError;
    this.binding = new Binding(pipe, this);
  }

  // ------------------------------------------------------------------ from the binding

  /** A message. */
  message(
    bytes: Uint8Array<ArrayBuffer>,
    view: DataView<ArrayBuffer>,
    start: number,
    end: number,
    handles: Handle[],
  ): void {
    this.#accepted = false;
    try {
      // TRUST: nothing reaches the implementation before `accept` has checked the whole message.
      this.decoder.begin(bytes, view, start, end, handles);
      this.#interface.dispatch(this.#implementation, this);
    } catch (error) {
      if (this.#accepted) {
        this.#threw(error);
        return;
      }
      for (const handle of handles) handle.close();
      // Most likely the two sides were generated from different sources.
      const reason = describe(error, this.#interface, this.method, "");
      if (!this.binding.close(reason)) return;
      this.binding.report(reason);
      this.#report(reason, this.method);
    }
  }

  /** Whether a message will be answered. */
  isCall(view: DataView<ArrayBuffer>, start: number, end: number): boolean {
    return end - start > 1 && (view.getUint8(start + 1) & MessageFlag.ExpectsReply) !== 0;
  }

  /** The other end is gone. */
  ended(reason: IpcError): void {
    this.binding.close(reason);
  }

  // ------------------------------------------------------------------ from generated code

  /** The number of the method. */
  get method(): number {
    return this.decoder.method;
  }

  /** See {@linkcode Incoming.accept}. */
  accept(twoWay: boolean): void {
    const { decoder } = this;
    if (decoder.flagBits !== (twoWay ? MessageFlag.ExpectsReply : 0)) {
      decoder.fail("call-flags");
    }
    decoder.finish();
    this.#accepted = true;
  }

  /** See {@linkcode Incoming.reply}. */
  reply<R>(result: R | Promise<R>, encode: (encoder: Encoder, value: R) => void): void {
    const { method, request } = this.decoder;
    if (isThenable(result)) {
      const { binding } = this;
      binding.startCall();
      (result as Promise<R>).then(
        (value) =>
          binding.answerWhenRoom(() => this.#send(method, request, encode, value)),
        (error) => {
          this.#report(error, method);
          binding.answerWhenRoom(() => this.#sendFailure(method, request));
        },
      );
    } else this.#send(method, request, encode, result as R);
  }

  /** See {@linkcode Incoming.done}. */
  done(result: unknown): void {
    if (!isThenable(result)) return;
    const { method } = this.decoder;
    (result as Promise<unknown>).then(undefined, (error) => this.#report(error, method));
  }

  /** See {@linkcode Incoming.unknownMethod}. */
  unknownMethod(): never {
    return this.decoder.fail("unknown-method");
  }

  // ------------------------------------------------------------------ answers

  #threw(error: unknown): void {
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
    if (this.binding.end !== null) return; // Benign: the receiver was closed while the method ran.
    try {
      const out = this.binding.begin(method, MessageFlag.Reply);
      try {
        encode(out, value);
      } catch (error) {
        throw out.cancel(error);
      }
      this.binding.commit(out, request, true);
    } catch (error) {
      // The result does not fit the interface, or is too large to send.
      this.#fail(method, request, error);
    }
  }

  #fail(method: number, request: number, error: unknown): void {
    this.#report(error, method);
    this.#sendFailure(method, request);
  }

  /** Tells the caller that it failed, and nothing else: texts and stacks stay on this side. */
  #sendFailure(method: number, request: number): void {
    if (this.binding.end !== null) return; // Benign, as above.
    const out = this.binding.begin(method, MessageFlag.Reply | MessageFlag.Error);
    out.closeStruct(out.openStruct(0));
    this.binding.commit(out, request, true);
  }

  #report(error: unknown, method: number): void {
    try {
      this.#onError(error, methodName(this.#interface, method));
    } catch (second) {
      console.error("@mage/ipc: onError itself failed:", second);
    }
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
