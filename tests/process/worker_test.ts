import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  createMessagePipe,
  Invitation,
  InvitationError,
  type InvitationFailure,
  PipeLostError,
  Remote,
  type SpawnOptions,
} from "@mage/ipc";
import type { MeetingPoint, Transport } from "../../core/transport.ts";
import { startWorker, WorkerPoint } from "../../transports/worker.ts";
import { WorkerMeeter } from "../../transports/worker_child.ts";
import { Probe } from "./probe.magen.ts";

const root = new URL("../../", import.meta.url).pathname;
const script = new URL("./children/probe.ts", import.meta.url);
const KINDS = ["read", "write", "net", "env", "sys", "run", "ffi", "import"] as const;

/**
 * Starts a worker in this process, which has not the option that permissions take. Under `deno test` it is
 * checked for types first, and that takes its time.
 */
function spawnWorker(file: string | URL = script, options: SpawnOptions = {}) {
  const deadlineMs = 100_000;
  return Invitation.spawn(file, {
    link: "worker",
    permissions: "inherit",
    deadlineMs,
    ...options,
  });
}

/** Runs `body`, and waits until the threads of all workers are gone. */
async function leavesNoThread(body: () => Promise<void>): Promise<void> {
  await body();
  const script = `cat /proc/${Deno.pid}/task/*/comm`;
  let workers: string[] = [];
  // A thread takes a moment to unwind after it has told its end.
  for (let tries = 0; tries < 200; tries++) {
    const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    const names = new TextDecoder().decode(stdout).split("\n");
    workers = names.filter((name) => name.startsWith("worker-"));
    if (workers.length === 0) return;
  }
  assertEquals(workers, []);
}

/** Runs `body` with a script that says `source`. */
async function withScript(
  source: string,
  body: (file: string) => Promise<void>,
): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".js" });
  await Deno.writeTextFile(file, source);
  try {
    await body(file);
  } finally {
    await Deno.remove(file);
  }
}

async function spawnFails(
  failure: InvitationFailure,
  source: string,
  options: SpawnOptions = {},
): Promise<InvitationError> {
  let caught: InvitationError | undefined;
  await withScript(source, (file) =>
    leavesNoThread(async () => {
      caught = await assertRejects(() => spawnWorker(file, options), InvitationError);
    }));
  assertEquals(caught!.failure, failure, caught!.message);
  return caught!;
}

/** Runs a program of its own that says `source`, with these flags. */
async function run(
  flags: readonly string[],
  source: string,
): Promise<{ code: number; out: string; err: string }> {
  const prelude = `
    import { Invitation, Remote } from "@mage/ipc";
    import { Probe } from "${root}tests/process/probe.magen.ts";
    const script = "${script.pathname}";
    const ask = async (probe, queries) => {
      const { states } = await probe.permissions(queries.map((q) => JSON.stringify(q)));
      return states.map((state) => state.slice(state.lastIndexOf("=") + 1)).join();
    };`;
  let result;
  await withScript(`${prelude}\n${source}`, async (file) => {
    result = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--quiet", ...flags, file],
      stdin: "null",
      env: { NO_COLOR: "1" },
    }).output();
  });
  const { code, stdout, stderr } = result!;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, out: text(stdout), err: text(stderr) };
}

/** A worker that joins, waits for a message, and comes to its end this way. */
function dying(way: string): string {
  return `import { Invitation } from "@mage/ipc/child";
     const { pipe } = await Invitation.accept();
     await pipe.receive();
     ${way};`;
}

const config = `--config=${root}deno.json`;
const own = "--unstable-worker-options";

Deno.test("Invitation.spawn starts a worker that answers, and leaves nothing behind", async () => {
  await leavesNoThread(async () => {
    await using child = await spawnWorker();
    using probe = new Remote(Probe, child.pipe);
    const data = crypto.getRandomValues(new Uint8Array(1000));
    assertEquals(await probe.echo("grüße 👋", data), { text: "grüße 👋", data });
    const large = new Uint8Array(3 * 1024 * 1024).fill(7);
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, i) => probe.echo(`${i}`, large)),
    );
    assertEquals(answers.map(({ text }) => text), ["0", "1", "2", "3", "4"]);
    assert(answers.every(({ data }) => data.length === large.length));
    assertEquals(child.pid, null);
    assertEquals(child.flags, []);
    for (const stream of ["stdin", "stdout"] as const) {
      let thrown: unknown;
      try {
        child[stream];
      } catch (error) {
        thrown = error;
      }
      assert(thrown instanceof TypeError);
    }
    assertEquals(await child.close(), { success: true, code: 0, signal: null });
  });
});

