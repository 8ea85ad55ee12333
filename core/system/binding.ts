/**
 * What joins a typed object to its endpoint: messages in, in order, each in place where it can be;
 * messages out, encoded straight into the link.
 *
 * @module
 */
import { type IpcError, LimitError } from "../errors.ts";
import type { Link, Neighbor } from "../ports/link.ts";
import type { Node } from "../ports/node.ts";
import { type Port, type PortSink, PortState } from "../ports/port.ts";
import type { Encoder } from "../wire/encoder.ts";
import { FORWARD_HEAD_BYTES, MESSAGE_TRAILER } from "../wire/event.ts";
import { receiveHandles, sealAttachments } from "./attachments.ts";
import { reportBadMessage } from "./bad_message.ts";
import { flush, lostReason } from "./end.ts";
import { checkAttachable, type Handle } from "./handle.ts";
import { MessagePipe, takePipe } from "./message_pipe.ts";
import { PipeEnd } from "./pipe_end.ts";

/** Takes what arrives. Called from the loop that reads a link, or in a microtask. */
export interface MessageHandler {
  /** One message, borrowed for the call; `handles` are owned by the handler. Must not throw. */
  message(
    bytes: Uint8Array<ArrayBuffer>,
    view: DataView<ArrayBuffer>,
    start: number,
    end: number,
    handles: Handle[],
  ): void;
  /** Whether the message would be answered: then it waits while the neighbor does not read answers. */
  isCall(view: DataView<ArrayBuffer>, start: number, end: number): boolean;
  /** Nothing more will come. */
  ended(reason: IpcError): void;
}

const NO_HANDLES: Handle[] = [];

/** An endpoint taken over by a `Remote` or a `Receiver`. */
export class Binding implements PortSink {
  readonly #end: PipeEnd;
  readonly #node: Node;
  readonly #port: Port;
  readonly #handler: MessageHandler;
  /** Why the endpoint is no longer here: closed, by either side, or given back. */
  end: IpcError | null = null;
  readonly #onError: (error: unknown, what: string) => void;
  #closed: PromiseWithResolvers<IpcError> | null = null;
  #scheduled = false;
  #waiting = false;
  /** The link that calls under way are charged to. */
  #caller: Link | null = null;
  #callsUnderWay = 0;
  /** Who the message came from that the handler was given last; `null` for this node. */
  #source: Neighbor | null = null;

  /** Takes the endpoint out of `pipe`. What is queued reaches `handler` in a microtask. */
  constructor(
    pipe: MessagePipe,
    handler: MessageHandler,
    onError: (error: unknown, what: string) => void = complain,
  ) {
    const end = this.#end = takePipe(pipe, "bind"), { port } = end;
    this.#port = port;
    this.#node = end.node;
    this.#handler = handler;
    this.#onError = onError;
    port.holder = this;
    port.sink = end.user = this;
    if (port.readable || end.endReason !== null) this.#schedule();
  }

  /** Opens a message. */
  begin(method: number, flags: number): Encoder {
    const out = this.#node.beginMessage(this.#port, method, flags);
    out.owner = this;
    return out;
  }

  /**
   * Sends the message open in `out`, of at most `maxBytes`; false when it was dropped because the other end
   * is gone.
   */
  commit(out: Encoder, request: number, reply: boolean, maxBytes?: number): boolean {
    let flags: number;
    try {
      out.finishMessage(request);
      if (maxBytes !== undefined) checkSize(out, maxBytes);
      flags = sealAttachments(out);
      if (this.end !== null && this.#port.state !== PortState.Gone) {
        throw new TypeError(
          "Cannot send message: its pipe was unbound by a getter in it",
        );
      }
    } catch (error) {
      throw out.cancel(error);
    }
    const isSent = this.#node.commit(this.#port, out, reply, flags);
    if (isSent) this.#end.noteWritten();
    return isSent;
  }

