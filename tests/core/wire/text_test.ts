import { assertEquals, assertThrows } from "@std/assert";
import { BadMessageError } from "../../../core/errors.ts";
import { Decoder } from "../../../core/wire/decoder.ts";
import { Encoder } from "../../../core/wire/encoder.ts";

/** A message with one string in its bundle, of so many characters, with these bytes. */
function message(units: number, text: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Encoder(65_536);
  out.beginMessage(0, 0, 0);
  out.need(4);
  out.view.setUint32(out.at, units, true);
  out.at += 4;
  out.finishMessage(0);
  out.need(text.length);
  out.bytes.set(text, out.at);
  return out.bytes.slice(0, out.at + text.length);
}

function read(bytes: Uint8Array<ArrayBuffer>): string {
  const decoder = new Decoder();
  decoder.begin(bytes, new DataView(bytes.buffer), 0, bytes.length, []);
  const text = decoder.stringBody(decoder.stringHead());
  decoder.finish();
  return text;
}

/** Characters that differ from their neighbors. */
function ascii(length: number): string {
  return String.fromCharCode(...Array.from({ length }, (_, i) => (i * 7 + length) % 128));
}

Deno.test("Decoder.stringBody reads ASCII of every length, each character in its place", () => {
  for (let length = 1; length <= 120; length++) {
    const text = ascii(length);
    assertEquals(read(message(length, new TextEncoder().encode(text))), text);
  }
});

Deno.test("Decoder.stringBody reads what is not ASCII wherever it lies", () => {
  for (let length = 1; length <= 70; length++) {
    for (let at = 0; at < length; at++) {
      const text = `${ascii(at)}\u0080${ascii(length - at - 1)}`;
      assertEquals(read(message(length, new TextEncoder().encode(text))), text);
    }
  }
});

Deno.test("Decoder.stringBody refuses a byte that begins no character wherever it lies", () => {
  for (let length = 1; length <= 40; length++) {
    for (let at = 0; at < length; at++) {
      const text = new Uint8Array(length);
      text[at] = 0x80;
      const error = assertThrows(() => read(message(length, text)), BadMessageError);
      assertEquals(error.rule, "utf8");
    }
  }
});

Deno.test("Encoder.stringBody writes UTF-8, however short and wherever ASCII ends", () => {
  const edges = ["\0", "\x7f", "\x80", "\u07ff", "\u0800", "\uffff", "\u{10000}"];
  for (let before = 0; before <= 70; before++) {
    for (const edge of edges) {
      const text = `${ascii(before)}${edge}a`, out = new Encoder(65_536);
      out.beginMessage(0, 0, 0);
      out.need(4);
      out.stringBody(out.stringHead(text, "text"), text);
      out.finishMessage(0);
      assertEquals(out.bytes.slice(20, out.at), new TextEncoder().encode(text));
    }
  }
});
