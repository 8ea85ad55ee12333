import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Transport } from "../../core/transport.ts";
import { startInherited } from "../../transports/inherited.ts";
import type { SpawnOptions } from "../../transports/spawn_options.ts";
import type { Started } from "../../transports/started.ts";
import { startProcess } from "../../transports/unix_process.ts";
import { leavesNothing } from "./census.ts";
import { socketsOf } from "./processes.ts";

const script = new URL("./children/meeting.ts", import.meta.url).pathname;
const config = new URL("../../deno.json", import.meta.url);
const LINKS = ["unix", "inherited"] as const;

/** A child that is told by hand whom to meet. */
class Sibling implements AsyncDisposable {
  readonly started: Started;
  readonly #transport: Transport;
  #heard = "";

  constructor(started: Started, transport: Transport) {
    this.started = started;
    this.#transport = transport;
  }

  static async start(
    link: typeof LINKS[number],
    name: string,
    options: SpawnOptions = { siblings: true },
  ): Promise<Sibling> {
    const start = link === "unix" ? startProcess : startInherited;
    const started = await start(script, {}, { config, args: [name], ...options });
    return new Sibling(started, await started.accept());
  }

  /** Its next answer. */
  async hear(): Promise<string> {
    for (;;) {
      const end = this.#heard.indexOf("\n");
      if (end >= 0) {
        const line = this.#heard.slice(0, end);
        this.#heard = this.#heard.slice(end + 1);
        return line;
      }
      const into = new Uint8Array(1000);
      const count = await this.#transport.read(into);
      if (count === null) return "gone";
      this.#heard += new TextDecoder().decode(into.subarray(0, count));
    }
  }

