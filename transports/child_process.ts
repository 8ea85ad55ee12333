/**
 * A child as a process: its streams, the end of its standard error, and its end.
 *
 * @module
 */
import { InvitationError } from "../core/errors.ts";

/** How much of standard error is kept for error messages, in bytes. */
const TAIL_BYTES = 4096;
/** When a child that is to end is asked to, and when it is killed, in milliseconds. */
const TERM_AFTER_MS = 1000;
const KILL_AFTER_MS = 3000;
/** How long to wait for what should come at once, in milliseconds. */
const PATIENCE_MS = 250;

/** Variables that Deno itself needs to find its caches, passed on where this process may read them. */
const INHERITED_ENV = ["DENO_DIR", "HOME", "XDG_CACHE_HOME"];

/** What of the options a process is started with. */
export interface ProcessOptions {
  /** Environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory. */
  readonly cwd?: string | URL;
  /** Standard output. */
  readonly stdout?: "inherit" | "null" | "piped";
  /** Standard error. */
  readonly stderr?: "inherit" | "null";
}

/** Starts `deno` with a cleared environment. */
export function startChild(args: string[], options: ProcessOptions): ChildProcess {
  const env: Record<string, string> = {};
  for (const name of INHERITED_ENV) {
    if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") {
      continue;
    }
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  const command = new Deno.Command(Deno.execPath(), {
    args,
    clearEnv: true,
    env: { ...(Deno.noColor ? { NO_COLOR: "1" } : {}), ...env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: "piped",
    stdout: options.stdout ?? "inherit",
    stderr: "piped",
  });
  try {
    return new ChildProcess(command.spawn(), options.stderr !== "null");
  } catch (cause) {
    throw new InvitationError(
      "not-started",
      `Cannot start '${Deno.execPath()}': ${cause}`,
      { cause },
    );
  }
}

/** A running child. */
export class ChildProcess {
  /** Resolves when it has exited. */
  readonly status: Promise<Deno.CommandStatus>;
  readonly #process: Deno.ChildProcess;
  readonly #stderr: Promise<void>;
  #tail: Uint8Array = new Uint8Array(0);
  #running = true;
  #timers: ReturnType<typeof setTimeout>[] = [];

  /** Takes over a process whose standard input and error are piped. */
  constructor(process: Deno.ChildProcess, showStderr: boolean) {
    this.#process = process;
    this.#stderr = this.#readStderr(showStderr).catch(() => {});
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

  /** Writes to its standard input and closes it, unless it is kept. A dead child is no error here. */
  async writeStdin(bytes: Uint8Array<ArrayBuffer>, keep: boolean): Promise<void> {
    const writer = this.#process.stdin.getWriter();
    try {
      await writer.write(bytes);
      if (!keep) await writer.close();
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
