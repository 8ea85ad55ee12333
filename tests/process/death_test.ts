import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { Invitation, InvitationError, PipeLostError, Remote } from "@mage/ipc";
import { leavesNothing } from "./census.ts";
import { Probe } from "./probe.magen.ts";

function overEachLink(
  name: string,
  body: (link: "unix" | "inherited") => Promise<void>,
): void {
  for (const link of ["unix", "inherited"] as const) {
    Deno.test(`${name} (${link})`, () => body(link));
  }
}

const script = new URL("./children/probe.ts", import.meta.url);
const config = new URL("../../deno.json", import.meta.url);

overEachLink(
  "Invitation.spawn leaves nothing when the child is killed at any moment",
  async (link) => {
    await leavesNothing(async () => {
      for (let i = 0; i < 18; i++) {
        const stop = new AbortController();
        // Turns of the event loop, not milliseconds: from before the start to well after the join.
        const turns = i * i;
        const spawning = Invitation.spawn(script, {
          config,
          link,
          stderr: "null",
          signal: stop.signal,
        });
        const killing = (async () => {
          for (let turn = 0; turn < turns; turn++) {
            await new Promise((next) => setTimeout(next, 0));
          }
          stop.abort(new Error("stopped"));
        })();
        try {
          await using child = await spawning;
          using probe = new Remote(Probe, child.pipe);
          const calls = Array.from(
            { length: 50 },
            () => probe.echo("x", new Uint8Array(5000)),
          );
          child.kill("SIGKILL");
          for (const call of await Promise.allSettled(calls)) {
            if (call.status === "rejected") assertInstanceOf(call.reason, PipeLostError);
          }
          await assertRejects(() => probe.noted(), PipeLostError);
        } catch (error) {
          assertEquals((error as Error).message, "stopped");
        }
        await killing;
      }
    });
  },
);

overEachLink("Child ends when its launcher is killed", async (link) => {
  // With a timer it would run for ever if nothing ended it.
  const busy = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    busy,
    `setInterval(() => {}, 60_000);
     await import(${JSON.stringify(script.href)});`,
  );
  const launcher = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    launcher,
    `import { Invitation, Remote } from "@mage/ipc";
     import { Probe } from ${
      JSON.stringify(new URL("./probe.magen.ts", import.meta.url).href)
    };
     const config = ${JSON.stringify(config.href)};
     const child = await Invitation.spawn(${
      JSON.stringify(busy)
    }, { config: new URL(config), link: "${link}" });
     const probe = new Remote(Probe, child.pipe);
     probe.hang();
     await probe.noted();
     console.log("joined");
     await new Promise(() => setInterval(() => {}, 60_000));`,
  );
  const parent = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", `--config=${config.pathname}`, launcher],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const output = parent.stdout.getReader();
  assertEquals(new TextDecoder().decode((await output.read()).value), "joined\n");
  parent.kill("SIGKILL");
  // The child has inherited this stream: it ends when both of them are gone.
  assert((await output.read()).done);
  await parent.status;
  await Deno.remove(launcher);
  await Deno.remove(busy);
});

Deno.test("Child whose launcher talks garbage gives up with an error that says so", async () => {
  const { encodeRendezvous, TOKEN_BYTES } = await import("../../transports/unix.ts");
  for (const when of ["before", "after"]) {
    const directory = await Deno.makeTempDir();
    const path = `${directory}/s`;
    const listener = Deno.listen({ transport: "unix", path });
    const token = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        `--config=${config.pathname}`,
        `--allow-read=${path}`,
        `--allow-write=${path}`,
        `--allow-net=unix:${path}`,
        script.pathname,
      ],
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const stdin = child.stdin.getWriter();
    const revoke = { read: true, write: true, net: true };
    await stdin.write(encodeRendezvous({ path, token, revoke }));
    await stdin.close();
    const conn = await listener.accept();
    const told = new Uint8Array(4096);
    await conn.read(told);
    assertEquals(told.subarray(0, TOKEN_BYTES), token);
    if (when === "before") await conn.write(new Uint8Array(64).fill(0xff));
    else conn.close();
    const stderr = await new Response(child.stderr).text();
    assert(/broke the handshake: frame-too-long|went away before/.test(stderr), stderr);
    assertEquals((await child.status).code, 1);
    if (when === "before") conn.close();
    listener.close();
    await Deno.remove(directory);
  }
  assertEquals(new InvitationError("protocol", "x").code, "invitation");
});
