/**
 * What must be so in a world: after every step, when nothing is under way, and when everything was
 * closed. A promise that is not kept throws {@linkcode Broken}.
 *
 * @module
 */
import type { Link } from "../../core/ports/link.ts";
import type { MessageQueue } from "../../core/ports/message_queue.ts";
import { type Port, PortState } from "../../core/ports/port.ts";
import { MESSAGE_OVERHEAD_BYTES, OPENING_CREDIT } from "../../core/wire/event.ts";
import type { Arrival } from "../../core/ports/arrival.ts";
import { isOnBorder, isSound, portOf, ringOf } from "./border.ts";
import { check } from "./broken.ts";
import { CLOSED, End, fateOf, FUSED, IN_MESSAGE, type Pipe } from "./model.ts";
import { netOf } from "./topology.ts";
import { World } from "./world.ts";

/** What a link is to count. */
interface Account {
  pipes: number;
  borders: number;
  unread: number;
  parked: number;
  lent: number;
  replies: number;
}

/** Checks all nodes on which something happened since the last time. */
export function checkStep(world: World): void {
  const held: End[][] = world.nodes.map(() => []);
  for (const end of world.ends) if (end.place >= 0) held[end.place]!.push(end);
  for (const node of world.stirred) {
    if (world.isHonest(node)) checkNode(world, node, held[node]);
  }
  world.stirred.clear();
}

/** Checks what must always be so on a node. */
export function checkNode(
  world: World,
  i: number,
  held: readonly End[] = world.heldOn(i),
): void {
  const node = world.nodes[i]!, accounts = new Map<Link, Account>();
  const attached = new Set<Port>(), ports = node.ports.all();
  for (const port of ports) {
    if (port.source !== null) accountOf(accounts, port.source).pipes++;
    if (port.border !== null) accountOf(accounts, port.border).borders++;
    const lender = port.prevNode?.link;
    if (lender) accountOf(accounts, lender).lent += port.room - OPENING_CREDIT;
    for (const queue of [port.queue, port.unsent]) {
      let cost = 0;
      for (let at = queue?.peek() ?? null; at !== null; at = at.next) {
        if (at.link !== null) {
          accountOf(accounts, at.link)[at.reply ? "replies" : "unread"] += at.cost;
        }
        attach(i, attached, at.ports);
        cost += at.cost;
      }
      check((queue?.cost ?? 0) === cost, "queue-cost", () => `node ${i}`);
    }
    checkCredit(world, i, port);
    for (const event of parkedIn(port)) {
      if (event.payer !== null) {
        accountOf(accounts, event.payer).parked += event.bytes.length +
          MESSAGE_OVERHEAD_BYTES;
      }
      attach(i, attached, event.ports);
    }
  }
  for (const port of ports) {
    check(
      port.state !== PortState.Gone,
      "gone",
      () => `node ${i} has a port that is gone`,
    );
    const { holder } = port;
    if (holder === null) {
      if (port.state !== PortState.Open) continue;
      check(
        attached.has(port),
        "handle-lost",
        () => `node ${i} has a port that nobody has`,
      );
      continue;
    }
    check(holder instanceof End && holder.port === port, "holder", () => `of node ${i}`);
    check(holder.place === i, "handle-elsewhere", () => `${holder} is not on node ${i}`);
    check(
      port.state === PortState.Open,
      "held",
      () => `${holder} is held and ${port.state}`,
    );
    check(
      !attached.has(port),
      "handle-twice",
      () => `${holder} is held and in a message`,
    );
  }
  for (const end of held) {
    check(
      node.ports.get(end.port!.name) === end.port,
      "forgotten",
      () => `${end} is no more`,
    );
    checkHeld(world, end);
  }
  for (const link of node.links()) checkAccount(i, link, accounts.get(link));
}

function attach(i: number, attached: Set<Port>, ports: readonly Port[]): void {
  for (const port of ports) {
    check(
      !attached.has(port),
      "handle-twice",
      () => `node ${i} has a port in two messages`,
    );
    check(
      port.state === PortState.Open,
      "attached",
      () => `a port in state ${port.state}`,
    );
    attached.add(port);
  }
}

