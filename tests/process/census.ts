/**
 * Counts what a test may leave behind: open files and sockets of this process, its children, and
 * directories of sockets.
 *
 * @module
 */
import { assertEquals } from "@std/assert";

/** What there is now. */
export interface Census {
  readonly descriptors: string[];
  readonly children: string[];
  readonly directories: string[];
}

async function lines(command: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await new Deno.Command(command, { args, stderr: "null" }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

/** Takes a census of this process. */
export async function census(): Promise<Census> {
  // `ls` sees the descriptors of its parent, us; its own pipe is one of them while it runs.
  const descriptors = (await lines("ls", "-l", `/proc/${Deno.pid}/fd`))
    .map((line) => line.split(" -> ")[1] ?? "")
    .filter((target) => target.startsWith("socket:") || target.includes("/mage-"));
  const children = (await lines("ps", "--ppid", String(Deno.pid), "-o", "args="))
    .filter((args) => !args.startsWith("ps "));
  const directories: string[] = [];
  const temporary = Deno.env.get("TMPDIR") ?? "/tmp";
  for await (const entry of Deno.readDir(temporary)) {
    if (entry.name.startsWith("mage-")) directories.push(entry.name);
  }
  return {
    descriptors: descriptors.sort(),
    children: children.sort(),
    directories: directories.sort(),
  };
}

/** Runs `body` and checks that it left nothing behind. */
export async function leavesNothing(body: () => Promise<void>): Promise<void> {
  const before = await census();
  await body();
  assertEquals(await census(), before);
}
