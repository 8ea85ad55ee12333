/**
 * A simulated world: a network of nodes, and a model of what people may expect of the pipes they hold.
 * Everything that can happen is a method; `player.ts` chooses among them by a seed, and whoever wants to
 * can choose otherwise.
 *
 * What is read is compared with the model as it is read. What must be so at other times is in
 * `invariants.ts`.
 *
 * @module
 */
import type { Port, PortSink } from "../../core/ports/port.ts";
import { Encoder } from "../../core/wire/encoder.ts";
import { MESSAGE_TRAILER } from "../../core/wire/event.ts";
import { check } from "./broken.ts";
import type { Lane } from "./lane.ts";
import {
  carriers,
  CLOSED,
  DEAD,
  End,
  IN_MESSAGE,
  joinPipes,
  type Message,
  Pipe,
} from "./model.ts";
import { Network, type NetworkOptions } from "./network.ts";
import type { Random } from "./random.ts";

/** What the people do whose ends get messages. */
export interface Behavior {
  /** Whether `end` has a sink from now on. */
  listens(end: End): boolean;
  /** Whether the sink of `end` takes the message that is there, or has it queued. */
  takes(end: End): boolean;
  /** The sink of `end` took a message: anything may be done within the call. */
  handle(end: End): void;
}

const QUIET: Behavior = {
  listens: () => false,
  takes: () => false,
  handle: () => {},
};

const HEAD_BYTES = 8;

/** A network, and its pipes. */
export class World extends Network {
  readonly ends: End[] = [];
  /** What people do. Set it once the world is built. */
  behavior: Behavior = QUIET;
  messagesRead = 0;
  moves = 0;
  fusions = 0;
  #messages = 0;

  /** Builds the nodes, links them, and gives every two that are linked a pipe to begin with. */
  constructor(options: NetworkOptions) {
    super(options);
    for (const lane of this.link()) this.#invite(lane);
  }

