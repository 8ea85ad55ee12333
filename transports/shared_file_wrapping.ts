/**
 * Shared memory that a program has already, as a handle; and what is behind a handle, as this platform has it.
 *
 * @module
 */
import { MisuseError } from "../core/errors.ts";
import { Name } from "../core/names.ts";
import { heldEnd } from "../core/system/handle.ts";
import { ownRuntime } from "../core/system/node_runtime.ts";
import type { Region } from "../core/system/region.ts";
import { checkSize, type SharedBuffer } from "../core/system/shared_buffer.ts";
import {
  modeNumber,
  type SharedBufferEnd,
  type SharedBufferMode,
} from "../core/system/shared_buffer_end.ts";
import { ThreadRegion } from "../core/system/thread_region.ts";
import { DenoRegionFile, FileRegion } from "./file_region.ts";
import { filePath, requirePermissions } from "./permissions.ts";

/** What a shared buffer is to be. */
export interface WrapSharedBufferOptions {
  /** Bytes. Default: all that there are. */
  readonly size?: number;
  /** Its name, 32 lowercase hexadecimal digits, the same for every handle on it. Default: a fresh one. */
  readonly id?: string;
  /** What the handle gives a right to. Default: `writable`. */
  readonly mode?: SharedBufferMode;
}

/** What was behind a handle: one of `memory` and `file`, and what the handle said of it. */
export type UnwrappedSharedBuffer =
  & {
    /** Bytes that count; a file or memory may have more. */
    readonly size: number;
    /** As `SharedBuffer.id`. */
    readonly id: string;
    /** What the handle gave a right to. A file is open for no more than that. */
    readonly mode: SharedBufferMode;
  }
  & (
    | { readonly memory: SharedArrayBuffer; readonly file?: never }
    | { readonly file: Deno.FsFile; readonly memory?: never }
  );

/**
 * Makes a handle on memory that this program has already: a `SharedArrayBuffer`, or the file at a path.
 *
 * Such a file stays the program's: it is not removed, and has to stay where it is as long as somebody may want
 * to map it. Other processes get at it as at one of `createSharedFile`, if it is on the same file system as
 * their directories; one who can only read it gets no more by that.
 *
 * ```ts
 * import { unwrapSharedBuffer, wrapSharedBuffer } from "@mage/ipc";
 *
 * const buffer = wrapSharedBuffer(new SharedArrayBuffer(16), { mode: "unsafe" });
 * const { memory, size, id, mode } = await unwrapSharedBuffer(buffer);
 * ```
 *
 * Source: MojoWrapPlatformSharedMemoryRegion.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if an option makes no sense, or there are not so many bytes;
 * `RESOURCE_EXHAUSTED` for more than `MAX_SHARED_BUFFER_BYTES`
 * @throws {PermissionError} if this process may not read the file or, unless `mode` is `read-only`, write it
 */
export function wrapSharedBuffer(
  what: SharedArrayBuffer | string | URL,
  options: WrapSharedBufferOptions = {},
): SharedBuffer {
  const { mode = "writable" } = options;
  if (modeNumber(mode) === 0) {
    throw invalid(
      `option 'mode' must be one of writable, read-only, unsafe: received ${mode}`,
    );
  }
  const runtime = ownRuntime();
  const id = options.id === undefined ? runtime.node.names.next() : parseId(options.id);
  return runtime.share(
    what instanceof SharedArrayBuffer
      ? new ThreadRegion(id, what, sizeOf(what.byteLength, options))
      : fileRegion(filePath(what), id, mode === "read-only", options),
    mode,
  );
}

/**
 * Takes what is behind a handle, which is consumed, whatever comes of it. A file is opened for whoever calls,
 * who closes it; where its position is, is nobody else's concern.
 *
 * Memory is shared with everybody else who has it. A thread that had a read-only handle is trusted not to write
 * it.
 *
 * Source: MojoUnwrapPlatformSharedMemoryRegion.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if the handle is spent; `UNIMPLEMENTED` for what has no object on
 * this platform: a file that this process was born with, and memory of the operating system
 * @throws {SharedBufferError} and others, as `SharedBuffer.map`
 */
export async function unwrapSharedBuffer(
  buffer: SharedBuffer,
): Promise<UnwrappedSharedBuffer> {
  const end = heldEnd(buffer, "unwrap") as SharedBufferEnd;
  const { size, mode } = end, state = { size, id: end.id.toString(), mode };
  try {
    // What others have mapped by this handle is open for them: this one gets its own.
    if (!isHere(end.region)) {
      end.region?.release();
      end.region = null;
    }
    using _mapping = await buffer.map(0, 1);
    const { region } = end;
    if (region instanceof ThreadRegion) return { ...state, memory: region.memory };
    if (region instanceof FileRegion) {
      if (region.path !== null) {
        const options = { read: true, write: mode !== "read-only" };
        return { ...state, file: Deno.openSync(region.path, options) };
      }
      if (region.file instanceof DenoRegionFile) {
        const file = region.file.take();
        file.seekSync(0, Deno.SeekMode.Start);
        return { ...state, file };
      }
    }
  } finally {
    buffer.close();
  }
  throw new MisuseError(
    "UNIMPLEMENTED",
    "Cannot unwrap shared buffer: this platform has no object for a descriptor that this process was born with, or for memory of the operating system",
  );
}

/** Whether the memory is kept in this isolate: then it is opened anew in any case. */
function isHere(region: Region | null): boolean {
  return region instanceof FileRegion && region.path !== null;
}

function fileRegion(
  path: string,
  id: Name,
  readOnly: boolean,
  options: WrapSharedBufferOptions,
): FileRegion {
  requirePermissions("Wrapping a file as a shared buffer", [
    { name: "read", path },
    ...(readOnly ? [] : [{ name: "write", path } as const]),
  ]);
  // A link to a link would lead elsewhere, and opening what is no file may wait for ever.
  const real = Deno.realPathSync(path);
  if (!Deno.statSync(real).isFile) throw invalid(`'${path}' is no file`);
  const file = Deno.openSync(real, { read: true, write: !readOnly });
  try {
    const size = sizeOf(file.statSync().size, options);
    return new FileRegion(id, size, new DenoRegionFile(file), { path: real, readOnly });
  } catch (error) {
    file.close();
    throw error;
  }
}

function sizeOf(bytes: number, { size = bytes }: WrapSharedBufferOptions): number {
  checkSize(size);
  if (size <= bytes) return size;
  throw invalid(
    `option 'size' must be at most ${bytes}, all there are: received ${size}`,
  );
}

function parseId(id: string): Name {
  const name = Name.parse(id);
  if (name !== null) return name;
  throw invalid(`option 'id' must be 32 lowercase hexadecimal digits: received ${id}`);
}

function invalid(why: string): MisuseError {
  return new MisuseError("INVALID_ARGUMENT", `Cannot wrap shared buffer: ${why}`);
}
