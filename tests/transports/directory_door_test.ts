import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { DoorKind } from "../../core/system/door.ts";
import { ownRuntime } from "../../core/system/node_runtime.ts";
import type { FileMapping } from "../../core/system/region.ts";
import { giveDirectory, useDirectory } from "../../transports/directory_door.ts";
import { DenoRegionFile, FileRegion } from "../../transports/file_region.ts";
import { Random } from "../sim/random.ts";
import { OneDoor } from "./door_kit.ts";

/** Two directories, one of this process as a child and one of a child of it; and a file. */
class World implements Disposable {
  readonly path: string = Deno.makeTempDirSync();
  readonly region: FileRegion;
  readonly file: string = `${this.path}/file`;
  readonly #takeBack: () => void;

  /** In one process, the directory that it was given and one that it gives are the same. */
  constructor(isChild: boolean) {
    for (const part of ["ro", "rw"]) Deno.mkdirSync(`${this.path}/${part}`);
    const id = crypto.getRandomValues(new Uint8Array(16));
    const given = { path: this.path, id };
    // Whoever has given it asks as a child first, so that its id is known; then as itself.
    useDirectory(given);
    this.#takeBack = isChild ? () => {} : giveDirectory(given);
    Deno.writeFileSync(this.file, new Uint8Array([1, 2, 3, 4]));
    const file = Deno.openSync(this.file, { read: true, write: true });
    const name = ownRuntime().node.names.next();
    this.region = new FileRegion(name, 4, new DenoRegionFile(file), { path: this.file });
    this.region.retain();
  }

  /** Asks for it. */
  knock(size = 4): OneDoor {
    return new OneDoor(DoorKind.Directory, { what: "file", id: this.region.id, size });
  }

  /** What is in one part. */
  in(part: string): string[] {
    return [...Deno.readDirSync(`${this.path}/${part}`)].map(({ name }) => name);
  }

  [Symbol.dispose](): void {
    this.#takeBack();
    this.region.release();
    Deno.removeSync(this.path, { recursive: true });
  }
}

function firstByte(region: unknown): number {
  assertInstanceOf(region, FileRegion);
  using mapping = (region as FileRegion).map(0, 4, false) as FileMapping;
  const into = new Uint8Array(1);
  mapping.readAt(0, into);
  return into[0]!;
}

Deno.test("The directory door leaves a link with a fresh name in the part that the right is for", async () => {
  using world = new World(false);
  for (
    const [readOnly, part, other] of [[false, "rw", "ro"], [true, "ro", "rw"]] as const
  ) {
    using door = world.knock();
    const left = door.leave(world.region, readOnly)!;
    const [name] = world.in(part);
    assert(/^[0-9a-f]{32}$/.test(name!), name);
    assertEquals([world.in(part).length, world.in(other)], [1, []]);
    const region = (await door.take(left.told) as FileRegion).retain();
    left.done!();
    assertEquals([world.in("rw"), world.in("ro")], [[], []]);
    assertEquals([firstByte(region), region.map(0, 1, false).readOnly], [1, readOnly]);
    assert(region.id.equals(world.region.id));
    for (let users = 0; users < 2; users++) region.release();
  }
});

Deno.test("The directory door has 64 links at a time, and more once some were taken", () => {
  using world = new World(false);
  using door = world.knock();
  const left = Array.from({ length: 65 }, () => door.leave(world.region));
  assertEquals([left[63] !== null, left[64], world.in("rw").length], [true, null, 64]);
  left[0]!.done!();
  const more = door.leave(world.region);
  assert(more !== null);
  assertEquals(door.leave(world.region), null);
  for (const each of [...left.slice(1, 64), more]) each!.done!();
  assertEquals(world.in("rw"), []);
  assert(door.refusal!.includes("'sharedFiles'"));
});

Deno.test("The directory door leaves nothing that cannot be linked, and says so by leaving nothing", () => {
  using world = new World(false);
  using door = world.knock();
  assertEquals(door.leave({}), null);
  Deno.renameSync(world.file, `${world.path}/elsewhere`);
  assertEquals(door.leave(world.region), null);
  Deno.renameSync(`${world.path}/elsewhere`, world.file);
  const nameless = new FileRegion(world.region.id, 4, world.region.file);
  assertEquals(door.leave(nameless), null);
  const left = door.leave(world.region)!;
  left.done!();
  assertEquals(world.in("rw"), []);
});

