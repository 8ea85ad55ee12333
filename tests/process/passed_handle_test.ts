import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type ConnHandle,
  type ListenerHandle,
  type PlatformHandle,
  unwrapPlatformHandle,
  wrapPlatformHandle,
} from "@mage/ipc";
import { descriptorsOf } from "./memory_peers.ts";
import { accepted, deno2node, listening, opened, portOf, until } from "./node_sockets.ts";
import { PlatformChild, temporaryFile } from "./platform_child.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Children with link `inherited`, without any permission, that are given what they are handed. */
const WAYS = {
  birth: (...descriptors: PlatformHandle[]) =>
    PlatformChild.start("inherited", {}, {}, { descriptors }),
  channel: () => PlatformChild.start("inherited", {}, {}, { passSockets: true }),
};
type Way = keyof typeof WAYS;

function overEachWay(name: string, body: (way: Way) => Promise<void>): void {
  for (const way of ["birth", "channel"] as const) {
    Deno.test(`${name} (${way})`, () => body(way));
  }
}

async function readText(conn: Deno.Conn): Promise<string> {
  return await new Response(conn.readable).text();
}

async function readSome(conn: { read: Deno.Conn["read"] }): Promise<string> {
  const into = new Uint8Array(100), count = await conn.read(into);
  return new TextDecoder().decode(into.subarray(0, count ?? 0));
}

overEachWay("A child is given a connection of node:net itself", async (way) => {
  const before = await descriptorsOf(Deno.pid);
  const [here, there] = await deno2node();
  const { localAddress, localPort, remotePort } = there;
  await here.write(bytes("early, "));
  const handle = wrapPlatformHandle(there);
  await using child = await WAYS[way](handle);
  const { localAddr, remoteAddr } = JSON.parse(await child.text("conn", handle));
  assertEquals(localAddr, {
    transport: "tcp",
    hostname: localAddress,
    port: localPort,
  });
  assertEquals(remoteAddr.port, remotePort);
  await here.write(bytes("late"));
  await here.closeWrite();
  const reversed = child.text("reverse");
  assertEquals(await readText(here), "etal ,ylrae");
  assertEquals(await reversed, "early, late");
  assert((await child.text("readConn 1")).startsWith("BadResource: "));
  await child.child.close();
  assertEquals(await descriptorsOf(Deno.pid), before);
});

overEachWay("A child that has a connection goes past its launcher", async (way) => {
  const [here, there] = await deno2node();
  const handle = wrapPlatformHandle(there);
  await using child = await WAYS[way](handle);
  const before = (await descriptorsOf(Deno.pid)).length;
  // A signal ends no way to it.
  child.child.kill("SIGCONT");
  await child.ask("conn", handle);
  // This process has its own end of it, and no other any more.
  await until(async () => (await descriptorsOf(Deno.pid)).length === before - 1);
  const echoed = child.text("echo");
  const data = new Uint8Array(5_000_000).map((_, i) => i * 7);
  const writing = (async () => {
    for (let at = 0; at < data.length;) at += await here.write(data.subarray(at));
    await here.closeWrite();
  })();
  const back = new Uint8Array(await new Response(here.readable).arrayBuffer());
  await writing;
  assertEquals(back.length, data.length);
  assert(back.every((byte, i) => byte === data[i]));
  assertEquals(await echoed, "echoed");
});

overEachWay("A child is given a listener of node:net itself", async (way) => {
  const server = await listening(), port = portOf(server);
  const handle = wrapPlatformHandle(server);
  // Those come before anybody accepts them.
  const clients: Deno.Conn[] = [];
  for (let i = 0; i < 20; i++) clients.push(await Deno.connect({ port }));
  await using child = await WAYS[way](handle);
  const before = (await descriptorsOf(Deno.pid)).length;
  assertEquals(
    JSON.parse(await child.text("listener", handle)),
    { transport: "tcp", hostname: "127.0.0.1", port },
  );
  await until(async () => (await descriptorsOf(Deno.pid)).length === before - 1);
  const served = child.text("serve 40");
  for (let i = 0; i < 20; i++) clients.push(await Deno.connect({ port }));
  for (const [i, client] of clients.entries()) {
    await client.write(bytes(`I am ${i}`));
    await client.closeWrite();
  }
  const said = await Promise.all(clients.map(readText));
  assertEquals(said, said.map((_, i) => `I am ${i}`));
  assertEquals(await served, "served");
  assertEquals(await child.text("closeListener"), "over");
});

