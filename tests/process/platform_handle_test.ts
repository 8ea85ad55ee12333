import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  type ConnHandle,
  createMessagePipe,
  type FileHandle,
  LIMITS,
  MessagePipe,
  unwrapPlatformHandle,
  wrapPlatformHandle,
} from "@mage/ipc";
import {
  connected,
  type Link,
  LINKS,
  PlatformChild,
  Talk,
  temporaryFile,
  untilClosed,
} from "./platform_child.ts";
import { FakeFile } from "../transports/serve_forgery.ts";

function overEachLink(name: string, body: (link: Link) => Promise<void>): void {
  for (const link of LINKS) Deno.test(`${name} (${link})`, () => body(link));
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (text: string) => new TextEncoder().encode(text);

async function sha256(data: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data)).toHex();
}

/** Reads so much, however it is cut. */
async function readAll(conn: Deno.Conn): Promise<string> {
  return await new Response(conn.readable).text();
}

overEachLink(
  "wrapPlatformHandle hands a file to a child, which hashes it and may open none",
  async (link) => {
    const data = new Uint8Array(1_500_000).map((_, i) => i * i);
    await using file = await temporaryFile(data);
    await using child = await PlatformChild.start(link);
    for (const how of ["hash", "hashStream"]) {
      const open = await Deno.open(file.path);
      assertEquals(await child.text("file", wrapPlatformHandle(open)), "file");
      assertEquals(await child.text(how), await sha256(data));
      if (how === "hash") assertEquals(await child.text("closeFile"), "closed");
      await untilClosed(() => open.stat());
      const after = await child.text("read 1");
      assert(after.startsWith("BadResource: "), after);
    }
    if (link === "worker") return;
    const refused = await child.text(`open ${file.path}`);
    assert(refused.startsWith("NotCapable: Requires read access"), refused);
  },
);

overEachLink(
  "OpenFile does what an open file does, wherever it is kept",
  async (link) => {
    await using file = await temporaryFile("hello");
    await using child = await PlatformChild.start(link);
    const open = await Deno.open(file.path, { read: true, write: true });
    await child.ask("file", wrapPlatformHandle(open));
    assertEquals(await child.text("read 3"), "hel");
    assertEquals(await child.text("read 30"), "lo");
    assertEquals(await child.text("read 30"), "end");
    assertEquals(await child.text("write , world"), "7");
    assertEquals(await child.text("seek 5"), "5");
    assertEquals(await child.text("read 30"), ", world");
    assertEquals(await child.text("truncate 8"), "undefined");
    assertEquals(await child.text("sync"), "undefined");
    const info = JSON.parse(await child.text("stat"));
    assertEquals(info, JSON.parse(JSON.stringify(await Deno.stat(file.path))));
    assertEquals(info.size, 8);
    await child.ask("seek 0");
    assertEquals(await child.text("stream one two three"), "closed");
    await untilClosed(() => open.stat());
    assertEquals(await Deno.readTextFile(file.path), "onetwothree");
  },
);

overEachLink("FileHandle gives no more than its rights", async (link) => {
  await using file = await temporaryFile("hello");
  await using child = await PlatformChild.start(link);
  const open = await Deno.open(file.path, { read: true, write: true });
  await child.ask("file", wrapPlatformHandle(open, { rights: ["read", "stat"] }));
  assertEquals(await child.text("read 5"), "hello");
  for (
    const [ask, right] of [
      ["write x", "write"],
      ["seek 0", "seek"],
      ["truncate 0", "truncate"],
      ["sync", "sync"],
      ["getStream writable", "write"],
    ]
  ) {
    assertEquals(
      await child.text(ask!),
      `MisuseError: Cannot use file: it was wrapped without the right '${right}'`,
    );
  }
  assertEquals(JSON.parse(await child.text("stat")).size, 5);
  // What is passed on has no more than what was had, whatever is asked for.
  const { handles: [handle] } = await child.ask("wrapFile read,write");
  using again = await unwrapPlatformHandle(handle as FileHandle);
  await assertRejects(() => again.stat(), TypeError, "without the right 'stat'");
  await assertRejects(() => again.write(bytes("x")), TypeError, "the right 'write'");
  assertEquals(await again.read(new Uint8Array(1)), null);
  assertEquals(await Deno.readTextFile(file.path), "hello");
});

