/**
 * A child in a worker: a thread of this process, joined over shared memory.
 *
 * Deno says nothing when a worker ends, unless by an uncaught error. But a channel of `node:worker_threads`
 * says when its other end is gone, and a worker's ports go with it: so each is given one, to nothing else
 * but that.
 *
 * A worker may post what it likes, as often as it likes. One message is listened to, the first that says
 * that it wants to join; ports in any other are closed, for nobody else would.
 *
 * @module
 */
import { MessageChannel as NodeChannel } from "node:worker_threads";
import { InvitationError, PermissionError } from "../core/errors.ts";
import type { Arrangement, MeetingPoint, Transport } from "../core/transport.ts";
import { Equipment } from "./equipment.ts";
import { type PermissionSet, requirePermissions } from "./permissions.ts";
import type { SpawnOptions } from "./spawn_options.ts";
import type { Started } from "./started.ts";
import "./thread_door.ts";
import {
  createStream,
  deliver,
  encodeMeans,
  LAUNCHER,
  openStream,
  READY,
  type ThreadTransport,
  WORKER_NAME,
} from "./thread_stream.ts";
import { threads } from "./threads.ts";

/** When a worker that is to end is ended, and when waiting for that makes no sense, in milliseconds. */
const TERMINATE_AFTER_MS = 1000;
const GIVE_UP_AFTER_MS = 1000;
/** How long to wait for what should come at once, in milliseconds. */
const PATIENCE_MS = 250;
/** How long how a worker ended may come after its end, in turns of the event loop. */
const MAX_TURNS = 100;
/** How often to see whether a worker that has not joined runs at all, in milliseconds. */
const LOOK_EVERY_MS = 50;
/** Messages that a worker may post to nobody. A program may have its own ideas, but not without end. */
const MAX_UNASKED = 1000;
/** How much of an error is kept, in characters. */
const ERROR_LENGTH = 4096;

/** Starts `script` in a worker that holds `set` and nothing else, or whatever this process holds. */
export async function startWorker(
  script: string,
  set: PermissionSet | "inherit",
  options: SpawnOptions,
): Promise<Started> {
  const what = `Starting worker '${script}'`;
  // This program reads what the worker imports, whatever that may read itself.
  requirePermissions(what, [{ name: "read", path: script }]);
  const equipment = await Equipment.of(set, options);
  try {
    return await startEquipped(script, set, what, equipment);
  } catch (error) {
    equipment.release();
    throw error;
  }
}

async function startEquipped(
  script: string,
  set: PermissionSet | "inherit",
  what: string,
  equipment: Equipment,
): Promise<Started> {
  const options: WorkerOptions = { type: "module", name: `${WORKER_NAME}${script}` };
  if (set === "inherit") {
    return new WorkerThread(new Worker(fileUrl(script), options), equipment);
  }
  const { missingFlags, requireWorkerOptions, workerPermissions } = await import(
    "./worker_permissions.ts"
  );
  requireWorkerOptions(script);
  const deno = { permissions: workerPermissions(set) };
  let worker: Worker;
  try {
    worker = new Worker(fileUrl(script), { ...options, deno } as WorkerOptions);
  } catch (cause) {
    const refused = cause instanceof Deno.errors.NotCapable ||
      cause instanceof Deno.errors.PermissionDenied;
    if (refused) throw new PermissionError(what, missingFlags(set));
    const message = `Cannot start worker '${script}': ${cause}`;
    throw new InvitationError("not-started", message, { cause });
  }
  return new WorkerThread(worker, equipment);
}

/** A running worker. */
class WorkerThread implements Started {
  readonly pid = null;
  readonly flags: readonly string[] = [];
  readonly point: WorkerPoint = new WorkerPoint();
  readonly status: Promise<Deno.CommandStatus>;
  readonly #worker: Worker;
  readonly #equipment: Equipment;
  /** Closes when the worker is gone. */
  readonly #watch: MessagePort;
  readonly #coming: PromiseWithResolvers<Transport> = Promise.withResolvers();
  readonly #ended: PromiseWithResolvers<Deno.CommandStatus> = Promise.withResolvers();
  #transport: ThreadTransport | null = null;
  #terminated = false;
  /** Messages that it posted besides the one that it has to. */
  #unasked = 0;
  /** How it ended, as the end of a sentence. */
  #how: string | null = null;
  #error = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #lookout: ReturnType<typeof setInterval>;

