import { assertEquals, assertThrows } from "@std/assert";
import { UuidText } from "../../../core/std/uuid.ts";

Deno.test("UuidText sends the sixteen bytes in the order they are written in", () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 16 + 15 - i);
  const text = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
  assertEquals(UuidText.toWire(text), { bytes });
  assertEquals(UuidText.fromWire({ bytes }), text);
});

Deno.test("UuidText gives back what crypto.randomUUID gives, and the two that are special", () => {
  const nil = "00000000-0000-0000-0000-000000000000";
  const max = "ffffffff-ffff-ffff-ffff-ffffffffffff";
  for (const text of [crypto.randomUUID(), nil, max] as const) {
    assertEquals(UuidText.fromWire(UuidText.toWire(text)), text);
  }
});

Deno.test("UuidText refuses any other spelling", () => {
  const right = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
  const wrong = [
    right.toUpperCase(),
    `{${right}}`,
    `${right}\n`,
    right.replaceAll("-", ""),
    right.replace("0f", "0g"),
    right.slice(1),
    "----",
  ];
  for (const text of wrong) {
    assertThrows(
      () => UuidText.toWire(text as UuidText),
      RangeError,
      "A UUID must have 32 hexadecimal digits in lower case and four hyphens",
    );
  }
});

Deno.test("UuidText refuses what is not a string", () => {
  assertThrows(
    () => UuidText.toWire(new Uint8Array(16) as unknown as UuidText),
    TypeError,
    "A UUID must be a string",
  );
});