overEachLink(
  "OpenFile fails with the words of the operating system where the file is",
  async (link) => {
    await using file = await temporaryFile("hello");
    await using child = await PlatformChild.start(link);
    await child.ask("file", wrapPlatformHandle(await Deno.open(file.path)));
    assertEquals(
      await child.text("write x"),
      "RemoteError: Bad file descriptor (os error 9)",
    );
    const failed = await child.text("stream x");
    assertEquals(failed, "RemoteError: Bad file descriptor (os error 9)");
  },
);

overEachLink(
  "wrapPlatformHandle hands over a connection, with both of its ends",
  async (link) => {
    await using child = await PlatformChild.start(link);
    const [here, there] = await connected();
    // Nothing is read from it before somebody unwraps it.
    await here.write(bytes("early, "));
    const { localAddr, remoteAddr } = there;
    assertEquals(
      JSON.parse(await child.text("conn", wrapPlatformHandle(there))),
      { localAddr, remoteAddr },
    );
    await here.write(bytes("late"));
    await here.closeWrite();
    const reversed = child.text("reverse");
    assertEquals(await readAll(here), "etal ,ylrae");
    assertEquals(await reversed, "early, late");
    await untilClosed(() => there.write(bytes("x")));
  },
);

overEachLink("OpenConn echoes more than fits into any buffer", async (link) => {
  await using child = await PlatformChild.start(link);
  const [here, there] = await connected();
  await child.ask("conn", wrapPlatformHandle(there));
  const echoed = child.text("echo");
  const data = new Uint8Array(5_000_000).map((_, i) => i * 7);
  const writing = (async () => {
    for (let at = 0; at < data.length;) at += await here.write(data.subarray(at));
    await here.closeWrite();
  })();
  const back = new Uint8Array(await new Response(here.readable).arrayBuffer());
  await writing;
  assertEquals(back.length, data.length);
  assertEquals(await sha256(back), await sha256(data));
  assertEquals(await echoed, "echoed");
});

overEachLink(
  "OpenConn still sends what was written before it was closed",
  async (link) => {
    await using child = await PlatformChild.start(link);
    const [here, there] = await connected();
    await child.ask("conn", wrapPlatformHandle(there));
    assertEquals(await child.text("writeConn goodbye"), "7");
    assertEquals(await child.text("closeConn"), "closed");
    assertEquals(await readAll(here), "goodbye");
    assert((await child.text("writeConn x")).startsWith("BadResource: "));
  },
);

overEachLink(
  "OpenConn closes for writing and goes on reading, and the other way around",
  async (link) => {
    await using child = await PlatformChild.start(link);
    const [here, there] = await connected();
    await child.ask("conn", wrapPlatformHandle(there));
    await child.ask("writeConn last");
    await child.ask("closeWrite");
    const into = new Uint8Array(16);
    assertEquals(text(into.subarray(0, (await here.read(into))!)), "last");
    assertEquals(await here.read(into), null);
    assert((await child.text("writeConn x")).startsWith("BrokenPipe: "));
    await here.write(bytes("answer"));
    assertEquals(await child.text("readConn 16"), "answer");
    here.close();
    assertEquals(await child.text("readConn 16"), "end");
    assertEquals(await child.text("readConn 16"), "end");
    await untilClosed(() => there.write(bytes("x")));
    await child.ask("closeConn");
  },
);

overEachLink("OpenConn fails to read when the connection is reset", async (link) => {
  await using child = await PlatformChild.start(link);
  const directory = await Deno.makeTempDir(), path = `${directory}/s`;
  const listener = Deno.listen({ transport: "unix", path });
  const accepting = listener.accept();
  const here = await Deno.connect({ transport: "unix", path }), there = await accepting;
  listener.close();
  assertEquals(
    JSON.parse(await child.text("conn", wrapPlatformHandle(there))),
    {
      localAddr: { transport: "unix", path },
      remoteAddr: { transport: "unix", path: null },
    },
  );
  // What is unread when it is closed resets it.
  await child.ask("writeConn unread");
  await here.read(new Uint8Array(1));
  here.close();
  for (let i = 0; i < 2; i++) {
    assertEquals(
      await child.text("readConn 1"),
      "ConnectionReset: Connection reset by peer (os error 104)",
    );
  }
  await Deno.remove(directory);
});

overEachLink(
  "wrapPlatformHandle hands over a listener, whose clients are served at once",
  async (link) => {
    await using child = await PlatformChild.start(link);
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const addr = listener.addr as Deno.NetAddr, { port } = addr;
    assertEquals(
      JSON.parse(await child.text("listener", wrapPlatformHandle(listener))),
      { ...addr },
    );
    const served = child.text("serve 2");
    const clients = [await Deno.connect({ port }), await Deno.connect({ port })];
    for (const [i, client] of clients.entries()) {
      await client.write(bytes(`I am ${i}`));
    }
    for (const client of clients) await client.closeWrite();
    assertEquals(await Promise.all(clients.map(readAll)), ["I am 0", "I am 1"]);
    assertEquals(await served, "served");
    assertEquals(await child.text("closeListener"), "over");
    await untilClosed(() => listener.accept());
  },
);

