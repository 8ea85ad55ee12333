/**
 * Reads a message of wire 1 in place. Every read is checked against the innermost end, which is the
 * end of the struct or of the message and never that of the buffer: behind it lies another message.
 *
 * @module
 */
import { MAX_ITEMS } from "./message_layout.ts";
import { MessageReader, SKIPPABLE_HEAD_BYTES } from "./message_reader.ts";
import { NUMBER_ARRAYS, type NumberArrays, type NumberKind } from "./number_array.ts";
import type { Label } from "./path.ts";

const TWO_32 = 4_294_967_296;

/** Reads values. One serves all messages of a node in turn. */
export class Decoder extends MessageReader {
  /** Which member the union has that was opened last. */
  tag = 0;
  #items = 0;
  /** Messages begun so far. */
  #messages = 0;

  /** Starts with the message from `start` to `end`. Borrows the buffer until `finish`. */
  override begin(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    handles: readonly object[],
  ): void {
    super.begin(bytes, view, start, end, handles);
    this.#items = MAX_ITEMS;
    this.#messages++;
  }

  // ------------------------------------------------------------------ what holds others

  /** Enters what starts with its size. Returns the end around it. */
  #openSized(headBytes: number, rule: string): number {
    const at = this.advance(4);
    const size = this.view.getUint32(at, true), end = at + 4 + size;
    const outer = this.limit;
    if (end > outer || size < headBytes) this.fail(rule);
    this.limit = end;
    return outer;
  }

  #close(outer: number, rule: string): void {
    if (this.at !== this.limit) this.fail(rule);
    this.limit = outer;
  }

  /** Enters the struct that holds all of a message. Returns what `closeStruct` wants. */
  openStruct(): number {
    return this.#openSized(0, "struct-size");
  }

  /** Leaves a struct. What is left of it has to be groups of a newer version, which are skipped. */
  closeStruct(outer: number): void {
    if (this.at !== this.limit) this.#skipGroups();
    this.limit = outer;
  }

  /**
   * Enters a struct within something else and goes past its first `fixedBytes`. Returns where those are. To be
   * left with `closeInner`.
   */
  openInner(label: Label, fixedBytes = 0): number {
    const outer = this.limit, at = this.at + 4, behind = at + fixedBytes;
    if (behind > outer) this.fail("end", label);
    const end = at + this.view.getUint32(at - 4, true);
    if (end > outer) this.fail("struct-size", label);
    if (behind > end) this.fail("end", label);
    this.enter(label, outer);
    this.at = behind;
    this.limit = end;
    return at;
  }

  /** Leaves what `openInner` entered. */
  closeInner(): void {
    if (this.at !== this.limit) this.#skipGroups();
    this.limit = this.leave();
  }

  /** Whether the struct goes on: with a group, known or not. */
  hasGroup(): boolean {
    return this.at !== this.limit;
  }

  /** Enters a group. Returns what `closeGroup` wants. */
  openGroup(): number {
    // Each group has at least one field, and each field at least one bit.
    const outer = this.#openSized(SKIPPABLE_HEAD_BYTES + 1, "group-size");
    this.openSkippable();
    return outer;
  }

  /** Leaves a group. */
  closeGroup(outer: number): void {
    this.checkSkippable();
    this.#close(outer, "group-size");
  }

  #skipGroups(): void {
    do {
      const outer = this.openGroup();
      this.skipRest();
      this.limit = outer;
    } while (this.hasGroup());
  }

  /** Enters a union. Returns what `closeUnion` wants; the member is in `tag`. */
  openUnion(label: Label): number {
    this.enter(label);
    this.tag = this.u32();
    return this.#openSized(0, "union-size");
  }

  /** Leaves a union. */
  closeUnion(outer: number): void {
    this.#close(outer, "union-size");
    this.leave();
  }

  /** Enters an extensible union. Returns what `closeExtensible` wants; the member is in `tag`. */
  openExtensible(label: Label): number {
    this.enter(label);
    this.tag = this.u32();
    const outer = this.#openSized(SKIPPABLE_HEAD_BYTES, "union-size");
    this.openSkippable();
    return outer;
  }

  /** Skips the member of an extensible union: it is not known. */
  skipMember(): void {
    this.skipRest();
  }

  /** Leaves an extensible union. */
  closeExtensible(outer: number): void {
    this.checkSkippable();
    this.#close(outer, "union-size");
    this.leave();
  }

  /** Enters an array of any length, each item of which takes `minBitsPerItem` at least; its count. */
  openArray(minBitsPerItem: number, label: Label): number {
    const count = this.u32();
    this.#openItems(count, minBitsPerItem, label);
    return count;
  }

  /** Enters an array that always has `size` items. */
  openFixedArray(size: number, minBitsPerItem: number, label: Label): number {
    this.#openItems(size, minBitsPerItem, label);
    return size;
  }

  /** Enters a map, each entry of which takes `minBitsPerEntry` at least; its count. */
  openMap(minBitsPerEntry: number, label: Label): number {
    return this.openArray(minBitsPerEntry, label);
  }

  #openItems(count: number, minBits: number, label: Label): void {
    // TRUST: the count is the peer's word. Nothing is allocated, and no loop runs, for more than is there.
    if (count * minBits / 8 > this.limit - this.at) this.fail("array-count", label);
    this.#items -= count;
    if (this.#items < 0) this.fail("array-items", label);
    this.enter(label);
  }

  /** `count` bits. Returns their place, for {@linkcode isSet}; those behind the last one must be zero. */
  bits(count: number): number {
    const bytes = (count + 7) >>> 3, at = this.advance(bytes), rest = count & 7;
    if (rest !== 0 && this.bytes[at + bytes - 1]! >> rest !== 0) this.fail("flags");
    return at;
  }

  /** Whether bit `i` is set of those at `at`. */
  isSet(at: number, i: number): boolean {
    return (this.bytes[at + (i >>> 3)]! >> (i & 7) & 1) === 1;
  }

  // ------------------------------------------------------------------ numbers

  /** One byte of flags; those outside `mask` must be zero. */
  flags(mask: number): number {
    return this.flagsAt(this.advance(1), mask);
  }

  /** An unsigned byte. */
  u8(): number {
    return this.u8At(this.advance(1));
  }

  /** A signed byte. */
  i8(): number {
    return this.i8At(this.advance(1));
  }

  /** 16 bits, unsigned. */
  u16(): number {
    return this.u16At(this.advance(2));
  }

  /** 16 bits, signed. */
  i16(): number {
    return this.i16At(this.advance(2));
  }

  /** 32 bits, signed. */
  i32(): number {
    return this.i32At(this.advance(4));
  }

  /** 64 bits, unsigned. */
  u64(): bigint {
    return this.u64At(this.advance(8));
  }

  /** 64 bits, signed. */
  i64(): bigint {
    return this.i64At(this.advance(8));
  }

  /** 64 bits, unsigned, that a number holds exactly. */
  uint53(label: Label): number {
    return this.uint53At(this.advance(8), label);
  }

  /** 64 bits, signed, that a number holds exactly. */
  int53(label: Label): number {
    return this.int53At(this.advance(8), label);
  }

  /** A float. */
  f32(): number {
    return this.f32At(this.advance(4));
  }

  /** A double. */
  f64(): number {
    return this.f64At(this.advance(8));
  }

  // ------------------------------------------------------------------ numbers that were gone past

  /** One byte of flags; those outside `mask` must be zero. */
  flagsAt(at: number, mask: number): number {
    const bits = this.bytes[at]!;
    if (bits & ~mask) this.fail("flags");
    return bits;
  }

  /** An unsigned byte. */
  u8At(at: number): number {
    return this.bytes[at]!;
  }

  /** A signed byte. */
  i8At(at: number): number {
    return this.view.getInt8(at);
  }

  /** 16 bits, unsigned. */
  u16At(at: number): number {
    return this.view.getUint16(at, true);
  }

  /** 16 bits, signed. */
  i16At(at: number): number {
    return this.view.getInt16(at, true);
  }

  /** 32 bits, unsigned; also the length word of a string. */
  u32At(at: number): number {
    return this.view.getUint32(at, true);
  }

  /** 32 bits, signed. */
  i32At(at: number): number {
    return this.view.getInt32(at, true);
  }

  /** 64 bits, unsigned. */
  u64At(at: number): bigint {
    return this.view.getBigUint64(at, true);
  }

  /** 64 bits, signed. */
  i64At(at: number): bigint {
    return this.view.getBigInt64(at, true);
  }

  /** 64 bits, unsigned, that a number holds exactly. */
  uint53At(at: number, label: Label): number {
    const high = this.view.getUint32(at + 4, true);
    if (high > 0x1f_ffff) this.fail("number-size", label);
    return high * TWO_32 + this.view.getUint32(at, true);
  }

  /** 64 bits, signed, that a number holds exactly. */
  int53At(at: number, label: Label): number {
    const view = this.view;
    const value = view.getInt32(at + 4, true) * TWO_32 + view.getUint32(at, true);
    if (!Number.isSafeInteger(value)) this.fail("number-size", label);
    return value;
  }

  /** A float. */
  f32At(at: number): number {
    return this.view.getFloat32(at, true);
  }

  /** A double. */
  f64At(at: number): number {
    return this.view.getFloat64(at, true);
  }

  // ------------------------------------------------------------------ strings and bytes

  /** Bytes behind their count, as a copy that the caller owns. */
  byteString(label: Label = ""): Uint8Array<ArrayBuffer> {
    const length = this.u32();
    const at = this.advance(length, label);
    return this.bytes.slice(at, at + length) as Uint8Array<ArrayBuffer>;
  }

  /** Numbers behind their count, or as many as there always are, as a copy that the caller owns. */
  numbers<K extends NumberKind>(kind: K, label: Label, size = -1): NumberArrays[K] {
    const Numbers = NUMBER_ARRAYS[kind];
    const length = (size < 0 ? this.u32() : size) * Numbers.BYTES_PER_ELEMENT;
    const at = this.advance(length, label);
    // The numbers lie anywhere, which only bytes may: the copy starts where memory does.
    return new Numbers(this.bytes.slice(at, at + length).buffer as ArrayBuffer);
  }

  // ------------------------------------------------------------------ what a type asks for

  /** Checks a length against bounds of the type. */
  length(length: number, min: number, max: number, label: Label): void {
    if (length < min) this.fail("min-length", label);
    if (length > max) this.fail("max-length", label);
  }

  /** Checks a number against bounds of the type. */
  range<N extends number | bigint>(value: N, min: N, max: N, label: Label): void {
    // NaN is in no range.
    if (!(value >= min)) this.fail("min", label);
    if (value > max) this.fail("max", label);
  }

  /** Checks numbers against bounds of the type. */
  ranges<N extends number | bigint>(
    values: ArrayLike<N>,
    min: N,
    max: N,
    label: Label,
  ): void {
    this.enter(label);
    for (let i = 0; i < values.length; i++) this.range(values[i]!, min, max, i);
    this.leave();
  }

  /** Checks a string against the pattern of the type. */
  pattern(value: string, pattern: RegExp, label: Label): void {
    if (!pattern.test(value)) this.fail("pattern", label);
  }

  /** Converts what was sent to a value of the program. */
  convert<T, W>(map: { fromWire(wire: W): T }, wire: W, label: Label): T {
    const message = this.#messages;
    let value: T;
    try {
      value = map.fromWire(wire);
    } catch {
      return this.fail("type-map", label);
    }
    // Code of the program ran in the middle of a message. If that read another one, this one is lost.
    return message === this.#messages ? value : this.fail("type-map", label);
  }
}
