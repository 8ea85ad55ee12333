/**
 * How fast bytes go through data pipes, streams and message pipes to another process, beside a raw socket
 * and beside copying memory, in one run.
 *
 * @module
 */
import { createDataPipe, createMessagePipe, Invitation, Signal } from "@mage/ipc";
import { CHUNK_BYTES, FloorStreams, source } from "./floor_process.ts";
import { Series } from "./report.ts";
import type { Workload } from "./workload.ts";

const STREAM_CHILD = new URL("./stream_child.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

const CAPACITY_BYTES = 1024 * 1024;
const MIB = 1024 * 1024;
/** What goes through for one figure, and for one that only warms up. */
const BYTES = 128 * MIB;
const WARM_UP_BYTES = 32 * MIB;

const TITLES = {
  "copy": "memory copied, 64 KiB at a time",
  "data-pipe": "data pipe, 64 KiB writes",
  "data-pipe-two-phase": "data pipe, two-phase both sides",
  "pipe-to": "data pipe, pipeTo and for await",
  "messages": "message pipe, 64 KiB messages, flush",
} as const;

/** How the child is to read. */
export const ReadMode = { Read: 0, TwoPhase: 1, Stream: 2, Messages: 3 } as const;

const chunk = new Uint8Array(CHUNK_BYTES).fill(0x5a);

function copy(bytes: number): void {
  const into = new Uint8Array(CAPACITY_BYTES);
  for (let sent = 0; sent < bytes; sent += CHUNK_BYTES) {
    into.set(chunk, sent % CAPACITY_BYTES);
  }
}

/** The library: each streams `bytes` to the child and waits until that has read all. */
class Ours implements AsyncDisposable {
  readonly #child;

  private constructor(child: Awaited<ReturnType<typeof Invitation.spawn>>) {
    this.#child = child;
  }

  static async start(): Promise<Ours> {
    return new Ours(await Invitation.spawn(STREAM_CHILD, { config: CONFIG }));
  }

  async dataPipe(bytes: number): Promise<void> {
    const producer = this.#produce(ReadMode.Read);
    for (let sent = 0; sent < bytes;) {
      const left = bytes - sent;
      const part = left < CHUNK_BYTES ? chunk.subarray(0, left) : chunk;
      const written = producer.write(part);
      if (written.result === "OK") sent += written.bytes;
      else if (written.result === "FAILED_PRECONDITION") throw written.reason;
      else await producer.wait(Signal.WRITABLE);
    }
    producer.close();
    await this.#expect(bytes);
  }

  async twoPhase(bytes: number): Promise<void> {
    const producer = this.#produce(ReadMode.TwoPhase);
    for (let sent = 0; sent < bytes;) {
      const region = producer.beginWrite();
      if (region.result === "OK") {
        const size = Math.min(region.data.length, CHUNK_BYTES, bytes - sent);
        region.data.set(size === CHUNK_BYTES ? chunk : chunk.subarray(0, size));
        producer.endWrite(size);
        sent += size;
      } else if (region.result === "FAILED_PRECONDITION") throw region.reason;
      else await producer.wait(Signal.WRITABLE);
    }
    producer.close();
    await this.#expect(bytes);
  }

  async pipeTo(bytes: number): Promise<void> {
    await source(bytes).pipeTo(this.#produce(ReadMode.Stream).writable);
    await this.#expect(bytes);
  }

  async messages(bytes: number): Promise<void> {
    const [here, there] = createMessagePipe();
    this.#child.pipe.write(new Uint8Array([ReadMode.Messages]), [there]);
    for (let sent = 0; sent < bytes; sent += CHUNK_BYTES) {
      here.write(chunk);
      await here.flush();
    }
    here.close();
    await this.#expect(bytes);
  }

  #produce(mode: number) {
    const [producer, consumer] = createDataPipe({ capacity: CAPACITY_BYTES });
    this.#child.pipe.write(new Uint8Array([mode]), [consumer]);
    return producer;
  }

  async #expect(bytes: number): Promise<void> {
    const answer = (await this.#child.pipe.receive())!;
    const count = new DataView(answer.data.buffer).getFloat64(0);
    if (count !== bytes) throw new Error(`${count} of ${bytes} bytes arrived`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.close();
  }
}

/** Megabytes a second of what `body` moves. */
async function rate(
  bytes: number,
  body: (bytes: number) => void | Promise<void>,
): Promise<number> {
  const start = performance.now();
  await body(bytes);
  return bytes / 1000 / (performance.now() - start);
}

/** Takes the figures of `rounds` rounds, after one to warm up. */
export async function measureStreams(
  rounds: number,
  progress: (line: string) => void,
): Promise<Series[]> {
  await using ours = await Ours.start();
  await using floor = await FloorStreams.start();
  type Body = (bytes: number) => void | Promise<void>;
  const write = (bytes: number) => floor.write(bytes);
  const takes: Record<keyof typeof TITLES, { ours: Body; floor: Body | null }> = {
    "copy": { ours: copy, floor: null },
    "data-pipe": { ours: (bytes) => ours.dataPipe(bytes), floor: write },
    "data-pipe-two-phase": { ours: (bytes) => ours.twoPhase(bytes), floor: write },
    "pipe-to": {
      ours: (bytes) => ours.pipeTo(bytes),
      floor: (bytes) => floor.pipeTo(bytes),
    },
    "messages": { ours: (bytes) => ours.messages(bytes), floor: write },
  };
  const all = Object.entries(takes).map(([name, take]) => {
    const workload: Workload = {
      name,
      title: TITLES[name as keyof typeof TITLES],
      unit: "MB/s",
      better: "higher",
    };
    return { series: new Series(workload), take };
  });
  for (let round = 0; round <= rounds; round++) {
    for (const { series, take } of all) {
      progress(`round ${round} of ${rounds}: ${series.workload.title}`);
      const bytes = round === 0 ? WARM_UP_BYTES : BYTES;
      const floorRate = take.floor === null ? null : await rate(bytes, take.floor);
      const ourRate = await rate(bytes, take.ours);
      if (round === 0) continue;
      series.ours.push(ourRate);
      if (floorRate !== null) series.floor.push(floorRate);
    }
  }
  progress("");
  return all.map(({ series }) => series);
}
