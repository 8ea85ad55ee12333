import { assertEquals } from "@std/assert";
import { Name } from "../../../core/names.ts";
import { MessageQueue } from "../../../core/ports/message_queue.ts";
import { NO_PORTS, Port, PortState } from "../../../core/ports/port.ts";
import { Encoder } from "../../../core/wire/encoder.ts";

Deno.test("Port.split leaves its tail a number for each message, for each Need, for a Probe, and for the end", () => {
  for (const messages of [null, 0, 1, 3]) {
    const port = new Port(new Name(1, 2, 3, 4), new Encoder(1024));
    const queue = messages === null ? null : new MessageQueue();
    for (let i = 0; i < (messages ?? 0); i++) {
      queue!.push(new Uint8Array(1), 0, 1, NO_PORTS, 0, null);
    }
    port.outSeq = 7;
    const tail = port.split(queue);
    assertEquals([tail.state, tail.name, tail.queue], [
      PortState.Draining,
      port.name,
      queue,
    ]);
    assertEquals([tail.outSeq, port.outSeq], [
      7,
      messages === null ? 8 : 9 + 2 * messages,
    ]);
  }
});
