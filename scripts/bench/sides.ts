/**
 * The two sides, each with a process of its own at the other end.
 *
 * @module
 */
import { type Child, createMessagePipe, Invitation, Receiver, Remote } from "@mage/ipc";
import { BareProcess } from "./bare_process.ts";
import { Bench } from "./bench.magen.ts";
import { FloorCaller } from "./floor.ts";
import type { Side } from "./workload.ts";

const BENCH_CHILD = new URL("./bench_child.ts", import.meta.url);
const FLOOR_CHILD = new URL("./floor_child.ts", import.meta.url);
const BARE_CHILD = new URL("./bare_child.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

/** A side and what it runs on. */
export interface RunningSide extends AsyncDisposable {
  /** The side. */
  readonly side: Side;
}

function spawnOurs(): Promise<Child> {
  return Invitation.spawn(BENCH_CHILD, { config: CONFIG });
}

/** The library, calling a child. */
export async function ours(): Promise<RunningSide> {
  const child = await spawnOurs();
  const side = remoteSide(new Remote(Bench, child.pipe));
  return { side, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

/** The floor, calling a child. */
export async function floor(): Promise<RunningSide> {
  const child = await BareProcess.start(FLOOR_CHILD);
  const caller = new FloorCaller(child.conn);
  const side: Side = {
    next: (n) => caller.next(n),
    note: (text, n) => caller.note(text, n),
    noted: () => caller.noted(),
    take: (data) => caller.take(data),
    number: (answer) => answer as number,
  };
  return {
    side,
    async [Symbol.asyncDispose]() {
      await child.conn.closeWrite();
      await caller.ended;
      await child[Symbol.asyncDispose]();
    },
  };
}

/** The library, calling a receiver in this process. */
export function local(): RunningSide {
  const [here, there] = createMessagePipe();
  let characters = 0;
  const receiver = new Receiver(Bench, {
    next: (n) => ({ n: n + 1 }),
    note: (text) => void (characters += text.length),
    noted: () => ({ characters }),
    take: (data) => ({ length: data.length }),
  }, there);
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
  await using child = await spawnOurs();
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
