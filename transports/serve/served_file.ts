/**
 * A file that somebody else has open, as if it were open here.
 *
 * @module
 */
import { BadMessageError, MisuseError } from "../../core/errors.ts";
import type { DataPipeConsumer } from "../../core/system/data_pipe_consumer.ts";
import type { DataPipeProducer } from "../../core/system/data_pipe_producer.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import { createDataPipe } from "../../core/system/node_runtime.ts";
import { Asker, type Question } from "./asker.ts";
import { readSome, type Saying, writeSome } from "./data_pipe_bytes.ts";
import { pieceRoom } from "./frame_room.ts";
import { PASS_ON } from "./kept.ts";
import type { FileRight, OpenFile } from "./open_handles.ts";
import { rightBits } from "./rights.ts";
import { readableOf, writableOf } from "./streams.ts";
import { decodeStat } from "./stat.ts";
import { Direction, Op, type Reply } from "./wire.ts";

/** What may be on its way of a stream. */
const STREAM_BYTES = 1024 * 1024;

/** A served file. */
export class ServedFile implements OpenFile {
  readonly #asker: Asker;
  readonly #rights: number;
  readonly #ends: (DataPipeConsumer | DataPipeProducer)[] = [];
  #readable: ReadableStream<Uint8Array<ArrayBuffer>> | null = null;
  #writable: WritableStream<Uint8Array<ArrayBufferLike>> | null = null;

  /** Takes over the pipe to its keeper, who says what may be asked. */
  constructor(pipe: MessagePipe, rights: number) {
    this.#asker = new Asker(pipe, "file");
    this.#rights = rights;
    PASS_ON.set(this, (rights) => this.#passOn(rights));
  }

  async read(into: Uint8Array): Promise<number | null> {
    checkBytes(into, "read from");
    if (into.length === 0) return this.#nothing();
    const most = Math.min(into.length, pieceRoom(this.#open));
    return await this.#ask(Op.Read, { number: most, most }, ({ arg, body }) => {
      if (arg === 1) return null;
      into.set(body);
      return body.length;
    });
  }

  async write(bytes: Uint8Array): Promise<number> {
    checkBytes(bytes, "write to");
    if (bytes.length === 0) return this.#nothing();
    const most = Math.min(bytes.length, pieceRoom(this.#open));
    const body = bytes.subarray(0, most);
    return await this.#ask(Op.Write, { body, most }, ({ number }) => number);
  }

  async seek(offset: number | bigint, whence: Deno.SeekMode): Promise<number> {
    const number = checkNumber("offset", Number(offset));
    if (whence !== 0 && whence !== 1 && whence !== 2) throw misuse("whence", whence);
    return await this.#ask(Op.Seek, { arg: whence, number }, ({ number }) => number);
  }

  async stat(): Promise<Deno.FileInfo> {
    return await this.#ask(Op.Stat, {}, ({ body }) => {
      const info = decodeStat(body);
      if (typeof info === "string") throw new BadMessageError(info, 0);
      return info;
    });
  }

  async truncate(length: number = 0): Promise<void> {
    if (checkNumber("length", length) < 0) throw misuse("length", length);
    await this.#ask(Op.Truncate, { number: length });
  }

  async sync(): Promise<void> {
    await this.#ask(Op.Sync, {});
  }

  async syncData(): Promise<void> {
    await this.#ask(Op.Sync, { arg: 1 });
  }

  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    if (this.#readable !== null) return this.#readable;
    this.#need("read");
    const [producer, consumer] = createDataPipe({ capacity: STREAM_BYTES });
    const saying = this.#stream(Direction.In, producer, consumer);
    return this.#readable = readableOf(
      (into) => readSome(consumer, into, saying),
      () => this.close(),
    );
  }

  get writable(): WritableStream<Uint8Array<ArrayBufferLike>> {
    if (this.#writable !== null) return this.#writable;
    this.#need("write");
    const [producer, consumer] = createDataPipe({ capacity: STREAM_BYTES });
    const saying = this.#stream(Direction.Out, consumer, producer);
    return this.#writable = writableOf(
      (bytes) => writeSome(producer, bytes, saying),
      async () => {
        producer.close();
        // Only then is it written.
        await saying.why().finally(() => this.close());
      },
      () => this.close(),
    );
  }

  close(): void {
    this.#asker.close();
    for (const end of this.#ends) {
      if ("abort" in end && end.isHeld) end.abort();
      else end.close();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get #open(): MessagePipe {
    if (!this.#asker.isOpen) throw this.#asker.closedError();
    return this.#asker.pipe;
  }

  #nothing(): number {
    return this.#open && 0;
  }

  async #ask<T = void>(
    op: number,
    question: Question,
    hear: (reply: Reply) => T = () => undefined as T,
  ): Promise<T> {
    return await this.#asker.ask(op, question, hear);
  }

  /** Gives the keeper one end of a data pipe, and keeps the other. */
  #stream(
    direction: number,
    given: DataPipeConsumer | DataPipeProducer,
    kept: DataPipeConsumer | DataPipeProducer,
  ): Saying {
    const asked = this.#ask(Op.Stream, { arg: direction, handles: [given] });
    asked.catch(() => {});
    this.#ends.push(kept);
    return {
      interrupted: () => this.#asker.interruptedError(),
      why: async () => {
        await asked;
        await this.#ask(Op.Finish, { arg: direction });
      },
    };
  }

  #need(right: FileRight): void {
    if (!this.#asker.isOpen) throw this.#asker.closedError();
    if ((this.#rights & rightBits(right)) !== 0) return;
    throw new MisuseError(
      "PERMISSION_DENIED",
      `Cannot use file: it was wrapped without the right '${right}'`,
    );
  }

  /** Takes out the pipe to the keeper, who is to allow no more than `rights` from here on. */
  #passOn(rights: number | null): MessagePipe {
    const pipe = this.#asker.checkPassable(this.#ends.length > 0);
    if (rights !== null) this.#asker.tell(Op.Restrict, { arg: rights });
    return pipe;
  }
}

function checkBytes(bytes: unknown, what: string): void {
  if (bytes instanceof Uint8Array) return;
  throw new MisuseError(
    "INVALID_ARGUMENT",
    `Cannot ${what} file: bytes must be in a Uint8Array`,
  );
}

function checkNumber(name: string, number: unknown): number {
  if (Number.isSafeInteger(number)) return number as number;
  throw misuse(name, number);
}

function misuse(name: string, received: unknown): MisuseError {
  return new MisuseError(
    "INVALID_ARGUMENT",
    `Cannot use file: '${name}' makes no sense: received ${received}`,
  );
}
