import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Random, seededEnvironment } from "../../sim/random.ts";
import { join, quiet } from "./memory_transport.ts";
import { WatchedWorld } from "./watcher_model.ts";

/** Seeds that once failed: on one node, and over links. */
const KEPT: readonly number[] = [];
const KEPT_OVER_LINKS: readonly number[] = [];

function seeds(kept: readonly number[], count: number): number[] {
  return [...kept, ...Array.from({ length: count }, (_, i) => i + 1)];
}

/** What a failure of a seed is reported as. */
function failed(seed: number, step: number, error: unknown): Error {
  return new Error(`Seed ${seed} failed in step ${step}`, { cause: error });
}

function add(total: Map<string, number>, { counts }: WatchedWorld): void {
  for (const [what, count] of counts) total.set(what, (total.get(what) ?? 0) + count);
}

/** That each kind of thing happened often, or nothing was tested. */
function assertFrequent(total: Map<string, number>, least: number): void {
  for (
    const what of [
      "OK",
      "FAILED_PRECONDITION",
      "CANCELLED",
      "arm OK",
      "arm FAILED_PRECONDITION",
    ]
  ) {
    assert((total.get(what) ?? 0) >= least, `${what}: ${total.get(what)}`);
  }
}

Deno.test("Watcher does on one node what the model does, whatever is done in whatever order", () => {
  const total = new Map<string, number>();
  for (const seed of seeds(KEPT, 150)) {
    const node = new NodeRuntime(seededEnvironment(seed), LIMITS.tiny);
    let step = 0;
    try {
      const world = new WatchedWorld(seed, [node]);
      for (; step < 80; step++) world.step();
      world.end();
      add(total, world);
      assertEquals(node.node.ports.size, 0);
    } catch (error) {
      throw failed(seed, step, error);
    }
  }
  assertFrequent(total, 60);
});

Deno.test("Watcher loses and invents nothing over links, also when they are lost", async () => {
  const total = new Map<string, number>();
  for (const seed of seeds(KEPT_OVER_LINKS, 30)) {
    const random = new Random(~seed);
    const options = random.oneIn(2) ? {} : { roomBytes: 100 };
    const first = await join(options);
    const second = await join({ ...options, inviter: first.inviter });
    const links = [first.here, first.there, second.here, second.there];
    let step = 0;
    try {
      const nodes = [first.inviter, first.invitee, second.invitee];
      const world = new WatchedWorld(seed, nodes);
      world.addWay(first.here.pipe, 0, first.there.pipe, 1);
      world.addWay(second.here.pipe, 0, second.there.pipe, 2);
      for (; step < 80; step++) {
        if (step === 70 && random.oneIn(2)) {
          world.isTorn = true;
          random.pick(links).abort();
        }
        world.step();
        for (let i = random.below(6); i > 3; i--) await Promise.resolve();
        if (random.oneIn(3)) continue;
        await quiet();
        await quiet();
        world.checkQuiet();
      }
      await quiet();
      await quiet();
      world.checkQuiet();
      world.end();
      await quiet();
      await quiet();
      if (!world.isTorn) {
        assertEquals(nodes.map(({ node }) => node.ports.size), [0, 0, 0]);
      }
      add(total, world);
    } catch (error) {
      throw failed(seed, step, error);
    } finally {
      for (const link of links) link.abort();
      for (const link of links) await link.closed;
    }
  }
  assertFrequent(total, 10);
});
