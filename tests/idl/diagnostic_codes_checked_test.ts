import { assert, assertEquals } from "@std/assert";
import { type DiagnosticExplanation, SYNTAX_CODES } from "../../idl/diagnostic_codes.ts";
import { MEANING_CODES } from "../../idl/diagnostic_codes_checked.ts";
import { analyze } from "../../idl/mod.ts";
import { compilerFiles } from "./compiler_files.ts";

const ALL: readonly DiagnosticExplanation[] = [...SYNTAX_CODES, ...MEANING_CODES];

function found(source: string, files: DiagnosticExplanation["files"]) {
  const read = (path: string) => path === "main.magen" ? source : files?.[path];
  return analyze(source, { path: "main.magen", read }).diagnostics;
}

for (const { code, severity, wrong, right, besides = [], files } of ALL) {
  Deno.test(`${code} is what its wrong source means, and nothing else`, () => {
    const codes = found(wrong, files);
    assertEquals(
      new Set(codes.map((it) => it.code)),
      new Set([...besides, code]),
      Deno.inspect(codes),
    );
    const own = codes.filter((it) => it.code === code);
    assertEquals(own.map((it) => it.severity), [severity]);
  });

  Deno.test(`${code} is gone when its source is mended`, () => {
    const { diagnostics, module } = analyze(right, {
      path: "main.magen",
      read: (path) => files?.[path],
    });
    assertEquals(diagnostics.map(({ code, message }) => `${code} ${message}`), []);
    assert(module !== undefined);
  });
}

Deno.test("MEANING_CODES is sorted, and has no code of SYNTAX_CODES", () => {
  const codes = MEANING_CODES.map(({ code }) => code);
  assertEquals(codes, [...new Set(codes)].sort());
  const others = new Set(SYNTAX_CODES.map(({ code }) => code));
  assertEquals(codes.filter((code) => others.has(code)), []);
  for (const { title } of MEANING_CODES) {
    assert(title.length <= 80 && !title.endsWith("."), title);
  }
});

Deno.test("MEANING_CODES and SYNTAX_CODES have every code of the compiler", async () => {
  const known = new Set<string>();
  for (const [path, text] of await compilerFiles()) {
    if (path.startsWith("diagnostic_codes")) continue;
    for (const [code] of text.matchAll(/"MG\d{4}"/g)) known.add(code.slice(1, -1));
  }
  assertEquals([...known].sort(), [...new Set(ALL.map(({ code }) => code))].sort());
});
