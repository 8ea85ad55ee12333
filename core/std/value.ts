/**
 * What JSON can say, for `std.Value`.
 *
 * Both directions look at one value and not into it: the codec comes back for each value inside, and so
 * it is the codec that bounds how deep they lie. A value takes one level of its 64 and a list or an object
 * another one.
 *
 * @module
 */
import type { TypeMap } from "../bindings/type_map.ts";

/** What JSON can say. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue };

/** A value as it is sent. */
export type JsonWire =
  | { readonly kind: "nothing"; readonly value?: boolean | undefined }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "list"; readonly value: JsonValue[] }
  | { readonly kind: "object"; readonly value: Map<string, JsonValue> };

/**
 * Values as a tagged union. Objects become plain ones, each key a property of their own, even `__proto__`:
 * as `JSON.parse` makes them.
 */
export const JsonValue: TypeMap<JsonValue, JsonWire> = {
  toWire(value) {
    switch (typeof value) {
      case "boolean":
        return { kind: "boolean", value };
      case "number":
        return { kind: "number", value: finite(value) };
      case "string":
        return { kind: "text", value };
      case "object":
        if (value === null) return { kind: "nothing" };
        if (Array.isArray(value)) return { kind: "list", value };
        return { kind: "object", value: entriesOf(value) };
      default:
        throw new TypeError(
          `A value must be one that JSON has: received ${typeof value}`,
        );
    }
  },
  fromWire(wire) {
    switch (wire.kind) {
      case "nothing":
        if (wire.value === undefined) return null;
        throw new RangeError("A value that is null must say no more");
      case "number":
        return finite(wire.value);
      case "object":
        // TRUST: a key may be `__proto__`. This defines properties and never assigns them.
        return Object.fromEntries(wire.value);
      default:
        return wire.value;
    }
  },
};

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(
    `A value must be one that JSON has, and so a finite number: received ${value}`,
  );
}

function entriesOf(value: { [key: string]: JsonValue }): Map<string, JsonValue> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw new TypeError(
      "A value must be one that JSON has, and so no instance of a class",
    );
  }
  return new Map(Object.entries(value));
}
