/**
 * A transport over a `MessagePort`, for two isolates that share no memory.
 *
 * A port takes whatever is posted, so it has a window: bytes that were posted and not yet said to be
 * read. A message is a buffer of bytes, a number of window bytes given back, or the word that ends one
 * direction or both.
 *
 * TRUST: the other side can post anything. What is no such message, or does not fit the window, closes
 * the port. Each message takes up its bytes and a fixed share of the window, so that many tiny ones
 * cost no more than few large ones. What is posted while this isolate is busy waits in the runtime, which
 * has no bound for it.
 *
 * A side that dies is silent: whoever learns of it calls `fail`.
 *
 * @module
 */
import type { Transport } from "../core/transport.ts";
import { closedHere, otherSideGone, Waiter } from "./waiter.ts";

const WINDOW_BYTES = 512 * 1024;
/** What a message takes up besides its bytes. */
const MESSAGE_BYTES = 512;
/** What one message carries at most. */
const WRITE_BYTES = 64 * 1024;
/** From here on, moving a buffer is faster than having it copied twice more. */
const TRANSFER_BYTES = 8 * 1024;

/** Says that no more bytes come. */
const END = "end";
/** Says that no more bytes come, and that none are read. */
const CLOSE = "close";

/** One end of a message channel. Owns the port. */
export class MessagePortTransport implements Transport {
  readonly #port: MessagePort;
  /** What came and was not read: the first from `#at` on. */
  readonly #chunks: Uint8Array<ArrayBuffer>[] = [];
  #at = 0;
  /** Window that the other side has used, and how much of that was read but not given back yet. */
  #used = 0;
  #due = 0;
  /** Window that this side has left. */
  #window = WINDOW_BYTES;
  #closed = false;
  /** The other side has ended its direction. */
  #ended = false;
  /** Why nothing can be written any more. */
  #refusal: Error | null = null;
  #broken: Error | null = null;
  #failure: Error | null = null;
  /** Messages that have come, in all. */
  #messages = 0;
  #into: Uint8Array<ArrayBuffer> | null = null;
  #from: Uint8Array<ArrayBuffer> | null = null;
  readonly #reading = new Waiter<number | null>();
  readonly #writing = new Waiter<number>();

  /** Takes over a port that nobody has listened to. */
  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = this.#arrived;
    port.onmessageerror = () => this.#break("posted what cannot be read");
  }

  /** See {@linkcode Transport.read}. */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    if (this.#chunks.length > 0) return Promise.resolve(this.#take(into));
    const over = this.#over();
    if (over === null) return Promise.resolve(null);
    if (over !== undefined) return Promise.reject(over);
    this.#into = into;
    return this.#reading.wait();
  }

  /** See {@linkcode Transport.write}. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    if (this.#refusal !== null) return Promise.reject(this.#refusal);
    if (this.#window > MESSAGE_BYTES) return Promise.resolve(this.#put(bytes));
    this.#from = bytes;
    return this.#writing.wait();
  }

  /** See {@linkcode Transport.close}. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#hangUp(closedHere());
    this.#finish();
  }

  /**
   * The other side is dead. Reading gives what it left, then rejects with `reason`, unless it had
   * ended in good order. Writing rejects from now on.
   */
  fail(reason: string): void {
    if (this.#closed) return;
    this.#refuse(otherSideGone(` (${reason})`));
    this.#failDrained(new Error(reason));
  }

  /** What the other side posted last is still on its way: it has come once a turn brings nothing. */
  async #failDrained(failure: Error): Promise<void> {
    for (let before = -1; before !== this.#messages && !this.#closed;) {
      before = this.#messages;
      await turn();
    }
    this.#failure ??= failure;
    this.#finish();
  }

  readonly #arrived = ({ data, ports }: MessageEvent<unknown>): void => {
    for (const port of ports) port.close();
    // What had left the port before it was closed still comes.
    if (this.#closed || this.#broken !== null) return;
    this.#messages++;
    if (ports.length > 0) this.#break("posted a port");
    else if (data instanceof ArrayBuffer) this.#received(data);
    else if (typeof data === "number") this.#givenBack(data);
    else if (data === END && !this.#ended) this.#endedThere();
    else if (data === CLOSE) {
      this.#refuse(otherSideGone());
      this.#endedThere();
    } else this.#break("posted what is no message of a transport");
  };

  #received(data: ArrayBuffer): void {
    if (this.#ended) return this.#break("posted bytes after their end");
    if (data.byteLength === 0 || data.resizable) return this.#break("posted odd bytes");
    this.#used += data.byteLength + MESSAGE_BYTES;
    if (this.#used > WINDOW_BYTES) {
      return this.#break("posted more than there is room for");
    }
    this.#chunks.push(new Uint8Array(data));
    if (this.#into === null) return;
    const count = this.#take(this.#into);
    this.#into = null;
    this.#reading.settle(count);
  }

  #givenBack(bytes: number): void {
    // Written so that what is not a number at all fails as well.
    if (!(bytes > 0 && bytes <= WINDOW_BYTES - this.#window && Number.isInteger(bytes))) {
      return this.#break("gave back more than was used");
    }
    this.#window += bytes;
    if (this.#from === null) return;
    const count = this.#put(this.#from);
    this.#from = null;
    this.#writing.settle(count);
  }

  #endedThere(): void {
    this.#ended = true;
    this.#finish();
  }

  #take(into: Uint8Array<ArrayBuffer>): number {
    let count = 0;
    while (this.#chunks.length > 0 && count < into.length) {
      const chunk = this.#chunks[0]!;
      const some = Math.min(chunk.length - this.#at, into.length - count);
      into.set(
        some === chunk.length ? chunk : chunk.subarray(this.#at, this.#at + some),
        count,
      );
      count += some;
      this.#at += some;
      if (this.#at < chunk.length) break;
      this.#due += chunk.length + MESSAGE_BYTES;
      this.#at = 0;
      this.#chunks.shift();
    }
    // One word for many messages. The other side still has the rest of its window.
    if (this.#due >= WINDOW_BYTES / 4) {
      this.#port.postMessage(this.#due);
      this.#used -= this.#due;
      this.#due = 0;
    }
    return count;
  }

  #put(bytes: Uint8Array<ArrayBuffer>): number {
    const count = Math.min(bytes.length, WRITE_BYTES, this.#window - MESSAGE_BYTES);
    const { buffer } = bytes.slice(0, count);
    this.#window -= count + MESSAGE_BYTES;
    if (count < TRANSFER_BYTES) this.#port.postMessage(buffer);
    else this.#port.postMessage(buffer, [buffer]);
    return count;
  }

  /** How reading goes on once nothing is left: `undefined` when more may come. */
  #over(): null | Error | undefined {
    if (this.#closed) return null;
    return this.#broken ?? (this.#ended ? null : this.#failure ?? undefined);
  }

  /** Settles a read that waits, if nothing more comes. */
  #finish(): void {
    const over = this.#over();
    if (over === undefined) return;
    this.#into = null;
    this.#reading.settle(over);
  }

  #refuse(why: Error): void {
    this.#refusal ??= why;
    this.#from = null;
    this.#writing.settle(this.#refusal);
  }

  /** Gives up the port and what came over it. */
  #hangUp(why: Error): void {
    this.#refuse(why);
    this.#chunks.length = 0;
    this.#port.postMessage(CLOSE);
    this.#port.close();
  }

  #break(what: string): void {
    this.#broken ??= new Error(`the other side broke the transport: it ${what}`);
    this.#hangUp(this.#broken);
    this.#finish();
  }
}

/** Resolves in a later turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      port2.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
