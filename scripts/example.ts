/**
 * Runs an example with exactly the permissions it needs: `deno task example NAME [ARGS...]`.
 *
 * @module
 */
import {
  type ChildPermissions,
  permissionFlags,
  permissionSet,
} from "../transports/permissions.ts";

/** What an example's own `example.ts` says about it. */
export interface Example {
  /** One line for the list. */
  readonly summary: string;
  /** The program to run. */
  readonly main: string;
  /** What it needs, given a fresh private directory, the path of Deno and the caller's arguments. */
  run(
    place: {
      readonly deno: string;
      readonly directory: string;
      readonly args: readonly string[];
    },
  ): {
    /** Its permissions. */
    readonly permissions: ChildPermissions;
    /** Flags of Deno besides them. */
    readonly flags?: readonly string[];
    /** Arguments that come before those of the caller. */
    readonly args: readonly string[];
  };
}

const HELP = `Run an example with exactly the permissions it needs.

Usage: deno task example NAME [ARGS...]
       deno task example              list the examples
`;

const root = new URL("../", import.meta.url);
const examples = new URL("examples/", root);

async function list(): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(examples)) {
    if (entry.isDirectory) names.push(entry.name);
  }
  return names.sort();
}

async function load(name: string): Promise<Example> {
  return (await import(new URL(`${name}/example.ts`, examples).href)).example;
}

/** Runs one example to its end. Returns its exit code. */
async function run(name: string, args: string[]): Promise<number> {
  const example = await load(name);
  const deno = Deno.execPath();
  // Open to nobody else: sockets in it are reached by this user only.
  const directory = await Deno.makeTempDir({ prefix: "mage-example-" });
  // Ctrl-C reaches the example too: wait for it, then clean up.
  const ignore = () => {};
  Deno.addSignalListener("SIGINT", ignore);
  try {
    const { permissions, flags = [], args: first } = example.run({
      deno,
      directory,
      args,
    });
    const child = new Deno.Command(deno, {
      args: [
        "run",
        "--no-prompt",
        "--quiet",
        `--config=${decodeURIComponent(new URL("deno.json", root).pathname)}`,
        ...flags,
        ...permissionFlags(permissionSet(permissions)),
        decodeURIComponent(new URL(`${name}/${example.main}`, examples).pathname),
        ...first,
        ...args,
      ],
    }).spawn();
    const pass = () => child.kill("SIGTERM");
    Deno.addSignalListener("SIGTERM", pass);
    const { code } = await child.status;
    Deno.removeSignalListener("SIGTERM", pass);
    return code;
  } finally {
    Deno.removeSignalListener("SIGINT", ignore);
    await Deno.remove(directory, { recursive: true });
  }
}

if (import.meta.main) {
  const [name, ...args] = Deno.args;
  const names = await list();
  if (name === undefined) {
    for (const each of names) console.log(`${each}  ${(await load(each)).summary}`);
  } else if (name === "--help" || name === "-h") {
    console.log(HELP);
  } else if (!names.includes(name)) {
    console.error(`There is no example '${name}'. The examples are: ${names.join(", ")}`);
    Deno.exit(2);
  } else {
    Deno.exit(await run(name, args));
  }
}
