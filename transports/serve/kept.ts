/**
 * The beginning of a handle: something of the operating system, and a pipe whose one end travels.
 *
 * @module
 */
import type { IpcError } from "../../core/errors.ts";
import { createMessagePipe } from "../../core/system/node_runtime.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import {
  type PlatformHandle,
  platformHandle,
  type PlatformHandles,
  type PlatformHandleType,
} from "../../core/system/platform_handle.ts";
import { Signal } from "../../core/system/signal.ts";
import type { NodeSource } from "../node_native.ts";
import { closeNative, KEPT, type Native } from "./native.ts";

/** For what is served from elsewhere: takes out the pipe to its keeper, to be passed on. */
export const PASS_ON: WeakMap<object, (rights: number | null) => MessagePipe> =
  new WeakMap();

/** What a handle is on, for the one that was made here. */
export const WRAPPED: WeakMap<
  PlatformHandle,
  { readonly native: Native | NodeSource; readonly rights: number }
> = new WeakMap();

/** Why a pipe came to its end, once it has. */
export type Ended = Promise<IpcError>;

/**
 * Keeps `native`, which is the keeper's from here on, and makes the handle on it. `rights` are those of a
 * file. Nothing is loaded, and nothing done to it, before somebody asks.
 */
export function keep<T extends PlatformHandleType>(
  native: Native | NodeSource,
  type: T,
  rights: number,
): PlatformHandles[T] {
  const [pipe, sent] = createMessagePipe();
  const handle = platformHandle(sent, type);
  KEPT.set(native, pipe);
  WRAPPED.set(handle, { native, rights });
  serve(pipe, native, type, rights);
  return handle;
}

/** Serves `native` once somebody asks, until nobody is left. Never rejects. */
async function serve(
  pipe: MessagePipe,
  native: Native | NodeSource,
  type: PlatformHandleType,
  rights: number,
): Promise<void> {
  try {
    const { result } = await pipe.wait(Signal.READABLE);
    if (result === "OK") {
      const { keeperOf } = await import("./keepers.ts");
      return await keeperOf(pipe, native, type, rights, keep).run();
    }
  } catch (error) {
    console.error(`@mage/ipc: the keeper of a ${type} failed:`, error);
  }
  pipe.close();
  closeNative(native);
}