overEachLink("unwrapPlatformHandle gives the very object back at home", async (link) => {
  await using file = await temporaryFile("hello");
  await using child = await PlatformChild.start(link);
  const open = await Deno.open(file.path);
  const back = async (handle: FileHandle) =>
    (await child.ask("giveBack", handle)).handles[0] as FileHandle;
  const first = await unwrapPlatformHandle(await back(wrapPlatformHandle(open)));
  assertStrictEquals(first, open);
  // And again, and after somebody else has used it.
  await child.ask("file", wrapPlatformHandle(open));
  assertEquals(await child.text("read 2"), "he");
  const { handles } = await child.ask("wrapFile");
  assertStrictEquals(await unwrapPlatformHandle(handles[0] as FileHandle), open);
  const into = new Uint8Array(8);
  assertEquals(text(into.subarray(0, (await open.read(into))!)), "llo");
  open.close();
});

overEachLink(
  "wrapPlatformHandle passes a served file on through processes",
  async (link) => {
    await using file = await temporaryFile("0123456789");
    await using one = await PlatformChild.start(link);
    await using two = await PlatformChild.start(link);
    const { handles: [pipe] } = await two.ask("fresh");
    await one.ask("next", pipe!);
    const open = await Deno.open(file.path);
    // Unopened, through the first.
    await one.ask("pass file", wrapPlatformHandle(open));
    assertEquals(await two.text("read 2"), "01");
    const { handles: [handle] } = await two.ask("wrapFile");
    await one.ask("file", handle!);
    assertEquals(await one.text("read 2"), "23");
    const { handles: [again] } = await one.ask("wrapFile read");
    await one.ask("pass file", again!);
    assertEquals(await two.text("read 2"), "45");
    assert((await two.text("seek 0")).includes("without the right 'seek'"));
    await two.ask("closeFile");
    await untilClosed(() => open.stat());
  },
);

overEachLink(
  "wrapPlatformHandle passes a served connection on with all that is on its way",
  async (link) => {
    await using one = await PlatformChild.start(link);
    await using two = await PlatformChild.start(link);
    const [here, there] = await connected();
    await one.ask("conn", wrapPlatformHandle(there));
    await here.write(bytes("first second"));
    assertEquals(await one.text("readConn 6"), "first ");
    await one.ask("writeConn from one, ");
    const { handles: [handle] } = await one.ask("wrapConn");
    assert((await one.text("readConn 1")).startsWith("BadResource: "));
    await two.ask("conn", handle!);
    assertEquals(await two.text("readConn 60"), "second");
    await two.ask("writeConn from two");
    const { handles: [home] } = await two.ask("wrapConn");
    // What is on its way cannot be put back: it is served even at home.
    using conn = await unwrapPlatformHandle(home as ConnHandle);
    await conn.write(bytes(", from home"));
    await conn.closeWrite();
    assertEquals(await readAll(here), "from one, from two, from home");
    assertEquals(await conn.read(new Uint8Array(1)), null);
  },
);

overEachLink("wrapPlatformHandle passes a served listener on", async (link) => {
  await using one = await PlatformChild.start(link);
  await using two = await PlatformChild.start(link);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  await one.ask("listener", wrapPlatformHandle(listener));
  const { handles: [handle] } = await one.ask("wrapListener");
  await two.ask("listener", handle!);
  const served = two.text("serve 1");
  const client = await Deno.connect({ port });
  await client.write(bytes("hello"));
  await client.closeWrite();
  assertEquals(await readAll(client), "hello");
  assertEquals(await served, "served");
});

overEachLink(
  "wrapPlatformHandle refuses what is in the middle of something",
  async (link) => {
    await using file = await temporaryFile("hello");
    await using child = await PlatformChild.start(link);
    const open = await Deno.open(file.path);
    await child.ask("file", wrapPlatformHandle(open));
    assertEquals(
      await child.text("wrapBusy"),
      "MisuseError: Cannot wrap file: it is in the middle of something",
    );
    assertEquals(await child.text("read 8"), "ello");
  },
);

