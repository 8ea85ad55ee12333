/**
 * The launcher's side of what a child is born with: opens a descriptor for each thing, which the child
 * inherits and this process closes again.
 *
 * @module
 */
import { MisuseError } from "../core/errors.ts";
import { heldEnd } from "../core/system/handle.ts";
import type { Region, SharedBufferBacking } from "../core/system/region.ts";
import type { SharedBuffer } from "../core/system/shared_buffer.ts";
import type { SharedBufferEnd } from "../core/system/shared_buffer_end.ts";
import { type BornSet, RIGHTS } from "./belongings.ts";
import { giveBorn } from "./birth_door.ts";
import { openDescriptor } from "./descriptor_region.ts";
import { FileRegion } from "./file_region.ts";

/** A descriptor of this process. */
export interface Descriptor {
  /** Its number. */
  readonly number: number;
  /** A child has it, or never will. */
  close(): void;
}

/** Opens a descriptor of a region that gives no right but to read, or to read and write. */
export type DescriptorOf = (region: Region, readOnly: boolean) => Descriptor | null;

/** By what regions are made of. */
const ways = new Map<SharedBufferBacking, DescriptorOf>([
  ["file", (region, readOnly) => {
    if (!(region instanceof FileRegion) || region.path === null) return null;
    return openDescriptor(region.path, readOnly);
  }],
]);

/** Says how to open descriptors of regions of one kind. */
export function descriptorOf(backing: SharedBufferBacking, way: DescriptorOf): void {
  ways.set(backing, way);
}

/** Descriptors that a child is about to be started with. */
export class Birth {
  readonly #id: Uint8Array<ArrayBuffer> = crypto.getRandomValues(new Uint8Array(16));
  readonly #opened: {
    readonly thing: Region;
    readonly descriptor: Descriptor;
    readonly rights: number;
  }[] = [];
  #takeBack: (() => void) | undefined;
  #isClosed = false;

  /**
   * Opens one for each of `buffers`, which are borrowed.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if one is spent, `FAILED_PRECONDITION` if there is no descriptor
   * of it here
   */
  constructor(buffers: readonly SharedBuffer[]) {
    try {
      for (const buffer of buffers) this.#open(buffer);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Their numbers in this process. */
  get numbers(): number[] {
    return this.#opened.map(({ descriptor }) => descriptor.number);
  }

  /** A child was started with them as its descriptors from `first`. Returns what to tell it. */
  bear(first: number): BornSet {
    const given = this.#opened.map(({ thing, rights }, i) => {
      return { thing, rights, descriptor: first + i };
    });
    this.#takeBack = giveBorn(this.#id, given);
    const descriptors = given.map(({ thing, rights, descriptor }) => {
      const id = new Uint8Array(16);
      thing.id.write(new DataView(id.buffer), 0);
      return { id, rights, descriptor };
    });
    return { id: this.#id, descriptors };
  }

  /** The child has them: they are not needed here. Doing so twice does nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { descriptor } of this.#opened) descriptor.close();
  }

  /** The child has exited. */
  release(): void {
    this.#takeBack?.();
  }

  #open(buffer: SharedBuffer): void {
    const { region, mode } = heldEnd(buffer, "hand over") as SharedBufferEnd;
    const readOnly = mode === "read-only";
    const way = region === null ? undefined : ways.get(region.backing);
    const descriptor = way?.(region!, readOnly) ?? null;
    if (descriptor === null) {
      throw new MisuseError(
        "FAILED_PRECONDITION",
        "Option 'descriptors' must hold buffers that this process has made, with createSharedFile: one that was sent here has to be mapped once before",
      );
    }
    const rights = readOnly ? RIGHTS.read : RIGHTS.read | RIGHTS.write;
    this.#opened.push({ thing: region!, descriptor, rights });
  }
}
