import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { Name } from "../../../core/names.ts";
import { Link, Neighbor } from "../../../core/ports/link.ts";
import { Port } from "../../../core/ports/port.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { MESSAGE_OVERHEAD_BYTES } from "../../../core/wire/event.ts";

const { tiny } = LIMITS;

function newLink(word: number): Link {
  const neighbor = new Neighbor(new Name(word, 2, 3, 4), false);
  return neighbor.link = new Link(neighbor, "peer", tiny, tiny);
}

Deno.test("Link.excess names the limit that was gone over, and none that was reached", () => {
  const link = newLink(1);
  assertEquals(link.excess, null);
  link.unsentAnswerBytes = tiny.maxUnsentReplyBytes;
  assertEquals(link.excess, null);
  link.unsentAnswerBytes++;
  assertEquals(link.excess, "unsent-answers");
});

Deno.test("Link.noteAnswerOver blames who makes answers pile up elsewhere to over half of what may", () => {
  const link = newLink(1), other = newLink(2), half = tiny.maxUnsentReplyBytes / 2;
  other.unsentAnswerBytes = half;
  link.noteAnswerOver(other);
  assertEquals(link.excess, null);
  other.unsentAnswerBytes++;
  link.noteAnswerOver(null);
  link.noteAnswerOver(undefined);
  assertEquals(link.excess, null);
  link.noteAnswerOver(other);
  assertEquals(link.excess, "unsent-answers-elsewhere");
});

Deno.test("Link.noteAnswerOver blames nobody for what piles up on its own link or goes nowhere", () => {
  const link = newLink(1), self = new Neighbor(new Name(9, 9, 9, 9), true);
  const loopback = self.link = new Link(self, "self", tiny, tiny);
  link.unsentAnswerBytes = loopback.unsentAnswerBytes = tiny.maxUnsentReplyBytes;
  link.noteAnswerOver(link);
  link.noteAnswerOver(loopback);
  assertEquals(link.excess, null);
});

Deno.test("Link.congested is true while as many calls as may be are under way", () => {
  const link = newLink(1);
  link.callsUnderWay = tiny.maxCallsUnderWay - 1;
  assertEquals(link.congested, false);
  link.callsUnderWay++;
  assertEquals(link.congested, true);
  let resumed = 0;
  link.whenRelieved(() => resumed++);
  link.callsEnded(2);
  assertEquals(link.callsUnderWay, tiny.maxCallsUnderWay - 2);
  assertEquals(link.congested, false);
  assertEquals(resumed, 1);
});

Deno.test("Link.congested is true while more replies wait than may, and not before", () => {
  const link = newLink(1);
  link.unsentReplyBytes = tiny.maxUnsentReplyBytes;
  assertEquals(link.congested, false);
  link.unsentReplyBytes++;
  assertEquals(link.congested, true);
  let resumed = 0;
  link.whenRelieved(() => resumed++);
  link.callsEnded(0);
  assertEquals(resumed, 0);
  link.unsentReplyBytes--;
  link.callsEnded(0);
  assertEquals(resumed, 1);
});

Deno.test("MESSAGE_OVERHEAD_BYTES is what the documentation of limits says", () => {
  assert(MESSAGE_OVERHEAD_BYTES === 512);
});

Deno.test("Link.freed has lent what can just be spared, and asks nobody who needs more", () => {
  const link = newLink(1), asked: number[] = [];
  const nowhere = new Encoder(1024);
  for (const needed of [4000, 2000, 3000]) {
    const port = new Port(new Name(needed, 0, 0, 0), nowhere);
    link.starve(port, needed, () => {
      asked.push(needed);
      link.hungry.delete(port);
      link.lent += needed;
    });
  }
  link.lent = link.spare - 1999;
  link.freed();
  assertEquals(asked, []);
  link.lent -= 1;
  link.freed();
  assertEquals([asked, link.spare], [[2000], 0]);
  link.lent -= 3000;
  link.freed();
  assertEquals(asked, [2000, 3000]);
  link.lent -= 4000;
  link.freed();
  assertEquals([asked, link.hungry.size], [[2000, 3000, 4000], 0]);
});