  /** Attaches a handle to the message open in `out`. */
  attach(out: Encoder, handle: unknown, name: string): void {
    const port = checkAttachable(this.#node, this.#port, handle, name);
    if (out.handles.includes(port)) {
      throw new TypeError(`Cannot send argument '${name}': it is in the message twice`);
    }
    out.handle(port);
  }

  /** Makes a pipe that can go with a message. */
  createPipe(): [MessagePipe, MessagePipe] {
    const [one, other] = this.#node.createPipe();
    return [this.#pipeOf(one), this.#pipeOf(other)];
  }

  /** What was written and waits here until the other end has read more. */
  get bufferedBytes(): number {
    return this.#node.bufferedBytes(this.#port);
  }

  /** Resolves once nothing waits here any more. */
  flush(): Promise<void> {
    return flush(this.#node, this.#port);
  }

  /** Why nothing more arrives, or can be sent; `null` as long as both are possible. */
  get endReason(): IpcError | null {
    const port = this.#port;
    return this.#end.endReason ?? (port.nextNode === null ? lostReason(port) : null);
  }

  /** Code of this side has thrown where nobody waits for it: tells who asked to be told. */
  failed(error: unknown, what: string): void {
    try {
      this.#onError(error, what);
    } catch (second) {
      console.error("@mage/ipc: onError itself failed:", second);
    }
  }

  /** The message that the handler was given last makes no sense: tells whom it concerns. */
  report(error: IpcError): void {
    reportBadMessage(this.#source, error);
  }

  /** Resolves to the reason once the endpoint is no longer here. Never rejects. */
  get closed(): Promise<IpcError> {
    this.#closed ??= Promise.withResolvers();
    if (this.end !== null) this.#closed.resolve(this.end);
    return this.#closed.promise;
  }

  /** Closes the endpoint; the handler hears nothing more. False when it was closed or given back. */
  close(reason: IpcError): boolean {
    if (this.end !== null) return false;
    this.#finish(reason);
    this.#port.holder = null;
    this.#node.close(this.#port);
    return true;
  }

  /** Gives the endpoint back, with what is unread and the quotas it had. */
  release(reason: IpcError): MessagePipe {
    if (this.end !== null || this.#port.state !== PortState.Open) {
      throw new TypeError("Cannot unbind: the pipe was closed or unbound");
    }
    this.#finish(reason);
    const { receipts, limits } = this.#end;
    return new MessagePipe(new PipeEnd(this.#node, this.#port, receipts, limits));
  }

  #finish(reason: IpcError): void {
    this.end = reason;
    this.#port.sink = null;
    this.#caller?.callsEnded(this.#callsUnderWay);
    this.#closed?.resolve(reason);
  }

  /** From the node: a message in its turn. */
  deliver(
    bytes: Uint8Array<ArrayBuffer>,
    view: DataView<ArrayBuffer>,
    start: number,
    end: number,
    ports: Port[],
    flags: number,
  ): boolean {
    // A microtask is due to deliver what came before, or calls wait.
    if (this.#scheduled || this.#waiting || this.#mustWait(view, start, end)) {
      return false;
    }
    if ((flags & MESSAGE_TRAILER) !== 0 || this.#end.receipts?.isAsked) return false;
    this.#source = this.#port.prevNode;
    this.#handler.message(bytes, view, start, end, this.#pipesOf(ports));
    return true;
  }

  /** From the node: something is queued. */
  queued(): void {
    this.#end.noteArrived();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting || this.end !== null) return;
    this.#scheduled = true;
    queueMicrotask(this.#drain);
  }

  /** From the node: nothing more will come behind what is queued. */
  ended(): void {
    this.#schedule();
  }

  /** From the node: the other end may have moved. */
  rerouted(): void {}

  /** From the node: never, for what is bound cannot be sent. */
  left(): void {}

  /** A call was taken whose answer comes later, with {@linkcode answerWhenRoom}. */
  startCall(): void {
    const node = this.#port.nextNode;
    const link = node === null || node.self ? null : node.link;
    if (link !== this.#caller) {
      // The other end has moved to another node, which all that is due goes to.
      this.#caller?.callsEnded(this.#callsUnderWay);
      if (link !== null) link.callsUnderWay += this.#callsUnderWay;
      this.#caller = link;
    }
    this.#callsUnderWay++;
    if (link !== null) link.callsUnderWay++;
  }

  /** Calls `answer` now, or once the neighbor has read of what waits for it. That ends the call. */
  answerWhenRoom(answer: () => void): void {
    if (this.end !== null) return; // Benign: closed or unbound while the method ran.
    if (this.#caller?.repliesPileUp) {
      this.#caller.whenRelieved(() => this.answerWhenRoom(answer));
      return;
    }
    answer();
    if (this.end !== null) return;
    this.#callsUnderWay--;
    this.#caller?.callsEnded(1);
  }

  /** Whether the message waits because its sender does not read what it is answered. */
  #mustWait(view: DataView<ArrayBuffer>, start: number, end: number): boolean {
    const link = this.#port.nextNode?.link;
    if (!link?.congested || !this.#handler.isCall(view, start, end)) return false;
    // Its calls wait where they count against it.
    this.#waiting = true;
    link.whenRelieved(this.#resume);
    return true;
  }

  #pipesOf(ports: Port[]): Handle[] {
    return ports.length === 0 ? NO_HANDLES : ports.map((port) => this.#pipeOf(port));
  }

  #pipeOf(port: Port): MessagePipe {
    return new MessagePipe(new PipeEnd(this.#node, port));
  }

  readonly #resume = (): void => {
    this.#waiting = false;
    this.#schedule();
  };

  readonly #drain = (): void => {
    this.#scheduled = false;
    const port = this.#port, pipe = this.#end;
    while (this.end === null && !this.#waiting) {
      pipe.hear();
      const entry = port.queue?.peek() ?? null;
      if (entry === null || pipe.failure !== null) {
        const reason = pipe.endReason;
        if (reason !== null) this.#handler.ended(reason);
        return;
      }
      const { bytes, view, start, ports, link } = entry;
      if (this.#mustWait(view, start, entry.end)) return;
      const trailer = pipe.trailerOf(entry);
      this.#source = link?.neighbor ?? null;
      // ORDER: out of the queue first. A handler that closes or unbinds must not find it there again.
      // Its bytes stay as they are until something else is queued, which handlers do only once they
      // have decoded it.
      pipe.shift();
      pipe.noteTaken();
      if (trailer === null) {
        this.#handler.message(bytes, view, start, entry.end, this.#pipesOf(ports));
        continue;
      }
      const { at, count } = trailer;
      const handles = receiveHandles(this.#node, ports, view, at, count);
      if (typeof handles === "string") pipe.bad(handles, at - start, this.#source);
      else this.#handler.message(bytes, view, start, at, handles);
    }
  };
}

function complain(error: unknown, what: string): void {
  console.error(`@mage/ipc: ${what} failed:`, error);
}

function checkSize(out: Encoder, maxBytes: number): void {
  const size = out.at - out.start - FORWARD_HEAD_BYTES;
  if (size <= maxBytes) return;
  throw new LimitError("MaxMessageSize", maxBytes, size, "send it in parts");
}
