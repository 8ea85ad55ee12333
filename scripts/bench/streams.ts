/**
 * How fast bytes go through data pipes, streams and message pipes to another process, beside a raw socket
 * and beside copying memory, in one run.
 *
 * @module
 */
import { createDataPipe, createMessagePipe, Invitation, Signal } from "@mage/ipc";
import { CHUNK_BYTES, FloorStreams, source } from "./floor_process.ts";
import type { Series } from "./report.ts";
import { copies, measureThroughput, type Move, type Throughput } from "./throughput.ts";

const STREAM_CHILD = new URL("./stream_child.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

const CAPACITY_BYTES = 1024 * 1024;
const MIB = 1024 * 1024;
/** What goes through for one figure. */
const BYTES = 128 * MIB;

/** How the child is to read. */
export const ReadMode = { Read: 0, TwoPhase: 1, Stream: 2, Messages: 3 } as const;

const chunk = new Uint8Array(CHUNK_BYTES).fill(0x5a);

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

/** Takes the figures of `rounds` rounds, after one to warm up. */
export async function measureStreams(
  rounds: number,
  progress: (line: string) => void,
): Promise<Series[]> {
  await using ours = await Ours.start();
  await using floor = await FloorStreams.start();
  const write: Move = (bytes) => floor.write(bytes);
  const all: readonly Throughput[] = [
    {
      name: "copy",
      title: "memory copied, 64 KiB at a time",
      ours: copies(chunk, CAPACITY_BYTES),
      floor: null,
    },
    {
      name: "data-pipe",
      title: "data pipe, 64 KiB writes",
      ours: (bytes) => ours.dataPipe(bytes),
      floor: write,
    },
    {
      name: "data-pipe-two-phase",
      title: "data pipe, two-phase both sides",
      ours: (bytes) => ours.twoPhase(bytes),
      floor: write,
    },
    {
      name: "pipe-to",
      title: "data pipe, pipeTo and for await",
      ours: (bytes) => ours.pipeTo(bytes),
      floor: (bytes) => floor.pipeTo(bytes),
    },
    {
      name: "messages",
      title: "message pipe, 64 KiB messages, flush",
      ours: (bytes) => ours.messages(bytes),
      floor: write,
    },
  ];
  return await measureThroughput(all, BYTES, rounds, progress);
}
