/**
 * A child in a process of its own, joined over a Unix socket.
 *
 * @module
 */
import { InvitationError } from "../core/errors.ts";
import type { Transport } from "../core/transport.ts";
import { ChildProcess } from "./child_process.ts";
import { childEnvironment, childFlags } from "./command_line.ts";
import { Equipment } from "./equipment.ts";
import type { PermissionSet } from "./permissions.ts";
import { Rendezvous } from "./rendezvous.ts";
import type { SpawnOptions } from "./spawn_options.ts";
import type { Started } from "./started.ts";
import { UnixPoint } from "./unix_siblings.ts";

/** Starts `script` in a process that holds `set`, and for the moment of joining a socket path. */
export async function startProcess(
  script: string,
  set: PermissionSet,
  options: SpawnOptions,
): Promise<Started> {
  const { siblings } = options;
  const rendezvous = await Rendezvous.open(options.socket);
  let point: UnixPoint | null = null, equipment: Equipment | null = null;
  try {
    if (siblings !== undefined) point = await UnixPoint.claim(siblings);
    point?.grant(set);
    equipment = await Equipment.of(set, options);
    const message = rendezvous.message(rendezvous.grant(set), equipment.handOver());
    const flags = childFlags(set, options);
    const process = launch(["run", ...flags, script, ...options.args ?? []], options);
    return new UnixProcess(
      process,
      flags,
      options,
      rendezvous,
      message,
      point,
      equipment,
    );
  } catch (error) {
    equipment?.release();
    point?.release();
    await rendezvous[Symbol.asyncDispose]();
    throw error;
  }
}

function launch(args: string[], options: SpawnOptions): Deno.ChildProcess {
  const command = new Deno.Command(Deno.execPath(), {
    args,
    clearEnv: true,
    env: childEnvironment(options),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: "piped",
    stdout: options.stdout ?? "inherit",
    stderr: "piped",
  });
  try {
    return command.spawn();
  } catch (cause) {
    throw new InvitationError(
      "not-started",
      `Cannot start '${Deno.execPath()}': ${cause}`,
      { cause },
    );
  }
}

/** A process that is expected on a socket. */
class UnixProcess extends ChildProcess implements Started {
  readonly point: UnixPoint | null;
  readonly #rendezvous: Rendezvous;
  readonly #message: Uint8Array<ArrayBuffer>;

  constructor(
    process: Deno.ChildProcess,
    flags: readonly string[],
    options: SpawnOptions,
    rendezvous: Rendezvous,
    message: Uint8Array<ArrayBuffer>,
    point: UnixPoint | null,
    equipment: Equipment,
  ) {
    super(process, flags, options);
    this.#rendezvous = rendezvous;
    this.#message = message;
    this.point = point;
    this.status.then(() => {
      point?.release();
      equipment.release();
    });
  }

  async accept(): Promise<Transport> {
    const accepting = this.#rendezvous.accept();
    accepting.catch(() => {}); // Reported below.
    await this.handOver(this.#message);
    const transport = await accepting;
    await this.#rendezvous[Symbol.asyncDispose]();
    return transport;
  }

  override async exited(): Promise<Deno.CommandStatus> {
    const status = await super.exited();
    await this.#rendezvous[Symbol.asyncDispose]();
    return status;
  }
}
