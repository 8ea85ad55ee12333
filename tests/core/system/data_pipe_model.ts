/**
 * A data pipe that is played with at random, and what has to be true of it.
 *
 * The byte at each position of the stream is known from the position, so that the model needs nothing but
 * counts.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { MisuseError } from "../../../core/errors.ts";
import type { DataPipeConsumer } from "../../../core/system/data_pipe_consumer.ts";
import type { DataPipeProducer } from "../../../core/system/data_pipe_producer.ts";
import { Signal } from "../../../core/system/signal.ts";
import type { Random } from "../../sim/random.ts";

const { READABLE, WRITABLE, PEER_CLOSED, NEW_DATA_READABLE, PEER_REMOTE } = Signal;

/** What a call came to: a code with a number of bytes, a code alone, or a code that was thrown. */
interface Outcome {
  readonly code: string;
  readonly bytes?: number;
  readonly isThrown?: true;
}

function byteAt(position: number): number {
  return (position * 167 + (position >> 8) * 13) & 0xff;
}

function filled(position: number, size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(size).map((_, i) => byteAt(position + i));
}

/** Both ends of a data pipe, and the model. */
export class DataPipeModel {
  /** The producer; `null` while it is on its way, or gone. */
  producer: DataPipeProducer | null;
  /** The consumer; `null` while it is on its way, or gone. */
  consumer: DataPipeConsumer | null;
  /** Whether all that one end does is known to the other at once. */
  isExact: boolean;
  /** Whether the producer is closed, and in which manner. */
  producerEnd: "closed" | "aborted" | null = null;
  /** Whether the consumer is closed. */
  isConsumerClosed = false;
  readonly #random: Random;
  readonly #elementSize: number;
  readonly #capacity: number;
  #written = 0;
  #read = 0;
  #isNew = false;
  #writing: Uint8Array<ArrayBuffer> | null = null;
  #reading: Uint8Array<ArrayBuffer> | null = null;

  /** Plays with a new pipe. */
  constructor(
    random: Random,
    producer: DataPipeProducer,
    consumer: DataPipeConsumer,
    isExact: boolean,
  ) {
    this.#random = random;
    this.producer = producer;
    this.consumer = consumer;
    this.isExact = isExact;
    this.#elementSize = producer.elementSize;
    this.#capacity = producer.capacity;
  }

