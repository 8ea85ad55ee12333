/**
 * What must hold of the ports and links of a node after every step: accounts are right, and what waits
 * has to wait, and was asked for.
 *
 * @module
 */
import type { Link } from "../../core/ports/link.ts";
import type { MessageQueue } from "../../core/ports/message_queue.ts";
import type { Node } from "../../core/ports/node.ts";
import { type Port, PortState } from "../../core/ports/port.ts";
import { MESSAGE_OVERHEAD_BYTES, OPENING_CREDIT } from "../../core/wire/event.ts";
import { check } from "./model.ts";
import { parkedIn } from "./node_print.ts";

/** What a link is to count. */
class Account {
  pipes = 0;
  lent = 0;
  unreadBytes = 0;
  parkedBytes = 0;
  heldReplyBytes = 0;
}

const COUNTS = ["pipes", "lent", "unreadBytes", "parkedBytes", "heldReplyBytes"] as const;

/** Checks all that a node has. */
export function checkNode(node: Node): void {
  const accounts = new Map<Link, Account>(), ports = node.ports.all();
  const accountOf = (link: Link) => {
    let account = accounts.get(link);
    if (account === undefined) accounts.set(link, account = new Account());
    return account;
  };
  for (const port of ports) {
    if (port.source !== null) accountOf(port.source).pipes++;
    const lender = port.prevNode?.link;
    if (lender) accountOf(lender).lent += port.room - OPENING_CREDIT;
    for (const queue of [port.queue, port.unsent]) {
      checkQueue(queue);
      for (let at = queue?.peek() ?? null; at !== null; at = at.next) {
        if (at.link === null) continue;
        accountOf(at.link)[at.reply ? "heldReplyBytes" : "unreadBytes"] += at.cost;
      }
    }
    for (const { payer, bytes } of parkedIn(port)) {
      if (payer === null) continue;
      accountOf(payer).parkedBytes += bytes.length + MESSAGE_OVERHEAD_BYTES;
    }
    checkOutHop(port);
    checkInHop(port);
    checkTail(ports, port);
  }
  // Nothing is under way within a node between two of its events.
  check(node.self.link!.output.at === 0, "an event of the node to itself is left");
  for (const link of [node.self.link!, ...node.links()]) {
    const account = accountOf(link);
    for (const what of COUNTS) {
      check(
        link[what] === account[what] || what === "lent" && link.neighbor.self,
        `a link counts ${what} ${link[what]}, not ${account[what]}`,
      );
    }
    for (const port of link.hungry.keys()) {
      check(ports.includes(port), "a port that is gone wants to lend");
      check(port.prevNode === link.neighbor, "a port wants to lend to another link");
      check(port.wanted > port.lent, "a port wants to lend what nobody needs");
    }
  }
}

function checkQueue(queue: MessageQueue | null): void {
  let length = 0, cost = 0, carried = 0;
  for (let at = queue?.peek() ?? null; at !== null; at = at.next) {
    length++;
    cost += at.cost;
    carried += at.ports.length;
  }
  check(
    queue === null ||
      queue.length === length && queue.cost === cost && queue.carried === carried,
    "a queue counts what is not in it",
  );
}

/** What waits to leave has to wait, and the neighbor knows of it. */
function checkOutHop(port: Port): void {
  const { state, unsent, nextNode, unheard } = port;
  check(unsent === null || state === PortState.Open, `unsent in state ${state}`);
  check(unsent === null || unsent.length > 0, "nothing is unsent, and it is noted");
  const hasBoth = nextNode !== null && port.prevNode !== null;
  check(hasBoth || state !== PortState.Proxy, "a proxy has lost one of its hops");
  const free = nextNode === null || nextNode.self;
  // Where nobody reads, nothing more is spent, and what was is no matter.
  check(free || unheard || port.spent <= port.granted, "more was spent than granted");
  const queue = waitingIn(port), first = queue?.peek() ?? null;
  if (queue === null || first === null) return;
  check(nextNode !== null, "what waits has no way to go");
  check(!port.clogged, "the way is clogged, and all of it was taken");
  check(!free && port.spent + first.cost > port.granted, "what waits could go");
  check(port.needed === port.spent + first.cost, "what waits was not asked for");
  const mustPress = queue.carried > 0 || state === PortState.Proxy && port.pressed;
  check(port.carries || !mustPress, "nobody was told that endpoints wait");
}

function waitingIn(port: Port): MessageQueue | null {
  if (port.state === PortState.Open) return port.unsent;
  return port.state === PortState.Moving ? null : port.queue;
}

/** Whoever waits is lent to, unless something unread or the limit of the link stands against it. */
function checkInHop(port: Port): void {
  check(port.room >= 0, "more came than was lent");
  const link = port.prevNode?.link;
  if (!link || link.neighbor.self || port.wanted <= port.lent) return;
  const garbage = port.pressed && port.holder === null && port.state === PortState.Open;
  const idle = port.queue === null || port.queue.length === 0;
  if (idle || garbage) check(link.hungry.has(port), "who waits was forgotten");
}

function checkTail(ports: readonly Port[], port: Port): void {
  const { state, tail, terminator } = port;
  check(state !== PortState.Gone, "a port is gone, and still there");
  check(
    tail === null || state !== PortState.Moving || tail.state === PortState.Gone ||
      tail.state === PortState.Draining && ports.includes(tail),
    "a moving port has lost its tail",
  );
  if (state !== PortState.Draining) return check(terminator === null, "a terminator");
  check(port.prevNode === null && port.source === null, "a tail has an in-hop");
  check(
    terminator === null
      ? ports.some((other) => other.tail === port && other.state === PortState.Moving)
      : port.queue!.length > 0,
    "a tail has nothing to wait for",
  );
}

/** Checks that a link counts nothing, when everything is closed. */
export function checkNothingLeft(link: Link): void {
  const isOver = link.neighbor.link !== link;
  for (const what of COUNTS) {
    // Nobody lends over a link that is over.
    if (isOver && what === "lent") continue;
    check(link[what] === 0, `a link counts ${what} ${link[what]} when all are closed`);
  }
  check(link.unsentAnswerBytes === 0, "a link counts unsent answers at rest");
  check(link.hungry.size === 0 || isOver, "a port wants to lend when all are closed");
}
