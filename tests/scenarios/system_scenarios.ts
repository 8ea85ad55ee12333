/**
 * The System API between nodes: each scenario is the same whatever the link is.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Signal } from "@mage/ipc";
import { Random } from "../sim/random.ts";
import { type DrivenNode, type End, type Network, until } from "./network.ts";
import type { Scenario } from "./scenario.ts";

const { READABLE, WRITABLE, PEER_CLOSED, QUOTA_EXCEEDED } = Signal;

/** What an operation on a data pipe came to. */
interface Outcome {
  readonly result: string;
  readonly bytes?: number;
  readonly code?: string;
}

/** A stream through a data pipe, and how far each end is. */
class Stream {
  written = 0;
  read = 0;
  /** How much was asked for and may have been read already. */
  #asked = 0;
  readonly capacity: number;
  producer: End;
  consumer: End;

  constructor(producer: End, consumer: End, capacity: number) {
    this.producer = producer;
    this.consumer = consumer;
    this.capacity = capacity;
  }

  /** A data pipe with an end at each of the two. */
  static async between(
    from: DrivenNode,
    to: DrivenNode,
    capacity: number,
    elementSize = 1,
  ): Promise<Stream> {
    const [producer, consumer] = await from.createDataPipe(elementSize, capacity);
    return new Stream(producer, await consumer.carryTo(to), capacity);
  }

  async write(size: number, allOrNone = false, operation = "write"): Promise<Outcome> {
    const outcome = await this.producer.do<Outcome>(operation, {
      size,
      at: this.written,
      allOrNone,
    });
    this.written += outcome.bytes ?? 0;
    const unread = this.written - this.read - this.#asked;
    assert(unread <= this.capacity, "more than the capacity is in it");
    return outcome;
  }

  async take(size: number, allOrNone = false, operation = "read"): Promise<Outcome> {
    this.#asked += size;
    const outcome = await this.consumer.do<Outcome>(operation, {
      size,
      at: this.read,
      allOrNone,
    });
    this.#asked -= size;
    this.read += outcome.bytes ?? 0;
    return outcome;
  }

  /** Writes so much, as it is read. */
  async writeAll(size: number): Promise<void> {
    for (const end = this.written + size; this.written < end;) {
      const { result } = await this.write(end - this.written);
      if (result === "SHOULD_WAIT") await this.producer.do("wait", { signals: WRITABLE });
      else assertEquals(result, "OK");
    }
  }

  /** Reads so much, as it comes. */
  async takeAll(size: number): Promise<void> {
    for (const end = this.read + size; this.read < end;) {
      const { result } = await this.take(end - this.read);
      if (result === "SHOULD_WAIT") await this.consumer.do("wait", { signals: READABLE });
      else assertEquals(result, "OK");
    }
  }

  /** Waits until everything that was written is at the consumer. */
  arrived(): Promise<void> {
    return until(
      async () => await this.consumer.do("query") === this.written - this.read,
      () => `${this.written - this.read} bytes arrive`,
    );
  }

  /** Waits until the producer knows of everything that was read. */
  async roomKnown(): Promise<void> {
    const room = this.capacity - (this.written - this.read);
    await until(
      async () => (await this.write(room, true)).result === "OK",
      () => `the producer learns of ${room} bytes of room`,
    );
  }
}

/** Waits until the signals of an end are as said: those satisfied, and all that may be. */
function untilSignals(end: End, satisfied: string, satisfiable: string): Promise<void> {
  let last: unknown;
  return until(
    async () => {
      const [now, ever] = last = await end.do<[string, string]>("signals");
      return now === satisfied && ever === satisfiable;
    },
    () => `${satisfied} of ${satisfiable}: it is ${last}`,
  );
}

async function takeRest(stream: Stream): Promise<string> {
  for (;;) {
    const { result, code } = await stream.take(1200);
    if (result === "FAILED_PRECONDITION") return code!;
    if (result === "SHOULD_WAIT") {
      await stream.consumer.do("wait", { signals: READABLE });
    }
  }
}

