import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import {
  type ConnHandle,
  FileHandle,
  type ListenerHandle,
  PipeLostError,
  unwrapPlatformHandle,
  wrapPlatformHandle,
} from "@mage/ipc";
import { leavesNothing } from "./census.ts";
import {
  connected,
  PlatformChild,
  temporaryFile,
  untilClosed,
} from "./platform_child.ts";

/** Processes: a worker cannot be killed without its program. */
const LINKS = ["unix", "inherited"] as const;
type Link = typeof LINKS[number];

function overEachLink(name: string, body: (link: Link) => Promise<void>): void {
  for (const link of LINKS) {
    Deno.test(`${name} (${link})`, () => leavesNothing(() => body(link)));
  }
}

const kill = async ({ child }: PlatformChild) => {
  child.kill("SIGKILL");
  await child.status;
};

overEachLink(
  "OpenFile fails when its keeper dies in the middle of a read",
  async (link) => {
    const directory = await Deno.makeTempDir();
    const fifo = `${directory}/fifo`;
    await new Deno.Command("mkfifo", { args: [fifo] }).output();
    await using keeper = await PlatformChild.start(link, { read: true, write: true });
    const { handles: [handle] } = await keeper.ask(`keepFifo ${fifo}`);
    using file = await unwrapPlatformHandle(handle as FileHandle);
    await file.write(new Uint8Array(3));
    assertEquals(await file.read(new Uint8Array(8)), 3);
    const reads = [
      file.read(new Uint8Array(8)),
      file.stat(),
      file.write(new Uint8Array(1)),
    ]
      .map((each) => assertRejects(() => each, PipeLostError));
    await kill(keeper);
    await Promise.all(reads);
    await assertRejects(() => file.stat(), PipeLostError);
    file.close();
    await assertRejects(() => file.stat(), Deno.errors.BadResource);
    await Deno.remove(directory, { recursive: true });
  },
);

overEachLink("OpenFile streams fail when their keeper dies", async (link) => {
  await using temporary = await temporaryFile(new Uint8Array(8_000_000));
  await using keeper = await PlatformChild.start(link, { read: true });
  const { handles: [handle] } = await keeper.ask(`keepFile ${temporary.path}`);
  using file = await unwrapPlatformHandle(handle as FileHandle);
  const writer = file.writable.getWriter();
  const reader = file.readable.getReader();
  assert(!(await reader.read()).done);
  await kill(keeper);
  await assertRejects(async () => {
    while (!(await reader.read()).done);
  }, PipeLostError);
  await assertRejects(() => writer.close());
});

overEachLink("OpenListener fails when its keeper dies in the middle", async (link) => {
  await using keeper = await PlatformChild.start(link, { net: true });
  const { handles: [handle] } = await keeper.ask("keepListener");
  using listener = await unwrapPlatformHandle(handle as ListenerHandle);
  // More than are asked for at a time.
  const accepts = Array.from(
    { length: 40 },
    () => assertRejects(() => listener.accept(), PipeLostError),
  );
  await kill(keeper);
  await Promise.all(accepts);
  await assertRejects(async () => {
    for await (const conn of listener) conn.close();
  }, PipeLostError);
});

overEachLink("OpenConn fails when its keeper dies in the middle", async (link) => {
  await using keeper = await PlatformChild.start(link, { net: true });
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept();
  const { handles: [handle] } = await keeper.ask(
    `keepConn ${(listener.addr as Deno.NetAddr).port}`,
  );
  using conn = await unwrapPlatformHandle(handle as ConnHandle);
  using there = await accepting;
  await conn.write(new Uint8Array(3));
  assertEquals(await there.read(new Uint8Array(8)), 3);
  const reading = assertRejects(() => conn.read(new Uint8Array(8)), PipeLostError);
  // Until there is no room, and then for ever.
  const writing = assertRejects(async () => {
    for (;;) await conn.write(new Uint8Array(100_000));
  }, PipeLostError);
  await kill(keeper);
  await reading;
  await writing;
});

overEachLink("unwrapPlatformHandle fails when the keeper is gone", async (link) => {
  const lost: FileHandle[] = [];
  {
    await using temporary = await temporaryFile("hello");
    await using keeper = await PlatformChild.start(link, { read: true });
    for (let i = 0; i < 2; i++) {
      const { handles: [handle] } = await keeper.ask(`keepFile ${temporary.path}`);
      lost.push(handle as FileHandle);
    }
    const opening = assertRejects(() => unwrapPlatformHandle(lost[0]!), PipeLostError);
    keeper.child.kill("SIGKILL");
    await opening;
    await keeper.child.closed;
  }
  await assertRejects(() => unwrapPlatformHandle(lost[1]!), PipeLostError);
});

overEachLink("wrapPlatformHandle closes what a child has when it dies", async (link) => {
  await using temporary = await temporaryFile(new Uint8Array(8_000_000));
  const [here, there] = await connected(), [idle, idleThere] = await connected();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const file = await Deno.open(temporary.path),
    unopened = await Deno.open(temporary.path);
  {
    await using child = await PlatformChild.start(link);
    await child.ask("file", wrapPlatformHandle(file));
    await child.ask("conn", wrapPlatformHandle(there));
    await child.ask("listener", wrapPlatformHandle(listener));
    await child.ask("drop", wrapPlatformHandle(unopened), wrapPlatformHandle(idleThere));
    // In the middle of all of them.
    const asked = ["serve 1", "echo"].map((verb) =>
      assertRejects(() => child.text(verb), PipeLostError)
    );
    const { port } = listener.addr as Deno.NetAddr;
    const client = await Deno.connect({ port });
    await client.write(new Uint8Array(1000));
    assertEquals(await client.read(new Uint8Array(2000)), 1000);
    await kill(child);
    assertEquals(await client.read(new Uint8Array(1)), null);
    client.close();
    await Promise.all(asked);
  }
  await untilClosed(() => file.stat());
  await untilClosed(() => unopened.stat());
  await untilClosed(() => listener.accept());
  for (const each of [here, idle]) {
    assertEquals(await each.read(new Uint8Array(1)), null);
    each.close();
  }
  await untilClosed(() => there.write(new Uint8Array(1)));
});

overEachLink(
  "wrapPlatformHandle closes what is lost before it is unwrapped",
  async (link) => {
    await using temporary = await temporaryFile("hello");
    const file = await Deno.open(temporary.path);
    await using child = await PlatformChild.start(link);
    const { handles: [handle] } = await child.ask("giveBack", wrapPlatformHandle(file));
    assertInstanceOf(handle, FileHandle);
    handle.close();
    await untilClosed(() => file.stat());
    await assertRejects(() => unwrapPlatformHandle(handle), TypeError, "it was closed");
  },
);
