import { LIMITS } from "../../../core/limits.ts";
import { assert, assertEquals } from "@std/assert";
import { NameSource } from "../../../core/names.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { DESCRIPTOR_BYTES } from "../../../core/wire/event.ts";
import { FrameReader } from "../../../core/wire/frame.ts";
import {
  closeHandshake,
  HandshakeType,
  openHandshake,
  readGreeting,
  readPipeOffers,
  readRefused,
  writePipeName,
  writeRefused,
} from "../../../core/wire/handshake.ts";
import { Random, seededEnvironment } from "../../sim/random.ts";

const node = new NameSource(seededEnvironment(5)).next();

function welcome(names: readonly string[]): Uint8Array<ArrayBuffer> {
  const out = new Encoder(65_536);
  openHandshake(out, HandshakeType.Welcome, node, LIMITS.tiny, false);
  for (const name of names) {
    writePipeName(out, new TextEncoder().encode(name));
    out.need(DESCRIPTOR_BYTES);
    out.bytes.fill(0, out.at, out.at += DESCRIPTOR_BYTES);
  }
  closeHandshake(out, names.length);
  return out.take().slice();
}

function end(bytes: Uint8Array): number {
  return new DataView(bytes.buffer).getUint32(0, true);
}

/** Reads a whole Welcome: the names in it, or the rule it breaks. */
function readWelcome(bytes: Uint8Array<ArrayBuffer>, to = end(bytes)): string[] | string {
  const view = new DataView(bytes.buffer);
  const greeting = readGreeting(view, 0, to);
  if (typeof greeting === "string") return greeting;
  const offers = readPipeOffers(bytes, view, 0, to);
  return typeof offers === "string" ? offers : offers.map(({ name }) => name);
}

Deno.test("readGreeting reads what openHandshake wrote", () => {
  const bytes = welcome([]);
  const greeting = readGreeting(new DataView(bytes.buffer), 0, end(bytes));
  assert(typeof greeting !== "string");
  assertEquals(greeting.version, 1);
  assertEquals(greeting.features, 0);
  assertEquals(greeting.maxFrameBytes, 65_536);
  assert(greeting.node.equals(node));
});

Deno.test("readPipeOffers reads the names that were written, in order", () => {
  const names = ["main", "log", "å".repeat(127) + "x", "\uFEFFlog", "__proto__", "\0"];
  assertEquals(readWelcome(welcome(names)), names);
});

Deno.test("readPipeOffers refuses a name that nobody can have attached", () => {
  assertEquals(readWelcome(welcome(["main", ""])), "handshake-name");
  // Half a letter, a letter in more bytes than it takes, half of a pair.
  for (const spelling of [[0xc3], [0xc1, 0x81], [0xed, 0xa0, 0x80]]) {
    const bytes = welcome(["main", "x".repeat(spelling.length)]);
    bytes.set(spelling, bytes.lastIndexOf(0x78) - spelling.length + 1);
    assertEquals(readWelcome(bytes), "handshake-name");
  }
});

Deno.test("readPipeOffers refuses a name that is there twice", () => {
  assertEquals(readWelcome(welcome(["main", "a", "main"])), "handshake-name-twice");
});

Deno.test("readGreeting refuses a frame limit that is too small to talk", () => {
  const bytes = welcome([]), view = new DataView(bytes.buffer);
  for (const limit of [0, 1023]) {
    view.setUint32(32, limit, true);
    assertEquals(readGreeting(view, 0, end(bytes)), "handshake-frame-limit");
  }
  view.setUint32(32, 1024, true);
  assert(typeof readGreeting(view, 0, end(bytes)) !== "string");
});

Deno.test("readPipeOffers refuses every truncation", () => {
  const bytes = welcome(["main", "log"]);
  for (let to = 8; to < end(bytes); to++) {
    assertEquals(readWelcome(bytes.slice(), to), "handshake-size");
  }
});

Deno.test("readPipeOffers refuses bytes that are left over", () => {
  const bytes = welcome(["main"]);
  for (const more of [1, 7, 8, 64]) {
    const longer = new Uint8Array(bytes.length + 64);
    longer.set(bytes);
    assertEquals(readWelcome(longer, end(bytes) + more), "handshake-size");
  }
});

