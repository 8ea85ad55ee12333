import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { LimitError, PipeClosedError, PipeLostError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import type { DataPipeConsumer } from "../../../core/system/data_pipe_consumer.ts";
import type { DataPipeProducer } from "../../../core/system/data_pipe_producer.ts";
import { sendGrant } from "../../../core/ports/send.ts";
import { endOf, type Handle } from "../../../core/system/handle.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Signal } from "../../../core/system/signal.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { DataPipeNetwork, pass, type Place } from "./data_pipe_network.ts";
import { bytes, join, quiet, text } from "./memory_transport.ts";

const { READABLE, WRITABLE, PEER_CLOSED, NEW_DATA_READABLE, PEER_REMOTE } = Signal;

/** Reads so many bytes, however often it has to wait for more. */
async function readText(consumer: DataPipeConsumer, size: number): Promise<string> {
  let found = "";
  while (found.length < size) {
    const into = new Uint8Array(size - found.length), read = consumer.read(into);
    if (read.result === "OK") found += text(into.subarray(0, read.bytes));
    else if (read.result !== "SHOULD_WAIT") return found + read.result;
    else await consumer.wait(READABLE);
  }
  return found;
}

/** Writes all of `data`. */
async function write(producer: DataPipeProducer, data: string): Promise<void> {
  for (let at = 0; at < data.length;) {
    const result = producer.write(bytes(data.slice(at)));
    if (result.result === "OK") at += result.bytes;
    else assertEquals((await producer.wait(WRITABLE)).result, "OK");
  }
}

/** Sends `handle` around on its node, within this turn. */
function passAtOnce<T extends Handle>(
  handle: T,
  node: NodeRuntime,
  meanwhile: () => void = () => {},
): T {
  const [one, two] = node.createMessagePipe();
  assertEquals(one.write(bytes(""), [handle]), "OK");
  meanwhile();
  const read = two.read();
  assert(read.result === "OK");
  one.close();
  two.close();
  return read.message.handles[0] as T;
}

const EVERYWHERE: readonly (readonly [Place, Place])[] = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 0],
  [0, 2],
  [2, 1],
  [1, 2],
  [2, 0],
];

Deno.test("DataPipeConsumer moves with what is unread, cut within a message, wherever it goes", async () => {
  const network = await DataPipeNetwork.start();
  let [producer, consumer] = network.nodes[0]!.createDataPipe({
    elementSize: 2,
    capacity: 20,
  });
  await write(producer, "0123456789");
  await write(producer, "abcdef");
  assertEquals(await readText(consumer, 4), "0123");
  let expected = "456789abcdef";
  for (const [i, [from, to]] of EVERYWHERE.entries()) {
    const moved = await network.move(consumer, from, to);
    assertFalse(consumer.isHeld);
    consumer = moved;
    assertEquals([consumer.elementSize, consumer.capacity], [2, 20]);
    await write(producer, `${i}!`);
    expected += `${i}!`;
    assertEquals(await readText(consumer, 2), expected.slice(0, 2));
    expected = expected.slice(2);
  }
  producer.close();
  assertEquals(
    await readText(consumer, 100),
    `${expected}FAILED_PRECONDITION`,
  );
  consumer.close();
  await network.end();
});

Deno.test("DataPipeProducer moves with the room it has, wherever it goes", async () => {
  const network = await DataPipeNetwork.start();
  let [producer, consumer] = network.nodes[0]!.createDataPipe({ capacity: 10 });
  await write(producer, "0123456");
  let expected = "0123456";
  for (const [i, [from, to]] of EVERYWHERE.entries()) {
    producer = await network.move(producer, from, to);
    await quiet();
    const word = "abcd".slice(0, 10 - expected.length);
    assertEquals(producer.write(bytes("abcd")), { result: "OK", bytes: word.length });
    expected += word;
    const count = Math.min(3 + i % 2, expected.length);
    assertEquals(await readText(consumer, count), expected.slice(0, count));
    expected = expected.slice(count);
  }
  // What was consumed while it is on its way is known when it arrives.
  const moving = network.move(producer, 0, 2);
  assertEquals(await readText(consumer, expected.length), expected);
  producer = await moving;
  await quiet();
  assertEquals(producer.write(new Uint8Array(11)), { result: "OK", bytes: 10 });
  consumer.close();
  assert(await producer.closed instanceof PipeClosedError);
  producer.close();
  await network.end();
});

