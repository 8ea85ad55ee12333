/**
 * A runtime for generated code that has no pipes: each call is encoded, decoded and dispatched on the
 * spot, with the real encoder and decoder. It shows what the generated code does, and nothing else.
 *
 * @module
 */
import { Decoder } from "../../core/wire/decoder.ts";
import { Encoder } from "../../core/wire/encoder.ts";

export { Decoder, Encoder };

/** Options of a call; the loopback ignores them. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Stands for one endpoint: it leads straight to an implementation. */
export class MessagePipe {
  /** What calls are dispatched to. */
  readonly target: object;
  /** The last message, for tests that look at its bytes. */
  lastMessage: Uint8Array<ArrayBuffer> = new Uint8Array();

  constructor(target: object = {}) {
    this.target = target;
  }
}

/** An implementation may answer at once or later. */
export type Implementation<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R>
    ? (...args: A) => R | Promise<R>
    : T[K];
};

/** A generated interface. */
export interface Interface<T extends object> {
  readonly name: string;
  readonly methods: readonly (readonly [id: number, name: string])[];
  readonly Remote: new (pipe: MessagePipe) => T & RemoteBase;
  readonly dispatch: (impl: Implementation<T>, call: Incoming) => void;
}

/** A call that has arrived. */
export interface Incoming {
  readonly method: number;
  readonly decoder: Decoder;
  accept(twoWay: boolean): void;
  reply<R>(result: R | Promise<R>, encode: (w: Encoder, value: R) => void): void;
  done(result: unknown): void;
  unknownMethod(): never;
}

const MAX_BYTES = 1 << 24;

/** Takes the open message out of an encoder, as a decoder that is about to read it. */
function arrive(w: Encoder, pipe: MessagePipe): Decoder {
  w.finishMessage(1);
  const handles = [...w.handles];
  const end = w.at;
  w.open = false;
  const bytes = w.bytes.slice(0, end);
  pipe.lastMessage = bytes;
  const decoder = new Decoder();
  decoder.begin(bytes, new DataView(bytes.buffer), 0, end, handles);
  return decoder;
}

/** The base of generated remotes. */
export abstract class RemoteBase {
  // deno-lint-ignore no-explicit-any
  readonly #iface: Interface<any>;
  readonly #pipe: MessagePipe;

  // deno-lint-ignore no-explicit-any
  constructor(iface: Interface<any>, pipe: MessagePipe) {
    this.#iface = iface;
    this.#pipe = pipe;
  }

  protected $begin(method: number, twoWay: boolean): Encoder {
    const w = new Encoder(MAX_BYTES, 64);
    w.beginMessage(0, method, twoWay ? 1 : 0);
    return w;
  }

  protected $send(w: Encoder): void {
    this.#deliver(w, false);
  }

  protected async $call<R>(
    w: Encoder,
    _method: number,
    decode: (r: Decoder) => R,
    _options?: CallOptions,
  ): Promise<R> {
    const answer = await this.#deliver(w, true)!;
    const result = decode(answer);
    answer.finish();
    return result;
  }

  #deliver(w: Encoder, twoWay: boolean): Promise<Decoder> | undefined {
    const pipe = this.#pipe;
    const decoder = arrive(w, pipe);
    let answer: Promise<Decoder> | undefined;
    this.#iface.dispatch(pipe.target as Implementation<object>, {
      method: decoder.method,
      decoder,
      accept(expected: boolean): void {
        decoder.finish();
        if (expected !== twoWay) throw new Error("wrong kind of call");
      },
      reply<R>(result: R | Promise<R>, encode: (w: Encoder, value: R) => void): void {
        answer = Promise.resolve(result).then((value) => {
          const reply = new Encoder(MAX_BYTES, 64);
          reply.beginMessage(0, decoder.method, 2);
          encode(reply, value);
          return arrive(reply, pipe);
        });
      },
      done(): void {},
      unknownMethod(): never {
        throw new Error("unknown method");
      },
    });
    return answer;
  }
}

/** Writes a pipe. */
export function writePipe(w: Encoder, value: MessagePipe, name: string): void {
  if (!(value instanceof MessagePipe)) {
    throw new TypeError(`'${name}' must be a MessagePipe`);
  }
  w.handle(value);
}

/** Reads a pipe. */
export function readPipe(r: Decoder): MessagePipe {
  return r.handle() as MessagePipe;
}
