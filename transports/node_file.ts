/**
 * A file of `node:fs`, which is the number of a descriptor, as if it were one of Deno's. It can be given to
 * another process as what it is.
 *
 * `node:fs` cannot ask a descriptor where it stands, nor move it: the position is this object's own, and
 * everything is read and written at it.
 *
 * @module
 */
import type { BigIntStats } from "node:fs";
import { DescriptorFile } from "./descriptor_file.ts";
import { closeFile, FILES } from "./node_native.ts";
import { Turns } from "./serve/turns.ts";

/** What `node:fs` calls back with. */
type Callback<T> = (error: Error | null, value: T) => void;
type NodeFs = typeof import("node:fs");

/** An open file. */
export class NodeFile extends DescriptorFile {
  /** Its number in this process. */
  readonly descriptor: number;
  #position: number;
  readonly #turns = new Turns();

  /** Takes over a descriptor of an open file. */
  constructor(descriptor: number, position: number = 0) {
    super();
    this.descriptor = descriptor;
    this.#position = position;
    FILES.add(descriptor);
  }

  /** Where it stands; `null` while something is done with it, and once it was closed. */
  get position(): number | null {
    return this.isClosed || this.#turns.isBusy ? null : this.#position;
  }

  override async read(into: Uint8Array): Promise<number | null> {
    return await this.#use(async (fs) => {
      if (into.length === 0) return 0;
      const at = this.#position;
      const count = await call<number>((done) =>
        fs.read(this.descriptor, into, 0, into.length, at, done)
      );
      this.#position = at + count;
      return count === 0 ? null : count;
    });
  }

  override async write(bytes: Uint8Array): Promise<number> {
    return await this.#use(async (fs) => {
      const at = this.#position;
      const count = await call<number>((done) =>
        fs.write(this.descriptor, bytes, 0, bytes.length, at, done)
      );
      this.#position = at + count;
      return count;
    });
  }

  override async seek(offset: number | bigint, whence: Deno.SeekMode): Promise<number> {
    return await this.#use(async (fs) => {
      const from = whence === 0
        ? 0
        : whence === 1
        ? this.#position
        : Number((await this.#stat(fs)).size);
      const position = from + Number(offset);
      if (!Number.isSafeInteger(position) || position < 0) {
        throw new TypeError("Invalid argument (os error 22)");
      }
      return this.#position = position;
    });
  }

  override async stat(): Promise<Deno.FileInfo> {
    return await this.#use(async (fs) => fileInfo(await this.#stat(fs)));
  }

  override async truncate(length: number = 0): Promise<void> {
    await this.#use((fs) => call((done) => fs.ftruncate(this.descriptor, length, done)));
  }

  override async sync(): Promise<void> {
    await this.#use((fs) => call((done) => fs.fsync(this.descriptor, done)));
  }

  override async syncData(): Promise<void> {
    await this.#use((fs) => call((done) => fs.fdatasync(this.descriptor, done)));
  }

  protected override closeDescriptor(): void {
    // What is under way goes by the number, which must not be another file's meanwhile.
    this.#turns.take(() => closeFile(this.descriptor));
  }

  async #use<T>(does: (fs: NodeFs) => Promise<T>): Promise<T> {
    this.checkOpen();
    return await this.#turns.take(async () => does(await import("node:fs")));
  }

  async #stat(fs: NodeFs): Promise<BigIntStats> {
    return await call<BigIntStats>((done) =>
      fs.fstat(this.descriptor, { bigint: true }, done)
    );
  }
}

async function call<T = void>(does: (done: Callback<T>) => void): Promise<T> {
  try {
    return await new Promise<T>((resolve, reject) =>
      does((error, value) => error ? reject(error) : resolve(value))
    );
  } catch (error) {
    throw systemError(error);
  }
}

/** In the words of the operating system, which are all that goes to another process. */
function systemError(error: unknown): unknown {
  const { code, errno, message } = error as {
    code?: unknown;
    errno?: unknown;
    message?: unknown;
  };
  if (typeof code !== "string" || typeof errno !== "number") return error;
  const text = /^\w+: ([^,]+)/.exec(String(message))?.[1] ?? code;
  const words = text[0]!.toUpperCase() + text.slice(1);
  return new Error(`${words} (os error ${Math.abs(errno)})`, { cause: error });
}

function fileInfo(stat: BigIntStats): Deno.FileInfo {
  const time = (ms: bigint) => ms > 0n ? new Date(Number(ms)) : null;
  return {
    isFile: stat.isFile(),
    isDirectory: stat.isDirectory(),
    isSymlink: stat.isSymbolicLink(),
    isBlockDevice: stat.isBlockDevice(),
    isCharDevice: stat.isCharacterDevice(),
    isFifo: stat.isFIFO(),
    isSocket: stat.isSocket(),
    size: Number(stat.size),
    dev: Number(stat.dev),
    ino: Number(stat.ino),
    mode: Number(stat.mode),
    nlink: Number(stat.nlink),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    rdev: Number(stat.rdev),
    blksize: Number(stat.blksize),
    blocks: Number(stat.blocks),
    mtime: time(stat.mtimeMs),
    atime: time(stat.atimeMs),
    birthtime: time(stat.birthtimeMs),
    ctime: time(stat.ctimeMs),
  };
}
