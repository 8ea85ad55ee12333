import { assertEquals, assertThrows } from "@std/assert";
import { BigInteger, MAX_BIG_INT_BYTES } from "../../../core/std/big_int.ts";

const LARGEST = 2n ** BigInt(8 * MAX_BIG_INT_BYTES) - 1n;

function bytes(...values: number[]): Uint8Array {
  return new Uint8Array(values);
}

Deno.test("BigInteger sends a sign and bytes, the lowest first and no more than it takes", () => {
  const cases: [bigint, boolean, Uint8Array][] = [
    [0n, false, bytes()],
    [1n, false, bytes(1)],
    [-1n, true, bytes(1)],
    [255n, false, bytes(255)],
    [256n, false, bytes(0, 1)],
    [-0x123n, true, bytes(0x23, 1)],
    [0x0f_00_00n, false, bytes(0, 0, 0x0f)],
  ];
  for (const [value, negative, magnitude] of cases) {
    assertEquals(BigInteger.toWire(value), { negative, magnitude });
    assertEquals(BigInteger.fromWire({ negative, magnitude }), value);
  }
});

Deno.test("BigInteger gives back the largest and the smallest", () => {
  for (const value of [LARGEST, -LARGEST]) {
    const wire = BigInteger.toWire(value);
    assertEquals(wire.magnitude, new Uint8Array(MAX_BIG_INT_BYTES).fill(255));
    assertEquals(BigInteger.fromWire(wire), value);
  }
});

Deno.test("BigInteger leaves the bytes it is given as they are", () => {
  const magnitude = bytes(1, 2, 3);
  BigInteger.fromWire({ negative: false, magnitude });
  assertEquals(magnitude, bytes(1, 2, 3));
});

Deno.test("BigInteger refuses to send more bytes than it may have", () => {
  for (const value of [LARGEST + 1n, -LARGEST - 1n]) {
    assertThrows(
      () => BigInteger.toWire(value),
      RangeError,
      "A big integer must have at most 8192 bytes: received 8193",
    );
  }
});

Deno.test("BigInteger refuses a second way to send a number", () => {
  assertThrows(
    () => BigInteger.fromWire({ negative: true, magnitude: bytes() }),
    RangeError,
    "A big integer must not be a negative zero",
  );
  for (const magnitude of [bytes(0), bytes(1, 0)]) {
    assertThrows(
      () => BigInteger.fromWire({ negative: false, magnitude }),
      RangeError,
      "A big integer must not have a leading zero byte",
    );
  }
});

Deno.test("BigInteger refuses a number that is not a bigint", () => {
  assertThrows(
    () => BigInteger.toWire(1 as unknown as bigint),
    TypeError,
    "A big integer must be a bigint",
  );
});
