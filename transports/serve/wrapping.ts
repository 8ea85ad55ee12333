/**
 * Wrapping what belongs to the operating system. Whoever wraps it keeps it, and serves it to whoever unwraps
 * the handle, which need not have any permission.
 *
 * Here is only the beginning: the rest is loaded when somebody asks.
 *
 * @module
 */
import { MisuseError } from "../../core/errors.ts";
import {
  type ConnHandle,
  type FileHandle,
  type ListenerHandle,
  type PlatformHandle,
  platformHandle,
} from "../../core/system/platform_handle.ts";
import {
  type NodeFileDescriptor,
  nodeSource,
  type Server,
  type Socket,
} from "../node_native.ts";
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
 * What is Node's own can be wrapped too: `{ fd }` of a file that was opened with `node:fs`, and sockets and
 * listeners of `node:net`. Those are what another process can be given as they are, instead of being served:
 * when it was started with them, see the options `descriptors` and `passSockets` of `Invitation.spawn`, or
 * when both have `ffi` and import `@mage/ipc/memory`. What is unwrapped looks the same either way. The
 * position of such a file is 0 at first, and its own.
 *
 * What came from `unwrapPlatformHandle` can be wrapped again, and is passed on: nobody serves
 * what somebody else serves.
 *
 * Source: MojoWrapPlatformHandle.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if it is nothing of the operating system, was wrapped or closed
 * already, or an option makes no sense; `BUSY` if it is served, and in the middle of something;
 * `UNIMPLEMENTED` for handles of systems that this library does not run on
 */
export function wrapPlatformHandle(
  file: Deno.FsFile | OpenFile | NodeFileDescriptor,
  options?: WrapFileOptions,
): FileHandle;
/**
 * As above, for a connection. Nothing is read from it before it is unwrapped. A socket of `node:net` that has
 * read something by itself is served: `pauseOnConnect` has those that come in read nothing.
 */
export function wrapPlatformHandle(conn: Deno.Conn | OpenConn | Socket): ConnHandle;
/**
 * As above, for a listener. Nothing is accepted before it is unwrapped, and nothing that nobody waits for: a
 * listener of `node:net` is closed, and lives on in the handle.
 */
export function wrapPlatformHandle(
  listener: Deno.Listener | OpenListener | Server,
): ListenerHandle;
export function wrapPlatformHandle(
  given: Native | NodeFileDescriptor | Socket | Server,
  options: WrapFileOptions = {},
): PlatformHandle {
  const rights = rightsOf(options);
  const type = nativeType(given);
  if (type === null) {
    const isFile = Object.hasOwn(given ?? {}, "fd");
    // ORDER: what throws takes nothing: this takes it.
    const source = rights === null || isFile ? nodeSource(given) : null;
    if (source === null) throw notWrappable(given);
    return keep(source, source.taken.type, rights ?? ALL_RIGHTS);
  }
  const native = given as Native;
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