Deno.test("DataPipeProducer and DataPipeConsumer move in one message, and are local to each other again", async () => {
  const { here, there, inviter, invitee } = await join();
  const [producer, consumer] = inviter.createDataPipe({ capacity: 8 });
  await write(producer, "12345678");
  assertEquals(await readText(consumer, 3), "123");
  here.pipe.write(bytes(""), [producer, consumer]);
  const [far, farther] = (await there.pipe.receive())!.handles as [
    DataPipeProducer,
    DataPipeConsumer,
  ];
  assertEquals(await readText(farther, 5), "45678");
  await quiet();
  assertEquals(far.signals.satisfied, WRITABLE);
  far.write(bytes("abcdefghijk"));
  // Nothing crosses the link any more, and each learns of the other within the call.
  assertEquals(farther.query(), 8);
  farther.discard(2);
  assertEquals(far.write(bytes("abc")), { result: "OK", bytes: 2 });
  far.close();
  farther.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [1, 1]);
  await here.close();
  await there.close();
});

Deno.test("DataPipeProducer.signals and DataPipeConsumer.signals tell of an end in another process", async () => {
  const { here, there, inviter } = await join();
  const [producer, kept] = inviter.createDataPipe({ capacity: 4 });
  await write(producer, "abcd");
  const consumer = await pass(kept, here.pipe, there.pipe);
  await quiet();
  const arrived = READABLE | NEW_DATA_READABLE | PEER_REMOTE;
  assertEquals(consumer.signals.satisfied, arrived);
  assertEquals(producer.signals.satisfied, PEER_REMOTE);
  consumer.read(new Uint8Array(1));
  await quiet();
  assertEquals(producer.signals.satisfied, PEER_REMOTE | WRITABLE);
  const home = await pass(consumer, there.pipe, here.pipe);
  await quiet();
  assertEquals(home.signals.satisfied, READABLE | NEW_DATA_READABLE);
  assertEquals(producer.signals.satisfied, WRITABLE);
  producer.close();
  home.close();
  await here.close();
  await there.close();
});

Deno.test("DataPipeConsumer arrives with what a closed producer left, and its end", async () => {
  for (const when of ["before", "during"] as const) {
    const network = await DataPipeNetwork.start();
    let [producer, consumer] = network.nodes[0]!.createDataPipe();
    await write(producer, "what is left");
    await readText(consumer, 5);
    if (when === "before") producer.close();
    const moving = network.move(consumer, 0, 1);
    if (when === "during") producer.close();
    consumer = await network.move(await moving, 1, 2);
    assertEquals(await readText(consumer, 99), "is leftFAILED_PRECONDITION");
    assert(await consumer.closed instanceof PipeClosedError);
    assertEquals(consumer.signals, { satisfied: PEER_CLOSED, satisfiable: PEER_CLOSED });
    consumer = await network.move(consumer, 2, 0);
    assertEquals(await readText(consumer, 1), "FAILED_PRECONDITION");
    consumer.close();
    await network.end();
  }
});

Deno.test("DataPipeConsumer arrives as aborted, and drops what is unread", async () => {
  for (const when of ["before", "during"] as const) {
    const network = await DataPipeNetwork.start();
    let [producer, consumer] = network.nodes[0]!.createDataPipe();
    await write(producer, "worth nothing");
    await readText(consumer, 5);
    if (when === "before") producer.abort();
    const moving = network.move(consumer, 0, 1);
    if (when === "during") producer.abort();
    consumer = await network.move(await moving, 1, 2);
    assertEquals((await consumer.closed).message, "The producer aborted the stream");
    assertEquals(consumer.query(), 0);
    assertEquals(await readText(consumer, 1), "FAILED_PRECONDITION");
    consumer = await network.move(consumer, 2, 2);
    assertEquals((await consumer.closed).message, "The producer aborted the stream");
    consumer.close();
    await network.end();
  }
});

Deno.test("DataPipeProducer arrives with a consumer that is closed", async () => {
  for (const when of ["before", "during"] as const) {
    const network = await DataPipeNetwork.start();
    let [producer, consumer] = network.nodes[0]!.createDataPipe();
    await write(producer, "unread");
    if (when === "before") consumer.close();
    const moving = network.move(producer, 0, 1);
    if (when === "during") consumer.close();
    producer = await network.move(await moving, 1, 2);
    const { result } = producer.write(bytes("x"));
    assert(when === "during" || result !== "OK", result);
    assert(await producer.closed instanceof PipeClosedError);
    assertEquals(producer.write(bytes("x")).result, "FAILED_PRECONDITION");
    assertEquals(producer.signals, { satisfied: PEER_CLOSED, satisfiable: PEER_CLOSED });
    producer.close();
    await network.end();
  }
});

