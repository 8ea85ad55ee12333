import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  createSharedFile,
  type Handle,
  SharedBuffer,
  type SpawnOptions,
  unwrapSharedBuffer,
  wrapSharedBuffer,
} from "@mage/ipc";
import { leavesNothing } from "./census.ts";
import { bytes, Puppet, textAt } from "./puppet.ts";

const LINKS = ["unix", "inherited", "worker"] as const;

/** What came with an answer. */
function buffer([handle]: Handle[]): SharedBuffer {
  if (handle instanceof SharedBuffer) return handle;
  throw new TypeError("no shared buffer came");
}

/** Runs `body` with a child that has a directory, and none of the rest. */
function withChild(
  body: (puppet: Puppet) => Promise<void>,
  options: SpawnOptions = {},
): Promise<void> {
  return leavesNothing(async () => {
    await using puppet = await Puppet.spawn({ sharedFiles: true, ...options });
    await body(puppet);
  });
}

for (const link of LINKS) {
  Deno.test(`createSharedFile makes memory that a child with 'sharedFiles' maps: ${link}`, async () => {
    await withChild(async (puppet) => {
      using file = createSharedFile(1 << 20);
      using mapping = await file.map();
      mapping.writeAt(5, bytes("from the launcher"));
      const seen = await puppet.do(async ({ handles, kept, ipc }) => {
        kept.handle = handles[0] as SharedBuffer;
        const mapping = kept.mapping = await kept.handle.map(5, 100);
        const into = new Uint8Array(17);
        mapping.readAt(0, into);
        mapping.writeAt(20, new TextEncoder().encode("from the child"));
        return [
          new TextDecoder().decode(into),
          mapping instanceof ipc.FileMapping,
          mapping.access,
          mapping.readOnly,
          kept.handle.backing,
        ];
      }, [file.duplicate()]);
      assertEquals(seen, ["from the launcher", true, "file", false, "file"]);
      assertEquals(textAt(mapping, 25, 14), "from the child");

      // Other parts of the same, in one process and in the other.
      using second = await file.map(20, 30);
      assertEquals(textAt(second, 5, 14), "from the child");
      second.writeAt(5, bytes("FROM"));
      assertEquals(
        await puppet.do(async ({ kept }) => {
          const again = await kept.handle.map(25, 4), into = new Uint8Array(4);
          kept.handle.close();
          again.readAt(0, into);
          again.unmap();
          kept.mapping.readAt(20, into.subarray(0, 2));
          return new TextDecoder().decode(into);
        }),
        "FROM",
      );
      // It outlives the handle that it was mapped from.
      mapping.writeAt(5, bytes("still"));
      assertEquals(
        await puppet.do(({ kept }) => {
          const into = new Uint8Array(5);
          kept.mapping.readAt(0, into);
          kept.mapping.unmap();
          return new TextDecoder().decode(into);
        }),
        "still",
      );
    }, { link });
  });

  Deno.test(`createSharedFile of a child makes memory that its launcher maps: ${link}`, async () => {
    await withChild(async (puppet) => {
      puppet.tell(async ({ ipc, kept, send }) => {
        const file = ipc.createSharedFile(1000);
        kept.mapping = await file.map();
        kept.mapping.writeAt(990, new TextEncoder().encode("the child"));
        send.push(file);
      });
      using file = buffer((await puppet.answer()).handles);
      assertEquals([file.size, file.backing, file.mode], [1000, "file", "writable"]);
      {
        using mapping = await file.map(990);
        assertEquals(textAt(mapping, 0, 9), "the child");
        mapping.writeAt(0, bytes("THE"));
      }
      const back = await puppet.do(({ kept }) => {
        const into = new Uint8Array(9);
        kept.mapping.readAt(990, into);
        kept.mapping.unmap();
        return new TextDecoder().decode(into);
      });
      assertEquals(back, "THE child");
    }, { link });
  });
}

Deno.test("createSharedFile of a child makes memory that its launcher only reads, from a handle for that", async () => {
  await withChild(async (puppet) => {
    puppet.tell(async ({ ipc, kept, send }) => {
      const file = ipc.createSharedFile(10);
      (kept.mapping = await file.map()).writeAt(0, new Uint8Array([7]));
      send.push(file.duplicate({ readOnly: true }));
    });
    using file = buffer((await puppet.answer()).handles);
    using mapping = await file.map();
    assertEquals([mapping.readOnly, file.mode], [true, "read-only"]);
    const into = new Uint8Array(1);
    mapping.readAt(0, into);
    assertEquals(into[0], 7);
  });
});

