/**
 * A stream socket of `node:net` as a transport: the only way to one that was inherited or received as
 * a descriptor. Import this module only then; `node:net` takes 25 milliseconds to load.
 *
 * What comes goes into one buffer, and from there to whoever reads. While nobody reads, one buffer full
 * is all that is taken from the socket.
 *
 * @module
 */
import type { Socket as NetSocket, SocketConstructorOpts } from "node:net";
import type { Transport } from "../core/transport.ts";
import { closedHere, otherSideGone, Waiter } from "./waiter.ts";

// Not as an import like others: those of a bundled program are all loaded when it starts.
const { Socket } = await import("node:net");

const BUFFER_BYTES = 128 * 1024;
/** What one write takes at most. */
const WRITE_BYTES = 256 * 1024;

/** What a socket can be made from. */
type Origin = { fd: number } | { handle: unknown };

/** A connected stream socket of `node:net` as a transport. Owns the socket. */
export class SocketTransport implements Transport {
  readonly #socket: NetSocket;
  readonly #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(BUFFER_BYTES);
  /** What has come and was not read: from `#at` to `#end` of these. */
  #unread: Uint8Array = this.#buffer;
  #at = 0;
  #end = 0;
  /** Whether the socket stands still until what is unread is gone. */
  #paused = false;
  /** How reading ends once nothing is unread: in good order, or broken. */
  #over: "end" | Error | null = null;
  #closed = false;
  #into: Uint8Array<ArrayBuffer> | null = null;
  readonly #reading = new Waiter<number | null>();
  readonly #writing = new Waiter<number>();
  #writingBytes = 0;

  private constructor(
    origin: Origin,
    early: Uint8Array | null,
    brokenBy: (error: Error) => "end" | Error = brokenLink,
  ) {
    const options = {
      ...origin,
      allowHalfOpen: true,
      onread: { buffer: this.#buffer, callback: this.#arrived },
    };
    this.#socket = new Socket(options as SocketConstructorOpts);
    this.#socket
      .on("end", () => this.#finish("end"))
      .on("error", (error) => this.#finish(brokenBy(error)))
      .on("close", () => {
        this.#finish("end");
        this.#writing.settle(otherSideGone());
      });
    if (early !== null) {
      this.#unread = early;
      this.#end = early.length;
      this.#paused = true;
      this.#socket.pause();
    }
  }

  /** Takes over the descriptor of a connected stream socket, which nothing else may use. */
  static adopt(fd: number): SocketTransport {
    return new SocketTransport({ fd }, null);
  }

  /**
   * Takes over a connected socket, with what it has read already. The caller must not use it any
   * more. Call it in the turn in which the socket came to be: nothing is lost later, but it is slower.
   */
  static from(socket: NetSocket): SocketTransport {
    const early: Uint8Array | null = socket.read();
    const owner = socket as unknown as { _handle: unknown };
    const handle = owner._handle;
    if (!handle) throw new TypeError("Cannot take over socket: it is not connected");
    // ORDER: without its handle it closes nothing. Left alive, `node:child_process` would resume it
    // when the child exits, and fail for lack of a socket.
    owner._handle = null;
    socket.on("error", () => {}).destroy();
    return new SocketTransport({ handle }, early);
  }

  /**
   * Takes over what is beneath a connected socket, with what was read from it already. It is a connection to
   * anybody, not a link: when it was reset, reading fails.
   */
  static over(handle: unknown, early: Uint8Array | null): SocketTransport {
    return new SocketTransport({ handle }, early, (error) => error);
  }

  /** See {@linkcode Transport.read}. */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    if (this.#closed) return Promise.resolve(null);
    if (this.#at < this.#end) return Promise.resolve(this.#take(into));
    if (this.#over === "end") return Promise.resolve(null);
    if (this.#over !== null) return Promise.reject(this.#over);
    this.#into = into;
    const reading = this.#reading.wait();
    if (this.#paused) {
      this.#paused = false;
      this.#socket.resume();
    }
    return reading;
  }

  /** See {@linkcode Transport.write}. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    if (this.#closed) return Promise.reject(closedHere());
    const writing = this.#writing.wait();
    this.#writingBytes = Math.min(bytes.length, WRITE_BYTES);
    // Past the queue of the stream, which a failed write would end together with what is unread.
    this.#socket._write(
      bytes.length > WRITE_BYTES ? bytes.subarray(0, WRITE_BYTES) : bytes,
      "buffer" as BufferEncoding,
      this.#written,
    );
    return writing;
  }

  /** The other side is to read its end behind what was written. Nothing may be under way. */
  finish(): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#socket.end((error?: Error | null) => error ? reject(error) : resolve())
    );
  }

  /** See {@linkcode Transport.close}. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    this.#into = null;
    this.#reading.settle(null);
    this.#writing.settle(closedHere());
  }

  /** `count` bytes lie in the buffer. False to be given no more until resumed. */
  readonly #arrived = (count: number): boolean => {
    this.#unread = this.#buffer;
    this.#at = 0;
    this.#end = count;
    if (this.#into !== null) {
      const taken = this.#take(this.#into);
      this.#into = null;
      this.#reading.settle(taken);
    }
    this.#paused = this.#at < this.#end;
    return !this.#paused;
  };

  #take(into: Uint8Array<ArrayBuffer>): number {
    const count = Math.min(into.length, this.#end - this.#at);
    into.set(this.#unread.subarray(this.#at, this.#at + count));
    this.#at += count;
    return count;
  }

  readonly #written = (error?: Error | null): void => {
    this.#writing.settle(
      error ? otherSideGone(` (${error.message})`) : this.#writingBytes,
    );
  };

  #finish(how: "end" | Error): void {
    this.#over ??= how;
    this.#into = null;
    this.#reading.settle(this.#over === "end" ? null : this.#over);
  }
}

function brokenLink(error: Error & { code?: string }): "end" | Error {
  // A neighbor that exits with data of ours unread resets the connection, after all it sent.
  return error.code === "ECONNRESET" ? "end" : error;
}
