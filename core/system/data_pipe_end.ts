/**
 * What both ends of a data pipe have.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import type { Node } from "../ports/node.ts";
import type { Port } from "../ports/port.ts";
import { type DataPipeState, writeState } from "./data_pipe.ts";
import { End } from "./end.ts";

/** One end of a data pipe. */
export abstract class DataPipeEnd extends End implements DataPipeState {
  /** Bytes of an element. */
  readonly elementSize: number;
  /** Bytes that may be written ahead of what is read. */
  readonly capacity: number;
  /** Bytes consumed, as far as the producer was told. */
  told: number;
  /** Producer: bytes written. Consumer: bytes consumed. */
  total: number;
  /** Consumer: how much of the message that is first is read. */
  head: number;
  /** Consumer: whether the producer gave up. */
  isAborted: boolean;

  /** Takes over `port`. */
  constructor(node: Node, port: Port, state: DataPipeState) {
    super(node, port);
    this.elementSize = state.elementSize;
    this.capacity = state.capacity;
    this.told = state.told;
    this.total = state.total;
    this.head = state.head;
    this.isAborted = state.isAborted;
  }

  /** Its number on the wire. */
  abstract readonly kind: number;

  override describe(view: DataView, at: number): void {
    writeState(view, at, this.kind, this);
  }

  /** Checks that so many bytes are a whole number of elements. `what` is for the error. */
  checkElements(bytes: number, what: string): void {
    if (Number.isSafeInteger(bytes) && bytes >= 0 && bytes % this.elementSize === 0) {
      return;
    }
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot ${what} ${this.noun}: bytes must be a multiple of ${this.elementSize}: received ${bytes}`,
    );
  }

  /** Checks that no two-phase operation is under way. */
  checkIdle(what: string): void {
    const { busy } = this;
    if (busy === null) return;
    throw new MisuseError("BUSY", `Cannot ${what} ${this.noun}: ${busy}`);
  }

  /** The error for ending what was not begun. */
  notBegun(what: string): MisuseError {
    return new MisuseError(
      "FAILED_PRECONDITION",
      `Cannot ${what} ${this.noun}: nothing was begun`,
    );
  }

  /** Checks how much of a two-phase operation's region is meant. */
  checkRegion(bytes: number, region: Uint8Array, what: string): void {
    this.checkElements(bytes, what);
    if (bytes <= region.length) return;
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot ${what} ${this.noun}: the region has ${region.length} bytes: received ${bytes}`,
    );
  }

  /** Checks what is to be read into or written from. */
  checkBytes(bytes: unknown, what: string): void {
    if (bytes instanceof Uint8Array) return this.checkElements(bytes.length, what);
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot ${what} ${this.noun}: bytes must be in a Uint8Array`,
    );
  }
}
