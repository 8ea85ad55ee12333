import { assertEquals } from "@std/assert";
import { ForeignNames, ImportNames, NameScope } from "../../idl/typescript/name_scope.ts";

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

Deno.test("names of other files are imported once, in order, and step aside", () => {
  const foreign = new ForeignNames(new NameScope(["Taken"]));
  assertEquals(foreign.name("./b.ts", "B", true), "B");
  assertEquals(foreign.name("./a.ts", "Taken", true), "Taken$");
  assertEquals(foreign.name("./a.ts", "B", true), "B$");
  assertEquals(foreign.name("./a.ts", "w", false, "P$Map"), "P$Map");
  // What is used as a value somewhere is imported as one.
  assertEquals(foreign.name("./b.ts", "B", false), "B");
  assertEquals(foreign.name("./b.ts", "B", true), "B");
  assertEquals(foreign.list(), [{
    specifier: "./a.ts",
    names: [
      { name: "B", alias: "B$", isType: true },
      { name: "Taken", alias: "Taken$", isType: true },
      { name: "w", alias: "P$Map", isType: false },
    ],
  }, {
    specifier: "./b.ts",
    names: [{ name: "B", alias: undefined, isType: false }],
  }]);
});
