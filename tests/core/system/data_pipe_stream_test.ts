import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { MisuseError, PipeClosedError, PipeLostError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import type { DataPipeOptions } from "../../../core/system/data_pipe.ts";
import type { DataPipeConsumer } from "../../../core/system/data_pipe_consumer.ts";
import type { DataPipeProducer } from "../../../core/system/data_pipe_producer.ts";
import type { ConsumerEnd } from "../../../core/system/consumer_end.ts";
import { endOf } from "../../../core/system/handle.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Signal } from "../../../core/system/signal.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { pass } from "./data_pipe_network.ts";
import { bytes, join, quiet, text } from "./memory_transport.ts";

/** A data pipe, on one node or across a link. */
interface Pipe {
  readonly producer: DataPipeProducer;
  readonly consumer: DataPipeConsumer;
  /** Ends the link at once, where there is one. */
  readonly lose: () => void;
  /** Checks that neither end is left. */
  readonly end: () => Promise<void>;
}

function local(options?: DataPipeOptions): Pipe {
  const node = new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
  const [producer, consumer] = node.createDataPipe(options);
  return {
    producer,
    consumer,
    lose: () => {},
    async end() {
      await quiet();
      assertEquals(node.node.ports.size, 0);
    },
  };
}

async function remote(options?: DataPipeOptions): Promise<Pipe> {
  const { here, there, inviter, invitee } = await join();
  const [producer, kept] = inviter.createDataPipe(options);
  const consumer = await pass(kept, here.pipe, there.pipe);
  await quiet();
  return {
    producer,
    consumer,
    lose: () => here.abort(),
    async end() {
      here.pipe.close();
      there.pipe.close();
      await quiet();
      assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
      await here.close();
      await there.close();
    },
  };
}

/** Both kinds. */
async function* pipes(options?: DataPipeOptions): AsyncGenerator<Pipe> {
  yield local(options);
  yield await remote(options);
}

/** All that a stream still gives, as text. */
async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  let found = "";
  for await (const chunk of stream) found += text(chunk);
  return found;
}

/** Whether a promise has settled. */
function watch(promise: Promise<unknown>): () => boolean {
  let done = false;
  const settled = () => done = true;
  promise.then(settled, settled);
  return () => done;
}

// ------------------------------------------------------------------ both

Deno.test("DataPipeConsumer.readable and DataPipeProducer.writable take the ends over", async () => {
  for await (const { producer, consumer, end } of pipes()) {
    const { readable } = consumer, { writable } = producer;
    for (const handle of [producer, consumer]) {
      assert(!handle.isHeld);
      assertThrows(() => handle.signals, MisuseError, "closed, sent or bound");
      handle.close(); // Does nothing any more.
    }
    assertThrows(
      () => consumer.readable,
      MisuseError,
      "Cannot stream data pipe consumer",
    );
    assertThrows(
      () => producer.writable,
      MisuseError,
      "Cannot stream data pipe producer",
    );
    const reading = readAll(readable), writer = writable.getWriter();
    await writer.write(bytes("hello, "));
    await writer.write(bytes("world"));
    await writer.close();
    assertEquals(await reading, "hello, world");
    await end();
  }
});

Deno.test("DataPipeConsumer.readable cancels the waits for the handle that it takes over", async () => {
  const { producer, consumer, end } = local();
  const waiting = consumer.wait(Signal.READABLE), writing = producer.wait(0x3f);
  assertEquals((await writing).result, "OK");
  const { readable } = consumer;
  assertEquals((await waiting).result, "CANCELLED");
  producer.close();
  assertEquals(await readAll(readable), "");
  await end();
});

Deno.test("DataPipeConsumer.readable gives all that pipeTo writes, of any size", async () => {
  for (const elementSize of [1, 8]) {
    for await (
      const { producer, consumer, end } of pipes({ elementSize, capacity: 40_000 })
    ) {
      const sizes = [8, 0, 80_000, 16, 16_384, 32_768, 8, 8, 200_000];
      let sum = 0, expected = 0, count = 0;
      const source = new ReadableStream<Uint8Array>({
        pull(controller) {
          const size = sizes[count++];
          if (size === undefined) return controller.close();
          const chunk = new Uint8Array(size).map((_, i) => (i * 7 + count) >> 2);
          for (const [i, byte] of chunk.entries()) {
            expected = (expected * 31 + byte + (i & 1)) | 0;
          }
          controller.enqueue(chunk);
        },
      });
      const written = source.pipeTo(producer.writable);
      const got: Uint8Array[] = [];
      await consumer.readable.pipeTo(
        new WritableStream({ write: (chunk) => void got.push(chunk) }),
      );
      await written;
      let at = 0;
      let next = 0;
      for (const chunk of got) {
        for (const byte of chunk) {
          while (at === sizes[next]) {
            at = 0;
            next++;
          }
          sum = (sum * 31 + byte + (at++ & 1)) | 0;
        }
      }
      assertEquals(sum, expected);
      await end();
    }
  }
});

