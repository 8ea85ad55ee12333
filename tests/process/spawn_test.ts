import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  BadMessageError,
  createMessagePipe,
  type Implementation,
  Invitation,
  InvitationError,
  type InvitationFailure,
  LimitError,
  PermissionError,
  PipeClosedError,
  PipeLostError,
  Receiver,
  Remote,
  type SpawnOptions,
} from "@mage/ipc";
import { leavesNothing } from "./census.ts";
import { argumentsOf } from "./processes.ts";
import { Probe } from "./probe.magen.ts";

const script = new URL("./children/probe.ts", import.meta.url);
const fake = new URL("./children/fake.ts", import.meta.url);
const config = new URL("../../deno.json", import.meta.url);

function spawnProbe(options: SpawnOptions = {}) {
  return Invitation.spawn(script, { config, ...options });
}

/** What a process can be joined over. */
const LINKS = ["unix", "inherited"] as const;

function overEachLink(
  name: string,
  body: (link: typeof LINKS[number]) => Promise<void>,
): void {
  for (const link of LINKS) Deno.test(`${name} (${link})`, () => body(link));
}

async function spawnFails(
  failure: InvitationFailure,
  file: URL | string,
  options: SpawnOptions = {},
): Promise<InvitationError> {
  let caught: InvitationError | undefined;
  await leavesNothing(async () => {
    caught = await assertRejects(
      () => Invitation.spawn(file, { config, stderr: "null", ...options }),
      InvitationError,
    );
  });
  assertEquals(caught!.failure, failure, caught!.message);
  return caught!;
}

overEachLink(
  "Invitation.spawn starts a child that answers, and leaves nothing behind",
  async (link) => {
    await leavesNothing(async () => {
      await using child = await spawnProbe({ link });
      using probe = new Remote(Probe, child.pipe);
      const data = crypto.getRandomValues(new Uint8Array(1000));
      assertEquals(await probe.echo("grüße 👋", data), { text: "grüße 👋", data });
      const status = await child.close();
      assertEquals(status.code, 0);
    });
  },
);

Deno.test("Invitation.spawn takes the socket path it is given, twice in a row", async () => {
  const directory = await Deno.makeTempDir();
  const socket = `${directory}/meet.sock`;
  for (let i = 0; i < 2; i++) {
    await using child = await spawnProbe({ socket });
    using probe = new Remote(Probe, child.pipe);
    await probe.noted();
    assertEquals([...Deno.readDirSync(directory)], [], "the socket is gone once joined");
  }
  await Deno.remove(directory);
});

overEachLink("Invitation.spawn hands over named pipes", async (link) => {
  await using child = await spawnProbe({ link, pipes: ["log"] });
  const log = child.extract("log")!;
  assertEquals(child.extract("log"), null);
  // The child leaves it alone; it stands until the child is gone.
  assertEquals(log.write(new Uint8Array([1])), "OK");
  assertEquals(log.read().result, "SHOULD_WAIT");
  log.close();
});

overEachLink("Invitation.spawn reports a script that does not exist", async (link) => {
  const error = await spawnFails(
    "exited",
    new URL("./children/nowhere.ts", import.meta.url),
    { link },
  );
  assertEquals(error.exitCode, 1);
  assertStringIncludes(error.message, "Module not found");
});

overEachLink(
  "Invitation.spawn reports a child that throws before joining",
  async (link) => {
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(file, "throw new Error('no luck today')");
    const error = await spawnFails("exited", file, { link });
    assertEquals(error.exitCode, 1);
    assertStringIncludes(error.stderr, "no luck today");
    await Deno.remove(file);
  },
);

overEachLink(
  "Invitation.spawn reports a child that exits while joining",
  async (link) => {
    const codes = { "connect-and-exit": 7, "token-and-exit": 9 };
    for (const [how, code] of Object.entries(codes)) {
      const error = await spawnFails("exited", fake, { link, args: [how] });
      assertEquals(error.exitCode, code, how);
    }
  },
);

Deno.test("Invitation.spawn turns away who does not know the secret, without a byte", async () => {
  const error = await spawnFails("exited", fake, { args: ["wrong-token"] });
  assertEquals(error.exitCode, 8);
  assertStringIncludes(error.stderr, "read: null");
});

