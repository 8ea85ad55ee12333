import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { leavesNothing } from "./process/census.ts";
import { processesWith } from "./process/processes.ts";

const root = new URL("../", import.meta.url);

/** Runs `deno task example` with its own permissions. */
function example(...args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "example", ...args],
    cwd: root,
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  });
}

async function output(command: Deno.Command) {
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const LINE = /^\d{3} {2}\d+ bytes {2}[\d.]+ ms {2}http:\/\/\S+$/;

for (
  const args of [
    ["demo"],
    ["example", "network_process", "--link", "unix"],
    ["example", "network_process", "--link", "inherited"],
    ["example", "network_process", "--link=worker"],
  ]
) {
  Deno.test(`deno task ${args.join(" ")} fetches files of this repository and shows the sandbox holding`, async () => {
    await leavesNothing(async () => {
      const demo = new Deno.Command(Deno.execPath(), {
        args: ["task", "--quiet", ...args],
        cwd: root,
        env: { NO_COLOR: "1" },
      });
      const { code, stdout, stderr } = await output(demo);
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      const lines = stdout.trim().split("\n");
      assertEquals(lines.length, 6);
      const size = (await Deno.stat(new URL("README.md", root))).size;
      assertStringIncludes(lines[0]!, `200  ${size} bytes`);
      for (const line of lines.slice(0, 3)) assertMatch(line, LINE);
      const host = new URL(lines[0]!.split("  ").at(-1)!).host;
      assertEquals(
        lines[3],
        "permissions: read no, write no, net no, env no, sys no, run no, ffi no; " +
          `hosts: ${host}`,
      );
      assertMatch(lines[4]!, /^sandbox: refused reading .*: Requires read access/);
      assertMatch(lines[5]!, /^sandbox: refused reaching .*: Requires net access/);
    });
  });
}

Deno.test("network_process names the links there are when asked for another", async () => {
  const { code, stderr } = await output(example("network_process", "--link", "tcp"));
  assertEquals(code, 2);
  assertStringIncludes(stderr, "unix, inherited, worker: received tcp");
});

Deno.test("network_process fetches what it can and tells why the rest fails", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      if (new URL(request.url).pathname === "/moved") {
        return Response.redirect("http://localhost:8099/elsewhere");
      }
      return new Response("four");
    },
  );
  const here = `http://127.0.0.1:${server.addr.port}`;
  // A port that nobody listens on.
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const nobody = `http://127.0.0.1:${closed.addr.port}/`;
  closed.close();
  const urls = [`${here}/a`, nobody, "not-a-url", `${here}/moved`, `${here}/b`];
  const { code, stdout, stderr } = await output(example("network_process", ...urls));
  const [first, second, ...sandbox] = stdout.trim().split("\n");
  assertMatch(first!, LINE);
  assert(first!.startsWith("200  4 bytes") && first!.endsWith(`${here}/a`));
  assert(second!.endsWith(`${here}/b`));
  assertEquals(sandbox.length, 3);
  const reasons = stderr.trim().split("\n");
  assertEquals(reasons.length, 3);
  assertMatch(reasons[0]!, /^http:\S+: .*refused/);
  assertMatch(reasons[1]!, /^not-a-url: not an http/);
  // A redirect to a host that was not named is refused like any other.
  assertMatch(reasons[2]!, /moved: Requires net access to "localhost:8099"/);
  assertEquals(code, 1);
  await server.shutdown();
});

for (const link of ["unix", "inherited", "worker"]) {
  Deno.test(`network_process (${link}) leaves nothing behind when it is interrupted`, async () => {
    await leavesNothing(async () => {
      const asked = Promise.withResolvers<void>();
      const server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => {} },
        (request) => {
          asked.resolve();
          // Never answers: the example is in the middle of its work.
          return new Promise((done) =>
            request.signal.addEventListener("abort", () => done(new Response()))
          );
        },
      );
      const running = example(
        "network_process",
        "--link",
        link,
        `http://127.0.0.1:${server.addr.port}/`,
      )
        .spawn();
      await asked.promise;
      // As Ctrl-C does it: every process of the group but us.
      for (const pid of await processesWith("examples/network_process/")) {
        Deno.kill(pid, "SIGINT");
      }
      await running.stdout.cancel();
      await running.stderr.cancel();
      assertEquals((await running.status).code, 130);
      assertEquals(await processesWith("examples/network_process/"), []);
      await server.shutdown();
    });
  });
}

