/** How to run the example: see `scripts/example.ts`. @module */
import type { Example } from "../../scripts/example.ts";

const root = decodeURIComponent(new URL("../..", import.meta.url).pathname);

export const example: Example = {
  summary: "Fetch URLs through a process that alone may reach the network",
  main: "main.ts",
  run({ deno, directory, args }) {
    if (isAsked(args, "worker")) {
      return {
        // A thread holds no more than its program: what the two are to hold, it has to hold too.
        permissions: {
          net: ["127.0.0.1", ...hosts(args)],
          read: [root],
        },
        flags: ["--unstable-worker-options"],
        args: [],
      };
    }
    // Where Deno keeps its caches, so that the children need not compile anew.
    const env = ["DENO_DIR", "HOME", "XDG_CACHE_HOME"];
    if (isAsked(args, "inherited")) {
      return {
        // Nothing of the network, and no socket path.
        permissions: { run: [deno], env },
        args: [],
      };
    }
    const sockets = ["network_process", "file_server"].map((name) =>
      `${directory}/${name}.sock`
    );
    return {
      permissions: {
        // Nothing of the network: only the sockets on which the children join.
        net: sockets.map((path) => `unix:${path}`),
        read: sockets,
        write: sockets,
        run: [deno],
        env,
      },
      args: ["--sockets", directory],
    };
  },
};

function isAsked(args: readonly string[], link: string): boolean {
  return args.includes(`--link=${link}`) || args[args.indexOf("--link") + 1] === link;
}

/** The hosts of the URLs among the arguments. */
function hosts(args: readonly string[]): string[] {
  return args.filter((arg) => /^https?:/.test(arg) && URL.canParse(arg)).map((url) =>
    new URL(url).host
  );
}
