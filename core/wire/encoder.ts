/**
 * A growing buffer that frames and the values in them are written to, straight, without an object or a
 * copy per message.
 *
 * One message is encoded at a time. Until it is committed it can be rolled back, so an argument of the
 * wrong type leaves no trace. Whoever writes the buffer out takes it whole and leaves a spare.
 *
 * @module
 */
import { LimitError } from "../errors.ts";

/** A string longer than this is stored alone, so that it neither pins the bundle nor is pinned by it. */
export const LONG_STRING_UNITS = 1024;
/** Marks a length word whose string is stored alone; the rest of the word counts its bytes. */
export const LONG_STRING_BIT = 0x80000000;
/** Array items in one message: packed bits must not unfold without bound. */
export const MAX_ITEMS = 1_048_576;
/** Bytes of the head of a message: wire version, flags, handle count, method, request, string offset. */
export const MESSAGE_HEAD_BYTES = 16;
/** The version of the layout of values. */
export const WIRE_VERSION = 1;
/** The flags of a message. */
export const MessageFlag: {
  readonly ExpectsReply: 1;
  readonly Reply: 2;
  readonly Error: 4;
} = { ExpectsReply: 1, Reply: 2, Error: 4 };

/** A buffer up to this is kept for the next turn, a larger one only while it is needed. */
const SPARE_BYTES = 256 * 1024;
const MAX_SPARE_BYTES = 8 * 1024 * 1024;
const utf8 = new TextEncoder();
const nothing = () => {};

/** Writes frames and values. */
export class Encoder {
  /** The buffer. Replaced when it grows or is taken: never keep it across a call. */
  bytes: Uint8Array<ArrayBuffer>;
  /** A view of the same buffer. */
  view: DataView<ArrayBuffer>;
  /** Where the next byte goes. */
  at = 0;
  /** Where the open message starts; without one, the end of what is committed. */
  start = 0;
  /** Whether a message is being encoded. */
  open = false;
  /** Who is encoding, for the functions that attach handles. */
  owner: object | null = null;
  /** What is attached to the open message, in the order of its indices. */
  handles: object[] = [];
  /** Called when a message was rolled back. */
  onCancel: () => void = nothing;
  /** What one frame may come to: the smaller of our limit and the neighbor's. */
  maxFrameBytes: number;
  #strings = "";
  #body = 0;
  #items = 0;
  #spare: Uint8Array<ArrayBuffer> | null = null;

