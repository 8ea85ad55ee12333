/**
 * The numbers of wire 1, which `docs/wire.md` describes.
 *
 * @module
 */

/** A string longer than this is stored alone, so that it neither pins the bundle nor is pinned by it. */
export const LONG_STRING_UNITS = 1024;
/** Marks a length word whose string is stored alone; the rest of the word counts its bytes. */
export const LONG_STRING_BIT = 0x80000000;
/** Items of arrays and maps in one message: packed bits must not unfold without bound. */
export const MAX_ITEMS = 1_048_576;
/** Bytes of the head of a message: wire version, flags, handle count, method, request, string offset. */
export const MESSAGE_HEAD_BYTES = 16;
/** The version of the layout of values. */
export const WIRE_VERSION = 1;
/** The flags of a message. */
export const MessageFlag: {
  readonly ExpectsReply: 1;
  readonly Reply: 2;
  readonly Error: 4;
} = { ExpectsReply: 1, Reply: 2, Error: 4 };
