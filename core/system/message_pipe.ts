/**
 * One endpoint of a message pipe, as people hold it.
 *
 * @module
 */
import { type IpcError, PipeClosedError, PipeLostError } from "../errors.ts";
import type { Node } from "../ports/node.ts";
import { type Port, type PortSink, PortState } from "../ports/port.ts";
import type { Encoder } from "../wire/encoder.ts";

/** A message that was read: its bytes and the endpoints attached to it, all owned by the reader. */
export interface Message {
  /** The bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** The endpoints. */
  readonly pipes: MessagePipe[];
}

/**
 * What {@linkcode MessagePipe.read} found, under Mojo's names: a message; nothing yet; or nothing ever
 * again, with the reason.
 */
export type ReadResult =
  | { readonly result: "OK"; readonly message: Message }
  | { readonly result: "SHOULD_WAIT" }
  | { readonly result: "FAILED_PRECONDITION"; readonly reason: IpcError };

/** Takes an endpoint out of its holder's hands: the port inside. Internal to `core/system`. */
export let takePort: (pipe: MessagePipe) => Port;
/** The node an endpoint belongs to. Internal to `core/system`. */
export let nodeOf: (pipe: MessagePipe) => Node;
/** The port inside, still held. `null` when it was closed, sent or bound. Internal to `core/system`. */
export let heldPort: (pipe: unknown) => Port | null;

/**
 * One endpoint of a message pipe. It has one owner: once it is closed, sent, or bound to a `Remote` or
 * a `Receiver`, this object is spent, and using it is an error.
 *
 * Messages written before anybody reads wait at the other end, wherever that is. Writing never waits
 * and never fails for being one too many.
 */
export class MessagePipe implements Disposable {
  readonly #node: Node;
  #port: Port;
  #sink: PipeSink | null = null;
  #closedHere = false;

  static {
    heldPort = (pipe) =>
      pipe instanceof MessagePipe && pipe.#port.holder === pipe ? pipe.#port : null;
    nodeOf = (pipe) => pipe.#node;
    takePort = (pipe) => {
      const port = pipe.#held("bind");
      pipe.#sink?.release();
      port.sink = null;
      return port;
    };
  }

  /** Wraps a port. Made by {@linkcode createMessagePipe} and by reading messages. */
  constructor(node: Node, port: Port) {
    this.#node = node;
    this.#port = port;
    port.holder = this;
    port.container = null;
  }

