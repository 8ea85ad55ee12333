/**
 * The producer of a data pipe as a stream.
 *
 * @module
 */
import { settleNotifications } from "./notifications.ts";
import type { ProducerEnd } from "./producer_end.ts";

/** A stream that writes to `end`, which it holds. */
export function writableOf(end: ProducerEnd): WritableStream<Uint8Array> {
  return new WritableStream<Uint8Array>({
    start(controller) {
      end.closed.then((reason) => {
        if (end.isClosed) return;
        end.close();
        controller.error(reason);
      });
    },
    async write(chunk, { signal }) {
      // ORDER: later. What writes may be a getter among the arguments of a message, which is open then.
      await null;
      try {
        await writeAll(end, chunk, signal);
      } catch (error) {
        // The stream is over with that, and nobody else would let go of the end.
        giveUp(end);
        throw error;
      }
    },
    close() {
      end.close();
    },
    async abort() {
      await null;
      giveUp(end);
    },
  });
}

/** Resolves once all of `chunk` is in the pipe. */
async function writeAll(
  end: ProducerEnd,
  chunk: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  end.checkBytes(chunk, "write to");
  for (let at = 0; at < chunk.length;) {
    signal.throwIfAborted();
    const reason = end.endReason, { room } = end;
    if (reason !== null) throw reason;
    if (room === 0) await end.whenChanged(signal);
    else {
      end.send(chunk.subarray(at, at + room));
      at += room;
      settleNotifications();
    }
  }
}

function giveUp(end: ProducerEnd): void {
  if (end.isClosed) return;
  end.abort();
  end.close();
}
