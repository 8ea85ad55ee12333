/**
 * What somebody who holds a handle on a file, a connection or a listener and whoever keeps it say to each
 * other, over the pipe between them.
 *
 * ```text
 *   holder                                        keeper
 *     open: nonce, doors ------------------------->
 *     <------ open: nonce, left at door k, told ---   and nothing more; or
 *     <-- open: nonce, served, what to know ahead -   and then, over and over:
 *     read: 65536 -------------------------------->
 *     <------------------------------ read: bytes -   replies in the order of the requests
 *
 *   request | op u8 | arg u8 |        0  (6 bytes) | number i64 | body ...
 *   reply   | op u8 | outcome u8 | arg u8 | 0  (5) | number i64 | body ...
 *
 *   op        for       request                             reply, outcome 0
 *   Open      all       body: nonce, doors                  arg: door, body: nonce, told; or
 *                                                           number: see below, body: nonce, addresses
 *   Read      file      number: bytes                       body: bytes; arg 1: none, at the end
 *   Write     file      body: bytes                         number: how many
 *   Seek      file      arg: whence, number: offset         number: position
 *   Stat      file                                          body: see encodeStat
 *   Truncate  file      number: length
 *   Sync      file      arg: 1 without times
 *   Stream    file      arg: direction, 1 handle            at once
 *   Finish    f., conn  arg: direction                      once that has ended in good order
 *   Restrict  file      arg: rights that remain             (none)
 *   Accept    listener                                      1 handle
 *   Carry     conn      2 handles: producer, consumer       (none)
 *   Park      conn      arg: which, and those handles       (none)
 * ```
 *
 * The number in the reply to Open is, of a file, its rights; of a connection, which ends of data pipes come
 * along, 4 for that there are none yet. A nonce tells a new holder which reply is its own: what was asked
 * before it had the pipe is none of its business. Outcome 1 is a failure, with its class and text in the
 * body; outcome 2 a missing right, whose number is in arg. All numbers are little-endian, and below 2^53.
 *
 * TRUST: both sides take nothing here on trust. What breaks a rule costs whoever said it the pipe.
 *
 * @module
 */
import { RemoteError } from "../../core/errors.ts";
import type { PlatformHandleType } from "../../core/system/platform_handle.ts";
import { ALL_RIGHTS, RIGHTS } from "./rights.ts";

/** What is asked. */
export const Op = {
  Open: 1,
  Read: 2,
  Write: 3,
  Seek: 4,
  Stat: 5,
  Truncate: 6,
  Sync: 7,
  Stream: 8,
  Finish: 9,
  Restrict: 10,
  Accept: 11,
  Carry: 12,
  Park: 13,
} as const;

/** What came of it. */
export const Outcome = { Done: 0, Failed: 1, Missing: 2 } as const;

/** The directions of a stream, as seen by the holder; and the bits of the ends of data pipes. */
export const Direction = { In: 0, Out: 1 } as const;
/** In the reply to Open: which ends come along. */
export const Ends = { In: 1, Out: 2, None: 4 } as const;

/** Bytes before the body. */
export const HEAD_BYTES = 16;
/** Bytes of the nonce that begins the body of Open, and of the reply to it. */
export const NONCE_BYTES = 16;
/** The most bytes of a file that one message brings. */
export const MAX_PIECE_BYTES: number = 256 * 1024;
const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
/** Bytes of a door. */
export const DOOR_BYTES = 17;
const MAX_DOORS_BYTES = 8 * DOOR_BYTES;
const MAX_TOLD_BYTES = 256;
const MAX_TEXT_BYTES = 512;
const ADDRESS_HEAD_BYTES = 12;
const MAX_ADDRESSES_BYTES = 2 * (ADDRESS_HEAD_BYTES + MAX_TEXT_BYTES);
const STAT_BYTES = 8 + 14 * 8;

type Range = readonly [number, number];
/** What is in order, of a request or of a reply. */
interface Shape {
  readonly arg: number;
  readonly number: Range;
  readonly body: Range;
  readonly handles: Range;
}
interface Row {
  readonly types: readonly PlatformHandleType[];
  readonly request: Shape;
  readonly reply: Shape;
}

