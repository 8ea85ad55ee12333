/**
 * Writes numbers: behind what was written last, or where there is a place for them. Room was made before.
 *
 * @module
 */
import { notInteger } from "./argument_error.ts";
import { MessageBuffer } from "./message_buffer.ts";
import type { Label } from "./path.ts";

const TWO_32 = 4_294_967_296;

/** Writes the parts of messages whose size is fixed. */
export class NumberBuffer extends MessageBuffer {
  /** Checks a boolean and returns its bit. Appends nothing. */
  bit(value: boolean, label: Label): 0 | 1 {
    if (value === true) return 1;
    if (value === false) return 0;
    throw this.wrongType("a boolean", value, label);
  }

  /** Appends one byte of flags. */
  flags(bits: number): void {
    this.bytes[this.at++] = bits;
  }

  /** Appends an unsigned byte. */
  u8(value: number, label: Label): void {
    this.u8At(this.at, value, label);
    this.at += 1;
  }

  /** Appends a signed byte. */
  i8(value: number, label: Label): void {
    this.i8At(this.at, value, label);
    this.at += 1;
  }

  /** Appends 16 bits, unsigned. */
  u16(value: number, label: Label): void {
    this.u16At(this.at, value, label);
    this.at += 2;
  }

  /** Appends 16 bits, signed. */
  i16(value: number, label: Label): void {
    this.i16At(this.at, value, label);
    this.at += 2;
  }

  /** Appends 32 bits, unsigned. */
  u32(value: number, label: Label): void {
    this.u32At(this.at, value, label);
    this.at += 4;
  }

  /** Appends 32 bits, signed. */
  i32(value: number, label: Label): void {
    this.i32At(this.at, value, label);
    this.at += 4;
  }

  /** Appends 64 bits, unsigned. */
  u64(value: bigint, label: Label): void {
    this.u64At(this.at, value, label);
    this.at += 8;
  }

  /** Appends 64 bits, signed. */
  i64(value: bigint, label: Label): void {
    this.i64At(this.at, value, label);
    this.at += 8;
  }

  /** Appends 64 bits, unsigned, of a number that is exact. */
  uint53(value: number, label: Label): void {
    this.uint53At(this.at, value, label);
    this.at += 8;
  }

  /** Appends 64 bits, signed, of a number that is exact. */
  int53(value: number, label: Label): void {
    this.int53At(this.at, value, label);
    this.at += 8;
  }

  /** Appends a float. */
  f32(value: number, label: Label): void {
    this.f32At(this.at, value, label);
    this.at += 4;
  }

  /** Appends a double. */
  f64(value: number, label: Label): void {
    this.f64At(this.at, value, label);
    this.at += 8;
  }

  // ------------------------------------------------------------------ where there is a place for them

  /** Goes past `count` bytes, which are all written later. Returns where they are. */
  advance(count: number): number {
    const at = this.at;
    this.at = at + count;
    return at;
  }

  /** Writes one byte of flags. */
  flagsAt(at: number, bits: number): void {
    this.bytes[at] = bits;
  }

  /** Writes an unsigned byte. */
  u8At(at: number, value: number, label: Label): void {
    if (typeof value !== "number" || (value & 0xff) !== value) {
      throw notInteger(this.pathTo(label), "0 to 255", value);
    }
    this.bytes[at] = value;
  }

  /** Writes a signed byte. */
  i8At(at: number, value: number, label: Label): void {
    if (typeof value !== "number" || value << 24 >> 24 !== value) {
      throw notInteger(this.pathTo(label), "-128 to 127", value);
    }
    this.view.setInt8(at, value);
  }

  /** Writes 16 bits, unsigned. */
  u16At(at: number, value: number, label: Label): void {
    if (typeof value !== "number" || (value & 0xffff) !== value) {
      throw notInteger(this.pathTo(label), "0 to 65535", value);
    }
    this.view.setUint16(at, value, true);
  }

  /** Writes 16 bits, signed. */
  i16At(at: number, value: number, label: Label): void {
    if (typeof value !== "number" || value << 16 >> 16 !== value) {
      throw notInteger(this.pathTo(label), "-32768 to 32767", value);
    }
    this.view.setInt16(at, value, true);
  }

  /** Writes 32 bits, unsigned. */
  u32At(at: number, value: number, label: Label): void {
    if (typeof value !== "number" || value >>> 0 !== value) {
      throw notInteger(this.pathTo(label), "0 to 4294967295", value);
    }
    this.view.setUint32(at, value, true);
  }

  /** Writes 32 bits, signed. */
  i32At(at: number, value: number, label: Label): void {
    if (typeof value !== "number" || (value | 0) !== value) {
      throw notInteger(this.pathTo(label), "-2147483648 to 2147483647", value);
    }
    this.view.setInt32(at, value, true);
  }

  /** Writes 64 bits, unsigned. */
  u64At(at: number, value: bigint, label: Label): void {
    if (typeof value !== "bigint") throw this.wrongType("a bigint", value, label);
    if (BigInt.asUintN(64, value) !== value) {
      const rule = "it must be a whole number from 0 to 18446744073709551615";
      throw this.outOfRange(rule, value, label);
    }
    this.view.setBigUint64(at, value, true);
  }

  /** Writes 64 bits, signed. */
  i64At(at: number, value: bigint, label: Label): void {
    if (typeof value !== "bigint") throw this.wrongType("a bigint", value, label);
    if (BigInt.asIntN(64, value) !== value) {
      const rule =
        "it must be a whole number from -9223372036854775808 to 9223372036854775807";
      throw this.outOfRange(rule, value, label);
    }
    this.view.setBigInt64(at, value, true);
  }

  /** Writes 64 bits, unsigned, of a number that is exact. */
  uint53At(at: number, value: number, label: Label): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw notInteger(this.pathTo(label), "0 to 9007199254740991", value);
    }
    this.#halvesAt(at, value);
  }

  /** Writes 64 bits, signed, of a number that is exact. */
  int53At(at: number, value: number, label: Label): void {
    if (!Number.isSafeInteger(value)) {
      const range = "-9007199254740991 to 9007199254740991";
      throw notInteger(this.pathTo(label), range, value);
    }
    this.#halvesAt(at, value);
  }

  #halvesAt(at: number, value: number): void {
    this.view.setUint32(at, value >>> 0, true);
    this.view.setInt32(at + 4, Math.floor(value / TWO_32), true);
  }

  /** Writes a float. */
  f32At(at: number, value: number, label: Label): void {
    if (typeof value !== "number") throw this.wrongType("a number", value, label);
    this.view.setFloat32(at, value, true);
  }

  /** Writes a double. */
  f64At(at: number, value: number, label: Label): void {
    if (typeof value !== "number") throw this.wrongType("a number", value, label);
    this.view.setFloat64(at, value, true);
  }
}
