/**
 * How children with an inherited link are linked to each other: by pairs of sockets that both were born
 * with. Descriptors can be given to a child only when it is started, so each child gets some pairs of
 * which this process keeps the other ends, and hands one of them to each child that it starts later.
 *
 * ```text
 *   first child            this process            second child
 *   4 ----------------------- spare  - - handed over - -> 12
 *   5 ----------------------- spare
 * ```
 *
 * @module
 */
import type { Socket } from "node:net";
import type { Arrangement, MeetingPoint } from "../core/transport.ts";
import { MEANS } from "./means.ts";

/** The other end of a socket that a living child has and nobody uses. */
export interface Offer {
  /** The child. */
  readonly point: InheritedPoint;
  /** Its descriptor. */
  readonly descriptor: number;
  /** The other end. Whoever takes it closes it here. */
  readonly socket: Socket;
}

/** A child that may be linked to its siblings directly. */
export class InheritedPoint implements MeetingPoint {
  /** How many children started later each child can be linked to, and how many started before. */
  static readonly SPARES = 8;
  /** All that live, the oldest first. */
  static readonly #living = new Set<InheritedPoint>();

  readonly #spares: Map<number, Socket>;
  /** By sibling, the descriptor of this child that leads to it. */
  readonly #ways: Map<InheritedPoint, number> = new Map();

  /**
   * A child that was started with `spares` as its descriptors from `first`, and what was offered to it
   * behind them.
   */
  constructor(first: number, spares: readonly Socket[], offers: readonly Offer[]) {
    this.#spares = new Map(spares.map((socket, i) => [first + i, socket]));
    for (const socket of spares) {
      // Not one byte of what siblings say to each other may end up here.
      socket.pause();
      (socket as unknown as { _handle: { readStop(): void } })._handle.readStop();
      socket.on("error", () => {});
    }
    for (const [i, { point, descriptor, socket }] of offers.entries()) {
      this.#ways.set(point, first + spares.length + i);
      point.#ways.set(this, descriptor);
      point.#spares.delete(descriptor);
      socket.destroy();
    }
    InheritedPoint.#living.add(this);
  }

  /** One end each of the children that were started last. */
  static offers(): Offer[] {
    const offers: Offer[] = [];
    for (const point of [...InheritedPoint.#living].reverse()) {
      const [spare] = point.#spares;
      if (spare === undefined) continue;
      offers.push({ point, descriptor: spare[0], socket: spare[1] });
      if (offers.length === InheritedPoint.SPARES) break;
    }
    return offers;
  }

  /** See {@linkcode MeetingPoint.arrange}. Two children can be linked once. */
  arrange(guest: MeetingPoint): Arrangement | null {
    if (!(guest instanceof InheritedPoint)) return null;
    const host = this.#ways.get(guest), way = guest.#ways.get(this);
    if (host === undefined || way === undefined) return null;
    this.#ways.delete(guest);
    guest.#ways.delete(this);
    return {
      host: new Uint8Array([MEANS.descriptor, host]),
      guest: new Uint8Array([MEANS.descriptor, way]),
    };
  }

  /** It has exited. */
  close(): void {
    InheritedPoint.#living.delete(this);
    for (const socket of this.#spares.values()) socket.destroy();
    this.#spares.clear();
    for (const sibling of this.#ways.keys()) sibling.#ways.delete(this);
    this.#ways.clear();
  }
}
