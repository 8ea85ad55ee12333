/**
 * The door within one isolate: what is kept here and wanted here does not go anywhere.
 *
 * @module
 */
import { type Door, DoorKind, type Left } from "./door.ts";

/** What was left for whoever knocked. */
interface Thing {
  readonly thing: unknown;
  readonly readOnly: boolean;
}

/** Those who knocked, by the name that they are told of it by: what was left for each, if anything. */
const KNOCKS = new Map<string, Thing | null>();

/** See {@linkcode Door}. */
export const selfDoor: Door = {
  kind: DoorKind.Self,
  knock: (node, wanted) => {
    const id = node.names.next(), key = id.toString();
    KNOCKS.set(key, null);
    return {
      id,
      // deno-lint-ignore require-await
      take: async (told) => {
        const left = KNOCKS.get(key) ?? null;
        if (KNOCKS.has(key)) KNOCKS.set(key, null);
        // TRUST: who may only read could have us write, by a handle that it describes as another one.
        const isLess = left?.readOnly === true && wanted.readOnly !== true;
        if (left === null || isLess || told.length > 0) {
          throw new TypeError("nothing was left in this process");
        }
        return left.thing;
      },
      close: () => void KNOCKS.delete(key),
    };
  },
  leave: (thing, id, _names, readOnly): Left | null => {
    const key = id.toString(), left = { thing, readOnly };
    if (KNOCKS.get(key) !== null) return null;
    KNOCKS.set(key, left);
    const done = () => {
      if (KNOCKS.get(key) === left) KNOCKS.set(key, null);
    };
    return { told: new Uint8Array(0), done };
  },
};
