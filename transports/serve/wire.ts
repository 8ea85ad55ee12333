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
import type { PlatformHandleType } from "../../core/system/platform_handle.ts";
import { MAX_ADDRESSES_BYTES } from "./addresses.ts";
import { ALL_RIGHTS, RIGHTS } from "./rights.ts";
import { STAT_BYTES } from "./stat.ts";
import { MAX_TEXT_BYTES, readNumber } from "./values.ts";

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
