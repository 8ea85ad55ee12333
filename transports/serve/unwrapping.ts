/**
 * Unwrapping what belongs to the operating system, for programs that need not have any permission.
 *
 * Here is only the beginning: the rest is loaded when something is unwrapped.
 *
 * @module
 */
import { MisuseError } from "../../core/errors.ts";
import {
  type ConnHandle,
  type FileHandle,
  keeperPipe,
  type ListenerHandle,
  PlatformHandle,
} from "../../core/system/platform_handle.ts";
import type { OpenConn, OpenFile, OpenListener } from "./open_handles.ts";

/** Options of {@linkcode unwrapPlatformHandle}. */
export interface UnwrapOptions {
  /** Gives up when it fires; what the handle is on is closed then. */
  readonly signal?: AbortSignal;
}

/**
 * Opens what a handle is on, wherever that is kept. The handle is consumed. In the program, or the worker,
 * that wrapped it, this is the very object again, unless its rights were limited or it was in use elsewhere;
 * elsewhere it is served by its keeper.
 *
 * Source: MojoUnwrapPlatformHandle.
 *
 * Rejects with a `PipeClosedError` or a `PipeLostError` when the keeper is gone, with a `BadMessageError`
 * when what it says makes no sense, with the error of the operating system when that is what it has, and with
 * the reason of `signal` when that fires first: a keeper may take as long as it likes.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if it is no such handle, or was closed, sent or unwrapped already
 */
export function unwrapPlatformHandle(
  handle: FileHandle,
  options?: UnwrapOptions,
): Promise<OpenFile>;
/** As above, for a connection. */
export function unwrapPlatformHandle(
  handle: ConnHandle,
  options?: UnwrapOptions,
): Promise<OpenConn>;
/** As above, for a listener. */
export function unwrapPlatformHandle(
  handle: ListenerHandle,
  options?: UnwrapOptions,
): Promise<OpenListener>;
export async function unwrapPlatformHandle(
  handle: PlatformHandle,
  options: UnwrapOptions = {},
): Promise<OpenFile | OpenConn | OpenListener> {
  if (!(handle instanceof PlatformHandle)) {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      "Cannot unwrap: it must be a FileHandle, a ConnHandle or a ListenerHandle",
    );
  }
  options.signal?.throwIfAborted();
  // ORDER: at once, so that nobody else unwraps it meanwhile.
  const pipe = keeperPipe(handle, "unwrap");
  const { unwrap } = await import("./opening.ts");
  return await unwrap(pipe, handle.type, options);
}
