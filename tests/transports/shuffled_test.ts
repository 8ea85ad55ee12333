import { assertEquals, assertNotEquals } from "@std/assert";
import { type Kit, localEnd, transportContract } from "./contract.ts";
import { piece, writeAll } from "./flow.ts";
import { shuffledTransports } from "./shuffled_transport.ts";

function kit(seed: number): Kit {
  return {
    pair: () => {
      const { transports, endWrites } = shuffledTransports(seed++);
      return [
        localEnd(transports[0], endWrites[0]),
        localEnd(transports[1], endWrites[1]),
      ];
    },
  };
}

for (const seed of [1, 1000, 2000]) {
  transportContract(`shuffledTransports(${seed})`, {
    kit: () => kit(seed),
    // Two queues and what is on its way between them.
    boundBytes: 3 * 65_536,
  });
}

Deno.test("shuffledTransports cuts a stream as its seed says, and always the same", async () => {
  const cuts = async (seed: number) => {
    const { transports: [one, two] } = shuffledTransports(seed);
    const writing = writeAll(one, piece(1, 0, 50_000)).then(() => one.close());
    const counts: number[] = [], into = new Uint8Array(5000);
    for (let count = await two.read(into); count !== null; count = await two.read(into)) {
      counts.push(count);
    }
    await writing;
    return counts;
  };
  assertEquals(await cuts(7), await cuts(7));
  assertNotEquals(await cuts(7), await cuts(8));
});
