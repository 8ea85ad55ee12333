import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { closeSync, fstatSync, openSync } from "node:fs";
import { Server, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import {
  MisuseError,
  type OpenConn,
  unwrapPlatformHandle,
  wrapPlatformHandle,
} from "@mage/ipc";
import {
  accepted,
  connecting,
  deno2node,
  listening,
  opened,
  portOf,
  until,
} from "../process/node_sockets.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function readSome(conn: { read: OpenConn["read"] }): Promise<string | null> {
  const into = new Uint8Array(100), count = await conn.read(into);
  return count === null ? null : new TextDecoder().decode(into.subarray(0, count));
}

Deno.test("unwrapPlatformHandle makes a connection of a socket of node:net at home", async () => {
  const [here, there] = await deno2node();
  await here.write(bytes("early"));
  using conn = await unwrapPlatformHandle(wrapPlatformHandle(there));
  assertEquals(there.destroyed, true);
  assertEquals(conn.remoteAddr, here.localAddr);
  assertEquals(conn.localAddr, here.remoteAddr);
  assertEquals(await readSome(conn), "early");
  assertEquals(await conn.write(bytes("reply")), 5);
  assertEquals(await readSome(here), "reply");
  await conn.closeWrite();
  await assertRejects(() => conn.write(bytes("x")), Deno.errors.BrokenPipe);
  assertEquals(await readSome(here), null);
  await here.write(bytes("late"));
  assertEquals(await readSome(conn), "late");
  const reading = conn.read(new Uint8Array(1));
  conn.close();
  await assertRejects(() => reading, Deno.errors.Interrupted);
  await assertRejects(() => conn.read(new Uint8Array(1)), Deno.errors.BadResource);
  await assertRejects(() => conn.write(new Uint8Array(1)), Deno.errors.BadResource);
  here.close();
});

