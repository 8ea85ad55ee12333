import { assertEquals } from "@std/assert";
import {
  codesOf,
  definitionOf,
  type Files,
  messagesOf,
  moduleOf,
  valueText,
} from "./findings.ts";

/** The types of the fields of struct S. */
function fieldsOf(source: string, files: Files = {}): string[] {
  return definitionOf(moduleOf(source, files), "struct", "S").fields.map(valueText);
}

const COLORS = "module art.colors;\nenum Color { kRed };\n" +
  "struct Pen { enum Tip { kFine }; int width; };\nconst int kMost = 9;\n";

Deno.test("a name is looked up in its definition, then in its file", () => {
  const source = `module m;
    enum Kind { kOuter };
    struct T { enum Kind { kInner }; Kind kind = Kind.kInner; T.Kind same; m.Kind outer; };
    struct S { Kind a; T.Kind b; m.T.Kind c; Later d; };
    struct Later { int x; };`;
  assertEquals(fieldsOf(source), [
    "enum m.Kind",
    "enum m.T.Kind",
    "enum m.T.Kind",
    "struct m.Later",
  ]);
  const { fields } = definitionOf(source, "struct", "T");
  assertEquals(fields.map(valueText), ["enum m.T.Kind", "enum m.T.Kind", "enum m.Kind"]);
});

Deno.test("an imported name has its module, a part of it, an alias, or nothing before it", () => {
  const files = { "colors.magen": COLORS };
  const bare =
    'import "colors.magen"; struct S { Color a; art.colors.Color b; Pen.Tip c; };';
  assertEquals(fieldsOf(bare, files), [
    "enum art.colors.Color",
    "enum art.colors.Color",
    "enum art.colors.Pen.Tip",
  ]);
  const alias =
    'import "colors.magen" as c; struct S { c.Color a; c.Pen.Tip b; Pen d; };';
  assertEquals(fieldsOf(alias, files), [
    "enum art.colors.Color",
    "enum art.colors.Pen.Tip",
    "struct art.colors.Pen",
  ]);
  const partly = 'module art.tools; import "colors.magen"; struct S { colors.Color a; ' +
    "art.colors.Pen.Tip b; };";
  assertEquals(fieldsOf(partly, files), [
    "enum art.colors.Color",
    "enum art.colors.Pen.Tip",
  ]);
  const nested = 'module art.colors.more; import "colors.magen"; struct S { Pen a; };';
  assertEquals(fieldsOf(nested, files), ["struct art.colors.Pen"]);
});

Deno.test("an own name goes before an imported one", () => {
  const files = { "colors.magen": COLORS };
  const source = 'module m; import "colors.magen"; enum Color { kOwn };\n' +
    "struct S { Color a; colors.Color b; };";
  assertEquals(codesOf(source, files), ["E0205"]);
  const full = source.replace("colors.Color b", "art.colors.Color b");
  assertEquals(fieldsOf(full, files), ["enum m.Color", "enum art.colors.Color"]);
});

Deno.test("constants and values of enums are found in all the same ways", () => {
  const files = { "colors.magen": COLORS };
  const source = `import "colors.magen" as c;
    struct S {
      int a = kMost; int b = c.kMost; int d = art.colors.kMost;
      c.Color e = c.Color.kRed; Color f = art.colors.Color.kRed; Color g = kRed;
      Pen.Tip h = Pen.Tip.kFine; Pen.Tip i = c.Pen.Tip.kFine;
    };`;
  const { fields } = definitionOf(moduleOf(source, files), "struct", "S");
  const values = fields.map((field) => {
    const { default: initial } = field;
    return initial !== undefined && "value" in initial ? initial.value : undefined;
  });
  assertEquals(values, [9, 9, 9, 0, 0, 0, 0, 0]);
});

Deno.test("imported files do not pass on what they import", () => {
  const files = {
    "colors.magen": COLORS,
    "tools.magen": 'import "colors.magen"; struct Case { Pen pen; };',
  };
  assertEquals(codesOf('import "tools.magen"; struct S { Case a; };', files), []);
  assertEquals(codesOf('import "tools.magen"; struct S { Case a; Pen b; };', files), [
    "E0205",
  ]);
});

