import { assertEquals } from "@std/assert";
import { DiagnosticList } from "../../idl/diagnostic.ts";
import { docsOf } from "../../idl/syntax/docs.ts";
import { tokenize } from "../../idl/syntax/lexer.ts";

function docs(comment: string): string {
  const tokens = tokenize(`${comment}word`, new DiagnosticList());
  return docsOf(tokens.at(-2)!);
}

Deno.test("lines directly above an item are its documentation", () => {
  assertEquals(docs("// one\n// two\n"), "one\ntwo");
  assertEquals(docs("x;\n  // one\r\n  //two\r\n  "), "one\ntwo");
  assertEquals(docs("/// one\n///\n/// two\n"), "one\n\ntwo");
  assertEquals(docs("\uFEFF// one\n"), "one");
});

Deno.test("a marked block is documentation, without its stars", () => {
  assertEquals(docs("/** one */\n"), "one");
  assertEquals(docs("/** one */ "), "one");
  assertEquals(docs("/**\n * one\n *\n *   two\n */\n"), "one\n\n  two");
});

Deno.test("a comment that stands apart, or belongs to other code, is not", () => {
  assertEquals(docs("// one\n\n"), "");
  assertEquals(docs("x; // one\n"), "");
  assertEquals(docs("x; /** one */\n"), "");
  assertEquals(docs("/* one */\n"), "");
  assertEquals(docs("/**/\n"), "");
  assertEquals(docs("/** one */\n\n"), "");
});

Deno.test("only the nearest comment counts", () => {
  assertEquals(docs("// license\n\n// one\n"), "one");
  assertEquals(docs("/** far */\n/** near */\n"), "near");
  assertEquals(docs("/** far */\n// near\n"), "near");
  assertEquals(docs("x; // of x\n// one\n"), "one");
});

Deno.test("marked lines win over plain ones, and rulers are left out", () => {
  assertEquals(docs("// plain\n/// marked\n"), "marked");
  assertEquals(docs("// -----------\n// one\n////////////\n"), "one");
});

Deno.test("nothing in a comment can end the comment it is copied to", () => {
  assertEquals(docs("// a */ b\n"), "a *\\/ b");
  assertEquals(docs("// a \u202e b\u0007\n"), "a   b");
});
