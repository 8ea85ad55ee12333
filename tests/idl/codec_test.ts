import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import {
  BadMessageError,
  createMessagePipe,
  MessagePipe,
  Receiver,
  Remote,
  RemoteError,
} from "@mage/ipc";
import type { Interface } from "../../core/bindings/generated_v1.ts";
import { importFiles } from "./files.ts";
import { generated } from "./generated_project.ts";
import { EveryType } from "./golden/every_type.magen.ts";

// deno-lint-ignore no-explicit-any
type Methods = Record<string, (...args: any[]) => any>;

/** Bytes of the head of a message, before its parameters. */
const HEAD_BYTES = 16;

/** The only interface of a source. */
async function interfaceOf(source: string): Promise<Interface<Methods>> {
  const loaded = await importFiles<Record<string, Interface<Methods>>>({
    "a.magen.ts": await generated(source, "a.magen"),
  });
  return Object.values(loaded["a.magen.ts"]!)[0]!;
}

/** What a call of the only method of a source says: its struct, and behind it the string bundle. */
async function sent(source: string, ...args: unknown[]): Promise<number[]> {
  const [near, far] = createMessagePipe();
  using remote = new Remote(await interfaceOf(source), near);
  remote.m!(...args)?.catch(() => {});
  using message = (await far.receive())!;
  far.close();
  return [...message.data.subarray(HEAD_BYTES)];
}

/** Both ends of the interface of everything, which answers with what it gets. */
function everyType() {
  let seen: unknown[] = [];
  const echo = (names: string) => (...args: unknown[]) => {
    seen = args;
    return Object.fromEntries(names.split(" ").map((name, i) => [name, args[i]]));
  };
  const names = "a b c d e f g h i j";
  const own = "w r s call impl options error value i url urlHead writePipe readPipe";
  const impl = {
    numbers: echo(names),
    optionals: echo(names),
    arrays: echo(names),
    ownNames: echo(own),
    nothing: echo(""),
  };
  const [near, far] = createMessagePipe();
  const receiver = new Receiver(EveryType, impl as never, far);
  const remote = new Remote(EveryType, near);
  return {
    remote: remote as unknown as Methods,
    seen: () => seen,
    [Symbol.dispose]() {
      remote.$.close();
      receiver.close();
    },
  };
}

/** An endpoint whose other end is closed. */
function pipe(): MessagePipe {
  const [near, far] = createMessagePipe();
  far.close();
  return near;
}

/** A value in which each endpoint is closed, and a word: on its way it becomes another object. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (!(value instanceof MessagePipe)) return value;
  value.close();
  return "a pipe";
}

/** Asserts that values arrive, and come back. */
async function assertCarried(
  method: string,
  make: () => readonly unknown[],
  { remote, seen }: ReturnType<typeof everyType>,
): Promise<void> {
  const expected = make().map((value) => shown(value) ?? undefined);
  const reply = await remote[method]!(...make());
  assertEquals(Object.values(reply).map(shown), expected);
  assertEquals(seen().map(shown), expected);
}

Deno.test("numbers arrive as they were sent, at both ends of their range", async () => {
  using pair = everyType();
  const low = [-128, 0, -32768, 0, -2147483648, 0, -(2n ** 63n), 0n, -0.5, -1.5e300];
  const high = [
    127,
    255,
    32767,
    65535,
    2147483647,
    4294967295,
    2n ** 63n - 1n,
    2n ** 64n - 1n,
  ]
    .concat([Infinity, NaN] as never);
  for (const values of [low, high]) {
    await assertCarried("numbers", () => values, pair);
  }
});

Deno.test("a value of the wrong type or range is refused by name, and nothing is sent", () => {
  using pair = everyType();
  const good = [0, 0, 0, 0, 0, 0, 0n, 0n, 0, 0];
  const wrong = [128, -1, 0.5, 65536, 2 ** 31, -1, 1, -1n, "1", null];
  wrong.forEach((value, at) => {
    const values = good.map((other, i) => i === at ? value : other);
    const error = assertThrows(() => pair.remote.numbers!(...values));
    assert(error.message.includes(`'${"abcdefghij"[at]}'`), error.message);
  });
});

Deno.test("optional values arrive or stay away, in any combination", async () => {
  using pair = everyType();
  const all = () => [
    true,
    -5,
    "text",
    new Uint8Array([1, 2]),
    pipe(),
    Int32Array.of(1, 2),
    true,
    65,
    false,
    true,
  ];
  for (let mask = 0; mask < 1 << 10; mask += 7) {
    // The seventh is the one that has to be there.
    const values = () =>
      all().map((value, i) => i === 6 || mask & (1 << i) ? value : undefined);
    await assertCarried("optionals", values, pair);
  }
  const nulls = () => all().map((value, i) => i === 6 ? value : null);
  await assertCarried("optionals", nulls, pair);
});

