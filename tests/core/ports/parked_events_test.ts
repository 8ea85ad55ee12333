import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { Name } from "../../../core/names.ts";
import { Arrival } from "../../../core/ports/arrival.ts";
import { Link, Neighbor } from "../../../core/ports/link.ts";
import { ParkedEvents } from "../../../core/ports/parked_events.ts";
import { NO_PORTS } from "../../../core/ports/port.ts";
import {
  EventType,
  FORWARD_HEAD_BYTES,
  FROM,
  MESSAGE_OVERHEAD_BYTES,
  OPENING_CREDIT,
  SEQ,
  writeSeq,
} from "../../../core/wire/event.ts";

const SENDER = new Name(1, 2, 3, 4);

function neighbor(a: number): Neighbor {
  const neighbor = new Neighbor(new Name(a, 0, 0, 0), false);
  neighbor.link = new Link(neighbor, "peer", LIMITS.tiny, LIMITS.tiny);
  return neighbor;
}

function hello(from: Neighbor, seq: number, sender: Name = SENDER): Arrival {
  const bytes = new Uint8Array(FORWARD_HEAD_BYTES), view = new DataView(bytes.buffer);
  view.setUint8(4, EventType.Hello);
  sender.write(view, FROM);
  writeSeq(view, SEQ, seq);
  return new Arrival(from).set(bytes, view, 0, bytes.length, NO_PORTS);
}

Deno.test("ParkedEvents gives back each event once, by sender and number", () => {
  const parked = new ParkedEvents(), from = neighbor(9), other = neighbor(8);
  assert(parked.add(hello(from, 5), from.link));
  assert(parked.hasNumber(hello(from, 5)) && !parked.hasNumber(hello(from, 4)));
  assert(parked.add(hello(other, 5), other.link), "the same number of another node");
  assert(parked.has(from, SENDER) && !parked.has(from, new Name(0, 0, 0, 1)));
  assertEquals(parked.take(from, SENDER, 4), null);
  assertEquals(parked.take(from, SENDER, 5)!.seq, 5);
  assertEquals(parked.take(from, SENDER, 5), null);
  assert(!parked.isEmpty);
  assertEquals(parked.takeAll().length, 1);
  assert(parked.isEmpty);
});

Deno.test("ParkedEvents.takeBelow takes what comes before a number, and no more", () => {
  const parked = new ParkedEvents(), from = neighbor(9);
  for (const seq of [7, 3, 5, 4]) parked.add(hello(from, seq), from.link);
  assertEquals(parked.takeBelow(from, SENDER, 5).map(({ seq }) => seq).sort(), [3, 4]);
  assertEquals(parked.takeBelow(from, SENDER, 5), []);
  assertEquals(parked.take(from, SENDER, 5)!.seq, 5);
  assertEquals(parked.takeBelow(neighbor(9), SENDER, 100), []);
});

Deno.test("ParkedEvents charges its payer as long as an event is there", () => {
  const parked = new ParkedEvents(), from = neighbor(9), payer = neighbor(7).link!;
  parked.add(hello(from, 1), payer);
  const one = payer.parkedBytes;
  assert(one > FORWARD_HEAD_BYTES);
  // Nobody is named for the second: who pays for the sender already does.
  parked.add(hello(from, 2), null);
  parked.add(hello(from, 3), payer);
  assertEquals(payer.parkedBytes, 3 * one);
  parked.take(from, SENDER, 1);
  parked.takeBelow(from, SENDER, 3);
  assertEquals(payer.parkedBytes, one);
  assertEquals(parked.takeFrom(from).length, 1);
  assertEquals([payer.parkedBytes, from.link!.parkedBytes], [0, 0]);
});

Deno.test("ParkedEvents takes a sender too many for broken, and no other neighbor's", () => {
  const parked = new ParkedEvents(), from = neighbor(9), other = neighbor(8);
  let senders = 0;
  for (; senders < 5000; senders++) {
    const event = hello(from, 0, new Name(senders, 1, 1, 1));
    if (parked.add(event, from.link) === null) break;
  }
  assertEquals(senders, 1024);
  assert(parked.isBroken(from, new Name(senders, 1, 1, 1)));
  assert(parked.isBroken(from, new Name(7777, 1, 1, 1)), "who knows what it sent");
  assert(!parked.isBroken(from, new Name(0, 1, 1, 1)));
  assert(parked.add(hello(from, 1, new Name(0, 1, 1, 1)), from.link) !== null);
  assert(parked.add(hello(other, 0), from.link) !== null);
  parked.takeAll();
  assert(parked.isEmpty);
});

Deno.test("ParkedEvents.breakHop takes all of a sender out, and parks nothing of it again", () => {
  const parked = new ParkedEvents(), from = neighbor(9), payer = from.link!;
  for (const seq of [3, 4]) parked.add(hello(from, seq), payer);
  assert(parked.hasNumber(hello(from, 4)));
  assertEquals(parked.breakHop(from, SENDER).map(({ seq }) => seq), [3, 4]);
  assertEquals(payer.parkedBytes, 0);
  assert(parked.isBroken(from, SENDER) && !parked.has(from, SENDER));
  assert(!parked.hasNumber(hello(from, 4)));
  assertEquals(parked.add(hello(from, 5), payer), null);
  assertEquals(parked.take(from, SENDER, 3), null);
  assert(!parked.isEmpty, "it is not forgotten");
  assertEquals(parked.takeFrom(from), []);
  assert(parked.isEmpty && !parked.isBroken(from, SENDER));
});

Deno.test("ParkedEvents parks what its payer may have parked, and breaks the hop at more", () => {
  const parked = new ParkedEvents(), from = neighbor(9), payer = neighbor(7).link!;
  const { maxUnreadBytes, maxPipes } = payer.limits;
  parked.add(hello(from, 0), payer);
  const most = Math.floor(
    (maxUnreadBytes + maxPipes * OPENING_CREDIT) / payer.parkedBytes,
  );
  for (let seq = 1; seq < most; seq++) {
    assert(parked.add(hello(from, seq), payer) !== null);
  }
  assertEquals(parked.add(hello(from, most), payer), null);
  // Who does not pay for it is not hurt.
  assert(parked.add(hello(neighbor(8), 0), neighbor(8).link) !== null);
  assertEquals(parked.breakHop(from, SENDER).length, most);
  assertEquals(payer.parkedBytes, 0);
});

Deno.test("ParkedEvents parks an event that reaches what its payer may have parked, to the byte", () => {
  const payer = neighbor(7).link!, from = neighbor(9);
  const most = payer.limits.maxUnreadBytes + payer.limits.maxPipes * OPENING_CREDIT;
  const cost = FORWARD_HEAD_BYTES + MESSAGE_OVERHEAD_BYTES;
  payer.parkedBytes = most - cost;
  assert(new ParkedEvents().add(hello(from, 0), payer) !== null);
  assertEquals(payer.parkedBytes, most);
  payer.parkedBytes = most - cost + 1;
  assertEquals(new ParkedEvents().add(hello(from, 0), payer), null);
});