overEachLink("FileHandle gives no more than its rights to who forges", async (link) => {
  await using file = await temporaryFile("hello");
  await using child = await PlatformChild.start(link);
  const open = await Deno.open(file.path, { read: true, write: true });
  await child.ask("forge", wrapPlatformHandle(open, { rights: ["read"] }));
  await child.ask("flood 1");
  await child.ask("vandalize");
  // Opened, read; and twice that a right is missing.
  assertEquals(await child.text("replies 4"), "0,0,2,2");
  assertEquals(await Deno.readTextFile(file.path), "hello");
});

overEachLink("Keeper waits for a child that reads no reply", async (link) => {
  const file = new FakeFile(), asked = 1000;
  await using child = await PlatformChild.start(link);
  await child.ask("forge", wrapPlatformHandle(file, { rights: ["read"] }));
  assertEquals(await child.text(`flood ${asked}`), "asked");
  for (let i = 0; i < 200; i++) await child.ask("drop");
  // As much as the link lets be unread, of 250 MiB.
  assert(file.done.length < asked, `${file.done.length} reads`);
  const outcomes = await child.text(`replies ${asked + 1}`);
  assertEquals(outcomes, Array(asked + 1).fill("0").join());
  assertEquals(file.done.length, asked);
});

overEachLink("OpenFile does with the smallest frames", async (link) => {
  const data = new Uint8Array(100_000).map((_, i) => i * i);
  await using file = await temporaryFile(data);
  await using child = await PlatformChild.start(link, {}, { maxFrameBytes: 1024 });
  for (const how of ["hash", "hashStream"]) {
    await child.ask("file", wrapPlatformHandle(await Deno.open(file.path)));
    assertEquals(await child.text(how), await sha256(data));
  }
  const open = await Deno.open(file.path, { read: true, write: true });
  await child.ask("file", wrapPlatformHandle(open));
  assertEquals(await child.text("fill 100000"), "100000");
  await child.ask("closeFile");
  assertEquals(await Deno.readFile(file.path), new Uint8Array(100_000));
});

overEachLink("OpenFile does with small frames further on its way", async (link) => {
  const data = new Uint8Array(1_000_000).map((_, i) => i * i);
  await using file = await temporaryFile(data);
  await using keeper = await PlatformChild.start(link, { read: true });
  await using user = await PlatformChild.start(link, {}, LIMITS.tiny);
  for (const how of ["hash", "hashStream"]) {
    const { handles: [handle] } = await keeper.ask(`keepFile ${file.path}`);
    await user.ask("file", handle!);
    assertEquals(await user.text(how), await sha256(data));
  }
});

Deno.test("wrapPlatformHandle serves a worker that has no permission", async () => {
  await using file = await temporaryFile("hello");
  const root = new URL("../../", import.meta.url);
  const script = new URL("./children/platform.ts", import.meta.url).href;
  const program = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    program,
    `import { Invitation, wrapPlatformHandle } from "@mage/ipc";
     const child = await Invitation.spawn(${JSON.stringify(script)}, { link: "worker" });
     const ask = async (text, ...handles) => {
       child.pipe.write(new TextEncoder().encode(text), handles);
       console.log(new TextDecoder().decode((await child.pipe.receive()).data));
     };
     await ask("file", wrapPlatformHandle(await Deno.open(Deno.args[0])));
     await ask("read 9");
     await ask("open " + Deno.args[0]);
     await child.close();`,
  );
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--quiet",
      "--no-check",
      "--unstable-worker-options",
      `--config=${new URL("deno.json", root).pathname}`,
      // It is the program that reads what a worker imports.
      `--allow-read=${file.path},${root.pathname}`,
      program,
      file.path,
    ],
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const lines = text(stdout).trim().split("\n");
  assertEquals({ code, stderr: text(stderr) }, { code: 0, stderr: "" });
  assertEquals(lines.slice(0, 2), ["file", "hello"]);
  assert(lines[2]!.startsWith("NotCapable: Requires read access"), lines[2]);
  await Deno.remove(program);
});

Deno.test("wrapPlatformHandle serves two who talk past whoever handed it over", async () => {
  await using file = await temporaryFile("hello");
  await using keeper = await PlatformChild.start("unix", { read: true });
  await using user = await PlatformChild.start("inherited");
  const { handles: [handle] } = await keeper.ask(`keepFile ${file.path}`);
  await user.ask("file", handle!);
  assertEquals(await user.text("read 8"), "hello");
  const [one, two] = createMessagePipe();
  await user.ask("again", two);
  assertEquals(await new Talk(one).text("read 8"), "end");
  assert(one instanceof MessagePipe);
  one.close();
});
