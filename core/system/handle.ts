/**
 * What a program holds: the one thing that all handles have in common is that they have one owner.
 *
 * @module
 */
import { type IpcError, MisuseError } from "../errors.ts";
import type { Node } from "../ports/node.ts";
import { type Port, PortState } from "../ports/port.ts";
import type { End } from "./end.ts";
import { settleNotifications } from "./notifications.ts";
import {
  checkCondition,
  readiness,
  type SignalCondition,
  type SignalsState,
} from "./signal.ts";

/** Options of {@linkcode Handle.wait}. */
export interface WaitOptions {
  /** Whether a signal has to hold, or not to hold. Default `SATISFIED`. */
  readonly condition?: SignalCondition;
  /** Rejects the wait with its reason when it fires. */
  readonly signal?: AbortSignal;
}

/**
 * What {@linkcode Handle.wait} came to: `OK`, the condition is met; `FAILED_PRECONDITION`, it never will be;
 * `CANCELLED`, the handle was closed, sent or bound meanwhile.
 */
export type WaitResult =
  | {
    readonly result: "OK" | "FAILED_PRECONDITION";
    readonly signals: SignalsState;
  }
  | { readonly result: "CANCELLED" };

/** The end behind a handle, whether it is still held or not. Internal to `core/system`. */
export let endOf: (handle: Handle) => End;

/**
 * Something that can be held, sent over a message pipe, and closed. It has one owner: once it is closed,
 * sent, or bound to something that takes it over, the object is spent, and using it is an error.
 */
export abstract class Handle implements Disposable {
  readonly #end: End;

  static {
    endOf = (handle) => handle.#end;
  }

  /** Holds `end`. Made by what creates pipes, and by reading messages. */
  constructor(end: End) {
    this.#end = end;
    end.port.holder = this;
    end.port.container = null;
  }

  /** Whether this object still holds what it was made for. */
  get isHeld(): boolean {
    return this.#end.port.holder === this;
  }

  /**
   * The signals that hold, and those that may come to hold.
   *
   * Source: MojoQueryHandleSignalsState.
   */
  get signals(): SignalsState {
    return heldEnd(this, "ask").signals;
  }

  /**
   * Waits until one of `signals`, a sum of `Signal`, holds. What holds already is not waited for, so that
   * nothing that happened before is missed. What holds for a moment only, while other code runs, may be.
   *
   * ```ts
   * import { createMessagePipe, Signal } from "@mage/ipc";
   *
   * const [here, there] = createMessagePipe();
   * const waiting = here.wait(Signal.READABLE, { signal: AbortSignal.timeout(5000) });
   * there.close();
   * console.log((await waiting).result); // FAILED_PRECONDITION
   * here.close();
   * ```
   *
   * Source: MojoWait, mojo/public/cpp/system/wait.h.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if the handle is spent already, or `signals` is no such sum
   */
  async wait(signals: number, options: WaitOptions = {}): Promise<WaitResult> {
    const end = heldEnd(this, "wait for"), { condition = "SATISFIED", signal } = options;
    checkCondition(`wait for ${end.noun}`, signals, condition);
    for (;;) {
      signal?.throwIfAborted();
      if (!this.isHeld) return { result: "CANCELLED" };
      const state = end.signals, result = readiness(state, signals, condition);
      if (result !== null) return { result, signals: state };
      await end.whenChanged(signal);
    }
  }

  /**
   * Resolves once nothing more will arrive, to the reason: a `PipeClosedError`, a `PipeLostError`, or a
   * `BadMessageError`. What arrived before may still be unread. Stays pending if this end is closed, sent
   * or bound here.
   */
  get closed(): Promise<IpcError> {
    return heldEnd(this, "watch").closed;
  }

  /** Closes this end. The other one learns of it after it has read what was written. */
  close(): void {
    if (this.isHeld) this.#end.close();
  }

  /** Closes this end, if it is still held. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** The end of a handle that is still held. `what` is what was asked for, for the error that it is not. */
export function heldEnd(handle: Handle, what: string): End {
  const end = endOf(handle);
  if (end.port.holder === handle) return end;
  throw new MisuseError(
    "INVALID_ARGUMENT",
    `Cannot ${what} ${end.noun}: it was closed, sent or bound`,
  );
}

/**
 * Takes an end out of its holder's hands, for something that holds it from here on. It stays the sink of its
 * port until that is another one, so that it misses nothing while watchers are told.
 */
export function takeEnd(handle: Handle, what: string): End {
  const end = heldEnd(handle, what);
  if (end.busy !== null) {
    throw new MisuseError("BUSY", `Cannot ${what} ${end.noun}: ${end.busy}`);
  }
  end.port.holder = end;
  end.left();
  settleNotifications();
  return end;
}

/** The port of `handle`, if it can be attached to a message on `carrier`. */
export function checkAttachable(
  node: Node,
  carrier: Port,
  handle: unknown,
  name: string,
): Port {
  const refuse = (result: "INVALID_ARGUMENT" | "BUSY", why: string) =>
    new MisuseError(result, `Cannot send argument '${name}': ${why}`);
  if (!(handle instanceof Handle)) {
    throw refuse("INVALID_ARGUMENT", "it must be a MessagePipe or another handle");
  }
  const { port, busy } = endOf(handle);
  if (port.holder !== handle) {
    throw refuse("INVALID_ARGUMENT", "it was closed, sent or bound");
  }
  if (endOf(handle).node !== node) {
    throw refuse("INVALID_ARGUMENT", "it belongs to another node of this process");
  }
  const why = node.refusal(carrier, port);
  if (why !== null) throw refuse("INVALID_ARGUMENT", why);
  if (busy !== null) throw refuse("BUSY", busy);
  return port;
}

/**
 * Checks that what is attached to a message can still be sent: a getter among its arguments may have
 * closed, sent or bound it since it was attached.
 */
export function checkStillHeld(ports: readonly Port[]): void {
  for (const { holder, state } of ports) {
    if (
      holder instanceof Handle && state === PortState.Open && endOf(holder).busy === null
    ) continue;
    throw new MisuseError(
      "INVALID_ARGUMENT",
      "Cannot send message: a handle in it was closed, sent or bound",
    );
  }
}