function checkAccount(i: number, link: Link, account: Account | undefined): void {
  const { pipes = 0, borders = 0, unread = 0, parked = 0, lent = 0, replies = 0 } =
    account ?? {};
  const counts: [string, number, number][] = [
    ["pipes", link.pipes, pipes],
    ["borders", link.borders, borders],
    ["unread-bytes", link.unreadBytes, unread],
    ["parked-bytes", link.parkedBytes, parked],
    ["lent", link.lent, lent],
    ["held-replies", link.heldReplyBytes, replies],
  ];
  for (const [what, count, real] of counts) {
    const who = () => `node ${i} to ${link.neighbor.key}`;
    check(count === real, what, () => `${who()} counts ${count}, not ${real}`);
  }
}

/** What a port holds back it must hold back, and somebody was asked. */
function checkCredit(world: World, i: number, port: Port): void {
  const who = () => `node ${i}, ${port.holder ?? port.name}`;
  check(port.room >= 0, "overdrawn", who);
  if (world.hostile.size === 0) {
    const free = port.nextNode === null || port.nextNode.self || port.unheard;
    check(free || port.spent <= port.granted, "overspent", who);
  }
  const queue = waitingToLeave(port), first = queue?.peek();
  if (!first || port.nextNode === null) {
    const idle = port.state !== PortState.Open || port.unsent === null;
    check(idle, "unsent-nowhere", who);
    return;
  }
  check(port.clogged || port.spent + first.cost > port.granted, "held-back", who);
  check(port.clogged || port.needed === port.spent + first.cost, "never-asked", who);
}

/** What waits for credit in `port`. */
export function waitingToLeave(port: Port): MessageQueue | null {
  if (port.state === PortState.Open) return port.unsent;
  if (port.state === PortState.Moving || !port.readable) return null;
  return port.queue;
}

/** Whether anything waits for credit on an honest node. */
export function holdsBack(world: World): boolean {
  return world.nodes.some((node, i) =>
    world.isHonest(i) && node.ports.all().some((port) => waitingToLeave(port) !== null)
  );
}

/** Checks what an end that somebody holds shows. */
function checkHeld(world: World, end: End): void {
  const port = end.port!;
  if (port.sink !== null) {
    check(end.told === (port.prevNode === null), "not-told", () => `${end} was not told`);
  }
  if (world.isTainted(end.pipe)) return;
  checkQueue(end, port);
  checkEnd(world, end, port);
}

/** What is queued is what comes next. */
function checkQueue(end: End, port: Port): void {
  let at = port.queue?.peek() ?? null;
  for (let i = end.received; at !== null; at = at.next, i++) {
    const message = end.inbox[i], id = World.idOf(at.bytes, at.start);
    check(
      message?.id === id,
      "order",
      () => `${end} has m${id}, and m${message?.id} is next`,
    );
    check(message!.attached.length === at.ports.length, "attached", () => `in m${id}`);
  }
}

/** If nothing more comes, that must be so for a reason. */
function checkEnd(world: World, end: End, port: Port): void {
  if (port.prevNode !== null) return;
  const { peer } = end, fate = fateOf(peer);
  if (port.reason === "lost") {
    const excused = fate === "cycle" || world.excuse(end.pipe) !== null;
    check(excused, "cut", () => `${end} is lost without a loss`);
    return;
  }
  // What was attached to a message that a lost link took along is closed, not lost.
  const closed = peer.place === CLOSED || peer.place === FUSED || fate !== null ||
    (peer.place === IN_MESSAGE && world.excuse(peer.pipe) !== null);
  check(closed, "closed-early", () => `${end} ended, ${peer} is open`);
  const there = end.received + (port.queue?.length ?? 0), all = end.inbox.length;
  check(
    there === all,
    "closed-early",
    () => `${end} ended with ${there} messages of ${all}`,
  );
}

