/**
 * Fetches URLs without permission to reach a network: a network process, started for exactly the hosts
 * named, does it. With `--link worker` it is a thread, which cannot hold more than its program does.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import {
  type Child,
  type ChildPermissions,
  Invitation,
  Remote,
  type SpawnOptions,
} from "@mage/ipc";
import { FileServer } from "./file_server.magen.ts";
import { NetworkProcess } from "./network_process.magen.ts";

const HELP = `Fetch URLs through a process that alone may reach them.

Usage: deno task example network_process [URL...]

For each URL, one line: status, bytes, milliseconds, URL. Without a URL, a local server
in a third process serves some files of this repository.

Options:
  --link LINK    What the two run in and are joined over: unix (default), a process over a
                 socket path; inherited, a process born with its link; worker, a thread
  --sockets DIR  Meet the processes on sockets in DIR (default: fresh private directories)
  -h, --help     Show this text

Exit code: 0 all fetched, 1 some were not, 2 bad usage, 130 interrupted
`;

const config = new URL("../../deno.json", import.meta.url);
const root = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(
  /\/$/,
  "",
);
const stop = new AbortController();

const LINKS = ["unix", "inherited", "worker"] as const;
type Link = typeof LINKS[number];

/** Starts one of the two children. All that depends on the link is here. */
function start(
  name: string,
  link: Link,
  sockets: string | undefined,
  permissions: ChildPermissions,
): Promise<Child> {
  const options: SpawnOptions = { link, permissions, signal: stop.signal };
  return Invitation.spawn(new URL(`./${name}.ts`, import.meta.url), {
    ...options,
    // A worker has the configuration of the program it is a part of.
    ...(link === "worker" ? {} : { config }),
    ...(link === "unix" && sockets !== undefined
      ? { socket: `${sockets}/${name}.sock` }
      : {}),
  });
}

/** The host and port that fetching `url` takes, or `null` when it is no HTTP URL. */
function hostOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") return null;
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}

async function main(): Promise<number> {
  let unknown: string | undefined;
  const args = parseArgs(Deno.args, {
    boolean: ["help"],
    string: ["link", "sockets", "_"],
    default: { link: "unix" },
    alias: { h: "help" },
    unknown: (arg, key) => {
      if (key !== undefined) unknown ??= arg;
    },
  });
  if (args.help) {
    console.log(HELP);
    return 0;
  }
  if (unknown !== undefined) {
    console.error(`Unknown option ${unknown}; see --help`);
    return 2;
  }
  const link = LINKS.find((link) => link === args.link);
  if (link === undefined) {
    console.error(
      `Option --link must be one of ${LINKS.join(", ")}: received ${args.link}`,
    );
    return 2;
  }

  await using started = new AsyncDisposableStack();
  let urls = args._.map(String);
  if (urls.length === 0) {
    const child = started.use(
      await start("file_server", link, args.sockets, {
        net: ["127.0.0.1:0"],
        read: [root],
      }),
    );
    using server = new Remote(FileServer, child.pipe);
    const { port } = await server.serve(root, { signal: stop.signal });
    urls = ["README.md", "mod.ts", "examples/network_process/main.ts"]
      .map((file) => `http://127.0.0.1:${port}/${file}`);
  }

  const hosts = new Set(urls.map(hostOf).filter((host) => host !== null));
  const child = started.use(
    await start("network_process", link, args.sockets, { net: [...hosts] }),
  );
  using network = new Remote(NetworkProcess, child.pipe);

  // Calls on one pipe run at the same time; the lines come in the order of the arguments.
  const fetched = urls.map(async (url) => {
    if (hostOf(url) === null) throw new Error("not an http: or https: URL");
    const from = performance.now();
    const { status, bytes, error } = await network.fetchURL(url, { signal: stop.signal });
    if (error !== undefined) throw new Error(error);
    return { status, bytes, ms: performance.now() - from };
  });
  let failed = 0;
  for (const [i, result] of (await Promise.allSettled(fetched)).entries()) {
    stop.signal.throwIfAborted();
    if (result.status === "fulfilled") {
      const { status, bytes, ms } = result.value;
      console.log(`${status}  ${bytes} bytes  ${ms.toFixed(1)} ms  ${urls[i]}`);
    } else {
      failed++;
      console.error(`${urls[i]}: ${result.reason.message}`);
    }
  }

  const { signal } = stop;
  const { all, reachable } = await network.listPermissions([...hosts], { signal });
  console.log(`permissions: ${all}; hosts: ${reachable.join(", ") || "none"}`);
  const { outcomes } = await network.tryToEscape(
    `${root}/deno.json`,
    "http://example.org:8080/",
    { signal },
  );
  for (const outcome of outcomes) console.log(`sandbox: ${outcome}`);
  return failed > 0 ? 1 : 0;
}

const interrupt = () => stop.abort(new Error("interrupted"));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, interrupt);
}
let code: number;
try {
  code = await main();
} catch (error) {
  if (!stop.signal.aborted) console.error(error instanceof Error ? error.message : error);
  code = stop.signal.aborted ? 130 : 1;
}
Deno.exit(code);
