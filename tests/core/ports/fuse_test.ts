import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { NameSource } from "../../../core/names.ts";
import type { Link } from "../../../core/ports/link.ts";
import { Node } from "../../../core/ports/node.ts";
import { type Port, PortState } from "../../../core/ports/port.ts";
import { FrameReader } from "../../../core/wire/frame.ts";
import { seededEnvironment } from "./world.ts";

/** A few nodes, every two of them linked, whose frames arrive when a test says so. */
class Mesh {
  readonly nodes: Node[];
  readonly #links: Map<Node, Map<Node, Link>> = new Map();

  constructor(count: number) {
    this.nodes = Array.from({ length: count }, (_, seed) => {
      const names = new NameSource(seededEnvironment(seed + 1));
      return new Node(names, LIMITS.tiny);
    });
    for (const one of this.nodes) {
      this.#links.set(one, new Map());
      for (const two of this.nodes) {
        if (one === two) continue;
        const link = one.connect(two.self.name, "peer", LIMITS.tiny, LIMITS.tiny)!;
        this.#links.get(one)!.set(two, link);
      }
    }
  }

  /** A pipe between two of them, or within one. */
  pipe(from: Node, to: Node): [Port, Port] {
    const [kept, given] = from.createPipe();
    hold(kept);
    hold(given);
    if (from === to) return [kept, given];
    const out = from.beginBytes(this.#carrier(from, to));
    out.handles.push(given);
    assert(from.commit(this.#carriers.get(from)!.get(to)!, out, false));
    this.settle();
    const [port] = this.#carriers.get(to)!.get(from)!.queue!.shift()!.ports;
    return [kept, hold(port!)];
  }

  /** Sends `port` from a node to another one, and lets it arrive if `settle`. */
  move(port: Port, from: Node, to: Node): Port {
    send(from, this.#carrier(from, to), [], [port]);
    this.settle();
    return hold(this.#carriers.get(to)!.get(from)!.queue!.shift()!.ports[0]!);
  }

  /** A pipe between the two for endpoints to travel on. */
  #carrier(from: Node, to: Node): Port {
    const known = this.#carriers.get(from)?.get(to);
    if (known !== undefined) return known;
    const [kept, given] = from.createPipe();
    hold(kept);
    const there = this.#links.get(from)!.get(to)!;
    const out = there.output;
    out.begin(0);
    from.handOver(given, there, out);
    const bytes = out.bytes.slice(out.start, out.at);
    out.cancel(null);
    const view = new DataView(bytes.buffer);
    const port = hold(to.takeOver(this.#links.get(to)!.get(from)!, view, 0));
    this.settle();
    this.#set(from, to, kept);
    this.#set(to, from, port);
    return kept;
  }

  readonly #carriers: Map<Node, Map<Node, Port>> = new Map();

  #set(from: Node, to: Node, port: Port): void {
    if (!this.#carriers.has(from)) this.#carriers.set(from, new Map());
    this.#carriers.get(from)!.set(to, port);
  }

  /** Ports that are not those for travelling. */
  count(node: Node): number {
    return node.ports.size - (this.#carriers.get(node)?.size ?? 0);
  }

  /** Delivers everything until nothing is under way. */
  settle(): void {
    for (let moved = true; moved;) {
      moved = false;
      for (const [from, links] of this.#links) {
        for (const [to, link] of links) {
          const bytes = link.take();
          if (bytes === null) continue;
          moved = true;
          const reader = new FrameReader(LIMITS.tiny.maxFrameBytes, 1 << 18);
          reader.space().set(bytes);
          reader.filled(bytes.length);
          link.written(bytes);
          const back = this.#links.get(to)!.get(from)!;
          while (reader.next()) {
            const { bytes, view, start, end } = reader;
            assertEquals(to.accept(back, bytes, view, start, end), null);
          }
        }
      }
    }
    for (const node of this.nodes) {
      for (const port of node.ports.all()) assertEquals(port.state, PortState.Open);
    }
  }
}

function hold(port: Port): Port {
  port.holder = port;
  port.container = null;
  return port;
}

function send(node: Node, port: Port, data: number[], ports: Port[] = []): boolean {
  const out = node.beginBytes(port);
  out.need(data.length);
  out.bytes.set(data, out.at);
  out.at += data.length;
  out.handles.push(...ports);
  return node.commit(port, out, false);
}

/** Reads everything there is, the first byte of each message. */
function read(port: Port): number[] {
  const found: number[] = [];
  for (let entry = port.queue?.shift(); entry; entry = port.queue?.shift()) {
    found.push(entry.bytes[entry.start]!);
  }
  return found;
}

/** The two ends name each other: nothing is between them. */
function assertJoined(one: Port, two: Port): void {
  assert(one.nextPort!.equals(two.name) && two.nextPort!.equals(one.name));
  assert(one.prevPort!.equals(two.name) && two.prevPort!.equals(one.name));
}

for (
  const [name, a, b, middle] of [
    ["three nodes", 0, 2, 1],
    ["two nodes", 0, 1, 1],
    ["one node", 0, 0, 0],
    ["both ends on one node, fused on another", 0, 0, 1],
  ] as const
) {
  Deno.test(`Node.fuse joins two pipes with all that was written to them: ${name}`, () => {
    const mesh = new Mesh(3), [one, two, mid] = [a, b, middle].map((i) => mesh.nodes[i]!);
    const [left, p] = mesh.pipe(one!, mid!), [right, q] = mesh.pipe(two!, mid!);
    // Written and not read, on every stretch, in both directions.
    for (let i = 1; i <= 3; i++) send(one!, left, [i]);
    mesh.settle();
    send(mid!, p, [11]);
    send(mid!, q, [12]);
    send(two!, right, [21]);
    send(one!, left, [4]);
    assertEquals(mid!.fuseRefusal(p, q), null);
    mid!.fuse(p, q);
    send(one!, left, [5]);
    send(two!, right, [22]);
    mesh.settle();
    assertEquals(read(right), [12, 1, 2, 3, 4, 5]);
    assertEquals(read(left), [11, 21, 22]);
    assertJoined(left, right);
    assertEquals(mesh.nodes.reduce((sum, node) => sum + mesh.count(node), 0), 2);
    one!.close(left);
    mesh.settle();
    assertEquals([right.prevNode, right.reason], [null, "closed"]);
    two!.close(right);
    mesh.settle();
    assertEquals(mesh.nodes.map((node) => mesh.count(node)), [0, 0, 0]);
  });
}

Deno.test("Node.fuse passes on that an end was closed, and what it had written", () => {
  for (const late of [false, true]) {
    const mesh = new Mesh(3), [one, mid, two] = mesh.nodes;
    const [left, p] = mesh.pipe(one!, mid!), [right, q] = mesh.pipe(two!, mid!);
    send(one!, left, [1]);
    one!.close(left);
    if (!late) mesh.settle();
    mid!.fuse(q, p);
    mesh.settle();
    assertEquals(read(right), [1]);
    assertEquals([right.nextNode, right.prevNode, right.reason], [null, null, "closed"]);
    two!.close(right);
    mesh.settle();
    assertEquals(mesh.nodes.map((node) => mesh.count(node)), [0, 0, 0]);
  }
});

Deno.test("Node.fuse of ends that lead back to each other leaves nothing", () => {
  // Both ends move away and come back while proxies stand between them, and are fused.
  const mesh = new Mesh(2), [home, away] = mesh.nodes;
  const [a, b] = mesh.pipe(home!, home!);
  const a2 = mesh.move(a, home!, away!), b2 = mesh.move(b, home!, away!);
  assertJoined(a2, b2);
  const [c, d] = mesh.pipe(home!, away!);
  // A ring of two pipes: a2 - b2 and c - d, with both joints fused.
  const b3 = mesh.move(b2, away!, home!);
  home!.fuse(b3, c);
  away!.fuse(a2, d);
  mesh.settle();
  assertEquals(mesh.nodes.map((node) => mesh.count(node)), [0, 0]);
});

Deno.test("Node.fuse can be done again and again along a chain", () => {
  const mesh = new Mesh(3), [one, mid, two] = mesh.nodes;
  const [left, first] = mesh.pipe(one!, mid!);
  let end = first;
  for (let i = 0; i < 20; i++) {
    const [c, d] = mesh.pipe(i % 2 === 0 ? mid! : two!, i % 2 === 0 ? two! : mid!);
    send(one!, left, [i]);
    (i % 2 === 0 ? mid! : two!).fuse(end, c);
    end = d;
    if (i % 5 === 0) mesh.settle();
  }
  mesh.settle();
  assertEquals(read(end), Array.from({ length: 20 }, (_, i) => i));
  assertJoined(left, end);
});

Deno.test("Node.fuseRefusal names what is wrong", () => {
  const mesh = new Mesh(2), [one, two] = mesh.nodes;
  const [left, p] = mesh.pipe(one!, two!), [a, b] = mesh.pipe(two!, two!);
  assertEquals(two!.fuseRefusal(p, p), "they are the same endpoint");
  assertEquals(two!.fuseRefusal(a, b), "they are the two ends of one pipe");
  two!.close(a);
  assertEquals(two!.fuseRefusal(p, a), "one of them was closed or already sent");
  assertEquals(two!.fuseRefusal(p, b), null);
  send(two!, p, [], [b]);
  assertEquals(two!.fuseRefusal(p, b), "one of them was closed or already sent");
  one!.close(left);
});
