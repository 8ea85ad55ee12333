/**
 * What is measured, written once for both sides. Each workload runs for about as long as
 * it is told and answers with one figure.
 *
 * @module
 */

/** One side: the library or the floor. Answers are compared, so both do the work. */
export interface Side {
  /** Calls with a number; the answer is one more. */
  next(n: number): Promise<unknown>;
  /** Sends a text and a number one way. */
  note(text: string, n: number): void;
  /** Asks for the characters noted since the last time. */
  noted(): Promise<unknown>;
  /** Calls with bytes; the answer is their length. */
  take(data: Uint8Array): Promise<unknown>;
  /** The number in an answer. */
  number(answer: unknown): number;
}

/** A figure to be taken. */
export interface Workload {
  /** What `--only` selects it by. */
  readonly name: string;
  /** What it is, for people. */
  readonly title: string;
  /** The unit of its figure. */
  readonly unit: string;
  /** Which figure is the better one. */
  readonly better: "higher" | "lower";
}

/** A workload on one side. */
export interface CallWorkload extends Workload {
  /** Takes the figure in about `ms` milliseconds. */
  run(side: Side, ms: number): Promise<number>;
}

const OUTSTANDING_CALLS = 1000;
const NOTES_A_BURST = 2000;
const BURSTS_UNDER_WAY = 4;
const NOTE = "a text of thirty-two characters.";

/** Calls one at a time. Returns microseconds a call. */
async function roundTrip(side: Side, ms: number): Promise<number> {
  const start = performance.now();
  let calls = 0, answer: unknown = 1, took = 0;
  while (took < ms) {
    // The clock costs too much to be read each time.
    for (const last = calls + 64; calls < last; calls++) answer = await side.next(calls);
    took = performance.now() - start;
  }
  expect(side, answer, calls);
  return took * 1000 / calls;
}

/** Keeps 1,000 calls under way. Returns calls a second. */
async function pipelined(side: Side, ms: number): Promise<number> {
  const start = performance.now(), end = start + ms;
  let calls = 0, over = false;
  const caller = async (timing: boolean) => {
    while (!over) {
      const n = calls++;
      const answer = await side.next(n);
      if (!timing) continue;
      expect(side, answer, n + 1);
      over = performance.now() >= end;
    }
  };
  await Promise.all(Array.from({ length: OUTSTANDING_CALLS }, (_, i) => caller(i === 0)));
  return calls * 1000 / (performance.now() - start);
}

/**
 * Sends bursts of messages, some of them on their way at a time. Returns messages a
 * second.
 */
async function oneWay(side: Side, ms: number): Promise<number> {
  const start = performance.now(), end = start + ms;
  let sent = 0;
  const sender = async () => {
    while (performance.now() < end) {
      for (let i = 0; i < NOTES_A_BURST; i++) side.note(NOTE, i);
      sent += NOTES_A_BURST;
      expect(side, await side.noted(), NOTES_A_BURST * NOTE.length);
    }
  };
  // Enough of them that neither process waits for the other's answer.
  await Promise.all(Array.from({ length: BURSTS_UNDER_WAY }, sender));
  return sent * 1000 / (performance.now() - start);
}

/**
 * Keeps `outstanding` calls with `size` bytes each under way. Returns megabytes a
 * second.
 */
async function bulk(
  side: Side,
  ms: number,
  size: number,
  outstanding: number,
): Promise<number> {
  const data = new Uint8Array(size).fill(0x5a);
  const start = performance.now(), end = start + ms;
  let calls = 0;
  const caller = async () => {
    while (performance.now() < end) {
      calls++;
      expect(side, await side.take(data), size);
    }
  };
  await Promise.all(Array.from({ length: outstanding }, caller));
  return calls * size / 1000 / (performance.now() - start);
}

function expect(side: Side, answer: unknown, value: number): void {
  const number = side.number(answer);
  if (number !== value) {
    throw new Error(`Expected the answer ${value}: received ${number}`);
  }
}

/** Calls from one process to another. */
export const CALL_WORKLOADS: readonly CallWorkload[] = [
  {
    name: "round-trip",
    title: "round trip, int to int",
    unit: "µs",
    better: "lower",
    run: roundTrip,
  },
  {
    name: "calls",
    title: "calls, 1,000 outstanding",
    unit: "k/s",
    better: "higher",
    run: async (side, ms) => await pipelined(side, ms) / 1000,
  },
  {
    name: "one-way",
    title: "one-way, 32 chars and int",
    unit: "k/s",
    better: "higher",
    run: async (side, ms) => await oneWay(side, ms) / 1000,
  },
  {
    name: "64k",
    title: "64 KiB a call, 8 outstanding",
    unit: "MB/s",
    better: "higher",
    run: (side, ms) => bulk(side, ms, 64 * 1024, 8),
  },
  {
    name: "1m",
    title: "1 MiB a call, 4 outstanding",
    unit: "MB/s",
    better: "higher",
    run: (side, ms) => bulk(side, ms, 1024 * 1024, 4),
  },
];

/**
 * Calls within one node, where the floor would be a plain function: only the library is
 * measured.
 */
export const LOCAL_WORKLOAD: CallWorkload = {
  name: "local",
  title: "call inside one node",
  unit: "µs",
  better: "lower",
  run: roundTrip,
};

/** From starting a child to its first answer. */
export const SPAWN_WORKLOAD: Workload = {
  name: "spawn",
  title: "spawn to first answer",
  unit: "ms",
  better: "lower",
};
