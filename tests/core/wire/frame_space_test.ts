import { assert, assertEquals } from "@std/assert";
import { FrameReader, padded } from "../../../core/wire/frame.ts";
import { Random } from "../../sim/random.ts";

const CHUNK = 1024, MAX = 8192;

/** Lets so many bytes of frames arrive, the last of which announces `length` and may be cut. */
function arrive(reader: FrameReader, lengths: readonly number[], bytes: number): void {
  const stream = new Uint8Array(lengths.reduce((sum, each) => sum + padded(each), 0));
  const view = new DataView(stream.buffer);
  let at = 0;
  for (const length of lengths) {
    view.setUint32(at, length, true);
    at += padded(length);
  }
  const space = reader.space();
  space.set(stream.subarray(0, bytes));
  reader.filled(bytes);
  while (reader.next());
  assertEquals(reader.violation, null);
}

Deno.test("FrameReader.space gives the whole buffer once every frame in it was taken", () => {
  const reader = new FrameReader(MAX, CHUNK);
  assertEquals(reader.space().length, CHUNK);
  for (const length of [8, 100, CHUNK]) {
    arrive(reader, [length], padded(length));
    assertEquals(reader.pending, 0);
    assertEquals(reader.space().length, CHUNK);
  }
});

Deno.test("FrameReader.space leaves a cut frame where it lies while there is room behind it", () => {
  const reader = new FrameReader(MAX, CHUNK);
  arrive(reader, [104, 200], 150);
  assertEquals(reader.pending, 46);
  assertEquals(reader.space().byteOffset, 150);
  assertEquals(reader.space().length, CHUNK - 150);
});

Deno.test("FrameReader.space moves a cut frame to the front when half the buffer is behind it", () => {
  for (const [before, moves] of [[504, false], [512, true]] as const) {
    const reader = new FrameReader(MAX, CHUNK);
    arrive(reader, [before, 16], before + 8);
    assertEquals(reader.space().length, moves ? CHUNK - 8 : CHUNK - before - 8);
    assertEquals(reader.pending, 8);
  }
});

Deno.test("FrameReader.space has room for the rest of a frame whose length is known", () => {
  for (const rest of [4, 5, 8, 100]) {
    const reader = new FrameReader(MAX, CHUNK);
    arrive(reader, [400, 800], 400 + rest);
    assertEquals(reader.space().length, CHUNK - rest);
  }
});

Deno.test("FrameReader.space takes no more memory than a frame needs", () => {
  for (
    const [length, size] of [[CHUNK, CHUNK], [CHUNK + 1, 2048], [2048, 2048], [
      2049,
      4096,
    ]]
  ) {
    const reader = new FrameReader(MAX, CHUNK);
    arrive(reader, [length!], 8);
    reader.space();
    assertEquals(reader.bytes.length, size);
  }
});

Deno.test("FrameReader.space has half of its buffer at least, or what the frame needs", () => {
  const random = new Random(5), reader = new FrameReader(MAX, CHUNK);
  let left = 0;
  for (let i = 0; i < 20_000; i++) {
    const space = reader.space(), { pending } = reader;
    const known = pending >= 4
      ? padded(reader.view.getUint32(space.byteOffset - pending, true)) - pending
      : 0;
    assert(
      space.length >= known && space.length >= Math.min(CHUNK / 2, CHUNK - pending - 1),
    );
    // Frames of any length, one behind the other, cut anywhere but in their length words.
    if (left === 0) {
      const length = 8 + 8 * random.below(random.oneIn(9) ? 400 : 40);
      new DataView(space.buffer, space.byteOffset).setUint32(0, length, true);
      left = length - 4;
      reader.filled(4);
    } else {
      const count = Math.min(left, space.length, 1 + random.below(300));
      left -= count;
      reader.filled(count);
    }
    while (reader.next());
    assertEquals(reader.violation, null);
  }
});
