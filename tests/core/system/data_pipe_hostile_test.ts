import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { BadMessageError, PipeClosedError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import type { Port } from "../../../core/ports/port.ts";
import { HandleKind } from "../../../core/system/attachments.ts";
import {
  type DataPipeState,
  initialState,
  writeState,
} from "../../../core/system/data_pipe.ts";
import { DataPipeConsumer } from "../../../core/system/data_pipe_consumer.ts";
import type { DataPipeProducer } from "../../../core/system/data_pipe_producer.ts";
import { endOf, type Handle } from "../../../core/system/handle.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Signal } from "../../../core/system/signal.ts";
import { MESSAGE_TRAILER, writeSeq } from "../../../core/wire/event.ts";
import { closeTrailer, RECORD_BYTES, TrailerType } from "../../../core/wire/trailer.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { DataPipeNetwork, type Place } from "./data_pipe_network.ts";
import { bytes, quiet, text } from "./memory_transport.ts";

const { READABLE, PEER_CLOSED } = Signal;

/** Writes what no honest end would to the port behind `handle`. */
function writeRaw(
  handle: Handle,
  data: Uint8Array,
  ports: readonly Port[] = [],
  flags = 0,
): void {
  const { node, port } = endOf(handle), out = node.beginBytes(port);
  out.need(data.length);
  out.bytes.set(data, out.at);
  out.at += data.length;
  out.handles.push(...ports);
  node.commit(port, out, false, flags);
}

/** What a consumer tells: so many bytes were consumed. */
function consumed(total: number, size = 8): Uint8Array {
  const data = new Uint8Array(Math.max(size, 8));
  writeSeq(new DataView(data.buffer), 0, total);
  return data.subarray(0, size);
}

/** A hostile message. The last of several is the one that breaks the rule. */
interface Forgery {
  readonly rule: string;
  readonly data: Uint8Array;
  readonly isCarrying?: boolean;
  readonly flags?: number;
}

/** Plays `forgeries` to an end at `place`, each to a pipe of its own, and checks what that costs. */
async function checkForgeries(
  side: 0 | 1,
  forgeries: readonly (readonly Forgery[])[],
): Promise<void> {
  for (const place of [0, 1] as const) {
    const network = await DataPipeNetwork.start();
    for (const forgery of forgeries) {
      const ends = network.nodes[0]!.createDataPipe({ elementSize: 2, capacity: 8 });
      ends[0].write(bytes("good"));
      const victim = await network.move<Handle>(ends[side]!, 0, place);
      await quiet();
      const { rule } = forgery.at(-1)!, forger = ends[1 - side]!;
      const [kept, sent] = network.nodes[0]!.createMessagePipe();
      for (const { data, isCarrying, flags } of forgery) {
        writeRaw(forger, data, isCarrying ? [endOf(sent).port] : [], flags);
      }
      await quiet();
      await checkFailed(victim, rule);
      // What was attached is closed, and the forger learns that it is alone.
      if (forgery.some(({ isCarrying }) => isCarrying)) {
        assertInstanceOf(await kept.closed, PipeClosedError);
      } else sent.close();
      await forger.closed;
      for (const end of [forger, victim, kept]) end.close();
    }
    await network.end(); // The link is as good as ever.
  }
}

async function checkFailed(victim: Handle, rule: string): Promise<void> {
  assertEquals((endOf(victim).failure as BadMessageError).rule, rule);
  const { message } = rule === "data-after-abort"
    ? new PipeClosedError("The producer aborted the stream")
    : new BadMessageError(rule, 0);
  assertEquals((await victim.closed).message, message);
  assertEquals(victim.signals, { satisfied: PEER_CLOSED, satisfiable: PEER_CLOSED });
  const tried = victim instanceof DataPipeConsumer
    ? victim.discard(victim.elementSize)
    : (victim as DataPipeProducer).write(new Uint8Array(2));
  assert(tried.result === "FAILED_PRECONDITION");
  assertEquals(tried.reason.message, message);
}

Deno.test("DataPipeConsumer gives a producer up that breaks a rule, and only that", async () => {
  await checkForgeries(1, [
    [{ rule: "data-size", data: bytes("x") }],
    [{ rule: "data-overflow", data: bytes("123456") }],
    [{ rule: "data-overflow", data: new Uint8Array(40_000) }],
    [{ rule: "data-attachments", data: bytes("ab"), isCarrying: true }],
    [{ rule: "data-attachments", data: bytes(""), isCarrying: true }],
    [{ rule: "data-attachments", data: bytes("abcd"), flags: MESSAGE_TRAILER }],
    [{ rule: "", data: bytes("") }, { rule: "data-after-abort", data: bytes("ab") }],
    [{ rule: "", data: bytes("") }, { rule: "data-after-abort", data: bytes("") }],
    // What follows is dropped too.
    [{ rule: "", data: bytes("x") }, { rule: "data-size", data: bytes("ab") }],
    [{ rule: "", data: bytes("x") }, { rule: "data-size", data: bytes("") }],
  ]);
});

Deno.test("DataPipeProducer gives a consumer up that breaks a rule, and only that", async () => {
  await checkForgeries(0, [
    [{ rule: "consumed-size", data: bytes("") }],
    [{ rule: "consumed-size", data: consumed(2, 7) }],
    [{ rule: "consumed-size", data: consumed(2, 9) }],
    [{ rule: "consumed-total", data: consumed(3) }],
    [{ rule: "consumed-total", data: consumed(6) }],
    [{ rule: "consumed-total", data: consumed(2 ** 51) }],
    [{ rule: "consumed-total", data: new Uint8Array(8).fill(255) }],
    [{ rule: "", data: consumed(2) }, { rule: "consumed-total", data: consumed(0) }],
    [{ rule: "consumed-attachments", data: consumed(2), isCarrying: true }],
    [{ rule: "consumed-attachments", data: consumed(2), flags: MESSAGE_TRAILER }],
  ]);
});

Deno.test("DataPipeProducer and DataPipeConsumer let go of a port as soon as they find it spoilt", () => {
  const node = new NodeRuntime(seededEnvironment(5), LIMITS.tiny);
  for (const side of [0, 1] as const) {
    const ends = node.createDataPipe({ elementSize: 2 }),
      [one, two] = node.createMessagePipe();
    one.write(bytes(""), [ends[side]]);
    const forger = ends[1 - side]!;
    writeRaw(forger, bytes("x"));
    const read = two.read();
    assert(read.result === "OK");
    const [spoilt] = read.message.handles;
    assertInstanceOf(endOf(spoilt!).failure, BadMessageError);
    assertEquals(forger.signals.satisfied, PEER_CLOSED);
    // Whoever holds it did nothing wrong: it can be sent on, as what it is.
    one.write(bytes(""), [spoilt!]);
    const again = two.read();
    assert(again.result === "OK");
    const [end] = again.message.handles;
    assertEquals(end!.signals, { satisfied: PEER_CLOSED, satisfiable: PEER_CLOSED });
    for (const each of [one, two, forger, end!]) each.close();
  }
  assertEquals(node.node.ports.size, 0);
});

Deno.test("DataPipeConsumer.closed resolves when the producer aborts and does not close", async () => {
  const network = await DataPipeNetwork.start();
  for (const to of [0, 1] as const) {
    const [producer, kept] = network.nodes[0]!.createDataPipe();
    const consumer = await network.move(kept, 0, to);
    writeRaw(producer, bytes(""));
    assertStringIncludes((await consumer.closed).message, "aborted the stream");
    producer.close();
    consumer.close();
  }
  await network.end();
});

Deno.test("DataPipeConsumer.beginRead lends a region that nothing hostile changes", async () => {
  for (const place of [0, 1] as const) {
    const network = await DataPipeNetwork.start();
    for (const data of [["", "over"], ["x"], ["over", "", "over"]]) {
      const [producer, kept] = network.nodes[0]!.createDataPipe({ capacity: 6 });
      producer.write(bytes("stays"));
      const consumer = await network.move(kept, 0, place);
      await consumer.wait(READABLE);
      const begun = consumer.beginRead();
      assert(begun.result === "OK");
      for (const each of data) writeRaw(producer, bytes(each));
      await quiet();
      assertEquals(text(begun.data), "stays");
      consumer.endRead(5);
      assertEquals(text(begun.data), "stays");
      producer.close();
      consumer.close();
    }
    await network.end();
  }
});

Deno.test("DataPipeProducer takes the same total twice", async () => {
  const network = await DataPipeNetwork.start();
  const [producer, kept] = network.nodes[0]!.createDataPipe({ capacity: 4 });
  producer.write(bytes("abcd"));
  const consumer = await network.move(kept, 0, 1);
  consumer.discard(2);
  for (let i = 0; i < 3; i++) writeRaw(consumer, consumed(2));
  await quiet();
  assertEquals(producer.write(bytes("xyz")), { result: "OK", bytes: 2 });
  producer.close();
  consumer.close();
  await network.end();
});

Deno.test("DataPipeConsumer checks what came while nobody held it", async () => {
  for (const to of [0, 1] as const) {
    for (
      const [rule, data] of [
        ["data-size", bytes("x")],
        ["data-overflow", bytes("12345678")],
        ["data-after-abort", null],
      ] as const
    ) {
      const network = await DataPipeNetwork.start();
      const [producer, kept] = network.nodes[0]!.createDataPipe({
        elementSize: 2,
        capacity: 8,
      });
      producer.write(bytes("good"));
      kept.discard(2);
      const moving = network.move(kept, 0, to);
      writeRaw(producer, data ?? bytes(""));
      if (data === null) writeRaw(producer, bytes("ab"));
      const consumer = await moving;
      await quiet();
      await checkFailed(consumer, rule);
      consumer.close();
      producer.close();
      await network.end();
    }
  }
});

Deno.test("DataPipeProducer checks what came while nobody held it", async () => {
  for (const to of [0, 1] as const) {
    const network = await DataPipeNetwork.start();
    const [kept, consumer] = network.nodes[0]!.createDataPipe();
    kept.write(bytes("good"));
    const [other, sent] = network.nodes[0]!.createMessagePipe();
    const moving = network.move(kept, 0, to);
    writeRaw(consumer, consumed(1));
    writeRaw(consumer, consumed(5), [endOf(sent).port]);
    const producer = await moving;
    await quiet();
    await checkFailed(producer, "consumed-attachments");
    assertInstanceOf(await other.closed, PipeClosedError);
    other.close();
    consumer.close();
    producer.close();
    await network.end();
  }
});

/** Sends the end behind `pipe`, a message pipe, as an end of a data pipe in the state `state`. */
function sendAs(
  carrier: MessagePipe,
  pipe: MessagePipe,
  kind: number,
  state: DataPipeState,
): void {
  const { node, port } = endOf(carrier), out = node.beginBytes(port);
  out.need(RECORD_BYTES);
  out.bytes.fill(0, out.at, out.at + RECORD_BYTES);
  writeState(out.view, out.at, kind, state);
  out.at += RECORD_BYTES;
  closeTrailer(out, TrailerType.Handles, 1);
  out.handles.push(endOf(pipe).port);
  node.commit(port, out, false, MESSAGE_TRAILER);
}

const GOOD = initialState({ elementSize: 4, capacity: 40 });

Deno.test("MessagePipe.read refuses a data pipe whose record makes no sense", async () => {
  for (
    const [kind, rule, part] of [
      [HandleKind.DataPipeConsumer, "data-pipe-capacity", { elementSize: 0 }],
      [HandleKind.DataPipeProducer, "data-pipe-capacity", { capacity: 2 ** 31 }],
      [HandleKind.DataPipeConsumer, "data-pipe-totals", { told: 4 }],
      [HandleKind.DataPipeConsumer, "data-pipe-head", { head: 40, total: 36 }],
      [HandleKind.DataPipeProducer, "data-pipe-reserved", { head: 4, total: 4 }],
      [HandleKind.DataPipeProducer, "data-pipe-reserved", { isAborted: true }],
    ] as const
  ) {
    for (const to of [0, 1] as const) {
      const network = await DataPipeNetwork.start();
      const [one, end] = network.nodes[0]!.createMessagePipe();
      const two = await network.move(end, 0, to);
      const [kept, sent] = network.nodes[0]!.createMessagePipe();
      sendAs(one, sent, kind, { ...GOOD, ...part });
      await two.wait(READABLE);
      const read = two.read();
      assert(read.result === "FAILED_PRECONDITION");
      assertStringIncludes(read.reason.message, rule);
      assertInstanceOf(await kept.closed, PipeClosedError);
      await one.closed;
      for (const pipe of [one, two, kept]) pipe.close();
      await network.end();
    }
  }
});

/** An end of a data pipe at `place`, and the port at the other end of it, in hostile hands. */
async function forge<T extends Handle>(
  network: DataPipeNetwork,
  place: Place,
  kind: number,
  state: DataPipeState,
): Promise<[T, MessagePipe]> {
  const [kept, sent] = network.nodes[0]!.createMessagePipe();
  const [one, end] = network.nodes[0]!.createMessagePipe();
  const two = await network.move(end, 0, place);
  sendAs(one, sent, kind, state);
  const handle = (await two.receive())!.handles[0] as T;
  one.close();
  two.close();
  return [handle, kept];
}

Deno.test("DataPipeConsumer gives up what has a first message that was read already", async () => {
  for (const place of [0, 1] as const) {
    const network = await DataPipeNetwork.start();
    const state = { ...GOOD, head: 8, told: 8, total: 8 };
    for (const data of ["1234", "12345678"]) {
      const [consumer, kept] = await forge<DataPipeConsumer>(
        network,
        place,
        HandleKind.DataPipeConsumer,
        state,
      );
      assertEquals(consumer.query(), 0);
      kept.write(bytes(data));
      await quiet();
      await checkFailed(consumer, "data-head");
      consumer.close();
      kept.close();
    }
    const [consumer, kept] = await forge<DataPipeConsumer>(
      network,
      place,
      HandleKind.DataPipeConsumer,
      state,
    );
    kept.write(bytes("12345678abcd"));
    await quiet();
    assertEquals(consumer.query(), 4);
    kept.close();
    consumer.close();
    await network.end();
  }
});

Deno.test("DataPipeProducer writes within what its record says", async () => {
  const network = await DataPipeNetwork.start();
  const state = { ...GOOD, told: 400, total: 428 };
  const [producer, kept] = await forge<DataPipeProducer>(
    network,
    1,
    HandleKind.DataPipeProducer,
    state,
  );
  assertEquals(producer.write(new Uint8Array(100)), { result: "OK", bytes: 12 });
  kept.write(consumed(404));
  await quiet();
  assertEquals(producer.write(new Uint8Array(100)), { result: "OK", bytes: 4 });
  kept.close();
  producer.close();
  await network.end();
});

Deno.test("MessagePipe.take tells ends of data pipes from pipes", async () => {
  const network = await DataPipeNetwork.start();
  const [producer, consumer] = network.nodes[0]!.createDataPipe();
  const { here, there } = network.pair(1);
  here.pipe.write(bytes(""), [producer, consumer]);
  const message = (await there.pipe.receive())!;
  const error = assertThrows(() => message.take(MessagePipe), BadMessageError);
  assertEquals(error.rule, "handle-kind");
  message.close();
  await network.end();
});
