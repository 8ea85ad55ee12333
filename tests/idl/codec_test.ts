import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { compile } from "../../idl/mod.ts";
import { Decoder, type Interface, MessagePipe } from "./loopback_runtime.ts";

type Answers = Record<string, (...args: unknown[]) => unknown>;
// deno-lint-ignore no-explicit-any
type AnyRemote = Record<string, (...args: any[]) => any>;

/** Bytes of the head of a message, before its parameters. */
const HEAD_BYTES = 16;

/** Compiles a source and loads the result with the loopback runtime. */
async function load(source: string): Promise<Record<string, Interface<object>>> {
  const { output } = await compile(source, { path: "a.magen" });
  assert(output !== undefined);
  const runtime = new URL("./loopback_runtime.ts", import.meta.url).href;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, output.replace("@mage/ipc/generated-v1", runtime));
    return await import(`file://${file}`);
  } finally {
    await Deno.remove(file);
  }
}

async function connect(
  source: string,
  target: Answers,
): Promise<{ remote: AnyRemote; pipe: MessagePipe; iface: Interface<object> }> {
  const iface = Object.values(await load(source))[0]!;
  const pipe = new MessagePipe(target);
  return { remote: new iface.Remote(pipe) as unknown as AnyRemote, pipe, iface };
}

/** The parameters of the last message: its struct, and behind it the string bundle. */
function structOf(pipe: MessagePipe): number[] {
  return [...pipe.lastMessage.subarray(HEAD_BYTES)];
}

async function everyType(): Promise<{ remote: AnyRemote; seen: () => unknown[] }> {
  const source = await Deno.readTextFile(
    new URL("./golden/every_type.magen", import.meta.url),
  );
  let seen: unknown[] = [];
  const echo = (names: string) => (...args: unknown[]) => {
    seen = args;
    return Object.fromEntries(names.split(" ").map((name, i) => [name, args[i]]));
  };
  const { EveryType } = await load(source);
  const names = "a b c d e f g h i j";
  const own = "w r s call impl options error value i url urlHead writePipe readPipe";
  const target = {
    numbers: echo(names),
    optionals: echo(names),
    arrays: echo(names),
    ownNames: echo(own),
    nothing: echo(""),
  };
  return {
    remote: new EveryType!.Remote(new MessagePipe(target)) as unknown as AnyRemote,
    seen: () => seen,
  };
}

function keyed(values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(values.map((value, i) => ["abcdefghij"[i]!, value]));
}

Deno.test("numbers arrive as they were sent, at both ends of their range", async () => {
  const { remote, seen } = await everyType();
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
    assertEquals(await remote.numbers!(...values), keyed(values));
    assertEquals(seen(), values);
  }
});

Deno.test("a value of the wrong type or range is refused by name, and nothing is sent", async () => {
  const { remote } = await everyType();
  const good = [0, 0, 0, 0, 0, 0, 0n, 0n, 0, 0];
  const wrong = [128, -1, 0.5, 65536, 2 ** 31, -1, 1, -1n, "1", null];
  wrong.forEach((value, at) => {
    const values = good.map((other, i) => i === at ? value : other);
    const error = assertThrows(() => remote.numbers!(...values));
    assert(error.message.includes(`'${"abcdefghij"[at]}'`), error.message);
  });
});

Deno.test("optional values arrive or stay away, in any combination", async () => {
  const { remote, seen } = await everyType();
  const pipe = new MessagePipe();
  const all = [
    true,
    -5,
    "text",
    new Uint8Array([1, 2]),
    pipe,
    Int32Array.of(1, 2),
    true,
    65,
    false,
    true,
  ];
  for (let mask = 0; mask < 1 << all.length; mask += 7) {
    // The seventh is the one that has to be there.
    const values = all.map((value, i) => i === 6 || mask & (1 << i) ? value : undefined);
    assertEquals(await remote.optionals!(...values), keyed(values));
    assertEquals(seen(), values);
  }
  const nulls = all.map((value, i) => i === 6 ? value : null);
  assertEquals(
    await remote.optionals!(...nulls),
    keyed(nulls.map((value) => value ?? undefined)),
  );
});

Deno.test("arrays of every kind arrive, empty, short and long", async () => {
  const { remote, seen } = await everyType();
  const pipe = new MessagePipe();
  for (const length of [0, 1, 7, 8, 9, 100]) {
    const of = <T>(item: (i: number) => T): T[] =>
      Array.from({ length }, (_, i) => item(i));
    const values = [
      of((i) => i % 3 === 0),
      of((i) => i % 3 === 0 ? undefined : i % 2 === 0),
      of((i) => i % 9 === 0 ? "long é".repeat(300) : `${i}`),
      of((i) => i % 2 === 0 ? undefined : "ü"),
      of((i) => new Uint8Array(i)),
      of(() => new MessagePipe()),
      of((i) => i % 2 === 0 ? pipe : undefined),
      of((i) => i % 4 === 0 ? undefined : BigInt(i)),
      of((i) => Int32Array.from(of((k) => i * k))),
      of((i) => i % 2 === 0 ? undefined : [undefined, [], [true, undefined, false]]),
    ];
    assertEquals(await remote.arrays!(...values), keyed(values));
    assertEquals(seen(), values);
  }
});

