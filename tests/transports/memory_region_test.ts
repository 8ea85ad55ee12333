import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  createSharedBuffer,
  type MemoryMapping,
  MisuseError,
  type SharedBuffer,
} from "@mage/ipc";
import {
  createSharedMemory,
  type PlatformSharedMemory,
  unwrapSharedMemory,
  wrapSharedMemory,
} from "@mage/ipc/memory";
import {
  call,
  closeDescriptor,
  cString,
  Fcntl,
  libc,
  Memfd,
  Open,
  Seal,
} from "../../transports/libc.ts";
import { addressBytesOf, descriptorsOf } from "../process/memory_peers.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;
const ID = "0123456789abcdeffedcba9876543210";

async function mapped(
  buffer: SharedBuffer,
  offset?: number,
  length?: number,
): Promise<MemoryMapping> {
  return await buffer.map(offset, length) as MemoryMapping;
}

/** Lets the event loop turn. */
async function turn(): Promise<void> {
  await new Promise((done) => setTimeout(done, 0));
}

/** Has the garbage collector find what nobody has, and say so. */
async function collect(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await turn();
    gc();
  }
  await turn();
}

/** The address of bytes. */
function addressOf(bytes: Uint8Array): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes as BufferSource));
}

/** Memory as somebody else may have made it. */
function memory(
  bytes: number,
  seals: number,
  flags: number = Memfd.ALLOW_SEALING,
): number {
  const { fcntl, ftruncate, memfd_create } = libc();
  const fd = call(
    "memfd_create",
    () => memfd_create(cString("test"), Memfd.CLOEXEC | flags),
  );
  call("ftruncate", () => ftruncate(fd, BigInt(bytes)));
  if (seals !== 0) call("fcntl", () => fcntl(fd, Fcntl.ADD_SEALS, seals));
  return fd;
}

Deno.test("createSharedMemory refuses a size that cannot be", () => {
  for (const bytes of [0, -1, 1.5, NaN, Infinity, 2 ** 53, "8" as never]) {
    const error = assertThrows(() => createSharedMemory(bytes), MisuseError);
    assertEquals(error.result, "INVALID_ARGUMENT");
  }
  const error = assertThrows(() => createSharedMemory(2 ** 30 + 1), MisuseError);
  assertEquals(error.result, "RESOURCE_EXHAUSTED");
});

Deno.test("createSharedMemory makes zeros of any size", async () => {
  for (const size of [1, 4095, 4096, 4097, 3_000_001]) {
    using buffer = createSharedMemory(size);
    assertEquals([buffer.size, buffer.backing, buffer.mode], [
      size,
      "memory",
      "writable",
    ]);
    using mapping = await mapped(buffer);
    assertEquals(mapping.access, "memory");
    assertEquals(mapping.bytes.length, size);
    assert(mapping.bytes.every((byte) => byte === 0));
    mapping.bytes.fill(1);
  }
});

Deno.test("createSharedMemory has all of the memory at once", async () => {
  const size = 40 * 1024 * 1024;
  const { fd } = await unwrapSharedMemory(createSharedMemory(size));
  const stat = new DataView(new ArrayBuffer(256)), path = cString("");
  const emptyPath = 0x1000, blocks = 0x400, bytes = new Uint8Array(stat.buffer);
  call("statx", () => libc().statx(fd, path, emptyPath, blocks, bytes));
  assertEquals(stat.getBigUint64(48, true) * 512n, BigInt(size));
  closeDescriptor(fd);
});

Deno.test("SharedBuffer.map maps every range, wherever it begins", async () => {
  const size = 20_000;
  using buffer = createSharedMemory(size);
  using all = await mapped(buffer);
  for (let at = 0; at < size; at++) all.bytes[at] = at * 7;
  for (
    const [offset, length] of [[0, 1], [1, 1], [4095, 2], [4096, 4096], [8191, 11_809]]
  ) {
    using part = await mapped(buffer, offset, length);
    assertEquals(part.bytes, all.bytes.slice(offset!, offset! + length!));
    const into = new Uint8Array(1);
    part.readAt(length! - 1, into);
    assertEquals(into[0], (offset! + length! - 1) * 7 & 255);
    // Whoever makes words of them gets those that the processor can read.
    assertEquals(addressOf(part.bytes) % 8n, BigInt(part.bytes.byteOffset % 8));
  }
  for (const [offset, length] of [[0, 0], [0, 20_001], [20_000, 1], [-1, 2], [1.5, 2]]) {
    const error = await assertRejects(() => buffer.map(offset, length), MisuseError);
    assertEquals(error.result, "INVALID_ARGUMENT");
  }
});

