/**
 * Arrays of numbers: the same bytes on the wire and in memory. This takes for granted that the platform is
 * little-endian, as all are that the library runs on; on another it must not be used.
 *
 * @module
 */

/** The typed array of each kind of number, over memory of its own. */
export interface NumberArrays {
  readonly i8: Int8Array<ArrayBuffer>;
  readonly u8: Uint8Array<ArrayBuffer>;
  readonly i16: Int16Array<ArrayBuffer>;
  readonly u16: Uint16Array<ArrayBuffer>;
  readonly i32: Int32Array<ArrayBuffer>;
  readonly u32: Uint32Array<ArrayBuffer>;
  readonly i64: BigInt64Array<ArrayBuffer>;
  readonly u64: BigUint64Array<ArrayBuffer>;
  readonly f32: Float32Array<ArrayBuffer>;
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
