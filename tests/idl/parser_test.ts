import { assertEquals, assertStringIncludes } from "@std/assert";
import { outlineOf, printedSyntax, syntaxCodes } from "./syntax.ts";

function methodsOf(source: string): string[] {
  return outlineOf(source).filter((line) => line.includes("("));
}

// Interfaces of the shapes that Mage's own files have.
const MAGE_SHAPES: Record<string, [source: string, shape: string[]]> = {
  "values of three types": [
    "interface Teller {\n  Begin(int my_number, double my_rate, string my_note);\n" +
    "  PayOut(int cents, string unit);\n}\n",
    [
      "Teller.Begin(int my_number, double my_rate, string my_note)",
      "Teller.PayOut(int cents, string unit)",
    ],
  ],
  "one and two pipes": [
    "interface Opener {\n  Say(string text);\n  Bind(MessagePipe end);\n" +
    "  BindBoth(MessagePipe end_to_send, MessagePipe callback_end);\n}\n",
    [
      "Opener.Say(string text)",
      "Opener.Bind(MessagePipe end)",
      "Opener.BindBoth(MessagePipe end_to_send, MessagePipe callback_end)",
    ],
  ],
  "an empty line between methods": [
    "interface Middle {\n  SayAndTell(string text);\n  Tell();\n\n  BindNext(MessagePipe end);\n}\n",
    [
      "Middle.SayAndTell(string text)",
      "Middle.Tell()",
      "Middle.BindNext(MessagePipe end)",
    ],
  ],
  "a single method": ["interface Bell {\n  Ring();\n}\n", ["Bell.Ring()"]],
  "bool behind a string": [
    "interface Form {\n  Put(int a, string b, string c);\n  Name(string name, bool is_first);\n}\n",
    ["Form.Put(int a, string b, string c)", "Form.Name(string name, bool is_first)"],
  ],
};

for (const [name, [source, shape]] of Object.entries(MAGE_SHAPES)) {
  Deno.test(`a Mage file with ${name} has no findings`, () => {
    assertEquals(syntaxCodes(source), []);
    assertEquals(methodsOf(source), shape);
    assertEquals(methodsOf(source.replaceAll("\n", "\r\n")), shape);
  });
}

