/**
 * The network process: holds net permission for the hosts it was started for, and nothing else.
 *
 * @module
 */
import { Invitation, Receiver } from "@mage/ipc/child";
import { NetworkProcess } from "./network_process.magen.ts";

// Ctrl-C in a terminal reaches every process. When to end is the launcher's to say: this one follows it.
Deno.addSignalListener("SIGINT", () => {});

const KINDS = ["read", "write", "net", "env", "sys", "run", "ffi"] as const;

const { pipe } = await Invitation.accept();

new Receiver(NetworkProcess, {
  async fetchURL(url) {
    try {
      const response = await fetch(url);
      let bytes = 0n;
      for await (const chunk of response.body ?? []) bytes += BigInt(chunk.length);
      return { status: response.status, bytes };
    } catch (error) {
      return { status: 0, bytes: 0n, error: reason(error) };
    }
  },

  async listPermissions(hosts) {
    const states = KINDS.map(async (name) =>
      `${name} ${await granted({ name }) ? "yes" : "no"}`
    );
    const reachable: string[] = [];
    for (const host of hosts) {
      if (await granted({ name: "net", host })) reachable.push(host);
    }
    return { all: (await Promise.all(states)).join(", "), reachable };
  },

  async tryToEscape(file, url) {
    const read = await outcome(`reading ${file}`, () => Deno.readFile(file));
    const reach = await outcome(`reaching ${url}`, () => fetch(url));
    return { outcomes: [read, reach] };
  },
}, pipe);

async function granted(permission: Deno.PermissionDescriptor): Promise<boolean> {
  return (await Deno.permissions.query(permission)).state === "granted";
}

async function outcome(what: string, attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return `ALLOWED ${what}`;
  } catch (error) {
    const refused = error instanceof Deno.errors.NotCapable;
    return `${refused ? "refused" : "failed "} ${what}: ${reason(error)}`;
  }
}

/** The innermost cause: `fetch` wraps what happened in a sentence that says only that it happened. */
function reason(error: unknown): string {
  while (error instanceof Error && error.cause instanceof Error) error = error.cause;
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}
