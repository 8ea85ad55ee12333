import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Child,
  createMessagePipe,
  Invitation,
  InvitationError,
  MessagePipe,
  MisuseError,
  type SpawnOptions,
} from "@mage/ipc";
import { ownRuntime } from "../../core/system/node_runtime.ts";
import { leavesNothing } from "./census.ts";

const relay = new URL("./children/relay.ts", import.meta.url);
const fake = new URL("./children/fake.ts", import.meta.url);
const config = new URL("../../deno.json", import.meta.url);

type Options = Omit<SpawnOptions, "pipes" | "inviter">;

/** What a child can run in. A worker is checked for types under `deno test`, which takes its time. */
const LINKS: Readonly<Record<string, Options>> = {
  unix: { config },
  inherited: { config, link: "inherited" },
  worker: { link: "worker", permissions: "inherit", deadlineMs: 100_000 },
};

function overEachLink(name: string, body: (options: Options) => Promise<void>): void {
  for (const [link, options] of Object.entries(LINKS)) {
    Deno.test(`${name} (${link})`, async () => {
      await leavesNothing(() => body(options));
      // What has no way any more goes once the events that tell so have been handled.
      assertEquals(ownRuntime().node.ports.size, 0);
    });
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** Reads as many messages as `expected` has, in whatever order pipes have brought them. */
async function expect(pipe: MessagePipe, ...expected: string[]): Promise<MessagePipe[]> {
  const texts: string[] = [], attached: MessagePipe[] = [];
  while (texts.length < expected.length) {
    const message = await pipe.receive();
    if (message === null) break;
    texts.push(new TextDecoder().decode(message.data));
    while (message.handles.length > 0) attached.push(message.take(MessagePipe));
  }
  assertEquals(texts.sort(), expected.sort());
  return attached;
}

async function end(child: Child): Promise<void> {
  child.pipe.write(bytes("end"));
  await child.closed;
  await child.close();
  child.pipe.close();
}

overEachLink(
  "Invitation.spawn leaves everything with the invitation when it fails",
  async (options) => {
    const file = await Deno.makeTempFile({ suffix: ".js" });
    await Deno.writeTextFile(file, "throw new Error('no luck today')");
    using invitation = new Invitation();
    using log = invitation.attach("log");
    const [kept, given] = createMessagePipe();
    log.write(bytes("one"), [given]);
    invitation.pipe.write(bytes("extract log"));
    const quietly = options.link === "worker" ? {} : { stderr: "null" as const };
    const error = await assertRejects(
      () => invitation.spawn(file, { ...options, ...quietly }),
      InvitationError,
    );
    assertEquals(error.failure, "exited");
    await Deno.remove(file);

    log.write(bytes("two"));
    using more = invitation.attach("more");
    invitation.pipe.write(bytes("extract more"));
    kept.write(bytes("inside"));
    const child = await invitation.spawn(relay, options);
    assert(child.pipe === invitation.pipe);
    more.write(bytes("three"));
    const [inner] = await expect(child.pipe, "log: one", "log: two", "more: three");
    assertEquals(new TextDecoder().decode((await inner!.receive())!.data), "inside");
    inner!.close();
    kept.close();

    const misuse = assertThrows(() => invitation.attach("late"), MisuseError);
    assertEquals(misuse.result, "INVALID_ARGUMENT");
    await assertRejects(() => invitation.spawn(relay, options), MisuseError, "was sent");
    await end(child);
    assertEquals((await log.closed).code, "lost");
  },
);

overEachLink(
  "Invitation.spawn hands over pipes whose ends here were closed, filled or sent before",
  async (options) => {
    const first = await Invitation.spawn(relay, options);
    using invitation = new Invitation();
    const closed = invitation.attach("closed"), filled = invitation.attach("filled");
    const moved = invitation.attach("moved"), [kept, given] = createMessagePipe();
    closed.write(bytes("last words"));
    closed.close();
    filled.write(bytes("handle"), [given]);
    for (let i = 0; i < 3; i++) filled.write(new Uint8Array(100_000).fill(0x61));
    moved.write(bytes("before"));
    const [side, served] = createMessagePipe();
    first.pipe.write(bytes("extract none"));
    await expect(first.pipe, "none: none");
    // The child that runs already holds an end of a pipe of the one that does not.
    side.write(bytes("pass it on"), [moved]);
    const [carried] = await expect(served, "pass it on");
    using named = new Invitation();
    const carrier = named.attach("carrier");
    carrier.write(bytes("keep"), [carried!]);
    const second = await named.spawn(relay, options);
    second.pipe.write(bytes("extract carrier"));

    const child = await invitation.spawn(relay, options);
    for (const name of ["closed", "filled", "moved", "nothing"]) {
      child.pipe.write(bytes(`extract ${name}`));
    }
    const big = `filled: ${"a".repeat(100_000)}`;
    const [inner] = await expect(
      child.pipe,
      "closed: last words",
      "closed: closed",
      "filled: handle",
      big,
      big,
      big,
      "moved: before",
      "moved: kept",
      "nothing: none",
    );
    kept.write(bytes("works"));
    await expect(inner!, "works");
    for (const each of [side, served, inner!, kept, filled, carrier]) each.close();
    await end(child);
    await end(second);
    await end(first);
  },
);

overEachLink(
  "Invitation.close lets whoever holds the ends here know, also in the middle of a spawn",
  async (options) => {
    const invitation = new Invitation(), log = invitation.attach("log");
    const spawning = assertRejects(
      () => invitation.spawn(relay, options),
      InvitationError,
      "The invitation was closed before the other side had joined",
    );
    const busy = assertThrows(() => invitation.attach("late"), MisuseError);
    assertEquals(busy.result, "BUSY");
    queueMicrotask(() => invitation.close());
    assertEquals((await log.closed).code, "closed");
    await spawning;
    log.close();
    await assertRejects(
      () => invitation.spawn(relay, options),
      MisuseError,
      "was closed",
    );
  },
);

overEachLink(
  "Joined.close tells the inviter of pipes that were never extracted",
  async (options) => {
    const child = await Invitation.spawn(relay, { ...options, pipes: ["log", "unused"] });
    const log = child.extract("log")!, unused = child.extract("unused")!;
    log.write(bytes("nobody listens"));
    child.pipe.write(bytes("extract unused"));
    child.pipe.write(bytes("end"));
    assertEquals((await log.closed).code, "closed");
    assertEquals((await unused.closed).code, "lost");
    log.close();
    unused.close();
    await child.close();
    child.pipe.close();
  },
);

overEachLink(
  "Child.close closes the ends that nobody has asked for",
  async (options) => {
    const child = await Invitation.spawn(relay, { ...options, pipes: ["log", "more"] });
    assertEquals(child.extract("none"), null);
    await child.close();
    assertEquals(child.extract("log"), null);
  },
);

Deno.test("Invitation.spawn leaves nothing of a shortcut that fails", async () => {
  await leavesNothing(async () => {
    const options = { config, stderr: "null", args: ["garbage"] } as const;
    await assertRejects(
      () => Invitation.spawn(fake, { ...options, pipes: ["log"] }),
      InvitationError,
    );
    await assertRejects(() => Invitation.send({ pipes: ["log"] }), InvitationError);
  });
  assertEquals(ownRuntime().node.ports.size, 0);
});

Deno.test("Invitation refuses options that it decides itself, and more pipes when isolated", async () => {
  using invitation = new Invitation();
  using _log = invitation.attach("log");
  const bad: readonly (readonly [() => Promise<unknown>, string])[] = [
    [() => invitation.spawn("x.ts", { pipes: ["a"] } as never), "attach them before"],
    [() => invitation.send({ pipes: ["a"] } as never), "attach them before"],
    [() => invitation.spawn("x.ts", { inviter: "child" } as never), "side that invites"],
    [() => invitation.spawn("x.ts", { isolated: true }), "received 'log'"],
    [() => invitation.send({ isolated: true }), "received 'log'"],
  ];
  for (const [join, text] of bad) {
    const error = await assertRejects(join, MisuseError, text);
    assertEquals(error.result, "INVALID_ARGUMENT");
  }
  // It stays as it was.
  invitation.extract("log")!.close();
  invitation.attach("log").close();
});

overEachLink("Invitation.spawn isolates an invitation with one pipe", async (options) => {
  using invitation = new Invitation();
  invitation.pipe.write(bytes("extract log"));
  const child = await invitation.spawn(relay, { ...options, isolated: true });
  await expect(child.pipe, "log: none");
  await end(child);
});

Deno.test("Invitation.send consumes an invitation over a socket, and not before that", async () => {
  const directory = await Deno.makeTempDir(), path = `${directory}/s`;
  const listener = Deno.listen({ transport: "unix", path });
  const joiner = new URL("./children/joiner.ts", import.meta.url);
  using invitation = new Invitation();
  using log = invitation.attach("log");
  const connect = () =>
    Promise.all([Deno.connect({ transport: "unix", path }), listener.accept()]);
  {
    const [conn, other] = await connect();
    other.close();
    const error = await assertRejects(() => invitation.send({ conn }), InvitationError);
    assertEquals(error.failure, "disconnected");
  }
  {
    const [conn, other] = await connect(), stop = new AbortController();
    const sending = assertRejects(
      () => invitation.send({ conn, signal: stop.signal }),
      Error,
      "changed my mind",
    );
    stop.abort(new Error("changed my mind"));
    await sending;
    other.close();
  }
  {
    const [conn, other] = await connect();
    const sending = assertRejects(() => Invitation.send({ conn }), InvitationError);
    other.close();
    await sending;
  }
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "-RWN",
      `--config=${config.pathname}`,
      joiner.pathname,
      path,
      "accept",
    ],
  }).spawn();
  const conn = await listener.accept();
  listener.close();
  await using _joined = await invitation.send({ conn });
  assertEquals(log.write(bytes("nobody asks for it")), "OK");
  await assertRejects(() => invitation.send({ conn }), MisuseError, "was sent");
  process.kill("SIGKILL");
  await process.status;
  await Deno.remove(directory, { recursive: true });
});
