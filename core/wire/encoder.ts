/**
 * Writes the values of messages. The wire is described in `docs/wire.md`; generated code calls what is
 * here in the order of a type's fields.
 *
 * What a caller passes is checked strictly: a value of the wrong type ends in an error that names it, and
 * nothing is sent.
 *
 * @module
 */
import { notInteger } from "./argument_error.ts";
import { MAX_ITEMS } from "./message_layout.ts";
import { NUMBER_ARRAYS, type NumberKind } from "./number_array.ts";
import { NumberBuffer } from "./number_buffer.ts";
import type { Label } from "./path.ts";

export {
  LONG_STRING_BIT,
  LONG_STRING_UNITS,
  MAX_ITEMS,
  MESSAGE_HEAD_BYTES,
  MessageFlag,
  WIRE_VERSION,
} from "./message_layout.ts";

/** What tells the length of a typed array, whatever a subclass of it says. */
const lengthOf = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  "length",
)!.get!;

/** Writes frames and values. */
export class Encoder extends NumberBuffer {
  #items = 0;

  /** Opens a frame and leaves `headBytes` for its head. */
  override begin(headBytes: number): void {
    super.begin(headBytes);
    this.#items = 0;
  }

  // ------------------------------------------------------------------ what holds others

  /**
   * Opens the struct that holds all of a message and goes past its first `fixedBytes`, with room for `more`
   * behind them. Returns where those are.
   */
  openStruct(fixedBytes: number, more = 0): number {
    this.need(4 + fixedBytes + more);
    const at = this.at + 4;
    this.at = at + fixedBytes;
    return at;
  }

  /** Closes the struct whose first bytes are at `at`: its size is known now. */
  closeStruct(at: number): void {
    this.view.setUint32(at - 4, this.at - at, true);
  }

  /** As {@linkcode openStruct}, for a struct within something else. */
  openInner(label: Label, fixedBytes: number, more = 0): number {
    this.enter(label);
    return this.openStruct(fixedBytes, more);
  }

  /** Closes what `openInner` opened. */
  closeInner(at: number): void {
    this.leave();
    this.closeStruct(at);
  }

  /** Opens a group of fields that older readers skip. Returns its place. */
  openGroup(maxFixedBytes: number): number {
    const at = this.at;
    this.need(12 + maxFixedBytes);
    this.openSkippable(at);
    return at;
  }

  /** Closes the group at `at`. */
  closeGroup(at: number): void {
    this.closeSkippable(at);
  }

  /** Opens a union with its `tag`, and room for a member of fixed size. Returns the place of its size. */
  openUnion(tag: number, label: Label): number {
    this.enter(label);
    this.need(8 + 9);
    const at = this.at;
    this.view.setUint32(at, tag, true);
    this.at = at + 8;
    return at + 4;
  }

  /** Closes the union whose size is at `at`. */
  closeUnion(at: number): void {
    this.leave();
    this.view.setUint32(at, this.at - at - 4, true);
  }

  /** Opens a union whose member the reader may not know. */
  openExtensible(tag: number, label: Label): number {
    this.enter(label);
    this.need(16 + 9);
    const at = this.at;
    this.view.setUint32(at, tag, true);
    this.openSkippable(at + 4);
    return at + 4;
  }

  /** Closes the extensible union whose size is at `at`. */
  closeExtensible(at: number): void {
    this.leave();
    this.closeSkippable(at);
  }

  /** Enters an array, appends its count and returns it. To be left with `leave`. */
  openArray(value: readonly unknown[], label: Label): number {
    const count = this.#itemsOf(value, label);
    this.#count(count, label);
    return count;
  }

  /** Enters an array that always has `size` items. To be left with `leave`. */
  openFixedArray(value: readonly unknown[], size: number, label: Label): number {
    const count = this.#itemsOf(value, label);
    if (count !== size) throw this.#wrongSize(count, size, label);
    this.enter(label);
    return count;
  }

  /** Enters a map, appends its count and returns its keys and values. To be left with `leave`. */
  openMap<K, V>(value: ReadonlyMap<K, V>, label: Label): [keys: K[], values: V[]] {
    if (!(value instanceof Map)) throw this.wrongType("a Map", value, label);
    // Both at once: code of the caller that runs later may change the map.
    const keys = [...value.keys()], values = [...value.values()];
    if (keys.length !== values.length) throw this.wrongType("a Map", value, label);
    this.#budget(keys.length, label);
    this.#count(keys.length, label);
    return [keys, values];
  }

