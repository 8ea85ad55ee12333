import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { LIMITS } from "../../core/limits.ts";
import { Name } from "../../core/names.ts";
import { Arrival } from "../../core/ports/arrival.ts";
import { Link, Neighbor } from "../../core/ports/link.ts";
import { MessageQueue } from "../../core/ports/message_queue.ts";
import { ParkedEvents } from "../../core/ports/parked_events.ts";
import { Port, PortState } from "../../core/ports/port.ts";
import { Encoder } from "../../core/wire/encoder.ts";
import { FORWARD_HEAD_BYTES, FROM } from "../../core/wire/event.ts";
import { Fingerprint } from "./fingerprint.ts";
import { addBroken, addLink, addPort } from "./node_print.ts";

const nowhere = new Encoder(1024, 64);
const one = neighbor(1), other = neighbor(2);

function neighbor(word: number): Neighbor {
  const neighbor = new Neighbor(new Name(word, 0, 0, 0), false);
  neighbor.link = linkTo(neighbor);
  return neighbor;
}

function linkTo(neighbor: Neighbor): Link {
  return new Link(neighbor, "peer", LIMITS.tiny, LIMITS.tiny);
}

/** A port with both hops, whose state says something about all of it. */
function openPort(): Port {
  const port = new Port(new Name(7, 0, 0, 0), nowhere);
  port.setNext(one, new Name(8, 0, 0, 0));
  port.setPrev(one, new Name(8, 0, 0, 0));
  return port;
}

function queueOf(
  byte: number,
  more: Partial<Record<"flags", number>> = {},
): MessageQueue {
  const queue = new MessageQueue();
  queue.push(new Uint8Array([byte, 0, 0, 0]), 0, 4, [], more.flags ?? 0, null);
  return queue;
}

function parkedOf(source: Link | null, payer: Link | null): ParkedEvents {
  const bytes = new Uint8Array(FORWARD_HEAD_BYTES), parked = new ParkedEvents();
  const view = new DataView(bytes.buffer);
  const event = new Arrival(one).set(bytes, view, 0, bytes.length, []);
  event.source = source;
  parked.add(event, payer);
  return parked;
}

function printOf(port: Port): number {
  const print = new Fingerprint();
  // As in a world, where what is known has its place before anything refers to it.
  for (const known of [null, one.name, other.name, port.name]) print.name(known);
  addPort(print, port);
  return print.value;
}

function printOfLink(link: Link): number {
  const print = new Fingerprint();
  for (const known of [null, one.name, other.name]) print.name(known);
  addLink(print, link);
  return print.value;
}

/** Every field of a port that decides what happens, each with a way to change it alone. */
const PORT_CHANGES: Record<string, ((port: Port) => void)[]> = {
  name: [(port) => Object.assign(port, { name: other.name })],
  state: [
    (port) => port.state = PortState.Moving,
    (port) => port.state = PortState.Proxy,
    (port) => port.state = PortState.Draining,
  ],
  nextNode: [(port) => port.nextNode = null, (port) => port.nextNode = other],
  nextPort: [(port) => port.nextPort = null],
  prevNode: [(port) => port.prevNode = null, (port) => port.prevNode = other],
  prevPort: [(port) => port.prevPort = null],
  granted: [(port) => port.granted++, (port) => port.granted += 2 ** 40],
  spent: [(port) => port.spent++],
  needed: [(port) => port.needed++],
  carries: [(port) => port.carries = true],
  unsent: [
    (port) => port.unsent = queueOf(1),
    (port) => port.unsent = queueOf(2),
    (port) => port.unsent = queueOf(1, { flags: 1 }),
    (port) => port.unsent = new MessageQueue(),
  ],
  clogged: [(port) => port.clogged = true],
  unheard: [(port) => port.unheard = true],
  tail: [
    (port) => {
      port.state = PortState.Moving;
      port.tail = openPort().split(queueOf(1));
    },
    (port) => {
      port.state = PortState.Moving;
      port.tail = openPort().split(null);
      port.tail.state = PortState.Gone;
    },
  ],
  terminator: [
    (port) => port.terminator = "closed",
    (port) => port.terminator = "lost",
    (port) => port.terminator = { node: one.name, port: other.name, first: 0 },
    (port) => port.terminator = { node: one.name, port: other.name, first: 1 },
    (port) => port.terminator = { node: other.name, port: other.name, first: 0 },
  ],
  lent: [(port) => port.lent++],
  room: [(port) => port.room--],
  wanted: [(port) => port.wanted++],
  pressed: [(port) => port.pressed = true],
  window: [(port) => port.window *= 2],
  outSeq: [(port) => port.outSeq++],
  inSeq: [(port) => port.inSeq++],
  queue: [
    (port) => port.queue = queueOf(1),
    (port) => port.queue = queueOf(2),
    (port) => port.queue = queueOf(1, { flags: 1 }),
  ],
  holder: [(port) => port.holder = {}],
  container: [(port) => port.container = new Port(other.name, nowhere)],
  confirmed: [(port) => port.confirmed = false],
  via: [(port) => port.via = one],
  asked: [(port) => port.asked = true],
  to: [(port) => port.to = other],
  probes: [(port) => port.probes = [one.name], (port) => port.probes = [other.name]],
  reason: [(port) => port.reason = "lost"],
  source: [(port) => port.source = one.link, (port) => port.source = linkTo(one)],
  guide: [(port) => port.guide = one.link],
  parked: [
    (port) => port.parked = parkedOf(null, null),
    (port) => port.parked = parkedOf(null, one.link),
    (port) => port.parked = parkedOf(other.link, null),
    (port) => {
      port.parked = parkedOf(null, null);
      port.parked.all()[0]!.admitted = true;
    },
  ],
};

