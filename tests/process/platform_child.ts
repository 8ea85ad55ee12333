/**
 * A child that is handed files, connections and listeners; see `children/platform.ts`.
 *
 * @module
 */
import {
  type Child,
  type Handle,
  Invitation,
  type Limits,
  type MessagePipe,
  type SpawnOptions,
} from "@mage/ipc";

const script = new URL("./children/platform.ts", import.meta.url);
const config = new URL("../../deno.json", import.meta.url);

/** What a child can run in and be joined over. */
export const LINKS = ["unix", "inherited", "worker"] as const;
/** One of them. */
export type Link = typeof LINKS[number];

/** What the child answered. */
export interface Answer {
  readonly text: string;
  readonly handles: Handle[];
}

/** Somebody to talk to over a pipe. */
export class Talk {
  /** The pipe. */
  readonly pipe: MessagePipe;

  constructor(pipe: MessagePipe) {
    this.pipe = pipe;
  }

  /** Has the child do something with handles. */
  async ask(text: string, ...handles: Handle[]): Promise<Answer> {
    this.pipe.write(new TextEncoder().encode(text), handles);
    const reply = await this.pipe.receive();
    if (reply === null) throw await this.pipe.closed;
    return {
      text: new TextDecoder().decode(reply.data),
      handles: reply.handles.splice(0),
    };
  }

  /** As {@linkcode ask}, for the text alone. */
  async text(text: string, ...handles: Handle[]): Promise<string> {
    return (await this.ask(text, ...handles)).text;
  }
}

/** The child. It has no permission, but for a worker, which has those of this program. */
export class PlatformChild extends Talk implements AsyncDisposable {
  /** The child itself. */
  readonly child: Child;

  private constructor(child: Child) {
    super(child.pipe);
    this.child = child;
  }

  static async start(
    link: Link,
    permissions: { read?: true; write?: true; net?: true } = {},
    limits: Partial<Limits> = {},
    more: SpawnOptions = {},
  ): Promise<PlatformChild> {
    const options = link === "worker"
      ? { link, limits, permissions: "inherit", deadlineMs: 100_000 } as const
      : { link, limits, permissions, config, ...more };
    return new PlatformChild(await Invitation.spawn(script, options));
  }

  /** Starts one that may call the operating system, and nothing else. */
  static async startWithMemory(link: "unix" | "inherited"): Promise<PlatformChild> {
    const script = new URL("./children/platform_memory.ts", import.meta.url);
    const options = { link, permissions: { ffi: true }, config } as const;
    return new PlatformChild(await Invitation.spawn(script, options));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child.close();
  }
}

/** Resolves once using what is closed by somebody says so. */
export async function untilClosed(use: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await use();
    } catch (error) {
      if (error instanceof Deno.errors.BadResource) return;
      throw error;
    }
    await new Promise((next) => setTimeout(next, 0));
  }
}

/** A file with this in it, and its path. Removed when disposed of. */
export async function temporaryFile(
  content: string | Uint8Array,
): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await Deno.makeTempFile();
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await Deno.writeFile(path, bytes);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

/** Two ends of a connection over the loopback. */
export async function connected(): Promise<[Deno.TcpConn, Deno.TcpConn]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept();
  const { port } = listener.addr as Deno.NetAddr;
  return [await Deno.connect({ hostname: "127.0.0.1", port }), await accepting];
}
