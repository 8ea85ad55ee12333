import { assertEquals, assertRejects } from "@std/assert";
import { Invitation, Remote } from "@mage/ipc";
import { Probe } from "./probe.magen.ts";

Deno.test("Invitation joins a worker over a message port, whoever invites", async () => {
  for (const role of ["send", "accept"] as const) {
    const url = import.meta.resolve("./children/port_worker.ts");
    const worker = new Worker(url, { type: "module" });
    const { port1: port, port2 } = new MessageChannel();
    worker.postMessage([role, port2], [port2]);
    {
      await using joined = await Invitation[role === "send" ? "accept" : "send"]({
        port,
      });
      using probe = new Remote(Probe, joined.pipe);
      const data = new Uint8Array(1_000_000).fill(3);
      assertEquals(await probe.echo("hello", data), { text: `${role}: hello`, data });
    }
    worker.terminate();
  }
});

Deno.test("Invitation refuses a message port beside a socket", async () => {
  const { port1: port, port2: other } = new MessageChannel();
  const conn = {} as Deno.Conn;
  for (const role of ["send", "accept"] as const) {
    await assertRejects(() => Invitation[role]({ conn, port }), TypeError, "two ways");
  }
  port.close();
  other.close();
});
