/**
 * The producer of a data pipe, as people hold it.
 *
 * @module
 */
import { type IpcError, MisuseError } from "../errors.ts";
import { HandleKind, registerKind } from "./attachments.ts";
import { readState } from "./data_pipe.ts";
import { writableOf } from "./data_pipe_writable.ts";
import { Handle, heldEnd, takeEnd } from "./handle.ts";
import { settleNotifications } from "./notifications.ts";
import { ProducerEnd } from "./producer_end.ts";

/** The largest region of a two-phase write for which nothing else was asked, in bytes. */
const REGION_BYTES = 64 * 1024;

/** Nothing can be written: yet, or ever again, and then why. */
export type NothingWritten =
  | { readonly result: "SHOULD_WAIT" }
  | { readonly result: "FAILED_PRECONDITION"; readonly reason: IpcError };

/**
 * What {@linkcode DataPipeProducer.write} came to: so many bytes were written; there is no room; there is
 * too little for all of them; or nobody will ever read them.
 */
export type DataWriteResult =
  | { readonly result: "OK"; readonly bytes: number }
  | { readonly result: "OUT_OF_RANGE" }
  | NothingWritten;

/** What {@linkcode DataPipeProducer.beginWrite} came to. */
export type BeginWriteResult =
  | { readonly result: "OK"; readonly data: Uint8Array<ArrayBuffer> }
  | NothingWritten;

/**
 * The end of a data pipe that bytes are written to. It has one owner: once it is closed, sent, or taken
 * over by its stream, this object is spent, and using it is an error.
 *
 * What is written and not read never exceeds the capacity, wherever the consumer is. `Signal.WRITABLE` tells
 * that there is room.
 */
export class DataPipeProducer extends Handle {
  static {
    registerKind(HandleKind.DataPipeProducer, (node, port, view, at) => {
      const state = readState(view, at);
      if (typeof state === "string") return state;
      if (state.head > 0 || state.isAborted) return "data-pipe-reserved";
      return new DataPipeProducer(new ProducerEnd(node, port, state));
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
   * Writes a copy of `data`, whole elements, or as much of it as there is room for; with `allOrNone` all of
   * it, or nothing. `OK` does not mean that it will be read.
   *
   * ```ts
   * import { createDataPipe } from "@mage/ipc";
   *
   * const [producer, consumer] = createDataPipe({ capacity: 4 });
   * console.log(producer.write(new Uint8Array(6))); // { result: "OK", bytes: 4 }
   * console.log(producer.write(new Uint8Array(2))); // { result: "SHOULD_WAIT" }
   * producer.close();
   * consumer.close();
   * ```
   *
   * Source: MojoWriteData.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if this end cannot be used or `data` is not whole elements,
   * `BUSY` in the middle of a two-phase write
   * @throws {LimitError} if one element is larger than a frame may be
   */
  write(
    data: Uint8Array,
    options: { readonly allOrNone?: boolean } = {},
  ): DataWriteResult {
    const end = held(this, "write to");
    end.checkIdle("write to");
    const reason = end.endReason;
    if (reason !== null) return { result: "FAILED_PRECONDITION", reason };
    end.checkBytes(data, "write to");
    const { length } = data, { room } = end;
    if (length === 0) return { result: "OK", bytes: 0 };
    if (options.allOrNone && length > room) return { result: "OUT_OF_RANGE" };
    if (room === 0) return { result: "SHOULD_WAIT" };
    const bytes = Math.min(length, room);
    end.send(bytes === length ? data : data.subarray(0, bytes));
    settleNotifications();
    return { result: "OK", bytes };
  }

  /**
   * Begins a two-phase write: lends a region to fill, of what room there is, but `bytes` at most,
   * whole elements. Default: 64 KiB, or one element. Until {@linkcode endWrite} this end can be closed,
   * but not sent or used in another way.
   *
   * Source: MojoBeginWriteData.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if this end cannot be used or `bytes` is not whole elements,
   * at least one, `BUSY` in the middle of a two-phase write
   */
  beginWrite(bytes?: number): BeginWriteResult {
    const end = held(this, "write to");
    end.checkIdle("write to");
    const reason = end.endReason;
    if (reason !== null) return { result: "FAILED_PRECONDITION", reason };
    const { elementSize, room } = end;
    const most = bytes ??
      Math.max(REGION_BYTES - REGION_BYTES % elementSize, elementSize);
    end.checkElements(most, "write to");
    if (most === 0) {
      throw new MisuseError(
        "INVALID_ARGUMENT",
        "Cannot write to data pipe producer: a region of 0 bytes holds nothing",
      );
    }
    if (room === 0) return { result: "SHOULD_WAIT" };
    const data = end.region = end.lend(Math.min(most, room));
    end.notify();
    settleNotifications();
    return { result: "OK", data };
  }

  /**
   * Ends a two-phase write: the first `bytes` of the region are written. That nobody reads them any more is
   * no error here.
   *
   * Source: MojoEndWriteData.
   *
   * @throws {MisuseError} `FAILED_PRECONDITION` if none was begun; `INVALID_ARGUMENT` if `bytes` is more
   * than the region or not whole elements: then nothing is written, and the two-phase write is over
   */
  endWrite(bytes: number): void {
    const end = held(this, "write to"), { region } = end;
    if (region === null) throw end.notBegun("end a write to");
    end.region = null;
    try {
      end.checkRegion(bytes, region, "write to");
      if (end.port.nextNode !== null) end.send(region.subarray(0, bytes));
    } finally {
      end.notify();
      settleNotifications();
    }
  }

  /**
   * Closes this end, and tells the other one that what it has not read is worth nothing. Its reads fail with
   * a `PipeClosedError` as soon as that arrives, which is behind the data.
   */
  abort(): void {
    held(this, "abort").abort();
    this.close();
  }

  /**
   * A stream that writes here, and is what holds this end from now on: this object is spent. The stream
   * waits while there is no room. Closing it closes the end, aborting it aborts. It errors with the reason
   * as soon as the consumer is closed or lost.
   */
  get writable(): WritableStream<Uint8Array> {
    return writableOf(takeEnd(this, "stream") as ProducerEnd);
  }
}

function held(producer: DataPipeProducer, what: string): ProducerEnd {
  return heldEnd(producer, what) as ProducerEnd;
}
