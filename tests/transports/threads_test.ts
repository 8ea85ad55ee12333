import { assert, assertEquals } from "@std/assert";
import { Threads } from "../../transports/threads.ts";

/** A launcher with `count` workers, each with the ports between. */
function family(count: number) {
  const launcher = new Threads(), ports: MessagePort[] = [];
  const workers = Array.from({ length: count }, () => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const worker = new Threads(), key = launcher.add(port1);
    worker.join(port2, key);
    port1.onmessage = ({ data }) => launcher.heard(port1, data);
    port2.onmessage = ({ data }) => worker.heard(port2, data);
    return { worker, port: port1, own: port2, key };
  });
  return { launcher, workers, end: () => ports.forEach((port) => port.close()) };
}

const TAIL = "0123456789abcdef";

function waitAt(threads: Threads): {
  address: string;
  come: Promise<SharedArrayBuffer>;
} {
  const address = threads.key + TAIL;
  const { promise, resolve } = Promise.withResolvers<SharedArrayBuffer>();
  threads.wait(address, resolve);
  return { address, come: promise };
}

/** A turn in which everything posted so far arrives. */
async function turn(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    const { port1, port2 } = new MessageChannel();
    const come = new Promise((resolve) => port1.onmessage = resolve);
    port2.postMessage(0);
    await come;
    port1.close();
    port2.close();
  }
}

Deno.test("Threads.send reaches whoever waits: here, below, above and beside", async () => {
  const { launcher, workers: [one, two], end } = family(2);
  const memory = new SharedArrayBuffer(8);
  new Uint8Array(memory)[0] = 7;
  for (
    const [from, to] of [
      [launcher, launcher],
      [launcher, one!.worker],
      [one!.worker, launcher],
      [one!.worker, two!.worker],
    ] as const
  ) {
    const { address, come } = waitAt(to);
    assert(from.send(address, memory));
    assertEquals(new Uint8Array(await come)[0], 7);
  }
  end();
});

Deno.test("Threads.send finds no way to who is gone, or was never there", () => {
  const { launcher, workers: [one], end } = family(1);
  const memory = new SharedArrayBuffer(8);
  assert(!launcher.send("f".repeat(32), memory));
  assert(!launcher.send(launcher.key + TAIL, memory), "nobody waits");
  launcher.remove(one!.port);
  assert(!launcher.send(one!.key + TAIL, memory));
  end();
});

Deno.test("Threads.heard takes nothing from a worker but what makes sense", async () => {
  const { launcher, workers: [one, two], end } = family(2);
  const memory = new SharedArrayBuffer(8), { port } = one!;
  let came = 0;
  for (const { worker, key } of [one!, two!]) worker.wait(key + TAIL, () => came++);
  launcher.wait(launcher.key + TAIL, () => came++);
  for (
    const data of [
      null,
      undefined,
      7,
      "text",
      {},
      [],
      { to: launcher.key + TAIL },
      { to: launcher.key, memory },
      { to: 7, memory },
      { to: launcher.key + TAIL, memory: new ArrayBuffer(8) },
      { behind: 7 },
      { behind: "short" },
      // Somebody else's, or the launcher's own.
      { behind: two!.key },
    ]
  ) assert(!launcher.heard(port, data), JSON.stringify(data));
  // For nobody: dropped.
  assert(launcher.heard(port, { to: "0".repeat(32), memory }));
  // Back to where it came from: dropped.
  assert(launcher.heard(port, { to: one!.key + TAIL, memory }));
  await turn();
  assertEquals(came, 0);
  assert(launcher.send(two!.key + TAIL, memory));
  await turn();
  assertEquals(came, 1);
  // Once is all that it waits for.
  assert(launcher.send(two!.key + TAIL, memory));
  await turn();
  assertEquals(came, 1);
  end();
});

Deno.test("Threads.heard believes a worker in so many workers behind it, and no more", () => {
  const { launcher, workers: [one], end } = family(1);
  let taken = 0;
  for (let i = 0; i < 5000; i++) {
    const behind = i.toString(16).padStart(16, "0");
    if (launcher.heard(one!.port, { behind })) taken++;
  }
  assertEquals(taken, 1024);
  launcher.remove(one!.port);
  assert(!launcher.send("0".repeat(32), new SharedArrayBuffer(8)));
  end();
});
