import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { MisuseError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { endOf, takeEnd } from "../../../core/system/handle.ts";
import type { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Signal, signalNames } from "../../../core/system/signal.ts";
import { Watcher, type WatchEvent } from "../../../core/system/watcher.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { bytes } from "./memory_transport.ts";

const { READABLE, WRITABLE, PEER_CLOSED, QUOTA_EXCEEDED } = Signal;

function runtime(): NodeRuntime {
  return new NodeRuntime(seededEnvironment(9), LIMITS.tiny);
}

/** A watcher that keeps what it is told, as `"context: RESULT"`. */
function recorder(
  then: (event: WatchEvent<string>) => void = () => {},
): { watcher: Watcher<string>; told: string[]; events: WatchEvent<string>[] } {
  const told: string[] = [], events: WatchEvent<string>[] = [];
  const watcher = new Watcher<string>((event) => {
    told.push(`${event.context}: ${event.result}`);
    events.push(event);
    then(event);
  });
  return { watcher, told, events };
}

/** Reads until nothing is there. Returns how many messages there were. */
function drain(pipe: MessagePipe): number {
  let count = 0;
  while (pipe.read().result === "OK") count++;
  return count;
}

/** What is uncaught while `run` and what it leaves behind run, which is not to fail the test. */
async function uncaught(run: () => void): Promise<string[]> {
  const errors: string[] = [];
  const listener = (event: ErrorEvent) => {
    event.preventDefault();
    errors.push(event.error.message);
  };
  globalThis.addEventListener("error", listener);
  try {
    run();
    assertEquals(errors, []);
    for (let i = 0; i < 5; i++) await Promise.resolve();
  } finally {
    globalThis.removeEventListener("error", listener);
  }
  return errors;
}

// ---------------------------------------------------------------------- arming

Deno.test("Watcher tells of nothing unless it is armed, and once each time it is", () => {
  const [one, two] = runtime().createMessagePipe(),
    { watcher, told, events } = recorder();
  watcher.watch(one, READABLE, "one");
  assertFalse(watcher.isArmed);
  two.write(bytes("a"));
  one.read();
  assertEquals(told, []);
  assertEquals(watcher.arm(), { result: "OK" });
  assert(watcher.isArmed);
  two.write(bytes("b"));
  assertEquals(events, [
    { context: "one", result: "OK", signals: one.signals, withinCall: true },
  ]);
  assertFalse(watcher.isArmed);
  two.write(bytes("c"));
  two.close();
  assertEquals(told, ["one: OK"]);
  watcher.close();
  assertEquals(told, ["one: OK", "one: CANCELLED"]);
  one.close();
});

Deno.test("Watcher.arm tells of what is ready instead, as the callback would", () => {
  const node = runtime(),
    [one, two] = node.createMessagePipe(),
    { watcher, told } = recorder();
  assertEquals(watcher.arm(), { result: "NOT_FOUND" });
  watcher.watch(one, READABLE, "one");
  two.write(bytes("a"));
  const ready = [{ context: "one", result: "OK" as const, signals: one.signals }];
  assertEquals(watcher.arm(), { result: "FAILED_PRECONDITION", ready });
  assertEquals(watcher.arm(0), { result: "FAILED_PRECONDITION", ready: [] });
  assertFalse(watcher.isArmed);
  drain(one);
  assertEquals(watcher.arm(), { result: "OK" });
  // It can be armed twice, and fails to only because of what is ready.
  assertEquals(watcher.arm(), { result: "OK" });
  two.close();
  assertEquals(told, ["one: FAILED_PRECONDITION"]);
  assertEquals(watcher.arm(), {
    result: "FAILED_PRECONDITION",
    ready: [{ context: "one", result: "FAILED_PRECONDITION", signals: one.signals }],
  });
  watcher.cancel("one");
  assertEquals(watcher.arm(), { result: "NOT_FOUND" });
});

Deno.test("Watcher.arm has each that is ready take its turn", () => {
  const node = runtime(), { watcher } = recorder();
  const pipes = Array.from({ length: 7 }, () => node.createMessagePipe());
  pipes.forEach(([one, two], i) => {
    watcher.watch(one, READABLE, `${i}`);
    if (i !== 3) two.write(bytes("x"));
  });
  for (const max of [1, 2, 4]) {
    const seen: string[] = [];
    for (let at = 0; at < 6; at += max) {
      const armed = watcher.arm(max);
      assert(armed.result === "FAILED_PRECONDITION");
      assert(armed.ready.length === max);
      seen.push(...armed.ready.map(({ context }) => context));
    }
    assertEquals([...new Set(seen)].sort(), ["0", "1", "2", "4", "5", "6"]);
  }
  watcher.close();
});

Deno.test("Watcher.arm fails between messages that arrived before it and those after: none is missed", () => {
  const [one, two] = runtime().createMessagePipe(), { watcher, told } = recorder();
  watcher.watch(one, READABLE, "one");
  for (let i = 0; i < 3; i++) two.write(bytes("x"));
  let count = 0;
  while (watcher.arm().result === "FAILED_PRECONDITION") {
    assertEquals(one.read().result, "OK");
    count++;
  }
  assertEquals([count, told], [3, []]);
  two.write(bytes("x"));
  assertEquals(told, ["one: OK"]);
});

// ---------------------------------------------------------------------- what is ready

Deno.test("Watcher tells of each signal as it comes to hold, and of each that never will", () => {
  const cases: readonly [number, (one: MessagePipe, two: MessagePipe) => void, string][] =
    [
      [READABLE, (_, two) => two.write(bytes("x")), "OK"],
      [READABLE, (_, two) => two.close(), "FAILED_PRECONDITION"],
      [PEER_CLOSED, (_, two) => two.close(), "OK"],
      [READABLE | PEER_CLOSED, (_, two) => two.close(), "OK"],
      [QUOTA_EXCEEDED, (one) => (one.write(bytes("a")), one.write(bytes("b"))), "OK"],
      [QUOTA_EXCEEDED, (_, two) => two.close(), "FAILED_PRECONDITION"],
      [Signal.PEER_REMOTE, (_, two) => two.close(), "FAILED_PRECONDITION"],
      [
        Signal.PEER_REMOTE | QUOTA_EXCEEDED,
        (_, two) => two.close(),
        "FAILED_PRECONDITION",
      ],
    ];
  for (const [signals, cause, result] of cases) {
    const [one, two] = runtime().createMessagePipe(), { watcher, told } = recorder();
    one.setQuota("UNREAD_MESSAGE_COUNT", 1);
    watcher.watch(one, signals, signalNames(signals));
    assertEquals(watcher.arm(), { result: "OK" });
    cause(one, two);
    assertEquals(told, [`${signalNames(signals)}: ${result}`]);
    watcher.close();
  }
});

Deno.test("Watcher tells of a signal that holds no more, and never that it always will", () => {
  const [one, two] = runtime().createMessagePipe(), { watcher, told } = recorder();
  watcher.watch(one, WRITABLE, "write", "UNSATISFIED");
  assertEquals(watcher.arm(), { result: "OK" });
  two.write(bytes("x"));
  assert(watcher.isArmed);
  two.close();
  assertEquals(told, ["write: OK"]);
  watcher.cancel("write");
  told.length = 0;
  // With several signals, that any of them does not hold.
  watcher.watch(one, PEER_CLOSED, "closed", "UNSATISFIED");
  assertEquals(watcher.arm(), { result: "OK" });
  watcher.cancel("closed");
  watcher.watch(one, READABLE | PEER_CLOSED, "both", "UNSATISFIED");
  assertEquals(told, ["closed: CANCELLED"]);
  assertEquals(watcher.arm(), { result: "OK" });
  one.read();
  assertEquals(told, ["closed: CANCELLED", "both: OK"]);
});

Deno.test("Watcher that is armed tells of what is ready as it is watched", () => {
  const node = runtime(), { watcher, told, events } = recorder();
  const [one, two] = node.createMessagePipe(), [other] = node.createMessagePipe();
  watcher.watch(other, READABLE, "other");
  watcher.arm();
  two.write(bytes("x"));
  watcher.watch(one, READABLE, "one");
  assertEquals(told, ["one: OK"]);
  assert(events[0]!.withinCall);
  assertFalse(watcher.isArmed);
});

Deno.test("Watcher tells of what a call made ready on several handles, once each", () => {
  const node = runtime(), [way, end] = node.createMessagePipe();
  const { watcher, told } = recorder();
  const pipes = Array.from({ length: 4 }, () => node.createMessagePipe());
  pipes.forEach(([kept], i) => watcher.watch(kept, READABLE, `${i}`));
  way.write(bytes(""), pipes.map(([, sent]) => sent));
  watcher.arm();
  // Closes all that is in the message.
  end.close();
  assertEquals(told.sort(), [0, 1, 2, 3].map((i) => `${i}: FAILED_PRECONDITION`));
  watcher.close();
});

Deno.test("Watcher tells each of several watchers of a handle", () => {
  const [one, two] = runtime().createMessagePipe(), all = [recorder(), recorder()];
  all.forEach(({ watcher }) => {
    watcher.watch(one, READABLE, "one");
    watcher.arm();
  });
  two.write(bytes("x"));
  for (const { told } of all) assertEquals(told, ["one: OK"]);
});

Deno.test("Watcher stays armed when what was ready is gone before it is told", () => {
  const [one, two] = runtime().createMessagePipe();
  const first = recorder(() => void drain(one)), second = recorder();
  for (const { watcher } of [first, second]) {
    watcher.watch(one, READABLE, "one");
    watcher.arm();
  }
  two.write(bytes("x"));
  assertEquals([first.told, second.told], [["one: OK"], []]);
  assertEquals([first.watcher.isArmed, second.watcher.isArmed], [false, true]);
  // And nothing is lost.
  two.write(bytes("y"));
  assertEquals(second.told, ["one: OK"]);
});

Deno.test("Watcher does not tell of what became ready after it was disarmed", () => {
  const node = runtime(), [way, end] = node.createMessagePipe();
  const [a, sent] = node.createMessagePipe(), [b, peer] = node.createMessagePipe();
  way.write(bytes(""), [sent]);
  const { watcher, told } = recorder(() => void peer.write(bytes("x")));
  watcher.watch(a, READABLE, "a");
  watcher.watch(b, READABLE, "b");
  // Both change in one call: b is written to, which it is not watched for.
  b.setQuota("UNREAD_MESSAGE_COUNT", 5);
  watcher.arm();
  end.close();
  assertEquals(told, ["a: FAILED_PRECONDITION"]);
  const armed = watcher.arm();
  assert(armed.result === "FAILED_PRECONDITION");
  assertEquals(armed.ready.map(({ context }) => context).sort(), ["a", "b"]);
});

// ---------------------------------------------------------------------- cancellation

Deno.test("Watcher cancels a watch once and last, whatever ends it, armed or not", () => {
  const node = runtime(),
    [way] = node.createMessagePipe(),
    [spare] = node.createMessagePipe();
  const ends: ((pipe: MessagePipe, watcher: Watcher<string>) => void)[] = [
    (pipe) => pipe.close(),
    (pipe) => void way.write(bytes(""), [pipe]),
    (pipe) => void takeEnd(pipe, "bind"),
    (_, watcher) => assertEquals(watcher.cancel("one"), "OK"),
    (_, watcher) => watcher.close(),
  ];
  for (const end of ends) {
    for (const isArmed of [true, false]) {
      const [one, two] = node.createMessagePipe(), { watcher, events } = recorder();
      watcher.watch(one, READABLE, "one");
      if (isArmed) watcher.arm();
      end(one, watcher);
      const event: WatchEvent<string> = {
        context: "one",
        result: "CANCELLED",
        signals: { satisfied: 0, satisfiable: 0 },
        withinCall: true,
      };
      assertEquals(events, [event]);
      two.write(bytes("x"));
      two.close();
      one.close();
      watcher.close();
      assertEquals(events, [event]);
    }
  }
  spare.close();
});

Deno.test("Watcher cancels the watches of handles that are fused, within the turn", async () => {
  const node = runtime(),
    [a, b] = node.createMessagePipe(),
    [c, d] = node.createMessagePipe();
  const { watcher, told, events } = recorder();
  watcher.watch(a, READABLE, "a");
  watcher.watch(b, READABLE, "b");
  watcher.watch(c, READABLE, "c");
  watcher.arm();
  // Of the node, not of the System API.
  node.node.fuse(endOf(b).port, endOf(c).port);
  await Promise.resolve();
  assertEquals(told, ["b: CANCELLED", "c: CANCELLED"]);
  assert(events.every(({ withinCall }) => !withinCall));
  d.write(bytes("x"));
  assertEquals(told.at(-1), "a: OK");
});

Deno.test("Watcher tells of what is cancelled before all else that is due", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const { watcher, told } = recorder();
  watcher.watch(one, PEER_CLOSED, "one");
  watcher.watch(two, WRITABLE, "two", "UNSATISFIED");
  watcher.arm();
  two.close();
  assertEquals(told, ["two: CANCELLED", "one: OK"]);
});

