/**
 * What generated codecs import, for objects that stand for handles.
 *
 * @module
 */
import type { Decoder } from "../../core/wire/decoder.ts";
import type { Encoder } from "../../core/wire/encoder.ts";

export type { Decoder, Encoder };

/** The outcome of a method. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** Stands for a handle of any kind. */
export class Token {
  /** What it stands for. */
  readonly kind: string;
  /** How often it was closed. */
  closed = 0;

  /** Makes one. */
  constructor(kind: string) {
    this.kind = kind;
  }

  /** Closes it. */
  close(): void {
    this.closed++;
  }
}

type Label = string | number;

type Write = (w: Encoder, value: unknown, label: Label) => void;
type Read = <_T>(r: Decoder, label: Label) => Token;

function writerOf(kind: string): Write {
  return (w, value, label) => {
    if (!(value instanceof Token) || (value.kind !== kind && kind !== "any")) {
      throw w.wrongType(`a ${kind}`, value, label);
    }
    w.handle(value);
  };
}

function readerOf(kind: string): Read {
  return (r, label) => {
    const handle = r.handle(label) as Token;
    if (handle.kind !== kind && kind !== "any") r.fail("handle-kind", label);
    return handle;
  };
}

export const writeHandle: Write = writerOf("any");
export const readHandle: Read = readerOf("any");
export const writePipe: Write = writerOf("pipe");
export const readPipe: Read = readerOf("pipe");
export const writeProducer: Write = writerOf("producer");
export const readProducer: Read = readerOf("producer");
export const writeConsumer: Write = writerOf("consumer");
export const readConsumer: Read = readerOf("consumer");
export const writeBuffer: Write = writerOf("buffer");
export const readBuffer: Read = readerOf("buffer");
export const writePlatform: Write = writerOf("platform");
export const readPlatform: Read = readerOf("platform");
export const writeFile: Write = writerOf("file");
export const readFile: Read = readerOf("file");
export const writeConn: Write = writerOf("conn");
export const readConn: Read = readerOf("conn");
export const writeListener: Write = writerOf("listener");
export const readListener: Read = readerOf("listener");
export const writePendingRemote: Write = writerOf("remote");
export const readPendingRemote: Read = readerOf("remote");
export const writePendingReceiver: Write = writerOf("receiver");
export const readPendingReceiver: Read = readerOf("receiver");
export const writeAssociatedRemote: Write = writerOf("associated remote");
export const readAssociatedRemote: Read = readerOf("associated remote");
export const writeAssociatedReceiver: Write = writerOf("associated receiver");
export const readAssociatedReceiver: Read = readerOf("associated receiver");

/** Stands for a stream: what is attached for it, and how its items are written and read. */
export class StreamToken extends Token {
  /** Writes an item as the stream would. */
  write: ((w: Encoder, item: never, label: Label) => void) | undefined;
  /** Reads one. */
  read: ((r: Decoder, label: Label) => unknown) | undefined;

  /** Makes one. */
  constructor() {
    super("stream");
  }
}

/** Attaches a stream, and tells it how its items are written. */
export function writeStream<T>(
  w: Encoder,
  value: ReadableStream<T>,
  label: Label,
  write: (w: Encoder, item: T, label: Label) => void,
): void {
  const given: unknown = value;
  if (!(given instanceof StreamToken)) throw w.wrongType("a stream", value, label);
  given.write = write;
  w.handle(given);
}

/** Takes a stream, and tells it how its items are read. */
export function readStream<T>(
  r: Decoder,
  label: Label,
  read: (r: Decoder, label: Label) => T,
): ReadableStream<T> {
  const handle = r.handle(label);
  if (!(handle instanceof StreamToken)) return r.fail("handle-kind", label);
  handle.read = read;
  return handle as never;
}

export type MessagePipe = Token;
export type DataPipeProducer = Token;
export type DataPipeConsumer = Token;
export type SharedBuffer = Token;
export type PlatformHandle = Token;
export type FileHandle = Token;
export type ConnHandle = Token;
export type ListenerHandle = Token;
export type Handle = Token;
export type PendingRemote<_T> = Token;
export type PendingReceiver<_T> = Token;
export type PendingAssociatedRemote<_T> = Token;
export type PendingAssociatedReceiver<_T> = Token;