  /** As an invitation does: one end stays, the other is handed over as a descriptor. */
  #invite({ from, to, input, output }: Lane): void {
    const [kept, given] = this.create(from, this.ends.length), out = new Encoder(4096);
    out.begin(0);
    this.nodes[from]!.handOver(given.port!, output, out);
    const port = this.nodes[to]!.takeOver(input, out.view, 0);
    out.cancel(null);
    this.#hold(given, to, port);
    this.trace.note(`link ${from}-${to} with ${kept}-${given}`);
  }

  /** A node dies, with all that is on it. */
  override killNode(node: number, random: Random): void {
    super.killNode(node, random);
    for (const end of this.ends) {
      if (end.place !== node) continue;
      end.place = DEAD;
      end.port = null;
    }
  }

  // ------------------------------------------------------------------ what may be lost

  /** Why `pipe` may be lost, or `null` when nothing happened to it. */
  excuse(pipe: Pipe): string | null {
    const nodes = new Set<number>();
    for (const carrier of carriers(pipe)) {
      if (carrier.tainted) return "it is a hostile node's";
      if (carrier.excuse !== null) return carrier.excuse;
      for (const node of carrier.nodes) nodes.add(node);
    }
    for (const one of nodes) {
      if (this.hostile.has(one)) return `node ${one} is hostile`;
      if (this.dead.has(one)) return `node ${one} died`;
      for (const other of nodes) {
        if (one < other && this.separation.areApart(one, other)) {
          return `${one} and ${other} are apart`;
        }
      }
    }
    return null;
  }

  /** Whether a hostile node is or was on `pipe`, or on one that carries an end of it. */
  isTainted(pipe: Pipe): boolean {
    if (pipe.tainted || this.hostile.size === 0) return pipe.tainted;
    for (const carrier of carriers(pipe)) {
      if (carrier.tainted) return pipe.tainted = true;
      for (const node of carrier.nodes) {
        if (this.hostile.has(node)) return pipe.tainted = true;
      }
    }
    return false;
  }

  // ------------------------------------------------------------------ pipes

  /** The ends that somebody on `node` holds. */
  heldOn(node: number): End[] {
    return this.ends.filter((end) => end.place === node);
  }

  #newEnds(key: number, ports: readonly (Port | null)[]): [End, End] {
    const pipe = new Pipe(), id = this.ends.length;
    const [one, other] = ports.map((_, i) =>
      new End(`${id >> 1}${"ab"[i]}`, id + i, key ^ (i * 0x5bd1e995), pipe)
    ) as [End, End];
    one.peer = other;
    other.peer = one;
    this.ends.push(one, other);
    return [one, other];
  }

  /** Makes a pipe with both ends on `node`. */
  create(node: number, key: number): [End, End] {
    const ports = this.nodes[node]!.createPipe(), ends = this.#newEnds(key, ports);
    this.stirred.add(node);
    for (const i of [0, 1] as const) this.#hold(ends[i], node, ports[i]);
    this.trace.note(`node ${node} creates ${ends[0]}-${ends[1]}`);
    return ends;
  }

  #hold(end: End, node: number, port: Port): void {
    end.place = node;
    end.port = port;
    end.pipe.nodes.add(node);
    port.holder = end;
    port.container = null;
    this.trace.call(port.name, `${end}@${node}`);
    this.listen(end, this.behavior.listens(end));
  }

  /** Gives `end` a sink, or takes it away. */
  listen(end: End, on: boolean): void {
    const port = end.port!;
    port.sink = on ? this.#sinkOf(end) : null;
    end.told = on && port.prevNode === null;
  }

  #sinkOf(end: End): PortSink {
    return {
      deliver: (bytes, _view, start, stop, ports, flags) => {
        if (!this.behavior.takes(end)) return false;
        this.#arrived(end, bytes.subarray(start, stop), ports, flags);
        this.behavior.handle(end);
        return true;
      },
      queued: () => {},
      ended: () => {
        check(
          !end.told,
          "told-twice",
          () => `${end} is told twice that nothing more comes`,
        );
        end.told = true;
        check(
          end.port!.prevNode === null,
          "told-early",
          () => `${end} is told of no end`,
        );
      },
      rerouted: () => {},
      left: () => {},
    };
  }

  /** Sends a message on `end`. Returns whether it has a way. */
  send(end: End, attached: readonly End[], filler = 0, reply = false): boolean {
    const node = this.nodes[end.place]!, port = end.port!, id = this.#messages++;
    this.stirred.add(end.place);
    const head = HEAD_BYTES + attached.length * 4, size = head + filler;
    const out = node.beginBytes(port);
    out.need(size);
    const at = out.at, { view } = out;
    view.setUint32(at, id);
    view.setUint32(at + 4, attached.length);
    for (const [i, other] of attached.entries()) {
      view.setUint32(at + HEAD_BYTES + i * 4, other.id);
      out.handles.push(other.port!);
    }
    out.bytes.fill(id & 0xff, at + head, at + size);
    out.at += size;
    // ORDER: what is attached leaves its holder before the message can be read, which may be at once.
    const message: Message = { id, reader: end.peer, attached };
    for (const other of attached) {
      other.place = IN_MESSAGE;
      other.message = message;
      other.port = null;
    }
    end.peer.inbox.push(message);
    this.trace.note(`${end} on ${end.place} sends m${id} (${attached.join(" ")})`);
    if (node.commit(port, out, reply, World.trailerOf(id))) {
      this.moves += attached.length;
      return true;
    }
    this.trace.note(`m${id} goes nowhere`);
    message.reader.inbox.splice(message.reader.inbox.indexOf(message), 1);
    for (const other of attached) {
      other.place = CLOSED;
      other.message = null;
    }
    return false;
  }

  /** Reads the first message of `end`. Returns whether there was one. */
  read(end: End): boolean {
    const queue = end.port!.queue, entry = queue?.peek() ?? null;
    if (entry === null) return false;
    this.stirred.add(end.place);
    const data = entry.bytes.slice(entry.start, entry.end);
    this.nodes[end.place]!.take(end.port!);
    this.#arrived(end, data, entry.ports, entry.flags);
    return true;
  }

  /** The number written into a message. */
  static idOf(data: Uint8Array, start = 0): number {
    return new DataView(data.buffer, data.byteOffset + start).getUint32(0);
  }

  /** The flag that is set on every third message: nobody on the way may change it. */
  static trailerOf(id: number): number {
    return id % 3 === 0 ? MESSAGE_TRAILER : 0;
  }

  #arrived(end: End, data: Uint8Array, ports: readonly Port[], flags: number): void {
    const id = data.length >= HEAD_BYTES ? World.idOf(data) : -1;
    const tainted = this.isTainted(end.pipe);
    this.messagesRead++;
    this.trace.note(`${end} on ${end.place} reads m${id}`);
    if (tainted) {
      // Hostile nodes may leave messages out, and make up others.
      const at = end.inbox.findIndex((message, i) =>
        i >= end.received && message.id === id
      );
      if (at < 0 || end.inbox[at]!.attached.length !== ports.length) {
        for (const port of ports) this.#holdWild(end.place, port);
        return;
      }
      end.received = at;
    }
    const message = end.inbox[end.received];
    check(
      message?.id === id,
      "order",
      () => `${end} reads m${id}, and m${message?.id} is next`,
    );
    end.received++;
    const { attached } = message!;
    check(
      attached.length === ports.length,
      "attached",
      () => `${ports.length} ends in m${id}`,
    );
    const carrying = carriers(end.pipe);
    for (const [i, other] of attached.entries()) {
      const port = ports[i]!;
      if (other.place !== IN_MESSAGE || other.message !== message) {
        check(tainted, "handle-twice", () => `${other} comes in m${id} and is elsewhere`);
        this.#holdWild(end.place, port);
        continue;
      }
      for (const { nodes, excuse } of carrying) {
        for (const node of nodes) other.pipe.nodes.add(node);
        other.pipe.excuse ??= excuse;
      }
      other.pipe.tainted ||= tainted;
      this.#hold(other, end.place, port);
    }
    if (tainted) return;
    check(
      (flags & MESSAGE_TRAILER) === World.trailerOf(id),
      "flags",
      () => `the flag of m${id} changed`,
    );
    this.#checkBytes(data, message!);
  }

  #checkBytes(data: Uint8Array, { id, attached }: Message): void {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    for (const [i, other] of attached.entries()) {
      const at = HEAD_BYTES + i * 4;
      check(
        view.getUint32(at) === other.id,
        "attached",
        () => `m${id} has another end at ${i}`,
      );
    }
    for (let i = HEAD_BYTES + attached.length * 4; i < data.length; i++) {
      check(data[i] === (id & 0xff), "bytes", () => `bytes of m${id} changed`);
    }
  }

  /** Somebody on `node` holds an end that a hostile node made up. */
  #holdWild(node: number, port: Port): void {
    const [end, phantom] = this.#newEnds(this.ends.length, [port, null]);
    phantom.place = DEAD;
    end.pipe.tainted = true;
    this.#hold(end, node, port);
  }

  /** Closes `end`. */
  close(end: End): void {
    this.trace.note(`node ${end.place} closes ${end}`);
    this.stirred.add(end.place);
    const node = this.nodes[end.place]!, port = end.port!;
    port.holder = port.sink = null;
    end.place = CLOSED;
    end.port = null;
    node.close(port);
  }

  /** Joins the pipes of two ends that are held on one node. */
  fuse(one: End, other: End): void {
    this.trace.note(`node ${one.place} fuses ${one} with ${other}`);
    const node = this.nodes[one.place]!, ports = [one.port!, other.port!] as const;
    this.stirred.add(one.place);
    this.fusions++;
    // ORDER: what is unread goes on to whoever is at the far ends, which may be at once.
    joinPipes(one, other);
    node.fuse(...ports);
  }
}
