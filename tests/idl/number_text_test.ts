import { assertEquals } from "@std/assert";
import { floatOf, integerOf } from "../../idl/meaning/number_text.ts";

Deno.test("integerOf reads whole numbers only, and does not linger over long ones", () => {
  assertEquals([integerOf("0"), integerOf("-12"), integerOf("-0xFf")], [0n, -12n, -255n]);
  assertEquals([integerOf("1.0"), integerOf("1e3"), integerOf("")], [
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals(integerOf("9".repeat(4_000_000))! > 1n << 64n, true);
  assertEquals(integerOf(`-${"9".repeat(4_000_000)}`)! < -1n << 64n, true);
});

Deno.test("floatOf reads every number, and keeps the sign of zero", () => {
  assertEquals([floatOf("1.5e3"), floatOf("0x10"), floatOf("-2")], [1500, 16, -2]);
  assertEquals(Object.is(floatOf("-0"), -0), true);
  assertEquals(Object.is(floatOf("-0.0"), -0), true);
  assertEquals(floatOf("1e400"), Infinity);
});
