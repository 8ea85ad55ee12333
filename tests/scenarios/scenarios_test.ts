import { assertEquals } from "@std/assert";
import { LINK_KINDS } from "./links.ts";
import { MAGE_SCENARIOS } from "./mage_scenarios.ts";
import { ROUTE_SCENARIOS } from "./route_scenarios.ts";
import { MEMBERS } from "./scenario.ts";
import { SYSTEM_SCENARIOS } from "./system_scenarios.ts";
import type { Network } from "./network.ts";
import { leavesNothing } from "../process/census.ts";

const SCENARIOS = [...MAGE_SCENARIOS, ...ROUTE_SCENARIOS, ...SYSTEM_SCENARIOS];

for (const kind of LINK_KINDS) {
  Deno.test(`Scenarios over links: ${kind.name}`, async (t) => {
    await leavesNothing(async () => {
      let network = null as Network | null;
      for (const { name, everywhere, run } of SCENARIOS) {
        if (kind.half && !everywhere) continue;
        // The nodes are there before and after: what each scenario leaves is looked for in them.
        const options = { name, sanitizeOps: false, sanitizeResources: false };
        const passed = await t.step({
          ...options,
          async fn() {
            if (network === null) {
              network = kind.gather();
              await network.addAll(MEMBERS);
            }
            await run(network);
            await network.rest();
            assertEquals(network.members.length, MEMBERS);
          },
        });
        if (passed) continue;
        await network?.[Symbol.asyncDispose]();
        network = null;
      }
      await network?.[Symbol.asyncDispose]();
    });
  });
}
