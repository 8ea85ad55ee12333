/**
 * What is behind a handle: a port, and whoever wants to know of it.
 *
 * @module
 */
import {
  BadMessageError,
  type IpcError,
  PipeClosedError,
  PipeLostError,
} from "../errors.ts";
import type { Neighbor } from "../ports/link.ts";
import type { Node } from "../ports/node.ts";
import type { Port, PortSink } from "../ports/port.ts";
import { reportBadMessage } from "./bad_message.ts";
import { settleNotifications } from "./notifications.ts";
import { Signal, type SignalsState } from "./signal.ts";

/** Told of an end, in the middle of what changes it: it may take note, and look later. */
export interface Observer {
  /** The signals may be others than before, or soon will be. */
  changed(): void;
  /** The handle was closed, sent or bound. */
  gone(): void;
}

/** What holds of an end that was given up. */
const FAILED: SignalsState = {
  satisfied: Signal.PEER_CLOSED,
  satisfiable: Signal.PEER_CLOSED,
};

/** One end of a route on this node, as a message pipe or a data pipe has it. */
export abstract class End implements PortSink {
  /** The node. */
  readonly node: Node;
  /** The port. */
  readonly port: Port;
  /** Whether its holder closed it. */
  isClosed = false;
  /** Why this end was closed before its holder did: what came from the other one made no sense. */
  failure: IpcError | null = null;
  #observers: Observer[] | null = null;
  #change: PromiseWithResolvers<void> | null = null;
  #closed: PromiseWithResolvers<IpcError> | null = null;

  /** Becomes the sink of `port`. */
  constructor(node: Node, port: Port) {
    this.node = node;
    this.port = port;
    port.sink = this;
  }

  /** What people call it. */
  abstract get noun(): string;
  /** The signals that hold. */
  abstract get satisfied(): number;
  /** The signals that hold or may come to hold. */
  abstract get satisfiable(): number;

  /** Both, as they are told. */
  get signals(): SignalsState {
    if (this.failure !== null) return FAILED;
    const { satisfiable } = this;
    return { satisfied: this.satisfied & satisfiable, satisfiable };
  }

  /** Why it cannot be sent or bound just now; `null` when it can. */
  get busy(): string | null {
    return null;
  }

  /** Whether its signals tell anything. */
  get isWatchable(): boolean {
    return true;
  }

  /** Whether it is a message pipe without a past: then nothing is told about it when it is sent. */
  get isPlain(): boolean {
    return false;
  }

  /** Writes the record that goes with it when it is sent. `view` is zero there. */
  abstract describe(view: DataView, at: number): void;

  /** Why nothing more will arrive behind what is queued; `null` as long as something may. */
  get endReason(): IpcError | null {
    if (this.failure !== null) return this.failure;
    return this.port.prevNode === null ? endReason(this.port) : null;
  }

  /** `PEER_REMOTE`, if it holds. */
  get remoteness(): number {
    const { prevNode, nextNode } = this.port;
    return prevNode === null || nextNode === null || nextNode.self
      ? 0
      : Signal.PEER_REMOTE;
  }

  // ------------------------------------------------------------------ who wants to know

  /** Tells `observer` from now on. */
  observe(observer: Observer): void {
    (this.#observers ??= []).push(observer);
  }

  /** Tells it no more. */
  unobserve(observer: Observer): void {
    this.#observers = this.#observers?.filter((each) => each !== observer) ?? null;
  }

  /** The signals may be others than before. */
  notify(): void {
    if (this.#change !== null) this.#wake();
    if (this.#observers === null) return;
    for (const observer of this.#observers) observer.changed();
  }

  /** Resolves when the signals may have changed, the handle is gone, or `signal` fires. */
  async whenChanged(signal?: AbortSignal): Promise<void> {
    const change = this.#change ??= Promise.withResolvers();
    if (signal === undefined) return await change.promise;
    const aborted = () => this.#wake();
    signal.addEventListener("abort", aborted, { once: true });
    await change.promise;
    signal.removeEventListener("abort", aborted);
  }

  /** Resolves to why nothing more will arrive. */
  get closed(): Promise<IpcError> {
    const closed = this.#closed ??= Promise.withResolvers();
    if (this.endReason !== null) closed.resolve(this.endReason);
    return closed.promise;
  }

  /**
   * Gives up on the other end, whose message broke a rule: nothing is read or written any more. It is as if
   * that end was closed: whoever holds this one did nothing wrong, and can still send it on.
   */
  fail(error: IpcError): void {
    if (this.failure !== null) return;
    this.failure = error;
    this.node.sever(this.port);
    // Where no event is being handled, nobody else would see to it.
    queueMicrotask(() => this.node.settle());
    this.ended();
  }

  /** The other end broke a rule, with what came from `neighbor`: it costs it this pipe, and is reported. */
  bad(rule: string, offset: number, neighbor: Neighbor | null): void {
    const error = new BadMessageError(rule, offset);
    this.fail(error);
    reportBadMessage(neighbor, error);
  }

  /** Closes it for whoever holds it. */
  close(): void {
    this.isClosed = true;
    this.port.holder = null;
    this.left();
    this.node.close(this.port);
    settleNotifications();
  }

  #wake(): void {
    this.#change?.resolve();
    this.#change = null;
  }

  // ------------------------------------------------------------------ from the node

  /** See {@linkcode PortSink.deliver}. */
  deliver(
    _bytes: Uint8Array<ArrayBuffer>,
    _view: DataView<ArrayBuffer>,
    _start: number,
    _end: number,
    _ports: Port[],
    _flags: number,
  ): boolean {
    return false;
  }

  /** See {@linkcode PortSink.queued}. */
  queued(): void {
    this.notify();
  }

  /** See {@linkcode PortSink.ended}. */
  ended(): void {
    this.#closed?.resolve(this.endReason!);
    this.notify();
  }

  /** See {@linkcode PortSink.rerouted}. */
  rerouted(): void {
    this.notify();
  }

  /** The handle is spent: it was closed, sent, fused or bound. */
  left(): void {
    this.#wake();
    const observers = this.#observers;
    this.#observers = null;
    for (const observer of observers ?? []) observer.gone();
  }
}

/** Why nothing more arrives at `port`, as an error to reject with. */
export function endReason(port: Port): IpcError {
  return port.reason === "closed" ? new PipeClosedError() : lostReason(port);
}

/** That the route of `port` was lost, with what is known about it. */
export function lostReason(port: Port): IpcError {
  if (port.detail === "") return new PipeLostError();
  return new PipeLostError(
    `The route to the other end of the pipe was lost: ${port.detail}`,
  );
}

/** What may still be unwritten when {@linkcode flush} is done: a turn's worth of messages. */
const A_TURN_BYTES = 256 * 1024;

/** Resolves once nothing that was written to `port` waits on its node, but for what is about to leave. */
export async function flush(node: Node, port: Port): Promise<void> {
  for (;;) {
    const holding = node.ports.holding(port)[0], link = port.nextNode?.link;
    if (holding !== undefined) {
      await new Promise<void>((resume) => (holding.whenSent ??= []).push(resume));
    } else if (link && link.unwrittenBytes > A_TURN_BYTES) {
      // Who writes and flushes in a loop would never let the transport have its turn.
      await new Promise<void>((resume) => link.whenRelieved(resume));
    } else return;
  }
}