  /** What was written and not read. */
  get #unread(): number {
    return this.producerEnd === "aborted" ? 0 : this.#written - this.#read;
  }

  get #room(): number {
    return this.#capacity - (this.#written - this.#read);
  }

  /** Whether the producer can be sent. */
  get isProducerIdle(): boolean {
    return this.producer !== null && this.#writing === null;
  }

  /** Whether the consumer can be sent. */
  get isConsumerIdle(): boolean {
    return this.consumer !== null && this.#reading === null;
  }

  /** The consumer has arrived: what is unread has come anew. */
  consumerArrived(): void {
    this.#isNew = this.#unread > 0;
  }

  /** Does one thing to one of the ends, and checks what comes of it. */
  step(): void {
    const random = this.#random;
    if (this.producer !== null && (this.consumer === null || random.oneIn(2))) {
      this.#stepProducer(this.producer);
    } else if (this.consumer !== null) this.#stepConsumer(this.consumer);
    if (this.isExact) this.#checkSignals();
  }

  /** Closes the producer in some manner, if it is there. */
  closeProducer(): void {
    if (this.producer === null) return;
    this.producerEnd = this.#random.oneIn(3) ? "aborted" : "closed";
    if (this.producerEnd === "aborted") this.producer.abort();
    else this.producer.close();
    this.producer = null;
  }

  /** Closes the consumer, if it is there. */
  closeConsumer(): void {
    if (this.consumer === null) return;
    this.consumer.close();
    this.consumer = null;
    this.isConsumerClosed = true;
  }

  // ------------------------------------------------------------------ the producer

  #stepProducer(producer: DataPipeProducer): void {
    const random = this.#random, allOrNone = random.oneIn(3);
    // Where it is not known whether the consumer is there, nor is what comes first: that, or misuse.
    const size = this.isExact ? this.#size() : this.#size() || this.#elementSize;
    switch (random.below(4)) {
      case 0:
      case 1: {
        const outcome = attempt(() =>
          producer.write(filled(this.#written, size), { allOrNone })
        );
        this.#check(outcome, this.#expectWrite(size, allOrNone), this.#room, size);
        this.#wrote(outcome.bytes ?? 0);
        return;
      }
      case 2: {
        let data: Uint8Array<ArrayBuffer> | null = null;
        const outcome = attempt(() => {
          const begun = producer.beginWrite(size);
          if (begun.result !== "OK") return begun;
          data = begun.data;
          return { result: "OK", bytes: data.length };
        });
        this.#check(outcome, this.#expectBeginWrite(size), this.#room, size);
        this.#writing = data ?? this.#writing;
        return;
      }
      default: {
        const region = this.#writing;
        region?.set(filled(this.#written, region.length));
        const outcome = attempt(() => producer.endWrite(size));
        const expected = expectEnd(size, region, this.#elementSize);
        assertEquals(outcome, expected);
        if (expected.code === "OK") this.#wrote(size);
        this.#writing = null;
      }
    }
  }

  #wrote(bytes: number): void {
    // What nobody will read is written in vain.
    if (bytes === 0 || this.isConsumerClosed) return;
    this.#written += bytes;
    this.#isNew = true;
  }

  #expectWrite(size: number, allOrNone: boolean): Outcome {
    if (this.#writing !== null) return thrown("BUSY");
    if (this.isConsumerClosed) return { code: "FAILED_PRECONDITION" };
    if (size % this.#elementSize !== 0) return thrown("INVALID_ARGUMENT");
    if (size === 0) return { code: "OK", bytes: 0 };
    if (allOrNone && size > this.#room) return { code: "OUT_OF_RANGE" };
    if (this.#room === 0) return { code: "SHOULD_WAIT" };
    return { code: "OK", bytes: Math.min(size, this.#room) };
  }

  #expectBeginWrite(size: number): Outcome {
    if (this.#writing !== null) return thrown("BUSY");
    if (this.isConsumerClosed) return { code: "FAILED_PRECONDITION" };
    if (size === 0 || size % this.#elementSize !== 0) return thrown("INVALID_ARGUMENT");
    if (this.#room === 0) return { code: "SHOULD_WAIT" };
    return { code: "OK", bytes: Math.min(size, this.#room) };
  }

  // ------------------------------------------------------------------ the consumer

  #stepConsumer(consumer: DataPipeConsumer): void {
    const random = this.#random, size = this.#size(), allOrNone = random.oneIn(3);
    const kind = random.below(6);
    if (kind < 5) this.#isNew = false;
    switch (kind) {
      case 0:
      case 1: {
        const peek = random.oneIn(3), into = new Uint8Array(size);
        const outcome = attempt(() => consumer.read(into, { allOrNone, peek }));
        this.#check(outcome, this.#expectRead(size, allOrNone), this.#unread, size);
        const { bytes = 0 } = outcome;
        assertEquals(into.subarray(0, bytes), filled(this.#read, bytes));
        // What is behind that is as it was.
        assert(into.subarray(bytes).every((byte) => byte === 0));
        if (!peek) this.#read += bytes;
        return;
      }
      case 2: {
        const outcome = attempt(() => consumer.discard(size, { allOrNone }));
        this.#check(outcome, this.#expectRead(size, allOrNone), this.#unread, size);
        this.#read += outcome.bytes ?? 0;
        return;
      }
      case 3: {
        const outcome = attempt(() => ({ result: "OK", bytes: consumer.query() }));
        if (this.#reading !== null) return assertEquals(outcome, thrown("BUSY"));
        if (this.isExact) assertEquals(outcome.bytes, this.#unread);
        else assert(outcome.bytes! <= this.#written - this.#read);
        return;
      }
      case 4:
        return this.#beginRead(consumer);
      default: {
        const region = this.#reading;
        if (region !== null) assertEquals(region, filled(this.#read, region.length));
        // What the producer aborted is gone as soon as the consumer hears of it.
        const isGone = this.producerEnd === "aborted" &&
          (consumer.signals.satisfied & PEER_CLOSED) !== 0;
        const outcome = attempt(() => consumer.endRead(size));
        const expected = expectEnd(size, region, this.#elementSize);
        assertEquals(outcome, expected);
        if (expected.code === "OK" && !isGone) this.#read += size;
        this.#reading = null;
      }
    }
  }

  #beginRead(consumer: DataPipeConsumer): void {
    let data: Uint8Array<ArrayBuffer> | null = null;
    const outcome = attempt(() => {
      const begun = consumer.beginRead();
      if (begun.result !== "OK") return begun;
      data = begun.data;
      return { result: "OK", bytes: data.length };
    });
    if (this.#reading !== null) return assertEquals(outcome, thrown("BUSY"));
    if (data === null) {
      return this.#check(outcome, this.#expectRead(this.#elementSize, false), 0, 0);
    }
    // As much as there is in one piece, which only the pipe knows.
    const { length } = data as Uint8Array, most = this.#written - this.#read;
    assert(length > 0 && length <= most && length % this.#elementSize === 0);
    assertEquals(data, filled(this.#read, length));
    this.#reading = data;
  }

  #expectRead(size: number, allOrNone: boolean): Outcome {
    if (this.#reading !== null) return thrown("BUSY");
    if (size % this.#elementSize !== 0) return thrown("INVALID_ARGUMENT");
    const unread = this.#unread, isEnded = this.producerEnd !== null;
    if (unread > 0 && (unread >= size || !allOrNone)) {
      return { code: "OK", bytes: Math.min(unread, size) };
    }
    if (isEnded) return { code: "FAILED_PRECONDITION" };
    return { code: allOrNone && unread < size ? "OUT_OF_RANGE" : "SHOULD_WAIT" };
  }

  // ------------------------------------------------------------------ checks

  /** Sizes that are mostly of use. */
  #size(): number {
    const random = this.#random, element = this.#elementSize;
    const most = this.#capacity / element + 2;
    const elements = random.oneIn(3)
      ? random.below(most)
      : random.below(Math.min(most, 4));
    const isCut = element > 1 && this.isExact && random.oneIn(8);
    return elements * element + (isCut ? 1 : 0);
  }

  /** Checks an outcome; `most` bytes of the `asked` can be meant where nothing is known for sure. */
  #check(outcome: Outcome, expected: Outcome, most: number, asked: number): void {
    if (this.isExact || expected.isThrown) return assertEquals(outcome, expected);
    switch (outcome.code) {
      case "OK":
        // Data that was on its way before an abort can still be read.
        if (this.producerEnd === "aborted") most = this.#written - this.#read;
        assert(outcome.bytes! <= Math.min(most, asked));
        assert(asked === 0 || outcome.bytes! > 0);
        return;
      case "FAILED_PRECONDITION":
        return assert(this.isConsumerClosed || this.producerEnd !== null);
      default: // What one end has done the other may not know.
        assert(["SHOULD_WAIT", "OUT_OF_RANGE"].includes(outcome.code), outcome.code);
        assert(!outcome.isThrown);
    }
  }

  #checkSignals(): void {
    if (this.producer !== null) {
      const isReady = this.#room > 0 && this.#writing === null;
      assertEquals(
        this.producer.signals,
        this.isConsumerClosed ? { satisfied: PEER_CLOSED, satisfiable: PEER_CLOSED } : {
          satisfied: isReady ? WRITABLE : 0,
          satisfiable: WRITABLE | PEER_CLOSED | PEER_REMOTE,
        },
      );
    }
    if (this.consumer !== null) {
      const data = READABLE | NEW_DATA_READABLE, isThere = this.#unread > 0;
      const isEnded = this.producerEnd !== null;
      assertEquals(this.consumer.signals, {
        satisfied: (isThere && this.#reading === null ? READABLE : 0) |
          (isThere && this.#isNew ? NEW_DATA_READABLE : 0) |
          (isEnded ? PEER_CLOSED : 0),
        satisfiable: PEER_CLOSED | (isThere || !isEnded ? data : 0) |
          (isEnded ? 0 : PEER_REMOTE),
      });
    }
  }

  /** Whether both ends know of each other what there is to know. */
  get isSettled(): boolean {
    const { producer, consumer } = this;
    const isKnown = (satisfied: number, isEnded: boolean) =>
      ((satisfied & PEER_CLOSED) !== 0) === isEnded;
    if (
      consumer !== null && this.#reading === null &&
      (!isKnown(consumer.signals.satisfied, this.producerEnd !== null) ||
        consumer.query() !== this.#unread)
    ) return false;
    if (producer === null || this.#writing !== null) return true;
    if (this.isConsumerClosed) return isKnown(producer.signals.satisfied, true);
    if (consumer === null) return true;
    const begun = this.#room === 0 ? null : producer.beginWrite(this.#capacity);
    if (begun === null) return (producer.signals.satisfied & WRITABLE) === 0;
    if (begun.result !== "OK") return false;
    producer.endWrite(0);
    return begun.data.length === Math.min(this.#room, this.#capacity);
  }

  /** Ends what two-phase operations are under way. */
  endPhases(): void {
    if (this.#writing !== null) this.producer?.endWrite(0);
    if (this.#reading !== null) this.consumer?.endRead(0);
    this.#writing = this.#reading = null;
  }
}

function attempt(call: () => { result: string; bytes?: number } | void): Outcome {
  try {
    const done = call();
    if (done === undefined) return { code: "OK" };
    return done.bytes === undefined
      ? { code: done.result }
      : { code: done.result, bytes: done.bytes };
  } catch (error) {
    if (error instanceof MisuseError) return thrown(error.result);
    throw error;
  }
}

function thrown(code: string): Outcome {
  return { code, isThrown: true };
}

function expectEnd(size: number, region: Uint8Array | null, element: number): Outcome {
  if (region === null) return thrown("FAILED_PRECONDITION");
  const isRight = size <= region.length && size % element === 0;
  return isRight ? { code: "OK" } : thrown("INVALID_ARGUMENT");
}
