import { assertEquals } from "@std/assert";
import { Invitation, Remote, type SpawnOptions } from "@mage/ipc";
import { Probe } from "./probe.magen.ts";

const script = new URL("./children/probe.ts", import.meta.url);
const config = new URL("../../deno.json", import.meta.url);
const KINDS = ["read", "write", "net", "env", "sys", "run", "ffi", "import"] as const;

/** What a process can be joined over. */
const LINKS = ["unix", "inherited"] as const;

async function ask(
  options: SpawnOptions,
  queries: object[],
): Promise<string[]> {
  await using child = await Invitation.spawn(script, { config, ...options });
  using probe = new Remote(Probe, child.pipe);
  const { states } = await probe.permissions(
    queries.map((query) => JSON.stringify(query)),
  );
  return states.map((state) => state.slice(state.lastIndexOf("=") + 1));
}

for (const link of LINKS) {
  Deno.test(`Child has no permission of any kind when none is named (${link})`, async () => {
    const directory = await Deno.makeTempDir();
    const socket = `${directory}/s`;
    const queries = [
      ...KINDS.map((name) => ({ name })),
      // What joining took is given back.
      { name: "read", path: socket },
      { name: "write", path: socket },
      { name: "net", host: `unix:${socket}` },
      { name: "read", path: directory },
      { name: "env", variable: "HOME" },
      { name: "run", command: Deno.execPath() },
      { name: "sys", kind: "hostname" },
      { name: "net", host: "127.0.0.1" },
    ];
    const states = await ask(link === "unix" ? { socket } : { link }, queries);
    // Deno grants `import` of its own registries by default; `--cached-only` leaves nothing to fetch.
    const none = link === "unix" ? "prompt" : "denied";
    assertEquals(states, queries.map(({ name }) => name === "import" ? "granted" : none));
    await Deno.remove(directory);
  });

  // This process may do everything, and so may whatever it starts without saying otherwise.
  Deno.test(`Child is refused whatever it tries (${link})`, async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const file = await Deno.makeTempFile();
    const attempts = [
      `read ${script.pathname}`,
      "read /etc/hostname",
      "read /proc/self/environ",
      "read /proc/self/fd/3",
      "read /dev/fd/3",
      "list /proc/self/fd",
      "list /dev/fd",
      "list /",
      `write ${file}`,
      "write /dev/fd/3",
      `remove ${file}`,
      `dial ${listener.addr.port}`,
      "connect /tmp/nobody",
      "connect \0nobody",
      "env HOME",
      "sys hostname",
      `run ${Deno.execPath()}`,
      "run /bin/sh",
      "ffi /lib/x86_64-linux-gnu/libc.so.6",
      `import file://${file}.ts`,
    ];
    await using child = await Invitation.spawn(script, { config, link });
    using probe = new Remote(Probe, child.pipe);
    for (const what of attempts) {
      // The loader of modules has an error of its own for what may not be read.
      const expected = what.startsWith("import ") ? "TypeError" : "NotCapable";
      assertEquals(await probe.attempt(what), { outcome: expected }, what);
    }
    listener.close();
    await Deno.remove(file);
  });
}

for (const link of LINKS) {
  Deno.test(`Child can neither fetch code nor change the lockfile (${link})`, async () => {
    const directory = await Deno.makeTempDir();
    const own = JSON.parse(await Deno.readTextFile(config)).imports;
    const imports = Object.fromEntries(
      ["@mage/ipc/child", "@mage/ipc/generated-v1"].map((
        name,
      ) => [name, new URL(own[name], config).href]),
    );
    const project = `${directory}/deno.json`;
    await Deno.writeTextFile(project, JSON.stringify({ imports }));
    await using child = await Invitation.spawn(script, { config: project, link });
    using probe = new Remote(Probe, child.pipe);
    for (const what of ["https://jsr.io/@no/no/1.0.0/mod.ts", "npm:no@1", "jsr:@no/no"]) {
      const { outcome } = await probe.attempt(`import ${what}`);
      assertEquals(outcome.split(":")[0], "TypeError", what);
    }
    await child.close();
    assertEquals([...Deno.readDirSync(directory)].map(({ name }) => name), ["deno.json"]);
    await Deno.remove(directory, { recursive: true });
  });

  Deno.test(`Child has exactly the permissions that are named (${link})`, async () => {
    const queries: [object, string][] = [
      [{ name: "read", path: "/srv/a b" }, "granted"],
      [{ name: "read", path: "/srv/a b/c" }, "granted"],
      [{ name: "read", path: "/srv/a" }, "prompt"],
      [{ name: "read", path: "/srv" }, "prompt"],
      [{ name: "read" }, "prompt"],
      [{ name: "write", path: "/srv/out" }, "granted"],
      [{ name: "write", path: "/srv/a b" }, "prompt"],
      [{ name: "net", host: "example.com:443" }, "granted"],
      [{ name: "net", host: "example.com:80" }, "prompt"],
      [{ name: "net", host: "example.org:443" }, "prompt"],
      [{ name: "env", variable: "COLOR" }, "granted"],
      [{ name: "env", variable: "HOME" }, "prompt"],
      [{ name: "sys", kind: "hostname" }, "granted"],
      [{ name: "sys", kind: "osRelease" }, "prompt"],
      [{ name: "run" }, "prompt"],
      [{ name: "ffi" }, "prompt"],
    ];
    const permissions = {
      read: [new URL("file:///srv/a%20b")],
      write: ["/srv/out"],
      net: ["example.com:443"],
      env: ["COLOR"],
      sys: ["hostname"],
    };
    const states = await ask({ link, permissions }, queries.map(([query]) => query));
    // Kinds of which nothing is granted are denied outright where the flags say so.
    assertEquals(
      states,
      queries.map(([query, state]) =>
        link === "inherited" && /run|ffi/.test(JSON.stringify(query)) ? "denied" : state
      ),
    );
  });
}

Deno.test("Child keeps what the caller granted, also where it covers the socket", async () => {
  const directory = await Deno.makeTempDir();
  const queries = [{ name: "read", path: directory }, { name: "write", path: directory }];
  const permissions = { read: [directory], write: true } as const;
  const states = await ask({ permissions, socket: `${directory}/s` }, queries);
  assertEquals(states, ["granted", "granted"]);
  await Deno.remove(directory);
});

Deno.test("Child cannot use its socket path again, nor remove it, nor read a file", async () => {
  const directory = await Deno.makeTempDir();
  const socket = `${directory}/s`;
  await using child = await Invitation.spawn(script, { config, socket });
  using probe = new Remote(Probe, child.pipe);
  for (
    const what of [`connect ${socket}`, `remove ${socket}`, `read ${script.pathname}`]
  ) {
    assertEquals(await probe.attempt(what), { outcome: "NotCapable" }, what);
  }
  await child.close();
  await Deno.remove(directory);
});
