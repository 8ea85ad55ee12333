/**
 * What an endpoint adds behind the data of a message, for the endpoint at the other end: of what kind the
 * handles are that came with it, or a word between the two that no reader sees.
 *
 * ```text
 *   data | body | type u8, 0 u8, count u16
 * ```
 *
 * A message without a trailer has message pipes attached and nothing else, which is nearly always so.
 * Ports do not look at any of this. What does not fit is the doing of whoever wrote the message, and costs
 * it the pipe.
 *
 * @module
 */
import type { Encoder } from "./encoder.ts";
import { readSeq, writeSeq } from "./event.ts";

/** The kinds of trailers. */
export const TrailerType: {
  readonly Handles: 1;
  readonly ReadInterval: 2;
  readonly ReadCount: 3;
} = { Handles: 1, ReadInterval: 2, ReadCount: 3 };

/** Bytes of the word at the end of a trailer. */
const WORD_BYTES = 4;
/** Bytes of what is told about one handle: its kind, and 31 bytes that are the kind's own. */
export const RECORD_BYTES = 32;
/** Bytes of the body of a word between two endpoints. */
const CONTROL_BYTES = 16;
/** Counts stay below this, where adding to them is exact. */
const MAX_COUNT = 2 ** 52;

/** A trailer whose size is right. */
export interface Trailer {
  /** One of {@linkcode TrailerType}. */
  readonly type: number;
  /** Handles: how many. */
  readonly count: number;
  /** Where its body starts, and the data of the message ends. */
  readonly at: number;
}

/** Finds the trailer of the payload from `start` to `end`. Returns the rule that is broken, if it has none. */
export function findTrailer(
  view: DataView,
  start: number,
  end: number,
): Trailer | string {
  if (end - start < WORD_BYTES) return "trailer-size";
  const type = view.getUint8(end - WORD_BYTES), count = view.getUint16(end - 2, true);
  if (view.getUint8(end - 3) !== 0) return "trailer-reserved";
  if (type === TrailerType.Handles) {
    const at = end - WORD_BYTES - count * RECORD_BYTES;
    return at < start ? "trailer-size" : { type, count, at };
  }
  if (type !== TrailerType.ReadInterval && type !== TrailerType.ReadCount) {
    return "trailer-type";
  }
  const at = end - WORD_BYTES - CONTROL_BYTES;
  return at !== start || count !== 0 ? "trailer-size" : { type, count, at };
}

/** Ends the open message with the word of a trailer whose body is written. */
export function closeTrailer(out: Encoder, type: number, count: number): void {
  out.need(WORD_BYTES);
  out.view.setUint32(out.at, type | count << 16, true);
  out.at += WORD_BYTES;
}

/** A word between two endpoints. */
export interface Control {
  /** Which question it is, or answers. */
  readonly id: number;
  /** ReadInterval: after how many messages to tell, 0 for never. ReadCount: 0. */
  readonly interval: number;
  /** How many were read since the question; ReadInterval: by those who were asked it before. */
  readonly count: number;
}

/** Appends a control word to the open message, which is to have nothing else. */
export function writeControl(out: Encoder, type: number, control: Control): void {
  out.need(CONTROL_BYTES);
  out.view.setUint32(out.at, control.id, true);
  out.view.setUint32(out.at + 4, control.interval, true);
  writeSeq(out.view, out.at + 8, control.count);
  out.at += CONTROL_BYTES;
  closeTrailer(out, type, 0);
}

/** Reads a control word. Returns the rule that its numbers break, if they do. */
export function readControl(view: DataView, { type, at }: Trailer): Control | string {
  const id = view.getUint32(at, true), interval = view.getUint32(at + 4, true);
  const count = readSeq(view, at + 8);
  if (type === TrailerType.ReadCount && interval !== 0) return "control-reserved";
  return count > MAX_COUNT ? "control-number" : { id, interval, count };
}
