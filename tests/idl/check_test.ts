import { assertEquals, assertStringIncludes } from "@std/assert";
import { codesOf, definitionOf, printed } from "./findings.ts";

const WRONG: [name: string, source: string, codes: string[], message: string][] = [
  [
    "an interface called as a type",
    "interface string { M(); }",
    ["E0201"],
    "'string' is the name of a built-in type",
  ],
  [
    "an interface defined twice",
    "interface A {} interface A {}",
    ["E0202"],
    "'A' is already defined",
  ],
  [
    "an unknown type",
    "interface A { M(Strin a); }",
    ["E0205"],
    "unknown type 'Strin'; did you mean 'string'?",
  ],
  [
    "a type of another language",
    "interface A { M(boolean a); }",
    ["E0205"],
    "unknown type 'boolean'; did you mean 'bool'?",
  ],
  [
    "a type of a C++ namespace",
    "interface A { M(std::string a); }",
    ["E0205"],
    "unknown type 'std::string'; did you mean 'string'?",
  ],
  [
    "a type far from any other",
    "interface A { M(Quaternion a); }",
    ["E0205"],
    "unknown type 'Quaternion'; define it, or import the file that does\n",
  ],
  [
    "an unknown type in an array",
    "interface A { M(array<array<byte?>> a); }",
    ["E0205"],
    "did you mean 'uint8'?",
  ],
  [
    "an array of nothing",
    "interface A { M(array a); }",
    ["E0205"],
    "did you mean 'array<T>'?",
  ],
  [
    "an interface for a type",
    "interface A { M(B a); } interface B {}",
    ["E0208"],
    "interface 'B' cannot be a value; use pending_remote<B> or pending_receiver<B>",
  ],
  [
    "a parameter declared twice",
    "interface A { M(int a, string a); }",
    ["E0301"],
    "parameter 'a' is already declared",
  ],
  [
    "a reply value declared twice",
    "interface A { M() => (int a, int a); }",
    ["E0301"],
    "reply value 'a' is already declared",
  ],
  [
    "a made-up name that is taken",
    "interface A { M(int arg1, int); }",
    ["E0301", "W0103"],
    "parameter 'arg1' is already declared",
  ],
  [
    "an overload",
    "interface A { M(); M(int a); }",
    ["E0302"],
    "method 'M' is already declared; overloading is not supported",
  ],
  [
    "method ids that collide",
    "interface Clash { M17989(); M50673(); }",
    ["E0305"],
    "the ids of 'M17989' and 'M50673' collide; give every method an explicit @N, or rename one of them",
  ],
  [
    "methods that become one",
    "interface A { fetch_url(); FetchUrl(); }",
    ["E0308"],
    "'fetch_url' and 'FetchUrl' both become 'fetchUrl' in TypeScript",
  ],
  [
    "parameters that become one",
    "interface A { M(int my_a, int myA); }",
    ["E0308"],
    "'my_a' and 'myA' both become 'myA' in TypeScript",
  ],
  [
    "replies that become one",
    "interface A { B_C() => (int a); } interface A_B { C() => (int a); }",
    ["E0308"],
    "the reply of 'A.B_C' and the reply of 'A_B.C' both become 'A_B_C_Reply'",
  ],
  [
    "a reply and an interface that become one",
    "interface A_B_Reply {} interface A { B() => (int a); }",
    ["E0308"],
    "'A_B_Reply' and the reply of 'A.B' both become 'A_B_Reply'",
  ],
  [
    "an escape from a taken name that is taken",
    "interface A { M(int class, int class_); }",
    ["W0309", "E0308"],
    "'class' and 'class_' both become 'class_'",
  ],
  [
    "interfaces that become one",
    "interface any {} interface any_ {}",
    ["W0309", "E0308"],
    "'any' and 'any_' both become 'any_'",
  ],
];

for (const [name, source, codes, message] of WRONG) {
  Deno.test(`an error: ${name}`, () => {
    assertEquals(codesOf(source), codes);
    assertStringIncludes(printed(source), message);
  });
}

Deno.test("names that JavaScript owns are renamed with a warning", () => {
  const ofObjects =
    "then constructor prototype __proto__ toString ToString valueOf hasOwnProperty new";
  // As in `store.delete(key)`.
  const ofSyntax = "class function await arguments undefined interface default";
  const renamed = (name: string) => {
    const source = `interface A { ${name}(int ${name}) => (int ${name}); }`;
    const [method] = definitionOf(source, "interface", "A").methods;
    const { reply } = method!;
    if (reply?.kind !== "values") throw new Error("A reply has no values");
    const all = [method!, method!.parameters[0]!, reply.fields[0]!];
    const names = all.map(({ tsName }) => tsName.endsWith("_"));
    assertEquals(codesOf(source), names.filter((is) => is).map(() => "W0309"), name);
    return names;
  };
  for (const name of ofObjects.split(" ")) {
    assertEquals(renamed(name), [true, true, true]);
  }
  for (const name of ofSyntax.split(" ")) {
    assertEquals(renamed(name), [false, true, true]);
  }
  assertStringIncludes(
    printed("interface A { then(); }"),
    "warning[MG0309]: 'then' has a meaning in JavaScript; it is renamed 'then_'",
  );
});

Deno.test("the interface keeps its name on the wire when it is renamed", () => {
  const definition = definitionOf("interface Promise { M(); }", "interface", "Promise");
  assertEquals([definition.fullName, definition.tsName], ["Promise", "Promise_"]);
  const same = definitionOf("interface Promise { M(); N(); }", "interface", "Promise");
  assertEquals(definition.methods[0]?.id, same.methods[0]?.id);
});

Deno.test("interfaces have scopes of their own", () => {
  assertEquals(codesOf("interface A { M(int a); } interface B { M(int a); }"), []);
});

Deno.test("an unknown type is reported once, whatever stands around it", () => {
  assertEquals(codesOf("interface A { M(array<array<Foo?>?>? a) => (int b); }"), [
    "E0205",
  ]);
});

Deno.test("the methods of an interface without a name are checked", () => {
  assertEquals(codesOf("interface { M(Foo a); M(); }"), ["E0003", "E0205", "E0302"]);
});

Deno.test("comments become documentation", () => {
  const definition = definitionOf(
    "// License.\n\n// An A.\n// It does.\ninterface A { // aside\n  /// Marked.\n  M(int a);\n}\n",
    "interface",
    "A",
  );
  assertEquals(definition.docs, "An A.\nIt does.");
  assertEquals(definition.methods[0]?.docs, "Marked.");
});