// ------------------------------------------------------------------ rest

/** What is left at rest of what hostile nodes did to their own pipes. */
export interface Leftovers {
  /** Ports that wait to be accepted. */
  moving: number;
  /** Ports that forward. */
  proxies: number;
  /** Ports with events parked. */
  parked: number;
  /** Ports that listen to a port that is there and sends elsewhere. */
  astray: number;
}

/**
 * Checks what must be so when nothing is under way. Where hostile nodes were, some things may be left
 * over: they are counted, and nothing else is let pass.
 */
export function checkRest(world: World): Leftovers {
  const left: Leftovers = { moving: 0, proxies: 0, parked: 0, astray: 0 };
  // What nobody has read yet may hold up what comes behind it.
  const waits = holdsBack(world), strict = world.hostile.size === 0 && !waits;
  for (const i of world.nodes.keys()) {
    if (!world.isHonest(i)) continue;
    checkNode(world, i);
    for (const port of world.nodes[i]!.ports.all()) {
      const where = () => `node ${i}, ${port.holder ?? port.name}`;
      if (port.state === PortState.Moving) left.moving++;
      if (port.state === PortState.Proxy) left.proxies++;
      if (port.parked !== null && !port.parked.isEmpty) left.parked++;
      if (!strict) continue;
      check(
        port.state === PortState.Open || isOnBorder(world, i, port),
        "not-open",
        () => `${where()} in state ${port.state}`,
      );
      check(port.parked === null || port.parked.isEmpty, "parked", where);
    }
    // ORDER: after the states, which say more about what went wrong.
    for (const port of world.nodes[i]!.ports.all()) {
      if (!waits && !isDirect(world, i, port, strict)) left.astray++;
    }
  }
  if (waits) return left;
  for (const end of world.ends) {
    if (world.isHonest(end.place)) checkContent(world, end, end.port!, 0);
  }
  for (const i of world.nodes.keys()) if (world.isHonest(i)) checkLinks(world, i);
  return left;
}

/** Whether both hops of a port end at one that sends back here. */
function isDirect(world: World, i: number, port: Port, strict: boolean): boolean {
  const where = () => `node ${i}, ${port.holder ?? "in a message"}`,
    { prevNode, prevPort } = port;
  const half = (port.nextNode === null) !== (prevNode === null);
  check(!half || !strict, "half-open", where);
  if (prevNode === null) return !half;
  const there = world.nodeOf(prevNode.name);
  if (there >= 0 && world.hostile.has(there) && !world.dead.has(there)) return true;
  const peer = there < 0 || world.dead.has(there)
    ? null
    : world.nodes[there]!.ports.get(prevPort!);
  // With a hostile node around: whoever waits for one that is not there waits for ever.
  check(peer !== null, "listens-to-nobody", where);
  if (world.topology === "isolated") {
    const sound = isSound(world, ringOf(world, i, port));
    check(sound || !strict, "not-sound", where);
    return sound;
  }
  const mutual = peer!.nextNode !== null && world.nodeOf(peer!.nextNode.name) === i &&
    peer!.nextPort!.equals(port.name) && port.nextNode === prevNode &&
    port.nextPort!.equals(peer!.name) && peer!.prevNode !== null &&
    world.nodeOf(peer!.prevNode.name) === i && peer!.prevPort!.equals(port.name);
  check(mutual || !strict, "not-direct", where);
  return mutual;
}

