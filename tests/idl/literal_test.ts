import { assertEquals } from "@std/assert";
import { literal, objectKey, quoted } from "../../idl/typescript/literal.ts";
import type { Constant } from "../../idl/meaning/model.ts";

Deno.test("literal writes values that are what they were", () => {
  const values = [
    true,
    false,
    0,
    -0,
    1.5,
    1e300,
    NaN,
    Infinity,
    -Infinity,
    5n,
    -5n,
    'a"\\\n',
  ];
  for (const value of values) {
    const kind = typeof value === "boolean" ? "bool" : typeof value;
    const text = literal({ kind, value } as Constant);
    // The texts are those of this test.
    const read: unknown = new Function(`return ${text};`)();
    assertEquals([text, Object.is(read, value)], [text, true]);
  }
});

Deno.test("quoted hides no character that changes how a text looks", () => {
  const text = "a\u202eb\u2028c\ufeffd\u0085e\u0000\u{1f600}";
  const written = quoted(text);
  assertEquals(JSON.parse(written), text);
  assertEquals(/^[\x20-\x7e\u{1f600}]*$/u.test(written), true);
});

Deno.test("objectKey never sets a prototype", () => {
  assertEquals([objectKey("a"), objectKey("__proto__")], ["a", '["__proto__"]']);
});
