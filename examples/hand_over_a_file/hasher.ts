/**
 * Hashes the file that it is handed, and tries to get at what it was not given. Holds no permission at all.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { FileHandle, Invitation, unwrapPlatformHandle } from "@mage/ipc/child";

const { pipe } = await Invitation.accept();
const message = (await pipe.receive())!;
const path = new TextDecoder().decode(message.data);
const file = await unwrapPlatformHandle(message.take(FileHandle));

const hash = createHash("sha256"), buffer = new Uint8Array(256 * 1024);
for (;;) {
  const count = await file.read(buffer);
  if (count === null) break;
  hash.update(buffer.subarray(0, count));
}

const refusals = [
  await outcome("writing to it", () => file.write(new Uint8Array(1))),
  await outcome(`opening ${path}`, () => Deno.open(path)),
  await outcome("opening /etc/hostname", () => Deno.open("/etc/hostname")),
  await outcome(
    "connecting to example.org:80",
    () => Deno.connect({ hostname: "example.org", port: 80 }),
  ),
];
file.close();
const answer = { sha256: hash.digest("hex"), refusals };
pipe.write(new TextEncoder().encode(JSON.stringify(answer)));

async function outcome(what: string, attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return `ALLOWED ${what}`;
  } catch (error) {
    return `refused ${what}: ${(error as Error).message.split(",")[0]}`;
  }
}
