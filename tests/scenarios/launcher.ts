/**
 * Starts two children that outlive it and lets them meet: `launcher.ts LINK direct|relayed`. It says
 * `settled` once the pipe between them has found its way.
 *
 * @module
 */
import { createMessagePipe, Invitation, type SpawnOptions } from "@mage/ipc";
import { ownRuntime } from "../../core/system/node_runtime.ts";
import { stateOf } from "./node_state.ts";

const [link, way] = Deno.args as ["unix" | "inherited", "direct" | "relayed"];
const options: SpawnOptions = {
  link,
  config: new URL("../../deno.json", import.meta.url),
  ...(way === "direct" ? { siblings: true } : {}),
};
const script = new URL("./survivor.ts", import.meta.url);
const children = [
  await Invitation.spawn(script, options),
  await Invitation.spawn(script, options),
];

/** Waits until both have met. */
async function met(): Promise<void> {
  await Promise.all(children.map(({ pipe }) => pipe.receive()));
}

for (const [i, end] of createMessagePipe().entries()) {
  children[i]!.pipe.write(new Uint8Array(0), [end]);
}
await met();
const { node } = ownRuntime();
do {
  for (const { pipe } of children) pipe.write(new Uint8Array(0));
  await met();
} while (
  stateOf(node).passing > 0 || node.broker.directLinks < (way === "direct" ? 1 : 0)
);
// What was said last over the old way has arrived when this is answered.
for (const { pipe } of children) pipe.write(new Uint8Array(0));
await met();
console.log("settled");
await new Promise(() => setInterval(() => {}, 1000));