Deno.test("SharedBuffer.map asks the launcher when one child has passed a file on to another", async () => {
  await withChild(async (one) => {
    await using other = await Puppet.spawn({ link: "inherited", sharedFiles: true });
    using file = createSharedFile(100);
    await one.do(async ({ handles, kept }) => {
      kept.handle = handles[0];
      (kept.mapping = await kept.handle.map()).writeAt(
        0,
        new TextEncoder().encode("one"),
      );
    }, [file.duplicate()]);
    one.tell(({ kept, send }) => void send.push(kept.handle));
    const { handles } = await one.answer();
    const seen = await other.do(async ({ handles, kept }) => {
      kept.mapping = await (handles[0] as SharedBuffer).map();
      const into = new Uint8Array(3);
      kept.mapping.readAt(0, into);
      kept.mapping.writeAt(1, new Uint8Array([78]));
      return new TextDecoder().decode(into);
    }, handles);
    assertEquals(seen, "one");
    using mapping = await file.map();
    assertEquals(textAt(mapping, 0, 3), "oNe");
  });
});

Deno.test("SharedBuffer.map says of what another child has made that only its launcher maps it", async () => {
  await withChild(async (one) => {
    await using other = await Puppet.spawn({ sharedFiles: true });
    one.tell(({ ipc, send }) => void send.push(ipc.createSharedFile(100)));
    const { handles } = await one.answer();
    const error = await assertRejects(() =>
      other.do(async ({ handles }) => {
        await (handles[0] as SharedBuffer).map();
      }, handles)
    );
    assertStringIncludes(error.message, "only the launcher of that one can map");
  });
});

Deno.test("SharedBuffer.map in an isolated child works as in any other", async () => {
  await withChild(async (puppet) => {
    using file = createSharedFile(100);
    using mapping = await file.map();
    await puppet.do(async ({ handles }) => {
      using mapping = await (handles[0] as SharedBuffer).map();
      mapping.writeAt(0, new TextEncoder().encode("apart"));
    }, [file.duplicate()]);
    assertEquals(textAt(mapping, 0, 5), "apart");
  }, { isolated: true });
});

Deno.test("SharedBuffer.map of a file names the option that a child was started without", async () => {
  await leavesNothing(async () => {
    await using bare = await Puppet.spawn();
    await using equipped = await Puppet.spawn({ sharedFiles: true });
    using file = createSharedFile(100), other = createSharedFile(100);
    const map = async ({ handles: [handle] }: { handles: Handle[] }) => {
      const error = await (handle as SharedBuffer).map().catch((error) => error);
      return [error.failure, error.message];
    };
    assertEquals(await bare.do(map, [file.duplicate()]), [
      "unavailable",
      "Cannot map shared buffer: nobody has given this process a way to its file: start it with the option 'sharedFiles' of Invitation.spawn",
    ]);
    {
      const options = { link: "inherited", descriptors: [other] } as const;
      await using born = await Puppet.spawn(options);
      assertEquals(await born.do(map, [file.duplicate()]), [
        "unavailable",
        "Cannot map shared buffer: it is none of the 'descriptors' that this process was started with: add it there, or start it with the option 'sharedFiles' of Invitation.spawn",
      ]);
    }
    await equipped.do(async ({ handles: [handle] }) => {
      using mapping = await (handle as SharedBuffer).map();
      mapping.writeAt(0, new Uint8Array(1));
    }, [file.duplicate()]);
  });
});

Deno.test("SharedBuffer.map says where files have to be when a link to one cannot be made", async () => {
  await withChild(async (puppet) => {
    const directory = await Deno.makeTempDir();
    using file = createSharedFile(100, { directory });
    // As it is when the two are on different file systems: there is no link from here to there.
    await Deno.remove(directory, { recursive: true });
    const error = await assertRejects(() =>
      puppet.do(async ({ handles }) => {
        await (handles[0] as SharedBuffer).map();
      }, [file.duplicate()])
    );
    assertStringIncludes(error.message, "name directories on one file system");
  });
});

Deno.test("createSharedFile of a child without a directory names the permissions that it takes", async () => {
  await leavesNothing(async () => {
    await using puppet = await Puppet.spawn();
    const error = await puppet.do(({ ipc }) => {
      try {
        return ipc.createSharedFile(10).id;
      } catch (error) {
        return [(error as Error).name, (error as Error).message];
      }
    });
    assertEquals(error, [
      "PermissionError",
      "Creating a shared file needs permissions this process lacks; add --allow-read --allow-write",
    ]);
  });
});