  constructor(worker: Worker, equipment: Equipment) {
    this.#worker = worker;
    this.#equipment = equipment;
    this.status = this.#ended.promise;
    this.status.then(() => equipment.release());
    worker.onmessage = this.#heard;
    worker.onmessageerror = (event) => event.preventDefault();
    worker.onerror = this.#failed;
    const { port1, port2 } = new NodeChannel();
    this.#watch = port1 as unknown as MessagePort;
    this.#watch.onmessage = closePorts;
    this.#watch.addEventListener("close", this.#closed);
    // The worker need not listen: what is not taken from it goes with it.
    worker.postMessage(null, [port2 as unknown as MessagePort]);
    // Or nearly: when it ends while it starts, its port may stay behind.
    this.#lookout = setInterval(() => {
      if (!this.#isRunning()) this.#closed();
    }, LOOK_EVERY_MS);
  }

  get stdin(): never {
    throw new TypeError("A worker has no standard input of its own");
  }

  get stdout(): never {
    throw new TypeError("A worker has no standard output of its own");
  }

  get stderrTail(): string {
    return this.#error;
  }

  quote(): string {
    return this.#error === "" ? "" : `: ${this.#error}`;
  }

  accept(): Promise<Transport> {
    return this.#coming.promise;
  }

  exited(): Promise<Deno.CommandStatus> {
    return this.status;
  }

  async exitSoon(): Promise<string | null> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise((wake) => timer = setTimeout(wake, PATIENCE_MS));
    await Promise.race([this.status, patience]);
    clearTimeout(timer);
    return this.#how;
  }

  /** There are no signals between threads: any ends the worker. */
  kill(): void {
    if (this.#terminated || this.#how !== null) return;
    this.#terminated = true;
    this.#worker.terminate();
    clearInterval(this.#lookout);
    clearTimeout(this.#timer);
    // Deno waits for the worker to come back to its event loop, which it need not do.
    this.#timer = setTimeout(
      this.#gone,
      GIVE_UP_AFTER_MS,
      "was terminated, but has not returned to its event loop and runs on",
      false,
    );
  }

  end(): void {
    if (this.#how !== null) return;
    this.#timer ??= setTimeout(() => this.kill(), TERMINATE_AFTER_MS);
  }

  readonly #heard = (event: MessageEvent<unknown>): void => {
    const [control] = event.ports;
    if (
      event.data !== READY || control === undefined || this.#transport !== null ||
      this.#how !== null
    ) {
      closePorts(event);
      // One message is all that an honest worker has for its launcher.
      if (++this.#unasked > MAX_UNASKED) {
        this.#error = "it posted without end what nobody asked for";
        this.#gone("was ended", false);
      }
      return;
    }
    clearInterval(this.#lookout);
    control.onmessage = (event) => {
      closePorts(event);
      threads.heard(control, event.data);
    };
    const [here, there] = createStream();
    this.#transport = openStream(here);
    this.point.open(control);
    const key = threads.add(control);
    this.status.then(() => threads.remove(control));
    deliver(control, LAUNCHER, there, { ...this.#equipment.handOver(), key });
    this.#coming.resolve(this.#transport);
  };

  readonly #failed = (event: ErrorEvent): void => {
    // Or it would be an uncaught error of this thread.
    event.preventDefault();
    const where = event.filename ? ` (${event.filename}:${event.lineno})` : "";
    this.#error = plainText(`${event.message}${where}`);
    this.#gone("ended by an uncaught error", false);
  };

  readonly #closed = async (): Promise<void> => {
    // ORDER: how it ended comes another way than that its ports are gone, and may come later.
    for (let turns = 0; turns < MAX_TURNS && this.#isRunning(); turns++) {
      await new Promise((next) => setTimeout(next, 0));
    }
    if (this.#terminated) this.#gone("was terminated", false);
    else this.#gone("closed itself", true);
  };

  /** Whether Deno takes it for running: then it refuses what cannot be copied, and takes anything after. */
  #isRunning(): boolean {
    try {
      this.#worker.postMessage(this.#closed);
      return false;
    } catch {
      return true;
    }
  }

  readonly #gone = (how: string, success: boolean): void => {
    if (this.#how !== null) return;
    this.#how = how;
    clearInterval(this.#lookout);
    clearTimeout(this.#timer);
    // A worker that only closes its ports is none any more. One that is over may have left ports here, in
    // messages that are still to be heard.
    if (this.#isRunning()) this.#worker.terminate();
    this.#watch.close();
    this.point.close();
    this.#transport?.fail(`the worker ${how}${this.quote()}`);
    this.#ended.resolve({ success, code: success ? 0 : 1, signal: null });
  };
}

/** Where another worker of this process can meet a worker. */
export class WorkerPoint implements MeetingPoint {
  /** The number of the stream that was made last. */
  static #last = LAUNCHER;
  #control: MessagePort | null = null;

  /** The worker takes deliveries from `control`. */
  open(control: MessagePort): void {
    this.#control = control;
  }

  /** The worker is gone. */
  close(): void {
    this.#control?.close();
    this.#control = null;
  }

  /** See {@linkcode MeetingPoint.arrange}. */
  arrange(guest: MeetingPoint): Arrangement | null {
    if (!(guest instanceof WorkerPoint) || guest === this) return null;
    if (this.#control === null || guest.#control === null) return null;
    // Zero is taken, by the stream to the launcher.
    const id = WorkerPoint.#last = (WorkerPoint.#last + 1) >>> 0 || 1;
    try {
      const [one, other] = createStream();
      deliver(this.#control, id, one);
      deliver(guest.#control, id, other);
    } catch {
      return null; // There is no memory left to share.
    }
    const means = encodeMeans(id);
    return { host: means, guest: means };
  }
}

function closePorts({ ports }: MessageEvent<unknown>): void {
  for (const port of ports) port.close();
}

/** Without what a terminal would obey. */
function plainText(text: string): string {
  // deno-lint-ignore no-control-regex
  const plain = text.replace(/\x1b\[[0-9;]*m|[\0-\x08\x0b-\x1f\x7f]/g, "");
  return plain.slice(0, ERROR_LENGTH);
}

function fileUrl(path: string): URL {
  const absolute = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
  return new URL(`file://${absolute.split("/").map(encodeURIComponent).join("/")}`);
}
