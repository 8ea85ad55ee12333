/**
 * Messages that arrived and were not read, in the order they arrived.
 *
 * Their bytes are copied one behind the other into chunks of the queue's own: a message costs no
 * buffer object, and no other queue's message keeps a chunk of this one alive.
 *
 * @module
 */
import { MESSAGE_OVERHEAD_BYTES } from "../wire/event.ts";
import type { Link } from "./link.ts";
import type { Port } from "./port.ts";

const FIRST_CHUNK_BYTES = 1024;
const LAST_CHUNK_BYTES = 64 * 1024;
const OWN_BUFFER_BYTES = 16 * 1024;
/** Buffers of single messages that are kept to be used again, and how large they are at most. */
const MAX_SPARES = 8;
const MAX_SPARE_BYTES = 64 * 1024;

/** One message: a stretch of a chunk, and what is attached. */
export class QueuedMessage {
  /** The chunk. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** A view of it. */
  readonly view: DataView<ArrayBuffer>;
  /** Where the payload starts. */
  readonly start: number;
  /** Where it ends. Moves on when another message is joined to it. */
  end: number;
  /** Endpoints attached to it. */
  readonly ports: Port[];
  /** The flags of its event. */
  readonly flags: number;
  /** The link it is charged to. */
  readonly link: Link | null;
  /** Whether it answers a call of the neighbor, and is charged as such. */
  readonly reply: boolean;
  /** The one behind it. */
  next: QueuedMessage | null = null;

  /** Makes an entry. */
  constructor(
    bytes: Uint8Array<ArrayBuffer>,
    view: DataView<ArrayBuffer>,
    start: number,
    end: number,
    ports: Port[],
    flags: number,
    link: Link | null,
    reply: boolean,
  ) {
    this.bytes = bytes;
    this.view = view;
    this.start = start;
    this.end = end;
    this.ports = ports;
    this.flags = flags;
    this.link = link;
    this.reply = reply;
  }

  /** Its payload up to `end`, owned by the caller. Only once it is out of its queue, and once. */
  takeBytes(end: number = this.end): Uint8Array<ArrayBuffer> {
    return this.isAlone && end === this.end
      ? this.bytes
      : this.bytes.slice(this.start, end);
  }

  /** Whether nothing else lies, or will lie, in its buffer. */
  get isAlone(): boolean {
    const { length } = this.bytes;
    return length >= OWN_BUFFER_BYTES && this.end - this.start === length;
  }

  /** What it costs: its bytes, and what every message costs. */
  get cost(): number {
    return this.end - this.start + MESSAGE_OVERHEAD_BYTES;
  }
}

/** A first-in first-out queue of messages. */
export class MessageQueue {
  /** How many messages it holds. */
  length = 0;
  /** What they cost. */
  cost = 0;
  /** How many endpoints are attached to them. */
  carried = 0;
  #head: QueuedMessage | null = null;
  #tail: QueuedMessage | null = null;
  #chunk: Uint8Array<ArrayBuffer> | null = null;
  #view: DataView<ArrayBuffer> | null = null;
  #at = 0;
  #spares: QueuedMessage[] | null = null;

  /**
   * Copies `source[start..end]` in as the last message and charges it to `link`. It becomes one with the
   * message before it where that comes to at most `joined` bytes: then a byte costs a byte, however few come
   * at a time.
   */
  push(
    source: Uint8Array,
    start: number,
    end: number,
    ports: Port[],
    flags: number,
    link: Link | null,
    reply = false,
    joined = 0,
  ): void {
    const length = end - start;
    if (joined > 0 && this.#join(source, start, end, ports, flags, link, joined)) return;
    let chunk = this.#chunk, view = this.#view, at = this.#at;
    if (length >= OWN_BUFFER_BYTES) {
      const spare = this.#spares?.pop();
      if (spare?.bytes.length === length) ({ bytes: chunk, view } = spare);
      else view = new DataView((chunk = new Uint8Array(length)).buffer);
      at = 0;
    } else {
      if (chunk === null || at + length > chunk.length) {
        let size = chunk === null
          ? FIRST_CHUNK_BYTES
          : Math.min(chunk.length * 2, LAST_CHUNK_BYTES);
        while (size < length) size *= 2;
        chunk = this.#chunk = new Uint8Array(size);
        view = this.#view = new DataView(chunk.buffer);
        at = 0;
      }
      this.#at = at + length;
    }
    if (length <= 64) {
      for (let i = 0; i < length; i++) chunk[at + i] = source[start + i]!;
    } else {
      chunk.set(source.subarray(start, end), at);
    }
    const entry = new QueuedMessage(
      chunk,
      view!,
      at,
      at + length,
      ports,
      flags,
      link,
      reply,
    );
    if (this.#tail === null) this.#head = entry;
    else this.#tail.next = entry;
    this.#tail = entry;
    this.length++;
    const { cost } = entry;
    this.cost += cost;
    this.carried += ports.length;
    if (link === null) return;
    if (reply) link.heldReplyBytes += cost;
    else link.unreadBytes += cost;
  }

  #join(
    source: Uint8Array,
    start: number,
    end: number,
    ports: readonly Port[],
    flags: number,
    link: Link | null,
    joined: number,
  ): boolean {
    const last = this.#tail, chunk = this.#chunk, length = end - start;
    if (
      last === null || chunk === null || last.bytes !== chunk || last.end !== this.#at ||
      last.end === last.start || length === 0 || ports.length > 0 ||
      last.ports.length > 0 || last.flags !== flags || last.link !== link || last.reply ||
      last.end + length > chunk.length || last.end + length - last.start > joined
    ) return false;
    chunk.set(source.subarray(start, end), last.end);
    this.#at = last.end += length;
    this.cost += length;
    if (link !== null) link.unreadBytes += length;
    return true;
  }

  /** Gives back a message that was shifted out and that nobody looks at any more: fresh memory is dear. */
  recycle(entry: QueuedMessage): void {
    if (!entry.isAlone || entry.bytes.length > MAX_SPARE_BYTES) return;
    const spares = this.#spares ??= [];
    if (spares.length < MAX_SPARES) spares.push(entry);
  }

  /** The last message. */
  get last(): QueuedMessage | null {
    return this.#tail;
  }

  /** How many bytes the payloads have. */
  get bytes(): number {
    return this.cost - this.length * MESSAGE_OVERHEAD_BYTES;
  }

  /** The first message, which stays in the queue: its bytes are good until it is shifted out. */
  peek(): QueuedMessage | null {
    return this.#head;
  }

  /** Takes the first message out and gives back what it was charged. */
  shift(): QueuedMessage | null {
    const entry = this.#head;
    if (entry === null) return null;
    this.#head = entry.next;
    if (this.#head === null) {
      this.#tail = null;
      this.#at = 0;
    }
    this.length--;
    const { link, cost } = entry;
    this.cost -= cost;
    this.carried -= entry.ports.length;
    if (link !== null) {
      if (entry.reply) link.heldReplyBytes -= cost;
      else {
        link.unreadBytes -= cost;
        link.freed();
      }
    }
    return entry;
  }
}
