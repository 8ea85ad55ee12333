/**
 * One end of a message pipe.
 *
 * @module
 */
import { BadMessageError } from "../errors.ts";
import type { QueuedMessage } from "../ports/message_queue.ts";
import type { Node } from "../ports/node.ts";
import type { Port } from "../ports/port.ts";
import { MESSAGE_TRAILER } from "../wire/event.ts";
import {
  findTrailer,
  readControl,
  type Trailer,
  TrailerType,
  writeControl,
} from "../wire/trailer.ts";
import { HandleKind } from "./attachments.ts";
import { reportBadMessage } from "./bad_message.ts";
import { End } from "./end.ts";
import type { Quota, QuotaType } from "./quota.ts";
import { ReadReceipts } from "./read_receipts.ts";
import { Signal } from "./signal.ts";

const { READABLE, WRITABLE, PEER_CLOSED, PEER_REMOTE, QUOTA_EXCEEDED } = Signal;

/** The end behind a `MessagePipe`. */
export class PipeEnd extends End {
  readonly noun = "pipe";
  /** What the ends tell each other about what was read; `null` as long as neither has asked. */
  receipts: ReadReceipts | null;
  readonly #limits: Map<QuotaType, number> = new Map();

  /** Takes over `port`. What the ends tell each other is taken out of its queue, and readers never see it. */
  constructor(node: Node, port: Port, receipts: ReadReceipts | null = null) {
    super(node, port);
    this.receipts = receipts;
    this.hear();
  }

  override get isPlain(): boolean {
    return this.receipts?.isPlain ?? true;
  }

  override describe(view: DataView, at: number): void {
    view.setUint8(at, HandleKind.MessagePipe);
    this.receipts?.describe(view, at);
  }

  // ------------------------------------------------------------------ signals

  override get satisfied(): number {
    const { port } = this;
    return (port.readable ? READABLE : 0) |
      (port.prevNode === null ? PEER_CLOSED : port.nextNode === null ? 0 : WRITABLE) |
      this.remoteness |
      (this.#isOverQuota ? QUOTA_EXCEEDED : 0);
  }

  override get satisfiable(): number {
    const { port } = this;
    if (port.prevNode === null) {
      return PEER_CLOSED | (port.readable ? READABLE | QUOTA_EXCEEDED : 0);
    }
    const forward = port.nextNode === null ? 0 : WRITABLE | PEER_REMOTE;
    return forward | READABLE | PEER_CLOSED | QUOTA_EXCEEDED;
  }

  // ------------------------------------------------------------------ quotas

  get #isOverQuota(): boolean {
    for (const [type, limit] of this.#limits) {
      if (this.#usage(type) > limit) return true;
    }
    return false;
  }

  #usage(type: QuotaType): number {
    const { queue } = this.port;
    switch (type) {
      case "RECEIVE_QUEUE_LENGTH":
        return queue?.length ?? 0;
      case "RECEIVE_QUEUE_MEMORY_SIZE":
        return queue?.bytes ?? 0;
      case "UNREAD_MESSAGE_COUNT":
        return this.receipts?.unread ?? 0;
    }
  }

  /** See {@linkcode Quota}. */
  quota(type: QuotaType): Quota {
    return { limit: this.#limits.get(type) ?? Infinity, usage: this.#usage(type) };
  }

  /** Sets a quota; `Infinity` for none. */
  setQuota(type: QuotaType, limit: number): void {
    if (limit === Infinity) this.#limits.delete(type);
    else this.#limits.set(type, limit);
    if (type === "UNREAD_MESSAGE_COUNT") {
      this.receipts ??= new ReadReceipts();
      const interval = limit === Infinity ? 0 : Math.max(1, Math.floor((limit + 1) / 2));
      this.#say(TrailerType.ReadInterval, this.receipts.ask(interval));
    }
    this.notify();
  }

  // ------------------------------------------------------------------ reading

  /** A message was written. */
  noteWritten(): void {
    if (this.receipts === null) return;
    this.receipts.written++;
    this.notify();
  }

  /** Takes the first message out of the queue. */
  take(): QueuedMessage {
    const entry = this.node.take(this.port)!;
    if (this.receipts?.noteRead()) this.tellRead();
    this.hear();
    this.notify();
    return entry;
  }

  /** Tells the other end how much was read. */
  tellRead(): void {
    // A getter among the arguments of another message may be what reads here: it is told next time.
    if (this.port.out.open) return;
    this.#say(TrailerType.ReadCount, this.receipts!.tell());
  }

  #say(type: number, control: { id: number; amount: number }): void {
    const out = this.node.beginBytes(this.port);
    writeControl(out, type, control);
    this.node.commit(this.port, out, false, MESSAGE_TRAILER);
  }

  /** The trailer of the first message; `null` when it has none, or breaks a rule, which ends the pipe. */
  trailerOf({ view, start, end, flags, link }: QueuedMessage): Trailer | null {
    if ((flags & MESSAGE_TRAILER) === 0) return null;
    const trailer = findTrailer(view, start, end);
    if (typeof trailer !== "string") return trailer;
    this.bad(trailer, end - start, link?.neighbor ?? null);
    return null;
  }

  /** The other end broke a rule. */
  bad(
    rule: string,
    offset: number,
    neighbor: Parameters<typeof reportBadMessage>[0],
  ): void {
    const error = new BadMessageError(rule, offset);
    this.fail(error);
    reportBadMessage(neighbor, error);
  }

  /** Takes in what the other end has to say, as far as no message is before it. */
  hear(): void {
    const { port } = this;
    for (let entry = port.queue?.peek(); entry; entry = port.queue?.peek()) {
      if ((entry.flags & MESSAGE_TRAILER) === 0) return;
      const trailer = this.trailerOf(entry);
      if (trailer === null || trailer.type === TrailerType.Handles) return;
      this.node.take(port);
      this.#obey(trailer, entry);
    }
  }

  #obey({ type, at }: Trailer, { view, start, ports, link }: QueuedMessage): void {
    const control = readControl(view, at), neighbor = link?.neighbor ?? null;
    if (ports.length > 0) {
      for (const port of ports) this.node.drop(port);
      return this.bad("control-handles", 0, neighbor);
    }
    const receipts = this.receipts ??= new ReadReceipts();
    if (type === TrailerType.ReadInterval) receipts.asked(control);
    else {
      const rule = receipts.told(control);
      if (rule !== null) this.bad(rule, at - start, neighbor);
    }
  }

  override queued(): void {
    this.hear();
    this.notify();
  }
}
