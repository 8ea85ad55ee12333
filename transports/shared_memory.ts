/**
 * Shared memory between processes, mapped in place: `@mage/ipc/memory`. Linux on x86-64 and aarch64.
 *
 * Processes that map it need the permission `ffi`, for everything, which lets them do anything that their user
 * may do: it is for processes that trust each other with that. A process that has no `ffi` can hold such
 * buffers and pass them on, but not map them; for those there is `createSharedFile`.
 *
 * Importing this is all that a process does to map what it receives. It asks for no permission, and calls the
 * operating system when something is made or mapped for the first time.
 *
 * ```ts ignore
 * import { createSharedMemory } from "@mage/ipc/memory";
 *
 * using buffer = createSharedMemory(1024 * 1024);
 * using pixels = await buffer.map();
 * if (pixels.access === "memory") pixels.bytes.fill(255);
 * pipe.write(new Uint8Array(0), [buffer.duplicate({ readOnly: true })]);
 * ```
 *
 * @module
 */
import { MisuseError, SharedBufferError } from "../core/errors.ts";
import { Name } from "../core/names.ts";
import { openDoor } from "../core/system/door.ts";
import { heldEnd, takeEnd } from "../core/system/handle.ts";
import { ownRuntime } from "../core/system/node_runtime.ts";
import { MAX_SHARED_BUFFER_BYTES } from "../core/system/region.ts";
import { checkSize, SharedBuffer } from "../core/system/shared_buffer.ts";
import {
  SharedBufferEnd,
  type SharedBufferMode,
} from "../core/system/shared_buffer_end.ts";
import { libc, SystemError } from "./libc.ts";
import { createMemory, memoryFacts, sealSize, sealWriting } from "./libc_memory.ts";
import { MemoryRegion, PageMapping } from "./memory_region.ts";
import { socketDoor } from "./socket_door.ts";

openDoor(socketDoor);

/**
 * Makes memory that this process shares with others, which map it in place: what one writes is there for all
 * at once. It is zero at first, and all of it is there at once.
 *
 * Its size never changes: it is sealed, so that nobody who maps it can be killed by who made it shorter. From
 * the first time that a read-only handle is mapped, in whatever process, nobody can map it to write any more:
 * that is enforced by the operating system. Mappings that were made before can still write.
 *
 * Storing into `bytes` of a read-only mapping kills the process that does so; see `MemoryMapping`.
 *
 * Source: MojoCreateSharedBuffer.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` unless `bytes` is a whole number above zero; `RESOURCE_EXHAUSTED`
 * for more than `MAX_SHARED_BUFFER_BYTES`, or if there is no memory; `UNIMPLEMENTED` on other systems
 * @throws {PermissionError} without the permission `ffi`, for everything
 */
export function createSharedMemory(bytes: number): SharedBuffer {
  checkSize(bytes);
  libc("Creating shared memory");
  const runtime = ownRuntime(), id = runtime.node.names.next();
  let fd: number;
  try {
    fd = createMemory(`mage-ipc ${id}`, bytes);
  } catch (cause) {
    if (!(cause instanceof SystemError)) throw cause;
    throw new MisuseError(
      "RESOURCE_EXHAUSTED",
      `Cannot create shared buffer of ${bytes} bytes: ${cause.message}`,
    );
  }
  return runtime.share(new MemoryRegion(id, bytes, fd), "writable");
}

/**
 * Shared memory as the operating system knows it.
 *
 * Mojo takes two descriptors for memory that is `writable`, one of them to be read only, for whoever gets
 * read-only duplicates. Here it is always one: what enforces them is a seal on the memory.
 *
 * Source: MojoPlatformSharedMemoryRegion.
 */
export interface PlatformSharedMemory {
  /** A descriptor of memory made by `memfd_create`. */
  readonly fd: number;
  /** How many bytes of it are shared. */
  readonly size: number;
  /** Its name, the same for everybody who shares it: 32 lowercase hexadecimal digits. */
  readonly id: string;
  /** What it may be used for. */
  readonly mode: SharedBufferMode;
}

/**
 * Makes a handle on memory that the caller got elsewhere. Takes over `fd`, unless this throws.
 *
 * The memory must fit: `memfd_create` has made it, in pages of the usual size; it has `size` bytes at least;
 * its size is sealed (`F_SEAL_SHRINK` and `F_SEAL_GROW`), or can be, and then is now. For `read-only` it is
 * sealed against writing (`F_SEAL_FUTURE_WRITE` or `F_SEAL_WRITE`), or can be, and then is now: a descriptor
 * that was opened to be read only is not enough, because whoever has it can open it anew. For `writable` and
 * `unsafe` the descriptor was opened to read and to write, and nothing is sealed against that.
 *
 * Source: MojoWrapPlatformSharedMemoryRegion.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if it does not fit, naming the rule; `RESOURCE_EXHAUSTED` for more
 * than `MAX_SHARED_BUFFER_BYTES`; `UNIMPLEMENTED` on other systems
 * @throws {PermissionError} without the permission `ffi`, for everything
 */
