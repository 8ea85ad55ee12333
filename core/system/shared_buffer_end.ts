/**
 * The end of a handle on shared memory.
 *
 * @module
 */
import { Name } from "../names.ts";
import type { Node } from "../ports/node.ts";
import type { Port } from "../ports/port.ts";
import { HandleKind } from "./attachments.ts";
import { KeptEnd } from "./kept_end.ts";
import {
  MAX_SHARED_BUFFER_BYTES,
  type Region,
  type SharedBufferBacking,
} from "./region.ts";

/**
 * What a handle on shared memory gives a right to:
 *
 * - `writable`: to read and write, as the only handle there is. It can become one of the others, once.
 * - `read-only`: to read, and so does every duplicate.
 * - `unsafe`: to read and write, and so does every duplicate.
 *
 * Source: base::subtle::PlatformSharedMemoryRegion::Mode.
 */
export type SharedBufferMode = "writable" | "read-only" | "unsafe";

/** At their numbers on the wire. */
const MODES: readonly SharedBufferMode[] = ["writable", "read-only", "unsafe"];
const BACKINGS: readonly SharedBufferBacking[] = ["thread", "file", "memory"];

/** What of a handle goes along when it is sent. */
export interface SharedBufferState {
  /** The name of the memory. */
  readonly id: Name;
  /** Bytes. */
  readonly size: number;
  /** What it is made of. */
  readonly backing: SharedBufferBacking;
  /** What it gives a right to. */
  readonly mode: SharedBufferMode;
}

/** The number of a mode on the wire. */
export function modeNumber(mode: SharedBufferMode): number {
  return MODES.indexOf(mode) + 1;
}

/** The mode with that number. */
export function modeOf(number: number): SharedBufferMode | null {
  return MODES[number - 1] ?? null;
}

/** Reads the record of a handle. Returns the rule that it breaks. */
export function readSharedBuffer(view: DataView, at: number): SharedBufferState | string {
  const mode = modeOf(view.getUint8(at + 1)),
    backing = BACKINGS[view.getUint8(at + 2) - 1] ?? null;
  if (mode === null) return "shared-buffer-mode";
  if (backing === null) return "shared-buffer-backing";
  const reserved = view.getUint8(at + 3) | view.getInt32(at + 24) |
    view.getInt32(at + 28);
  if (reserved !== 0) return "shared-buffer-reserved";
  const size = view.getUint32(at + 4, true);
  if (size === 0 || size > MAX_SHARED_BUFFER_BYTES) return "shared-buffer-size";
  return { id: Name.read(view, at + 8), size, backing, mode };
}

/** The end behind a `SharedBuffer`: a pipe to whoever keeps the memory. */
export class SharedBufferEnd extends KeptEnd implements SharedBufferState {
  readonly id: Name;
  readonly size: number;
  readonly backing: SharedBufferBacking;
  mode: SharedBufferMode;
  /** The memory, where it is open here. */
  region: Region | null;

  /** Takes over `port`, and uses `region`. */
  constructor(node: Node, port: Port, state: SharedBufferState, region: Region | null) {
    super(node, port);
    this.id = state.id;
    this.size = state.size;
    this.backing = state.backing;
    this.mode = state.mode;
    this.region = region?.retain() ?? null;
  }

  override get noun(): string {
    return "shared buffer";
  }

  override describe(view: DataView, at: number): void {
    view.setUint8(at, HandleKind.SharedBuffer);
    view.setUint8(at + 1, modeNumber(this.mode));
    view.setUint8(at + 2, BACKINGS.indexOf(this.backing) + 1);
    view.setUint32(at + 4, this.size, true);
    this.id.write(view, at + 8);
  }

  override left(): void {
    super.left();
    this.region?.release();
    this.region = null;
  }
}
