/**
 * What of Node can be wrapped, told by what it has: nothing of Node is loaded for who has none of it, and what
 * it takes to use it only when somebody does.
 *
 * @module
 */
import type { Server, Socket } from "node:net";
import { MisuseError } from "../core/errors.ts";
import {
  fresh,
  isEncrypted,
  listeningAddress,
  type RawHandle,
  RawKind,
  rawOf,
} from "./node_handle.ts";
import type { OpenConn, OpenFile, OpenListener } from "./serve/open_handles.ts";

export type { Server, Socket } from "node:net";

/** A file that was opened with `node:fs`. */
export interface NodeFileDescriptor {
  /** Its number, as `openSync` returns it. */
  readonly fd: number;
}

/** What has been taken over: a file, by its number; or what is beneath a socket or a listener. */
export type Taken =
  | { readonly type: "file"; readonly descriptor: number }
  | {
    readonly type: "conn";
    readonly raw: RawHandle;
    /** What was read from it before. */
    readonly early: Uint8Array | null;
  }
  | { readonly type: "listener"; readonly raw: RawHandle; readonly addr: Deno.Addr };

/** The descriptors of files that somebody has. */
export const FILES: Set<number> = new Set();

/** Something of Node that was taken over and nobody has used. */
export class NodeSource {
  /** What it is. */
  readonly taken: Taken;
  /** What was made of it to be used, if it was. */
  native: OpenFile | OpenConn | OpenListener | null = null;

  /** See {@linkcode nodeSource}. */
  constructor(taken: Taken) {
    this.taken = taken;
  }

  /** Closes it. */
  close(): void {
    const { native, taken } = this;
    if (native !== null) native.close();
    else if (taken.type === "file") closeFile(taken.descriptor);
    else taken.raw.close();
  }
}

/**
 * Takes over a socket or a listener of `node:net`, or the number of a file of `node:fs`. `null` if it is nothing
 * of the kind, or closed, and then nothing is taken.
 *
 * @throws {MisuseError} `BUSY` for a socket that something is still to be written to
 */
export function nodeSource(thing: unknown): NodeSource | null {
  if (typeof thing !== "object" || thing === null) return null;
  const taken = take(thing);
  return taken === null ? null : new NodeSource(taken);
}

function take(thing: object): Taken | null {
  const has = (name: string) => name in thing;
  if (has("_handle")) {
    if (has("listening")) return takeServer(thing as Server);
    return has("remoteAddress") ? takeSocket(thing as Socket) : null;
  }
  if (!Object.hasOwn(thing, "fd")) return null;
  const { fd } = thing as NodeFileDescriptor;
  if (!Number.isSafeInteger(fd) || fd < 0 || FILES.has(fd)) return null;
  FILES.add(fd);
  return { type: "file", descriptor: fd };
}

/** Takes over a connected socket, which is closed. `null` if it is none. */
export function takeSocket(socket: Socket): Taken & { type: "conn" } | null {
  const raw = rawOf(socket);
  const isWhole = raw !== null && !isEncrypted(socket) && !socket.destroyed &&
    !socket.connecting && socket.readable && socket.writable &&
    socket.readableEncoding === null;
  if (!isWhole) return null;
  if (socket.writableLength > 0) {
    throw new MisuseError("BUSY", "Cannot wrap conn: it is in the middle of something");
  }
  // A handle of its own: nobody goes on reading from it.
  const own = fresh(raw, RawKind.Socket);
  if (own === null) return null;
  const early: Uint8Array | null = socket.read();
  socket.on("error", () => {}).destroy();
  return { type: "conn", raw: own, early };
}

/** Takes over a listener, which accepts no more. `null` if it is none that listens. */
function takeServer(server: Server): Taken | null {
  const raw = rawOf(server);
  if (raw === null || !server.listening || isEncrypted(server)) return null;
  const own = fresh(raw, RawKind.Listener);
  if (own === null) return null;
  const addr = listeningAddress(server, raw);
  server.close();
  return { type: "listener", raw: own, addr };
}

/** Closes a file that nobody uses. */
export async function closeFile(descriptor: number): Promise<void> {
  try {
    const { closeSync } = await import("node:fs");
    closeSync(descriptor);
  } catch {
    // It was closed.
  }
  FILES.delete(descriptor);
}
