import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Child, createSharedBuffer, Invitation, SharedBuffer } from "@mage/ipc";

const CHILD = new URL("./children/memory_thread.ts", import.meta.url);
const config = new URL("../../deno.json", import.meta.url);

function worker(): Promise<Child> {
  return Invitation.spawn(CHILD, { link: "worker", permissions: "inherit" });
}

async function tell(
  child: Child,
  what: string,
  ...handles: SharedBuffer[]
): Promise<{ text: string; handles: SharedBuffer[] }> {
  child.pipe.write(new TextEncoder().encode(what), handles);
  const { data, handles: got } = (await child.pipe.receive())!;
  return { text: new TextDecoder().decode(data), handles: got as SharedBuffer[] };
}

async function read(buffer: SharedBuffer, length: number): Promise<string> {
  using mapping = await buffer.map(0, length);
  const bytes = new Uint8Array(length);
  mapping.readAt(0, bytes);
  return new TextDecoder().decode(bytes);
}

Deno.test("SharedBuffer is memory that this thread and its worker both have", async () => {
  await using child = await worker();
  using buffer = createSharedBuffer(16);
  // One after the other, over the same ports.
  for (let i = 0; i < 3; i++) {
    using fresh = createSharedBuffer(16);
    assertEquals((await tell(child, "map", fresh.duplicate())).text, "memory unsafe");
    assertEquals(await read(fresh, 5), "\0here");
  }
  const [one, two] = await Promise.all(
    [buffer.duplicate(), buffer.duplicate()].map((each) => tell(child, "map", each)),
  );
  assertEquals([one!.text, two!.text], ["memory unsafe", "memory unsafe"]);
});

Deno.test("SharedBuffer of a worker is memory for its launcher, and for the worker beside it", async () => {
  await using maker = await worker();
  await using other = await worker();
  const { handles: [buffer] } = await tell(maker, "create");
  assert(buffer instanceof SharedBuffer);
  assertEquals(await read(buffer, 10), "made there");
  assertEquals((await tell(other, "map", buffer.duplicate())).text, "memory unsafe");
  assertEquals(await read(buffer, 10), "mherethere");
  buffer.close();
});

Deno.test("SharedBuffer is memory for a worker of a worker", async () => {
  await using child = await worker();
  using buffer = createSharedBuffer(16);
  assertEquals((await tell(child, "pass", buffer.duplicate())).text, "memory unsafe");
  assertEquals(await read(buffer, 5), "\0here");
  // And the other way, to one that is nobody's neighbor.
  await using maker = await worker();
  const { handles: [made] } = await tell(maker, "create");
  assertEquals((await tell(child, "pass", made!.duplicate())).text, "memory unsafe");
  assertEquals(await read(made!, 10), "mherethere");
  made!.close();
});

Deno.test("SharedBuffer of threads stays in its process, and says what to use instead", async () => {
  await using child = await Invitation.spawn(CHILD, { config });
  using buffer = createSharedBuffer(16);
  const { text } = await tell(child, "map", buffer.duplicate());
  assertStringIncludes(text, "make it with createSharedFile");
});

Deno.test("SharedBuffer.map rejects when the worker that keeps the memory has ended", async () => {
  const maker = await worker();
  const { handles: [buffer] } = await tell(maker, "create");
  maker.kill();
  await maker.status;
  const error = await buffer!.map().then(() => null, (error) => error);
  assertEquals(error?.code, "lost");
  buffer!.close();
  await maker.close();
});