Deno.test("parameters may have the names that generated code uses itself", async () => {
  const { remote, seen } = await everyType();
  const values = [
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
    .concat([new MessagePipe(), new Uint8Array([8])] as never);
  const reply = await remote.ownNames!(...values);
  assertEquals(Object.values(reply), values);
  assertEquals(seen(), values);
  assertEquals(remote.nothing!(), undefined);
});

Deno.test("the layout of a struct is flags, fixed part, variable part", async () => {
  const { remote, pipe } = await connect(
    "interface A { M(bool a, string b, int? c, bytes d, bool? e, uint16 f, array<bool?> g); }",
    { m() {} },
  );
  remote.m!(true, "hi", undefined, new Uint8Array([9]), false, 0x0102, [
    true,
    undefined,
    false,
  ]);
  assertEquals(structOf(pipe), [
    ...[18, 0, 0, 0], // size
    0b0101, // a, no c, e is there and false
    ...[2, 0, 0, 0], // length of b
    ...[2, 1], // f
    ...[1, 0, 0, 0, 9], // d
    ...[3, 0, 0, 0, 0b101, 0b001], // g: count, presence, values
    ...[104, 105], // the bundle
  ]);
  remote.m!(false, "", -1, new Uint8Array(), undefined, 0, []);
  assertEquals(structOf(pipe), [
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
  const { remote, pipe } = await connect("interface A { M() => (); }", { m() {} });
  assertEquals(await remote.m!(), undefined);
  assertEquals(structOf(pipe), [0, 0, 0, 0]);
});

Deno.test("an absent bool with a value is a bad message", async () => {
  const { remote, pipe, iface } = await connect("interface A { M(bool? a, bool b); }", {
    m() {},
  });
  remote.m!(undefined, true);
  const flags = HEAD_BYTES + 4;
  assertEquals(pipe.lastMessage[flags], 0b100);
  for (const bits of [0b010, 0b110, 0b1000]) {
    pipe.lastMessage[flags] = bits;
    assertThrows(() => dispatch(iface, pipe));
  }
  pipe.lastMessage[flags] = 0b111;
  dispatch(iface, pipe);
});

Deno.test("an absent bool in an array with a value is a bad message", async () => {
  const { remote, pipe, iface } = await connect("interface A { M(array<bool?> a); }", {
    m() {},
  });
  remote.m!([true, undefined]);
  pipe.lastMessage[HEAD_BYTES + 9] = 0b11;
  assertThrows(() => dispatch(iface, pipe));
});

Deno.test("no change of a single byte makes the decoder hang or break", async () => {
  const source = await Deno.readTextFile(
    new URL("./golden/every_type.magen", import.meta.url),
  );
  const { EveryType } = await load(source);
  const pipe = new MessagePipe({ arrays: () => new Promise(() => {}) });
  const remote = new EveryType!.Remote(pipe) as unknown as AnyRemote;
  remote.arrays!(
    [true, false],
    [true, undefined],
    ["a", "bc"],
    ["d", undefined],
    [new Uint8Array(3)],
    [new MessagePipe()],
    [undefined, new MessagePipe()],
    [1n, undefined],
    [[1], []],
    [undefined, [[true]]],
  ).catch(() => {});
  const good = pipe.lastMessage.slice();
  for (let at = HEAD_BYTES; at < good.length; at++) {
    for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
      pipe.lastMessage = good.slice();
      pipe.lastMessage[at] = value;
      try {
        dispatch(EveryType!, pipe, 2);
      } catch (error) {
        assert(error instanceof Error && error.name === "BadMessageError", String(error));
      }
    }
  }
});

Deno.test("a reply that is no object is refused by name", async () => {
  for (const value of [undefined, null, 3, "x", Symbol("s")]) {
    const { remote } = await connect("interface A { M() => (int b); }", {
      m: () => value,
    });
    await assertRejects(
      () => remote.m!(),
      TypeError,
      "The reply of A.M must be an object",
    );
  }
});

Deno.test("each property of a reply is read once", async () => {
  let reads = 0;
  const reply = {
    get b() {
      return `${++reads}`;
    },
  };
  const { remote } = await connect("interface A { M() => (string b); }", {
    m: () => reply,
  });
  assertEquals(await remote.m!(), { b: "1" });
  assertEquals(reads, 1);
});

Deno.test("an unknown method is turned away", async () => {
  const { remote, pipe, iface } = await connect("interface A { M(); }", { m() {} });
  remote.m!();
  pipe.lastMessage[4]! ^= 1;
  assertThrows(() => dispatch(iface, pipe), Error, "unknown method");
});

/** Dispatches the last message once more, as it is now. */
function dispatch(iface: Interface<object>, pipe: MessagePipe, pipes = 0): void {
  const bytes = pipe.lastMessage;
  const decoder = new Decoder();
  const handles = Array.from({ length: pipes }, () => new MessagePipe());
  decoder.begin(bytes, new DataView(bytes.buffer), 0, bytes.length, handles);
  iface.dispatch(pipe.target as never, {
    method: decoder.method,
    decoder,
    accept: () => decoder.finish(),
    reply: () => {},
    done: () => {},
    unknownMethod: () => {
      throw new Error("unknown method");
    },
  });
}
