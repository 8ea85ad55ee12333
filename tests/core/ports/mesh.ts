/**
 * A few nodes and their links, for tests that say themselves what happens when.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { NameSource } from "../../../core/names.ts";
import type { Link, Role } from "../../../core/ports/link.ts";
import { isBorder } from "../../../core/ports/border.ts";
import { Node } from "../../../core/ports/node.ts";
import { type Port, PortState } from "../../../core/ports/port.ts";
import { FrameReader } from "../../../core/wire/frame.ts";
import { seededEnvironment } from "../../sim/random.ts";

/** Nodes whose frames arrive when a test says so. */
export class Mesh {
  readonly nodes: Node[];
  readonly #links: Map<Node, Map<Node, Link>> = new Map();
  readonly #isolated: readonly (readonly [number, number])[];

  /**
   * Links every two of them; or, with `parents`, each to its parent, which brought it in, if it has one.
   * Those of `isolated` are linked too, but not of one network.
   */
  constructor(
    count: number,
    parents?: readonly (number | null)[],
    isolated: readonly (readonly [number, number])[] = [],
  ) {
    this.#isolated = isolated;
    this.nodes = Array.from({ length: count }, (_, seed) => {
      const names = new NameSource(seededEnvironment(seed + 1));
      return new Node(names, LIMITS.tiny);
    });
    for (const one of this.nodes) this.#links.set(one, new Map());
    for (const [i, one] of this.nodes.entries()) {
      if (parents === undefined) {
        for (const two of this.nodes.slice(i + 1)) this.#link(one, two, "peer", "peer");
      } else if (i > 0 && parents[i] !== null) {
        const parent = this.nodes[parents[i]!]!;
        const link = this.#link(parent, one, "member", "broker");
        let known = false;
        parent.announce(link, () => known = true);
        this.settle();
        assert(known);
      }
    }
    for (const [one, two] of isolated) {
      this.#link(this.nodes[one]!, this.nodes[two]!, "peer", "peer", true);
    }
  }

  #link(one: Node, two: Node, theirs: Role, ours: Role, isolated = false): Link {
    const { tiny } = LIMITS;
    const link = one.connect(two.self.name, theirs, tiny, tiny, isolated)!;
    const back = two.connect(one.self.name, ours, tiny, tiny, isolated)!;
    this.#links.get(one)!.set(two, link);
    this.#links.get(two)!.set(one, back);
    for (const each of [link, back]) each.start({ wake: () => {}, drop: () => {} });
    return link;
  }

  /** The link between two of them is gone. */
  cut(one: Node, two: Node): void {
    for (const [from, to] of [[one, two], [two, one]] as const) {
      const link = this.#links.get(from)!.get(to)!;
      this.#links.get(from)!.delete(to);
      from.disconnect(link, "cut");
    }
    this.settle();
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

  /** Sends two ports to two nodes, before anything arrives. */
  moveBoth(ports: Port[], from: Node, to: Node[]): Port[] {
    const carriers = to.map((node) => this.#carrier(from, node));
    for (const [i, port] of ports.entries()) send(from, carriers[i]!, [], [port]);
    this.settle();
    return to.map((node) =>
      hold(this.#carriers.get(node)!.get(from)!.queue!.shift()!.ports[0]!)
    );
  }

  /** A pipe between the two for endpoints to travel on. */
  #carrier(from: Node, to: Node): Port {
    const known = this.#carriers.get(from)?.get(to);
    if (known !== undefined) return known;
    const [kept, given] = from.createPipe();
    hold(kept);
    const there = this.#links.get(from)!.get(to);
    if (there === undefined) return this.#carrierByWay(from, to);
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

  /** Between nodes without a link: made by one that both have one to, and carried from there. */
  #carrierByWay(from: Node, to: Node): Port {
    const way = this.#way(from, to), next = way[1]!;
    let [kept, given] = next.createPipe().map(hold) as [Port, Port];
    kept = this.move(kept, next, from);
    for (let i = 1; i < way.length - 1; i++) {
      given = this.move(given, way[i]!, way[i + 1]!);
    }
    this.#set(from, to, kept);
    this.#set(to, from, given);
    return kept;
  }

  /** The nodes from one to another, along links. */
  #way(from: Node, to: Node): Node[] {
    const ways: Node[][] = [[from]];
    for (const way of ways) {
      if (way.at(-1) === to) return way;
      for (const next of this.#links.get(way.at(-1)!)!.keys()) {
        if (!way.includes(next)) ways.push([...way, next]);
      }
    }
    throw new Error("there is no way");
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
      for (const port of node.ports.all()) {
        const open = this.#isolated.length > 0 && isBorder(port)
          ? PortState.Proxy
          : PortState.Open;
        assertEquals(port.state, open);
      }
    }
  }
}

/** Marks a port as held by somebody. */
export function hold(port: Port): Port {
  port.holder = port;
  port.container = null;
  return port;
}

/** Writes a message. */
export function send(
  node: Node,
  port: Port,
  data: number[],
  ports: Port[] = [],
): boolean {
  const out = node.beginBytes(port);
  out.need(data.length);
  out.bytes.set(data, out.at);
  out.at += data.length;
  out.handles.push(...ports);
  return node.commit(port, out, false);
}

/** Reads everything there is, the first byte of each message. */
export function read(port: Port): number[] {
  const found: number[] = [];
  for (let entry = port.queue?.shift(); entry; entry = port.queue?.shift()) {
    found.push(entry.bytes[entry.start]!);
  }
  return found;
}

/** The two ends name each other: nothing is between them. */
export function assertJoined(one: Port, two: Port): void {
  assert(one.nextPort!.equals(two.name) && two.nextPort!.equals(one.name));
  assert(one.prevPort!.equals(two.name) && two.prevPort!.equals(one.name));
}
