/** A child that invites its launcher, and says two things before anybody there may listen. @module */
import { Invitation, Remote } from "@mage/ipc/child";
import { ownRuntime } from "../../core/system/node_runtime.ts";
import { serveMember } from "./member.ts";
import { Peer } from "./member.magen.ts";

const joined = await Invitation.send({ pipes: ["invited"] });
const remote = new Remote(Peer, joined.extract("invited")!);
remote.count(1, 0.5, "message");
remote.say("1000 JPY");
serveMember(ownRuntime(), joined.pipe, remote.$.unbind(), () => Deno.exit());
