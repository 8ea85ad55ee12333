import { assertEquals } from "@std/assert";
import { Lane, type MemoryOptions, MemoryTransport } from "../../transports/memory.ts";
import { type Kit, localEnd, transportContract } from "./contract.ts";

function kit(options: MemoryOptions): Kit {
  return {
    pair: () => {
      const there = new Lane(options), back = new Lane(options);
      return [
        localEnd(new MemoryTransport(back, there), () => there.end()),
        localEnd(new MemoryTransport(there, back), () => back.end()),
      ];
    },
  };
}

const odd = { roomBytes: 51_001, writeBytes: 1001 };
transportContract("MemoryTransport", { kit: () => kit({}), boundBytes: 256 * 1024 });
transportContract("MemoryTransport with odd room", {
  kit: () => kit(odd),
  boundBytes: odd.roomBytes,
});

Deno.test("MemoryTransport takes no more than its room, even for a reader that waits", async () => {
  const lane = new Lane({ roomBytes: 8 });
  const reading = lane.read(new Uint8Array(100));
  assertEquals(await lane.write(new Uint8Array(100)), 8);
  assertEquals(await reading, 8);
});
