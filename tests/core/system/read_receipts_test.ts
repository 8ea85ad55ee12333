import { assertEquals } from "@std/assert";
import { ReadReceipts } from "../../../core/system/read_receipts.ts";
import type { Control } from "../../../core/wire/trailer.ts";

/** Two ends, and what the one tells the other of what it reads. */
function ends(interval: number): [ReadReceipts, ReadReceipts, (count: number) => void] {
  const asker = new ReadReceipts(), reader = new ReadReceipts();
  reader.asked(asker.ask(interval, 77));
  return [asker, reader, (count) => {
    for (let i = 0; i < count; i++) {
      reader.noteRead();
      if (reader.isDue) assertEquals(asker.told(reader.tell()), null);
    }
  }];
}

/** The record of one end, and what is made of it. */
function sent(receipts: ReadReceipts, change?: (view: DataView) => void) {
  const view = new DataView(new ArrayBuffer(40));
  view.setUint8(4, 1);
  receipts.describe(view, 4);
  change?.(view);
  return ReadReceipts.receive(view, 4);
}

Deno.test("ReadReceipts.ask numbers its questions from a first one, and never with 0", () => {
  const receipts = new ReadReceipts();
  assertEquals(receipts.ask(3, -1), { id: 0xffff_ffff, interval: 3, count: 0 });
  assertEquals(receipts.ask(4, 5), { id: 0xffff_ffff, interval: 4, count: 0 });
  assertEquals(receipts.ask(0, 5), { id: 0xffff_ffff, interval: 0, count: 0 });
  assertEquals(receipts.ask(1, 5).id, 1);
  assertEquals(new ReadReceipts().ask(1, 0).id, 1);
});

Deno.test("ReadReceipts.told refuses more than was written, and less than before", () => {
  const [asker] = ends(1),
    told = (count: number, id = 77) => asker.told({ id, interval: 0, count });
  asker.written = 5;
  assertEquals([told(6), told(3), told(2), told(3), told(5)], [
    "read-count",
    null,
    "read-count",
    null,
    null,
  ]);
  assertEquals(asker.unread, 0);
  // An answer to another question says nothing, whatever it says.
  assertEquals([told(99, 78), told(0, 0), asker.unread], [null, null, 0]);
  asker.ask(0, 0);
  assertEquals([told(99), asker.unread], [null, 0]);
});

Deno.test("ReadReceipts.asked goes on counting when the same is asked again", () => {
  const [asker, reader, read] = ends(4);
  asker.written = 20;
  read(6);
  assertEquals(asker.unread, 16);
  reader.asked(asker.ask(2, 0));
  read(1);
  assertEquals(asker.unread, 13);
  reader.asked(asker.ask(0, 0));
  assertEquals([reader.isAsked, reader.isDue], [false, false]);
  reader.asked(asker.ask(1, 0));
  asker.written = 1;
  read(1);
  assertEquals(asker.unread, 0);
});

Deno.test("ReadReceipts.question has somebody else go on counting", () => {
  const [asker, reader, read] = ends(3), next = new ReadReceipts();
  assertEquals(new ReadReceipts().question, null);
  asker.written = 10;
  read(4);
  assertEquals(reader.question, { id: 77, interval: 3, count: 4 });
  assertEquals(asker.told(reader.tell()), null);
  next.asked(reader.question!);
  for (let i = 0; i < 3; i++) next.noteRead();
  assertEquals(next.isDue, true);
  assertEquals(asker.told(next.tell()), null);
  assertEquals(asker.unread, 3);
});

Deno.test("ReadReceipts.receive goes on where describe left off, and has asked nothing", () => {
  const [asker, reader] = ends(0xffff_ffff);
  asker.written = 3;
  reader.noteRead();
  reader.noteRead();
  const next = sent(reader);
  if (typeof next === "string") throw new Error(next);
  assertEquals([next.isPlain, next.isAsked, next.isAsking], [false, true, false]);
  assertEquals(next.tell(), { id: 77, interval: 0, count: 2 });
  const other = sent(asker);
  if (typeof other === "string") throw new Error(other);
  assertEquals([other.isPlain, other.isAsking, other.unread], [false, false, 0]);
  // Its question is another one.
  assertEquals(other.ask(1, 77).id, 78);
});

Deno.test("ReadReceipts.isPlain when neither end has asked, or the other one asks no more", () => {
  const [asker, reader] = ends(2);
  assertEquals([new ReadReceipts().isPlain, asker.isPlain, reader.isPlain], [
    true,
    false,
    false,
  ]);
  reader.asked(asker.ask(0, 0));
  assertEquals([asker.isPlain, reader.isPlain], [false, true]);
});

Deno.test("ReadReceipts.receive refuses what nobody honest says", () => {
  const [, reader] = ends(2);
  for (const at of [1, 2, 3]) {
    assertEquals(sent(reader, (view) => view.setUint8(4 + at, 1)), "handle-reserved");
  }
  assertEquals(sent(reader, (view) => view.setUint32(28, 1, true)), "handle-receipts");
  assertEquals(
    sent(reader, (view) => view.setUint32(24, 2 ** 21, true)),
    "handle-receipts",
  );
  const most = sent(reader, (view) => view.setUint32(24, 2 ** 21 - 1, true));
  assertEquals((most as ReadReceipts).tell().count, (2 ** 21 - 1) * 2 ** 32);
});

Deno.test("ReadReceipts.asked takes any question, and counts on from it", () => {
  const receipts = new ReadReceipts();
  const question: Control = { id: 1, interval: 0xffff_ffff, count: 2 ** 52 };
  for (let i = 0; i < 3; i++) receipts.asked(question);
  receipts.noteRead();
  assertEquals(receipts.tell().count, 2 ** 52 + 1);
});
