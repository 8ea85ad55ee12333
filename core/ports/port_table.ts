/**
 * The ports of a node by name.
 *
 * @module
 */
import type { Name } from "../names.ts";
import type { Link, Neighbor } from "./link.ts";
import { type Port, PortState } from "./port.ts";

/** Proxies of one route on one node that are followed. */
const MAX_LOCAL_HOPS = 32;

/**
 * A hash table on the first word of the name. Only names that this node chose are ever in it, so no
 * neighbor can fill one bucket.
 */
export class PortTable {
  /** How many there are. */
  size = 0;
  readonly #buckets: Map<number, Port> = new Map();

  /** Puts a port in. */
  add(port: Port): void {
    const hash = port.name.a;
    port.bucket = this.#buckets.get(hash) ?? null;
    this.#buckets.set(hash, port);
    this.size++;
  }

  /** Takes a port out. */
  remove(port: Port): void {
    const hash = port.name.a, first = this.#buckets.get(hash)!;
    if (first === port) {
      if (port.bucket === null) this.#buckets.delete(hash);
      else this.#buckets.set(hash, port.bucket);
    } else {
      let before = first;
      while (before.bucket !== port) before = before.bucket!;
      before.bucket = port.bucket;
    }
    this.size--;
  }

  /** The port whose name the 16 bytes at `at` spell. */
  find(view: DataView, at: number): Port | null {
    let port = this.#buckets.get(view.getInt32(at, true)) ?? null;
    while (port !== null && (isTail(port) || !port.name.matches(view, at))) {
      port = port.bucket;
    }
    return port;
  }

  /** The ports whose name the 16 bytes at `at` spell, tails included, that send to a port of `node`. */
  sending(view: DataView, at: number, node: Neighbor): Port[] {
    const found: Port[] = [];
    let port = this.#buckets.get(view.getInt32(at, true)) ?? null;
    for (; port !== null; port = port.bucket) {
      if (port.nextNode === node && port.name.matches(view, at)) found.push(port);
    }
    return found;
  }

  /** The port of that name. */
  get(name: Name): Port | null {
    let port = this.#buckets.get(name.a) ?? null;
    while (port !== null && (isTail(port) || !port.name.equals(name))) port = port.bucket;
    return port;
  }

  /** The link whose limits count for what `port`, which has a way ahead, sends: the first on that way. */
  wayOf(port: Port): Link {
    const { self, link } = port.nextNode!;
    return self ? this.wayOut(port) ?? link! : link!;
  }

  /**
   * The link that messages of `port` to a port of this node go on by, when that one has moved away and
   * the two have not found their direct way yet. Further on nobody is left to tell.
   */
  wayOut(port: Port): Link | null {
    let at: Port | null = port;
    for (let hops = 0; hops < MAX_LOCAL_HOPS; hops++) {
      at = this.get(at.nextPort!);
      if (at === null || at.state === PortState.Open) return null;
      const node: Neighbor | null = at.to ?? at.nextNode;
      if (node === null || !node.self) return node === null ? null : node.link;
    }
    return null;
  }

  /**
   * Where what was written to `port` waits on this node: in it, and in the ports ahead that moved away and
   * that it has not found its way past yet.
   */
  holding(port: Port): Port[] {
    const found: Port[] = port.unsent === null ? [] : [port];
    let at: Port | null = port;
    for (let hops = 0; hops < MAX_LOCAL_HOPS && at.nextNode?.self; hops++) {
      at = this.get(at.nextPort!);
      if (at === null || at.state === PortState.Open) break;
      if (at.readable) found.push(at);
    }
    return found;
  }

  /** All of them, as they are now. */
  all(): Port[] {
    const ports: Port[] = [];
    for (const first of this.#buckets.values()) {
      for (let port: Port | null = first; port !== null; port = port.bucket) {
        ports.push(port);
      }
    }
    return ports;
  }
}

/** Whether the port only has something left to send: its name is not in use any more. */
function isTail(port: Port): boolean {
  return port.state === PortState.Draining;
}
