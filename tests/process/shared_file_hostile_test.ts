import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createSharedFile, type SharedBuffer, SharedBufferError } from "@mage/ipc";
import { leavesNothing } from "./census.ts";
import { bytes, Puppet, textAt } from "./puppet.ts";

/** Where the child that was started last has its directory. */
function directoryOf(puppet: Puppet): string {
  const flag = puppet.child.flags.find((flag) => flag.startsWith("--allow-write="))!;
  return flag.slice("--allow-write=".length).split(",")
    .find((path) => path.endsWith("/rw"))!.slice(0, -"/rw".length);
}

for (const link of ["unix", "inherited"] as const) {
  Deno.test(`A child that may only read a shared file finds no way to write it: ${link}`, async () => {
    await leavesNothing(async () => {
      await using puppet = await Puppet.spawn({ link, sharedFiles: true });
      await using other = await Puppet.spawn({ sharedFiles: true });
      using file = createSharedFile(100);
      using mapping = await file.map();
      mapping.writeAt(0, bytes("untouched"));
      const attempts = await puppet.do(
        async ({ handles, load, args: [directory, elsewhere, script] }) => {
          const fs = await load("node:fs");
          const tried: Record<string, string> = {};
          const attempt = (name: string, action: () => unknown) => {
            try {
              action();
              tried[name] = "done";
            } catch (error) {
              const { name: kind, code } = error as Error & { code?: string };
              tried[name] = kind === "NotCapable" ? kind : code ?? kind;
            }
          };
          const open = Deno.openSync;
          // The moment at which the link is there.
          Deno.openSync = (path, options) => {
            const link = String(path), own = `${directory}/rw/own`;
            Deno.writeTextFileSync(own, "mine");
            attempt("open", () => open(link, { read: true, write: true }));
            attempt("open to write", () => open(link, { write: true }));
            attempt("append", () => Deno.writeTextFileSync(link, "x", { append: true }));
            attempt("truncate", () => Deno.truncateSync(link, 0));
            attempt("rename", () => Deno.renameSync(link, `${directory}/rw/it`));
            attempt("rename over", () => Deno.renameSync(own, link));
            attempt("rename part", () => Deno.renameSync(`${directory}/ro`, own));
            attempt("link", () => Deno.linkSync(link, `${directory}/rw/it`));
            attempt("link over", () => Deno.linkSync(own, `${directory}/ro/it`));
            attempt("symlink", () => Deno.symlinkSync(link, `${directory}/rw/it`));
            attempt("symlink to all", () => Deno.symlinkSync("/", `${directory}/rw/it`));
            attempt("copy over", () => Deno.copyFileSync(own, link));
            attempt("remove", () => Deno.removeSync(link));
            attempt("chmod", () => Deno.chmodSync(link, 0o777));
            attempt("utime", () => Deno.utimeSync(link, 0, 0));
            attempt("create", () => Deno.writeTextFileSync(`${directory}/ro/new`, ""));
            attempt("make directory", () => Deno.mkdirSync(`${directory}/ro/new`));
            attempt("around", () => open(`${directory}/rw/../ro/x`, { write: true }));
            attempt("node open", () => fs.openSync(link, "r+"));
            attempt("node append", () => fs.appendFileSync(link, "x"));
            attempt("node truncate", () => fs.truncateSync(link, 0));
            attempt("node rename", () => fs.renameSync(link, `${directory}/rw/it`));
            attempt("node link", () => fs.linkSync(link, `${directory}/rw/it`));
            attempt("node symlink", () => fs.symlinkSync(link, `${directory}/rw/it`));
            attempt("node chmod", () => fs.chmodSync(link, 0o777));
            attempt("look around", () => [...Deno.readDirSync(directory)]);
            attempt("look above", () => [...Deno.readDirSync(`${directory}/..`)]);
            attempt("look elsewhere", () => [...Deno.readDirSync(`${elsewhere}/rw`)]);
            attempt("read elsewhere", () => [...Deno.readDirSync(`${elsewhere}/ro`)]);
            attempt("read this", () => Deno.readTextFileSync(script));
            attempt("read /etc/passwd", () => Deno.readTextFileSync("/etc/passwd"));
            attempt("read by descriptor", () => open("/proc/self/fd/0"));
            const file = open(path, options);
            attempt("open file: write", () => file.writeSync(new Uint8Array(1)));
            attempt("open file: truncate", () => file.truncateSync(0));
            return file;
          };
          const mapping = await (handles[0] as SharedBuffer).map();
          attempt("mapping", () => mapping.writeAt(0, new Uint8Array(1)));
          const into = new Uint8Array(9);
          mapping.readAt(0, into);
          return { tried, text: new TextDecoder().decode(into) };
        },
        [file.duplicate({ readOnly: true })],
        directoryOf(puppet),
        directoryOf(other),
        import.meta.filename,
      );
      assertEquals(attempts.text, "untouched");
      const entries = Object.entries(attempts.tried);
      assertEquals(entries.length, 35);
      assertEquals(entries.filter(([, result]) => result !== "NotCapable"), [
        ["open file: write", "EBADF"],
        ["open file: truncate", "EINVAL"],
        ["mapping", "MisuseError"],
      ]);
      assertEquals(textAt(mapping, 0, 9), "untouched");
    });
  });
}

