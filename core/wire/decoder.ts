/**
 * Reads a message of wire 1 in place. Every read is checked against the innermost end, which is the
 * end of the struct or of the message and never that of the buffer: behind it lies another message.
 *
 * @module
 */
import { BadMessageError } from "../errors.ts";
import {
  LONG_STRING_BIT,
  LONG_STRING_UNITS,
  MAX_ITEMS,
  MESSAGE_HEAD_BYTES,
  WIRE_VERSION,
} from "./encoder.ts";

/** The longest bundle that one string of it may keep alive. */
const PINNED_UNITS = 4096;
const NO_BYTES = new Uint8Array(0);
const NO_VIEW = new DataView(NO_BYTES.buffer);
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads values. One serves all messages of a node in turn. */
export class Decoder {
  /** The method number of the message. */
  method = 0;
  /** Its flags. */
  flagBits = 0;
  /** Its request number. */
  request = 0;
  /** What is attached to it; `readHandle` counts through. */
  handles: readonly object[] = [];
  #bytes: Uint8Array = NO_BYTES;
  #view: DataView = NO_VIEW;
  #start = 0;
  #at = 0;
  #limit = 0;
  #stringsAt = 0;
  #end = 0;
  #strings: string | null = null;
  #cursor = 0;
  #handle = 0;
  #items = 0;
  /** Stops: the message is bad. */
  fail(rule: string): never {
    throw new BadMessageError(rule, this.#at - this.#start);
  }

  /** Starts with the message from `start` to `end`. Borrows the buffer until `finish`. */
  begin(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    handles: readonly object[],
  ): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#start = this.#at = start;
    this.#end = end;
    this.handles = handles;
    this.#strings = null;
    this.#cursor = this.#handle = 0;
    this.#items = MAX_ITEMS;
    if (end - start < MESSAGE_HEAD_BYTES) this.fail("head");
    if (view.getUint8(start) !== WIRE_VERSION) this.fail("wire-version");
    this.flagBits = view.getUint8(start + 1);
    if (view.getUint16(start + 2, true) !== handles.length) this.fail("handle-count");
    this.method = view.getUint32(start + 4, true);
    this.request = view.getUint32(start + 8, true);
    const stringsAt = view.getUint32(start + 12, true);
    if (stringsAt < MESSAGE_HEAD_BYTES || stringsAt > end - start) {
      this.fail("string-offset");
    }
    this.#limit = this.#stringsAt = start + stringsAt;
    this.#at = start + MESSAGE_HEAD_BYTES;
  }

