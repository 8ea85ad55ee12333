/**
 * A child as a process: its streams, the end of its standard error, and its end.
 *
 * @module
 */
import type { SpawnOptions } from "./spawn_options.ts";

/** How much of standard error is kept for error messages, in bytes. */
const TAIL_BYTES = 4096;
/** When a child that is to end is asked to, and when it is killed, in milliseconds. */
const TERM_AFTER_MS = 1000;
const KILL_AFTER_MS = 3000;
/** How long to wait for what should come at once, in milliseconds. */
const PATIENCE_MS = 250;

/** What of a process this needs; `Deno.ChildProcess` has it. */
export interface OsProcess {
  /** Its number. */
  readonly pid: number;
  /** Resolves when it has exited. */
  readonly status: Promise<Deno.CommandStatus>;
  /** What it reads. */
  readonly stdin: WritableStream<Uint8Array<ArrayBuffer>>;
  /** What it writes. */
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** What it complains about. */
  readonly stderr: AsyncIterable<Uint8Array>;
  /** Sends a signal. May throw once it has exited. */
  kill(signal: Deno.Signal): void;
}

/** A running child. */
export class ChildProcess {
  /** Resolves when it has exited. */
  readonly status: Promise<Deno.CommandStatus>;
  /** The flags it was started with. */
  readonly flags: readonly string[];
  readonly #process: OsProcess;
  readonly #keepStdin: boolean;
  readonly #stderr: Promise<void>;
  #tail: Uint8Array = new Uint8Array(0);
  #running = true;
  #timers: ReturnType<typeof setTimeout>[] = [];

  /** Takes over a process whose standard input and error are piped. */
  constructor(process: OsProcess, flags: readonly string[], options: SpawnOptions) {
    this.flags = flags;
    this.#process = process;
    this.#keepStdin = options.stdin === "piped";
    this.#stderr = this.#readStderr(options.stderr !== "null").catch(() => {});
    this.status = process.status.then((status) => {
      this.#running = false;
      for (const timer of this.#timers.splice(0)) clearTimeout(timer);
      return status;
    });
  }

  /** Its number. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Its standard input, if kept. */
  get stdin(): WritableStream<Uint8Array<ArrayBuffer>> {
    return this.#process.stdin;
  }

  /** Its standard output, if piped. */
  get stdout(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#process.stdout;
  }

  /** The end of what it wrote to standard error, without what a terminal would obey. */
  get stderrTail(): string {
    const text = new TextDecoder().decode(this.#tail);
    // deno-lint-ignore no-control-regex
    return text.replace(/\x1b\[[0-9;]*m|[\0-\x08\x0b-\x1f\x7f]/g, "");
  }

  /** The same, as the end of an error message. */
  quote(): string {
    const tail = this.stderrTail.trim();
    return tail === "" ? "" : `; its standard error ends with:\n${tail}`;
  }

  async #readStderr(show: boolean): Promise<void> {
    for await (const chunk of this.#process.stderr) {
      if (show) show = await writeAll(chunk).then(() => true, () => false);
      const tail = new Uint8Array(this.#tail.length + chunk.length);
      tail.set(this.#tail);
      tail.set(chunk, this.#tail.length);
      this.#tail = tail.subarray(Math.max(0, tail.length - TAIL_BYTES)).slice();
    }
  }

  /**
   * Writes to its standard input before anything else, and closes it unless it is kept. A dead child is no
   * error here.
   */
  async handOver(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const writer = this.#process.stdin.getWriter();
    try {
      await writer.write(bytes);
      if (!this.#keepStdin) await writer.close();
    } catch {
      await writer.abort().catch(() => {});
    }
    writer.releaseLock();
  }

  /** Resolves when it has exited and its standard error is read to the end, or as good as. */
  async exited(): Promise<Deno.CommandStatus> {
    const status = await this.status;
    // A grandchild may hold standard error open for as long as it likes.
    await within(PATIENCE_MS, this.#stderr);
    return status;
  }

  /** Gives it a moment to exit. How it did, or `null` if it did not. */
  async exitSoon(): Promise<string | null> {
    const exited = this.exited();
    await within(PATIENCE_MS, exited);
    return this.#running ? null : howExited(await exited);
  }

  /** Sends a signal. Does nothing once it has exited. */
  kill(signal: Deno.Signal): void {
    if (!this.#running) return;
    try {
      this.#process.kill(signal);
    } catch {
      // It has exited and we have not been told yet.
    }
  }

  /** Gives it some time to end by itself, asks it to, kills it. */
  end(): void {
    if (!this.#running || this.#timers.length > 0) return;
    this.#timers.push(
      setTimeout(() => this.kill("SIGTERM"), TERM_AFTER_MS),
      setTimeout(() => this.kill("SIGKILL"), KILL_AFTER_MS),
    );
  }
}

/** How a process came to its end, as the end of a sentence. */
export function howExited({ code, signal }: Deno.CommandStatus): string {
  return signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
}

/** Waits for `promise`, but not longer than `ms`. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([promise, new Promise((wake) => timer = setTimeout(wake, ms))]);
  clearTimeout(timer);
}

async function writeAll(chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += await Deno.stderr.write(chunk.subarray(at));
}
