/**
 * What every transport keeps, as one suite. A kit says how two connected ends come to be.
 *
 * @module
 */
import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { realEnvironment } from "../../core/environment.ts";
import type { Transport } from "../../core/transport.ts";
import { FrameReader, padded } from "../../core/wire/frame.ts";
import { byteAt, drain, drainToEnd, type Flow, piece, pour, writeAll } from "./flow.ts";

/** One end, wherever it lives. */
export interface End {
  readonly transport: Transport;
  /** Ends what this end writes, and nothing else, as a foreign other side could. */
  endWrites(): void | Promise<void>;
  /** Writes a flow where the end lives. */
  pour(flow: Flow): Promise<void>;
  /** Reads a flow where the end lives. */
  drain(flow: Flow): Promise<void>;
}

/** An end in this isolate. */
export function localEnd(
  transport: Transport,
  endWrites: () => void | Promise<void>,
): End {
  return {
    transport,
    endWrites,
    pour: (flow) => pour(transport, flow),
    drain: (flow) => drain(transport, flow),
  };
}

/** Both ends of a transport. */
export type Pair = [End, End];

/** Makes pairs for one test. */
export interface Kit {
  /** Two ends of a new transport. */
  pair(): Pair | Promise<Pair>;
  /** Takes down what the pairs stood on, once the test has closed them. */
  dispose?(): void | Promise<void>;
}

/** What differs from one kind of transport to the other. */
export interface Traits {
  /** Makes a kit. */
  readonly kit: () => Kit;
  /** Bytes that are taken at most while nobody reads. */
  readonly boundBytes: number;
}

