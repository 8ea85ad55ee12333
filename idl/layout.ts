/**
 * Where the fields of a struct go: which have flags, and how many bytes the fixed part has at most.
 *
 * @module
 */
import type { Field, Type, Value } from "./model.ts";

/** One bit of the flags of a struct. */
export interface FlagBit {
  /** The byte of flags it is in. */
  readonly byte: number;
  /** Its value in that byte. */
  readonly mask: number;
}

/** A field with its flags. */
export interface FieldLayout {
  readonly field: Field;
  /** Says that the field is there; only for optional ones. */
  readonly presence: FlagBit | undefined;
  /** The value of a bool. */
  readonly value: FlagBit | undefined;
}

/** The layout of a struct. */
export interface StructLayout {
  readonly fields: readonly FieldLayout[];
  /** For each byte of flags, the bits that are in use. */
  readonly flagMasks: readonly number[];
  /** Flags and fixed part, with every optional field there. */
  readonly maxFixedBytes: number;
}

/** Lays out a struct of `fields`. */
export function layoutOf(fields: readonly Field[]): StructLayout {
  const flagMasks: number[] = [];
  let bits = 0;
  const nextBit = (): FlagBit => {
    const bit = { byte: bits >> 3, mask: 1 << (bits & 7) };
    flagMasks[bit.byte] = (flagMasks[bit.byte] ?? 0) | bit.mask;
    bits++;
    return bit;
  };
  const laidOut = fields.map((field) => ({
    field,
    presence: field.optional ? nextBit() : undefined,
    value: field.type.kind === "bool" ? nextBit() : undefined,
  }));
  const fixed = fields.reduce((sum, field) => sum + fixedBytes(field.type), 0);
  return { fields: laidOut, flagMasks, maxFixedBytes: flagMasks.length + fixed };
}

/** The bytes that a value of the type takes in the fixed part. */
export function fixedBytes(type: Type): number {
  switch (type.kind) {
    case "bool":
    case "bytes":
    case "array":
      return 0;
    case "i8":
    case "u8":
      return 1;
    case "i16":
    case "u16":
      return 2;
    case "i64":
    case "u64":
    case "f64":
      return 8;
    default:
      // 32 bits: numbers, the length word of a string, the index of a handle.
      return 4;
  }
}

/** The bits that an item of an array takes at least: what bounds a count that a peer sends. */
export function minItemBits({ type, optional }: Value): number {
  if (type.kind === "bool") return optional ? 2 : 1;
  if (optional) return 1;
  // Bytes and arrays start with a count of 32 bits.
  return (fixedBytes(type) || 4) * 8;
}
