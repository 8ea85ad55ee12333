/** Reads what it is sent to its end, as it is told to, and answers with how much it was. @module */
import { DataPipeConsumer, Invitation, MessagePipe, Signal } from "@mage/ipc/child";

const { pipe } = await Invitation.accept();
const into = new Uint8Array(64 * 1024);

const readers: readonly ((
  message: NonNullable<
    Awaited<ReturnType<typeof pipe.receive>>
  >,
) => Promise<number>)[] = [
  async (message) => {
    using consumer = message.take(DataPipeConsumer);
    for (let count = 0;;) {
      const read = consumer.read(into);
      if (read.result === "OK") count += read.bytes;
      else if (read.result === "FAILED_PRECONDITION") return count;
      else await consumer.wait(Signal.READABLE);
    }
  },
  async (message) => {
    using consumer = message.take(DataPipeConsumer);
    for (let count = 0;;) {
      const region = consumer.beginRead();
      if (region.result === "OK") {
        count += region.data.length;
        consumer.endRead(region.data.length);
      } else if (region.result === "FAILED_PRECONDITION") return count;
      else await consumer.wait(Signal.READABLE);
    }
  },
  async (message) => {
    let count = 0;
    for await (const chunk of message.take(DataPipeConsumer).readable) {
      count += chunk.length;
    }
    return count;
  },
  async (message) => {
    using messages = message.take(MessagePipe);
    let count = 0;
    for await (const { data } of messages) count += data.length;
    return count;
  },
];

for await (const message of pipe) {
  const answer = new DataView(new ArrayBuffer(8));
  answer.setFloat64(0, await readers[message.data[0]!]!(message));
  pipe.write(new Uint8Array(answer.buffer));
}