Deno.test("MemoryMapping.unmap twice does nothing, and its bytes are gone", async () => {
  using buffer = createSharedMemory(10_000);
  using other = await mapped(buffer);
  const mapping = await mapped(buffer, 5000, 100), bytes = mapping.bytes;
  const words = new Uint32Array(bytes.buffer, 0, 2), part = bytes.subarray(5, 10);
  mapping.unmap();
  mapping.unmap();
  assertEquals([bytes.length, words.length, part.length], [0, 0, 0]);
  bytes[0] = 1;
  words[0] = 1;
  assertEquals(bytes[0], undefined);
  assertThrows(() => mapping.bytes, MisuseError, "it was unmapped");
  assertThrows(
    () => mapping.readAt(0, new Uint8Array(1)),
    MisuseError,
    "it was unmapped",
  );
  assertThrows(
    () => mapping.writeAt(0, new Uint8Array(1)),
    MisuseError,
    "it was unmapped",
  );
  assertEquals(other.bytes[5000], 0);
});

Deno.test("MemoryMapping of a read-only handle can be read", async () => {
  using buffer = createSharedMemory(10_000);
  using before = await mapped(buffer);
  using copy = buffer.duplicate({ readOnly: true });
  using mapping = await mapped(copy, 4000, 1000);
  before.bytes[4999] = 9;
  assertEquals(mapping.bytes[999], 9);
  const error = assertThrows(
    () => mapping.writeAt(0, new Uint8Array(1)),
    MisuseError,
  );
  assertEquals(error.result, "PERMISSION_DENIED");
});

Deno.test("MemoryMapping.unmap while its bytes are being written to a file", async () => {
  const file = await Deno.makeTempFile(), size = 4 * 1024 * 1024;
  using buffer = createSharedMemory(size);
  const mapping = await mapped(buffer);
  mapping.bytes.fill(1);
  const writing = Deno.writeFile(file, mapping.bytes);
  mapping.unmap();
  await writing;
  // What was written before and after may differ; that it was written does not.
  const written = await Deno.readFile(file);
  assertEquals(written.length, size);
  assert(written.every((byte) => byte < 2));
  await Deno.remove(file);
});

Deno.test("MemoryMapping.unmap while a socket reads into its bytes, or writes them", async () => {
  const size = 1 << 20;
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const dialing = Deno.connect({ port: listener.addr.port });
  using near = await listener.accept();
  using far = await dialing;
  using buffer = createSharedMemory(size);
  using whole = await mapped(buffer);
  let mapping: MemoryMapping | null = await mapped(buffer);
  const address = addressOf(mapping.bytes);
  const reading = near.read(mapping.bytes as Uint8Array<ArrayBuffer>);
  mapping.unmap();
  mapping = null;
  await collect();
  // Its addresses are nobody else's as long as somebody may fill them.
  using other = createSharedMemory(size);
  const others: MemoryMapping[] = [];
  for (let i = 0; i < 20; i++) others.push(await mapped(other));
  assert(others.every(({ bytes }) => addressOf(bytes) !== address));
  await far.write(new Uint8Array([5, 5, 5]));
  assertEquals(await reading, 3);
  for (const { bytes } of others) assert(bytes.every((byte) => byte === 0));
  assert(whole.bytes.every((byte) => byte === 0));
  const writing = near.write(others[0]!.bytes as Uint8Array<ArrayBuffer>);
  for (const mapping of others) mapping.unmap();
  const into = new Uint8Array(size);
  let count = 0;
  for (; count < 65_536; count += (await far.read(into))!);
  near.close();
  while (await far.read(into) !== null);
  await writing.catch(() => {});
});

Deno.test("Addresses are used again once nobody has the bytes, and not before", async () => {
  // As many bytes as nothing else here has.
  using buffer = createSharedMemory(30_000_000);
  const kept: Uint8Array[] = [];
  const visit = async (keep: boolean) => {
    using mapping = await mapped(buffer);
    assert(mapping.bytes.subarray(0, 9).every((byte) => byte === 0));
    if (keep) kept.push(mapping.bytes);
    return addressOf(mapping.bytes);
  };
  const first = await visit(true);
  await collect();
  const second = await visit(false);
  assertNotEquals(second, first);
  await collect();
  assertEquals(await visit(false), second);
  assertEquals(kept.pop()!.length, 0);
  await collect();
  const again = [await visit(true), await visit(true)];
  assertEquals(again.sort(), [first, second].sort());
});