/** Registers the suite for one kind of transport. */
export function transportContract(name: string, { kit, boundBytes }: Traits): void {
  const test = (
    sentence: string,
    body: (pair: () => Promise<Pair>) => Promise<void>,
  ) =>
    Deno.test(`${name} ${sentence}`, async () => {
      const made = kit(), open: End[] = [];
      try {
        await body(async () => {
          const pair = await made.pair();
          open.push(...pair);
          return pair;
        });
      } finally {
        for (const { transport } of open) transport.close();
        await made.dispose?.();
      }
    });

  test("carries every byte in order, both ways at once", async (pair) => {
    for (const stepBytes of [1000, 4096, 65_536, 300_000]) {
      const [one, two] = await pair();
      const there = { seed: 1, totalBytes: 1_200_000, stepBytes };
      const back = { seed: 2, totalBytes: 900_001, stepBytes };
      await Promise.all([
        one.pour(there),
        two.drain({ ...there, stepBytes: 262_144 }),
        two.pour(back),
        one.drain({ ...back, stepBytes: 65_536 }),
      ]);
    }
  });

  test("takes writes of every length", async (pair) => {
    const [one, two] = await pair();
    const lengths = Array.from({ length: 64 }, (_, i) => i + 1);
    for (let power = 128; power <= 262_144; power *= 2) {
      lengths.push(power - 1, power, power + 1);
    }
    for (const [seed, length] of lengths.entries()) {
      const flow = { seed, totalBytes: length, stepBytes: length };
      await Promise.all([one.pour(flow), two.drain(flow)]);
    }
  });

  test("keeps order when a stream is cut at every length", async (pair) => {
    const [one, two] = await pair();
    for (const stepBytes of [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 17, 63]) {
      const there = { seed: stepBytes, totalBytes: 700, stepBytes };
      await Promise.all([one.pour(there), two.drain({ ...there, stepBytes: 64 })]);
      await Promise.all([two.pour(there), one.drain({ ...there, stepBytes: 9 })]);
    }
  });

  test("fills what it is given and not a byte around it", async (pair) => {
    const [one, two] = await pair();
    let at = 0;
    await writeAll(one.transport, piece(3, 0, 2000));
    for (let i = 0; at < 2000; i++) {
      const around = new Uint8Array(200).fill(0xaa), offset = i % 17;
      const length = [1, 7, 8, 64, 150][i % 5]!;
      const count = await two.transport.read(around.subarray(offset, offset + length));
      assert(count !== null && count > 0 && count <= length);
      const expected = new Uint8Array(200).fill(0xaa);
      expected.set(piece(3, at, count), offset);
      assertEquals(around, expected);
      at += count;
    }
    assertEquals(at, 2000);
  });

  test("carries frames however they are cut", async (pair) => {
    for (const stepBytes of [3, 8, 13, 1000, 70_000]) {
      const [one, two] = await pair();
      const lengths = Array.from(
        { length: 60 },
        (_, i) => 8 + (i * 131) % (stepBytes < 100 ? 90 : 9000),
      );
      const stream = new Uint8Array(lengths.reduce((sum, n) => sum + padded(n), 0));
      let end = 0;
      for (const length of lengths) {
        stream.set(piece(length, 0, length), end);
        new DataView(stream.buffer).setUint32(end, length, true);
        end += padded(length);
      }
      const writing = (async () => {
        for (let at = 0; at < stream.length; at += stepBytes) {
          await writeAll(one.transport, stream.slice(at, at + stepBytes));
        }
      })();
      const reader = new FrameReader(65_536, 16_384), received: number[] = [];
      while (received.length < lengths.length) {
        if (!reader.next()) {
          assertEquals(reader.violation, null);
          reader.filled((await two.transport.read(reader.space()))!);
          continue;
        }
        const length = reader.end - reader.start;
        assertEquals(
          reader.bytes.slice(reader.start + 4, reader.end),
          piece(length, 4, length - 4),
        );
        received.push(length);
      }
      assertEquals(received, lengths);
      await writing;
    }
  });

  test("gets tiny reads and writes of both sides through", async (pair) => {
    const [one, two] = await pair();
    const written = { seed: 5, totalBytes: 20_000, stepBytes: 5 };
    const read = { ...written, stepBytes: 3 };
    await Promise.all([
      one.pour(written),
      two.pour(written),
      one.drain(read),
      two.drain(read),
    ]);
  });

  test("gets both floods through", async (pair) => {
    const [one, two] = await pair();
    const flow = { seed: 6, totalBytes: 4_000_000, stepBytes: 65_536 };
    await Promise.all([one.pour(flow), two.pour(flow), one.drain(flow), two.drain(flow)]);
  });

  test("makes a writer wait while nobody reads, then carries everything", async (pair) => {
    for (const stepBytes of [100, 65_536]) {
      const [one, two] = await pair();
      // A small step has its share of overhead in kernels and windows: what counts is the bound.
      const totalBytes = stepBytes === 100 ? 200_000 : 3 * boundBytes;
      const flow = { seed: 7, totalBytes, stepBytes };
      let written = 0;
      const writing = pour(one.transport, flow, (position) => written = position);
      for (let i = 0; i < 100; i++) await realEnvironment.nextTurn();
      assert(written > 0, "nothing was taken at all");
      assertLessOrEqual(written, boundBytes);
      await Promise.all([writing, two.drain(flow)]);
    }
  });

  test("reads to the end of a direction and writes on", async (pair) => {
    for (const order of [0, 1]) {
      const ends = await pair();
      const here = ends[order]!, there = ends[1 - order]!;
      await writeAll(there.transport, piece(8, 0, 5000));
      await there.endWrites();
      assertEquals(await drainToEnd(here.transport, 8), 5000);
      assertEquals(await here.transport.read(new Uint8Array(8)), null);
      const flow = { seed: 9, totalBytes: 1_000_000, stepBytes: 10_000 };
      await Promise.all([here.pour(flow), there.drain(flow)]);
      here.transport.close();
      assertEquals(await there.transport.read(new Uint8Array(8)), null);
    }
  });

  test("ends a read that waits when the other direction ends", async (pair) => {
    for (const order of [0, 1]) {
      const ends = await pair();
      const reading = ends[order]!.transport.read(new Uint8Array(8));
      await realEnvironment.nextTurn();
      await ends[1 - order]!.endWrites();
      assertEquals(await reading, null);
    }
  });

  for (const order of [0, 1]) {
    const side = order === 0 ? "one side" : "the other side";
    /** Closes one end at some moment, and expects of both what is always so. */
    const closing = (
      moment: string,
      before: (here: Transport, there: Transport) => void | Promise<void>,
      writtenBefore = 0,
    ) =>
      test(`closes ${side} ${moment}`, async (pair) => {
        const ends = await pair();
        const here = ends[order]!.transport, there = ends[1 - order]!.transport;
        await before(here, there);
        here.close();
        here.close();
        assertEquals(await here.read(new Uint8Array(8)), null);
        await assertRejects(() => here.write(new Uint8Array(8)));
        if (writtenBefore >= 0) {
          assertEquals(await drainToEnd(there, 10), writtenBefore);
          await assertRejects(
            () => writeAll(there, new Uint8Array(2 * boundBytes)),
            Error,
          );
        }
        there.close();
        assertEquals(await there.read(new Uint8Array(8)), null);
        await assertRejects(() => there.write(new Uint8Array(8)));
      });

    closing("before anything else", () => {});
    closing("after idling", () => realEnvironment.nextTurn());
    closing("with a read under way on both sides", async (here, there) => {
      const mine = here.read(new Uint8Array(8)), theirs = there.read(new Uint8Array(8));
      await realEnvironment.nextTurn();
      here.close();
      assertEquals(await mine, null);
      assertEquals(await theirs, null);
    });
    closing("with a write under way", async (here) => {
      const writing = assertRejects(
        () => writeAll(here, piece(10, 0, 3 * boundBytes)),
        Error,
      );
      for (let i = 0; i < 20; i++) await realEnvironment.nextTurn();
      here.close();
      await writing;
    }, -1);
    closing("while the other side waits to write", async (here, there) => {
      const writing = assertRejects(
        () => writeAll(there, piece(10, 0, 3 * boundBytes)),
        Error,
      );
      for (let i = 0; i < 20; i++) await realEnvironment.nextTurn();
      here.close();
      await writing;
    });
    closing("in the middle of a frame", (here) => writeAll(here, piece(10, 0, 13)), 13);
    closing(
      "after writing much of what fits",
      (here) => writeAll(here, piece(10, 0, 50_000)),
      50_000,
    );
    closing("with unread bytes on both sides", async (here, there) => {
      await writeAll(here, piece(10, 0, 2001));
      await writeAll(there, piece(11, 0, 3001));
      await realEnvironment.nextTurn();
      const into = new Uint8Array(5);
      const count = await here.read(into);
      assert(count !== null && count > 0);
      assertEquals(into[0], byteAt(11, 0));
    }, 2001);
    closing("after the other side was closed", async (here, there) => {
      await writeAll(there, piece(12, 0, 77));
      there.close();
      assertEquals(await drainToEnd(here, 12), 77);
    });
  }

  test("ends everything under way when both sides close at once", async (pair) => {
    const [one, two] = await pair();
    const under = [one, two].map(({ transport }) =>
      Promise.allSettled([
        transport.read(new Uint8Array(8)),
        writeAll(transport, new Uint8Array(3 * boundBytes)),
      ])
    );
    one.transport.close();
    two.transport.close();
    for (const [reading, writing] of await Promise.all(under)) {
      assertEquals(reading.status, "fulfilled");
      assertEquals(writing.status, "rejected");
    }
  });
}
