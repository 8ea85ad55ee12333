/**
 * A child that meets its siblings as it is told: `meeting.ts NAME`. It reads orders, one at a time, a role,
 * a length and the means, and answers each with lines: `ready`, then `met NAME` or `failed ERROR`. With the
 * role `t` it is to try a path that is for others, as the means.
 *
 * @module
 */
import type { Transport } from "../../../core/transport.ts";
import { InheritedMeeter } from "../../../transports/inherited_meeter.ts";
import { SocketTransport } from "../../../transports/socket.ts";
import { ConnTransport, readRendezvous } from "../../../transports/unix.ts";
import { UnixMeeter } from "../../../transports/unix_meeter.ts";

const rendezvous = readRendezvous((into) => {
  for (let at = 0; at < into.length;) {
    const count = Deno.stdin.readSync(into.subarray(at));
    if (count === null) return false;
    at += count;
  }
  return true;
})!;

let launcher: Transport, meeter: UnixMeeter | InheritedMeeter;
if ("path" in rendezvous) {
  const conn = await Deno.connect({ transport: "unix", path: rendezvous.path });
  await conn.write(rendezvous.token);
  launcher = new ConnTransport(conn);
  meeter = new UnixMeeter();
} else {
  launcher = SocketTransport.adopt(3);
  meeter = new InheritedMeeter(rendezvous.lastDescriptor);
}

const [name] = Deno.args;
for (let order; (order = await read(launcher)) !== null;) {
  const role = String.fromCharCode(order[0]!), means = order.subarray(2, 2 + order[1]!);
  try {
    if (role === "t") {
      const path = new TextDecoder().decode(means);
      Deno.listen({ transport: "unix", path }).close();
      throw new Error("could listen");
    }
    const sibling = await meeter.meet(
      means,
      role === "h" ? "host" : "guest",
      () => void say(launcher, "ready\n"),
      AbortSignal.timeout(5000),
    );
    await say(sibling, name!);
    const met = await read(sibling);
    sibling.close();
    await say(launcher, `met ${met && new TextDecoder().decode(met)}\n`);
  } catch (error) {
    await say(launcher, `failed ${(error as Error).name}\n`);
  }
}

async function read(transport: Transport): Promise<Uint8Array<ArrayBuffer> | null> {
  const into = new Uint8Array(1000);
  const count = await transport.read(into);
  return count === null ? null : into.subarray(0, count);
}

async function say(transport: Transport, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await transport.write(bytes.subarray(at));
}
