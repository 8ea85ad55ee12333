// `@std/assert` by its own name. The code is the standard library's own, from the copy that the npm
// registry carries, so that it resolves also where JSR cannot be reached; the copy has no types.
// @ts-self-types="./assert.d.ts"
export * from "npm:deno-std@1.4.0/assert/mod.js";
