/// <reference lib="deno.worker" />
/**
 * The other thread of `driver.ts`.
 *
 * @module
 */
import type { Transport } from "../../core/transport.ts";
import { MessagePortTransport } from "../../transports/message_port.ts";
import { RingTransport } from "../../transports/ring.ts";
import { Random } from "../sim/random.ts";
import type { Answer, Command, Means, Request } from "./driver.ts";
import { drain, pour } from "./flow.ts";
import { endWrites, ring, setWord, WORDS } from "./raw_ring.ts";

interface Opened {
  readonly transport: Transport;
  readonly endWrites: () => void;
}

const ends = new Map<number, Opened>();

self.onmessage = async ({ data: { id, end, command } }: MessageEvent<Request>) => {
  let answer: Answer;
  try {
    answer = { id, result: await carryOut(end, command) };
  } catch (error) {
    answer = { id, error: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(answer);
};

async function carryOut(end: number, command: Command): Promise<Answer["result"]> {
  if (command.do === "open") return void ends.set(end, open(command.means));
  if (command.do === "scribble") return scribble(command);
  const { transport, endWrites } = ends.get(end)!;
  switch (command.do) {
    case "read": {
      const into = new Uint8Array(command.bytes), count = await transport.read(into);
      return count === null ? null : into.slice(0, count);
    }
    case "write":
      return await transport.write(command.bytes);
    case "pour":
      return void await pour(transport, command.flow);
    case "drain":
      return void await drain(transport, command.flow);
    case "endWrites":
      return void endWrites();
    case "close":
      return void transport.close();
  }
}

function open(means: Means): Opened {
  if (means.kind === "port") {
    const { port } = means;
    return {
      transport: new MessagePortTransport(port),
      endWrites: () => port.postMessage("end"),
    };
  }
  const { shared, side } = means;
  return {
    transport: new RingTransport(shared, side),
    endWrites: () => endWrites(shared, side),
  };
}

function scribble(
  { shared, seed, times }: Command & { readonly do: "scribble" },
): undefined {
  const random = new Random(seed), words = Object.keys(WORDS) as (keyof typeof WORDS)[];
  for (let i = 0; i < times; i++) {
    const side = random.pick([0, 1] as const);
    setWord(shared, side, random.pick(words), random.next() >>> random.below(32));
    ring(shared, side);
  }
}
