import { assert, assertEquals } from "@std/assert";
import {
  DiagnosticList,
  DiagnosticPrinter,
  MAX_DIAGNOSTICS,
} from "../../idl/diagnostic.ts";
import { codesOf, printed } from "./findings.ts";

const AT = { offset: 0, line: 1, column: 1 };

Deno.test("a diagnostic is printed with code, place, line and caret", () => {
  assertEquals(
    printed("interface A {\n  Foo(strng s);\n}\n"),
    `error[MG0205]: unknown type 'strng'; did you mean 'string'?
 --> a.magen:2:7
  |
2 |   Foo(strng s);
  |       ^^^^^
`,
  );
});

Deno.test("a second place is printed as a note", () => {
  assertEquals(
    printed("interface A {}\ninterface A {}\n"),
    `error[MG0202]: 'A' is already defined; choose another name
 --> a.magen:2:11
  |
2 | interface A {}
  |           ^
note: first defined here
 --> a.magen:1:11
  |
1 | interface A {}
  |           ^
`,
  );
});

Deno.test("the gutter is as wide as the line number, and tabs stay tabs", () => {
  assertEquals(
    printed(`interface A {${"\n".repeat(9)}\tF(wrd a);\n}`),
    `error[MG0205]: unknown type 'wrd'; define it, or import the file that does
  --> a.magen:10:4
   |
10 | \tF(wrd a);
   | \t  ^^^
`,
  );
});

Deno.test("only a part of a very long line is printed", () => {
  const output = printed(`interface A { ${"M1();".repeat(1).padEnd(5000)} F(wrd a); }`);
  assert(output.length < 600);
  assert(output.includes("F(wrd a);"));
});

Deno.test("control and bidirectional characters of a source do not reach the terminal", () => {
  const output = printed("interface A { /* \u001b[31m \u202e */ F(wrd a); }");
  assert(!output.includes("\u001b") && !output.includes("\u202e"));
});

Deno.test("findings beyond a hundred of a severity are counted", () => {
  const list = new DiagnosticList();
  for (let i = 0; i < MAX_DIAGNOSTICS + 5; i++) {
    list.warning("MG0101", { start: AT, end: AT }, "w");
  }
  list.error("MG0205", { start: AT, end: AT }, "e");
  const all = list.sorted();
  assertEquals(all.length, MAX_DIAGNOSTICS + 2);
  const last = all.find(({ code }) => code === "MG0012");
  assertEquals(last?.message, "5 more warnings from here on not shown");
  assertEquals(last?.severity, "warning");
  assert(list.hasErrors);
});

Deno.test("a million mistakes give a bounded list", () => {
  assertEquals(
    codesOf(`interface A {${"%;".repeat(100_000)}}`).length,
    MAX_DIAGNOSTICS + 1,
  );
});

Deno.test("a printer copes with a place outside of its source", () => {
  const printer = new DiagnosticPrinter("a", "");
  const place = { offset: 9, line: 7, column: 9 };
  const text = printer.print({
    code: "MG0001",
    severity: "error",
    message: "m",
    span: { start: place, end: place },
    notes: [],
  });
  assert(text.includes("a:7:9"));
});
