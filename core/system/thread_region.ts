/**
 * A `SharedArrayBuffer` as shared memory.
 *
 * @module
 */
import type { Name } from "../names.ts";
import { MemoryMapping, Region } from "./region.ts";

/** Memory of this process. */
export class ThreadRegion extends Region {
  readonly backing = "thread";
  /** The memory. */
  readonly memory: SharedArrayBuffer;

  /** Wraps `memory`, of which `size` bytes count. */
  constructor(id: Name, memory: SharedArrayBuffer, size: number = memory.byteLength) {
    super(id, size);
    // TRUST: whoever sent it may have sent anything.
    if (memory.byteLength < size) throw new TypeError("it has too few bytes");
    this.memory = memory;
  }

  override map(offset: number, length: number, readOnly: boolean): MemoryMapping {
    return new MemoryMapping(
      this,
      new Uint8Array(this.memory, offset, length),
      readOnly,
    );
  }

  protected override close(): void {}
}
