/**
 * Conversions for types with `[TypeMap]`, as a program would write them.
 *
 * @module
 */

/** A moment, for a struct of seconds and nanoseconds. */
export type Moment = Date;
/** Converts moments. */
export const Moment: {
  toWire(value: Date): { millis: number };
  fromWire(wire: { millis: number }): Date;
} = {
  toWire(value: Date): { millis: number } {
    const millis = value.getTime();
    if (Number.isNaN(millis)) throw new RangeError("it is no date");
    return { millis };
  },
  fromWire({ millis }: { millis: number }): Date {
    if (Math.abs(millis) > 8.64e15) throw new RangeError("no such date");
    return new Date(millis);
  },
};

/** The plain shape of a {@linkcode Scalar}. */
type ScalarWire =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: number };
/** A string or a number, for a union of both. */
export type Scalar = string | number;
/** Converts scalars. */
export const Scalar: {
  toWire(value: Scalar): ScalarWire;
  fromWire(wire: ScalarWire): Scalar;
} = {
  toWire: (value: Scalar): ScalarWire =>
    typeof value === "string" ? { kind: "text", value } : { kind: "number", value },
  fromWire: ({ value }: ScalarWire): Scalar => value,
};
