/**
 * Starts a program that holds exactly the permissions it is given, in a process of its own or in a worker,
 * and joins it to this one.
 *
 * @module
 */
import { InvitationError, type InvitationFailure } from "../core/errors.ts";
import { LIMITS, resolveLimits } from "../core/limits.ts";
import type { MessagePipe } from "../core/system/message_pipe.ts";
import {
  acceptInvitation,
  checkIsolated,
  type Joined,
  pipeNames,
  sendInvitation,
  type Standing,
} from "../core/system/invitation.ts";
import { ownRuntime } from "../core/system/node_runtime.ts";
import type { LinkEnd } from "../core/system/pump.ts";
import { howExited } from "./child_process.ts";
import { filePath, type PermissionSet, permissionSet } from "./permissions.ts";
import { checkSpawnOptions, type SpawnOptions } from "./spawn_options.ts";
import type { Started } from "./started.ts";
import { startProcess } from "./unix_process.ts";

/** A child that has joined. Dispose of it, and it is gone. */
export class Child implements Disposable, AsyncDisposable {
  /** The endpoint on this side that every invitation has. */
  readonly pipe: MessagePipe;
  /** All endpoints on this side, by name. */
  readonly pipes: ReadonlyMap<string, MessagePipe>;
  readonly #joined: Joined;
  readonly #started: Started;

  /** Made by `Invitation.spawn`. */
  constructor(joined: Joined, started: Started) {
    this.pipe = joined.pipe;
    this.pipes = joined.pipes;
    this.#joined = joined;
    this.#started = started;
    // Without its link a child has nothing to do here.
    joined.closed.then(() => started.end());
  }

  /** Its process number; `null` for a worker. */
  get pid(): number | null {
    return this.#started.pid;
  }

  /** The flags it was started with; for a worker none. */
  get flags(): readonly string[] {
    return this.#started.flags;
  }

  /** Resolves when it has exited. */
  get status(): Promise<Deno.CommandStatus> {
    return this.#started.status;
  }

  /** Resolves when the link to it has ended, to how: closed, gone, or dropped for breaking a rule. */
  get closed(): Promise<LinkEnd> {
    return this.#joined.closed;
  }

  /** Its standard input, if it was asked for as `piped`. */
  get stdin(): WritableStream<Uint8Array<ArrayBuffer>> {
    return this.#started.stdin;
  }

  /** Its standard output, if it was asked for as `piped`. */
  get stdout(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#started.stdout;
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
    this.#started.kill(signal);
  }

  /**
   * Ends the link once what was sent is written, and waits until the child has exited. One that does
   * not is asked to after a second and killed after three.
   */
  async close(): Promise<Deno.CommandStatus> {
    this.#started.end();
    await Promise.race([this.#joined.close(), this.#started.status]);
    this.#joined.abort();
    const status = await this.#started.exited();
    await this.#joined.closed;
    return status;
  }

  /** Ends the link now and sees to it that the child exits, without waiting. */
  [Symbol.dispose](): void {
    this.#joined.abort();
    this.#started.end();
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
  checkSpawnOptions(options);
  if (options.isolated) checkIsolated(options);
  const limits = resolveLimits(options.limits, LIMITS.child);
  const names = pipeNames(options.pipes);
  const given = options.permissions ?? {};
  const set = given === "inherit" ? given : permissionSet(given);
  options.signal?.throwIfAborted();

  const started = await start(path, set, options);
  using hopeless = new Hopeless(started, path, options);
  const accepting = started.accept();
  try {
    const transport = await Promise.race([accepting, hopeless.promise]);
    const { isolated = false } = options;
    const standing: Standing = { role: "member", point: started.point, isolated };
    const joining = options.inviter === "child"
      ? acceptInvitation(ownRuntime(), transport, limits, standing)
      : sendInvitation(ownRuntime(), transport, names, limits, standing);
    // Whichever way it ends, the transport is closed if nobody takes it over.
    joining.catch(() => {});
    try {
      const joined = await Promise.race([joining, hopeless.promise]);
      joined.explainEnd(async () => {
        const how = await started.exitSoon();
        return how && `child '${path}' ${how}${started.quote()}`;
      });
      return new Child(joined, started);
    } catch (error) {
      transport.close();
      // A child that exits closes its link first: its exit says more.
      if (error instanceof InvitationError && error.failure === "disconnected") {
        if (await started.exitSoon() !== null) await hopeless.promise;
      }
      throw error;
    }
  } catch (error) {
    // Whoever gets in from now on comes too late, or came as we gave up.
    accepting.then((transport) => transport.close(), () => {});
    started.kill("SIGKILL");
    await started.exited();
    throw error;
  }
}

/** Nobody loads a way of starting children that it does not use. */
async function start(
  path: string,
  set: PermissionSet | "inherit",
  options: SpawnOptions,
): Promise<Started> {
  if (options.link === "worker") {
    const { startWorker } = await import("./worker.ts");
    return await startWorker(path, set, options);
  }
  if (set === "inherit") throw new TypeError("Only a worker can inherit permissions");
  if (options.link === "inherited") {
    const { startInherited } = await import("./inherited.ts");
    return await startInherited(path, set, options);
  }
  return await startProcess(path, set, options);
}

/** Rejects once the child cannot join any more: it exited, its time is over, or the caller gave up. */
class Hopeless implements Disposable {
  readonly promise: Promise<never>;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #signal: AbortSignal | undefined;
  readonly #aborted: () => void;

  constructor(
    started: Started,
    path: string,
    options: SpawnOptions,
  ) {
    const { deadlineMs = 10_000 } = options;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {}); // It may well be nobody's concern.
    this.promise = promise;
    const fail = (failure: InvitationFailure, what: string, exitCode?: number) =>
      reject(
        new InvitationError(
          failure,
          `Child '${path}' ${what}${started.quote()}${hint(started)}`,
          {
            stderr: started.stderrTail,
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
    started.exited().then((status) =>
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
function hint(started: Started): string {
  const { stderrTail } = started;
  if (stderrTail.includes("The lockfile is out of date")) {
    return "\nA child changes no lockfile: run `deno cache` on its script first";
  }
  if (started.pid === null && stderrTail.includes("Requires read access")) {
    return "\nIt is this program that reads what a worker imports: grant it --allow-read for that";
  }
  if (!stderrTail.includes("--cached-only")) return "";
  return "\nA child fetches no code: run `deno cache` on its script first, and, if DENO_DIR is set, grant this program --allow-env=DENO_DIR,HOME,XDG_CACHE_HOME";
}