Deno.test("A child is given a file of node:fs itself, with what that was opened for", async () => {
  await using file = await temporaryFile("hello");
  for (const flags of ["r+", "r"]) {
    const handle = wrapPlatformHandle(opened(file.path, flags));
    await using child = await WAYS.birth(handle);
    assertEquals(await child.text("file", handle), "file");
    await until(async () => !(await descriptorsOf(Deno.pid)).includes(file.path));
    assertEquals(await child.text("read 3"), "hel");
    assertEquals(await child.text("read 30"), "lo");
    assertEquals(await child.text("read 30"), "end");
    assertEquals(await child.text("seek 1"), "1");
    const info = JSON.parse(await child.text("stat"));
    const { size, isFile, ino, mtime } = await Deno.stat(file.path);
    assertEquals(
      [info.size, info.isFile, info.ino, new Date(info.mtime)],
      [size, isFile, ino, mtime],
    );
    if (flags === "r") {
      assertEquals(
        await child.text("write x"),
        "Error: Bad file descriptor (os error 9)",
      );
      assert((await child.text("truncate 0")).endsWith("(os error 22)"));
    } else {
      assertEquals(await child.text("write EL"), "2");
      assertEquals(await child.text("truncate 4"), "undefined");
      assertEquals(await child.text("sync"), "undefined");
      assertEquals(await Deno.readTextFile(file.path), "hELl");
      await Deno.writeTextFile(file.path, "hello");
    }
    assertEquals(await child.text("closeFile"), "closed");
    assert((await child.text("read 1")).startsWith("BadResource: "));
  }
});

Deno.test("A child goes on in a file where whoever had it before stopped", async () => {
  await using file = await temporaryFile("0123456789");
  const handle = wrapPlatformHandle(opened(file.path));
  await using one = await PlatformChild.start("unix");
  await using two = await WAYS.birth(handle);
  await one.ask("file", handle);
  assertEquals(await one.text("read 4"), "0123");
  const { handles: [again] } = await one.ask("wrapFile");
  await two.ask("file", again!);
  await until(async () => !(await descriptorsOf(Deno.pid)).includes(file.path));
  assertEquals(await two.text("read 4"), "4567");
  // It is wrapped again in a process that nobody else was born to: it is served there.
  const { handles: [last] } = await two.ask("wrapFile");
  await one.ask("file", last!);
  assertEquals(await one.text("read 4"), "89");
});

