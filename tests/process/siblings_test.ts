import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Child,
  createMessagePipe,
  Invitation,
  Remote,
  RemoteError,
} from "@mage/ipc";
import type { SpawnOptions } from "@mage/ipc";
import { ownRuntime } from "../../core/system/node_runtime.ts";
import { leavesNothing } from "./census.ts";
import { Sibling } from "./sibling.magen.ts";

const CHILD = new URL("./children/sibling.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

const UNIX: SpawnOptions = { config: CONFIG, siblings: true };
const UNIX_ALONE: SpawnOptions = { config: CONFIG };
const INHERITED: SpawnOptions = { config: CONFIG, link: "inherited", siblings: true };
const WORKER: SpawnOptions = { link: "worker", permissions: "inherit" };

/** What two children say to each other, and whether it passes through this process. */
const PAIRS: readonly [string, SpawnOptions, SpawnOptions, "direct" | "relayed"][] = [
  ["unix", UNIX, UNIX, "direct"],
  ["inherited", INHERITED, INHERITED, "direct"],
  ["worker", WORKER, WORKER, "direct"],
  ["unix that did not ask for it", UNIX_ALONE, UNIX, "relayed"],
  ["unix and inherited", UNIX, INHERITED, "relayed"],
  ["inherited and worker", INHERITED, WORKER, "relayed"],
  ["worker and unix", WORKER, UNIX_ALONE, "relayed"],
];

/** Two children, a remote of each, and a pipe from the first to the second. */
class Two implements AsyncDisposable {
  readonly children: readonly [Child, Child];
  readonly one: Remote<Sibling>;
  readonly two: Remote<Sibling>;

  private constructor(children: readonly [Child, Child]) {
    this.children = children;
    this.one = new Remote(Sibling, children[0].pipe);
    this.two = new Remote(Sibling, children[1].pipe);
  }

  static async spawn(one: SpawnOptions, two: SpawnOptions): Promise<Two> {
    const first = await Invitation.spawn(CHILD, one);
    return new Two([first, await Invitation.spawn(CHILD, two)]);
  }

  /** Lets the first call the second. */
  introduce(): void {
    const [from, to] = createMessagePipe();
    this.one.keep(from);
    this.two.serve(to);
  }

  /** As {@linkcode introduce}, and waits until the two have a link of their own. */
  async link(): Promise<void> {
    const { broker } = ownRuntime().node, before = broker.directLinks;
    this.introduce();
    // Until then calls take the way through this process.
    while (broker.directLinks === before) await this.one.call("hello", 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.children.map((child) => child.close()));
  }
}

function relayed(): number {
  return ownRuntime().node.broker.relayedEvents;
}

for (const [name, first, second, way] of PAIRS) {
  Deno.test(`Siblings (${name}) talk, ${way}`, async () => {
    await leavesNothing(async () => {
      await using two = await Two.spawn(first, second);
      two.introduce();
      assertEquals((await two.one.call("hello", 1)).text, "hello");
      const before = relayed();
      assertEquals((await two.one.call("again", 100)).text, "again");
      assertEquals((await two.one.bulk(1_000_000)).size, 1_000_000);
      assertEquals(relayed() > before, way === "relayed");
    });
  });

  Deno.test(`Siblings (${name}) learn that the other is gone`, async () => {
    await using two = await Two.spawn(first, second);
    two.introduce();
    await two.one.call("hello", 1);
    const calling = two.one.call("and on and on", 1_000_000_000);
    two.two.exit();
    // The call fails over there; here it is the failure of an implementation.
    await assertRejects(() => calling, RemoteError, "Sibling.Call failed");
    assertEquals((await two.one.echo("alive")).text, "alive");
  });
}

Deno.test("Siblings pass endpoints on, and those find their way", async () => {
  for (const options of [UNIX, INHERITED, WORKER]) {
    await using children = new AsyncDisposableStack();
    const remotes: Remote<Sibling>[] = [];
    for (let i = 0; i < 4; i++) {
      const child = children.use(await Invitation.spawn(CHILD, options));
      remotes.push(new Remote(Sibling, child.pipe));
    }
    // Made in one child, its ends in two others: nobody here has ever seen these pipes.
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        if (i === j) continue;
        const { one, two } = await remotes[(j + 1) % 4]!.bothEnds();
        remotes[i]!.keep(one);
        remotes[j]!.serve(two);
        assertEquals((await remotes[i]!.call(`${i} to ${j}`, 3)).text, `${i} to ${j}`);
      }
    }
  }
});

