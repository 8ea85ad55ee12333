/**
 * One end of a message pipe.
 *
 * @module
 */
import { BadMessageError, MisuseError } from "../errors.ts";
import type { QueuedMessage } from "../ports/message_queue.ts";
import type { Node } from "../ports/node.ts";
import type { Port, PortSink } from "../ports/port.ts";
import { MESSAGE_TRAILER } from "../wire/event.ts";
import {
  type Control,
  findTrailer,
  readControl,
  type Trailer,
  TrailerType,
  writeControl,
} from "../wire/trailer.ts";
import { HandleKind } from "./attachments.ts";
import { End } from "./end.ts";
import type { Quota, QuotaType } from "./quota.ts";
import { ReadReceipts } from "./read_receipts.ts";
import { Signal } from "./signal.ts";

const { READABLE, WRITABLE, PEER_CLOSED, PEER_REMOTE, QUOTA_EXCEEDED } = Signal;
/** The longest interval at which to be told what was read. */
const MAX_INTERVAL = 0xffff_ffff;

/** The end behind a `MessagePipe`. */
export class PipeEnd extends End {
  /** What the ends tell each other about what was read; `null` as long as neither has asked. */
  receipts: ReadReceipts | null;
  /** Who takes what comes: itself, or what it is bound to. */
  user: PortSink = this;
  /** The quotas that were set. */
  readonly limits: Map<QuotaType, number>;
  /** Words between the ends that are in the queue, behind messages, and their bytes. */
  #words = 0;
  #wordBytes = 0;
  /** Whether it waits until it can tell what was read. */
  #isTelling = false;

  /** Takes over `port`. What the ends tell each other is taken out of its queue, and readers never see it. */
  constructor(
    node: Node,
    port: Port,
    receipts: ReadReceipts | null = null,
    limits: Map<QuotaType, number> = new Map(),
  ) {
    super(node, port);
    this.receipts = receipts;
    this.limits = limits;
    for (let entry = port.queue?.peek() ?? null; entry !== null; entry = entry.next) {
      this.#noteArrival(entry);
    }
    this.hear();
    // Not yet: it may be made while the node handles an event.
    if (receipts?.isDue) this.#tellAfter(queueMicrotask);
  }

  override get noun(): string {
    return "pipe";
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
    if (this.failure !== null) return PEER_CLOSED;
    const { port } = this;
    return (port.readable ? READABLE : 0) |
      (port.prevNode === null ? PEER_CLOSED : port.nextNode === null ? 0 : WRITABLE) |
      this.remoteness |
      (this.#isOverQuota ? QUOTA_EXCEEDED : 0);
  }

  override get satisfiable(): number {
    if (this.failure !== null) return PEER_CLOSED;
    const { port } = this;
    if (port.prevNode === null) {
      return PEER_CLOSED | (port.readable ? READABLE | QUOTA_EXCEEDED : 0);
    }
    const forward = port.nextNode === null ? 0 : WRITABLE | PEER_REMOTE;
    return forward | READABLE | PEER_CLOSED | QUOTA_EXCEEDED;
  }

  // ------------------------------------------------------------------ quotas

  get #isOverQuota(): boolean {
    for (const [type, limit] of this.limits) {
      if (this.#usage(type) > limit) return true;
    }
    return false;
  }

  #usage(type: QuotaType): number {
    const { queue, prevNode } = this.port;
    switch (type) {
      case "RECEIVE_QUEUE_LENGTH":
        return queue === null ? 0 : queue.length - this.#words;
      case "RECEIVE_QUEUE_MEMORY_SIZE":
        return queue === null ? 0 : queue.bytes - this.#wordBytes;
      case "UNREAD_MESSAGE_COUNT":
        // Nobody is left to read any.
        return prevNode === null ? 0 : this.receipts?.unread ?? 0;
    }
  }

  /** See {@linkcode Quota}. */
  quota(type: QuotaType): Quota {
    return { limit: this.limits.get(type) ?? Infinity, usage: this.#usage(type) };
  }

  /** Sets a quota; `Infinity` for none. */
  setQuota(type: QuotaType, limit: number): void {
    if (type === "UNREAD_MESSAGE_COUNT") this.#ask(limit);
    if (limit === Infinity) this.limits.delete(type);
    else this.limits.set(type, limit);
    this.notify();
  }

  /** Has the other end tell what it has read, often enough for a quota. */
  #ask(limit: number): void {
    if (limit === Infinity && !this.receipts?.isAsking) return;
    if (this.port.out.open) {
      throw new MisuseError(
        "BUSY",
        "Cannot set a quota of pipe: a message is being encoded",
      );
    }
    const interval = limit === Infinity
      ? 0
      : Math.min(Math.max(1, Math.floor((limit + 1) / 2)), MAX_INTERVAL);
    const { a, b, c, d } = this.port.name;
    this.receipts ??= new ReadReceipts();
    this.#say(TrailerType.ReadInterval, this.receipts.ask(interval, a ^ b ^ c ^ d));
  }

