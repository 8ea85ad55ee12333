/**
 * A connection that somebody else has open, as if it were open here.
 *
 * @module
 */
import { MisuseError } from "../../core/errors.ts";
import type { DataPipeConsumer } from "../../core/system/data_pipe_consumer.ts";
import type { DataPipeProducer } from "../../core/system/data_pipe_producer.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import { createDataPipe } from "../../core/system/node_runtime.ts";
import { Asker } from "./asker.ts";
import { isComplete } from "./byte_pump.ts";
import { readSome, type Saying, writeSome } from "./data_pipe_bytes.ts";
import { PASS_ON } from "./kept.ts";
import type { OpenConn } from "./open_handles.ts";
import { readableOf, writableOf } from "./streams.ts";
import { Turns } from "./turns.ts";
import { Direction, Ends, Op } from "./wire.ts";

/** What may be on its way in each direction. */
const CAPACITY = 256 * 1024;

/** The ends here of the data pipes of a connection; `null` for one that whoever had it before has closed. */
export interface ConnEnds {
  readonly in: DataPipeConsumer | null;
  readonly out: DataPipeProducer | null;
}

/** A served connection. */
export class ServedConn implements OpenConn {
  readonly localAddr: Deno.Addr;
  readonly remoteAddr: Deno.Addr;
  readonly #asker: Asker;
  readonly #in: DataPipeConsumer | null;
  readonly #out: DataPipeProducer | null;
  readonly #reads = new Turns();
  readonly #writes = new Turns();
  /** Whether all there was to read was read. */
  #isRead: boolean;
  #readable: ReadableStream<Uint8Array<ArrayBuffer>> | null = null;
  #writable: WritableStream<Uint8Array<ArrayBufferLike>> | null = null;

  /** Takes over the pipe to its keeper, and `ends`; without them it makes its own. */
  constructor(pipe: MessagePipe, addresses: readonly Deno.Addr[], ends: ConnEnds | null) {
    this.#asker = new Asker(pipe, "conn");
    [this.localAddr, this.remoteAddr] = addresses as [Deno.Addr, Deno.Addr];
    if (ends === null) {
      const [producer, consumer] = createDataPipe({ capacity: CAPACITY });
      const [out, outward] = createDataPipe({ capacity: CAPACITY });
      this.#asker.tell(Op.Carry, { handles: [producer, outward] });
      ends = { in: consumer, out };
    }
    this.#in = ends.in;
    this.#out = ends.out;
    this.#isRead = ends.in === null;
    PASS_ON.set(this, (rights) => this.#passOn(rights));
  }

  async read(into: Uint8Array): Promise<number | null> {
    checkBytes(into, "read from");
    this.#check();
    if (into.length === 0) return 0;
    return await this.#reads.take(() => this.#read(into));
  }

  async write(bytes: Uint8Array): Promise<number> {
    checkBytes(bytes, "write to");
    this.#check();
    return await this.#writes.take(() => {
      if (this.#out === null || (!this.#out.isHeld && this.#asker.isOpen)) {
        throw new Deno.errors.BrokenPipe("Cannot write: the conn was closed for writing");
      }
      return writeSome(this.#out, bytes, this.#saying(Direction.Out));
    });
  }

  async closeWrite(): Promise<void> {
    this.#check();
    // Behind what was written before, which may wait for room.
    await this.#writes.take(() => {
      this.#out?.close();
      return Promise.resolve();
    });
    this.#closeIfOver();
  }

  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#readable ??= readableOf((into) => this.read(into), () => {
      this.#in?.close();
      this.#isRead = true;
      this.#closeIfOver();
    });
  }

  get writable(): WritableStream<Uint8Array<ArrayBufferLike>> {
    return this.#writable ??= writableOf(
      (bytes) => this.write(bytes),
      () => this.closeWrite(),
      () => {
        if (this.#out?.isHeld) this.#out.abort();
        this.close();
      },
    );
  }

  close(): void {
    // ORDER: the ends first: what was written before goes out in good order.
    this.#out?.close();
    this.#in?.close();
    this.#asker.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #read(into: Uint8Array): Promise<number | null> {
    if (this.#in === null || (this.#isRead && this.#asker.isOpen)) return null;
    const count = await readSome(this.#in, into, this.#saying(Direction.In));
    if (count === null) {
      this.#isRead = true;
      this.#closeIfOver();
    }
    return count;
  }

  /** Nothing can be done with it any more: the keeper need not wait for it to be closed. */
  #closeIfOver(): void {
    if (this.#isRead && !this.#out?.isHeld && this.#readable !== null) this.close();
  }

  #saying(direction: number): Saying {
    return {
      interrupted: () => this.#asker.interruptedError(),
      why: async () => {
        // What has come to its end in good order needs no reason.
        if (direction === Direction.In && isComplete(this.#in!)) return;
        await this.#asker.ask(Op.Finish, { arg: direction }, () => {});
      },
    };
  }

  #check(): void {
    if (!this.#asker.isOpen) throw this.#asker.closedError();
  }

  /** Takes out the pipe to the keeper, who keeps what is on its way for whoever opens it next. */
  #passOn(_rights: number | null): MessagePipe {
    const isBusy = this.#reads.isBusy || this.#writes.isBusy ||
      this.#readable !== null || this.#writable !== null;
    const pipe = this.#asker.checkPassable(isBusy);
    const handles = [], incoming = this.#in?.isHeld ? this.#in : null;
    const outgoing = this.#out?.isHeld ? this.#out : null;
    if (incoming !== null) handles.push(incoming);
    if (outgoing !== null) handles.push(outgoing);
    const arg = (incoming ? Ends.In : 0) | (outgoing ? Ends.Out : 0);
    this.#asker.tell(Op.Park, { arg, handles });
    return pipe;
  }
}

function checkBytes(bytes: unknown, what: string): void {
  if (bytes instanceof Uint8Array) return;
  throw new MisuseError(
    "INVALID_ARGUMENT",
    `Cannot ${what} conn: bytes must be in a Uint8Array`,
  );
}
