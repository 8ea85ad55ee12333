/**
 * The sending end of a stream: takes items from wherever they come, no faster than the other end reads
 * them, and writes each as a message.
 *
 * ```text
 *          item, item, …, and last one of: end, error
 * producer ------------------------------------------> consumer
 *          <------------------------------------------ nothing: it closes the pipe to cancel
 * ```
 *
 * @module
 */
import { BadMessageError } from "../errors.ts";
import { reportBadMessage } from "../system/bad_message.ts";
import { checkAttachable, endOf, type Handle } from "../system/handle.ts";
import { sourceOf } from "../system/message.ts";
import { MessagePipe } from "../system/message_pipe.ts";
import { PipeEnd } from "../system/pipe_end.ts";
import { Signal } from "../system/signal.ts";
import { Encoder } from "../wire/encoder.ts";
import type { Carrier } from "./carrier.ts";
import { type Items, itemsOf, type StreamSource } from "./stream_source.ts";

/** The numbers of the messages on the pipe of a stream. No method of an interface has one of these. */
export const StreamMessage: {
  readonly Item: 0xffff_fff0;
  readonly End: 0xffff_fff1;
  readonly Error: 0xffff_fff2;
} = { Item: 0xffff_fff0, End: 0xffff_fff1, Error: 0xffff_fff2 };

/** Items that may be on their way or unread at the other end. */
const MAX_UNREAD_ITEMS = 64;
/** Bytes of items that may wait here for the other end to read more. */
const MAX_BUFFERED_BYTES = 64 * 1024;
/** What an encoder may grow to. What a message may come to is up to the link. */
const MAX_ENCODER_BYTES = 256 * 1024 * 1024;

/** Writes one item. */
export type WriteItem<T> = (encoder: Encoder, item: T, label: string) => void;

/** Sends all that `source` has over `pipe`, which is consumed. Failures go to `owner`, as those of `what`. */
export async function produce<T>(
  pipe: MessagePipe,
  source: StreamSource<T> | Promise<StreamSource<T>>,
  write: WriteItem<T>,
  owner: Carrier,
  what: string,
): Promise<void> {
  await new Producer(pipe, write, owner, what).run(source);
}

class Producer<T> implements Carrier {
  readonly #pipe: MessagePipe;
  readonly #write: WriteItem<T>;
  readonly #owner: Carrier;
  readonly #what: string;
  readonly #out = new Encoder(MAX_ENCODER_BYTES, 256);
  #items: Items<T> | null = null;

  constructor(pipe: MessagePipe, write: WriteItem<T>, owner: Carrier, what: string) {
    this.#pipe = pipe;
    this.#write = write;
    this.#owner = owner;
    this.#what = what;
  }

  async run(source: StreamSource<T> | Promise<StreamSource<T>>): Promise<void> {
    const pipe = this.#pipe;
    try {
      const items = this.#items = itemsOf(await source);
      // Also for an end in this process, where nothing that is written ever waits.
      pipe.setQuota("UNREAD_MESSAGE_COUNT", MAX_UNREAD_ITEMS);
      pipe.closed.then(() => this.#stop());
      while (await this.#hasRoom()) {
        const next = await this.#next(items);
        if (next.done === true) {
          this.#send(StreamMessage.End);
          break;
        }
        this.#send(StreamMessage.Item, next.value);
      }
    } catch (error) {
      this.failed(error);
      this.#send(StreamMessage.Error);
    } finally {
      this.#stop();
      pipe.close();
    }
  }

  async #next(items: Items<T>): Promise<IteratorResult<T, unknown>> {
    try {
      const next = await items.next();
      if (next.done === true) this.#items = null;
      return next;
    } catch (error) {
      this.#items = null;
      throw error;
    }
  }

  /** Tells where the items come from that no more are wanted, unless there are no more. */
  #stop(): void {
    const items = this.#items;
    this.#items = null;
    items?.stop().catch((error) => this.failed(error));
  }

  /** Waits until there is room for an item. False when nobody wants any. */
  async #hasRoom(): Promise<boolean> {
    const pipe = this.#pipe;
    if (pipe.bufferedBytes > MAX_BUFFERED_BYTES) await pipe.flush();
    for (;;) {
      if ((pipe.signals.satisfied & Signal.READABLE) !== 0) this.#refuse();
      const { satisfied } = pipe.signals;
      if ((satisfied & Signal.PEER_CLOSED) !== 0) return false;
      if ((satisfied & Signal.QUOTA_EXCEEDED) === 0) return true;
      await pipe.wait(Signal.QUOTA_EXCEEDED, { condition: "UNSATISFIED" });
    }
  }

  /** The consumer has said something, which it never does. */
  #refuse(): void {
    const read = this.#pipe.read();
    if (read.result !== "OK") return; // Benign: it has ended meanwhile.
    const source = sourceOf(read.message);
    read.message.close();
    const error = new BadMessageError("stream-direction", 0, ` in ${this.#what}`);
    endOf(this.#pipe).fail(error);
    reportBadMessage(source, error);
  }

  /** Writes a message. Nothing of it is left when it throws. */
  #send(kind: number, item?: T): void {
    const out = this.#out;
    try {
      out.beginMessage(0, kind, 0);
      out.owner = this;
      if (kind === StreamMessage.Item) this.#write(out, item as T, "item");
      else out.closeStruct(out.openStruct(0));
      out.finishMessage(0);
      this.#pipe.write(out.bytes.subarray(0, out.at), out.handles as Handle[]);
    } finally {
      out.cancel(null);
    }
  }

  // ------------------------------------------------------------------ for handles in items

  /** See {@linkcode Carrier.attach}. */
  attach(out: Encoder, handle: unknown, name: string): void {
    const { node, port } = endOf(this.#pipe);
    checkAttachable(node, port, handle, name);
    out.handle(handle as Handle);
  }

  /** See {@linkcode Carrier.createPipe}. */
  createPipe(): [MessagePipe, MessagePipe] {
    const { node } = endOf(this.#pipe), [one, other] = node.createPipe();
    return [
      new MessagePipe(new PipeEnd(node, one)),
      new MessagePipe(new PipeEnd(node, other)),
    ];
  }

  /** See {@linkcode Carrier.failed}. */
  failed(error: unknown): void {
    this.#owner.failed(error, this.#what);
  }
}
