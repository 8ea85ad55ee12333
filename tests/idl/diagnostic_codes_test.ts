import { assert, assertEquals } from "@std/assert";
import { SYNTAX_CODES } from "../../idl/diagnostic_codes.ts";
import { syntaxCodes, syntaxOf } from "./syntax.ts";
import { compilerFiles } from "./compiler_files.ts";

/** Found by whoever loads files or gives them a meaning, not by the parser. */
const FOUND_LATER: ReadonlySet<string> = new Set(["MG0008", "MG0009", "MG0103"]);

for (const { code, severity, wrong, right, besides } of SYNTAX_CODES) {
  if (!FOUND_LATER.has(code)) {
    Deno.test(`${code} is what the wrong source of its explanation gives`, () => {
      const { found } = syntaxOf(wrong);
      const codes = new Set(found.map((item) => item.code));
      assertEquals(codes, new Set([...(besides ?? []), code]));
      const own = found.filter((item) => item.code === code);
      assertEquals(own.map((item) => item.severity), [severity]);
    });
  }

  Deno.test(`${code} has an explanation whose right source gives nothing`, () => {
    assertEquals(syntaxCodes(right), []);
  });
}

Deno.test("SYNTAX_CODES is sorted, has each code once and no wordy title", () => {
  const codes = SYNTAX_CODES.map(({ code }) => code);
  assertEquals(codes, [...new Set(codes)].sort());
  for (const { title } of SYNTAX_CODES) {
    assert(title.length <= 80 && !title.endsWith("."), title);
  }
});

Deno.test("SYNTAX_CODES has every code that the parser and the lexer know", async () => {
  const known = new Set<string>();
  const files = await compilerFiles();
  for (const [path, text] of files) {
    if (!/^(?:syntax\/|diagnostic\.)/.test(path)) continue;
    for (const [code] of text.matchAll(/MG\d{4}/g)) known.add(code);
  }
  // An unknown generic type is an unknown type, which has its place among the meanings.
  known.delete("MG0205");
  assert(known.size > 15);
  const explained = new Set<string>(SYNTAX_CODES.map(({ code }) => code));
  assertEquals([...known].filter((code) => !explained.has(code)), []);
});
