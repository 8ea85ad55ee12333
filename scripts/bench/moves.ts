/**
 * What it costs to move endpoints about between processes, and what a call costs meanwhile and afterwards.
 *
 * @module
 */
import { type Child, createMessagePipe, Invitation, Remote } from "@mage/ipc";
import { Mover } from "./mover.magen.ts";
import { usedBytes } from "./mover_methods.ts";
import { Series } from "./report.ts";
import type { Workload } from "./workload.ts";

const MOVER_CHILD = new URL("./mover_child.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

/** Processes that an endpoint is moved along. */
const NODES = 8;
const PIPES = 1000;
const PIPES_A_MESSAGE = 50;
/** Repetitions of what is timed one by one, in a round. */
const REPETITIONS = 200;
/** Calls until a route is sure to have found its shortest way. */
const SETTLING_CALLS = 30;

/** More endpoints than there ever are. */
const MANY = 2 ** 31 - 1;

/** The lines of the report: title and unit, by name. */
const LINES = {
  "call": ["call to another process", "µs"],
  "swap": ["call that takes an endpoint there and back", "µs"],
  "moved": ["call behind a move to a third process", "µs"],
  "move-settled": ["call once that move has settled", "µs"],
  "chain": [`call behind ${NODES} moves in a row`, "µs"],
  "chain-settled": [`call once those ${NODES} have settled`, "µs"],
  "create": [`${PIPES} pipes: create and send one end`, "µs each"],
  "call-all": [`${PIPES} pipes: first call on each, all at once`, "µs each"],
  "call-all-again": [`${PIPES} pipes: second call on each`, "µs each"],
  "close": [`${PIPES} pipes: close, until the other side knows`, "µs each"],
  "bytes-here": ["memory of a pipe, with its remote, here", "bytes"],
  "bytes-there": ["memory of a pipe, with its receiver, there", "bytes"],
} as const;

/** The name of one. */
type Line = keyof typeof LINES;

/** Takes a figure down. */
type Add = (line: Line, figure: number) => void;

/** Processes in a ring: an endpoint moves on from each to the next one. */
class Ring implements AsyncDisposable {
  readonly #children: Child[] = [];
  readonly movers: Remote<Mover>[] = [];

  static async start(nodes: number): Promise<Ring> {
    const ring = new Ring();
    for (let i = 0; i < nodes; i++) {
      const child = await Invitation.spawn(MOVER_CHILD, {
        config: CONFIG,
        siblings: true,
      });
      ring.#children.push(child);
      ring.movers.push(new Remote(Mover, child.pipe));
    }
    for (const [i, mover] of ring.movers.entries()) {
      const [here, there] = createMessagePipe();
      ring.movers[(i + 1) % nodes]!.serve(there);
      await mover.setSuccessor(here);
    }
    return ring;
  }

  /** A remote whose receiver is at the first process. */
  async remote(): Promise<Remote<Mover>> {
    const [here, there] = createMessagePipe();
    this.movers[0]!.serve(there);
    const remote = new Remote(Mover, here);
    await settle(remote);
    return remote;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map((child) => child.close()));
  }
}

async function settle(remote: Mover): Promise<void> {
  for (let i = 0; i < SETTLING_CALLS; i++) await remote.next(i);
}

/** Microseconds that `body` takes. */
async function timed(body: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await body();
  return (performance.now() - start) * 1000;
}

async function takeCalls(ring: Ring, add: Add) {
  using remote = await ring.remote();
  const call = await timed(async () => {
    for (let i = 0; i < REPETITIONS; i++) await remote.next(i);
  });
  const [kept, given] = createMessagePipe();
  let pipe = given;
  const swap = await timed(async () => {
    for (let i = 0; i < REPETITIONS; i++) pipe = (await remote.swap(pipe)).pipe;
  });
  kept.close();
  pipe.close();
  add("call", call / REPETITIONS);
  add("swap", swap / REPETITIONS);
}

/** Moves a receiver so many processes further, with a call behind it. */
async function takeMoves(
  ring: Ring,
  moves: number,
  behind: Line,
  settled: Line,
  add: Add,
) {
  using remote = await ring.remote();
  // Every process has its link to the next one before anything is timed.
  for (const _ of ring.movers) remote.moveOn();
  await settle(remote);
  let moving = 0, calling = 0;
  for (let i = 0; i < REPETITIONS; i++) {
    moving += await timed(async () => {
      for (let move = 0; move < moves; move++) remote.moveOn();
      await remote.next(i);
    });
    await settle(remote);
    calling += await timed(async () => {
      for (let call = 0; call < 10; call++) await remote.next(call);
    }) / 10;
  }
  add(behind, moving / REPETITIONS);
  add(settled, calling / REPETITIONS);
}

async function takePipes(ring: Ring, add: Add) {
  const mover = ring.movers[0]!;
  const { count: before } = await mover.served(MANY);
  const here = usedBytes(), { bytes: there } = await mover.usedBytes();
  const remotes: Remote<Mover>[] = [];
  const create = await timed(async () => {
    for (let i = 0; i < PIPES; i += PIPES_A_MESSAGE) {
      const pipes = Array.from({ length: PIPES_A_MESSAGE }, createMessagePipe);
      remotes.push(...pipes.map(([kept]) => new Remote(Mover, kept)));
      mover.serveAll(pipes.map(([, given]) => given));
    }
    await mover.next(0);
  });
  const callAll = () => timed(() => Promise.all(remotes.map((remote) => remote.next(1))));
  add("create", create / PIPES);
  add("call-all", await callAll() / PIPES);
  add("call-all-again", await callAll() / PIPES);
  add("bytes-here", (usedBytes() - here) / PIPES);
  add("bytes-there", ((await mover.usedBytes()).bytes - there) / PIPES);
  const close = await timed(async () => {
    for (const remote of remotes) remote.$.close();
    await mover.served(before);
  });
  add("close", close / PIPES);
}

/** Takes the figures of `rounds` rounds, after one to warm up. */
export async function measureMoves(
  rounds: number,
  progress: (line: string) => void,
): Promise<Series[]> {
  const all = new Map<Line, Series>();
  for (const [name, [title, unit]] of Object.entries(LINES)) {
    const workload: Workload = { name, title, unit, better: "lower" };
    all.set(name as Line, new Series(workload));
  }
  const measure = async (
    nodes: number,
    what: string,
    take: (ring: Ring, add: Add) => Promise<void>,
  ) => {
    await using ring = await Ring.start(nodes);
    for (let round = 0; round <= rounds; round++) {
      progress(`round ${round} of ${rounds}: ${what}`);
      await take(ring, (line, figure) => {
        if (round > 0) all.get(line)!.ours.push(figure);
      });
    }
  };
  // Of two processes, so that either does it often enough to have compiled what it takes.
  await measure(2, "a move", async (ring, add) => {
    await takeCalls(ring, add);
    await takeMoves(ring, 1, "moved", "move-settled", add);
    await takePipes(ring, add);
  });
  await measure(NODES, `${NODES} moves in a row`, async (ring, add) => {
    await takeMoves(ring, NODES, "chain", "chain-settled", add);
  });
  progress("");
  return [...all.values()];
}