Deno.test("Invitation.spawn leaves no directory behind when a child is not started", async () => {
  await leavesNothing(async () => {
    using file = createSharedFile(10);
    for (const link of LINKS) {
      await assertRejects(() =>
        Puppet.spawn({
          link,
          sharedFiles: true,
          ...(link === "inherited" ? { descriptors: [file] } : {}),
          ...(link === "worker"
            ? { permissions: { read: ["/nowhere"] } }
            : { cwd: "/nowhere/at/all" }),
        })
      );
      await assertRejects(() =>
        Puppet.spawn({ link, sharedFiles: true, signal: AbortSignal.timeout(0) })
      );
    }
  });
});

Deno.test("Invitation.spawn says what is wrong with 'sharedFiles' and 'descriptors'", async () => {
  using thread = wrapSharedBuffer(new SharedArrayBuffer(1));
  using file = createSharedFile(1);
  const spent = createSharedFile(1);
  spent.close();
  const wrong: [object, string][] = [
    [
      { sharedFiles: false },
      "Option 'sharedFiles' must be true or a directory: received false",
    ],
    [
      { sharedFiles: "here" },
      "Option 'sharedFiles' must be an absolute path: received here",
    ],
    [
      { sharedFiles: "/nowhere/at/all" },
      "Option 'sharedFiles' must be a directory that exists: received /nowhere/at/all",
    ],
    [
      { sharedFiles: import.meta.filename },
      `Option 'sharedFiles' must be a directory: received ${import.meta.filename}`,
    ],
    [
      { descriptors: [file] },
      "Option 'descriptors' makes no sense with link 'unix': it is for inherited",
    ],
    [
      { link: "inherited", descriptors: file },
      "Option 'descriptors' must be a list of at most 16 handles: received [object Object]",
    ],
    [
      { link: "inherited", descriptors: Array(17).fill(file) },
      "Option 'descriptors' must be a list of at most 16 handles: received 17 of them",
    ],
    [
      { link: "inherited", descriptors: [4] },
      "Option 'descriptors' must list shared buffers and platform handles: received number",
    ],
    [
      { link: "inherited", descriptors: [thread] },
      "Option 'descriptors' must list shared buffers with a descriptor: received a SharedArrayBuffer; make it with createSharedFile",
    ],
    [
      { link: "inherited", descriptors: [spent] },
      "Cannot ask shared buffer: it was closed, sent or bound",
    ],
  ];
  for (const [options, message] of wrong) {
    const error = await assertRejects(
      () => Puppet.spawn(options as SpawnOptions),
      TypeError,
    );
    assertEquals(error.message, message);
  }
});

Deno.test("unwrapSharedBuffer opens a file that was left for this process, for whoever asks", async () => {
  await withChild(async (puppet) => {
    puppet.tell(async ({ ipc, send, kept }) => {
      const file = ipc.createSharedFile(100);
      (kept.mapping = await file.map()).writeAt(0, new TextEncoder().encode("hello"));
      send.push(file.duplicate({ readOnly: true }));
    });
    const handle = buffer((await puppet.answer()).handles), { id } = handle;
    // What is mapped by the handle stays.
    using mapping = await handle.map();
    const { file, ...state } = await unwrapSharedBuffer(handle);
    assertEquals(state, { size: 100, id, mode: "read-only" });
    const into = new Uint8Array(5);
    await file!.read(into);
    assertEquals(new TextDecoder().decode(into), "hello");
    await assertRejects(() => file!.write(into), Error);
    file!.close();
    assertEquals(textAt(mapping, 1, 4), "ello");
    assertEquals(handle.isHeld, false);
  });
});

Deno.test("SharedBuffer.map rejects when the process that has made a file is gone", async () => {
  await withChild(async (puppet) => {
    puppet.tell(async ({ ipc, send }) => {
      const file = ipc.createSharedFile(100);
      send.push(file.duplicate(), file);
      (await file.map()).writeAt(0, new Uint8Array([9]));
    });
    const { handles: [one, two] } = await puppet.answer();
    using mapping = await (one as SharedBuffer).map();
    puppet.child.kill("SIGKILL");
    await puppet.child.status;
    await assertRejects(() => (two as SharedBuffer).map());
    // What was mapped before stays, and its directory is gone all the same.
    mapping.writeAt(3, new Uint8Array([4]));
    one!.close();
    two!.close();
  });
});