const ZERO: Range = [0, 0];
function shape(given: Partial<Shape> = {}): Shape {
  return { arg: 0, number: ZERO, body: ZERO, handles: ZERO, ...given };
}
function row(types: string, request: Shape = shape(), reply: Shape = shape()): Row {
  return { types: types.split(" ") as PlatformHandleType[], request, reply };
}

const ROWS: readonly (Row | undefined)[] = (() => {
  const rows: Row[] = [];
  const one: Range = [1, 1], nonce = NONCE_BYTES;
  rows[Op.Open] = row(
    "file conn listener",
    shape({ body: [nonce, nonce + MAX_DOORS_BYTES] }),
    shape({
      arg: 255,
      number: [0, ALL_RIGHTS],
      body: [nonce, nonce + Math.max(MAX_TOLD_BYTES, MAX_ADDRESSES_BYTES)],
      handles: [0, 2],
    }),
  );
  rows[Op.Read] = row(
    "file",
    shape({ number: [1, MAX_PIECE_BYTES] }),
    shape({ arg: 1, body: [0, MAX_PIECE_BYTES] }),
  );
  rows[Op.Write] = row(
    "file",
    shape({ body: [1, MAX_PIECE_BYTES] }),
    shape({ number: [1, MAX_PIECE_BYTES] }),
  );
  rows[Op.Seek] = row(
    "file",
    shape({ arg: 2, number: [-MAX_NUMBER, MAX_NUMBER] }),
    shape({ number: [0, MAX_NUMBER] }),
  );
  rows[Op.Stat] = row("file", shape(), shape({ body: [STAT_BYTES, STAT_BYTES] }));
  rows[Op.Truncate] = row("file", shape({ number: [0, MAX_NUMBER] }));
  rows[Op.Sync] = row("file", shape({ arg: 1 }));
  rows[Op.Stream] = row("file", shape({ arg: 1, handles: one }));
  rows[Op.Finish] = row("file conn", shape({ arg: 1 }));
  rows[Op.Restrict] = row("file", shape({ arg: ALL_RIGHTS }));
  rows[Op.Accept] = row("listener", shape(), shape({ handles: one }));
  rows[Op.Carry] = row("conn", shape({ handles: [2, 2] }));
  rows[Op.Park] = row("conn", shape({ arg: 3, handles: [0, 2] }));
  return rows;
})();

/** What a holder asks. */
export interface Request {
  /** One of {@linkcode Op}. */
  readonly op: number;
  /** See the picture. */
  readonly arg: number;
  /** See the picture. */
  readonly number: number;
  /** See the picture. Lent until the next message. */
  readonly body: Uint8Array;
}

/** What the keeper answers. */
export interface Reply extends Request {
  /** One of {@linkcode Outcome}. */
  readonly outcome: number;
}

/** Writes the head of a request into the first bytes of `bytes`, whose body is there already. */
export function writeRequest(
  bytes: Uint8Array<ArrayBuffer>,
  op: number,
  arg: number = 0,
  number: number = 0,
): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  bytes.fill(0, 0, 8);
  bytes[0] = op;
  bytes[1] = arg;
  if (number === 0) bytes.fill(0, 8, HEAD_BYTES);
  else view.setBigInt64(8, BigInt(number), true);
  return bytes;
}

/** Reads a request about something of the type `type`, or the rule that it breaks. */
export function readRequest(
  bytes: Uint8Array,
  handles: number,
  type: PlatformHandleType,
): Request | string {
  if (bytes.length < HEAD_BYTES) return "request-size";
  const row = ROWS[bytes[0]!];
  if (row === undefined || !row.types.includes(type)) return "request-op";
  for (let at = 2; at < 8; at++) if (bytes[at] !== 0) return "request-reserved";
  const found = readParts(bytes, bytes[1]!, handles, row.request);
  if (typeof found === "string") return `request-${found}`;
  const { op, arg, body } = found;
  if (op === Op.Open && (body.length - NONCE_BYTES) % DOOR_BYTES !== 0) {
    return "request-doors";
  }
  if (op === Op.Park && handles !== (arg & 1) + (arg >> 1)) return "request-handles";
  return found;
}

