/**
 * A file by its descriptor, for who may call the operating system: the way to one that was received. Its
 * position is that of the file, for all who have it.
 *
 * The calls are not waited for elsewhere: a file on a disk answers at once. What may not is no such file.
 *
 * @module
 */
import { DescriptorFile } from "./descriptor_file.ts";
import {
  call,
  closeDescriptor,
  cString,
  duplicateDescriptor,
  Fcntl,
  libc,
  Open,
  Socket,
  SystemError,
} from "./libc.ts";

const AT_EMPTY_PATH = 0x1000, STATX_BASIC = 0x7ff, STATX_BTIME = 0x800;
const STATX_BYTES = 256;
/** What kind of file a mode tells. */
const Kind = {
  MASK: 0o170000,
  FIFO: 0o010000,
  CHAR: 0o020000,
  DIRECTORY: 0o040000,
  BLOCK: 0o060000,
  FILE: 0o100000,
  LINK: 0o120000,
  SOCKET: 0o140000,
} as const;

/** An open file. */
export class LibcFile extends DescriptorFile {
  readonly #fd: number;

  /** Takes over a descriptor of a file on a disk. */
  constructor(fd: number) {
    super();
    this.#fd = fd;
  }

  /** As {@linkcode fileDescriptor}, where it stands. `null` once it was closed. */
  duplicate(readOnly: boolean): number | null {
    return this.isClosed ? null : fileDescriptor(this.#fd, null, readOnly);
  }

  override async read(into: Uint8Array): Promise<number | null> {
    const count = await this.#call(
      "read",
      (fd) => libc().read(fd, into as Uint8Array<ArrayBuffer>, BigInt(into.length)),
    );
    return count === 0 && into.length > 0 ? null : count;
  }

  override async write(bytes: Uint8Array): Promise<number> {
    return await this.#call(
      "write",
      (fd) => libc().write(fd, bytes as Uint8Array<ArrayBuffer>, BigInt(bytes.length)),
    );
  }

  override async seek(offset: number | bigint, whence: Deno.SeekMode): Promise<number> {
    return await this.#call("lseek", (fd) => libc().lseek(fd, BigInt(offset), whence));
  }

  override async stat(): Promise<Deno.FileInfo> {
    return await Promise.resolve(fileInfo(this.#open));
  }

  override async truncate(length: number = 0): Promise<void> {
    await this.#call("ftruncate", (fd) => libc().ftruncate(fd, BigInt(length)));
  }

  override async sync(): Promise<void> {
    await this.#call("fsync", (fd) => libc().fsync(fd));
  }

  override async syncData(): Promise<void> {
    await this.#call("fdatasync", (fd) => libc().fdatasync(fd));
  }

  protected override closeDescriptor(): void {
    closeDescriptor(this.#fd);
  }

  get #open(): number {
    this.checkOpen();
    return this.#fd;
  }

  // deno-lint-ignore require-await
  async #call(what: string, does: (fd: number) => number | bigint): Promise<number> {
    const fd = this.#open;
    try {
      return call(what, () => does(fd));
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      const words = error.message.slice(what.length + 2);
      throw new Error(`${words} (os error ${error.errno})`, { cause: error });
    }
  }
}

/**
 * A duplicate of the descriptor of a file, at `position`. `null` unless it is a file on a disk, and, when
 * `readOnly`, was opened to be read alone.
 *
 * @throws {SystemError} if there are too many
 */
export function fileDescriptor(
  fd: number,
  position: number | null,
  readOnly: boolean,
): number | null {
  const { fcntl, lseek } = libc();
  if (!isFile(fd)) return null;
  const mode = call("fcntl", () => fcntl(fd, Fcntl.GETFL, 0)) & Open.ACCMODE;
  if (readOnly && mode !== Open.RDONLY) return null;
  const own = duplicateDescriptor(fd);
  // The position is that of both.
  if (position !== null) call("lseek", () => lseek(own, BigInt(position), 0));
  return own;
}

/** Whether it is a file on a disk. */
export function isFile(fd: number): boolean {
  return fileInfo(fd).isFile;
}

/** Whether it is a stream socket, and listens or not; `null` if it is something else. */
export function streamSocket(fd: number): "listener" | "conn" | null {
  try {
    if (option(fd, Socket.SO_TYPE) !== Socket.STREAM) return null;
    return option(fd, Socket.SO_ACCEPTCONN) === 1 ? "listener" : "conn";
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
}

function option(fd: number, name: number): number {
  const { getsockopt } = libc(), value = new Int32Array(1);
  const length = new Uint8Array(new Uint32Array([4]).buffer);
  const into = new Uint8Array(value.buffer);
  call("getsockopt", () => getsockopt(fd, Socket.SOL_SOCKET, name, into, length));
  return value[0]!;
}

function fileInfo(fd: number): Deno.FileInfo {
  const bytes = new Uint8Array(STATX_BYTES), view = new DataView(bytes.buffer);
  const path = cString(""), mask = STATX_BASIC | STATX_BTIME;
  call("statx", () => libc().statx(fd, path, AT_EMPTY_PATH, mask, bytes));
  const u32 = (at: number) => view.getUint32(at, true);
  const u64 = (at: number) => Number(view.getBigUint64(at, true));
  const time = (at: number) =>
    new Date(Number(view.getBigInt64(at, true)) * 1000 + Math.floor(u32(at + 8) / 1e6));
  // As the system packs both parts of a device into one number.
  const device = (at: number) => {
    const major = u32(at), minor = u32(at + 4);
    return (minor & 0xff) + (major & 0xfff) * 256 + (minor >>> 8) * 2 ** 20;
  };
  const mode = view.getUint16(28, true), kind = mode & Kind.MASK;
  return {
    isFile: kind === Kind.FILE,
    isDirectory: kind === Kind.DIRECTORY,
    isSymlink: kind === Kind.LINK,
    isBlockDevice: kind === Kind.BLOCK,
    isCharDevice: kind === Kind.CHAR,
    isFifo: kind === Kind.FIFO,
    isSocket: kind === Kind.SOCKET,
    size: u64(40),
    blksize: u32(4),
    nlink: u32(16),
    uid: u32(20),
    gid: u32(24),
    mode,
    ino: u64(32),
    blocks: u64(48),
    atime: time(64),
    birthtime: (u32(0) & STATX_BTIME) !== 0 ? time(80) : null,
    ctime: time(96),
    mtime: time(112),
    rdev: device(128),
    dev: device(136),
  };
}
