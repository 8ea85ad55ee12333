/** The other process or thread of the library's side: answers {@linkcode Bench}. @module */
import { Invitation, Receiver } from "@mage/ipc/child";
import { Bench } from "./bench.magen.ts";
import { benchMethods } from "./bench_methods.ts";

const { pipe } = await Invitation.accept();
new Receiver(Bench, benchMethods(), pipe);
