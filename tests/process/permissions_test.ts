import { assertEquals } from "@std/assert";
import { type ChildPermissions, Invitation, Remote } from "@mage/ipc";
import { Probe } from "./probe.magen.ts";

const script = new URL("./children/probe.ts", import.meta.url);
const config = new URL("../../deno.json", import.meta.url);
const KINDS = ["read", "write", "net", "env", "sys", "run", "ffi", "import"] as const;

async function ask(
  permissions: ChildPermissions | undefined,
  queries: object[],
  socket?: string,
): Promise<string[]> {
  await using child = await Invitation.spawn(script, {
    config,
    ...(permissions === undefined ? {} : { permissions }),
    ...(socket === undefined ? {} : { socket }),
  });
  using probe = new Remote(Probe, child.pipe);
  const { states } = await probe.permissions(
    queries.map((query) => JSON.stringify(query)),
  );
  return states.map((state) => state.slice(state.lastIndexOf("=") + 1));
}

Deno.test("Child has no permission at all, of any kind, when none is named", async () => {
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
  // Deno grants `import` of its own registries by default; `--cached-only` leaves nothing to fetch.
  const expected = queries.map((query) => query.name === "import" ? "granted" : "prompt");
  assertEquals(await ask(undefined, queries, socket), expected);
  await Deno.remove(directory);
});

Deno.test("Child has exactly the permissions that are named", async () => {
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
  const states = await ask({
    read: [new URL("file:///srv/a%20b")],
    write: ["/srv/out"],
    net: ["example.com:443"],
    env: ["COLOR"],
    sys: ["hostname"],
  }, queries.map(([query]) => query));
  assertEquals(states, queries.map(([, state]) => state));
});

Deno.test("Child keeps what the caller granted, also where it covers the socket", async () => {
  const directory = await Deno.makeTempDir();
  const queries = [{ name: "read", path: directory }, { name: "write", path: directory }];
  const states = await ask({ read: [directory], write: true }, queries, `${directory}/s`);
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
