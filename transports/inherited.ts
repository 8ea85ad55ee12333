/**
 * A child in a process of its own that is born with its link: one end of a pair of sockets is its
 * descriptor 3. There is no path that somebody else could reach, and it needs no permission at all.
 *
 * Only `node:child_process` can give descriptors away. Its `ipc` channel is used only where the option
 * `passSockets` asks for it: it reads whatever a child sends it, at any length, so that such a child can fill
 * the memory of this process.
 *
 * @module
 */
import { ChildProcess as AnyNodeProcess } from "node:child_process";
import type { Socket } from "node:net";
import { constants } from "node:os";
import { Readable, Writable } from "node:stream";
import { InvitationError } from "../core/errors.ts";
import type { Transport } from "../core/transport.ts";
import type { Channel, ChannelOwner } from "./channel_door.ts";
import { ChildProcess, type OsProcess } from "./child_process.ts";
import { checkRuntime, childEnvironment, childFlags } from "./command_line.ts";
import { Equipment } from "./equipment.ts";
import { InheritedPoint, type Offer } from "./inherited_siblings.ts";
import {
  denialFlags,
  filePath,
  type PermissionSet,
  requirePermissions,
} from "./permissions.ts";
import { SocketTransport } from "./socket.ts";
import type { SpawnOptions } from "./spawn_options.ts";
import type { Started } from "./started.ts";
import { encodeRendezvous, type InheritedRendezvous } from "./unix.ts";

/** The descriptor of a child's link to its launcher. */
const LINK_DESCRIPTOR = 3;
/** How long nothing has to come from a child that has exited until nothing can, in milliseconds. */
const DRAIN_MS = 125;

/** A process of `node:child_process`, with what its types leave out. */
interface NodeProcess extends ChannelOwner {
  /** As the function `spawn`, which in addition reads the environment of this process. */
  spawn(options: {
    readonly file: string;
    readonly args: readonly string[];
    readonly envPairs: readonly string[];
    readonly cwd?: string;
    readonly stdio: readonly (string | number | Socket)[];
  }): void;
  readonly pid?: number;
  stdin: Writable | null;
  stdout: Readable | null;
  stderr: Readable | null;
  stdio: unknown[];
  killed: boolean;
  signalCode: string | null;
  kill(signal: string): boolean;
  on: ChannelOwner["on"] & {
    (event: "error", listener: (error: Error) => void): void;
    (
      event: "exit",
      listener: (code: number | null, signal: Deno.Signal | null) => void,
    ): void;
  };
}

/** Starts `script` in a process that holds `set` and nothing else, not even for a moment. */
export async function startInherited(
  script: string,
  set: PermissionSet,
  options: SpawnOptions,
): Promise<Started> {
  checkRuntime("inherited", 9);
  const deno = Deno.execPath();
  requirePermissions("Starting a child with an inherited link", [
    { name: "run", command: deno },
  ]);
  if (options.cwd !== undefined) await tryDirectory(filePath(options.cwd));
  const equipment = await Equipment.of(set, options);
  try {
    return await startEquipped(deno, script, set, options, equipment);
  } catch (error) {
    equipment.release();
    throw error;
  }
}

async function startEquipped(
  deno: string,
  script: string,
  set: PermissionSet,
  options: SpawnOptions,
  equipment: Equipment,
): Promise<Started> {
  // `node:child_process` starts Deno with all permissions when it finds no flag about any: there always is
  // one, because every kind is either granted or denied.
  const flags = [...childFlags(set, options), ...denialFlags(set)];
  const offers = options.siblings === undefined ? null : InheritedPoint.offers();
  const spares = offers === null ? 0 : InheritedPoint.SPARES;
  const stdout = options.stdout ?? "inherit";
  const doors = options.passSockets ? await import("./channel_door.ts") : null;
  const process = new AnyNodeProcess() as unknown as NodeProcess;
  const failed = new Promise<Error>((report) => process.on("error", report));
  process.spawn({
    file: deno,
    args: [deno, "run", ...flags, script, ...options.args ?? []],
    envPairs: Object.entries(childEnvironment(options)).map((pair) => pair.join("=")),
    ...(options.cwd === undefined ? {} : { cwd: filePath(options.cwd) }),
    stdio: [
      "pipe",
      stdout === "piped" ? "pipe" : stdout === "null" ? "ignore" : "inherit",
      "pipe",
      "pipe",
      ...Array<string>(spares).fill("pipe"),
      ...(offers ?? []).map((offer) => offer.socket),
      ...equipment.descriptors,
      ...(doors === null ? [] : ["ipc"]),
    ],
  });
  equipment.close();
  if (process.pid === undefined) throw notStarted(await failed);
  const id = crypto.getRandomValues(new Uint8Array(16));
  const channel = doors === null ? null : { id, end: doors.giveChannel(id, process) };
  return new InheritedProcess(process, flags, options, offers, equipment, channel);
}

