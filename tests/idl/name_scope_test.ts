import { assertEquals } from "@std/assert";
import { ImportNames, NameScope } from "../../idl/name_scope.ts";

Deno.test("a name steps aside for those of the source, and stays what it was", () => {
  const scope = new NameScope(["w"]);
  assertEquals([scope.name("w"), scope.name("w"), scope.name("r")], ["w$", "w$", "r"]);
});

Deno.test("one name for two purposes becomes two names", () => {
  const scope = new NameScope([]);
  assertEquals([scope.name("a", "x"), scope.name("a", "y"), scope.name("a", "x")], [
    "a",
    "a$",
    "a",
  ]);
});

Deno.test("an inner scope stays clear of the outer one", () => {
  const outer = new NameScope(["taken"]);
  outer.name("made");
  const inner = new NameScope(["own"], outer);
  assertEquals([
    inner.name("taken"),
    inner.name("made"),
    inner.name("own"),
    inner.name("free"),
  ], [
    "taken$",
    "made$",
    "own$",
    "free",
  ]);
});

Deno.test("imports are listed once, in order, as values where any use is one", () => {
  const imports = new ImportNames(new NameScope(["Encoder"]));
  imports.value("readPipe");
  imports.type("Encoder");
  imports.type("readPipe");
  imports.type("Decoder");
  assertEquals(imports.list(), [
    { name: "Decoder", alias: undefined, isType: true },
    { name: "Encoder", alias: "Encoder$", isType: true },
    { name: "readPipe", alias: undefined, isType: false },
  ]);
});
