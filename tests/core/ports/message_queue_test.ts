import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { Name } from "../../../core/names.ts";
import { Link, Neighbor } from "../../../core/ports/link.ts";
import { MessageQueue } from "../../../core/ports/message_queue.ts";
import { NO_PORTS } from "../../../core/ports/port.ts";
import { MESSAGE_OVERHEAD_BYTES } from "../../../core/wire/event.ts";
import { Random } from "../../sim/random.ts";

function newLink(): Link {
  return new Link(
    new Neighbor(new Name(1, 2, 3, 4), false),
    "peer",
    LIMITS.tiny,
    LIMITS.tiny,
  );
}

Deno.test("MessageQueue gives back what was pushed, of every size, in order", () => {
  const queue = new MessageQueue(), link = newLink(), random = new Random(4);
  const waiting: Uint8Array[] = [];
  const shift = () => {
    const expected = waiting.shift()!, first = queue.peek()!, entry = queue.shift()!;
    assert(first === entry && entry.link === link);
    assertEquals(entry.bytes.slice(entry.start, entry.end), expected);
    assertEquals(entry.view.buffer, entry.bytes.buffer);
  };
  for (let i = 0; i < 3000; i++) {
    if (waiting.length > 0 && random.oneIn(2)) {
      shift();
      continue;
    }
    const size = random.pick([0, 1, 64, 65, 900, 1024, 1025, 16_383, 16_384, 70_000]);
    const bytes = new Uint8Array(size + 6).fill(i);
    queue.push(bytes, 3, 3 + size, NO_PORTS, 0, link);
    waiting.push(bytes.slice(3, 3 + size));
    assertEquals(queue.length, waiting.length);
  }
  while (waiting.length > 0) shift();
  assertEquals([queue.shift(), queue.peek(), queue.length], [null, null, 0]);
  assertEquals(link.unreadBytes, 0);
});

Deno.test("MessageQueue charges a message to its link while it is unread", () => {
  const queue = new MessageQueue(), link = newLink();
  queue.push(new Uint8Array(100), 0, 100, NO_PORTS, 0, link);
  queue.push(new Uint8Array(0), 0, 0, NO_PORTS, 0, link);
  queue.push(new Uint8Array(100), 0, 100, NO_PORTS, 0, null);
  assertEquals(link.unreadBytes, 100 + 2 * MESSAGE_OVERHEAD_BYTES);
  queue.shift();
  assertEquals(link.unreadBytes, MESSAGE_OVERHEAD_BYTES);
  queue.shift();
  queue.shift();
  assertEquals(link.unreadBytes, 0);
});

Deno.test("MessageQueue keeps short messages in one buffer, and begins it anew once all are read", () => {
  const queue = new MessageQueue(), buffers = new Set<Uint8Array>();
  const push = (size: number) =>
    queue.push(new Uint8Array(size), 0, size, NO_PORTS, 0, null);
  const shift = () => {
    const { bytes, start } = queue.shift()!;
    buffers.add(bytes);
    return start;
  };
  push(100);
  push(200);
  assertEquals([shift(), shift(), buffers.size], [0, 100, 1]);
  push(300);
  assertEquals([shift(), buffers.size], [0, 1]);
});

Deno.test("MessageQueue.recycle lends a buffer to a later message of its size, and never one that others are in", () => {
  const queue = new MessageQueue();
  const push = (byte: number, size: number) =>
    queue.push(new Uint8Array(size).fill(byte), 0, size, [], 0, null);
  const large = 32 * 1024;
  push(1, large);
  push(2, large);
  push(3, 1024);
  push(4, 100);
  const first = queue.shift()!, second = queue.shift()!;
  queue.recycle(first);
  push(5, large);
  assertEquals(queue.last!.bytes, first.bytes);
  assert(queue.last!.bytes === first.bytes && second.bytes[0] === 2);
  // These two lie in one buffer, which the first of them fills by itself.
  const third = queue.shift()!;
  queue.recycle(third);
  push(6, large);
  push(7, 1024);
  assertEquals(
    [queue.shift()!, queue.shift()!, queue.shift()!, queue.shift()!].map((entry) => [
      entry.bytes[entry.start],
      entry.bytes[entry.end - 1],
    ]),
    [[4, 4], [5, 5], [6, 6], [7, 7]],
  );
});

Deno.test("MessageQueue.push joins small messages as far as it is told, and nothing that means more", () => {
  const queue = new MessageQueue();
  const push = (size: number, joined: number, flags = 0) =>
    queue.push(new Uint8Array(size).fill(size), 0, size, [], flags, null, false, joined);
  const sizes = () => {
    const found = [];
    for (let entry = queue.peek(); entry !== null; entry = entry.next) {
      found.push(entry.end - entry.start);
    }
    return found;
  };
  push(3, 10);
  push(4, 10);
  push(3, 10);
  assertEquals(sizes(), [10]);
  push(1, 10);
  assertEquals(sizes(), [10, 1]);
  // Not behind an empty one, not an empty one, not with other flags, and not when nothing is to be joined.
  push(0, 10);
  push(1, 10);
  push(1, 10, 1);
  push(1, 0);
  assertEquals(sizes(), [10, 1, 0, 1, 1, 1]);
  assertEquals([queue.length, queue.bytes], [6, 14]);
  while (queue.shift() !== null);
  assertEquals([queue.length, queue.bytes, queue.cost], [0, 0, 0]);
});
