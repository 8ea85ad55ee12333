import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  type BadMessageError,
  createInterfacePipe,
  createSharedBuffer,
  type Implementation,
  PipeClosedError,
  Receiver,
  Remote,
} from "../../../transports/child.ts";
import { takeBytes } from "../../../core/std/big_buffer.ts";
import type { JsonValue } from "../../../core/std/value.ts";
import { Echo } from "./echo.magen.ts";
import { Echo as ForgedEcho, type Value as ForgedValue } from "./forged_echo.magen.ts";

const ECHO: Implementation<Echo> = {
  time: (value) => Promise.resolve({ value }),
  timeDelta: (value) => Promise.resolve({ value }),
  uuid: (value) => Promise.resolve({ value }),
  url: (value) => Promise.resolve({ value }),
  value: (value) => Promise.resolve({ value }),
  bigInt: (value) => Promise.resolve({ value }),
  bigBuffer: (value) => Promise.resolve({ value }),
};

/** Calls an echo over a pipe. */
async function withEcho(use: (echo: Remote<Echo>) => Promise<void>): Promise<void> {
  const pipe = createInterfacePipe(Echo);
  using _receiver = new Receiver(Echo, ECHO, pipe.receiver);
  const echo = new Remote(Echo, pipe.remote);
  try {
    await use(echo);
  } finally {
    echo.$.close();
  }
}

function nested(depth: number): JsonValue {
  let value: JsonValue = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

Deno.test("std.Time, std.TimeDelta, std.Uuid, std.Url and std.BigInt go there and back", async () => {
  await withEcho(async (echo) => {
    const time = Temporal.Instant.from("2026-11-22T10:20:30.123456789Z");
    assert((await echo.time(time)).value.equals(time));
    const delta = Temporal.Duration.from("-PT26H0.000000001S");
    assertEquals((await echo.timeDelta(delta)).value.toString(), delta.toString());
    const uuid = crypto.randomUUID();
    assertEquals((await echo.uuid(uuid)).value, uuid);
    const url = new URL("https://example.com/a?b=c#d");
    assertEquals((await echo.url(url)).value.href, url.href);
    for (const value of [0n, -1n, 2n ** 65535n, -(2n ** 64n)]) {
      assertEquals((await echo.bigInt(value)).value, value);
    }
  });
});

Deno.test("std.Value goes there and back as JSON does", async () => {
  await withEcho(async (echo) => {
    const text = '{"a":[null,true,0,-1.5,"é😀"],"__proto__":{"b":{}},"constructor":[[]]}';
    const { value } = await echo.value(JSON.parse(text));
    assertEquals(JSON.stringify(value), text);
    assertFalse("b" in (value as object));
  });
});

Deno.test("std.Value is nested as deep as messages are, and no deeper", async () => {
  await withEcho(async (echo) => {
    const deepest = nested(31);
    assertEquals((await echo.value(deepest)).value, deepest);
    assertThrows(() => void echo.value(nested(32)), RangeError);
    const circle: JsonValue[] = [];
    circle.push(circle);
    assertThrows(() => void echo.value(circle), RangeError);
  });
});

Deno.test("std.Value says which part of it cannot be sent", async () => {
  await withEcho((echo) => {
    const value = { a: [1, new Date(0)] } as unknown as JsonValue;
    const error = assertThrows(
      () => void echo.value(value),
      TypeError,
      "no instance of a class",
    );
    assert(error.cause instanceof TypeError);
    assertEquals(/'(.*?)'/.exec(error.message)?.[1], "value.object[0].list[1]");
    return Promise.resolve();
  });
});

Deno.test("std.BigBuffer carries bytes, or a buffer with them", async () => {
  await withEcho(async (echo) => {
    const bytes = new Uint8Array([1, 2, 3]);
    const small = await echo.bigBuffer({ kind: "bytes", value: bytes });
    assertEquals(await takeBytes(small.value), bytes);
    const buffer = createSharedBuffer(3);
    using mapping = await buffer.map();
    mapping.writeAt(0, bytes);
    const large = await echo.bigBuffer({ kind: "shared", value: buffer });
    assertEquals(large.value.kind, "shared");
    assertEquals(await takeBytes(large.value), bytes);
  });
});

Deno.test("std types refuse what no honest sender sends, and close the pipe", async () => {
  const forgeries: ((echo: Remote<ForgedEcho>) => Promise<unknown>)[] = [
    (echo) => echo.url({ href: "HTTPS://example.com" }),
    (echo) => echo.url({ href: "no url" }),
    (echo) => echo.value({ kind: "number", value: NaN }),
    (echo) => echo.value({ kind: "nothing", value: false }),
    (echo) => echo.value({ kind: "list", value: [{ kind: "number", value: Infinity }] }),
    (echo) => echo.bigInt({ negative: true, magnitude: new Uint8Array(0) }),
    (echo) => echo.bigInt({ negative: false, magnitude: new Uint8Array([1, 0]) }),
  ];
  for (const forge of forgeries) {
    const pipe = createInterfacePipe(Echo);
    const errors: unknown[] = [];
    using _receiver = new Receiver(Echo, ECHO, pipe.receiver, {
      onError: (error) => void errors.push(error),
    });
    const forged = new Remote(ForgedEcho, pipe.remote.pipe);
    await assertRejects(() => forge(forged), PipeClosedError);
    assertEquals((errors as BadMessageError[]).map(({ rule }) => rule), ["type-map"]);
    forged.$.close();
  }
  const pipe = createInterfacePipe(Echo);
  using _receiver = new Receiver(Echo, ECHO, pipe.receiver);
  const honest = new Remote(ForgedEcho, pipe.remote.pipe);
  const inside = { kind: "text", value: "" } as const;
  const value: ForgedValue = { kind: "object", value: new Map([["", inside]]) };
  assertEquals((await honest.value(value)).value, value);
  honest.$.close();
});