Deno.test("Watcher tells nothing more of a watch that is cancelled while it is due", () => {
  const node = runtime(), [way, end] = node.createMessagePipe();
  const pipes = Array.from({ length: 3 }, () => node.createMessagePipe());
  const { watcher, told } = recorder(({ context, result }) => {
    if (result === "CANCELLED") return;
    const [one, other] = [0, 1, 2].filter((i) => `${i}` !== context);
    watcher.cancel(`${one}`);
    pipes[other!]![0].close();
  });
  pipes.forEach(([kept], i) => watcher.watch(kept, READABLE, `${i}`));
  way.write(bytes(""), pipes.map(([, sent]) => sent));
  watcher.arm();
  end.close();
  const [first, ...rest] = told;
  assert(first!.endsWith(": FAILED_PRECONDITION"));
  const others = [0, 1, 2].filter((i) => `${i}` !== first![0]);
  assertEquals(rest, others.map((i) => `${i}: CANCELLED`));
});

Deno.test("Watcher frees the handle and the context of a watch as it is over, as Mojo does", () => {
  const [one, two] = runtime().createMessagePipe(),
    { watcher, told } = recorder((event) => {
      if (event.result !== "CANCELLED" || told.length > 1) return;
      // Within the last callback.
      watcher.watch(one, READABLE, "one");
      watcher.arm();
    });
  watcher.watch(one, READABLE, "one");
  assertEquals(watcher.cancel("one"), "OK");
  two.write(bytes("x"));
  assertEquals(told, ["one: CANCELLED", "one: OK"]);
  // After cancelling.
  assertEquals(watcher.cancel("one"), "OK");
  watcher.watch(one, READABLE, "one");
  assertEquals(watcher.cancel("two"), "NOT_FOUND");
  watcher.close();
  assertEquals(told, ["one: CANCELLED", "one: OK", "one: CANCELLED", "one: CANCELLED"]);
});

