import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import {
  BadMessageError,
  type ConnHandle,
  createDataPipe,
  createMessagePipe,
  type FileRight,
  type Handle,
  PipeClosedError,
  setDefaultBadMessageHandler,
  unwrapPlatformHandle,
  wrapPlatformHandle,
} from "@mage/ipc";
import { DoorKind, Request } from "../../core/system/door.ts";
import { ownRuntime } from "../../core/system/node_runtime.ts";
import { keeperPipe } from "../../core/system/platform_handle.ts";
import { encodeAddresses } from "../../transports/serve/addresses.ts";
import { NONCE_BYTES, Op, Outcome } from "../../transports/serve/wire.ts";
import {
  ask,
  FakeFile,
  forgedHandle,
  forgingHolder,
  reply,
  request,
} from "./serve_forgery.ts";
import { KEPT } from "../../transports/serve/native.ts";
import { Random } from "../sim/random.ts";

/** Collects the rules that are reported while `body` runs. */
async function reported(body: () => Promise<void>): Promise<string[]> {
  const rules: string[] = [];
  setDefaultBadMessageHandler(({ error }) => rules.push((error as BadMessageError).rule));
  try {
    await body();
    await Promise.resolve();
  } finally {
    setDefaultBadMessageHandler(null);
  }
  return rules;
}

async function connected(): Promise<[Deno.TcpConn, Deno.TcpConn]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept(), { port } = listener.addr as Deno.NetAddr;
  return [await Deno.connect({ hostname: "127.0.0.1", port }), await accepting];
}

const NOTHING = new Uint8Array(0);

// What no honest holder asks of a file, and the rule that it breaks.
const HOSTILE: readonly (readonly [string, () => [Uint8Array, Handle[]], string])[] = [
  ["nothing", () => [NOTHING, []], "request-size"],
  ["an unknown request", () => [request(99), []], "request-op"],
  ["a request about a listener", () => [request(Op.Accept), []], "request-op"],
  ["a gigabyte", () => [request(Op.Read, { number: 2 ** 30 }), []], "request-number"],
  [
    "bytes behind a request",
    () => [request(Op.Stat, { body: new Uint8Array(1) }), []],
    "request-body",
  ],
  [
    "a handle that belongs nowhere",
    () => {
      const [one, two] = createMessagePipe();
      one.close();
      return [request(Op.Stat), [two]];
    },
    "request-handles",
  ],
  [
    "a pipe for a stream",
    () => {
      const [one, two] = createMessagePipe();
      one.close();
      return [request(Op.Stream), [two]];
    },
    "handle-kind",
  ],
  [
    "the wrong end for a stream",
    () => {
      const [producer, consumer] = createDataPipe();
      producer.close();
      return [request(Op.Stream), [consumer]];
    },
    "handle-kind",
  ],
  [
    "a stream of elements",
    () => {
      const [producer, consumer] = createDataPipe({ elementSize: 3 });
      consumer.close();
      return [request(Op.Stream), [producer]];
    },
    "request-capacity",
  ],
  [
    "a stream of a gigabyte",
    () => {
      const [producer, consumer] = createDataPipe({ capacity: 2 ** 30 });
      consumer.close();
      return [request(Op.Stream), [producer]];
    },
    "request-capacity",
  ],
  ["the end of no stream", () => [request(Op.Finish), []], "request-finish"],
  [
    "doors that are cut",
    () => [request(Op.Open, { body: new Uint8Array(NONCE_BYTES + 1) }), []],
    "request-doors",
  ],
];

for (const [what, make, rule] of HOSTILE) {
  Deno.test(`FileKeeper ends with its pipe when it is asked for ${what}`, async () => {
    const file = new FakeFile();
    const rules = await reported(async () => {
      const pipe = await forgingHolder(wrapPlatformHandle(file, { rights: ["read"] }));
      const [bytes, handles] = make();
      assertEquals(await ask(pipe, bytes, handles), null);
      assertInstanceOf(await pipe.closed, PipeClosedError);
      await file.closing;
      pipe.close();
    });
    assertEquals(rules, [rule]);
    assertEquals(file.done, []);
  });
}

