import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  createMessagePipe,
  createSharedFile,
  type MessagePipe,
  MisuseError,
  type SharedBuffer,
} from "@mage/ipc";
import { ownRuntime } from "../../core/system/node_runtime.ts";
import { leavesNothing } from "./census.ts";
import { bytes, Puppet, textAt } from "./puppet.ts";

/** The files that a process has open, by where they lead. */
async function filesOf(pid: number): Promise<string[]> {
  const script = `ls -l /proc/${pid}/fd`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
  const lines = new TextDecoder().decode(stdout).matchAll(/-> (\/\S+)/g);
  return [...lines].map((match) => match[1]!).filter((path) => path.includes("/mage-"));
}

Deno.test("Invitation.spawn starts a child with descriptors of files that it maps without any permission", async () => {
  await leavesNothing(async () => {
    using one = createSharedFile(1000);
    using two = createSharedFile(1 << 20);
    using shown = one.duplicate({ readOnly: true });
    for (const siblings of [undefined, true] as const) {
      const options = { link: "inherited", descriptors: [shown, two] } as const;
      const siblingsOption = siblings === undefined ? {} : { siblings };
      await using first = await Puppet.spawn({ ...options, ...siblingsOption });
      // The second has the other ends of sockets of the first, and its files behind them.
      await using second = await Puppet.spawn({ ...options, ...siblingsOption });
      using mapping = await two.map();
      for (const puppet of [first, second]) {
        assertEquals(
          puppet.child.flags.filter((flag) => flag.startsWith("--allow")),
          [],
        );
        mapping.writeAt(5, bytes("born"));
        const seen = await puppet.do(async ({ handles: [one, two], ipc, kept }) => {
          kept.one = one;
          kept.two = two;
          const read = await (one as SharedBuffer).map(990);
          const written = kept.mapping = await (two as SharedBuffer).map(5, 100);
          const into = new Uint8Array(4);
          written.readAt(0, into);
          written.writeAt(0, new TextEncoder().encode("BORN"));
          const refused = (() => {
            try {
              read.writeAt(0, new Uint8Array(1));
              return "done";
            } catch (error) {
              return (error as Error).name;
            }
          })();
          const rest = new Uint8Array(10).fill(1);
          read.readAt(0, rest);
          return [
            new TextDecoder().decode(into),
            written instanceof ipc.FileMapping,
            [read.readOnly, written.readOnly],
            refused,
            Math.max(...rest),
          ];
        }, [shown.duplicate({ readOnly: true }), two.duplicate()]);
        assertEquals(seen, ["born", true, [true, false], "MisuseError", 0]);
        assertEquals(textAt(mapping, 5, 4), "BORN");
        // Again, and overlapping: what it was born with stays open.
        assertEquals(
          await puppet.do(async ({ kept }) => {
            kept.mapping.unmap();
            using again = await kept.two.duplicate().map(7, 2);
            const into = new Uint8Array(2);
            again.readAt(0, into);
            return new TextDecoder().decode(into);
          }),
          "RN",
        );
      }
    }
  });
});

Deno.test("Children that are born with files as well as with sockets to each other take neither for the other", async () => {
  await leavesNothing(async () => {
    using file = createSharedFile(100);
    const options = { link: "inherited", siblings: true, descriptors: [file] } as const;
    await using one = await Puppet.spawn(options);
    await using other = await Puppet.spawn(options);
    const [here, there] = createMessagePipe();
    await one.do(({ handles: [pipe], kept }) => {
      kept.pipe = pipe;
    }, [here]);
    await other.do(({ handles: [pipe], kept }) => {
      kept.pipe = pipe;
      (async () => {
        for await (const { data } of pipe as MessagePipe) kept.pipe.write(data);
      })();
    }, [there]);
    const { broker } = ownRuntime().node;
    const isDirect = async () => {
      const relayed = broker.relayedEvents;
      await one.do(async ({ kept }) => {
        kept.pipe.write(new Uint8Array(10));
        await kept.pipe.receive();
      });
      return broker.relayedEvents === relayed;
    };
    let tries = 0;
    while (!await isDirect()) assert(tries++ < 1000);
    for (const puppet of [one, other]) {
      await puppet.do(async ({ handles: [buffer] }) => {
        using mapping = await (buffer as SharedBuffer).map();
        const count = new Uint8Array(1);
        mapping.readAt(0, count);
        mapping.writeAt(0, count.map((so) => so + 1));
      }, [file.duplicate()]);
    }
    using mapping = await file.map();
    assertEquals(textAt(mapping, 0, 1), "\x02");
  });
});

