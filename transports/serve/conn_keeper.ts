/**
 * Keeps a connection: what comes in goes into one data pipe, what comes out of another goes out.
 *
 * ```text
 *   carry, from whoever uses it    native ---> producer ~~~ consumer, of the holder
 *                                  native <--- consumer ~~~ producer, of the holder
 *   park, when it is passed on     both ends of the holder wait here, with all that is in them, until
 *   open                           somebody else gets them
 * ```
 *
 * @module
 */
import { type IpcError, PipeClosedError } from "../../core/errors.ts";
import { DataPipeConsumer } from "../../core/system/data_pipe_consumer.ts";
import { DataPipeProducer } from "../../core/system/data_pipe_producer.ts";
import type { Message } from "../../core/system/message.ts";
import { pumpIn, pumpOut } from "./byte_pump.ts";
import { type Answer, BrokenRule, Keeper } from "./keeper.ts";
import type { OpenConn } from "./open_handles.ts";
import { encodeAddresses } from "./addresses.ts";
import { Direction, Ends, Op, type Request } from "./wire.ts";

/** How long what was written before it was closed may take to be sent to who is slow to read. */
const LINGER_MS = 10_000;

/** What is read from it at once. */
const PIECE_BYTES = 64 * 1024;

/** Both directions, and what each comes to. */
interface Carrying {
  readonly producer: DataPipeProducer;
  readonly consumer: DataPipeConsumer;
  /** By direction. */
  readonly done: readonly [Promise<void>, Promise<void>];
}

/** Ends of the holder. */
type Parked = (DataPipeConsumer | DataPipeProducer)[];

/** Keeps a connection. */
export class ConnKeeper extends Keeper<OpenConn> {
  override readonly type = "conn";
  #carrying: Carrying | null = null;
  #parked: Parked | null = null;

  // What is on its way in a data pipe cannot be put back.
  override get leaving(): "whole" | null {
    return this.#carrying === null ? "whole" : null;
  }

  override open(): Answer {
    const { localAddr, remoteAddr } = this.native, handles = this.#parked ?? [];
    const body = encodeAddresses([localAddr, remoteAddr]);
    this.#parked = null;
    if (this.#carrying === null) return { number: Ends.None, body };
    let number = 0;
    for (const end of handles) {
      number |= end instanceof DataPipeConsumer ? Ends.In : Ends.Out;
    }
    return { number, body, handles };
  }

  override async answer(request: Request, message: Message): Promise<Answer | null> {
    switch (request.op) {
      case Op.Carry:
        this.#carry(message);
        return null;
      case Op.Park:
        this.#park(request.arg, message);
        return null;
      default:
        if (this.#carrying === null) throw new BrokenRule("request-finish");
        await Promise.race([this.#carrying.done[request.arg], this.ended]);
        return {};
    }
  }

  override abandon(reason: IpcError): void {
    this.#carrying?.producer.close();
    if (!(reason instanceof PipeClosedError)) this.shut();
  }

  override async finish(reason: IpcError | null): Promise<void> {
    for (const end of this.#parked ?? []) end.close();
    const { producer, consumer, done } = this.#carrying ?? {};
    producer?.close();
    if (done !== undefined && reason instanceof PipeClosedError) {
      await atMost(LINGER_MS, done[Direction.Out]);
    }
    consumer?.close();
    this.shut();
    await Promise.allSettled(done ?? []);
  }

  #carry(message: Message): void {
    if (this.#carrying !== null) throw new BrokenRule("request-carry");
    const { native } = this;
    const producer = this.takeEnd(message, DataPipeProducer);
    let consumer: DataPipeConsumer;
    try {
      consumer = this.takeEnd(message, DataPipeConsumer);
    } catch (error) {
      producer.close();
      throw error;
    }
    const incoming = pumpIn((into) => native.read(into), producer, PIECE_BYTES);
    const outgoing = pumpOut(consumer, (bytes) => native.write(bytes)).then(
      async (isWhole) => {
        if (isWhole) await native.closeWrite();
        // It was aborted: nobody is to take what came for all of it.
        else this.shut();
      },
    );
    this.#carrying = { producer, consumer, done: [incoming, outgoing] };
    Promise.allSettled([incoming, outgoing]).then(() => this.shut());
  }

  #park(which: number, message: Message): void {
    if (this.#carrying === null || this.#parked !== null) {
      throw new BrokenRule("request-park");
    }
    const parked: Parked = this.#parked = [];
    if ((which & Ends.In) !== 0) parked.push(this.takeEnd(message, DataPipeConsumer));
    if ((which & Ends.Out) !== 0) parked.push(this.takeEnd(message, DataPipeProducer));
  }
}

/** Resolves when `promise` is settled, or after so long. */
async function atMost(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
  await Promise.race([promise.catch(() => {}), late]);
  clearTimeout(timer);
}
