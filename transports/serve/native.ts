/**
 * What can be wrapped, told by what it can do: the classes of connections and listeners are nobody's to name.
 *
 * @module
 */
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import type { PlatformHandleType } from "../../core/system/platform_handle.ts";
import type { OpenConn, OpenFile, OpenListener } from "./open_handles.ts";

/** Something that can be wrapped. */
export type Native = OpenFile | OpenConn | OpenListener;

/** What was wrapped, and not taken back, with the pipe that its keeper serves it over. */
export const KEPT: WeakMap<object, MessagePipe> = new WeakMap();

const METHODS: readonly (readonly [PlatformHandleType, readonly string[]])[] = [
  ["listener", ["accept"]],
  ["conn", ["read", "write", "closeWrite"]],
  ["file", ["read", "write", "seek", "stat", "truncate", "sync", "syncData"]],
];

/** The type of `thing`; `null` when it is nothing that can be wrapped. */
export function nativeType(thing: unknown): PlatformHandleType | null {
  if (typeof thing !== "object" || thing === null) return null;
  const has = (name: string) =>
    typeof (thing as Record<string, unknown>)[name] === "function";
  return METHODS.find(([, methods]) => has("close") && methods.every(has))?.[0] ?? null;
}

/** Closes what may be closed already. */
export function closeNative(native: { close(): void }): void {
  try {
    native.close();
  } catch {
    // It was.
  }
}
