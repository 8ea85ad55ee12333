/** A worker that says what makes no sense over the port it is sent. @module */
import { Invitation } from "@mage/ipc/child";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<["send" | "accept", MessagePort]>) => void;
};
scope.onmessage = async ({ data: [role, port] }) => {
  const { pipe } = await Invitation[role]({ port });
  pipe.write(new TextEncoder().encode("nonsense"));
};
