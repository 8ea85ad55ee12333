import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertRejects,
} from "@std/assert";
import {
  Invitation,
  type MemoryMapping,
  PipeLostError,
  type SharedBuffer,
  type SpawnOptions,
} from "@mage/ipc";
import {
  createSharedMemory,
  unwrapSharedMemory,
  wrapSharedMemory,
} from "@mage/ipc/memory";
import { leavesNothing } from "./census.ts";
import { descriptorsOf, Peer } from "./memory_peers.ts";

const LINKS: readonly SpawnOptions[] = [{ link: "unix" }, { link: "inherited" }];
const bytes = (text: string) => new TextEncoder().encode(text);

function overEachLink(name: string, body: (options: SpawnOptions) => Promise<void>) {
  for (const options of LINKS) {
    Deno.test(`${name} (${options.link})`, () => body(options));
  }
}

async function mapped(
  buffer: SharedBuffer,
  offset?: number,
  length?: number,
): Promise<MemoryMapping> {
  return await buffer.map(offset, length) as MemoryMapping;
}

function textAt(mapping: MemoryMapping, at: number, length: number): string {
  return new TextDecoder().decode(mapping.bytes.slice(at, at + length));
}

overEachLink(
  "createSharedMemory makes what a child sees in place, and writes",
  async (link) => {
    await using peer = await Peer.start(link);
    using buffer = createSharedMemory(10_000);
    using mapping = await mapped(buffer);
    mapping.writeAt(9_990, bytes("before"));
    await peer.take("there", buffer.duplicate());
    assertEquals(await peer.ask("map there all"), "writable");
    assertEquals(await peer.ask("look all 9990 6"), "before");
    mapping.bytes.set(bytes("after"), 0);
    assertEquals(await peer.ask("look all 0 5"), "after");
    assertEquals(await peer.ask("store all 4096 stored"), "done");
    assertEquals(await peer.ask("write all 5000 written"), "done");
    assertEquals(textAt(mapping, 4096, 6), "stored");
    assertEquals(textAt(mapping, 5000, 7), "written");
  },
);

overEachLink(
  "createSharedMemory in a child makes what this process maps",
  async (link) => {
    await using peer = await Peer.start(link);
    await peer.ask("create here 5000");
    await peer.ask("map here all");
    await peer.ask("store all 4999 !");
    using buffer = await peer.give("here");
    assertEquals([buffer.backing, buffer.mode, buffer.size], [
      "memory",
      "writable",
      5000,
    ]);
    using mapping = await mapped(buffer);
    assertEquals(textAt(mapping, 4999, 1), "!");
    mapping.bytes.set(bytes("hello"), 0);
    assertEquals(await peer.ask("read all 0 5"), "hello");
  },
);

Deno.test("createSharedMemory makes what a worker sees in place, and writes", async () => {
  await using peer = await Peer.start({ link: "worker" });
  using buffer = createSharedMemory(10_000);
  using mapping = await mapped(buffer);
  await peer.take("there", buffer.duplicate());
  assertEquals(await peer.ask("map there all"), "writable");
  await peer.ask("store all 4096 stored");
  assertEquals(textAt(mapping, 4096, 6), "stored");
  await peer.ask("create here 5000");
  await peer.ask("map here own");
  using theirs = await peer.give("here");
  using their = await mapped(theirs);
  their.bytes.set(bytes("hello"), 4000);
  assertEquals(await peer.ask("look own 4000 5"), "hello");
});

Deno.test("SharedBuffer.map maps parts that overlap, in one process and in two", async () => {
  await using peer = await Peer.start();
  using buffer = createSharedMemory(100_000);
  // Neither begins nor ends where a page does.
  using left = await mapped(buffer, 4_095, 50_000);
  using right = await mapped(buffer, 40_001, 20_000);
  await peer.take("there", buffer.duplicate());
  await peer.ask("map there middle 40003 4");
  left.bytes.set(bytes("abcdef"), 40_001 - 4_095);
  assertEquals(textAt(right, 0, 6), "abcdef");
  assertEquals(await peer.ask("look middle 0 9"), "cdef");
  await peer.ask("store middle 0 WXYZ");
  assertEquals(textAt(right, 0, 7), "abWXYZ\0");
  assertEquals(textAt(left, 40_001 - 4_095, 7), "abWXYZ\0");
  assertEquals(left.bytes.length, 50_000);
  assertEquals(
    await peer.ask("map there none 99999 2"),
    "MisuseError: Cannot map shared buffer: it has 100000 bytes: received 2 at 99999",
  );
});