Deno.test("Invitation.spawn starts workers again and again, and several at once", async () => {
  await leavesNoThread(async () => {
    const ask = async (i: number) => {
      await using child = await spawnWorker();
      using probe = new Remote(Probe, child.pipe);
      assertEquals((await probe.echo(`${i}`, new Uint8Array(i))).text, `${i}`);
    };
    for (let i = 0; i < 20; i++) await ask(i);
    await Promise.all([1, 2, 3, 4].map(ask));
  });
});

Deno.test("using ends a worker", async () => {
  let status: Promise<Deno.CommandStatus>;
  {
    using child = await spawnWorker();
    status = child.status;
  }
  assertEquals((await status).code, 0);
});

Deno.test("Child.kill ends a worker whatever the signal", async () => {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    await using child = await spawnWorker();
    using probe = new Remote(Probe, child.pipe);
    await probe.noted();
    const hanging = assertRejects(() => probe.hang(), PipeLostError, "was terminated");
    child.kill(signal);
    child.kill(signal);
    await hanging;
    assertEquals((await child.status).success, false);
    child.kill(signal);
  }
});

Deno.test("Remote calls reject when the worker closes itself or exits", async () => {
  for (const way of ["self.close()", "Deno.exit(3)"]) {
    await withScript(dying(way), (file) =>
      leavesNoThread(async () => {
        await using child = await spawnWorker(file);
        using probe = new Remote(Probe, child.pipe);
        await assertRejects(() => probe.hang(), PipeLostError, "closed itself");
        assertStringIncludes((await child.closed).reason, "closed itself");
        assertEquals(await child.status, { success: true, code: 0, signal: null });
      }));
  }
});

Deno.test("Remote calls reject with the error that a worker ended by, and the program goes on", async () => {
  const ways = [
    `setTimeout(() => { throw new Error("out of luck") })`,
    `Promise.reject(new Error("out of luck"))`,
    `reportError(new Error("out \\x1b[31mof luck"))`,
  ];
  // In a program of its own, for Deno prints what nobody caught.
  const { code, out, err } = await run(
    ["-A", config],
    `const file = await Deno.makeTempFile({ suffix: ".js" });
     for (const source of ${JSON.stringify(ways.map(dying))}) {
       await Deno.writeTextFile(file, source);
       await using child = await Invitation.spawn(file, { link: "worker", permissions: "inherit" });
       using probe = new Remote(Probe, child.pipe);
       const error = await probe.hang().catch((error) => error);
       const how = /ended by an uncaught error: Uncaught .*Error: out of luck/;
       console.log(error.name, how.test(error.message), how.test((await child.closed).reason));
       console.log((await child.status).code);
     }
     await Deno.remove(file);`,
  );
  assertEquals(code, 0, err);
  assertEquals(out, Array(3).fill("PipeLostError true true\n1").join("\n"));
});

Deno.test("What a worker wrote before its end is read to the last byte", async () => {
  await withScript(
    `import { Invitation } from "@mage/ipc/child";
     const joined = await Invitation.accept();
     for (let i = 0; i < 200; i++) joined.pipe.write(new Uint8Array(1000).fill(i));
     await joined.flush();
     self.close();`,
    async (file) => {
      await using child = await spawnWorker(file);
      for (let i = 0; i < 200; i++) {
        assertEquals((await child.pipe.receive())!.data[999], i);
      }
      assertEquals(await child.pipe.receive(), null);
      child.pipe.close();
    },
  );
});

