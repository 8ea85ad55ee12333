/**
 * The two sides, each with a process of its own at the other end.
 *
 * @module
 */
import type { Socket } from "node:net";
import {
  createMessagePipe,
  Invitation,
  Receiver,
  Remote,
  type SpawnOptions,
} from "@mage/ipc";
import { BareProcess } from "./bare_process.ts";
import { Bench } from "./bench.magen.ts";
import { benchMethods } from "./bench_methods.ts";
import { FloorCaller, type FloorStream } from "./floor.ts";
import type { Side } from "./workload.ts";

const BENCH_CHILD = new URL("./bench_child.ts", import.meta.url);
const FLOOR_CHILD = new URL("./floor_child.ts", import.meta.url);
const FLOOR_INHERITED_CHILD = new URL("./floor_inherited_child.ts", import.meta.url);
const FLOOR_WORKER = new URL("./floor_worker.ts", import.meta.url);
const BENCH_PORT_WORKER = new URL("./bench_port_worker.ts", import.meta.url);
const BARE_CHILD = new URL("./bare_child.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

/** A side and what it runs on. */
export interface RunningSide extends AsyncDisposable {
  /** The side. */
  readonly side: Side;
}

/** What joins two processes or threads; `port` is a worker's where memory cannot be shared. */
export type Link = "unix" | "inherited" | "worker" | "port";

/** All of them. */
export const LINKS: readonly Link[] = ["unix", "inherited", "worker", "port"];

const LAUNCHES: Readonly<Record<Exclude<Link, "port">, SpawnOptions>> = {
  unix: { config: CONFIG },
  inherited: { config: CONFIG, link: "inherited" },
  worker: { link: "worker", permissions: "inherit" },
};

/** The library, calling a child over `link`. */
export async function ours(link: Link = "unix"): Promise<RunningSide> {
  if (link === "port") return await oursOverPort();
  const child = await Invitation.spawn(BENCH_CHILD, LAUNCHES[link]);
  const side = remoteSide(new Remote(Bench, child.pipe));
  return { side, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

async function oursOverPort(): Promise<RunningSide> {
  const { port, worker } = await workerWithPort(BENCH_PORT_WORKER);
  const joined = await Invitation.send({ port });
  return {
    side: remoteSide(new Remote(Bench, joined.pipe)),
    async [Symbol.asyncDispose]() {
      await joined.close();
      worker.terminate();
    },
  };
}

/** The floor, over the same kind of link. */
export async function floor(link: Link = "unix"): Promise<RunningSide> {
  const { stream, end } = await FLOOR_STREAMS[link]();
  const caller = new FloorCaller(stream);
  const side: Side = {
    next: (n) => caller.next(n),
    note: (text, n) => caller.note(text, n),
    noted: () => caller.noted(),
    take: (data) => caller.take(data),
    number: (answer) => answer as number,
  };
  return { side, [Symbol.asyncDispose]: () => end(caller) };
}

/** A stream to a process or thread that serves the floor, and how to end both. */
interface FloorEnd {
  readonly stream: FloorStream;
  end(caller: FloorCaller): Promise<void>;
}

const FLOOR_STREAMS: Readonly<Record<Link, () => Promise<FloorEnd>>> = {
  async unix() {
    const child = await BareProcess.start(FLOOR_CHILD);
    return {
      stream: child.conn,
      async end(caller) {
        await child.conn.closeWrite();
        await caller.ended;
        await child[Symbol.asyncDispose]();
      },
    };
  },

  async inherited() {
    const { spawn } = await import("node:child_process");
    const { SocketStream } = await import("./floor_streams.ts");
    const child = spawn(
      Deno.execPath(),
      // Named one by one: without any, node:child_process grants everything.
      // deno-fmt-ignore
      [
        "run", "--no-prompt", "--cached-only", "--quiet", "--no-config",
        "--deny-run", "--deny-ffi", "--deny-env",
        decodeURIComponent(FLOOR_INHERITED_CHILD.pathname),
      ],
      { stdio: ["ignore", "inherit", "inherit", "pipe"] },
    );
    const socket = (child.stdio as unknown as Socket[])[3]!;
    const stream = new SocketStream(socket);
    const exited = new Promise<void>((resolve) => child.on("exit", () => resolve()));
    return {
      stream,
      async end() {
        child.kill("SIGKILL");
        await exited;
        stream.close();
      },
    };
  },

  async worker() {
    const { RingStream, floorRing } = await import("./floor_streams.ts");
    const worker = await startWorker(FLOOR_WORKER), shared = floorRing();
    worker.postMessage(shared);
    return { stream: new RingStream(shared, 0), end: () => terminate(worker) };
  },

  async port() {
    const { PortStream } = await import("./floor_streams.ts");
    const { port, worker } = await workerWithPort(FLOOR_WORKER);
    return { stream: new PortStream(port), end: () => terminate(worker, port) };
  },
};

async function startWorker(script: URL): Promise<Worker> {
  const worker = new Worker(script, { type: "module" });
  await new Promise((resolve) => worker.onmessage = resolve);
  return worker;
}

async function workerWithPort(
  script: URL,
): Promise<{ worker: Worker; port: MessagePort }> {
  const worker = await startWorker(script), { port1, port2 } = new MessageChannel();
  worker.postMessage(port2, [port2]);
  return { worker, port: port1 };
}

function terminate(worker: Worker, port?: MessagePort): Promise<void> {
  port?.close();
  worker.terminate();
  return Promise.resolve();
}

/** The library, calling a receiver in this process. */
export function local(): RunningSide {
  const [here, there] = createMessagePipe();
  const receiver = new Receiver(Bench, benchMethods(), there);
  const remote = new Remote(Bench, here);
  return {
    side: remoteSide(remote),
    [Symbol.asyncDispose]() {
      remote.$.close();
      receiver.close();
      return Promise.resolve();
    },
  };
}

function remoteSide(remote: Bench): Side {
  return {
    next: (n) => remote.next(n),
    note: (text, n) => remote.note(text, n),
    noted: () => remote.noted(),
    take: (data) => remote.take(data),
    number: (answer) => Object.values(answer as Record<string, number>)[0]!,
  };
}

/** Starts a child with the library. Returns the milliseconds until its first answer. */
export async function startOurs(): Promise<number> {
  const start = performance.now();
  await using child = await Invitation.spawn(BENCH_CHILD, LAUNCHES.unix);
  await new Remote(Bench, child.pipe).next(1);
  return performance.now() - start;
}

/** Starts a child without it. Returns the milliseconds until its first answer. */
export async function startBare(): Promise<number> {
  const start = performance.now();
  await using child = await BareProcess.start(BARE_CHILD);
  await child.conn.write(new Uint8Array(8));
  for (let have = 0; have < 8;) have += await child.conn.read(new Uint8Array(8)) ?? 8;
  return performance.now() - start;
}
