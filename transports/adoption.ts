/**
 * What becomes of a descriptor, or of what `node:net` has of one, that was given to this process.
 *
 * @module
 */
import { HELD } from "./belongings.ts";
import { NodeConn } from "./node_conn.ts";
import { NodeFile } from "./node_file.ts";
import { adoptDescriptor, type RawHandle, RawKind } from "./node_handle.ts";
import { NodeListener } from "./node_listener.ts";
import type { Native } from "./serve/native.ts";

/** What this process was started with that it has taken: each can be taken once. */
const TAKEN = new Set<number>();

/** Takes over a descriptor that this process was started with. `told` is what is known of a file. */
export async function adoptBorn(
  descriptor: number,
  kind: number,
  told: Uint8Array,
): Promise<Native> {
  if (TAKEN.has(descriptor)) throw new TypeError("it was taken already");
  const position = kind === HELD.file ? readPosition(told) : null;
  if (position === null && (told.length > 0 || !isSocket(kind))) {
    throw new TypeError("it is something else");
  }
  // ORDER: at once, so that nobody else takes it meanwhile. Once closed, the number may be another's.
  TAKEN.add(descriptor);
  return position === null
    ? adopted(await adoptDescriptor(descriptor, rawKind(kind)), kind)
    : new NodeFile(descriptor, position);
}

/** Takes over what `node:net` has of a socket. */
export function adopted(raw: RawHandle, kind: number): NodeConn | NodeListener {
  return kind === HELD.conn ? new NodeConn(raw) : new NodeListener(raw);
}

/** For what a handle on one of that kind has to be. */
export function rawKind(kind: number): number {
  return kind === HELD.listener ? RawKind.Listener : RawKind.Socket;
}

/** Whether that is the kind of a socket. */
export function isSocket(kind: number | undefined): kind is number {
  return kind === HELD.conn || kind === HELD.listener;
}

/** Where a file stands, for who takes it. */
export function writePosition(position: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(position), true);
  return bytes;
}

function readPosition(told: Uint8Array): number {
  const view = new DataView(told.buffer, told.byteOffset, told.length);
  const position = told.length === 8 ? Number(view.getBigUint64(0, true)) : -1;
  if (position < 0 || !Number.isSafeInteger(position)) {
    throw new TypeError("its position makes no sense");
  }
  return position;
}
