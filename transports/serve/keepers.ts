/**
 * The keeper of each type of thing. Loaded when the first is asked for something.
 *
 * @module
 */
import { openDoor } from "../../core/system/door.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import type { PlatformHandleType } from "../../core/system/platform_handle.ts";
import { selfDoor } from "../../core/system/self_door.ts";
import type { NodeSource } from "../node_native.ts";
import { openNative } from "../node_opening.ts";
import { ConnKeeper } from "./conn_keeper.ts";
import { FileKeeper } from "./file_keeper.ts";
import type { Keeper } from "./keeper.ts";
import type { keep } from "./kept.ts";
import { type KeepConn, ListenerKeeper } from "./listener_keeper.ts";
import { KEPT, type Native } from "./native.ts";
import type { OpenConn, OpenFile, OpenListener } from "./open_handles.ts";
import { ALL_RIGHTS } from "./rights.ts";

openDoor(selfDoor);

/** Makes the keeper of `kept`. `keepIt` keeps what comes of it. */
export function keeperOf(
  pipe: MessagePipe,
  kept: Native | NodeSource,
  type: PlatformHandleType,
  rights: number,
  keepIt: typeof keep,
): Keeper<Native> {
  const keepConn: KeepConn = (conn) => keepIt(conn, "conn", ALL_RIGHTS);
  const native = openNative(kept);
  KEPT.set(native, pipe);
  switch (type) {
    case "file":
      return new FileKeeper(native as OpenFile, pipe, rights);
    case "conn":
      return new ConnKeeper(native as OpenConn, pipe);
    case "listener":
      return new ListenerKeeper(native as OpenListener, pipe, keepConn);
  }
}
