/**
 * Starts a program in a process of its own that holds exactly the permissions it is given, and joins
 * it to this one over a Unix socket.
 *
 * @module
 */
import { InvitationError, type InvitationFailure } from "../core/errors.ts";
import { LIMITS, type Limits, resolveLimits } from "../core/limits.ts";
import type { MessagePipe } from "../core/system/message_pipe.ts";
import {
  acceptInvitation,
  type Joined,
  pipeNames,
  sendInvitation,
} from "../core/system/invitation.ts";
import { ownRuntime } from "../core/system/node_runtime.ts";
import type { LinkEnd } from "../core/system/pump.ts";
import { type ChildProcess, howExited, startChild } from "./child_process.ts";
import {
  type ChildPermissions,
  filePath,
  permissionFlags,
  permissionSet,
} from "./permissions.ts";
import { Rendezvous } from "./rendezvous.ts";

/** How to start a child. */
export interface SpawnOptions {
  /** What it may do. Default: nothing, apart from what joining takes, which it gives back. */
  readonly permissions?: ChildPermissions;
  /** Its arguments, as in `Deno.args`. */
  readonly args?: readonly string[];
  /** Its environment variables, for those it has permission to read. Nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its working directory. Default: the one of this process. */
  readonly cwd?: string | URL;
  /**
   * Its `deno.json`, which resolves what it imports by name. Default: the one that `deno run` finds,
   * beside the script or above it; `false` for none.
   */
  readonly config?: string | URL | false;
  /**
   * Path of the socket to join on, which must not exist. Default: a fresh one in a fresh private
   * directory, for which this process needs open read, write and net permissions; with a path it needs
   * them for that path only. Its directory should be of mode 700, which is checked if it may be read.
   */
  readonly socket?: string;
  /** Names of pipes to hand over besides `main`. */
  readonly pipes?: readonly string[];
  /**
   * What the child may cost. Default: `LIMITS.child`. `maxFrameBytes` goes both ways: no frame is longer
   * than either side takes.
   */
  readonly limits?: Partial<Limits>;
  /** Milliseconds the child has to join. Default 10,000. */
  readonly deadlineMs?: number;
  /** Gives up when it fires, as long as the child has not joined. */
  readonly signal?: AbortSignal;
  /** Its standard input, once it has joined. Default `null`: at its end. */
  readonly stdin?: "null" | "piped";
  /** Its standard output. Default `inherit`. */
  readonly stdout?: "inherit" | "null" | "piped";
  /** Its standard error. Default `inherit`; its end is kept for error messages either way. */
  readonly stderr?: "inherit" | "null";
  /** Who invites. With `child`, the child calls `Invitation.send` and this side accepts. */
  readonly inviter?: "parent" | "child";
}

// deno-fmt-ignore
const OPTIONS: readonly string[] = [
  "permissions", "args", "env", "cwd", "config", "socket", "pipes", "limits", "deadlineMs",
  "signal", "stdin", "stdout", "stderr", "inviter",
];

/** A child that has joined. Dispose of it, and it is gone. */
export class Child implements Disposable, AsyncDisposable {
  /** The endpoint on this side that every invitation has. */
  readonly pipe: MessagePipe;
  /** All endpoints on this side, by name. */
  readonly pipes: ReadonlyMap<string, MessagePipe>;
  /** The flags it was started with. */
  readonly flags: readonly string[];
  readonly #joined: Joined;
  readonly #process: ChildProcess;

  /** Made by `Invitation.spawn`. */
  constructor(joined: Joined, process: ChildProcess, flags: readonly string[]) {
    this.pipe = joined.pipe;
    this.pipes = joined.pipes;
    this.flags = flags;
    this.#joined = joined;
    this.#process = process;
    // Without its link a child has nothing to do here.
    joined.closed.then(() => process.end());
  }

  /** Its process number. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Resolves when it has exited. */
  get status(): Promise<Deno.CommandStatus> {
    return this.#process.status;
  }

  /** Resolves when the link to it has ended, to how: closed, gone, or dropped for breaking a rule. */
  get closed(): Promise<LinkEnd> {
    return this.#joined.closed;
  }

  /** Its standard input, if it was asked for as `piped`. */
  get stdin(): WritableStream<Uint8Array<ArrayBuffer>> {
    return this.#process.stdin;
  }

  /** Its standard output, if it was asked for as `piped`. */
  get stdout(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#process.stdout;
  }

  /**
   * Resolves when everything sent to it so far has been given to the operating system. Waits as long as
   * the child does not read.
   */
  flush(): Promise<void> {
    return this.#joined.flush();
  }

  /** Sends it a signal. Does nothing once it has exited. */
  kill(signal: Deno.Signal = "SIGTERM"): void {
    this.#process.kill(signal);
  }