/** Random things with a data pipe whose ends move, against what they have to come to. */
async function randomStream(network: Network, seed: number): Promise<void> {
  const random = new Random(seed), { members } = network;
  const elementSize = random.pick([1, 4, 12]);
  const capacity = elementSize * (1 + random.below(3000));
  const stream = await Stream.between(
    random.pick(members),
    random.pick(members),
    capacity,
    elementSize,
  );
  const size = () => elementSize * (1 + random.below(capacity / elementSize));
  for (let step = 0; step < 40; step++) {
    switch (random.below(8)) {
      case 0:
      case 1: {
        const wanted = size(), room = capacity - (stream.written - stream.read);
        const allOrNone = random.oneIn(2);
        const { result, bytes = 0 } = await stream.write(wanted, allOrNone);
        // What was read may not be known there yet.
        if (allOrNone && wanted > room) assertEquals(result, "OUT_OF_RANGE");
        if (result === "OK") assert(bytes <= Math.min(wanted, room));
        if (allOrNone && result === "OK") assertEquals(bytes, wanted);
        break;
      }
      case 2:
        await stream.write(size(), false, "writeInTwoPhases");
        break;
      case 3:
      case 4: {
        const wanted = size(), allOrNone = random.oneIn(2);
        const { result, bytes = 0 } = await stream.take(wanted, allOrNone);
        if (allOrNone && result === "OK") assertEquals(bytes, wanted);
        break;
      }
      case 5:
        await stream.take(size(), false, random.pick(["readInTwoPhases", "discard"]));
        break;
      case 6:
        stream.producer = await stream.producer.carryTo(random.pick(members));
        break;
      default:
        stream.consumer = await stream.consumer.carryTo(random.pick(members));
    }
  }
  await stream.arrived();
  await stream.producer.close();
  assertEquals(await takeRest(stream), "closed");
  assertEquals(stream.read, stream.written);
}

/** A watcher of one end, against what it has to come to, while things are written, read and moved. */
async function randomWatcher(network: Network, seed: number): Promise<void> {
  const random = new Random(seed), { members } = network;
  const [here, first] = await random.pick(members).createPipe();
  let there = await first.carryTo(random.pick(members));
  let arms = await here.do("watch", { signals: READABLE }) === "OK" ? 1 : 0;
  let written = 0, read = 0;
  const readAll = async () => {
    while ((await here.do<Outcome>("readUpTo")).result === "OK") read++;
  };
  // Armed and ready are not both so for long: nothing is missed.
  const untilTold = () =>
    until(async () => {
      const [satisfied] = await here.do<[string, string]>("signals");
      return !satisfied.includes("READABLE") || !await here.do<boolean>("isArmed");
    }, () => "the watcher is told");
  for (let step = 0; step < 40; step++) {
    switch (random.below(5)) {
      case 0:
      case 1:
        await there.send(`${written++}`);
        break;
      case 2:
        await readAll();
        break;
      case 3:
        if (await here.do("arm") === "OK") arms++;
        break;
      default:
        there = await there.carryTo(random.pick(members));
    }
    const events = await here.do<string[]>("events");
    assert(events.length <= arms && events.every((result) => result === "OK"));
    if (random.oneIn(8)) await untilTold();
  }
  await untilTold();
  await until(async () => {
    await readAll();
    return read === written;
  }, () => `${written} messages arrive`);
  const wasArmed = await here.do("arm") === "OK";
  assert(wasArmed, "nothing is ready, and it is not armed");
  const before = (await here.do<string[]>("events")).length;
  await there.close();
  await until(
    async () => (await here.do<string[]>("events")).length > before,
    () => "the watcher is told of the end",
  );
  assertEquals((await here.do<string[]>("unwatch")).slice(before), [
    "FAILED_PRECONDITION",
    "CANCELLED",
  ]);
}