overEachLink("Invitation.spawn gives up on a child that never joins", async (link) => {
  for (const how of ["never-connect", "token-and-silence"]) {
    const error = await spawnFails("timeout", fake, {
      link,
      args: [how],
      deadlineMs: 300,
    });
    assertStringIncludes(error.message, "did not join within 300 ms");
  }
});

overEachLink("Invitation.spawn stops when its signal fires", async (link) => {
  await leavesNothing(async () => {
    const stop = new AbortController();
    const spawning = Invitation.spawn(fake, {
      config,
      link,
      args: ["never-connect"],
      signal: stop.signal,
    });
    queueMicrotask(() => stop.abort(new Error("changed my mind")));
    await assertRejects(() => spawning, Error, "changed my mind");
  });
  await assertRejects(
    () => spawnProbe({ link, signal: AbortSignal.abort() }),
    DOMException,
  );
});

overEachLink("Invitation.spawn survives every kind of broken handshake", async (link) => {
  for (const how of ["garbage", "huge-frame"]) {
    await spawnFails("protocol", fake, { link, args: [how] });
  }
  const error = await spawnFails("version", fake, { link, args: ["wrong-version"] });
  assertStringIncludes(error.message, "use the same release");
});

overEachLink(
  "Invitation.spawn accepts a handshake that comes a byte at a time",
  async (link) => {
    await leavesNothing(async () => {
      await using child = await Invitation.spawn(fake, {
        config,
        link,
        args: ["one-byte-at-a-time"],
      });
      assert(child.pid! > 0);
      child.kill("SIGKILL");
    });
  },
);

Deno.test("Invitation.spawn refuses bad options before anything is started", async () => {
  const bad: [SpawnOptions, string][] = [
    [{ socket: "relative.sock" }, "absolute path"],
    [{ socket: `/tmp/${"x".repeat(120)}` }, "107 bytes at most"],
    [{ deadlineMs: 0 }, "'deadlineMs'"],
    [{ pipes: ["a", "a"] }, "one is called 'a' already"],
    [{ pipes: ["main"] }, "every invitation has 'main' already"],
    [{ pipes: [""] }, "its name must be"],
    [{ pipes: "log" as never }, "'pipes' must be an array"],
    [{ limits: { maxFrameBytes: -1 } }, "'maxFrameBytes'"],
    [{ limits: { maxFrames: 1 } as never }, "'maxFrames'"],
    [{ permissions: { nett: ["x"] } as never }, "Unknown permission 'nett'"],
    [{ permissions: { read: "x" } as never }, "true or a list"],
    [{ permissions: { read: [""] } }, "non-empty"],
    [{ permissions: { read: ["a\0b"] } }, "non-empty"],
    [{ permissions: { read: ["/srv/a,/etc"] } }, "comma"],
    [{ socket: "/tmp/a,b" }, "comma"],
    [{ permission: {} } as never, "Unknown option 'permission'"],
    [{ inviter: "child", pipes: ["x"] }, "Invitation.send"],
    [{ link: "tcp" as never }, "'link' must be one of unix, inherited, worker"],
    [
      { link: "inherited", socket: "/tmp/s" },
      "'socket' makes no sense with link 'inherited'",
    ],
    [{ link: "worker", socket: "/tmp/s" }, "'socket' makes no sense with link 'worker'"],
    [{ link: "worker", args: [] }, "'args' makes no sense with link 'worker'"],
    [{ link: "worker", siblings: "/tmp" }, "'siblings' must be true with link 'worker'"],
    [{ link: "inherited", siblings: "/tmp" }, "'siblings' must be true with"],
    [{ siblings: false as never }, "'siblings' must be true or a directory"],
    [{ siblings: "tmp" }, "'siblings' must be an absolute path"],
    [{ siblings: `/tmp/${"x".repeat(90)}` }, "107 bytes at most"],
    [{ args: ["a\0b"] }, "'args' must hold strings without NUL"],
    [{ args: [1 as never] }, "'args' must hold strings"],
    [{ env: { A: "\0" } }, "'env' must hold strings without NUL"],
    [{ env: { "A=B": "" } }, "'env' must have names of variables"],
    [{ permissions: "inherit" }, "cannot be inherit with link 'unix'"],
    [{ link: "inherited", permissions: "inherit" }, "only a worker can inherit"],
    [{ permissions: "all" as never }, "'permissions' must be"],
  ];
  await leavesNothing(async () => {
    for (const [options, text] of bad) {
      await assertRejects(() => Invitation.spawn("x.ts", options), Error, text);
    }
  });
});