Deno.test("FileKeeper does nothing that there is no right to, whatever is asked", async () => {
  const asked: readonly (readonly [FileRight, Uint8Array])[] = [
    ["read", request(Op.Read, { number: 1 })],
    ["write", request(Op.Write, { body: new Uint8Array(1) })],
    ["seek", request(Op.Seek)],
    ["stat", request(Op.Stat)],
    ["sync", request(Op.Sync)],
    ["sync", request(Op.Sync, { arg: 1 })],
    ["truncate", request(Op.Truncate)],
  ];
  const file = new FakeFile();
  const pipe = await forgingHolder(wrapPlatformHandle(file, { rights: [] }));
  for (const [, bytes] of asked) {
    using answer = await ask(pipe, bytes);
    assertEquals(answer!.data[1], Outcome.Missing);
  }
  for (const [direction, given] of createDataPipe().entries()) {
    using answer = await ask(pipe, request(Op.Stream, { arg: direction }), [given]);
    assertEquals(answer!.data[1], Outcome.Missing);
  }
  // Rights that were given up do not come back.
  pipe.write(request(Op.Restrict, { arg: 63 }));
  using answer = await ask(pipe, request(Op.Read, { number: 1 }));
  assertEquals(answer!.data[1], Outcome.Missing);
  assertEquals(file.done, []);
  pipe.close();
  await file.closing;
});

Deno.test("FileKeeper does not take part in what a file throws", async () => {
  const file = new FakeFile();
  const pipe = await forgingHolder(
    wrapPlatformHandle(file, { rights: ["read", "stat"] }),
  );
  assertEquals(
    await reported(async () => {
      using answer = await ask(pipe, request(Op.Stat));
      assertEquals(answer!.data[1], Outcome.Failed);
    }),
    [],
  );
  pipe.close();
  await file.closing;
});

Deno.test("FileKeeper takes a stream of each direction once", async () => {
  const file = new FakeFile();
  const pipe = await forgingHolder(wrapPlatformHandle(file, { rights: ["read"] }));
  const [producer, consumer] = createDataPipe({ capacity: 8 });
  using answer = await ask(pipe, request(Op.Stream), [producer]);
  assertEquals(answer!.data[1], Outcome.Done);
  const [again, other] = createDataPipe();
  other.close();
  assertEquals(await ask(pipe, request(Op.Stream), [again]), null);
  await file.closing;
  pipe.close();
  consumer.close();
});

Deno.test("FileKeeper ends a stream that nobody reads with its pipe", async () => {
  const file = new FakeFile();
  const pipe = await forgingHolder(wrapPlatformHandle(file, { rights: ["read"] }));
  const [producer, consumer] = createDataPipe({ capacity: 8 });
  using _answer = await ask(pipe, request(Op.Stream), [producer]);
  // Which waits for the end of the stream.
  pipe.write(request(Op.Finish));
  pipe.close();
  await file.closing;
  await consumer.closed;
  assertEquals(file.done, ["read 8"]);
  consumer.close();
});

Deno.test("ConnKeeper ends with its pipe when a rule is broken", async () => {
  const ends = () => {
    const [producer, other] = createDataPipe(), [another, consumer] = createDataPipe();
    other.close();
    another.close();
    return [producer, consumer];
  };
  const elements = () => {
    const [one, two] = createDataPipe({ elementSize: 2 });
    one.close();
    return two;
  };
  const large = () => {
    const [one, two] = createDataPipe({ capacity: 2 ** 21 });
    one.close();
    return two;
  };
  const hostile: readonly (readonly [string, (readonly [Uint8Array, Handle[]])[]])[] = [
    ["request-park", [[request(Op.Park), []]]],
    ["request-finish", [[request(Op.Finish), []]]],
    ["request-handles", [[request(Op.Carry), []]]],
    ["handle-kind", [[request(Op.Carry), ends().reverse()]]],
    ["request-capacity", [[request(Op.Carry), [ends()[0]!, elements()]]]],
    ["request-capacity", [
      [request(Op.Carry), ends()],
      [request(Op.Park, { arg: 1 }), [large()]],
    ]],
    ["request-carry", [[request(Op.Carry), ends()], [request(Op.Carry), ends()]]],
    ["request-park", [
      [request(Op.Carry), ends()],
      [request(Op.Park), []],
      [request(Op.Park), []],
    ]],
    ["handle-kind", [
      [request(Op.Carry), ends()],
      [request(Op.Park, { arg: 3 }), ends()],
    ]],
    ["request-handles", [
      [request(Op.Carry), ends()],
      [request(Op.Park, { arg: 1 }), []],
    ]],
    ["request-op", [[request(Op.Read, { number: 1 }), []]]],
  ];
  for (const [rule, messages] of hostile) {
    const [here, there] = await connected();
    const rules = await reported(async () => {
      const pipe = await forgingHolder(wrapPlatformHandle(there));
      for (const [bytes, handles] of messages) pipe.write(bytes, handles);
      assertEquals(await pipe.receive(), null);
      // Closed: its other end reads that.
      assertEquals(await here.read(new Uint8Array(1)), null);
      pipe.close();
    });
    assertEquals(rules, [rule]);
    here.close();
  }
});

