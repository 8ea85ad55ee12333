/**
 * Memory that is shared, as one process or thread has it, and what is mapped of it.
 *
 * @module
 */
import { MisuseError, SharedBufferError } from "../errors.ts";
import type { Name } from "../names.ts";

/** The most bytes that a shared buffer may have: 1 GiB. */
export const MAX_SHARED_BUFFER_BYTES: number = 1024 * 1024 * 1024;

/**
 * What a shared buffer is made of, and so how far it reaches:
 *
 * - `thread`: a `SharedArrayBuffer`. Threads of this process map it; no other process can.
 * - `file`: an unlinked or private file. Whoever can be given it reads and writes it at offsets.
 * - `memory`: memory of the operating system. Processes with the permission `ffi` map it.
 */
export type SharedBufferBacking = "thread" | "file" | "memory";

/** Shared memory as it is open here. It is closed once nobody uses it: no handle, mapping or keeper. */
export abstract class Region {
  /** Its name, the same for everybody. */
  readonly id: Name;
  /** Bytes. */
  readonly size: number;
  #users = 0;

  /** Has no user yet. */
  constructor(id: Name, size: number) {
    this.id = id;
    this.size = size;
  }

  /** What it is made of. */
  abstract readonly backing: SharedBufferBacking;

  /** Maps a part that is known to be within it. */
  abstract map(offset: number, length: number, readOnly: boolean): SharedMapping;

  /** Gives back what it holds. */
  protected abstract close(): void;

  /** One more uses it. */
  retain(): this {
    this.#users++;
    return this;
  }

  /** One less does. */
  release(): void {
    if (--this.#users === 0) this.close();
  }
}

/** A part of a shared buffer, to be read and written until it is unmapped. */
export abstract class Mapping implements Disposable {
  /** Bytes. */
  readonly length: number;
  /** Whether it can only be read. */
  readonly readOnly: boolean;
  readonly #region: Region;
  #isMapped = true;

  /** Uses `region` until it is unmapped. */
  constructor(region: Region, length: number, readOnly: boolean) {
    this.#region = region.retain();
    this.length = length;
    this.readOnly = readOnly;
  }

  /**
   * Copies the bytes from `at` on into all of `into`.
   *
   * @throws {MisuseError} `OUT_OF_RANGE` if there are not so many, `INVALID_ARGUMENT` once it is unmapped
   * @throws {SharedBufferError} if whoever else has the buffer has made it shorter
   */
  readAt(at: number, into: Uint8Array): void {
    this.#check("read", at, into);
    this.copyOut(at, into);
  }

  /**
   * Copies all of `bytes` to `at`.
   *
   * @throws {MisuseError} `PERMISSION_DENIED` if it can only be read, `OUT_OF_RANGE` if there is no room,
   * `INVALID_ARGUMENT` once it is unmapped
   */
  writeAt(at: number, bytes: Uint8Array): void {
    this.#check("write", at, bytes);
    if (this.readOnly) {
      throw new MisuseError(
        "PERMISSION_DENIED",
        "Cannot write shared buffer: it was mapped from a read-only handle",
      );
    }
    this.copyIn(at, bytes);
  }

  /** Gives it back. What others have mapped stays. Doing so twice does nothing. */
  unmap(): void {
    if (!this.#isMapped) return;
    this.#isMapped = false;
    this.drop();
    this.#region.release();
  }

  /** As {@linkcode unmap}. */
  [Symbol.dispose](): void {
    this.unmap();
  }

  /** Copies bytes that are known to be there out of it. */
  protected abstract copyOut(at: number, into: Uint8Array): void;
  /** Copies bytes for which there is known to be room into it. */
  protected abstract copyIn(at: number, bytes: Uint8Array): void;
  /** It is used no more. */
  protected drop(): void {}

  /** Throws once it is unmapped. */
  protected checkMapped(what: string): void {
    if (this.#isMapped) return;
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot ${what} shared buffer: it was unmapped`,
    );
  }

  #check(what: string, at: number, bytes: unknown): void {
    this.checkMapped(what);
    if (!(bytes instanceof Uint8Array)) {
      throw new MisuseError(
        "INVALID_ARGUMENT",
        `Cannot ${what} shared buffer: bytes must be in a Uint8Array`,
      );
    }
    if (!Number.isSafeInteger(at) || at < 0 || at + bytes.length > this.length) {
      throw new MisuseError(
        "OUT_OF_RANGE",
        `Cannot ${what} shared buffer: ${this.length} bytes are mapped: received ${bytes.length} at ${at}`,
      );
    }
  }
}

/** Memory, in place: what is written to {@linkcode bytes} is there for everybody at once. */
export class MemoryMapping extends Mapping {
  /** Tells it from a {@linkcode FileMapping}. */
  readonly access = "memory";
  readonly #bytes: Uint8Array;
  readonly #unmap: (() => void) | undefined;

  /** Maps `bytes`, and calls `unmap` once it is given back. Made by `SharedBuffer.map`. */
  constructor(region: Region, bytes: Uint8Array, readOnly: boolean, unmap?: () => void) {
    super(region, bytes.length, readOnly);
    this.#bytes = bytes;
    this.#unmap = unmap;
  }

  /**
   * The bytes themselves. Others may change them at any moment: what is decided on, copy first. Do not use
   * them once the mapping is given back.
   *
   * Of a mapping that is `readOnly` they are to be read only. Memory between processes is protected: storing
   * there ends the process that does so. Memory between threads cannot be.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` once it is unmapped
   */
  get bytes(): Uint8Array {
    this.checkMapped("use");
    return this.#bytes;
  }

  /** See {@linkcode Mapping}. */
  protected override copyOut(at: number, into: Uint8Array): void {
    into.set(this.#bytes.subarray(at, at + into.length));
  }

  /** See {@linkcode Mapping}. */
  protected override copyIn(at: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, at);
  }

  /** See {@linkcode Mapping}. */
  protected override drop(): void {
    this.#unmap?.();
  }
}

/** Reads and writes an open file, at offsets. Returns how many bytes there were. */
export interface FileAccess {
  /** Reads at most all of `into`. */
  readAt(at: number, into: Uint8Array): number;
  /** Writes at most all of `bytes`. */
  writeAt(at: number, bytes: Uint8Array): number;
}

/**
 * A file, through calls: what is written is there for everybody as the call returns, and there is no memory
 * to look at.
 */
export class FileMapping extends Mapping {
  /** Tells it from a {@linkcode MemoryMapping}. */
  readonly access = "file";
  readonly #file: FileAccess;
  readonly #offset: number;

  /** Maps `length` bytes of `file` from `offset` on. Made by `SharedBuffer.map`. */
  constructor(
    region: Region,
    file: FileAccess,
    offset: number,
    length: number,
    readOnly: boolean,
  ) {
    super(region, length, readOnly);
    this.#file = file;
    this.#offset = offset;
  }

  /** See {@linkcode Mapping}. */
  protected override copyOut(at: number, into: Uint8Array): void {
    for (let done = 0; done < into.length;) {
      const count = this.#file.readAt(this.#offset + at + done, into.subarray(done));
      // TRUST: whoever may write a file may also cut it off.
      if (count === 0) throw new SharedBufferError("shrunk", "the file was made shorter");
      done += count;
    }
  }

  /** See {@linkcode Mapping}. */
  protected override copyIn(at: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      done += this.#file.writeAt(this.#offset + at + done, bytes.subarray(done));
    }
  }
}

/** What {@linkcode SharedBuffer.map} resolves to: memory in place, or a file through calls. */
export type SharedMapping = MemoryMapping | FileMapping;
