/**
 * The other process of the floor: connects to the path it is given and answers.
 *
 * @module
 */
import { serveFloor } from "./floor.ts";
import { floorMethods } from "./floor_methods.ts";

const conn = await Deno.connect({ transport: "unix", path: Deno.args[0]! });
await serveFloor(conn, floorMethods());
