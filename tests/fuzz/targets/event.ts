/**
 * Events that a neighbor sends, over a live scene.
 *
 * @module
 */
import type { Random } from "../../sim/random.ts";
import type { Tally, Target } from "../campaign.ts";
import { Mutator } from "../mutator.ts";
import { Siege } from "../siege.ts";

const ROUND = 512;

/** `checkEvent` and `Node.accept`. */
export const eventTarget: Target = {
  name: "event",
  round(random: Random, tally: Tally): void {
    const siege = new Siege(random), mutator = new Mutator(random);
    let dictionary = siege.dictionary(), last: Uint8Array[] = [];
    for (let i = 0; i < ROUND; i++) {
      const event = siege.event();
      if (i % 16 === 0) dictionary = siege.dictionary();
      let input = random.oneIn(4) ? event : mutator.mutate(event, last, dictionary);
      last = [event];
      // A reader gives no shorter one.
      if (input.length < 8) input = event;
      tally.begin();
      const rule = siege.accept(input);
      tally.done(rule);
      if (rule !== null || random.oneIn(64)) {
        siege.drop(rule ?? "enough");
        siege.reconnect();
      }
      siege.check();
    }
    siege.end();
  },
};
