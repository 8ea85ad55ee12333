/**
 * The entry for a program that is started by `Invitation.spawn`. It reaches only what such a program
 * needs, because what a child imports is what its start costs. Everything here is in `@mage/ipc` too,
 * under the same names. What a program makes for others, with `createSharedFile` and `wrapPlatformHandle`,
 * is only there; a child that does so imports that.
 *
 * ```ts ignore
 * import { Invitation, Receiver } from "@mage/ipc/child";
 * import { NetworkProcess } from "./network_process.magen.ts";
 *
 * const { pipe } = await Invitation.accept();
 * new Receiver(NetworkProcess, { fetchURL }, pipe);
 * ```
 *
 * @module
 */
export { Receiver } from "../core/bindings/receiver.ts";
export type { ReceiverOptions } from "../core/bindings/receiver.ts";
export { Remote } from "../core/bindings/remote.ts";
export type {
  RemoteConstructor,
  RemoteControl,
  RemoteOptions,
} from "../core/bindings/remote.ts";
export type {
  Answer,
  CallOptions,
  EventNames,
  EventTable,
  Implementation,
  Incoming,
  IncomingEvent,
  Interface,
  InterfaceNames,
  NumberArray,
  Received,
} from "../core/bindings/interface.ts";
export type { Carrier } from "../core/bindings/carrier.ts";
export type { EventSender } from "../core/bindings/emitter.ts";
export type { Listening } from "../core/bindings/listeners.ts";
export {
  createInterfacePipe,
  PendingEnd,
  PendingReceiver,
  PendingRemote,
} from "../core/bindings/pending.ts";
export type {
  InterfacePipe,
  PendingAssociatedReceiver,
  PendingAssociatedRemote,
} from "../core/bindings/pending.ts";
export { Fail } from "../core/bindings/result.ts";
export type { Result as CallResult } from "../core/bindings/result.ts";
export type { StreamSource } from "../core/bindings/stream_source.ts";
export type { Open } from "../core/bindings/open_enum.ts";
export type { TypeMap } from "../core/bindings/type_map.ts";
export {
  createDataPipe,
  createMessagePipe,
  createSharedBuffer,
} from "../core/system/node_runtime.ts";
export {
  ConnHandle,
  FileHandle,
  ListenerHandle,
  PlatformHandle,
} from "../core/system/platform_handle.ts";
export type { PlatformHandleType } from "../core/system/platform_handle.ts";
export { unwrapPlatformHandle } from "./serve/unwrapping.ts";
export type { UnwrapOptions } from "./serve/unwrapping.ts";
export type {
  FileRight,
  OpenConn,
  OpenFile,
  OpenListener,
} from "./serve/open_handles.ts";
export {
  FileMapping,
  MAX_SHARED_BUFFER_BYTES,
  MemoryMapping,
} from "../core/system/region.ts";
export type {
  Mapping,
  SharedBufferBacking,
  SharedMapping,
} from "../core/system/region.ts";
export { SharedBuffer } from "../core/system/shared_buffer.ts";
export type { DuplicateOptions, MapOptions } from "../core/system/shared_buffer.ts";
export type { SharedBufferMode } from "../core/system/shared_buffer_end.ts";
export { MAX_DATA_PIPE_CAPACITY } from "../core/system/data_pipe.ts";
export type { DataPipeOptions } from "../core/system/data_pipe.ts";
export { DataPipeConsumer } from "../core/system/data_pipe_consumer.ts";
export type {
  BeginReadResult,
  DataReadOptions,
  DataReadResult,
} from "../core/system/data_pipe_consumer.ts";
export { DataPipeProducer } from "../core/system/data_pipe_producer.ts";
export type {
  BeginWriteResult,
  DataWriteResult,
  NothingWritten,
} from "../core/system/data_pipe_producer.ts";
export {
  notifyBadMessage,
  setDefaultBadMessageHandler,
} from "../core/system/bad_message.ts";
export type { BadMessageHandler, BadMessageReport } from "../core/system/bad_message.ts";
export { fuseMessagePipes } from "../core/system/fuse.ts";
export { Handle } from "../core/system/handle.ts";
export type { WaitOptions, WaitResult } from "../core/system/handle.ts";
export { Message } from "../core/system/message.ts";
export { MessagePipe } from "../core/system/message_pipe.ts";
export type {
  MessageSizes,
  NothingToRead,
  QueryResult,
  ReadOptions,
  ReadResult,
} from "../core/system/message_pipe.ts";
export type { Quota, QuotaType } from "../core/system/quota.ts";
export { Signal, signalNames } from "../core/system/signal.ts";
export type { SignalCondition, SignalsState } from "../core/system/signal.ts";
export { Watcher } from "../core/system/watcher.ts";
export type { ArmResult, ReadyWatch, WatchEvent } from "../core/system/watcher.ts";
export { RESULTS } from "../core/result.ts";
export type { Result } from "../core/result.ts";
export { Invitation } from "./invitation.ts";
export type { InvitationOptions, SendOptions } from "./invitation.ts";
export { Joined } from "../core/system/joined.ts";
export type { LinkEnd } from "../core/system/pump.ts";
export { LIMITS } from "../core/limits.ts";
export type { Limits } from "../core/limits.ts";
export {
  BadMessageError,
  InvitationError,
  IpcError,
  LimitError,
  MisuseError,
  PipeClosedError,
  PipeLostError,
  RemoteError,
  SharedBufferError,
} from "../core/errors.ts";
export type {
  InvitationFailure,
  IpcErrorCode,
  RemoteFailure,
  SharedBufferFailure,
} from "../core/errors.ts";
