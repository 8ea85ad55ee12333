/**
 * Memory of the operating system as a shared buffer.
 *
 * @module
 */
import { MisuseError, SharedBufferError } from "../core/errors.ts";
import type { Name } from "../core/names.ts";
import { MemoryMapping, Region } from "../core/system/region.ts";
import { closeDescriptor, duplicateDescriptor, Errno, SystemError } from "./libc.ts";
import { memoryFacts, readOnlyDescriptor, sealWriting } from "./libc_memory.ts";
import { mapPages, type Pages } from "./libc_pages.ts";

/** A descriptor of memory that cannot become shorter. It is closed with the region. */
export class MemoryRegion extends Region {
  readonly backing = "memory";
  readonly #fd: number;

  /** Takes over `fd`, which is known to be of memory of that size, and to stay so. */
  constructor(id: Name, size: number, fd: number) {
    super(id, size);
    this.#fd = fd;
  }

  /**
   * Takes over a descriptor that came from elsewhere. It is closed if it is not what was promised.
   *
   * @throws {TypeError} if so
   */
  static adopt(id: Name, size: number, fd: number): MemoryRegion {
    const facts = memoryFacts(fd);
    // TRUST: whoever sent it may have sent anything. What is touched behind its end kills the process.
    if (facts === null || !facts.isSized || facts.size < size) {
      closeDescriptor(fd);
      throw new TypeError(
        facts === null
          ? "what was left for it is no memory"
          : facts.isSized
          ? "its memory has too few bytes"
          : "its memory could be made shorter, which would kill this process",
      );
    }
    return new MemoryRegion(id, size, fd);
  }

  override map(offset: number, length: number, readOnly: boolean): PageMapping {
    try {
      return new PageMapping(
        this,
        mapPages(this.#fd, offset, length, readOnly),
        readOnly,
      );
    } catch (cause) {
      if (!(cause instanceof SystemError)) throw cause;
      if (cause.errno === Errno.EPERM || cause.errno === Errno.EACCES) {
        const why = "its memory was sealed against writing, which its handle allows";
        throw new SharedBufferError("unavailable", why, { cause });
      }
      throw new MisuseError(
        "RESOURCE_EXHAUSTED",
        `Cannot map shared buffer: ${cause.message}`,
      );
    }
  }

  /**
   * Another descriptor of it, which belongs to the caller. With `readOnly`, nobody can map it to write from
   * then on, in no process: not with this descriptor, and not with any other.
   *
   * @throws {SystemError} if there are too many descriptors, or it can be sealed no more
   */
  descriptor(readOnly: boolean): number {
    if (!readOnly) return duplicateDescriptor(this.#fd);
    if (memoryFacts(this.#fd)?.isReadOnly !== true) sealWriting(this.#fd);
    return readOnlyDescriptor(this.#fd);
  }

  protected override close(): void {
    closeDescriptor(this.#fd);
  }
}

/** Mapped memory of the operating system. */
export class PageMapping extends MemoryMapping {
  /** What it is a part of. */
  readonly region: MemoryRegion;
  readonly #pages: Pages;

  /** Takes over `pages`. */
  constructor(region: MemoryRegion, pages: Pages, readOnly: boolean) {
    super(region, pages.bytes, readOnly, () => pages.vacate());
    this.region = region;
    this.#pages = pages;
  }

  /**
   * The bytes themselves. Others may change them at any moment: what is decided on, copy first. Once the
   * mapping is given back, they have no length. Their `buffer` begins where a page of memory does, which may
   * be before them: whoever makes other views of it goes by `byteOffset`.
   *
   * Of a mapping that is `readOnly` they can only be read: a store, as in `bytes[0] = 1`, kills this process,
   * and so does a call that fills them. The operating system refuses the store, and nothing in JavaScript can
   * catch that. `writeAt` throws instead.
   *
   * Transferring their `buffer` to a worker gives them to that worker for good: their memory is not given back
   * before the process ends.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` once it is unmapped
   */
  override get bytes(): Uint8Array {
    this.#pages.wasLent = true;
    return super.bytes;
  }

  protected override copyOut(at: number, into: Uint8Array): void {
    this.#checkHere("read");
    super.copyOut(at, into);
  }

  protected override copyIn(at: number, bytes: Uint8Array): void {
    this.#checkHere("write");
    super.copyIn(at, bytes);
  }

  #checkHere(what: string): void {
    if (!this.#pages.isTransferred) return;
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot ${what} shared buffer: the bytes of this mapping were transferred`,
    );
  }
}