overEachLink(
  "MemoryMapping outlives its handle, and the process that made it",
  async (link) => {
    await leavesNothing(async () => {
      const one = await Peer.start(link), two = await Peer.start(link);
      await one.ask("create here 8192");
      await one.ask("map here all");
      await one.ask("write all 0 hello");
      using buffer = await one.give("here");
      await two.take("there", buffer.duplicate());
      await two.ask("map there all");
      const mapping = await mapped(buffer);
      one.child.kill("SIGKILL");
      await one.child.status;
      await buffer.closed;
      assertEquals(await two.ask("close there"), "done");
      buffer.close();
      assertEquals(textAt(mapping, 0, 5), "hello");
      mapping.bytes.set(bytes("HELLO"), 0);
      assertEquals(await two.ask("look all 0 5"), "HELLO");
      await two.ask("store all 0 again");
      assertEquals(textAt(mapping, 0, 5), "again");
      mapping.unmap();
      await one[Symbol.asyncDispose]();
      await two[Symbol.asyncDispose]();
    });
  },
);

Deno.test("SharedBuffer.map says that whoever keeps the memory is gone", async () => {
  const peer = await Peer.start();
  await peer.ask("create here 8192");
  using buffer = await peer.give("here");
  peer.child.kill("SIGKILL");
  await assertRejects(() => buffer.map(), PipeLostError);
  await peer[Symbol.asyncDispose]();
});

Deno.test("SharedBuffer.map maps what came by way of a process in between", async () => {
  await using maker = await Peer.start();
  await using between = await Peer.start({ link: "inherited" });
  await using last = await Peer.start();
  await maker.ask("create here 8192");
  await maker.ask("map here all");
  await maker.ask("write all 0 hello");
  await maker.ask("duplicate here copy");
  await between.take("passed", await maker.give("copy"));
  await last.take("got", await between.give("passed"));
  assertEquals(await last.ask("map got all 0 5"), "writable");
  assertEquals(await last.ask("look all 0 5"), "hello");
  await last.ask("store all 0 HELLO");
  assertEquals(await maker.ask("read all 0 5"), "HELLO");
});

overEachLink("SharedBuffer.map in a child without ffi says what to add", async (link) => {
  const without = await Peer.start({ ...link, permissions: {} });
  await using other = await Peer.start();
  using buffer = createSharedMemory(4096);
  await without.take("there", buffer.duplicate());
  assertEquals(
    await without.ask("map there all"),
    "SharedBufferError: Cannot map shared buffer: this process cannot map memory of the operating system: grant it ffi and import '@mage/ipc/memory', or make the buffer with createSharedFile",
  );
  // It is none the worse for it, and can pass it on.
  const passed = await without.give("there");
  assertEquals(passed.backing, "memory");
  await other.take("there", passed);
  assertEquals(await other.ask("map there all"), "writable");
  for (const words of ["create more 5", "unwrap there out"]) {
    if (words.startsWith("unwrap")) await without.take("there", buffer.duplicate());
    assertMatch(
      await without.ask(words),
      /^PermissionError: (Creating|Unwrapping) shared memory needs permissions this process lacks; add --allow-ffi$/,
    );
  }
  await without[Symbol.asyncDispose]();
});

Deno.test("SharedBuffer.map in a child without ffi leaves the keeper's memory alone", async () => {
  const script = new URL("./children/memory_peer.ts", import.meta.url);
  await using child = await Invitation.spawn(script, {
    config: new URL("../../deno.json", import.meta.url),
    // Too little: addresses are for those who may do everything.
    permissions: { ffi: ["/usr/lib"] },
  });
  using buffer = createSharedMemory(4096);
  const before = await descriptorsOf(Deno.pid);
  child.pipe.write(bytes("take there"), [buffer.duplicate()]);
  (await child.pipe.receive())!.close();
  child.pipe.write(bytes("map there all"));
  const message = (await child.pipe.receive())!;
  assertMatch(
    new TextDecoder().decode(message.data),
    /^SharedBufferError: .* grant it ffi/,
  );
  message.close();
  assertEquals(await descriptorsOf(Deno.pid), before);
});

overEachLink(
  "A read-only duplicate can be read elsewhere, and written by nobody",
  async (link) => {
    await using peer = await Peer.start(link);
    const other = await Peer.start(link);
    using buffer = createSharedMemory(8192);
    using early = await mapped(buffer);
    await peer.take("there", buffer.duplicate({ readOnly: true }));
    await other.take("there", buffer.duplicate({ readOnly: true }));
    assertEquals(await peer.ask("map there all"), "read-only");
    assertEquals(await other.ask("map there all"), "read-only");
    // What was mapped before is not changed by that.
    early.bytes.set(bytes("early"), 0);
    assertEquals(await peer.ask("look all 0 5"), "early");
    assertEquals(
      await peer.ask("write all 0 x"),
      "MisuseError: Cannot write shared buffer: it was mapped from a read-only handle",
    );
    // Here too, the handle has become read-only.
    using late = await mapped(buffer);
    assertEquals(late.readOnly, true);
    const { success, signal } = await other.ends("store all 0 x");
    assertEquals([success, signal], [false, "SIGSEGV"]);
    await other[Symbol.asyncDispose]();
    assertEquals(textAt(late, 0, 5), "early");
    assertEquals(await peer.ask("look all 0 5"), "early");
  },
);