Deno.test("Invitation.spawn reports a worker that ends before it joins", async () => {
  const silent = [
    "self.close();",
    "Deno.exit(7);",
    "postMessage('mage-ipc ready'); self.close();",
    `import { joinLauncher } from "${root}transports/worker_child.ts";
     await joinLauncher();
     self.close();`,
  ];
  for (const source of silent) {
    const error = await spawnFails("exited", source);
    assertStringIncludes(error.message, "exited with code 0 before it joined");
    assertEquals(error.exitCode, 0);
  }
});

Deno.test("Invitation.spawn reports a worker that cannot start, and the program goes on", async () => {
  const bad = [
    ["const = 1;", "SyntaxError"],
    ["import './nowhere.js';", "Module not found"],
    ["throw new Error('no luck today');", "no luck today"],
    [
      `import { joinLauncher } from "${root}transports/worker_child.ts";
      await joinLauncher();
      throw new Error('no luck today');`,
      "no luck today",
    ],
  ];
  const { code, out, err } = await run(
    ["-A", config],
    `const file = await Deno.makeTempFile({ suffix: ".js" });
     const start = (file, text) =>
       Invitation.spawn(file, { link: "worker", permissions: "inherit" }).catch((error) =>
         console.log(error.failure, error.exitCode, error.message.includes(text), error.stderr.includes(text)));
     for (const [source, text] of ${JSON.stringify(bad)}) {
       await Deno.writeTextFile(file, source);
       await start(file, text);
     }
     await Deno.remove(file);
     await start(file, "Module not found");`,
  );
  assertEquals(code, 0, err);
  assertEquals(out.split("\n"), Array(5).fill("exited 1 true true"));
});

Deno.test("Invitation.spawn gives up on a worker that never joins", async () => {
  const silent = [
    "setInterval(() => {}, 60_000);",
    // It has no port to be answered over.
    "postMessage('mage-ipc ready');",
    // It is answered, and says no word then.
    `const { port1, port2 } = new MessageChannel();
     port1.onmessage = () => {};
     postMessage("mage-ipc ready", [port2]);`,
  ];
  for (const source of silent) {
    const error = await spawnFails("timeout", source, { deadlineMs: 300 });
    assertStringIncludes(error.message, "did not join within 300 ms");
  }
});

Deno.test("Invitation.spawn drops a worker whose memory holds no handshake", async () => {
  const error = await spawnFails(
    "protocol",
    `const { port1, port2 } = new MessageChannel();
     port1.onmessage = ({ data }) => {
       const bytes = new Uint8Array(data.end.shared).fill(0x5a, 128);
       // Says that the first 4096 bytes are written, and wakes the other side.
       const words = new Int32Array(bytes.buffer);
       Atomics.store(words, data.end.side * 16, 4096);
       const bell = (1 - data.end.side) * 16 + 4;
       Atomics.add(words, bell, 1);
       Atomics.notify(words, bell);
     };
     postMessage("mage-ipc ready", [port2]);`,
  );
  assertStringIncludes(error.message, "broke the handshake");
});

Deno.test("Invitation.spawn ends a worker when its signal fires", async () => {
  await withScript(
    "setInterval(() => {}, 60_000);",
    (file) =>
      leavesNoThread(async () => {
        const stop = new AbortController();
        const spawning = spawnWorker(file, { signal: stop.signal });
        queueMicrotask(() => stop.abort(new Error("changed my mind")));
        await assertRejects(() => spawning, Error, "changed my mind");
      }),
  );
});

Deno.test("Invitation.spawn survives whatever a worker posts", async () => {
  await withScript(
    `const junk = () => {
       for (let i = 0; i < 100; i++) {
         const { port1, port2 } = new MessageChannel();
         postMessage(["mage-ipc ready", null, {}, i, new Map(), "x".repeat(9999)][i % 6]);
         postMessage(i % 2 ? null : "mage-ipc readx", [port1, port2]);
         postMessage(new SharedArrayBuffer(8));
       }
     };
     self.onmessage = ({ ports }) => ports[0].postMessage("junk", [new MessageChannel().port1]);
     junk();
     await import("${script.href}");
     junk();
     const { port1 } = new MessageChannel();
     postMessage("mage-ipc ready", [port1]);`,
    (file) =>
      leavesNoThread(async () => {
        await using child = await spawnWorker(file);
        using probe = new Remote(Probe, child.pipe);
        for (let i = 0; i < 50; i++) {
          assertEquals((await probe.echo(`${i}`, new Uint8Array(0))).text, `${i}`);
        }
      }),
  );
});

