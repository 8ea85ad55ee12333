/**
 * What leaves a port: messages, as far as the credit of the hop goes, and behind them how the hop ends.
 *
 * @module
 */
import type { Encoder } from "../wire/encoder.ts";
import {
  DESCRIPTOR_BYTES,
  FORWARD_HEAD_BYTES,
  MESSAGE_HOPS,
  MESSAGE_OVERHEAD_BYTES,
  NOBODY_READS,
} from "../wire/event.ts";
import { mayMeet } from "./border.ts";
import { lend } from "./credit.ts";
import type { Link, Neighbor } from "./link.ts";
import type { Loopback } from "./loopback.ts";
import { MessageQueue } from "./message_queue.ts";
import { type Port, PortState, type Terminator } from "./port.ts";
import type { PortTable } from "./port_table.ts";
import { finishMessage, sendClosed, sendNeed, sendSwitch } from "./send.ts";

/** Proxies that a message with endpoints may cross: two such messages can chase each other for ever. */
const MAX_HOPS = 32;

/** What outflow leaves to the router. */
export interface Remover {
  /** Forgets a port. */
  cease(port: Port): void;
  /** Drops open ports soon. */
  drop(ports: readonly Port[]): void;
  /** Has a proxy of this node take over the hop of a port that is about to move to the node `to`. */
  cut(port: Port, to: Neighbor): void;
}

/** Sends the messages of ports, or keeps them until they can go. */
export class Outflow {
  readonly #ports: PortTable;
  readonly #loopback: Loopback;
  readonly #remover: Remover;

  /** Makes one for the ports of a node. */
  constructor(ports: PortTable, loopback: Loopback, remover: Remover) {
    this.#ports = ports;
    this.#loopback = loopback;
    this.#remover = remover;
  }

  // ------------------------------------------------------------------ messages

  /** Keeps the message of the open `port` that is open in `out`, for want of credit. Cannot fail. */
  keep(port: Port, out: Encoder, flags: number, reply: boolean): void {
    const ports = out.handles.slice() as Port[], link = port.nextNode!.link;
    for (const attached of ports) attached.holder = attached.sink = null;
    if (port.unheard) {
      this.#remover.drop(ports);
      out.cancel(null);
      return;
    }
    const queue = port.unsent ??= new MessageQueue(),
      start = out.start + FORWARD_HEAD_BYTES;
    const joined = reply ? 0 : port.joined("out", link),
      payer = reply ? link : null;
    queue.push(out.bytes, start, out.at, ports, flags, payer, reply, joined);
    out.cancel(null);
    for (const attached of ports) lend(attached);
    this.#wait(port, queue);
  }

  /** Sends a message that the proxy `port` received on, or keeps it until that is possible. */
  pass(
    port: Port,
    bytes: Uint8Array<ArrayBuffer>,
    from: number,
    to: number,
    ports: Port[],
    flags: number,
    source: Link | null,
  ): void {
    if (port.unheard) return this.#remover.drop(ports);
    if (!port.readable && canSend(port, to - from + MESSAGE_OVERHEAD_BYTES, source)) {
      if (this.#send(port, bytes, from, to, ports, flags, source)) return;
      this.#remover.drop(ports);
      this.#fail(port);
      return;
    }
    port.messages.push(bytes, from, to, ports, flags, source);
    this.#wait(port, port.messages);
  }

  /** Sends what waits, as far as it can go. */
  flush(port: Port): void {
    const queue = waiting(port);
    if (queue === null) return;
    if (port.nextNode === null) return this.#dropWaiting(port, queue);
    for (let entry = queue.peek(); entry !== null; entry = queue.peek()) {
      const { bytes, start, end, ports, flags, link, reply, cost } = entry;
      const source = reply ? null : link;
      if (!canSend(port, cost, source)) {
        this.#wait(port, queue);
        break;
      }
      if (!this.#send(port, bytes, start, end, ports, flags, source)) {
        return this.#fail(port);
      }
      if (reply) port.nextNode.link!.unsentReplyBytes += end - start;
      queue.shift();
    }
    if (queue.length === 0) {
      if (port.state === PortState.Open) port.takeUnsent();
      else port.sent();
      if (port.state === PortState.Draining) this.#terminate(port);
    }
    lend(port);
  }

  /** The neighbor has granted so much in all. */
  granted(port: Port, total: number): void {
    // Stale: it has granted more since, or said that nobody reads.
    if (port.unheard || total <= port.granted) return;
    if (total === NOBODY_READS) {
      const queue = waiting(port);
      if (queue !== null) this.#empty(queue);
      // From here on nothing is sent but how the hop ends. Credit is not what it is short of.
      port.unheard = true;
      port.granted = 0;
    } else port.granted = total;
    this.flush(port);
  }

  /** Waits for credit, or until the way there is less full. */
  #wait(port: Port, queue: MessageQueue): void {
    const total = port.spent + queue.peek()!.cost, link = port.nextNode?.link;
    if (!link) return;
    if (!isCovered(port, queue.peek()!.cost)) {
      // What waits before this port waits for the same.
      const carries = queue.carried > 0 || port.pressed;
      if (total <= port.needed && (port.carries || !carries)) return;
      port.needed = total;
      port.carries = carries;
      sendNeed(port, total, carries);
    } else if (!port.clogged) {
      port.clogged = true;
      link.whenRelieved(() => {
        port.clogged = false;
        this.flush(port);
      });
    }
  }

