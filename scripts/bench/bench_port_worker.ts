/** The other thread of the library's side over a port it is posted. @module */
/// <reference lib="deno.worker" />
import { Invitation, Receiver } from "@mage/ipc/child";
import { Bench } from "./bench.magen.ts";
import { benchMethods } from "./bench_methods.ts";

self.onmessage = async ({ data: port }: MessageEvent<MessagePort>) => {
  const { pipe } = await Invitation.accept({ port });
  new Receiver(Bench, benchMethods(), pipe);
};
self.postMessage("ready");
