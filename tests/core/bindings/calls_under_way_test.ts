import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import { join, quiet } from "../system/memory_transport.ts";
import { board } from "./switchboard.ts";
import { Switchboard } from "./switchboard.magen.ts";

const MAX = LIMITS.tiny.maxCallsUnderWay;

Deno.test("Receiver takes no more calls than may be under way, and the rest as those end", async () => {
  const { here, there } = await join({});
  const gates: (() => void)[] = [];
  using remote = new Remote(Switchboard, there.pipe);
  using _receiver = new Receiver(
    Switchboard,
    board({
      join: async (words) => {
        await new Promise<void>((open) => gates.push(open));
        return { text: words.join(" ") };
      },
    }),
    here.pipe,
  );
  const calls = Array.from({ length: MAX * 2 }, (_, i) => remote.join([`${i}`]));
  await quiet();
  assertEquals(gates.length, MAX);
  // One ends, one more is taken.
  gates[0]!();
  await quiet();
  assertEquals(gates.length, MAX + 1);
  for (let i = 1; i < MAX * 2; i++) {
    assert(i < gates.length, `call ${i} was never taken`);
    gates[i]!();
    await quiet();
  }
  assertEquals(
    (await Promise.all(calls)).map(({ text }) => text),
    calls.map((_, i) => `${i}`),
  );
  await here.close();
  await there.close();
});

Deno.test("Receiver that is closed gives back the calls it had under way", async () => {
  const { here, there, inviter, invitee } = await join({});
  const never = board({ ping: () => new Promise<void>(() => {}) });
  for (let round = 0; round < 3; round++) {
    const [called, given] = inviter.createMessagePipe();
    here.pipe.write(new Uint8Array(1), [given]);
    const remote = new Remote(
      Switchboard,
      (await there.pipe.receive())!.take(MessagePipe),
    );
    const receiver = new Receiver(Switchboard, never, called);
    const calls = Array.from({ length: MAX }, () => remote.ping());
    // The limit is the link's: with all places taken on another pipe this one would get no answer.
    await quiet();
    receiver.close();
    for (const { status } of await Promise.allSettled(calls)) {
      assertEquals(status, "rejected");
    }
    remote.$.close();
    await quiet();
  }
  const remote = new Remote(Switchboard, there.pipe);
  const receiver = new Receiver(Switchboard, board(), here.pipe);
  assertEquals((await remote.add(1, 2)).sum, 3);
  remote.$.close();
  receiver.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
  await here.close();
  await there.close();
});
