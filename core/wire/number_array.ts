/**
 * Arrays of numbers: the same bytes on the wire and in memory. This takes for granted that the platform is
 * little-endian, as all are that the library runs on; on another it must not be used.
 *
 * @module
 */

/** The typed array of each kind of number, over memory of its own. */
export interface NumberArrays {
  /** For `array<int8>`. */
  readonly i8: Int8Array<ArrayBuffer>;
  /** For `array<uint8>`, which is `bytes`. */
  readonly u8: Uint8Array<ArrayBuffer>;
  /** For `array<int16>`. */
  readonly i16: Int16Array<ArrayBuffer>;
  /** For `array<uint16>`. */
  readonly u16: Uint16Array<ArrayBuffer>;
  /** For `array<int32>`. */
  readonly i32: Int32Array<ArrayBuffer>;
  /** For `array<uint32>`. */
  readonly u32: Uint32Array<ArrayBuffer>;
  /** For `array<int64>`. */
  readonly i64: BigInt64Array<ArrayBuffer>;
  /** For `array<uint64>`. */
  readonly u64: BigUint64Array<ArrayBuffer>;
  /** For `array<float>`. */
  readonly f32: Float32Array<ArrayBuffer>;
  /** For `array<double>`. */
  readonly f64: Float64Array<ArrayBuffer>;
}

/** A kind of number. */
export type NumberKind = keyof NumberArrays;

/** Makes typed arrays of one kind. */
export interface NumberArrayConstructor<A> {
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): A;
  readonly BYTES_PER_ELEMENT: number;
}

/** The classes of typed arrays. */
export const NUMBER_ARRAYS: {
  readonly [K in NumberKind]: NumberArrayConstructor<NumberArrays[K]>;
} = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
};
