/**
 * What the floor answers in every link's other process or thread.
 *
 * @module
 */
import type { FloorMethods } from "./floor.ts";

/** The methods. */
export function floorMethods(): FloorMethods {
  let characters = 0;
  return {
    next: (n) => n + 1,
    note: (text) => void (characters += text.length),
    noted: () => {
      const counted = characters;
      characters = 0;
      return counted;
    },
    take: (data) => data.length,
  };
}
