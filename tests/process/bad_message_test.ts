import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  BadMessageError,
  type BadMessageReport,
  type Child,
  Invitation,
  type Joined,
  notifyBadMessage,
  Receiver,
  setDefaultBadMessageHandler,
} from "@mage/ipc";
import { Probe } from "./probe.magen.ts";

const script = new URL("./children/blunderer.ts", import.meta.url);
const implementation = {} as ConstructorParameters<typeof Receiver<Probe>>[1];

/** Reports, each to be awaited. */
class Reports<From> {
  readonly #told: BadMessageReport<From>[] = [];
  readonly #waiting: ((report: BadMessageReport<From>) => void)[] = [];

  readonly tell = (report: BadMessageReport<From>): void => {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#told.push(report);
    else waiting(report);
  };

  next(): Promise<BadMessageReport<From>> {
    const told = this.#told.shift();
    if (told !== undefined) return Promise.resolve(told);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

for (
  const [what, options] of [
    ["a process", { link: "unix" }],
    ["a process that invites", { link: "unix", inviter: "child", args: ["send"] }],
    ["a worker", { link: "worker", permissions: "inherit" }],
  ] as const
) {
  Deno.test(`Invitation.spawn with onBadMessage tells of nonsense from ${what}, and of its end`, async () => {
    const reports = new Reports<Child>();
    const child = await Invitation.spawn(script, {
      ...options,
      onBadMessage: reports.tell,
    });
    {
      using message = await child.pipe.receive();
      notifyBadMessage(message!, "I expected sense");
    }
    const { error, from, isDisconnected } = await reports.next();
    assert(from === child);
    assertEquals([error!.message, isDisconnected], ["I expected sense", false]);
    // What most programs do about it.
    from[Symbol.dispose]();
    const last = await reports.next();
    assertEquals([last.error, last.isDisconnected], [null, true]);
    assert(last.from === child);
    await child.close();
  });
}

Deno.test("Invitation.spawn without onBadMessage leaves it to the default handler", async () => {
  const reports = new Reports<object>();
  setDefaultBadMessageHandler(reports.tell);
  await using child = await Invitation.spawn(script);
  const receiver = new Receiver(Probe, implementation, child.pipe, { onError: () => {} });
  const { error, from } = await reports.next();
  assert(from === child && error instanceof BadMessageError);
  assertEquals(await receiver.closed, error);
  setDefaultBadMessageHandler(null);
});

Deno.test("Invitation.spawn refuses an onBadMessage that is no function", async () => {
  const onBadMessage = "log" as unknown as () => void;
  await assertRejects(
    () => Invitation.spawn(script, { onBadMessage }),
    TypeError,
    "'onBadMessage' must be a function",
  );
});

Deno.test("Invitation.send and accept with onBadMessage tell of nonsense, and of the end", async () => {
  for (const role of ["send", "accept"] as const) {
    const reports = new Reports<Joined>(), { port1: port, port2 } = new MessageChannel();
    const url = import.meta.resolve("./children/blundering_worker.ts");
    const worker = new Worker(url, { type: "module" });
    worker.postMessage([role === "send" ? "accept" : "send", port2], [port2]);
    const joined = await Invitation[role]({ port, onBadMessage: reports.tell });
    new Receiver(Probe, implementation, joined.pipe, { onError: () => {} });
    const { error, from } = await reports.next();
    assert(from === joined && error instanceof BadMessageError);
    joined.abort();
    assertEquals((await reports.next()).isDisconnected, true);
    worker.terminate();
  }
});
