/**
 * The two sides of an invitation, and how a program reaches its other side.
 *
 * @module
 */
import { InvitationError, MisuseError } from "../core/errors.ts";
import { LIMITS, type Limits, resolveLimits } from "../core/limits.ts";
import { AttachedPipes, type Attempt } from "../core/system/attached_pipes.ts";
import {
  type BadMessageHandler,
  BadMessageReporter,
} from "../core/system/bad_message.ts";
import {
  acceptInvitation,
  sendInvitation,
  type Standing,
} from "../core/system/invitation.ts";
import type { Joined } from "../core/system/joined.ts";
import type { MessagePipe } from "../core/system/message_pipe.ts";
import { ownRuntime } from "../core/system/node_runtime.ts";
import type { Meeter, Transport } from "../core/transport.ts";
import type { Belongings } from "./belongings.ts";
import {
  ConnTransport,
  type PathRendezvous,
  readRendezvous,
  socketPermissions,
} from "./unix.ts";

/** How long a child whose launcher is gone may take to end by itself, in milliseconds. */
const EXIT_GRACE_MS = 100;

/** Options of both sides of an invitation. */
export interface InvitationOptions {
  /**
   * The connected socket to use, which is consumed. Default: the one to the launcher of this program,
   * which has to be `Invitation.spawn`.
   */
  readonly conn?: Deno.Conn;
  /**
   * The message port to use instead, which is consumed; nobody may have listened to it. A port does not
   * tell when the worker at its other end is gone: whoever learns of it calls `abort` on what was joined.
   */
  readonly port?: MessagePort;
  /** Gives up when it fires, as long as the other side has not joined. */
  readonly signal?: AbortSignal;
  /** What the other side may cost. Default: `trusted` towards an inviter, `child` towards an invitee. */
  readonly limits?: Partial<Limits>;
  /**
   * Told of messages from the other side that make no sense, and last that it is gone. Default: whoever
   * `setDefaultBadMessageHandler` set.
   */
  readonly onBadMessage?: BadMessageHandler<Joined>;
  /**
   * Whether this process ends when the launcher does: at once when nothing is left to do, after a
   * tenth of a second otherwise. Default true; with `conn` and `port` never.
   */
  readonly exitWithLauncher?: boolean;
}

/** Options of the inviting side. */
export interface SendOptions extends InvitationOptions {
  /**
   * Whether the two sides stay in networks of their own. Neither joins the other, both may be members or
   * have members, and no third process becomes known over their link: whatever is passed on through it is
   * served by the two, as long as both live. There is exactly one pipe, the main one.
   *
   * ```ts ignore
   * const { pipe } = await Invitation.send({ conn, isolated: true });
   * using plugin = new Remote(Plugin, pipe);
   * ```
   */
  readonly isolated?: boolean;
  /**
   * Names of pipes to hand over besides `main`; the ends on this side are extracted from what
   * `Invitation.send` resolves to. An invitation of your own has `attach` for that.
   */
  readonly pipes?: readonly string[];
}

/** What an invitation holds. For whoever else sends invitations. */
export let pipesOf: (invitation: Invitation) => AttachedPipes;

/**
 * An invitation: the pipes that another process is to have from the start.
 *
 * The ends on this side can be used before anything is sent: written to, bound, watched, closed, sent
 * elsewhere. What is written waits, and goes along. Sending consumes the invitation once the other side
 * has joined; an attempt that fails leaves it as it was, with all that waits in it. Close it if you do not
 * send it: then every pipe in it is closed, and the ends on this side learn of that.
 *
 * Every invitation has one pipe already, {@linkcode pipe}. For that alone, and for pipes that need nothing
 * before the other side has joined, `Invitation.spawn`, `Invitation.send` and `Invitation.accept` do
 * without an object.
 *
 * Names are strings, not bytes as in Mojo, because both programs have them in their source. They are 1 to
 * 255 bytes long as UTF-8, and well formed, so that every name arrives as what it was.
 *
 * ```ts ignore
 * using invitation = new Invitation();
 * using log = new Receiver(Log, { line: (text) => console.log(text) }, invitation.attach("log"));
 * await using joined = await invitation.send({ conn });
 * ```
 *
 * Source: MojoCreateInvitation and what takes an invitation.
 */
export class Invitation implements Disposable {
  readonly #pipes: AttachedPipes = new AttachedPipes(ownRuntime());

  static {
    pipesOf = (invitation) => invitation.#pipes;
  }