Deno.test("A worker that posts without end is ended", async () => {
  const flood = "for (let i = 0; i < 2000; i++) postMessage(i);";
  await withScript(
    `${flood} setInterval(() => {}, 60_000);`,
    (file) =>
      leavesNoThread(async () => {
        const error = await assertRejects(() => spawnWorker(file), InvitationError);
        assertStringIncludes(error.message, "posted without end");
      }),
  );
  await withScript(
    `await import("${script.href}"); ${flood}`,
    (file) =>
      leavesNoThread(async () => {
        await using child = await spawnWorker(file);
        assertStringIncludes((await child.closed).reason, "posted without end");
      }),
  );
});

Deno.test("A worker that lets go of its ports is ended, whatever it still does", async () => {
  await withScript(
    `import { Invitation } from "@mage/ipc/child";
     self.onmessage = ({ ports }) => setTimeout(() => ports[0].close(), 50);
     setInterval(() => {}, 60_000);
     const { pipe } = await Invitation.accept();
     await pipe.closed;`,
    (file) =>
      leavesNoThread(async () => {
        await using child = await spawnWorker(file);
        assertStringIncludes((await child.closed).reason, "closed itself");
        assertEquals((await child.status).code, 0);
      }),
  );
});

Deno.test("Invitation.accept joins once in a worker, and lets itself be stopped", async () => {
  await withScript(
    `import { Invitation, Receiver } from "@mage/ipc/child";
     import { Probe } from "${root}tests/process/probe.magen.ts";
     const tried = [];
     const signal = AbortSignal.abort(new Error("stopped"));
     await Invitation.accept({ signal }).catch((error) => tried.push(error.message));
     const { pipe } = await Invitation.accept();
     await Invitation.accept().catch((error) => tried.push(error.message));
     new Receiver(Probe, { echo: () => ({ text: tried.join(), data: new Uint8Array() }) }, pipe);`,
    async (file) => {
      await using child = await spawnWorker(file);
      using probe = new Remote(Probe, child.pipe);
      assertEquals(
        (await probe.echo("", new Uint8Array())).text,
        "stopped,This worker has joined its launcher before",
      );
    },
  );
});

Deno.test("Invitation.spawn lets the worker be the inviter", async () => {
  await withScript(
    `import { Invitation, Receiver } from "@mage/ipc/child";
     import { Probe } from "${root}tests/process/probe.magen.ts";
     const { pipe } = await Invitation.send();
     new Receiver(Probe, { echo: (text, data) => ({ text: text + "!", data }) }, pipe);`,
    async (file) => {
      await using child = await spawnWorker(file, { inviter: "child" });
      using probe = new Remote(Probe, child.pipe);
      assertEquals((await probe.echo("hi", new Uint8Array(0))).text, "hi!");
    },
  );
});

Deno.test("Child.close comes back from a worker that does not", async () => {
  const { code, out, err } = await run(
    ["-A", config],
    `const file = await Deno.makeTempFile({ suffix: ".js" });
     await Deno.writeTextFile(file, \`
       import { Invitation } from "@mage/ipc/child";
       const { pipe } = await Invitation.accept();
       await pipe.receive();
       for (;;);\`);
     const child = await Invitation.spawn(file, { link: "worker", permissions: "inherit" });
     child.pipe.write(new Uint8Array(1));
     console.log((await child.close()).success);
     await Deno.writeTextFile(file, "for (;;);");
     await Invitation.spawn(file, { link: "worker", permissions: "inherit", deadlineMs: 99 })
       .catch((error) => console.log(error.failure));
     await Deno.remove(file);
     Deno.exit(5);`,
  );
  assertEquals(out, "false\ntimeout", err);
  assertEquals(code, 5);
});

