/**
 * Holds a message of wire 1 while it is read: its head, the bundle of its strings, its handles, and the path
 * to the value that is being read, which errors name.
 *
 * @module
 */
import { BadMessageError } from "../errors.ts";
import { asciiText } from "./ascii.ts";
import {
  LONG_STRING_BIT,
  LONG_STRING_UNITS,
  MESSAGE_HEAD_BYTES,
  WIRE_VERSION,
} from "./message_layout.ts";
import { type Label, MAX_DEPTH, pathText } from "./path.ts";

/** The longest bundle that one string of it may keep alive. */
const PINNED_UNITS = 4096;
/** Up to this, a loop reads a text faster than a call of the platform. */
const LOOP_BYTES = 64;
/** What a lenient decoder puts in for what is not UTF-8. */
const REPLACEMENT = "\ufffd";
/** The head of what may be skipped, behind its size. */
export const SKIPPABLE_HEAD_BYTES = 8;
const NO_BYTES = new Uint8Array(0);
const NO_VIEW = new DataView(NO_BYTES.buffer);
const lenientUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads messages, apart from their values. */
export class MessageReader {
  /** The method number of the message. */
  method = 0;
  /** Its flags. */
  flagBits = 0;
  /** Its request number. */
  request = 0;
  /** What is attached to it; `readHandle` counts through. */
  handles: readonly object[] = [];
  /** The buffer that holds the message, and others. */
  protected bytes: Uint8Array = NO_BYTES;
  /** A view of it. */
  protected view: DataView = NO_VIEW;
  #start = 0;
  /** Where the next byte is. */
  protected at = 0;
  /** The end of the innermost struct, or of the values. */
  protected limit = 0;
  #stringsAt = 0;
  /** The bundle; nothing until a string of it is asked for. */
  #strings = "";
  /** Bytes of the bundle, until they are read. */
  #unread = 0;
  #cursor = 0;
  #handle = 0;
  /** What is open around the value that is being read. */
  readonly #path: Label[] = new Array(MAX_DEPTH).fill("");
  readonly #limits: number[] = new Array(MAX_DEPTH).fill(0);
  #depth = 1;
  /** Where strings and handles have to be at the end of what may be skipped, by depth. */
  readonly #cursors: number[] = new Array(MAX_DEPTH + 1).fill(0);
  readonly #claims: number[] = new Array(MAX_DEPTH + 1).fill(0);