// What people wrote where a line-based parser was forgiving, or where it failed without a word.
const ACCEPTED: [name: string, source: string, codes: string[], shape?: string[]][] = [
  [
    "comments and empty lines on top",
    "// a (b) {\n\n/* c */\ninterface A {\n M();\n}",
    [],
  ],
  ["comments inside", "interface A { // on top\n // M();\n  \n M(); // (\n}", []],
  ["a comment behind a method", "interface A {\n M(int a); // what it does\n}", [], [
    "A.M(int a)",
  ]],
  ["a block comment in the body", "interface A {\n /* N(); */ M(/* no */);\n}", []],
  [
    "comments behind the end",
    "interface A {\n M();\n} // end\n// more\n/* and more */",
    [],
  ],
  ["no space before the brace", "interface A{\n M();\n}", []],
  ["an indented interface", "  interface A {\n    M();\n  }", []],
  ["no newline at the end", "interface A {\n M();\n}", []],
  ["no method", "interface A {\n}\n", [], []],
  ["a missing semicolon", "interface A {\n M()\n}", ["W0101"]],
  ["missing semicolons between lines", "interface A {\n M()\n M2(int a)\n}", [
    "W0101",
    "W0101",
  ], [
    "A.M()",
    "A.M2(int a)",
  ]],
  ["a comma for a semicolon", "interface A {\n M(),\n}", ["W0101"]],
  ["no parentheses", "interface A {\n M;\n}", ["W0108"]],
  ["neither parentheses nor semicolon", "interface A {\n M\n M2\n}", [
    "W0108",
    "W0101",
    "W0108",
    "W0101",
  ], ["A.M()", "A.M2()"]],
  ["parameters without parentheses", "interface A {\n M int a, string b;\n}", ["W0108"], [
    "A.M(int a, string b)",
  ]],
  ["tabs", "interface\tA\t{\n\tM(int\ta);\n}", [], ["A.M(int a)"]],
  ["a byte order mark", "\uFEFFinterface A {\n M();\n}", []],
  ["Unicode spaces", "interface\u00a0A {\n\u3000M();\n}", []],
  ["no commas", "interface A { M(int a string b); }", ["W0104"], [
    "A.M(int a, string b)",
  ]],
  ["no space behind a comma", "interface A { M(int a,int b); }", [], [
    "A.M(int a, int b)",
  ]],
  ["a comma at the end", "interface A { M(int a,); }", [], ["A.M(int a)"]],
  ["commas too many", "interface A { M(,int a,,int b); }", ["W0112", "W0112"], [
    "A.M(int a, int b)",
  ]],
  ["a misspelt keyword", "interfce A { M(); }", ["W0107"]],
  ["a keyword with a capital", "Interface A { M(); }", ["W0107"]],
  ["another word for the keyword", "foo A { M(); }", ["W0107"]],
  ["an interface that extends another", "interface A extends B { M(); }", ["W0109"]],
  ["an interface that inherits as in C++", "interface A : public ns::B { M(); }", [
    "W0109",
  ]],
  ["the brace on a line of its own", "interface A\n{\n M();\n}", []],
  ["everything on one line", "interface A { M(); }", []],
  ["a semicolon behind the interface", "interface A { M(); };", []],
  ["semicolons too many", "interface A { M();; ; };;", []],
  ["two methods on a line", "interface A { M(); M2(int a); }", [], [
    "A.M()",
    "A.M2(int a)",
  ]],
  [
    "a method over several lines",
    "interface A {\n M\n (\n int\n a,\n string b\n )\n ;\n}",
    [],
    [
      "A.M(int a, string b)",
    ],
  ],
  ["two interfaces", "interface A { M(); }\ninterface B { M(); }", [], [
    "A.M()",
    "B.M()",
  ]],
  ["a parameter without a name", "interface A { M(int a, string); }", [], [
    "A.M(int a, string)",
  ]],
  ["only types", "interface A { M(int, array<int>); }", [], [
    "A.M(int, array<int>)",
  ]],
  ["void before a method", "interface A { void M(); void M2; }", [
    "W0110",
    "W0110",
    "W0108",
  ], [
    "A.M()",
    "A.M2()",
  ]],
  ["void in the parentheses", "interface A { M(void); }", ["W0110"]],
  ["const before a type", "interface A { M(const int a, const array<int> b); }", [
    "W0110",
    "W0110",
  ], ["A.M(int a, array<int> b)"]],
  [
    "integers of C",
    "interface A { M(long long a, unsigned int b, unsigned c, unsigned long long d, " +
    "short int e, signed char f, unsigned); }",
    ["W0111", "W0111", "W0111", "W0111", "W0111", "W0111", "W0111"],
    ["A.M(int64 a, uint32 b, uint32 c, uint64 d, int16 e, int8 f, uint32)"],
  ],
  [
    "a parameter called as a type",
    "interface A { M(int int, int long, long string); }",
    [],
    [
      "A.M(int int, int long, long string)",
    ],
  ],
  [
    "float and sized types",
    "interface A { M(float a, int8_t b, uint16 c, short d, char e); }",
    [],
    [
      "A.M(float a, int8_t b, uint16 c, short d, char e)",
    ],
  ],
];

for (const [name, source, codes, shape] of ACCEPTED) {
  Deno.test(`accepted: ${name}`, () => {
    assertEquals(syntaxCodes(source), codes);
    if (shape !== undefined) assertEquals(methodsOf(source), shape);
    else assertEquals(methodsOf(source).some((line) => line.endsWith(".M()")), true);
  });
}

Deno.test("no word is reserved", () => {
  const words =
    ("event struct enum union array map stream result handle bytes string int bool const " +
      "module import alias feature bits void unsigned long MessagePipe pending_remote as " +
      "interface default true").split(" ");
  for (const word of words) {
    const source = `interface A { ${word}(string ${word}) => (array<int> ${word}); }`;
    assertEquals(syntaxCodes(source), [], word);
    assertEquals(methodsOf(source), [
      `A.${word}(string ${word}) => (array<int> ${word})`,
    ]);
  }
  assertEquals(methodsOf("interface interface { interface(int interface); }"), [
    "interface.interface(int interface)",
  ]);
});

Deno.test("replies, bytes, arrays and optional types are read", () => {
  assertEquals(
    methodsOf(
      "interface A { M(bytes? a, array<array<int?>>? b) => (); N() => (string? c, bool d,); }",
    ),
    ["A.M(bytes? a, array<array<int?>>? b) => ()", "A.N() => (string? c, bool d)"],
  );
});

