import { assert, assertEquals, assertThrows } from "@std/assert";
import { MisuseError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { endOf } from "../../../core/system/handle.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import {
  ALL_SIGNALS,
  checkCondition,
  readiness,
  Signal,
  signalNames,
} from "../../../core/system/signal.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { bytes, join, type Pair, quiet } from "./memory_transport.ts";

const { READABLE, WRITABLE, PEER_CLOSED, PEER_REMOTE, QUOTA_EXCEEDED } = Signal;
const FRESH = READABLE | WRITABLE | PEER_CLOSED | PEER_REMOTE | QUOTA_EXCEEDED;

function runtime(): NodeRuntime {
  return new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
}

/** The signals of a pipe, in words. */
function state({ signals }: MessagePipe): [satisfied: string, satisfiable: string] {
  return [signalNames(signals.satisfied), signalNames(signals.satisfiable)];
}

function states(satisfied: number, satisfiable: number): [string, string] {
  return [signalNames(satisfied), signalNames(satisfiable)];
}

Deno.test("Handle.signals of a message pipe are those of Mojo in every situation", () => {
  const [one, two] = runtime().createMessagePipe();
  assertEquals(state(one), states(WRITABLE, FRESH));
  assertEquals(state(two), states(WRITABLE, FRESH));
  one.write(bytes("a"));
  one.write(bytes("b"));
  assertEquals(state(two), states(READABLE | WRITABLE, FRESH));
  assertEquals(state(one), states(WRITABLE, FRESH));
  two.read();
  assertEquals(state(two), states(READABLE | WRITABLE, FRESH));
  one.close();
  const unread = READABLE | PEER_CLOSED;
  assertEquals(state(two), states(unread, unread | QUOTA_EXCEEDED));
  two.read();
  assertEquals(state(two), states(PEER_CLOSED, PEER_CLOSED));
  two.read();
  assertEquals(state(two), states(PEER_CLOSED, PEER_CLOSED));
  two.close();
  assertThrows(() => two.signals, MisuseError, "closed, sent or bound");
});

Deno.test("Handle.signals tell that a quota is exceeded only as long as that is possible", () => {
  const [one, two] = runtime().createMessagePipe();
  one.setQuota("UNREAD_MESSAGE_COUNT", 0);
  two.setQuota("RECEIVE_QUEUE_LENGTH", 1);
  one.write(bytes("a"));
  assertEquals(state(one), states(WRITABLE | QUOTA_EXCEEDED, FRESH));
  assertEquals(state(two), states(READABLE | WRITABLE, FRESH));
  one.write(bytes("b"));
  assertEquals(state(two), states(READABLE | WRITABLE | QUOTA_EXCEEDED, FRESH));
  two.read();
  assertEquals(state(two), states(READABLE | WRITABLE, FRESH));
  // What was written is unread for ever, and nobody is there to read it.
  two.close();
  assertEquals(state(one), states(PEER_CLOSED, PEER_CLOSED));
});

Deno.test("Handle.signals of an end that was given up are those of a drained one", async () => {
  const [one, two] = runtime().createMessagePipe();
  one.write(bytes("unread"));
  // What a peer on another node can cause: a message that makes no sense.
  const end = endOf(two), told: number[] = [];
  end.observe({ changed: () => told.push(two.signals.satisfied), gone() {} });
  end.fail(new MisuseError("UNKNOWN", "for the test") as never);
  assertEquals(state(two), states(PEER_CLOSED, PEER_CLOSED));
  // Also to whoever is told while the port is still there.
  assertEquals(told, [PEER_CLOSED]);
  two.close();
  await quiet();
  assertEquals(state(one), states(PEER_CLOSED, PEER_CLOSED));
});

Deno.test("signalNames names all there are", () => {
  assertEquals(signalNames(0), "none");
  assertEquals(
    signalNames(ALL_SIGNALS),
    "READABLE | WRITABLE | PEER_CLOSED | NEW_DATA_READABLE | PEER_REMOTE | QUOTA_EXCEEDED",
  );
});

Deno.test("readiness is that of Mojo's conditions", () => {
  const both = READABLE | WRITABLE, one = { satisfied: WRITABLE, satisfiable: WRITABLE };
  assertEquals(readiness(one, WRITABLE, "SATISFIED"), "OK");
  assertEquals(readiness(one, both, "SATISFIED"), "OK");
  assertEquals(readiness(one, READABLE, "SATISFIED"), "FAILED_PRECONDITION");
  assertEquals(
    readiness({ satisfied: 0, satisfiable: READABLE }, both, "SATISFIED"),
    null,
  );
  assertEquals(readiness(one, WRITABLE, "UNSATISFIED"), null);
  assertEquals(readiness(one, both, "UNSATISFIED"), "OK");
  assertEquals(readiness(one, READABLE, "UNSATISFIED"), "OK");
});

Deno.test("checkCondition refuses what is no sum of signals, and no condition", () => {
  checkCondition("wait", ALL_SIGNALS, "UNSATISFIED");
  for (
    const signals of [0, 64, READABLE | 64, -1, 1.5, NaN, 2 ** 32 + 1, "1", undefined]
  ) {
    const error = assertThrows(
      () => checkCondition("wait", signals as number, "SATISFIED"),
      MisuseError,
      "Cannot wait: signals must be a sum of Signal",
    );
    assertEquals(error.result, "INVALID_ARGUMENT");
  }
  assertThrows(() => checkCondition("wait", 1, "NEVER"), MisuseError, "received NEVER");
});

