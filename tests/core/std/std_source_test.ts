import { assert, assertEquals } from "@std/assert";
import { MAX_BIG_INT_BYTES } from "../../../core/std/big_int.ts";
import { MAX_URL_UNITS } from "../../../core/std/url.ts";
import { STD_SOURCE, STD_SPECIFIER } from "../../../idl/meaning/std_source.ts";
import config from "../../../deno.json" with { type: "json" };

const FOLDER = new URL("../../../core/std/", import.meta.url);

Deno.test("STD_SOURCE is the text of core/std/std.magen", async () => {
  const text = await Deno.readTextFile(new URL("std.magen", FOLDER));
  assert(STD_SOURCE === text, "copy core/std/std.magen into idl/meaning/std_source.ts");
});

Deno.test("STD_SOURCE names mappings that are there", async () => {
  const names = [...STD_SOURCE.matchAll(/TypeMap="(.*)#(.*)"/g)];
  assertEquals(names.length, 6);
  for (const [, file, name] of names) {
    const map = (await import(new URL(file!, FOLDER).href))[name!];
    assertEquals(Object.keys(map), ["toWire", "fromWire"]);
  }
});

Deno.test("STD_SOURCE has the bounds that the mappings have", () => {
  const bounds = [...STD_SOURCE.matchAll(/MaxLength=(\d+)/g)].map(([, n]) => Number(n));
  assertEquals(bounds, [MAX_URL_UNITS, MAX_BIG_INT_BYTES]);
});

Deno.test("STD_SPECIFIER leads to what is generated, in the package and out of it", () => {
  const inside: Record<string, string> = config.imports;
  const outside: Record<string, string> = config.exports;
  assertEquals(inside[STD_SPECIFIER], "./core/std/mod.ts");
  assertEquals(outside[STD_SPECIFIER.replace("@mage/ipc", ".")], "./core/std/mod.ts");
});
