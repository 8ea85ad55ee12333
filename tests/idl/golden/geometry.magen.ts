// Generated from geometry.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import type { Decoder, Encoder } from "@mage/ipc/generated-v1";

/** A place in a picture, in pixels from its upper left corner. */
export interface Point {
  /** `int32 x` */
  x: number;
  /** `int32 y` */
  y: number;
}

/**
 * What fields of {@linkcode Point} are by default, to start from: `{ ...PointDefaults }`.
 */
export const PointDefaults: { readonly x: number; readonly y: number } = {
  x: 0,
  y: 0,
};

/**
 * Reads {@linkcode Point}.
 *
 * @internal
 */
export function $readPoint(r: Decoder, label: string | number): Point {
  const at = r.openInner(label, 8);
  const x = r.i32At(at);
  const y = r.i32At(at + 4);
  r.closeInner();
  return { x, y };
}

/**
 * Writes {@linkcode Point}.
 *
 * @internal
 */
export function $writePoint(w: Encoder, value: Point, label: string | number): void {
  w.object(value, "Point", label);
  const { x, y } = value;
  const xSent: number = x === undefined ? 0 : x;
  const ySent: number = y === undefined ? 0 : y;
  const at = w.openInner(label, 8);
  w.i32At(at, xSent, "x");
  w.i32At(at + 4, ySent, "y");
  w.closeInner(at);
}

/** A part of a picture. */
export interface Rectangle {
  /** `Point corner` */
  corner: Point;
  /** `uint32 width` */
  width: number;
  /** `uint32 height` */
  height: number;
}

/**
 * Reads {@linkcode Rectangle}.
 *
 * @internal
 */
export function $readRectangle(r: Decoder, label: string | number): Rectangle {
  const at = r.openInner(label, 8);
  const width = r.u32At(at);
  r.range(width, -Infinity, 65536, "width");
  const height = r.u32At(at + 4);
  r.range(height, -Infinity, 65536, "height");
  const corner = $readPoint(r, "corner");
  r.closeInner();
  return { corner, width, height };
}

/**
 * Writes {@linkcode Rectangle}.
 *
 * @internal
 */
export function $writeRectangle(w: Encoder, value: Rectangle, label: string | number): void {
  w.object(value, "Rectangle", label);
  const { corner, width, height } = value;
  const at = w.openInner(label, 8);
  w.u32At(at, width, "width");
  w.range(width, -Infinity, 65536, "width");
  w.u32At(at + 4, height, "height");
  w.range(height, -Infinity, 65536, "height");
  $writePoint(w, corner, "corner");
  w.closeInner(at);
}

/** How a picture has to be turned to stand upright. */
export const Turn = {
  None: 0,
  Right: 1,
  UpsideDown: 2,
  Left: 3,
} as const;

/** A value of {@linkcode Turn}. */
export type Turn = (typeof Turn)[keyof typeof Turn];

/**
 * Reads {@linkcode Turn}.
 *
 * @internal
 */
export function $readTurn(r: Decoder, label: string | number): Turn {
  const value = r.i32();
  if (value < 0 || value > 3) r.fail("enum", label);
  return value as Turn;
}

/**
 * Writes {@linkcode Turn}.
 *
 * @internal
 */
export function $writeTurn(w: Encoder, value: Turn, label: string | number): void {
  w.i32(value, label);
  if (value < 0 || value > 3) throw w.unknown("Turn", value, label);
}

/** An angle in degrees. */
export type Angle = number;
