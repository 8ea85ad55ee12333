/**
 * Where memory is mapped to, and what becomes of those addresses afterwards.
 *
 * JavaScript cannot be stopped from touching an `ArrayBuffer` it has, and no one can tell a write to a file
 * or a read from a socket, which goes on in the background, that its bytes are gone. An address that is
 * unmapped, and touched, kills the process; worse, by then something else may be there. So no address is
 * ever given back to the operating system:
 *
 * ```text
 *   reserved ----> mapped ----> vacated ----> free ----> mapped ...
 *                    |     unmap          nobody has the ArrayBuffer any more
 *                    '----> left as it is, if the ArrayBuffer was transferred
 * ```
 *
 * - Vacated: the `ArrayBuffer` is detached, so that code sees no bytes; and the memory is replaced, in one
 *   call, by private pages that are empty and cost nothing until somebody touches them. Whatever is under way
 *   reads zeros, or writes what nobody reads.
 * - Free: the garbage collector has found that nobody has the `ArrayBuffer` any more, which whoever waits for
 *   something that is under way does. Then other memory may be mapped there.
 * - Transferred: another thread has the `ArrayBuffer`, and nobody knows until when. Its memory stays.
 *
 * The addresses are lent in powers of two, so that what was free fits what comes.
 *
 * @module
 */
import {
  errno,
  libc,
  MAP_FAILED,
  Mapped,
  MREMAP_FIXED_MAYMOVE,
  Prot,
  SystemError,
} from "./libc.ts";

/** The fewest bytes of a range: what a page has at most. */
const MIN_RANGE_BYTES = 65_536;

/** Addresses that are ours for good. */
interface Range {
  readonly at: bigint;
  readonly bytes: number;
}

/** The ranges that nobody uses, by their bytes. */
const FREE: Record<number, Range[]> = {};
const vacated = new FinalizationRegistry<Range>(giveBack);

/** Memory as it is mapped. */
export class Pages {
  /** The bytes that were asked for. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Somebody was shown them: they may be in use anywhere. */
  wasLent = false;
  readonly #range: Range;

  /** See {@linkcode mapPages}. */
  constructor(range: Range, bytes: Uint8Array<ArrayBuffer>) {
    this.#range = range;
    this.bytes = bytes;
  }

  /** Whether the `ArrayBuffer` was transferred to somebody else. */
  get isTransferred(): boolean {
    return this.bytes.buffer.detached;
  }

  /** Nobody here wants them any more. Called once. */
  vacate(): void {
    const { buffer } = this.bytes, range = this.#range;
    if (buffer.detached) return;
    // ORDER: once it is detached nobody can transfer it. What is under way goes by the address.
    buffer.transfer();
    // Where the pages cannot be replaced, they stay as they are, and so does the range.
    if (clear(range) !== range.at) return;
    if (this.wasLent) vacated.register(buffer, range);
    else giveBack(range);
  }
}

/**
 * Maps `length` bytes of `fd` from `offset` on, which need not be where a page begins. The `ArrayBuffer` of
 * the bytes begins where the page does, so that words in it are where the processor wants them.
 *
 * @throws {SystemError} if it cannot be mapped
 */
export function mapPages(
  fd: number,
  offset: number,
  length: number,
  readOnly: boolean,
): Pages {
  const { getpagesize, mmap, mremap, munmap } = libc();
  const before = offset % getpagesize(), bytes = before + length, end = BigInt(bytes);
  const prot = readOnly ? Prot.READ : Prot.READ | Prot.WRITE;
  const first = mmap(0n, end, prot, Mapped.SHARED, fd, BigInt(offset - before));
  if (first === MAP_FAILED) throw new SystemError("mmap", errno());
  // ORDER: mapped wherever there is room, then moved. A call that maps in the place of something, and fails,
  // may have unmapped that, and another thread may have something there by the time it could be mended.
  const range = takeRange(bytes);
  if (mremap(first, end, end, MREMAP_FIXED_MAYMOVE, range.at) !== range.at) {
    const error = new SystemError("mremap", errno());
    munmap(first, end);
    throw error;
  }
  const start = Deno.UnsafePointer.create(range.at)!;
  const buffer = Deno.UnsafePointerView.getArrayBuffer(start, bytes) as ArrayBuffer;
  return new Pages(range, new Uint8Array(buffer, before, length));
}

function takeRange(bytes: number): Range {
  let size = MIN_RANGE_BYTES;
  while (size < bytes) size *= 2;
  const free = FREE[size]?.pop();
  if (free !== undefined) return free;
  const range = { at: 0n, bytes: size }, at = clear(range);
  if (at === MAP_FAILED) throw new SystemError("mmap", errno());
  return { at, bytes: size };
}

function giveBack(range: Range): void {
  (FREE[range.bytes] ??= []).push(range);
}

/** Puts empty pages where `range` is, or, if that is nowhere, somewhere. Returns where. */
function clear({ at, bytes }: Range): bigint {
  const fixed = at === 0n ? 0 : Mapped.FIXED;
  return libc().mmap(
    at,
    BigInt(bytes),
    Prot.READ | Prot.WRITE,
    Mapped.PRIVATE | Mapped.ANONYMOUS | Mapped.NORESERVE | fixed,
    -1,
    0n,
  );
}
