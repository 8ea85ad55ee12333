/**
 * Does with shared buffers what it is told, in a worker: `map` and write, `create` one and send it, `pass` on
 * what comes to a worker of its own.
 *
 * @module
 */
import { createSharedBuffer, Invitation, SharedBuffer } from "@mage/ipc";

const { pipe } = await Invitation.accept();
const text = new TextDecoder();

for await (const message of pipe) {
  const what = text.decode(message.data);
  try {
    switch (what) {
      case "map": {
        using buffer = message.take(SharedBuffer);
        using mapping = await buffer.map(1, 4);
        mapping.writeAt(0, new TextEncoder().encode("here"));
        pipe.write(new TextEncoder().encode(`${mapping.access} ${buffer.mode}`));
        break;
      }
      case "create": {
        const buffer = createSharedBuffer(16);
        using mapping = await buffer.map();
        mapping.writeAt(0, new TextEncoder().encode("made there"));
        pipe.write(message.data, [buffer]);
        break;
      }
      case "pass": {
        await using below = await Invitation.spawn(import.meta.url, {
          link: "worker",
          permissions: "inherit",
        });
        below.pipe.write(new TextEncoder().encode("map"), [message.take(SharedBuffer)]);
        pipe.write((await below.pipe.receive())!);
        break;
      }
    }
  } catch (error) {
    pipe.write(new TextEncoder().encode(String(error)));
  }
}
