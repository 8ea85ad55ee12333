/**
 * Short texts to bytes and back, faster than a call of the platform.
 *
 * @module
 */

/** Writes the text at `at`, when all of it is ASCII. There is room for it. */
export function isAsciiWritten(
  text: string,
  bytes: Uint8Array,
  view: DataView,
  at: number,
): boolean {
  const length = text.length;
  let i = 0, all = 0;
  for (; i + 4 <= length; i += 4) {
    const a = text.charCodeAt(i), b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2), d = text.charCodeAt(i + 3);
    all |= a | b | c | d;
    view.setUint32(at + i, a | b << 8 | c << 16 | d << 24, true);
  }
  for (; i < length; i++) {
    const a = text.charCodeAt(i);
    all |= a;
    bytes[at + i] = a;
  }
  return all <= 0x7f;
}

/** The text, when all of it is ASCII. */
export function asciiText(bytes: Uint8Array, from: number, to: number): string | null {
  const char = String.fromCharCode;
  let text = "", i = from;
  for (; i + 16 <= to; i += 16) {
    const a = bytes[i]!, b = bytes[i + 1]!, c = bytes[i + 2]!, d = bytes[i + 3]!;
    const e = bytes[i + 4]!, f = bytes[i + 5]!, g = bytes[i + 6]!, h = bytes[i + 7]!;
    const j = bytes[i + 8]!, k = bytes[i + 9]!, l = bytes[i + 10]!, m = bytes[i + 11]!;
    const n = bytes[i + 12]!, o = bytes[i + 13]!, p = bytes[i + 14]!, q = bytes[i + 15]!;
    if ((a | b | c | d | e | f | g | h | j | k | l | m | n | o | p | q) > 0x7f) {
      return null;
    }
    text += char(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q);
  }
  for (; i + 4 <= to; i += 4) {
    const a = bytes[i]!, b = bytes[i + 1]!, c = bytes[i + 2]!, d = bytes[i + 3]!;
    if ((a | b | c | d) > 0x7f) return null;
    text += char(a, b, c, d);
  }
  for (; i < to; i++) {
    const a = bytes[i]!;
    if (a > 0x7f) return null;
    text += char(a);
  }
  return text;
}