Deno.test("A child can do with a descriptor only what its handle gave a right to when it was started", async () => {
  await leavesNothing(async () => {
    using file = createSharedFile(100), other = createSharedFile(100);
    using mapping = await file.map();
    mapping.writeAt(0, bytes("untouched"));
    using shown = file.duplicate({ readOnly: true });
    await using puppet = await Puppet.spawn({
      link: "inherited",
      descriptors: [shown, other],
    });
    const tried = await puppet.do(async ({ load }) => {
      const fs = await load("node:fs");
      const attempt = (action: () => unknown) => {
        try {
          action();
          return "done";
        } catch (error) {
          const { name, code } = error as Error & { code?: string };
          return code ?? name;
        }
      };
      return [
        attempt(() => fs.readSync(4, new Uint8Array(1), 0, 1, 0)),
        attempt(() => fs.writeSync(4, new Uint8Array(1), 0, 1, 0)),
        attempt(() => fs.ftruncateSync(4, 0)),
        attempt(() => fs.fchmodSync(5, 0o600)),
        attempt(() => fs.writeSync(5, new Uint8Array(1), 0, 1, 0)),
        attempt(() => fs.readSync(6, new Uint8Array(1), 0, 1, 0)),
        attempt(() => Deno.openSync("/proc/self/fd/4", { write: true })),
        attempt(() => Deno.openSync("/dev/fd/4", { write: true })),
        attempt(() => fs.openSync("/proc/self/fd/4", "r+")),
      ];
    });
    assertEquals(tried.slice(0, 3), ["done", "EBADF", "EINVAL"]);
    assertEquals(tried[4], "done");
    assertEquals(tried.slice(5).includes("done"), false, tried.join(" "));
    assertEquals(textAt(mapping, 0, 9), "untouched");
  });
});

Deno.test("Invitation.spawn closes descriptors that a child has, or that none gets", async () => {
  await leavesNothing(async () => {
    using file = createSharedFile(100);
    const before = await filesOf(Deno.pid);
    assertEquals(before.length, 1);
    for (const cwd of [undefined, "/nowhere/at/all"]) {
      const spawning = Puppet.spawn({
        link: "inherited",
        descriptors: [file, file],
        ...(cwd === undefined ? {} : { cwd }),
      });
      if (cwd !== undefined) {
        await assertRejects(() => spawning, Error, "Cannot start");
        continue;
      }
      await using puppet = await spawning;
      assertEquals(await filesOf(Deno.pid), before);
      // The runtime there has one more of each, for itself.
      assertEquals([...new Set(await filesOf(puppet.child.pid!))], before);
      // Nobody else has them.
      await using other = await Puppet.spawn({ link: "inherited" });
      assertEquals(await filesOf(other.child.pid!), []);
    }
    assertEquals(await filesOf(Deno.pid), before);
  });
});

Deno.test("Invitation.spawn refuses descriptors of what this process has not made, and opens none", async () => {
  await leavesNothing(async () => {
    await using puppet = await Puppet.spawn({ sharedFiles: true });
    puppet.tell(({ ipc, send }) => void send.push(ipc.createSharedFile(10)));
    const { handles: [handle] } = await puppet.answer();
    using theirs = handle as SharedBuffer, mine = createSharedFile(10);
    for (let times = 0; times < 2; times++) {
      const error = await assertRejects(
        () => Puppet.spawn({ link: "inherited", descriptors: [mine, theirs] }),
        MisuseError,
      );
      assertEquals(error.result, "FAILED_PRECONDITION");
      (await theirs.map()).unmap();
    }
    assertEquals((await filesOf(Deno.pid)).length, 2);
  });
});

