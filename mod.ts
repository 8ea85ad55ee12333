/**
 * Message-pipe IPC: a program splits itself into processes that hold only the permissions they need,
 * and those talk through typed interfaces, as if to local objects.
 *
 * @module
 */
import { accept, type InvitationSides, send } from "./transports/child.ts";
import { type Child, spawn } from "./transports/spawn.ts";
import type { SpawnOptions } from "./transports/spawn_options.ts";

export { Child } from "./transports/spawn.ts";
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
} from "./transports/child.ts";
export { PermissionError } from "./core/errors.ts";
export type {
  CallOptions,
  Implementation,
  Incoming,
  Interface,
  InterfaceNames,
  InvitationFailure,
  InvitationOptions,
  InvitationSides,
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
  ReceiverOptions,
  RemoteConstructor,
  RemoteControl,
  Result,
  SendOptions,
  SignalsState,
  WaitOptions,
  WaitResult,
} from "./transports/child.ts";

/** Invitations, with the launching of children. */
export interface InvitationMaker extends InvitationSides {
  /**
   * Starts `script` in a process of its own, holding exactly the permissions named, and joins it.
   *
   * Resolves once the child has called `Invitation.accept()`. If it fails to start, exits first or takes
   * too long, the error says so, with its exit code and the end of its standard error, and nothing is
   * left behind.
   *
   * ```ts ignore
   * import { Invitation, Remote } from "@mage/ipc";
   * import { NetworkProcess } from "./network_process.magen.ts";
   *
   * await using child = await Invitation.spawn(new URL("./network_process.ts", import.meta.url), {
   *   permissions: { net: ["example.com:443"] },
   * });
   * using network = new Remote(NetworkProcess, child.pipe);
   * const { status } = await network.fetchURL("https://example.com/");
   * ```
   *
   * @throws {PermissionError} when this process lacks a permission for it; names the flag to add
   * @throws {InvitationError} when the child does not join
   */
  spawn(script: string | URL, options?: SpawnOptions): Promise<Child>;
}

/** How one process brings in another. */
export const Invitation: InvitationMaker = { spawn, accept, send };
