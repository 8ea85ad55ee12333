/**
 * Sources that are nearly right, and some that are nothing of the kind.
 *
 * @module
 */
import type { Random } from "../sim/random.ts";

/** Small sources without an error, which together use most of the language. */
const SOURCES: readonly string[] = [
  "interface A { M(int a); };",
  "interface A { Get@0(string k) => (bytes? v); Put@1(string k, bytes v); }",
  "[Extensible] interface Z { [Timeout=5] A(MessagePipe? p) => (); event On(int8 n); };",
  "module a.b; struct S { int32 a = 5; [MinVersion=1] string? b; };",
  "struct N { N? next; array<N> all; map<string, N?> by; array<uint8, 4> four; };",
  "struct S { enum E { kA, kB = 7 }; const int8 kC = -3; E e = E.kB; };",
  "union U { int8 a; string b; array<U> c; };",
  "[Extensible] union U { [Default] int32? unknown; double d; };",
  "[Extensible] enum E { [Default] kA = 0, kB = 0x10, kC = kB, };",
  "enum E : uint8 { kOne = 1, kTwo };",
  "bits B : uint16 { kR, kW, kX = 0x8000 };",
  "alias Name = string; struct S { [MaxLength=9] Name n; };",
  'const double kD = 1.5e3; const string kS = "a\\n\\"b"; const bool kB = true;',
  'feature kF { const string name = "F"; const bool default_state = false; };',
  "interface R { A(int a) => result<string, int>; B() => result<(int a, int b), string>; };",
  "interface S { A([Min=1, Max=9] int n) => stream<bytes>; B(stream<int> s) => (); };",
  "interface W { A(pending_remote<W> r, pending_receiver<W>? s); };",
  "interface H { A(handle<shared_buffer> b, handle? any, handle<platform> p); };",
  "// a comment\n/** Docs. */\ninterface D {\r\n  /// More.\r\n  M(\r\n    int a, // one\r\n  );\r\n}",
  "interface M { array(int array); event(string event); struct() => (int map); }",
  '[Stable, Uuid="6f1a1d3e-6a0b-4d4e-9d5b-1f2e3d4c5b6a"] interface T { A(); };',
  'struct J { [JsNumber] int64 a; [Pattern="[a-z]+"] string b; [Deprecated="c"] bool c; };',
];

const WORDS: readonly string[] = [
  ...("interface struct union enum bits const alias feature module import event as default true false " +
    "array map stream result handle int string bytes bool double int64 uint8 MessagePipe pending_remote " +
    "MinVersion Extensible Default Min Max Stable A B M S kA kB name a_b then __proto__ arguments")
    .split(" "),
  ..."{ } ( ) [ ] < > , ; : = => -> ? ?? @ . & | + - % $ \\ ` # ~ / * //".split(" "),
  ...'0 1 12 -1 0x 0xff 1.5 1e 1e999 .5 99999999999999999999 "" "s" "\\" " \'x\''.split(
    " ",
  ),
  ...[
    "é",
    "名",
    "\u0000",
    "\ufeff",
    "\ud800",
    "\udc00",
    "😀",
    "\u2028",
    "\r",
    "\n",
    "\t",
    " ",
  ],
  ...'/* */ /** /// /**/ " array< map<string, ) => ( [Min= @1 ; };'.split(" "),
];

/** What is repeated until it is deep, long, or much. */
const REPEATED: readonly string[] = [
  ..."{ } ( ) [ ] < > array< map<int, stream< result< ? ; , . a. @ = -".split(" "),
  ...[
    "interface A {",
    "struct A { ",
    "M(",
    "M(int a, ",
    "[A=",
    "[A]",
    "a|",
    "/*",
    "//",
    "///\n",
  ],
  ...[
    '"',
    "\\",
    "é",
    "\ufffe",
    "\n",
    " ",
    "0",
    "x",
    "enum E { a, ",
    "union U { array<",
    "-+",
  ],
];

/** Makes sources. */
export class SourceMutator {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The next one. */
  source(): string {
    const random = this.#random;
    if (random.oneIn(2000)) return this.#large();
    switch (random.below(8)) {
      case 0:
        return this.#soup();
      case 1:
        return random.pick(SOURCES);
      case 2:
        return `${random.pick(SOURCES)}\n${this.#mutated()}`;
      default:
        return this.#mutated();
    }
  }

  #soup(): string {
    const random = this.#random, space = random.pick(["", " ", " ", "\n"]);
    let text = "";
    for (let i = random.below(16); i > 0; i--) text += random.pick(WORDS) + space;
    return text;
  }

  #mutated(): string {
    const random = this.#random;
    let text = random.pick(SOURCES);
    do {
      const at = random.below(text.length + 1), until = at + random.below(8);
      switch (random.below(8)) {
        case 0:
          text = text.slice(0, at);
          break;
        case 1:
        case 2:
          text = text.slice(0, at) + text.slice(until);
          break;
        case 3:
          text = text.slice(0, until) + text.slice(at);
          break;
        case 4:
          text = text.slice(0, at) + random.pick(SOURCES).slice(random.below(40));
          break;
        case 5: {
          // Instead of a whole word, so that what is around it keeps its sense.
          const from = text.lastIndexOf(" ", at) + 1, to = text.indexOf(" ", from);
          if (to > 0) text = text.slice(0, from) + random.pick(WORDS) + text.slice(to);
          break;
        }
        default:
          text = text.slice(0, at) + random.pick(WORDS) + text.slice(at);
      }
    } while (random.oneIn(3));
    return text;
  }

  #large(): string {
    const random = this.#random;
    const text = random.pick(REPEATED).repeat(random.pick([100, 1000, 10_000]));
    const before = random.oneIn(2) ? random.pick(SOURCES).slice(0, random.below(60)) : "";
    return before + text + (random.oneIn(2) ? random.pick(REPEATED).repeat(100) : "");
  }
}