Deno.test("Keeper survives random requests, and closes what it keeps", async () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = new Random(seed), file = new FakeFile();
    await reported(async () => {
      const pipe = await forgingHolder(
        wrapPlatformHandle(file, { rights: ["read", "seek"] }),
      );
      for (let i = 0; i < 20; i++) {
        const bytes = request(random.below(15), {
          arg: random.oneIn(2) ? 0 : random.below(4),
          number: random.oneIn(2) ? 0 : random.below(300_000),
          body: new Uint8Array(random.oneIn(2) ? 0 : random.below(40)),
        });
        if (random.oneIn(8)) bytes[random.below(bytes.length)] = random.below(256);
        const handles: Handle[] = random.oneIn(4)
          ? [createDataPipe()[random.below(2)]!]
          : [];
        pipe.write(bytes, handles);
      }
      pipe.close();
      await file.closing;
    });
    for (const what of file.done) assert(/^(read|seek) /.test(what), what);
  }
});

Deno.test("Keeper waits for whoever asks without reading the replies", async () => {
  const file = new FakeFile();
  const pipe = await forgingHolder(wrapPlatformHandle(file, { rights: ["read"] }));
  for (let i = 0; i < 3; i++) pipe.write(request(Op.Read, { number: 262_144 }));
  for (let i = 0; i < 3; i++) {
    using answer = await pipe.receive();
    assertEquals(answer!.data.length, 16 + 262_144);
  }
  assertEquals(file.done, Array(3).fill("read 262144"));
  pipe.close();
  await file.closing;
});

// What no honest keeper answers to who opens a file.
const OPENINGS:
  readonly (readonly [string, (nonce: Uint8Array) => Uint8Array, string])[] = [
    [
      "too few bytes",
      (nonce) => reply(Op.Open, { body: nonce }).with(3, 1),
      "reply-reserved",
    ],
    [
      "rights there are not",
      (body) => reply(Op.Open, { number: 64, body }),
      "reply-number",
    ],
    ["more than there is", (n) => reply(Op.Open, { body: more(n, 3) }), "address-size"],
    [
      "a door that nobody asked at",
      (n) => reply(Op.Open, { arg: 4, body: more(n, 16) }),
      "reply-door",
    ],
    [
      "that it left what it did not",
      (n) => reply(Op.Open, { arg: DoorKind.Self, body: more(n, 16) }),
      "reply-door",
    ],
    [
      "a failure of no class",
      (n) => reply(Op.Open, { outcome: 1, body: more(n, 1, 65) }),
      "failure-size",
    ],
  ];

function more(
  nonce: Uint8Array,
  count: number,
  fill: number = 0,
): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(nonce.length + count).fill(fill);
  body.set(nonce);
  return body;
}

for (const [what, answer, rule] of OPENINGS) {
  Deno.test(`unwrapPlatformHandle rejects when the keeper tells ${what}`, async () => {
    const rules = await reported(async () => {
      const { handle, ended } = forgedHandle("file", (nonce, pipe) => {
        if (nonce !== null) pipe.write(answer(nonce));
      });
      const error = await assertRejects(
        () => unwrapPlatformHandle(handle),
        BadMessageError,
      );
      assertEquals(error.rule, rule);
      assertInstanceOf(await ended, PipeClosedError);
    });
    assertEquals(rules, [rule]);
  });
}

Deno.test("unwrapPlatformHandle skips replies to whoever had the handle before", async () => {
  const { handle, ended } = forgedHandle("file", (nonce, pipe) => {
    if (nonce === null) return;
    pipe.write(NOTHING);
    pipe.write(reply(Op.Stat), [createMessagePipe()[0]]);
    pipe.write(reply(Op.Open, { body: new Uint8Array(NONCE_BYTES) }));
    pipe.write(reply(Op.Open, { number: 1, body: nonce.slice() }));
  });
  const file = await unwrapPlatformHandle(handle);
  file.close();
  assertInstanceOf(await ended, PipeClosedError);
});

