/**
 * UUIDs, for `std.Uuid`.
 *
 * @module
 */
import type { TypeMap } from "../bindings/type_map.ts";

/** A UUID as `crypto.randomUUID()` gives it: lower case, with four hyphens. */
export type UuidText = `${string}-${string}-${string}-${string}-${string}`;

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** UUIDs as 16 bytes. */
export const UuidText: TypeMap<UuidText, { readonly bytes: Uint8Array }> = {
  toWire(value) {
    if (typeof value !== "string") throw new TypeError("A UUID must be a string");
    if (!FORM.test(value)) {
      throw new RangeError(
        "A UUID must have 32 hexadecimal digits in lower case and four hyphens",
      );
    }
    return { bytes: Uint8Array.fromHex(value.replaceAll("-", "")) };
  },
  fromWire({ bytes }) {
    const hex = bytes.toHex();
    const parts = [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20),
    ] as const;
    return `${parts[0]}-${parts[1]}-${parts[2]}-${parts[3]}-${parts[4]}`;
  },
};