Deno.test("A writable handle that moved can become read-only, for its sender as well", async () => {
  await using peer = await Peer.start();
  using buffer = createSharedMemory(8192);
  using mapping = await mapped(buffer);
  await peer.take("there", buffer);
  assertEquals(await peer.ask("map there early"), "writable");
  assertEquals(await peer.ask("duplicate there copy read-only"), "read-only");
  using back = await peer.give("copy");
  using late = await mapped(back);
  assertEquals(late.readOnly, true);
  mapping.bytes.set(bytes("old"), 0);
  await peer.ask("store early 3 ones");
  assertEquals(textAt(late, 0, 7), "oldones");
});

Deno.test("unwrapSharedMemory gives a descriptor that wrapSharedMemory takes, elsewhere too", async () => {
  await using peer = await Peer.start();
  for (const mode of ["writable", "unsafe", "read-only"] as const) {
    using buffer = createSharedMemory(5000);
    const { id } = buffer;
    if (mode !== "writable") buffer.duplicate({ readOnly: mode === "read-only" }).close();
    await peer.take(mode, buffer);
    assertEquals(await peer.ask(`unwrap ${mode} ${mode}`), `5000 ${mode} ${id}`);
    assertEquals(await peer.ask(`release ${mode}`), "done");
    await peer.ask(`create ${mode} 5000`);
    if (mode !== "writable") {
      await peer.ask(`duplicate ${mode} ${mode} ${mode}`);
    }
    const received = await peer.give(mode), theirs = received.id;
    const memory = await unwrapSharedMemory(received);
    assertEquals([memory.size, memory.id, memory.mode], [5000, theirs, mode]);
    assert(!received.isHeld);
    using wrapped = wrapSharedMemory(memory);
    assertEquals([wrapped.id, wrapped.mode, wrapped.size], [theirs, mode, 5000]);
    using mapping = await mapped(wrapped);
    assertEquals(mapping.readOnly, mode === "read-only");
  }
});

Deno.test("Memory that was passed around leaves no descriptor behind", async () => {
  await using peer = await Peer.start();
  // What is loaded or opened once is there by now.
  const round = async () => {
    using buffer = createSharedMemory(8192);
    using mapping = await mapped(buffer);
    await peer.take("there", buffer.duplicate({ readOnly: true }));
    await peer.ask("map there all");
    await peer.ask("unmap all");
    await peer.ask("close there");
    await peer.ask("create here 4096");
    using theirs = await peer.give("here");
    using other = await mapped(theirs);
    assertEquals([mapping.length, other.length], [8192, 4096]);
  };
  const rounds = 20;
  const count = async (what: string) => {
    const all = await Promise.all([Deno.pid, peer.child.pid!].map(descriptorsOf));
    return all.map((names) => names.filter((name) => name.startsWith(what)).length);
  };
  await round();
  // That a handle was closed gets around in turns of its own.
  for (let i = 0; i < 20; i++) await peer.ask("close here");
  const memory = await count("/memfd"), sockets = await count("socket");
  for (let i = 0; i < rounds; i++) await round();
  for (let i = 0; i < 100 && `${await count("/memfd")}` !== `${memory}`; i++) {
    await peer.ask("close here");
  }
  assertEquals(await count("/memfd"), memory);
  // Deno opens two for itself when a process is half a second old.
  const after = await count("socket");
  for (const [index, before] of sockets.entries()) {
    assertLess(after[index]! - before, rounds);
  }
});

Deno.test("A child does not inherit memory that this process has", async () => {
  using buffer = createSharedMemory(4096);
  await using peer = await Peer.start({ link: "inherited" });
  const own = await descriptorsOf(Deno.pid),
    theirs = await descriptorsOf(peer.child.pid!);
  assert(own.includes(`/memfd:mage-ipc ${buffer.id} (deleted)`), own.join());
  assertEquals(theirs.filter((name) => name.startsWith("/memfd")), []);
});

Deno.test("createSharedMemory on another system says which ones it is for", async () => {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    script,
    `Object.defineProperty(Deno, "build", { value: { os: "darwin", arch: "aarch64" } });
     const { createSharedMemory } = await import("@mage/ipc/memory");
     try {
       createSharedMemory(1);
     } catch (error) {
       console.log(error.result, error.message);
     }`,
  );
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", "--allow-ffi", `--config=${config}`, script],
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "UNIMPLEMENTED Creating shared memory is possible only on Linux on x86-64 and aarch64: this is darwin on aarch64\n",
  );
  await Deno.remove(script);
});