// ------------------------------------------------------------------ reading

Deno.test("DataPipeConsumer.readable gives chunks that their reader owns", async () => {
  const { producer, consumer, end } = await remote();
  producer.write(new Uint8Array(20_000).fill(1));
  producer.write(bytes("small"));
  producer.write(bytes("er"));
  await quiet();
  const reader = consumer.readable.getReader();
  const sizes: number[] = [];
  producer.close();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    sizes.push(value.length);
    assertEquals(value.buffer.byteLength, value.length);
    structuredClone(value, { transfer: [value.buffer] });
  }
  assertEquals(sizes, [20_000, 7]);
  await end();
});

Deno.test("DataPipeConsumer.readable fills the buffers of its readers, in bytes whatever an element is", async () => {
  for await (const { producer, consumer, end } of pipes({ elementSize: 4 })) {
    producer.write(bytes("0123456789ab"));
    const reader = consumer.readable.getReader({ mode: "byob" });
    let buffer = new ArrayBuffer(16);
    const read = async (at: number, size: number) => {
      const { value } = await reader.read(new Uint8Array(buffer, at, size));
      buffer = value!.buffer;
      return text(value!);
    };
    assertEquals(await read(0, 1), "0");
    assertEquals(await read(1, 2), "12");
    assertEquals(await read(5, 3), "345");
    assertEquals(new Uint8Array(buffer).at(-1), 0);
    // Two units of two bytes each.
    const { value } = await reader.read(new Uint16Array(2));
    assertEquals(text(new Uint8Array(value!.buffer)), "6789");
    const waiting = reader.read(new Uint8Array(9));
    assertEquals(text((await waiting).value), "ab");
    const late = reader.read(new Uint8Array(9));
    await quiet();
    producer.write(bytes("late"));
    assertEquals(text((await late).value), "late");
    const last = reader.read(new Uint8Array(9));
    producer.close();
    const { value: none, done } = await last;
    assertEquals([none!.length, done], [0, true]);
    await reader.closed;
    await end();
  }
});

Deno.test("DataPipeConsumer.readable tells the producer of whole elements only", async () => {
  const { producer, consumer, end } = await remote({ elementSize: 4, capacity: 8 });
  producer.write(bytes("01234567"));
  const reader = consumer.readable.getReader({ mode: "byob" });
  for (const [size, room] of [[3, 0], [2, 4], [2, 4], [1, 8]] as const) {
    await reader.read(new Uint8Array(size));
    await quiet();
    const { satisfied } = producer.signals;
    assertEquals(satisfied & Signal.WRITABLE, room > 0 ? Signal.WRITABLE : 0);
    assertEquals(
      producer.write(new Uint8Array(12), { allOrNone: true }).result,
      "OUT_OF_RANGE",
    );
  }
  assertEquals(producer.write(new Uint8Array(12)), { result: "OK", bytes: 8 });
  producer.close();
  await reader.cancel();
  await end();
});

Deno.test("DataPipeConsumer.readable errors when a unit that was asked for is cut", async () => {
  const { producer, consumer, end } = local();
  const reader = consumer.readable.getReader({ mode: "byob" });
  const reading = reader.read(new Uint16Array(4));
  producer.write(bytes("x"));
  await quiet();
  producer.close();
  await assertRejects(() => reading, TypeError);
  await assertRejects(() => reader.closed, TypeError);
  await end();
});

Deno.test("DataPipeConsumer.readable gives the rest of what was read before", async () => {
  const { producer, consumer, end } = await remote();
  producer.write(new Uint8Array(20_000).map((_, i) => i));
  producer.close();
  await quiet();
  consumer.discard(5);
  const reader = consumer.readable.getReader();
  const { value } = await reader.read();
  assertEquals([value!.length, value![0]], [19_995, 5]);
  // With the last of it the end is known.
  await reader.closed;
  await end();
});