Deno.test("Watcher.cancel within a callback frees the context before it is told", () => {
  const [one, two] = runtime().createMessagePipe(),
    { watcher, told } = recorder((event) => {
      if (event.result !== "OK" || told.length > 1) return;
      watcher.cancel("one");
      watcher.watch(one, PEER_CLOSED, "one");
      assertEquals(told, ["one: OK"]);
    });
  watcher.watch(one, READABLE, "one");
  watcher.arm();
  two.write(bytes("x"));
  assertEquals(told, ["one: OK", "one: CANCELLED"]);
  watcher.arm();
  two.close();
  assertEquals(told.slice(2), ["one: OK"]);
});

// ---------------------------------------------------------------------- callbacks

Deno.test("Watcher never calls back within a callback, nor in the middle of a call", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe();
  const log: string[] = [];
  const inner = new Watcher<string>(({ context }) => void log.push(`inner ${context}`));
  inner.watch(b, READABLE, "b");
  inner.watch(two, WRITABLE, "two", "UNSATISFIED");
  inner.arm();
  const outer = new Watcher<string>(({ result }) => {
    log.push(`outer ${result}`);
    a.write(bytes("x"));
    outer.cancel("one");
    log.push("outer is done");
  });
  outer.watch(one, READABLE, "one");
  outer.arm();
  two.write(bytes("x"));
  log.push("written");
  assertEquals(log, [
    "outer OK",
    "outer is done",
    // Cancellations first.
    "outer CANCELLED",
    "outer is done",
    "inner b",
    "written",
  ]);
});

