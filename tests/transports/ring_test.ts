import {
  assert,
  assertEquals,
  assertLessOrEqual,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { createRing, RingTransport } from "../../transports/ring.ts";
import { Random } from "../sim/random.ts";
import { type Kit, localEnd, transportContract } from "./contract.ts";
import { Driver } from "./driver.ts";
import { failureContract } from "./failure_contract.ts";
import { drain, piece, pour, writeAll } from "./flow.ts";
import { endWrites, ring, setWord, word, WORDS } from "./raw_ring.ts";

/** Keeps the event loop going: waiting for a bell does not. */
function awake(): Disposable {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {};
  return {
    [Symbol.dispose]: () => {
      port1.close();
      port2.close();
    },
  };
}

function here(ringBytes?: number): Kit {
  const alive = awake();
  return {
    dispose: () => alive[Symbol.dispose](),
    pair: () => {
      const shared = createRing(ringBytes);
      return [
        localEnd(new RingTransport(shared, 0), () => endWrites(shared, 0)),
        localEnd(new RingTransport(shared, 1), () => endWrites(shared, 1)),
      ];
    },
  };
}

function withThread(): Kit {
  const driver = new Driver();
  return {
    pair: async () => {
      const shared = createRing();
      return [
        localEnd(new RingTransport(shared, 0), () => endWrites(shared, 0)),
        await driver.open({ kind: "ring", shared, side: 1 }),
      ];
    },
    dispose: () => driver.dispose(),
  };
}

const boundBytes = 512 * 1024;
transportContract("RingTransport", { kit: () => here(), boundBytes });
transportContract("RingTransport between threads", { kit: withThread, boundBytes });
transportContract("RingTransport of 64 KiB", {
  kit: () => here(65_536),
  boundBytes: 65_536,
});

failureContract("RingTransport", here);

Deno.test("RingTransport takes only memory of a size that it could have made", () => {
  const message = "Cannot use memory as a ring";
  for (const size of [0, 128, 129, 128 + 2 * 4, 128 + 2 * 24, 128 + 2 * 65_536 + 1]) {
    assertThrows(
      () => new RingTransport(new SharedArrayBuffer(size), 0),
      TypeError,
      message,
    );
  }
  const growing = new SharedArrayBuffer(128 + 2 * 64, { maxByteLength: 65_536 });
  assertThrows(() => new RingTransport(growing, 0), TypeError, message);
  const plain = new ArrayBuffer(128 + 2 * 64) as unknown as SharedArrayBuffer;
  assertThrows(() => new RingTransport(plain, 0), TypeError, message);
});

Deno.test("RingTransport goes on where 32 bits of position end", async () => {
  using _ = awake();
  const size = 4 * 1024 * 1024, shared = createRing(size);
  const one = new RingTransport(shared, 0), two = new RingTransport(shared, 1);
  const block = piece(1, 0, size), into = new Uint8Array(size);
  const laps = 2 ** 32 / size;
  for (let lap = 0; lap < laps - 1; lap++) {
    assertEquals(await one.write(block), size);
    assertEquals(await two.read(into), size);
  }
  // The last lap and the first of the next 4 GiB, out of step with the ring.
  const flow = { seed: 2, totalBytes: 3 * size, stepBytes: 999_999 };
  await Promise.all([pour(one, flow), drain(two, flow)]);
  one.close();
  two.close();
});

Deno.test("RingTransport rings once for one that sleeps, and never for one that does not", async () => {
  using _ = awake();
  const shared = createRing(64);
  const one = new RingTransport(shared, 0), two = new RingTransport(shared, 1);
  const rung = () => [word(shared, 0, "bell"), word(shared, 1, "bell")];
  await one.write(new Uint8Array(8));
  await two.read(new Uint8Array(8));
  assertEquals(rung(), [0, 0]);
  const reading = two.read(new Uint8Array(8));
  for (let i = 0; i < 8; i++) await one.write(new Uint8Array(8));
  assertEquals(rung(), [0, 1]);
  await reading;
  await one.write(new Uint8Array(8));
  const writing = one.write(new Uint8Array(8));
  for (let i = 0; i < 3; i++) await two.read(new Uint8Array(8));
  assertEquals(rung(), [1, 1]);
  await writing;
  one.close();
  two.close();
  assertEquals(rung(), [1, 1]);
});

Deno.test("RingTransport misses nothing that comes while it goes to sleep", async () => {
  using _ = awake();
  const shared = createRing(64);
  const one = new RingTransport(shared, 0), two = new RingTransport(shared, 1);
  const { store } = Atomics;
  // The other side acts right before this one says that it waits: too early to see it.
  const crossing = (act: () => void) => {
    Atomics.store = ((words: Int32Array, index: number, value: number) => {
      if (index % 16 === WORDS.waits) {
        Atomics.store = store;
        act();
      }
      return store(words, index, value);
    }) as typeof store;
  };
  try {
    crossing(() => void one.write(piece(1, 0, 24)));
    assertEquals(await two.read(new Uint8Array(64)), 24);
    await one.write(new Uint8Array(64));
    crossing(() => void two.read(new Uint8Array(16)));
    assertEquals(await one.write(new Uint8Array(24)), 16);
    crossing(() => one.close());
    const left = two.read(new Uint8Array(64));
    assertEquals(await left, 64);
    crossing(() => one.close());
    assertEquals(await two.read(new Uint8Array(64)), null);
  } finally {
    Atomics.store = store;
  }
  two.close();
});

Deno.test("RingTransport.close ends its own sleep", async () => {
  using _ = awake();
  const transport = new RingTransport(createRing(64), 0), { waitAsync } = Atomics;
  const sleeps: Promise<string>[] = [];
  Atomics.waitAsync = ((words: Int32Array, index: number, value: number) => {
    const sleep = waitAsync(words, index, value);
    if (sleep.async) sleeps.push(sleep.value);
    return sleep;
  }) as typeof waitAsync;
  const reading = transport.read(new Uint8Array(8));
  Atomics.waitAsync = waitAsync;
  transport.close();
  assertEquals(await reading, null);
  assertEquals(await Promise.all(sleeps), ["ok"]);
});

Deno.test("RingTransport stays at word boundaries while there is more to move", async () => {
  using _ = awake();
  const shared = createRing(64);
  const one = new RingTransport(shared, 0), two = new RingTransport(shared, 1);
  const bytes = piece(1, 0, 800), into = new Uint8Array(21);
  const writing = writeAll(one, bytes);
  for (let at = 0; at < 800;) {
    const count = (await two.read(into))!;
    assertEquals(count % 8, 0);
    assertEquals(into.subarray(0, count), bytes.subarray(at, at + count));
    at += count;
  }
  await writing;
  one.close();
  two.close();
});

Deno.test("RingTransport breaks when an index of the other side lies outside the ring", async () => {
  using _ = awake();
  const size = 64;
  for (const garbage of [size + 1, -1, 2 ** 31, -(2 ** 31), 2 ** 31 - 1, 65_536]) {
    for (const word of ["tail", "head"] as const) {
      for (const moment of ["idle", "waiting"] as const) {
        const shared = createRing(size), victim = new RingTransport(shared, 0);
        const reason = word === "tail" ? "wrote more than there" : "read more than was";
        // What the victim wrote is where its own words are: nobody else's word counts there.
        await victim.write(new Uint8Array(size));
        const act = () =>
          word === "tail"
            ? victim.read(new Uint8Array(1000))
            : victim.write(new Uint8Array(8));
        const early = moment === "waiting" ? act() : null;
        setWord(shared, 1, word, garbage);
        ring(shared, 0);
        await assertRejects(() => early ?? act(), Error, reason);
        await assertRejects(() => victim.read(new Uint8Array(8)), Error, reason);
        await assertRejects(() => victim.write(new Uint8Array(8)), Error, reason);
        victim.close();
        assertEquals(await victim.read(new Uint8Array(8)), null);
      }
    }
  }
});

Deno.test("RingTransport breaks both directions at once", async () => {
  using _ = awake();
  const shared = createRing(64), victim = new RingTransport(shared, 0);
  await victim.write(new Uint8Array(64));
  const reading = victim.read(new Uint8Array(8)),
    writing = victim.write(new Uint8Array(8));
  setWord(shared, 1, "head", 1000);
  ring(shared, 0);
  await assertRejects(() => reading, Error, "broke the ring");
  await assertRejects(() => writing, Error, "broke the ring");
  victim.close();
});

Deno.test("RingTransport gives up on a bell that rings whenever it goes to sleep", async () => {
  const victim = new RingTransport(createRing(64), 0), { waitAsync } = Atomics;
  let sleeps = 0;
  Atomics.waitAsync = () => {
    sleeps++;
    return { async: false, value: "not-equal" };
  };
  try {
    const reading = victim.read(new Uint8Array(8));
    await assertRejects(() => reading, Error, "it rings without end");
  } finally {
    Atomics.waitAsync = waitAsync;
  }
  assertLessOrEqual(sleeps, 16);
  await assertRejects(() => victim.write(new Uint8Array(8)), Error, "broke the ring");
  victim.close();
});

Deno.test("RingTransport heeds no word of its own that the other side wrote", async () => {
  using _ = awake();
  const shared = createRing(64);
  const one = new RingTransport(shared, 0), two = new RingTransport(shared, 1);
  for (let i = 0; i < 20; i++) {
    setWord(shared, 0, "tail", 1000);
    setWord(shared, 0, "state", 1000);
    const into = new Uint8Array(64);
    await one.write(piece(i, 0, 24));
    assertEquals(await two.read(into), 24);
    assertEquals(into.subarray(0, 24), piece(i, 0, 24));
    await two.write(piece(i, 0, 40));
    setWord(shared, 0, "head", 1000);
    assertEquals(await one.read(into), 40);
    assertEquals(into.subarray(0, 40), piece(i, 0, 40));
    setWord(shared, 0, "state", 0);
  }
  one.close();
  two.close();
});

Deno.test("RingTransport survives garbage in every word at every moment", async () => {
  using _ = awake();
  const words = Object.keys(WORDS) as (keyof typeof WORDS)[];
  for (let seed = 0; seed < 300; seed++) {
    const random = new Random(seed), shared = createRing(64);
    const victim = new RingTransport(shared, 0);
    const into = new Uint8Array(100), settled: Promise<unknown>[] = [];
    let reading = false, writing = false;
    const use = (act: Promise<number | null>, most: number, done: () => void) =>
      settled.push(
        act.then((count) => assert(count === null || (count > 0 && count <= most)))
          .catch((error) => assert(/broke|gone|closed/.test(error.message)))
          .finally(done),
      );
    for (let step = 0; step < 30; step++) {
      const what = random.below(4);
      if (what === 0 && !reading) {
        reading = true;
        use(victim.read(into), into.length, () => reading = false);
      } else if (what === 1 && !writing) {
        writing = true;
        const bytes = piece(seed, 0, 1 + random.below(200));
        use(victim.write(bytes), bytes.length, () => writing = false);
      } else if (what === 2) {
        const value = random.next() >>> random.below(32);
        setWord(shared, random.pick([0, 1]), random.pick(words), value);
      } else ring(shared, 0);
      for (let turns = random.below(5); turns > 0; turns--) await null;
    }
    victim.close();
    await Promise.all(settled);
  }
});

Deno.test("RingTransport outlives a thread that scribbles while it works", async () => {
  const driver = new Driver();
  for (let seed = 0; seed < 20; seed++) {
    const shared = createRing(4096), victim = new RingTransport(shared, 0);
    const scribbling = driver.ask(0, { do: "scribble", shared, seed, times: 20_000 });
    const work = [
      (async () => {
        const into = new Uint8Array(5000);
        while (await victim.read(into) !== null);
      })(),
      writeAll(victim, new Uint8Array(10_000_000)),
    ];
    for (const side of work) side.catch(() => {});
    await scribbling;
    victim.close();
    const [reading, writing] = await Promise.allSettled(work);
    assertEquals(writing!.status, "rejected");
    if (reading!.status === "rejected") assert(/broke/.test(reading!.reason.message));
  }
  await driver.dispose();
});