Deno.test("OpenFile rejects what a keeper answers that makes no sense", async () => {
  const hostile: readonly (readonly [Uint8Array, Handle[], string])[] = [
    [NOTHING, [], "reply-size"],
    [reply(Op.Sync), [], "reply-op"],
    [reply(Op.Read), [], "reply-body"],
    [reply(Op.Read, { body: new Uint8Array(9) }), [], "reply-body"],
    [reply(Op.Read, { arg: 1 }), [createMessagePipe()[0]], "reply-handles"],
    [reply(Op.Read, { outcome: 2, arg: 6 }), [], "reply-arg"],
    [reply(Op.Read, { outcome: 1, body: new Uint8Array([1, 0xff]) }), [], "failure-text"],
    [
      reply(Op.Read, {
        outcome: 1,
        body: new Uint8Array([11, ...new TextEncoder().encode("constructor")]),
      }),
      [],
      "failure-class",
    ],
  ];
  for (const [bytes, handles, rule] of hostile) {
    const rules = await reported(async () => {
      const { handle, ended } = forgedHandle("file", (nonce, pipe) => {
        if (nonce === null) pipe.write(bytes, handles.splice(0));
        else pipe.write(reply(Op.Open, { number: 63, body: nonce.slice() }));
      });
      using file = await unwrapPlatformHandle(handle);
      const reads = [file.read(new Uint8Array(8)), file.stat()].map((each) =>
        assertRejects(() => each, BadMessageError)
      );
      for (const error of await Promise.all(reads)) assertEquals(error.rule, rule);
      await assertRejects(() => file.stat(), BadMessageError);
      assertInstanceOf(await ended, PipeClosedError);
    });
    assertEquals(rules, [rule]);
  }
});

Deno.test("OpenFile rejects a stat that makes no sense", async () => {
  const { handle, ended } = forgedHandle("file", (nonce, pipe) => {
    const body = new Uint8Array(120).fill(0xff);
    pipe.write(
      nonce === null
        ? reply(Op.Stat, { body })
        : reply(Op.Open, { number: 63, body: nonce.slice() }),
    );
  });
  using file = await unwrapPlatformHandle(handle);
  await assertRejects(() => file.stat(), BadMessageError, "stat-kinds");
  await ended;
});

Deno.test("OpenConn takes no ends but those of bytes", async () => {
  const addr = { transport: "tcp", hostname: "127.0.0.1", port: 1 } as const;
  const addresses = encodeAddresses([addr, addr]);
  const elements = createDataPipe({ elementSize: 2 });
  const hostile: readonly (readonly [number, Handle[], string])[] = [
    [3, [createDataPipe()[1]], "reply-handles"],
    [4, [createDataPipe()[1]], "reply-handles"],
    [8, [], "reply-handles"],
    [1, [createDataPipe()[0]], "handle-kind"],
    [3, [createDataPipe()[1], createDataPipe()[1]], "handle-kind"],
    [3, [elements[1], elements[0]], "reply-element"],
  ];
  for (const [number, handles, rule] of hostile) {
    const { handle, ended } = forgedHandle("conn", (nonce, pipe) => {
      const body = more(nonce!, addresses.length);
      body.set(addresses, NONCE_BYTES);
      pipe.write(reply(Op.Open, { number, body }), handles);
    });
    const error = await assertRejects(
      () => unwrapPlatformHandle(handle),
      BadMessageError,
    );
    assertEquals(error.rule, rule);
    await ended;
  }
});

Deno.test("OpenListener takes no handle but that of a connection", async () => {
  const addr = encodeAddresses([{ transport: "tcp", hostname: "127.0.0.1", port: 1 }]);
  const { handle, ended } = forgedHandle("listener", (nonce, pipe) => {
    if (nonce === null) {
      return void pipe.write(reply(Op.Accept), [createMessagePipe()[0]]);
    }
    const body = more(nonce, addr.length);
    body.set(addr, NONCE_BYTES);
    pipe.write(reply(Op.Open, { body }));
  });
  using listener = await unwrapPlatformHandle(handle);
  await assertRejects(() => listener.accept(), BadMessageError, "handle-kind");
  await ended;
});

