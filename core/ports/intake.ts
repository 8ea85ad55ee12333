/**
 * Endpoints that come with messages from other nodes: taken in under names of our own, or turned away.
 *
 * @module
 */
import { Name, type NameSource } from "../names.ts";
import type { Encoder } from "../wire/encoder.ts";
import {
  DESCRIPTOR_BYTES,
  DESCRIPTOR_FIRST,
  DESCRIPTOR_HAS_NEXT,
  DESCRIPTOR_NEXT,
  readSeq,
} from "../wire/event.ts";
import type { Arrival } from "./arrival.ts";
import type { Link, Neighbor } from "./link.ts";
import type { Neighbors } from "./neighbors.ts";
import { Port } from "./port.ts";
import type { PortTable } from "./port_table.ts";
import { sendAccepted, sendHello, sendStillborn } from "./send.ts";

/** Makes the ports that descriptors announce. */
export class Intake {
  readonly #ports: PortTable;
  readonly #names: NameSource;
  readonly #neighbors: Neighbors;
  /** Where messages go whose route has ended: encoded, so that arguments are checked, then dropped. */
  readonly #nowhere: Encoder;

  /** Makes one that puts ports into `ports`. */
  constructor(
    ports: PortTable,
    names: NameSource,
    neighbors: Neighbors,
    nowhere: Encoder,
  ) {
    this.#ports = ports;
    this.#names = names;
    this.#neighbors = neighbors;
    this.#nowhere = nowhere;
  }

  /** Makes an open port. */
  add(): Port {
    const port = new Port(this.#names.next(), this.#nowhere);
    this.#ports.add(port);
    return port;
  }

  /** Makes the port that a descriptor announces. */
  receive(link: Link, view: DataView, at: number): Port {
    const port = this.add();
    const neighbor = link.neighbor, old = Name.read(view, at);
    port.source = port.guide = link;
    link.pipes++;
    port.setPrev(neighbor, old);
    port.inSeq = readSeq(view, at + DESCRIPTOR_FIRST);
    const next = this.#successor(view, at, neighbor);
    if (next !== null) {
      port.detail = next.lostReason;
      port.setNext(next, Name.read(view, at + DESCRIPTOR_NEXT + 16));
    }
    sendAccepted(port.name, neighbor, old);
    link.noteAnswerOver(port.nextNode?.link);
    sendHello(port);
    return port;
  }

  #successor(view: DataView, at: number, namer: Neighbor): Neighbor | null {
    if (view.getUint32(at + DESCRIPTOR_HAS_NEXT, true) === 0) return null;
    return this.#neighbors.resolve(view, at + DESCRIPTOR_NEXT, namer);
  }

  /** The limit that the endpoints of a message from another node go over, if they do. */
  excess({ neighbor, count }: Arrival): string | null {
    if (count === 0 || neighbor.self) return null;
    const { limits, pipes } = neighbor.link!;
    if (count > limits.maxPipesPerMessage) return "too-many-pipes-in-message";
    return pipes + count > limits.maxPipes ? "too-many-pipes" : null;
  }

  /** Takes the endpoints of a message from another node in. */
  admit(event: Arrival): void {
    const { view, end, count } = event, link = event.neighbor.link!;
    event.ports = [];
    event.admitted = true;
    for (let at = end - count * DESCRIPTOR_BYTES; at < end; at += DESCRIPTOR_BYTES) {
      event.ports.push(this.receive(link, view, at));
    }
  }

  /**
   * Turns the endpoints of a message from another node away, as if accepted and closed at once. One whose
   * successor is here is missed once it is named.
   */
  refuse({ neighbor, view, end, count, admitted }: Arrival): void {
    if (neighbor.self || admitted) return;
    for (let at = end - count * DESCRIPTOR_BYTES; at < end; at += DESCRIPTOR_BYTES) {
      const name = this.#names.next(), next = this.#successor(view, at, neighbor);
      sendAccepted(name, neighbor, Name.read(view, at));
      const link = next?.link;
      if (!link || link.neighbor.self) continue;
      neighbor.link?.noteAnswerOver(link);
      sendStillborn(name, link, Name.read(view, at + DESCRIPTOR_NEXT + 16));
    }
  }
}
