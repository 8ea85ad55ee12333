import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import { BadMessageError, PipeClosedError } from "../../../core/errors.ts";
import type { MessagePipe } from "../../../core/system/message_pipe.ts";
import { quiet } from "../system/memory_transport.ts";
import { inStudio, studio } from "./studio.ts";
import { Studio } from "./studio.magen.ts";
import { Switchboard } from "./switchboard.magen.ts";
import { board, onBoth } from "./switchboard.ts";

inStudio("Receiver sends events to all that listen at that time", {}, async (bound) => {
  const { remote, receiver } = bound, { events } = remote.$, heard: string[] = [];
  receiver.emit.onProgress(1);
  await quiet();
  const stop = events.onProgress((percent, note) => heard.push(`a${percent}${note}`));
  events.onProgress((percent) => heard.push(`b${percent}`));
  receiver.emit.onProgress(2, "x");
  await quiet();
  stop();
  stop();
  receiver.emit.onProgress(3);
  await quiet();
  assertEquals(heard, ["a2x", "b2", "b3"]);
  assertEquals(remote.$.events, events);
});

inStudio("Receiver's events and replies arrive in the order they were sent", {
  small: (text) => ({ length: text.length }),
}, async ({ remote, receiver }) => {
  const seen: string[] = [];
  remote.$.events.onText((text) => seen.push(text));
  receiver.emit.onText("before");
  await remote.small("x").then(() => seen.push("reply"));
  assertEquals(seen, ["before", "reply"]);
});

inStudio(
  "Remote reports a listener that throws or rejects, and calls the others",
  {},
  async ({ remote, receiver, errors }) => {
    const { events } = remote.$, heard: number[] = [];
    events.onProgress(() => {
      throw new Error("first");
    });
    events.onProgress((() => Promise.reject(new Error("second"))) as () => void);
    events.onProgress((percent) => void heard.push(percent));
    receiver.emit.onProgress(7);
    await quiet();
    assertEquals(heard, [7]);
    assertEquals(errors, [
      "studio.Studio.OnProgress: Error: first",
      "studio.Studio.OnProgress: Error: second",
    ]);
    assert(remote.$.isConnected);
  },
);

inStudio("Remote calls no listener that another one took away", {}, async (bound) => {
  const { remote, receiver } = bound, { events } = remote.$, heard: string[] = [];
  const listener = () => void heard.push("same");
  const stops = [events.onProgress(() => stops[1]!())];
  stops.push(events.onProgress(() => heard.push("never")));
  // The same function twice is two listeners.
  stops.push(events.onProgress(listener), events.onProgress(listener));
  receiver.emit.onProgress(1);
  await quiet();
  stops[2]!();
  receiver.emit.onProgress(2);
  await quiet();
  assertEquals(heard, ["same", "same", "same"]);
});

inStudio("Remote tells an event to no listener that came after it", {}, async (bound) => {
  const { remote, receiver } = bound, { events } = remote.$, heard: number[] = [];
  events.onProgress((percent) => {
    heard.push(percent);
    if (percent === 1) events.onProgress((percent) => heard.push(-percent));
  });
  receiver.emit.onProgress(1);
  receiver.emit.onProgress(2);
  await quiet();
  assertEquals(heard, [1, 2, -2]);
});

inStudio("An event may be as large as its MaxMessageSize", {}, async (bound) => {
  const { remote, receiver } = bound, heard: string[] = [];
  remote.$.events.onText((text) => heard.push(text));
  // The head, the struct and its string: 16 + 4 + 4 and the text.
  receiver.emit.onText("x".repeat(40));
  assertThrows(() => receiver.emit.onText("x".repeat(41)), Error, "MaxMessageSize is 64");
  await quiet();
  assertEquals(heard, ["x".repeat(40)]);
});

