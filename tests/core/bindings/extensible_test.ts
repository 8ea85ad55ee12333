import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import { BadMessageError, PipeClosedError, RemoteError } from "../../../core/errors.ts";
import { quiet } from "../system/memory_transport.ts";
import { Shop, ShopNow } from "./studio.magen.ts";
import { onBoth } from "./switchboard.ts";

onBoth(
  "Receiver of an extensible interface answers calls that it does not know",
  async (line) => {
    const remote = new Remote(ShopNow, line.caller), errors: unknown[] = [];
    const receiver = new Receiver(Shop, { buy: () => ({ price: 5 }) }, line.called, {
      onError: (error) => errors.push(error),
    });
    assertEquals(await remote.buy("bread"), { price: 5 });
    const [near, far] = line.callerNode.createMessagePipe();
    const error = await assertRejects(() => remote.order("bread", far), RemoteError);
    assertEquals(error.failure, "unknown-method");
    assertEquals(error.message, "studio.ShopNow.Order is not known on the other side");
    // What came with it is closed.
    assertInstanceOf(await near.closed, PipeClosedError);
    assertEquals(await remote.buy("bread"), { price: 5 });
    assertEquals(errors, []);
    near.close();
    remote.$.close();
    receiver.close();
    assertEquals(await line.ports(), 0);
  },
);

onBoth(
  "Receiver of an extensible interface ignores what it does not know and need not answer",
  async (line) => {
    const remote = new Remote(ShopNow, line.caller);
    const receiver = new Receiver(Shop, { buy: () => ({ price: 5 }) }, line.called);
    const [near, far] = line.callerNode.createMessagePipe();
    remote.note("text", far);
    assertInstanceOf(await near.closed, PipeClosedError);
    await assertRejects(() => Array.fromAsync(remote.watch("x")), PipeClosedError);
    assertEquals(await remote.buy("bread"), { price: 5 });
    near.close();
    remote.$.close();
    receiver.close();
    assertEquals(await line.ports(), 0);
  },
);

onBoth(
  "Remote of an extensible interface ignores events that it does not know",
  async (line) => {
    const remote = new Remote(Shop, line.caller), opened: string[] = [];
    const receiver = new Receiver(ShopNow, {
      buy: () => ({ price: 5 }),
      order: () => ({ number: 1 }),
      note: () => {},
      watch: () => [],
    }, line.called);
    remote.$.events.onOpen((name) => opened.push(name));
    const [near, far] = line.calledNode.createMessagePipe();
    receiver.emit.onClose("late", far);
    receiver.emit.onOpen("shop");
    assertInstanceOf(await near.closed, PipeClosedError);
    await quiet();
    assertEquals(opened, ["shop"]);
    assert(remote.$.isConnected);
    near.close();
    remote.$.close();
    receiver.close();
    assertEquals(await line.ports(), 0);
  },
);

for (const flags of [2, 3, 4, 8, 9]) {
  onBoth(`Receiver of an extensible interface closes at flags ${flags}`, async (line) => {
    const receiver = new Receiver(Shop, { buy: () => ({ price: 5 }) }, line.called);
    const bytes = new Uint8Array(20), view = new DataView(bytes.buffer);
    bytes[0] = 1;
    bytes[1] = flags;
    view.setUint32(4, 99, true);
    view.setUint32(12, 20, true);
    line.caller.write(bytes);
    const reason = await receiver.closed;
    assertInstanceOf(reason, BadMessageError);
    assertEquals(reason.rule, "call-flags");
    line.caller.close();
    assertEquals(await line.ports(), 0);
  });
}