Deno.test("Watcher can be used in every way from its callback", () => {
  const node = runtime(), [one, two] = node.createMessagePipe();
  const [a, b] = node.createMessagePipe(), log: string[] = [];
  let step = 0;
  const watcher: Watcher<string> = new Watcher<string>(({ context, result }) => {
    log.push(`${context}: ${result}`);
    if (result === "CANCELLED") return;
    step++;
    if (step === 1) {
      drain(one);
      watcher.watch(a, READABLE, "a");
      assertEquals(watcher.arm(), { result: "OK" });
      b.write(bytes("x"));
      assertEquals(step, 1);
    } else if (step === 2) {
      assertEquals(context, "a");
      watcher.close();
      assertFalse(watcher.isArmed);
      assertThrows(() => watcher.arm(), MisuseError, "the watcher was closed");
      one.close();
      a.close();
    }
  });
  watcher.watch(one, READABLE, "one");
  watcher.arm();
  two.write(bytes("x"));
  assertEquals(log, ["one: OK", "a: OK", "one: CANCELLED", "a: CANCELLED"]);
});

Deno.test("Watcher.arm within a callback drops what else was due: it is not ready, or arming fails", () => {
  const node = runtime(), [way, end] = node.createMessagePipe();
  const pipes = Array.from({ length: 3 }, () => node.createMessagePipe());
  const { watcher, told } = recorder(({ result }) => {
    if (result === "CANCELLED") return;
    const armed = watcher.arm();
    if (armed.result !== "FAILED_PRECONDITION") return;
    for (const { context } of armed.ready) watcher.cancel(context);
    assertEquals(watcher.arm(), { result: "NOT_FOUND" });
  });
  pipes.forEach(([kept], i) => watcher.watch(kept, READABLE, `${i}`));
  way.write(bytes(""), pipes.map(([, sent]) => sent));
  watcher.arm();
  end.close();
  assertEquals(told.filter((each) => each.endsWith("FAILED_PRECONDITION")).length, 1);
  assertEquals(told.length, 4);
});

