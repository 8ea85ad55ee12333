/**
 * A child with `ffi` that keeps memory and, when asked for it, leaves something else: its first argument says
 * what.
 *
 * @module
 */
import { Invitation } from "@mage/ipc/child";
import type { Name } from "../../../core/names.ts";
import { DoorKind, openDoor } from "../../../core/system/door.ts";
import { ownRuntime } from "../../../core/system/node_runtime.ts";
import { Region, type SharedMapping } from "../../../core/system/region.ts";
import {
  call,
  cString,
  Fcntl,
  libc,
  Memfd,
  Open,
  Seal,
} from "../../../transports/libc.ts";
import { sendDescriptor } from "../../../transports/libc_descriptor.ts";
import { createMemory } from "../../../transports/libc_memory.ts";

const SIZE = 8192;
const how = Deno.args[0];

class NoRegion extends Region {
  readonly backing = "memory";

  override map(): SharedMapping {
    throw new TypeError("it is not here");
  }

  protected override close(): void {}
}

function memory(bytes: number, seals: number): number {
  const { fcntl, ftruncate, memfd_create } = libc(), flags = Memfd.ALLOW_SEALING;
  const fd = call("memfd_create", () => memfd_create(cString("lie"), flags));
  call("ftruncate", () => ftruncate(fd, BigInt(bytes)));
  call("fcntl", () => fcntl(fd, Fcntl.ADD_SEALS, seals));
  return fd;
}

function open(path: string): number {
  return call("open", () => libc().open(cString(path), Open.RDONLY));
}

/** What is left instead. */
function lie(): number {
  if (how === "unsealed") return memory(SIZE, 0);
  if (how === "sealed against growing only") return memory(SIZE, Seal.GROW);
  if (how === "short") return memory(SIZE - 1, Seal.SHRINK | Seal.GROW);
  if (how === "sealed against writing") {
    return memory(SIZE, Seal.SHRINK | Seal.GROW | Seal.FUTURE_WRITE);
  }
  if (how === "a file") return open("/proc/self/exe");
  if (how === "a device") return open("/dev/zero");
  if (how === "a directory") return open("/");
  if (how === "huge pages") {
    const hugetlb = 4, flags = Memfd.ALLOW_SEALING | hugetlb;
    const fd = libc().memfd_create(cString("lie"), flags);
    if (fd < 0) return open("/dev/null");
    const { fcntl, ftruncate } = libc();
    call("ftruncate", () => ftruncate(fd, 1n << 30n));
    call("fcntl", () => fcntl(fd, Fcntl.ADD_SEALS, Seal.SHRINK | Seal.GROW));
    return fd;
  }
  return createMemory("mage-ipc lie", SIZE);
}

openDoor({
  kind: DoorKind.Socket,
  knock: () => null,
  leave: (_thing, id: Name, names) => {
    const key = new Uint8Array(16), name = `mage-ipc ${id}`;
    names.next().write(new DataView(key.buffer), 0);
    const fd = lie();
    if (how !== "nothing") sendDescriptor(name, key, fd);
    if (how === "with another key") key[3]! ^= 1;
    return { told: how === "with a short key" ? key.subarray(1) : key };
  },
});

const { pipe } = await Invitation.accept();
const runtime = ownRuntime();
const region = new NoRegion(runtime.node.names.next(), SIZE);
pipe.write(new Uint8Array(0), [runtime.share(region, "writable")]);
await pipe.closed;
