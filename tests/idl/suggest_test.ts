import { assertEquals } from "@std/assert";
import { didYouMean, editDistance, nearest } from "../../idl/suggest.ts";

Deno.test("the distance counts insertions, deletions, replacements and swaps", () => {
  assertEquals(editDistance("", "abc"), 3);
  assertEquals(editDistance("abc", "abc"), 0);
  assertEquals(editDistance("strng", "string"), 1);
  assertEquals(editDistance("stirng", "string"), 1);
  assertEquals(editDistance("kitten", "sitting"), 3);
});

Deno.test("a word is suggested when it is near enough", () => {
  const words = ["string", "int", "interface"];
  assertEquals(nearest("String", words), "string");
  assertEquals(nearest("interfaec", words), "interface");
  assertEquals(nearest("banana", words), undefined);
  assertEquals(nearest("x".repeat(1000), words), undefined);
  assertEquals(didYouMean("strng", words), "; did you mean 'string'?");
  assertEquals(didYouMean("banana", words), "");
});
