/** Copies frames out of the buffer it shares, or out of messages, and answers each. @module */
import {
  DataPipeConsumer,
  Invitation,
  SharedBuffer,
  type SharedMapping,
  Signal,
} from "@mage/ipc/child";
import "@mage/ipc/memory";

const { pipe } = await Invitation.accept();
const into = new Uint8Array(1024 * 1024);
let mapping: SharedMapping | undefined;

for await (const message of pipe) {
  switch (message.data[0]) {
    case 0:
      mapping = await message.take(SharedBuffer).map();
      break;
    case 1:
      mapping!.readAt(0, into);
      break;
    case 2:
      into.set(message.data.subarray(8));
      break;
    case 3: {
      using consumer = message.take(DataPipeConsumer);
      for (let read; (read = consumer.read(into)).result !== "FAILED_PRECONDITION";) {
        if (read.result === "SHOULD_WAIT") await consumer.wait(Signal.READABLE);
      }
    }
  }
  pipe.write(Uint8Array.of(1));
}
