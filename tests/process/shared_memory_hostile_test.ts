import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  Invitation,
  type MemoryMapping,
  SharedBuffer,
  SharedBufferError,
} from "@mage/ipc";
import { createSharedMemory } from "@mage/ipc/memory";
import { descriptorsOf, Peer } from "./memory_peers.ts";

const CONFIG = new URL("../../deno.json", import.meta.url);

Deno.test("A peer that has the descriptor cannot make shared memory shorter", async () => {
  await using peer = await Peer.start();
  using buffer = createSharedMemory(8192);
  using mapping = await buffer.map() as MemoryMapping;
  await peer.take("there", buffer.duplicate());
  await peer.ask("unwrap there raw");
  for (const bytes of [0, 1, 8191, 8193, 1 << 20]) {
    assertEquals(
      await peer.ask(`truncate raw ${bytes}`),
      "Error: ftruncate: Operation not permitted",
    );
  }
  // Not even when it opens it anew.
  assertEquals(await peer.ask("reopen raw again"), "done");
  assertEquals(
    await peer.ask("truncate again 0"),
    "Error: ftruncate: Operation not permitted",
  );
  mapping.bytes.fill(7);
  assertEquals(mapping.bytes[8191], 7);
});

Deno.test("A peer that has a read-only descriptor cannot map it to write", async () => {
  await using peer = await Peer.start();
  using buffer = createSharedMemory(8192);
  using mapping = await buffer.map() as MemoryMapping;
  await peer.take("there", buffer.duplicate({ readOnly: true }));
  await peer.take("other", buffer.duplicate({ readOnly: true }));
  await peer.ask("map there all");
  assertEquals(await peer.ask("unwrap there raw"), `8192 read-only ${buffer.id}`);
  assertMatch(
    await peer.ask("overwrite raw"),
    /^Error: mmap: (Operation not permitted|Permission denied)$/,
  );
  assertEquals(await peer.ask("reopen raw again"), "done");
  assertEquals(
    await peer.ask("overwrite again"),
    "Error: mmap: Operation not permitted",
  );
  // It never had another one: neither did it when it first asked.
  assertEquals(await peer.ask("unwrap other first"), `8192 read-only ${buffer.id}`);
  assertMatch(
    await peer.ask("overwrite first"),
    /^Error: mmap: (Operation not permitted|Permission denied)$/,
  );
  mapping.bytes[0] = 65;
  assertEquals(await peer.ask("look all 0 1"), "A");
});

Deno.test("Memory that became read-only cannot be mapped to write by who could before", async () => {
  await using peer = await Peer.start();
  await using reader = await Peer.start();
  using buffer = createSharedMemory(8192);
  await peer.take("there", buffer);
  await peer.ask("map there before");
  await peer.ask("duplicate there copy read-only");
  await reader.take("got", await peer.give("copy"));
  assertEquals(await reader.ask("map got all"), "read-only");
  await peer.ask("unwrap there raw");
  await peer.ask("reopen raw again");
  assertEquals(
    await peer.ask("overwrite again"),
    "Error: mmap: Operation not permitted",
  );
  // What it had mapped is another matter.
  assertEquals(await peer.ask("store before 0 still"), "done");
  assertEquals(await reader.ask("look all 0 5"), "still");
});

const LIES: readonly [how: string, why: string][] = [
  ["unsealed", "its memory could be made shorter, which would kill this process"],
  [
    "sealed against growing only",
    "its memory could be made shorter, which would kill this process",
  ],
  ["short", "its memory has too few bytes"],
  ["sealed against writing", "its memory was sealed against writing"],
  ["a file", "what was left for it is no memory"],
  ["a device", "what was left for it is no memory"],
  ["a directory", "what was left for it is no memory"],
  ["huge pages", "what was left for it is no memory"],
  ["nothing", "its memory has not arrived"],
  ["with another key", "its memory has not arrived"],
  ["with a short key", "its memory has not arrived"],
];

for (const [how, why] of LIES) {
  Deno.test(`SharedBuffer.map refuses what a hostile keeper leaves: ${how}`, async () => {
    const script = new URL("./children/memory_liar.ts", import.meta.url);
    await using child = await Invitation.spawn(script, {
      config: CONFIG,
      permissions: { ffi: true },
      args: [how],
    });
    const message = (await child.pipe.receive())!;
    {
      using buffer = message.take(SharedBuffer);
      const before = await descriptorsOf(Deno.pid);
      for (let i = 0; i < 3; i++) {
        const error = await assertRejects(() => buffer.map(), SharedBufferError);
        assertEquals(error.failure, "unavailable");
        assertStringIncludes(error.message, `Cannot map shared buffer: ${why}`);
      }
      // What is read-only is memory all the same, and belongs to the handle.
      const kept = how === "sealed against writing" ? ["/memfd:lie (deleted)"] : [];
      assertEquals(await descriptorsOf(Deno.pid), [...before, ...kept].sort());
    }
    message.close();
    assertEquals((await child.close()).success, true);
  });
}
