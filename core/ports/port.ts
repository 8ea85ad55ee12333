/**
 * One end of a hop, and the states it goes through.
 *
 * A pipe is a ring of ports: two ends that people hold and, for a while after an end has moved, the
 * proxies it left behind. Each port sends along `next` and listens to `prev` alone.
 *
 * ```text
 *          attached to a message           Accepted from the new port
 *   OPEN ------------------------> MOVING ----------------------------> PROXY
 *     | closed, by its holder or        | closed, or the                  | skipped, or
 *     | with the message it is in       | destination is lost             | closed
 *     +-----------> GONE <--------------+---------------------------------+
 *                    ^                      with something left to send   |
 *                    +--------------------- DRAINING <--------------------+
 * ```
 *
 * A port never moves: the destination makes a new one, with a name of its own. What a port has left to
 * send on a hop that ends is handed to a *draining* port of the same name, which ends the hop behind it.
 *
 * @module
 */
import type { Name } from "../names.ts";
import type { Encoder } from "../wire/encoder.ts";
import { FORWARD_HEAD_BYTES, OPENING_CREDIT } from "../wire/event.ts";
import type { Arrival } from "./arrival.ts";
import type { Link, Neighbor } from "./link.ts";
import { MessageQueue } from "./message_queue.ts";
import type { ParkedEvents } from "./parked_events.ts";

/** The states of a port. */
export const PortState: {
  readonly Open: 0;
  readonly Moving: 1;
  readonly Proxy: 2;
  readonly Draining: 3;
  readonly Gone: 4;
} = { Open: 0, Moving: 1, Proxy: 2, Draining: 3, Gone: 4 };

/** How the in-hop ended: its sender was closed in good order, or the route died. */
export type EndReason = "closed" | "lost";

/** What a port lends from the first message on. */
const WINDOW_BYTES = 256 * 1024;

/** The largest message that others are joined to. */
const MAX_JOINED_BYTES = 8 * 1024;

/** How a hop ends: nothing more comes; or the receiver is to listen to another port. */
export type Terminator = EndReason | {
  readonly node: Name;
  readonly port: Name;
  readonly first: number;
};

/** Who takes messages from an open port. Its methods run inside the node's handling of one event. */
export interface PortSink {
  /**
   * A message that arrived next in order for an empty queue. The bytes are borrowed for the call.
   * Returns false to have it queued instead; then nothing was taken.
   */
  deliver(
    bytes: Uint8Array<ArrayBuffer>,
    view: DataView<ArrayBuffer>,
    start: number,
    end: number,
    ports: Port[],
    flags: number,
  ): boolean;
  /** A message was queued. May take messages out, and calls nothing else of the node. */
  queued(): void;
  /** Nothing more will arrive behind what is queued. Never calls back into the node. */
  ended(): void;
  /** The port sends to another one from here on, which may be on another node, or to none. */
  rerouted(): void;
  /** The port leaves its holder: it was attached to a message, or fused. The sink is let go. */
  left(): void;
}

/** What ports have when nothing is attached. */
export const NO_PORTS: Port[] = [];

/** One end of a hop. Only {@linkcode Node} changes it. */
export class Port {
  /** Its name, chosen here and never used again. */
  readonly name: Name;
  /** One of {@linkcode PortState}. */
  state: number = PortState.Open;
  /** The node that events are sent to; `null` when the out-hop has ended. */
  nextNode: Neighbor | null = null;
  /** The port there. */
  nextPort: Name | null = null;
  /** Where messages to `next` are encoded; once the out-hop has ended, where they are dropped. */
  out: Encoder;
  /** The node that events are taken from; `null` when the in-hop has ended. */
  prevNode: Neighbor | null = null;
  /** The port there. */
  prevPort: Name | null = null;
  /** What may be sent on the out-hop in all, from its first message on, and what was sent. */
  granted: number = OPENING_CREDIT;
  /** See {@linkcode granted}. */
  spent = 0;
  /** The total that the neighbor was last told is needed. */
  needed = 0;
  /** Whether it was told that nobody reads what is sent on the out-hop. */
  unheard = false;
  /** Whether it was told that endpoints wait. */
  carries = false;
  /** Open: messages written, and not sent for want of credit. */
  unsent: MessageQueue | null = null;
  /** Whether it waits until the way to its neighbor is less full. */
  clogged = false;
  /** Called once nothing waits in it any more, or it is no longer here. */
  whenSent: (() => void)[] | null = null;
  /** Moving: the port that sends what was unsent. */
  tail: Port | null = null;
  /** Draining: what comes behind the queue, as soon as it is known. */
  terminator: Terminator | null = null;
  /** What was granted to `prev`, and how much of that it has not used. */
  lent: number = OPENING_CREDIT;
  /** See {@linkcode lent}. */
  room: number = OPENING_CREDIT;
  /** The total that `prev` needs to send what waits there. */
  wanted = 0;
  /** Whether endpoints wait there. */
  pressed = false;
  /** How much may be unread here and on its way, as long as the link can afford it. */
  window: number = WINDOW_BYTES;
  /** The number of the next forward event. Never goes back, also when `next` changes. */
  outSeq = 0;
  /** The number expected next from `prev`. */
  inSeq = 0;
  /** Who takes its messages. */
  sink: PortSink | null = null;
  /** Open: unread messages. Otherwise those to be passed on. */
  queue: MessageQueue | null = null;
  /** Who holds it; `null` while it is attached to a message. */
  holder: object | null = null;
  /** The port whose queue holds the message this one is attached to. */
  container: Port | null = null;
  /** Whether the first event of this `prev` has come. */
  confirmed = true;
  /** Who named this `prev`, until it is confirmed. */
  via: Neighbor | null = null;
  /** Proxy: this `prev` was asked to send past us. */
  asked = false;
  /** Proxy: what its `next` asked of it, to be done if it turns out that it stays. */
  declined: Arrival | null = null;
  /** Moving: where to. */
  to: Neighbor | null = null;
  /** Moving: the origins of the probes to be passed on. */
  probes: Name[] | null = null;
  /** Proxy: whether a probe of its own may be on its way. */
  probing = false;
  /** Why the in-hop ended. */
  reason: EndReason = "closed";
  /** For people: what is known about a lost route. */
  detail = "";
  /** The link it was received over, which it counts against. */
  source: Link | null = null;
  /** The link over which we were told where `next` is: it pays for what waits there because of it. */
  guide: Link | null = null;
  /** Proxy that took over the hop of a port that crossed a border: the link by which that one left. */
  border: Link | null = null;
  /** Events that came before their turn. */
  parked: ParkedEvents | null = null;
  /** Which of its messages are stretches of a stream, and mean nothing by themselves. */
  streams: "in" | "out" | null = null;
  /** The next port with the same hash. */
  bucket: Port | null = null;

