/**
 * Sources made by chance, for tests: words in any order, and correct sources with mistakes.
 *
 * @module
 */

/** Repeatable numbers from 0 to below `below`. */
export function randomizer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

const PIECES = [
  ...("interface struct union enum bits const feature alias module import event as A B M N int " +
    "string array map stream result handle pending_remote pending_receiver void unsigned long " +
    "default true class public extends x y").split(" "),
  ..."{ } ( ) [ ] < > , ; : = => -> ? ?? @ . & | + - * % ::".split(" "),
  ...'12 0x1f 1.5 3f 017 "s" "a\\q" \'s\' " // /* */ /**/ /// é $ \u0000 \uD800'.split(
    " ",
  ),
  "\n",
  "\r\n",
  "interface A {\n",
  "struct S {\n  int a;\n",
  "union U {\n  int a;\n",
  "enum E { A, B",
  "bits F : uint8 {",
  "const int k = 3;\n",
  "module a.b;\n",
  'import "a.magen";\n',
  "M(int a);\n",
  ") => (",
  ") => result<",
  "array<",
  "map<string, ",
  "[Max=3] ",
  "@1",
];

/** Up to `length` words and signs in any order. */
export function randomWords(random: (below: number) => number, length: number): string {
  const pieces = Array.from(
    { length: random(length) },
    () => PIECES[random(PIECES.length)]!,
  );
  return pieces.join(random(2) === 0 ? " " : "");
}

/** Correct sources that together use the whole grammar. */
export const CORRECT_SOURCES: readonly string[] = [
  `interface Teller {
  Begin(int my_number, double my_rate, string my_note);
  PayOut(int cents, string unit) => (bool done, string? why);
}
interface Opener { Bind(MessagePipe end); BindBoth(MessagePipe a, MessagePipe b); }
`,
  `module shop.v1;

/// What is on sale.
[Stable]
struct Item {
  const uint32 kMaxName = 0x40;
  [Stable]
  enum Kind : int8 { kFood = 1, kTool = -2, kOther = kTool };
  [MinLength=1, MaxLength=64] string name@0;
  Kind kind@1;
  double price@2 = 1.5e3;
  map<string, array<int?>>? sizes@3;
  array<uint8, 16> code@4;
  [MinVersion=1] string? note@5;
};
struct Node { int value; Node? next; };
`,
  `[Extensible] enum NetError { [Default] kUnknown, kLost = 7 }
bits Access : uint16 { read, write = 0x8, all = 0x9 }
const string kHello = "a\\n\\"b\\" \\u00e9";
const double kFar = -.5;
feature kFast { const bool on = false; }
alias Names = array<string>;
union Source { string url; bytes? data; handle<file> file; };
`,
  `struct Entry { string key; Names values; };
alias Names = array<string>;
enum NetError { kNone, kLost };
interface Watcher { Changed(Entry entry); };
interface Store {
  const int kLimit = 10;
  enum Order { kUp, kDown };
  bits Flags { a, b };
  event OnChange@7(Entry entry, int count = 3);
  Get@1([MaxLength=9] string key@0, Order order@1 = Order.kUp) => (Entry? entry);
  Put@2(Entry entry) => result<(int at, bool fresh), NetError>;
  Drop@3(string key) => result<(), NetError>;
  All@4() => stream<Entry>;
  Watch@5(pending_remote<Watcher> watcher, pending_receiver<Store>? other);
  Send@6(stream<bytes> data, handle any, handle<data_pipe_consumer> rest);
};
`,
];

/** `source` with up to `mistakes` words left out, doubled, swapped or replaced by others. */
export function withMistakes(
  source: string,
  random: (below: number) => number,
  mistakes: number,
): string {
  const words = source.match(/\w+|\s+|[^\w\s]/g) ?? [];
  for (let i = random(mistakes) + 1; i > 0; i--) {
    const at = random(words.length);
    const word = words[at]!;
    const other = words[random(words.length)]!;
    const replacements = ["", word + word, other, `${word} ${other}`];
    words[at] = replacements[random(4)] ?? PIECES[random(PIECES.length)]!;
  }
  return words.join("");
}
