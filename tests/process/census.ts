/**
 * Counts what a test may leave behind: open sockets of this process, its children, temporary files.
 *
 * @module
 */
import { assertEquals } from "@std/assert";

/** What there is now. */
interface Census {
  readonly descriptors: string[];
  readonly children: string[];
  readonly files: string[];
}

async function lines(command: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await new Deno.Command(command, { args, stderr: "null" }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

async function census(temporary: string): Promise<Census> {
  const descriptors = (await lines("ls", "-l", `/proc/${Deno.pid}/fd`))
    .map((line) => line.split(" -> ")[1] ?? "")
    .filter((target) => target.startsWith("socket:"));
  // The one that asks is a child too.
  const children = (await lines("ps", "--ppid", String(Deno.pid), "-o", "args="))
    .filter((args) => !/\bps --ppid /.test(args));
  const files = [...Deno.readDirSync(temporary)].map((entry) => entry.name);
  return { descriptors: descriptors.sort(), children, files };
}

/**
 * Runs `body` with a directory for temporary files of its own, and checks that it left nothing behind:
 * no file, no socket, no process.
 */
export async function leavesNothing(body: () => Promise<void>): Promise<void> {
  const outer = Deno.env.get("TMPDIR");
  const temporary = await Deno.makeTempDir();
  Deno.env.set("TMPDIR", temporary);
  try {
    const before = await census(temporary);
    await body();
    assertEquals(await census(temporary), before);
  } finally {
    if (outer === undefined) Deno.env.delete("TMPDIR");
    else Deno.env.set("TMPDIR", outer);
    await Deno.remove(temporary, { recursive: true });
  }
}