// One mistake, one finding; what comes after it is still checked: each source ends with a second mistake.
const WRONG: [name: string, source: string, code: string, message: string][] = [
  [
    "an unknown character",
    "interface A { M(); % N(); ",
    "E0001",
    "unexpected character '%'",
  ],
  [
    "a parenthesis not closed",
    "interface A { M(int a; ",
    "E0002",
    "expected ')' but found ';'",
  ],
  [
    "a parenthesis not closed at all",
    "interface A {\n M(int a\n N();\n ",
    "E0002",
    "but found 'N'",
  ],
  [
    "no parenthesis of a reply",
    "interface A { M() => int a; ",
    "E0002",
    "expected '(' but found 'int'",
  ],
  [
    "the wrong arrow",
    "interface A { M() -> (int a); ",
    "E0002",
    "expected '=>' but found '->'",
  ],
  ["a body", "interface A { M() { return; } ", "E0002", "expected ';' but found '{'"],
  [
    "a word behind a method",
    "interface A { M() const; ",
    "E0002",
    "expected ';' but found 'const'",
  ],
  [
    "a word before a method",
    "interface A { virtual M(); ",
    "E0002",
    "expected '(' but found 'M'",
  ],
  [
    "no name of an interface",
    "interface { M(); ",
    "E0003",
    "expected an interface name but found '{'",
  ],
  [
    "a sign for a method",
    "interface A { (int a); ",
    "E0003",
    "expected a method name but found '('",
  ],
  [
    "a type before a method",
    "interface A { int M(); ",
    "E0003",
    "written M(...) => (int value)",
  ],
  [
    "a number for a type",
    "interface A { M(3 a); ",
    "E0004",
    "expected a type but found '3'",
  ],
  [
    "brackets for an array",
    "interface A { M(int[] a); ",
    "E0004",
    "an array is written array<...>",
  ],
  ["no keyword", "A { M(); ", "E0005", "expected 'interface' and a name but found 'A'"],
  [
    "a misspelt keyword of another kind",
    "strct B { }\ninterface A { ",
    "E0005",
    "did you mean 'struct'?",
  ],
  ["a line of prose", "hello to the world\ninterface A { ", "E0005", "but found 'hello'"],
  ["a brace too many", "interface B {}\n}\ninterface A { ", "E0005", "but found '}'"],
  [
    "a number on top",
    "12\ninterface A { ",
    "E0005",
    "expected a definition but found '12'",
  ],
  ["no opening brace", "interface A\n M();\n ", "E0002", "expected '{' but found 'M'"],
  [
    "an interface without a body",
    "interface B;\ninterface A { ",
    "E0002",
    "expected '{' but found ';'",
  ],
  [
    "a brace not closed before an interface",
    "interface B {\ninterface A { ",
    "E0002",
    "expected '}'",
  ],
  [
    "an optional of an optional",
    "interface A { M(int?? a); ",
    "E0209",
    "optional only once",
  ],
  [
    "an array not closed",
    "interface A { M(array<int a); ",
    "E0002",
    "expected '>' but found 'a'",
  ],
  [
    "types nested too deep",
    `interface A { M(${"array<".repeat(33)}int${">".repeat(33)} a); `,
    "E0011",
    "32 deep",
  ],
  [
    "an unknown generic",
    "interface A { M(vector<int> a); ",
    "E0205",
    "did you mean 'array'?",
  ],
];

for (const [name, source, code, message] of WRONG) {
  Deno.test(`one error, and the rest is checked: ${name}`, () => {
    const whole = `${source} Last(wrongtyp z); }`;
    assertEquals(syntaxCodes(whole), [code]);
    assertEquals(methodsOf(whole).at(-1)?.endsWith(".Last(wrongtyp z)"), true);
    assertStringIncludes(printedSyntax(whole), message);
  });
}

Deno.test("a file that ends too early says where it started", () => {
  assertEquals(
    printedSyntax("interface A {\n  M();\n"),
    `error[MG0002]: expected '}' but found the end of the file
 --> a.magen:3:1
  |
3 |
  | ^
note: the interface starts here
 --> a.magen:1:13
  |
1 | interface A {
  |             ^
`,
  );
});

Deno.test("a file without a definition is an error", () => {
  assertEquals(syntaxCodes(""), ["E0005"]);
  assertEquals(syntaxCodes("// only a comment\n"), ["E0005"]);
});

Deno.test("a comment that is never closed is one error", () => {
  assertEquals(syntaxCodes("interface A { M(); /* }"), ["E0001"]);
});

Deno.test("repeated and nested beginnings neither overflow nor stall", () => {
  const beginnings = [
    "interface A ",
    "interface A\n",
    "interface A {\n",
    "interface A { M(",
    "array<",
    "struct A {\n",
    "[",
    "{",
    "(",
    "a ",
    "const ",
    "interface A { M(array<",
    "interface A {\nenum B {\n",
    "interface A { M(int?",
    "struct S { int a",
    "struct S { enum E {\n",
    "union U {\n [A=",
    "enum E { A = ",
    "feature F { const int a = ",
    "alias A = map<int, ",
    'import "a" as ',
    "module a.",
    "x { ",
    "[A] ",
    "@",
    "interface A { M() => result<(",
    "interface A { struct S { ",
  ];
  for (const beginning of beginnings) {
    syntaxCodes(beginning.repeat(10_000));
    syntaxCodes(`interface A { ${beginning.repeat(10_000)}`);
    syntaxCodes(`interface A { M(${beginning.repeat(10_000)}`);
  }
});