Deno.test("DataPipeConsumer.readable ends without anybody reading", async () => {
  for await (const { producer, consumer, end } of pipes()) {
    const reader = consumer.readable.getReader();
    producer.close();
    await reader.closed;
    await end();
  }
});

Deno.test("DataPipeConsumer.readable ends at once when the pipe has ended before", async () => {
  for (const how of ["close", "abort"] as const) {
    for await (const { producer, consumer, end } of pipes()) {
      producer[how]();
      await quiet();
      const reader = consumer.readable.getReader();
      if (how === "close") await reader.closed;
      else {await assertRejects(
          () => reader.closed,
          PipeClosedError,
          "aborted the stream",
        );}
      await end();
    }
  }
});

Deno.test("DataPipeConsumer.readable closes the end when it is cancelled, read or not", async () => {
  for await (const { producer, consumer, end } of pipes()) {
    producer.write(bytes("unread"));
    const reader = consumer.readable.getReader();
    await reader.read();
    const reading = reader.read();
    await reader.cancel("enough");
    assertEquals((await reading).done, true);
    assertInstanceOf(await producer.closed, PipeClosedError);
    producer.close();
    await end();
  }
});

Deno.test("DataPipeConsumer.readable is cancelled by leaving a loop", async () => {
  const { producer, consumer, end } = local();
  producer.write(bytes("first"));
  for await (const chunk of consumer.readable) {
    assertEquals(text(chunk), "first");
    break;
  }
  assertEquals(producer.write(bytes("x")).result, "FAILED_PRECONDITION");
  producer.close();
  await end();
});

Deno.test("DataPipeConsumer.readable errors behind what came before the way was lost", async () => {
  for (const isReading of [false, true]) {
    const { producer, consumer, lose } = await remote();
    const { writable } = producer, writer = writable.getWriter();
    await writer.write(bytes("saved"));
    await quiet();
    const reader = consumer.readable.getReader();
    const first = isReading ? reader.read() : null;
    const second = isReading ? assertRejects(() => reader.read(), PipeLostError) : null;
    lose();
    await quiet();
    assertEquals(text((await (first ?? reader.read())).value), "saved");
    await (second ?? assertRejects(() => reader.read(), PipeLostError));
    await assertRejects(() => reader.closed, PipeLostError);
    await assertRejects(() => writer.closed, PipeLostError);
    await assertRejects(() => writer.write(bytes("x")), PipeLostError);
  }
});

Deno.test("DataPipeConsumer.readable keeps what was read for a reader that let go of it", async () => {
  const { producer, consumer, lose } = await remote();
  const { readable } = consumer, first = readable.getReader();
  const reading = first.read();
  await quiet();
  first.releaseLock();
  await assertRejects(() => reading, TypeError);
  producer.write(bytes("kept"));
  await quiet();
  lose();
  await quiet();
  const second = readable.getReader();
  assertEquals(text((await second.read()).value), "kept");
  await assertRejects(() => second.read(), PipeLostError);
  producer.close();
});

// ------------------------------------------------------------------ writing

Deno.test("DataPipeProducer.writable waits at the capacity, until something is read", async () => {
  for await (const { producer, consumer, end } of pipes({ capacity: 1000 })) {
    const writer = producer.writable.getWriter();
    const written = writer.write(new Uint8Array(2500)), isWritten = watch(written);
    for (let left = 2500; left > 1000; left -= 500) {
      await quiet();
      assert(!isWritten());
      assertEquals(consumer.query(), 1000);
      assertEquals(writer.desiredSize, 0);
      consumer.discard(500);
    }
    await written;
    await writer.ready;
    await writer.close();
    await quiet();
    assertEquals(consumer.query(), 1000);
    assertEquals(await readAll(consumer.readable), "\0".repeat(1000));
    await end();
  }
});

Deno.test("DataPipeProducer.writable errors when the consumer is closed, with a write under way or without", async () => {
  for (const isWriting of [false, true]) {
    for await (const { producer, consumer, end } of pipes({ capacity: 10 })) {
      const writer = producer.writable.getWriter();
      await writer.write(new Uint8Array(10));
      const writing = isWriting ? writer.write(new Uint8Array(1)) : null;
      const failed = writing && assertRejects(() => writing, PipeClosedError);
      const reader = consumer.readable.getReader();
      await quiet();
      await reader.cancel();
      await assertRejects(() => writer.closed, PipeClosedError);
      await failed;
      await assertRejects(() => writer.write(new Uint8Array(1)), PipeClosedError);
      await end();
    }
  }
});

