/**
 * The end of a data pipe that is read from.
 *
 * What is unread stays in the queue of the port, so that it goes along when the end is sent.
 *
 * @module
 */
import { type IpcError, PipeClosedError } from "../errors.ts";
import type { QueuedMessage } from "../ports/message_queue.ts";
import type { Node } from "../ports/node.ts";
import type { Port } from "../ports/port.ts";
import { MESSAGE_TRAILER, writeSeq } from "../wire/event.ts";
import { HandleKind } from "./attachments.ts";
import type { DataPipeState } from "./data_pipe.ts";
import { DataPipeEnd } from "./data_pipe_end.ts";
import { Signal } from "./signal.ts";

/** The most that is put together for one read of a stream. */
const CHUNK_BYTES = 64 * 1024;
const { READABLE, PEER_CLOSED, NEW_DATA_READABLE, PEER_REMOTE } = Signal;

/** The end behind a `DataPipeConsumer`. */
export class ConsumerEnd extends DataPipeEnd {
  readonly noun = "data pipe consumer";
  readonly kind: number = HandleKind.DataPipeConsumer;
  /** What a two-phase read is looking at. */
  region: Uint8Array<ArrayBuffer> | null = null;
  /** Whether something came since the last attempt to read. */
  #isNew = false;
  /** Whether a microtask is due to tell what was consumed. */
  #telling = false;

  /** Takes over `port`, with what is in its queue. */
  constructor(node: Node, port: Port, state: DataPipeState) {
    super(node, port, state);
    // What is on its way has its cost beside its bytes.
    node.streamIn(port, Math.ceil(this.capacity * 1.25) + 65_536);
    let bytes = 0, entry = port.queue?.peek() ?? null;
    for (; entry !== null && this.failure === null; entry = entry.next) {
      bytes += entry.end - entry.start;
      this.#arrived(entry, bytes);
    }
    if (this.failure !== null) node.settle();
    if (this.isAborted) this.#drop();
    this.tell();
  }

  override get busy(): string | null {
    return this.region === null ? null : "it is in the middle of a two-phase read";
  }

  override get endReason(): IpcError | null {
    // What is wrong with what comes behind that is for the report.
    if (!this.isAborted) return super.endReason;
    return new PipeClosedError("The producer aborted the stream");
  }

  /** Whether the producer was closed in good order: what is unread is all there will be. */
  get isComplete(): boolean {
    const { prevNode, reason } = this.port;
    return this.failure === null && !this.isAborted && prevNode === null &&
      reason === "closed";
  }

  /** How many bytes can be read. */
  get available(): number {
    const { queue } = this.port;
    if (this.failure !== null || this.isAborted || !queue?.length) return 0;
    return queue.bytes - this.head;
  }

  // ------------------------------------------------------------------ signals

