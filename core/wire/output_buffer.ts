/**
 * A growing buffer that frames are written to, straight, without an object or a copy per message.
 *
 * One message is encoded at a time. Until it is committed it can be rolled back, so an argument of the
 * wrong type leaves no trace. Whoever writes the buffer out takes it whole and leaves a spare.
 *
 * @module
 */
import { LimitError } from "../errors.ts";

/** A buffer up to this is kept for the next turn, a larger one only while it is needed. */
const SPARE_BYTES = 256 * 1024;
const MAX_SPARE_BYTES = 8 * 1024 * 1024;
const nothing = () => {};

/** Holds what is written. */
export class OutputBuffer {
  /** The buffer. Replaced when it grows or is taken: never keep it across a call. */
  bytes: Uint8Array<ArrayBuffer>;
  /** A view of the same buffer. */
  view: DataView<ArrayBuffer>;
  /** Where the next byte goes. */
  at = 0;
  /** Where the open message starts; without one, the end of what is committed. */
  start = 0;
  /** Whether a message is being encoded. */
  open = false;
  /** What is attached to the open message, in the order of its indices. */
  handles: object[] = [];
  /** Called when a message was rolled back. */
  onCancel: () => void = nothing;
  /** What one frame may come to: the smaller of our limit and the neighbor's. */
  maxFrameBytes: number;
  #spare: Uint8Array<ArrayBuffer> | null = null;

  /** Makes an empty one. */
  constructor(maxFrameBytes: number, initialBytes = 4096) {
    this.maxFrameBytes = maxFrameBytes;
    this.bytes = new Uint8Array(initialBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `count` more bytes. */
  need(count: number): void {
    if (this.at + count > this.bytes.length) this.#grow(count);
  }

  #grow(count: number): void {
    if (this.open && this.at - this.start + count > this.maxFrameBytes * 4) {
      // A string is given room for three bytes a unit before its real size is known; beyond four
      // times the limit no message can come out small enough.
      throw new LimitError(
        "maxFrameBytes",
        this.maxFrameBytes,
        this.at - this.start + count,
      );
    }
    let size = this.bytes.length;
    while (size < this.at + count) size *= 2;
    const bytes = new Uint8Array(size);
    bytes.set(this.bytes.subarray(0, this.at));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  /** Takes everything committed and leaves an empty buffer. Not while a message is open. */
  take(): Uint8Array<ArrayBuffer> {
    const full = this.bytes.subarray(0, this.at);
    this.bytes = this.#spare ?? new Uint8Array(65_536);
    this.#spare = null;
    this.view = new DataView(this.bytes.buffer);
    this.at = this.start = 0;
    return full;
  }

  /** Forgets everything committed: it was read where it is. A buffer that grew large is let go. */
  rewind(): void {
    this.at = this.start = 0;
    if (this.bytes.length <= SPARE_BYTES) return;
    this.bytes = new Uint8Array(4096);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Gives back a buffer that was taken, once nobody reads it any more. */
  recycle(taken: Uint8Array<ArrayBuffer>): void {
    const size = taken.buffer.byteLength;
    // Fresh memory costs more than what is written to it.
    if (size <= SPARE_BYTES || (size <= MAX_SPARE_BYTES && taken.length > size / 8)) {
      this.#spare = new Uint8Array(taken.buffer);
    }
  }

  /** Opens a frame and leaves `headBytes` for its head. */
  begin(headBytes: number): void {
    if (this.open) {
      // A getter or a proxy among the arguments of the first message tried to send the second.
      throw new Error("Cannot send a message while another one is being encoded");
    }
    this.open = true;
    this.start = this.at;
    // Setting a length, even to what it is, leaves compiled code.
    if (this.handles.length > 0) this.handles.length = 0;
    this.need(headBytes);
    this.at += headBytes;
  }

  /** Rolls the open message back, whatever state it is in. Returns `error`, to be thrown. */
  cancel(error: unknown): unknown {
    this.at = this.start;
    if (this.at === 0) this.rewind();
    this.open = false;
    this.handles.length = 0;
    this.onCancel();
    return error;
  }

  /** Pads to a multiple of 8 with zeros: what the buffer held before must not leak. */
  pad(): void {
    const at = this.at, end = (at + 7) & ~7;
    if (at === end) return;
    this.need(8);
    this.view.setUint32(at, 0, true);
    this.view.setUint32(at + 4, 0, true);
    this.at = end;
  }
}
