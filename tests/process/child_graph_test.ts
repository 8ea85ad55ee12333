import { assert, assertEquals } from "@std/assert";
import { loaded, moduleGraph } from "../../scripts/module_graph.ts";

const root = new URL("../../", import.meta.url);

Deno.test("The entry of a child reaches only what a child needs", async () => {
  const entry = new URL("transports/child.ts", root).href;
  const modules = loaded(await moduleGraph(entry, new URL("deno.json", root)), entry);
  const files = [...modules.keys()].map((url) => url.replace(root.href, "")).sort();
  // No launcher, no compiler, nothing from elsewhere: imports are what a start costs.
  assertEquals(
    files.filter((file) => !/^(core\/|transports\/(child|unix)\.ts$)/.test(file)),
    [],
  );
  const bytes = [...modules.values()].reduce((sum, module) => sum + module.size, 0);
  assert(files.length <= 30, `${files.length} files: ${files.join(" ")}`);
  assert(bytes <= 170_000, `${bytes} bytes`);
});