/** What is unread and whether it has ended is exactly what the model says. */
function checkContent(world: World, end: End, port: Port, depth: number): void {
  if (world.isTainted(end.pipe)) return;
  const { peer } = end, excuse = world.excuse(end.pipe), fate = fateOf(peer);
  check(depth < 100, "nesting", () => `${end}`);
  checkQueue(end, port);
  checkEnd(world, end, port);
  if (excuse === null && fate !== "cycle") {
    const there = end.received + (port.queue?.length ?? 0), all = end.inbox.length;
    check(there === all, "missing", () => `${end} has ${there} messages of ${all}`);
    const ended = peer.place <= CLOSED || fate === "gone";
    check(
      ended === (port.prevNode === null),
      "not-ended",
      () => `${end}, ${peer} is gone`,
    );
  }
  let at = port.queue?.peek() ?? null;
  for (let i = end.received; at !== null; at = at.next, i++) {
    for (const [n, attached] of end.inbox[i]!.attached.entries()) {
      const here = attached.place === IN_MESSAGE && attached.message === end.inbox[i];
      check(here, "handle-elsewhere", () => `${attached} is in m${end.inbox[i]!.id} too`);
      checkContent(world, attached, at.ports[n]!, depth + 1);
    }
  }
}

/** At rest no link owes anything, and who has one to somebody is known there. */
function checkLinks(world: World, i: number): void {
  for (const link of world.nodes[i]!.links()) {
    const j = world.nodeOf(link.neighbor.name), who = () => `${i} to ${j}`;
    if (world.hostile.size > 0 && !world.isHonest(j)) continue;
    check(j >= 0 && !world.dead.has(j), "link-to-dead", who);
    const known = world.areIsolated(i, j) ||
      netOf(world.topology, i) === netOf(world.topology, j);
    check(known, "stranger", who);
    check(link.started, "never-started", who);
    check(link.unsentAnswerBytes === 0, "unsent-answers", who);
    check(link.unsentReplyBytes === 0, "unsent-replies", who);
    check(link.unsentForwardBytes === 0, "unsent-forwards", who);
    check(link.chargedBytes === 0, "charged", who);
    const back = world.nodes[j]!.links().some(({ neighbor }) =>
      world.nodeOf(neighbor.name) === i
    );
    check(back, "one-sided-link", who);
  }
}

/**
 * From here on only what happens now can excuse a loss: every pipe that was spared so far is known to
 * be direct. Call it at rest.
 */
export function forgetPast(world: World): void {
  const pipes = new Set<Pipe>();
  for (const end of world.ends) pipes.add(end.pipe);
  for (const pipe of pipes) {
    world.isTainted(pipe);
    pipe.excuse ??= world.excuse(pipe);
  }
  for (const pipe of pipes) {
    if (pipe.excuse !== null) continue;
    if (world.topology === "isolated") {
      const ends = pipe.ends.map((end) => [end, locate(end), portOf(end)] as const);
      const rings = ends.map(([, i, port]) =>
        port && i >= 0 ? ringOf(world, i, port) : null
      );
      const whole = ends.every(([{ place }], n) => place <= CLOSED || rings[n] !== null);
      const on = rings.flatMap((ring) => ring ?? []);
      if (whole && on.length > 0) pipe.nodes = new Set(on.map(({ node }) => node));
      continue;
    }
    const places = pipe.ends.filter((end) => end.place > FUSED && end.place !== CLOSED)
      .map((end) => locate(end));
    if (places.every((place) => place >= 0)) pipe.nodes = new Set(places);
  }
}

/** The node that `end` is on at rest, or a number below zero. */
function locate(end: End): number {
  const seen = new Set<End>();
  let at = end;
  while (at.place === IN_MESSAGE && at.message !== null && !seen.has(at)) {
    seen.add(at);
    at = at.message.reader;
  }
  return at.place;
}

/** Checks that nothing is left of anything, except what is counted. */
export function countPorts(world: World): number {
  let ports = 0;
  for (const [i, node] of world.nodes.entries()) {
    if (world.isHonest(i)) ports += node.ports.size;
  }
  return ports;
}

function accountOf(accounts: Map<Link, Account>, link: Link): Account {
  let account = accounts.get(link);
  if (account === undefined) {
    account = { pipes: 0, borders: 0, unread: 0, parked: 0, lent: 0, replies: 0 };
    accounts.set(link, account);
  }
  return account;
}

/** What is parked at a port, looked at without a change: the table is put back as it was. */
export function parkedIn(port: Port): Arrival[] {
  const { parked } = port;
  return parked?.all() ?? [];
}
