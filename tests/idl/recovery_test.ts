import { assertEquals, assertStringIncludes } from "@std/assert";
import { outlineOf, printedSyntax, syntaxCodes } from "./syntax.ts";

/**
 * One mistake, one finding, and everything else is in the tree. Behind each source comes another struct;
 * `outline` is what is read of the source itself.
 */
const MISTAKES: [
  name: string,
  source: string,
  code: string,
  message: string,
  outline: string[],
][] = [
  // Semicolons, commas, braces.
  [
    "no semicolon in a line",
    "struct S { int a = 1 = 2; int b; }",
    "E0002",
    "expected ';'",
    [
      "struct S",
      "S.int a = 1",
      "S.int b",
    ],
  ],
  ["no closing brace of a struct", "struct S {\n  int a;\n", "E0002", "expected '}'", [
    "struct S",
    "S.int a",
  ]],
  ["no closing brace of a union", "union U {\n  int a;\n", "E0002", "expected '}'", [
    "union U",
    "U.int a",
  ]],
  ["no closing brace of an enum", "enum E {\n  A,\n  B\n", "E0002", "expected '}'", [
    "enum E { A, B }",
  ]],
  ["no closing brace of a feature", "feature F {\n const int a = 1;\n", "E0002", "'}'", [
    "feature F",
    "F.const int a = 1",
  ]],
  [
    "no closing brace before a union",
    "struct S {\n int a;\n[X]\nunion U { int b; }",
    "E0002",
    "'}'",
    [
      "struct S",
      "S.int a",
      "[X] union U",
      "U.int b",
    ],
  ],
  [
    "no closing brace before a constant",
    "union U {\n int a;\nconst int k = 1;",
    "E0002",
    "",
    [
      "union U",
      "U.int a",
      "const k: int = 1",
    ],
  ],
  ["no closing brace before bits", "enum E {\n A\nbits B : uint8 { x }", "E0002", "'}'", [
    "enum E { A }",
    "bits B: uint8 { x }",
  ]],
  [
    "no closing brace of an enum in a struct",
    "struct S {\n  enum E { A, B;\n  [X] array<int> a;\n}",
    "E0002",
    "expected '}' but found ';'",
    ["struct S", "S.enum E { A, B }", "S.[X] array<int> a"],
  ],
  [
    "no closing brace of an enum in an interface",
    "interface I {\n  enum E {\n A, B\n  M(int a);\n}",
    "E0002",
    "expected '}' but found 'M'",
    ["interface I", "I.enum E { A, B }", "I.M(int a)"],
  ],
  ["no opening brace of a struct", "struct S\n  int a;\n}", "E0002", "expected '{'", [
    "struct S",
    "S.int a",
  ]],
  [
    "no opening brace of an enum",
    "enum E : int8\n  A,\n  B\n}",
    "E0002",
    "expected '{'",
    [
      "enum E: int8 { A, B }",
    ],
  ],
  ["neither body nor semicolon", "struct S", "E0002", "expected '{'", ["struct S"]],
  ["bits without a body", "bits B;", "E0002", "expected '{' but found ';'", [
    "bits B {  }",
  ]],
  ["type parameters", "struct S<T> { int a; }", "E0002", "expected '{' but found '<'", [
    "struct S",
    "S.int a",
  ]],
  ["a brace too many", "struct S { int a; } }\n  int b;\n  int c;\n}", "E0005", "'}'", [
    "struct S",
    "S.int a",
  ]],
  ["a sign for a comma", "enum E { A: 3, B }", "E0002", "expected ',' or '}'", [
    "enum E { A, B }",
  ]],
  ["a computed value", "bits B { a = 1 << 2, b = 4 }", "E0002", "but found '<'", [
    "bits B { a = 1, b = 4 }",
  ]],
  // Names, types, constants.
  ["no name of a struct", "struct { int a; }", "E0003", "a struct name but found '{'", [
    "struct ?",
    "?.int a",
  ]],
  ["no name of a union", "union { int a; }", "E0003", "a union name", [
    "union ?",
    "?.int a",
  ]],
  ["no name of an enum", "enum : uint8 { A }", "E0003", "an enum name", [
    "enum ?: uint8 { A }",
  ]],
  ["no name of bits", "bits { A }", "E0003", "a name of the bits", ["bits ? { A }"]],
  ["no name of a feature", "feature { }", "E0003", "a feature name", ["feature ?"]],
  ["no name of an alias", "alias = int;", "E0003", "an alias name", []],
  ["no name of a constant", "const int = 3;", "E0003", "a name of the constant", []],
  ["no name of a field", "struct S { int; bool b; }", "E0003", "a field name", [
    "struct S",
    "S.bool b",
  ]],
  ["no name of a member", "union U { array<int>; int b; }", "E0003", "a member name", [
    "union U",
    "U.int b",
  ]],
  ["no name of a value", "enum E { A, = 3, B }", "E0003", "a name of a value", [
    "enum E { A, B }",
  ]],
  ["no name of a module", "module;", "E0003", "a module name but found ';'", []],
  ["half a name of a module", "module a.;", "E0003", "a name but found ';'", [
    "module a",
  ]],
  ["colons in a name", "module a::b;", "E0002", "expected '.' but found '::'", [
    "module a.b",
  ]],
  ["no path of an import", "import shop;", "E0003", "a path in quotes", []],
  ["an import of JavaScript", 'import { A } from "a";', "E0003", "a path in quotes", []],
  ["no alias of an import", 'import "a" as;', "E0003", "a name for the import", [
    'import "a"',
  ]],
  ["no base of an enum", "enum E : { A }", "E0003", "an integer type", ["enum E { A }"]],
  ["no type of a field", "struct S { a; bool b; }", "E0004", "a type and a name", [
    "struct S",
    "S.? a",
    "S.bool b",
  ]],
  ["no type of a constant", "const k = 3;", "E0004", "a type and a name", [
    "const k: ? = 3",
  ]],
  ["no type of an alias", "alias A = ;", "E0004", "a type but found ';'", [
    "alias A = ?",
  ]],
  ["no constant", "const int k = ;", "E0003", "a constant but found ';'", []],
  [
    "a list for a constant",
    "struct S { int a = {1, 2}; int b; }",
    "E0003",
    "a constant",
    [
      "struct S",
      "S.int a",
      "S.int b",
    ],
  ],
  ["a sign without a number", "const int k = -x;", "E0003", "a number but found 'x'", []],
  ["a suffix of a number", "const float k = 1.5f;", "E0001", "'1.5f' is not a number", [
    "const k: float = 1.5",
  ]],
  ["an octal number", "const int k = 017;", "E0001", "'017' is not a number", [
    "const k: int = 017",
  ]],
  ["single quotes", "const string k = 'x';", "E0001", "double quotes", [
    'const k: string = "x"',
  ]],
  ["a string that is not closed", 'const string k = "x;\n', "E0001", "unterminated", [
    'const k: string = "x;"',
  ]],
  [
    "an ordinal that is a word",
    "struct S { int a@x; int b; }",
    "E0003",
    "a whole number",
    [
      "struct S",
      "S.int a",
      "S.int b",
    ],
  ],
  ["an ordinal in base 16", "interface I { M@0x1(); N(); }", "E0003", "a whole number", [
    "interface I",
    "I.M()",
    "I.N()",
  ]],
  // Types.
  ["a map of one type", "struct S { map<string> a; int b; }", "E0002", "expected ','", [
    "struct S",
    "S.? a",
    "S.int b",
  ]],
  ["a map without a comma", "struct S { map<string int> a; int b; }", "E0002", "','", [
    "struct S",
    "S.? a",
    "S.int b",
  ]],
  [
    "an array of nothing",
    "struct S { array<> a; int b; }",
    "E0004",
    "a type but found '>'",
    [
      "struct S",
      "S.? a",
      "S.int b",
    ],
  ],
  [
    "a size that is a name",
    "struct S { array<int, kMax> a; }",
    "E0003",
    "a number of items",
    [
      "struct S",
      "S.? a",
    ],
  ],
  [
    "an open '<'",
    "struct S { map<string, array<int> a; int b; }",
    "E0002",
    "expected '>'",
    [
      "struct S",
      "S.? a",
      "S.int b",
    ],
  ],
  ["an open '<' deep inside", "struct S { map<array<array<int, int>> a; }", "E0003", "", [
    "struct S",
    "S.? a",
  ]],
  ["a '>' too many", "struct S { array<int>> a; int b; }", "E0003", "found '>'", [
    "struct S",
    "S.int b",
  ]],
  [
    "a type called result",
    "struct S { result<int, int> a; int b; }",
    "E0004",
    "behind '=>'",
    [
      "struct S",
      "S.? a",
      "S.int b",
    ],
  ],
  ["a dictionary", "struct S { dict<int, int> a; }", "E0205", "did you mean 'map'?", [
    "struct S",
    "S.? a",
  ]],
  ["a kind of handle left out", "struct S { handle<> a; }", "E0003", "a kind of handle", [
    "struct S",
    "S.? a",
  ]],
  ["an end of an array", "struct S { pending_remote<array<int>> a; }", "E0002", "'>'", [
    "struct S",
  ]],
  ["a pointer", "interface I { M(const Foo* a, int b); }", "E0004", "no pointers", [
    "interface I",
    "I.M(Foo a, int b)",
  ]],
  ["a reference", "struct S { string& a; int b; }", "E0004", "there are no references", [
    "struct S",
    "S.string a",
    "S.int b",
  ]],
  ["brackets behind a name", "struct S { int a[4]; int b; }", "E0004", "array<...>", [
    "struct S",
    "S.? a",
    "S.int b",
  ]],
  ["brackets with a number", "union U { int[4] a; int b; }", "E0004", "array<...>", [
    "union U",
    "U.? a",
    "U.int b",
  ]],
  ["the name first", "struct S { a: array<int>; int b; }", "E0003", "before the name", [
    "struct S",
    "S.array<int> a",
    "S.int b",
  ]],
  [
    "the name first, optional",
    "interface I { M(a?: int, bool b); }",
    "E0003",
    "without ':'",
    [
      "interface I",
      "I.M(int? a, bool b)",
    ],
  ],
  ["a name with '?'", "struct S { int a?; int b; }", "E0003", "belongs behind the type", [
    "struct S",
    "S.int? a",
    "S.int b",
  ]],
  ["a default of a member", "union U { int a = 3; int b; }", "E0002", "but found '='", [
    "union U",
    "U.int a",
    "U.int b",
  ]],
  // What stands where it must not.
  [
    "a struct in an interface",
    "interface I { struct S { int a; }; M(S s); }",
    "E0013",
    "",
    [
      "struct S",
      "S.int a",
      "interface I",
      "I.M(S s)",
    ],
  ],
  [
    "an interface in a struct",
    "struct S { interface I { M(); } I i; }",
    "E0013",
    "move it out",
    [
      "interface I",
      "I.M()",
      "struct S",
      "S.I i",
    ],
  ],
  ["an enum in a union", "union U { enum E { A }; E e; }", "E0013", "'enum' cannot", [
    "enum E { A }",
    "union U",
    "U.E e",
  ]],
  [
    "a constant in a union",
    "union U { const int k = 1; int a; }",
    "E0013",
    "'const' cannot",
    [
      "const k: int = 1",
      "union U",
      "U.int a",
    ],
  ],
  [
    "an alias in an interface",
    "interface I { alias A = int; M(A a); }",
    "E0013",
    "'alias'",
    [
      "alias A = int",
      "interface I",
      "I.M(A a)",
    ],
  ],
  [
    "an import in a struct",
    'struct S { import "a"; int a; }',
    "E0013",
    "'import' cannot",
    [
      'import "a"',
      "struct S",
      "S.int a",
    ],
  ],
  ["a field in a feature", "feature F { int a; const int b = 1; }", "E0003", "'const'", [
    "feature F",
    "F.const int b = 1",
  ]],
  [
    "a method in a struct",
    "struct S { M(int a); int b; }",
    "E0013",
    "looks like a method",
    [
      "struct S",
      "S.int b",
    ],
  ],
  [
    "a reply of an event",
    "interface I { event E() => (int a); M(); }",
    "E0307",
    "event 'E'",
    [
      "interface I",
      "I.event E()",
      "I.M()",
    ],
  ],
  // Attributes.
  ["an attribute without a value", "[Uuid=] struct S { int a; }", "E0003", "a constant", [
    "struct S",
    "S.int a",
  ]],
  ["an attribute without a name", "struct S { [=3] int a; }", "E0003", "an attribute", [
    "struct S",
    "S.int a",
  ]],
  ["an attribute that is a call", '[Uuid("a")] struct S { int a; }', "E0002", "']'", [
    "[Uuid] struct S",
    "S.int a",
  ]],
  [
    "an open '['",
    "[Stable struct S { int a; }",
    "E0002",
    "expected ']' but found 'struct'",
    [
      "[Stable] struct S",
      "S.int a",
    ],
  ],
  ["an open '[' in a body", "struct S { [Max=3 int a; int b; }", "E0002", "found 'int'", [
    "struct S",
    "S.[Max=3] int a",
    "S.int b",
  ]],
  [
    "no '[' in a body",
    "struct S { Max=3, Min=1] int a; int b; }",
    "E0002",
    "expected '['",
    [
      "struct S",
      "S.int a",
      "S.int b",
    ],
  ],
  ["no '[' on top", "Stable] struct S { int a; }", "E0002", "but found 'Stable'", [
    "struct S",
    "S.int a",
  ]],
  ["attributes of C++", "[[Stable]] struct S { int a; }", "E0003", "found '['", [
    "struct S",
    "S.int a",
  ]],
  ["attributes of nothing", "struct S { int a; [Max=3] }", "E0004", "found '}'", [
    "struct S",
    "S.int a",
  ]],
  // Keywords.
  ["a misspelt struct", "strct S { int a; }", "E0005", "did you mean 'struct'?", [
    "struct S",
    "S.int a",
  ]],
  ["a misspelt union", "unoin U { int a; }", "E0005", "did you mean 'union'?", [
    "union U",
    "U.int a",
  ]],
  ["a misspelt enum", "enmu E : int8 { A }", "E0005", "did you mean 'enum'?", [
    "enum E: int8 { A }",
  ]],
  ["misspelt bits", "bist B { A }", "E0005", "did you mean 'bits'?", ["bits B { A }"]],
  ["a misspelt feature", "faeture F { const int a = 1; }", "E0005", "'feature'?", [
    "feature F",
    "F.const int a = 1",
  ]],
  ["a misspelt alias", "alais A = int;", "E0005", "did you mean 'alias'?", [
    "alias A = int",
  ]],
  ["a misspelt constant", "cnst int k = 1;", "E0005", "did you mean 'const'?", [
    "const k: int = 1",
  ]],
  ["a misspelt module", "modul a.b;", "E0005", "did you mean 'module'?", ["module a.b"]],
  ["a misspelt import", 'improt "a";', "E0005", "did you mean 'import'?", ['import "a"']],
  ["a class", "class S { int a; }", "E0005", "did you mean 'struct'?", [
    "struct S",
    "S.int a",
  ]],
  ["a variant", "variant U { int a; }", "E0005", "did you mean 'union'?", [
    "union U",
    "U.int a",
  ]],
  ["using of C++", "using A = int;", "E0005", "did you mean 'alias'?", ["alias A = int"]],
  ["a type of TypeScript", "type A = array<int>;", "E0005", "'alias'?", [
    "alias A = array<int>",
  ]],
  ["no keyword of a struct", "S { int a; }", "E0005", "expected 'struct' and a name", [
    "struct S",
    "S.int a",
  ]],
  ["no keyword of an enum", "E { A, B }", "E0005", "expected 'enum' and a name", [
    "enum E { A, B }",
  ]],
  [
    "several lines that are nothing",
    "one two;\nthree (four);\n5 6 7;",
    "E0005",
    "'one'",
    [],
  ],
  // Words of C++.
  ["labels", "struct S {\n public:\n  int a;\n}", "W0110", "'public:' is ignored", [
    "struct S",
    "S.int a",
  ]],
  ["an enum class", "enum class E : int8 { A };", "W0109", "'class' is ignored", [
    "enum E: int8 { A }",
  ]],
  [
    "a base of a struct",
    "struct S : public T { int a; }",
    "W0109",
    "nothing is inherited",
    [
      "struct S",
      "S.int a",
    ],
  ],
  ["void in a result", "interface I { M() => result<void, E>; }", "W0110", "write ()", [
    "interface I",
    "I.M() => result<(), E>",
  ]],
  // Replies.
  ["a result of one type", "interface I { M() => result<int>; N(); }", "E0002", "','", [
    "interface I",
    "I.N()",
  ]],
  ["an open result", "interface I { M() => result<int, E; N(); }", "E0002", "'>'", [
    "interface I",
    "I.N()",
  ]],
  ["a stream of nothing", "interface I { M() => stream<>; N(); }", "E0004", "a type", [
    "interface I",
    "I.N()",
  ]],
  ["the arrow of C++", "interface I { M() -> stream<int>; N(); }", "E0002", "'=>'", [
    "interface I",
    "I.M() => stream<int>",
    "I.N()",
  ]],
];

for (const [name, source, code, message, outline] of MISTAKES) {
  Deno.test(`one finding, and the rest is read: ${name}`, () => {
    const whole = `${source}\nstruct Last {\n int last;\n}\n`;
    assertEquals(syntaxCodes(whole), [code]);
    assertStringIncludes(printedSyntax(whole), message);
    assertEquals(outlineOf(whole), [...outline, "struct Last", "Last.int last"]);
  });
}