const EVERYTHING = { read: true, write: true, net: true, run: true, env: true } as const;

for (
  const [link, options] of [
    ["unix", { config: CONFIG, permissions: EVERYTHING }],
    ["worker", WORKER],
  ] as const
) {
  Deno.test(`Siblings further down (${link}) talk to everybody in the network`, async () => {
    await leavesNothing(async () => {
      await using two = await Two.spawn(options, options);
      // A child of each, and a child of the first one's child.
      const below = new Remote(Sibling, (await two.one.bring(link)).pipe);
      const beside = new Remote(Sibling, (await two.two.bring(link)).pipe);
      const remotes = [two.one, two.two, below, beside];
      for (const [i, from] of remotes.entries()) {
        for (const [j, to] of remotes.entries()) {
          if (i === j) continue;
          const [one, other] = createMessagePipe();
          from.keep(one);
          to.serve(other);
          assertEquals((await from.call(`${i} to ${j}`, 20)).text, `${i} to ${j}`);
        }
      }
      // Who is above goes, and with it those below; the others are told, and go on.
      const [one, other] = createMessagePipe();
      two.two.keep(one);
      below.serve(other);
      const calling = two.two.call("and on and on", 1_000_000_000);
      two.one.exit();
      await assertRejects(() => calling, RemoteError, "Sibling.Call failed");
      assertEquals((await below.$.closed).code, "lost");
      assertEquals((await beside.echo("alive")).text, "alive");
    });
  });
}

Deno.test("Siblings are relayed where somebody sits on their path", async () => {
  await using two = await Two.spawn(UNIX, UNIX);
  const path = pathBetween(two.children);
  using squatter = Deno.listen({ transport: "unix", path });
  two.introduce();
  const before = relayed();
  assertEquals((await two.one.call("hello", 10)).text, "hello");
  assert(relayed() > before);
  // Nobody came to it, let alone told it a secret.
  let came = false;
  squatter.accept().then(() => came = true, () => {});
  assertEquals((await two.one.call("hello", 10)).text, "hello");
  assertEquals(came, false);
});

Deno.test("Siblings that are linked cannot be visited a second time", async () => {
  await using two = await Two.spawn(UNIX, UNIX);
  await two.link();
  const path = pathBetween(two.children);
  assertEquals((await two.two.connect(path)).outcome, "NotFound");
  const before = relayed();
  assertEquals((await two.one.call("hello", 10)).text, "hello");
  assertEquals(relayed(), before);
});

Deno.test("Siblings wait for one that does not come, and for nothing else", async () => {
  await using two = await Two.spawn(UNIX, UNIX);
  two.children[1].kill("SIGSTOP");
  two.introduce();
  const calling = two.one.call("at last", 1);
  assertEquals((await two.one.echo("meanwhile")).text, "meanwhile");
  two.children[1].kill("SIGCONT");
  assertEquals((await calling).text, "at last");
});

for (
  const [link, words] of [
    ["unix", ["still here", "still here"]],
    ["inherited", ["still here", "still here"]],
  ] as const
) {
  Deno.test(`Siblings (${link}) go on when their launcher is killed`, async () => {
    // What it leaves behind, as it has no time to remove it, goes with this.
    const directory = await Deno.makeTempDir();
    const launcher = new Deno.Command(Deno.execPath(), {
      env: { TMPDIR: directory },
      args: [
        "run",
        "--no-prompt",
        "--quiet",
        "-A",
        `--config=${CONFIG.pathname}`,
        new URL("./children/family.ts", import.meta.url).pathname,
        link,
      ],
      stdout: "piped",
    }).spawn();
    let text = "";
    for await (const chunk of launcher.stdout.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      // Each of the two holds standard output open until it has said what came of it.
      if (text === "linked\n") launcher.kill("SIGKILL");
    }
    assertEquals(text.trim().split("\n"), ["linked", ...words]);
    assertEquals((await launcher.status).signal, "SIGKILL");
    await Deno.remove(directory, { recursive: true });
  });
}

/** The one path that both children are granted, other than that on which they joined. */
function pathBetween(children: readonly [Child, Child]): string {
  const [one, other] = children.map(({ flags }) =>
    flags.find((flag) => flag.startsWith("--allow-net="))!.slice(12).split(",")
  );
  const paths = one!.filter((host) => other!.includes(host));
  assertEquals(paths.length, 1);
  return paths[0]!.slice("unix:".length);
}
