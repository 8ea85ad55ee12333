import { assert, assertEquals } from "@std/assert";
import { unwrapPlatformHandle, wrapPlatformHandle } from "@mage/ipc";
import type { ConnHandle, FileHandle } from "@mage/ipc";
import "@mage/ipc/memory";
import { descriptorsOf } from "./memory_peers.ts";
import { accepted, deno2node, listening, opened, portOf, until } from "./node_sockets.ts";
import { PlatformChild, temporaryFile } from "./platform_child.ts";

const LINKS = ["unix", "inherited"] as const;
const bytes = (text: string) => new TextEncoder().encode(text);

async function readText(conn: Deno.Conn): Promise<string> {
  return await new Response(conn.readable).text();
}

for (const link of LINKS) {
  Deno.test(`Processes with ffi are given each other's connections and listeners (${link})`, async () => {
    await using child = await PlatformChild.startWithMemory(link);
    const [here, there] = await deno2node();
    await here.write(bytes("early, "));
    const handle = wrapPlatformHandle(there);
    const before = (await descriptorsOf(Deno.pid)).length;
    await child.ask("conn", handle);
    await until(async () => (await descriptorsOf(Deno.pid)).length === before - 1);
    await here.write(bytes("late"));
    await here.closeWrite();
    const reversed = child.text("reverse");
    assertEquals(await readText(here), "etal ,ylrae");
    assertEquals(await reversed, "early, late");

    const server = await listening(), port = portOf(server);
    const listener = wrapPlatformHandle(server);
    const already = await Deno.connect({ port });
    assertEquals(JSON.parse(await child.text("listener", listener)).port, port);
    await until(async () => (await descriptorsOf(Deno.pid)).length === before - 1);
    const served = child.text("serve 2");
    const clients = [already, await Deno.connect({ port })];
    for (const client of clients) {
      await client.write(bytes("hello"));
      await client.closeWrite();
    }
    assertEquals(await Promise.all(clients.map(readText)), ["hello", "hello"]);
    assertEquals(await served, "served");
    await child.ask("closeListener");
  });

  Deno.test(`Processes with ffi are given each other's files (${link})`, async () => {
    await using file = await temporaryFile("hello world");
    await using child = await PlatformChild.startWithMemory(link);
    const first = await unwrapPlatformHandle(wrapPlatformHandle(opened(file.path)));
    assertEquals(await first.read(new Uint8Array(6)), 6);
    await child.ask("file", wrapPlatformHandle(first));
    await until(async () => !(await descriptorsOf(Deno.pid)).includes(file.path));
    assertEquals(await child.text("read 3"), "wor");
    // Deno tells the time of its last change in seconds.
    const { ctime: _, ...info } = JSON.parse(await child.text("stat"));
    const { ctime: __, ...real } = await Deno.stat(file.path);
    assertEquals(info, JSON.parse(JSON.stringify(real)));
    assertEquals(await child.text("write LD"), "2");
    assertEquals(await child.text("sync"), "undefined");
    assertEquals(await child.text("truncate 11"), "undefined");
    assertEquals(await child.text("seek 4"), "4");
    // And back, from where it stands.
    const { handles: [back] } = await child.ask("wrapFile");
    using again = await unwrapPlatformHandle(back as FileHandle);
    const into = new Uint8Array(20), count = await again.read(into);
    assertEquals(new TextDecoder().decode(into.subarray(0, count!)), "o worLD");
    await until(async () => !(await descriptorsOf(child.child.pid!)).includes(file.path));
  });
}

Deno.test("A file is given to who has ffi with no more than the rights of its handle", async () => {
  await using file = await temporaryFile("hello");
  await using child = await PlatformChild.startWithMemory("unix");
  const rights = ["read", "seek", "stat", "sync"] as const;
  for (const flags of ["r", "r+"]) {
    const handle = wrapPlatformHandle(opened(file.path, flags), { rights });
    await child.ask("file", handle);
    // One that could write is served.
    const isThere = (await descriptorsOf(child.child.pid!)).includes(file.path);
    assertEquals(isThere, flags === "r");
    assertEquals(await child.text("read 9"), "hello");
    const refused = await child.text("write x");
    assert(/Bad file descriptor|without the right 'write'/.test(refused), refused);
    await child.ask("closeFile");
  }
  assertEquals(await Deno.readTextFile(file.path), "hello");
});

Deno.test("What a process with ffi has of Node it gives back as it is", async () => {
  await using child = await PlatformChild.startWithMemory("unix");
  const server = await listening();
  const own = await descriptorsOf(Deno.pid);
  const others = await descriptorsOf(child.child.pid!);
  for (let i = 0; i < 200; i++) {
    const [here, there] = await accepted(server);
    await child.ask("conn", wrapPlatformHandle(there));
    const { handles: [back] } = await child.ask("wrapConn");
    using conn = await unwrapPlatformHandle(back as ConnHandle);
    await conn.write(bytes("hello"));
    const into = new Uint8Array(5);
    await here.read(into);
    assertEquals(new TextDecoder().decode(into), "hello");
    here.close();
  }
  const isAsBefore = async (pid: number, before: string[]) =>
    (await descriptorsOf(pid)).length < before.length + 10;
  await until(() => isAsBefore(Deno.pid, own));
  await until(() => isAsBefore(child.child.pid!, others));
  server.close();
});
