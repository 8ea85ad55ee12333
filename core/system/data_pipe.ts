/**
 * What the two ends of a data pipe agree on, and how it travels with them.
 *
 * A data pipe is one route. Towards the consumer go bytes, cut into messages wherever it suits the
 * producer; towards the producer goes how much was consumed in all. What was written and is not known to
 * be consumed is never more than the capacity. A message without bytes says that the producer gives up.
 *
 * ```text
 *   producer                                       consumer
 *   total: bytes written   -- bytes, any number -> queue, of whose first message `head` bytes are read
 *   told: bytes consumed,  <- u64 told ----------- total: bytes consumed, told: those it has told of
 *   as far as it knows
 * ```
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import { readSeq, writeSeq } from "../wire/event.ts";

/** The capacity of a data pipe when none is given, in bytes, unless the size of an element asks for another. */
const DEFAULT_CAPACITY = 65_536;
/** The most bytes that a data pipe may be made to hold: 1 GiB. */
export const MAX_DATA_PIPE_CAPACITY: number = 1024 * 1024 * 1024;

/** Options of {@linkcode createDataPipe}. */
export interface DataPipeOptions {
  /** Bytes of an element: what is read and written is a whole number of those. Default 1. */
  readonly elementSize?: number;
  /**
   * Bytes that may be written ahead of what is read, a multiple of `elementSize`, 1 GiB at most. It is not
   * memory that is taken: what nobody writes costs nothing. Default, also when 0: 64 KiB, or the multiple
   * below; one element, if that is larger.
   */
  readonly capacity?: number;
}

/** One end of a data pipe, as far as it goes along when it is sent. */
export interface DataPipeState {
  /** Bytes of an element. */
  readonly elementSize: number;
  /** Bytes that may be written ahead of what is read. */
  readonly capacity: number;
  /** Consumer: how much of the message that is first is read. */
  readonly head: number;
  /** Consumer: whether the producer gave up. */
  readonly isAborted: boolean;
  /** Bytes consumed, as far as the producer was told. */
  readonly told: number;
  /** Producer: bytes written. Consumer: bytes consumed. */
  readonly total: number;
}

/**
 * The state of the ends of a new pipe.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if the options make no sense, `RESOURCE_EXHAUSTED` if they ask
 * for too much
 */
export function initialState(options: DataPipeOptions = {}): DataPipeState {
  const { elementSize = 1, capacity: asked = 0 } = options;
  const refuse = (rule: string, received: unknown) =>
    new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot create data pipe: ${rule}: received ${received}`,
    );
  if (!Number.isSafeInteger(elementSize) || elementSize < 1) {
    throw refuse("'elementSize' must be a whole number above 0", elementSize);
  }
  const elements = Math.max(1, Math.floor(DEFAULT_CAPACITY / elementSize));
  const capacity = asked === 0 ? elements * elementSize : asked;
  if (!Number.isSafeInteger(capacity) || capacity < elementSize) {
    throw refuse("'capacity' must be a whole number, and hold an element", capacity);
  }
  if (capacity % elementSize !== 0) {
    throw refuse(`'capacity' must be a multiple of ${elementSize}`, capacity);
  }
  if (capacity > MAX_DATA_PIPE_CAPACITY) {
    throw new MisuseError(
      "RESOURCE_EXHAUSTED",
      `Cannot create data pipe: a capacity is ${MAX_DATA_PIPE_CAPACITY} bytes at most: received ${capacity}`,
    );
  }
  return { elementSize, capacity, head: 0, isAborted: false, told: 0, total: 0 };
}

/** Writes the record of an end of the kind `kind`. */
export function writeState(
  view: DataView,
  at: number,
  kind: number,
  state: DataPipeState,
): void {
  view.setUint8(at, kind);
  view.setUint8(at + 1, state.isAborted ? 1 : 0);
  view.setUint32(at + 4, state.elementSize, true);
  view.setUint32(at + 8, state.capacity, true);
  view.setUint32(at + 12, state.head, true);
  writeSeq(view, at + 16, state.told);
  writeSeq(view, at + 24, state.total);
}

/** Reads the record of an end. Returns the rule that it breaks. */
export function readState(view: DataView, at: number): DataPipeState | string {
  const aborted = view.getUint8(at + 1);
  if (aborted > 1 || view.getUint16(at + 2, true) !== 0) return "data-pipe-reserved";
  const elementSize = view.getUint32(at + 4, true),
    capacity = view.getUint32(at + 8, true),
    head = view.getUint32(at + 12, true);
  // TRUST: no element is of no bytes, so that what is a multiple can be asked.
  if (
    elementSize === 0 || capacity < elementSize || capacity > MAX_DATA_PIPE_CAPACITY ||
    capacity % elementSize !== 0
  ) return "data-pipe-capacity";
  const told = readSeq(view, at + 16), total = readSeq(view, at + 24);
  if (
    total >= 2 ** 52 || told > total || total > told + capacity ||
    told % elementSize !== 0 || total % elementSize !== 0
  ) return "data-pipe-totals";
  if (head > total || head % elementSize !== 0) return "data-pipe-head";
  return { elementSize, capacity, head, isAborted: aborted === 1, told, total };
}
