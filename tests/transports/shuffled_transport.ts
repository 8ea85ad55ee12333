/**
 * A transport within one isolate whose bytes travel on their own: a seed decides in what pieces, and
 * after how many microtasks, so that what happens in the two directions crosses in every way.
 *
 * @module
 */
import { Lane, type MemoryOptions, MemoryTransport } from "../../transports/memory.ts";
import { Random } from "../sim/random.ts";

/** Both ends, and what ends the direction that each writes. */
export interface ShuffledPair {
  readonly transports: [MemoryTransport, MemoryTransport];
  readonly endWrites: [() => void, () => void];
}

/** Joins two ends. The same seed and the same use give the same run. */
export function shuffledTransports(
  seed: number,
  options: MemoryOptions = { roomBytes: 65_536 },
): ShuffledPair {
  const random = new Random(seed);
  const [sent0, sent1, arrived0, arrived1] = Array.from(
    { length: 4 },
    () => new Lane(options),
  ) as [Lane, Lane, Lane, Lane];
  carry(sent0, arrived1, random);
  carry(sent1, arrived0, random);
  return {
    transports: [
      new MemoryTransport(arrived0, sent0),
      new MemoryTransport(arrived1, sent1),
    ],
    endWrites: [() => sent0.end(), () => sent1.end()],
  };
}

/** Moves bytes from where they were written to where they are read. */
async function carry(from: Lane, to: Lane, random: Random): Promise<void> {
  const buffer = new Uint8Array(65_536);
  try {
    for (;;) {
      const most = random.pick([1, 8, 100, 4096, buffer.length]);
      const count = await from.read(buffer.subarray(0, 1 + random.below(most)));
      for (let turns = random.below(20); turns > 0; turns--) await null;
      if (count === null) return to.end();
      for (let at = 0; at < count;) {
        at += await to.write(buffer.subarray(at, count));
      }
    }
  } catch {
    // Nobody reads over there any more, and soon nobody writes here.
    from.abandon();
  }
}
