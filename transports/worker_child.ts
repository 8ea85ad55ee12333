/**
 * The side of a link that is inside a worker started by `Invitation.spawn`. Importing it does nothing;
 * the worker speaks first, when it wants to join, and what it is answered comes over a port of its own.
 *
 * @module
 */
import { InvitationError } from "../core/errors.ts";
import type { Meeter, Transport } from "../core/transport.ts";
import type { Belongings } from "./belongings.ts";
import "./thread_door.ts";
import {
  decodeMeans,
  type Delivery,
  LAUNCHER,
  openStream,
  READY,
  type StreamEnd,
  WORKER_NAME,
} from "./thread_stream.ts";
import { threads } from "./threads.ts";

/** Streams that were delivered and that nobody has asked for yet. More are closed, the oldest first. */
const MAX_UNCLAIMED = 64;

/** What of the global scope of a worker is used here. */
interface WorkerScope {
  readonly name?: unknown;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;
let joining = false;

/** Whether this is a worker that `Invitation.spawn` has started. */
export function isSpawnedWorker(): boolean {
  return typeof scope.name === "string" && scope.name.startsWith(WORKER_NAME);
}

/** Joins the launcher of this worker. The worker lives until it is closed, whatever is left to do. */
export async function joinLauncher(
  signal?: AbortSignal,
): Promise<{ transport: Transport; meeter: Meeter; belongings: Belongings }> {
  signal?.throwIfAborted();
  if (joining) {
    throw new InvitationError(
      "not-started",
      "This worker has joined its launcher before",
    );
  }
  joining = true;
  const { port1: control, port2 } = new MessageChannel();
  const meeter = new WorkerMeeter();
  // Also what keeps this thread going: waiting for shared memory alone does not.
  let belongings: Belongings = {};
  control.onmessage = ({ data }: MessageEvent<Delivery>) => {
    if (threads.heard(control, data)) return;
    if (data.key !== undefined) threads.join(control, data.key);
    belongings = data.belongings ?? belongings;
    meeter.deliver(data.id, data.end);
  };
  scope.postMessage(READY, [port2]);
  try {
    const never = new AbortController().signal;
    const transport = await meeter.claim(LAUNCHER, signal ?? never);
    return { transport, meeter, belongings };
  } catch (error) {
    control.close();
    throw error;
  }
}

/** Meets other workers of the same launcher over the streams that it delivers. */
export class WorkerMeeter implements Meeter {
  readonly #unclaimed = new Map<number, StreamEnd>();
  readonly #claims = new Map<number, (end: StreamEnd) => void>();

  /** A stream has come. */
  deliver(id: number, end: StreamEnd): void {
    const claim = this.#claims.get(id);
    if (claim !== undefined) return claim(end);
    this.#unclaimed.set(id, end);
    if (this.#unclaimed.size <= MAX_UNCLAIMED) return;
    const [oldest] = this.#unclaimed;
    this.#unclaimed.delete(oldest![0]);
    openStream(oldest![1]).close();
  }

  /** The stream with that number, once it comes. Rejects when `signal` fires first. */
  claim(id: number, signal: AbortSignal): Promise<Transport> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const done = () => {
        this.#claims.delete(id);
        signal.removeEventListener("abort", aborted);
      };
      const aborted = () => {
        done();
        reject(signal.reason);
      };
      const take = (end: StreamEnd) => {
        done();
        resolve(openStream(end));
      };
      const end = this.#unclaimed.get(id);
      if (end !== undefined) {
        this.#unclaimed.delete(id);
        return take(end);
      }
      if (this.#claims.has(id)) throw new Error(`stream ${id} is claimed already`);
      this.#claims.set(id, take);
      signal.addEventListener("abort", aborted, { once: true });
    });
  }

  /** See {@linkcode Meeter.meet}. */
  async meet(
    means: Uint8Array<ArrayBuffer>,
    role: "host" | "guest",
    ready: () => void,
    signal: AbortSignal,
  ): Promise<Transport> {
    const id = decodeMeans(means);
    if (id === null || id === LAUNCHER) {
      throw new Error("A worker meets only other workers of its launcher");
    }
    const transport = await this.claim(id, signal);
    if (role === "host") ready();
    return transport;
  }
}
