import { assert, assertEquals } from "@std/assert";
import {
  type ConnHandle,
  createMessagePipe,
  type PlatformHandle,
  wrapPlatformHandle,
} from "@mage/ipc";
import { DoorKind } from "../../core/system/door.ts";
import { keeperPipe, platformHandle } from "../../core/system/platform_handle.ts";
import { HEAD_BYTES, NONCE_BYTES, Op } from "../../transports/serve/wire.ts";
import { forgedHandle, reply } from "../transports/serve_forgery.ts";
import { descriptorsOf } from "./memory_peers.ts";
import { accepted, deno2node, listening, opened, until } from "./node_sockets.ts";
import { temporaryFile } from "./platform_child.ts";
import { bytes, Puppet } from "./puppet.ts";

const OPEN = [HEAD_BYTES, NONCE_BYTES, Op.Open] as const;

async function readSome(conn: Deno.Conn): Promise<string> {
  const into = new Uint8Array(100), count = await conn.read(into);
  return new TextDecoder().decode(into.subarray(0, count ?? 0));
}

/** Has a child open what is Node's, to echo what comes. */
async function echoes(puppet: Puppet, handle: PlatformHandle): Promise<void> {
  await puppet.do(async ({ ipc, handles: [handle] }) => {
    const conn = await ipc.unwrapPlatformHandle(handle as ConnHandle);
    conn.readable.pipeTo(conn.writable);
  }, [handle]);
}

Deno.test("A launcher works on when a child says what it likes over the channel", async () => {
  const server = await listening();
  const before = await descriptorsOf(Deno.pid);
  for (const what of ["junk", "keys", "sockets", "internal", "large", "raw"]) {
    await using puppet = await Puppet.spawn({ link: "inherited", passSockets: true });
    {
      const [here, there] = await accepted(server);
      await echoes(puppet, wrapPlatformHandle(there));
      await here.write(bytes("passed"));
      assertEquals(await readSome(here), "passed");
      here.close();
    }
    await puppet.do(
      async ({ load, args: [what] }) => {
        const { default: process } = await load("node:process" as never) as unknown as {
          default: {
            send(message: unknown, handle?: unknown): void;
            on(event: "error", listener: () => void): void;
          };
        };
        process.on("error", () => {});
        if (what === "junk") {
          for (let i = 0; i < 1000; i++) process.send({ i, junk: [] });
        }
        if (what === "keys") {
          for (let i = 0; i < 1000; i++) process.send(i.toString(16).padStart(32, "0"));
        }
        if (what === "internal") {
          for (const cmd of ["HANDLE", "HANDLE_ACK", "CLOSE", "HANDLE_NACK", "x"]) {
            for (let i = 0; i < 100; i++) process.send({ cmd: `NODE_${cmd}`, type: "x" });
          }
        }
        if (what === "large") process.send("x".repeat(20_000_000));
        if (what === "sockets") {
          const net = await load("node:net" as never) as unknown as {
            Socket: new (options: { fd: number }) => unknown;
          };
          // Whatever it has, its link for one.
          process.send("here you are", new net.Socket({ fd: 3 }));
        }
        if (what === "raw") {
          const { writeSync } = await load("node:fs");
          for (let fd = 4; fd < 40; fd++) {
            try {
              writeSync(fd, "}{ no message of anybody's\n\0\n");
            } catch {
              // It is none, or not there.
            }
          }
        }
      },
      [],
      what,
    ).catch((error) => {
      if (what !== "sockets") throw error;
    });
    if (what === "sockets") continue;
    // It is served at the latest from here on, or it is gone: the launcher is as before.
    const [here, there] = await accepted(server);
    await echoes(puppet, wrapPlatformHandle(there));
    await here.write(bytes(what));
    assertEquals(await readSome(here), what);
    here.close();
  }
  await until(async () => (await descriptorsOf(Deno.pid)).length < before.length + 10);
  server.close();
});

Deno.test("A child that names the ways of another gets nothing by them", async () => {
  await using file = await temporaryFile("hello");
  const [here, there] = await deno2node();
  const conn = wrapPlatformHandle(there), open = wrapPlatformHandle(opened(file.path));
  await using victim = await Puppet.spawn({
    link: "inherited",
    passSockets: true,
    descriptors: [conn, open],
  });
  await using thief = await Puppet.spawn({ link: "inherited" });
  // The victim asks somebody who remembers the doors it names.
  const doors = await doorsOf(victim);
  const kinds = doors.filter((_, at) => at % 17 === 0);
  assertEquals(kinds.sort(), [DoorKind.Self, DoorKind.Birth, DoorKind.Channel].sort());
  for (const handle of [conn, open]) {
    await forge(thief, handle);
    const told = await thief.do(
      async ({ args: [doors, [head, nonce, op]], kept }) => {
        const pipe = kept.pipe;
        const bytes = new Uint8Array(head + nonce + doors.length);
        bytes[0] = op;
        bytes.set(doors, head + nonce);
        pipe.write(bytes);
        const reply = await pipe.receive();
        const said = [...reply!.data];
        pipe.close();
        return said;
      },
      [],
      doors,
      OPEN,
    );
    // It is told that it was left elsewhere, and has nothing of it.
    assert([DoorKind.Birth, DoorKind.Channel].includes(told[2] as 3), told.join());
  }
  // The victim lives, and takes what it is given later.
  const [mine, yours] = await deno2node();
  await echoes(victim, wrapPlatformHandle(yours));
  await mine.write(bytes("hi"));
  assertEquals(await readSome(mine), "hi");
  mine.close();
  here.close();
});