  /**
   * Ends the link once what was sent is written, and waits until the child has exited. One that does
   * not is asked to after a second and killed after three.
   */
  async close(): Promise<Deno.CommandStatus> {
    this.#process.end();
    await Promise.race([this.#joined.close(), this.#process.status]);
    this.#joined.abort();
    const status = await this.#process.exited();
    await this.#joined.closed;
    return status;
  }

  /** Ends the link now and sees to it that the child exits, without waiting. */
  [Symbol.dispose](): void {
    this.#joined.abort();
    this.#process.end();
  }

  /** As {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** See `Invitation.spawn`. */
export async function spawn(
  script: string | URL,
  options: SpawnOptions = {},
): Promise<Child> {
  // Everything that can be wrong with the arguments is found before anything is started.
  // What starts with a dash would be read as a flag.
  const path = filePath(script).replace(/^-/, "./-");
  const limits = resolveLimits(options.limits, LIMITS.child);
  const names = pipeNames(options.pipes);
  const set = permissionSet(options.permissions ?? {});
  const deadlineMs = options.deadlineMs ?? 10_000;
  if (!(deadlineMs > 0 && deadlineMs < 2 ** 31)) {
    throw new RangeError(
      `Option 'deadlineMs' must be above zero and below 2^31: received ${deadlineMs}`,
    );
  }
  for (const key of Object.keys(options)) {
    if (!OPTIONS.includes(key)) {
      throw new TypeError(
        `Unknown option '${key}': it must be one of ${OPTIONS.join(", ")}`,
      );
    }
  }
  if (options.inviter === "child" && options.pipes !== undefined) {
    throw new TypeError(
      "Option 'pipes' is for the side that invites: pass it to Invitation.send",
    );
  }
  options.signal?.throwIfAborted();

  await using rendezvous = await Rendezvous.open(options.socket);
  const revoke = rendezvous.grant(set);
  const flags = ["--no-prompt", "--cached-only", "--quiet"];
  if (options.config === false) flags.push("--no-config");
  else if (options.config !== undefined) {
    flags.push(`--config=${filePath(options.config)}`);
  }
  flags.push(...permissionFlags(set));

  const process = startChild(["run", ...flags, path, ...options.args ?? []], options);
  using hopeless = new Hopeless(process, path, deadlineMs, options);
  const accepting = rendezvous.accept();
  try {
    await process.writeStdin(rendezvous.message(revoke), options.stdin === "piped");
    const transport = await Promise.race([accepting, hopeless.promise]);
    rendezvous.close();
    const joining = options.inviter === "child"
      ? acceptInvitation(ownRuntime(), transport, limits)
      : sendInvitation(ownRuntime(), transport, names, limits);
    // Whichever way it ends, the transport is closed if nobody takes it over.
    joining.catch(() => {});
    try {
      const joined = await Promise.race([joining, hopeless.promise]);
      joined.explainEnd(async () => {
        const how = await process.exitSoon();
        return how && `child '${path}' ${how}${process.quote()}`;
      });
      return new Child(joined, process, flags);
    } catch (error) {
      transport.close();
      // A child that exits closes its socket first: its exit says more.
      if (error instanceof InvitationError && error.failure === "disconnected") {
        if (await process.exitSoon() !== null) await hopeless.promise;
      }
      throw error;
    }
  } catch (error) {
    // Whoever gets in from now on comes too late, or came as we gave up.
    accepting.then((transport) => transport.close(), () => {});
    process.kill("SIGKILL");
    await process.exited();
    throw error;
  }
}

/** Rejects once the child cannot join any more: it exited, its time is over, or the caller gave up. */
class Hopeless implements Disposable {
  readonly promise: Promise<never>;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #signal: AbortSignal | undefined;
  readonly #aborted: () => void;

  constructor(
    process: ChildProcess,
    path: string,
    deadlineMs: number,
    options: SpawnOptions,
  ) {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {}); // It may well be nobody's concern.
    this.promise = promise;
    const fail = (failure: InvitationFailure, what: string, exitCode?: number) =>
      reject(
        new InvitationError(
          failure,
          `Child '${path}' ${what}${process.quote()}${hint(process)}`,
          {
            stderr: process.stderrTail,
            ...(exitCode === undefined ? {} : { exitCode }),
          },
        ),
      );
    const method = options.inviter === "child" ? "send" : "accept";
    this.#timer = setTimeout(
      fail,
      deadlineMs,
      "timeout",
      `did not join within ${deadlineMs} ms; does it call Invitation.${method}(), and not ${
        method === "send" ? "accept" : "send"
      }()?`,
    );
    process.exited().then((status) =>
      fail("exited", `${howExited(status)} before it joined`, status.code)
    );
    this.#signal = options.signal;
    this.#aborted = () => reject(options.signal!.reason);
    this.#signal?.addEventListener("abort", this.#aborted, { once: true });
    if (this.#signal?.aborted) this.#aborted();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#aborted);
  }
}

/** What to do about the one thing that newcomers run into. */
function hint(process: ChildProcess): string {
  if (!process.stderrTail.includes("--cached-only")) return "";
  return "\nA child fetches no code: run `deno cache` on its script first, and, if DENO_DIR is set, grant this program --allow-env=DENO_DIR,HOME,XDG_CACHE_HOME";
}
