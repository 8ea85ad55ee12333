import { assert, assertEquals, assertThrows } from "@std/assert";
import { MisuseError, PipeClosedError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import {
  type DataPipeOptions,
  initialState,
  MAX_DATA_PIPE_CAPACITY,
  readState,
  writeState,
} from "../../../core/system/data_pipe.ts";
import type { DataPipeConsumer } from "../../../core/system/data_pipe_consumer.ts";
import type { DataPipeProducer } from "../../../core/system/data_pipe_producer.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Signal } from "../../../core/system/signal.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { bytes, text } from "./memory_transport.ts";

const { READABLE, WRITABLE, PEER_CLOSED, NEW_DATA_READABLE, PEER_REMOTE } = Signal;
const ALL_OR_NONE = { allOrNone: true };

function create(
  options?: DataPipeOptions,
): [DataPipeProducer, DataPipeConsumer, NodeRuntime] {
  const node = new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
  return [...node.createDataPipe(options), node];
}

/** What a read of up to `size` bytes finds: text, or the result that there is none. */
function readText(consumer: DataPipeConsumer, size = 100, options = {}): string {
  const into = new Uint8Array(size), read = consumer.read(into, options);
  return read.result === "OK" ? text(into.subarray(0, read.bytes)) : read.result;
}

function assertMisuse(result: string, call: () => unknown): void {
  assertEquals((assertThrows(call, MisuseError) as MisuseError).result, result);
}

/** The region of a two-phase operation that began. */
function region(
  begun: { readonly result: string; readonly data?: Uint8Array },
): Uint8Array {
  assertEquals(begun.result, "OK");
  return begun.data!;
}

// ------------------------------------------------------------------ creation

Deno.test("createDataPipe takes 64 KiB when no capacity is given", () => {
  for (
    const [options, elementSize, capacity] of [
      [undefined, 1, 65_536],
      [{ capacity: 0 }, 1, 65_536],
      [{ elementSize: 3 }, 3, 65_535],
      [{ elementSize: 100_000 }, 100_000, 100_000],
      [{ elementSize: 4, capacity: 4 }, 4, 4],
      [{ capacity: MAX_DATA_PIPE_CAPACITY }, 1, MAX_DATA_PIPE_CAPACITY],
    ] as const
  ) {
    const [producer, consumer, node] = create(options);
    for (const end of [producer, consumer]) {
      assertEquals([end.elementSize, end.capacity], [elementSize, capacity]);
      end.close();
    }
    assertEquals(node.node.ports.size, 0);
  }
});

Deno.test("createDataPipe refuses options that make no sense", () => {
  const node = new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
  for (
    const options of [
      { elementSize: 0 },
      { elementSize: -1 },
      { elementSize: 1.5 },
      { elementSize: NaN },
      { elementSize: "2" },
      { elementSize: 4, capacity: 2 },
      { elementSize: 4, capacity: 6 },
      { capacity: -4 },
      { capacity: 0.5 },
      { capacity: NaN },
      { capacity: Infinity },
      { capacity: "9" },
    ]
  ) {
    assertMisuse(
      "INVALID_ARGUMENT",
      () => node.createDataPipe(options as DataPipeOptions),
    );
  }
  for (
    const options of [
      { capacity: MAX_DATA_PIPE_CAPACITY + 1 },
      { elementSize: 2 * MAX_DATA_PIPE_CAPACITY },
    ]
  ) assertMisuse("RESOURCE_EXHAUSTED", () => node.createDataPipe(options));
  assertEquals(node.node.ports.size, 0);
});

// ------------------------------------------------------------------ writing and reading

Deno.test("DataPipeConsumer.read gives the bytes that were written, cut anywhere", () => {
  const [producer, consumer] = create();
  for (const word of ["one", "two", "three"]) {
    assertEquals(producer.write(bytes(word)), { result: "OK", bytes: word.length });
  }
  assertEquals(consumer.query(), 11);
  assertEquals(readText(consumer, 4), "onet");
  assertEquals(readText(consumer, 1), "w");
  assertEquals(consumer.query(), 6);
  assertEquals(readText(consumer), "othree");
  assertEquals(readText(consumer), "SHOULD_WAIT");
});

Deno.test("DataPipeProducer.write copies its data", () => {
  const [producer, consumer] = create(), data = bytes("before");
  producer.write(data);
  data.fill(0);
  assertEquals(readText(consumer), "before");
});

Deno.test("DataPipeProducer.write writes what there is room for, again and again", () => {
  const [producer, consumer] = create({ elementSize: 2, capacity: 6 });
  let written = 0, read = "", expected = "";
  for (let i = 0; i < 50; i++) {
    const word = "abcdefgh".slice(0, 2 + 2 * (i % 4)),
      result = producer.write(bytes(word));
    assert(result.result === "OK");
    written += result.bytes;
    expected += word.slice(0, result.bytes);
    assertEquals(
      result.bytes,
      Math.min(word.length, 6 - (written - result.bytes - read.length)),
    );
    if (written - read.length === 6) {
      assertEquals(producer.write(bytes("xx")), { result: "SHOULD_WAIT" });
    }
    read += readText(consumer, 4);
  }
  while (consumer.query() > 0) read += readText(consumer, 2);
  assertEquals(read, expected);
});

Deno.test("DataPipeProducer.write cuts what is larger than a message, and the capacity holds", () => {
  const [producer, consumer] = create({ elementSize: 7, capacity: 700_000 });
  const data = new Uint8Array(770_000).map((_, i) => i * 31 >> 3);
  assertEquals(producer.write(data), { result: "OK", bytes: 700_000 });
  assertEquals(consumer.query(), 700_000);
  const into = new Uint8Array(770_000);
  assertEquals(consumer.read(into), { result: "OK", bytes: 700_000 });
  assertEquals(into.subarray(0, 700_000), data.subarray(0, 700_000));
});

Deno.test("DataPipeProducer.write checks in the order of Mojo", () => {
  const [producer, consumer] = create({ elementSize: 2, capacity: 4 });
  const odd = new Uint8Array(1), none = new Uint8Array(0), even = new Uint8Array(2);
  // Zero bytes, also when there is no room.
  assertEquals(producer.write(none, ALL_OR_NONE), { result: "OK", bytes: 0 });
  assertEquals(producer.write(new Uint8Array(6), ALL_OR_NONE), {
    result: "OUT_OF_RANGE",
  });
  assertEquals(producer.write(new Uint8Array(4), ALL_OR_NONE), {
    result: "OK",
    bytes: 4,
  });
  assertEquals(producer.write(even), { result: "SHOULD_WAIT" });
  assertEquals(producer.write(even, ALL_OR_NONE), { result: "OUT_OF_RANGE" });
  assertEquals(producer.write(none), { result: "OK", bytes: 0 });
  assertMisuse("INVALID_ARGUMENT", () => producer.write(odd));
  assertMisuse("INVALID_ARGUMENT", () => producer.write("ab" as unknown as Uint8Array));
  consumer.discard(2);
  producer.beginWrite();
  assertMisuse("BUSY", () => producer.write(odd));
  consumer.close();
  assertMisuse("BUSY", () => producer.write(none));
  producer.endWrite(0);
  for (const data of [odd, none, even]) {
    const write = producer.write(data, ALL_OR_NONE);
    assert(write.result === "FAILED_PRECONDITION");
    assert(write.reason instanceof PipeClosedError);
  }
  producer.close();
  assertMisuse("INVALID_ARGUMENT", () => producer.write(none));
});

Deno.test("DataPipeConsumer.read checks in the order of Mojo", () => {
  const [producer, consumer] = create({ elementSize: 2, capacity: 8 });
  const into = (size: number) => new Uint8Array(size);
  for (const size of [0, 2]) {
    assertEquals(consumer.read(into(size)), { result: "SHOULD_WAIT" });
    assertEquals(consumer.discard(size), { result: "SHOULD_WAIT" });
  }
  assertEquals(consumer.read(into(0), ALL_OR_NONE), { result: "SHOULD_WAIT" });
  assertEquals(consumer.read(into(2), ALL_OR_NONE), { result: "OUT_OF_RANGE" });
  assertEquals(consumer.discard(2, ALL_OR_NONE), { result: "OUT_OF_RANGE" });
  producer.write(bytes("abcd"));
  assertEquals(consumer.read(into(6), ALL_OR_NONE), { result: "OUT_OF_RANGE" });
  assertEquals(consumer.read(into(6), { ...ALL_OR_NONE, peek: true }), {
    result: "OUT_OF_RANGE",
  });
  assertEquals(consumer.read(into(0)), { result: "OK", bytes: 0 });
  assertMisuse("INVALID_ARGUMENT", () => consumer.read(into(3)));
  assertMisuse("INVALID_ARGUMENT", () => consumer.read([] as unknown as Uint8Array));
  for (const size of [-2, 1, NaN, Infinity, "2"]) {
    assertMisuse("INVALID_ARGUMENT", () => consumer.discard(size as number));
  }
  consumer.beginRead();
  assertMisuse("BUSY", () => consumer.read(into(3)));
  assertMisuse("BUSY", () => consumer.discard(3));
  assertMisuse("BUSY", () => consumer.query());
  assertMisuse("BUSY", () => consumer.beginRead());
  consumer.endRead(0);
  producer.close();
  assertMisuse("INVALID_ARGUMENT", () => consumer.read(into(3)));
  assertEquals(consumer.read(into(6), ALL_OR_NONE).result, "FAILED_PRECONDITION");
  assertEquals(consumer.discard(6, ALL_OR_NONE).result, "FAILED_PRECONDITION");
  assertEquals(readText(consumer, 4, ALL_OR_NONE), "abcd");
  for (const size of [0, 2]) {
    const read = consumer.read(into(size));
    assert(read.result === "FAILED_PRECONDITION");
    assert(read.reason instanceof PipeClosedError);
  }
  assertEquals(consumer.beginRead().result, "FAILED_PRECONDITION");
  assertEquals(consumer.query(), 0);
  consumer.close();
  assertMisuse("INVALID_ARGUMENT", () => consumer.query());
  assertMisuse("INVALID_ARGUMENT", () => consumer.beginRead());
});

Deno.test("DataPipeConsumer.read leaves what it peeks at, across messages", () => {
  const [producer, consumer] = create();
  producer.write(bytes("ab"));
  producer.write(bytes("cdef"));
  assertEquals(readText(consumer, 1), "a");
  assertEquals(readText(consumer, 3, { peek: true }), "bcd");
  assertEquals(readText(consumer, 9, { peek: true }), "bcdef");
  assertEquals(consumer.query(), 5);
  assertEquals(readText(consumer), "bcdef");
});

Deno.test("DataPipeConsumer.discard makes room, and drops what a read would give", () => {
  const [producer, consumer] = create({ capacity: 6 });
  producer.write(bytes("abc"));
  producer.write(bytes("def"));
  assertEquals(consumer.discard(2), { result: "OK", bytes: 2 });
  assertEquals(producer.write(bytes("ghi")), { result: "OK", bytes: 2 });
  assertEquals(consumer.discard(3, ALL_OR_NONE), { result: "OK", bytes: 3 });
  assertEquals(readText(consumer), "fgh");
  producer.write(bytes("xyz"));
  assertEquals(consumer.discard(100), { result: "OK", bytes: 3 });
  assertEquals(consumer.query(), 0);
});

// ------------------------------------------------------------------ two phases

Deno.test("DataPipeProducer.beginWrite lends a region, of which endWrite writes the beginning", () => {
  const [producer, consumer] = create({ elementSize: 2, capacity: 100_000 });
  assertEquals(region(producer.beginWrite()).length, 65_536);
  producer.endWrite(0);
  assertEquals(region(producer.beginWrite(70_000)).length, 70_000);
  producer.endWrite(0);
  assertEquals(consumer.query(), 0);
  const data = region(producer.beginWrite(6));
  data.set(bytes("abcdef"));
  producer.endWrite(4);
  assertEquals(readText(consumer), "abcd");
  producer.write(new Uint8Array(99_998));
  assertEquals(region(producer.beginWrite()).length, 2);
  producer.endWrite(2);
  assertEquals(producer.beginWrite(), { result: "SHOULD_WAIT" });
});

Deno.test("DataPipeProducer.beginWrite lends one element when that is larger than a region", () => {
  const [producer] = create({ elementSize: 70_000, capacity: 140_000 });
  assertEquals(region(producer.beginWrite()).length, 70_000);
});

Deno.test("DataPipeProducer refuses misuse of two-phase writes", () => {
  const [producer, consumer] = create({ elementSize: 2, capacity: 8 });
  for (const size of [0, 3, -2, NaN]) {
    assertMisuse("INVALID_ARGUMENT", () => producer.beginWrite(size));
  }
  assertMisuse("FAILED_PRECONDITION", () => producer.endWrite(0));
  for (const size of [6, 3, -2, NaN]) {
    region(producer.beginWrite(4));
    assertMisuse("BUSY", () => producer.beginWrite());
    assertMisuse("BUSY", () => producer.writable);
    assertMisuse("INVALID_ARGUMENT", () => producer.endWrite(size));
    // It is over, with nothing written.
    assertMisuse("FAILED_PRECONDITION", () => producer.endWrite(0));
  }
  assertEquals(consumer.query(), 0);
  consumer.close();
  assertEquals(producer.beginWrite().result, "FAILED_PRECONDITION");
});

Deno.test("DataPipeProducer.endWrite is right when the consumer was closed meanwhile", () => {
  const [producer, consumer, node] = create();
  producer.beginWrite();
  consumer.close();
  producer.endWrite(10);
  assertEquals(producer.write(bytes("x")).result, "FAILED_PRECONDITION");
  producer.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("DataPipeConsumer.beginRead lends what was written in one piece, and its rest", () => {
  const [producer, consumer] = create({ elementSize: 2 });
  assertEquals(consumer.beginRead(), { result: "SHOULD_WAIT" });
  producer.write(bytes("abcdef"));
  producer.write(bytes("gh"));
  assertEquals(text(region(consumer.beginRead())), "abcdef");
  consumer.endRead(2);
  assertEquals(text(region(consumer.beginRead())), "cdef");
  consumer.endRead(0);
  assertEquals(consumer.query(), 6);
  assertEquals(text(region(consumer.beginRead())), "cdef");
  consumer.endRead(4);
  assertEquals(readText(consumer), "gh");
});

Deno.test("DataPipeConsumer refuses misuse of two-phase reads", () => {
  const [producer, consumer] = create({ elementSize: 2 });
  producer.write(bytes("abcd"));
  assertMisuse("FAILED_PRECONDITION", () => consumer.endRead(0));
  for (const size of [6, 1, -2, NaN]) {
    region(consumer.beginRead());
    assertMisuse("BUSY", () => consumer.readable);
    assertMisuse("INVALID_ARGUMENT", () => consumer.endRead(size));
    assertMisuse("FAILED_PRECONDITION", () => consumer.endRead(0));
  }
  assertEquals(readText(consumer), "abcd");
});

Deno.test("DataPipeConsumer.beginRead lends a region that stays as it is, whatever comes", () => {
  for (const how of ["write", "close", "abort"] as const) {
    const [producer, consumer, node] = create();
    producer.write(bytes("stays"));
    const data = region(consumer.beginRead());
    if (how === "write") {
      while (producer.write(new Uint8Array(999)).result === "OK");
    } else producer[how]();
    assertEquals(text(data), "stays");
    consumer.endRead(3);
    assertEquals(text(data), "stays");
    const rest = readText(consumer, 2);
    assertEquals(rest, how === "abort" ? "FAILED_PRECONDITION" : "ys");
    producer.close();
    consumer.close();
    assertEquals(node.node.ports.size, 0);
  }
});

Deno.test("DataPipeProducer and DataPipeConsumer cannot be sent in the middle of two phases", () => {
  const [producer, consumer, node] = create(), [one, two] = node.createMessagePipe();
  producer.write(bytes("ab"));
  producer.beginWrite();
  consumer.beginRead();
  for (const end of [producer, consumer]) {
    assertMisuse("BUSY", () => one.write(bytes(""), [end]));
    assert(end.isHeld);
  }
  producer.endWrite(0);
  consumer.endRead(0);
  assertEquals(one.write(bytes(""), [producer, consumer]), "OK");
  two.close();
});

Deno.test("DataPipeProducer and DataPipeConsumer can be closed in the middle of two phases", () => {
  const [producer, consumer, node] = create();
  producer.write(bytes("ab"));
  producer.beginWrite();
  consumer.beginRead();
  producer.close();
  consumer.close();
  assertMisuse("INVALID_ARGUMENT", () => producer.endWrite(0));
  assertMisuse("INVALID_ARGUMENT", () => consumer.endRead(0));
  assertEquals(node.node.ports.size, 0);
});

// ------------------------------------------------------------------ ends

Deno.test("DataPipeConsumer.read gives what was written before the producer was closed", () => {
  const [producer, consumer, node] = create();
  producer.write(bytes("last"));
  producer.close();
  assertEquals(consumer.query(), 4);
  assertEquals(readText(consumer, 2), "la");
  assertEquals(readText(consumer), "st");
  assertEquals(readText(consumer), "FAILED_PRECONDITION");
  consumer.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("DataPipeProducer.abort drops what is unread", async () => {
  const [producer, consumer, node] = create();
  producer.write(bytes("unread"));
  const { closed } = consumer;
  producer.abort();
  assertMisuse("INVALID_ARGUMENT", () => producer.abort());
  assertEquals(consumer.query(), 0);
  const read = consumer.read(new Uint8Array(1));
  assert(read.result === "FAILED_PRECONDITION");
  assertEquals(read.reason.message, "The producer aborted the stream");
  assert(read.reason instanceof PipeClosedError);
  assertEquals((await closed).message, read.reason.message);
  assertEquals((await consumer.closed).message, read.reason.message);
  consumer.close();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("DataPipeProducer.abort ends a two-phase write, and is right when the consumer is gone", () => {
  const [producer, consumer, node] = create();
  producer.beginWrite();
  consumer.close();
  producer.abort();
  assertEquals(node.node.ports.size, 0);
});

Deno.test("DataPipeProducer.closed resolves when the consumer is closed", async () => {
  const [producer, consumer] = create(), { closed } = producer;
  consumer.close();
  assert(await closed instanceof PipeClosedError);
  assertEquals(await producer.wait(WRITABLE), {
    result: "FAILED_PRECONDITION",
    signals: { satisfied: PEER_CLOSED, satisfiable: PEER_CLOSED },
  });
});

// ------------------------------------------------------------------ signals

Deno.test("DataPipeProducer.signals are those of Mojo", () => {
  const [producer, consumer] = create({ capacity: 4 });
  const all = WRITABLE | PEER_CLOSED | PEER_REMOTE;
  const check = (satisfied: number, satisfiable = all) =>
    assertEquals(producer.signals, { satisfied, satisfiable });
  check(WRITABLE);
  producer.write(bytes("abcd"));
  check(0);
  consumer.read(new Uint8Array(1));
  check(WRITABLE);
  producer.beginWrite();
  check(0);
  producer.endWrite(0);
  check(WRITABLE);
  producer.beginWrite();
  producer.endWrite(1);
  check(0);
  consumer.close();
  check(PEER_CLOSED, PEER_CLOSED);
});

Deno.test("DataPipeConsumer.signals are those of Mojo", () => {
  const [producer, consumer] = create();
  const all = READABLE | PEER_CLOSED | NEW_DATA_READABLE | PEER_REMOTE;
  const check = (satisfied: number, satisfiable = all) =>
    assertEquals(consumer.signals, { satisfied, satisfiable });
  check(0);
  producer.write(bytes("abcd"));
  check(READABLE | NEW_DATA_READABLE);
  consumer.query();
  check(READABLE);
  // Each attempt to read has seen what is there, also one that fails.
  for (
    const attempt of [
      () => consumer.read(new Uint8Array(9), ALL_OR_NONE),
      () => consumer.read(new Uint8Array(1)),
      () => consumer.read(new Uint8Array(1), { peek: true }),
      () => consumer.discard(99, ALL_OR_NONE),
      () => assertThrows(() => consumer.discard(-1)),
      () => assertThrows(() => consumer.read(null as unknown as Uint8Array)),
    ]
  ) {
    producer.write(bytes("x"));
    check(READABLE | NEW_DATA_READABLE);
    attempt();
    check(READABLE);
  }
  producer.write(bytes("y"));
  consumer.beginRead();
  check(0);
  producer.write(bytes("z"));
  check(NEW_DATA_READABLE);
  assertThrows(() => consumer.query(), MisuseError);
  check(0);
  consumer.endRead(0);
  check(READABLE);
  producer.write(bytes("!"));
  producer.close();
  const left = READABLE | PEER_CLOSED | NEW_DATA_READABLE;
  check(left, left);
  consumer.query();
  check(READABLE | PEER_CLOSED, left);
  consumer.beginRead();
  check(PEER_CLOSED, left);
  consumer.endRead(0);
  consumer.discard(1000);
  check(PEER_CLOSED, PEER_CLOSED);
});

Deno.test("DataPipeConsumer.signals tell of nothing to read once the producer aborted", () => {
  const [producer, consumer] = create();
  producer.write(bytes("x"));
  producer.abort();
  assertEquals(consumer.signals, { satisfied: PEER_CLOSED, satisfiable: PEER_CLOSED });
});

Deno.test("DataPipeProducer.wait and DataPipeConsumer.wait wake for what the other end does", async () => {
  const [producer, consumer] = create({ capacity: 2 });
  const readable = consumer.wait(READABLE);
  producer.write(bytes("ab"));
  assertEquals((await readable).result, "OK");
  const writable = producer.wait(WRITABLE);
  consumer.read(new Uint8Array(1));
  assertEquals((await writable).result, "OK");
  consumer.discard(1);
  const never = consumer.wait(READABLE), closed = consumer.wait(PEER_CLOSED);
  producer.close();
  assertEquals((await never).result, "FAILED_PRECONDITION");
  assertEquals((await closed).result, "OK");
  const cancelled = consumer.wait(READABLE | WRITABLE);
  consumer.close();
  assert(["CANCELLED", "FAILED_PRECONDITION"].includes((await cancelled).result));
});

// ------------------------------------------------------------------ records

Deno.test("readState gives what writeState wrote, and refuses what no end can be in", () => {
  const view = new DataView(new ArrayBuffer(40));
  const good = {
    ...initialState({ elementSize: 4, capacity: 40 }),
    head: 8,
    told: 2 ** 40,
    total: 2 ** 40 + 16,
  };
  for (const isAborted of [false, true]) {
    const state = { ...good, isAborted };
    writeState(view, 4, 3, state);
    assertEquals(view.getUint8(4), 3);
    assertEquals(readState(view, 4), state);
  }
  for (
    const [rule, part] of [
      ["data-pipe-capacity", { elementSize: 0 }],
      ["data-pipe-capacity", { elementSize: 44 }],
      ["data-pipe-capacity", { capacity: 42 }],
      ["data-pipe-capacity", { capacity: MAX_DATA_PIPE_CAPACITY + 4 }],
      ["data-pipe-totals", { total: good.told - 4 }],
      ["data-pipe-totals", { total: good.told + 44 }],
      ["data-pipe-totals", { total: good.told + 2 }],
      ["data-pipe-totals", { told: good.told + 2 }],
      ["data-pipe-totals", { told: 2 ** 52, total: 2 ** 52 }],
      ["data-pipe-head", { head: 2 }],
      ["data-pipe-head", { head: 8, told: 4, total: 4 }],
    ] as const
  ) {
    writeState(view, 4, 3, { ...good, ...part });
    assertEquals(readState(view, 4), rule);
  }
  for (const at of [1, 2, 3]) {
    writeState(view, 4, 3, good);
    view.setUint8(4 + at, 2);
    assertEquals(readState(view, 4), "data-pipe-reserved");
  }
});