/** Gives a child the pipe behind a handle, to be used by hand. */
async function forge(puppet: Puppet, handle: PlatformHandle): Promise<void> {
  await puppet.do(({ kept, handles: [pipe] }) => {
    kept.pipe = pipe;
  }, [keeperPipe(handle, "forge")]);
}

/** The doors that a child names when it opens something. */
async function doorsOf(puppet: Puppet): Promise<number[]> {
  const asked = Promise.withResolvers<number[]>();
  const { handle } = forgedHandle("conn", (nonce, pipe, { data }) => {
    asked.resolve([...data.subarray(HEAD_BYTES + NONCE_BYTES)]);
    pipe.write(reply(Op.Open, { arg: 99, body: nonce! }));
  });
  puppet.tell(async ({ ipc, handles: [handle] }) => {
    await ipc.unwrapPlatformHandle(handle as ConnHandle).catch(() => {});
  }, [handle]);
  const doors = await asked.promise;
  await puppet.answer();
  return doors;
}

Deno.test("A child takes nothing from a launcher that names what it was not given", async () => {
  await using file = await temporaryFile("hello");
  const [here, there] = await deno2node();
  const conn = wrapPlatformHandle(there), open = wrapPlatformHandle(opened(file.path));
  await using puppet = await Puppet.spawn({
    link: "inherited",
    passSockets: true,
    descriptors: [conn, open],
  });
  const position = [0, 0, 0, 0, 0, 0, 0, 0];
  // Its link is 3, the connection 4, the file 5.
  const lies: [number, number[]][] = [
    [DoorKind.Birth, []],
    [DoorKind.Birth, [3, 8]],
    [DoorKind.Birth, [0, 8]],
    [DoorKind.Birth, [6, 8]],
    [DoorKind.Birth, [255, 8]],
    [DoorKind.Birth, [5, 8]],
    [DoorKind.Birth, [4, 16]],
    [DoorKind.Birth, [4, 4, ...position]],
    [DoorKind.Birth, [4, 8, 0]],
    [DoorKind.Birth, [5, 4]],
    [DoorKind.Birth, [5, 4, ...position.with(7, 0xff)]],
    [DoorKind.Channel, []],
    [DoorKind.Channel, [4, ...position, ...position]],
    [DoorKind.Channel, [8, ...position]],
    [DoorKind.Socket, [4, 8]],
    [DoorKind.Self, []],
    [DoorKind.Thread, []],
    [99, []],
  ];
  for (const [kind, told] of lies) {
    const { handle, ended } = forgedHandle("conn", (nonce, pipe) => {
      const body = new Uint8Array([...nonce!, ...told]);
      pipe.write(reply(Op.Open, { arg: kind, body }));
    });
    const said = await puppet.do(async ({ ipc, handles: [handle] }) => {
      try {
        await ipc.unwrapPlatformHandle(handle as ConnHandle);
        return "unwrapped";
      } catch (error) {
        return `${(error as Error).name}: ${(error as { rule?: string }).rule}`;
      }
    }, [handle]);
    assert(said.startsWith("BadMessageError: reply-door"), `${kind} ${told}: ${said}`);
    await ended;
  }
  // What never comes is waited for only as long as its keeper lives.
  const [kept, given] = createMessagePipe();
  puppet.tell(async ({ ipc, handles: [handle] }) => {
    return await ipc.unwrapPlatformHandle(handle as ConnHandle).then(
      () => "unwrapped",
      (error) => (error as Error).name,
    );
  }, [platformHandle(given, "conn")]);
  {
    using message = (await kept.receive())!;
    const nonce = message.data.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
    const key = crypto.getRandomValues(new Uint8Array(16));
    const body = new Uint8Array([...nonce, 8, ...key]);
    kept.write(reply(Op.Open, { arg: DoorKind.Channel, body }));
  }
  await kept.flush();
  kept.close();
  assertEquals((await puppet.answer()).ok, "BadMessageError");
  // What it was born with it takes once.
  await echoes(puppet, conn);
  await here.write(bytes("hi"));
  assertEquals(await readSome(here), "hi");
  const again = forgedHandle("conn", (nonce, pipe) => {
    const body = new Uint8Array([...nonce!, 4, 8]);
    pipe.write(reply(Op.Open, { arg: DoorKind.Birth, body }));
  });
  const twice = await puppet.do(async ({ ipc, handles: [handle] }) => {
    return await ipc.unwrapPlatformHandle(handle as ConnHandle).then(
      () => "unwrapped",
      (error) => (error as Error).name,
    );
  }, [again.handle]);
  assertEquals(twice, "BadMessageError");
  await here.write(bytes("still"));
  assertEquals(await readSome(here), "still");
  here.close();
  open.close();
});
