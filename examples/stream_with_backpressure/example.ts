/** How to run the example: see `scripts/example.ts`. @module */
import type { Example } from "../../scripts/example.ts";

export const example: Example = {
  summary: "Stream to a process that holds no permission, no faster than it reads",
  main: "main.ts",
  run: ({ deno }) => ({
    permissions: {
      run: [deno],
      // Where Deno keeps its caches, so that the child need not compile anew.
      env: ["DENO_DIR", "HOME", "XDG_CACHE_HOME"],
    },
    args: [],
  }),
};