// ---------------------------------------------------------------------- other nodes

/** A broker and two members. */
class Trio implements AsyncDisposable {
  readonly broker: NodeRuntime;
  readonly members: readonly [NodeRuntime, NodeRuntime];
  /** From the broker to each member, and back. */
  readonly down: readonly MessagePipe[];
  readonly up: readonly MessagePipe[];
  readonly #links: Pair["here"][];

  private constructor(pairs: readonly Pair[]) {
    this.broker = pairs[0]!.inviter;
    this.members = [pairs[0]!.invitee, pairs[1]!.invitee];
    this.down = pairs.map(({ here }) => here.pipe);
    this.up = pairs.map(({ there }) => there.pipe);
    this.#links = pairs.flatMap(({ here, there }) => [here, there]);
  }

  static async gather(): Promise<Trio> {
    const first = await join();
    return new Trio([first, await join({ inviter: first.inviter })]);
  }

  /** Sends `pipe` over `way` and takes it out of `end`, the other end of it. */
  async carry(
    pipe: MessagePipe,
    way: MessagePipe,
    end: MessagePipe,
  ): Promise<MessagePipe> {
    way.write(bytes(""), [pipe]);
    const moved = (await end.receive())!.take(MessagePipe);
    await quiet();
    return moved;
  }

  get links(): readonly Pair["here"][] {
    return this.#links;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pipe of [...this.down, ...this.up]) pipe.close();
    await quiet();
    for (const { node } of [this.broker, ...this.members]) {
      assertEquals(node.ports.size, 0);
    }
    for (const link of this.#links) await link.close();
  }
}

function isRemote(pipe: MessagePipe): boolean {
  return (pipe.signals.satisfied & PEER_REMOTE) !== 0;
}

Deno.test("PEER_REMOTE follows the ends between three nodes, and is told when it changes", async () => {
  await using trio = await Trio.gather();
  const { broker, down, up } = trio;
  const [kept, sent] = broker.createMessagePipe();
  const seen: boolean[] = [];
  endOf(kept).observe({
    changed() {
      if (isRemote(kept) !== seen.at(-1)) seen.push(isRemote(kept));
    },
    gone() {},
  });
  assert(!isRemote(kept) && !isRemote(sent));
  // To a member, to the other member by way of the broker, and home.
  let far = await trio.carry(sent, down[0]!, up[0]!);
  assert(isRemote(kept) && isRemote(far));
  far = await trio.carry(far, up[0]!, down[0]!);
  assert(!isRemote(kept) && !isRemote(far));
  far = await trio.carry(far, down[1]!, up[1]!);
  assert(isRemote(kept) && isRemote(far));
  // After its other end, which then has both on one node again.
  const near = await trio.carry(kept, down[1]!, up[1]!);
  assert(!isRemote(near) && !isRemote(far));
  const away = await trio.carry(near, up[1]!, down[1]!);
  const other = await trio.carry(away, down[0]!, up[0]!);
  assert(isRemote(other) && isRemote(far));
  assertEquals(seen, [true, false, true]);
  far.close();
  await quiet();
  assertEquals(state(other), states(PEER_CLOSED, PEER_CLOSED));
  other.close();
});

Deno.test("PEER_REMOTE does not hold because an end is sent through a pipe of the same node", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [kept, sent] = node.createMessagePipe();
  one.write(bytes(""), [sent]);
  assertEquals(state(kept), states(WRITABLE, FRESH));
  const read = two.read();
  assert(read.result === "OK");
  const moved = read.message.take(MessagePipe);
  assertEquals([state(kept), state(moved)], [
    states(WRITABLE, FRESH),
    states(WRITABLE, FRESH),
  ]);
});

Deno.test("PEER_REMOTE holds for an end that is unread on another node, and not once it is closed there", async () => {
  const { here, there, inviter } = await join();
  const [kept, sent] = inviter.createMessagePipe();
  here.pipe.write(bytes(""), [sent]);
  await quiet();
  assert(isRemote(kept));
  kept.write(bytes("x"));
  there.pipe.close();
  await quiet();
  assertEquals(state(kept), states(PEER_CLOSED, PEER_CLOSED));
  kept.close();
  here.pipe.close();
  await here.close();
  await there.close();
});

Deno.test("Handle.signals lose bits and never gain any when links are lost", async () => {
  const trio = await Trio.gather();
  const { down, up, broker } = trio;
  const [a, sent] = broker.createMessagePipe();
  const far = await trio.carry(sent, down[0]!, up[0]!);
  const other = await trio.carry(a, down[1]!, up[1]!);
  const all = [far, other, ...down, ...up];
  const possible = all.map(({ signals }) => signals.satisfiable);
  const check = () =>
    all.forEach((pipe, i) => {
      const { satisfied, satisfiable } = pipe.signals;
      assertEquals(satisfiable & ~possible[i]!, 0);
      assertEquals(satisfied & ~satisfiable, 0);
      possible[i] = satisfiable;
    });
  for (const pipe of all) endOf(pipe).observe({ changed: check, gone() {} });
  other.write(bytes("arrived"));
  await quiet();
  trio.links[0]!.abort();
  await quiet();
  check();
  assertEquals(state(far), states(READABLE | PEER_CLOSED, READABLE | PEER_CLOSED | 32));
  assertEquals(state(other), states(PEER_CLOSED, PEER_CLOSED));
  for (const pipe of all) pipe.close();
  for (const link of trio.links) await link.close();
});