  /** Stops: the message is bad. `label` is what of the innermost value is wrong. */
  fail(rule: string, label: Label = ""): never {
    const path = pathText(this.#path, this.#depth, label);
    throw new BadMessageError(rule, this.at - this.#start, "", path);
  }

  /** Starts with the message from `start` to `end`. Borrows the buffer until `finish`. */
  begin(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    handles: readonly object[],
  ): void {
    this.bytes = bytes;
    this.view = view;
    this.#start = this.at = start;
    this.handles = handles;
    this.#strings = "";
    this.#cursor = this.#handle = 0;
    // The struct that holds all of it counts as a level, and has no name.
    this.#depth = 1;
    if (end - start < MESSAGE_HEAD_BYTES) this.fail("head");
    const head = view.getUint32(start, true);
    if ((head & 0xff) !== WIRE_VERSION) this.fail("wire-version");
    this.flagBits = head >>> 8 & 0xff;
    if (head >>> 16 !== handles.length) this.fail("handle-count");
    this.method = view.getUint32(start + 4, true);
    this.request = view.getUint32(start + 8, true);
    const stringsAt = view.getUint32(start + 12, true);
    if (stringsAt < MESSAGE_HEAD_BYTES || stringsAt > end - start) {
      this.fail("string-offset");
    }
    this.limit = this.#stringsAt = start + stringsAt;
    this.#unread = end - this.#stringsAt;
    this.at = start + MESSAGE_HEAD_BYTES;
  }

  /** Checks that nothing is left over: no byte, no character, no handle. */
  finish(): void {
    if (this.at !== this.#stringsAt) this.fail("trailing-bytes");
    // The one or the other: until the bundle is read, there are no strings.
    if (this.#strings.length + this.#unread !== this.#cursor) this.fail("string-bundle");
    if (this.#handle !== this.handles.length) this.fail("handle-unclaimed");
  }

  /** Checks that there are `count` more bytes and goes past them. Returns where they are. */
  advance(count: number, label: Label = ""): number {
    const at = this.at;
    if (at + count > this.limit) this.fail("end", label);
    this.at = at + count;
    return at;
  }

  // ------------------------------------------------------------------ where the value is

  /** Notes that what is read next is part of `label`, and what `leave` is to return. */
  enter(label: Label, limit = 0): void {
    const depth = this.#depth;
    if (depth === MAX_DEPTH) this.fail("depth", label);
    this.#path[depth] = label;
    this.#limits[depth] = limit;
    this.#depth = depth + 1;
  }

  /** Ends what `enter` began. */
  leave(): number {
    const depth = this.#depth - 1;
    this.#depth = depth;
    return this.#limits[depth]!;
  }

  // ------------------------------------------------------------------ strings and handles

  /** 32 bits, unsigned. */
  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  /** The length word of a string. */
  stringHead(): number {
    return this.u32();
  }

  /** The string that `head` announced: the next part of the bundle, or the bytes that follow here. */
  stringBody(head: number, label: Label = ""): string {
    const strings = this.#strings, from = this.#cursor, to = from + head;
    // In one comparison: none, or too many. The bundle is too short until it is read.
    if (head - 1 >>> 0 >= LONG_STRING_UNITS || to > strings.length) {
      return this.#rareString(head, label);
    }
    // A length that cuts a surrogate pair would make two halves of it.
    if ((strings.charCodeAt(to - 1) & 0xfc00) === 0xd800) {
      this.fail("string-bundle", label);
    }
    this.#cursor = to;
    const text = strings.slice(from, to);
    // A slice keeps the whole of what it is a slice of alive. What is kept must not cost megabytes:
    // engines copy a slice that is appended to something else first.
    return strings.length <= PINNED_UNITS ? text : (" " + text).slice(1);
  }

  #rareString(head: number, label: Label): string {
    if (head === 0) return "";
    if (head > LONG_STRING_UNITS) return this.#longString(head, label);
    if (this.#unread === 0) this.fail("string-bundle", label);
    const strings = this.#readBundle();
    if (head !== strings.length) return this.stringBody(head, label);
    this.#cursor = head;
    return strings;
  }

  #longString(head: number, label: Label): string {
    if (head < LONG_STRING_BIT) this.fail("string-length", label);
    const length = head - LONG_STRING_BIT;
    const at = this.advance(length, label);
    const text = this.#text(at, at + length, label);
    // Canonical: what fits the bundle goes there.
    if (text.length <= LONG_STRING_UNITS) this.fail("string-length", label);
    return text;
  }

  /** A string whose body follows its head. */
  text(label: Label): string {
    return this.stringBody(this.u32(), label);
  }

  #readBundle(): string {
    const from = this.#stringsAt, strings = this.#text(from, from + this.#unread, "");
    this.#unread = 0;
    this.#strings = strings;
    return strings;
  }

  #text(from: number, to: number, label: Label): string {
    if (to - from <= LOOP_BYTES) {
      const ascii = asciiText(this.bytes, from, to);
      if (ascii !== null) return ascii;
    }
    const bytes = this.bytes.subarray(from, to), text = lenientUtf8.decode(bytes);
    // The platform is three times faster when it need not be strict, and says so when it was not. A length
    // says nothing: what is not UTF-8 may have a replacement for each byte.
    return text.includes(REPLACEMENT) ? this.#strictText(bytes, label) : text;
  }

  #strictText(bytes: Uint8Array, label: Label): string {
    try {
      return strictUtf8.decode(bytes);
    } catch {
      return this.fail("utf8", label);
    }
  }

  /** The next attached handle. Each index appears once, in order: two claims to one cannot be written. */
  handle(label: Label = ""): object {
    const index = this.u32();
    if (index !== this.#handle || index >= this.handles.length) {
      this.fail("handle-index", label);
    }
    this.#handle++;
    return this.handles[index]!;
  }

  // ------------------------------------------------------------------ what may be skipped

  /** Reads the head of what may be skipped. */
  protected openSkippable(): void {
    const at = this.advance(SKIPPABLE_HEAD_BYTES), depth = this.#depth;
    this.#cursors[depth] = this.#cursor + this.view.getUint32(at, true);
    this.#claims[depth] = this.#handle + this.view.getUint32(at + 4, true);
  }

  /** Checks that its strings and handles were read. */
  protected checkSkippable(): void {
    const depth = this.#depth;
    if (this.#cursors[depth] !== this.#cursor) this.fail("skip-strings");
    if (this.#claims[depth] !== this.#handle) this.fail("skip-handles");
  }

  /** Goes to the end of what may be skipped, past its strings. Its handles are closed. */
  protected skipRest(): void {
    const to = this.#cursors[this.#depth]!, handles = this.#claims[this.#depth]!;
    if (to !== this.#cursor) {
      const strings = this.#unread > 0 ? this.#readBundle() : this.#strings;
      if (to > strings.length) this.fail("skip-strings");
      // One that cuts a surrogate pair would make two halves of it.
      if ((strings.charCodeAt(to - 1) & 0xfc00) === 0xd800) this.fail("skip-strings");
      this.#cursor = to;
    }
    if (handles > this.handles.length) this.fail("skip-handles");
    while (this.#handle < handles) close(this.handles[this.#handle++]!);
    this.at = this.limit;
  }
}

/** What is attached can be closed, but for objects that tests make up. */
function close(handle: { close?(): void }): void {
  handle.close?.();
}
