/**
 * The other process of the floor: connects to the path it is given and answers.
 *
 * @module
 */
import { serveFloor } from "./floor.ts";

const conn = await Deno.connect({ transport: "unix", path: Deno.args[0]! });
let characters = 0;
await serveFloor(conn, {
  next: (n) => n + 1,
  note: (text) => void (characters += text.length),
  noted: () => {
    const counted = characters;
    characters = 0;
    return counted;
  },
  take: (data) => data.length,
});
