/**
 * Hashes what it is sent, and takes its time. Holds no permission at all.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { DataPipeConsumer, Invitation } from "@mage/ipc/child";

const { pipe } = await Invitation.accept();
const consumer = (await pipe.receive())!.take(DataPipeConsumer);
const hash = createHash("sha256");
let stalls = 0;
for await (const chunk of consumer.readable) {
  hash.update(chunk);
  if (Math.random() < 0.01) {
    stalls++;
    await new Promise((resume) => setTimeout(resume, 5));
  }
}
const answer = { sha256: hash.digest("hex"), stalls };
pipe.write(new TextEncoder().encode(JSON.stringify(answer)));