Deno.test("DataPipeProducer and DataPipeConsumer are closed with a message that is dropped", async () => {
  const network = await DataPipeNetwork.start();
  for (const side of [0, 1] as const) {
    for (const from of [0, 1] as const) {
      const [producer, consumer] = network.nodes[0]!.createDataPipe();
      await write(producer, "abc");
      await readText(consumer, 1);
      const ends = [producer, consumer];
      const [one, two] = network.nodes[0]!.createMessagePipe();
      const far = from === 0 ? two : await network.move(two, 0, 1);
      one.write(bytes(""), [ends[side]!]);
      far.close();
      const other = ends[1 - side]!;
      assert(await other.closed instanceof PipeClosedError);
      if (side === 0) assertEquals(await readText(consumer, 9), "bcFAILED_PRECONDITION");
      other.close();
      one.close();
    }
  }
  await network.end();
});

Deno.test("DataPipeProducer waits at its capacity, also across a link that takes much more", async () => {
  const network = await DataPipeNetwork.start();
  const capacity = 50_000;
  const [producer, kept] = network.nodes[1]!.createDataPipe({ capacity });
  const consumer = await network.move(kept, 1, 2);
  const data = new Uint8Array(70_000);
  assertEquals(producer.write(data), { result: "OK", bytes: capacity });
  for (let i = 0; i < 5; i++) {
    await quiet();
    assertEquals(consumer.query(), capacity);
    assertEquals(producer.write(data), { result: "SHOULD_WAIT" });
    consumer.discard(1000 * i + 1);
    await quiet();
    assertEquals(producer.write(data), { result: "OK", bytes: 1000 * i + 1 });
  }
  producer.close();
  consumer.close();
  await network.end();
});

Deno.test("DataPipeConsumer tells nothing any more once it was sent", async () => {
  const { here, there, inviter, invitee } = await join();
  const [producer, kept] = inviter.createDataPipe({ capacity: 8 });
  producer.write(bytes("12345678"));
  const consumer = await pass(kept, here.pipe, there.pipe);
  await quiet();
  // Both in one turn: the first has nothing to add to what the second tells.
  consumer.discard(1);
  const moved = passAtOnce(consumer, invitee);
  moved.discard(5);
  await quiet();
  assertEquals(producer.write(new Uint8Array(8)), { result: "OK", bytes: 6 });
  producer.close();
  moved.close();
  await here.close();
  await there.close();
});

Deno.test("DataPipeConsumer arrives as aborted on its own node, and can be sent on", async () => {
  const node = new NodeRuntime(seededEnvironment(3), LIMITS.tiny);
  const [producer, kept] = node.createDataPipe();
  producer.write(bytes("worth nothing"));
  let consumer = passAtOnce(kept, node, () => producer.abort());
  for (let i = 0; i < 3; i++) {
    assertEquals(consumer.query(), 0);
    assertEquals((await consumer.closed).message, "The producer aborted the stream");
    consumer = passAtOnce(consumer, node);
  }
  consumer.close();
});

Deno.test("DataPipeProducer wakes who waits when what was unsent is on its way, read or not", async () => {
  for (const isMoved of [false, true]) {
    const { here, there, inviter, invitee } = await join();
    const [sent, consumer] = inviter.createDataPipe({ capacity: 2 ** 30 });
    const came = await pass(sent, here.pipe, there.pipe);
    await quiet();
    while (came.write(new Uint8Array(60_000)).result === "OK") await quiet();
    const producer = isMoved ? passAtOnce(came, invitee) : came;
    assertEquals(producer.signals.satisfied & WRITABLE, 0);
    const writable = producer.wait(WRITABLE);
    // Something else was read there: more can be lent.
    const { port } = endOf(consumer), { prevNode, prevPort } = port, more = 1.5 * 2 ** 20;
    port.room += more;
    port.lent += more;
    prevNode!.link!.lent += more;
    sendGrant(port.name, prevNode!, prevPort!, port.lent);
    assertEquals((await writable).result, "OK");
    producer.close();
    consumer.close();
    await here.close();
    await there.close();
  }
});

