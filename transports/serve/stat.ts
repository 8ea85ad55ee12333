/**
 * What the operating system knows of a file, on the wire.
 *
 * @module
 */
import { readNumber } from "./values.ts";

/** Bytes of it. */
export const STAT_BYTES: number = 8 + 14 * 8;

const KINDS = [
  "isFile",
  "isDirectory",
  "isSymlink",
  "isBlockDevice",
  "isCharDevice",
  "isFifo",
  "isSocket",
] as const;
/** From here on a kind may be unknown. */
const FIRST_OPTIONAL_KIND = 3;
const NUMBERS = [
  "size",
  "dev",
  "ino",
  "mode",
  "nlink",
  "uid",
  "gid",
  "rdev",
  "blksize",
  "blocks",
] as const;
/** From here on a number may be unknown. */
const FIRST_OPTIONAL_NUMBER = 2;
const TIMES = ["mtime", "atime", "birthtime", "ctime"] as const;
/** The most milliseconds that a `Date` is away from 1970. */
const MAX_TIME = 8.64e15;

/**
 * What is known of a file: which of {@linkcode KINDS} it is (u16), which of those are unknown (u16), which of
 * the numbers and times are unknown (u32), and those.
 */
export function encodeStat(info: Deno.FileInfo): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(STAT_BYTES), view = new DataView(bytes.buffer);
  let kinds = 0, unknownKinds = 0, unknown = 0;
  for (const [bit, kind] of KINDS.entries()) {
    if (info[kind]) kinds |= 1 << bit;
    if (bit >= FIRST_OPTIONAL_KIND && info[kind] === null) unknownKinds |= 1 << bit;
  }
  const values = [
    ...NUMBERS.map((name) => info[name]),
    ...TIMES.map((name) => info[name]?.getTime() ?? null),
  ];
  for (const [bit, value] of values.entries()) {
    // An inode may have a number that is none here.
    const isKnown = Number.isSafeInteger(value) && (bit >= NUMBERS.length || value! >= 0);
    if (isKnown) view.setBigInt64(8 + 8 * bit, BigInt(value!), true);
    else if (bit >= FIRST_OPTIONAL_NUMBER) unknown |= 1 << bit;
  }
  view.setUint16(0, kinds, true);
  view.setUint16(2, unknownKinds, true);
  view.setUint32(4, unknown, true);
  return bytes;
}

/** Reads it again, or the rule that it breaks. */
export function decodeStat(body: Uint8Array): Deno.FileInfo | string {
  if (body.length !== STAT_BYTES) return "stat-size";
  const view = new DataView(body.buffer, body.byteOffset);
  const kinds = view.getUint16(0, true), unknownKinds = view.getUint16(2, true);
  const unknown = view.getUint32(4, true), info: Record<string, unknown> = {};
  if (
    kinds >= 1 << KINDS.length || unknownKinds >= 1 << KINDS.length ||
    unknownKinds % (1 << FIRST_OPTIONAL_KIND) !== 0 || (kinds & unknownKinds) !== 0
  ) return "stat-kinds";
  if (
    unknown >= 1 << (NUMBERS.length + TIMES.length) ||
    unknown % (1 << FIRST_OPTIONAL_NUMBER) !== 0
  ) return "stat-unknown";
  for (const [bit, kind] of KINDS.entries()) {
    info[kind] = (unknownKinds >> bit & 1) === 1 ? null : (kinds >> bit & 1) === 1;
  }
  for (const [bit, name] of [...NUMBERS, ...TIMES].entries()) {
    const value = readNumber(view, 8 + 8 * bit), isTime = bit >= NUMBERS.length;
    if (value === null) return "stat-number";
    if ((unknown >> bit & 1) === 1) {
      if (value !== 0) return "stat-unknown";
      info[name] = null;
    } else if (isTime ? Math.abs(value) > MAX_TIME : value < 0) return "stat-number";
    else info[name] = isTime ? new Date(value) : value;
  }
  return info as unknown as Deno.FileInfo;
}
