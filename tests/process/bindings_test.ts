import { assertEquals, assertRejects } from "@std/assert";
import { Invitation, PipeLostError, Remote, type SpawnOptions } from "@mage/ipc";
import { Probe } from "./probe.magen.ts";

const script = new URL("./children/probe.ts", import.meta.url);

const LINKS: Readonly<Record<string, SpawnOptions>> = {
  process: {},
  // Under `deno test` a worker is checked for types first, and that takes its time.
  worker: { link: "worker", permissions: "inherit", deadlineMs: 100_000 },
};

for (const [name, options] of Object.entries(LINKS)) {
  Deno.test(`Remote gets streams and events from a ${name}`, async () => {
    await using child = await Invitation.spawn(script, options);
    using probe = new Remote(Probe, child.pipe);
    const heard: number[] = [], numbers = [...Array(2000).keys()];
    probe.$.events.onCounted((number) => heard.push(number));
    assertEquals(await Array.fromAsync(probe.count(2000)), numbers);
    // What was emitted before the end of the stream may come behind it: the pipes are two.
    await probe.echo("", new Uint8Array(0));
    assertEquals(heard, numbers);
  });

  Deno.test(`Remote's streams error when the ${name} is gone`, async () => {
    await using child = await Invitation.spawn(script, options);
    using probe = new Remote(Probe, child.pipe);
    const reader = probe.count(1_000_000).getReader();
    await reader.read();
    await child.close();
    await assertRejects(async () => {
      while (!(await reader.read()).done);
    }, PipeLostError);
  });
}
