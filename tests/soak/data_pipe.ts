/**
 * A gigabyte through a data pipe between processes, while the reader stops at random and either end moves
 * on to another process in the middle of it: every byte has to be right, and memory has to stay bounded.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import {
  type Child,
  createDataPipe,
  type Handle,
  Invitation,
  type Message,
} from "@mage/ipc";
import { ByteFlow } from "./byte_flow.ts";

const HELP = `Streams through a data pipe whose ends move from process to process.

Usage: deno task soak [--megabytes N] [--capacity BYTES] [--moves N]

  --megabytes N     how much, in MiB (default 1024)
  --capacity BYTES  of the data pipe (default 1048576)
  --moves N         how often each end moves (default 3)
  --help            prints this

Ends with 1 when a byte is wrong, or when a process takes more memory than the capacity and 48 MiB.
`;

/** What a process may take beside the capacity: buffers of links, and what V8 has not collected yet. */
const CONSTANT_BYTES = 48 * 1024 * 1024;
const MEMBER = new URL("./flow_member.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

/** What came of it. */
export interface Soak {
  /** Bytes that went through. */
  readonly bytes: number;
  /** The hashes of what was written and of what was read. */
  readonly hashes: readonly [number, number];
  /** The most memory that a process took while it had an end, beside what it had before. */
  readonly mostBytes: number;
  /** What it may take. */
  readonly allowedBytes: number;
}

/** An end on its way through the processes, and how far its flow is. */
class Traveler {
  flow = new ByteFlow();
  mostBytes = 0;
  readonly #members: readonly Child[];
  #end: Handle;

  constructor(members: readonly Child[], end: Handle) {
    this.#members = members;
    this.#end = end;
  }

  /** Has members work on the flow in turn, each up to a point near its share, until all is through. */
  async travel(total: number, moves: number): Promise<void> {
    for (let move = 0; move <= moves; move++) {
      const share = (move + 0.5 + Math.random()) / (moves + 1);
      const until = move === moves
        ? total
        : Math.min(total, 4 * Math.floor(total * share / 4));
      const { pipe } = this.#members[move % this.#members.length]!;
      const order = new DataView(new ArrayBuffer(24));
      order.setFloat64(0, until);
      this.flow.write(order, 8);
      pipe.write(new Uint8Array(order.buffer), [this.#end]);
      const answer = await pipe.receive();
      if (answer === null) throw await pipe.closed;
      this.#take(answer);
    }
    this.#end.close();
  }

  #take(answer: Message): void {
    const view = new DataView(answer.data.buffer);
    this.flow = ByteFlow.read(view, 8);
    this.mostBytes = Math.max(this.mostBytes, view.getFloat64(24));
    this.#end = answer.handles[0]!;
  }
}

/** Streams `bytes`, with each end moved `moves` times. */
export async function soakDataPipe(
  bytes: number,
  capacity: number,
  moves: number,
): Promise<Soak> {
  await using running = new AsyncDisposableStack();
  const members: Child[] = [];
  for (let i = 0; i < 4; i++) {
    members.push(
      running.use(await Invitation.spawn(MEMBER, { config: CONFIG, siblings: true })),
    );
  }
  const [producer, consumer] = createDataPipe({ elementSize: 4, capacity });
  const writer = new Traveler(members.slice(0, 2), producer);
  const reader = new Traveler(members.slice(2), consumer);
  await Promise.all([writer.travel(bytes, moves), reader.travel(bytes, moves)]);
  return {
    bytes: reader.flow.position,
    hashes: [writer.flow.hash, reader.flow.hash],
    mostBytes: Math.max(writer.mostBytes, reader.mostBytes),
    allowedBytes: capacity + CONSTANT_BYTES,
  };
}

/** Runs the command. Returns its exit code. */
async function run(args: readonly string[]): Promise<number> {
  const unknown: string[] = [];
  const options = parseArgs(args, {
    boolean: ["help"],
    string: ["megabytes", "capacity", "moves"],
    unknown: (arg) => void unknown.push(arg),
  });
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const numbers = [
    options.megabytes ?? 1024,
    options.capacity ?? 1_048_576,
    options.moves ?? 3,
  ].map(Number);
  if (unknown.length > 0 || numbers.some((n) => !Number.isInteger(n) || n < 0)) {
    console.error(HELP);
    return 2;
  }
  const [megabytes, capacity, moves] = numbers as [number, number, number];
  const start = performance.now();
  const soak = await soakDataPipe(megabytes * 1024 * 1024, capacity, moves);
  const seconds = (performance.now() - start) / 1000;
  const [written, read] = soak.hashes.map((hash) => (hash >>> 0).toString(16));
  console.log(
    `${soak.bytes} bytes in ${
      seconds.toFixed(1)
    } s, hash written ${written} read ${read}, ` +
      `either end moved ${moves} times, ` +
      `most memory taken ${soak.mostBytes} of ${soak.allowedBytes} bytes`,
  );
  return written === read && soak.mostBytes <= soak.allowedBytes ? 0 : 1;
}

if (import.meta.main) Deno.exit(await run(Deno.args));
