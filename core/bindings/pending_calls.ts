/**
 * The calls of one remote that wait for their reply, and what comes for them.
 *
 * @module
 */
import { realEnvironment } from "../environment.ts";
import { type IpcError, PipeClosedError, RemoteError } from "../errors.ts";
import { Binding, type MessageHandler } from "../system/binding.ts";
import type { Handle } from "../system/handle.ts";
import type { MessagePipe } from "../system/message_pipe.ts";
import { Decoder } from "../wire/decoder.ts";
import { type Encoder, MessageFlag } from "../wire/encoder.ts";
import { badMessage, callName } from "./call_name.ts";
import type { CallOptions, EventTable, InterfaceNames } from "./interface.ts";
import { Listeners } from "./listeners.ts";

const FAILED = MessageFlag.Reply | MessageFlag.Error;
/** The flags of an error reply that the method had no part in: it is not known there. */
export const UNKNOWN_METHOD: number = FAILED | 8;

const INDEX_BITS = 20;
const INDEX_MASK = (1 << INDEX_BITS) - 1;

/** Replies are decoded one after the other, and no code of the user runs in between. */
const decoder = new Decoder();

/** A place for one pending call. Its number, with a generation above it, is the request number. */
class Slot {
  readonly index: number;
  generation = 0;
  method = 0;
  decode: ((decoder: Decoder) => unknown) | null = null;
  resolve: ((value: unknown) => void) | null = null;
  reject: ((reason: unknown) => void) | null = null;
  signal: AbortSignal | null = null;
  stopTimer: (() => void) | null = null;
  nextFree: Slot | null = null;

  constructor(index: number) {
    this.index = index;
  }
}

/** Options of a call that rejects after so many milliseconds. */
export class TimedOptions implements CallOptions {
  /** How many. */
  readonly ms: number;
  readonly #options: CallOptions | undefined;

  /** Takes what the caller says of the call. */
  constructor(ms: number, options: CallOptions | undefined) {
    this.ms = ms;
    this.#options = options;
  }

  /** See {@linkcode CallOptions.signal}. */
  get signal(): AbortSignal | undefined {
    return this.#options?.signal;
  }
}

/** How a binding ends that gave its endpoint back. */
export class Unbound extends PipeClosedError {}

/** Calls under way on a binding. */
export class PendingCalls<E extends object> implements MessageHandler {
  /** The pipe under them. */
  readonly binding: Binding;
  /** How many there are. */
  size = 0;
  readonly #interface: InterfaceNames & { readonly events?: EventTable<E> };
  #listeners: Listeners<E> | null = null;
  readonly #slots: Slot[] = [];
  #free: Slot | null = null;
  #opening: Slot | null = null;
  #signals: Map<AbortSignal, { slots: Set<Slot>; listener: () => void }> | null = null;

  /** Takes the endpoint out of `pipe`. */
  constructor(
    iface: InterfaceNames & { readonly events?: EventTable<E> },
    pipe: MessagePipe,
    onError: ((error: unknown, what: string) => void) | undefined,
  ) {
    this.#interface = iface;
    this.binding = new Binding(pipe, this, onError);
  }

  /** Who listens to what comes beside replies. */
  get listeners(): Listeners<E> {
    return this.#listeners ??= new Listeners(this.#interface, decoder, this.binding);
  }

  /**
   * Sends the call open in `encoder`, of at most `maxBytes`, and returns the promise of its reply.
   */
  start<R>(
    encoder: Encoder,
    method: number,
    decode: (decoder: Decoder) => R,
    options: CallOptions | undefined,
    maxBytes: number | undefined,
  ): Promise<R> {
    let signal: AbortSignal | undefined, isAborted: boolean;
    try {
      // Code of the caller runs here, while its message is open.
      signal = options?.signal;
      if (signal !== undefined && !(signal instanceof AbortSignal)) {
        throw new TypeError("Option 'signal' must be an AbortSignal");
      }
      isAborted = signal?.aborted === true;
    } catch (error) {
      throw encoder.cancel(error);
    }
    if (isAborted) {
      encoder.cancel(null);
      return Promise.reject(signal!.reason);
    }
    const slot = this.#free ?? this.#addSlot(encoder);
    const request = slot.generation << INDEX_BITS | slot.index;
    if (!this.binding.commit(encoder, request, false, maxBytes)) {
      return Promise.reject(
        this.binding.end ?? this.binding.endReason ?? new PipeClosedError(),
      );
    }
    this.#free = slot.nextFree;
    slot.method = method;
    slot.decode = decode;
    this.#opening = slot;
    this.size++;
    const promise = new Promise<R>(this.#executor);
    if (signal) this.#listen(slot, signal);
    if (options instanceof TimedOptions) this.#limit(slot, options.ms);
    return promise;
  }

  /** One executor for all promises: a closure per call costs more than the call. */
  readonly #executor = (
    resolve: (value: never) => void,
    reject: (reason: unknown) => void,
  ): void => {
    const slot = this.#opening!;
    slot.resolve = resolve as (value: unknown) => void;
    slot.reject = reject;
  };