Deno.test("MemoryMapping.unmap leaves what was transferred to whoever has it", async () => {
  using buffer = createSharedMemory(10_000);
  using other = await mapped(buffer);
  const mapping = await mapped(buffer, 0, 4096), { bytes } = mapping;
  const moved = new Uint8Array(
    structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] }),
  );
  assertThrows(() => mapping.readAt(0, new Uint8Array(1)), MisuseError, "transferred");
  assertThrows(() => mapping.writeAt(0, new Uint8Array(1)), MisuseError, "transferred");
  mapping.unmap();
  other.bytes[7] = 77;
  assertEquals([moved.length, moved[7]], [4096, 77]);
  moved[8] = 88;
  assertEquals(other.bytes[8], 88);
});

Deno.test("A thousand mappings leave no descriptor, and few addresses", async () => {
  const round = async (isLent: boolean) => {
    using buffer = createSharedMemory(4 * 1024 * 1024);
    using mapping = await mapped(buffer);
    if (isLent) mapping.bytes[9] = 1;
    else mapping.writeAt(9, new Uint8Array(1));
  };
  await round(true);
  await collect();
  const before = await descriptorsOf(Deno.pid),
    addresses = await addressBytesOf(Deno.pid);
  for (const isLent of [true, false]) {
    for (let i = 0; i < 500; i++) {
      await round(isLent);
      if (i % 10 === 0) await turn();
      if (i % 100 === 0) await collect();
    }
  }
  await collect();
  assertEquals(await descriptorsOf(Deno.pid), before);
  // Were none used again, it would be 4 GB.
  assertLess(await addressBytesOf(Deno.pid) - addresses, 1024 * 1024 * 1024);
});

Deno.test("wrapSharedMemory takes memory that fits, and seals it", async () => {
  for (const mode of ["writable", "unsafe", "read-only"] as const) {
    const fd = memory(5000, 0),
      dup = call("dup", () => libc().fcntl(fd, Fcntl.DUPFD_CLOEXEC, 3));
    {
      using buffer = wrapSharedMemory({ fd, size: 4999, id: ID, mode });
      assertEquals(
        [buffer.size, buffer.id, buffer.mode, buffer.backing],
        [4999, ID, mode, "memory"],
      );
      using mapping = await mapped(buffer);
      assertEquals([mapping.length, mapping.readOnly], [4999, mode === "read-only"]);
      const seals = libc().fcntl(dup, Fcntl.GET_SEALS, 0);
      const wanted = Seal.SHRINK | Seal.GROW;
      assertEquals(
        seals & (wanted | Seal.FUTURE_WRITE),
        wanted | (mode === "read-only" ? Seal.FUTURE_WRITE : 0),
      );
      assertThrows(() => call("ftruncate", () => libc().ftruncate(dup, 0n)));
    }
    await turn();
    // It was taken over, and is closed.
    assertEquals(libc().fcntl(fd, Fcntl.GETFL, 0), -1);
    closeDescriptor(dup);
  }
});

