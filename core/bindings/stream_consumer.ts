/**
 * The receiving end of a stream.
 *
 * @module
 */
import { RemoteError } from "../errors.ts";
import { reportBadMessage } from "../system/bad_message.ts";
import { type Message, sourceOf } from "../system/message.ts";
import type { MessagePipe } from "../system/message_pipe.ts";
import { Decoder } from "../wire/decoder.ts";
import { badMessage } from "./call_name.ts";
import { StreamMessage } from "./stream_producer.ts";

/** Reads one item. */
export type ReadItem<T> = (decoder: Decoder, label: string) => T;

/** Items are decoded one after the other, and no code of the user runs in between. */
const decoder = new Decoder();

/**
 * What comes over `pipe`, which is consumed. Items are read when they are asked for, and the other end makes
 * few before. `what` names the stream in errors.
 */
export function consume<T>(
  pipe: MessagePipe,
  read: ReadItem<T>,
  what: string,
): ReadableStream<T> {
  let isPulling = false;
  return new ReadableStream<T>({
    start(controller) {
      // Whoever waits for the end of the stream learns of it without reading.
      pipe.closed.then((reason) => {
        // Benign: whoever reads will see what is there, and then the end.
        if (isPulling || !pipe.isHeld || pipe.query().result === "OK") return;
        pipe.close();
        controller.error(reason);
      });
    },
    async pull(controller) {
      isPulling = true;
      const message = await pipe.receive();
      isPulling = false;
      if (message !== null) return take(message, pipe, controller, read, what);
      if (!pipe.isHeld) return; // Benign: it was cancelled, or has its error.
      controller.error(await pipe.closed);
      pipe.close();
    },
    cancel() {
      pipe.close();
    },
  }, { highWaterMark: 0 });
}

function take<T>(
  message: Message,
  pipe: MessagePipe,
  controller: ReadableStreamDefaultController<T>,
  read: ReadItem<T>,
  what: string,
): void {
  let value: T, kind: number;
  try {
    // TRUST: nothing reaches the reader before the whole message was checked.
    const { data, handles } = message;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    decoder.begin(data, view, 0, data.length, handles);
    kind = decoder.method;
    if (decoder.flagBits !== 0 || decoder.request !== 0) decoder.fail("stream-flags");
    if (kind === StreamMessage.Item) value = read(decoder, "item");
    else if (kind === StreamMessage.End || kind === StreamMessage.Error) {
      decoder.closeStruct(decoder.openStruct());
    } else decoder.fail("stream-message");
    decoder.finish();
  } catch (cause) {
    const error = badMessage(cause, what), source = sourceOf(message);
    message.close();
    pipe.close();
    reportBadMessage(source, error);
    return controller.error(error);
  }
  if (kind === StreamMessage.Item) return controller.enqueue(value!);
  pipe.close();
  if (kind === StreamMessage.End) controller.close();
  else controller.error(new RemoteError(`${what} failed on the other side`));
}
