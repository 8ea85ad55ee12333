/**
 * The pipes of a small world: what people do with their ends, and what they may expect of them.
 *
 * @module
 */
import type { Port } from "../../core/ports/port.ts";
import { PortState } from "../../core/ports/port.ts";
import { Encoder } from "../../core/wire/encoder.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { carrierOf, check, CLOSED, DEAD, End, IN_MESSAGE } from "./model.ts";
import type { Traffic } from "./traffic.ts";
import type { Operation } from "./world_plan.ts";

/** All pipes. */
export class Pipes {
  readonly #traffic: Traffic;
  readonly #ends: End[] = [];
  /** Bytes of each message. */
  readonly #bytes: number;

  /** Makes none yet. */
  constructor(traffic: Traffic, bytes: number) {
    this.#traffic = traffic;
    this.#bytes = bytes;
  }

  /** Lays the pipe of that number from one node to another. */
  lay(pipe: number, [here, there]: readonly [number, number]): void {
    const letter = String.fromCharCode(97 + pipe), node = this.#traffic.nodes[here]!;
    const ports = node.createPipe();
    const ends = [new End(letter, here), new End(letter.toUpperCase(), here)] as const;
    for (const i of [0, 1] as const) {
      const end = ends[i];
      end.peer = ends[1 - i]!;
      end.out = { messages: [], read: 0, reader: end.peer };
      hold(end, here, ports[i]);
    }
    ends[0].in = ends[1].out;
    ends[1].in = ends[0].out;
    this.#ends.push(...ends);
    if (here === there) return;
    const { lanes, nodes } = this.#traffic;
    const lane = lanes.find(({ from, to }) => from === here && to === there)!;
    const out = new Encoder(4096, 256);
    out.begin(0);
    node.handOver(ports[1], lane.output, out);
    hold(ends[1], there, nodes[there]!.takeOver(lane.input, out.view, 0));
  }

