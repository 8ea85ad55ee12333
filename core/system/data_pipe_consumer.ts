/**
 * The consumer of a data pipe, as people hold it.
 *
 * @module
 */
import { HandleKind, registerKind } from "./attachments.ts";
import { ConsumerEnd } from "./consumer_end.ts";
import { readState } from "./data_pipe.ts";
import { readableOf } from "./data_pipe_readable.ts";
import { Handle, heldEnd, takeEnd } from "./handle.ts";
import type { NothingToRead } from "./message_pipe.ts";
import { settleNotifications } from "./notifications.ts";

/**
 * What {@linkcode DataPipeConsumer.read} came to: so many bytes; none; or, with `allOrNone`, too few so far.
 */
export type DataReadResult =
  | { readonly result: "OK"; readonly bytes: number }
  | { readonly result: "OUT_OF_RANGE" }
  | NothingToRead;

/** What {@linkcode DataPipeConsumer.beginRead} came to. */
export type BeginReadResult =
  | { readonly result: "OK"; readonly data: Uint8Array<ArrayBuffer> }
  | NothingToRead;

/** Options of {@linkcode DataPipeConsumer.read}. */
export interface DataReadOptions {
  /** Whether to read nothing unless all that was asked for is there. Default false. */
  readonly allOrNone?: boolean;
  /** Whether what is read stays there, to be read again. Default false. */
  readonly peek?: boolean;
}

/**
 * The end of a data pipe that bytes are read from. It has one owner: once it is closed, sent, or taken over
 * by its stream, this object is spent, and using it is an error.
 *
 * What was written before the producer was closed, or before the way to it was lost, can still be read.
 * `Signal.READABLE` tells that there is something to read, `Signal.NEW_DATA_READABLE` that there is more
 * than at the last attempt to read anything.
 */
export class DataPipeConsumer extends Handle {
  static {
    registerKind(HandleKind.DataPipeConsumer, (node, port, view, at) => {
      const state = readState(view, at);
      if (typeof state === "string") return state;
      return new DataPipeConsumer(new ConsumerEnd(node, port, state));
    });
  }

  /** Bytes of an element. */
  get elementSize(): number {
    return held(this, "ask").elementSize;
  }

  /** Bytes that may be written ahead of what is read. */
  get capacity(): number {
    return held(this, "ask").capacity;
  }

  /**
   * Fills `into`, whole elements, or the beginning of it, with what is there.
   *
   * ```ts
   * import { createDataPipe } from "@mage/ipc";
   *
   * const [producer, consumer] = createDataPipe();
   * producer.write(new TextEncoder().encode("hello"));
   * const into = new Uint8Array(16), read = consumer.read(into);
   * if (read.result === "OK") {
   *   console.log(new TextDecoder().decode(into.subarray(0, read.bytes))); // hello
   * }
   * producer.close();
   * consumer.close();
   * ```
   *
   * With `allOrNone`, `OUT_OF_RANGE` tells that less is there so far; once the producer is closed that is
   * `FAILED_PRECONDITION`, and less can still be read.
   *
   * Source: MojoReadData.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if this end cannot be used or `into` is not whole elements,
   * `BUSY` in the middle of a two-phase read
   */
  read(into: Uint8Array, options: DataReadOptions = {}): DataReadResult {
    const end = lookAt(this);
    end.checkBytes(into, "read from");
    const found = find(end, into.length, options.allOrNone);
    if (typeof found === "number") {
      end.copy(into.subarray(0, found));
      if (!options.peek) end.consume(found);
    }
    return settled(found);
  }

  /**
   * How many bytes can be read now.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if this end cannot be used, `BUSY` in the middle of a two-phase
   * read
   */
  query(): number {
    const { available } = lookAt(this);
    settleNotifications();
    return available;
  }

  /**
   * Takes up to `bytes`, whole elements, out of the pipe, unread.
   *
   * @throws {MisuseError} as {@linkcode read}
   */
  discard(
    bytes: number,
    options: { readonly allOrNone?: boolean } = {},
  ): DataReadResult {
    const end = lookAt(this);
    end.checkElements(bytes, "read from");
    const found = find(end, bytes, options.allOrNone);
    if (typeof found === "number") end.consume(found);
    return settled(found);
  }

  /**
   * Begins a two-phase read: lends a region of what is there, where it lies, at least one element and not
   * always all of it. Whatever comes, it stays as it is until {@linkcode endRead}. Until then this end can be
   * closed, but not sent or used in another way.
   *
   * Source: MojoBeginReadData.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if this end cannot be used, `BUSY` in the middle of a two-phase
   * read
   */
  beginRead(): BeginReadResult {
    const end = lookAt(this), found = find(end, Infinity);
    if (typeof found !== "number") {
      settleNotifications();
      return found as NothingToRead;
    }
    const data = end.region = end.first();
    end.notify();
    settleNotifications();
    return { result: "OK", data };
  }

  /**
   * Ends a two-phase read: the first `bytes` of the region are taken out of the pipe.
   *
   * Source: MojoEndReadData.
   *
   * @throws {MisuseError} `FAILED_PRECONDITION` if none was begun; `INVALID_ARGUMENT` if `bytes` is more
   * than the region or not whole elements: then nothing is taken out, and the two-phase read is over
   */
  endRead(bytes: number): void {
    const end = held(this, "read from"), { region } = end;
    if (region === null) throw end.notBegun("end a read from");
    end.endRegion();
    try {
      end.checkRegion(bytes, region, "read from");
      // What the producer aborted, or what came with nonsense behind it, is gone by now.
      if (end.available > 0) end.consume(bytes);
    } finally {
      settleNotifications();
    }
  }

  /**
   * A stream of what is read here, which is what holds this end from now on: this object is spent. Its
   * chunks are of any size, and owned by whoever reads them; a reader may bring its own buffer. It ends when
   * the producer is closed, and errors, behind what came before, when the producer aborts or is lost.
   * Cancelling it closes the end.
   *
   * ```ts
   * import { createDataPipe } from "@mage/ipc";
   *
   * const [producer, consumer] = createDataPipe();
   * producer.write(new TextEncoder().encode("hello"));
   * producer.close();
   * for await (const chunk of consumer.readable) console.log(chunk.length); // 5
   * ```
   */
  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return readableOf(takeEnd(this, "stream") as ConsumerEnd);
  }
}

function held(consumer: DataPipeConsumer, what: string): ConsumerEnd {
  return heldEnd(consumer, what) as ConsumerEnd;
}

/** The end, for an attempt to read. */
function lookAt(consumer: DataPipeConsumer): ConsumerEnd {
  const end = held(consumer, "read from");
  end.look();
  end.checkIdle("read from");
  return end;
}

type NotFound = Exclude<DataReadResult, { result: "OK" }>;

/** How many bytes there are of those that are asked for. */
function find(end: ConsumerEnd, asked: number, allOrNone = false): number | NotFound {
  const { available, endReason: reason } = end;
  if (available > 0 && (available >= asked || !allOrNone)) {
    return Math.min(available, asked);
  }
  if (reason !== null) return { result: "FAILED_PRECONDITION", reason };
  return { result: allOrNone && available < asked ? "OUT_OF_RANGE" : "SHOULD_WAIT" };
}

function settled(found: number | NotFound): DataReadResult {
  settleNotifications();
  return typeof found === "number" ? { result: "OK", bytes: found } : found;
}
