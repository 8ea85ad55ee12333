import { assertEquals, assertStringIncludes } from "@std/assert";
import { codesOf, definitionOf, messagesOf, valueText } from "./findings.ts";

/** The type of a field that is written as `text` in a struct. */
function fieldText(text: string, before = ""): string {
  const source = `${before}\ninterface I { M(); }; struct T { int x; }; enum E { kA };` +
    `\nunion U { int x; }; bits B { kA };\nstruct S { ${text} x; };`;
  return valueText(definitionOf(source, "struct", "S").fields[0]!);
}

Deno.test("types are what they are called", () => {
  const types: Record<string, string> = {
    "bool?": "bool?",
    int: "i32",
    uint64_t: "u64",
    float: "f32",
    bytes: "bytes",
    "array<uint8>": "bytes",
    "array<char>?": "bytes?",
    "array<uint8?>": "array<u8?>",
    "array<uint8, 16>": "array<u8, 16>",
    "array<array<T?>?, 0x10>": "array<array<struct T?>?, 16>",
    "map<string, array<U>>": "map<string, array<union U>>",
    "map<E, B?>": "map<enum E, bits B?>",
    "map<uint64, bool>": "map<u64, bool>",
    MessagePipe: "handle<message_pipe>",
    handle: "handle<any>",
    "handle<file>?": "handle<file>?",
    "stream<map<bool, T>>": "stream<map<bool, struct T>>",
    "pending_remote<I>": "remote<I>",
    "pending_receiver<I>?": "receiver<I>?",
    "pending_associated_remote<I>": "associated_remote<I>",
    "pending_associated_receiver<I>": "associated_receiver<I>",
  };
  for (const [text, expected] of Object.entries(types)) {
    assertEquals(fieldText(text), expected);
  }
});

Deno.test("an alias stays visible, and brings what it stands for", () => {
  const aliases = "[MaxLength=8] alias Name = string; alias Names = array<Name>;" +
    "alias Maybe = Name?; [JsNumber] alias Id = int64; [Min=1] alias Digit = uint8;";
  const types: Record<string, string> = {
    Name: "Name=string{maxLength: 8}",
    "Name?": "Name=string{maxLength: 8}?",
    Names: "Names=array<Name=string{maxLength: 8}>",
    Maybe: "Maybe=string{maxLength: 8}?",
    "array<Id>": "array<Id=i64#>",
    "map<Id, Name>": "map<Id=i64#, Name=string{maxLength: 8}>",
    // Each item has to be looked at, so these are no bytes.
    "array<Digit>": "array<Digit=u8{min: 1}>",
  };
  for (const [text, expected] of Object.entries(types)) {
    assertEquals(fieldText(text, aliases), expected);
  }
  assertEquals(codesOf(`${aliases} struct S { Maybe? x; };`), ["E0209"]);
  assertEquals(codesOf(`${aliases} struct S { map<Maybe, int> x; };`), ["E0207"]);
});

Deno.test("an alias of an alias is both", () => {
  const source = "[MinLength=1] alias A = string; [MaxLength=9] alias B = A;";
  const { value } = definitionOf(source, "alias", "B");
  assertEquals(valueText(value), "A=string{minLength: 1, maxLength: 9}");
});

const REFUSED: [type: string, message: string][] = [
  [
    "array<T, 1048577>",
    "MG0204 the size of an array is a whole number from 1 to 1048576",
  ],
  ["map<double, int>", "MG0207 'double' cannot be the key of a map"],
  ["map<string?, int>", "MG0207 an optional type cannot be the key of a map"],
  ["map<bytes, int>", "MG0207 'bytes' cannot be the key"],
  ["map<T, int>", "MG0207 'T' cannot be the key"],
  ["map<B, int>", "MG0207 'B' cannot be the key"],
  ["map<handle, int>", "MG0207 'handle' cannot be the key"],
  ["pending_remote<int>", "MG0206 pending_remote<> needs an interface: 'int' is a type"],
  ["pending_receiver<E>", "MG0206 pending_receiver<> needs an interface: 'E' is an enum"],
  ["array<I>", "MG0208 interface 'I' cannot be a value; use pending_remote<I>"],
  [
    "handle<data_pipe>",
    "MG0203 unknown handle kind 'data_pipe'; there are message_pipe,",
  ],
  [
    "handle<shared_bufer>",
    "MG0203 unknown handle kind 'shared_bufer'; did you mean 'shared_buffer'?",
  ],
  ["kMost", "MG0219 constant 'kMost' is not a type"],
  ["map", "MG0205 unknown type 'map'; did you mean 'map<K, V>'?"],
];

for (const [type, message] of REFUSED) {
  Deno.test(`a type is refused: ${type}`, () => {
    const source =
      "interface I { M(); }; struct T { int x; }; enum E { kA }; bits B { kA };" +
      `const int kMost = 1; struct S { ${type} x; };`;
    const found = messagesOf(source);
    assertEquals(found.length, 1, `${found}`);
    assertStringIncludes(found[0]!, message);
  });
}

Deno.test("an array may always have as many items as a message", () => {
  assertEquals(codesOf("struct S { array<int, 1048576> x; };"), []);
});

Deno.test("aliases cannot make types deeper than they could be written", () => {
  const aliases = Array.from({ length: 40 }, (_, i) => `alias A${i + 1} = array<A${i}>;`);
  const source = `alias A0 = int; ${
    aliases.join(" ")
  } struct S { A40 x; array<A39> y; };`;
  // The one that goes too far; what is made of it is silent.
  assertEquals(codesOf(source), ["E0011"]);
  const first = (count: number) => `alias A0 = int; ${aliases.slice(0, count).join(" ")}`;
  assertEquals([codesOf(first(32)), codesOf(first(33))], [[], ["E0011"]]);
});

Deno.test("one that cannot be resolved has no follow-up", () => {
  const source = `alias A = Missing; alias B = array<A>;
    struct S { A a; B b; map<A, B> c; A d = 1; [MaxLength=1] A e; [MinVersion=1] A f; };
    interface I { M(A a, B b) => result<A, B>; N() => stream<A>; };
    const A kA = 1; [Extensible] union U { [Default] A a; };`;
  assertEquals(codesOf(source), ["E0205"]);
});
