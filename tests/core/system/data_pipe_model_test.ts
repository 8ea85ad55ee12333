import { assert, assertEquals } from "@std/assert";
import { realEnvironment } from "../../../core/environment.ts";
import { LIMITS } from "../../../core/limits.ts";
import type { Handle } from "../../../core/system/handle.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { Random, seededEnvironment } from "../../sim/random.ts";
import { DataPipeModel } from "./data_pipe_model.ts";
import { DataPipeNetwork, type Place } from "./data_pipe_network.ts";

/** Seeds under which something once went wrong: they are played for ever. */
const KEPT_SEEDS: readonly number[] = [];
const LOCAL_SEEDS = 400;
const NETWORK_SEEDS = 40;
const STEPS = 300;

function seeds(count: number): number[] {
  return [...KEPT_SEEDS, ...Array.from({ length: count }, (_, i) => i + 1)];
}

/** What a pipe of the next play is like. What it holds may all be on its way over a link at once. */
function shape(random: Random): { elementSize: number; capacity: number } {
  const elementSize = random.pick([1, 1, 2, 3, 8, 1000]);
  const elements = random.pick([1, 2, 5, 16, 50, 100]);
  const capacity = elementSize * elements;
  return { elementSize, capacity: capacity > 50_000 ? elementSize : capacity };
}

/** Tells which seed it was. */
function failed(seed: number, step: number, error: unknown): Error {
  return new Error(`seed ${seed}, step ${step}: ${(error as Error).message}`, {
    cause: error,
  });
}

Deno.test("DataPipeProducer and DataPipeConsumer do what the model says on one node", () => {
  for (const seed of seeds(LOCAL_SEEDS)) {
    const random = new Random(seed);
    const { node, ...runtime } = local(seed);
    const [producer, consumer] = runtime.create(shape(random));
    const model = new DataPipeModel(random, producer, consumer, true);
    for (let step = 0; step < STEPS; step++) {
      try {
        model.step();
        if (random.oneIn(20) && model.isConsumerIdle) {
          model.consumer = runtime.move(model.consumer!);
          model.consumerArrived();
        }
        if (random.oneIn(20) && model.isProducerIdle) {
          model.producer = runtime.move(model.producer!);
        }
        if (random.oneIn(200)) model.closeProducer();
        if (random.oneIn(200)) model.closeConsumer();
      } catch (error) {
        throw failed(seed, step, error);
      }
    }
    model.closeProducer();
    model.closeConsumer();
    assertEquals(node.ports.size, 0);
  }
});

/** A node whose handles move within it. */
function local(seed: number) {
  const runtime = new NodeRuntime(seededEnvironment(seed), LIMITS.tiny);
  return {
    node: runtime.node,
    create: runtime.createDataPipe.bind(runtime),
    move<T extends Handle>(handle: T): T {
      const [one, two] = runtime.createMessagePipe();
      assertEquals(one.write(new Uint8Array(0), [handle]), "OK");
      const read = two.read();
      assert(read.result === "OK");
      one.close();
      two.close();
      return read.message.handles[0] as T;
    },
  };
}

/** A model whose ends are somewhere in a network. */
interface Roaming {
  readonly model: DataPipeModel;
  producerAt: Place;
  consumerAt: Place;
  /** An end on its way. */
  moving: Promise<void> | null;
}

function startMove(random: Random, network: DataPipeNetwork, roaming: Roaming): void {
  const { model, producerAt, consumerAt } = roaming, to = random.pick([0, 1, 2] as const);
  if (random.oneIn(2)) {
    if (!model.isProducerIdle) return;
    const { producer } = model;
    model.producer = null;
    roaming.moving = network.move(producer!, producerAt, to).then((moved) => {
      model.producer = moved;
      roaming.producerAt = to;
      roaming.moving = null;
    });
  } else if (model.isConsumerIdle) {
    const { consumer } = model;
    model.consumer = null;
    roaming.moving = network.move(consumer!, consumerAt, to).then((moved) => {
      model.consumer = moved;
      roaming.consumerAt = to;
      roaming.moving = null;
    });
  }
}

/** Lets everything arrive, and checks that both ends know all there is to know. */
async function settle(pipes: readonly Roaming[]): Promise<void> {
  for (let turns = 0;; turns++) {
    await realEnvironment.nextTurn();
    for (const { moving } of pipes) await moving;
    if (pipes.every(({ model }) => model.isSettled)) return;
    assert(turns < 100, "the ends do not agree");
  }
}

Deno.test("DataPipeProducer and DataPipeConsumer do what the model says wherever they move", async () => {
  for (const seed of seeds(NETWORK_SEEDS)) {
    const random = new Random(seed), network = await DataPipeNetwork.start();
    const pipes = Array.from({ length: 3 }, (): Roaming => {
      const at = random.pick([0, 1, 2] as const);
      const [producer, consumer] = network.nodes[at]!.createDataPipe(shape(random));
      const model = new DataPipeModel(random, producer, consumer, false);
      return { model, producerAt: at, consumerAt: at, moving: null };
    });
    for (let step = 0; step < STEPS; step++) {
      try {
        const roaming = random.pick(pipes), { model } = roaming;
        if (random.oneIn(8) && roaming.moving === null) {
          startMove(random, network, roaming);
        } else model.step();
        if (random.oneIn(300)) model.closeProducer();
        if (random.oneIn(300)) model.closeConsumer();
        if (random.oneIn(6)) await realEnvironment.nextTurn();
        if (random.oneIn(25)) await settle(pipes);
      } catch (error) {
        throw failed(seed, step, error);
      }
    }
    await settle(pipes);
    for (const { model } of pipes) {
      model.endPhases();
      model.closeProducer();
      if (random.oneIn(2)) await settle(pipes);
      model.closeConsumer();
    }
    await network.end();
  }
});
