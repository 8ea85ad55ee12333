import { assert, assertEquals } from "@std/assert";
import { analyze } from "../../idl/mod.ts";
import { ALL_CODES as ALL } from "../../idl/command/explain.ts";

const IDL = new URL("../../idl/", import.meta.url);

for (const { code, severity, wrong, right, besides = [], files } of ALL) {
  const analyzed = (source: string) => {
    const read = (path: string) => files?.[path];
    return analyze(source, { path: "main.magen", read });
  };

  Deno.test(`${code} is what its wrong source means, and nothing else`, () => {
    const { diagnostics } = analyzed(wrong);
    const codes = new Set(diagnostics.map((it) => it.code));
    assertEquals(codes, new Set([...besides, code]), Deno.inspect(diagnostics));
    const own = diagnostics.filter((it) => it.code === code);
    assertEquals(own.map((it) => it.severity), [severity]);
  });

  Deno.test(`${code} is gone when its source is mended`, () => {
    const { diagnostics, module } = analyzed(right);
    assertEquals(diagnostics.map((it) => `${it.code} ${it.message}`), []);
    assert(module !== undefined);
  });
}

Deno.test("every code of the compiler has a source, and each code one", async () => {
  const known = new Set<string>();
  for (const folder of ["", "syntax/", "meaning/"]) {
    const at = new URL(folder, IDL);
    for await (const { name } of Deno.readDir(at)) {
      if (!name.endsWith(".ts") || name.startsWith("diagnostic_codes")) continue;
      const text = await Deno.readTextFile(new URL(name, at));
      for (const [code] of text.matchAll(/"MG\d{4}"/g)) known.add(code.slice(1, -1));
    }
  }
  assertEquals(ALL.map(({ code }) => code), [...known].sort());
  for (const { title } of ALL) assert(title.length <= 80 && !title.endsWith("."), title);
});