/** Writes the head of a reply into the first bytes of `bytes`, whose body is there already. */
export function writeReply(
  bytes: Uint8Array<ArrayBuffer>,
  op: number,
  outcome: number,
  arg: number = 0,
  number: number = 0,
): Uint8Array<ArrayBuffer> {
  writeRequest(bytes, op, outcome, number);
  bytes[2] = arg;
  return bytes;
}

/** Reads the reply to a request, which was about `most` bytes; or the rule that it breaks. */
export function readReply(
  bytes: Uint8Array,
  handles: number,
  op: number,
  most: number,
): Reply | string {
  if (bytes.length < HEAD_BYTES) return "reply-size";
  if (bytes[0] !== op) return "reply-op";
  for (let at = 3; at < 8; at++) if (bytes[at] !== 0) return "reply-reserved";
  const outcome = bytes[1]!, head = op === Op.Open ? NONCE_BYTES : 0;
  const expected = outcome === Outcome.Done
    ? ROWS[op]!.reply
    : outcome === Outcome.Failed
    ? shape({ body: [head + 1, head + 1 + 255 + MAX_TEXT_BYTES] })
    : outcome === Outcome.Missing
    ? shape({ arg: RIGHTS.length - 1, body: [head, head] })
    : null;
  if (expected === null) return "reply-outcome";
  const found = readParts(bytes, bytes[2]!, handles, expected);
  if (typeof found === "string") return `reply-${found}`;
  if (outcome === Outcome.Done) {
    const { arg, number, body } = found;
    if (op === Op.Read && (body.length > most || (body.length === 0) !== (arg === 1))) {
      return "reply-body";
    }
    if (op === Op.Write && number > most) return "reply-number";
    if (op === Op.Open && arg !== 0 && (number !== 0 || handles > 0)) {
      return "reply-number";
    }
  }
  return { ...found, outcome };
}

function readParts(
  bytes: Uint8Array,
  arg: number,
  handles: number,
  expected: Shape,
): Request | string {
  if (arg > expected.arg) return "arg";
  const number = readNumber(new DataView(bytes.buffer, bytes.byteOffset), 8);
  if (number === null || !isWithin(number, expected.number)) return "number";
  const body = bytes.subarray(HEAD_BYTES);
  if (!isWithin(body.length, expected.body)) return "body";
  if (!isWithin(handles, expected.handles)) return "handles";
  return { op: bytes[0]!, arg, number, body };
}

function isWithin(value: number, [least, most]: Range): boolean {
  return value >= least && value <= most;
}

/** A number of 64 bits with its sign; `null` when it is none below 2^53. */
function readNumber(view: DataView, at: number): number | null {
  const number = view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  return Number.isSafeInteger(number) ? number : null;
}

// ------------------------------------------------------------------ what a file is

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

// ------------------------------------------------------------------ addresses

const TRANSPORTS = ["tcp", "udp", "unix", "unixpacket", "vsock"] as const;
const UNIX = 2, VSOCK = 4;

/**
 * Addresses, one after the other: transport (u8), whether there is a text (u8), its bytes (u16), port (u32),
 * cid (u32), text. The text is a host, or a path, which a socket without a name has not.
 */