Deno.test("Watcher.arm within a callback starts anew: what was due before is told once at most", () => {
  const node = runtime(), pairs = [0, 1].map(() => node.createMessagePipe());
  const [start, go] = node.createMessagePipe();
  const both = () => pairs.forEach(([, peer]) => peer.write(bytes("x")));
  const first = new Watcher(both);
  first.watch(start, READABLE, null);
  first.arm();
  const { watcher, told } = recorder(() => {
    if (told.length > 1) return;
    pairs.forEach(([kept]) => drain(kept));
    assertEquals(watcher.arm(), { result: "OK" });
    pairs[1]![1].write(bytes("again"));
  });
  pairs.forEach(([kept], i) => watcher.watch(kept, READABLE, `${i}`));
  watcher.arm();
  // Both are ready when the first watcher has called back.
  go.write(bytes(""));
  assertEquals(told, ["0: OK", "1: OK"]);
  assertFalse(watcher.isArmed);
});

Deno.test("Watcher tells the others that were ready, also if arming fails because of them", () => {
  const node = runtime(), [way, end] = node.createMessagePipe();
  const pipes = Array.from({ length: 3 }, () => node.createMessagePipe());
  const { watcher, told } = recorder(({ context, result }) => {
    if (result === "CANCELLED") return;
    watcher.cancel(context);
    watcher.arm();
  });
  pipes.forEach(([kept], i) => watcher.watch(kept, READABLE, `${i}`));
  way.write(bytes(""), pipes.map(([, sent]) => sent));
  watcher.arm();
  end.close();
  for (let i = 0; i < 3; i++) {
    assert(told.indexOf(`${i}: FAILED_PRECONDITION`) >= 0);
    assert(told.indexOf(`${i}: CANCELLED`) > told.indexOf(`${i}: FAILED_PRECONDITION`));
  }
  assertEquals(told.length, 6);
});

Deno.test("Watcher reports what a callback throws once everybody was told", async () => {
  const [one, two] = runtime().createMessagePipe();
  const bad = recorder(() => {
    throw new Error("in a callback");
  });
  const good = recorder();
  for (const { watcher } of [bad, good]) {
    watcher.watch(one, READABLE, "one");
    watcher.arm();
  }
  const errors = await uncaught(() => {
    assertEquals(two.write(bytes("x")), "OK");
    assertEquals([bad.told, good.told], [["one: OK"], ["one: OK"]]);
    assertFalse(bad.watcher.isArmed);
    one.close();
    assertEquals(bad.told, ["one: OK", "one: CANCELLED"]);
  });
  assertEquals(errors, ["in a callback", "in a callback"]);
});