overEachWay("What a child was given goes on when its launcher is killed", async (way) => {
  await using file = await temporaryFile("");
  using meeting = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const launcher = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--quiet",
      "--no-check",
      "-A",
      `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
      new URL("./children/handing.ts", import.meta.url).pathname,
      way,
      file.path,
      String(meeting.addr.port),
    ],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  using conn = await meeting.accept();
  const reader = launcher.stdout.getReader();
  const { value } = await reader.read();
  const { port, pid } = JSON.parse(new TextDecoder().decode(value));
  try {
    launcher.kill("SIGKILL");
    assertEquals((await launcher.status).signal, "SIGKILL");
    await conn.write(bytes("still there?"));
    assertEquals(await readSome(conn), "still there?");
    for (const word of ["one", "two"]) {
      using client = await Deno.connect({ port });
      await client.write(bytes(word));
      assertEquals(await readSome(client), word);
    }
    const written = way === "birth" ? "onetwo" : "";
    assertEquals(await Deno.readTextFile(file.path), written);
  } finally {
    Deno.kill(pid, "SIGKILL");
    await reader.cancel();
  }
});

Deno.test("Hundreds of connections are given to a child one after another, and nothing stays behind", async () => {
  const server = await listening();
  await using child = await WAYS.channel();
  const echo = async () => {
    const [here, there] = await accepted(server);
    await child.ask("conn", wrapPlatformHandle(there));
    const echoed = child.text("echo");
    await here.write(bytes("hello"));
    await here.closeWrite();
    assertEquals(await readText(here), "hello");
    assertEquals(await echoed, "echoed");
  };
  for (let i = 0; i < 10; i++) await echo();
  const own = await descriptorsOf(Deno.pid);
  const others = await descriptorsOf(child.child.pid!);
  for (let i = 0; i < 500; i++) await echo();
  // What the runtime opens for itself meanwhile is a few, and not hundreds.
  const isAsBefore = async (pid: number, before: string[]) =>
    (await descriptorsOf(pid)).length < before.length + 10;
  await until(() => isAsBefore(Deno.pid, own));
  await until(() => isAsBefore(child.child.pid!, others));
  server.close();
});

Deno.test("Connections that are given to a child at once all arrive, each as itself", async () => {
  const server = await listening();
  await using child = await WAYS.channel();
  const conns: Deno.Conn[] = [], handles: ConnHandle[] = [];
  for (let i = 0; i < 50; i++) {
    const [here, there] = await accepted(server);
    conns.push(here);
    handles.push(wrapPlatformHandle(there));
  }
  const replies = child.text("greet", ...handles);
  const greetings = await Promise.all(conns.map(readText));
  assertEquals(greetings, greetings.map((_, i) => `you are ${i}`));
  assertEquals(await replies, "greeted");
  server.close();
});

Deno.test("A child that was given no way is served what is Node's by the same calls", async () => {
  await using file = await temporaryFile("hello");
  for (const link of ["unix", "inherited", "worker"] as const) {
    await using child = await PlatformChild.start(link);
    const [here, there] = await deno2node();
    await here.write(bytes("hi"));
    await child.ask("conn", wrapPlatformHandle(there));
    const echoed = child.text("echo");
    await here.closeWrite();
    assertEquals(await readText(here), "hi");
    assertEquals(await echoed, "echoed");
    const server = await listening(), port = portOf(server);
    await child.ask("listener", wrapPlatformHandle(server));
    const served = child.text("serve 1");
    const client = await Deno.connect({ port });
    await client.write(bytes("hello"));
    await client.closeWrite();
    assertEquals(await readText(client), "hello");
    assertEquals(await served, "served");
    await child.ask("closeListener");
    await child.ask("file", wrapPlatformHandle(opened(file.path)));
    assertEquals(await child.text("read 9"), "hello");
    assertEquals(
      JSON.parse(await child.text("stat")).size,
      (await Deno.stat(file.path)).size,
    );
    await child.ask("closeFile");
    await child.ask("file", wrapPlatformHandle(opened(file.path, "r")));
    assertEquals(
      await child.text("write x"),
      "RemoteError: Bad file descriptor (os error 9)",
    );
    await child.ask("closeFile");
  }
  await until(async () => !(await descriptorsOf(Deno.pid)).includes(file.path));
});

Deno.test("A socket that has read something is served, with what it has read", async () => {
  await using child = await WAYS.channel();
  const [here, there] = await deno2node();
  await here.write(bytes("early"));
  there.resume();
  there.pause();
  await until(() => there.readableLength > 0);
  const handle = wrapPlatformHandle(there);
  await child.ask("conn", handle);
  const before = (await descriptorsOf(Deno.pid)).length;
  assertEquals(await child.text("readConn 100"), "early");
  await here.write(bytes("late"));
  assertEquals(await child.text("readConn 100"), "late");
  await child.ask("closeConn");
  await until(async () => (await descriptorsOf(Deno.pid)).length === before - 1);
  here.close();
});

Deno.test("Invitation.spawn refuses to start a child with what it could only serve", async () => {
  await using file = await temporaryFile("hello");
  const refused = async (handle: PlatformHandle, what: string) => {
    await assertRejects(() => WAYS.birth(handle), TypeError, what);
    handle.close();
  };
  const only = "can only be served";
  await refused(
    wrapPlatformHandle(opened(file.path), { rights: ["read"] }),
    only,
  );
  await refused(wrapPlatformHandle(await Deno.open(file.path)), only);
  const [here, there] = await deno2node();
  const used = await unwrapPlatformHandle(wrapPlatformHandle(there));
  await here.write(bytes("x"));
  assertEquals(await readSome(used), "x");
  await refused(wrapPlatformHandle(used), only);
  here.close();
  const spent = wrapPlatformHandle(opened(file.path));
  spent.close();
  await refused(spent, "");
  await until(async () => !(await descriptorsOf(Deno.pid)).includes(file.path));
});

Deno.test("Invitation.spawn says what is wrong with 'passSockets'", async () => {
  const start = (passSockets: unknown, link: "inherited" | "unix") =>
    PlatformChild.start(link, {}, {}, { passSockets } as { passSockets: boolean });
  await assertRejects(() => start("yes", "inherited"), TypeError, "true or false");
  await assertRejects(() => start(true, "unix"), TypeError, "makes no sense with link");
});

Deno.test("A child that was killed leaves nothing of what it was given", async () => {
  const before = await descriptorsOf(Deno.pid);
  const server = await listening(), port = portOf(server);
  const handle: ListenerHandle = wrapPlatformHandle(server);
  {
    await using child = await WAYS.channel();
    await child.ask("listener", handle);
    child.child.kill("SIGKILL");
    await child.child.status;
  }
  await assertRejects(() => Deno.connect({ port }), Deno.errors.ConnectionRefused);
  await until(async () => (await descriptorsOf(Deno.pid)).length === before.length);
});
