import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { SocketTransport } from "../../transports/socket.ts";
import { type End, type Kit, localEnd, transportContract } from "./contract.ts";
import { drainToEnd, piece, pour, writeAll } from "./flow.ts";
import { connectedSockets } from "./socket_kit.ts";

/** The part of a socket's handle that ends one direction without the socket. */
interface Handle {
  shutdown(request: { readonly oncomplete: () => void }): number;
}

function end(socket: Socket): End {
  const { _handle: handle } = socket as unknown as { _handle: Handle };
  const transport = SocketTransport.from(socket);
  return localEnd(transport, () =>
    new Promise((resolve) => {
      handle.shutdown({ oncomplete: resolve });
    }));
}

function kit(): Kit {
  return {
    pair: async () => {
      const [one, two] = await connectedSockets();
      return [end(one), end(two)];
    },
  };
}

// What the kernel takes for a socket, twice as much in small pieces, and one buffer here.
transportContract("SocketTransport", { kit, boundBytes: 768 * 1024 });

Deno.test("SocketTransport.adopt takes an inherited socket without any permission", async () => {
  const child = spawn(
    Deno.execPath(),
    [
      "run",
      "--quiet",
      "--no-prompt",
      "--deny-env", // Without any flag about permissions, it would be given all of them.
      new URL("adopting_child.ts", import.meta.url).href,
    ],
    { stdio: ["ignore", "inherit", "inherit", "pipe"] },
  );
  const exited = once(child, "exit"), closed = once(child, "close");
  const transport = SocketTransport.from(child.stdio[3] as Socket);
  await pour(transport, { seed: 1, totalBytes: 500_000, stepBytes: 9999 });
  assertEquals(await drainToEnd(transport, 2), 700_000);
  transport.close();
  assertEquals(await exited, [0, null]);
  await closed;
});

Deno.test("SocketTransport.from keeps what the socket had read already", async () => {
  const [one, two] = await connectedSockets();
  const writer = SocketTransport.from(one);
  two.resume().pause();
  await writeAll(writer, piece(1, 0, 5000));
  while (two.readableLength === 0) await once(two, "readable");
  const reader = SocketTransport.from(two);
  await writeAll(writer, piece(1, 5000, 100_000));
  writer.close();
  assertEquals(await drainToEnd(reader, 1), 105_000);
  reader.close();
});

Deno.test("SocketTransport.from leaves a socket behind that does nothing", async () => {
  const [one, two] = await connectedSockets();
  const closed = [once(one, "close"), once(two, "close")];
  const [writer, reader] = [SocketTransport.from(one), SocketTransport.from(two)];
  await Promise.all(closed);
  one.resume();
  two.destroy();
  await writeAll(writer, piece(1, 0, 5000));
  writer.close();
  assertEquals(await drainToEnd(reader, 1), 5000);
  reader.close();
  assertThrows(
    () => SocketTransport.from(one),
    TypeError,
    "Cannot take over socket: it is not connected",
  );
});

Deno.test("SocketTransport.read gives all that a side left which is gone, though a write has failed", async () => {
  const [one, two] = (await connectedSockets()).map((socket) =>
    SocketTransport.from(socket)
  ) as [SocketTransport, SocketTransport];
  await writeAll(two, piece(2, 0, 150_000));
  two.close();
  const error = await assertRejects(() => writeAll(one, new Uint8Array(1_000_000)));
  assertEquals((error as Error).message.startsWith("Cannot write: the other side"), true);
  assertEquals(await drainToEnd(one, 2), 150_000);
  one.close();
});

Deno.test("SocketTransport.read ends when the other side goes away with unread bytes of ours", async () => {
  const [one, two] = (await connectedSockets()).map((socket) =>
    SocketTransport.from(socket)
  ) as [SocketTransport, SocketTransport];
  await writeAll(one, piece(3, 0, 1000));
  await writeAll(two, piece(4, 0, 1000));
  two.close();
  assertEquals(await drainToEnd(one, 4), 1000);
  one.close();
});