  #find(name: string): End {
    return this.#ends.find((end) => end.name === name)!;
  }

  // ------------------------------------------------------------------ what people do

  /** Whether somebody holds what it takes. */
  canAct({ verb, ends }: Operation): boolean {
    const [first, ...others] = ends.map((name) => this.#find(name));
    const { node, port } = first!;
    if (verb === "read") return node >= 0 && port!.readable;
    return node >= 0 && others.every((end) => end.node === node);
  }

  /** Somebody does something. */
  act({ verb, ends, id }: Operation): void {
    const [end, ...others] = ends.map((name) => this.#find(name));
    if (verb === "send") this.#send(end!, others, id);
    else if (verb === "read") this.#read(end!);
    else if (verb === "close") this.#close(end!);
    else this.#fuse(end!, others[0]!);
  }

  #send(end: End, attached: readonly End[], id: number): void {
    const node = this.#traffic.nodes[end.node]!, port = end.port!;
    for (const other of attached) {
      if (node.refusal(port, other.port!) !== null) return;
    }
    const out = node.beginBytes(port);
    out.need(this.#bytes);
    out.bytes.fill(0, out.at, out.at + this.#bytes);
    out.view.setUint32(out.at, id, true);
    out.at += this.#bytes;
    for (const other of attached) {
      out.handles.push(other.port!);
      other.node = IN_MESSAGE;
      other.carrier = end.out;
      other.port = null;
    }
    end.out.messages.push({ id, attached });
    if (node.commit(port, out, false)) return;
    end.out.messages.pop();
    for (const other of attached) other.node = CLOSED;
    const gone = end.peer.node === CLOSED || carrierOf(end.peer) !== null;
    const { faults } = this.#traffic;
    check(gone || faults > 0, `${end.name} cannot send, ${end.peer.name} is open`);
  }

  #read(end: End): void {
    const { id, ports } = this.#take(end), stream = end.in;
    const expected = stream.messages[stream.read];
    check(
      expected?.id === id,
      `${end.name} reads message ${id}, ${expected?.id} is next`,
    );
    stream.read++;
    const { attached } = expected!;
    check(attached.length === ports.length, `message ${id} lost an endpoint`);
    for (const [i, other] of attached.entries()) {
      check(other.node === IN_MESSAGE, `${other.name} arrives while it is elsewhere`);
      hold(other, end.node, ports[i]!);
    }
  }

  #take(end: End): { id: number; ports: readonly Port[] } {
    const entry = this.#traffic.nodes[end.node]!.take(end.port!)!, { start } = entry;
    check(entry.end - start === this.#bytes, `${end.name} reads part of a message`);
    return { id: entry.view.getUint32(start, true), ports: entry.ports };
  }

  #close(end: End): void {
    const node = this.#traffic.nodes[end.node]!, port = end.port!;
    port.holder = null;
    end.node = CLOSED;
    end.port = null;
    node.close(port);
  }

  #fuse(one: End, other: End): void {
    const node = this.#traffic.nodes[one.node]!;
    if (node.fuseRefusal(one.port!, other.port!) !== null) return;
    const ports = [one.port!, other.port!] as const,
      peers = [one.peer, other.peer] as const;
    for (const end of [one, other]) {
      end.node = CLOSED;
      end.port = null;
    }
    if (one.peer !== other) {
      for (const [end, to] of [[one, other], [other, one]] as const) {
        const rest = end.in.messages.splice(end.in.read);
        for (const { attached } of rest) {
          for (const each of attached) each.carrier = to.out;
        }
        to.out.messages.push(...rest);
      }
      [peers[0].out, peers[1].out] = [other.out, one.out];
      [peers[0].peer, peers[1].peer] = [peers[1], peers[0]];
    }
    node.fuse(...ports);
  }

  /** Those who hold an end on a node are gone with it. */
  lose(node: number): void {
    for (const end of this.#ends) if (end.node === node) end.node = DEAD;
  }

  /** Whether anybody holds an end with something unread. */
  get readable(): boolean {
    return this.#readables().length > 0;
  }

  #readables(): End[] {
    return this.#ends.filter(({ node, port }) => node >= 0 && port!.readable);
  }

  /** Everybody reads one message, where there is one. */
  readOnce(): void {
    for (const end of this.#readables()) this.#read(end);
  }

  /** Everybody closes what they hold. */
  closeAll(): void {
    for (const end of this.#ends) if (end.node >= 0) this.#close(end);
  }

  // ------------------------------------------------------------------ what they may expect

  /** Checks what must hold at every moment. */
  check(): void {
    for (const end of this.#ends) {
      if (end.node < 0) continue;
      const port = end.port!;
      check(port.state === PortState.Open, `${end.name} is held and not open`);
      check(port.holder === end, `${end.name} is held by another`);
      check(
        this.#traffic.nodes[end.node]!.ports.get(port.name) === port,
        `${end.name} is held and forgotten`,
      );
      this.#checkEnd(end, port);
    }
  }

  /** If nothing more comes, that must be so for a reason. */
  #checkEnd(end: End, port: Port): void {
    const { peer } = end, { faults } = this.#traffic;
    if (port.prevNode !== null || port.readable) return;
    const carrier = carrierOf(peer);
    if (port.reason === "lost") {
      check(faults > 0 || carrier === "cycle", `${end.name} is lost without a loss`);
      return;
    }
    const dropped = faults > 0 && peer.node === IN_MESSAGE;
    check(
      peer.node === CLOSED || carrier !== null || dropped,
      `${end.name} ended, ${peer.name} is open`,
    );
    check(
      end.in.read === end.in.messages.length || faults > 0 && peer.node !== CLOSED,
      `${end.name} ended after ${end.in.read} of ${end.in.messages.length} messages`,
    );
  }

  /** Checks what must hold when nothing more can happen. */
  checkRest(): void {
    for (const end of this.#ends) {
      if (end.node < 0) continue;
      const open = end.port!.prevNode !== null;
      if (end.peer.node >= 0 && this.#traffic.faults === 0) {
        check(open, `${end.name} ended, ${end.peer.name} is open`);
      }
      if (end.peer.node === CLOSED || end.peer.node === DEAD) {
        check(!open, `${end.name} waits, ${end.peer.name} is gone`);
      }
      if (open) {
        check(end.in.read === end.in.messages.length, `${end.name} missed a message`);
      }
    }
  }

  /** Adds all of it to a state. */
  addTo(print: Fingerprint): void {
    for (const { node, out, port } of this.#ends) {
      print.add(node);
      print.add(out.read);
      print.name(port?.name ?? null);
      // What was sent, for those who have done different things by now.
      for (const { id } of out.messages) print.add(id);
    }
  }
}

function hold(end: End, node: number, port: Port): void {
  end.node = node;
  end.port = port;
  end.carrier = null;
  port.holder = end;
  port.container = null;
}