Deno.test("Invitation.spawn refuses a socket path that is taken or open to others", async () => {
  const directory = await Deno.makeTempDir();
  const taken = `${directory}/taken`;
  await Deno.writeTextFile(taken, "mine");
  const error = await assertRejects(
    () => spawnProbe({ socket: taken }),
    InvitationError,
    "already",
  );
  assertEquals(error.failure, "not-started");
  assertEquals(await Deno.readTextFile(taken), "mine");
  await Deno.chmod(directory, 0o777);
  await assertRejects(
    () => spawnProbe({ socket: `${directory}/s` }),
    InvitationError,
    "mode 777",
  );
  await Deno.remove(directory, { recursive: true });
});

Deno.test("Invitation.spawn names the flags that this process lacks", async () => {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    file,
    `import { Invitation } from "@mage/ipc";
     const [link, socket] = Deno.args;
     try { await Invitation.spawn("x.ts", { link, socket }); } catch (e) { console.log(e.name, e.flags.join(" ")); }`,
  );
  const run = async (...args: string[]) => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", `--config=${config.pathname}`, ...args],
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  const deno = Deno.execPath();
  assertEquals(
    await run(file, "unix"),
    `PermissionError --allow-read --allow-write --allow-net --allow-run=${deno}`,
  );
  assertEquals(
    await run(`--allow-run=${deno}`, "--allow-read=/run/s", file, "unix", "/run/s"),
    "PermissionError --allow-write=/run/s --allow-net=unix:/run/s",
  );
  assertEquals(
    await run(file, "inherited"),
    `PermissionError --allow-run=${deno}`,
  );
  assertInstanceOf(new PermissionError("x", []), Error);
  await Deno.remove(file);
});

Deno.test("Invitation.accept says what to do when nobody invited", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", `--config=${config.pathname}`, script.pathname],
    stdin: "null",
    stdout: "null",
  }).output();
  assertEquals(code, 1);
  assertStringIncludes(
    new TextDecoder().decode(stderr),
    "start this program with Invitation.spawn",
  );
});

overEachLink("Invitation.spawn lets the child be the inviter", async (link) => {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    file,
    `import { Invitation, Receiver } from "@mage/ipc/child";
     import { Probe } from ${
      JSON.stringify(new URL("./probe.magen.ts", import.meta.url).href)
    };
     const { pipe } = await Invitation.send();
     new Receiver(Probe, { echo: (text, data) => ({ text: text + "!", data }) }, pipe);`,
  );
  await leavesNothing(async () => {
    await using child = await Invitation.spawn(file, { config, link, inviter: "child" });
    using probe = new Remote(Probe, child.pipe);
    assertEquals((await probe.echo("hi", new Uint8Array(0))).text, "hi!");
  });
  await Deno.remove(file);
});

overEachLink(
  "Child.stdin and Child.stdout carry the streams that were asked for",
  async (link) => {
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(
      file,
      `import { Invitation } from "@mage/ipc/child";
     const joined = await Invitation.accept();
     await Deno.stdin.readable.pipeTo(Deno.stdout.writable);
     await joined.close();`,
    );
    await leavesNothing(async () => {
      await using child = await Invitation.spawn(file, {
        config,
        link,
        stdin: "piped",
        stdout: "piped",
      });
      await new Blob(["not a byte is lost"]).stream().pipeTo(child.stdin);
      const said = await new Response(child.stdout).text();
      assertEquals(said, "not a byte is lost");
    });
    await Deno.remove(file);
  },
);

overEachLink("Child passes no environment on but what it was given", async (link) => {
  await using child = await spawnProbe({
    link,
    env: { COLOR: "blue" },
    permissions: { env: true },
  });
  using probe = new Remote(Probe, child.pipe);
  const { variables } = await probe.environment();
  const names = variables.map((variable) => variable.split("=")[0]!);
  assert(variables.includes("COLOR=blue"));
  // What says where caches are and whether to use colors, and what Deno sets for itself.
  const expected = ["COLOR", "DENO_DIR", "HOME", "XDG_CACHE_HOME", "NO_COLOR"];
  expected.push("PATH", "DENO_NODE_SHIM_ACTIVE");
  assertEquals(names.filter((name) => !expected.includes(name)), []);
});

