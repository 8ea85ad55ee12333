/**
 * Counts what a test may leave behind: open sockets of this process, its children, temporary files.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { childrenOf, socketsOf } from "./processes.ts";

/** What there is now. */
interface Census {
  readonly descriptors: string[];
  readonly children: string[];
  readonly files: string[];
}

async function census(temporary: string): Promise<Census> {
  return {
    descriptors: await socketsOf(Deno.pid),
    children: await childrenOf(Deno.pid),
    files: [...Deno.readDirSync(temporary)].map((entry) => entry.name),
  };
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
