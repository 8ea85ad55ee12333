/**
 * A file as shared memory: read and written by calls, at offsets.
 *
 * @module
 */
import type { Name } from "../core/names.ts";
import { type FileAccess, FileMapping, Region } from "../core/system/region.ts";

/** An open file that a region is made of. */
export interface RegionFile extends FileAccess {
  /** Nobody uses it any more. */
  close(): void;
}

/** What else is known of a file. */
export interface FileRegionOptions {
  /** Where others can be given a link to it, or have it opened. */
  readonly path?: string;
  /** Whether it was opened only to be read. */
  readonly readOnly?: boolean;
}

/** A file that this process has open. */
export class FileRegion extends Region {
  override readonly backing = "file";
  /** The open file. It is closed with the region. */
  readonly file: RegionFile;
  /** Where it is, if this process is the one to give it to others. */
  readonly path: string | null;
  readonly #readOnly: boolean;

  /** Takes over `file`, of which `size` bytes count. */
  constructor(id: Name, size: number, file: RegionFile, options: FileRegionOptions = {}) {
    super(id, size);
    this.file = file;
    this.path = options.path ?? null;
    this.#readOnly = options.readOnly ?? false;
  }

  override map(offset: number, length: number, readOnly: boolean): FileMapping {
    return new FileMapping(this, this.file, offset, length, readOnly || this.#readOnly);
  }

  protected override close(): void {
    this.file.close();
  }
}

/** A file of Deno. It has one position, which is moved before every call that is not where the last ended. */
export class DenoRegionFile implements RegionFile {
  readonly #file: Deno.FsFile;
  readonly #closed: (() => void) | undefined;
  #position = -1;
  #isTaken = false;

  /** Takes over `file`, and calls `closed` once it is closed. */
  constructor(file: Deno.FsFile, closed?: () => void) {
    this.#file = file;
    this.#closed = closed;
  }

  /** See {@linkcode FileAccess.readAt}. */
  readAt(at: number, into: Uint8Array): number {
    this.#seek(at);
    const count = this.#file.readSync(into) ?? 0;
    this.#position = at + count;
    return count;
  }

  /** See {@linkcode FileAccess.writeAt}. */
  writeAt(at: number, bytes: Uint8Array): number {
    this.#seek(at);
    const count = this.#file.writeSync(bytes);
    this.#position = at + count;
    return count;
  }

  /** Takes the file out of it, for who is the only one to use it. It is not closed here any more. */
  take(): Deno.FsFile {
    this.#isTaken = true;
    return this.#file;
  }

  /** See {@linkcode RegionFile.close}. */
  close(): void {
    if (!this.#isTaken) this.#file.close();
    this.#closed?.();
  }

  #seek(at: number): void {
    if (this.#position === at) return;
    this.#position = -1; // Until it is known again: what follows may throw.
    this.#file.seekSync(at, Deno.SeekMode.Start);
  }
}
