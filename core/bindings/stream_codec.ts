/**
 * Readers and writers of streams: each goes over a pipe of its own, one end of which is in the message.
 *
 * @module
 */
import type { MessagePipe } from "../system/message_pipe.ts";
import type { Decoder } from "../wire/decoder.ts";
import type { Encoder } from "../wire/encoder.ts";
import type { Label } from "../wire/path.ts";
import { type Carrier, whenSent } from "./carrier.ts";
import { readPipe, refusal } from "./handle_codec.ts";
import type { Incoming } from "./interface.ts";
import { consume, type ReadItem } from "./stream_consumer.ts";
import { produce, type WriteItem } from "./stream_producer.ts";
import { sourceFault, type StreamSource } from "./stream_source.ts";

/** Attaches the receiving end of a stream. Its items are taken once the message was sent. */
export function writeStream<T>(
  encoder: Encoder,
  value: StreamSource<T>,
  label: Label,
  write: WriteItem<T>,
): void {
  const path = encoder.pathTo(label), fault = sourceFault(value);
  if (fault !== null) throw refusal(path, fault);
  const carrier = encoder.owner as Carrier, [near, far] = carrier.createPipe();
  whenSent(near, far, () => {
    produce(near, value, write, carrier, `The stream '${path}'`);
  });
  carrier.attach(encoder, far, path);
}

/** Takes the next handle, the receiving end of a stream. */
export function readStream<T>(
  decoder: Decoder,
  label: Label,
  read: ReadItem<T>,
): ReadableStream<T> {
  return consume(readPipe(decoder, label), read, `The stream '${label}'`);
}

/** What comes over the pipe that was made for the answer of a method. `what` names the method in errors. */
export function receiveStream<T>(
  near: MessagePipe,
  read: ReadItem<T>,
  what: string,
): ReadableStream<T> {
  return consume(near, read, what);
}

/** Sends what a method returns over the pipe that came with the call. */
export function sendStream<T>(
  call: Incoming,
  far: MessagePipe,
  invoke: () => StreamSource<T> | Promise<StreamSource<T>>,
  write: WriteItem<T>,
): void {
  let source: StreamSource<T> | Promise<StreamSource<T>>;
  try {
    source = invoke();
  } catch (error) {
    // As if it had thrown when it was asked for the first item.
    source = Promise.reject(error);
  }
  produce(far, source, write, call.owner, call.name);
}