overEachLink(
  "Remote calls reject when the child exits, is killed, or is closed",
  async (link) => {
    await leavesNothing(async () => {
      for (const end of ["exit", "kill", "close"] as const) {
        await using child = await spawnProbe({ link });
        using probe = new Remote(Probe, child.pipe);
        await probe.noted();
        const hanging = assertRejects(() => probe.hang(), PipeLostError);
        if (end === "exit") probe.exit(5);
        else if (end === "kill") child.kill("SIGKILL");
        else await child.close();
        await hanging;
        await assertRejects(() => probe.hang(), PipeLostError);
        probe.note(1); // One way: dropped, as in Mojo.
        if (end === "exit") assertEquals((await child.status).code, 5);
        const closed = await child.closed;
        assertEquals(closed.violation, null);
      }
    });
  },
);

overEachLink(
  "Child that breaks a rule loses its link, and another child keeps its own",
  async (link) => {
    await leavesNothing(async () => {
      await using good = await spawnProbe({ link });
      using probe = new Remote(Probe, good.pipe);
      for (const how of ["garbage-after-join", "cut-frame"]) {
        await using bad = await Invitation.spawn(fake, { config, link, args: [how] });
        const reason = await bad.pipe.closed;
        assertInstanceOf(reason, PipeLostError);
        const { violation } = await bad.closed;
        assertEquals(violation, how === "cut-frame" ? null : "frame-too-long");
        bad.kill("SIGKILL");
        assertEquals(
          (await probe.echo("still here", new Uint8Array(1))).text,
          "still here",
        );
      }
    });
  },
);

overEachLink("using ends a child", async (link) => {
  await leavesNothing(async () => {
    let status: Promise<Deno.CommandStatus>;
    {
      using child = await spawnProbe({ link });
      status = child.status;
    }
    assertEquals((await status).code, 0);
  });
});

overEachLink(
  "Endpoints move between processes with what is queued in them",
  async (link) => {
    await using child = await spawnProbe({ link });
    using probe = new Remote(Probe, child.pipe);
    const text = (data: Uint8Array) => new TextDecoder().decode(data);

    // Written before the other end is sent, while it is away, and after it has come back.
    const [kept, sent] = createMessagePipe();
    kept.write(new TextEncoder().encode("one"));
    const returning = probe.giveBack(sent);
    kept.write(new TextEncoder().encode("two"));
    let { pipe } = await returning;
    kept.write(new TextEncoder().encode("three"));
    for (const expected of ["one", "two", "three"]) {
      assertEquals(text((await pipe.receive())!.data), expected);
    }
    // Bounced: the other end never notices.
    for (let i = 0; i < 10; i++) {
      kept.write(new Uint8Array([i]));
      ({ pipe } = await probe.giveBack(pipe));
    }
    for (let i = 0; i < 10; i++) {
      assertEquals((await pipe.receive())!.data, new Uint8Array([i]));
    }
    kept.close();
    assertInstanceOf(await pipe.closed, PipeClosedError);
    pipe.close();

    // Both ends of a pipe that was made over there.
    const { one, two } = await probe.bothEnds();
    assertEquals(text((await two.receive())!.data), "waiting");
    two.write(new TextEncoder().encode("back"));
    assertEquals(text((await one.receive())!.data), "back");
    one.close();
    two.close();

    // A receiver here, called from there over an endpoint that was sent.
    const [remote, receiver] = createMessagePipe();
    const loud: Pick<Implementation<Probe>, "echo"> = {
      echo: (text, data) => ({ text: text.toUpperCase(), data }),
    };
    using _callee = new Receiver(Probe, loud as Implementation<Probe>, receiver);
    assertEquals((await probe.callBack(remote, "loud")).text, "LOUD");
  },
);

