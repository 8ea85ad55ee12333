/**
 * A Unix socket as a transport, and how a child and its launcher find each other on one: a path in a
 * private directory, good for one connection that knows a secret.
 *
 * @module
 */
import type { Transport } from "../core/transport.ts";
import { type Belongings, encodeBelongings, readBelongings } from "./belongings.ts";

/** Bytes of the secret that tells the right child from whoever else can reach the path. */
export const TOKEN_BYTES = 32;

/** What each side needs to use a socket path: Deno asks for all three, and net by its exact path. */
export interface SocketPermissions {
  /** Paths to read. */
  readonly read: readonly [string];
  /** Paths to write. */
  readonly write: readonly [string];
  /** Hosts to reach. */
  readonly net: readonly [string];
}

/** The permissions that listening on or connecting to `path` takes. */
export function socketPermissions(path: string): SocketPermissions {
  return { read: [path], write: [path], net: [`unix:${path}`] };
}

/** A connected stream socket of Deno as a transport. Owns the connection. */
export class ConnTransport implements Transport {
  readonly #conn: Deno.Conn;
  #closed = false;

  /** Takes over a connection. */
  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  /** See {@linkcode Transport.read}. */
  async read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    try {
      return await this.#conn.read(into);
    } catch (error) {
      // A neighbor that exits with data of ours unread resets the connection, after all it sent.
      if (this.#closed || error instanceof Deno.errors.ConnectionReset) return null;
      throw error;
    }
  }

  /** See {@linkcode Transport.write}. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    return this.#conn.write(bytes);
  }

  /** See {@linkcode Transport.close}. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
  }
}

/** What the launcher writes to the child's standard input before anything else. */
export type Rendezvous = PathRendezvous | InheritedRendezvous;

/** What else the child was started with. */
interface Equipped {
  /** If anything. */
  readonly belongings?: Belongings;
}

/** The child connects. */
export interface PathRendezvous extends Equipped {
  /** The socket to connect to. */
  readonly path: string;
  /** The secret to say first. */
  readonly token: Uint8Array<ArrayBuffer>;
  /** Which of read, write and net only joining needs: given back once joined. */
  readonly revoke: {
    readonly read: boolean;
    readonly write: boolean;
    readonly net: boolean;
  };
}

/** The child is connected already. */
export interface InheritedRendezvous extends Equipped {
  /**
   * The last of the sockets that were given to it. The first, 3, is its link to the launcher. What its
   * belongings name comes behind.
   */
  readonly lastDescriptor: number;
}

const MAGIC = "mage-ipc 1\n";
/** Added to the length of a path, which has 107 bytes at most, when belongings come behind. */
const EQUIPPED = 128;

/**
 * Encodes a rendezvous: magic, length of the path, what to revoke, token, path. Or, without a path:
 * magic, 0, the last socket. Then come the belongings, if there are any.
 */
export function encodeRendezvous(rendezvous: Rendezvous): Uint8Array<ArrayBuffer> {
  const bytes = encodeJoining(rendezvous), { belongings } = rendezvous;
  if (belongings === undefined) return bytes;
  bytes[MAGIC.length]! += EQUIPPED;
  return new Uint8Array([...bytes, ...encodeBelongings(belongings)]);
}

function encodeJoining(rendezvous: Rendezvous): Uint8Array<ArrayBuffer> {
  const magic = new TextEncoder().encode(MAGIC);
  if ("lastDescriptor" in rendezvous) {
    return new Uint8Array([...magic, 0, rendezvous.lastDescriptor]);
  }
  const { path, token, revoke } = rendezvous;
  const name = new TextEncoder().encode(path);
  const head = magic.length + 2;
  const bytes = new Uint8Array(head + TOKEN_BYTES + name.length);
  bytes.set(magic);
  bytes[magic.length] = name.length;
  bytes[magic.length + 1] = (revoke.read ? 1 : 0) | (revoke.write ? 2 : 0) |
    (revoke.net ? 4 : 0);
  bytes.set(token, head);
  bytes.set(name, head + TOKEN_BYTES);
  return bytes;
}

/**
 * Reads a rendezvous with `read`, which fills a buffer with exactly as many bytes as it has, or returns
 * false. Takes not one byte more: what follows belongs to the program. `null` if there is none.
 */
export function readRendezvous(read: (into: Uint8Array) => boolean): Rendezvous | null {
  const head = new Uint8Array(MAGIC.length + 2);
  if (!read(head)) return null;
  if (new TextDecoder().decode(head.subarray(0, MAGIC.length)) !== MAGIC) return null;
  const first = head[MAGIC.length]!, bits = head[MAGIC.length + 1]!;
  const joining = readJoining(read, first % EQUIPPED, bits);
  if (joining === null || first < EQUIPPED) return joining;
  const belongings = readBelongings(read);
  return belongings === null ? null : { ...joining, belongings };
}

function readJoining(
  read: (into: Uint8Array) => boolean,
  length: number,
  bits: number,
): Rendezvous | null {
  if (length === 0) return { lastDescriptor: bits };
  const token = new Uint8Array(TOKEN_BYTES), name = new Uint8Array(length);
  if (!read(token) || !read(name)) return null;
  const revoke = {
    read: (bits & 1) !== 0,
    write: (bits & 2) !== 0,
    net: (bits & 4) !== 0,
  };
  return { path: new TextDecoder().decode(name), token, revoke };
}
