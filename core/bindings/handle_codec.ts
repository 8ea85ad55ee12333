/**
 * Readers and writers of handles, one of each for every kind, so that what is not used is not loaded.
 *
 * A handle is written as its place among those of the message. Writing consumes it once the message is
 * sent, and not before.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import { DataPipeConsumer } from "../system/data_pipe_consumer.ts";
import { DataPipeProducer } from "../system/data_pipe_producer.ts";
import { Handle } from "../system/handle.ts";
import { MessagePipe } from "../system/message_pipe.ts";
import {
  ConnHandle,
  FileHandle,
  ListenerHandle,
  PlatformHandle,
} from "../system/platform_handle.ts";
import { SharedBuffer } from "../system/shared_buffer.ts";
import type { Decoder } from "../wire/decoder.ts";
import type { Encoder } from "../wire/encoder.ts";
import type { Label } from "../wire/path.ts";
import type { Carrier } from "./carrier.ts";
import {
  type PendingAssociatedReceiver,
  type PendingAssociatedRemote,
  PendingReceiver,
  PendingRemote,
} from "./pending.ts";

type Kind<T> = abstract new (...args: never[]) => T;

function write(encoder: Encoder, value: Handle, label: Label, kind: Kind<Handle>): void {
  const path = encoder.pathTo(label);
  if (!(value instanceof kind)) throw refusal(path, `it must be a ${kind.name}`);
  (encoder.owner as Carrier).attach(encoder, value, path);
}

function read<T extends Handle>(decoder: Decoder, label: Label, kind: Kind<T>): T {
  const handle = decoder.handle(label);
  return handle instanceof kind ? handle : decoder.fail("handle-kind", label);
}

/** The error for a value that cannot be sent as a handle. */
export function refusal(path: string, why: string): MisuseError {
  return new MisuseError(
    "INVALID_ARGUMENT",
    `Cannot send argument '${path}': ${why}`,
  );
}

/** Attaches a handle of any kind. */
export function writeHandle(encoder: Encoder, value: Handle, label: Label): void {
  write(encoder, value, label, Handle);
}

/** Takes the next handle, of any kind. */
export function readHandle(decoder: Decoder, label: Label): Handle {
  return read(decoder, label, Handle);
}

/** Attaches an endpoint. */
export function writePipe(encoder: Encoder, value: MessagePipe, label: Label): void {
  write(encoder, value, label, MessagePipe);
}

/** Takes the next handle, an endpoint. */
export function readPipe(decoder: Decoder, label: Label = ""): MessagePipe {
  return read(decoder, label, MessagePipe);
}

/** Attaches the producer of a data pipe. */
export function writeProducer(
  encoder: Encoder,
  value: DataPipeProducer,
  label: Label,
): void {
  write(encoder, value, label, DataPipeProducer);
}

/** Takes the next handle, the producer of a data pipe. */
export function readProducer(decoder: Decoder, label: Label): DataPipeProducer {
  return read(decoder, label, DataPipeProducer);
}

/** Attaches the consumer of a data pipe. */
export function writeConsumer(
  encoder: Encoder,
  value: DataPipeConsumer,
  label: Label,
): void {
  write(encoder, value, label, DataPipeConsumer);
}

/** Takes the next handle, the consumer of a data pipe. */
export function readConsumer(decoder: Decoder, label: Label): DataPipeConsumer {
  return read(decoder, label, DataPipeConsumer);
}

/** Attaches a shared buffer. */
export function writeBuffer(encoder: Encoder, value: SharedBuffer, label: Label): void {
  write(encoder, value, label, SharedBuffer);
}

/** Takes the next handle, a shared buffer. */
export function readBuffer(decoder: Decoder, label: Label): SharedBuffer {
  return read(decoder, label, SharedBuffer);
}

/** Attaches a platform handle of any type. */
export function writePlatform(
  encoder: Encoder,
  value: PlatformHandle,
  label: Label,
): void {
  write(encoder, value, label, PlatformHandle);
}

/** Takes the next handle, a platform handle of any type. */
export function readPlatform(decoder: Decoder, label: Label): PlatformHandle {
  return read(decoder, label, PlatformHandle);
}

/** Attaches a handle on a file. */
export function writeFile(encoder: Encoder, value: FileHandle, label: Label): void {
  write(encoder, value, label, FileHandle);
}

/** Takes the next handle, one on a file. */
export function readFile(decoder: Decoder, label: Label): FileHandle {
  return read(decoder, label, FileHandle);
}

/** Attaches a handle on a connection. */
export function writeConn(encoder: Encoder, value: ConnHandle, label: Label): void {
  write(encoder, value, label, ConnHandle);
}

/** Takes the next handle, one on a connection. */
export function readConn(decoder: Decoder, label: Label): ConnHandle {
  return read(decoder, label, ConnHandle);
}

/** Attaches a handle on a listener. */
export function writeListener(
  encoder: Encoder,
  value: ListenerHandle,
  label: Label,
): void {
  write(encoder, value, label, ListenerHandle);
}

/** Takes the next handle, one on a listener. */
export function readListener(decoder: Decoder, label: Label): ListenerHandle {
  return read(decoder, label, ListenerHandle);
}

/** Attaches the calling end of an interface. */
export function writePendingRemote<T extends object>(
  encoder: Encoder,
  value: PendingRemote<T>,
  label: Label,
): void {
  if (!(value instanceof PendingRemote)) {
    throw refusal(encoder.pathTo(label), "it must be a PendingRemote");
  }
  writePipe(encoder, value.pipe, label);
}

/** Takes the next handle, the calling end of an interface. */
export function readPendingRemote<T extends object>(
  decoder: Decoder,
  label: Label,
): PendingRemote<T> {
  return new PendingRemote<T>(readPipe(decoder, label));
}

/** Attaches the called end of an interface. */
export function writePendingReceiver<T extends object>(
  encoder: Encoder,
  value: PendingReceiver<T>,
  label: Label,
): void {
  if (!(value instanceof PendingReceiver)) {
    throw refusal(encoder.pathTo(label), "it must be a PendingReceiver");
  }
  writePipe(encoder, value.pipe, label);
}

/** Takes the next handle, the called end of an interface. */
export function readPendingReceiver<T extends object>(
  decoder: Decoder,
  label: Label,
): PendingReceiver<T> {
  return new PendingReceiver<T>(readPipe(decoder, label));
}

function notYet(encoder: Encoder, label: Label, instead: string): MisuseError {
  return new MisuseError(
    "UNIMPLEMENTED",
    `Cannot send argument '${
      encoder.pathTo(label)
    }': associated interfaces cannot be sent yet; use ${instead}`,
  );
}

/** Refuses: nothing shares a pipe yet. */
export function writeAssociatedRemote<T extends object>(
  encoder: Encoder,
  _value: PendingAssociatedRemote<T>,
  label: Label,
): void {
  throw notYet(encoder, label, "pending_remote");
}

/** Refuses: nobody can have sent one. */
export function readAssociatedRemote<T extends object>(
  decoder: Decoder,
  label: Label,
): PendingAssociatedRemote<T> {
  return decoder.fail("associated", label);
}

/** Refuses: nothing shares a pipe yet. */
export function writeAssociatedReceiver<T extends object>(
  encoder: Encoder,
  _value: PendingAssociatedReceiver<T>,
  label: Label,
): void {
  throw notYet(encoder, label, "pending_receiver");
}

/** Refuses: nobody can have sent one. */
export function readAssociatedReceiver<T extends object>(
  decoder: Decoder,
  label: Label,
): PendingAssociatedReceiver<T> {
  return decoder.fail("associated", label);
}
