/**
 * Streams that are cut into frames.
 *
 * @module
 */
import { FrameReader, padded } from "../../../core/wire/frame.ts";
import type { Random } from "../../sim/random.ts";
import { insist, type Tally, type Target } from "../campaign.ts";
import { Mutator } from "../mutator.ts";

const MAX_FRAME_BYTES = 256, CHUNK_BYTES = 64, ROUND = 64;

/** What a reader has to find: where frames start and end, and the rule that the rest breaks. */
function expected(stream: Uint8Array<ArrayBuffer>): [number[], string | null] {
  const view = new DataView(stream.buffer), places: number[] = [];
  for (let at = 0; at + 4 <= stream.length;) {
    const length = view.getUint32(at, true);
    if (length < 8) return [places, "frame-too-short"];
    if (length > MAX_FRAME_BYTES) return [places, "frame-too-long"];
    if (at + padded(length) > stream.length) break;
    places.push(at, at + length);
    at += padded(length);
  }
  return [places, null];
}

function read(stream: Uint8Array<ArrayBuffer>, random: Random): string | null {
  const [places, rule] = expected(stream), pieces = random.pick([1, 7, 64, 512]);
  const reader = new FrameReader(MAX_FRAME_BYTES, CHUNK_BYTES);
  let found = 0;
  for (let at = 0; at < stream.length && reader.violation === null;) {
    const space = reader.space();
    insist(space.length > 0, "there is no room to read into");
    insist(reader.bytes.length <= 2 * MAX_FRAME_BYTES, "the buffer grew");
    const count = Math.min(space.length, stream.length - at, 1 + random.below(pieces));
    space.set(stream.subarray(at, at + count));
    reader.filled(count);
    at += count;
    while (reader.next()) {
      const start = places[found]!, end = places[found + 1]!;
      insist(
        reader.end - reader.start === end - start,
        `frame ${found / 2} has another length`,
      );
      for (let i = start; i < end; i++) {
        insist(reader.bytes[reader.start + i - start] === stream[i], "a byte changed");
      }
      found += 2;
    }
  }
  insist(found === places.length, `${found / 2} frames of ${places.length / 2}`);
  insist(reader.violation === rule, `${reader.violation} instead of ${rule}`);
  return rule;
}

/** `FrameReader`. */
export const frameTarget: Target = {
  name: "frame",
  round(random: Random, tally: Tally): void {
    const mutator = new Mutator(random);
    let last: Uint8Array<ArrayBuffer>[] = [];
    for (let i = 0; i < ROUND; i++) {
      const lengths = Array.from(
        { length: 1 + random.below(4) },
        () => random.oneIn(4) ? random.pick([8, 9, 255, 256]) : 8 + random.below(60),
      );
      const stream = new Uint8Array(lengths.reduce((sum, n) => sum + padded(n), 0));
      const view = new DataView(stream.buffer);
      let at = 0;
      for (const length of lengths) {
        view.setUint32(at, length, true);
        stream.fill(random.next(), at + 8, at + length);
        at += padded(length);
      }
      const input = random.oneIn(4) ? stream : mutator.mutate(stream, last);
      last = [stream];
      tally.begin();
      tally.done(read(input, random));
    }
  },
};