Deno.test("wrapSharedBuffer makes a file of the program one that children map, with no more rights than it says", async () => {
  await leavesNothing(async () => {
    const path = await Deno.makeTempFile();
    await Deno.writeTextFile(path, "of the program");
    {
      using shown = wrapSharedBuffer(path, { mode: "read-only" });
      await using puppet = await Puppet.spawn({ sharedFiles: true });
      await using born = await Puppet.spawn({ link: "inherited", descriptors: [shown] });
      for (const child of [puppet, born]) {
        const seen = await child.do(async ({ handles }) => {
          const buffer = handles[0] as SharedBuffer;
          using mapping = await buffer.map(3, 3);
          const into = new Uint8Array(3);
          mapping.readAt(0, into);
          return [new TextDecoder().decode(into), buffer.mode, mapping.readOnly];
        }, [shown.duplicate({ readOnly: true })]);
        assertEquals(seen, ["the", "read-only", true]);
      }
    }
    assertEquals(await Deno.readTextFile(path), "of the program");
    await Deno.remove(path);
  });
});

/** Runs a program of its own with these flags, in which `file` and `puppet` are imported. */
async function run(directory: string, flags: string[], source: string): Promise<string> {
  const script = `${directory}/program.ts`;
  const [mod, puppet] = ["../../mod.ts", "./puppet.ts"].map((path) =>
    JSON.stringify(new URL(path, import.meta.url))
  );
  await Deno.writeTextFile(
    script,
    `import { createSharedFile, PermissionError } from ${mod};
     import { Puppet } from ${puppet};
     const directory = Deno.args[0];
     ${source}`,
  );
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--quiet",
      "--no-check",
      `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
      ...flags,
      script,
      directory,
    ],
  }).output();
  await Deno.remove(script);
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

Deno.test("Invitation.spawn with 'sharedFiles' in a directory takes permissions for that and no other", async () => {
  const directory = await Deno.makeTempDir();
  const program = `
    try {
      const file = createSharedFile(100, { directory });
      const puppet = await Puppet.spawn({ link: "inherited", sharedFiles: directory });
      await puppet.do(async ({ handles }) => {
        using mapping = await handles[0].map();
        mapping.writeAt(0, new TextEncoder().encode("scoped"));
      }, [file.duplicate()]);
      const mapping = await file.map(0, 6), into = new Uint8Array(6);
      mapping.readAt(0, into);
      console.log(new TextDecoder().decode(into));
      await puppet.child.close();
    } catch (error) {
      console.log(error instanceof PermissionError, error.message);
    }`;
  const flags = [`--allow-run=${Deno.execPath()}`, `--allow-read=${directory}`];
  assertEquals(
    await run(directory, flags, program),
    `true Creating a shared file needs permissions this process lacks; add --allow-write=${directory}\n`,
  );
  flags.push(`--allow-write=${directory}`);
  assertEquals(await run(directory, flags, program), "scoped\n");
  assertEquals([...Deno.readDirSync(directory)], []);
  await Deno.remove(directory);
});

Deno.test("Invitation.spawn gives a worker with permissions of its own its directory and no other", async () => {
  const directory = await Deno.makeTempDir();
  const program = `
    const file = createSharedFile(100, { directory });
    const options = { link: "worker", permissions: {}, sharedFiles: directory };
    const puppet = await Puppet.spawn(options);
    await puppet.do(async ({ handles, ipc, kept, args: [directory] }) => {
      const mapping = await handles[0].map();
      mapping.writeAt(0, new TextEncoder().encode("own"));
      kept.file = ipc.createSharedFile(10);
    }, [file.duplicate()]);
    const mapping = await file.map(0, 3), into = new Uint8Array(3);
    mapping.readAt(0, into);
    console.log(new TextDecoder().decode(into));
    console.log(await puppet.do(({ args: [directory] }) => {
      try {
        return [...Deno.readDirSync(directory)].length;
      } catch (error) {
        return error.name;
      }
    }, [], directory));
    await puppet.child.close();
    mapping.unmap();
    file.close();`;
  const flags = ["--unstable-worker-options", "--allow-read", "--allow-write"];
  assertEquals(await run(directory, flags, program), "own\nNotCapable\n");
  assertEquals([...Deno.readDirSync(directory)], []);
  await Deno.remove(directory);
});
