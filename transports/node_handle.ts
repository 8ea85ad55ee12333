/**
 * What a socket or a listener of `node:net` has beneath it: a handle of its own, with which it can be had
 * without anybody reading from it or accepting on it, and duplicated as a descriptor. `node:net` need not be
 * loaded for that.
 *
 * @module
 */
import type { Server, Socket, SocketConstructorOpts } from "node:net";

/** An address as `node:net` tells it. */
interface NodeAddress {
  address?: string;
  port?: number;
}

/** What is beneath. */
export interface RawHandle {
  /** A duplicate of its descriptor, which belongs to the caller. Negative if there are too many. */
  fdForIpc(): number;
  /** Closes it. */
  close(): void;
  /** Where it is; only a TCP one can tell. */
  getsockname?(into: NodeAddress): number;
  /** Where it leads to. */
  getpeername?(into: NodeAddress): number;
}

/** The class of one, which `node:net` does not name. */
type RawClass = new (kind: number) => RawHandle & {
  open(descriptor: number): number;
};

/** A descriptor of this process that belongs to whoever has this. */
export interface OwnDescriptor {
  /** Its number. */
  readonly number: number;
  /** Closes it. */
  close(): void;
}

/** What a handle is for: one that is not for it would never tell of a connection that has come in. */
export const RawKind = { Socket: 0, Listener: 1 } as const;

/** Another descriptor of the same; `null` if there are too many. */
export function duplicate(raw: RawHandle): OwnDescriptor | null {
  const number = raw.fdForIpc();
  if (number < 0) return null;
  // Nothing but such a handle closes a descriptor that nobody has opened by a name.
  return { number, close: () => open(raw, number)?.close() };
}

/** A handle that stands for the same and that nobody else has; `null` if there are too many descriptors. */
export function fresh(raw: RawHandle, kind: number): RawHandle | null {
  const number = raw.fdForIpc();
  return number < 0 ? null : open(raw, number, kind);
}

/** The handle beneath `owner`; `null` if it has none, or one that is no socket of the operating system. */
export function rawOf(owner: object): RawHandle | null {
  const { _handle: raw } = owner as { _handle?: Partial<RawHandle> | null };
  return typeof raw?.fdForIpc === "function" ? raw as RawHandle : null;
}

/** Adopts a descriptor, which nothing else may use. Nothing is read from it, and nothing accepted. */
export async function adoptDescriptor(fd: number, kind: number): Promise<RawHandle> {
  const { Socket } = await import("node:net");
  const socket = new Socket({ fd, pauseOnCreate: true } as SocketConstructorOpts);
  const raw = rawOf(socket);
  if (raw === null) throw new TypeError("it is no socket");
  // ORDER: without its handle it closes nothing.
  (socket as unknown as { _handle: unknown })._handle = null;
  socket.on("error", () => {}).destroy();
  if (kind === RawKind.Socket) return raw;
  const own = fresh(raw, kind);
  raw.close();
  if (own === null) throw new TypeError("there are too many descriptors");
  return own;
}

/** Where `raw` is, or leads to. The path of a Unix socket is not known. */
export function addressOf(
  raw: RawHandle,
  which: "getsockname" | "getpeername",
): Deno.Addr {
  const into: NodeAddress = {};
  if (raw[which] === undefined) return unixAddress(null);
  raw[which](into);
  return { transport: "tcp", hostname: into.address ?? "", port: into.port ?? 0 };
}

/** Where the listener `server` listens. */
export function listeningAddress(server: Server, raw: RawHandle): Deno.Addr {
  const address = server.address();
  return typeof address === "string"
    ? unixAddress(address)
    : addressOf(raw, "getsockname");
}

/** Whether what is sent over it is more than its bytes. */
export function isEncrypted(owner: Socket | Server): boolean {
  return "encrypted" in owner || "setSecureContext" in owner;
}

function unixAddress(path: string | null): Deno.UnixAddr {
  return { transport: "unix", path } as unknown as Deno.UnixAddr;
}

function open(
  like: RawHandle,
  number: number,
  kind: number = RawKind.Socket,
): RawHandle | null {
  const raw = new (like.constructor as RawClass)(kind);
  return raw.open(number) === 0 ? raw : null;
}
