/**
 * Keeps a listener: accepts for somebody else, and keeps each connection too.
 *
 * @module
 */
import type { ConnHandle } from "../../core/system/platform_handle.ts";
import { type Answer, Keeper } from "./keeper.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import type { OpenConn, OpenListener } from "./open_handles.ts";
import { encodeAddresses } from "./addresses.ts";

/** Keeps a connection that was accepted. */
export type KeepConn = (conn: OpenConn) => ConnHandle;

/** Keeps a listener. */
export class ListenerKeeper extends Keeper<OpenListener> {
  override readonly type = "listener";
  readonly #keepConn: KeepConn;

  /** Takes over both. */
  constructor(native: OpenListener, pipe: MessagePipe, keepConn: KeepConn) {
    super(native, pipe);
    this.#keepConn = keepConn;
  }

  // Requests are taken one at a time: no accept is under way when somebody opens it anew.
  override get leaving(): "whole" {
    return "whole";
  }

  override open(): Answer {
    return { body: encodeAddresses([this.native.addr]) };
  }

  /** One accepts at a time. What is accepted while nobody waits for it any more is closed unsent. */
  override async answer(): Promise<Answer> {
    return { handles: [this.#keepConn(await this.native.accept())] };
  }

  override abandon(): void {
    this.shut();
  }

  override finish(): Promise<void> {
    this.shut();
    return Promise.resolve();
  }
}
