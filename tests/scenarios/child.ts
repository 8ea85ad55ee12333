/** A node of a scenario in a process or worker of its own. @module */
import { Invitation } from "@mage/ipc/child";
import { ownRuntime } from "../../core/system/node_runtime.ts";
import { serveMember } from "./member.ts";

const joined = await Invitation.accept();
serveMember(ownRuntime(), joined.pipe, joined.extract("invited")!, () => Deno.exit());
