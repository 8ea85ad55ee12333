/**
 * Numbers for methods, made of their names.
 *
 * A number that depends on nothing but the names stays the same when methods are reordered, added or
 * removed, and is the same on every machine and in every run.
 *
 * @module
 */
// Synchronous, unlike the platform's: waiting costs a hundred times what a short digest does.
import { sha256 } from "@noble/hashes/sha2";

/** Numbers from here on are for messages of the runtime. */
export const FIRST_RESERVED_ID = 0x7ffffff0;

/** The number of a method: 31 bits of a digest of its full name. */
export function methodId(interfaceName: string, methodName: string): number {
  // Names are ASCII; the platform's encoder would take longer than the digest.
  const name = Uint8Array.from(
    `${interfaceName}/${methodName}`,
    (char) => char.charCodeAt(0),
  );
  const digest = sha256(name);
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0) & 0x7fffffff;
}

/** Whether the runtime keeps this number for itself. */
export function isReservedId(id: number): boolean {
  return id === 0 || id >= FIRST_RESERVED_ID;
}

/** The number as source text: always eight digits, so that it can be searched for. */
export function idText(id: number): string {
  return `0x${id.toString(16).padStart(8, "0")}`;
}