  /**
   * Sends a message under the name and number of `port`. False when it cannot go on: the route ahead
   * cannot take it, or leads in circles; or the message was part of a cycle that was closed. None of
   * that is the doing of who sent it.
   */
  #send(
    port: Port,
    bytes: Uint8Array<ArrayBuffer>,
    from: number,
    to: number,
    ports: Port[],
    flags: number,
    source: Link | null,
  ): boolean {
    const link = port.nextNode?.link, carries = ports.length > 0;
    const size = to - from + FORWARD_HEAD_BYTES + ports.length * DESCRIPTOR_BYTES;
    if (
      !link || (carries && (flags & MESSAGE_HOPS) >= MAX_HOPS) ||
      // A proxy may stay here for each endpoint, as long as the neighbor wants it to.
      (carries && source !== null &&
        link.borders + ports.length > link.limits.maxPipes) ||
      size > link.output.maxFrameBytes ||
      ports.length > link.maxPipesPerMessage ||
      ports.some((attached) => attached.state !== PortState.Open)
    ) return false;
    const { neighbor } = link;
    // ORDER: what this says must not get into the message.
    if (!neighbor.self) this.depart(ports, neighbor);
    const out = link.events();
    out.begin(FORWARD_HEAD_BYTES);
    out.need(to - from);
    out.bytes.set(bytes.subarray(from, to), out.at);
    out.at += to - from;
    port.spent += to - from + MESSAGE_OVERHEAD_BYTES;
    const flagsNow = carries ? flags + 1 : flags;
    if (neighbor.self) {
      finishMessage(
        port,
        link,
        out,
        ports,
        this.#loopback.attach(out, ports, source, flagsNow),
      );
      return true;
    }
    finishMessage(port, link, out, ports, flagsNow);
    // What this node wrote itself is its own: it waits here until it can go.
    if (source !== null) link.unsentForwardBytes += size;
    return true;
  }

  /** The message that is first cannot go on: the route ends. */
  #fail(port: Port): void {
    if (port.nextNode === null) return; // Stale: the route ahead is gone.
    sendClosed(port, "lost");
    if (port.state === PortState.Open) {
      this.flush(port);
      port.sink?.rerouted();
    } else this.#remover.cease(port);
  }

  #dropWaiting(port: Port, queue: MessageQueue): void {
    if (port.state === PortState.Open) port.takeUnsent();
    this.#empty(queue);
  }

  #empty(queue: MessageQueue): void {
    for (let entry = queue.shift(); entry !== null; entry = queue.shift()) {
      this.#remover.drop(entry.ports);
      if (entry.reply) entry.link!.relieve();
    }
  }

  // ------------------------------------------------------------------ ends

  /**
   * Ports that are about to leave for the node `to` hand over what they have not sent, and their hop, if it
   * leads to a node that may not meet that one.
   */
  depart(ports: readonly Port[], to: Neighbor): void {
    for (const port of ports) {
      const { nextNode } = port;
      if (nextNode !== null && !mayMeet(nextNode, to)) this.#remover.cut(port, to);
      if (port.unsent !== null) port.tail = this.detach(port);
    }
  }

  /**
   * Takes the out-hop of an open port away, with what is unsent: {@linkcode end} ends it. The numbers that
   * it may need are used up.
   */
  detach(port: Port): Port {
    const tail = port.split(port.unsent);
    port.takeUnsent();
    if (tail.queue !== null) this.#ports.add(tail);
    return tail;
  }

  /** The out-hop of `tail` ends behind what waits in it. */
  end(tail: Port, terminator: Terminator): void {
    if (tail.state === PortState.Gone) return; // Benign: its way was lost.
    tail.terminator = terminator;
    if (!tail.readable) this.#terminate(tail);
  }

  /** Ends the only out-hop of `port` behind what waits in `queue`, and the port. */
  retire(port: Port, queue: MessageQueue | null, terminator: Terminator): void {
    const tail = port.split(queue);
    if (queue !== null) {
      if (queue === port.queue) port.queue = null;
      else port.takeUnsent();
      this.#ports.add(tail);
    }
    this.end(tail, terminator);
    this.#remover.cease(port);
  }

  #terminate(tail: Port): void {
    const { terminator } = tail;
    if (terminator === null) return;
    if (typeof terminator === "string") sendClosed(tail, terminator);
    else sendSwitch(tail, terminator.node, terminator.port, terminator.first);
    if (tail.queue !== null) this.#remover.cease(tail);
  }
}

/** What waits to leave by the out-hop of `port`. */
function waiting(port: Port): MessageQueue | null {
  if (port.state === PortState.Open) return port.unsent;
  return port.state === PortState.Moving ? null : port.queue;
}

/** Whether the credit of the out-hop covers a message. What stays on the node needs none. */
function isCovered(port: Port, cost: number): boolean {
  return port.nextNode!.self || port.spent + cost <= port.granted;
}

/** Whether a message that came from `source` can go on now. */
function canSend(port: Port, cost: number, source: Link | null): boolean {
  const link = port.nextNode?.link;
  if (!link) return true;
  return isCovered(port, cost) &&
    (source === null || link.unsentForwardBytes <= link.limits.maxUnreadBytes);
}
