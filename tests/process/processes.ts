/**
 * What runs on this machine, read from /proc with tools that every Linux has. (Deno itself opens
 * nothing below /proc unless it may do everything.)
 *
 * @module
 */

async function shell(script: string): Promise<string> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", script],
    stderr: "null",
  })
    .output();
  return new TextDecoder().decode(stdout);
}

/** The arguments of a process; empty when it is gone. */
export async function argumentsOf(pid: number): Promise<string[]> {
  return (await shell(`cat /proc/${pid}/cmdline`)).split("\0").slice(0, -1);
}

/** The processes whose parent this one is, by the names of their programs. */
export async function childrenOf(pid: number): Promise<string[]> {
  const names: string[] = [];
  for (const line of (await shell("cat /proc/[0-9]*/stat")).split("\n")) {
    const [, child, name, parent] = /^(\d+) \((.*)\) \S (\d+) /.exec(line) ?? [];
    // The shell that asks is a child too, and so is what it runs.
    if (Number(parent) === pid && name !== "sh") names.push(`${name} ${child}`);
  }
  return names;
}

/** The numbers of the processes that have `text` among their arguments. */
export async function processesWith(text: string): Promise<number[]> {
  const script =
    `for f in /proc/[0-9]*; do echo "$\{f#/proc/} $(tr '\\0' ' ' < $f/cmdline)"; done`;
  return (await shell(script)).split("\n")
    .filter((line) => line.includes(text) && !line.includes(" sh -c "))
    .map((line) => Number(line.split(" ")[0]));
}

/**
 * The sockets that a process has open, each once: a worker has descriptors of its own for the standard
 * streams, which go when its thread does.
 */
export async function socketsOf(pid: number): Promise<string[]> {
  const links = await shell(`ls -l /proc/${pid}/fd`);
  const sockets = [...links.matchAll(/-> (socket:\S+)/g)].map((match) => match[1]!);
  return [...new Set(sockets)].sort();
}