/**
 * Starts a process in `cwd` for nothing, and throws if that cannot be done: this process would keep its
 * ends of all sockets for ever if `node:child_process` had to find out.
 */
async function tryDirectory(cwd: string): Promise<void> {
  let process: Deno.ChildProcess;
  try {
    process = new Deno.Command(Deno.execPath(), {
      args: ["--version"],
      clearEnv: true,
      cwd,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  } catch (error) {
    throw notStarted(error);
  }
  try {
    process.kill("SIGKILL");
  } catch {
    // It has had its say already.
  }
  await process.status;
}

function notStarted(cause: unknown): InvitationError {
  return new InvitationError(
    "not-started",
    `Cannot start '${Deno.execPath()}': ${cause}`,
    { cause },
  );
}

/** A process that holds the other end of its link from the start. */
class InheritedProcess extends ChildProcess implements Started {
  readonly point: InheritedPoint | null;
  readonly #transport: DrainingTransport;
  readonly #rendezvous: InheritedRendezvous;

  constructor(
    process: NodeProcess,
    flags: readonly string[],
    options: SpawnOptions,
    offers: readonly Offer[] | null,
    equipment: Equipment,
    channel: { readonly id: Uint8Array<ArrayBuffer>; readonly end: Channel } | null,
  ) {
    const sockets = process.stdio.slice(LINK_DESCRIPTOR) as Socket[];
    let lastDescriptor = LINK_DESCRIPTOR;
    super(osProcess(process), flags, options);
    this.#transport = new DrainingTransport(SocketTransport.from(sockets[0]!));
    this.point = null;
    if (offers !== null) {
      const first = LINK_DESCRIPTOR + 1;
      this.point = new InheritedPoint(
        first,
        sockets.slice(1, 1 + InheritedPoint.SPARES),
        offers,
      );
      lastDescriptor += InheritedPoint.SPARES + offers.length;
    }
    const { belongings } = equipment.handOver(lastDescriptor + 1);
    const equipped = channel === null
      ? belongings
      : { ...belongings, channel: channel.id };
    this.#rendezvous = {
      lastDescriptor,
      ...(equipped === undefined ? {} : { belongings: equipped }),
    };
    this.status.then(() => {
      channel?.end.close();
      equipment.release();
      this.point?.close();
      this.#transport.drain();
    });
  }

  async accept(): Promise<Transport> {
    await this.handOver(encodeRendezvous(this.#rendezvous));
    return this.#transport;
  }
}

/**
 * A transport that ends when the process at its other end has exited. By itself it would not if that
 * process had started others: they inherit its end, and hold it open for as long as they like.
 */
class DrainingTransport implements Transport {
  readonly #transport: Transport;
  #reads = 0;
  #closed = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    this.#reads++;
    return this.#transport.read(into);
  }

  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    return this.#transport.write(bytes);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#transport.close();
  }

  /** The other process has exited: closes once all that it wrote is read. */
  drain(): void {
    if (this.#closed) return;
    // The first time never closes: this process may have been too busy to read.
    let reads = -1;
    this.#timer = setInterval(() => {
      if (reads === this.#reads) this.close();
      reads = this.#reads;
    }, DRAIN_MS);
  }
}

/** Takes a process over from Node, which would read and close its streams when it exits. */
function osProcess(process: NodeProcess): OsProcess {
  const { stdin, stdout, stderr } = process;
  process.stdin = process.stdout = process.stderr = null;
  process.stdio = [];
  const output = stdout === null
    ? null
    : Readable.toWeb(stdout) as ReadableStream<Uint8Array<ArrayBuffer>>;
  const numbers: Readonly<Record<string, number>> = constants.signals;
  const exited = Promise.withResolvers<Deno.CommandStatus>();
  process.on("exit", (code, signal) => {
    exited.resolve({
      success: code === 0,
      code: signal === null ? code ?? 1 : 128 + numbers[signal]!,
      signal,
    });
  });
  return {
    pid: process.pid!,
    status: exited.promise,
    stdin: Writable.toWeb(stdin!) as WritableStream<Uint8Array<ArrayBuffer>>,
    get stdout() {
      if (output === null) throw new TypeError("Cannot get 'stdout': it is not piped");
      return output;
    },
    stderr: stderr as AsyncIterable<Uint8Array>,
    kill(signal) {
      // It would end the channel, whatever the signal is.
      const { disconnect } = process;
      delete process.disconnect;
      process.kill(signal);
      if (disconnect !== undefined) process.disconnect = disconnect;
      // It would send no other signal, and call this one the reason of any exit.
      process.killed = false;
      process.signalCode = null;
    },
  };
}
