/**
 * One direction of a link: from a node's output to the other node's reader, in pieces of any size.
 *
 * @module
 */
import { LIMITS } from "../../core/limits.ts";
import type { Link } from "../../core/ports/link.ts";
import { FrameReader } from "../../core/wire/frame.ts";
import type { Random } from "./random.ts";

const SPARE_BYTES = 1024;

/** Bytes on their way. */
export class Lane {
  readonly from: number;
  readonly to: number;
  /** The link as the writing node sees it. */
  readonly output: Link;
  /** The link as the reading node sees it. */
  readonly input: Link;
  /** The other direction. */
  back!: Lane;
  readonly reader: FrameReader;
  readonly wire: Uint8Array[] = [];
  /** What a hostile node makes of the frames its node wrote. */
  tamper: ((frames: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) | null = null;
  /** Nothing more gets on the wire, and its end is seen after what is on it. */
  cut = false;
  /** Nothing more is read from it. */
  ended = false;
  /** The writing node does not write yet, and reads nothing that comes back. */
  held = true;
  /** It came of an introduction. */
  introduced = false;
  /** Nothing is read from it for a while. */
  stalled = false;
  #taken: Uint8Array<ArrayBuffer> | null = null;
  #rest: Uint8Array | null = null;

  /** Makes a lane between two nodes. */
  constructor(from: number, to: number, output: Link, input: Link, chunkBytes: number) {
    this.from = from;
    this.to = to;
    this.output = output;
    this.input = input;
    this.reader = new FrameReader(LIMITS.tiny.maxFrameBytes, chunkBytes);
    // Else the first that is taken makes room for what a whole world of this size never writes.
    output.output.recycle(new Uint8Array(SPARE_BYTES));
  }

  /** Whether nothing will come of it by itself. */
  get idle(): boolean {
    return this.wire.length === 0 && this.#rest === null && (!this.cut || this.ended);
  }

  /** Whether what is put on the wire now starts with a new frame. */
  get whole(): boolean {
    return this.#rest === null;
  }

  /** Whether anything can be read from it now: bytes, or its end. */
  get readable(): boolean {
    return !this.ended && !this.stalled && !this.back.held &&
      (this.wire.length > 0 || this.cut);
  }

  /** Puts at most so many bytes of what waits on the wire. Returns whether anything waited. */
  write(most: number): boolean {
    if (this.held) return false;
    if (this.#rest === null) {
      this.#taken = this.output.take();
      if (this.#taken === null) return false;
      // The buffer is written to again as soon as all of it is on the wire.
      this.#rest = this.tamper?.(this.#taken) ?? this.#taken.slice();
    }
    const rest = this.#rest, count = Math.min(most, rest.length);
    if (!this.cut && count > 0) {
      this.wire.push(count === rest.length ? rest : rest.subarray(0, count));
    }
    if (count < rest.length) {
      this.#rest = rest.subarray(count);
      return true;
    }
    const taken = this.#taken!;
    this.#taken = this.#rest = null;
    this.output.written(taken);
    return true;
  }

  /** Moves at most so many bytes from the wire into the reader. Returns how many. */
  read(most: number): number {
    const first = this.wire[0];
    if (first === undefined) return 0;
    const space = this.reader.space();
    const count = Math.min(first.length, space.length, most);
    if (count === first.length) {
      space.set(first);
      this.wire.shift();
    } else {
      for (let i = 0; i < count; i++) space[i] = first[i]!;
      this.wire[0] = first.subarray(count);
    }
    this.reader.filled(count);
    return count;
  }

  /** Nothing more gets on it; what is under way arrives in part. Returns whether anything is lost. */
  sever(random: Random): boolean {
    this.cut = true;
    const keep = random.below(this.wire.length + 1), loses = keep < this.wire.length;
    if (loses && random.oneIn(2)) {
      const last = this.wire[keep]!;
      this.wire[keep] = last.subarray(0, 1 + random.below(last.length));
      this.wire.length = keep + 1;
    } else this.wire.length = keep;
    return loses;
  }

  /** Nothing more is read from it. */
  end(): void {
    this.ended = this.cut = true;
    this.wire.length = 0;
  }
}
