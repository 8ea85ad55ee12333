/**
 * Starts a program that holds exactly the permissions it is given, in a process of its own or in a worker,
 * and joins it to this one.
 *
 * @module
 */
import { InvitationError, type InvitationFailure } from "../core/errors.ts";
import { LIMITS, resolveLimits } from "../core/limits.ts";
import { AttachedPipes, type Attempt } from "../core/system/attached_pipes.ts";
import { BadMessageReporter } from "../core/system/bad_message.ts";
import {
  acceptInvitation,
  sendInvitation,
  type Standing,
} from "../core/system/invitation.ts";
import type { Joined } from "../core/system/joined.ts";
import type { MessagePipe } from "../core/system/message_pipe.ts";
import { ownRuntime } from "../core/system/node_runtime.ts";
import type { LinkEnd } from "../core/system/pump.ts";
import type { Transport } from "../core/transport.ts";
import { howExited } from "./child_process.ts";
import {
  Invitation as InvitationSides,
  pipesOf,
  refuseOption,
  untilClosed,
} from "./invitation.ts";
import { filePath, type PermissionSet, permissionSet } from "./permissions.ts";
import { checkSpawnOptions, type SpawnOptions } from "./spawn_options.ts";
import type { Started } from "./started.ts";
import { startProcess } from "./unix_process.ts";

/** A child that has joined. Dispose of it, and it is gone. */
export class Child implements Disposable, AsyncDisposable {
  readonly #joined: Joined;
  readonly #started: Started;

  /** Made by `Invitation.spawn`. */
  constructor(joined: Joined, started: Started) {
    this.#joined = joined;
    this.#started = started;
    // Without its link a child has nothing to do here.
    joined.closed.then(() => started.end());
  }

  /** The end on this side of the pipe that every invitation has. */
  get pipe(): MessagePipe {
    return this.#joined.pipe;
  }