Deno.test("A program lives as long as its workers are linked", async () => {
  const { code, out, err } = await run(
    ["-A", config],
    `const file = await Deno.makeTempFile({ suffix: ".js" });
     await Deno.writeTextFile(file, \`
       import { Invitation } from "@mage/ipc/child";
       const { pipe } = await Invitation.accept();
       setTimeout(() => pipe.write(new Uint8Array([7])), 200);\`);
     const child = await Invitation.spawn(file, { link: "worker", permissions: "inherit" });
     child.pipe.receive().then(async ({ data }) => {
       console.log(data[0]);
       await Deno.remove(file);
       child[Symbol.dispose]();
     });`,
  );
  assertEquals({ code, out }, { code: 0, out: "7" }, err);
});

Deno.test("Workers are joined over ports where there is no shared memory", async () => {
  const { code, out, err } = await run(
    ["-A", config],
    `delete globalThis.SharedArrayBuffer;
     {
       await using child = await Invitation.spawn(script, { link: "worker", permissions: "inherit" });
       using probe = new Remote(Probe, child.pipe);
       const { data } = await probe.echo("", new Uint8Array(2_000_000));
       probe.exit(1);
       console.log(data.length, (await child.closed).reason.includes("closed itself"));
     }`,
  );
  assertEquals({ code, out }, { code: 0, out: "2000000 true" }, err);
});

Deno.test("Worker has no permission at all, of any kind, when none is named", async () => {
  // Files that are there, and a host that would not answer: permission is what they fail for.
  const attempts = [
    `read ${script.pathname}`,
    `list ${root}`,
    `write ${root}nothing`,
    "dial 9",
    "connect /tmp/nothing",
    "env HOME",
    "sys",
    `run ${Deno.execPath()}`,
    "ffi /tmp/nothing.so",
  ];
  const { code, out, err } = await run(
    ["-A", own, config],
    `await using child = await Invitation.spawn(script, { link: "worker" });
     using probe = new Remote(Probe, child.pipe);
     const kinds = ${JSON.stringify(KINDS)};
     console.log(await ask(probe, kinds.map((name) => ({ name }))));
     for (const what of ${JSON.stringify(attempts)}) {
       console.log((await probe.attempt(what)).outcome);
     }
     console.log((await probe.attempt("import http://127.0.0.1:9/x.js")).outcome);
     console.log((await probe.attempt("import ${root}mod.ts")).outcome);`,
  );
  assertEquals(code, 0, err);
  const [states, ...outcomes] = out.split("\n");
  assertEquals(states!.split(","), KINDS.map(() => "prompt"));
  assertEquals(outcomes, [
    ...attempts.map(() => "NotCapable"),
    "TypeError",
    "TypeError",
  ]);
});

Deno.test("Worker has exactly the permissions that are named", async () => {
  const queries = [
    [{ name: "read", path: "/srv/a b/c" }, "granted"],
    [{ name: "read", path: "/srv/a" }, "prompt"],
    [{ name: "read" }, "prompt"],
    [{ name: "write", path: "/srv/out" }, "granted"],
    [{ name: "write", path: "/srv/a b" }, "prompt"],
    [{ name: "net", host: "example.com:443" }, "granted"],
    [{ name: "net", host: "example.com:80" }, "prompt"],
    [{ name: "env", variable: "COLOR" }, "granted"],
    [{ name: "env", variable: "HOME" }, "prompt"],
    [{ name: "sys", kind: "hostname" }, "granted"],
    [{ name: "sys", kind: "osRelease" }, "prompt"],
    [{ name: "run", command: "/bin/true" }, "granted"],
    [{ name: "run", command: "/bin/false" }, "prompt"],
    [{ name: "ffi", path: "/srv/lib.so" }, "granted"],
    [{ name: "ffi" }, "prompt"],
    [{ name: "import", host: "example.com:443" }, "granted"],
    [{ name: "import", host: "jsr.io:443" }, "prompt"],
  ];
  const { code, out, err } = await run(
    ["-A", own, config],
    `await using child = await Invitation.spawn(script, {
       link: "worker",
       permissions: {
         read: [new URL("file:///srv/a%20b")], write: ["/srv/out"], net: ["example.com:443"],
         env: ["COLOR"], sys: ["hostname"], run: ["/bin/true"], ffi: ["/srv/lib.so"],
         import: ["example.com:443"],
       },
     });
     using probe = new Remote(Probe, child.pipe);
     console.log(await ask(probe, ${JSON.stringify(queries.map(([query]) => query))}));`,
  );
  assertEquals(code, 0, err);
  assertEquals(out.split(","), queries.map(([, state]) => state));
});