Deno.test("stream_with_backpressure streams to a process that holds nothing, no faster than it reads", async () => {
  await leavesNothing(async () => {
    const run = example("stream_with_backpressure", "--megabytes", "4");
    const { code, stdout, stderr } = await output(run);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const [here, there, figures] = stdout.trim().split("\n");
    assertMatch(here!, /^here +[0-9a-f]{64}$/);
    assertEquals(there, here!.replace("here ", "there"));
    assertMatch(
      figures!,
      /^4 MiB through a pipe of 262144 bytes in .* stopped \d+ times, .* waited [\d.]+ s$/,
    );
  });
});

Deno.test("stream_with_backpressure says how it is used when it is used otherwise", async () => {
  const { code, stderr } = await output(
    example("stream_with_backpressure", "--capacity", "-1"),
  );
  assertEquals(code, 2);
  assertStringIncludes(stderr, "--capacity N");
});

Deno.test("hand_over_a_file hashes in a process that may open nothing", async () => {
  await leavesNothing(async () => {
    const path = await Deno.makeTempFile();
    // More than is read at once, and not a multiple of it.
    const data = new Uint8Array(1_000_001).map((_, i) => i * i);
    await Deno.writeFile(path, data);
    const digest = await crypto.subtle.digest("SHA-256", data);
    const { code, stdout, stderr } = await output(example("hand_over_a_file", path));
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const [hash, ...sandbox] = stdout.trim().split("\n");
    assertEquals(hash, `${new Uint8Array(digest).toHex()}  ${path}`);
    assertEquals(sandbox.length, 4);
    assertMatch(sandbox[0]!, /^sandbox: refused writing to it: .* right 'write'$/);
    assertStringIncludes(sandbox[1]!, `refused opening ${path}: Requires read access`);
    assertMatch(sandbox[2]!, /refused opening \S+: Requires read access to "\S+"$/);
    assertMatch(sandbox[3]!, /refused connecting to \S+: Requires net access to "\S+"$/);
    await Deno.remove(path);
  });
});

Deno.test("hand_over_a_file says what is wrong with its file", async () => {
  const none = await output(example("hand_over_a_file"));
  assertEquals(none.code, 2);
  assertStringIncludes(none.stderr, "hand_over_a_file FILE");
  const missing = await output(example("hand_over_a_file", "/no/such/file"));
  assertEquals(missing, {
    code: 1,
    stdout: "",
    stderr: "Cannot read /no/such/file: there is no such file\n",
  });
  const directory = await output(example("hand_over_a_file", "."));
  assertEquals(directory.code, 1);
  assertEquals(directory.stderr, "Cannot read .: a directory\n");
});

Deno.test("shared_image has a worker and a process paint, neither of which may write the palette", async () => {
  await leavesNothing(async () => {
    const run = example("shared_image", "--width", "40", "--height", "12");
    const { code, stdout, stderr } = await output(run);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const lines = stdout.replace(/\n$/, "").split("\n");
    assertEquals(lines.length, 14);
    for (const line of lines.slice(0, 12)) assertMatch(line, /^[ .:=+*#%@-]{40}$/);
    // There is something to be seen.
    assert(new Set(lines.slice(0, 12)).size > 5);
    const refused = "writing the palette: MisuseError: Cannot write shared buffer: " +
      "it was mapped from a read-only handle";
    assertEquals(lines[12], `worker: painted in place, in memory; ${refused}`);
    assertEquals(lines[13], `inherited: painted by calls, in a file; ${refused}`);
  });
});

Deno.test("shared_image says how it is used when it is used otherwise", async () => {
  const { code, stderr } = await output(example("shared_image", "--width", "0"));
  assertEquals(code, 2);
  assertStringIncludes(stderr, "--width N");
});

Deno.test("deno task example lists the examples, and names them when asked for another", async () => {
  const names: string[] = [];
  for await (const entry of Deno.readDir(new URL("examples/", root))) {
    names.push(entry.name);
  }
  const list = await output(example());
  assertEquals(
    list.stdout.trim().split("\n").map((line) => line.split("  ")[0]),
    names.sort(),
  );
  const { code, stderr } = await output(example("nothing"));
  assertEquals(code, 2);
  assertStringIncludes(stderr, "network_process");
});
