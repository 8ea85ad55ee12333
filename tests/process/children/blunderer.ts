/** Says what makes no sense: `blunderer.ts [send]`. @module */
import { Invitation } from "@mage/ipc/child";

const role = Deno.args[0] === "send" ? "send" : "accept";
const { pipe } = await Invitation[role]();
pipe.write(new TextEncoder().encode("nonsense"));
await pipe.closed;
