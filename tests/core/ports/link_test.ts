import { assert, assertEquals, assertFalse } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { Name } from "../../../core/names.ts";
import { Link, Neighbor } from "../../../core/ports/link.ts";
import type { Encoder } from "../../../core/wire/encoder.ts";

function newLink(wake: () => void = () => {}): Link {
  const neighbor = new Neighbor(new Name(1, 2, 3, 4), false);
  const link = neighbor.link = new Link(neighbor, "peer", LIMITS.tiny, LIMITS.tiny);
  link.start({ wake, drop: () => {} });
  return link;
}

/** Appends a whole frame of one byte value. */
function append(out: Encoder, mark: number): void {
  out.need(8);
  out.bytes.fill(mark, out.at, out.at + 8);
  out.at = out.start = out.at + 8;
}

Deno.test("Link.touch wakes once until everything is taken", () => {
  let woken = 0;
  const link = newLink(() => woken++);
  append(link.events(), 1);
  link.touch();
  link.touch();
  assertEquals(woken, 1);
  const taken = link.take()!;
  assertEquals(taken.length, 8);
  link.touch();
  assertEquals(woken, 2);
  link.written(taken);
  assertEquals(link.take(), null);
});

Deno.test("Link.events goes aside while a message is open, and behind it", () => {
  const link = newLink(), { output } = link;
  output.begin(8);
  output.bytes.fill(1, 0, 8);
  const side = link.events();
  assert(side !== output);
  append(side, 2);
  append(link.events(), 3);
  output.open = false;
  output.start = output.at;
  append(link.events(), 4);
  assertEquals([...link.take()!].filter((_, i) => i % 8 === 0), [1, 2, 3, 4]);
  // Also when the message is given up.
  output.begin(8);
  append(link.events(), 5);
  output.cancel(null);
  assertEquals([...link.take()!].filter((_, i) => i % 8 === 0), [5]);
});

Deno.test("Link.written counts off what had been taken, not what came since", () => {
  const link = newLink();
  append(link.output, 1);
  link.unsentAnswerBytes = 10;
  link.unsentReplyBytes = 20;
  const taken = link.take()!;
  link.unsentAnswerBytes += 1;
  link.unsentReplyBytes += 2;
  link.written(taken);
  assertEquals([link.unsentAnswerBytes, link.unsentReplyBytes], [1, 2]);
});

Deno.test("Link.written wakes who waits once it is no longer congested", () => {
  const link = newLink(), { maxUnsentReplyBytes } = LIMITS.tiny;
  let relieved = 0;
  append(link.output, 1);
  link.unsentReplyBytes = maxUnsentReplyBytes;
  assertFalse(link.congested);
  link.unsentReplyBytes++;
  assert(link.congested);
  link.whenRelieved(() => relieved++);
  const first = link.take()!;
  append(link.output, 2);
  link.unsentReplyBytes += maxUnsentReplyBytes + 1;
  link.written(first);
  assertEquals(relieved, 0);
  link.written(link.take()!);
  assertEquals(relieved, 1);
  link.whenRelieved(() => relieved++);
  link.ended();
  assertEquals(relieved, 2);
});

Deno.test("Link.ended leaves nothing owed, also when a write ends after it", () => {
  const link = newLink();
  append(link.output, 1);
  link.unsentAnswerBytes = 10;
  link.unsentReplyBytes = 20;
  const taken = link.take()!;
  link.ended();
  link.written(taken);
  assertEquals([link.unsentAnswerBytes, link.unsentReplyBytes], [0, 0]);
  assertEquals(link.neighbor.link, null);
});

Deno.test("Link.take appends what was put aside, however much it is", () => {
  const link = newLink(), { output } = link;
  output.begin(8);
  output.bytes.fill(1, 0, 8);
  for (let i = 0; i < 2000; i++) append(link.events(), 2);
  output.open = false;
  output.start = output.at;
  const taken = link.take()!;
  assertEquals([taken.length, taken[8], taken.at(-1)], [8 * 2001, 2, 2]);
});
