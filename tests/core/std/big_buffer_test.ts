import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { createSharedBuffer, type SharedBuffer } from "../../../transports/child.ts";
import { takeBytes } from "../../../core/std/big_buffer.ts";

async function sharedBuffer(...bytes: number[]): Promise<SharedBuffer> {
  const buffer = createSharedBuffer(bytes.length);
  using mapping = await buffer.map();
  mapping.writeAt(0, new Uint8Array(bytes));
  return buffer;
}

Deno.test("takeBytes gives the bytes that came with the message themselves", async () => {
  const value = new Uint8Array([1, 2, 3]);
  assert(await takeBytes({ kind: "bytes", value }) === value);
});

Deno.test("takeBytes copies those of a shared buffer and closes it", async () => {
  const value = await sharedBuffer(4, 5, 6);
  using other = value.duplicate();
  using mapping = await other.map();
  const bytes = await takeBytes({ kind: "shared", value });
  mapping.writeAt(0, new Uint8Array([9, 9, 9]));
  assertEquals(bytes, new Uint8Array([4, 5, 6]));
  assertFalse(value.isHeld);
});

Deno.test("takeBytes refuses more bytes than it may take, and closes the buffer", async () => {
  const value = await sharedBuffer(4, 5, 6);
  for (const buffer of [{ kind: "shared", value }, bytesOf(3)] as const) {
    await assertRejects(
      () => takeBytes(buffer, { maxBytes: 2 }),
      RangeError,
      "Cannot take bytes: there may be at most 2: received 3",
    );
  }
  assertFalse(value.isHeld);
  assertEquals((await takeBytes(bytesOf(2), { maxBytes: 2 })).length, 2);
});

function bytesOf(length: number): { kind: "bytes"; value: Uint8Array } {
  return { kind: "bytes", value: new Uint8Array(length) };
}
