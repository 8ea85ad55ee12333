// Generated from imported.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import type { Decoder, Encoder } from "@mage/ipc/generated-v1";

/** The struct `Shared`. */
export interface Shared {
  /** `int32 a` */
  a: number;
}

/**
 * What fields of {@linkcode Shared} are by default, to start from: `{ ...SharedDefaults }`.
 */
export const SharedDefaults: { readonly a: number } = {
  a: 7,
};

/**
 * Reads {@linkcode Shared}.
 *
 * @internal
 */
export function $readShared(r: Decoder, label: string | number): Shared {
  const at = r.openInner(label, 4);
  const a = r.i32At(at);
  r.closeInner();
  return { a };
}

/**
 * Writes {@linkcode Shared}.
 *
 * @internal
 */
export function $writeShared(w: Encoder, value: Shared, label: string | number): void {
  w.object(value, "Shared", label);
  const { a } = value;
  const aSent: number = a === undefined ? 7 : a;
  const at = w.openInner(label, 4);
  w.i32At(at, aSent, "a");
  w.closeInner(at);
}
