/**
 * Moves bytes between something of the operating system and a data pipe, where they lie: nobody waits for
 * more than fits into the pipe.
 *
 * @module
 */
import type { ConsumerEnd } from "../../core/system/consumer_end.ts";
import type { DataPipeConsumer } from "../../core/system/data_pipe_consumer.ts";
import type { DataPipeProducer } from "../../core/system/data_pipe_producer.ts";
import { endOf } from "../../core/system/handle.ts";
import { Signal } from "../../core/system/signal.ts";

/**
 * Writes to `producer` what `read` reads, so many bytes at once, and closes it at the end of that; or when
 * nobody reads it any more. Rejects with why `read` failed: then the producer is aborted.
 */
export async function pumpIn(
  read: (into: Uint8Array<ArrayBuffer>) => Promise<number | null>,
  producer: DataPipeProducer,
  pieceBytes: number,
): Promise<void> {
  try {
    // Closed by whoever has started this: then it is over.
    while (producer.isHeld) {
      const begun = producer.beginWrite(pieceBytes);
      if (begun.result === "FAILED_PRECONDITION") return;
      if (begun.result === "SHOULD_WAIT") {
        await producer.wait(Signal.WRITABLE);
        continue;
      }
      let count: number | null = 0;
      try {
        count = await read(begun.data);
      } finally {
        if (producer.isHeld) producer.endWrite(count ?? 0);
      }
      if (count === null) return;
    }
  } catch (error) {
    if (producer.isHeld) producer.abort();
    throw error;
  } finally {
    producer.close();
  }
}

/**
 * Writes with `write` what comes to `consumer`. Resolves to whether that ended in good order, with all of it
 * written. Rejects with why `write` failed. The consumer is closed either way.
 */
export async function pumpOut(
  consumer: DataPipeConsumer,
  write: (bytes: Uint8Array<ArrayBuffer>) => Promise<number>,
): Promise<boolean> {
  try {
    while (consumer.isHeld) {
      const begun = consumer.beginRead();
      if (begun.result === "FAILED_PRECONDITION") return isComplete(consumer);
      if (begun.result === "SHOULD_WAIT") {
        await consumer.wait(Signal.READABLE);
        continue;
      }
      let count = 0;
      try {
        count = await write(begun.data);
      } finally {
        if (consumer.isHeld) consumer.endRead(count);
      }
    }
    return false;
  } finally {
    consumer.close();
  }
}

/** Whether whoever wrote to `consumer` closed it in good order. */
export function isComplete(consumer: DataPipeConsumer): boolean {
  return (endOf(consumer) as ConsumerEnd).isComplete;
}