  /**
   * Takes out the end on this side of a pipe that was named in the option `pipes` of `Invitation.spawn`, or
   * of the `Invitation.send` of a child that invites, and owns it from here on. Returns `null` when none of
   * that name is left.
   *
   * ```ts ignore
   * await using child = await Invitation.spawn("./parser.ts", { pipes: ["log"] });
   * using log = child.extract("log")!;
   * ```
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` for `main`, which is {@linkcode pipe}
   */
  extract(name: string): MessagePipe | null {
    return this.#joined.extract(name);
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

/**
 * An invitation: how one process brings in another, and the pipes that the two have from the start.
 *
 * Most programs need no object: `Invitation.spawn` starts a child and hands it one pipe. Make one where the
 * child is to have more, and where the ends on this side are to be used before it runs: they can be
 * written to, bound, watched, closed and sent elsewhere at once, and what is written waits and goes along.
 * An attempt that fails leaves the invitation as it was, with all that waits in it, for the next one.
 * Close it if you do not send it: then every pipe in it is closed, and the ends on this side learn of that.
 *
 * ```ts ignore
 * using invitation = new Invitation();
 * using log = new Receiver(Log, { line: (text) => console.log(text) }, invitation.attach("log"));
 * await using child = await invitation.spawn(new URL("./parser.ts", import.meta.url));
 * using parser = new Remote(Parser, child.pipe);
 * ```
 *
 * Names are strings, not bytes as in Mojo, because both programs have them in their source. They are 1 to
 * 255 bytes long as UTF-8, and well formed, so that every name arrives as what it was.
 */
export class Invitation extends InvitationSides {
  /**
   * Starts `script` as {@linkcode Invitation.spawn} without an object does, and hands over everything
   * attached.
   *
   * If it fails, the invitation stays as it was and can be spawned or sent again.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` after it was sent or closed, and for more than one pipe with
   * `isolated`; `BUSY` while it is being sent
   * @throws {PermissionError} when this process lacks a permission for it; names the flag to add
   * @throws {InvitationError} when the child does not join, or the invitation is closed meanwhile
   */
  async spawn(
    script: string | URL,
    options: Omit<SpawnOptions, "pipes" | "inviter"> = {},
  ): Promise<Child> {
    refuseOption(options, "pipes", "attach them before");
    refuseOption(options, "inviter", "it is this side that invites");
    return await launch(script, options, pipesOf(this));
  }

  /**
   * Starts `script` in a process of its own, holding exactly the permissions named, and joins it.
   *
   * Resolves once the child has called `Invitation.accept()`. If it fails to start, exits first or takes
   * too long, the error says so, with its exit code and the end of its standard error, and nothing is
   * left behind.
   *
   * ```ts ignore
   * import { Invitation, Remote } from "@mage/ipc";
   * import { NetworkProcess } from "./network_process.magen.ts";
   *
   * await using child = await Invitation.spawn(new URL("./network_process.ts", import.meta.url), {
   *   permissions: { net: ["example.com:443"] },
   * });
   * using network = new Remote(NetworkProcess, child.pipe);
   * const { status } = await network.fetchURL("https://example.com/");
   * ```
   *
   * @throws {PermissionError} when this process lacks a permission for it; names the flag to add
   * @throws {InvitationError} when the child does not join
   */
  static async spawn(script: string | URL, options: SpawnOptions = {}): Promise<Child> {
    if (options.inviter === "child") return await launch(script, options, null);
    const pipes = new AttachedPipes(ownRuntime(), options.pipes);
    try {
      return await launch(script, options, pipes);
    } catch (error) {
      pipes.close();
      throw error;
    }
  }
}

/** Starts a child and joins it; `pipes` are what this side hands over, if it is the one to invite. */
async function launch(
  script: string | URL,
  given: SpawnOptions,
  pipes: AttachedPipes | null,
): Promise<Child> {
  // Everything that can be wrong with the arguments is found before anything is started.
  // What starts with a dash would be read as a flag.
  const path = filePath(script).replace(/^-/, "./-");
  checkSpawnOptions(given);
  const limits = resolveLimits(given.limits, LIMITS.child);
  const reporter = new BadMessageReporter(given.onBadMessage);
  const { isolated = false, permissions = {} } = given;
  const set = permissions === "inherit" ? permissions : permissionSet(permissions);
  given.signal?.throwIfAborted();

  const attempt = pipes?.begin(isolated) ?? null;
  try {
    const options = attempt === null ? given : untilClosed(given, attempt);
    const started = await start(path, set, options);
    using hopeless = new Hopeless(started, path, options);
    const accepting = started.accept();
    try {
      const transport = await Promise.race([accepting, hopeless.promise]);
      const { point } = started, onBadMessage = reporter.report;
      const standing: Standing = { role: "member", point, isolated, onBadMessage };
      const joining = attempt === null
        ? acceptInvitation(ownRuntime(), transport, limits, standing)
        : sendInvitation(attempt, transport, limits, standing);
      const joined = await settle(joining, transport, started, hopeless, attempt);
      joined.explainEnd(async () => {
        const how = await started.exitSoon();
        return how && `child '${path}' ${how}${started.quote()}`;
      });
      return reporter.joined(new Child(joined, started));
    } catch (error) {
      // Whoever gets in from now on comes too late, or came as we gave up.
      accepting.then((transport) => transport.close(), () => {});
      started.kill("SIGKILL");
      await started.exited();
      throw error;
    }
  } catch (error) {
    attempt?.giveUp();
    throw error;
  }
}

/** Waits for a child to join, for as long as it can. */
async function settle(
  joining: Promise<Joined>,
  transport: Transport,
  started: Started,
  hopeless: Hopeless,
  attempt: Attempt | null,
): Promise<Joined> {
  // Whichever way it ends, the transport is closed if nobody takes it over.
  joining.catch(() => {});
  try {
    return await Promise.race([joining, hopeless.promise]);
  } catch (error) {
    // It had joined before that, and has everything.
    if (attempt?.giveUp() === false) return await joining;
    transport.close();
    // A child that exits closes its link first: its exit says more.
    if (error instanceof InvitationError && error.failure === "disconnected") {
      if (await started.exitSoon() !== null) await hopeless.promise;
    }
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
