/**
 * Connects to a socket by itself and joins over it, as inviter or as invitee: `joiner.ts PATH ROLE`.
 *
 * @module
 */
import { Invitation, Receiver } from "@mage/ipc/child";
import { Probe } from "../probe.magen.ts";

const [path, role] = Deno.args as [string, "send" | "accept"];
const conn = await Deno.connect({ transport: "unix", path });
const joined = await Invitation[role]({ conn });
new Receiver(Probe, {
  echo: (text, data) => ({ text: `${role}: ${text}`, data }),
  note: () => {},
  noted: () => ({ numbers: new Int32Array(0) }),
  permissions: () => ({ states: [] }),
  attempt: () => ({ outcome: "" }),
  giveBack: (pipe) => ({ pipe }),
  callBack: () => ({ text: "" }),
  bothEnds: () => Promise.reject(new Error("not here")),
  hang: () => new Promise(() => {}),
  exit: (code) => Deno.exit(code),
  environment: () => ({ variables: [] }),
  count: () => [],
}, joined.pipe);
// Nobody launched it, so nobody ends it but the link.
await joined.closed;
