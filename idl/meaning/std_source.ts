/**
 * The text of `magen/std.magen`, which a source can import without there being a file.
 *
 * The same as `core/std/std.magen`, which is what people read: the compiler looks at no file of its own, and
 * so has it here.
 *
 * @module
 */

/** What a source writes to import it. */
export const STD_PATH = "magen/std.magen";

/** Where the code that is generated from it is imported from. */
export const STD_SPECIFIER = "@mage/ipc/std";

/** What it says. */
export const STD_SOURCE: string =
  `// Types that most programs need, and what stands for them in TypeScript.
//
// import "magen/std.magen";
//
// The compiler has this text in idl/meaning/std_source.ts; a test keeps the two the same.
module std;

/// A moment, whatever the calendar and the time zone: \`Temporal.Instant\` in TypeScript. From 1677 to 2262.
[Stable, TypeMap="./time.ts#Instant"]
struct Time {
  /// Since 1970-01-01T00:00Z; before that, negative.
  int64 nanoseconds;
};

/// A length of time: \`Temporal.Duration\` in TypeScript. A day is 24 hours; weeks, months and years, whose
/// length depends on the calendar, cannot be sent.
[Stable, TypeMap="./time_delta.ts#Duration"]
struct TimeDelta {
  /// May be negative.
  int64 nanoseconds;
};

/// A UUID: a string in TypeScript, as \`crypto.randomUUID()\` gives it.
[Stable, TypeMap="./uuid.ts#UuidText"]
struct Uuid {
  /// In the order they are written in.
  array<uint8, 16> bytes;
};

/// A URL: \`URL\` in TypeScript.
[Stable, TypeMap="./url.ts#UrlObject"]
struct Url {
  /// In the one form that the URL standard gives it.
  [MaxLength=2097152]
  string href;
};

/// What JSON can say: null, booleans, numbers, strings, arrays and objects of these, as such in TypeScript.
[Stable, TypeMap="./value.ts#JsonValue"]
union Value {
  /// The value \`null\`. There is nothing more to say: always missing.
  bool? nothing;
  /// \`true\` or \`false\`.
  bool boolean;
  /// Neither an infinity nor NaN, which JSON does not have.
  double number;
  /// Text.
  string text;
  /// Values in their order.
  array<Value> list;
  /// Values by name.
  map<string, Value> object;
};

/// An integer of any size: \`bigint\` in TypeScript. Up to 65,536 bits.
[Stable, TypeMap="./big_int.ts#BigInteger"]
struct BigInt {
  /// Whether it is below zero.
  bool negative;
  /// How far from zero it is: the lowest byte comes first, and the last one is not zero. Zero has no bytes.
  [MaxLength=8192]
  bytes magnitude;
};

/// Bytes that come with the message, or in a shared buffer when they are too many for that. \`takeBytes\`
/// gets them either way.
union BigBuffer {
  /// The bytes.
  bytes bytes;
  /// A buffer, all of which is the bytes.
  handle<shared_buffer> shared;
};
`;
