/** A point, as programs have it. @module */

/** A point. */
export interface Point {
  /** From the left, and from the top. */
  readonly at: readonly [x: number, y: number];
}

/** Between the two. */
export const Point: {
  toWire(point: Point): { x: number; y: number };
  fromWire(wire: { x: number; y: number }): Point;
} = {
  toWire: ({ at: [x, y] }) => ({ x, y }),
  fromWire: ({ x, y }) => ({ at: [x, y] }),
};