  readonly #nowhere: Encoder;

  /** Makes an open port without neighbors. Messages without a way are encoded to `nowhere`. */
  constructor(name: Name, nowhere: Encoder) {
    this.name = name;
    this.out = this.#nowhere = nowhere;
  }

  /** Sets the out-hop. A reference to a lost node is a lost hop. */
  setNext(node: Neighbor, name: Name): void {
    if (node.link === null) return this.endNext();
    this.nextNode = node;
    this.nextPort = name;
    this.out = node.link.output;
    this.granted = OPENING_CREDIT;
    this.spent = this.needed = 0;
    this.carries = this.unheard = false;
  }

  /** Sets the in-hop. What was lent to the last one counts no more. */
  setPrev(node: Neighbor, name: Name): void {
    this.endPrev();
    this.prevNode = node;
    this.prevPort = name;
    this.lent = this.room = OPENING_CREDIT;
    this.wanted = 0;
    this.pressed = false;
  }

  /** Ends the in-hop. */
  endPrev(): void {
    const link = this.prevNode?.link;
    if (link) {
      link.lent -= this.room - OPENING_CREDIT;
      link.hungry.delete(this);
      link.freed();
    }
    this.prevNode = this.prevPort = this.via = null;
  }

  /** Ends the out-hop. */
  endNext(): void {
    this.nextNode = this.nextPort = null;
    this.out = this.#nowhere;
  }

  /** A draining port that has the out-hop of this one, and the numbers to send `queue` and end it. */
  split(queue: MessageQueue | null): Port {
    const tail = new Port(this.name, this.#nowhere);
    tail.state = PortState.Draining;
    tail.nextNode = this.nextNode;
    tail.nextPort = this.nextPort;
    tail.out = this.out;
    tail.granted = this.granted;
    tail.spent = this.spent;
    tail.needed = this.needed;
    tail.carries = this.carries;
    tail.outSeq = this.outSeq;
    tail.queue = queue;
    // For each message also one to ask for its credit, and one to ask whether there is an end.
    this.outSeq += queue === null ? 1 : 2 * queue.length + 2;
    return tail;
  }

  /** Takes what is unsent: nothing is, from here on. */
  takeUnsent(): MessageQueue | null {
    const queue = this.unsent;
    this.unsent = null;
    this.sent();
    return queue;
  }

  /** Nothing waits in it any more: tells who asked. */
  sent(): void {
    const waiting = this.whenSent;
    if (waiting === null) return;
    this.whenSent = null;
    for (const resume of waiting) resume();
  }

  /**
   * How large a message may become that others of the same direction are joined to, so that `link` can take
   * it; 0 when they are to stay as they are.
   */
  joined(direction: "in" | "out", link: Link | null): number {
    if (this.streams !== direction || link === null) return 0;
    return Math.min(MAX_JOINED_BYTES, link.output.maxFrameBytes - FORWARD_HEAD_BYTES);
  }

  /** The queue, made when first needed. */
  get messages(): MessageQueue {
    return this.queue ??= new MessageQueue();
  }

  /** Whether a message can be read. */
  get readable(): boolean {
    return this.queue !== null && this.queue.length > 0;
  }
}
