/** Starts two children that outlive it and call each other: `family.ts LINK`. @module */
import { createMessagePipe, Invitation, Remote, type SpawnOptions } from "@mage/ipc";
import { ownRuntime } from "../../../core/system/node_runtime.ts";
import { Sibling } from "../sibling.magen.ts";

const options: SpawnOptions = {
  link: Deno.args[0] as "unix" | "inherited",
  siblings: true,
  args: ["survive"],
  config: new URL("../../../deno.json", import.meta.url),
};
const script = new URL("./sibling.ts", import.meta.url);
const remotes: Remote<Sibling>[] = [];
for (let i = 0; i < 2; i++) {
  const child = await Invitation.spawn(script, options);
  remotes.push(new Remote(Sibling, child.pipe));
}
for (const [from, to] of [[0, 1], [1, 0]] as const) {
  const [one, two] = createMessagePipe();
  remotes[from]!.keep(one);
  remotes[to]!.serve(two);
  await remotes[from]!.call("hello", 1);
}
// Until then their calls take the way through this process.
while (ownRuntime().node.broker.directLinks === 0) await remotes[0]!.call("hello", 1);
// And once more over the new link, so that no endpoint is on its way any more.
for (const remote of remotes) await remote.call("hello", 1);
console.log("linked");
await new Promise(() => setInterval(() => {}, 1000));
