/**
 * What carries frames between two nodes: an ordered, reliable stream of bytes with two ends.
 *
 * A transport knows nothing of frames' contents. Whoever drives it keeps one `read` and one `write`
 * under way at most, and reads whatever is written, so that two sides which flood each other never
 * lock up.
 *
 * @module
 */

/** One end of a stream of bytes. */
export interface Transport {
  /**
   * Reads at least one byte into `into` and resolves to how many, or to `null` when the other side
   * has ended. Borrows `into` until then. Rejects when the stream broke.
   */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null>;
  /**
   * Writes some of `bytes` and resolves to how many, at least one. Short writes are the rule. Borrows
   * `bytes` until then. Rejects when nothing can be written any more.
   */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Ends both directions. What was written before still arrives. Closing twice does nothing. */
  close(): void;
}