/** What follows from the rest, or what nobody in a small world has or asks for. */
const OTHER_PORT_FIELDS = [
  ...["out", "sink", "detail", "bucket", "whenSent"],
  // No link of a small world is isolated.
  ...["border", "declined", "probing"],
  // And no pipe is a data pipe.
  "streams",
];

const HUNGER = { needed: 512, lend: () => {} };

const LINK_CHANGES: Record<string, ((link: Link) => void)[]> = {
  neighbor: [(link) => Object.assign(link, { neighbor: other })],
  output: [(link) => link.output.at = link.output.start = 4],
  pipes: [(link) => link.pipes++],
  unreadBytes: [(link) => link.unreadBytes++],
  lent: [(link) => link.lent++, (link) => link.lent--],
  hungry: [
    (link) => link.hungry.set(openPort(), HUNGER),
    (link) => {
      link.hungry.set(openPort(), HUNGER);
      link.hungry.set(new Port(other.name, nowhere), HUNGER);
    },
    (link) => {
      link.hungry.set(new Port(other.name, nowhere), HUNGER);
      link.hungry.set(openPort(), HUNGER);
    },
  ],
  parkedBytes: [(link) => link.parkedBytes++],
  unsentAnswerBytes: [(link) => link.unsentAnswerBytes++],
  heldReplyBytes: [(link) => link.heldReplyBytes++],
  unsentForwardBytes: [(link) => link.unsentForwardBytes++],
  flooding: [(link) => link.flooding = true],
};

/** Besides, what a node was told about others is part of a state by itself. */
const OTHER_LINK_FIELDS = [
  ...["role", "limits", "point", "arrival", "maxPipesPerMessage"],
  ...["carrier", "above", "passed", "chargedBytes"],
  ...["unsentReplyBytes", "callsUnderWay", "onSideAppended", "borders"],
];

Deno.test("addPort tells ports apart that differ in one thing", () => {
  const prints = new Map([[printOf(openPort()), "nothing"]]);
  for (const [field, changes] of Object.entries(PORT_CHANGES)) {
    for (const change of changes) {
      const port = openPort();
      change(port);
      const print = printOf(port), twin = prints.get(print);
      assert(twin === undefined, `${field} changes the print as ${twin} does`);
      prints.set(print, field);
      assertEquals(printOf(port), print, "a print has changed the port");
    }
  }
});

Deno.test("addPort leaves out no field", () => {
  const known = [...Object.keys(PORT_CHANGES), ...OTHER_PORT_FIELDS];
  assertEquals(Object.keys(openPort()).sort(), known.sort());
});

Deno.test("addPort tells what waits apart by the queue it is in", () => {
  const unsent = openPort(), queued = openPort();
  unsent.unsent = queueOf(1);
  queued.queue = queueOf(1);
  assertNotEquals(printOf(unsent), printOf(queued));
});

Deno.test("addBroken tells a port apart that will not listen to a hop", () => {
  const port = openPort(), print = new Fingerprint(), whole = new Fingerprint();
  port.parked = parkedOf(null, null);
  const from = port.parked.all()[0]!.name(FROM);
  addBroken(whole, port, one, [other.name, from]);
  port.parked.breakHop(one, from);
  addBroken(print, port, one, [other.name, from]);
  assertNotEquals(print.value, whole.value);
  assertEquals(whole.value, new Fingerprint().value);
});

Deno.test("addLink tells links apart that differ in one thing", () => {
  const prints = new Map([[printOfLink(linkTo(one)), "nothing"]]);
  for (const [field, changes] of Object.entries(LINK_CHANGES)) {
    for (const change of changes) {
      const link = linkTo(one);
      change(link);
      const print = printOfLink(link), twin = prints.get(print);
      assert(twin === undefined, `${field} changes the print as ${twin} does`);
      prints.set(print, field);
    }
  }
});

Deno.test("addLink leaves out no field", () => {
  const known = [...Object.keys(LINK_CHANGES), ...OTHER_LINK_FIELDS];
  assertEquals(Object.keys(linkTo(one)).sort(), known.sort());
});
