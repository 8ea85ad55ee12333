/** How to run the example: see `scripts/example.ts`. @module */
import type { Example } from "../../scripts/example.ts";

const here = decodeURIComponent(new URL(".", import.meta.url).pathname);
const root = decodeURIComponent(new URL("../../", import.meta.url).pathname);

export const example: Example = {
  summary: "Share an image with a worker and with a process that hold no permission",
  main: "main.ts",
  run: ({ deno, directory }) => ({
    permissions: {
      run: [deno],
      // The files that are shared, and what the worker imports.
      read: [directory, here, root],
      write: [directory],
      // Where Deno keeps its caches, so that the child need not compile anew.
      env: ["DENO_DIR", "HOME", "XDG_CACHE_HOME"],
    },
    // What gives workers permissions of their own.
    flags: ["--unstable-worker-options"],
    args: [directory],
  }),
};
