/**
 * Memory of the operating system: made, checked, sealed. What it is mapped to is in `libc_pages.ts`.
 *
 * TRUST: whoever has a descriptor of memory can do to it what its seals allow. What may become shorter kills
 * whoever touches the end of it (SIGBUS); so nothing is mapped here that is not sealed against it.
 *
 * @module
 */
import {
  call,
  closeDescriptor,
  cString,
  duplicateDescriptor,
  Errno,
  Fcntl,
  libc,
  Memfd,
  Open,
  Seal,
  SystemError,
  TMPFS_MAGIC,
} from "./libc.ts";

/** How much memory to get in one call, which a signal starts anew. */
const STEP_BYTES = 16n * 1024n * 1024n;
/** `statx`: this descriptor, and how long it is. */
const AT_EMPTY_PATH = 0x1000, STATX_SIZE = 0x200, STATX_BYTES = 256, STX_SIZE_AT = 40;
const STATFS_BYTES = 128;
/** What every shared buffer is sealed against. */
const SIZE_SEALS = Seal.SHRINK | Seal.GROW;
/** What of it means that nobody can start to write it any more. */
const WRITE_SEALS = Seal.WRITE | Seal.FUTURE_WRITE;

/**
 * Makes memory of that size, and has it at once: what is promised only cannot fail later than here but by
 * killing whoever touches it.
 *
 * @throws {SystemError} if there is none
 */
export function createMemory(name: string, bytes: number): number {
  const { memfd_create, ftruncate, fallocate } = libc();
  const label = cString(name), flags = Memfd.CLOEXEC | Memfd.ALLOW_SEALING;
  let fd: number;
  try {
    fd = call("memfd_create", () => memfd_create(label, flags | Memfd.NOEXEC_SEAL));
  } catch (error) {
    // Linux before 6.3 does not know that memory need not be a program.
    if ((error as SystemError).errno !== Errno.EINVAL) throw error;
    fd = call("memfd_create", () => memfd_create(label, flags));
  }
  try {
    const end = BigInt(bytes);
    call("ftruncate", () => ftruncate(fd, end));
    for (let at = 0n; at < end; at += STEP_BYTES) {
      const step = end - at < STEP_BYTES ? end - at : STEP_BYTES;
      call("fallocate", () => fallocate(fd, 0, at, step));
    }
    addSeals(fd, SIZE_SEALS);
    return fd;
  } catch (error) {
    closeDescriptor(fd);
    throw error;
  }
}

/** What is known of a descriptor of memory. */
export interface MemoryFacts {
  /** Bytes. */
  readonly size: number;
  /** Whether nobody can change that. */
  readonly isSized: boolean;
  /** Whether nobody can map it to write, or write to it, any more. */
  readonly isReadOnly: boolean;
  /** Whether this descriptor was opened to read and to write. */
  readonly isWritable: boolean;
}

/**
 * What `fd` is. `null` unless it is memory that can be sealed, in pages of the usual size.
 *
 * TRUST: it may be anything. Whether it has seals is asked first, which no file system has a say in.
 */
export function memoryFacts(fd: number): MemoryFacts | null {
  const { fcntl, fstatfs, statx } = libc();
  try {
    const seals = call("fcntl", () => fcntl(fd, Fcntl.GET_SEALS, 0));
    const statfs = new DataView(new ArrayBuffer(STATFS_BYTES));
    call("fstatfs", () => fstatfs(fd, new Uint8Array(statfs.buffer)));
    if (statfs.getBigInt64(0, true) !== TMPFS_MAGIC) return null;
    const stat = new DataView(new ArrayBuffer(STATX_BYTES)), path = cString("");
    call(
      "statx",
      () => statx(fd, path, AT_EMPTY_PATH, STATX_SIZE, new Uint8Array(stat.buffer)),
    );
    const mode = call("fcntl", () => fcntl(fd, Fcntl.GETFL, 0)) & Open.ACCMODE;
    return {
      size: Number(stat.getBigUint64(STX_SIZE_AT, true)),
      isSized: (seals & SIZE_SEALS) === SIZE_SEALS,
      isReadOnly: (seals & WRITE_SEALS) !== 0,
      isWritable: mode === Open.RDWR,
    };
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
}

/**
 * Seals the size of memory.
 *
 * @throws {SystemError} if it cannot be sealed any more, or was opened to be read only
 */
export function sealSize(fd: number): void {
  addSeals(fd, SIZE_SEALS);
}

/**
 * Has nobody map the memory to write any more, however its descriptor is opened. What is mapped already can
 * still be written.
 *
 * @throws {SystemError} if it cannot be sealed any more, or was opened to be read only
 */
export function sealWriting(fd: number): void {
  addSeals(fd, Seal.FUTURE_WRITE);
}

/**
 * Another descriptor of the same memory, to be read only: opened so, where /proc is there for it. It is the
 * seal that holds; this is what makes the first attempt fail.
 *
 * @throws {SystemError} if there are too many descriptors
 */
export function readOnlyDescriptor(fd: number): number {
  const path = cString(`/proc/self/fd/${fd}`);
  const opened = libc().open(path, Open.RDONLY | Open.CLOEXEC);
  return opened >= 0 ? opened : duplicateDescriptor(fd);
}

function addSeals(fd: number, seals: number): void {
  const { fcntl } = libc();
  call("fcntl", () => fcntl(fd, Fcntl.ADD_SEALS, seals));
}
