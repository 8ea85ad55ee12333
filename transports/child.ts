/**
 * The entry for a program that is started by `Invitation.spawn`. It reaches only what such a program
 * needs, because what a child imports is what its start costs. Everything here is in `@mage/ipc` too,
 * under the same names.
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
import { InvitationError } from "../core/errors.ts";
import { LIMITS, type Limits, resolveLimits } from "../core/limits.ts";
import {
  acceptInvitation,
  type Joined,
  pipeNames,
  sendInvitation,
} from "../core/system/invitation.ts";
import { ownRuntime } from "../core/system/node_runtime.ts";
import type { Transport } from "../core/transport.ts";
import { ConnTransport, readRendezvous, socketPermissions } from "./unix.ts";

export { Receiver } from "../core/bindings/receiver.ts";
export type { ReceiverOptions } from "../core/bindings/receiver.ts";
export { Remote } from "../core/bindings/remote.ts";
export type { RemoteConstructor, RemoteControl } from "../core/bindings/remote.ts";
export type {
  CallOptions,
  Implementation,
  Incoming,
  Interface,
  InterfaceNames,
} from "../core/bindings/interface.ts";
export { createMessagePipe } from "../core/system/node_runtime.ts";
export { MessagePipe } from "../core/system/message_pipe.ts";
export type { Message, ReadResult } from "../core/system/message_pipe.ts";
export { Joined } from "../core/system/invitation.ts";
export type { LinkEnd } from "../core/system/pump.ts";
export { LIMITS } from "../core/limits.ts";
export type { Limits } from "../core/limits.ts";
export {
  BadMessageError,
  InvitationError,
  IpcError,
  LimitError,
  PipeClosedError,
  PipeLostError,
  RemoteError,
} from "../core/errors.ts";
export type { InvitationFailure, IpcErrorCode } from "../core/errors.ts";

/** How long a child whose launcher is gone may take to end by itself, in milliseconds. */
const EXIT_GRACE_MS = 100;

/** Options of both sides of an invitation. */
export interface InvitationOptions {
  /**
   * The connected socket to use, which is consumed. Default: the one to the launcher of this program,
   * which has to be `Invitation.spawn`.
   */
  readonly conn?: Deno.Conn;
  /** Gives up when it fires, as long as the other side has not joined. */
  readonly signal?: AbortSignal;
  /** What the other side may cost. Default: `trusted` towards an inviter, `child` towards an invitee. */
  readonly limits?: Partial<Limits>;
  /**
   * Whether this process ends when the launcher does: at once when nothing is left to do, after a
   * tenth of a second otherwise. Default true; with `conn` never.
   */
  readonly exitWithLauncher?: boolean;
}

/** Options of the inviting side. */
export interface SendOptions extends InvitationOptions {
  /** Names of pipes to hand over besides `main`. */
  readonly pipes?: readonly string[];
}

/** The two sides of an invitation. */
export interface InvitationSides {
  /**
   * Joins whoever invites and receives the endpoints of the invitation.
   *
   * In a child it takes no argument: path and secret come over standard input, the permissions that
   * only joining needed are given back, and the process ends when the launcher is gone.
   *
   * @throws {InvitationError} when nobody invites, or the handshake fails
   */
  accept(options?: InvitationOptions): Promise<Joined>;
  /**
   * Invites whoever accepts at the other end, and hands over one end of each pipe. As in Mage, parent
   * and child may be either.
   *
   * @throws {InvitationError} when the handshake fails
   */
  send(options?: SendOptions): Promise<Joined>;
}

/** Invitations: how one process joins another. */
export const Invitation: InvitationSides = { accept, send };

/** See {@linkcode InvitationSides.accept}. */
export async function accept(options: InvitationOptions = {}): Promise<Joined> {
  const limits = resolveLimits(options.limits, LIMITS.trusted);
  const transport = await reach(options, "accept");
  return await join(
    transport,
    options,
    acceptInvitation(ownRuntime(), transport, limits),
  );
}

/** See {@linkcode InvitationSides.send}. */
export async function send(options: SendOptions = {}): Promise<Joined> {
  const limits = resolveLimits(options.limits, LIMITS.child);
  const names = pipeNames(options.pipes);
  const transport = await reach(options, "send");
  return await join(
    transport,
    options,
    sendInvitation(ownRuntime(), transport, names, limits),
  );
}

async function reach(options: InvitationOptions, what: string): Promise<Transport> {
  if (options.conn !== undefined) return new ConnTransport(options.conn);
  const rendezvous = Deno.stdin.isTerminal() ? null : readRendezvous(readStdin);
  if (rendezvous === null) {
    throw new InvitationError(
      "not-started",
      `Cannot ${what} invitation: standard input holds none; start this program with Invitation.spawn, or pass 'conn'`,
    );
  }
  const { path, token, revoke } = rendezvous;
  let conn: Deno.Conn;
  try {
    conn = await Deno.connect({ transport: "unix", path });
    for (let at = 0; at < token.length;) at += await conn.write(token.subarray(at));
  } catch (cause) {
    throw new InvitationError("disconnected", "The launcher of this program is gone", {
      cause,
    });
  }
  const [read, write, net] = [path, path, socketPermissions(path).net[0]];
  if (revoke.read) Deno.permissions.revokeSync({ name: "read", path: read });
  if (revoke.write) Deno.permissions.revokeSync({ name: "write", path: write });
  if (revoke.net) Deno.permissions.revokeSync({ name: "net", host: net });
  return new ConnTransport(conn);
}

function readStdin(into: Uint8Array): boolean {
  for (let at = 0; at < into.length;) {
    const count = Deno.stdin.readSync(into.subarray(at));
    if (count === null) return false;
    at += count;
  }
  return true;
}

async function join(
  transport: Transport,
  options: InvitationOptions,
  joining: Promise<Joined>,
): Promise<Joined> {
  const { signal } = options;
  const aborted = () => transport.close();
  signal?.addEventListener("abort", aborted, { once: true });
  if (signal?.aborted) aborted();
  let joined: Joined;
  try {
    joined = await joining;
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", aborted);
  }
  if (options.conn === undefined && options.exitWithLauncher !== false) {
    joined.closed.then(() =>
      Deno.unrefTimer(setTimeout(() => Deno.exit(), EXIT_GRACE_MS))
    );
  }
  return joined;
}
