import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { setDefaultBadMessageHandler } from "../../../core/system/bad_message.ts";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import type { IpcError } from "../../../core/errors.ts";
import type { MessagePipe } from "../../../core/system/message_pipe.ts";
import { quiet } from "../system/memory_transport.ts";
import { inStudio, studio } from "./studio.ts";
import { Studio } from "./studio.magen.ts";
import { onBoth } from "./switchboard.ts";

/** What a caller may pass for options of a call, and what comes of it. */
const SPOILED: Readonly<Record<string, object>> = {
  boom: {
    get signal() {
      throw new Error("boom");
    },
  },
  Illegal: { signal: Object.create(AbortSignal.prototype) },
  revoked: new Proxy({}, {
    get: () => {
      throw new Error("revoked");
    },
  }),
};

inStudio(
  "Remote sends nothing when options of a call cannot be read, and goes on",
  { wait: () => {} },
  async ({ remote }) => {
    for (const [message, options] of Object.entries(SPOILED)) {
      assertThrows(() => remote.small("abc", options), Error, message);
      assertThrows(() => remote.wait(1, options), Error, message);
      assertEquals(await remote.small("abc"), { length: 3 });
    }
    const inner = {
      get signal() {
        remote.tiny("within another call");
        return undefined;
      },
    };
    assertThrows(() => remote.small("abc", inner), Error, "another one is being encoded");
    assertEquals(await remote.small("abc"), { length: 3 });
  },
);

/** Runs `test` with timers that are counted and fire at the end of it. */
async function withTimers(test: (timers: Map<number, () => void>) => Promise<void>) {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const timers = new Map<number, () => void>();
  let next = 0;
  Object.assign(globalThis, {
    setTimeout: (callback: () => void) => {
      timers.set(++next, callback);
      return next;
    },
    clearTimeout: (timer: number) => void timers.delete(timer),
  });
  try {
    await test(timers);
  } finally {
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  }
}

inStudio(
  "Remote has a timer for each call with a Timeout, and no longer than it",
  { wait: (turns) => turns === 0 ? undefined : new Promise<void>(() => {}) },
  async ({ remote }) => {
    await withTimers(async (timers) => {
      const controller = new AbortController(), { signal } = controller;
      await remote.wait(0);
      await remote.wait(0, { signal });
      assertEquals(timers.size, 0);

      const aborted = remote.wait(1, { signal });
      assertEquals(timers.size, 1);
      controller.abort(new Error("changed my mind"));
      await assertRejects(() => aborted, Error, "changed my mind");
      await assertRejects(() => remote.wait(1, { signal }), Error, "changed my mind");
      assertEquals(timers.size, 0);

      const patient = new AbortController();
      const late = remote.wait(1, { signal: patient.signal });
      for (const [timer, fire] of timers) {
        timers.delete(timer);
        fire();
      }
      const error = await assertRejects(() => late, DOMException);
      assertEquals(
        [error.name, error.message],
        ["TimeoutError", "studio.Studio.Wait took longer than 20 ms"],
      );
      patient.abort();

      const cut = remote.wait(1);
      assertEquals(timers.size, 1);
      remote.$.close();
      await assertRejects(() => cut, Error, "closed on this side");
      assertEquals(timers.size, 0);
    });
  },
);

/** Has `act` done with a pipe whose next message gets another request number. Returns the rules it breaks. */
async function rulesOf(pipe: MessagePipe, act: (bytes: Uint8Array) => void) {
  const reports: (IpcError | null)[] = [];
  setDefaultBadMessageHandler(({ error }) => void reports.push(error));
  try {
    using message = (await pipe.receive())!;
    const bytes = message.data.slice();
    new DataView(bytes.buffer).setUint32(8, 7, true);
    act(bytes);
    await quiet();
  } finally {
    setDefaultBadMessageHandler(null);
  }
  return reports.map((error) => (error as { rule?: string } | null)?.rule);
}

onBoth("Receiver refuses a one-way message with a request number", async (line) => {
  const [near, far] = line.callerNode.createMessagePipe();
  const probe = new Remote(Studio, near);
  using _receiver = new Receiver(Studio, studio(), line.called, { onError: () => {} });
  probe.tiny("text");
  assertEquals(await rulesOf(far, (bytes) => line.caller.write(bytes)), ["call-request"]);
  probe.$.close();
  far.close();
  line.caller.close();
  assertEquals(await line.ports(), 0);
});

onBoth("Remote refuses an event with a request number", async (line) => {
  const [near, far] = line.calledNode.createMessagePipe();
  const probe = new Receiver(Studio, studio(), near);
  using _remote = new Remote(Studio, line.caller);
  probe.emit.onText("text");
  assertEquals(await rulesOf(far, (bytes) => line.called.write(bytes)), [
    "event-request",
  ]);
  probe.close();
  far.close();
  line.called.close();
  assertEquals(await line.ports(), 0);
});
