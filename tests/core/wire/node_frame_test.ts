import { assert, assertEquals } from "@std/assert";
import { Name } from "../../../core/names.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { padded } from "../../../core/wire/frame.ts";
import {
  checkNodeFrame,
  IntroduceAs,
  type Introduction,
  isNodeFrame,
  LOST_PAIR,
  MAX_MEANS_BYTES,
  NODE,
  NODE_FRAME_BYTES,
  NODE_FRAMES,
  NodeFrameType,
  readIntroduce,
  writeIntroduce,
  writeMember,
  writeNodeFrame,
  writeWrapped,
} from "../../../core/wire/node_frame.ts";

const { Introduce, Lost, Member, Passed, Relayed } = NodeFrameType;
const SENDERS = ["self", "member", "broker", "peer"] as const;
type Sender = typeof SENDERS[number];

const LAYOUTS: readonly (readonly [
  type: number,
  name: string,
  from: readonly Sender[],
  minSize: number,
  maxSize: number,
  maxFlags: number,
])[] = [
  [16, "Ask", ["member"], 24, 24, 0],
  [17, "Introduce", ["broker"], 64, 1088, 2],
  [18, "Ready", ["member"], 24, 24, 0],
  [19, "Met", ["member"], 24, 24, 0],
  [20, "Failed", ["member"], 24, 24, 0],
  [21, "Lost", ["broker"], 24, 24, 1],
  [22, "Drop", ["member"], 24, 24, 0],
  [23, "Relayed", ["member", "broker"], 32, Infinity, 0],
  [24, "Member", ["member"], 32, 32, 0],
  [25, "Gone", ["member"], 24, 24, 0],
  [26, "Passed", ["member", "broker"], 32, Infinity, 0],
  [27, "Adopted", ["broker"], 24, 24, 0],
];
const NAME = new Name(1, -2, 0x12345678, -0x12345678);

/** Checks a frame of zeros in the middle of ones, with nothing behind it. */
function check(
  type: number,
  sender: Sender,
  size: number,
  change: (view: DataView) => void = () => {},
): string | null {
  const bytes = new Uint8Array(64 + size).fill(0xff);
  bytes.fill(0, 64);
  const view = new DataView(bytes.buffer, 64);
  view.setUint32(0, size, true);
  view.setUint8(4, type);
  if ((type === Relayed || type === Passed) && size >= 28) {
    view.setUint32(24, size - 24, true);
  }
  change(view);
  return checkNodeFrame(new DataView(bytes.buffer), 64, 64 + size, sender);
}

/** An encoder in whose buffer there is nothing but ones, behind one committed word. */
function dirty(): Encoder {
  const out = new Encoder(65_536);
  out.need(4096);
  out.bytes.fill(0xff);
  out.at = out.start = 8;
  return out;
}

/** What was appended, padding included; checks that the encoder is ready for the next frame. */
function appended(out: Encoder): Uint8Array<ArrayBuffer> {
  assertEquals(out.at % 8, 0);
  assertEquals(out.start, out.at);
  assert(!out.open);
  assertEquals([...out.bytes.subarray(0, 8)], new Array(8).fill(0xff));
  return out.bytes.slice(8, out.at);
}

function introduction(meansBytes: number): Introduction {
  return {
    as: IntroduceAs.Guest,
    maxFrameBytes: 0xfedcba98,
    maxPipesPerMessage: 0x89abcdef,
    hostToken: new Name(5, 6, 7, 8),
    guestToken: new Name(-5, -6, -7, -8),
    means: Uint8Array.from({ length: meansBytes }, (_, i) => i * 7 + 1 & 0xff),
  };
}

