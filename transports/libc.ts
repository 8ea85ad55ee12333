/**
 * The functions of the operating system that this library calls itself, and the numbers they take. Nothing
 * is loaded before the first call, and then the permission `ffi` is needed.
 *
 * The numbers are those of Linux; they are the same on x86-64 and aarch64.
 *
 * @module
 */
import { MisuseError, PermissionError } from "../core/errors.ts";

/** `memfd_create`. */
export const Memfd = { CLOEXEC: 1, ALLOW_SEALING: 2, NOEXEC_SEAL: 8 } as const;
/** `fcntl`: what to do. */
export const Fcntl = {
  GETFL: 3,
  DUPFD_CLOEXEC: 1030,
  ADD_SEALS: 1033,
  GET_SEALS: 1034,
} as const;
/** What can never be done again to memory that is sealed. */
export const Seal = { SHRINK: 2, GROW: 4, WRITE: 8, FUTURE_WRITE: 16 } as const;
/** `open`, and what `F_GETFL` answers. */
export const Open = { RDONLY: 0, RDWR: 2, ACCMODE: 3, CLOEXEC: 0o2000000 } as const;
/** `mmap`: what may be done. */
export const Prot = { READ: 1, WRITE: 2 } as const;
/** `mmap`: what to map. */
export const Mapped = {
  SHARED: 0x01,
  PRIVATE: 0x02,
  FIXED: 0x10,
  ANONYMOUS: 0x20,
  NORESERVE: 0x4000,
} as const;
/** `mremap`: exactly where it is told. */
export const MREMAP_FIXED_MAYMOVE = 3;
/** What `mmap` and `mremap` return when they fail: -1 as an address. */
export const MAP_FAILED = 0xffff_ffff_ffff_ffffn;
/** Sockets. */
export const Socket = {
  AF_UNIX: 1,
  SEQPACKET: 5,
  NONBLOCK: 0o4000,
  CLOEXEC: 0o2000000,
  SOL_SOCKET: 1,
  SCM_RIGHTS: 1,
  STREAM: 1,
  SO_TYPE: 3,
  SO_PEERCRED: 17,
  SO_ACCEPTCONN: 30,
  MSG_CTRUNC: 0x08,
  MSG_TRUNC: 0x20,
  MSG_DONTWAIT: 0x40,
  MSG_NOSIGNAL: 0x4000,
  MSG_CMSG_CLOEXEC: 0x4000_0000,
} as const;
/** Why a call failed, as far as somebody does something about it. */
export const Errno = { EPERM: 1, EINTR: 4, EACCES: 13, EINVAL: 22 } as const;
/** `fstatfs`: the file system that memory is in, other than that of huge pages. */
export const TMPFS_MAGIC = 0x0102_1994n;

const SYMBOLS = {
  accept4: { parameters: ["i32", "pointer", "pointer", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  fallocate: { parameters: ["i32", "i32", "i64", "i64"], result: "i32" },
  // Its last argument counts as named on both processors, or as ignored.
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  fdatasync: { parameters: ["i32"], result: "i32" },
  fstatfs: { parameters: ["i32", "buffer"], result: "i32" },
  fsync: { parameters: ["i32"], result: "i32" },
  ftruncate: { parameters: ["i32", "i64"], result: "i32" },
  geteuid: { parameters: [], result: "u32" },
  getpagesize: { parameters: [], result: "i32" },
  getsockopt: {
    parameters: ["i32", "i32", "i32", "buffer", "buffer"],
    result: "i32",
  },
  listen: { parameters: ["i32", "i32"], result: "i32" },
  lseek: { parameters: ["i32", "i64", "i32"], result: "i64" },
  memfd_create: { parameters: ["buffer", "u32"], result: "i32" },
  mmap: { parameters: ["usize", "usize", "i32", "i32", "i32", "i64"], result: "usize" },
  mremap: { parameters: ["usize", "usize", "usize", "i32", "usize"], result: "usize" },
  munmap: { parameters: ["usize", "usize"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  recvmsg: { parameters: ["i32", "buffer", "i32"], result: "isize" },
  sendmsg: { parameters: ["i32", "buffer", "i32"], result: "isize" },
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
  strerror: { parameters: ["i32"], result: "pointer" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

/** The functions. */
export type Libc = Deno.StaticForeignLibraryInterface<typeof SYMBOLS>;

let loaded: Libc | null = null;

/** Whether they can be called here: on this system, and with this permission. Does not ask for it. */
export function hasLibc(): boolean {
  return isKnown() && mayCall();
}

/**
 * The functions, loaded when first asked for. `what` is what they are for, for the error.
 *
 * @throws {MisuseError} `UNIMPLEMENTED` anywhere but on Linux on x86-64 or aarch64
 * @throws {PermissionError} without the permission `ffi`, for everything
 */
export function libc(what: string = "Calling the operating system"): Libc {
  if (loaded !== null) return loaded;
  if (!isKnown()) {
    const { os, arch } = Deno.build;
    throw new MisuseError(
      "UNIMPLEMENTED",
      `${what} is possible only on Linux on x86-64 and aarch64: this is ${os} on ${arch}`,
    );
  }
  if (!mayCall()) throw new PermissionError(what, ["--allow-ffi"]);
  const library = Deno.dlopen("libc.so.6", SYMBOLS);
  // The runtime itself is made of it, so that it stays: nothing is left open that somebody could count.
  library.close();
  return loaded = library.symbols;
}

/** Why a call has failed, as the operating system says it. */
export class SystemError extends Error {
  /** One of {@linkcode Errno}, or another. */
  readonly errno: number;

  /** `what` is what was called. */
  constructor(what: string, errno: number) {
    const text = libc().strerror(errno);
    super(
      `${what}: ${text === null ? errno : Deno.UnsafePointerView.getCString(text)}`,
    );
    this.errno = errno;
  }
}

/** Why the last call of this thread has failed. */
export function errno(): number {
  return new Deno.UnsafePointerView(libc().__errno_location()!).getInt32();
}

/**
 * Calls, again while signals interrupt it, and returns what is not negative.
 *
 * @throws {SystemError} otherwise
 */
export function call(what: string, does: () => number | bigint): number {
  for (;;) {
    const result = Number(does());
    if (result >= 0) return result;
    const number = errno();
    if (number !== Errno.EINTR) throw new SystemError(what, number);
  }
}

/** Text, for a call that takes some. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/**
 * Another descriptor of the same.
 *
 * @throws {SystemError} if there are too many
 */
export function duplicateDescriptor(fd: number): number {
  const { fcntl } = libc();
  return call("fcntl", () => fcntl(fd, Fcntl.DUPFD_CLOEXEC, 3));
}

/** Closes a descriptor. It is gone also when the call says it was interrupted. */
export function closeDescriptor(fd: number): void {
  libc().close(fd);
}

function isKnown(): boolean {
  const { os, arch } = Deno.build;
  return os === "linux" && (arch === "x86_64" || arch === "aarch64");
}

function mayCall(): boolean {
  return Deno.permissions.querySync({ name: "ffi" }).state === "granted";
}
