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
