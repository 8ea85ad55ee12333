/**
 * The door within one isolate: what is kept here and wanted here does not go anywhere.
 *
 * @module
 */
import { Name } from "../names.ts";
import { type Door, DoorKind, type Left } from "./door.ts";

/** Where this isolate is found; made when something is asked for the first time. */
let self: Name | null = null;
/** What was left and not taken yet, by a name that only whoever is told knows. */
const left = new Map<string, unknown>();
const KEY_BYTES = 16;

/** See {@linkcode Door}. What is left goes to whoever is told of it, once. */
export const selfDoor: Door = {
  kind: DoorKind.Self,
  knock: (node) => ({
    id: self ??= node.names.next(),
    // deno-lint-ignore require-await
    take: async (told) => {
      const key = told.length === KEY_BYTES ? nameOf(told).toString() : "";
      if (!left.has(key)) throw new TypeError("nothing was left in this process");
      const thing = left.get(key);
      left.delete(key);
      return thing;
    },
    close: () => {},
  }),
  leave: (thing, id, names): Left | null => {
    if (self === null || !id.equals(self)) return null;
    const name = names.next(), told = new Uint8Array(KEY_BYTES);
    name.write(new DataView(told.buffer), 0);
    left.set(name.toString(), thing);
    return { told, done: () => void left.delete(name.toString()) };
  },
};

function nameOf(bytes: Uint8Array): Name {
  return Name.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0);
}