Deno.test("A connection of node:net fails to read when it was reset, and to write when nobody reads", async () => {
  const directory = await Deno.makeTempDir(), path = `${directory}/s`;
  const server = await listening(path);
  const accepting = new Promise<Socket>((came) => server.once("connection", came));
  const here = await Deno.connect({ transport: "unix", path });
  using conn = await unwrapPlatformHandle(wrapPlatformHandle(await accepting));
  server.close();
  assertEquals(conn.localAddr, { transport: "unix", path: null } as never);
  await conn.write(bytes("unread"));
  await here.read(new Uint8Array(1));
  here.close();
  await assertRejects(() => conn.read(new Uint8Array(1)), Deno.errors.ConnectionReset);
  await assertRejects(async () => {
    for (;;) await conn.write(bytes("x"));
  }, Deno.errors.BrokenPipe);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("A connection of node:net has streams that close it once both are over", async () => {
  const [here, there] = await deno2node();
  const conn = await unwrapPlatformHandle(wrapPlatformHandle(there));
  const echoed = conn.readable.pipeTo(conn.writable);
  const data = new Uint8Array(3_000_000).map((_, i) => i * 7);
  const writing = (async () => {
    for (let at = 0; at < data.length;) at += await here.write(data.subarray(at));
    await here.closeWrite();
  })();
  const back = new Uint8Array(await new Response(here.readable).arrayBuffer());
  await writing;
  await echoed;
  assertEquals(back.length, data.length);
  assertEquals(back.every((byte, i) => byte === data[i]), true);
  await assertRejects(() => conn.read(new Uint8Array(1)), Deno.errors.BadResource);
});

Deno.test("A listener of node:net loses no client, however slowly they are accepted", async () => {
  const server = await listening(), port = portOf(server);
  const listener = await unwrapPlatformHandle(wrapPlatformHandle(server));
  assertEquals(server.listening, false);
  const clients = await Promise.all(Array.from({ length: 60 }, async (_, i) => {
    const client = await Deno.connect({ port });
    await client.write(bytes(String(i)));
    return client;
  }));
  const said: number[] = [];
  for (let i = 0; i < clients.length; i++) {
    using conn = await listener.accept();
    said.push(Number(await readSome(conn)));
    if (i % 10 === 0) await new Promise((next) => setTimeout(next, 0));
  }
  assertEquals(said.toSorted((one, other) => one - other), clients.map((_, i) => i));
  const waiting = listener.accept();
  listener.close();
  await assertRejects(() => waiting, Deno.errors.BadResource);
  await assertRejects(() => listener.accept(), Deno.errors.BadResource);
  for await (const _ of listener) throw new Error("nobody comes any more");
  await assertRejects(() => Deno.connect({ port }), Deno.errors.ConnectionRefused);
  for (const client of clients) client.close();
});

Deno.test("A file of node:fs stands where it says, and is closed by its handle", async () => {
  const path = await Deno.makeTempFile();
  const native = opened(path);
  const file = await unwrapPlatformHandle(wrapPlatformHandle(native));
  assertEquals(await file.write(bytes("hello world")), 11);
  assertEquals(await file.seek(-5, Deno.SeekMode.End), 6);
  assertEquals(await readSome(file), "world");
  assertEquals(await file.seek(-11n, Deno.SeekMode.Current), 0);
  await assertRejects(() => file.seek(-1, Deno.SeekMode.Start), TypeError, "os error 22");
  // What is done at once is done in order.
  const pieces = await Promise.all(
    ["hello", " ", "world"].map(async ({ length }) => {
      const into = new Uint8Array(length);
      await file.read(into);
      return new TextDecoder().decode(into);
    }),
  );
  assertEquals(pieces, ["hello", " ", "world"]);
  assertEquals(await readSome(file), null);
  await file.truncate(5);
  await file.sync();
  await file.syncData();
  const info = await file.stat(), real = await Deno.stat(path);
  assertEquals([info.size, info.ino, info.mtime], [5, real.ino, real.mtime]);
  await file.seek(0, Deno.SeekMode.Start);
  assertEquals(await new Response(file.readable).text(), "hello");
  await assertRejects(() => file.stat(), Deno.errors.BadResource);
  await until(() => isClosed(native.fd));
  // Unopened too.
  const other = opened(path);
  wrapPlatformHandle(other).close();
  await until(() => isClosed(other.fd));
  await Deno.remove(path);
});

function isClosed(fd: number): boolean {
  try {
    fstatSync(fd);
    return false;
  } catch {
    return true;
  }
}

Deno.test("wrapPlatformHandle takes nothing of Node's that it refuses", async () => {
  const path = await Deno.makeTempFile(), fd = openSync(path, "r+");
  const wrapped = { fd }, server = await listening();
  const [here, there] = await accepted(server);
  const idle = new Socket(), quiet = new Server();
  const tls = createTlsServer();
  await new Promise<void>((done) => tls.listen(0, "127.0.0.1", done));
  const invalid: unknown[] = [
    { fd: -1 },
    { fd: 1.5 },
    { fd: "3" },
    Object.create(wrapped),
    idle,
    quiet,
    tls,
    { _handle: null },
    { _handle: {}, listening: true },
  ];
  for (const thing of invalid) {
    const error = assertThrows(() => wrapPlatformHandle(thing as Socket), MisuseError);
    assertEquals(error.result, "INVALID_ARGUMENT");
  }
  for (const thing of [there, server] as Socket[]) {
    const options = { rights: ["read"] } as never;
    const wrap = wrapPlatformHandle as (thing: unknown, options: never) => unknown;
    assertThrows(() => wrap(thing, options), MisuseError);
  }
  assertEquals([there.destroyed, server.listening], [false, true]);
  const socket = await connecting(portOf(server));
  socket.write(new Uint8Array(50_000_000));
  assertThrows(() => wrapPlatformHandle(socket), MisuseError, "in the middle of");
  assertEquals(socket.destroyed, false);
  const handle = wrapPlatformHandle(wrapped, { rights: ["read"] });
  assertThrows(() => wrapPlatformHandle({ fd }), MisuseError);
  handle.close();
  await until(() => isClosed(fd));
  for (const one of [idle, there, socket]) one.destroy();
  here.close();
  await new Promise((done) => tls.close(done));
  server.close();
  await Deno.remove(path);
  assertThrows(() => closeSync(fd));
});
