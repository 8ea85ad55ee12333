/**
 * Shared memory for processes that may not call the operating system: a file that each of them reads and
 * writes at offsets.
 *
 * @module
 */
import { MisuseError, PermissionError } from "../core/errors.ts";
import { ownRuntime } from "../core/system/node_runtime.ts";
import { checkSize, type SharedBuffer } from "../core/system/shared_buffer.ts";
import { DenoRegionFile, FileRegion } from "./file_region.ts";
import { checkPlace, PrivateDirectory, removeAll } from "./private_directory.ts";

/** Where a shared file is made. */
export interface SharedFileOptions {
  /**
   * The directory in which this process makes a private one. Default: the one for temporary files; in a child
   * that was started with the option `sharedFiles`, the directory that it was given.
   */
  readonly directory?: string | URL;
}

/**
 * Makes memory that processes share: a file, which everybody who has a handle reads and writes at offsets, by
 * `readAt` and `writeAt`. It is zero at first, and takes room on the disk only where it was written.
 *
 * A child maps it if its launcher, which has to be the process that makes it, has started it with the option
 * `sharedFiles` or, by name, with the option `descriptors` of `Invitation.spawn`. What a child makes, its
 * launcher can map, and nobody else. Whoever has a read-only handle cannot write, whatever it does: it can
 * open the file only to read it, unless it may write everything there anyway. Whoever may write may also cut
 * it off: then reading throws `SharedBufferError`, until somebody has written there again.
 *
 * The file is in a directory of mode 700, and goes when nobody has a handle on it or has mapped it here; the
 * directory goes with its last file. A process that is killed or ends by an uncaught error leaves both behind,
 * and so does a worker that ends. When the disk is full, `writeAt` throws what the operating system says.
 *
 * ```ts
 * import { createSharedFile } from "@mage/ipc";
 *
 * using buffer = createSharedFile(4096);
 * using mapping = await buffer.map(0, 16);
 * mapping.writeAt(0, new TextEncoder().encode("hello"));
 * ```
 *
 * Source: MojoCreateSharedBuffer.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` unless `bytes` is a whole number above zero; `RESOURCE_EXHAUSTED`
 * for more than `MAX_SHARED_BUFFER_BYTES`, or if the file cannot be made
 * @throws {TypeError} if `directory` is no place for it
 * @throws {PermissionError} if this process may not read and write there; names the flags to add
 */
export function createSharedFile(
  bytes: number,
  options: SharedFileOptions = {},
): SharedBuffer {
  checkSize(bytes);
  const store = storeFor(options), runtime = ownRuntime(), { names } = runtime.node;
  try {
    // Its id is no secret; where it is need not be known.
    const file = store.make(names.next().toString(), bytes);
    const region = new FileRegion(names.next(), bytes, file.access, file);
    return runtime.share(region, "writable");
  } catch (cause) {
    const why = `Cannot create shared buffer of ${bytes} bytes: ${cause}`;
    throw new MisuseError("RESOURCE_EXHAUSTED", why);
  }
}

/** Where this process makes files. */
class Store {
  /** Those with files in them, by what their makers asked for. */
  static readonly all: Map<true | string, Store> = new Map();

  readonly #where: true | string;
  #directory: PrivateDirectory | null = null;
  #files = 0;

  constructor(where: true | string) {
    this.#where = where;
  }

  /** Makes a file. */
  make(name: string, size: number): { access: DenoRegionFile; path: string } {
    this.#files++;
    let path = "";
    const done = () => this.#release(path);
    try {
      path = `${this.#path()}/${name}`;
      return { access: createFile(path, size, done), path };
    } catch (error) {
      done();
      throw error;
    }
  }

  #path(): string {
    Store.all.set(this.#where, this);
    return (this.#directory ??= new PrivateDirectory(this.#where)).path;
  }

  #release(path: string): void {
    if (path !== "") removeAll(path);
    if (--this.#files > 0) return;
    Store.all.delete(this.#where);
    this.#directory?.remove();
    this.#directory = null;
  }
}

let given: string | null = null;

/** From now on files are made in `directory`, which the launcher of this process has given it and removes. */
export function makeFilesIn(directory: string): void {
  given = directory;
}

/** Files there. */
const GIVEN = {
  make: (name: string, size: number): { access: DenoRegionFile; path: string } => {
    const path = `${given}/${name}`;
    return { access: createFile(path, size, () => removeAll(path)), path };
  },
};

function createFile(path: string, size: number, done: () => void): DenoRegionFile {
  const file = Deno.openSync(path, {
    read: true,
    write: true,
    createNew: true,
    mode: 0o600,
  });
  try {
    file.truncateSync(size);
  } catch (error) {
    file.close();
    removeAll(path);
    throw error;
  }
  return new DenoRegionFile(file, done);
}

function storeFor({ directory }: SharedFileOptions): Pick<Store, "make"> {
  if (directory === undefined && given !== null) return GIVEN;
  const where = directory === undefined ? true : checkPlace("directory", directory);
  const path = where === true ? {} : { path: where };
  const missing = (["read", "write"] as const).filter((name) =>
    Deno.permissions.querySync({ name, ...path }).state !== "granted"
  );
  if (missing.length > 0) {
    const value = where === true ? "" : `=${where}`;
    const flags = missing.map((name) => `--allow-${name}${value}`);
    throw new PermissionError("Creating a shared file", flags);
  }
  return Store.all.get(where) ?? new Store(where);
}
