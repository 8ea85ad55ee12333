import { assertEquals } from "@std/assert";
import {
  checkEvent,
  DESCRIPTOR_BYTES,
  DESCRIPTOR_FIRST,
  DESCRIPTOR_HAS_NEXT,
  EVENTS,
  EventType,
  FORWARD_HEAD_BYTES,
  NEED_TOTAL,
  readSeq,
  SEQ,
  SWITCH_FIRST,
  writeSeq,
} from "../../../core/wire/event.ts";

const { Message, Switch, Closed, Need, Bypass } = EventType;

/** Checks an event of zeros in the middle of a buffer of ones. */
function check(
  type: number,
  size: number,
  change: (view: DataView) => void = () => {},
): string | null {
  const bytes = new Uint8Array(size + 128).fill(0xff);
  bytes.fill(0, 64, 64 + size);
  const view = new DataView(bytes.buffer, 64, Math.max(size, 64));
  view.setUint32(0, size, true);
  view.setUint8(4, type);
  change(view);
  return checkEvent(new DataView(bytes.buffer), 64, 64 + size);
}

const SIZES: readonly (readonly [type: number, name: string, size: number])[] = [
  [1, "Message", 48],
  [2, "Hello", 48],
  [3, "Switch", 88],
  [4, "Skip", 48],
  [5, "Closed", 48],
  [6, "Probe", 64],
  [7, "Accepted", 40],
  [8, "Bypass", 72],
  [9, "Need", 56],
  [10, "Grant", 48],
];

Deno.test("EVENTS has the sizes and names of the wire", () => {
  const known = EVENTS.flatMap((layout, type) =>
    layout === undefined ? [] : [[type, layout.name, layout.size] as const]
  );
  assertEquals(known, [...SIZES]);
});

Deno.test("checkEvent takes each event at its size and at no other", () => {
  for (const [type, name, size] of SIZES) {
    assertEquals(check(type, size), null, name);
    assertEquals(check(type, size - 8), "event-size", name);
    assertEquals(check(type, size - 1), "event-size", name);
    assertEquals(check(type, size + 1), type === Message ? null : "event-size", name);
    for (let short = 8; short < size; short++) {
      assertEquals(check(type, short), "event-size", name);
    }
  }
});

Deno.test("checkEvent refuses a number that is no event", () => {
  for (let type = 0; type < 256; type++) {
    if (SIZES.some(([known]) => known === type)) continue;
    assertEquals(check(type, 48), "unknown-event");
  }
});

Deno.test("checkEvent refuses flags that the event does not have", () => {
  for (const [type, name, size] of SIZES) {
    for (const flags of [1, 2, 0x80, 0xff]) {
      const fine = (type === Message && flags < 0x80) ||
        ((type === Closed || type === Need || type === Bypass) && flags === 1);
      const rule = check(type, size, (view) => view.setUint8(5, flags));
      assertEquals(rule, fine ? null : "event-flags", `${name} ${flags}`);
    }
    if (type === Message) continue;
    assertEquals(check(type, size, (view) => view.setUint16(6, 1, true)), "event-flags");
  }
});

Deno.test("checkEvent refuses more endpoints than there are bytes for", () => {
  const head = FORWARD_HEAD_BYTES;
  const count = (n: number) => (view: DataView) => view.setUint16(6, n, true);
  assertEquals(check(Message, head + 3 * DESCRIPTOR_BYTES, count(3)), null);
  assertEquals(check(Message, head + 3 * DESCRIPTOR_BYTES - 1, count(3)), "event-size");
  assertEquals(check(Message, head + 3 * DESCRIPTOR_BYTES, count(4)), "event-size");
  assertEquals(check(Message, head, count(1)), "event-size");
  assertEquals(check(Message, head, count(0xffff)), "event-size");
});

Deno.test("checkEvent refuses numbers that are not exact", () => {
  const limits = [[0xfffff, null], [0x100000, "event-number"], [
    0xffffffff,
    "event-number",
  ]] as const;
  for (const [high, expected] of limits) {
    for (const [type, name, size] of SIZES) {
      const rule = check(type, size, (view) => {
        if (size >= FORWARD_HEAD_BYTES) view.setUint32(SEQ + 4, high, true);
      });
      assertEquals(
        rule,
        name === "Accepted" || name === "Bypass" ? null : expected,
        name,
      );
    }
    const first = (view: DataView) => view.setUint32(SWITCH_FIRST + 4, high, true);
    assertEquals(check(Switch, 88, first), expected);
    const total = (view: DataView) => view.setUint32(NEED_TOTAL + 4, high, true);
    assertEquals(check(Need, 56, total), expected);
    for (const [i, others] of [[0, 1], [1, 0]] as const) {
      const rule = check(Message, FORWARD_HEAD_BYTES + 128, (view) => {
        view.setUint16(6, 2, true);
        const at = FORWARD_HEAD_BYTES + DESCRIPTOR_FIRST + 4;
        view.setUint32(at + i * DESCRIPTOR_BYTES, high, true);
        view.setUint32(at + others * DESCRIPTOR_BYTES, 0, true);
      });
      assertEquals(rule, expected);
    }
  }
});

Deno.test("checkEvent refuses a descriptor whose flag is neither 0 nor 1", () => {
  const has = FORWARD_HEAD_BYTES + DESCRIPTOR_HAS_NEXT;
  for (
    const [at, value] of [[has, 2], [has, 0x100], [has + 4, 1], [has + 7, 1]] as const
  ) {
    const rule = check(Message, FORWARD_HEAD_BYTES + DESCRIPTOR_BYTES, (view) => {
      view.setUint16(6, 1, true);
      if (at === has) view.setUint32(at, value, true);
      else view.setUint8(at, value);
    });
    assertEquals(rule, "event-flags");
  }
});

Deno.test("readSeq reads what writeSeq wrote, up to 2^52 - 1", () => {
  const view = new DataView(new ArrayBuffer(8));
  for (const seq of [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 45 + 3, 2 ** 52 - 1]) {
    writeSeq(view, 0, seq);
    assertEquals(readSeq(view, 0), seq);
  }
});
