/**
 * Begins to use what was taken over of Node.
 *
 * @module
 */
import { NodeConn } from "./node_conn.ts";
import { NodeFile } from "./node_file.ts";
import type { RawHandle } from "./node_handle.ts";
import { NodeListener } from "./node_listener.ts";
import { NodeSource } from "./node_native.ts";
import type { Native } from "./serve/native.ts";

/** What can be used: made of what was taken over, or `thing` itself if that can be used already. */
export function openNative(thing: Native | NodeSource): Native {
  if (!(thing instanceof NodeSource)) return thing;
  if (thing.native !== null) return thing.native;
  const { taken } = thing;
  switch (taken.type) {
    case "file":
      return thing.native = new NodeFile(taken.descriptor);
    case "conn":
      return thing.native = new NodeConn(taken.raw, taken.early);
    case "listener":
      return thing.native = new NodeListener(taken.raw, taken.addr);
  }
}

/** The handle beneath a socket or a listener that another process can be given as it is; else `null`. */
export function wholeSocket(thing: unknown): RawHandle | null {
  return thing instanceof NodeConn || thing instanceof NodeListener ? thing.whole : null;
}