Deno.test("SharedBuffer.map finds no descriptor for a handle that gives another right than it", async () => {
  await leavesNothing(async () => {
    using file = createSharedFile(100);
    await using puppet = await Puppet.spawn({ link: "inherited", descriptors: [file] });
    await using both = await Puppet.spawn({
      link: "inherited",
      descriptors: [file],
      sharedFiles: true,
    });
    const map = async ({ handles }: { handles: unknown[] }) => {
      const mapping = await (handles[0] as SharedBuffer).map();
      return mapping.readOnly;
    };
    await assertRejects(
      () => puppet.do(map, [file.duplicate({ readOnly: true })]),
      Error,
      "none of the 'descriptors'",
    );
    // Another door may do.
    assertEquals(await both.do(map, [file.duplicate({ readOnly: true })]), true);
  });
});

Deno.test("A mapping works on when the launcher is killed, over either door", async () => {
  const directory = await Deno.makeTempDir();
  const script = `${directory}/launcher.ts`;
  const modules = [
    new URL("../../mod.ts", import.meta.url),
    new URL("./puppet.ts", import.meta.url),
  ];
  // Its child tells over standard output, which is this process's.
  await Deno.writeTextFile(
    script,
    `import { createSharedFile } from ${JSON.stringify(modules[0])};
     import { Puppet } from ${JSON.stringify(modules[1])};
     const file = createSharedFile(100);
     const puppet = await Puppet.spawn({
       link: "inherited",
       args: ["false"],
       ...JSON.parse(Deno.args[0]) ? { sharedFiles: true } : { descriptors: [file] },
     });
     await puppet.do(async ({ handles, kept, load }) => {
       kept.mapping = await handles[0].map();
       kept.mapping.writeAt(0, new TextEncoder().encode("before"));
       handles[0].closed.then((reason) => {
         const into = new Uint8Array(6);
         kept.mapping.readAt(0, into);
         kept.mapping.writeAt(2, new Uint8Array([70, 79]));
         const again = new Uint8Array(6);
         kept.mapping.readAt(0, again);
         const text = [into, again].map((each) => new TextDecoder().decode(each));
         console.log(JSON.stringify([reason.code, ...text]));
         Deno.exit(7);
       });
     }, [file.duplicate()]);
     Deno.kill(Deno.pid, "SIGKILL");`,
  );
  for (const door of [true, false]) {
    const { stdout, signal } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--quiet",
        "--no-check",
        "--allow-read",
        "--allow-write",
        "--allow-run",
        `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
        script,
        String(door),
      ],
      env: { TMPDIR: directory },
    }).output();
    assertEquals(signal, "SIGKILL");
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), [
      "lost",
      "before",
      "beFOre",
    ]);
  }
  await Deno.remove(directory, { recursive: true });
});

Deno.test("A program that ends leaves none of its directories behind", async () => {
  const directory = await Deno.makeTempDir(), temporary = `${directory}/temporary`;
  await Deno.mkdir(temporary);
  const script = `${directory}/launcher.ts`;
  const modules = [
    new URL("../../mod.ts", import.meta.url),
    new URL("./puppet.ts", import.meta.url),
  ];
  await Deno.writeTextFile(
    script,
    `import { createSharedFile } from ${JSON.stringify(modules[0])};
     import { Puppet } from ${JSON.stringify(modules[1])};
     const file = createSharedFile(100);
     const puppet = await Puppet.spawn({ sharedFiles: true });
     await puppet.do(async ({ handles, kept, ipc }) => {
       kept.mapping = await handles[0].map();
       kept.file = ipc.createSharedFile(100);
     }, [file.duplicate()]);
     console.log([...Deno.readDirSync(Deno.args[0])].length);
     if (Deno.args[1] === "exit") Deno.exit();
     if (Deno.args[1] === "close") file.close();
     await puppet.child.close();`,
  );
  for (const how of ["exit", "close", "end"]) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--quiet",
        "--no-check",
        "--allow-read",
        "--allow-write",
        "--allow-net",
        "--allow-run",
        `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
        script,
        temporary,
        how,
      ],
      env: { TMPDIR: temporary },
    }).output();
    assertEquals(new TextDecoder().decode(stdout), "2\n");
    assertEquals([...Deno.readDirSync(temporary)], [], how);
  }
  await Deno.remove(directory, { recursive: true });
});