Deno.test("Child is started with the flags of its permissions and nothing secret", async () => {
  const directory = await Deno.makeTempDir();
  const socket = `${directory}/s`;
  await using child = await spawnProbe({
    socket,
    args: ["one", "two"],
    permissions: { read: ["/srv"], net: ["example.com:443"] },
  });
  const flags = [
    "--no-prompt",
    "--cached-only",
    "--frozen",
    "--quiet",
    `--config=${config.pathname}`,
    `--allow-read=/srv,${socket}`,
    `--allow-write=${socket}`,
    `--allow-net=example.com:443,unix:${socket}`,
  ];
  assertEquals(child.flags, flags);
  assertEquals(
    await argumentsOf(child.pid!),
    [Deno.execPath(), "run", ...flags, script.pathname, "one", "two"],
  );
  await child.close();
  await Deno.remove(directory);
});

Deno.test("Invitation joins two processes over a connected socket, whoever invites", async () => {
  await leavesNothing(async () => {
    for (const role of ["send", "accept"] as const) {
      const directory = await Deno.makeTempDir();
      const path = `${directory}/s`;
      const listener = Deno.listen({ transport: "unix", path });
      const joiner = new URL("./children/joiner.ts", import.meta.url);
      const process = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--no-prompt",
          "-RWN",
          `--config=${config.pathname}`,
          joiner.pathname,
          path,
          role,
        ],
      }).spawn();
      const conn = await listener.accept();
      listener.close();
      {
        await using joined = await Invitation[role === "send" ? "accept" : "send"]({
          conn,
        });
        const probe = new Remote(Probe, joined.pipe);
        // The whole of what was written arrives, although the link is closed at once.
        const { text } = await probe.echo("hello", new Uint8Array(0));
        assertEquals(text, `${role}: hello`);
      }
      assertEquals((await process.status).code, 0);
      await Deno.remove(directory);
    }
  });
});

overEachLink(
  "Calls made right after the join arrive, however much they carry",
  async (link) => {
    await using child = await spawnProbe({ link });
    using probe = new Remote(Probe, child.pipe);
    // More than the child's frame limit all together, before it has accepted the endpoint.
    const data = new Uint8Array(3 * 1024 * 1024).fill(7);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => probe.echo(`${i}`, data)),
    );
    assertEquals(answers.map(({ text }) => text), answers.map((_, i) => `${i}`));
    assert(answers.every(({ data }) => data.length === 3 * 1024 * 1024));
  },
);

overEachLink(
  "A message that is too large for the child is refused at once, also before the join is over",
  async (link) => {
    await using child = await spawnProbe({ link, pipes: ["raw"] });
    const raw = child.extract("raw")!;
    using probe = new Remote(Probe, child.pipe);
    const data = new Uint8Array(4 * 1024 * 1024);
    const limit = assertThrows(
      () => probe.echo("", data),
      LimitError,
      "'limits' on both sides",
    );
    assertEquals(limit.max, data.length);
    assertThrows(() => raw.write(data), LimitError);
    const [one, two] = createMessagePipe();
    const many = Array.from({ length: 100 }, () => createMessagePipe()[0]);
    for (const pipe of [one, ...many]) assert(pipe.isHeld);
    raw.write(new Uint8Array(1), [one]);
    two.close();
    assertEquals((await probe.echo("still fine", new Uint8Array(1))).text, "still fine");
    for (const pipe of many) pipe.close();
    raw.close();
  },
);

overEachLink("Remote calls reject with how the child came to its end", async (link) => {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    file,
    `import { Invitation } from "@mage/ipc/child";
     await Invitation.accept();
     setTimeout(() => { throw new Error("out of luck"); }, 20);`,
  );
  await using child = await Invitation.spawn(file, { config, link, stderr: "null" });
  using probe = new Remote(Probe, child.pipe);
  const error = await assertRejects(() => probe.hang(), PipeLostError);
  assertStringIncludes(error.message, "exited with code 1");
  assertStringIncludes(error.message, "out of luck");
  assertStringIncludes((await child.closed).reason, "exited with code 1");
  await Deno.remove(file);
});

Deno.test("Receiver reports a message that does not fit, and the pipe alone pays", async () => {
  const reported: unknown[] = [];
  const [one, two] = createMessagePipe();
  using receiver = new Receiver(Probe, {} as Implementation<Probe>, two, {
    onError: (error) => reported.push(error),
  });
  one.write(new TextEncoder().encode("not a message of any interface"));
  assertInstanceOf(await one.closed, PipeClosedError);
  assertInstanceOf(await receiver.closed, BadMessageError);
  assertEquals(reported, [await receiver.closed]);
  one.close();
});