Deno.test("readPipeOffers gives pipes or a rule whatever is changed", () => {
  const original = welcome(["main", "log", "a-longer-name"]), random = new Random(11);
  let refused = 0;
  const take = (bytes: Uint8Array<ArrayBuffer>) => {
    const result = readWelcome(bytes, original.length);
    if (typeof result === "string") refused++;
    else assert(result.length < 0x10000);
  };
  for (let bit = 0; bit < original.length * 8; bit++) {
    const bytes = original.slice();
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    take(bytes);
  }
  for (let i = 0; i < 20_000; i++) {
    const bytes = original.slice();
    for (let n = 1 + random.below(6); n > 0; n--) {
      bytes[random.below(bytes.length)] = random.below(256);
    }
    take(bytes);
  }
  assert(refused > 10_000, `${refused} were refused`);
});

Deno.test("readRefused keeps printable characters of the first 1,024 bytes", () => {
  const out = new Encoder(65_536);
  writeRefused(out, "no\u0007 room\u001b[31m é" + "x".repeat(500));
  const reader = new FrameReader(65_536), written = out.take();
  reader.space().set(written);
  reader.filled(written.length);
  assert(reader.next());
  const text = readRefused(reader.bytes, reader.start, reader.end);
  assert(text.startsWith("no? room?[31m ??xxx"), text);
  assert(text.length <= 202, `${text.length} characters`);

  const long = new Uint8Array(100_000).fill(0x61);
  assertEquals(readRefused(long, 0, long.length).length, 1016);
});

Deno.test("writeRefused writes a whole frame of its own number, padded with zeros", () => {
  const out = new Encoder(65_536);
  writeRefused(out, "no");
  const bytes = [...out.take()];
  assertEquals(bytes, [10, 0, 0, 0, 34, 0, 0, 0, 110, 111, 0, 0, 0, 0, 0, 0]);
});

Deno.test("readGreeting tells whether the other side joins", () => {
  for (const joins of [false, true]) {
    const out = new Encoder(65_536);
    openHandshake(out, HandshakeType.Join, node, LIMITS.tiny, joins);
    closeHandshake(out, 0);
    const bytes = out.take().slice();
    const greeting = readGreeting(new DataView(bytes.buffer), 0, end(bytes));
    assert(typeof greeting !== "string");
    assertEquals(greeting.joins, joins);
  }
});

Deno.test("readGreeting tells whether the other side stays in a network of its own", () => {
  const out = new Encoder(65_536);
  openHandshake(out, HandshakeType.Welcome, node, LIMITS.tiny, false, true);
  closeHandshake(out, 0);
  const bytes = out.take().slice(), view = new DataView(bytes.buffer);
  const greeting = readGreeting(view, 0, end(bytes));
  assert(typeof greeting !== "string");
  assertEquals([greeting.joins, greeting.isolated], [false, true]);
  // Nobody can join a network and stay out of it.
  view.setUint8(5, 3);
  assertEquals(readGreeting(view, 0, end(bytes)), "handshake-flags");
});

Deno.test("readPipeOffers refuses a frame that ends where a pipe should start", () => {
  const bytes = welcome([]), view = new DataView(bytes.buffer);
  assertEquals(end(bytes), bytes.length);
  view.setUint16(6, 1, true);
  assertEquals(readPipeOffers(bytes, view, 0, bytes.length), "handshake-size");
});

Deno.test("openHandshake writes each byte of a greeting, whatever the buffer held", () => {
  const out = new Encoder(65_536);
  out.bytes.fill(0xff);
  openHandshake(out, HandshakeType.Welcome, node, LIMITS.tiny, false);
  closeHandshake(out, 0);
  assertEquals(out.take().slice(), welcome([]));
});

Deno.test("writeRefused and writePipeName make room for what they write", () => {
  const reason = "x".repeat(100), out = new Encoder(65_536, 8);
  writeRefused(out, reason);
  assertEquals(readRefused(out.bytes, 0, end(out.bytes)), reason);
  const name = new TextEncoder().encode(reason), small = new Encoder(65_536, 8);
  writePipeName(small, name);
  assertEquals([...small.bytes.subarray(0, small.at)], [100, ...name]);
});