Deno.test("Invitation.spawn gives a worker all of a kind, and what its launcher has", async () => {
  const { code, out, err } = await run(
    [`--allow-read`, "--allow-env=COLOR", own, config],
    `for (const permissions of [{ read: true }, { env: ["COLOR"] }, "inherit"]) {
       await using child = await Invitation.spawn(script, { link: "worker", permissions });
       using probe = new Remote(Probe, child.pipe);
       console.log(await ask(probe, [{ name: "read" }, { name: "env", variable: "COLOR" }, { name: "net" }]));
     }`,
  );
  assertEquals(code, 0, err);
  assertEquals(
    out,
    "granted,prompt,prompt\nprompt,granted,prompt\ngranted,granted,prompt",
  );
});

Deno.test("Invitation.spawn gives a worker nothing that this program lacks, and names it", async () => {
  const { code, out, err } = await run(
    [`--allow-read=${root},/tmp,/srv/a`, "--allow-net=example.com", own, config],
    `for (const permissions of [
       { read: ["/srv/a", "/srv/b"], net: ["example.com:443", "example.org"] },
       { env: true }, { sys: ["hostname"] }, { import: ["example.com:1"] }, { ffi: ["/x"] },
       { net: ["*.example.org", "example.com"] },
     ]) {
       await Invitation.spawn(script, { link: "worker", permissions })
         .catch((error) => console.log(error.name, error.flags.join(" ")));
     }`,
  );
  assertEquals(code, 0, err);
  assertEquals(
    out.split("\n"),
    [
      "--allow-read=/srv/b --allow-net=example.org",
      "--allow-env",
      "--allow-sys=hostname",
      "--allow-import=example.com:1",
      "--allow-ffi=/x",
      "--allow-net=*.example.org",
    ].map((flags) => `PermissionError ${flags}`),
  );
});

