/**
 * How fast shared buffers are written, and how fast frames and streams get to another thread or process
 * through them, beside a raw socket and beside copying memory, in one run.
 *
 * @module
 */
import {
  type Child,
  createDataPipe,
  createSharedBuffer,
  createSharedFile,
  Invitation,
  type SharedBuffer,
  type SharedMapping,
  Signal,
} from "@mage/ipc";
import { createSharedMemory } from "@mage/ipc/memory";
import { CHUNK_BYTES, FloorStreams } from "./floor_process.ts";
import { Series } from "./report.ts";
import type { Workload } from "./workload.ts";

const CHILD = new URL("./memory_child.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

const MIB = 1024 * 1024;
/** A frame: an image of 512 by 512. */
const FRAME_BYTES = MIB;
/** What goes through for one figure, and for one that only warms up. */
const BYTES = 256 * MIB;
const WARM_UP_BYTES = 32 * MIB;

/** What the child is to do with a message: see `memory_child.ts`. */
export const Task = { Map: 0, Frame: 1, FrameMessage: 2, DataPipe: 3 } as const;

const chunk = new Uint8Array(CHUNK_BYTES).fill(0x5a);
const frame = new Uint8Array(FRAME_BYTES).fill(0x5a);

function copy(bytes: number): void {
  const into = new Uint8Array(FRAME_BYTES);
  for (let sent = 0; sent < bytes; sent += CHUNK_BYTES) {
    into.set(chunk, sent % FRAME_BYTES);
  }
}

/** A buffer that a child has mapped as well. */
class Shared implements AsyncDisposable {
  readonly #child: Child;
  readonly #mapping: SharedMapping;

  private constructor(child: Child, mapping: SharedMapping) {
    this.#child = child;
    this.#mapping = mapping;
  }

  static async start(child: Child, buffer: SharedBuffer): Promise<Shared> {
    const mapping = await buffer.map();
    child.pipe.write(Uint8Array.of(Task.Map), [buffer.duplicate({ readOnly: true })]);
    await answerOf(child);
    buffer.close();
    return new Shared(child, mapping);
  }

  /** Writes into the buffer, a chunk at a time. */
  write(bytes: number): void {
    for (let sent = 0; sent < bytes; sent += CHUNK_BYTES) {
      this.#mapping.writeAt(sent % FRAME_BYTES, chunk);
    }
  }

  /** Writes whole frames, each of which the child copies before the next. */
  async frames(bytes: number): Promise<void> {
    for (let sent = 0; sent < bytes; sent += FRAME_BYTES) {
      this.#mapping.writeAt(0, frame);
      this.#child.pipe.write(Uint8Array.of(Task.Frame));
      await answerOf(this.#child);
    }
  }

  /** The same by messages. */
  async messages(bytes: number): Promise<void> {
    const message = new Uint8Array(FRAME_BYTES + 8);
    message[0] = Task.FrameMessage;
    for (let sent = 0; sent < bytes; sent += FRAME_BYTES) {
      message.set(frame, 8);
      this.#child.pipe.write(message);
      await answerOf(this.#child);
    }
  }

  /** Streams to the child. */
  async dataPipe(bytes: number): Promise<void> {
    const [producer, consumer] = createDataPipe({ capacity: FRAME_BYTES });
    this.#child.pipe.write(Uint8Array.of(Task.DataPipe), [consumer]);
    for (let sent = 0; sent < bytes;) {
      const written = producer.write(chunk);
      if (written.result === "OK") sent += written.bytes;
      else if (written.result === "FAILED_PRECONDITION") throw written.reason;
      else await producer.wait(Signal.WRITABLE);
    }
    producer.close();
    await answerOf(this.#child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#mapping.unmap();
    await this.#child.close();
  }
}

async function answerOf(child: Child): Promise<void> {
  const answer = await child.pipe.receive();
  if (answer === null) throw await child.pipe.closed;
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
export async function measureMemory(
  rounds: number,
  progress: (line: string) => void,
): Promise<Series[]> {
  await using floor = await FloorStreams.start();
  await using thread = await Shared.start(
    await Invitation.spawn(CHILD, { link: "worker", permissions: "inherit" }),
    createSharedBuffer(FRAME_BYTES),
  );
  await using file = await Shared.start(
    await Invitation.spawn(CHILD, { config: CONFIG, sharedFiles: true }),
    createSharedFile(FRAME_BYTES),
  );
  await using memory = await Shared.start(
    await Invitation.spawn(CHILD, { config: CONFIG, permissions: { ffi: true } }),
    createSharedMemory(FRAME_BYTES),
  );
  type Body = (bytes: number) => void | Promise<void>;
  const takes: readonly [name: string, title: string, ours: Body, isOver: boolean][] = [
    ["copy", "memory copied, 64 KiB at a time", copy, false],
    ["thread", "buffer of threads, written", (n) => thread.write(n), false],
    ["memory", "buffer of memory, written", (n) => memory.write(n), false],
    ["file", "buffer of a file, written", (n) => file.write(n), false],
    [
      "frames-thread",
      "1 MiB frames to a thread, buffer",
      (n) => thread.frames(n),
      true,
    ],
    [
      "frames-memory",
      "1 MiB frames to a process, memory",
      (n) => memory.frames(n),
      true,
    ],
    ["frames-file", "1 MiB frames to a process, file", (n) => file.frames(n), true],
    ["frames", "1 MiB frames to a process, messages", (n) => file.messages(n), true],
    [
      "data-pipe-thread",
      "data pipe to a thread, over memory",
      (n) => thread.dataPipe(n),
      true,
    ],
    ["data-pipe", "data pipe to a process, socket", (n) => file.dataPipe(n), true],
  ];
  const all = takes.map(([name, title, ours, isOver]) => {
    const workload: Workload = { name, title, unit: "MB/s", better: "higher" };
    return { series: new Series(workload), ours, isOver };
  });
  for (let round = 0; round <= rounds; round++) {
    for (const { series, ours, isOver } of all) {
      progress(`round ${round} of ${rounds}: ${series.workload.title}`);
      const bytes = round === 0 ? WARM_UP_BYTES : BYTES;
      // Of what stays in one process the floor is a copy; of what leaves it, a socket.
      const floorRate = series.workload.name === "copy"
        ? null
        : await rate(bytes, isOver ? (n) => floor.write(n) : copy);
      const ourRate = await rate(bytes, ours);
      if (round === 0) continue;
      series.ours.push(ourRate);
      if (floorRate !== null) series.floor.push(floorRate);
    }
  }
  progress("");
  return all.map(({ series }) => series);
}
