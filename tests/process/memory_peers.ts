/**
 * Children that do with shared memory what they are told, and what the operating system says of a process.
 *
 * @module
 */
import { type Child, type Handle, Invitation, SharedBuffer } from "@mage/ipc";
import type { SpawnOptions } from "@mage/ipc";

const SCRIPT = new URL("./children/memory_peer.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

/** A child, and the words it understands. */
export class Peer implements AsyncDisposable {
  /** The process. */
  readonly child: Child;

  private constructor(child: Child) {
    this.child = child;
  }

  /** Starts one that may use `ffi`, unless `options` says something else. */
  static async start(options: SpawnOptions = {}): Promise<Peer> {
    const own: SpawnOptions = options.link === "worker"
      ? { permissions: "inherit" }
      : { config: CONFIG, permissions: { ffi: true }, stderr: "null" };
    return new Peer(await Invitation.spawn(SCRIPT, { ...own, ...options }));
  }

  /** Tells it something. What it says to that. */
  async ask(words: string, handles: Handle[] = []): Promise<string> {
    const { pipe } = this.child;
    pipe.write(new TextEncoder().encode(words), handles);
    const message = await pipe.receive();
    if (message === null) throw await pipe.closed;
    const text = new TextDecoder().decode(message.data);
    message.close();
    return text;
  }

  /** Gives it a buffer by that name. */
  async take(name: string, buffer: SharedBuffer): Promise<void> {
    await this.ask(`take ${name}`, [buffer]);
  }

  /** Gets a buffer from it. */
  async give(name: string): Promise<SharedBuffer> {
    const { pipe } = this.child;
    pipe.write(new TextEncoder().encode(`give ${name}`));
    return (await pipe.receive())!.take(SharedBuffer);
  }

  /** Tells it to do what it does not survive. How it ended. */
  async ends(words: string): Promise<Deno.CommandStatus> {
    this.child.pipe.write(new TextEncoder().encode(words));
    return await this.child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
  }
}

async function shell(script: string): Promise<string> {
  const output = await new Deno.Command("sh", { args: ["-c", script], stderr: "null" })
    .output();
  return new TextDecoder().decode(output.stdout);
}

/**
 * What the descriptors of a process stand for, of those that are sockets, memory or files. Pipes and
 * /dev/null come and go with what is run to find out.
 */
export async function descriptorsOf(pid: number): Promise<string[]> {
  const links = await shell(`ls -l /proc/${pid}/fd`);
  return [...links.matchAll(/-> (socket:\S+|\/(?!dev\/null).*)/g)]
    .map((match) => match[1]!).sort();
}

/** The bytes of addresses that a process has in use. */
export async function addressBytesOf(pid: number): Promise<number> {
  const status = await shell(`cat /proc/${pid}/status`);
  return Number(/^VmSize:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
}
