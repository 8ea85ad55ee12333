import { assert, assertEquals, assertRejects } from "@std/assert";
import { Invitation, PipeLostError, Remote, type SpawnOptions } from "@mage/ipc";
import { leavesNothing } from "./census.ts";
import { Probe } from "./probe.magen.ts";
import { argumentsOf, socketsOf } from "./processes.ts";

const script = new URL("./children/probe.ts", import.meta.url);
const config = new URL("../../deno.json", import.meta.url);

function spawnProbe(options: SpawnOptions = {}) {
  return Invitation.spawn(script, { config, link: "inherited", ...options });
}

/** Runs `body` with a script that joins, and then does what `code` says. */
async function withScript(code: string, body: (file: string) => Promise<void>) {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    file,
    `import { Invitation } from "@mage/ipc/child";
     const joined = await Invitation.accept();
     const pipe = joined.pipe;
     ${code}`,
  );
  await leavesNothing(() => body(file));
  await Deno.remove(file);
}

function text(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

Deno.test("Child with an inherited link is started with a flag for each kind, and nothing secret", async () => {
  // None of these is for Node, whatever Node would make of them.
  const args = [Deno.execPath(), "run", "-A", "--eval", "one two"];
  await using child = await spawnProbe({
    args,
    permissions: { read: ["/srv"], net: ["example.com:443"], import: ["example.com"] },
  });
  const flags = [
    "--no-prompt",
    "--cached-only",
    "--frozen",
    "--quiet",
    `--config=${config.pathname}`,
    "--allow-read=/srv",
    "--allow-net=example.com:443",
    "--allow-import=example.com",
    "--deny-write",
    "--deny-env",
    "--deny-sys",
    "--deny-run",
    "--deny-ffi",
  ];
  assertEquals(child.flags, flags);
  assertEquals(
    await argumentsOf(child.pid!),
    [Deno.execPath(), "run", ...flags, script.pathname, ...args],
  );
});

Deno.test("Child with an inherited link can be given every permission", async () => {
  const all = {
    read: true,
    write: true,
    net: true,
    env: true,
    sys: true,
    run: true,
    ffi: true,
    import: true,
  } as const;
  await using child = await spawnProbe({ permissions: all });
  using probe = new Remote(Probe, child.pipe);
  const queries = Object.keys(all).map((name) => JSON.stringify({ name }));
  const { states } = await probe.permissions(queries);
  assertEquals(states, queries.map((query) => `${query}=granted`));
});

Deno.test("Invitation.spawn of an inherited link takes --allow-run and nothing else", async () => {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    file,
    `import { Invitation, Remote } from "@mage/ipc";
     import { Probe } from ${
      JSON.stringify(new URL("./probe.magen.ts", import.meta.url).href)
    };
     const [script, config, ...others] = Deno.args;
     for (const siblings of [undefined, true, true]) {
       const child = await Invitation.spawn(script, { config, link: "inherited", siblings });
       const probe = new Remote(Probe, child.pipe);
       console.log((await probe.echo("hi", new Uint8Array(1))).text);
       console.log((await child.close()).code);
     }`,
  );
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--quiet",
      `--config=${config.pathname}`,
      `--allow-run=${Deno.execPath()}`,
      file,
      script.pathname,
      config.pathname,
    ],
    // Node would hand this one on to whatever it starts.
    env: { NODE_V8_COVERAGE: "/nowhere" },
  }).output();
  assertEquals([text(stderr), text(stdout)], ["", "hi\n0\nhi\n0\nhi\n0\n"]);
  await Deno.remove(file);
});

Deno.test("Child inherits no socket but its own, whatever else its launcher has", async () => {
  await leavesNothing(async () => {
    await using one = await spawnProbe();
    await using two = await spawnProbe({ siblings: true });
    await using three = await spawnProbe({ link: "unix" });
    const seen = await Promise.all(
      [Deno.pid, one.pid!, two.pid!, three.pid!].map(socketsOf),
    );
    const all = seen.flatMap((sockets) => [...new Set(sockets)]);
    assertEquals(all.length, new Set(all).size, all.join(" "));
  });
});