Deno.test("NODE_FRAMES has the names, sizes and flags of the wire", () => {
  const known = NODE_FRAMES.map(({ name, minSize, maxSize, maxFlags }, i) =>
    [16 + i, name, minSize, maxSize, maxFlags] as const
  );
  assertEquals(
    known,
    LAYOUTS.map(([type, name, , ...rest]) => [type, name, ...rest] as const),
  );
  const numbers: Record<string, number> = NodeFrameType;
  for (const [type, name] of LAYOUTS) assertEquals(numbers[name], type);
});

Deno.test("isNodeFrame knows the numbers from Ask to Adopted", () => {
  for (let type = 0; type < 256; type++) {
    assertEquals(isNodeFrame(type), type >= 16 && type <= 27, `${type}`);
  }
});

Deno.test("checkNodeFrame takes a frame only from who may send it", () => {
  for (const [type, name, from, minSize] of LAYOUTS) {
    for (const sender of SENDERS) {
      const expected = from.includes(sender) ? null : "role";
      assertEquals(check(type, sender, minSize), expected, `${name} from a ${sender}`);
    }
  }
});

Deno.test("checkNodeFrame takes each frame at its sizes and at no other", () => {
  for (const [type, name, [sender], minSize, maxSize] of LAYOUTS) {
    for (let size = 8; size < minSize; size++) {
      assertEquals(check(type, sender!, size), "node-frame-size", `${name} of ${size}`);
    }
    const largest = Math.min(maxSize, 5000);
    for (let size = minSize; size <= largest; size++) {
      assertEquals(check(type, sender!, size), null, `${name} of ${size}`);
    }
    const over = check(type, sender!, largest + 1);
    assertEquals(over, maxSize === Infinity ? null : "node-frame-size", name);
  }
});

Deno.test("checkNodeFrame refuses flags and counts that the frame does not have", () => {
  for (const [type, name, [sender], minSize, , maxFlags] of LAYOUTS) {
    for (let flags = 0; flags < 256; flags++) {
      const rule = check(type, sender!, minSize, (view) => view.setUint8(5, flags));
      const expected = flags <= maxFlags ? null : "node-frame-flags";
      assertEquals(rule, expected, `${name} with flags ${flags}`);
    }
    for (const count of [1, 0x100, 0xffff]) {
      const rule = check(
        type,
        sender!,
        minSize,
        (view) => view.setUint16(6, count, true),
      );
      assertEquals(rule, "node-frame-flags", `${name} with a count`);
    }
  }
});

Deno.test("checkNodeFrame refuses a Relayed whose event is not as long as it says", () => {
  for (const size of [32, 33, 40, 64, 72]) {
    for (const inner of [0, 7, size - 25, size - 23, size, 0xffffffff]) {
      const rule = check(
        Relayed,
        "member",
        size,
        (view) => view.setUint32(24, inner, true),
      );
      assertEquals(rule, "node-frame-size", `${inner} in ${size}`);
    }
  }
});

Deno.test("checkNodeFrame gives a rule or null, and nothing is read past the frame, whatever is changed", () => {
  const frames: Uint8Array<ArrayBuffer>[] = [];
  for (const [type, , , minSize, , maxFlags] of LAYOUTS) {
    const out = new Encoder(4096);
    if (type === Introduce) writeIntroduce(out, NAME, introduction(13));
    else if (type === Relayed || type === Passed) {
      writeWrapped(out, type, NAME, event(48), 0, 48);
    } else if (type === Member) {
      writeMember(out, NAME, { maxFrameBytes: 1, maxPipesPerMessage: 2 });
    } else writeNodeFrame(out, type, maxFlags, NAME);
    frames.push(out.bytes.slice(0, out.view.getUint32(0, true)));
    assert(frames.at(-1)!.length >= minSize);
  }
  for (const original of frames) {
    for (let bit = 0; bit < original.length * 8; bit++) {
      for (let length = 8; length <= original.length; length++) {
        const bytes = original.slice(0, length), view = new DataView(bytes.buffer);
        if (bit >> 3 < length) bytes[bit >> 3]! ^= 1 << (bit & 7);
        if (!isNodeFrame(bytes[4]!)) continue;
        for (const sender of SENDERS) {
          const rule = checkNodeFrame(view, 0, length, sender);
          if (rule !== null) {
            assert(["role", "node-frame-flags", "node-frame-size"].includes(rule));
          } else if (bytes[4] === Introduce) readIntroduce(bytes, view, 0, length);
        }
      }
    }
  }
});