  /** Makes an empty one. */
  constructor(maxFrameBytes: number, initialBytes = 4096) {
    this.maxFrameBytes = maxFrameBytes;
    this.bytes = new Uint8Array(initialBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `count` more bytes. */
  need(count: number): void {
    if (this.at + count > this.bytes.length) this.#grow(count);
  }

  #grow(count: number): void {
    if (this.open && this.at - this.start + count > this.maxFrameBytes * 4) {
      // A string is given room for three bytes a unit before its real size is known; beyond four
      // times the limit no message can come out small enough.
      throw new LimitError(
        "maxFrameBytes",
        this.maxFrameBytes,
        this.at - this.start + count,
      );
    }
    let size = this.bytes.length;
    while (size < this.at + count) size *= 2;
    const bytes = new Uint8Array(size);
    bytes.set(this.bytes.subarray(0, this.at));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  /** Takes everything committed and leaves an empty buffer. Not while a message is open. */
  take(): Uint8Array<ArrayBuffer> {
    const full = this.bytes.subarray(0, this.at);
    this.bytes = this.#spare ?? new Uint8Array(65_536);
    this.#spare = null;
    this.view = new DataView(this.bytes.buffer);
    this.at = this.start = 0;
    return full;
  }

  /** Forgets everything committed: it was read where it is. A buffer that grew large is let go. */
  rewind(): void {
    this.at = this.start = 0;
    if (this.bytes.length <= SPARE_BYTES) return;
    this.bytes = new Uint8Array(4096);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Gives back a buffer that was taken, once nobody reads it any more. */
  recycle(taken: Uint8Array<ArrayBuffer>): void {
    const size = taken.buffer.byteLength;
    // Fresh memory costs more than what is written to it.
    if (size <= SPARE_BYTES || (size <= MAX_SPARE_BYTES && taken.length > size / 8)) {
      this.#spare = new Uint8Array(taken.buffer);
    }
  }

  /** Opens a frame and leaves `headBytes` for its head. */
  begin(headBytes: number): void {
    if (this.open) {
      // A getter or a proxy among the arguments of the first message tried to send the second.
      throw new Error("Cannot send a message while another one is being encoded");
    }
    this.open = true;
    this.start = this.at;
    // Setting a length, even to what it is, leaves compiled code.
    if (this.handles.length > 0) this.handles.length = 0;
    this.#strings = "";
    this.#items = 0;
    this.need(headBytes);
    this.at += headBytes;
  }

  /** Opens a message of wire 1 behind a frame head of `headBytes`. */
  beginMessage(headBytes: number, method: number, flags: number): void {
    this.begin(headBytes + MESSAGE_HEAD_BYTES);
    const at = this.#body = this.at - MESSAGE_HEAD_BYTES;
    const view = this.view;
    view.setUint32(at, WIRE_VERSION | flags << 8, true);
    view.setUint32(at + 4, method, true);
  }

  /** Completes a message of wire 1: its request number, its count of handles, its string bundle. */
  finishMessage(request: number): void {
    const body = this.#body;
    this.view.setUint16(body + 2, this.handles.length, true);
    this.view.setUint32(body + 8, request, true);
    this.view.setUint32(body + 12, this.at - body, true);
    const strings = this.#strings;
    if (strings !== "") {
      this.#text(strings);
      this.#strings = "";
    }
  }

  #text(text: string): void {
    const length = text.length;
    if (length <= 64) {
      this.need(length);
      const bytes = this.bytes, at = this.at;
      let i = 0;
      for (; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        bytes[at + i] = unit;
      }
      if (i === length) {
        this.at = at + length;
        return;
      }
    }
    this.need(length * 3);
    this.at += utf8.encodeInto(text, this.bytes.subarray(this.at)).written;
  }

  /** Rolls the open message back, whatever state it is in. Returns `error`, to be thrown. */
  cancel(error: unknown): unknown {
    this.at = this.start;
    if (this.at === 0) this.rewind();
    this.open = false;
    this.handles.length = 0;
    this.#strings = "";
    this.onCancel();
    return error;
  }

  /** Pads to a multiple of 8 with zeros: what the buffer held before must not leak. */
  pad(): void {
    const at = this.at, end = (at + 7) & ~7;
    if (at === end) return;
    this.need(8);
    this.view.setUint32(at, 0, true);
    this.view.setUint32(at + 4, 0, true);
    this.at = end;
  }

  /** Opens a struct with room for `maxFixedBytes` of flags and fixed fields. Returns its place. */
  openStruct(maxFixedBytes: number): number {
    const at = this.at;
    this.need(4 + maxFixedBytes);
    this.at = at + 4;
    return at;
  }

  /** Closes the struct at `at`: its size is known now. */
  closeStruct(at: number): void {
    this.view.setUint32(at, this.at - at - 4, true);
  }

  /** Appends one byte of flags. */
  flags(bits: number): void {
    this.bytes[this.at++] = bits;
  }

  /** Checks a boolean and returns its bit. Appends nothing. */
  bit(value: boolean, name: string): 0 | 1 {
    if (value === true) return 1;
    if (value === false) return 0;
    throw wrongType(name, "a boolean", value);
  }

  /** Appends an unsigned byte. */
  u8(value: number, name: string): void {
    if (typeof value !== "number" || (value & 0xff) !== value) {
      throw notInteger(name, "0 to 255", value);
    }
    this.bytes[this.at++] = value;
  }

  /** Appends a signed byte. */
  i8(value: number, name: string): void {
    if (typeof value !== "number" || value << 24 >> 24 !== value) {
      throw notInteger(name, "-128 to 127", value);
    }
    this.view.setInt8(this.at, value);
    this.at += 1;
  }

  /** Appends 16 bits, unsigned. */
  u16(value: number, name: string): void {
    if (typeof value !== "number" || (value & 0xffff) !== value) {
      throw notInteger(name, "0 to 65535", value);
    }
    this.view.setUint16(this.at, value, true);
    this.at += 2;
  }

  /** Appends 16 bits, signed. */
  i16(value: number, name: string): void {
    if (typeof value !== "number" || value << 16 >> 16 !== value) {
      throw notInteger(name, "-32768 to 32767", value);
    }
    this.view.setInt16(this.at, value, true);
    this.at += 2;
  }

  /** Appends 32 bits, unsigned. */
  u32(value: number, name: string): void {
    if (typeof value !== "number" || value >>> 0 !== value) {
      throw notInteger(name, "0 to 4294967295", value);
    }
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  /** Appends 32 bits, signed. */
  i32(value: number, name: string): void {
    if (typeof value !== "number" || (value | 0) !== value) {
      throw notInteger(name, "-2147483648 to 2147483647", value);
    }
    this.view.setInt32(this.at, value, true);
    this.at += 4;
  }

  /** Appends 64 bits, unsigned. */
  u64(value: bigint, name: string): void {
    if (typeof value !== "bigint") throw wrongType(name, "a bigint", value);
    if (BigInt.asUintN(64, value) !== value) {
      throw outOfRange(name, "0 to 18446744073709551615", value);
    }
    this.view.setBigUint64(this.at, value, true);
    this.at += 8;
  }

  /** Appends 64 bits, signed. */
  i64(value: bigint, name: string): void {
    if (typeof value !== "bigint") throw wrongType(name, "a bigint", value);
    if (BigInt.asIntN(64, value) !== value) {
      throw outOfRange(name, "-9223372036854775808 to 9223372036854775807", value);
    }
    this.view.setBigInt64(this.at, value, true);
    this.at += 8;
  }

  /** Appends a float. */
  f32(value: number, name: string): void {
    if (typeof value !== "number") throw wrongType(name, "a number", value);
    this.view.setFloat32(this.at, value, true);
    this.at += 4;
  }

  /** Appends a double. */
  f64(value: number, name: string): void {
    if (typeof value !== "number") throw wrongType(name, "a number", value);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** Attaches `handle` and appends its index. */
  handle(handle: object): void {
    this.view.setUint32(this.at, this.handles.length, true);
    this.at += 4;
    this.handles.push(handle);
  }

  /** Appends the length word of a string and returns its place for {@linkcode stringBody}. */
  stringHead(value: string, name: string): number {
    if (typeof value !== "string") throw wrongType(name, "a string", value);
    if (!value.isWellFormed()) {
      throw new TypeError(
        `Cannot send argument '${name}': it holds half of a surrogate pair`,
      );
    }
    const at = this.at;
    this.view.setUint32(at, value.length, true);
    this.at = at + 4;
    return at;
  }

  /** Adds a short string to the bundle, or appends a long one here. */
  stringBody(head: number, value: string): void {
    if (value.length <= LONG_STRING_UNITS) {
      this.#strings += value;
      return;
    }
    const from = this.at;
    this.#text(value);
    this.view.setUint32(head, LONG_STRING_BIT | (this.at - from), true);
  }

  /** Appends bytes behind their count. Borrows `value` for the call. */
  byteString(value: Uint8Array, name: string): void {
    if (!(value instanceof Uint8Array)) throw wrongType(name, "a Uint8Array", value);
    this.need(4 + value.length);
    this.view.setUint32(this.at, value.length, true);
    this.bytes.set(value, this.at + 4);
    this.at += 4 + value.length;
  }

  /** Appends the count of an array and returns it. */
  count(value: readonly unknown[], name: string): number {
    if (!Array.isArray(value)) throw wrongType(name, "an array", value);
    const count = value.length;
    // A Proxy can say anything of its length.
    if (count >>> 0 !== count) throw notInteger(name, "0 to 4294967295", count);
    this.#items += count;
    if (this.#items > MAX_ITEMS) {
      throw new RangeError(
        `Cannot send argument '${name}': all arrays of a message together have at most ${MAX_ITEMS} items`,
      );
    }
    this.need(4);
    this.view.setUint32(this.at, count, true);
    this.at += 4;
    return count;
  }
}

function wrongType(name: string, expected: string, value: unknown): TypeError {
  return new TypeError(
    `Cannot send argument '${name}': it must be ${expected}: received ${show(value)}`,
  );
}

function notInteger(name: string, range: string, value: unknown): TypeError | RangeError {
  if (typeof value !== "number") return wrongType(name, "a number", value);
  return outOfRange(name, range, value);
}

function outOfRange(name: string, range: string, value: number | bigint): RangeError {
  return new RangeError(
    `Cannot send argument '${name}': it must be a whole number from ${range}: received ${value}`,
  );
}

function show(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? "an array" : "an object";
  if (typeof value === "string") {
    return `the string ${JSON.stringify(value.slice(0, 40))}`;
  }
  return typeof value === "function" || typeof value === "symbol"
    ? `a ${typeof value}`
    : `${value}`;
}