Deno.test("arrays of every kind arrive, empty, short and long", async () => {
  using pair = everyType();
  for (const length of [0, 1, 7, 8, 9, 100]) {
    const of = <T>(item: (i: number) => T): T[] =>
      Array.from({ length }, (_, i) => item(i));
    const values = () => [
      of((i) => i % 3 === 0),
      of((i) => i % 3 === 0 ? undefined : i % 2 === 0),
      of((i) => i % 9 === 0 ? "long é".repeat(300) : `${i}`),
      of((i) => i % 2 === 0 ? undefined : "ü"),
      of((i) => new Uint8Array(i)),
      of(() => pipe()),
      of((i) => i % 2 === 0 ? pipe() : undefined),
      of((i) => i % 4 === 0 ? undefined : BigInt(i)),
      of((i) => Int32Array.from(of((k) => i * k))),
      of((i) => i % 2 === 0 ? undefined : [undefined, [], [true, undefined, false]]),
    ];
    await assertCarried("arrays", values, pair);
  }
});

Deno.test("parameters may have the names that generated code uses itself", async () => {
  using pair = everyType();
  const values = () =>
    [
      1,
      2,
      3,
      4,
      "impl",
      true,
      undefined,
      Int32Array.of(5),
      [Int32Array.of(6), new Int32Array()],
      "url",
      7,
    ]
      .concat([pipe(), new Uint8Array([8])] as never);
  await assertCarried("ownNames", values, pair);
  assertEquals(pair.remote.nothing!(), undefined);
});

Deno.test("the layout of a struct is flags, fixed part, variable part", async () => {
  const source =
    "interface A { M(bool a, string b, int? c, bytes d, bool? e, uint16 f, array<bool?> g); }";
  const first = [true, "hi", undefined, Uint8Array.of(9), false, 0x0102, [
    true,
    undefined,
    false,
  ]];
  assertEquals(await sent(source, ...first), [
    ...[18, 0, 0, 0], // size
    0b0101, // a, no c, e is there and false
    ...[2, 0, 0, 0], // length of b
    ...[2, 1], // f
    ...[1, 0, 0, 0, 9], // d
    ...[3, 0, 0, 0, 0b101, 0b001], // g: count, presence, values
    ...[104, 105], // the bundle
  ]);
  const second = [false, "", -1, new Uint8Array(), undefined, 0, []];
  assertEquals(await sent(source, ...second), [
    ...[19, 0, 0, 0],
    0b0010,
    ...[0, 0, 0, 0],
    ...[255, 255, 255, 255],
    ...[0, 0],
    ...[0, 0, 0, 0],
    ...[0, 0, 0, 0],
  ]);
});

Deno.test("a method without parameters sends an empty struct", async () => {
  assertEquals(await sent("interface A { M() => (); }"), [0, 0, 0, 0]);
});

/** Why the receiver of a source closes at a call that says `struct`; null when it takes it. */
async function refusal(
  source: string,
  struct: readonly number[],
): Promise<string | null> {
  const iface = await interfaceOf(source), [near, far] = createMessagePipe();
  const called = Promise.withResolvers<null>();
  const impl = { m: () => called.resolve(null) };
  using receiver = new Receiver(iface, impl as never, far, { onError() {} });
  const bytes = new Uint8Array(HEAD_BYTES + struct.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 1;
  view.setUint32(4, iface.methods[0]![0], true);
  view.setUint32(12, bytes.length, true);
  bytes.set(struct, HEAD_BYTES);
  near.write(bytes);
  const closed = receiver.closed.then((reason) => {
    assertInstanceOf(reason, BadMessageError);
    return reason.rule;
  });
  const found = await Promise.race([called.promise, closed]);
  near.close();
  return found;
}

Deno.test("an absent bool with a value is a bad message", async () => {
  const source = "interface A { M(bool? a, bool b); }";
  for (const bits of [0b010, 0b110, 0b1000]) {
    assertEquals(await refusal(source, [1, 0, 0, 0, bits]), "flags");
  }
  assertEquals(await refusal(source, [1, 0, 0, 0, 0b111]), null);
});

Deno.test("an absent bool in an array with a value is a bad message", async () => {
  const source = "interface A { M(array<bool?> a); }", count = [2, 0, 0, 0];
  const struct = (...bits: number[]) => [6, 0, 0, 0, ...count, ...bits];
  assertEquals(await refusal(source, struct(0b01, 0b11)), "flags");
  assertEquals(await refusal(source, struct(0b11, 0b10)), null);
});

/** What comes of a call, when the implementation answers `value`; and what it was told of. */
async function answered(
  source: string,
  value: unknown,
): Promise<[result: unknown, errors: unknown[]]> {
  const iface = await interfaceOf(source), [near, far] = createMessagePipe();
  const errors: unknown[] = [], onError = (error: unknown) => void errors.push(error);
  using _receiver = new Receiver(iface, { m: () => value } as never, far, { onError });
  using remote = new Remote(iface, near);
  return [await remote.m!().catch((error: unknown) => error), errors];
}

Deno.test("a reply that is no object is refused by name", async () => {
  for (const value of [undefined, null, 3, "x", Symbol("s")]) {
    const [result, [error]] = await answered("interface A { M() => (int b); }", value);
    assertInstanceOf(result, RemoteError);
    assertInstanceOf(error, TypeError);
    assert(error.message.startsWith("The reply of A.M must be an object"));
  }
});

Deno.test("each property of a reply is read once", async () => {
  let reads = 0;
  const reply = {
    get b() {
      return `${++reads}`;
    },
  };
  const [result, errors] = await answered("interface A { M() => (string b); }", reply);
  assertEquals([result, errors, reads], [{ b: "1" }, [], 1]);
});