Deno.test("selfDoor gives a thing to whoever knocked, once, and to nobody else", async () => {
  const node = ownRuntime().node, wanted = { what: "platform", id: null } as const;
  const open = (knock: Request) => {
    const bytes = knock.encode(16 + NONCE_BYTES);
    bytes[0] = Op.Open;
    return bytes;
  };
  const left = () => {
    const file = new FakeFile(), pipe = keeperPipe(wrapPlatformHandle(file), "forge");
    return { file, pipe };
  };
  // The first is loaded with the door.
  (await forgingHolder(wrapPlatformHandle(new FakeFile()))).close();

  const mine = new Request(node, wanted), other = new Request(node, wanted);
  const { file, pipe } = left();
  using answer = await ask(pipe, open(mine));
  assertEquals(answer!.data[2], DoorKind.Self);
  const told = answer!.data.slice(16 + NONCE_BYTES);
  await assertRejects(() => other.take(DoorKind.Self, told), TypeError);
  assertEquals(told.length, 0);
  assertEquals(await mine.take(DoorKind.Self, told), file);
  // As whoever unwraps says it.
  KEPT.delete(file);
  await assertRejects(() => mine.take(DoorKind.Self, told), TypeError);
  pipe.close();
  // It is theirs now: the pipe has nothing to do with it.
  await new Promise((next) => setTimeout(next, 0));
  assert(!file.isClosed);

  // What nobody takes is closed with the pipe, and cannot be taken then.
  const second = left();
  using later = await ask(second.pipe, open(other));
  second.pipe.close();
  await second.file.closing;
  const key = later!.data.slice(16 + NONCE_BYTES);
  await assertRejects(() => other.take(DoorKind.Self, key), TypeError);

  // Somebody who asks for more once it was left has broken a rule.
  const third = left();
  using _left = await ask(third.pipe, open(other));
  assertEquals(await ask(third.pipe, request(Op.Stat)), null);
  await third.file.closing;
  third.pipe.close();

  // Limited rights are less than the thing itself, and it is served; and so it is to who is no more there.
  other.close();
  const readOnly = ["read", "seek", "stat", "sync"] as const;
  for (
    const [knock, rights] of [
      [mine, ["read"]],
      [mine, readOnly],
      [other, null],
    ] as const
  ) {
    const served = new FakeFile();
    const pipe = keeperPipe(
      wrapPlatformHandle(served, rights === null ? {} : { rights }),
      "forge",
    );
    using answer = await ask(pipe, open(knock));
    assertEquals(answer!.data[2], 0);
    pipe.close();
    await served.closing;
  }
  mine.close();
});

Deno.test("unwrapPlatformHandle closes what it was led to that is of another type", async () => {
  const file = new FakeFile();
  const asked = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
  const { handle, ended } = forgedHandle("conn", async (nonce, pipe, message) => {
    // Has the keeper of a file leave that for who opens a connection.
    const stolen = keeperPipe(wrapPlatformHandle(file), "forge");
    using left = await ask(stolen, message.data.slice());
    asked.resolve(left!.data);
    pipe.write(reply(Op.Open, { arg: DoorKind.Self, body: more(nonce!, 0) }));
    await file.closing;
    stolen.close();
  });
  const error = await assertRejects(
    () => unwrapPlatformHandle(handle as ConnHandle),
    BadMessageError,
  );
  assertEquals(error.rule, "reply-door-type");
  assertEquals((await asked.promise)[2], DoorKind.Self);
  assert(file.isClosed);
  await ended;
});

Deno.test("unwrapPlatformHandle gives up on a keeper that says nothing, when its signal fires", async () => {
  const asked = Promise.withResolvers<void>();
  const { handle, ended } = forgedHandle("file", () => asked.resolve());
  const stop = new AbortController(), opening = unwrapPlatformHandle(handle, stop);
  await asked.promise;
  stop.abort(new Error("too long"));
  await assertRejects(() => opening, Error, "too long");
  // The keeper learns that nobody wants it.
  assertEquals((await ended).code, "closed");

  // Too late to begin: the handle is as it was.
  const file = new FakeFile(), kept = wrapPlatformHandle(file);
  await assertRejects(() => unwrapPlatformHandle(kept, stop), Error, "too long");
  assert(kept.isHeld);
  kept.close();
  await file.closing;
});