  async order(role: "h" | "g" | "t", means: Uint8Array): Promise<void> {
    const order = new Uint8Array([role.charCodeAt(0), means.length, ...means]);
    assertEquals(await this.#transport.write(order), order.length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#transport.close();
    this.started.kill("SIGKILL");
    await this.started.exited();
  }
}

/** Lets the two meet. What each has heard, the host first. */
async function meet(host: Sibling, guest: Sibling): Promise<string[]> {
  const arrangement = host.started.point!.arrange(guest.started.point!)!;
  await host.order("h", arrangement.host);
  assertEquals(await host.hear(), "ready");
  await guest.order("g", arrangement.guest);
  return [await host.hear(), await guest.hear()];
}

for (const link of LINKS) {
  Deno.test(`MeetingPoint.arrange lets two children meet with nobody between them (${link})`, async () => {
    await leavesNothing(async () => {
      await using one = await Sibling.start(link, "one");
      await using two = await Sibling.start(link, "two");
      await using three = await Sibling.start(link, "three");
      // Whoever was started first, whoever is the host.
      assertEquals(await meet(one, two), ["met two", "met one"]);
      assertEquals(await meet(three, one), ["met one", "met three"]);
      assertEquals(await meet(two, three), ["met three", "met two"]);
    });
  });

  Deno.test(`MeetingPoint.arrange finds no way to a child that has none (${link})`, async () => {
    await leavesNothing(async () => {
      const other = link === "unix" ? "inherited" : "unix";
      await using one = await Sibling.start(link, "one");
      await using two = await Sibling.start(link, "two");
      await using far = await Sibling.start(other, "far");
      await using lonely = await Sibling.start(link, "lonely", {});
      assertEquals(lonely.started.point, null);
      const [point, way] = [one.started.point!, two.started.point!];
      assertEquals(point.arrange(point), null);
      assertEquals(point.arrange(far.started.point!), null);
      two.started.kill("SIGKILL");
      await two.started.exited();
      assertEquals(point.arrange(way), null);
      assertEquals(way.arrange(point), null);
    });
  });

  Deno.test(`Meeter refuses means that make no sense (${link})`, async () => {
    await using one = await Sibling.start(link, "one");
    await using two = await Sibling.start(link, "two");
    const hopeless = [
      [], // nothing
      [0, 4], // kinds there are not
      [3, 1, 0, 0, 0], // of a worker
      [1, 0xff], // no text
      [2],
      [2, 3], // the link itself
      [2, 6, 0],
      [2, 200],
    ];
    for (const means of hopeless) {
      await one.order("h", new Uint8Array(means));
      const answer = await one.hear();
      assert(answer.startsWith("failed "), `${means}: ${answer}`);
    }
    assertEquals(await meet(one, two), ["met two", "met one"]);
  });

  Deno.test(`MeetingPoint.arrange goes on when a child is killed as it waits (${link})`, async () => {
    await leavesNothing(async () => {
      await using one = await Sibling.start(link, "one");
      await using three = await Sibling.start(link, "three");
      {
        await using two = await Sibling.start(link, "two");
        const arrangement = two.started.point!.arrange(one.started.point!)!;
        await two.order("h", arrangement.host);
        assertEquals(await two.hear(), "ready");
        two.started.kill("SIGKILL");
        assertEquals(await two.hear(), "gone");
        // For the other it is as if nobody were there.
        await one.order("g", arrangement.guest);
        const answer = await one.hear();
        const outcomes = /^(failed (ConnectionRefused|NotFound|Error)|met (two|null))$/;
        assert(outcomes.test(answer), answer);
      }
      await using four = await Sibling.start(link, "four");
      assertEquals(await meet(four, one), ["met one", "met four"]);
      assertEquals(await meet(one, three), ["met three", "met one"]);
    });
  });
}

Deno.test("InheritedPoint gives each socket to one child, once, and keeps none of it", async () => {
  await leavesNothing(async () => {
    await using one = await Sibling.start("inherited", "one");
    const before = await socketsOf(Deno.pid);
    await using two = await Sibling.start("inherited", "two");
    const [mine, ofOne, ofTwo] = await Promise.all(
      [Deno.pid, one.started.pid!, two.started.pid!].map(socketsOf),
    );
    // What was handed over is gone from here.
    const handed = before.filter((socket) => !mine!.includes(socket));
    assertEquals(handed.length, 1);
    assert(ofTwo!.includes(handed[0]!));
    const shared = [
      ...ofOne!.filter((socket) => ofTwo!.includes(socket) || mine!.includes(socket)),
      ...ofTwo!.filter((socket) => mine!.includes(socket)),
    ];
    assertEquals(shared, []);

    const arrangement = one.started.point!.arrange(two.started.point!)!;
    assertEquals(one.started.point!.arrange(two.started.point!), null);
    assertEquals(two.started.point!.arrange(one.started.point!), null);
    await one.order("h", arrangement.host);
    assertEquals(await one.hear(), "ready");
    await two.order("g", arrangement.guest);
    assertEquals(await one.hear(), "met two");
    // Adopted once, it is not adopted again.
    await one.order("h", arrangement.host);
    assertEquals(await one.hear(), "failed TypeError");
  });
});

Deno.test("InheritedPoint reads nothing of what is said before there is anybody to hear it", async () => {
  await using one = await Sibling.start("inherited", "one");
  await one.order("h", new Uint8Array([2, 4]));
  assertEquals(await one.hear(), "ready");
  await using two = await Sibling.start("inherited", "two");
  const { host, guest } = one.started.point!.arrange(two.started.point!)!;
  assertEquals(host, new Uint8Array([2, 4]));
  await two.order("g", guest);
  assertEquals([await two.hear(), await one.hear()], ["met one", "met two"]);
});

Deno.test("InheritedPoint links a child to the eight before it and the eight after it", async () => {
  await leavesNothing(async () => {
    await using all = new AsyncDisposableStack();
    const siblings: Sibling[] = [];
    for (let i = 0; i < 10; i++) {
      siblings.push(all.use(await Sibling.start("inherited", `${i}`)));
    }
    const points = siblings.map((sibling) => sibling.started.point!);
    assertEquals(points[9]!.arrange(points[0]!), null);
    assertNotEquals(points[8]!.arrange(points[0]!), null);
    assertEquals(await meet(siblings[9]!, siblings[1]!), ["met 1", "met 9"]);
  });
});

Deno.test("UnixPoint grants no child the paths of two others", async () => {
  await leavesNothing(async () => {
    await using one = await Sibling.start("unix", "one");
    await using two = await Sibling.start("unix", "two");
    await using three = await Sibling.start("unix", "three");
    const { host } = one.started.point!.arrange(two.started.point!)!;
    const path = host.subarray(1);
    await three.order("t", path);
    assertEquals(await three.hear(), "failed NotCapable");
    await three.order("g", host);
    assertEquals(await three.hear(), "failed NotCapable");
    await one.order("t", path);
    assertEquals(await one.hear(), "failed Error", "those it is for can");
  });
});
