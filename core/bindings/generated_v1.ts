/**
 * The one module that generated code imports. Its shape is versioned: files that were generated long
 * ago keep working while the runtime under them changes.
 *
 * @module
 */
export type {
  Answer,
  CallOptions,
  Implementation,
  Incoming,
  IncomingEvent,
  Interface,
  InterfaceNames,
  NumberArray,
  Received,
} from "./interface.ts";
export type { EventNames, EventTable } from "./interface.ts";
export { RemoteBase } from "./remote.ts";
export type { RemoteControl, RemoteOptions } from "./remote.ts";
export { EmitterBase } from "./emitter.ts";
export type { Carrier } from "./carrier.ts";
export type { EventSender } from "./emitter.ts";
export type { Listening } from "./listeners.ts";
export { Fail } from "./result.ts";
export type { Result } from "./result.ts";
export { PendingEnd, PendingReceiver, PendingRemote } from "./pending.ts";
export type { PendingAssociatedReceiver, PendingAssociatedRemote } from "./pending.ts";
export type { StreamSource } from "./stream_source.ts";
export type { ReadItem } from "./stream_consumer.ts";
export type { WriteItem } from "./stream_producer.ts";
export { readStream, receiveStream, sendStream, writeStream } from "./stream_codec.ts";
export {
  readAssociatedReceiver,
  readAssociatedRemote,
  readBuffer,
  readConn,
  readConsumer,
  readFile,
  readHandle,
  readListener,
  readPendingReceiver,
  readPendingRemote,
  readPipe,
  readPlatform,
  readProducer,
  writeAssociatedReceiver,
  writeAssociatedRemote,
  writeBuffer,
  writeConn,
  writeConsumer,
  writeFile,
  writeHandle,
  writeListener,
  writePendingReceiver,
  writePendingRemote,
  writePipe,
  writePlatform,
  writeProducer,
} from "./handle_codec.ts";
export type { Label } from "../wire/path.ts";
export type { MessageReader } from "../wire/message_reader.ts";
export type { MessageBuffer } from "../wire/message_buffer.ts";
export type { NumberBuffer } from "../wire/number_buffer.ts";
export type { OutputBuffer } from "../wire/output_buffer.ts";
export type { NumberArrays, NumberKind } from "../wire/number_array.ts";
export type { Open } from "./open_enum.ts";
export type { Decoder } from "../wire/decoder.ts";
export type { Encoder } from "../wire/encoder.ts";
export { DataPipeConsumer } from "../system/data_pipe_consumer.ts";
export { DataPipeProducer } from "../system/data_pipe_producer.ts";
export { Handle } from "../system/handle.ts";
export { MessagePipe } from "../system/message_pipe.ts";
export {
  ConnHandle,
  FileHandle,
  ListenerHandle,
  PlatformHandle,
} from "../system/platform_handle.ts";
export { SharedBuffer } from "../system/shared_buffer.ts";
