import { assert, assertEquals, assertFalse } from "@std/assert";
import { Name, NameSource } from "../../core/names.ts";

Deno.test("Name reads what it wrote and matches it there, and nowhere else", () => {
  const name = new Name(-1, 0x7fff_ffff, -0x8000_0000, 5);
  const view = new DataView(new ArrayBuffer(40));
  name.write(view, 8);
  assert(name.matches(view, 8));
  assert(name.equals(Name.read(view, 8)));
  for (let i = 8; i < 24; i++) {
    const byte = view.getUint8(i);
    view.setUint8(i, byte ^ 0x10);
    assertFalse(name.matches(view, 8));
    assertFalse(name.equals(Name.read(view, 8)));
    view.setUint8(i, byte);
  }
  assertFalse(name.matches(view, 0));
});

Deno.test("Name spells all its digits", () => {
  assertEquals(`${new Name(1, -1, 0, 0x0abc_def0)}`, "00000001ffffffff000000000abcdef0");
});

Deno.test("NameSource takes 256 names' randomness at a time and gives each word once", () => {
  let batches = 0;
  const source = new NameSource({
    fillRandom: (words) => {
      assertEquals(words.length, 1024);
      for (let i = 0; i < words.length; i++) words[i] = batches * 1024 + i;
      batches++;
    },
    now: () => 0,
    nextTurn: () => Promise.resolve(),
    after: () => () => {},
  });
  assertEquals(batches, 0);
  for (let i = 0; i < 600; i++) {
    const name = source.next();
    assertEquals([name.a, name.b, name.c, name.d], [0, 1, 2, 3].map((w) => i * 4 + w));
  }
  assertEquals(batches, 3);
});
