/**
 * Keeps an open file.
 *
 * @module
 */
import type { IpcError } from "../../core/errors.ts";
import { DataPipeConsumer } from "../../core/system/data_pipe_consumer.ts";
import { DataPipeProducer } from "../../core/system/data_pipe_producer.ts";
import type { Message } from "../../core/system/message.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import { pumpIn, pumpOut } from "./byte_pump.ts";
import { pieceRoom } from "./frame_room.ts";
import { type Answer, BrokenRule, Keeper, MissingRight } from "./keeper.ts";
import type { FileRight, OpenFile } from "./open_handles.ts";
import { ALL_RIGHTS, rightBits, RIGHTS } from "./rights.ts";
import { encodeStat } from "./stat.ts";
import { Direction, HEAD_BYTES, MAX_PIECE_BYTES, Op, type Request } from "./wire.ts";

/** What a descriptor that cannot write gives anyway. */
const READ_ONLY = rightBits("read", "seek", "stat", "sync");

/** A stream, and what it comes to. */
interface Streaming {
  readonly end: DataPipeProducer | DataPipeConsumer;
  readonly done: Promise<unknown>;
}

/** Keeps a file. */
export class FileKeeper extends Keeper<OpenFile> {
  override readonly type = "file";
  #rights: number;
  /** By direction. Each once. */
  readonly #streams: Map<number, Streaming> = new Map();
  /** What is read goes here first: what is sent is a copy. */
  #scratch: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** The operation under way, of those that may wait for somebody elsewhere, as a read from a terminal. */
  #isReading = false;

  /** Takes over both. `rights` are the bits of what may be asked. */
  constructor(native: OpenFile, pipe: MessagePipe, rights: number) {
    super(native, pipe);
    this.#rights = rights;
  }

  override get leaving(): "whole" | "readOnly" | null {
    // A stream that is under way would move the position beneath whoever had the file itself.
    if (this.#streams.size > 0) return null;
    if (this.#rights === ALL_RIGHTS) return "whole";
    return this.#rights === READ_ONLY ? "readOnly" : null;
  }

  override open(): Answer {
    return { number: this.#rights };
  }

  override async answer(request: Request, message: Message): Promise<Answer | null> {
    const { native } = this, { op, arg, number, body } = request;
    switch (op) {
      case Op.Read:
        this.#need("read");
        return await this.#read(number);
      case Op.Write:
        this.#need("write");
        return { number: await native.write(body) };
      case Op.Seek:
        this.#need("seek");
        return { number: await native.seek(number, arg) };
      case Op.Stat:
        this.#need("stat");
        return { body: encodeStat(await native.stat()) };
      case Op.Truncate:
        this.#need("truncate");
        await native.truncate(number);
        return {};
      case Op.Sync:
        this.#need("sync");
        await (arg === 1 ? native.syncData() : native.sync());
        return {};
      case Op.Stream:
        this.#stream(arg, message);
        return {};
      case Op.Restrict:
        this.#rights &= arg;
        return null;
      default:
        return await this.#finishStream(arg);
    }
  }

  override abandon(reason: IpcError): void {
    // What was written in good order still is.
    if (reason.code !== "closed" || this.#isReading) this.shut();
    for (const { end } of this.#streams.values()) {
      if (end instanceof DataPipeProducer) end.close();
    }
  }

  override async finish(): Promise<void> {
    // ORDER: the streams use it until they are done, and nobody is left to wait for them.
    for (const { end } of this.#streams.values()) end.close();
    this.shut();
    for (const { done } of this.#streams.values()) await done.catch(() => {});
  }

  async #read(asked: number): Promise<Answer> {
    const most = Math.min(asked, pieceRoom(this.pipe));
    if (this.#scratch.length < HEAD_BYTES + most) {
      this.#scratch = new Uint8Array(HEAD_BYTES + most);
    }
    this.#isReading = true;
    try {
      const into = this.#scratch.subarray(HEAD_BYTES, HEAD_BYTES + most);
      const count = await this.native.read(into);
      if (count === null) return { arg: 1 };
      return { message: this.#scratch.subarray(0, HEAD_BYTES + count) };
    } finally {
      this.#isReading = false;
    }
  }

  #stream(direction: number, message: Message): void {
    if (this.#streams.has(direction)) throw new BrokenRule("request-stream");
    const { native } = this;
    let streaming: Streaming;
    if (direction === Direction.In) {
      const end = this.takeEnd(message, DataPipeProducer);
      if (!this.#may("read")) return this.#refuse("read", end);
      streaming = {
        end,
        done: pumpIn((into) => native.read(into), end, MAX_PIECE_BYTES),
      };
    } else {
      const end = this.takeEnd(message, DataPipeConsumer);
      if (!this.#may("write")) return this.#refuse("write", end);
      streaming = { end, done: pumpOut(end, (bytes) => native.write(bytes)) };
    }
    // Whoever asks for it is told.
    streaming.done.catch(() => {});
    this.#streams.set(direction, streaming);
  }

  async #finishStream(direction: number): Promise<Answer> {
    const stream = this.#streams.get(direction);
    if (stream === undefined) throw new BrokenRule("request-finish");
    await Promise.race([stream.done, this.ended]);
    return {};
  }

  #may(right: FileRight): boolean {
    return (this.#rights & rightBits(right)) !== 0;
  }

  #need(right: FileRight): void {
    if (!this.#may(right)) throw new MissingRight(RIGHTS.indexOf(right));
  }

  #refuse(right: FileRight, end: DataPipeProducer | DataPipeConsumer): never {
    end.close();
    throw new MissingRight(RIGHTS.indexOf(right));
  }
}