  #addSlot(encoder: Encoder): Slot {
    if (this.#slots.length > INDEX_MASK) {
      throw encoder.cancel(
        new RangeError(
          `Cannot call ${this.#interface.name}: ${INDEX_MASK + 1} calls are pending`,
        ),
      );
    }
    const slot = new Slot(this.#slots.length);
    this.#slots.push(slot);
    return this.#free = slot;
  }

  #release(slot: Slot): void {
    slot.generation = (slot.generation + 1) & 0xfff;
    slot.stopTimer?.();
    slot.decode =
      slot.resolve =
      slot.reject =
      slot.stopTimer =
        null;
    slot.nextFree = this.#free;
    this.#free = slot;
    this.size--;
  }

  /** Rejects the call after so many milliseconds. */
  #limit(slot: Slot, ms: number): void {
    // A timer for each call, which goes with it: a signal would stay until the time is over.
    slot.stopTimer = realEnvironment.after(ms, () => {
      slot.stopTimer = null;
      if (slot.signal !== null) this.#unlisten(slot);
      const name = callName(this.#interface, slot.method);
      this.#giveUp(
        slot,
        new DOMException(`${name} took longer than ${ms} ms`, "TimeoutError"),
      );
    });
  }

  /** Rejects the call. Its place stays taken until the answer comes: its number must not mean another one. */
  #giveUp(slot: Slot, reason: unknown): void {
    slot.stopTimer?.();
    slot.reject!(reason);
    slot.stopTimer = slot.resolve = slot.reject = null;
  }

  #listen(slot: Slot, signal: AbortSignal): void {
    // One listener for a signal, however many calls share it: removing one among many is slow.
    this.#signals ??= new Map();
    let entry = this.#signals.get(signal);
    if (entry === undefined) {
      const slots = new Set<Slot>();
      const listener = () => {
        this.#signals!.delete(signal);
        for (const aborted of slots) {
          aborted.signal = null;
          this.#giveUp(aborted, signal.reason);
        }
      };
      signal.addEventListener("abort", listener, { once: true });
      this.#signals.set(signal, entry = { slots, listener });
    }
    slot.signal = signal;
    entry.slots.add(slot);
  }

  #unlisten(slot: Slot): void {
    const signal = slot.signal!, entry = this.#signals!.get(signal)!;
    slot.signal = null;
    entry.slots.delete(slot);
    if (entry.slots.size > 0) return;
    signal.removeEventListener("abort", entry.listener);
    this.#signals!.delete(signal);
  }

  /** From the binding: a reply, or an event. */
  message(
    bytes: Uint8Array<ArrayBuffer>,
    view: DataView<ArrayBuffer>,
    start: number,
    end: number,
    handles: Handle[],
  ): void {
    let slot: Slot;
    let value: unknown, failure: RemoteError | null = null;
    try {
      // TRUST: nothing of the message is used before it was decoded to its end.
      decoder.begin(bytes, view, start, end, handles);
      if (decoder.flagBits === 0) return this.listeners.hear(end - start);
      const request = decoder.request;
      slot = this.#slots[request & INDEX_MASK] ?? decoder.fail("reply-not-pending");
      if (slot.generation !== request >>> INDEX_BITS) decoder.fail("reply-not-pending");
      const decode = slot.decode ?? decoder.fail("reply-not-pending");
      if (slot.method !== decoder.method) decoder.fail("reply-method");
      if (decoder.flagBits === MessageFlag.Reply) {
        value = decode(decoder);
      } else if (decoder.flagBits === FAILED || decoder.flagBits === UNKNOWN_METHOD) {
        decoder.closeStruct(decoder.openStruct());
        failure = this.#failure();
      } else decoder.fail("reply-flags");
      decoder.finish();
    } catch (error) {
      for (const handle of handles) handle.close();
      const what = decoder.flagBits === 0 ? "" : "reply of ";
      const name = callName(this.#interface, decoder.method);
      const reason = badMessage(error, `${what}${name}`);
      this.binding.report(reason);
      this.close(reason);
      return;
    }
    if (slot.signal !== null) this.#unlisten(slot);
    const { resolve, reject } = slot;
    this.#release(slot);
    if (resolve === null) {
      for (const handle of handles) handle.close(); // Benign: the call was aborted.
    } else if (failure !== null) reject!(failure);
    else resolve(value);
  }

  #failure(): RemoteError {
    const name = callName(this.#interface, decoder.method);
    return decoder.flagBits === FAILED
      ? new RemoteError(`${name} failed on the other side`)
      : new RemoteError(`${name} is not known on the other side`, "unknown-method");
  }

  /** From the binding: replies are never answered. */
  isCall(): boolean {
    return false;
  }

  /** From the binding: the other end is gone. */
  ended(reason: IpcError): void {
    this.close(reason);
  }

  /** Closes the pipe. What waits rejects with `reason`. */
  close(reason: IpcError): void {
    if (!this.binding.close(reason)) return;
    for (const slot of this.#slots) {
      if (slot.decode === null) continue;
      if (slot.signal !== null) this.#unlisten(slot);
      const reject = slot.reject;
      this.#release(slot);
      reject?.(reason);
    }
  }
}