Deno.test("Child.kill sends each signal it is asked for, and Child.status tells which one it was", async () => {
  const code = `
    Deno.addSignalListener("SIGTERM", () => pipe.write(new TextEncoder().encode("no")));
    pipe.write(new TextEncoder().encode("ready"));`;
  await withScript(code, async (file) => {
    for (const link of ["unix", "inherited"] as const) {
      await using child = await Invitation.spawn(file, { config, link });
      assertEquals(text((await child.pipe.receive())!.data), "ready");
      for (let i = 0; i < 3; i++) {
        child.kill();
        assertEquals(text((await child.pipe.receive())!.data), "no");
      }
      child.kill("SIGKILL");
      assertEquals(await child.status, { success: false, code: 137, signal: "SIGKILL" });
      child.kill();
    }
  });
});

Deno.test("Child.status tells the code of a child that ends because of a signal, but by itself", async () => {
  const code = `
    Deno.addSignalListener("SIGTERM", () => Deno.exit(6));
    pipe.write(new TextEncoder().encode("ready"));`;
  await withScript(code, async (file) => {
    for (const link of ["unix", "inherited"] as const) {
      await using child = await Invitation.spawn(file, { config, link });
      assertEquals(text((await child.pipe.receive())!.data), "ready");
      child.kill();
      assertEquals(await child.status, { success: false, code: 6, signal: null });
    }
  });
});

Deno.test("Child that leaves a process behind ends its link all the same, after all that it sent", async () => {
  const code = `
    const left = new Deno.Command("/bin/sleep", {
      args: ["1000"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    pipe.write(new TextEncoder().encode(String(left.pid)));
    await pipe.receive();
    for (let i = 0; i < 100; i++) pipe.write(new Uint8Array(1000));
    await joined.flush();
    Deno.exit(4);`;
  await withScript(code, async (file) => {
    await using child = await Invitation.spawn(file, {
      config,
      link: "inherited",
      permissions: { run: ["/bin/sleep"] },
    });
    const pid = Number(text((await child.pipe.receive())!.data));
    // It holds the child's end of the link: the child's exit alone does not end that.
    assert((await socketsOf(pid)).length > 0);
    child.pipe.write(new Uint8Array(1));
    let messages = 0;
    while (await child.pipe.receive() !== null) messages++;
    assertEquals(messages, 100);
    assert((await child.pipe.closed) instanceof PipeLostError);
    assertEquals((await child.status).code, 4);
    Deno.kill(pid);
  });
});

Deno.test("Child.stdin stays open for a child with an inherited link until it is closed", async () => {
  const code = `
    for await (const chunk of Deno.stdin.readable) pipe.write(chunk);
    await joined.close();`;
  await withScript(code, async (file) => {
    await using child = await Invitation.spawn(file, {
      config,
      link: "inherited",
      stdin: "piped",
    });
    const writer = child.stdin.getWriter();
    for (const word of ["one", "two"]) {
      await writer.write(new TextEncoder().encode(word));
      assertEquals(text((await child.pipe.receive())!.data), word);
    }
    await writer.close();
    assertEquals(await child.pipe.receive(), null);
    assertEquals((await child.status).code, 0);
  });
});

Deno.test("Child.stdout holds what an exited child wrote until somebody reads it", async () => {
  const code = `
    await Deno.stdout.write(new Uint8Array(50_000).fill(65));
    Deno.exit(0);`;
  await withScript(code, async (file) => {
    await using child = await Invitation.spawn(file, {
      config,
      link: "inherited",
      stdout: "piped",
    });
    await child.status;
    assertEquals((await new Response(child.stdout).text()).length, 50_000);
  });
});

Deno.test("Invitation.spawn reports a working directory that does not exist, over every link", async () => {
  for (const link of ["unix", "inherited"] as const) {
    await leavesNothing(async () => {
      const error = await assertRejects(
        () => spawnProbe({ link, cwd: "/nowhere/at/all", siblings: true }),
        Error,
        "Cannot start",
      );
      assertEquals((error as { failure?: string }).failure, "not-started");
    });
  }
});