Deno.test("DataPipeProducer that came from elsewhere holds no more unsent than it has to, whatever the capacity", async () => {
  const { here, there, inviter } = await join();
  const [sent, consumer] = inviter.createDataPipe({ capacity: 2 ** 30 });
  const producer = await pass(sent, here.pipe, there.pipe);
  await quiet();
  const piece = new Uint8Array(60_000);
  let written = 0;
  for (; producer.write(piece).result === "OK"; written += piece.length) await quiet();
  assert(written > 2 ** 19 && written < 2 ** 20, `${written}`);
  assertEquals(producer.signals.satisfied & WRITABLE, 0);
  // It goes on once that is on its way.
  const writable = producer.wait(WRITABLE);
  let read = 0;
  const drain = async () => {
    while (read < written) {
      await consumer.wait(READABLE);
      const found = consumer.discard(100_000);
      if (found.result === "OK") read += found.bytes;
    }
  };
  await drain();
  assertEquals((await writable).result, "OK");
  assertEquals(producer.write(piece), { result: "OK", bytes: piece.length });
  written += piece.length;
  await drain();
  producer.close();
  consumer.close();
  await here.close();
  await there.close();
});

Deno.test("DataPipeProducer fills the capacity over a link, however little it writes at a time", async () => {
  const { here, there, inviter } = await join({ limits: LIMITS.child });
  const [producer, kept] = inviter.createDataPipe();
  const consumer = await pass(kept, here.pipe, there.pipe);
  await quiet();
  const { capacity } = producer, piece = new Uint8Array(1);
  for (let i = 0; i < capacity; i++) {
    piece[0] = i * 7;
    assertEquals(producer.write(piece), { result: "OK", bytes: 1 });
    if (i % 1000 === 0) await quiet();
  }
  assertEquals(producer.write(piece), { result: "SHOULD_WAIT" });
  while (consumer.query() < capacity) await quiet();
  // What came in single bytes does not lie there in single bytes.
  const { queue } = endOf(consumer).port;
  assert(queue!.length < 20, `${queue!.length}`);
  const into = new Uint8Array(capacity);
  assertEquals(consumer.read(into, { allOrNone: true }), {
    result: "OK",
    bytes: capacity,
  });
  assert(into.every((byte, i) => byte === (i * 7 & 0xff)));
  producer.close();
  consumer.close();
  await here.close();
  await there.close();
});

Deno.test("DataPipeProducer fills a large capacity over a link, without anybody reading", async () => {
  const { here, there, inviter } = await join({ limits: LIMITS.child });
  const capacity = 3 * 2 ** 20, [producer, kept] = inviter.createDataPipe({ capacity });
  const consumer = await pass(kept, here.pipe, there.pipe);
  await quiet();
  const { result } = producer.write(new Uint8Array(capacity), { allOrNone: true });
  assertEquals(result, "OK");
  while (consumer.query() < capacity) await quiet();
  assertEquals(consumer.discard(capacity, { allOrNone: true }).result, "OK");
  producer.close();
  consumer.close();
  await here.close();
  await there.close();
});

Deno.test("DataPipeConsumer tells how much it read however often it does so without credit", async () => {
  const { here, there, inviter } = await join({ limits: LIMITS.child });
  const capacity = 256 * 1024, [producer, kept] = inviter.createDataPipe({ capacity });
  const consumer = await pass(kept, here.pipe, there.pipe);
  await quiet();
  for (let round = 0; round < 3; round++) {
    assertEquals(producer.write(new Uint8Array(capacity)).result, "OK");
    while (consumer.query() < capacity) await quiet();
    // Each is told by itself, and most of them wait here.
    for (let i = 0; i < 256; i++) {
      consumer.discard(1024);
      await null;
    }
    await quiet();
  }
  assertEquals(
    producer.write(new Uint8Array(capacity), { allOrNone: true }).result,
    "OK",
  );
  producer.close();
  consumer.close();
  await here.close();
  await there.close();
});

Deno.test("DataPipeProducer cuts what it writes to what the link takes", async () => {
  for (const isAhead of [false, true]) await checkCut(isAhead);
});

