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
import { badMessage, callName } from "./call_name.ts";
import type { Carrier } from "./carrier.ts";
import type { EventSender } from "./emitter.ts";
import type { Implementation, Incoming, Interface } from "./interface.ts";
import { Unbound, UNKNOWN_METHOD } from "./pending_calls.ts";
import { Fail, type Result } from "./result.ts";

/** Told of what an implementation throws. */
export type OnError = (error: unknown, method: string) => void;

/** The inside of a `Receiver`. As an {@linkcode Incoming} it is the message it is handling. */
export class Dispatcher<T extends object, E extends object>
  implements Incoming, MessageHandler, EventSender {
  /** Reads the message. */
  readonly decoder: Decoder = new Decoder();
  /** The pipe under the receiver. */
  readonly binding: Binding;
  readonly #interface: Interface<T, E>;
  readonly #implementation: Implementation<T>;
  #accepted = false;
  #bytes = 0;

  /** Takes the endpoint out of `pipe`. */
  constructor(
    iface: Interface<T, E>,
    implementation: Implementation<T>,
    pipe: MessagePipe,
    onError: OnError | undefined,
  ) {
    this.#interface = iface;
    this.#implementation = implementation;
    this.binding = new Binding(pipe, this, onError);
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
    this.#bytes = end - start;
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
      const reason = badMessage(error, this.name);
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

  /** See {@linkcode Incoming.name}. */
  get name(): string {
    return callName(this.#interface, this.method);
  }

  /** See {@linkcode Incoming.owner}. */
  get owner(): Carrier {
    return this.binding;
  }

  /** See {@linkcode Incoming.limit}. */
  limit(maxBytes: number): void {
    if (this.#bytes > maxBytes) this.decoder.fail("message-size");
  }

  /** See {@linkcode Incoming.accept}. */
  accept(twoWay: boolean): void {
    const { decoder } = this;
    if (decoder.flagBits !== (twoWay ? MessageFlag.ExpectsReply : 0)) {
      decoder.fail("call-flags");
    }
    if (!twoWay && decoder.request !== 0) decoder.fail("call-request");
    decoder.finish();
    this.#accepted = true;
  }

  /** See {@linkcode Incoming.reply}. */
  reply<R>(result: R | Promise<R>, encode: (encoder: Encoder, value: R) => void): void {
    const { method, request } = this.decoder;
    if (isThenable(result)) {
      const { binding } = this, settled = Promise.resolve(result);
      binding.startCall();
      settled.then(
        (value) =>
          binding.answerWhenRoom(() => this.#send(method, request, encode, value)),
        (error) => {
          this.#report(error, method);
          binding.answerWhenRoom(() => this.#sendFailure(method, request));
        },
      );
    } else this.#send(method, request, encode, result as R);
  }

  /** See {@linkcode Incoming.result}. */
  result<V, F>(
    call: () => Result<V, F> | Promise<Result<V, F>>,
    encode: (encoder: Encoder, value: Result<V, F>) => void,
  ): void {
    let result: Result<V, F> | Promise<Result<V, F>>;
    try {
      result = call();
      if (isThenable(result)) {
        result = Promise.resolve(result).catch(failed<F>);
      }
    } catch (error) {
      result = failed<F>(error);
    }
    this.reply(result, encode);
  }

  /** See {@linkcode Incoming.done}. */
  done(result: unknown): void {
    if (!isThenable(result)) return;
    const { method } = this.decoder;
    Promise.resolve(result).catch((error) => this.#report(error, method));
  }

  /** See {@linkcode Incoming.unknownMethod}. */
  unknownMethod(): void {
    const { decoder } = this;
    if (this.#interface.isExtensible !== true) decoder.fail("unknown-method");
    const { flagBits, method, request } = decoder;
    if ((flagBits & ~MessageFlag.ExpectsReply) !== 0) decoder.fail("call-flags");
    // What it says is not known, and so is not checked.
    for (const handle of decoder.handles) (handle as Handle).close();
    if (flagBits !== 0) this.#sendFailure(method, request, UNKNOWN_METHOD);
  }

  // ------------------------------------------------------------------ events

  /** See {@linkcode EventSender.begin}. */
  begin(event: number): Encoder {
    if (this.binding.end instanceof Unbound) {
      throw new TypeError(
        `Cannot send event of ${this.#interface.name}: the receiver was unbound`,
      );
    }
    return this.binding.begin(event, 0);
  }

  /** See {@linkcode EventSender.send}. */
  send(encoder: Encoder, maxBytes?: number): void {
    this.binding.commit(encoder, 0, false, maxBytes);
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
  #sendFailure(
    method: number,
    request: number,
    flags = MessageFlag.Reply | MessageFlag.Error,
  ): void {
    if (this.binding.end !== null) return; // Benign, as above.
    const out = this.binding.begin(method, flags);
    out.closeStruct(out.openStruct(0));
    this.binding.commit(out, request, true);
  }

  #report(error: unknown, method: number): void {
    this.binding.failed(error, callName(this.#interface, method));
  }
}

/** What a thrown `Fail` answers. Throws what is none. */
function failed<F>(error: unknown): Result<never, F> {
  if (error instanceof Fail) return { ok: false, error: error.error };
  throw error;
}

/** Whether it is a promise, or passes for one, whose own `then` may settle as often as it likes. */
function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
