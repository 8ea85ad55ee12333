import { assert, assertEquals } from "@std/assert";
import { LINK_KINDS } from "./links.ts";
import { MemoryNetwork } from "./memory_network.ts";
import { type DrivenNode, End, until } from "./network.ts";

/** What becomes of `end` when it says something to its peer, and that to it. */
async function outcome(end: End, peer: End): Promise<string> {
  await Promise.all([end.send("still here"), peer.send("there")]);
  const [message, answer] = await Promise.all([peer.receive(), end.receive()]);
  if (message === null || answer === null) return await end.closed();
  return message.text;
}

for (const kind of LINK_KINDS) {
  if (!kind.name.startsWith("memory")) continue;
  Deno.test(`Network (${kind.name}): what becomes of members when the broker dies`, async () => {
    await using network = kind.gather();
    assert(network instanceof MemoryNetwork);
    await network.addAll(3);
    const [one, two, three] = network.members as [DrivenNode, DrivenNode, DrivenNode];
    const [fixed, moved] = await network.pipeBetween(one, two);
    const pipes = [
      await network.pipeBetween(one, two),
      await network.pipeBetween(two, three),
      await network.pipeBetween(three, one),
      // By way of the broker, and on: what it left there must not matter any more.
      [fixed, await (await moved.carryTo(network.broker)).carryTo(three)] as const,
    ];
    const [alone, atBroker] = await network.pipeBetween(one, network.broker);
    if (network.direct) await network.linkAll();
    await network.settle();
    const survivors = await network.loseBroker();
    const survived = ({ node, number }: End) =>
      new End(survivors[network.members.indexOf(node)]!, number);
    for (const [end, peer] of pipes) {
      const expected = network.direct ? "still here" : "lost";
      assertEquals(await outcome(survived(end), survived(peer)), expected);
    }
    assertEquals(await survived(alone).closed(), "lost");
    assertEquals(await atBroker.closed(), "lost");
    await Promise.all(survivors.map(({ driver }) => driver.closeAll()));
    for (const { driver } of survivors) {
      await until(async () => {
        const { passing, wrong } = await driver.state();
        return passing === 0 && wrong === "";
      }, () => "a survivor has something left");
      driver.exit();
    }
  });
}

// A worker shares the fate of the process that started it.
for (
  const [link, way, words] of [
    ["unix", "direct", ["still here", "still here"]],
    ["inherited", "direct", ["still here", "still here"]],
    ["unix", "relayed", ["lost", "lost"]],
    ["inherited", "relayed", ["lost", "lost"]],
  ] as const
) {
  Deno.test(`Children (${link}, ${way}) say what is left when their launcher is killed`, async () => {
    const launcher = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--quiet",
        "-A",
        `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
        new URL("./launcher.ts", import.meta.url).pathname,
        link,
        way,
      ],
      stdout: "piped",
    }).spawn();
    let text = "";
    for await (const chunk of launcher.stdout.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      // The children hold standard output open until each has said what became of the other.
      if (text === "settled\n") launcher.kill("SIGKILL");
    }
    assertEquals(text.trim().split("\n"), ["settled", ...words]);
    assertEquals((await launcher.status).signal, "SIGKILL");
  });
}
