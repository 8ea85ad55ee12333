/**
 * Has a file hashed by a process that may not open it, nor any other.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { Invitation, wrapPlatformHandle } from "@mage/ipc";

const HELP = `Hand an open file to a process that may open none, and print its SHA-256.

Usage: deno task example hand_over_a_file FILE

Options:
  -h, --help      Show this text

Exit code: 0 hashed, 1 FILE cannot be read, 2 bad usage
`;

const unknown: string[] = [];
const options = parseArgs(Deno.args, {
  boolean: ["help"],
  string: ["_"],
  alias: { h: "help" },
  unknown: (arg, key) => {
    if (key !== undefined) unknown.push(arg);
  },
});
const [path, ...others] = options._.map(String);
if (options.help) {
  console.log(HELP);
  Deno.exit(0);
}
if (path === undefined || path === "" || others.length > 0 || unknown.length > 0) {
  console.error(HELP);
  Deno.exit(2);
}

let file: Deno.FsFile;
try {
  file = await Deno.open(path);
  if ((await file.stat()).isDirectory) throw new Deno.errors.IsADirectory("a directory");
} catch (error) {
  const why = error instanceof Deno.errors.NotFound
    ? "there is no such file"
    : (error as Error).message.split(":")[0];
  console.error(`Cannot read ${path}: ${why}`);
  Deno.exit(1);
}

await using child = await Invitation.spawn(new URL("./hasher.ts", import.meta.url), {
  link: "inherited",
  config: new URL("../../deno.json", import.meta.url),
});
const handle = wrapPlatformHandle(file, { rights: ["read"] });
child.pipe.write(new TextEncoder().encode(path), [handle]);
const reply = await child.pipe.receive();
if (reply === null) throw await child.pipe.closed;

const answer = JSON.parse(new TextDecoder().decode(reply.data));
console.log(`${answer.sha256}  ${path}`);
for (const refusal of answer.refusals) console.log(`sandbox: ${refusal}`);
