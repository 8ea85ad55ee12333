import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { realEnvironment } from "../../core/environment.ts";
import { MessagePortTransport } from "../../transports/message_port.ts";
import { type Kit, localEnd, transportContract } from "./contract.ts";
import { Driver } from "./driver.ts";
import { failureContract } from "./failure_contract.ts";

function here(): Kit {
  return {
    pair: () => {
      const { port1, port2 } = new MessageChannel();
      return [
        localEnd(new MessagePortTransport(port1), () => port1.postMessage("end")),
        localEnd(new MessagePortTransport(port2), () => port2.postMessage("end")),
      ];
    },
  };
}

function withThread(): Kit {
  const driver = new Driver();
  return {
    pair: async () => {
      const { port1, port2 } = new MessageChannel();
      return [
        localEnd(new MessagePortTransport(port1), () => port1.postMessage("end")),
        await driver.open({ kind: "port", port: port2 }),
      ];
    },
    dispose: () => driver.dispose(),
  };
}

const boundBytes = 512 * 1024;
transportContract("MessagePortTransport", { kit: here, boundBytes });
transportContract("MessagePortTransport between threads", {
  kit: withThread,
  boundBytes,
});
failureContract("MessagePortTransport", here);

/** A transport and the port of whoever is on the other side. */
function victim(): { transport: MessagePortTransport; hostile: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  return { transport: new MessagePortTransport(port1), hostile: port2 };
}

/** Expects that the transport is broken for good and has hung up. */
async function assertBroken(
  { transport, hostile }: ReturnType<typeof victim>,
  reason: string,
): Promise<void> {
  const said = new Promise((resolve) => {
    hostile.onmessage = ({ data }) => {
      if (data === "close") resolve(data);
    };
  });
  await assertRejects(() => transport.read(new Uint8Array(8)), Error, reason);
  await assertRejects(() => transport.read(new Uint8Array(8)), Error, reason);
  await assertRejects(() => transport.write(new Uint8Array(8)), Error, reason);
  await said;
  transport.close();
  assertEquals(await transport.read(new Uint8Array(8)), null);
  hostile.close();
}

Deno.test("MessagePortTransport breaks at whatever is no message of its own", async () => {
  const odd = "posted odd bytes", none = "posted what is no message";
  const junk: [unknown, string][] = [
    ["", none],
    ["close ", none],
    [null, none],
    [undefined, none],
    [true, none],
    [1n, none],
    [{}, none],
    [[], none],
    [{ byteLength: 8 }, none],
    [new Date(0), none],
    [new Uint8Array(8), none],
    [new DataView(new ArrayBuffer(8)), none],
    [new SharedArrayBuffer(8), none],
    [new Uint8Array(new SharedArrayBuffer(8)), none],
    [new ArrayBuffer(0), odd],
    [new ArrayBuffer(8, { maxByteLength: 16 }), odd],
    ...[0, -1, 0.5, NaN, Infinity, -Infinity, 1, 2 ** 53].map((count) =>
      [count, "gave back more than was used"] as [unknown, string]
    ),
  ];
  for (const [message, reason] of junk) {
    for (const waiting of [false, true]) {
      const both = victim();
      const early = waiting ? both.transport.read(new Uint8Array(8)) : null;
      both.hostile.postMessage(message);
      if (early !== null) await assertRejects(() => early, Error, reason);
      await assertBroken(both, reason);
    }
  }
});

Deno.test("MessagePortTransport gives back a little more than was used only once", async () => {
  const both = victim();
  await both.transport.write(new Uint8Array(100));
  both.hostile.postMessage(612);
  await realEnvironment.nextTurn();
  await both.transport.write(new Uint8Array(100));
  both.hostile.postMessage(613);
  await assertBroken(both, "gave back more than was used");
});

Deno.test("MessagePortTransport closes ports that come with a message, and breaks", async () => {
  const both = victim(), { port1, port2 } = new MessageChannel();
  both.hostile.postMessage(new ArrayBuffer(8), [port2]);
  await assertBroken(both, "posted a port");
  // That the other one is closed shows in that nothing is left open when this test ends.
  port1.close();
});

Deno.test("MessagePortTransport breaks at bytes and ends after the end", async () => {
  for (
    const [message, reason] of [
      [new ArrayBuffer(8), "posted bytes after their end"],
      ["end", "posted what is no message"],
    ] as const
  ) {
    const both = victim();
    both.hostile.postMessage("end");
    both.hostile.postMessage(message);
    assertEquals(await both.transport.read(new Uint8Array(8)), null);
    await realEnvironment.nextTurn();
    await assertBroken(both, reason);
  }
});

Deno.test("MessagePortTransport breaks at a flood, of large messages or of tiny ones", async () => {
  for (const bytes of [1, 100, 65_536, 4_000_000]) {
    const both = victim();
    // As many as fit are kept. Nobody reads.
    const fit = Math.floor(boundBytes / (bytes + 512));
    for (let i = 0; i < fit; i++) both.hostile.postMessage(new ArrayBuffer(bytes));
    for (let i = 0; i < 20; i++) await realEnvironment.nextTurn();
    assertLessOrEqual(fit * bytes, boundBytes);
    if (fit > 0) assertEquals(await both.transport.read(new Uint8Array(1)), 1);
    both.hostile.postMessage(new ArrayBuffer(bytes));
    both.hostile.postMessage(new ArrayBuffer(bytes));
    for (let i = 0; i < 20; i++) await realEnvironment.nextTurn();
    await assertBroken(both, "posted more than there is room for");
  }
});

Deno.test("MessagePortTransport writes many tiny pieces within its window", async () => {
  const { transport, hostile } = victim();
  let messages = 0;
  hostile.onmessage = () => messages++;
  let written = 0;
  const writing = (async () => {
    for (;;) written += await transport.write(new Uint8Array(1));
  })();
  for (let i = 0; i < 20; i++) await realEnvironment.nextTurn();
  assertEquals([written, messages], [1022, 1022]);
  hostile.postMessage(513 * 10);
  for (let i = 0; i < 20; i++) await realEnvironment.nextTurn();
  assertEquals([written, messages], [1032, 1032]);
  transport.close();
  await assertRejects(() => writing, Error, "the transport was closed");
  hostile.close();
});
