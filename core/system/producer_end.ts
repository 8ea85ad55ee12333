/**
 * The end of a data pipe that is written to.
 *
 * @module
 */
import { LimitError } from "../errors.ts";
import type { Node } from "../ports/node.ts";
import type { Port } from "../ports/port.ts";
import { FORWARD_HEAD_BYTES, MESSAGE_TRAILER, readSeq } from "../wire/event.ts";
import { HandleKind } from "./attachments.ts";
import type { DataPipeState } from "./data_pipe.ts";
import { DataPipeEnd } from "./data_pipe_end.ts";
import { Signal } from "./signal.ts";

/** The most bytes that go into one message, unless an element is larger. */
const PIECE_BYTES = 32 * 1024;
const { WRITABLE, PEER_CLOSED, PEER_REMOTE } = Signal;

/** The end behind a `DataPipeProducer`. */
export class ProducerEnd extends DataPipeEnd {
  readonly noun = "data pipe producer";
  readonly kind: number = HandleKind.DataPipeProducer;
  /** What a two-phase write is filling. */
  region: Uint8Array<ArrayBuffer> | null = null;
  #waiting = false;
  /** Memory for two-phase writes, used again and again: zeroing it each time would cost more than they do. */
  #scratch: Uint8Array<ArrayBuffer> | null = null;

  /** Takes over `port`, and takes in what it was told while nobody held it. */
  constructor(node: Node, port: Port, state: DataPipeState) {
    super(node, port, state);
    node.streamOut(port);
    this.#hear();
    if (this.failure !== null) node.settle();
    this.#watchUnsent();
  }

  override get busy(): string | null {
    return this.region === null ? null : "it is in the middle of a two-phase write";
  }

  override get satisfied(): number {
    if (this.endReason !== null) return PEER_CLOSED;
    return (this.room > 0 && this.region === null ? WRITABLE : 0) | this.remoteness;
  }

  override get satisfiable(): number {
    return this.endReason === null ? WRITABLE | PEER_CLOSED | PEER_REMOTE : PEER_CLOSED;
  }

  /** How many bytes can be written. */
  get room(): number {
    // Where there is no way ahead any more, why that is so is about to arrive.
    if (this.port.nextNode === null) return 0;
    return this.#isCongested ? 0 : this.capacity - (this.total - this.told);
  }

  /**
   * Whether too much waits here for credit. The capacity of a pipe that came from elsewhere is what somebody
   * else says: half of what that link may have unread is what it may make us hold.
   */
  get #isCongested(): boolean {
    const { unsent, source } = this.port;
    return unsent !== null && source !== null &&
      unsent.cost >= source.limits.maxUnreadBytes / 2;
  }

  /** So many bytes to be filled. What was filled in before may still be in them. */
  lend(bytes: number): Uint8Array<ArrayBuffer> {
    if (this.#scratch === null || this.#scratch.length < bytes) {
      this.#scratch = new Uint8Array(bytes);
    }
    return this.#scratch.subarray(0, bytes);
  }

  /** What fits into a message: whole elements, as the way ahead takes them. */
  #pieceBytes(): number {
    const { node, port, elementSize } = this;
    const { maxFrameBytes } = node.ports.wayOf(port).output,
      most = maxFrameBytes - FORWARD_HEAD_BYTES;
    const piece = Math.min(PIECE_BYTES, most);
    if (elementSize <= piece) return piece - piece % elementSize;
    if (elementSize <= most) return elementSize;
    throw new LimitError(
      "maxFrameBytes",
      maxFrameBytes,
      elementSize + FORWARD_HEAD_BYTES,
    );
  }

  /**
   * Sends `data`, for which there is room. Only as long as there is a way ahead.
   *
   * @throws {LimitError} if an element is larger than a frame may be; then nothing went
   */
  send(data: Uint8Array): void {
    const { node, port } = this, { length } = data, piece = this.#pieceBytes();
    // What is cut out of it must not be the doing of a class of the caller's: a message is open then.
    const bytes = new Uint8Array(data.buffer, data.byteOffset, length);
    for (let at = 0; at < length; at += piece) {
      const size = Math.min(piece, length - at), out = node.beginBytes(port);
      out.need(size);
      out.bytes.set(size === length ? bytes : bytes.subarray(at, at + size), out.at);
      out.at += size;
      // ORDER: what is read is never more than what is counted as written.
      this.total += size;
      node.commit(port, out, false);
    }
    this.#watchUnsent();
    this.notify();
  }

  /** Tells the consumer that what it has not read is worth nothing. */
  abort(): void {
    const { node, port } = this;
    if (port.nextNode !== null) node.commit(port, node.beginBytes(port), false);
  }

  /** There is room again once nothing waits any more. */
  #watchUnsent(): void {
    if (this.#waiting || !this.#isCongested) return;
    this.#waiting = true;
    (this.port.whenSent ??= []).push(() => {
      this.#waiting = false;
      this.notify();
    });
  }

  // ------------------------------------------------------------------ from the node

  override deliver(
    _bytes: Uint8Array<ArrayBuffer>,
    view: DataView<ArrayBuffer>,
    start: number,
    end: number,
    ports: Port[],
    flags: number,
  ): boolean {
    // What is wrong is queued, where it is known who sent it.
    if (this.#heard(view, start, end, ports, flags) !== null) return false;
    this.notify();
    return true;
  }

  override queued(): void {
    this.#hear();
    this.notify();
  }

  #hear(): void {
    while (this.failure === null) {
      const entry = this.node.take(this.port);
      if (entry === null) return;
      const { view, start, end, ports, flags } = entry;
      const rule = this.#heard(view, start, end, ports, flags);
      if (rule === null) continue;
      for (const port of ports) this.node.drop(port);
      this.bad(rule, 0, entry.link?.neighbor ?? null);
    }
  }

  /** The consumer tells how much it has consumed. Returns the rule it breaks. */
  #heard(
    view: DataView,
    start: number,
    end: number,
    ports: readonly Port[],
    flags: number,
  ): string | null {
    if (ports.length > 0 || (flags & MESSAGE_TRAILER) !== 0) {
      return "consumed-attachments";
    }
    if (end - start !== 8) return "consumed-size";
    const told = readSeq(view, start);
    // TRUST: nothing is read twice, or before it is written.
    if (told < this.told || told > this.total || told % this.elementSize !== 0) {
      return "consumed-total";
    }
    this.told = told;
    return null;
  }
}
