/** A worker that joins over the port it is sent, in the role it is told. @module */
import { type Implementation, Invitation, Receiver } from "@mage/ipc/child";
import { Probe } from "../probe.magen.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<["send" | "accept", MessagePort]>) => void;
};
scope.onmessage = async ({ data: [role, port] }) => {
  const { pipe } = await Invitation[role]({ port });
  const echo: Implementation<Probe>["echo"] = (text, data) => ({
    text: `${role}: ${text}`,
    data,
  });
  new Receiver(Probe, { echo } as Implementation<Probe>, pipe);
};
