/**
 * The consumer of a data pipe as a stream.
 *
 * @module
 */
import type { ConsumerEnd } from "./consumer_end.ts";
import { settleNotifications } from "./notifications.ts";

/** A stream of what comes to `end`, which it holds. What nobody asks for stays in the pipe. */
export function readableOf(end: ConsumerEnd): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    type: "bytes",
    start(controller) {
      // Whoever waits for the end of the stream learns of it without reading.
      end.closed.then(() => finish(end, controller));
    },
    async pull(controller) {
      for (;;) {
        finish(end, controller);
        if (end.isClosed) return;
        if (end.available > 0) break;
        await end.whenChanged();
      }
      fill(end, controller);
      settleNotifications();
      finish(end, controller);
    },
    cancel() {
      end.close();
    },
  });
}

function fill(end: ConsumerEnd, controller: ReadableByteStreamController): void {
  const request = controller.byobRequest, view = request?.view ?? null;
  if (view === null) return controller.enqueue(end.takeChunk());
  const size = Math.min(view.byteLength, end.available);
  end.copy(new Uint8Array(view.buffer, view.byteOffset, size));
  end.consume(size);
  request!.respond(size);
}

/** Ends the stream if nothing is left to read, and nothing will come. */
function finish(end: ConsumerEnd, controller: ReadableByteStreamController): void {
  const reason = end.isClosed || end.available > 0 ? null : end.endReason;
  if (reason === null) return;
  if (end.isComplete) {
    end.close();
    try {
      controller.close();
      controller.byobRequest?.respond(0);
    } catch {
      // A reader asked for units of several bytes, and the last one is cut: it was told with an error.
    }
    return;
  }
  // What came before is read first, also if it was taken out for a reader that then let go of the stream.
  if (controller.desiredSize! < 0) return;
  end.close();
  controller.error(reason);
}
