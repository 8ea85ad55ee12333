/** A process that endpoints are moved to. @module */
import { Invitation } from "@mage/ipc/child";
import { serveMover } from "./mover_methods.ts";

serveMover((await Invitation.accept()).pipe);