Deno.test("writeNodeFrame writes a name and nothing else", () => {
  for (const [type, name, [sender], , maxSize, maxFlags] of LAYOUTS) {
    if (maxSize !== NODE_FRAME_BYTES) continue;
    const out = dirty();
    writeNodeFrame(out, type, maxFlags, NAME);
    const bytes = appended(out), view = new DataView(bytes.buffer);
    assertEquals(bytes.length, NODE_FRAME_BYTES);
    assertEquals([...bytes.subarray(0, 8)], [24, 0, 0, 0, type, maxFlags, 0, 0], name);
    assert(NAME.matches(view, NODE));
    assertEquals(checkNodeFrame(view, 0, bytes.length, sender!), null);
  }
  assertEquals(LAYOUTS.find(([type]) => type === Lost)![5], LOST_PAIR);
});

Deno.test("readIntroduce reads what writeIntroduce wrote", () => {
  for (const length of [0, 1, 7, 8, MAX_MEANS_BYTES]) {
    for (const as of [IntroduceAs.Relayed, IntroduceAs.Host, IntroduceAs.Guest]) {
      const out = dirty(), how = { ...introduction(length), as };
      writeIntroduce(out, NAME, how);
      const bytes = appended(out), view = new DataView(bytes.buffer);
      const end = view.getUint32(0, true);
      assertEquals(end, 64 + length);
      assertEquals(bytes.length, padded(end));
      assert(bytes.subarray(end).every((byte) => byte === 0), "padding is not zero");
      assertEquals(checkNodeFrame(view, 0, end, "broker"), null);
      assert(NAME.matches(view, NODE));
      const read = readIntroduce(bytes, view, 0, end);
      assertEquals(read, how);
      // What is read lasts: the buffer is used again for the next frame.
      bytes.fill(0);
      assertEquals(read, how);
    }
  }
});

Deno.test("checkNodeFrame refuses an Introduce with longer means than there may be", () => {
  for (const over of [0, 1]) {
    const out = dirty();
    writeIntroduce(out, NAME, introduction(MAX_MEANS_BYTES + over));
    const bytes = appended(out), view = new DataView(bytes.buffer);
    const rule = checkNodeFrame(view, 0, view.getUint32(0, true), "broker");
    assertEquals(rule, over === 0 ? null : "node-frame-size");
  }
});

Deno.test("writeWrapped wraps an event of any length and keeps it aligned", () => {
  for (let length = 8; length <= 64; length++) {
    const out = dirty(), source = new Uint8Array(128).fill(0xee);
    source.set(event(length), 24);
    writeWrapped(out, NodeFrameType.Relayed, NAME, source, 24, 24 + length);
    const bytes = appended(out), view = new DataView(bytes.buffer);
    const end = view.getUint32(0, true);
    assertEquals(end, NODE_FRAME_BYTES + length);
    assertEquals(bytes.length, padded(end));
    assertEquals(NODE_FRAME_BYTES % 8, 0);
    assert(bytes.subarray(end).every((byte) => byte === 0), "padding is not zero");
    assert(NAME.matches(view, NODE));
    assertEquals(bytes.slice(NODE_FRAME_BYTES, end), event(length));
    for (const sender of ["member", "broker"] as const) {
      assertEquals(checkNodeFrame(view, 0, end, sender), null);
    }
  }
});

/** Bytes that say how many they are. */
function event(length: number): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from({ length }, (_, i) => i * 3 + 5);
  new DataView(bytes.buffer).setUint32(0, length, true);
  return bytes;
}