  #held(what: string): Port {
    if (this.#port.holder === this && this.#port.state === PortState.Open) {
      return this.#port;
    }
    throw new TypeError(`Cannot ${what} pipe: it was closed, sent or bound`);
  }

  /** Whether this object still holds its endpoint. */
  get isHeld(): boolean {
    return this.#port.holder === this;
  }

  /**
   * Sends a message. Copies `data`; consumes `pipes`, unless it throws.
   *
   * Returns `FAILED_PRECONDITION` when the other end is known to be gone: then the message is dropped
   * and `pipes` are closed. `OK` does not mean that it will be read.
   *
   * @throws {TypeError} if this pipe or one of `pipes` cannot be used
   * @throws {LimitError} if the message is larger than a frame may be
   */
  write(
    data: Uint8Array,
    pipes: readonly MessagePipe[] = [],
  ): "OK" | "FAILED_PRECONDITION" {
    const port = this.#held("write to");
    if (!(data instanceof Uint8Array)) {
      throw new TypeError("Cannot write to pipe: data must be a Uint8Array");
    }
    if (!Array.isArray(pipes)) {
      throw new TypeError("Cannot write to pipe: pipes must be an array of MessagePipe");
    }
    const attached = pipes.map((pipe, i) =>
      checkAttachable(this.#node, port, pipe, `pipes[${i}]`)
    );
    if (new Set(attached).size !== attached.length) {
      throw new TypeError("Cannot write to pipe: 'pipes' names one endpoint twice");
    }
    const out = this.#node.beginBytes(port);
    try {
      out.need(data.length);
      out.bytes.set(data, out.at);
      out.at += data.length;
      out.handles.push(...attached);
      checkStillHeld(out);
    } catch (error) {
      throw out.cancel(error);
    }
    return this.#node.commit(port, out, false) ? "OK" : "FAILED_PRECONDITION";
  }

  /**
   * Bytes that were written and wait here, because the other end has not read enough of what came before.
   * Each message counts 512 bytes more than its data. What is written to an end in this process is there
   * at once and never waits here.
   */
  get bufferedBytes(): number {
    return this.#node.bufferedBytes(this.#held("ask"));
  }

  /**
   * Resolves once nothing waits here any more: what was written is on its way to the other end, or the
   * other end is gone. Write, then await this, to go no faster than the reader.
   */
  flush(): Promise<void> {
    return flush(this.#node, this.#held("flush"));
  }

  /** Takes the next message, if one is there. */
  read(): ReadResult {
    const port = this.#held("read from");
    const entry = port.queue?.peek() ?? null;
    if (entry === null) {
      if (port.prevNode !== null) return { result: "SHOULD_WAIT" };
      return { result: "FAILED_PRECONDITION", reason: endReason(port) };
    }
    const data = entry.bytes.slice(entry.start, entry.end);
    this.#node.take(port);
    const pipes = entry.ports.map((attached) => new MessagePipe(this.#node, attached));
    return { result: "OK", message: { data, pipes } };
  }

  /**
   * Waits for the next message. Resolves to `null` when nothing more will come, because of the other end
   * ({@linkcode closed} tells why) or because this one is closed meanwhile. One call at a time.
   */
  async receive(
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Message | null> {
    for (;;) {
      options.signal?.throwIfAborted();
      const read = this.read();
      if (read.result === "OK") return read.message;
      if (read.result === "FAILED_PRECONDITION") return null;
      await this.#watch().changed(options.signal);
      // Closed on this side meanwhile, by whoever wants the loop that waits here to end.
      if (this.#closedHere) return null;
    }
  }

  /**
   * Resolves once nothing more will arrive, to the reason: a {@linkcode PipeClosedError} or a
   * {@linkcode PipeLostError}. Messages may still be unread. Stays pending if the pipe is closed, sent
   * or bound here.
   */
  get closed(): Promise<IpcError> {
    return this.#watch().closed.promise;
  }

  #watch(): PipeSink {
    const port = this.#held("watch");
    if (this.#sink === null) {
      port.sink = this.#sink = new PipeSink(port);
      if (port.prevNode === null) this.#sink.ended();
    }
    return this.#sink;
  }

  /** Closes this end. The other one learns of it after it has read what was written. */
  close(): void {
    if (this.#port.holder !== this) return;
    this.#closedHere = true;
    this.#port.holder = null;
    this.#node.close(this.#port);
    this.#sink?.release();
  }

  /** Closes this end, if it is still held. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** Watches a port for a {@linkcode MessagePipe}. */
class PipeSink implements PortSink {
  readonly closed: PromiseWithResolvers<IpcError> = Promise.withResolvers();
  readonly #port: Port;
  #change: PromiseWithResolvers<void> | null = null;

  constructor(port: Port) {
    this.#port = port;
  }

  deliver(): boolean {
    return false;
  }

  queued(): void {
    this.release();
  }

  ended(): void {
    this.closed.resolve(endReason(this.#port));
    this.release();
  }

  /** Wakes whoever waits: the port changed, or is no longer here. */
  release(): void {
    this.#change?.resolve();
    this.#change = null;
  }

  async changed(signal: AbortSignal | undefined): Promise<void> {
    const change = this.#change ??= Promise.withResolvers();
    if (signal === undefined) return await change.promise;
    const aborted = () => this.release();
    signal.addEventListener("abort", aborted, { once: true });
    await change.promise;
    signal.removeEventListener("abort", aborted);
  }
}

/** Resolves once nothing that was written to `port` waits on its node. */
export async function flush(node: Node, port: Port): Promise<void> {
  for (;;) {
    const holding = node.ports.holding(port)[0];
    if (holding === undefined) return;
    await new Promise<void>((resume) => (holding.whenSent ??= []).push(resume));
  }
}

/** The port in `pipe`, if it can be attached to a message on `carrier`. */
export function checkAttachable(
  node: Node,
  carrier: Port,
  pipe: unknown,
  name: string,
): Port {
  const port = heldPort(pipe);
  const refusal = port !== null
    ? node.refusal(carrier, port)
    : pipe instanceof MessagePipe
    ? "it was closed, sent or bound"
    : "it must be a MessagePipe";
  if (refusal !== null) throw new TypeError(`Cannot send argument '${name}': ${refusal}`);
  return port!;
}

/**
 * Checks that what is attached to the open message can still be sent: a getter among its arguments may
 * have closed, sent or bound it since it was attached.
 */
export function checkStillHeld(out: Encoder): void {
  for (const port of out.handles as Port[]) {
    if (port.holder instanceof MessagePipe && port.state === PortState.Open) continue;
    throw new TypeError("Cannot send message: a pipe in it was closed, sent or bound");
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
