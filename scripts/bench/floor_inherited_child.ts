/** The other process of the floor, which was born with its socket. @module */
import { serveFloor } from "./floor.ts";
import { floorMethods } from "./floor_methods.ts";
import { SocketStream } from "./floor_streams.ts";

await serveFloor(new SocketStream(3), floorMethods());
