import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { FrameReader, padded } from "../../../core/wire/frame.ts";

/** A frame of so many bytes, filled with `mark`, with its padding. */
function frame(length: number, mark: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(padded(length));
  bytes.fill(mark, 0, length);
  new DataView(bytes.buffer).setUint32(0, length, true);
  return bytes;
}

function joined(frames: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(frames.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of frames) {
    bytes.set(each, at);
    at += each.length;
  }
  return bytes;
}

/** Feeds pieces and returns the frames that came out, padding not included. */
function read(reader: FrameReader, pieces: readonly Uint8Array[]): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const drain = () => {
    while (reader.next()) frames.push(reader.bytes.slice(reader.start, reader.end));
  };
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const space = reader.space(), count = Math.min(space.length, piece.length - at);
      assert(count > 0, "there is no space to read into");
      space.set(piece.subarray(at, at + count));
      reader.filled(count);
      at += count;
      drain();
    }
  }
  return frames;
}

const SIZES = [8, 9, 15, 16, 17, 24, 31, 40, 63, 64, 65, 100, 127, 128, 200, 8, 33];

Deno.test("FrameReader gives the same frames wherever the stream is split", () => {
  const frames = SIZES.map((size, i) => frame(size, i + 1)), stream = joined(frames);
  const expected = frames.map((bytes, i) => bytes.slice(0, SIZES[i]));
  for (const chunk of [8, 16, 64, 256, 4096]) {
    for (let cut = 0; cut <= stream.length; cut++) {
      const reader = new FrameReader(1024, chunk);
      const pieces = [stream.subarray(0, cut), stream.subarray(cut)];
      assertEquals(read(reader, pieces), expected, `chunk ${chunk}, cut ${cut}`);
      assertEquals(reader.pending, 0);
      assertEquals(reader.violation, null);
    }
  }
});

Deno.test("FrameReader gives the same frames for every two cuts of a short stream", () => {
  const sizes = [8, 13, 24, 9], frames = sizes.map((size, i) => frame(size, i + 1));
  const stream = joined(frames);
  const expected = frames.map((bytes, i) => bytes.slice(0, sizes[i]));
  for (let a = 0; a <= stream.length; a++) {
    for (let b = a; b <= stream.length; b++) {
      const reader = new FrameReader(1024, 16);
      const pieces = [stream.subarray(0, a), stream.subarray(a, b), stream.subarray(b)];
      assertEquals(read(reader, pieces), expected, `cuts ${a}, ${b}`);
    }
  }
});

Deno.test("FrameReader gives the same frames one byte at a time", () => {
  const frames = SIZES.map((size, i) => frame(size, i + 1)), stream = joined(frames);
  const pieces = Array.from(stream, (byte) => Uint8Array.of(byte));
  for (const chunk of [8, 24, 4096]) {
    const reader = new FrameReader(1024, chunk);
    assertEquals(read(reader, pieces), frames.map((b, i) => b.slice(0, SIZES[i])));
  }
});

Deno.test("FrameReader grows for a frame larger than its chunk and shrinks back", () => {
  const reader = new FrameReader(1 << 20, 64);
  const big = frame(5000, 7), small = frame(16, 9);
  assertEquals(reader.bytes.length, 64);
  assertEquals(read(reader, [big.subarray(0, 10)]), []);
  assertEquals(reader.space().length, 8192 - 10);
  assertEquals(read(reader, [big.subarray(10), small]).length, 2);
  reader.space();
  assertEquals(reader.bytes.length, 64);
  assertEquals(read(reader, [small]), [small]);
});

Deno.test("FrameReader shrinks back with the rest of a cut frame in it", () => {
  const reader = new FrameReader(1 << 20, 64);
  const stream = joined([frame(3000, 1), frame(40, 2)]);
  const first = read(reader, [stream.subarray(0, stream.length - 30)]);
  assertEquals(first.length, 1);
  assertEquals(read(reader, [stream.subarray(stream.length - 30)]), [frame(40, 2)]);
  assertEquals(reader.bytes.length, 64);
});

Deno.test("FrameReader refuses a length below that of a frame's head", () => {
  for (let length = 0; length < 8; length++) {
    const reader = new FrameReader(1024, 64), bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setUint32(0, length, true);
    assertEquals(read(reader, [frame(8, 1), bytes]).length, 1);
    assertEquals(reader.violation, "frame-too-short");
    assertEquals(read(reader, [frame(8, 1)]), [], "nothing comes after a violation");
  }
});

Deno.test("FrameReader takes the longest frame and refuses a longer one before it takes memory", () => {
  const max = 4096;
  const whole = new FrameReader(max, 64);
  assertEquals(read(whole, [frame(max, 3)]).length, 1);
  for (const length of [max + 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff]) {
    const reader = new FrameReader(max, 64), buffer = reader.bytes.buffer;
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, length, true);
    assertEquals(read(reader, [head]), []);
    assertEquals(reader.violation, "frame-too-long");
    assertStrictEquals(reader.bytes.buffer, buffer);
    assertEquals(reader.bytes.length, 64);
  }
});

Deno.test("FrameReader tells how much of a cut frame is there", () => {
  const stream = joined([frame(8, 1), frame(20, 2)]);
  for (let cut = 0; cut < stream.length; cut++) {
    const reader = new FrameReader(1024, 64);
    read(reader, [stream.subarray(0, cut)]);
    assertEquals(reader.pending, cut < 8 ? cut : cut - 8);
  }
});

Deno.test("FrameReader takes longer frames once its limit was raised between frames", () => {
  const reader = new FrameReader(64, 64);
  assertEquals(read(reader, [frame(64, 1)]).length, 1);
  reader.maxFrameBytes = 4096;
  assertEquals(read(reader, [frame(4096, 2)]).length, 1);
  assertEquals(read(reader, [frame(4097, 3)]), []);
  assertEquals(reader.violation, "frame-too-long");
});
