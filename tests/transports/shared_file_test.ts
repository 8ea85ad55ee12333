import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  createSharedBuffer,
  createSharedFile,
  MAX_SHARED_BUFFER_BYTES,
  MisuseError,
  unwrapSharedBuffer,
  wrapSharedBuffer,
} from "@mage/ipc";
import { DenoRegionFile } from "../../transports/file_region.ts";

const ID = "0123456789abcdef00000000ffffffff";

function names(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name);
}

/** Lets what has been let go be removed. */
async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; turns < 1000 && !condition(); turns++) {
    await new Promise((next) => setTimeout(next, 0));
  }
  assert(condition());
}

Deno.test("createSharedFile makes one directory for all files of a place, and removes what is not used", async () => {
  const place = Deno.makeTempDirSync();
  const one = createSharedFile(5000, { directory: place });
  const two = createSharedFile(1, { directory: new URL(`file://${place}`) });
  const [directory, ...others] = names(place), path = `${place}/${directory}`;
  assertEquals([others, names(path).length], [[], 2]);
  assertEquals(Deno.statSync(path).mode! & 0o777, 0o700);
  for (const name of names(path)) {
    assert(/^[0-9a-f]{32}$/.test(name) && name !== one.id && name !== two.id);
    assertEquals(Deno.statSync(`${path}/${name}`).mode! & 0o777, 0o600);
  }
  one.close();
  await until(() => names(path).length === 1);
  const mapping = await two.map();
  two.close();
  // What is mapped is used.
  mapping.writeAt(0, new Uint8Array([1]));
  mapping.unmap();
  await until(() => names(place).length === 0);
  using _again = createSharedFile(1, { directory: place });
  assertEquals(names(place).length, 1);
  _again.close();
  await until(() => names(place).length === 0);
  Deno.removeSync(place);
});

Deno.test("createSharedFile takes room on the disk only where it was written", async () => {
  const place = Deno.makeTempDirSync();
  {
    using file = createSharedFile(MAX_SHARED_BUFFER_BYTES, { directory: place });
    using mapping = await file.map(MAX_SHARED_BUFFER_BYTES - 1);
    mapping.writeAt(0, new Uint8Array([1]));
    const [directory] = names(place), path = `${place}/${directory}`;
    const { size, blocks } = Deno.statSync(`${path}/${names(path)[0]}`);
    assertEquals(size, MAX_SHARED_BUFFER_BYTES);
    assert(blocks! * 512 < 1 << 20, `${blocks} blocks`);
  }
  await until(() => names(place).length === 0);
  Deno.removeSync(place);
});

Deno.test("createSharedFile says what is wrong with its arguments, and leaves nothing behind", () => {
  const place = Deno.makeTempDirSync();
  for (const bytes of [0, -1, 1.5, NaN, "7"]) {
    const error = assertThrows(() => createSharedFile(bytes as number), MisuseError);
    assertEquals(error.result, "INVALID_ARGUMENT");
  }
  const large = assertThrows(
    () => createSharedFile(MAX_SHARED_BUFFER_BYTES + 1, { directory: place }),
    MisuseError,
  );
  assertEquals(large.result, "RESOURCE_EXHAUSTED");
  for (
    const [directory, why] of [
      ["relative", "must be an absolute path: received relative"],
      ["/nowhere/at/all", "must be a directory that exists: received /nowhere/at/all"],
      [4, "must be an absolute path: received 4"],
    ] as const
  ) {
    const options = { directory: directory as string };
    const error = assertThrows(() => createSharedFile(1, options), TypeError);
    assertEquals(error.message, `Option 'directory' ${why}`);
  }
  Deno.chmodSync(place, 0o770);
  assertThrows(
    () => createSharedFile(1, { directory: place }),
    TypeError,
    `must be a directory that others may not write to: received ${place} of mode 770`,
  );
  Deno.chmodSync(place, 0o1777);
  createSharedFile(1, { directory: place }).close();
  assertEquals(names(place).length <= 1, true);
  Deno.removeSync(place, { recursive: true });
});

Deno.test({
  name: "createSharedFile names the flags for its directory when they are missing",
  permissions: { read: ["/tmp"], write: false },
  fn() {
    assertThrows(
      () => createSharedFile(1, { directory: "/tmp" }),
      Error,
      "Creating a shared file needs permissions this process lacks; add --allow-write=/tmp",
    );
    assertThrows(() => createSharedFile(1), Error, "add --allow-read --allow-write");
  },
});

Deno.test("SharedBuffer.map of a file in the process that made it reads and writes at offsets, in any order", async () => {
  using file = createSharedFile(100);
  using all = await file.map();
  using part = await file.map(10, 20);
  part.writeAt(0, new Uint8Array([1, 2, 3]));
  part.writeAt(3, new Uint8Array([4]));
  part.writeAt(1, new Uint8Array([9]));
  const into = new Uint8Array(6);
  all.readAt(9, into);
  assertEquals(into, new Uint8Array([0, 1, 9, 3, 4, 0]));
  all.readAt(15, into);
  all.readAt(94, into);
  part.readAt(3, into);
  assertEquals(into, new Uint8Array([4, 0, 0, 0, 0, 0]));
  all.readAt(100, new Uint8Array(0));
  for (const at of [-1, 98, 101, 1.5]) {
    assertThrows(() => all.readAt(at, new Uint8Array(3)), MisuseError);
    assertThrows(() => all.writeAt(at, new Uint8Array(3)), MisuseError);
  }
});

