import { assert, assertEquals } from "@std/assert";
import { PipeClosedError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { Binding, type MessageHandler } from "../../../core/system/binding.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { MessageFlag } from "../../../core/wire/encoder.ts";
import { bytes, join, quiet } from "./memory_transport.ts";

const REPLY_BYTES = 20_000;

/** Answers every message that expects it with a long reply, and counts all of them. */
class Answering implements MessageHandler {
  calls = 0;
  oneWay = 0;
  readonly #binding: Binding;

  constructor(pipe: MessagePipe) {
    this.#binding = new Binding(pipe, this);
  }

  message(_bytes: Uint8Array, view: DataView, start: number, end: number): void {
    if (!this.isCall(view, start, end)) {
      this.oneWay++;
      return;
    }
    this.calls++;
    const out = this.#binding.begin(1, MessageFlag.Reply);
    out.byteString(new Uint8Array(REPLY_BYTES), "reply");
    this.#binding.commit(out, this.calls, true);
  }

  isCall(view: DataView, start: number, _end: number): boolean {
    return (view.getUint8(start + 1) & MessageFlag.ExpectsReply) !== 0;
  }

  ended(): void {
    this.#binding.close(new PipeClosedError());
  }
}

/** A call as it lies on the wire. */
function call(flags: number): Uint8Array {
  const data = new Uint8Array(16);
  data[0] = 1;
  data[1] = flags;
  new DataView(data.buffer).setUint32(12, 16, true);
  return data;
}

Deno.test("Binding takes no more calls from a neighbor that does not read the replies", async () => {
  const { here, there, inviter, transports } = await join({ roomBytes: 4096 });
  const [kept, sent] = inviter.createMessagePipe();
  here.pipe.write(bytes(""), [sent]);
  const caller = (await there.pipe.receive())!.take(MessagePipe);
  const answering = new Answering(kept);
  await quiet();

  transports[1].paused = true;
  const total = 500, most = LIMITS.tiny.maxUnsentReplyBytes / REPLY_BYTES;
  for (let i = 0; i < total; i++) caller.write(call(MessageFlag.ExpectsReply));
  await quiet();
  assert(answering.calls > 1, "no call was taken");
  assert(answering.calls <= most + 2, `${answering.calls} calls were taken`);
  const waiting = answering.calls;
  await quiet();
  assertEquals(answering.calls, waiting);

  // Another pipe over the same link still delivers: only calls wait.
  there.pipe.write(bytes("note"));
  assertEquals((await here.pipe.receive())!.data, bytes("note"));

  // It goes on as the other side reads, never far ahead of it.
  transports[1].resume();
  for (let i = 0; i < total; i++) {
    const reply = (await caller.receive())!;
    assertEquals(reply.data.length, 16 + 4 + REPLY_BYTES);
    assertEquals(new DataView(reply.data.buffer).getUint32(8, true), i + 1);
  }
  assertEquals(answering.calls, total);
  await here.close();
  await there.close();
});

Deno.test("Binding keeps what comes behind a call that waits in order", async () => {
  const { here, there, inviter, transports } = await join({ roomBytes: 4096 });
  const [kept, sent] = inviter.createMessagePipe();
  here.pipe.write(bytes(""), [sent]);
  const caller = (await there.pipe.receive())!.take(MessagePipe);
  const answering = new Answering(kept);
  await quiet();
  transports[1].paused = true;
  const calls = 40;
  for (let i = 0; i < calls; i++) caller.write(call(MessageFlag.ExpectsReply));
  caller.write(call(0));
  await quiet();
  assert(answering.calls < calls);
  assertEquals(answering.oneWay, 0);
  transports[1].resume();
  for (let i = 0; i < calls; i++) await caller.receive();
  await quiet();
  assertEquals(answering.oneWay, 1);
  await here.close();
  await there.close();
});

Deno.test("Binding ends in good order when the link is lost while calls wait", async () => {
  const { here, there, inviter, transports } = await join({ roomBytes: 4096 });
  const [kept, sent] = inviter.createMessagePipe();
  here.pipe.write(bytes(""), [sent]);
  const caller = (await there.pipe.receive())!.take(MessagePipe);
  const answering = new Answering(kept);
  await quiet();
  transports[1].paused = true;
  for (let i = 0; i < 100; i++) caller.write(call(MessageFlag.ExpectsReply));
  await quiet();
  const taken = answering.calls;
  here.abort();
  await here.closed;
  await quiet();
  // What had arrived is still handled; its answers go nowhere.
  assert(answering.calls >= taken);
  here.pipe.close();
  assertEquals(inviter.node.ports.size, 0);
  transports[1].resume();
  await there.closed;
});

Deno.test("Binding closes its port when the other end was closed", async () => {
  const { here, there, inviter, invitee } = await join();
  const answering = new Answering(here.pipe);
  there.pipe.write(call(0));
  there.pipe.close();
  await quiet();
  assertEquals(answering.oneWay, 1);
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await here.close();
  await there.close();
});
