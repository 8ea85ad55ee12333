/**
 * How many bytes a second go through something, beside what else they could go through.
 *
 * @module
 */
import { Series } from "./report.ts";

const MIB = 1024 * 1024;
/** What goes through to warm up. */
const WARM_UP_BYTES = 32 * MIB;

/** Moves so many bytes. */
export type Move = (bytes: number) => void | Promise<void>;

/** What is measured. */
export interface Throughput {
  readonly name: string;
  readonly title: string;
  readonly ours: Move;
  /** What it is measured beside, if anything. */
  readonly floor: Move | null;
}

/** Memory copied within this process, `chunk` by chunk, over and over into `size` bytes. */
export function copies(chunk: Uint8Array, size: number): Move {
  const into = new Uint8Array(size);
  return (bytes) => {
    for (let sent = 0; sent < bytes; sent += chunk.length) into.set(chunk, sent % size);
  };
}

/** Takes the figures of `rounds` rounds of `bytes` bytes each, after one to warm up. */
export async function measureThroughput(
  all: readonly Throughput[],
  bytes: number,
  rounds: number,
  progress: (line: string) => void,
): Promise<Series[]> {
  const figures = all.map(({ name, title, ours, floor }) => ({
    series: new Series({ name, title, unit: "MB/s", better: "higher" }),
    ours,
    floor,
  }));
  for (let round = 0; round <= rounds; round++) {
    for (const { series, ours, floor } of figures) {
      progress(`round ${round} of ${rounds}: ${series.workload.title}`);
      const size = round === 0 ? WARM_UP_BYTES : bytes;
      const floorRate = floor === null ? null : await rate(size, floor);
      const ourRate = await rate(size, ours);
      if (round === 0) continue;
      series.ours.push(ourRate);
      if (floorRate !== null) series.floor.push(floorRate);
    }
  }
  progress("");
  return figures.map(({ series }) => series);
}

/** Megabytes a second. */
async function rate(bytes: number, move: Move): Promise<number> {
  const start = performance.now();
  await move(bytes);
  return bytes / 1000 / (performance.now() - start);
}
