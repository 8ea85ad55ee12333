import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { BadMessageError, LimitError } from "../../../core/errors.ts";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { inStudio, studio } from "./studio.ts";
import { Studio } from "./studio.magen.ts";
import { onBoth } from "./switchboard.ts";

inStudio(
  "Remote rejects a call that takes longer than its Timeout",
  {},
  async (bound) => {
    const { remote } = bound;
    const error = await assertRejects(() => remote.wait(1), DOMException);
    assertEquals(error.name, "TimeoutError");
    // The rest goes on as before.
    assertEquals(await remote.small("abc"), { length: 3 });
  },
);

inStudio(
  "Remote with a Timeout resolves in time, and takes the caller's signal as well",
  { wait: (turns) => turns === 0 ? undefined : new Promise<void>(() => {}) },
  async ({ remote }) => {
    assertEquals(await remote.wait(0), undefined);
    const reason = new Error("changed my mind"), controller = new AbortController();
    const { signal } = controller;
    const call = remote.wait(1, { signal });
    controller.abort(reason);
    assertEquals(await call.catch((error) => error), reason);
    assertEquals(await remote.wait(1, { signal }).catch((error) => error), reason);
    const patient = new AbortController();
    const late = await remote.wait(1, { signal: patient.signal }).catch((error) => error);
    assertEquals(late.name, "TimeoutError");
    assertThrows(() => remote.wait(1, { signal: {} as never }), TypeError, "'signal'");
  },
);

inStudio("Remote sends nothing that is larger than MaxMessageSize", {}, async (bound) => {
  const { remote } = bound, long = "x".repeat(100);
  // The head, the struct and its string: 16 + 4 + 4 and the text.
  const error = assertThrows(() => remote.small("x".repeat(41)), LimitError);
  assertEquals([error.limit, error.max, error.actual], ["MaxMessageSize", 64, 65]);
  assertThrows(() => remote.tiny(long), LimitError, "send it in parts");
  assertEquals(await remote.small("x".repeat(40)), { length: 40 });
  // Other methods have no such limit.
  assertEquals(await remote.store(long), { ok: true, value: undefined });
});

for (const name of ["Small", "Tiny"]) {
  onBoth(`Receiver closes at a call of ${name} above MaxMessageSize`, async (line) => {
    const calls: string[] = [];
    const receiver = new Receiver(
      Studio,
      studio({
        small: (text) => {
          calls.push(text);
          return { length: 0 };
        },
        tiny: (text) => void calls.push(text),
      }),
      line.called,
    );
    const text = new TextEncoder().encode("x".repeat(41));
    const bytes = new Uint8Array(24 + text.length), view = new DataView(bytes.buffer);
    bytes[0] = 1;
    bytes[1] = name === "Small" ? 1 : 0;
    view.setUint32(4, Studio.methods.find(([, method]) => method === name)![0], true);
    view.setUint32(12, 24, true);
    view.setUint32(16, 4, true);
    view.setUint32(20, text.length, true);
    bytes.set(text, 24);
    line.caller.write(bytes);
    const error = await receiver.closed;
    assertInstanceOf(error, BadMessageError);
    assertEquals([error.rule, calls], ["message-size", []]);
    line.caller.close();
    assertEquals(await line.ports(), 0);
  });
}

inStudio(
  "Remote sends the default of a parameter that is left out",
  {},
  async (bound) => {
    const { remote } = bound;
    assertEquals(await remote.greet("Ann"), { text: "hello Ann undefined" });
    assertEquals(await remote.greet("Ann", undefined, 3), { text: "hello Ann 3" });
    assertEquals(await remote.greet("Ann", "bye"), { text: "bye Ann undefined" });
  },
);

inStudio("An error of an argument tells the path to it", {
  find: (name) => ({ ok: true, value: { name, count: 0.5 } }),
}, async ({ remote, errors }) => {
  assertThrows(() => remote.names(["a", 5 as never]), TypeError, "'names[1]'");
  await assertRejects(() => remote.find("a"));
  assert(errors[0]!.includes("count'"), errors[0]);
});
