/**
 * A listener of `node:net` as if it were one of Deno's. As long as nobody has waited for a connection, none is
 * accepted, and it can be given to another process as what it is.
 *
 * `node:net` accepts for as long as it listens. So it listens from when somebody waits until there are more
 * connections than anybody wants, and then again when those are gone.
 *
 * @module
 */
import type { Server } from "node:net";
import { addressOf, fresh, type RawHandle, RawKind, rawOf } from "./node_handle.ts";
import { takeSocket } from "./node_native.ts";
import { NodeConn } from "./node_conn.ts";
import type { OpenListener } from "./serve/open_handles.ts";

/** LIMIT: how many connections may wait here before no more are accepted. */
const MAX_QUEUED = 16;

/** An open listener. */
export class NodeListener implements OpenListener {
  readonly addr: Deno.Addr;
  /** What is beneath, while it does not listen. */
  #raw: RawHandle | null;
  /** What listens. */
  #server: Server | null = null;
  #isStarting = false;
  #stopping: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  readonly #waiting: PromiseWithResolvers<NodeConn>[] = [];
  /** Those that have come and nobody waited for. */
  readonly #queue: NodeConn[] = [];

  /** Takes over a handle that nobody else has. */
  constructor(raw: RawHandle, addr: Deno.Addr = addressOf(raw, "getsockname")) {
    this.#raw = raw;
    this.addr = addr;
  }

  /** What another process can be given; `null` while it is in use. */
  get whole(): RawHandle | null {
    return this.#queue.length > 0 || this.#isStarting ? null : this.#raw;
  }

  async accept(): Promise<NodeConn> {
    if (this.#isClosed) throw closed();
    const queued = this.#queue.shift();
    if (queued !== undefined) return queued;
    const coming = Promise.withResolvers<NodeConn>();
    this.#waiting.push(coming);
    if (this.#server === null && !this.#isStarting) await this.#start();
    return await coming.promise;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<NodeConn, void> {
    for (;;) {
      let conn: NodeConn;
      try {
        conn = await this.accept();
      } catch (error) {
        if (this.#isClosed) return;
        throw error;
      }
      yield conn;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#raw?.close();
    this.#raw = null;
    clearTimeout(this.#stopping);
    this.#server?.close();
    this.#server = null;
    for (const conn of this.#queue.splice(0)) conn.close();
    this.#fail(closed());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #start(): Promise<void> {
    this.#isStarting = true;
    const { Server } = await import("node:net");
    this.#isStarting = false;
    const raw = this.#raw;
    if (raw === null) return;
    this.#raw = null;
    const server = this.#server = new Server({
      pauseOnConnect: true,
      allowHalfOpen: true,
    });
    server.on("error", (error) => this.#fail(error));
    server.on("connection", (socket) => {
      const taken = takeSocket(socket);
      if (taken === null) return void socket.destroy();
      const conn = new NodeConn(taken.raw, taken.early);
      const next = this.#waiting.shift();
      if (next !== undefined) next.resolve(conn);
      else if (this.#isClosed) conn.close();
      else this.#queue.push(conn);
      // ORDER: not now: those that came at the same moment would be lost.
      if (this.#queue.length === MAX_QUEUED) {
        this.#stopping = setTimeout(() => this.#stop(), 0);
      }
    });
    server.listen(raw);
  }

  #stop(): void {
    const server = this.#server;
    if (server === null || this.#queue.length < MAX_QUEUED) return;
    const raw = fresh(rawOf(server)!, RawKind.Listener);
    // Without a descriptor to spare it goes on: what comes waits here.
    if (raw === null) return;
    this.#raw = raw;
    this.#server = null;
    server.close();
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

function closed(): Error {
  return new Deno.errors.BadResource("The listener was closed");
}
