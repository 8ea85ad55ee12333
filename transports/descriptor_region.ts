/**
 * A file as shared memory, by the number of its descriptor: that is all that a process has of what it was
 * started with, and only `node:fs` takes it. Whoever does not need that does not load it.
 *
 * @module
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { Name } from "../core/names.ts";
import type { Wanted } from "../core/system/door.ts";
import { type Born, RIGHTS } from "./belongings.ts";
import { FileRegion, type RegionFile } from "./file_region.ts";

/** A file by a descriptor, which stays open: it is this process's for good. */
class DescriptorFile implements RegionFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  readAt(at: number, into: Uint8Array): number {
    return readSync(this.#descriptor, into, 0, into.length, at);
  }

  writeAt(at: number, bytes: Uint8Array): number {
    return writeSync(this.#descriptor, bytes, 0, bytes.length, at);
  }

  close(): void {}
}

/** A file that this process was started with. */
export class DescriptorRegion extends FileRegion {
  /** Checks that it is what is wanted. */
  static of({ id, descriptor, rights }: Born, { size }: Wanted): DescriptorRegion {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size < size!) {
      throw new TypeError("its file was made shorter");
    }
    const name = Name.read(new DataView(id.buffer, id.byteOffset, id.length), 0);
    const readOnly = (rights & RIGHTS.write) === 0;
    return new DescriptorRegion(name, size!, new DescriptorFile(descriptor), {
      readOnly,
    });
  }
}

/** Opens a descriptor of the file at `path`, for a child. */
export function openDescriptor(
  path: string,
  readOnly: boolean,
): { readonly number: number; close(): void } {
  const number = openSync(path, readOnly ? "r" : "r+");
  return { number, close: () => closeSync(number) };
}
