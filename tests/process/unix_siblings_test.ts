import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { InvitationError } from "@mage/ipc";
import type { Transport } from "../../core/transport.ts";
import type { PermissionSet } from "../../transports/permissions.ts";
import { UnixMeeter } from "../../transports/unix_meeter.ts";
import { UnixPoint } from "../../transports/unix_siblings.ts";
import { leavesNothing } from "./census.ts";

const never = new AbortController().signal;

/** Runs `body` with two children's points, and what they are told. */
async function withArrangement(
  body: (means: Uint8Array<ArrayBuffer>, path: string) => Promise<void>,
): Promise<void> {
  await leavesNothing(async () => {
    const one = (await UnixPoint.claim(true))!, two = (await UnixPoint.claim(true))!;
    const { host, guest } = one.arrange(two)!;
    assertEquals(host, guest);
    await body(host, new TextDecoder().decode(host.subarray(1)));
    one.release();
    two.release();
  });
}

async function hear(transport: Transport): Promise<string | null> {
  const into = new Uint8Array(100);
  const count = await transport.read(into);
  return count === null ? null : new TextDecoder().decode(into.subarray(0, count));
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("UnixMeeter joins a host and the guest that comes once the host is ready", async () => {
  await withArrangement(async (means, path) => {
    // Twice over the same path, with the roles changed.
    for (let i = 0; i < 2; i++) {
      const ready = Promise.withResolvers<void>();
      const hosting = new UnixMeeter().meet(means, "host", ready.resolve, never);
      await ready.promise;
      const guest = await new UnixMeeter().meet(means, "guest", () => {}, never);
      const host = await hosting;
      assertEquals(exists(path), false, "nobody else can come");
      await host.write(new TextEncoder().encode("from host"));
      await guest.write(new TextEncoder().encode("from guest"));
      assertEquals([await hear(host), await hear(guest)], ["from guest", "from host"]);
      host.close();
      assertEquals(await hear(guest), null);
      guest.close();
    }
  });
});

Deno.test("UnixMeeter lets in one guest, and turns away one that comes again", async () => {
  await withArrangement(async (means, path) => {
    const guests: Promise<Deno.Conn>[] = [];
    const ready = () => {
      for (let i = 0; i < 3; i++) guests.push(Deno.connect({ transport: "unix", path }));
    };
    const host = await new UnixMeeter().meet(means, "host", ready, never);
    await host.write(new Uint8Array([1]));
    host.close();
    const heard = await Promise.all(guests.map(async (coming) => {
      using guest = await coming;
      return await guest.read(new Uint8Array(10)).catch(() => null);
    }));
    assertEquals(heard.sort(), [1, null, null]);
    await assertRejects(
      () => Deno.connect({ transport: "unix", path }),
      Deno.errors.NotFound,
    );
  });
});

Deno.test("UnixMeeter leaves alone what it finds at its path", async () => {
  await withArrangement(async (means, path) => {
    const squatter = Deno.listen({ transport: "unix", path });
    await assertRejects(
      () => new UnixMeeter().meet(means, "host", () => {}, never),
      Deno.errors.AddrInUse,
    );
    assertEquals(exists(path), true);
    squatter.close();
    await Deno.writeTextFile(path, "mine");
    await assertRejects(
      () => new UnixMeeter().meet(means, "host", () => {}, never),
      Deno.errors.AddrInUse,
    );
    assertEquals(await Deno.readTextFile(path), "mine");
    await assertRejects(
      () => new UnixMeeter().meet(means, "guest", () => {}, never),
      Deno.errors.ConnectionRefused,
    );
  });
});

Deno.test("UnixMeeter stops waiting when its signal fires, and leaves nothing", async () => {
  await withArrangement(async (means, path) => {
    for (const when of ["before", "as it listens", "as it waits"]) {
      const stop = new AbortController();
      const abort = () => stop.abort(new Error(`stopped ${when}`));
      if (when === "before") abort();
      const hosting = new UnixMeeter().meet(means, "host", () => {
        assertEquals(exists(path), true);
        if (when === "as it listens") abort();
        else queueMicrotask(abort);
      }, stop.signal);
      await assertRejects(() => hosting, Error, `stopped ${when}`);
      assertEquals(exists(path), false);
      await assertRejects(
        () => new UnixMeeter().meet(means, "guest", () => {}, stop.signal),
        Error,
        `stopped ${when}`,
      );
    }
    // As the guest is on its way.
    const listener = Deno.listen({ transport: "unix", path });
    const stop = new AbortController();
    const coming = new UnixMeeter().meet(means, "guest", () => {}, stop.signal);
    stop.abort(new Error("stopped on the way"));
    await assertRejects(() => coming, Error, "stopped on the way");
    using late = await listener.accept();
    assertEquals(await late.read(new Uint8Array(1)), null);
    listener.close();
  });
});

Deno.test("UnixMeeter refuses means of other kinds", async () => {
  for (const means of [[], [2, 4], [3, 1, 0, 0, 0], [1, 0xff]]) {
    await assertRejects(
      () => new UnixMeeter().meet(new Uint8Array(means), "host", () => {}, never),
      TypeError,
    );
  }
});

Deno.test("UnixPoint grants each path to two places, and no place another one's", async () => {
  await leavesNothing(async () => {
    const points: UnixPoint[] = [];
    for (let i = 0; i < 8; i++) points.push((await UnixPoint.claim(true))!);
    assertEquals(await UnixPoint.claim(true), null, "eight have a place");
    const granted = new Map<string, number[]>();
    for (const [i, point] of points.entries()) {
      const set: PermissionSet = {};
      point.grant(set);
      const read = set.read as string[];
      assertEquals(set, { read, write: read, net: read.map((path) => `unix:${path}`) });
      assertEquals(read.length, 7);
      for (const path of read) granted.set(path, [...granted.get(path) ?? [], i]);
    }
    assertEquals([...granted.values()].filter((places) => places.length !== 2), []);
    for (const [path, [low, high]] of granted) {
      const { host } = points[low!]!.arrange(points[high!]!)!;
      assertEquals(new TextDecoder().decode(host.subarray(1)), path);
      assertEquals(points[high!]!.arrange(points[low!]!)!.host, host);
    }

    // A place that is free again goes to the next, and what was left there is gone.
    const [left] = [...granted].find(([, [low]]) => low === 3)!;
    const squatter = Deno.listen({ transport: "unix", path: left });
    points[3]!.release();
    assertEquals(exists(left), false);
    squatter.close();
    assertEquals(points[3]!.arrange(points[4]!), null);
    assertEquals(points[4]!.arrange(points[3]!), null);
    const next = (await UnixPoint.claim(true))!;
    assertInstanceOf(next.arrange(points[4]!)!.host, Uint8Array);
    for (const point of [...points.filter((_, i) => i !== 3), next]) point.release();
  });
});

Deno.test("UnixPoint leaves no directory when the launcher exits, and needs to write in one only", async () => {
  const directory = await Deno.makeTempDir();
  const [places, socket] = [`${directory}/places`, `${directory}/s`];
  await Deno.mkdir(places, { mode: 0o700 });
  const launcher = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    launcher,
    `import { Invitation } from "@mage/ipc";
     const [script, config, socket, siblings] = Deno.args;
     const child = await Invitation.spawn(script, { config, socket, siblings });
     console.log(child.flags.find((flag) => flag.startsWith("--allow-write=")));
     Deno.exit(0);`,
  );
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const script = new URL("./children/probe.ts", import.meta.url).pathname;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--quiet",
      `--config=${config}`,
      `--allow-run=${Deno.execPath()}`,
      `--allow-read=${socket}`,
      `--allow-write=${socket},${places}`,
      `--allow-net=unix:${socket}`,
      launcher,
      script,
      config,
      socket,
      places,
    ],
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  const [, granted] = new TextDecoder().decode(stdout).trim().split("=");
  const paths = granted!.split(",");
  assertEquals(paths.length, 8);
  assertEquals(paths.filter((path) => path.startsWith(`${places}/mage-`)).length, 7);
  assertEquals([...Deno.readDirSync(places)], []);
  await Deno.remove(launcher);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("UnixPoint.claim makes a directory of its own in the one that is named", async () => {
  const directory = await Deno.makeTempDir();
  const one = (await UnixPoint.claim(directory))!, two = (await UnixPoint.claim(true))!;
  assertEquals(one.arrange(two), null);
  const [made] = [...Deno.readDirSync(directory)];
  assertEquals(Deno.statSync(`${directory}/${made!.name}`).mode! & 0o777, 0o700);
  one.release();
  two.release();
  assertEquals([...Deno.readDirSync(directory)], []);
  await Deno.chmod(directory, 0o770);
  const error = await assertRejects(() => UnixPoint.claim(directory), InvitationError);
  assertEquals(error.failure, "not-started");
  await Deno.remove(directory);
});