Deno.test("Invitation.spawn says what to do about worker permissions, and the program goes on", async () => {
  const source = `
    await Invitation.spawn(script, { link: "worker" })
      .then((child) => child.close())
      .then((status) => console.log(status.code), (error) => console.log(error.message));
    await using child = await Invitation.spawn(script, { link: "worker", permissions: "inherit" });
    console.log("goes on");`;
  const read = `--allow-read=${root},${
    (await Deno.makeTempFile()).replace(/[^/]*$/, "")
  }`;
  const directory = await Deno.makeTempDir();
  const { imports } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const absolute = Object.entries<string>(imports).map(([name, to]) => [
    name,
    to.replace(/^\.\//, root),
  ]);
  const on = `${directory}/on.json`;
  await Deno.writeTextFile(
    on,
    JSON.stringify({
      imports: Object.fromEntries(absolute),
      unstable: ["kv", "worker-options"],
    }),
  );
  const off = /--unstable-worker-options or, in deno.json, .*"inherit".*\ngoes on$/;
  const cases: [string[], RegExp][] = [
    [[read, config], off],
    [[read, config, "--unstable-kv", "--unstable-net"], off],
    [["-A", config], off],
    [[read, config, own], /^0\ngoes on$/],
    [[read, config, "--unstable-kv", own], /^0\ngoes on$/],
    [["-A", config, own], /^0\ngoes on$/],
    [[read, `--config=${on}`], /^0\ngoes on$/],
  ];
  for (const [flags, expected] of cases) {
    const { code, out, err } = await run(flags, source);
    assert(expected.test(out), `${flags}: ${out} ${err}`);
    assertEquals(code, 0);
  }
  await Deno.remove(directory, { recursive: true });
});

Deno.test("Invitation.spawn says which code of a worker this program may not read", async () => {
  const source = `
    await Invitation.spawn(script, { link: "worker", permissions: "inherit" })
      .catch((error) => console.log(error.name, error.flags?.join(), error.message));`;
  const nothing = await run([config], source);
  assertStringIncludes(
    nothing.out,
    `PermissionError --allow-read=${script.pathname} Starting worker`,
  );
  const { out } = await run([`--allow-read=${script.pathname}`, config], source);
  assertStringIncludes(out, "InvitationError undefined");
  assertStringIncludes(out, "Requires read access to");
});

Deno.test("WorkerPoint brings two workers together, who speak without their launcher", async () => {
  const file = new URL("./worker_children/meeter.ts", import.meta.url).pathname;
  const [host, guest] = await Promise.all(
    [1, 2].map(() => startWorker(file, "inherit", {})),
  );
  const [toHost, toGuest] = await Promise.all([host!.accept(), guest!.accept()]);
  const means = host!.point!.arrange(guest!.point!)!;
  await writeAll(toHost, new Uint8Array([0, means.host.length, ...means.host]));
  await writeAll(toGuest, new Uint8Array([1, means.guest.length, ...means.guest]));
  assertEquals(new TextDecoder().decode(await readAll(toHost, 5)), "guest");
  assertEquals(new TextDecoder().decode(await readAll(toGuest, 5)), "host ");
  // The guest has closed its end: the host reads to the end and is done too.
  assertEquals(await readAll(toHost, 1), new Uint8Array([0]));
  assertEquals((await Promise.all([host!.status, guest!.status])).map((s) => s.code), [
    0,
    0,
  ]);
  // Whoever is gone meets nobody.
  assertEquals(host!.point!.arrange(guest!.point!), null);
  toHost.close();
  toGuest.close();
});

Deno.test("Workers that hold the ends of a pipe speak without their launcher, until one is gone", async () => {
  const done = await Deno.makeTempFile();
  await withScript(
    `import { Invitation } from "@mage/ipc/child";
     const { pipe } = await Invitation.accept();
     let other = null;
     for (;;) {
       const message = await pipe.receive();
       if (message === null) break;
       const { data: [order], handles } = message;
       if (order === 0) answer(handles[0]);
       else if (order === 1) other = handles[0];
       else if (order === 2) ask(10).then(() => Deno.writeTextFileSync("${done}", "done"));
       else ask(1).then(String, (error) => error).then((how) => pipe.write(new TextEncoder().encode(how)));
     }
     async function answer(end) {
       for (let m; (m = await end.receive()) !== null;) end.write(m.data);
     }
     async function ask(times) {
       for (let i = 0; i < times; i++) {
         other.write(new Uint8Array([i]));
         if ((await other.receive())?.data[0] !== i) return (await other.closed).message;
       }
       return "answered";
     }`,
    (file) =>
      leavesNoThread(async () => {
        await using asking = await spawnWorker(file);
        await using answering = await spawnWorker(file);
        const [one, other] = createMessagePipe();
        asking.pipe.write(new Uint8Array([1]), [one]);
        answering.pipe.write(new Uint8Array([0]), [other]);
        const hear = async (order: number) => {
          asking.pipe.write(new Uint8Array([order]));
          return new TextDecoder().decode((await asking.pipe.receive())!.data);
        };
        const sleeping = new Int32Array(new SharedArrayBuffer(4));
        let isDirect = false;
        for (let tries = 0; tries < 20 && !isDirect; tries++) {
          assertEquals(await hear(3), "answered");
          await Deno.writeTextFile(done, "");
          asking.pipe.write(new Uint8Array([2]));
          await asking.flush();
          // Nothing of this thread runs meanwhile: they get through by themselves or not at all.
          for (let naps = 0; naps < 50 && !isDirect; naps++) {
            Atomics.wait(sleeping, 0, 0, 5);
            isDirect = Deno.readTextFileSync(done) === "done";
          }
        }
        assert(isDirect);
        answering.kill("SIGKILL");
        assertStringIncludes(await hear(3), "lost");
      }),
  );
  await Deno.remove(done);
});

Deno.test("WorkerPoint.arrange knows only workers, and no worker twice", () => {
  const point = new WorkerPoint(), elsewhere: MeetingPoint = { arrange: () => null };
  assertEquals(point.arrange(elsewhere), null);
  assertEquals(point.arrange(point), null);
  assertEquals(point.arrange(new WorkerPoint()), null, "neither has joined");
});

Deno.test("WorkerMeeter takes a stream whichever comes first, means or delivery", async () => {
  const { channel, deliveries } = await arranged(3);
  const signal = new AbortController().signal;
  const [host, guest] = [new WorkerMeeter(), new WorkerMeeter()];
  for (const [i, { means, one, other }] of deliveries.entries()) {
    let isReady = false;
    if (i !== 1) host.deliver(one.id, one.end);
    const hosting = host.meet(means.host, "host", () => isReady = true, signal);
    if (i === 1) host.deliver(one.id, one.end);
    const coming = guest.meet(means.guest, "guest", () => assert(false), signal);
    guest.deliver(other.id, other.end);
    const [a, b] = await Promise.all([hosting, coming]);
    assert(isReady);
    await writeAll(a, new Uint8Array([1, 2, 3]));
    assertEquals(await readAll(b, 3), new Uint8Array([1, 2, 3]));
    a.close();
    assertEquals(await b.read(new Uint8Array(1)), null);
    b.close();
  }
  channel.close();
});

Deno.test("WorkerMeeter rejects means that make no sense, and leaves nothing when stopped", async () => {
  const meeter = new WorkerMeeter();
  const stop = new AbortController();
  const meet = (...bytes: number[]) =>
    meeter.meet(new Uint8Array(bytes), "host", () => assert(false), stop.signal);
  for (const bytes of [[], [3], [1, 1, 0, 0, 0], [3, 0, 0, 0, 0], [3, 1, 0, 0, 0, 0]]) {
    await assertRejects(() => meet(...bytes), Error, "only other workers");
  }
  const meeting = meet(3, 9, 0, 0, 0);
  await assertRejects(() => meet(3, 9, 0, 0, 0), Error, "claimed already");
  stop.abort(new Error("stopped"));
  await assertRejects(() => meeting, Error, "stopped");
  await assertRejects(() => meet(3, 9, 0, 0, 0), Error, "stopped");
});

Deno.test("WorkerMeeter keeps a bounded number of streams that nobody asks for", async () => {
  const { channel, deliveries } = await arranged(65);
  const signal = new AbortController().signal;
  const [meeter, other] = [new WorkerMeeter(), new WorkerMeeter()];
  for (const { one } of deliveries) meeter.deliver(one.id, one.end);
  for (const { other: end } of [deliveries[0]!, deliveries[1]!]) {
    other.deliver(end.id, end.end);
  }
  // The oldest was closed, as the other side can see; the next is still there.
  const first = await other.meet(deliveries[0]!.means.guest, "guest", () => {}, signal);
  assertEquals(await first.read(new Uint8Array(1)), null);
  const second = await other.meet(deliveries[1]!.means.guest, "guest", () => {}, signal);
  const kept = await meeter.meet(deliveries[1]!.means.host, "host", () => {}, signal);
  await writeAll(kept, new Uint8Array([5]));
  assertEquals(await readAll(second, 1), new Uint8Array([5]));
  for (const transport of [first, second, kept]) transport.close();
  channel.close();
});

/** What two points deliver to their workers for `count` meetings. */
async function arranged(count: number) {
  const channels = [new MessageChannel(), new MessageChannel()];
  const points = channels.map(({ port1 }) => {
    const point = new WorkerPoint();
    point.open(port1);
    return point;
  });
  const received = channels.map(({ port2 }) => {
    const all: MessageEvent["data"][] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    port2.onmessage = ({ data }) => all.push(data) === count && resolve();
    return { all, promise };
  });
  const means = Array.from({ length: count }, () => points[0]!.arrange(points[1]!)!);
  await Promise.all(received.map(({ promise }) => promise));
  return {
    deliveries: means.map((means, i) => ({
      means,
      one: received[0]!.all[i],
      other: received[1]!.all[i],
    })),
    channel: {
      close() {
        for (const point of points) point.close();
        for (const { port2 } of channels) port2.close();
      },
    },
  };
}

async function writeAll(to: Transport, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}

async function readAll(
  from: Transport,
  count: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const more = await from.read(bytes.subarray(at));
    if (more === null) throw new Error(`ended after ${at} bytes`);
    at += more;
  }
  return bytes;
}