  /** Checks that nothing is left over: no byte, no character, no handle. */
  finish(): void {
    if (this.#at !== this.#stringsAt) this.fail("trailing-bytes");
    const units = this.#strings === null
      ? this.#end - this.#stringsAt
      : this.#strings.length - this.#cursor;
    if (units !== 0) this.fail("string-bundle");
    if (this.#handle !== this.handles.length) this.fail("handle-unclaimed");
  }

  #advance(count: number): number {
    const at = this.#at;
    if (at + count > this.#limit) this.fail("end");
    this.#at = at + count;
    return at;
  }

  /** Enters a struct. Returns what `closeStruct` wants. */
  openStruct(): number {
    const at = this.#advance(4);
    const end = at + 4 + this.#view.getUint32(at, true);
    const outer = this.#limit;
    if (end > outer) this.fail("struct-size");
    this.#limit = end;
    return outer;
  }

  /** Leaves a struct, which must be used up. */
  closeStruct(outer: number): void {
    if (this.#at !== this.#limit) this.fail("struct-size");
    this.#limit = outer;
  }

  /** One byte of flags; those outside `mask` must be zero. */
  flags(mask: number): number {
    const bits = this.#bytes[this.#advance(1)]!;
    if (bits & ~mask) this.fail("flags");
    return bits;
  }

  /** An unsigned byte. */
  u8(): number {
    return this.#bytes[this.#advance(1)]!;
  }

  /** A signed byte. */
  i8(): number {
    return this.#view.getInt8(this.#advance(1));
  }

  /** 16 bits, unsigned. */
  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  /** 16 bits, signed. */
  i16(): number {
    return this.#view.getInt16(this.#advance(2), true);
  }

  /** 32 bits, unsigned. */
  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** 32 bits, signed. */
  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** 64 bits, unsigned. */
  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  /** 64 bits, signed. */
  i64(): bigint {
    return this.#view.getBigInt64(this.#advance(8), true);
  }

  /** A float. */
  f32(): number {
    return this.#view.getFloat32(this.#advance(4), true);
  }

  /** A double. */
  f64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** The next attached handle. Each index appears once, in order: two claims to one cannot be written. */
  handle(): object {
    const index = this.u32();
    if (index !== this.#handle || index >= this.handles.length) this.fail("handle-index");
    this.#handle++;
    return this.handles[index]!;
  }

  /** The length word of a string. */
  stringHead(): number {
    return this.u32();
  }

  /** The string that `head` announced: the next part of the bundle, or the bytes that follow here. */
  stringBody(head: number): string {
    if (head > LONG_STRING_UNITS) {
      if (head < LONG_STRING_BIT) this.fail("string-length");
      const length = head - LONG_STRING_BIT;
      const at = this.#advance(length);
      const text = this.#text(at, at + length);
      // Canonical: what fits the bundle goes there.
      if (text.length <= LONG_STRING_UNITS) this.fail("string-length");
      return text;
    }
    if (head === 0) return "";
    const strings = this.#strings ??= this.#text(this.#stringsAt, this.#end);
    const from = this.#cursor, to = from + head;
    if (to > strings.length) this.fail("string-bundle");
    this.#cursor = to;
    if (from === 0 && to === strings.length) return strings;
    // A length that cuts a surrogate pair would make two halves of it.
    if ((strings.charCodeAt(to - 1) & 0xfc00) === 0xd800) this.fail("string-bundle");
    const text = strings.slice(from, to);
    // A slice keeps the whole of what it is a slice of alive. What is kept must not cost megabytes:
    // engines copy a slice that is appended to something else first.
    return strings.length <= PINNED_UNITS ? text : (" " + text).slice(1);
  }

  #text(from: number, to: number): string {
    if (to - from <= 96) {
      const ascii = asciiText(this.#bytes, from, to);
      if (ascii !== null) return ascii;
    }
    try {
      return strictUtf8.decode(this.#bytes.subarray(from, to));
    } catch {
      return this.fail("utf8");
    }
  }

  /** Bytes behind their count, as a copy that the caller owns. */
  byteString(): Uint8Array {
    const length = this.u32();
    const at = this.#advance(length);
    return this.#bytes.slice(at, at + length);
  }

  /** The count of an array, each item of which takes `minBitsPerItem` bits at least. */
  count(minBitsPerItem: number): number {
    const count = this.u32();
    // Items of no size count as one byte: four bytes must not buy four billion turns of a loop.
    const bytes = count * (minBitsPerItem || 8) / 8;
    if (bytes > this.#limit - this.#at) this.fail("array-count");
    this.#items -= count;
    if (this.#items < 0) this.fail("array-items");
    return count;
  }
}

/** The text, when all of it is ASCII. */
function asciiText(bytes: Uint8Array, from: number, to: number): string | null {
  const char = String.fromCharCode;
  let text = "", i = from;
  for (; i + 16 <= to; i += 16) {
    const a = bytes[i]!, b = bytes[i + 1]!, c = bytes[i + 2]!, d = bytes[i + 3]!;
    const e = bytes[i + 4]!, f = bytes[i + 5]!, g = bytes[i + 6]!, h = bytes[i + 7]!;
    const j = bytes[i + 8]!, k = bytes[i + 9]!, l = bytes[i + 10]!, m = bytes[i + 11]!;
    const n = bytes[i + 12]!, o = bytes[i + 13]!, p = bytes[i + 14]!, q = bytes[i + 15]!;
    if ((a | b | c | d | e | f | g | h | j | k | l | m | n | o | p | q) > 0x7f) {
      return null;
    }
    text += char(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q);
  }
  for (; i + 4 <= to; i += 4) {
    const a = bytes[i]!, b = bytes[i + 1]!, c = bytes[i + 2]!, d = bytes[i + 3]!;
    if ((a | b | c | d) > 0x7f) return null;
    text += char(a, b, c, d);
  }
  for (; i < to; i++) {
    const a = bytes[i]!;
    if (a > 0x7f) return null;
    text += char(a);
  }
  return text;
}
