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
  checkIsolated,
  type Joined,
  pipeNames,
  sendInvitation,
  type Standing,
} from "../core/system/invitation.ts";
import { ownRuntime } from "../core/system/node_runtime.ts";
import type { Meeter, Transport } from "../core/transport.ts";
import {
  ConnTransport,
  type PathRendezvous,
  readRendezvous,
  socketPermissions,
} from "./unix.ts";

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
export type { SignalsState } from "../core/system/signal.ts";
export { RESULTS } from "../core/result.ts";
export type { Result } from "../core/result.ts";
export { Joined } from "../core/system/invitation.ts";
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
  /**
   * The message port to use instead, which is consumed; nobody may have listened to it. A port does not
   * tell when the worker at its other end is gone: whoever learns of it calls `abort` on what was joined.
   */
  readonly port?: MessagePort;
  /** Gives up when it fires, as long as the other side has not joined. */
  readonly signal?: AbortSignal;
  /** What the other side may cost. Default: `trusted` towards an inviter, `child` towards an invitee. */
  readonly limits?: Partial<Limits>;
  /**
   * Whether this process ends when the launcher does: at once when nothing is left to do, after a
   * tenth of a second otherwise. Default true; with `conn` and `port` never.
   */
  readonly exitWithLauncher?: boolean;
}

/** Options of the inviting side. */
export interface SendOptions extends InvitationOptions {
  /**
   * Whether the two sides stay in networks of their own. Neither joins the other, both may be members or
   * have members, and no third process becomes known over their link: whatever is passed on through it is
   * served by the two, as long as both live. There is exactly one pipe.
   *
   * ```ts ignore
   * const { pipe } = await Invitation.send({ conn, isolated: true });
   * using plugin = new Remote(Plugin, pipe);
   * ```
   */
  readonly isolated?: boolean;
  /** Names of pipes to hand over besides `main`. */
  readonly pipes?: readonly string[];
}

/** The two sides of an invitation. */
export interface InvitationSides {
  /**
   * Joins whoever invites and receives the endpoints of the invitation.
   *
   * In a child it takes no argument: what leads to the launcher comes over standard input, the
   * permissions that only joining needed are given back, and the process ends when the launcher is gone.
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
  const reached = await reach(options, "accept");
  const { transport, standing } = reached;
  return await join(
    reached,
    options,
    acceptInvitation(ownRuntime(), transport, limits, standing ?? undefined),
  );
}

/** See {@linkcode InvitationSides.send}. */
export async function send(options: SendOptions = {}): Promise<Joined> {
  const limits = resolveLimits(options.limits, LIMITS.child);
  const { isolated = false } = options;
  if (isolated) checkIsolated(options);
  const names = pipeNames(options.pipes);
  const reached = await reach(options, "send");
  const { transport, standing } = reached;
  return await join(
    reached,
    options,
    sendInvitation(ownRuntime(), transport, names, limits, {
      role: "member",
      ...standing,
      isolated,
    }),
  );
}

/** The other side, and what it is to this one if it is the launcher. */
interface Reached {
  readonly transport: Transport;
  readonly standing: Standing | null;
}

// What only some need is imported when they do: a child's start is its imports.
async function reach(options: InvitationOptions, what: string): Promise<Reached> {
  const { conn, port } = options;
  if (conn !== undefined && port !== undefined) {
    throw new TypeError(
      "Options 'conn' and 'port' are two ways to join: pass one of them",
    );
  }
  if (conn !== undefined) return { transport: new ConnTransport(conn), standing: null };
  if (port !== undefined) {
    const { MessagePortTransport } = await import("./message_port.ts");
    return { transport: new MessagePortTransport(port), standing: null };
  }
  const role = "broker";
  if ("WorkerGlobalScope" in globalThis) {
    const { isSpawnedWorker, joinLauncher } = await import("./worker_child.ts");
    if (isSpawnedWorker()) {
      const { transport, meeter } = await joinLauncher(options.signal);
      return { transport, standing: { role, meeter } };
    }
  }
  const rendezvous = Deno.stdin.isTerminal() ? null : readRendezvous(readStdin);
  if (rendezvous === null) {
    throw new InvitationError(
      "not-started",
      `Cannot ${what} invitation: standard input holds none; start this program with Invitation.spawn, or pass 'conn' or 'port'`,
    );
  }
  if ("lastDescriptor" in rendezvous) {
    const { SocketTransport } = await import("./socket.ts");
    const meeter = lazily(async () => {
      const { InheritedMeeter } = await import("./inherited_meeter.ts");
      return new InheritedMeeter(rendezvous.lastDescriptor);
    });
    return { transport: SocketTransport.adopt(3), standing: { role, meeter } };
  }
  const meeter = lazily(async () => new (await import("./unix_meeter.ts")).UnixMeeter());
  return { transport: await connect(rendezvous), standing: { role, meeter } };
}

/** A meeter that is made when the first meeting needs it. */
function lazily(make: () => Promise<Meeter>): Meeter {
  let making: Promise<Meeter> | undefined;
  return {
    meet: async (...meeting) => await (await (making ??= make())).meet(...meeting),
  };
}

async function connect({ path, token, revoke }: PathRendezvous): Promise<Transport> {
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
  { transport, standing }: Reached,
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
  if (standing !== null && options.exitWithLauncher !== false) {
    joined.closed.then(() =>
      Deno.unrefTimer(setTimeout(() => Deno.exit(), EXIT_GRACE_MS))
    );
  }
  return joined;
}
