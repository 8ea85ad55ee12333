/**
 * Wrapping and unwrapping what belongs to the operating system. Whoever wraps it keeps it, and serves it to
 * whoever unwraps the handle, which need not have any permission.
 *
 * Here is only the beginning of each: the rest is loaded when it is needed.
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
  platformHandle,
} from "../../core/system/platform_handle.ts";
import { keep, PASS_ON } from "./kept.ts";
import { KEPT, type Native, nativeType } from "./native.ts";
import type { FileRight, OpenConn, OpenFile, OpenListener } from "./open_handles.ts";
import { ALL_RIGHTS, rightBits, RIGHTS } from "./rights.ts";

/** Options of {@linkcode wrapPlatformHandle} for a file. */
export interface WrapFileOptions {
  /**
   * What whoever has the handle may ask for. Default: everything; the operating system refuses what the file
   * was not opened for. What was served already never gets more than it had.
   */
  readonly rights?: readonly FileRight[];
}

/**
 * Makes a handle on an open file, to be sent like any handle. The file is the handle's from here on: whoever
 * unwraps it reads and writes the file through this process, and when the handle or what was unwrapped
 * is closed or lost, the file is closed. What throws takes nothing.
 *
 * ```ts
 * import { createMessagePipe, FileHandle, unwrapPlatformHandle, wrapPlatformHandle } from "@mage/ipc";
 *
 * const [here, there] = createMessagePipe();
 * const file = wrapPlatformHandle(await Deno.open("deno.json"), { rights: ["read"] });
 * here.write(new Uint8Array(0), [file]);
 *
 * using message = await there.receive();
 * using open = await unwrapPlatformHandle(message!.take(FileHandle));
 * console.log(await open.read(new Uint8Array(2))); // 2
 * here.close();
 * there.close();
 * ```
 *
 * What came from {@linkcode unwrapPlatformHandle} can be wrapped again, and is passed on: nobody serves
 * what somebody else serves.
 *
 * Source: MojoWrapPlatformHandle.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if it is nothing of the operating system, was wrapped or closed
 * already, or an option makes no sense; `BUSY` if it is served, and in the middle of something;
 * `UNIMPLEMENTED` for handles of systems that this library does not run on
 */
export function wrapPlatformHandle(
  file: Deno.FsFile | OpenFile,
  options?: WrapFileOptions,
): FileHandle;
/** As above, for a connection. Nothing is read from it before it is unwrapped. */
export function wrapPlatformHandle(conn: Deno.Conn | OpenConn): ConnHandle;
/** As above, for a listener. */
export function wrapPlatformHandle(
  listener: Deno.Listener | OpenListener,
): ListenerHandle;
export function wrapPlatformHandle(
  native: Native,
  options: WrapFileOptions = {},
): PlatformHandle {
  const type = nativeType(native);
  if (type === null) throw notWrappable(native);
  const rights = rightsOf(options);
  if (rights !== null && type !== "file") {
    throw misuse("INVALID_ARGUMENT", `a ${type} has no option 'rights'`);
  }
  const passOn = PASS_ON.get(native);
  if (passOn !== undefined) return platformHandle(passOn(rights), type);
  if (KEPT.has(native)) {
    throw misuse("INVALID_ARGUMENT", `the ${type} was wrapped already`);
  }
  return keep(native, type, rights ?? ALL_RIGHTS);
}

/**
 * Opens what a handle is on, wherever that is kept. The handle is consumed. In the program, or the worker,
 * that wrapped it, this is the very object again, unless its rights were limited or it was in use elsewhere;
 * elsewhere it is served by its keeper.
 *
 * Source: MojoUnwrapPlatformHandle.
 *
 * Rejects with a `PipeClosedError` or a `PipeLostError` when the keeper is gone, with a `BadMessageError`
 * when what it says makes no sense, and with the error of the operating system when that is what it has.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if it is no such handle, or was closed, sent or unwrapped already
 */
export function unwrapPlatformHandle(handle: FileHandle): Promise<OpenFile>;
/** As above, for a connection. */
export function unwrapPlatformHandle(handle: ConnHandle): Promise<OpenConn>;
/** As above, for a listener. */
export function unwrapPlatformHandle(handle: ListenerHandle): Promise<OpenListener>;
export async function unwrapPlatformHandle(handle: PlatformHandle): Promise<Native> {
  if (!(handle instanceof PlatformHandle)) {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      "Cannot unwrap: it must be a FileHandle, a ConnHandle or a ListenerHandle",
    );
  }
  // ORDER: at once, so that nobody else unwraps it meanwhile.
  const pipe = keeperPipe(handle, "unwrap");
  const { unwrap } = await import("./unwrap.ts");
  return await unwrap(pipe, handle.type);
}

/** The bits of the rights that are asked for; `null` when none are named. */
function rightsOf(options: WrapFileOptions): number | null {
  if (typeof options !== "object" || options === null) {
    throw misuse("INVALID_ARGUMENT", "the options must be an object");
  }
  for (const key of Object.keys(options)) {
    if (key !== "rights") throw misuse("INVALID_ARGUMENT", `there is no option '${key}'`);
  }
  const { rights } = options;
  if (rights === undefined) return null;
  if (!Array.isArray(rights)) {
    throw misuse("INVALID_ARGUMENT", "option 'rights' must be an array");
  }
  for (const right of rights) {
    if (RIGHTS.includes(right)) continue;
    throw misuse(
      "INVALID_ARGUMENT",
      `option 'rights' must have some of ${RIGHTS.join(", ")}: received ${right}`,
    );
  }
  return rightBits(...rights);
}

function notWrappable(native: unknown): MisuseError {
  const type = (native as { type?: unknown } | null | undefined)?.type;
  return type === "windows-handle" || type === "mach-port"
    ? misuse("UNIMPLEMENTED", `a ${type} is of another system`)
    : misuse("INVALID_ARGUMENT", "it must be an open file, connection or listener");
}

function misuse(
  result: "INVALID_ARGUMENT" | "UNIMPLEMENTED",
  why: string,
): MisuseError {
  return new MisuseError(result, `Cannot wrap platform handle: ${why}`);
}
