import { assertEquals, assertStrictEquals } from "@std/assert";
import { Encoder } from "../../../core/wire/encoder.ts";

const KIB = 1024, MIB = 1024 * KIB;

/** Whether a buffer of that size, of which so much was used, is used again. */
function isKept(size: number, used: number): boolean {
  const out = new Encoder(MIB, 64), taken = new Uint8Array(size).subarray(0, used);
  out.recycle(taken);
  out.take();
  return out.bytes.buffer === taken.buffer;
}

Deno.test("Encoder.recycle keeps up to 256 KiB however little of it was used", () => {
  assertEquals(isKept(256 * KIB, 1), true);
  assertEquals(isKept(256 * KIB + 8, 1), false);
});

Deno.test("Encoder.recycle keeps up to 8 MiB of which more than an eighth was used", () => {
  assertEquals(isKept(8 * MIB, MIB + 1), true);
  assertEquals(isKept(8 * MIB, MIB), false);
  assertEquals(isKept(8 * MIB + 8, 8 * MIB), false);
});

Deno.test("Encoder.rewind lets go of a buffer above 256 KiB and of no smaller one", () => {
  for (const [size, kept] of [[256 * KIB, true], [256 * KIB + 8, false]] as const) {
    const out = new Encoder(MIB, size), { bytes } = out;
    out.at = 8;
    out.rewind();
    assertEquals(out.at, 0);
    assertEquals(out.bytes === bytes, kept);
    assertStrictEquals(out.view.buffer, out.bytes.buffer);
  }
});