  /**
   * The end on this side of the pipe that every invitation has, and that the other side gets as `pipe`.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if the invitation was closed before anybody asked for it
   */
  get pipe(): MessagePipe {
    return this.#pipes.pipe;
  }

  /**
   * Adds a pipe and returns its end on this side, which can be used at once. The other side extracts its own
   * by the same name. Whatever is written before that has to fit the limits of the other side: a message that
   * does not costs this pipe.
   *
   * Source: MojoAttachMessagePipeToInvitation.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` for a bad name and after it was sent or closed,
   * `ALREADY_EXISTS` for a name that is taken, also `main`, `RESOURCE_EXHAUSTED` for the 128th pipe besides
   * that, `BUSY` while it is being sent
   */
  attach(name: string): MessagePipe {
    return this.#pipes.attach(name);
  }

  /**
   * Takes the other end of a pipe that was attached back: it is not handed over, and its name is free again.
   * Returns `null`, Mojo's `NOT_FOUND`, when none is called that.
   *
   * Source: MojoExtractMessagePipeFromInvitation, on an invitation made here.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` for `main` and after it was sent or closed, `BUSY` while it is
   * being sent
   */
  extract(name: string): MessagePipe | null {
    return this.#pipes.extract(name);
  }

  /**
   * Invites whoever accepts at the other end, which is reached as `Invitation.send` tells, and hands over
   * everything attached. The socket or port is consumed either way.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` after it was sent or closed, and for more than one pipe with
   * `isolated`; `BUSY` while it is being sent
   * @throws {InvitationError} when the handshake fails, or the invitation is closed meanwhile
   */
  async send(options: Omit<SendOptions, "pipes"> = {}): Promise<Joined> {
    refuseOption(options, "pipes", "attach them before");
    return await send(this.#pipes, options);
  }

  /** Closes every pipe in it, unless it was sent. An attempt that is under way fails. */
  close(): void {
    this.#pipes.close();
  }

  /** As {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Joins whoever invites and receives the pipes of the invitation.
   *
   * In a child it takes no argument: what leads to the launcher comes over standard input, the
   * permissions that only joining needed are given back, and the process ends when the launcher is gone.
   *
   * Source: MojoAcceptInvitation.
   *
   * @throws {InvitationError} when nobody invites, or the handshake fails
   */
  static async accept(options: InvitationOptions = {}): Promise<Joined> {
    const limits = resolveLimits(options.limits, LIMITS.trusted);
    const reporter = new BadMessageReporter(options.onBadMessage);
    const reached = await reach(options, "accept");
    const { transport, standing } = reached;
    const joining = acceptInvitation(ownRuntime(), transport, limits, {
      role: "broker",
      ...standing,
      onBadMessage: reporter.report,
    });
    return reporter.joined(await join(reached, options, joining, null));
  }

  /**
   * Invites whoever accepts at the other end, and hands over one end of each pipe. As in Mage, parent
   * and child may be either.
   *
   * Source: MojoSendInvitation.
   *
   * @throws {InvitationError} when the handshake fails
   */
  static async send(options: SendOptions = {}): Promise<Joined> {
    const pipes = new AttachedPipes(ownRuntime(), options.pipes);
    try {
      return await send(pipes, options);
    } catch (error) {
      pipes.close();
      throw error;
    }
  }
}

/** Throws if an option is given that an invitation decides itself. */
export function refuseOption(options: object, name: string, instead: string): void {
  if (Reflect.get(options, name) === undefined) return;
  throw new MisuseError(
    "INVALID_ARGUMENT",
    `Option '${name}' makes no sense with an invitation of your own: ${instead}`,
  );
}

/** The options for one attempt, which also ends when the invitation is closed. */
export function untilClosed<T extends { readonly signal?: AbortSignal }>(
  options: T,
  { signal }: Attempt,
): T {
  const both = options.signal ? AbortSignal.any([options.signal, signal]) : signal;
  return { ...options, signal: both };
}

async function send(pipes: AttachedPipes, given: SendOptions): Promise<Joined> {
  const limits = resolveLimits(given.limits, LIMITS.child);
  const reporter = new BadMessageReporter(given.onBadMessage);
  const { isolated = false } = given, attempt = pipes.begin(isolated);
  try {
    const options = untilClosed(given, attempt), reached = await reach(options, "send");
    const { transport, standing } = reached;
    const joining = sendInvitation(attempt, transport, limits, {
      role: "member",
      ...standing,
      isolated,
      onBadMessage: reporter.report,
    });
    return reporter.joined(await join(reached, options, joining, attempt));
  } catch (error) {
    attempt.giveUp();
    throw error;
  }
}

/** The other side, and what it is to this one if it is the launcher. */
interface Reached {
  readonly transport: Transport;
  readonly standing: Standing | null;
}

// What only some need is imported when they do: a child's start is its imports.
async function reach(options: InvitationOptions, what: string): Promise<Reached> {
  const { conn, port } = options;
  if (conn !== undefined && port !== undefined) {
    throw new TypeError(
      "Options 'conn' and 'port' are two ways to join: pass one of them",
    );
  }
  if (conn !== undefined) return { transport: new ConnTransport(conn), standing: null };
  if (port !== undefined) {
    const { MessagePortTransport } = await import("./message_port.ts");
    return { transport: new MessagePortTransport(port), standing: null };
  }
  const role = "broker";
  if ("WorkerGlobalScope" in globalThis) {
    const { isSpawnedWorker, joinLauncher } = await import("./worker_child.ts");
    if (isSpawnedWorker()) {
      const { transport, meeter, belongings } = await joinLauncher(options.signal);
      await own(belongings);
      return { transport, standing: { role, meeter } };
    }
  }
  const rendezvous = Deno.stdin.isTerminal() ? null : readRendezvous(readStdin);
  if (rendezvous === null) {
    throw new InvitationError(
      "not-started",
      `Cannot ${what} invitation: standard input holds none; start this program with Invitation.spawn, or pass 'conn' or 'port'`,
    );
  }
  await own(rendezvous.belongings ?? {});
  if ("lastDescriptor" in rendezvous) {
    const { SocketTransport } = await import("./socket.ts");
    const meeter = lazily(async () => {
      const { InheritedMeeter } = await import("./inherited_meeter.ts");
      return new InheritedMeeter(rendezvous.lastDescriptor);
    });
    return { transport: SocketTransport.adopt(3), standing: { role, meeter } };
  }
  const meeter = lazily(async () => new (await import("./unix_meeter.ts")).UnixMeeter());
  return { transport: await connect(rendezvous), standing: { role, meeter } };
}

/** Takes what this process was started with into use. */
async function own({ directory, born, channel }: Belongings): Promise<void> {
  if (directory !== undefined) {
    const { useDirectory } = await import("./directory_door.ts");
    useDirectory(directory);
  }
  if (born !== undefined) {
    const { ownBorn } = await import("./birth_door.ts");
    ownBorn(born);
  }
  if (channel !== undefined) {
    const { ownChannel } = await import("./channel_door.ts");
    ownChannel(channel);
  }
}

/** A meeter that is made when the first meeting needs it. */
function lazily(make: () => Promise<Meeter>): Meeter {
  let making: Promise<Meeter> | undefined;
  return {
    meet: async (...meeting) => await (await (making ??= make())).meet(...meeting),
  };
}

async function connect({ path, token, revoke }: PathRendezvous): Promise<Transport> {
  let conn: Deno.Conn;
  try {
    conn = await Deno.connect({ transport: "unix", path });
    for (let at = 0; at < token.length;) at += await conn.write(token.subarray(at));
  } catch (cause) {
    throw new InvitationError("disconnected", "The launcher of this program is gone", {
      cause,
    });
  }
  const [read, write, net] = [path, path, socketPermissions(path).net[0]];
  if (revoke.read) Deno.permissions.revokeSync({ name: "read", path: read });
  if (revoke.write) Deno.permissions.revokeSync({ name: "write", path: write });
  if (revoke.net) Deno.permissions.revokeSync({ name: "net", host: net });
  return new ConnTransport(conn);
}

function readStdin(into: Uint8Array): boolean {
  for (let at = 0; at < into.length;) {
    const count = Deno.stdin.readSync(into.subarray(at));
    if (count === null) return false;
    at += count;
  }
  return true;
}

async function join(
  { transport, standing }: Reached,
  options: InvitationOptions,
  joining: Promise<Joined>,
  attempt: Attempt | null,
): Promise<Joined> {
  const { signal } = options;
  const aborted = () => {
    // Too late: the other side has joined, and has everything.
    if (attempt?.giveUp() === false) return;
    transport.close();
  };
  signal?.addEventListener("abort", aborted, { once: true });
  if (signal?.aborted) aborted();
  let joined: Joined;
  try {
    joined = await joining;
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", aborted);
  }
  if (standing !== null && options.exitWithLauncher !== false) {
    joined.closed.then(() =>
      Deno.unrefTimer(setTimeout(() => Deno.exit(), EXIT_GRACE_MS))
    );
  }
  return joined;
}
