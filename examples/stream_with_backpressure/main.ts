/**
 * Streams random bytes to a process that hashes them, no faster than it reads.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { parseArgs } from "@std/cli/parse-args";
import { createDataPipe, Invitation } from "@mage/ipc";

const HELP = `Stream bytes to a process that holds no permission, no faster than it reads.

Usage: deno task example stream_with_backpressure [OPTION...]

Options:
  --megabytes N   How much to stream, in MiB (default 32)
  --capacity N    The most that may be between the two, in bytes (default 262144)
  -h, --help      Show this text

Exit code: 0 both sides have the same hash, 1 they have not, 2 bad usage
`;

const CHUNK_BYTES = 64 * 1024;
const MIB = 1024 * 1024;

const unknown: string[] = [];
const options = parseArgs(Deno.args, {
  boolean: ["help"],
  string: ["megabytes", "capacity"],
  alias: { h: "help" },
  unknown: (arg) => void unknown.push(arg),
});
const megabytes = Number(options.megabytes ?? 32);
const capacity = Number(options.capacity ?? 262_144);
if (options.help) {
  console.log(HELP);
  Deno.exit(0);
}
if (
  unknown.length > 0 || !Number.isInteger(megabytes) || megabytes < 1 ||
  !Number.isInteger(capacity) || capacity < 1
) {
  console.error(HELP);
  Deno.exit(2);
}

await using child = await Invitation.spawn(new URL("./hasher.ts", import.meta.url), {
  link: "inherited",
  config: new URL("../../deno.json", import.meta.url),
});
const [producer, consumer] = createDataPipe({ capacity });
child.pipe.write(new Uint8Array(0), [consumer]);

const hash = createHash("sha256");
const start = performance.now();
const writer = producer.writable.getWriter();
// How long there was no room: the reader had stopped.
let waited = 0;
for (let sent = 0; sent < megabytes * MIB; sent += CHUNK_BYTES) {
  const chunk = crypto.getRandomValues(new Uint8Array(CHUNK_BYTES));
  hash.update(chunk);
  const before = performance.now();
  await writer.write(chunk);
  waited += performance.now() - before;
}
await writer.close();
const reply = await child.pipe.receive();
const seconds = (performance.now() - start) / 1000;
if (reply === null) throw await child.pipe.closed;

const answer = JSON.parse(new TextDecoder().decode(reply.data));
const sha256 = hash.digest("hex");
console.log(`here   ${sha256}`);
console.log(`there  ${answer.sha256}`);
console.log(
  `${megabytes} MiB through a pipe of ${capacity} bytes in ${seconds.toFixed(2)} s; ` +
    `the reader stopped ${answer.stalls} times, the writer waited ` +
    `${(waited / 1000).toFixed(2)} s`,
);
if (answer.sha256 !== sha256) Deno.exitCode = 1;
