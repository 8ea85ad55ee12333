/**
 * Changes of the core that nothing can notice, so that none is counted as missed.
 *
 * Each is a place in a file, given by what stands there, with the reason. A place is what was looked at, not
 * a line: when the code changes, the entry finds nothing any more, and a test says so.
 *
 * @module
 */
import type { Mutation } from "./mutation.ts";

/** A place where changes make no difference. */
export interface Equivalent {
  /** The file, from the root of the project. */
  readonly file: string;
  /** What stands there, once in the file. */
  readonly code: string;
  /** The kinds of changes; all of them when not given. */
  readonly kinds?: readonly string[];
  /** Why nothing can notice. */
  readonly reason: string;
}

const READER = "core/wire/message_reader.ts", ASCII = "core/wire/ascii.ts";
const MESSAGE = "core/wire/message_buffer.ts", ENCODER = "core/wire/encoder.ts";
const OUTPUT = "core/wire/output_buffer.ts";
const FRAME = "core/wire/frame.ts", QUEUE = "core/ports/message_queue.ts";
const SIZE = "how much memory is taken at a time, which no result depends on";
const FIRST = "a first value that is always replaced before it is read";
const FAST = "a short cut: the long way has the same result";
const FLIP = ["comparison flipped"];
const EARLY = ["comparison flipped", "condition dropped"];

/** Where they are. */
export const EQUIVALENT: readonly Equivalent[] = [
  { file: OUTPUT, code: "initialBytes = 4096", reason: SIZE },
  { file: OUTPUT, code: "new Uint8Array(65_536)", reason: SIZE },
  { file: OUTPUT, code: "new Uint8Array(4096)", reason: SIZE },
  {
    file: OUTPUT,
    code: "this.at + count > this.bytes.length",
    kinds: FLIP,
    reason: SIZE,
  },
  { file: OUTPUT, code: "size < this.at + count", reason: SIZE },
  { file: OUTPUT, code: "size *= 2", reason: SIZE },
  { file: OUTPUT, code: "this.handles.length > 0", kinds: EARLY, reason: FAST },
  { file: MESSAGE, code: "#body = 0;\n", reason: FIRST },
  { file: MESSAGE, code: "length <= LOOP_UNITS", reason: FAST },
  { file: ENCODER, code: "#items = 0;\n\n", reason: FIRST },
  { file: READER, code: "PINNED_UNITS = 4096", reason: SIZE },
  { file: READER, code: "method = 0", reason: FIRST },
  { file: READER, code: "flagBits = 0", reason: FIRST },
  { file: READER, code: "request = 0", reason: FIRST },
  { file: READER, code: "limit = 0;\n", reason: FIRST },
  { file: READER, code: "#stringsAt = 0;\n", reason: FIRST },
  { file: READER, code: "#cursor = 0;\n  #handle = 0;\n", reason: FIRST },
  { file: READER, code: "to - from <= LOOP_BYTES", reason: FAST },
  { file: ASCII, code: "i + 16 <= to", reason: FAST },
  { file: ASCII, code: "i + 4 <= to", reason: FAST },
  {
    file: ASCII,
    code: "(a | b | c | d | e | f | g | h | j | k | l | m | n | o | p | q) > 0x7f",
    kinds: EARLY,
    reason: FAST,
  },
  { file: ASCII, code: "(a | b | c | d) > 0x7f", kinds: EARLY, reason: FAST },
  { file: ASCII, code: "a > 0x7f", kinds: EARLY, reason: FAST },
  {
    file: FRAME,
    code: "this.#next > 0",
    kinds: [...FLIP, "constant off by one"],
    reason: "it is a multiple of 8, and moving a frame to where it is changes nothing",
  },
  { file: FRAME, code: "CHUNK_BYTES = 256 * 1024", reason: SIZE },
  { file: FRAME, code: "MIN_READ_BYTES = 64 * 1024", reason: SIZE },
  { file: QUEUE, code: "FIRST_CHUNK_BYTES = 1024", reason: SIZE },
  { file: QUEUE, code: "LAST_CHUNK_BYTES = 64 * 1024", reason: SIZE },
  { file: QUEUE, code: "OWN_BUFFER_BYTES = 16 * 1024", reason: SIZE },
  { file: QUEUE, code: "Math.min(chunk.length * 2, LAST_CHUNK_BYTES)", reason: SIZE },
  { file: QUEUE, code: "size < length", reason: SIZE },
  { file: QUEUE, code: "size *= 2", reason: SIZE },
  { file: QUEUE, code: "length <= 64", reason: FAST },
  { file: "core/ports/port.ts", code: "spent = 0;\n", reason: FIRST },
  { file: "core/ports/port.ts", code: "needed = 0;\n  /**", reason: FIRST },
  { file: "core/ports/port.ts", code: "wanted = 0;\n  /**", reason: FIRST },
  {
    file: "core/ports/router.ts",
    code: "ports.length > 0 && contain(port, ports)",
    kinds: FLIP,
    reason: "without endpoints there is nothing to contain, nor to drop",
  },
  {
    file: "core/ports/router.ts",
    code: 'this.#inHopEnded(port, "closed");\n      return;',
    kinds: ["return dropped"],
    reason: "what follows is about parked events, and those went with the hop",
  },
  {
    file: "core/ports/outflow.ts",
    code: "port.unsent !== null",
    kinds: ["condition dropped"],
    reason: "a tail with nothing to send ends the hop with the number the port would use",
  },
  {
    file: "core/ports/neighbors.ts",
    code: "new Name(0, 0, 0, 0)",
    reason:
      "a name for all there is no way to: nothing is sent there, nor compared with it",
  },
  {
    file: "core/ports/broker.ts",
    code: "return link === this.host ? this.#toHost : this.#toGuest",
    reason: "two accounts of one kind: which is which only has to be the same each time",
  },
  {
    file: "core/ports/membership.ts",
    code:
      "this.#say(NodeFrameType.Drop, name);\n      return null;\n    }\n    const link",
    kinds: ["return dropped"],
    reason: "there is no second link to a node that was lost, and so nobody who waits",
  },
];

/** Whether no entry is about the change, of the file with that text. */
export function isNoticeable(mutation: Mutation, source: string): boolean {
  return !EQUIVALENT.some((entry) => covers(entry, mutation, source));
}

/** Whether an entry is about a change of the file with that text. */
export function covers(
  { file, code, kinds }: Equivalent,
  mutation: Mutation,
  source: string,
): boolean {
  if (mutation.file !== file || kinds?.includes(mutation.kind) === false) return false;
  const at = source.indexOf(code);
  // What is dropped with a check is its condition.
  if (mutation.kind === "check dropped") {
    return source.startsWith(`if (${code})`, mutation.start);
  }
  return at >= 0 && mutation.start >= at && mutation.end <= at + code.length;
}