Deno.test("Watcher counts messages at both ends, as in the manual of Mojo's C API", () => {
  interface Watched {
    readonly watcher: Watcher<Watched>;
    readonly handle: MessagePipe;
    count: number;
    freed: boolean;
  }
  const notify = ({ context: state, result }: WatchEvent<Watched>) => {
    if (result === "CANCELLED") {
      state.freed = true;
      return;
    }
    if (result === "FAILED_PRECONDITION") {
      state.watcher.cancel(state);
      return;
    }
    while (state.watcher.arm().result === "FAILED_PRECONDITION") {
      const read = state.handle.read({ mayDiscard: true, maxBytes: 0 });
      if (read.result === "FAILED_PRECONDITION") {
        state.watcher.cancel(state);
        return;
      }
      state.count++;
    }
  };
  const [a, b] = runtime().createMessagePipe();
  const states = [a, b].map((handle): Watched => {
    const watcher = new Watcher(notify);
    const state = { watcher, handle, count: 0, freed: false };
    watcher.watch(handle, READABLE, state);
    assertEquals(watcher.arm(), { result: "OK" });
    return state;
  });
  for (let i = 0; i < 5; i++) a.write(bytes("to b"));
  for (let i = 0; i < 3; i++) b.write(bytes("to a"));
  assertEquals(states.map(({ count }) => count), [3, 5]);
  assertEquals(states.map(({ freed }) => freed), [false, false]);
  a.close();
  assertEquals(states.map(({ freed }) => freed), [true, true]);
  b.close();
});

// ---------------------------------------------------------------------- misuse

Deno.test("Watcher throws on misuse and does nothing then", () => {
  const node = runtime(),
    [one, two] = node.createMessagePipe(),
    [gone] = node.createMessagePipe();
  const { watcher, told } = recorder();
  gone.close();
  watcher.watch(one, READABLE, "one");
  const cases: readonly [() => unknown, string, string][] = [
    [
      () => watcher.watch(gone, READABLE, "x"),
      "INVALID_ARGUMENT",
      "closed, sent or bound",
    ],
    [
      () => watcher.watch({} as MessagePipe, 1, "x"),
      "INVALID_ARGUMENT",
      "handle must be",
    ],
    [() => watcher.watch(two, 0, "x"), "INVALID_ARGUMENT", "a sum of Signal: received 0"],
    [() => watcher.watch(two, 1 << 6, "x"), "INVALID_ARGUMENT", "received 64"],
    [() => watcher.watch(two, 1, "x", "EVER" as "SATISFIED"), "INVALID_ARGUMENT", "EVER"],
    [() => watcher.watch(one, WRITABLE, "x"), "ALREADY_EXISTS", "has the pipe already"],
    [
      () => watcher.watch(two, READABLE, "one"),
      "ALREADY_EXISTS",
      "the context is in use",
    ],
    [() => watcher.arm(-1), "INVALID_ARGUMENT", "received -1"],
    [() => watcher.arm(NaN), "INVALID_ARGUMENT", "received NaN"],
    [() => new Watcher(null as never), "INVALID_ARGUMENT", "callback must be a function"],
  ];
  for (const [misuse, result, why] of cases) {
    const error = assertThrows(misuse, MisuseError, why);
    assertEquals(error.result, result);
  }
  assertEquals(told, []);
  assertEquals(watcher.arm(), { result: "OK" });
  watcher.close();
  watcher.close();
  assertEquals(told, ["one: CANCELLED"]);
  for (
    const use of [
      () => watcher.arm(),
      () => watcher.cancel("one"),
      () => watcher.watch(two, READABLE, "two"),
    ]
  ) {
    const error = assertThrows(use, MisuseError, "the watcher was closed");
    assertEquals(error.result, "INVALID_ARGUMENT");
  }
});

Deno.test("Watcher takes any value for a context, and closes with its scope", () => {
  const node = runtime(), told: unknown[] = [];
  const contexts = [NaN, {}, null, undefined, Symbol("s"), 0, "0", () => {}];
  {
    using watcher = new Watcher<unknown>(({ context }) => void told.push(context));
    for (const context of contexts) {
      watcher.watch(node.createMessagePipe()[0], READABLE, context);
    }
    assertThrows(
      () => watcher.watch(node.createMessagePipe()[0], READABLE, NaN),
      MisuseError,
      "in use",
    );
  }
  assertEquals(told, contexts);
});