Deno.test("The directory door follows no link that a child has put in the place of its part", () => {
  using world = new World(false);
  const outside = Deno.makeTempDirSync();
  Deno.removeSync(`${world.path}/rw`);
  Deno.symlinkSync(outside, `${world.path}/rw`);
  using door = world.knock();
  assertEquals(door.leave(world.region), null);
  assertEquals([...Deno.readDirSync(outside)], []);
  Deno.removeSync(outside);
});

Deno.test("The directory door opens nothing but plain files, and does not wait for any other", async () => {
  using world = new World(false);
  const outside = Deno.makeTempFileSync();
  Deno.writeFileSync(outside, new Uint8Array(100));
  const tricks: Record<string, (path: string) => unknown> = {
    nothing: () => {},
    directory: (path) => Deno.mkdirSync(path),
    link: (path) => Deno.symlinkSync(outside, path),
    fifo: (path) => new Deno.Command("mkfifo", { args: [path] }).outputSync(),
    short: (path) => Deno.writeFileSync(path, new Uint8Array(3)),
  };
  for (const [name, trick] of Object.entries(tricks)) {
    for (const readOnly of [true, false]) {
      using door = world.knock();
      const left = door.leave(world.region, readOnly)!, part = readOnly ? "ro" : "rw";
      const path = `${world.path}/${part}/${world.in(part)[0]}`;
      Deno.removeSync(path);
      trick(path);
      await assertRejects(() => door.take(left.told), Error);
      left.done!();
      // What is not a file or empty directory is nobody's to remove.
      assertEquals(world.in(part), [], name);
    }
  }
  Deno.removeSync(outside);
});

Deno.test("The directory door of a child leaves what may only be read under a name that is not opened for more", async () => {
  using world = new World(true);
  using door = world.knock();
  const left = door.leave(world.region, true)!;
  const [name] = world.in("rw");
  assert(/^[0-9a-f]{32}\.r$/.test(name!), name);
  // It is nobody's directory but its own: only a launcher can take it.
  await assertRejects(() => door.take(left.told), TypeError, "only the launcher");
  const id = left.told.slice(18), takeBack = giveDirectory({ path: world.path, id });
  const region = (await door.take(left.told) as FileRegion).retain();
  assertEquals(region.map(0, 1, false).readOnly, true);
  for (let users = 0; users < 2; users++) region.release();
  // Somebody in between makes more of it.
  const forged = left.told.slice();
  forged[1] = 0;
  await assertRejects(() => door.take(forged), Deno.errors.NotFound);
  // Or says that it was left here, in one part or the other.
  for (const readOnly of [0, 1]) {
    const elsewhere = left.told.slice(0, 18);
    elsewhere.set([1, readOnly]);
    await assertRejects(() => door.take(elsewhere), Deno.errors.NotFound);
  }
  left.done!();
  takeBack();
  assertEquals(world.in("rw"), []);
});

Deno.test("The directory door opens nothing for what makes no sense", async () => {
  using world = new World(false);
  const random = new Random(7);
  using door = world.knock();
  const left = door.leave(world.region)!;
  const neither = left.told.slice();
  neither[1] = 2;
  await assertRejects(() => door.take(neither), TypeError, "makes no sense");
  const open = Deno.openSync;
  let opened = 0;
  Deno.openSync = (...args) => {
    opened++;
    return open(...args);
  };
  try {
    for (let i = 0; i < 5000; i++) {
      const length = random.below(3) === 0
        ? random.below(60)
        : [18, 34][random.below(2)]!;
      const told = Uint8Array.from({ length }, () => random.below(256));
      // Nearly right, mostly.
      if (random.below(2) === 0) told.set(left.told.subarray(0, Math.min(2, length)));
      if (random.below(2) === 0 && length >= 18) told[1] = random.below(3);
      await assertRejects(() => door.take(told));
    }
  } finally {
    Deno.openSync = open;
  }
  assertEquals(opened, 0);
  left.done!();
});

Deno.test("The directory door is none for anything but files", () => {
  using _world = new World(false);
  for (const what of ["thread", "memory", "platform"] as const) {
    using door = new OneDoor(DoorKind.Directory, { what, id: null });
    assertEquals(door.door.length, 0);
  }
});
