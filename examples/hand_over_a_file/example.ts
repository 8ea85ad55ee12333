/** How to run the example: see `scripts/example.ts`. @module */
import type { Example } from "../../scripts/example.ts";

export const example: Example = {
  summary: "Hand an open file to a process that may open none",
  main: "main.ts",
  run: ({ deno, args }) => ({
    permissions: {
      // The file that is named, and no other.
      read: args.filter((arg) => arg !== "" && !arg.startsWith("-")).slice(0, 1),
      run: [deno],
      // Where Deno keeps its caches, so that the child need not compile anew.
      env: ["DENO_DIR", "HOME", "XDG_CACHE_HOME"],
    },
    args: [],
  }),
};
