/** Bytes to be read as those of a standard input. @module */

/** Reads all of what is asked for from `input`, or nothing. */
export function reader(input: Uint8Array): {
  at: number;
  read(into: Uint8Array): boolean;
} {
  return {
    at: 0,
    read(into) {
      if (this.at + into.length > input.length) return false;
      into.set(input.subarray(this.at, this.at += into.length));
      return true;
    },
  };
}
