import { assert, assertEquals } from "@std/assert";
import { Invitation, Remote } from "@mage/ipc";
import { loaded, moduleGraph } from "../../scripts/module_graph.ts";
import { Probe } from "./probe.magen.ts";

const root = new URL("../../", import.meta.url);
const config = new URL("deno.json", root);

Deno.test("The entry of a child loads only what every child needs", async () => {
  const entry = new URL("transports/child.ts", root).href;
  const modules = loaded(await moduleGraph(entry, config), entry);
  const files = [...modules.keys()].map((url) => url.replace(root.href, "")).sort();
  // No launcher, no compiler, nothing from elsewhere, and of the links the one that starts soonest: imports
  // are what a start costs. What is imported later costs next to nothing until then.
  assertEquals(
    files.filter((file) =>
      !/^(core\/|transports\/(child|invitation|unix|belongings|serve\/unwrapping)\.ts$)/
        .test(file)
    ),
    [],
  );
  const bytes = [...modules.values()].reduce((sum, module) => sum + module.size, 0);
  assert(files.length <= 98, `${files.length} files: ${files.join(" ")}`);
  assert(bytes <= 530_000, `${bytes} bytes`);
});

Deno.test("A child bundled into one file is small, and joins like any other", async () => {
  const directory = await Deno.makeTempDir();
  const script = `${directory}/probe.js`;
  const bundled = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--minify",
      `--config=${config.pathname}`,
      `--output=${script}`,
      new URL("children/probe.ts", import.meta.url).pathname,
    ],
  }).output();
  assert(bundled.success, new TextDecoder().decode(bundled.stderr));
  const { size } = await Deno.stat(script);
  assert(size <= 186_000, `${size} bytes`);
  {
    await using child = await Invitation.spawn(script, { config: false });
    using probe = new Remote(Probe, child.pipe);
    assertEquals((await probe.echo("bundled", new Uint8Array(0))).text, "bundled");
  }
  await Deno.remove(directory, { recursive: true });
});
