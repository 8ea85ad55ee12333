/**
 * A connection of `node:net` as if it were one of Deno's. As long as nothing was done with it, it can be given
 * to another process as what it is.
 *
 * @module
 */
import { addressOf, type RawHandle } from "./node_handle.ts";
import type { OpenConn } from "./serve/open_handles.ts";
import { readableOf, writableOf } from "./serve/streams.ts";
import { Turns } from "./serve/turns.ts";
import type { SocketTransport } from "./socket.ts";

/** An open connection. */
export class NodeConn implements OpenConn {
  readonly localAddr: Deno.Addr;
  readonly remoteAddr: Deno.Addr;
  /** What is beneath, until something is done with it. */
  #raw: RawHandle | null;
  /** What `node:net` has read before. */
  readonly #early: Uint8Array | null;
  #transport: Promise<SocketTransport> | null = null;
  #isClosed = false;
  #isFinished = false;
  /** Whether its stream was read to the end. */
  #isRead = false;
  readonly #reads = new Turns();
  readonly #writes = new Turns();
  #readable: ReadableStream<Uint8Array<ArrayBuffer>> | null = null;
  #writable: WritableStream<Uint8Array<ArrayBufferLike>> | null = null;

  /** Takes over a handle that nobody else has, with what was read from it. */
  constructor(raw: RawHandle, early: Uint8Array | null = null) {
    this.#raw = raw;
    this.#early = early;
    this.localAddr = addressOf(raw, "getsockname");
    this.remoteAddr = addressOf(raw, "getpeername");
  }

  /** What another process can be given; `null` once something was done with it. */
  get whole(): RawHandle | null {
    return this.#early === null ? this.#raw : null;
  }

  async read(into: Uint8Array): Promise<number | null> {
    this.#check();
    if (into.length === 0) return 0;
    return await this.#reads.take(async () => {
      const count = await this.#try(
        // It reads into nothing that is not the caller's own.
        async () => await (await this.#open()).read(into as Uint8Array<ArrayBuffer>),
      );
      if (this.#isClosed) throw interrupted();
      return count;
    });
  }

  async write(bytes: Uint8Array): Promise<number> {
    this.#check();
    if (bytes.length === 0) return 0;
    return await this.#writes.take(async () => {
      if (this.#isFinished) {
        throw new Deno.errors.BrokenPipe("Cannot write: the conn was closed for writing");
      }
      return await this.#try(
        async () => await (await this.#open()).write(bytes as Uint8Array<ArrayBuffer>),
        () => new Deno.errors.BrokenPipe("Broken pipe (os error 32)"),
      );
    });
  }

  async closeWrite(): Promise<void> {
    this.#check();
    await this.#writes.take(async () => {
      if (this.#isFinished) return;
      this.#isFinished = true;
      await this.#try(async () => await (await this.#open()).finish());
    });
  }

  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#readable ??= readableOf((into) => this.read(into), () => {
      this.#isRead = true;
      this.#closeIfOver();
    });
  }

  get writable(): WritableStream<Uint8Array<ArrayBufferLike>> {
    return this.#writable ??= writableOf(
      (bytes) => this.write(bytes),
      async () => {
        await this.closeWrite();
        this.#closeIfOver();
      },
      () => this.close(),
    );
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#raw?.close();
    this.#raw = null;
    this.#transport?.then((transport) => transport.close(), () => {});
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Nothing can be done with it any more. */
  #closeIfOver(): void {
    if (this.#isRead && this.#isFinished) this.close();
  }

  #open(): Promise<SocketTransport> {
    if (this.#transport !== null) return this.#transport;
    const raw = this.#raw!, early = this.#early;
    // ORDER: from here on nobody else is given it.
    this.#raw = null;
    return this.#transport = (async () => {
      const { SocketTransport } = await import("./socket.ts");
      const transport = SocketTransport.over(raw, early);
      if (this.#isClosed) transport.close();
      return transport;
    })();
  }

  async #try<T>(
    does: () => Promise<T>,
    explain: (error: unknown) => unknown = denoError,
  ): Promise<T> {
    try {
      return await does();
    } catch (error) {
      throw this.#isClosed ? interrupted() : explain(error);
    }
  }

  #check(): void {
    if (this.#isClosed) throw new Deno.errors.BadResource("The conn was closed");
  }
}

function interrupted(): Error {
  return new Deno.errors.Interrupted("The conn was closed meanwhile");
}

/** As Deno would have said it. */
function denoError(error: unknown): unknown {
  return (error as { code?: unknown }).code === "ECONNRESET"
    ? new Deno.errors.ConnectionReset("Connection reset by peer (os error 104)")
    : error;
}