export function encodeAddresses(
  addresses: readonly Deno.Addr[],
): Uint8Array<ArrayBuffer> {
  const parts = addresses.map((address) => {
    const transport = TRANSPORTS.indexOf(address.transport as "tcp");
    if (transport < 0) {
      throw new Deno.errors.NotSupported("An address of this transport is not served");
    }
    const { hostname, path, port = 0, cid = 0 } = address as {
      hostname?: string;
      path?: string | null;
      port?: number;
      cid?: number;
    };
    const text = encodeText(hostname ?? path ?? "");
    const bytes = new Uint8Array(ADDRESS_HEAD_BYTES + text.length);
    const view = new DataView(bytes.buffer);
    bytes[0] = transport;
    bytes[1] = typeof (hostname ?? path) === "string" ? 1 : 0;
    view.setUint16(2, text.length, true);
    view.setUint32(4, port, true);
    view.setUint32(8, cid, true);
    bytes.set(text, ADDRESS_HEAD_BYTES);
    return bytes;
  });
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Reads `count` addresses, or the rule that they break. */
export function decodeAddresses(body: Uint8Array, count: number): Deno.Addr[] | string {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const found: Deno.Addr[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (body.length - at < ADDRESS_HEAD_BYTES) return "address-size";
    const kind = body[at]!, hasText = body[at + 1]!, transport = TRANSPORTS[kind];
    const length = view.getUint16(at + 2, true), port = view.getUint32(at + 4, true);
    const cid = view.getUint32(at + 8, true), end = at + ADDRESS_HEAD_BYTES + length;
    if (transport === undefined || hasText > 1) return "address-transport";
    if (length > MAX_TEXT_BYTES || end > body.length) return "address-size";
    const text = decodeText(body.subarray(at + ADDRESS_HEAD_BYTES, end));
    if (text === null) return "address-text";
    const isPath = kind >= UNIX && kind < VSOCK, isHost = kind < UNIX;
    if (
      (isHost && (hasText === 0 || port > 0xffff)) || (!isHost && isPath && port !== 0) ||
      (kind !== VSOCK && cid !== 0) || (kind === VSOCK && hasText === 1) ||
      (hasText === 0 && length > 0)
    ) return "address-parts";
    found.push(
      isHost
        ? { transport, hostname: text, port } as Deno.NetAddr
        : isPath
        ? { transport, path: hasText === 1 ? text : null } as unknown as Deno.UnixAddr
        : { transport, cid, port } as Deno.VsockAddr,
    );
    at = end;
  }
  return at === body.length ? found : "address-size";
}

// ------------------------------------------------------------------ failures

/** Words of an operating system, which name its own number of the error. */
const SYSTEM_TEXT = /\(os error \d+\)$/;

/**
 * Why the keeper could not do it: the name of its class (u8 bytes) if it is one of Deno's own, and its text.
 *
 * TRUST: the text is the keeper's own affair, so that of a class of Deno's goes along when there is no path
 * in it, and of any other only the words of the operating system.
 */
export function encodeFailure(error: unknown): Uint8Array<ArrayBuffer> {
  const { name, message } = error instanceof Error ? error : { name: "", message: "" };
  const kind = denoError(name),
    known = kind !== null && error instanceof kind ? name : "";
  const isTold = typeof message === "string" && message.length <= 256 &&
    !/[/\\]/.test(message) && (known !== "" || SYSTEM_TEXT.test(message));
  const text = encodeText(isTold ? message : ""), word = encodeText(known);
  const bytes = new Uint8Array(1 + word.length + text.length);
  bytes[0] = word.length;
  bytes.set(word, 1);
  bytes.set(text, 1 + word.length);
  return bytes;
}

/** The error that it makes here, or the rule that it breaks. */
export function decodeFailure(body: Uint8Array): Error | string {
  const length = body[0];
  if (length === undefined || 1 + length > body.length) return "failure-size";
  const name = decodeText(body.subarray(1, 1 + length));
  const text = decodeText(body.subarray(1 + length));
  if (name === null || text === null || body.length - 1 - length > MAX_TEXT_BYTES) {
    return "failure-text";
  }
  const kind = denoError(name);
  if (kind === null && name !== "") return "failure-class";
  return kind === null
    ? new RemoteError(text || "The keeper failed, and does not tell why")
    : new kind(text || `The keeper does not tell more than: ${name}`);
}

/** The class of Deno's own errors with that name. */
function denoError(name: unknown): (new (message: string) => Error) | null {
  // TRUST: `constructor` and its like are no names of errors.
  if (typeof name !== "string" || !Object.hasOwn(Deno.errors, name)) return null;
  return Deno.errors[name as keyof typeof Deno.errors];
}

function encodeText(text: string): Uint8Array<ArrayBuffer> {
  const into = new Uint8Array(MAX_TEXT_BYTES);
  // What does not fit is left out, whole characters.
  return into.subarray(0, new TextEncoder().encodeInto(text, into).written);
}

function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
