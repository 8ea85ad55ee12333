/**
 * What the library answers in every link's other process or thread.
 *
 * @module
 */
import type { Implementation } from "@mage/ipc/child";
import type { Bench } from "./bench.magen.ts";

/** The methods. */
export function benchMethods(): Implementation<Bench> {
  let characters = 0;
  return {
    next: (n) => ({ n: n + 1 }),
    note: (text) => void (characters += text.length),
    noted: () => {
      const counted = characters;
      characters = 0;
      return { characters: counted };
    },
    take: (data) => ({ length: data.length }),
  };
}
