/** How to run the example: see `scripts/example.ts`. @module */
import type { Example } from "../../scripts/example.ts";

export const example: Example = {
  summary: "Fetch URLs through a process that alone may reach the network",
  main: "main.ts",
  run({ deno, directory }) {
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
        // Where Deno keeps its caches, so that the children need not compile anew.
        env: ["DENO_DIR", "HOME", "XDG_CACHE_HOME"],
      },
      args: ["--sockets", directory],
    };
  },
};
