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
import type { Series } from "./report.ts";
import { copies, measureThroughput, type Move } from "./throughput.ts";

const CHILD = new URL("./memory_child.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

const MIB = 1024 * 1024;
/** A frame: an image of 512 by 512. */
const FRAME_BYTES = MIB;
/** What goes through for one figure. */
const BYTES = 256 * MIB;

/** What the child is to do with a message: see `memory_child.ts`. */
export const Task = { Map: 0, Frame: 1, FrameMessage: 2, DataPipe: 3 } as const;

const chunk = new Uint8Array(CHUNK_BYTES).fill(0x5a);
const frame = new Uint8Array(FRAME_BYTES).fill(0x5a);

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
  // Of what stays in one process the floor is a copy; of what leaves it, a socket.
  const copy = copies(chunk, FRAME_BYTES), write: Move = (bytes) => floor.write(bytes);
  const rows: readonly [name: string, title: string, ours: Move, floor: Move | null][] = [
    ["copy", "memory copied, 64 KiB at a time", copy, null],
    ["thread", "buffer of threads, written", (n) => thread.write(n), copy],
    ["memory", "buffer of memory, written", (n) => memory.write(n), copy],
    ["file", "buffer of a file, written", (n) => file.write(n), copy],
    ["frames-thread", "1 MiB frames to a thread", (n) => thread.frames(n), write],
    ["frames-memory", "  to a process, memory", (n) => memory.frames(n), write],
    ["frames-file", "  to a process, file", (n) => file.frames(n), write],
    ["frames", "  to a process, messages", (n) => file.messages(n), write],
    ["data-pipe-thread", "data pipe, shared memory", (n) => thread.dataPipe(n), write],
    ["data-pipe", "data pipe, socket", (n) => file.dataPipe(n), write],
  ];
  const all = rows.map(([name, title, ours, floor]) => ({ name, title, ours, floor }));
  return await measureThroughput(all, BYTES, rounds, progress);
}
