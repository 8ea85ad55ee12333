/**
 * Every code that is about the text itself, with a source that gives it and the same source mended. The
 * documentation is made from it, and the tests compile all of it.
 *
 * @module
 */
import type { DiagnosticCode, Severity } from "./diagnostic.ts";

/** What a code is about. */
export interface DiagnosticExplanation {
  /** The code. */
  readonly code: DiagnosticCode;
  /** How bad it is. */
  readonly severity: Severity;
  /** What it says, in a line. */
  readonly title: string;
  /** A source that gives this code, and no other except those of `besides`. */
  readonly wrong: string;
  /** The source as it should be, which gives nothing at all. */
  readonly right: string;
  /** Other codes that `wrong` cannot do without. */
  readonly besides?: readonly DiagnosticCode[] | undefined;
  /** Other files that both can import, by path. The sources themselves are `main.magen`. */
  readonly files?: Readonly<Record<string, string>> | undefined;
}

const METHOD = "interface Bell {\n  Ring();\n}\n";

/** The codes MG00xx and MG01xx, and what the parser finds of the others, in their order. */
export const SYNTAX_CODES: readonly DiagnosticExplanation[] = [
  {
    code: "MG0001",
    severity: "error",
    title: "A character, a number, a string or a comment cannot be read",
    wrong: 'const string kName = "Bell;\n',
    right: 'const string kName = "Bell";\n',
  },
  {
    code: "MG0002",
    severity: "error",
    title: "A sign is missing, or another one is in its place",
    wrong: "interface Bell {\n  Ring(int times;\n}\n",
    right: "interface Bell {\n  Ring(int times);\n}\n",
  },
  {
    code: "MG0003",
    severity: "error",
    title: "A name or a constant is missing",
    wrong: "struct Point {\n  int x;\n  int;\n};\n",
    right: "struct Point {\n  int x;\n  int y;\n};\n",
  },
  {
    code: "MG0004",
    severity: "error",
    title: "A type is missing, or is none",
    wrong: "struct Point {\n  int[] coordinates;\n};\n",
    right: "struct Point {\n  array<int> coordinates;\n};\n",
  },
  {
    code: "MG0005",
    severity: "error",
    title: "Something that is no definition stands where one should",
    wrong: "strct Point {\n  int x;\n};\n",
    right: "struct Point {\n  int x;\n};\n",
  },
  {
    code: "MG0006",
    severity: "error",
    title: "'module' stands behind something else, or a second time",
    wrong: `${METHOD}module music;\n`,
    right: `module music;\n${METHOD}`,
  },
  {
    code: "MG0007",
    severity: "error",
    title: "'import' stands behind a definition",
    wrong: 'struct Point { int x; };\nimport "other.magen";\nstruct Line { Other a; };\n',
    right: 'import "other.magen";\nstruct Point { int x; };\nstruct Line { Other a; };\n',
    files: { "other.magen": "struct Other { int x; };\n" },
  },
  {
    code: "MG0008",
    severity: "error",
    title: "An imported file does not exist",
    wrong: 'import "othr.magen";\nstruct Line { int x; };\n',
    right: 'import "other.magen";\nstruct Line { Other a; };\n',
    files: { "other.magen": "struct Other { int x; };\n" },
  },
  {
    code: "MG0009",
    severity: "error",
    title: "Files import each other",
    wrong: 'import "other.magen";\nstruct Line { Other a; };\n',
    right: "struct Line { int x; };\n",
    files: {
      "other.magen": 'import "main.magen";\nstruct Other { int x; Line? line; };\n',
    },
  },
  {
    code: "MG0011",
    severity: "error",
    title: "Types are nested too deep, or a source is too long",
    wrong: `alias Deep = ${"array<".repeat(33)}int${">".repeat(33)};\n`,
    right: "alias Deep = array<array<array<int>>>;\n",
  },
  {
    code: "MG0012",
    severity: "error",
    title: "There are more errors, or more warnings, than are shown",
    wrong: `interface Bell {\n${"  Ring(?);\n".repeat(101)}}\n`,
    right: METHOD,
    besides: ["MG0004"],
  },
  {
    code: "MG0013",
    severity: "error",
    title: "A definition or a method stands in a definition that cannot have it",
    wrong: "interface Bell {\n  struct Tone { int pitch; };\n  Ring(Tone tone);\n};\n",
    right: "struct Tone { int pitch; };\ninterface Bell {\n  Ring(Tone tone);\n};\n",
  },
  {
    code: "MG0101",
    severity: "warning",
    title: "A semicolon is missing",
    wrong: "interface Bell {\n  Ring()\n}\n",
    right: METHOD,
  },
  {
    code: "MG0102",
    severity: "warning",
    title: "'I&' is an old spelling of pending_receiver<I>",
    wrong: `${METHOD}struct Tower {\n  Bell& bell;\n};\n`,
    right: `${METHOD}struct Tower {\n  pending_receiver<Bell> bell;\n};\n`,
  },
  {
    code: "MG0103",
    severity: "warning",
    title: "A parameter has no name",
    wrong: "interface Bell {\n  Ring(int);\n}\n",
    right: "interface Bell {\n  Ring(int times);\n}\n",
  },
  {
    code: "MG0104",
    severity: "warning",
    title: "A comma is missing between parameters or between values",
    wrong: "interface Bell {\n  Ring(int times string tone);\n}\n",
    right: "interface Bell {\n  Ring(int times, string tone);\n}\n",
  },
  {
    code: "MG0107",
    severity: "warning",
    title: "Another word stands in place of 'interface'",
    wrong: "interfce Bell {\n  Ring();\n}\n",
    right: METHOD,
  },
  {
    code: "MG0108",
    severity: "warning",
    title: "A method has no parentheses",
    wrong: "interface Bell {\n  Ring;\n}\n",
    right: METHOD,
  },
  {
    code: "MG0109",
    severity: "warning",
    title: "Words before a '{' are ignored",
    wrong: "interface Bell extends Instrument {\n  Ring();\n}\n",
    right: METHOD,
  },
  {
    code: "MG0110",
    severity: "warning",
    title: "A word of C++ is ignored",
    wrong: "interface Bell {\n  void Ring();\n}\n",
    right: METHOD,
  },
  {
    code: "MG0111",
    severity: "warning",
    title: "A type of several words is read as a type of one",
    wrong: "struct Point {\n  unsigned int x;\n};\n",
    right: "struct Point {\n  uint32 x;\n};\n",
  },
  {
    code: "MG0112",
    severity: "warning",
    title: "A comma or semicolon separates nothing",
    wrong: "interface Bell {\n  Ring(int times,, string tone);\n}\n",
    right: "interface Bell {\n  Ring(int times, string tone);\n}\n",
  },
  {
    code: "MG0209",
    severity: "error",
    title: "A type is optional twice",
    wrong: "struct Point {\n  int?? x;\n};\n",
    right: "struct Point {\n  int? x;\n};\n",
  },
  {
    code: "MG0307",
    severity: "error",
    title: "An event has a reply",
    wrong: "interface Bell {\n  event Rung() => (int times);\n}\n",
    right: "interface Bell {\n  event Rung();\n}\n",
  },
];