export function wrapSharedMemory(memory: PlatformSharedMemory): SharedBuffer {
  const { fd, size, id, mode } = memory;
  check(Number.isInteger(fd) && fd >= 0, `fd must be a descriptor: received ${fd}`);
  check(
    Number.isSafeInteger(size) && size > 0,
    `size must be a whole number above zero: received ${size}`,
  );
  if (size > MAX_SHARED_BUFFER_BYTES) {
    throw new MisuseError(
      "RESOURCE_EXHAUSTED",
      `Cannot wrap shared memory: it has ${MAX_SHARED_BUFFER_BYTES} bytes at most: received ${size}`,
    );
  }
  const name = Name.parse(id);
  check(name !== null, `id must be 32 lowercase hexadecimal digits: received ${id}`);
  const isReadOnly = mode === "read-only";
  check(
    isReadOnly || mode === "writable" || mode === "unsafe",
    `mode must be 'writable', 'read-only' or 'unsafe': received ${mode}`,
  );
  libc("Wrapping shared memory");
  const facts = memoryFacts(fd);
  check(facts !== null, "it must be made by memfd_create, in pages of the usual size");
  check(facts.size >= size, `it has ${facts.size} bytes: received size ${size}`);
  if (!isReadOnly) {
    check(facts.isWritable, `to be ${mode}, it must be open to read and to write`);
    check(!facts.isReadOnly, `to be ${mode}, it must not be sealed against writing`);
  }
  try {
    if (!facts.isSized) sealSize(fd);
  } catch (cause) {
    throw refusal(`it must be sealed with F_SEAL_SHRINK and F_SEAL_GROW: ${cause}`);
  }
  try {
    if (isReadOnly && !facts.isReadOnly) sealWriting(fd);
  } catch (cause) {
    throw refusal(
      `to be read-only, it must be sealed with F_SEAL_FUTURE_WRITE: ${cause}`,
    );
  }
  // What was not sealed before may have become shorter in between.
  const size2 = memoryFacts(fd)?.size ?? 0;
  check(size2 >= size, `it has ${size2} bytes: received size ${size}`);
  return ownRuntime().share(new MemoryRegion(name, size, fd), mode);
}

/**
 * Takes the memory out of a handle, which is spent whether or not this succeeds. The descriptor belongs to the
 * caller, and other handles on the memory stay as they are.
 *
 * Of a read-only handle it can only be read, with this descriptor and any that is made of it.
 *
 * Source: MojoUnwrapPlatformSharedMemoryRegion.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if the handle is spent, or its `backing` is not `memory`; `BUSY` in
 * the middle of encoding a message; `UNIMPLEMENTED` on other systems; nothing is consumed then.
 * `RESOURCE_EXHAUSTED` if there are too many descriptors
 * @throws {PermissionError} without the permission `ffi`, for everything; nothing is consumed then
 * @throws {SharedBufferError} `unavailable`, if there is no way to get the memory to this process
 * @throws {PipeClosedError} or `PipeLostError`, if whoever keeps it is gone
 */
export async function unwrapSharedMemory(
  buffer: SharedBuffer,
): Promise<PlatformSharedMemory> {
  const { size, id, mode, backing } = buffer;
  if (backing !== "memory") {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot unwrap shared buffer: it is made of a ${backing}, not of memory of the operating system`,
    );
  }
  libc("Unwrapping shared memory");
  using own = takeOver(buffer);
  using mapping = await own.map(0, 1);
  if (!(mapping instanceof PageMapping)) {
    throw new SharedBufferError("unavailable", "what was left for it is something else");
  }
  try {
    return { fd: mapping.region.descriptor(mode === "read-only"), size, id, mode };
  } catch (cause) {
    if (!(cause instanceof SystemError)) throw cause;
    throw new MisuseError(
      "RESOURCE_EXHAUSTED",
      `Cannot unwrap shared buffer: ${cause.message}`,
    );
  }
}

/** The same handle, in hands that nobody else has. */
function takeOver(buffer: SharedBuffer): SharedBuffer {
  const region = (heldEnd(buffer, "unwrap") as SharedBufferEnd).region?.retain() ?? null;
  try {
    const end = takeEnd(buffer, "unwrap") as SharedBufferEnd;
    return new SharedBuffer(new SharedBufferEnd(end.node, end.port, end, region));
  } finally {
    region?.release();
  }
}

function refusal(why: string): MisuseError {
  return new MisuseError("INVALID_ARGUMENT", `Cannot wrap shared memory: ${why}`);
}

function check(fits: boolean, why: string): asserts fits {
  if (!fits) throw refusal(why);
}