  override get satisfied(): number {
    const data = this.available === 0 ? 0 : (this.region === null ? READABLE : 0) |
      (this.#isNew ? NEW_DATA_READABLE : 0);
    return data | (this.endReason === null ? this.remoteness : PEER_CLOSED);
  }

  override get satisfiable(): number {
    const data = READABLE | NEW_DATA_READABLE;
    if (this.endReason === null) return data | PEER_CLOSED | PEER_REMOTE;
    return PEER_CLOSED | (this.available === 0 ? 0 : data);
  }

  /** Somebody tries to read. */
  look(): void {
    if (!this.#isNew) return;
    this.#isNew = false;
    this.notify();
  }

  // ------------------------------------------------------------------ reading

  /** Copies the first bytes to `into`, as many as fit. They stay unread. */
  copy(into: Uint8Array): void {
    let from = this.head, at = 0;
    for (let entry = this.port.queue!.peek()!; at < into.length; entry = entry.next!) {
      const { bytes, start, end } = entry;
      const size = Math.min(end - start - from, into.length - at);
      into.set(bytes.subarray(start + from, start + from + size), at);
      at += size;
      from = 0;
    }
  }

  /** Takes the first `count` bytes out. `isKept` leaves their memory to whoever has it. */
  consume(count: number, isKept = false): void {
    if (count === 0) return;
    const queue = this.port.queue!;
    this.total += count;
    let read = this.head + count;
    for (let entry = queue.peek(); entry !== null; entry = queue.peek()) {
      const size = entry.end - entry.start;
      if (read < size) break;
      read -= size;
      this.node.take(this.port);
      if (!isKept) queue.recycle(entry);
    }
    this.head = read;
    this.tell();
    this.notify();
  }

  /** What is unread of the message that is first, where it lies. */
  first(): Uint8Array<ArrayBuffer> {
    const { bytes, start, end } = this.port.queue!.peek()!;
    return bytes.subarray(start + this.head, end);
  }

  /** Takes bytes out, for a caller that owns them from here on: a message, or several small ones. */
  takeChunk(): Uint8Array<ArrayBuffer> {
    const entry = this.port.queue!.peek()!;
    if (this.head === 0 && entry.isAlone) {
      this.consume(entry.bytes.length, true);
      return entry.takeBytes();
    }
    const chunk = new Uint8Array(Math.min(this.available, CHUNK_BYTES));
    this.copy(chunk);
    this.consume(chunk.length);
    return chunk;
  }

  /** A two-phase read is over. */
  endRegion(): void {
    this.region = null;
    if (this.isAborted) this.#drop();
    this.notify();
  }

  // ------------------------------------------------------------------ what the producer is told

  /** Tells how much was consumed: at once when the producer may wait for it, else within this turn. */
  tell(): void {
    const { port } = this, untold = this.#untold;
    if (untold === 0 || port.nextNode === null) return;
    // A getter among the arguments of a message may be what reads here.
    if (!port.out.open && (port.nextNode.self || untold * 4 >= this.capacity)) {
      return this.#send(untold);
    }
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      // Whoever holds it now, if it was sent, tells more.
      const untold = port.sink === this ? this.#untold : 0;
      if (untold > 0) this.#send(untold);
    });
  }

  /** Streams take less than an element at a time if they are asked to. */
  get #untold(): number {
    return this.total - this.total % this.elementSize - this.told;
  }

  #send(untold: number): void {
    const { node, port } = this, out = node.beginBytes(port);
    this.told += untold;
    out.need(8);
    writeSeq(out.view, out.at, this.told);
    out.at += 8;
    node.commit(port, out, false);
  }

  // ------------------------------------------------------------------ from the node

  override queued(): void {
    const { last, bytes } = this.port.queue!;
    this.#arrived(last!, bytes);
    if (this.isAborted) this.#drop();
    this.notify();
  }

  /** A message is in the queue, which has so many bytes with it. */
  #arrived(entry: QueuedMessage, bytes: number): void {
    const rule = this.#check(entry, bytes);
    if (rule !== null) return this.bad(rule, 0, entry.link?.neighbor ?? null);
    if (entry.end > entry.start) {
      this.#isNew = true;
      return;
    }
    this.isAborted = true;
    this.ended();
  }

  #check({ start, end, ports, flags }: QueuedMessage, bytes: number): string | null {
    const size = end - start;
    if (ports.length > 0 || (flags & MESSAGE_TRAILER) !== 0) return "data-attachments";
    if (this.isAborted) return "data-after-abort";
    if (size === 0) return null;
    if (size % this.elementSize !== 0) return "data-size";
    // TRUST: what came with this end tells that more of the first message was read than it has.
    if (bytes <= this.head) return "data-head";
    return bytes - this.head > this.capacity ? "data-overflow" : null;
  }

  /** Drops what is unread, unless somebody is looking at it. */
  #drop(): void {
    if (this.region !== null) return;
    while (this.node.take(this.port) !== null);
  }
}