Deno.test("FileMapping.readAt throws when a child has cut the file off, and works once it is written again", async () => {
  await leavesNothing(async () => {
    await using puppet = await Puppet.spawn({ sharedFiles: true });
    using file = createSharedFile(100_000);
    using mapping = await file.map();
    mapping.writeAt(0, bytes("abc"));
    await puppet.do(async ({ handles, kept }) => {
      const open = Deno.openSync;
      Deno.openSync = (path, options) => kept.file = open(path, options);
      kept.handle = handles[0];
      kept.mapping = await kept.handle.map();
      kept.file.truncateSync(2);
    }, [file.duplicate()]);
    for (const [at, length] of [[0, 3], [2, 1], [99_000, 1000]] as const) {
      const error = assertThrows(
        () => mapping.readAt(at, new Uint8Array(length)),
        SharedBufferError,
      );
      assertEquals([error.failure, error.message], [
        "shrunk",
        "Cannot use shared buffer: the file was made shorter",
      ]);
    }
    assertEquals(textAt(mapping, 0, 2), "ab");
    mapping.writeAt(99_999, new Uint8Array([1]));
    assertEquals(textAt(mapping, 0, 3), "ab\0");
    // And so it is for a child, when this process does it; and whoever comes now finds it too short.
    await puppet.do(({ kept }) => kept.file.truncateSync(0));
    const error = await assertRejects(() =>
      puppet.do(async ({ kept }) => {
        const again = await kept.handle.map();
        again.readAt(0, new Uint8Array(1));
      })
    );
    assert(error.message.includes("the file was made shorter"), error.message);
    await using late = await Puppet.spawn({ sharedFiles: true });
    const refused = await assertRejects(() =>
      late.do(async ({ handles }) => {
        await (handles[0] as SharedBuffer).map();
      }, [file.duplicate()])
    );
    assert(refused.message.includes("its file was made shorter"), refused.message);
  });
});

Deno.test("A child that removes or replaces what was left for it harms nobody else", async () => {
  await leavesNothing(async () => {
    await using puppet = await Puppet.spawn({ sharedFiles: true });
    using file = createSharedFile(100);
    using mapping = await file.map();
    mapping.writeAt(0, bytes("abc"));
    const seen = await puppet.do(
      async ({ handles: [handle], kept, args: [rw] }) => {
        const open = Deno.openSync;
        kept.handle = handle;
        const errors: string[] = [];
        const attempt = async () => {
          // Another handle: this one has nothing open yet.
          using other = kept.handle.duplicate();
          const into = new Uint8Array(3);
          try {
            using mapping = await other.map();
            mapping.readAt(0, into);
            errors.push(new TextDecoder().decode(into));
          } catch (error) {
            errors.push((error as Error).message);
          }
        };
        Deno.openSync = (path, options) => {
          const file = open(path, options);
          Deno.removeSync(path);
          return file;
        };
        await attempt();
        Deno.openSync = (path, options) => {
          Deno.removeSync(path);
          Deno.mkdirSync(`${path}/in/its/place`, { recursive: true });
          return open(path, options);
        };
        await attempt();
        Deno.openSync = open;
        await attempt();
        Deno.removeSync(rw, { recursive: true });
        await attempt();
        Deno.writeTextFileSync(rw, "no directory");
        await attempt();
        Deno.removeSync(rw);
        Deno.mkdirSync(rw);
        await attempt();
        return errors;
      },
      [file.duplicate()],
      `${directoryOf(puppet)}/rw`,
    );
    assertEquals(seen.length, 6);
    assertEquals([seen[0], seen[2], seen[5]], ["abc", "abc", "abc"]);
    for (const i of [1, 3, 4]) {
      assert(seen[i]!.startsWith("Cannot map shared buffer: "), seen[i]);
    }
    assertEquals(textAt(mapping, 0, 3), "abc");
  });
});

Deno.test("A child that makes other things of its files than files gets no launcher to open them", async () => {
  await leavesNothing(async () => {
    await using puppet = await Puppet.spawn({ sharedFiles: true });
    const tricks = ["directory", "nothing", "shorter", "itself"];
    for (const trick of tricks) {
      puppet.tell(
        ({ ipc, kept, send, args: [trick] }) => {
          const link = kept.link ??= Deno.linkSync;
          Deno.linkSync = (from, to) => {
            link(from, to);
            if (trick === "shorter") Deno.truncateSync(to, 99);
            if (trick === "directory" || trick === "nothing") Deno.removeSync(to);
            if (trick === "directory") Deno.mkdirSync(to);
          };
          send.push(ipc.createSharedFile(100));
        },
        [],
        trick,
      );
      const { handles: [handle] } = await puppet.answer();
      using file = handle as SharedBuffer;
      if (trick === "itself") {
        using mapping = await file.map();
        assertEquals(mapping.length, 100);
      } else {
        const error = await assertRejects(() => file.map(), SharedBufferError);
        assertEquals(error.failure, "unavailable");
      }
    }
  });
});

Deno.test("A child that is killed while it maps leaves nothing behind", async () => {
  await leavesNothing(async () => {
    using file = createSharedFile(100);
    using mapping = await file.map();
    for (const link of ["unix", "inherited"] as const) {
      await using puppet = await Puppet.spawn({ link, sharedFiles: true });
      const directory = directoryOf(puppet);
      puppet.tell(async ({ handles }) => {
        // The link is there, and it never gets to open it.
        Deno.openSync = () => {
          Deno.stdout.writeSync(new TextEncoder().encode(""));
          for (;;);
        };
        await (handles[0] as SharedBuffer).map();
      }, [file.duplicate()]);
      let links = 0;
      while (links === 0) {
        links = [...Deno.readDirSync(`${directory}/rw`)].length;
        await new Promise((next) => setTimeout(next, 0));
      }
      assertEquals(links, 1);
      puppet.child.kill("SIGKILL");
      assertEquals((await puppet.child.status).signal, "SIGKILL");
    }
    mapping.writeAt(0, bytes("on"));
    assertEquals(textAt(mapping, 0, 2), "on");
  });
});
