/**
 * A source that uses every name that could hurt: of JavaScript, of TypeScript, of the runtime, and of
 * the generated code itself.
 *
 * @module
 */

const WORDS = `
  break case catch class const continue debugger default delete do else enum export extends false finally
  for function if import in instanceof new null return super switch this throw true try typeof var void
  while with as implements interface let package private protected public static yield any boolean
  constructor declare get module require number set symbol type from of async await arguments eval
  undefined NaN Infinity globalThis object never unknown bigint unique keyof readonly infer asserts is
  abstract namespace global override out accessor satisfies intrinsic using defer then prototype __proto__
  toString valueOf hasOwnProperty isPrototypeOf __defineGetter__ __lookupSetter__ w r s f0 call options
  impl error value i k item bits bit mask count1 i1 flags0 urlHead pipe writePipe readPipe ReadPipe decoder
  method Promise Uint8Array TypeError Array String Object Encoder Decoder Interface Implementation
  Incoming RemoteBase CallOptions Remote Receiver dispatch name methods event stream result struct union
  map handle array self window Deno console Symbol Error Number Math _ __ ___ _a a_ A a1 a1_2 jsonURL URL
  message ended isCall begin send close closed unbind signal reply accept done unknownMethod
`.trim().split(/\s+/);

const TYPES = (
  "int|string|bytes|bool|MessagePipe|double|uint64|array<string>|array<int?>|array<bool>|" +
  "array<array<MessagePipe?>?>|string?|bool?|bytes?|array<bool?>?|array<bytes>|char|float|MessagePipe?|" +
  "int8|uint16?|int64_t?|array<array<array<string?>>>"
).split("|");

/** The source. */
function hostileSource(): string {
  const members = distinct(WORDS);
  const lines = ["interface Parameters {"];
  for (let at = 0; at < members.length; at += 9) {
    const list = members.slice(at, at + 9)
      .map((word, i) => `${TYPES[(at + i * 7) % TYPES.length]} ${word}`).join(", ");
    lines.push(`  Two${at}(${list}) => (${list});`, `  One${at}(${list});`);
  }
  lines.push("}", "interface Methods {");
  for (const word of members) {
    lines.push(
      `  ${word}(string ${word}, int? x1, bytes? x2) => (bool ${word}, string x3);`,
    );
  }
  lines.push("}");
  for (const word of WORDS) {
    lines.push(
      `interface ${word} { M(int a, string w) => (int b, string value); N(int pipe); }`,
    );
  }
  lines.push(
    "interface Foo { M() => (int a); } interface FooRemote {} interface dispatchFoo {}",
    "interface readFoo_M_Reply { X(); } interface readEmptyReply { X() => (); }",
    "// Ends */ here; `${x}` \\u002a/ </script>\ninterface Docs {\n  /** {@link *\\/ } @param */\n  M();\n}",
  );
  return `${lines.join("\n")}\n`;
}

/** Leaves out words that would become one name. */
function distinct(words: readonly string[]): string[] {
  const seen = new Set<string>();
  return words.filter((word) => {
    const key = word.replaceAll("_", "").toLowerCase();
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Sources of the whole language that use the same names, each for something else. */
export function hostileSources(): string[] {
  const members = distinct(WORDS);
  const values = members.filter((word) => !/^_*$/.test(word));
  const named = (text: (word: string) => string) => members.map(text).join("\n");
  const fields = members.map((word, i) => `  ${TYPES[i * 5 % TYPES.length]} ${word};`);
  return [
    hostileSource(),
    `struct All {\n${fields.join("\n")}\n};\n${
      named((word) => `struct ${word} { int ${word}; string? value; bool w = true; };`)
    }\n`,
    `union All {\n${fields.join("\n")}\n};\n${
      named((word) => `union ${word} { int ${word}; string kind; bytes value_; };`)
    }\n`,
    `enum All { ${values.join(", ")} };\n${
      named((word) => `enum ${word} { ${word}, kOther };`)
    }\n`,
    `bits All : uint64 { ${members.slice(0, 64).join(", ")} };\n${
      named((word) => `bits ${word} { ${word}, other };`)
    }\n`,
    `${named((word) => `const string ${word} = "*/ \\u202e \${${word}}";`)}\n`,
    `interface Events {\n${
      named((word) => `  event ${word}(string ${word}, int? x1 = 3);`)
    }\n};\n`,
    `struct Outer {\n${named((word) => `  enum ${word} { ${word} };`)}\n${
      named((word) => `  const int k_${word} = ${word.length};`)
    }\n};\n`,
    `struct Item { int a; };\nenum Bad { kNone };\ninterface Replies {\n${
      named((word) =>
        `  ${word}(stream<int> ${word}, map<string, Item> x1) => result<(int ${word}, Item x2), Bad>;`
      )
    }\n};\ninterface Streams {\n${
      named((word) => `  ${word}(handle ${word}) => stream<Item>;`)
    }\n};\n`,
  ];
}