Deno.test("a misspelt name gets the nearest one that would do", () => {
  const files = { "colors.magen": COLORS };
  const cases: [source: string, meant: string][] = [
    ["struct Header { int x; }; struct S { Headr a; };", "Header"],
    ["struct T { enum Mode { kA }; }; struct S { T.Mod a; };", "T.Mode"],
    ['import "colors.magen"; struct S { Colr a; };', "Color"],
    ['import "colors.magen"; struct S { art.colors.Pn a; };', "art.colors.Pen"],
    ['import "colors.magen" as c; struct S { c.Colour a; };', "c.Color"],
    ["interface Bell { M(); }; struct S { pending_remote<Bel> a; };", "Bell"],
    ["const int kMost = 3; struct S { int a = kMots; };", "kMost"],
    ["struct S { float a = float.INFINTY; };", "float.INFINITY"],
    ["struct S { bool a = True; };", "true"],
  ];
  for (const [source, meant] of cases) {
    const [message] = messagesOf(source, files);
    assertEquals(message?.slice(message.indexOf("did you")), `did you mean '${meant}'?`);
  }
});

Deno.test("only an interface is suggested where one is needed", () => {
  const source = "struct Bells { int x; }; struct S { pending_remote<Bell> a; };";
  assertEquals(messagesOf(source), [
    "MG0205 unknown interface 'Bell'; define it, or import the file that does",
  ]);
});

Deno.test("names inside of definitions become names of the file in TypeScript", () => {
  const source = `module m;
    struct Header { enum Kind { kFoo, kBar_baz, plain, k9 }; const int kMost = 1; int x; };
    interface Bell { bits Way { kUp }; const string kName = "x"; Ring(Way way); };`;
  const { definitions } = moduleOf(source);
  assertEquals(definitions.map((it) => [it.kind, it.name, it.fullName, it.tsName]), [
    ["struct", "Header", "m.Header", "Header"],
    ["enum", "Header.Kind", "m.Header.Kind", "Header_Kind"],
    ["const", "Header.kMost", "m.Header.kMost", "Header_kMost"],
    ["interface", "Bell", "m.Bell", "Bell"],
    ["bits", "Bell.Way", "m.Bell.Way", "Bell_Way"],
    ["const", "Bell.kName", "m.Bell.kName", "Bell_kName"],
  ]);
  const { values } = definitionOf(source, "enum", "Header.Kind");
  assertEquals(values.map(({ tsName }) => tsName), ["Foo", "Bar_baz", "plain", "k9"]);
});

Deno.test("names that the generated file exports are claimed", () => {
  const collisions = [
    "struct A { enum B { kX }; int x; }; struct A_B { int x; };",
    "interface A { M() => (int a); }; struct A_M_Reply { int x; };",
    "interface A { M() => result<(int a, int b), string>; }; struct A_M_Reply { int x; };",
    "interface A { event E(); }; struct A_Events { int x; };",
    "struct A { int x = 1; }; struct ADefaults { int x; };",
    '[TypeMap="./a.ts#A"] struct A { int x; }; struct A_Wire { int x; };',
    '[TypeMap="./a.ts#A"] union A { int x; }; struct A_Wire { int x; };',
    "[Extensible] enum A { [Default] kX }; struct knownA { int x; };",
    "enum A { kFoo, Foo };",
    "const int string_ = 1; struct any {int x;}; alias any_ = int;",
  ];
  for (const source of collisions) {
    assertEquals(codesOf(source).filter((code) => code !== "W0309"), ["E0308"], source);
  }
  const free = [
    "interface A { M() => (); }; struct A_M_Reply { int x; };",
    "interface A { M(); }; struct A_Events { int x; };",
    "struct A { int x; }; struct ADefaults { int x; };",
    "struct A { int x; }; struct A_Wire { int x; };",
    "enum A { kX }; struct knownA { int x; };",
  ];
  for (const source of free) assertEquals(codesOf(source), [], source);
});

Deno.test("names that JavaScript owns are only renamed where they would be names", () => {
  assertEquals(codesOf("struct Map { int class; };"), ["W0309", "W0309"]);
  assertEquals(codesOf("union U { int class; string default; };"), []);
  assertEquals(codesOf("enum E { class, constructor };"), []);
  assertEquals(codesOf("enum E { __proto__ };"), ["W0309"]);
});
