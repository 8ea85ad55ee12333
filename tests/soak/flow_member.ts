/**
 * Produces or consumes a flow of bytes up to some point of it, and hands the end back. Holds no permission.
 *
 * A message is an order: up to which byte, where the flow is, and the end of the data pipe. The answer has
 * where it is now, the end, and the most memory that was taken.
 *
 * @module
 */
import { DataPipeConsumer, DataPipeProducer, Invitation, Signal } from "@mage/ipc/child";
import { ByteFlow } from "./byte_flow.ts";

const CHUNK_BYTES = 64 * 1024;
const { pipe } = await Invitation.accept();
const chunk = new Uint8Array(CHUNK_BYTES), scratch = new Uint8Array(CHUNK_BYTES);
let mostBytes = 0;

/** Takes down how much memory there is beside compiled code: buffers, and objects. */
function weigh(): void {
  const { external, heapUsed } = Deno.memoryUsage();
  mostBytes = Math.max(mostBytes, external + heapUsed);
}

async function produce(producer: DataPipeProducer, flow: ByteFlow, until: number) {
  while (flow.position < until) {
    const size = Math.min(CHUNK_BYTES, until - flow.position);
    const part = chunk.subarray(0, size);
    flow.fill(part);
    for (let at = 0; at < size;) {
      const written = producer.write(part.subarray(at));
      if (written.result === "OK") at += written.bytes;
      else if (written.result === "FAILED_PRECONDITION") throw written.reason;
      else await producer.wait(Signal.WRITABLE);
    }
    flow.took(part);
    weigh();
  }
}

async function consume(consumer: DataPipeConsumer, flow: ByteFlow, until: number) {
  while (flow.position < until) {
    const read = consumer.read(
      chunk.subarray(0, 4 + 4 * Math.floor(Math.random() * 16_000)),
    );
    if (read.result === "FAILED_PRECONDITION") throw read.reason;
    if (read.result === "OK") flow.expect(chunk.subarray(0, read.bytes), scratch);
    else await consumer.wait(Signal.READABLE);
    weigh();
    if (Math.random() < 0.01) {
      await new Promise<void>((resume) => setTimeout(resume, 10 * Math.random()));
    }
  }
}

for await (const order of pipe) {
  const view = new DataView(order.data.buffer);
  const until = view.getFloat64(0), flow = ByteFlow.read(view, 8);
  weigh();
  const before = mostBytes, end = order.handles.shift();
  if (end instanceof DataPipeProducer) await produce(end, flow, until);
  else if (end instanceof DataPipeConsumer) await consume(end, flow, until);
  else throw new Error("An order has an end of a data pipe");
  const answer = new DataView(new ArrayBuffer(32));
  flow.write(answer, 8);
  answer.setFloat64(24, mostBytes - before);
  pipe.write(new Uint8Array(answer.buffer), [end]);
}
