/**
 * The first frames on a link.
 *
 * @module
 */
import { LIMITS } from "../../../core/limits.ts";
import { NameSource } from "../../../core/names.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { DESCRIPTOR_BYTES } from "../../../core/wire/event.ts";
import { FrameReader } from "../../../core/wire/frame.ts";
import {
  closeHandshake,
  HandshakeType,
  MAX_HANDSHAKE_BYTES,
  openHandshake,
  readGreeting,
  readPipeOffers,
  readRefused,
  writePipeName,
  writeRefused,
} from "../../../core/wire/handshake.ts";
import { type Random, seededEnvironment } from "../../sim/random.ts";
import { insist, type Tally, type Target } from "../campaign.ts";
import { Mutator } from "../mutator.ts";

const ROUND = 64;
const PIPE_NAMES = ["main", "log", "å".repeat(100), "", "main"];

function valid(random: Random, names: NameSource): Uint8Array<ArrayBuffer> {
  const out = new Encoder(MAX_HANDSHAKE_BYTES, 512);
  if (random.oneIn(4)) {
    writeRefused(out, random.pick(["no", "\u0000\u001b[2J", "a".repeat(300)]));
    return out.take().slice();
  }
  const { Join, Welcome } = HandshakeType;
  const joins = random.oneIn(2);
  openHandshake(out, random.oneIn(3) ? Join : Welcome, names.next(), LIMITS.tiny, joins);
  const count = random.below(4);
  for (let i = 0; i < count; i++) {
    writePipeName(out, new TextEncoder().encode(random.pick(PIPE_NAMES)));
    out.need(DESCRIPTOR_BYTES);
    out.bytes.fill(0, out.at, out.at += DESCRIPTOR_BYTES);
  }
  closeHandshake(out, count);
  return out.take().slice();
}

/** Reads what a stranger said as the one it is said to does. */
function read(input: Uint8Array<ArrayBuffer>): string | null {
  const reader = new FrameReader(MAX_HANDSHAKE_BYTES, 1024);
  for (let at = 0; at < input.length;) {
    const space = reader.space(), count = Math.min(space.length, input.length - at);
    space.set(input.subarray(at, at + count));
    reader.filled(count);
    at += count;
    if (reader.next()) break;
    if (reader.violation !== null) return reader.violation;
  }
  const { bytes, view, start, end } = reader;
  if (end === 0) return "cut";
  const reason = readRefused(bytes, start, end);
  insist(/^[ -~]{0,1024}$/.test(reason), "a reason is not printable");
  const greeting = readGreeting(view, start, end);
  if (typeof greeting === "string") return greeting;
  insist(greeting.maxFrameBytes >= 1024, "a frame limit is too small");
  const offers = readPipeOffers(bytes, view, start, end);
  if (typeof offers === "string") return offers;
  insist(new Set(offers.map(({ name }) => name)).size === offers.length, "a name twice");
  for (const { at } of offers) {
    insist(at >= start && at + DESCRIPTOR_BYTES <= end, "a descriptor is elsewhere");
  }
  return null;
}

/** `readGreeting`, `readPipeOffers` and `readRefused`. */
export const handshakeTarget: Target = {
  name: "handshake",
  round(random: Random, tally: Tally): void {
    const mutator = new Mutator(random);
    const names = new NameSource(seededEnvironment(random.next()));
    let last: Uint8Array[] = [];
    for (let i = 0; i < ROUND; i++) {
      const frame = valid(random, names);
      const input = random.oneIn(8) ? frame : mutator.mutate(frame, last);
      last = [frame];
      tally.begin();
      tally.done(read(input));
    }
  },
};