async function checkCut(isAhead: boolean): Promise<void> {
  const limits = { ...LIMITS.tiny, maxFrameBytes: 1024 };
  const { here, there, inviter } = await join({ limits });
  const [producer, kept] = inviter.createDataPipe({ elementSize: 7 });
  const moving = pass(kept, here.pipe, there.pipe);
  // The way leads over a port on this node as long as the consumer has not arrived.
  if (!isAhead) await moving.then(quiet);
  const data = new Uint8Array(63_000).map((_, i) => i >> 4);
  assertEquals(producer.write(data), { result: "OK", bytes: data.length });
  const into = new Uint8Array(data.length), consumer = await moving;
  for (let at = 0; at < data.length;) {
    const read = consumer.read(into.subarray(at));
    if (read.result === "OK") at += read.bytes;
    else await consumer.wait(READABLE);
  }
  assertEquals(into, data);
  producer.close();
  consumer.close();
  await here.close();
  await there.close();
}

Deno.test("DataPipeProducer refuses elements that no frame holds, and writes nothing", async () => {
  const limits = { ...LIMITS.tiny, maxFrameBytes: 1024 };
  const { here, there, inviter } = await join({ limits });
  const [producer, kept] = inviter.createDataPipe({ elementSize: 977, capacity: 1954 });
  const consumer = await pass(kept, here.pipe, there.pipe);
  await quiet();
  const error = assertThrows(() => producer.write(new Uint8Array(977)), LimitError);
  assertEquals([error.limit, error.max, error.actual], ["maxFrameBytes", 1024, 1025]);
  await quiet();
  assertEquals(consumer.query(), 0);
  producer.close();
  consumer.close();
  await here.close();
  await there.close();
});

Deno.test("DataPipeConsumer reads what arrived before the way to the producer was lost", async () => {
  const { here, there, inviter } = await join();
  const [producer, kept] = inviter.createDataPipe();
  await write(producer, "saved");
  const consumer = await pass(kept, here.pipe, there.pipe);
  await quiet();
  here.abort();
  assert(await consumer.closed instanceof PipeLostError);
  assert(await producer.closed instanceof PipeLostError);
  assertEquals(producer.write(bytes("x")).result, "FAILED_PRECONDITION");
  assertEquals(consumer.signals.satisfied & READABLE, READABLE);
  assertEquals(await readText(consumer, 9), "savedFAILED_PRECONDITION");
  consumer.close();
  producer.close();
  await here.closed;
  await there.closed;
});

Deno.test("DataPipeConsumer tells once a turn of what is read in small pieces", async () => {
  const { here, there, inviter } = await join();
  const [producer, kept] = inviter.createDataPipe({ capacity: 1000 });
  const consumer = await pass(kept, here.pipe, there.pipe);
  await quiet();
  producer.write(new Uint8Array(1000));
  await quiet();
  const port = inviter.node.ports.all().find(({ holder }) => holder === producer)!;
  const told = () => port.inSeq;
  const before = told();
  for (let i = 0; i < 200; i++) consumer.discard(1);
  await quiet();
  assertEquals(told() - before, 1);
  // A quarter of the capacity is told at once, and the rest with what comes.
  for (let i = 0; i < 400; i++) consumer.discard(1);
  await quiet();
  assertEquals(told() - before, 3);
  assertEquals(producer.write(new Uint8Array(1000)), { result: "OK", bytes: 600 });
  producer.close();
  consumer.close();
  await here.close();
  await there.close();
});

Deno.test("DataPipeConsumer can be read while a message is being encoded", async () => {
  const { here, there, inviter } = await join();
  const [producer, kept] = inviter.createDataPipe({ capacity: 4 });
  const consumer = await pass(kept, here.pipe, there.pipe);
  await write(producer, "abcd");
  await consumer.wait(READABLE);
  const { node, port } = endOf(there.pipe), out = node.beginBytes(port);
  assertEquals(consumer.discard(4), { result: "OK", bytes: 4 });
  assert(out.open && endOf(consumer).port.out === out);
  node.commit(port, out, false);
  await quiet();
  assertEquals(producer.write(bytes("efghi")), { result: "OK", bytes: 4 });
  producer.close();
  consumer.close();
  await here.close();
  await there.close();
});

Deno.test("DataPipeConsumer works for a node of its own limits", async () => {
  const node = new NodeRuntime(seededEnvironment(3), {
    ...LIMITS.tiny,
    maxFrameBytes: 1024,
  });
  const [producer, consumer] = node.createDataPipe();
  assertEquals(producer.write(new Uint8Array(70_000)), { result: "OK", bytes: 65_536 });
  assertEquals(consumer.query(), 65_536);
  assertEquals(await readText(consumer, 65_536), "\0".repeat(65_536));
  producer.close();
  consumer.close();
  assertEquals(node.node.ports.size, 0);
});