  #itemsOf(value: readonly unknown[], label: Label): number {
    if (!Array.isArray(value)) throw this.wrongType("an array", value, label);
    const count = value.length;
    this.#budget(count, label);
    return count;
  }

  #budget(count: number, label: Label): void {
    this.#checkLength(count, label);
    this.#items += count;
    if (this.#items > MAX_ITEMS) {
      throw new RangeError(
        `Cannot send argument '${
          this.pathTo(label)
        }': all arrays of a message together have at most ${MAX_ITEMS} items`,
      );
    }
  }

  #checkLength(count: number, label: Label): void {
    // A Proxy can say anything of its length.
    if (count >>> 0 === count) return;
    throw notInteger(this.pathTo(label), "0 to 4294967295", count);
  }

  #wrongSize(count: number, size: number, label: Label): RangeError {
    return this.outOfRange(`it must have ${size} items`, count, label);
  }

  #count(count: number, label: Label): void {
    this.enter(label);
    this.need(4);
    this.view.setUint32(this.at, count, true);
    this.at += 4;
  }

  /** Appends `count` bits, all zero, and returns their place. */
  openBits(count: number): number {
    const at = this.at, end = at + ((count + 7) >>> 3);
    this.need(end - at);
    this.at = end;
    if (end - at > 32) this.bytes.fill(0, at, end);
    else for (let i = at; i < end; i++) this.bytes[i] = 0;
    return at;
  }

  /** Sets bit `i` of those at `at`. */
  setBit(at: number, i: number): void {
    this.bytes[at + (i >>> 3)]! |= 1 << (i & 7);
  }

  // ------------------------------------------------------------------ bytes and arrays of numbers

  /** Appends bytes behind their count, and returns that. Borrows `value` for the call. */
  byteString(value: Uint8Array, label: Label): number {
    if (!(value instanceof Uint8Array)) {
      throw this.wrongType("a Uint8Array", value, label);
    }
    // Its own word for it: another length would send what was here before, which is nobody's business.
    const length: number = lengthOf.call(value);
    this.need(4 + length);
    this.view.setUint32(this.at, length, true);
    this.bytes.set(value, this.at + 4);
    this.at += 4 + length;
    return length;
  }

  /** Appends numbers behind their count, or without one when there are always `size`. Returns how many. */
  numbers(
    kind: NumberKind,
    value: ArrayLike<number> | ArrayLike<bigint>,
    label: Label,
    size = -1,
  ): number {
    const Numbers = NUMBER_ARRAYS[kind];
    if (!(value instanceof Numbers) && !Array.isArray(value)) {
      throw this.wrongType("an array of numbers", value, label);
    }
    const count = value.length;
    this.#checkLength(count, label);
    if (size >= 0 && count !== size) throw this.#wrongSize(count, size, label);
    this.need(4 + count * Numbers.BYTES_PER_ELEMENT);
    if (size < 0) {
      this.view.setUint32(this.at, count, true);
      this.at += 4;
    }
    if (value instanceof Numbers) {
      const { buffer, byteOffset } = value, bytes = count * Numbers.BYTES_PER_ELEMENT;
      this.bytes.set(new Uint8Array(buffer, byteOffset, bytes), this.at);
      this.at += bytes;
      return count;
    }
    this.enter(label);
    const write = this[kind] as (value: unknown, label: Label) => void;
    for (let i = 0; i < count; i++) write.call(this, value[i], i);
    this.leave();
    return count;
  }

  /** Checks the last `count` numbers against bounds of the type. */
  ranges<N extends number | bigint>(
    kind: NumberKind,
    count: number,
    min: N,
    max: N,
    label: Label,
  ): void {
    const Numbers = NUMBER_ARRAYS[kind];
    const from = this.at - count * Numbers.BYTES_PER_ELEMENT;
    // What was written, not what the caller holds, which may say something else by now.
    const numbers = new Numbers(this.bytes.slice(from, this.at).buffer);
    this.enter(label);
    for (let i = 0; i < count; i++) this.range(numbers[i] as N, min, max, i);
    this.leave();
  }
}
