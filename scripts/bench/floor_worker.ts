/** The other thread of the floor: is posted memory or a port, and answers. @module */
/// <reference lib="deno.worker" />
import { type FloorStream, serveFloor } from "./floor.ts";
import { floorMethods } from "./floor_methods.ts";
import { PortStream, RingStream } from "./floor_streams.ts";

// It stays, for a wait for shared memory does not keep a thread alive.
self.onmessage = ({ data }: MessageEvent<SharedArrayBuffer | MessagePort>) => {
  const stream: FloorStream = data instanceof MessagePort
    ? new PortStream(data)
    : new RingStream(data, 1);
  serveFloor(stream, floorMethods());
};
self.postMessage("ready");
