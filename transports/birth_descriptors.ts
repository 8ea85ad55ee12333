/**
 * The launcher's side of what a child is born with: opens a descriptor for each thing, which the child
 * inherits and this process closes again.
 *
 * @module
 */
import { MisuseError } from "../core/errors.ts";
import type { Name } from "../core/names.ts";
import { heldEnd } from "../core/system/handle.ts";
import { PlatformHandle } from "../core/system/platform_handle.ts";
import type { SharedBuffer } from "../core/system/shared_buffer.ts";
import type { SharedBufferEnd } from "../core/system/shared_buffer_end.ts";
import { writePosition } from "./adoption.ts";
import { type BornSet, HELD, RIGHTS } from "./belongings.ts";
import { giveBorn, type GivenDescriptor } from "./birth_door.ts";
import { openDescriptor } from "./descriptor_region.ts";
import { FileRegion } from "./file_region.ts";
import { NodeFile } from "./node_file.ts";
import { duplicate } from "./node_handle.ts";
import { openNative, wholeSocket } from "./node_opening.ts";
import { WRAPPED } from "./serve/kept.ts";
import type { Native } from "./serve/native.ts";
import { ALL_RIGHTS } from "./serve/rights.ts";

/** A descriptor of this process. */
export interface Descriptor {
  /** Its number. */
  readonly number: number;
  /** A child has it, or never will. */
  close(): void;
}

/** What a child is about to be started with. */
interface Opened {
  readonly thing: unknown;
  /** What it is called by whoever has it: nothing but memory is. */
  readonly name: Name | null;
  readonly descriptor: Descriptor;
  readonly rights: number;
  readonly tell?: NonNullable<GivenDescriptor["tell"]>;
}

/** Descriptors that a child is about to be started with. */
export class Birth {
  readonly #id: Uint8Array<ArrayBuffer> = crypto.getRandomValues(new Uint8Array(16));
  readonly #opened: Opened[] = [];
  #takeBack: (() => void) | undefined;
  #isClosed = false;

  /**
   * Opens one for each of `handles`, which are borrowed.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if one is spent, `FAILED_PRECONDITION` if there is no descriptor
   * of it here
   */
  constructor(handles: readonly (SharedBuffer | PlatformHandle)[]) {
    try {
      for (const handle of handles) {
        this.#opened.push(
          handle instanceof PlatformHandle ? openKept(handle) : openRegion(handle),
        );
      }
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
    const given = this.#opened.map((opened, i) => {
      return { ...opened, descriptor: first + i };
    });
    this.#takeBack = giveBorn(this.#id, given);
    const descriptors = given.map(({ name, rights, descriptor }) => {
      const id = new Uint8Array(16);
      name?.write(new DataView(id.buffer), 0);
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
}

function openRegion(buffer: SharedBuffer): Opened {
  const { region, mode } = heldEnd(buffer, "hand over") as SharedBufferEnd;
  const readOnly = mode === "read-only";
  const descriptor = region instanceof FileRegion && region.path !== null
    ? openDescriptor(region.path, readOnly)
    : null;
  if (descriptor === null) {
    throw new MisuseError(
      "FAILED_PRECONDITION",
      "Option 'descriptors' must hold buffers that this process has made, with createSharedFile: one that was sent here has to be mapped once before",
    );
  }
  const rights = readOnly ? RIGHTS.read : RIGHTS.read | RIGHTS.write;
  return { thing: region!, name: region!.id, descriptor, rights };
}

function openKept(handle: PlatformHandle): Opened {
  heldEnd(handle, "hand over");
  const wrapped = WRAPPED.get(handle);
  // TRUST: whoever has a descriptor can do all that it was opened for.
  const opened = wrapped?.rights === ALL_RIGHTS
    ? openWhole(openNative(wrapped.native))
    : null;
  if (opened === null) {
    throw new MisuseError(
      "FAILED_PRECONDITION",
      `Option 'descriptors' must hold handles on what this process has wrapped of node:net or node:fs, with all rights, and nobody has used: received a ${handle.type} handle that can only be served`,
    );
  }
  return opened;
}

function openWhole(native: Native): Opened | null {
  if (native instanceof NodeFile) {
    const tell = () => {
      const { position } = native;
      return position === null ? null : writePosition(position);
    };
    // A child gets a duplicate of it: this one stays open.
    const descriptor = { number: native.descriptor, close: () => {} };
    if (native.position === null) return null;
    return { thing: native, name: null, descriptor, rights: HELD.file, tell };
  }
  const raw = wholeSocket(native), descriptor = raw && duplicate(raw);
  if (descriptor === null) return null;
  const rights = "accept" in native ? HELD.listener : HELD.conn;
  const tell = () => wholeSocket(native) === null ? null : new Uint8Array(0);
  return { thing: native, name: null, descriptor, rights, tell };
}
