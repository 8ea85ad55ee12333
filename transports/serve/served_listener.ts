/**
 * A listener that somebody else has open, as if it were open here.
 *
 * @module
 */
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import { ConnHandle } from "../../core/system/platform_handle.ts";
import { Asker } from "./asker.ts";
import { PASS_ON } from "./kept.ts";
import type { OpenConn, OpenListener } from "./open_handles.ts";
import { Op } from "./wire.ts";

/** How many accepts the keeper is asked for at a time. */
const MAX_ACCEPTS = 16;

/** Opens a connection that was accepted elsewhere. */
export type UnwrapConn = (handle: ConnHandle) => Promise<OpenConn>;

/** A served listener. */
export class ServedListener implements OpenListener {
  readonly addr: Deno.Addr;
  readonly #asker: Asker;
  readonly #unwrap: UnwrapConn;
  #asked = 0;
  /** Those who wait until fewer are asked for. */
  readonly #queue: (() => void)[] = [];

  /** Takes over the pipe to its keeper. */
  constructor(pipe: MessagePipe, addr: Deno.Addr, unwrap: UnwrapConn) {
    this.#asker = new Asker(pipe, "listener");
    this.addr = addr;
    this.#unwrap = unwrap;
    PASS_ON.set(this, () => this.#asker.checkPassable(this.#asked > 0));
  }

  async accept(): Promise<OpenConn> {
    if (!this.#asker.isOpen) throw this.#asker.closedError();
    const handle = await this.#accept();
    return await this.#unwrap(handle);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<OpenConn, void> {
    for (;;) {
      let conn: OpenConn;
      try {
        conn = await this.accept();
      } catch (error) {
        if (isOver(error)) return;
        throw error;
      }
      yield conn;
    }
  }

  close(): void {
    this.#asker.close();
    for (const go of this.#queue.splice(0)) go();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #accept(): Promise<ConnHandle> {
    // LIMIT: each that is asked for may bring a connection that waits in the pipe.
    while (this.#asked >= MAX_ACCEPTS && this.#asker.isOpen) {
      await new Promise<void>((go) => this.#queue.push(go));
    }
    if (!this.#asker.isOpen) throw this.#asker.interruptedError();
    this.#asked++;
    try {
      return await this.#asker.ask(
        Op.Accept,
        {},
        (_reply, message) => message.take(ConnHandle),
      );
    } finally {
      this.#asked--;
      this.#queue.shift()?.();
    }
  }
}

/** Whether the listener was closed, here or by its keeper. */
function isOver(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted;
}
