/**
 * Message-pipe IPC: a program splits itself into processes that hold only the permissions they need,
 * and those talk through typed interfaces, as if to local objects.
 *
 * @module
 */
export { Child, Invitation } from "./transports/spawn.ts";
export type { SpawnOptions } from "./transports/spawn_options.ts";
export type { ChildPermissions } from "./transports/permissions.ts";
export {
  BadMessageError,
  createMessagePipe,
  Handle,
  InvitationError,
  IpcError,
  Joined,
  LimitError,
  LIMITS,
  Message,
  MessagePipe,
  MisuseError,
  PipeClosedError,
  PipeLostError,
  Receiver,
  Remote,
  RemoteError,
  RESULTS,
  Signal,
  signalNames,
  Watcher,
} from "./transports/child.ts";
export { PermissionError } from "./core/errors.ts";
export type {
  ArmResult,
  CallOptions,
  Implementation,
  Incoming,
  Interface,
  InterfaceNames,
  InvitationFailure,
  InvitationOptions,
  IpcErrorCode,
  Limits,
  LinkEnd,
  MessageSizes,
  NothingToRead,
  QueryResult,
  Quota,
  QuotaType,
  ReadOptions,
  ReadResult,
  ReadyWatch,
  ReceiverOptions,
  RemoteConstructor,
  RemoteControl,
  Result,
  SendOptions,
  SignalCondition,
  SignalsState,
  WaitOptions,
  WaitResult,
  WatchEvent,
} from "./transports/child.ts";
