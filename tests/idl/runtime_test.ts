import { assertEquals, assertThrows } from "@std/assert";
import { createMessagePipe, type MessagePipe, Receiver, Remote } from "@mage/ipc";
import { EveryType } from "./golden/every_type.magen.ts";
import { NetworkProcess, RequestObserver } from "./golden/network_process.magen.ts";

Deno.test("generated code carries calls, replies and pipes over the real runtime", async () => {
  const observed = Promise.withResolvers<unknown[]>();
  const [near, far] = createMessagePipe();
  using _receiver = new Receiver(NetworkProcess, {
    fetchURL: (url, fresh) => ({
      status: fresh ? 200 : 304,
      body: new TextEncoder().encode(url),
      error: url === "" ? "empty" : undefined,
    }),
    observe(pipe) {
      using observer = new Remote(RequestObserver, pipe);
      observer.onRequest("a:b", 5n, 3);
    },
    tag: () => Promise.resolve(),
  }, far);
  using remote = new Remote(NetworkProcess, near);

  assertEquals(await remote.fetchURL("é".repeat(3000), true), {
    status: 200,
    body: new TextEncoder().encode("é".repeat(3000)),
    error: undefined,
  });
  assertEquals((await remote.fetchURL("", false)).error, "empty");
  assertEquals(await remote.tag(["a", "b"]), undefined);

  const [observerEnd, observerPipe] = createMessagePipe();
  using _observer = new Receiver(RequestObserver, {
    onRequest: (...args) => observed.resolve(args),
    onIdle() {},
  }, observerEnd);
  remote.observe(observerPipe);
  assertEquals(await observed.promise, ["a:b", 5n, 3]);
});

Deno.test("generated code attaches pipes in arrays, and sends nothing after a wrong argument", async () => {
  const [near, far] = createMessagePipe();
  let calls = 0;
  using _receiver = new Receiver(EveryType, {
    numbers: (a, b, c, d, e, f, g, h, i, j) => ({ a, b, c, d, e, f, g, h, i, j }),
    optionals: (a, b, c, d, e, f, g, h, i, j) => ({
      a,
      b,
      c,
      d,
      e,
      f,
      g,
      h,
      i,
      j,
    }),
    arrays(a, b, c, d, e, f, g, h) {
      calls++;
      for (const pipe of [...f, ...g]) pipe?.close();
      return {
        a: [...a],
        b: [...b],
        c: [...c],
        d: [...d],
        e: [...e],
        f: [],
        g: g.map((pipe) => pipe && undefined),
        h: [...h],
        i: [],
        j: [],
      };
    },
    ownNames: () => {
      throw new Error("not called");
    },
    nothing() {},
  }, far);
  using remote = new Remote(EveryType, near);
  const pipes = Array.from({ length: 3 }, () => createMessagePipe());
  const [one, two, three] = pipes.map(([end]) => end) as [
    MessagePipe,
    MessagePipe,
    MessagePipe,
  ];
  const send = (last: MessagePipe[]) =>
    remote.arrays(
      [true],
      [],
      ["x"],
      [undefined],
      [],
      last,
      [undefined, two],
      [7n],
      [Int32Array.of(1)],
      [],
    );
  assertThrows(() => send([one, "pipe" as never]), TypeError);
  const reply = await send([one, three]);
  assertEquals([calls, reply.a, reply.c, reply.g, reply.h], [1, [true], ["x"], [
    undefined,
    undefined,
  ], [
    7n,
  ]]);
  for (const [, other] of pipes) other.close();
});