Deno.test("wrapSharedMemory refuses what does not fit, and leaves it to the caller", () => {
  const seals = Seal.SHRINK | Seal.GROW;
  const good = memory(4096, 0);
  const sealed = memory(4096, seals | Seal.FUTURE_WRITE);
  const unsealable = memory(4096, 0, 0);
  const half = memory(4096, 1);
  const shrinkOnly = memory(4096, Seal.SHRINK | 1);
  const exact = memory(4096, seals | 1);
  const readable = call(
    "open",
    () => libc().open(cString(`/proc/self/fd/${exact}`), Open.RDONLY | Open.CLOEXEC),
  );
  const file = call("open", () => libc().open(cString("/etc/passwd"), Open.RDONLY));
  const fits = { fd: good, size: 4096, id: ID, mode: "writable" } as const;
  const cases: readonly [object, RegExp][] = [
    [{ fd: -1 }, /fd must be a descriptor/],
    [{ fd: 1.5 }, /fd must be a descriptor/],
    [{ fd: 1 << 20 }, /made by memfd_create/],
    [{ fd: file }, /made by memfd_create/],
    [{ size: 0 }, /size must be a whole number above zero/],
    [{ size: 1.5 }, /size must be a whole number above zero/],
    [{ size: 4097 }, /it has 4096 bytes: received size 4097/],
    [{ id: "abc" }, /id must be 32 lowercase hexadecimal digits/],
    [{ id: ID.toUpperCase() }, /id must be 32 lowercase hexadecimal digits/],
    [{ mode: "readable" }, /mode must be/],
    [{ fd: unsealable }, /F_SEAL_SHRINK and F_SEAL_GROW: .*Operation not permitted/],
    [{ fd: half }, /F_SEAL_SHRINK and F_SEAL_GROW: .*Operation not permitted/],
    [{ fd: shrinkOnly }, /F_SEAL_SHRINK and F_SEAL_GROW: .*Operation not permitted/],
    [{ fd: sealed }, /to be writable, it must not be sealed against writing/],
    [{ fd: sealed, mode: "unsafe" }, /to be unsafe, it must not be sealed/],
    [{ fd: readable }, /to be writable, it must be open to read and to write/],
    [
      { fd: readable, mode: "read-only" },
      /F_SEAL_FUTURE_WRITE: .*Operation not permitted/,
    ],
    [{ fd: exact, mode: "read-only" }, /F_SEAL_FUTURE_WRITE: .*Operation not permitted/],
  ];
  for (const [wrong, why] of cases) {
    const error = assertThrows(
      () => wrapSharedMemory({ ...fits, ...wrong } as PlatformSharedMemory),
      MisuseError,
    );
    assertMatch(error.message, why);
    assertEquals(error.result, "INVALID_ARGUMENT");
  }
  const error = assertThrows(
    () => wrapSharedMemory({ ...fits, size: 2 ** 30 + 1 }),
    MisuseError,
  );
  assertEquals(error.result, "RESOURCE_EXHAUSTED");
  for (const fd of [good, sealed, unsealable, half, shrinkOnly, exact, readable, file]) {
    assert(libc().fcntl(fd, Fcntl.GETFL, 0) >= 0);
    closeDescriptor(fd);
  }
});

Deno.test("unwrapSharedMemory spends the handle, and the others stay", async () => {
  using buffer = createSharedMemory(6000);
  using other = buffer.duplicate();
  using mapping = await mapped(other);
  mapping.bytes[5999] = 3;
  const { id } = buffer, unwrapping = unwrapSharedMemory(buffer);
  assert(!buffer.isHeld);
  const memory = await unwrapping;
  assertEquals([memory.size, memory.id, memory.mode], [6000, id, "unsafe"]);
  await assertRejects(
    () => unwrapSharedMemory(buffer),
    MisuseError,
    "closed, sent or bound",
  );
  using again = wrapSharedMemory(memory);
  using theirs = await mapped(again, 5999);
  assertEquals(theirs.bytes[0], 3);
  using late = await mapped(other);
  late.bytes[5999] = 4;
  assertEquals(theirs.bytes[0], 4);
});

Deno.test("unwrapSharedMemory takes one handle after another, until nothing is left", async () => {
  const before = await descriptorsOf(Deno.pid);
  {
    using buffer = createSharedMemory(6000);
    for (let i = 0; i < 8; i++) {
      closeDescriptor((await unwrapSharedMemory(buffer.duplicate())).fd);
      await turn();
    }
    using mapping = await mapped(buffer);
    assertEquals(mapping.length, 6000);
  }
  await turn();
  assertEquals(await descriptorsOf(Deno.pid), before);
});

Deno.test("unwrapSharedMemory refuses a buffer of threads, and leaves it to the caller", async () => {
  using buffer = createSharedBuffer(10);
  const error = await assertRejects(() => unwrapSharedMemory(buffer), MisuseError);
  assertEquals(error.result, "INVALID_ARGUMENT");
  assert(buffer.isHeld);
});

Deno.test("unwrapSharedMemory of a read-only handle gives what cannot be written", async () => {
  using buffer = createSharedMemory(4096);
  buffer.duplicate({ readOnly: true }).close();
  const { fd, mode } = await unwrapSharedMemory(buffer);
  assertEquals(mode, "read-only");
  assertEquals(libc().fcntl(fd, Fcntl.GETFL, 0) & Open.ACCMODE, Open.RDONLY);
  assert((libc().fcntl(fd, Fcntl.GET_SEALS, 0) & Seal.FUTURE_WRITE) !== 0);
  closeDescriptor(fd);
});
