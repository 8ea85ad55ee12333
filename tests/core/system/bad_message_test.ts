import { assert, assertEquals, assertThrows } from "@std/assert";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import { BadMessageError, type IpcError, MisuseError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import {
  type BadMessageReport,
  BadMessageReporter,
  notifyBadMessage,
  setDefaultBadMessageHandler,
} from "../../../core/system/bad_message.ts";
import { AttachedPipes } from "../../../core/system/attached_pipes.ts";
import { acceptInvitation, sendInvitation } from "../../../core/system/invitation.ts";
import type { Joined } from "../../../core/system/joined.ts";
import { Message } from "../../../core/system/message.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { TrailerType } from "../../../core/wire/trailer.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { Switchboard } from "../bindings/switchboard.magen.ts";
import { board } from "../bindings/switchboard.ts";
import { control, forge, record, withTrailer } from "./forged_payload.ts";
import { bytes, memoryTransports, quiet } from "./memory_transport.ts";

const { Handles, ReadCount } = TrailerType;
const NOTHING = new Uint8Array(0);

/** A node that brings others in, and what it is told of each. */
class Broker implements AsyncDisposable {
  readonly runtime: NodeRuntime = new NodeRuntime(seededEnvironment(1));
  readonly reports: (readonly [who: string, report: BadMessageReport])[] = [];
  readonly links: Joined[] = [];
  readonly members: NodeRuntime[] = [];

  /** Brings a member in. Returns both ends of its pipe, this side's first. */
  async join(
    who: string | null,
  ): Promise<[MessagePipe, MessagePipe, here: Joined, there: Joined]> {
    const member = new NodeRuntime(seededEnvironment(this.members.length + 2));
    const [one, two] = memoryTransports();
    const reporter = new BadMessageReporter<Joined>(
      who === null ? undefined : (report) => void this.reports.push([who, report]),
    );
    const [here, there] = await Promise.all([
      sendInvitation(new AttachedPipes(this.runtime).begin(), one, LIMITS.child, {
        role: "member",
        onBadMessage: reporter.report,
      }).then((joined) => reporter.joined(joined)),
      acceptInvitation(member, two, LIMITS.child),
    ]);
    this.links.push(here, there);
    this.members.push(member);
    return [here.pipe, there.pipe, here, there];
  }

  /** What it was told since this was asked last. */
  async told(): Promise<string[]> {
    await quiet();
    return this.reports.splice(0).map(([who, { error, isDisconnected }]) => {
      assertEquals(isDisconnected, error === null);
      return error === null ? `${who} is gone` : `${who}: ${ruleOf(error)}`;
    });
  }

  /** Listens to what nobody else is told. */
  listen(): Disposable {
    setDefaultBadMessageHandler((report) => void this.reports.push(["default", report]));
    return { [Symbol.dispose]: () => setDefaultBadMessageHandler(null) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const link of this.links) await link.close();
  }
}

function ruleOf(error: IpcError): string {
  return error instanceof BadMessageError ? error.rule : error.message;
}

/** The next message of `pipe`. */
async function next(pipe: MessagePipe): Promise<Message> {
  return (await pipe.receive())!;
}

Deno.test("notifyBadMessage tells the handler of the process that the message came from", async () => {
  await using broker = new Broker();
  const [a, fromA, joinedA] = await broker.join("a"), [b, fromB] = await broker.join("b");
  fromA.write(bytes("x"));
  fromB.write(bytes("y"));
  using x = await next(a);
  notifyBadMessage(x, "no good");
  const [, report] = broker.reports[0] ?? [];
  // Never within the call.
  assertEquals(report, undefined);
  await quiet();
  const { from, error } = broker.reports[0]![1];
  assert(from === joinedA && error!.code === "badMessage");
  assertEquals(await broker.told(), ["a: no good"]);
  // Whatever became of the message.
  const y = await next(b);
  b.write(y);
  notifyBadMessage(y, "worse");
  notifyBadMessage(y, "and again");
  assertEquals(await broker.told(), ["b: worse", "b: and again"]);
  // Nothing is closed.
  assertEquals((await next(fromB)).data.length, 1);
});

Deno.test("notifyBadMessage tells the default handler where the process has none, or is this one", async () => {
  await using broker = new Broker();
  const [a, fromA, joined] = await broker.join(null);
  fromA.write(bytes("x"));
  fromA.write(bytes("y"));
  notifyBadMessage(await next(a), "dropped");
  assertEquals(await broker.told(), []);
  using _listening = broker.listen();
  notifyBadMessage(await next(a), "from a");
  await quiet();
  assert(broker.reports[0]![1].from === joined);
  const [one, two] = broker.runtime.createMessagePipe();
  one.write(bytes("z"));
  for (const message of [await next(two), new Message()]) {
    notifyBadMessage(message, "from here");
    await quiet();
    assertEquals(broker.reports.at(-1)![1].from, null);
  }
  one.close();
  two.close();
  assertEquals(await broker.told(), [
    "default: from a",
    "default: from here",
    "default: from here",
  ]);
});

Deno.test("notifyBadMessage refuses what is no message, and no text", () => {
  for (const args of [[{}, "text"], [null, "text"], [new Message(), 1]]) {
    const error = assertThrows(
      () => notifyBadMessage(...args as [Message, string]),
      MisuseError,
    );
    assertEquals(error.result, "INVALID_ARGUMENT");
  }
});

Deno.test("setDefaultBadMessageHandler takes one at a time", () => {
  setDefaultBadMessageHandler(null);
  setDefaultBadMessageHandler(() => {});
  const second = assertThrows(() => setDefaultBadMessageHandler(() => {}), MisuseError);
  assertEquals(second.result, "ALREADY_EXISTS");
  setDefaultBadMessageHandler(null);
  setDefaultBadMessageHandler(() => {});
  setDefaultBadMessageHandler(null);
  const none = assertThrows(
    () => setDefaultBadMessageHandler({} as unknown as null),
    MisuseError,
  );
  assertEquals(none.result, "INVALID_ARGUMENT");
});

Deno.test("BadMessageReporter refuses a handler that is no function", () => {
  assertThrows(
    () => new BadMessageReporter("log" as unknown as undefined),
    TypeError,
    "Option 'onBadMessage' must be a function",
  );
});

Deno.test("MessagePipe reports a message that breaks a rule once, to the one it came from", async () => {
  await using broker = new Broker();
  using _listening = broker.listen();
  const [a, fromA] = await broker.join("a"), [b, fromB] = await broker.join("b");
  forge(fromA, withTrailer(NOTHING, 9));
  forge(fromA, withTrailer(NOTHING, 9));
  assertEquals(await broker.told(), ["a: trailer-type"]);
  assertEquals(a.read().result, "FAILED_PRECONDITION");
  forge(fromB, withTrailer(record(99), Handles, 1), [
    broker.members[1]!.createMessagePipe()[0],
  ]);
  assertEquals(await broker.told(), []);
  assertEquals([b.read().result, b.read().result], [
    "FAILED_PRECONDITION",
    "FAILED_PRECONDITION",
  ]);
  assertEquals(await broker.told(), ["b: handle-kind"]);
});

Deno.test("MessagePipe reports nobody for a number that others may have made wrong", async () => {
  await using broker = new Broker();
  using _listening = broker.listen();
  const [a, fromA] = await broker.join("a");
  forge(fromA, control(ReadCount, { id: 1, interval: 1 }));
  assertEquals(await broker.told(), []);
  assertEquals(a.read().result, "FAILED_PRECONDITION");
});

Deno.test("Receiver reports calls that do not fit its interface, beside its onError", async () => {
  await using broker = new Broker();
  const [a, fromA] = await broker.join("a"), errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const receiver = new Receiver(Switchboard, board(), a, { onError });
  fromA.write(Uint8Array.of(1, 2, 3));
  const reason = await receiver.closed;
  assert(reason instanceof BadMessageError);
  assertEquals(errors, [reason]);
  assertEquals(await broker.told(), [`a: ${reason.rule}`]);
  // What the implementation does wrong is nobody else's fault.
  const [b, fromB] = await broker.join("b");
  using _receiver = new Receiver(
    Switchboard,
    board({
      ping: () => {
        throw new Error("mine");
      },
    }),
    b,
    { onError },
  );
  const remote = new Remote(Switchboard, fromB);
  await remote.ping().catch(() => {});
  assertEquals([errors.length, await broker.told()], [2, []]);
  remote.$.close();
});

Deno.test("Receiver and Remote report what was queued before they were bound, and what arrives later", async () => {
  await using broker = new Broker();
  for (const isLate of [false, true]) {
    for (const side of ["receiver", "remote"]) {
      const who = `${side} ${isLate}`;
      const [here, there] = await broker.join(who);
      const attack = () => {
        there.write(NOTHING);
        there.write(NOTHING);
      };
      if (!isLate) {
        attack();
        await quiet();
      }
      const closed = side === "receiver"
        ? new Receiver(Switchboard, board(), here, { onError: () => {} }).closed
        : new Remote(Switchboard, here).$.closed;
      if (isLate) attack();
      const reason = await closed;
      assert(reason instanceof BadMessageError);
      assertEquals(await broker.told(), [`${who}: ${reason.rule}`]);
    }
  }
});

Deno.test("reportBadMessage names the member that a message came from, not the one that passed it on", async () => {
  const broker = new Broker(), [a, fromA] = await broker.join(null);
  const [b, fromB] = await broker.join("b");
  // The two members talk to each other through the broker; each has a handler for the broker alone.
  const [one, two] = broker.runtime.createMessagePipe();
  a.write(NOTHING, [one]);
  b.write(NOTHING, [two]);
  const atA = (await next(fromA)).take(MessagePipe);
  const atB = (await next(fromB)).take(MessagePipe);
  atA.write(bytes("hello"));
  await next(atB);
  using _listening = broker.listen();
  atA.write(bytes("bad"));
  notifyBadMessage(await next(atB), "from a");
  await quiet();
  assertEquals(broker.reports[0]![1].from, null);
  assertEquals(await broker.told(), ["default: from a"]);
  await broker[Symbol.asyncDispose]();
});

Deno.test("BadMessageReporter tells last that the process is gone, and nothing after that", async () => {
  await using broker = new Broker();
  using _listening = broker.listen();
  const [a, fromA, here, there] = await broker.join("a");
  for (const word of ["x", "y", "z"]) fromA.write(bytes(word));
  using x = await next(a), y = await next(a), z = await next(a);
  notifyBadMessage(x, "first");
  there.abort();
  await here.closed;
  notifyBadMessage(y, "second");
  const told = await broker.told();
  assert(told[0] === "a: first" && told.at(-1) === "a is gone", told.join());
  notifyBadMessage(z, "late");
  assertEquals(await broker.told(), []);
});

Deno.test("BadMessageReporter outlives a handler that throws", async () => {
  await using broker = new Broker();
  const [a, fromA] = await broker.join(null), printed: unknown[][] = [];
  const { error } = console;
  console.error = (...args: unknown[]) => void printed.push(args);
  try {
    setDefaultBadMessageHandler(() => {
      throw new Error("mine");
    });
    fromA.write(bytes("x"));
    const message = await next(a);
    for (let i = 0; i < 2; i++) notifyBadMessage(message, "no good");
    notifyBadMessage(new Message(), "no good");
    await quiet();
  } finally {
    console.error = error;
    setDefaultBadMessageHandler(null);
  }
  assertEquals(printed.length, 3);
});

Deno.test("BadMessageReporter lets its handler end whatever it likes", async () => {
  const broker = new Broker(), [a, fromA, here] = await broker.join("a");
  const [kept, sent] = broker.members[0]!.createMessagePipe();
  fromA.write(NOTHING, [sent]);
  const got = (await next(a)).take(MessagePipe);
  setDefaultBadMessageHandler(() => {
    got.close();
    here.abort();
  });
  const reported = Promise.withResolvers<void>();
  broker.reports.push = () => {
    got.close();
    here.abort();
    reported.resolve();
    return 0;
  };
  forge(kept, withTrailer(NOTHING, 9));
  await reported.promise;
  setDefaultBadMessageHandler(null);
  await here.closed;
  await broker[Symbol.asyncDispose]();
});
