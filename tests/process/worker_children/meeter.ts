/**
 * Joins by hand and meets whoever its launcher arranges: reads a role and the means, and tells the
 * launcher what the other one said.
 *
 * @module
 */
import { joinLauncher } from "../../../transports/worker_child.ts";

const { transport, meeter } = await joinLauncher();
const [role, length] = await read(2);
const means = await read(length!);
const mine = new TextEncoder().encode(role === 0 ? "host " : "guest");
const signal = AbortSignal.timeout(5000);
const met = await meeter.meet(means, role === 0 ? "host" : "guest", () => {}, signal);
await met.write(mine);
const heard = new Uint8Array(5);
await met.read(heard);
await transport.write(heard);
// The other one goes first.
if (role === 0) await transport.write(new Uint8Array([await met.read(heard) ?? 0]));
else met.close();
self.close();

async function read(count: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count;) at += (await transport.read(bytes.subarray(at)))!;
  return bytes;
}
