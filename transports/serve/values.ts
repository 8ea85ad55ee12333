/**
 * The values that messages about what is kept are made of.
 *
 * @module
 */

/** The most bytes of a text. */
export const MAX_TEXT_BYTES = 512;

/** A number of 64 bits with its sign; `null` when it is none below 2^53. */
export function readNumber(view: DataView, at: number): number | null {
  const number = view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  return Number.isSafeInteger(number) ? number : null;
}

/** A text as UTF-8. What does not fit is left out, whole characters. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  const into = new Uint8Array(MAX_TEXT_BYTES);
  return into.subarray(0, new TextEncoder().encodeInto(text, into).written);
}

/** The text that bytes are; `null` when they are none. */
export function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