  /**
   * This end is about to be fused with `other`: whoever is at the other end of this one is told what is read
   * so far, and hears from here on what the one at the other end of `other` asks.
   */
  tellBeforeFusing(other: PipeEnd): void {
    const { receipts } = this, question = other.receipts?.question ?? null;
    if (receipts?.isAsked) this.#say(TrailerType.ReadCount, receipts.tell(), true);
    if (question !== null) this.#say(TrailerType.ReadInterval, question);
    else if (receipts?.isAsking) {
      this.#say(TrailerType.ReadInterval, receipts.ask(0, 0));
    }
  }

  // ------------------------------------------------------------------ reading

  /** A message was written. */
  noteWritten(): void {
    if (this.receipts === null) return;
    this.receipts.written++;
    this.notify();
  }

  /**
   * Takes the first message out of the queue. Its bytes stay as they are until something is queued: follow
   * with {@linkcode noteTaken} once they are needed no more.
   */
  shift(): QueuedMessage {
    return this.node.take(this.port)!;
  }

  /** A message was taken: tells whom it concerns. */
  noteTaken(): void {
    this.receipts?.noteRead();
    if (this.receipts?.isDue) this.#tell();
    this.hear();
    this.notify();
  }

  /** Tells the other end how much was read. One such word waits here at most, whatever it lets us send. */
  #tell(): void {
    if (this.#isTelling) return;
    const { port } = this, link = port.nextNode?.link;
    if (port.unsent !== null) {
      this.#tellAfter((resume) => (port.whenSent ??= []).push(resume));
    } else if (link?.repliesPileUp) {
      this.#tellAfter((resume) => link.whenRelieved(resume));
    } else if (port.out.open) {
      // A getter among the arguments of another message is what reads here.
      this.#tellAfter((resume) => resume());
    } else this.#say(TrailerType.ReadCount, this.receipts!.tell(), true);
  }

  #tellAfter(wait: (resume: () => void) => void): void {
    this.#isTelling = true;
    wait(() =>
      queueMicrotask(() => {
        this.#isTelling = false;
        // Otherwise whoever has it now tells.
        if (this.port.sink === this.user && this.receipts!.isDue) this.#tell();
      })
    );
  }

  #say(type: number, control: Control, isAnswer = false): void {
    const out = this.node.beginBytes(this.port);
    writeControl(out, type, control);
    this.node.commit(this.port, out, isAnswer, MESSAGE_TRAILER);
  }

  /** The trailer of the first message, if it has one. It is in order, or the pipe has failed. */
  trailerOf({ view, start, end, flags }: QueuedMessage): Trailer | null {
    return (flags & MESSAGE_TRAILER) === 0
      ? null
      : findTrailer(view, start, end) as Trailer;
  }

  /** Takes in what the other end has to say, as far as no message is before it. */
  hear(): void {
    const { port } = this;
    for (let entry = port.queue?.peek(); entry; entry = port.queue?.peek()) {
      if ((entry.flags & MESSAGE_TRAILER) === 0 || this.failure !== null) return;
      const { view, start, end, ports, link } = entry, neighbor = link?.neighbor ?? null;
      const trailer = findTrailer(view, start, end);
      if (typeof trailer === "string") return this.bad(trailer, end - start, neighbor);
      if (trailer.type === TrailerType.Handles) return;
      this.node.take(port);
      this.#words--;
      this.#wordBytes -= end - start;
      for (const attached of ports) this.node.drop(attached);
      if (ports.length > 0) this.bad("control-handles", 0, neighbor);
      else if (trailer.type === TrailerType.ReadInterval) this.#obey(trailer, view);
    }
  }

  /** A message was queued as the last one. */
  noteArrived(): void {
    this.#noteArrival(this.port.queue!.last!);
  }

  #noteArrival({ view, start, end, flags, ports }: QueuedMessage): void {
    if ((flags & MESSAGE_TRAILER) === 0) return;
    const trailer = findTrailer(view, start, end);
    if (typeof trailer === "string" || trailer.type === TrailerType.Handles) return;
    this.#words++;
    this.#wordBytes += end - start;
    // What was read there has nothing to do with what is unread here, and does not wait for it.
    if (trailer.type === TrailerType.ReadCount && ports.length === 0) {
      this.#obey(trailer, view);
    }
  }

  #obey(trailer: Trailer, view: DataView): void {
    const control = readControl(view, trailer), { type } = trailer;
    let rule = typeof control === "string" ? control : null;
    if (typeof control !== "string") {
      if (type === TrailerType.ReadCount) rule = this.receipts?.told(control) ?? null;
      else (this.receipts ??= new ReadReceipts()).asked(control);
    }
    // Reported to nobody: whoever says a wrong number may have got it from who held that end before.
    if (rule !== null) this.fail(new BadMessageError(rule, 0));
  }

  override queued(): void {
    this.noteArrived();
    this.hear();
    this.notify();
  }
}