inStudio(
  "An event carries handles, which are closed when nobody listens",
  {},
  async (bound) => {
    const { remote, receiver, calledNode } = bound;
    const [near, far] = calledNode.createMessagePipe();
    receiver.emit.onLine(far);
    assertInstanceOf(await near.closed, PipeClosedError);
    near.close();
    // Nor when nobody does any more.
    remote.$.events.onLine(() => {})();
    const [last, unheard] = calledNode.createMessagePipe();
    receiver.emit.onLine(unheard);
    assertInstanceOf(await last.closed, PipeClosedError);
    last.close();
    const got = Promise.withResolvers<MessagePipe>();
    remote.$.events.onLine((line) => got.resolve(line));
    const [one, other] = calledNode.createMessagePipe();
    receiver.emit.onLine(other);
    const line = await got.promise;
    one.write(Uint8Array.of(5));
    assertEquals((await line.receive())!.data[0], 5);
    one.close();
    line.close();
  },
);

inStudio(
  "Receiver refuses arguments of events that do not fit, and sends nothing",
  {},
  async (bound) => {
    const { remote, receiver } = bound, heard: number[] = [];
    remote.$.events.onProgress((percent) => heard.push(percent));
    assertThrows(() => receiver.emit.onProgress(0.5), RangeError, "'percent'");
    assertThrows(
      () => receiver.emit.onText("x".repeat(100)),
      Error,
      "MaxMessageSize is 64",
    );
    receiver.emit.onProgress(1);
    await quiet();
    assertEquals(heard, [1]);
  },
);

inStudio(
  "An event that is sent when the other end is gone is dropped",
  {},
  async (bound) => {
    const { remote, receiver } = bound;
    remote.$.close();
    await receiver.closed;
    receiver.emit.onProgress(1);
    assertInstanceOf(await receiver.closed, PipeClosedError);
  },
);

onBoth("Receiver that was unbound sends no events", async (line) => {
  const receiver = new Receiver(Studio, studio(), line.called);
  receiver.emit.onProgress(1);
  const pipe = receiver.unbind();
  assertThrows(() => receiver.emit.onProgress(2), TypeError, "the receiver was unbound");
  pipe.close();
  line.caller.close();
  assertEquals(await line.ports(), 0);
});

onBoth("Receiver of an interface without events has none to send", async (line) => {
  using receiver = new Receiver(Switchboard, board(), line.called);
  using remote = new Remote(Switchboard, line.caller);
  assertThrows(() => receiver.emit, TypeError, "Switchboard has no events");
  assertEquals(Object.keys(remote.$.events), []);
  await quiet();
});

inStudio("Remote refuses a listener that is no function", {}, async ({ remote }) => {
  const { events } = remote.$;
  assertThrows(() => events.onProgress(5 as never), TypeError, "Studio.OnProgress");
  assertEquals("toString" in events, false);
  await quiet();
});

/** A message without parameters of its own, or with those in `body`. */
function event(id: number, body: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(16 + body.length), view = new DataView(bytes.buffer);
  bytes[0] = 1;
  view.setUint32(4, id, true);
  view.setUint32(12, bytes.length, true);
  bytes.set(body, 16);
  return bytes;
}

const PROGRESS = Studio.events!.names.find(([, name]) => name === "OnProgress")![0];
const TEXT = Studio.events!.names.find(([, name]) => name === "OnText")![0];

for (
  const [rule, bytes] of [
    ["unknown-event", event(77, [0, 0, 0, 0])],
    ["end", event(PROGRESS, [0, 0, 0, 0])],
    ["trailing-bytes", event(PROGRESS, [5, 0, 0, 0, 0, 1, 0, 0, 0, 9])],
    ["message-size", event(TEXT, [64, 0, 0, 0, ...new Array(64).fill(0)])],
  ] as const
) {
  onBoth(`Remote closes at an event that breaks ${rule}`, async (line) => {
    const remote = new Remote(Studio, line.caller);
    let calls = 0;
    remote.$.events.onProgress(() => calls++);
    const call = remote.small("x");
    line.called.write(bytes);
    const error = await assertRejects(() => call, BadMessageError);
    assertEquals([error.rule, calls], [rule, 0]);
    assertMatch(error.message, /^Bad message in studio\.Studio[. ]/);
    assertInstanceOf(await line.called.closed, PipeClosedError);
    line.called.close();
    assertEquals(await line.ports(), 0);
  });
}
