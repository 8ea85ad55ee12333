/** A node of a scenario in a process or worker of its own. @module */
import { Invitation } from "@mage/ipc/child";
import { ownRuntime } from "../../core/system/node_runtime.ts";
import { serveMember } from "./member.ts";

const { pipe, pipes } = await Invitation.accept();
serveMember(ownRuntime(), pipe, pipes.get("invited")!, () => Deno.exit());
