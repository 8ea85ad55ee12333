/**
 * Bytes of a data pipe, waited for.
 *
 * @module
 */
import type { DataPipeConsumer } from "../../core/system/data_pipe_consumer.ts";
import type { DataPipeProducer } from "../../core/system/data_pipe_producer.ts";
import { Signal } from "../../core/system/signal.ts";
import { isComplete } from "./byte_pump.ts";

/** What is said by whoever has an end, when it comes to its end. */
export interface Saying {
  /** It was closed here in the middle of it. */
  interrupted(): Error;
  /** Resolves when the other side has nothing to say about why it is over, and rejects with what it says. */
  why(): Promise<unknown>;
}

/** Reads what there is, waiting for the first of it. Resolves to `null` at the end. */
export async function readSome(
  consumer: DataPipeConsumer,
  into: Uint8Array,
  saying: Saying,
): Promise<number | null> {
  while (consumer.isHeld) {
    const read = consumer.read(into);
    if (read.result === "OK") return read.bytes;
    if (read.result === "FAILED_PRECONDITION") {
      const isOver = isComplete(consumer);
      await saying.why();
      if (isOver) return null;
      throw read.reason;
    }
    await consumer.wait(Signal.READABLE);
  }
  throw saying.interrupted();
}

/** Writes as much as there is room for, waiting for the first of it. */
export async function writeSome(
  producer: DataPipeProducer,
  bytes: Uint8Array,
  saying: Saying,
): Promise<number> {
  while (producer.isHeld) {
    const written = producer.write(bytes);
    if (written.result === "OK") return written.bytes;
    if (written.result === "FAILED_PRECONDITION") {
      await saying.why();
      throw written.reason;
    }
    await producer.wait(Signal.WRITABLE);
  }
  throw saying.interrupted();
}
