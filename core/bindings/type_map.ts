/**
 * What stands between a type of TypeScript and the shape that it has on the wire.
 *
 * @module
 */

/** Turns values of TypeScript into what is sent, and back. What `[TypeMap]` names is one. */
export interface TypeMap<Value, Wire> {
  /**
   * What is sent for `value`.
   *
   * @throws {TypeError | RangeError} if it cannot be sent
   */
  toWire(value: Value): Wire;
  /**
   * The value that was sent as `wire`.
   *
   * @throws {TypeError | RangeError} if that is no honest way to send one; each value has only one
   */
  fromWire(wire: Wire): Value;
}
