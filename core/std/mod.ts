/**
 * Types that most programs need: what `import "magen/std.magen"` brings to a `.magen` file, and to the code
 * that is generated from it.
 *
 * @module
 */
export * from "./std.magen.ts";
export { takeBytes } from "./big_buffer.ts";
export type { TakeBytesOptions } from "./big_buffer.ts";
