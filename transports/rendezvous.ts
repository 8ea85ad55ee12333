/**
 * The launcher's side of a meeting on a socket path: listens, lets in the one that knows the secret,
 * and leaves nothing behind.
 *
 * @module
 */
import { InvitationError } from "../core/errors.ts";
import type { Belongings } from "./belongings.ts";
import { checkRuntime } from "./command_line.ts";
import { addPermission, type PermissionSet, requirePermissions } from "./permissions.ts";
import {
  ConnTransport,
  encodeRendezvous,
  socketPermissions,
  TOKEN_BYTES,
} from "./unix.ts";

/** Connections that may be about to tell their secret at the same time; one more is closed. */
const MAX_PENDING = 8;
/** The longest path a Unix socket can have. */
const MAX_PATH_BYTES = 107;

/** Which permissions only joining needs. */
export interface Revocable {
  /** Read. */
  readonly read: boolean;
  /** Write. */
  readonly write: boolean;
  /** Net. */
  readonly net: boolean;
}

/** A path that somebody is expected on. */
export class Rendezvous implements AsyncDisposable {
  /** The socket. */
  readonly path: string;
  readonly #directory: string | null;
  readonly #listener: Deno.UnixListener;
  readonly #token: Uint8Array<ArrayBuffer>;
  readonly #pending: Set<Deno.Conn> = new Set();
  #closed = false;
  #listening: Promise<void> = Promise.resolve();

  private constructor(path: string, directory: string | null) {
    this.path = path;
    this.#directory = directory;
    this.#listener = Deno.listen({ transport: "unix", path });
    this.#token = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  }

  /** Listens on `socket`, or on a fresh path in a fresh private directory. */
  static async open(socket: string | undefined): Promise<Rendezvous> {
    checkRuntime("unix", 8);
    const run = { name: "run", command: Deno.execPath() } as const;
    if (socket === undefined) {
      requirePermissions("Starting a child without naming a 'socket'", [
        run,
        { name: "read" },
        { name: "write" },
        { name: "net" },
      ]);
      const directory = await Deno.makeTempDir({ prefix: "mage-" });
      try {
        return new Rendezvous(checkPath(`${directory}/s`), directory);
      } catch (error) {
        await Deno.remove(directory);
        throw error;
      }
    }
    checkPath(socket);
    requirePermissions(`Starting a child over '${socket}'`, [
      run,
      { name: "read", path: socket },
      { name: "write", path: socket },
      { name: "net", host: `unix:${socket}` },
    ]);
    await checkDirectory(socket.slice(0, socket.lastIndexOf("/")) || "/");
    try {
      return new Rendezvous(socket, null);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) {
        throw new InvitationError(
          "not-started",
          `Cannot listen on '${socket}': its directory does not exist`,
          { cause: error },
        );
      }
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      throw new InvitationError(
        "not-started",
        `Cannot listen on '${socket}': something is there already; name a path that does not exist`,
        { cause: error },
      );
    }
  }

  /** Adds what joining takes to `set`. Returns what the child gives back once joined. */
  grant(set: PermissionSet): Revocable {
    const needed = socketPermissions(this.path);
    const revoke = { read: false, write: false, net: false };
    for (const kind of ["read", "write", "net"] as const) {
      // What the caller grants anyway covers the socket: giving that back would take it away.
      revoke[kind] = !covers(set[kind], kind, this.path);
      if (revoke[kind]) addPermission(set, kind, [...needed[kind]]);
    }
    return revoke;
  }

  /** What the child has to be told. */
  message(
    revoke: Revocable,
    equipped: { readonly belongings?: Belongings },
  ): Uint8Array<ArrayBuffer> {
    return encodeRendezvous({ path: this.path, token: this.#token, revoke, ...equipped });
  }

  /** Waits for the connection that knows the secret. Rejects only when closed meanwhile. */
  accept(): Promise<ConnTransport> {
    const found = Promise.withResolvers<ConnTransport>();
    this.#listening = this.#listen(found).catch(found.reject);
    return found.promise;
  }

  async #listen(found: PromiseWithResolvers<ConnTransport>): Promise<void> {
    while (!this.#closed) {
      let conn: Deno.UnixConn;
      try {
        conn = await this.#listener.accept();
      } catch (error) {
        if (this.#closed) return;
        if (error instanceof Deno.errors.BadResource) throw error;
        // Out of descriptors, most likely: the listener works again once some are free.
        await new Promise((wake) => setTimeout(wake, 20));
        continue;
      }
      if (this.#pending.size >= MAX_PENDING) conn.close();
      else this.#check(conn, found);
    }
  }

  async #check(
    conn: Deno.Conn,
    found: PromiseWithResolvers<ConnTransport>,
  ): Promise<void> {
    this.#pending.add(conn);
    const told = new Uint8Array(TOKEN_BYTES);
    try {
      for (let at = 0; at < told.length;) {
        const count = await conn.read(told.subarray(at));
        if (count === null) break;
        at += count;
      }
    } catch {
      told.fill(0);
    }
    if (!this.#pending.delete(conn)) return; // Closed meanwhile.
    // Every byte is compared, so that the time taken tells nothing.
    let difference = 0;
    for (let i = 0; i < told.length; i++) difference |= told[i]! ^ this.#token[i]!;
    if (difference !== 0 || this.#closed) return conn.close();
    // Single use: nobody else gets in from here on.
    this.close();
    found.resolve(new ConnTransport(conn));
  }

  /** Stops listening. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.close();
    for (const conn of this.#pending) conn.close();
    this.#pending.clear();
  }

  /** Stops listening and removes the private directory. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    // The path is gone once the listener has let go of it, which a pending accept delays.
    await this.#listening;
    if (this.#directory !== null) await Deno.remove(this.#directory).catch(() => {});
  }
}

/** Refuses what cannot be the path of a socket. */
export function checkPath(path: string, option = "socket"): string {
  if (typeof path !== "string" || !path.startsWith("/") || path.includes("\0")) {
    throw new TypeError(`Option '${option}' must be an absolute path: received ${path}`);
  }
  if (path.includes(",")) {
    throw new TypeError(`Option '${option}' cannot have a comma in it: received ${path}`);
  }
  const length = new TextEncoder().encode(path).length;
  if (length > MAX_PATH_BYTES) {
    throw new RangeError(
      `A socket path has ${MAX_PATH_BYTES} bytes at most: '${path}' has ${length}; name a shorter '${option}' or set TMPDIR`,
    );
  }
  return path;
}

/** Refuses a directory where others could put another socket in our place, if we may look. */
export async function checkDirectory(directory: string): Promise<void> {
  const read = { name: "read", path: directory } as const;
  if (Deno.permissions.querySync(read).state !== "granted") return;
  let mode: number | null;
  try {
    ({ mode } = await Deno.stat(directory));
  } catch {
    return; // Using it will tell.
  }
  const shared = mode !== null && (mode & 0o022) !== 0;
  if (shared) {
    throw new InvitationError(
      "not-started",
      `Cannot have sockets in '${directory}': others may write to it (mode ${
        (mode! & 0o7777).toString(8)
      }); use a directory of mode 700`,
    );
  }
}

function covers(
  given: true | string[] | undefined,
  kind: string,
  socket: string,
): boolean {
  if (given === true) return true;
  if (given === undefined) return false;
  if (kind === "net") return given.includes(`unix:${socket}`);
  return given.some((path) =>
    socket === path || socket.startsWith(path.replace(/\/*$/, "/"))
  );
}