Deno.test("DataPipeProducer.writable of a pipe without a consumer errors at once", async () => {
  for await (const { producer, consumer, end } of pipes()) {
    consumer.close();
    await quiet();
    const writer = producer.writable.getWriter();
    await assertRejects(() => writer.closed, PipeClosedError);
    await end();
  }
});

Deno.test("DataPipeProducer.writable aborts the reader, also in the middle of a write that waits", async () => {
  for (const isWriting of [false, true]) {
    for await (const { producer, consumer, end } of pipes({ capacity: 10 })) {
      const writer = producer.writable.getWriter(), reason = new Error("enough");
      await writer.write(new Uint8Array(10));
      const writing = isWriting ? writer.write(new Uint8Array(1)) : null;
      await quiet();
      const aborted = writer.abort(reason);
      if (writing !== null) await assertRejects(() => writing, Error, "enough");
      await aborted;
      await assertRejects(() => writer.closed, Error, "enough");
      await quiet();
      const reader = consumer.readable.getReader();
      await assertRejects(() => reader.read(), PipeClosedError, "aborted the stream");
      await end();
    }
  }
});

Deno.test("DataPipeProducer.writable is aborted by the signal of pipeTo", async () => {
  for await (const { producer, consumer, end } of pipes({ capacity: 10 })) {
    const controller = new AbortController();
    const source = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(7)),
    });
    const piped = source.pipeTo(producer.writable, { signal: controller.signal });
    const reader = consumer.readable.getReader();
    assertEquals((await reader.read()).value!.length, 7);
    await quiet();
    // What pipeTo has taken out of its source already it writes first.
    const reading = assertRejects(
      async () => {
        while (!(await reader.read()).done);
      },
      PipeClosedError,
      "aborted the stream",
    );
    controller.abort(new Error("enough"));
    await assertRejects(() => piped, Error, "enough");
    await reading;
    await end();
  }
});

Deno.test("DataPipeProducer.writable refuses what is no whole number of elements, and aborts", async () => {
  for (const chunk of [new Uint8Array(3), "ab", null, [1, 2]]) {
    const { producer, consumer, end } = local({ elementSize: 2 });
    const writer = producer.writable.getWriter();
    await assertRejects(
      () => writer.write(chunk as Uint8Array),
      MisuseError,
      "Cannot write to data pipe producer",
    );
    await assertRejects(() => writer.closed, MisuseError);
    await assertRejects(() => readAll(consumer.readable), PipeClosedError, "aborted");
    await end();
  }
});

Deno.test("DataPipeProducer.writable can be written to while a message is being encoded", async () => {
  const { here, there, inviter } = await join();
  const [kept, consumer] = inviter.createDataPipe();
  const [dropped, gone] = inviter.createDataPipe();
  const writer = (await pass(kept, here.pipe, there.pipe)).writable.getWriter();
  const aborting = (await pass(dropped, here.pipe, there.pipe)).writable.getWriter();
  await quiet();
  const { node, port } = endOf(there.pipe), out = node.beginBytes(port);
  const done = [writer.write(bytes("later")), writer.close(), aborting.abort()];
  assert(out.open);
  node.commit(port, out, false);
  await Promise.all(done);
  assertEquals(await readAll(consumer.readable), "later");
  assertEquals((await gone.closed).message, "The producer aborted the stream");
  gone.close();
  await here.close();
  await there.close();
});

Deno.test("ConsumerEnd.takeChunk leaves a chunk to whoever took it, whatever is written and read after", async () => {
  const { producer, consumer, end } = local({ capacity: 2 ** 20 });
  const piece = (byte: number) => new Uint8Array(32 * 1024).fill(byte);
  for (let byte = 1; byte <= 3; byte++) producer.write(piece(byte));
  const taken = (endOf(consumer) as ConsumerEnd).takeChunk();
  // This one is read into memory of the reader's own: its buffer is used again.
  consumer.read(piece(0));
  for (let byte = 4; byte <= 12; byte++) producer.write(piece(byte));
  assertEquals(taken, piece(1));
  producer.close();
  consumer.close();
  await end();
});