/** The scenarios. */
export const SYSTEM_SCENARIOS: readonly Scenario[] = [
  {
    name: "S1: the capacity of a data pipe holds between two nodes, to the byte",
    everywhere: true,
    async run({ members: [one, two] }) {
      const stream = await Stream.between(one!, two!, 64);
      assertEquals(await stream.write(100), { result: "OK", bytes: 64 });
      assertEquals(await stream.write(1), { result: "SHOULD_WAIT" });
      assertEquals(await stream.write(1, true), { result: "OUT_OF_RANGE" });
      await stream.arrived();
      assertEquals(await stream.take(65, true), { result: "OUT_OF_RANGE" });
      assertEquals(await stream.take(16), { result: "OK", bytes: 16 });
      assertEquals(await stream.producer.do("wait", { signals: WRITABLE }), "OK");
      await stream.roomKnown();
      assertEquals(await stream.write(1), { result: "SHOULD_WAIT" });
      await stream.takeAll(64);
      assertEquals(await stream.take(1), { result: "SHOULD_WAIT" });
    },
  },
  {
    name: "S2: two-phase, peek, query and discard see the same bytes at the other node",
    everywhere: false,
    async run({ members: [one, two] }) {
      const stream = await Stream.between(one!, two!, 4096, 4);
      assertEquals(
        await stream.write(400, false, "writeInTwoPhases"),
        { result: "OK", bytes: 400 },
      );
      await stream.arrived();
      const peek = { size: 400, at: 0, peek: true };
      assertEquals(await stream.consumer.do("read", peek), { result: "OK", bytes: 400 });
      assertEquals(
        await stream.take(100, false, "readInTwoPhases"),
        { result: "OK", bytes: 100 },
      );
      assertEquals(await stream.take(100, false, "discard"), {
        result: "OK",
        bytes: 100,
      });
      assertEquals(await stream.consumer.do("query"), 200);
      await stream.takeAll(200);
    },
  },
  {
    name:
      "S3: both ends of a data pipe move in the middle of the stream, with data unread",
    everywhere: true,
    async run({ members }) {
      const stream = await Stream.between(members[0]!, members[1]!, 10_000);
      for (let round = 1; round <= 6; round++) {
        const writing = stream.writeAll(30_000);
        await stream.takeAll(29_000);
        await writing;
        // A thousand bytes are on their way, or there, and the first message is read in part.
        [stream.producer, stream.consumer] = await Promise.all([
          stream.producer.carryTo(members[round % 4]!),
          stream.consumer.carryTo(members[(3 * round + 1) % 4]!),
        ]);
        await stream.takeAll(1000);
      }
      await stream.roomKnown();
    },
  },
  {
    name:
      "S4: what was written stays readable after the producer is closed, wherever the consumer goes",
    everywhere: true,
    async run({ members }) {
      const stream = await Stream.between(members[0]!, members[1]!, 5000);
      await stream.write(5000);
      await stream.producer.close();
      await stream.takeAll(1234);
      for (const node of [members[2]!, members[3]!, members[0]!]) {
        stream.consumer = await stream.consumer.carryTo(node);
      }
      assertEquals(await takeRest(stream), "closed");
      assertEquals(stream.read, 5000);
      await untilSignals(stream.consumer, "PEER_CLOSED", "PEER_CLOSED");
    },
  },
  {
    name: "S5: the producer learns that the consumer is closed, dropped unread, or dead",
    everywhere: true,
    takesMany: true,
    async run(network) {
      const [one, two] = network.members as [DrivenNode, DrivenNode];
      const closed = await Stream.between(one, two, 100);
      await closed.consumer.close();
      assertEquals(await closed.producer.closed(), "closed");
      assertEquals(await closed.write(1), {
        result: "FAILED_PRECONDITION",
        code: "closed",
      });

      const dropped = await Stream.between(one, two, 100);
      const [here, there] = await network.pipeBetween(two, one);
      await here.send("unread", dropped.consumer);
      await there.close();
      assertEquals(await dropped.producer.closed(), "closed");

      const last = network.members[3]!, dead = await Stream.between(one, last, 100);
      await dead.write(10);
      await dead.arrived();
      await network.kill(last);
      assertEquals(await dead.producer.closed(), "lost");
      await network.add();
    },
  },
  {
    name: "S6: signals follow the ends: remote, writable, readable, closed",
    everywhere: true,
    takesMany: true,
    async run({ members: [one, two] }) {
      const all = "READABLE | WRITABLE | PEER_CLOSED | PEER_REMOTE | QUOTA_EXCEEDED";
      let [here, there] = await one!.createPipe();
      await untilSignals(here, "WRITABLE", all);
      there = await there.carryTo(two!);
      await untilSignals(here, "WRITABLE | PEER_REMOTE", all);
      await there.send("hello");
      await untilSignals(here, "READABLE | WRITABLE | PEER_REMOTE", all);
      there = await there.carryTo(one!);
      await untilSignals(here, "READABLE | WRITABLE", all);
      await there.close();
      await untilSignals(
        here,
        "READABLE | PEER_CLOSED",
        "READABLE | PEER_CLOSED | QUOTA_EXCEEDED",
      );
      await here.expect("hello");
      await untilSignals(here, "PEER_CLOSED", "PEER_CLOSED");

      const stream = await Stream.between(one!, two!, 8);
      await untilSignals(
        stream.producer,
        "WRITABLE | PEER_REMOTE",
        "WRITABLE | PEER_CLOSED | PEER_REMOTE",
      );
      await stream.write(8);
      await untilSignals(
        stream.producer,
        "PEER_REMOTE",
        "WRITABLE | PEER_CLOSED | PEER_REMOTE",
      );
      await untilSignals(
        stream.consumer,
        "READABLE | NEW_DATA_READABLE | PEER_REMOTE",
        "READABLE | PEER_CLOSED | NEW_DATA_READABLE | PEER_REMOTE",
      );
      await stream.take(1);
      await untilSignals(
        stream.consumer,
        "READABLE | PEER_REMOTE",
        "READABLE | PEER_CLOSED | NEW_DATA_READABLE | PEER_REMOTE",
      );
    },
  },
  {
    name: "S7: a watcher is told once for each arming, and last that its handle was sent",
    everywhere: true,
    async run({ members: [one, two] }) {
      let [here, there] = await one!.createPipe();
      there = await there.carryTo(two!);
      const events = (count: number) =>
        until(
          async () => (await here.do<string[]>("events")).length >= count,
          () => `${count} events`,
        );
      assertEquals(await here.do("watch", { signals: READABLE }), "OK");
      await there.send("one");
      await there.send("two");
      await events(1);
      await there.send("three");
      await here.expect("one");
      assertEquals(await here.do("arm"), "FAILED_PRECONDITION");
      await here.expect("two");
      await here.expect("three");
      assertEquals(await here.do("arm"), "OK");
      await there.close();
      await events(2);
      assertEquals(await here.do("events"), ["OK", "FAILED_PRECONDITION"]);
    },
  },
  {
    name:
      "S8: a wait ends with what it waits for, or with the certainty that it never comes",
    everywhere: false,
    async run({ members: [one, two] }) {
      let [here, there] = await one!.createPipe();
      there = await there.carryTo(two!);
      const readable = here.do("wait", { signals: READABLE });
      const closed = here.do("wait", { signals: PEER_CLOSED });
      await there.send("hello");
      assertEquals(await readable, "OK");
      await here.expect("hello");
      const never = here.do("wait", { signals: READABLE });
      await there.close();
      assertEquals(await closed, "OK");
      assertEquals(await never, "FAILED_PRECONDITION");
    },
  },
  {
    name:
      "S9: a quota of unread messages counts what is unread anywhere, as the reader moves",
    everywhere: true,
    async run({ members }) {
      const type = "UNREAD_MESSAGE_COUNT";
      let [here, there] = await members[0]!.createPipe();
      there = await there.carryTo(members[1]!);
      await here.do("setQuota", { type, limit: 4 });
      for (let i = 0; i < 5; i++) await here.send(`${i}`);
      assertEquals(await here.do("wait", { signals: QUOTA_EXCEEDED }), "OK");
      for (let i = 0; i < 2; i++) await there.expect(`${i}`);
      await until(
        async () => await here.do<number>("usage", { type }) <= 3,
        () => "3 unread",
      );
      there = await there.carryTo(members[2]!);
      for (let i = 2; i < 5; i++) await there.expect(`${i}`);
      await until(
        async () => await here.do<number>("usage", { type }) <= 1,
        () => "1 unread",
      );
    },
  },
  {
    name: "S10: a message is asked for its sizes, left where it is, and dropped",
    everywhere: false,
    async run({ members: [one, two] }) {
      let [here, there] = await one!.createPipe();
      there = await there.carryTo(two!);
      const [kept, sent] = await one!.createPipe();
      await here.send("hello", sent);
      await here.send("");
      await there.do("wait", { signals: READABLE });
      assertEquals(await there.do("query"), { result: "OK", bytes: 5, handles: 1 });
      const tooLarge = { result: "RESOURCE_EXHAUSTED", bytes: 5, handles: 1 };
      assertEquals(await there.do("readUpTo", { maxBytes: 4 }), tooLarge);
      assertEquals(
        await there.do("readUpTo", { maxBytes: 4, mayDiscard: true }),
        tooLarge,
      );
      assertEquals(await kept.closed(), "closed");
      await there.do("wait", { signals: READABLE });
      assertEquals(await there.do("query"), { result: "OK", bytes: 0, handles: 0 });
      assertEquals(await there.do("discard"), { result: "OK" });
      assertEquals(await there.do("discard"), { result: "SHOULD_WAIT" });
    },
  },
  ...[1, 2, 3].map((seed): Scenario => ({
    name:
      `S11: whatever is done with a data pipe whose ends move, every byte is right (${seed})`,
    everywhere: seed === 1,
    run: (network) => randomStream(network, seed),
  })),
  ...[1, 2, 3].map((seed): Scenario => ({
    name: `S12: whatever is written, read and moved, a watcher misses nothing (${seed})`,
    everywhere: seed === 1,
    run: (network) => randomWatcher(network, seed),
  })),
  {
    name:
      "S13: two pipes are fused with messages unread and the far ends moving, and stay in order",
    everywhere: true,
    async run({ members }) {
      const [one, two, three, four] = members as DrivenNode[];
      let [left, near] = await two!.createPipe();
      let [other, right] = await two!.createPipe();
      left = await left.carryTo(one!);
      right = await right.carryTo(three!);
      await Promise.all([left.stream(0, 100), right.stream(0, 100)]);
      const moving = right.carryTo(four!);
      await near.fuse(other);
      right = await moving;
      await Promise.all([left.stream(100, 100), right.stream(100, 100)]);
      left = await left.carryTo(three!);
      await Promise.all([left.collect(0, 200), right.collect(0, 200)]);
      await left.close();
      assertEquals(await right.closed(), "closed");
    },
  },
];
