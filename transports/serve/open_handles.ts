/**
 * What is got by unwrapping a handle, whichever way it came: the part of Deno's own classes that waits, and
 * so can be had from afar.
 *
 * @module
 */

/** A right of whoever has a handle on a file: what may be asked of the keeper. */
export type FileRight = "read" | "write" | "seek" | "stat" | "sync" | "truncate";

/**
 * An open file: a `Deno.FsFile`, or one that its keeper serves. What is done to it happens in order; its
 * position belongs to the file, and is the same for all who have it.
 *
 * After it was closed every call rejects with `Deno.errors.BadResource`.
 */
export interface OpenFile extends Disposable {
  /**
   * Reads from the position on, as much as there is or one round trip brings. Resolves to how many bytes, or
   * to `null` at the end of the file. A served file reads 256 KiB at most.
   */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes at the position, all of it or the beginning. Resolves to how many bytes. */
  write(bytes: Uint8Array): Promise<number>;
  /** Moves the position. Resolves to where it is then, from the start. */
  seek(offset: number | bigint, whence: Deno.SeekMode): Promise<number>;
  /** What the operating system knows about it. */
  stat(): Promise<Deno.FileInfo>;
  /** Cuts it off, or fills it up with zeros, to be so long. Default: empty. */
  truncate(length?: number): Promise<void>;
  /** Resolves once it is on its disk. */
  sync(): Promise<void>;
  /** As `sync`, without its times. */
  syncData(): Promise<void>;
  /**
   * What is in it from the position on. The position runs ahead of what is read here. The file is closed
   * when the stream ends, or is cancelled.
   */
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  /**
   * Writes at the position. Closing it waits until all is written, and closes the file; aborting it closes
   * the file.
   */
  readonly writable: WritableStream<Uint8Array<ArrayBufferLike>>;
  /** Closes it. A served one may be closed twice. */
  close(): void;
}

/**
 * An open connection: a `Deno.Conn`, or one that its keeper serves.
 *
 * After it was closed every call rejects with `Deno.errors.BadResource`, and what was under way with
 * `Deno.errors.Interrupted`. What was written before is still sent.
 */
export interface OpenConn extends Disposable {
  /** Reads what has come. Resolves to how many bytes, or to `null` when nothing more will. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes all of it or the beginning, once there is room. Resolves to how many bytes. */
  write(bytes: Uint8Array): Promise<number>;
  /** The other side is to read its end behind what was written. Reading goes on. */
  closeWrite(): Promise<void>;
  /** Where it is connected here. */
  readonly localAddr: Deno.Addr;
  /** Where it is connected to. */
  readonly remoteAddr: Deno.Addr;
  /**
   * What comes. The end of it closes a `Deno.Conn`, and a served one when its other direction has ended too.
   */
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** What is written. Closing it closes a `Deno.Conn`, and that direction of a served one. */
  readonly writable: WritableStream<Uint8Array<ArrayBufferLike>>;
  /** Closes it. A served one may be closed twice. */
  close(): void;
}

/**
 * An open listener: a `Deno.Listener`, or one that its keeper serves.
 *
 * After it was closed `accept` rejects with `Deno.errors.BadResource`.
 */
export interface OpenListener extends AsyncIterable<OpenConn>, Disposable {
  /** Waits for the next connection, which belongs to the caller. */
  accept(): Promise<OpenConn>;
  /** Where it listens. */
  readonly addr: Deno.Addr;
  /** Closes it, which ends iterations over it. A served one may be closed twice. */
  close(): void;
}

/** What is got by unwrapping a handle of each type. */
export interface OpenHandles {
  /** A file. */
  readonly file: OpenFile;
  /** A connection. */
  readonly conn: OpenConn;
  /** A listener. */
  readonly listener: OpenListener;
}