Deno.test("DenoRegionFile knows where it is after what failed", () => {
  const path = Deno.makeTempFileSync();
  Deno.writeFileSync(path, new Uint8Array([1, 2, 3, 4]));
  const file = new DenoRegionFile(Deno.openSync(path)), into = new Uint8Array(2);
  file.readAt(0, into);
  assertThrows(() => file.writeAt(0, into), Error);
  assertEquals([file.readAt(2, into), into], [2, new Uint8Array([3, 4])]);
  assertEquals(file.readAt(4, into), 0);
  file.close();
  Deno.removeSync(path);
});

Deno.test("unwrapSharedBuffer gives back what wrapSharedBuffer was given, with size, id and mode", async () => {
  const memory = new SharedArrayBuffer(10);
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, "0123456789");
  for (const mode of ["writable", "read-only", "unsafe"] as const) {
    const options = { mode, size: 7, id: ID };
    const thread = wrapSharedBuffer(memory, options);
    assertEquals([thread.size, thread.id, thread.mode], [7, ID, mode]);
    const unwrapped = await unwrapSharedBuffer(thread);
    assertEquals(unwrapped.memory, memory);
    assertEquals([unwrapped.size, unwrapped.id, unwrapped.mode], [7, ID, mode]);
    assertEquals(thread.isHeld, false);

    const buffer = wrapSharedBuffer(path, options);
    assertEquals([buffer.backing, buffer.mode], ["file", mode]);
    const { file, ...state } = await unwrapSharedBuffer(buffer);
    assertEquals(state, { size: 7, id: ID, mode });
    const into = new Uint8Array(20);
    assertEquals(file!.readSync(into), 10);
    file!.seekSync(0, Deno.SeekMode.Start);
    if (mode === "read-only") assertThrows(() => file!.writeSync(into), Error);
    else assertEquals(file!.writeSync(into.subarray(0, 1)), 1);
    file!.close();
    // It is the program's: nobody removes it.
    assertEquals(Deno.readTextFileSync(path), "0123456789");
  }
  Deno.removeSync(path);
});

Deno.test("unwrapSharedBuffer leaves what others have of the same buffer as it is", async () => {
  for (const buffer of [createSharedFile(10), createSharedBuffer(10)]) {
    using kept = buffer.duplicate();
    using mapping = await buffer.map(2, 3);
    const { file, memory } = await unwrapSharedBuffer(buffer);
    file?.writeSync(new Uint8Array([1, 2, 3, 4]));
    if (memory !== undefined) new Uint8Array(memory).set([1, 2, 3, 4]);
    file?.close();
    const into = new Uint8Array(3);
    mapping.readAt(0, into);
    assertEquals(into, new Uint8Array([3, 4, 0]));
    using another = await kept.map(0, 1);
    another.readAt(0, into.subarray(0, 1));
    assertEquals(into[0], 1);
    await assertRejects(() => unwrapSharedBuffer(buffer), MisuseError);
  }
});

Deno.test("wrapSharedBuffer says what is wrong with its arguments", () => {
  const memory = new SharedArrayBuffer(10), path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, "0123");
  const wrong: [() => unknown, string][] = [
    [
      () => wrapSharedBuffer(memory, { size: 11 }),
      "option 'size' must be at most 10, all there are: received 11",
    ],
    [() => wrapSharedBuffer(path, { size: 5 }), "option 'size' must be at most 4"],
    [() => wrapSharedBuffer(memory, { size: 0 }), "must be a whole number above zero"],
    [
      () => wrapSharedBuffer(memory, { id: ID.slice(1) }),
      "option 'id' must be 32 lowercase hexadecimal digits: received 123",
    ],
    [
      () => wrapSharedBuffer(memory, { mode: "private" as "unsafe" }),
      "option 'mode' must be one of writable, read-only, unsafe: received private",
    ],
    [() => wrapSharedBuffer("/tmp"), "'/tmp' is no file"],
    [() => wrapSharedBuffer(7 as unknown as string), "Must be a path or a file URL"],
  ];
  for (const [action, why] of wrong) assertThrows(action, TypeError, why);
  assertThrows(() => wrapSharedBuffer("/nowhere/at/all"), Deno.errors.NotFound);
  Deno.removeSync(path);
});

Deno.test({
  name: "wrapSharedBuffer names the flags for its file when they are missing",
  permissions: { read: false, write: false },
  fn() {
    assertThrows(
      () => wrapSharedBuffer("/tmp/x", { mode: "read-only" }),
      Error,
      "add --allow-read=/tmp/x",
    );
    assertThrows(
      () => wrapSharedBuffer("/tmp/x"),
      Error,
      "add --allow-read=/tmp/x --allow-write=/tmp/x",
    );
  },
});
