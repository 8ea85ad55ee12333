/**
 * What a generated interface is at run time, and what its code sees of a call.
 *
 * @module
 */
import type { MessagePipe } from "../system/message_pipe.ts";
import type { Decoder } from "../wire/decoder.ts";
import type { Encoder } from "../wire/encoder.ts";
import type { Carrier } from "./carrier.ts";
import type { EmitterBase, EventSender } from "./emitter.ts";
import type { RemoteBase, RemoteOptions } from "./remote.ts";
import type { Result } from "./result.ts";
import type { StreamSource } from "./stream_source.ts";

/** Options of a call that has a reply. */
export interface CallOptions {
  /** Rejects the call when it fires. The other side is not told and finishes what it does. */
  readonly signal?: AbortSignal | undefined;
}

/** What an interface is called, for people. */
export interface InterfaceNames {
  /** Its name in the IDL. */
  readonly name: string;
  /** Its methods: number on the wire, name in the IDL. */
  readonly methods: readonly (readonly [id: number, name: string])[];
  /** Its events. */
  readonly events?: EventNames;
  /** Whether what one side knows and the other does not is answered or ignored, and closes nothing. */
  readonly isExtensible?: boolean;
}

/** What events are called. */
export interface EventNames {
  /** Number on the wire, name in the IDL, name in TypeScript. */
  readonly names: readonly (readonly [id: number, name: string, property: string])[];
}

/** The events of an interface. */
export interface EventTable<E extends object> extends EventNames {
  /** The class whose instances send them. */
  readonly Emitter: new (sender: EventSender) => E & EmitterBase;
  /** Decodes one, and tells who listens. */
  readonly hear: (event: IncomingEvent<E>) => void;
}

/**
 * An interface as a value, made by the generator, with methods `T` and events `E`. Everything in it is for
 * the bindings.
 */
export interface Interface<T extends object, E extends object = object>
  extends InterfaceNames {
  /** The class whose instances call it. */
  readonly Remote: new (pipe: MessagePipe, options?: RemoteOptions) => T & RemoteBase<E>;
  /** Decodes one message, calls the method, sees to the answer. */
  readonly dispatch: (impl: Implementation<T>, call: Incoming) => void;
  /** Its events; missing when it has none. */
  readonly events?: EventTable<E>;
}

/** Arrays of numbers, as they arrive. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Arguments as they arrive: what several types can be sent as arrives as one of them. */
export type Received<A extends readonly unknown[]> = {
  [I in keyof A]: [Extract<A[I], ReadableStream<unknown>>] extends [never]
    ? [Extract<A[I], NumberArray>] extends [never] ? A[I]
    : Exclude<A[I], readonly number[] | readonly bigint[]>
    : Extract<A[I], ReadableStream<unknown> | undefined>;
};

/** What an implementation may answer with for what its caller gets. */
export type Answer<R> = R extends Promise<infer Value> ? Value | Promise<Value>
  : R extends ReadableStream<infer Item>
    ? StreamSource<Item> | Promise<StreamSource<Item>>
  : R;

/**
 * What implements an interface: its methods, free to answer at once or with a promise. A parameter with a
 * default may be left out by the caller, and is there for the implementation, which may declare it so.
 */
export type Implementation<T> = {
  // A method of an object, taken out again: the types of its parameters are compared both ways.
  [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? { method(...args: Received<A>): Answer<R> }["method"]
    : T[K];
};

/** A message on its way to an implementation, as generated code sees it. */
export interface Incoming {
  /** The number of the method. */
  readonly method: number;
  /** What the method is called, for people. */
  readonly name: string;
  /** Who is told of failures that nobody waits for. */
  readonly owner: Carrier;
  /** Reads the parameters. */
  readonly decoder: Decoder;
  /** Checks that the message has no more bytes than the method allows. */
  limit(maxBytes: number): void;
  /** Checks that all was read and that the kind of call is right. The method may be called after it. */
  accept(twoWay: boolean): void;
  /** Answers with the method's result, once it is there. */
  reply<R>(result: R | Promise<R>, encode: (encoder: Encoder, value: R) => void): void;
  /** As `reply`, for a method that answers one thing or the other, and may throw a `Fail`. */
  result<T, E>(
    call: () => Result<T, E> | Promise<Result<T, E>>,
    encode: (encoder: Encoder, value: Result<T, E>) => void,
  ): void;
  /** Takes the result of a one-way method: a promise may still fail. */
  done(result: unknown): void;
  /** Turns away a method that the interface does not have. */
  unknownMethod(): void;
}

/** An event on its way to those who listen, as generated code sees it. */
export interface IncomingEvent<E extends object> {
  /** The number of the event. */
  readonly method: number;
  /** Reads the parameters. */
  readonly decoder: Decoder;
  /** Checks that the message has no more bytes than the event allows. */
  limit(maxBytes: number): void;
  /** Checks that all was read, and has `call` call each listener. */
  tell<K extends keyof E & string>(event: K, call: (listener: E[K]) => void): void;
  /** Turns away an event that the interface does not have. */
  unknownEvent(): void;
}
