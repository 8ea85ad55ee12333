/**
 * What a generated interface is at run time, and what its code sees of a call.
 *
 * @module
 */
import type { MessagePipe } from "../system/message_pipe.ts";
import type { Decoder } from "../wire/decoder.ts";
import type { Encoder } from "../wire/encoder.ts";
import type { RemoteBase } from "./remote.ts";

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
}

/** An interface as a value, made by the generator. Everything in it is for the bindings. */
export interface Interface<T extends object> extends InterfaceNames {
  /** The class whose instances call it. */
  readonly Remote: new (pipe: MessagePipe) => T & RemoteBase;
  /** Decodes one message, calls the method, sees to the answer. */
  readonly dispatch: (impl: Implementation<T>, call: Incoming) => void;
}

/** What implements an interface: its methods, free to answer at once or with a promise. */
export type Implementation<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R>
    ? (...args: A) => R | Promise<R>
    : T[K];
};

/** A message on its way to an implementation, as generated code sees it. */
export interface Incoming {
  /** The number of the method. */
  readonly method: number;
  /** Reads the parameters. */
  readonly decoder: Decoder;
  /** Checks that all was read and that the kind of call is right. The method may be called after it. */
  accept(twoWay: boolean): void;
  /** Answers with the method's result, once it is there. */
  reply<R>(result: R | Promise<R>, encode: (encoder: Encoder, value: R) => void): void;
  /** Takes the result of a one-way method: a promise may still fail. */
  done(result: unknown): void;
  /** Turns away a method that the interface does not have. */
  unknownMethod(): never;
}
