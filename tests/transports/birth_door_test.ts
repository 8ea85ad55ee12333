import { assert, assertEquals, assertRejects } from "@std/assert";
import { closeSync, openSync } from "node:fs";
import { DoorKind } from "../../core/system/door.ts";
import { ownRuntime } from "../../core/system/node_runtime.ts";
import { type Born, RIGHTS } from "../../transports/belongings.ts";
import { giveBorn, ownBorn, useBorn } from "../../transports/birth_door.ts";
import { DenoRegionFile, FileRegion } from "../../transports/file_region.ts";
import { OneDoor } from "./door_kit.ts";

/** A file of four bytes that this process, as its own child, was started with. */
class World implements Disposable {
  readonly path: string = Deno.makeTempFileSync();
  readonly region: FileRegion;
  readonly born: Born;
  readonly #takeBack: () => void;

  constructor(rights: number) {
    Deno.writeFileSync(this.path, new Uint8Array([1, 2, 3, 4]));
    const file = new DenoRegionFile(Deno.openSync(this.path));
    this.region = new FileRegion(ownRuntime().node.names.next(), 4, file).retain();
    const id = new Uint8Array(16);
    this.region.id.write(new DataView(id.buffer), 0);
    const descriptor = openSync(this.path, rights === RIGHTS.read ? "r" : "r+");
    this.born = { id, descriptor, rights };
    const set = crypto.getRandomValues(new Uint8Array(16));
    ownBorn({ id: set, descriptors: [this.born] });
    this.#takeBack = giveBorn(set, [{ thing: this.region, descriptor, rights }]);
  }

  knock(size = 4): OneDoor {
    return new OneDoor(DoorKind.Birth, { what: "file", id: this.region.id, size });
  }

  [Symbol.dispose](): void {
    this.#takeBack();
    this.region.release();
    closeSync(this.born.descriptor);
    Deno.removeSync(this.path);
  }
}

const BOTH = RIGHTS.read | RIGHTS.write;

Deno.test("The birth door gives a descriptor for exactly the right that it has", async () => {
  for (const rights of [RIGHTS.read, BOTH]) {
    using world = new World(rights);
    using door = world.knock();
    const isReadOnly = rights === RIGHTS.read;
    assertEquals(door.leave(world.region, !isReadOnly), null);
    const left = door.leave(world.region, isReadOnly)!;
    assertEquals(left.told, new Uint8Array([world.born.descriptor, rights]));
    const region = (await door.take(left.told) as FileRegion).retain();
    using mapping = region.map(1, 3, false);
    const into = new Uint8Array(3);
    mapping.readAt(0, into);
    assertEquals([into, mapping.readOnly], [new Uint8Array([2, 3, 4]), isReadOnly]);
    if (!isReadOnly) {
      mapping.writeAt(0, new Uint8Array([9]));
      assertEquals(Deno.readFileSync(world.path), new Uint8Array([1, 9, 3, 4]));
    }
    region.release();
  }
});

Deno.test("The birth door gives nothing but what a child was started with", () => {
  using world = new World(BOTH);
  using door = world.knock();
  const other = new FileRegion(world.region.id, 4, world.region.file);
  for (const thing of [other, {}, null, world.region.id]) {
    assertEquals(door.leave(thing), null);
  }
  assert(door.refusal!.includes("'descriptors'"));
});

Deno.test("The birth door takes no descriptor but one of its set, and for what it is", async () => {
  using world = new World(BOTH);
  const { descriptor, rights } = world.born;
  {
    using door = world.knock();
    for (let number = 0; number < 256; number++) {
      const told = new Uint8Array([number, rights]);
      if (number !== descriptor) await assertRejects(() => door.take(told), TypeError);
    }
    for (
      const told of [[], [descriptor], [descriptor, RIGHTS.read], [descriptor, 0], [
        descriptor,
        rights,
        0,
      ]]
    ) await assertRejects(() => door.take(new Uint8Array(told)), TypeError);
  }
  const told = new Uint8Array([descriptor, rights]);
  const id = ownRuntime().node.names.next();
  using another = new OneDoor(DoorKind.Birth, { what: "file", id, size: 4 });
  await assertRejects(() => another.take(told), TypeError, "none of the descriptors");
  using larger = world.knock(5);
  await assertRejects(() => larger.take(told), TypeError, "made shorter");
});

Deno.test("useBorn says what is made of a descriptor of another kind", async () => {
  using world = new World(BOTH);
  {
    using none = new OneDoor(DoorKind.Birth, { what: "memory", id: null });
    assertEquals(none.door.length, 0);
  }
  useBorn("memory", (born, { what }) => Promise.resolve([born.descriptor, what]));
  using door = new OneDoor(DoorKind.Birth, { what: "memory", id: world.region.id });
  const { told } = door.leave(world.region)!;
  assertEquals(await door.take(told), [world.born.descriptor, "memory"]);
});
